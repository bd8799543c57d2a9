/* SPDX-License-Identifier: MIT */
#include "access/rules.h"

#include <criterion/criterion.h>
#include <string.h>

static struct access_address address(const char *text)
{
    struct access_address out = {0};
    cr_assert(access_address_parse(text, &out), "%s", text);
    return out;
}

static bool in_range(const char *range, const char *text)
{
    struct access_range r;
    struct access_address a = address(text);
    cr_assert_eq(access_range_parse(range, &r, NULL), IMS_OK, "%s", range);
    return access_range_has(&r, &a);
}

Test(patterns, match_as_shells_do)
{
    static const struct {
        const char *pattern, *name;
        bool matches;
    } cases[] = {
        {"*", "lab", true},          {"*", "", true},
        {"lab", "lab", true},        {"lab", "lab2", false},
        {"lab*", "lab2", true},      {"lab*", "la", false},
        {"*-cam", "door-cam", true}, {"*-cam", "door-came", false},
        {"?ab", "lab", true},        {"?ab", "ab", false},
        {"a*b*c", "aXbYc", true},    {"a*b*c", "aXbY", false},
        {"*a*a*a*", "aXa", false},   {"**", "x", true},
        {"Lab", "lab", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_assert_eq(access_pattern_matches(cases[i].pattern, cases[i].name),
                     cases[i].matches, "%s %s", cases[i].pattern, cases[i].name);
}

Test(patterns, of_many_stars_take_no_time_out_of_proportion)
{
    char pattern[65], name[65];
    for (int i = 0; i < 64; i++) {
        pattern[i] = i % 2 ? 'a' : '*';
        name[i] = i == 63 ? 'b' : 'a';
    }
    pattern[64] = name[64] = 0;
    cr_assert_not(access_pattern_matches(pattern, name));
}

Test(ranges, hold_addresses_of_both_families)
{
    cr_assert(in_range("192.168.1.0/24", "192.168.1.77"));
    cr_assert_not(in_range("192.168.1.0/24", "192.168.2.1"));
    cr_assert(in_range("10.1.2.3", "10.1.2.3"));
    cr_assert_not(in_range("10.1.2.3", "10.1.2.4"));
    cr_assert(in_range("0.0.0.0/0", "8.8.8.8"));
    cr_assert_not(in_range("0.0.0.0/0", "2001:db8::1"));
    cr_assert(in_range("2001:db8::/33", "2001:db8:7fff::1"));
    cr_assert_not(in_range("2001:db8::/33", "2001:db8:8000::1"));
    cr_assert(in_range("::1", "::1"));
    cr_assert(in_range("127.0.0.0/8", "::ffff:127.0.0.1"));
    cr_assert(in_range("fe80::/10", "fe80::1%eth0"));
}

Test(ranges, hold_no_unix_socket)
{
    struct access_range r;
    const struct access_address none = {0};
    cr_assert_eq(access_range_parse("::/0", &r, NULL), IMS_OK);
    cr_assert_not(access_range_has(&r, &none));
}

Test(ranges, are_refused_when_they_are_none)
{
    static const char *const bad[] = {
        "",           "10.0.0.0/33", "10.0.0/8", "::/129",      "10.0.0.1/",
        "10.0.0.1/x", "10.0.0.1/-1", "lab",      "10.0.0.1/8x", "fe80::1%eth0",
        "10.0.0.1/ 8"};
    struct access_range r;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_eq(access_range_parse(bad[i], &r, NULL), IMS_ERR_INVALID, "%s", bad[i]);
}

static const char file[] =
    "{\"version\": 1, \"link_key\": \"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8\","
    "\"principals\": ["
    "{\"kind\": \"token\", \"name\": \"press\", \"sha256\": "
    "\"QVx5boBTlFX1-D3eHJHBB6ee8OYgHV2OPbV2bV83hrE\", \"expires_s\": 1000,"
    " \"grants\": [{\"rights\": [\"push\"], \"streams\": \"p-*\", \"from\": "
    "[\"10.0.0.0/8\"]},"
    "              {\"rights\": [\"view\", \"control\"], \"streams\": \"lab\"}]},"
    "{\"kind\": \"peer\", \"name\": \"local\", \"uid\": 1000,"
    " \"grants\": [{\"rights\": [\"admin\"], \"streams\": \"*\"}]}]}";

static struct access_rules parsed(const char *text)
{
    struct access_rules rules;
    struct ims_error err = {0};
    cr_assert_eq(access_rules_parse(text, strlen(text), &rules, &err), IMS_OK, "%s",
                 err.text);
    return rules;
}

Test(rules, give_a_right_on_a_stream_from_a_place_and_nothing_else)
{
    struct access_rules rules = parsed(file);
    const struct access_principal *p = access_rules_named(&rules, ACCESS_TOKEN, "press");
    struct access_address lab = address("10.1.1.1"), away = address("11.1.1.1");
    cr_assert_not_null(p);
    cr_assert(access_may(p, &lab, RIGHT_PUSH, "p-1"));
    cr_assert_not(access_may(p, &away, RIGHT_PUSH, "p-1"));
    cr_assert_not(access_may(p, &lab, RIGHT_PUSH, "lab"));
    cr_assert_not(access_may(p, &lab, RIGHT_VIEW, "p-1"));
    cr_assert(access_may(p, &away, RIGHT_VIEW, "lab"));
    cr_assert(access_may(p, &away, RIGHT_CONTROL, NULL));
    cr_assert_not(access_may(p, &away, RIGHT_RECORD, NULL));
    access_rules_finish(&rules);
}

Test(rules, let_an_admin_do_everything)
{
    struct access_rules rules = parsed(file);
    const struct access_principal *p = access_rules_peer(&rules, 1000);
    const struct access_address none = {0};
    for (int right = RIGHT_VIEW; right <= RIGHT_ADMIN; right++)
        cr_assert(access_may(p, &none, (enum right)right, "x"));
    cr_assert_null(access_rules_peer(&rules, 1001));
    access_rules_finish(&rules);
}

Test(rules, are_read_back_as_they_were_written)
{
    struct access_rules rules = parsed(file), again;
    struct ims_bytes first = {0}, second = {0};
    access_rules_write(&rules, &first);
    cr_assert_eq(access_rules_parse((char *)first.data, first.size, &again, NULL),
                 IMS_OK);
    access_rules_write(&again, &second);
    cr_assert_eq(first.size, second.size);
    cr_assert_eq(memcmp(first.data, second.data, first.size), 0);
    ims_bytes_finish(&first);
    ims_bytes_finish(&second);
    access_rules_finish(&rules);
    access_rules_finish(&again);
}

Test(rules, of_an_empty_file_are_none)
{
    struct access_rules rules = parsed("");
    cr_assert_eq(rules.count, 0);
    rules = parsed(" \n");
    cr_assert_eq(rules.count, 0);
    rules = parsed("{\"version\": 1}");
    cr_assert_eq(rules.count, 0);
}

#define ONE(rest)                                                                        \
    "{\"version\":1,\"principals\":[{\"kind\":\"anyone\",\"name\":\"a\"" rest "}]}"
#define GRANT(g) ONE(",\"grants\":[{" g "}]")

Test(rules, that_are_wrong_are_refused_and_say_where)
{
    static const struct {
        const char *text, *word;
    } cases[] = {
        {"{", ""},
        {"[]", "version"},
        {"{\"version\":2}", "version"},
        {"{\"version\":1,\"principal\":[]}", "principal: there is no such key"},
        {"{\"version\":1,\"principals\":{}}", "list"},
        {"{\"version\":1,\"principals\":[1]}", "principals[0]"},
        {"{\"version\":1,\"principals\":[{\"kind\":\"god\"}]}", "principals[0].kind"},
        {"{\"version\":1,\"link_key\":\"short\"}", "link_key"},
        {ONE(""), "principals[0].grants"},
        {ONE(",\"sha256\":\"x\",\"grants\":[]"), "principals[0].sha256"},
        {ONE(",\"expires_s\":0,\"grants\":[]"), "expires_s"},
        {GRANT("\"streams\":\"*\""), "grants[0].rights"},
        {GRANT("\"rights\":[],\"streams\":\"*\""), "rights"},
        {GRANT("\"rights\":[\"veiw\"],\"streams\":\"*\""), "rights"},
        {GRANT("\"rights\":[\"none\"],\"streams\":\"*\""), "rights"},
        {GRANT("\"rights\":[\"view\"]"), "streams"},
        {GRANT("\"rights\":[\"view\"],\"streams\":\"a/b\""), "streams"},
        {GRANT("\"rights\":[\"view\"],\"streams\":\"*\",\"from\":[]"), "from"},
        {GRANT("\"rights\":[\"view\"],\"streams\":\"*\",\"from\":[\"x\"]"), "from"},
        {GRANT("\"rights\":[\"view\"],\"streams\":\"*\",\"form\":[\"10.0.0.1\"]"),
         "form"},
        {"{\"version\":1,\"principals\":[{\"kind\":\"user\",\"name\":\"u\",\"password\":"
         "\"plain\",\"grants\":[]}]}",
         "password"},
        {"{\"version\":1,\"principals\":[{\"kind\":\"anyone\",\"name\":\"a\",\"grants\":["
         "]},"
         "{\"kind\":\"anyone\",\"name\":\"a\",\"grants\":[]}]}",
         "principals[1].name: there are two"},
        {"{\"version\":1,\"principals\":[{\"kind\":\"anyone\",\"name\":\"a "
         "b\",\"grants\":[]}]}",
         "name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct access_rules rules = {.count = 77};
        struct ims_error err = {0};
        cr_assert_neq(
            access_rules_parse(cases[i].text, strlen(cases[i].text), &rules, &err),
            IMS_OK, "%s", cases[i].text);
        cr_assert_eq(rules.count, 77, "the output is touched");
        cr_assert_not_null(strstr(err.text, cases[i].word), "%s: %s", cases[i].text,
                           err.text);
    }
}
