/* SPDX-License-Identifier: MIT */
#include "access/gate.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char path[64], token[SECRET_TOKEN_ROOM];
static uv_loop_t loop;
static struct gate *gate;
static struct access_rules rules;
static struct access_caller who;
static int told;

static struct access_principal *add(enum access_kind kind, const char *name,
                                    unsigned rights, const char *streams)
{
    struct access_principal *p;
    cr_assert_eq(access_rules_add(&rules, &p, NULL), IMS_OK);
    p->kind = kind;
    snprintf(p->name, sizeof p->name, "%s", name);
    p->grants[0].rights = rights;
    snprintf(p->grants[0].streams, sizeof p->grants[0].streams, "%s", streams);
    p->grant_count = 1;
    return p;
}

static void save(void)
{
    cr_assert_eq(access_rules_save(path, &rules, NULL), IMS_OK);
}

static void on_change(struct gate_listener *listener)
{
    (void)listener;
    told++;
}

static struct gate_listener listener = {.on_change = on_change};

static void begin(bool is_exposed)
{
    snprintf(path, sizeof path, "/tmp/imshow-gate-%d", getpid());
    uv_loop_init(&loop);
    if (rules.count)
        save();
    cr_assert_eq(gate_create(&loop, path, is_exposed, &gate, NULL), IMS_OK);
    gate_listen(gate, &listener);
    gate_caller(&(struct access_address){0}, &who);
}

static void add_token(void)
{
    cr_assert_eq(secret_token(token, NULL), IMS_OK);
    struct access_principal *p = add(ACCESS_TOKEN, "t", 1u << RIGHT_VIEW, "lab");
    secret_hash(token, strlen(token), p->hash);
    rules.has_link_key = true;
    cr_assert_eq(secret_random(rules.link_key, sizeof rules.link_key, NULL), IMS_OK);
}

static void end(void)
{
    gate_unlisten(gate, &listener);
    gate_close(gate);
    uv_run(&loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&loop), 0);
    access_rules_finish(&rules);
    unlink(path);
}

Test(gate, without_rules_is_open_on_loopback_and_shut_elsewhere)
{
    begin(false);
    cr_assert_not(gate_is_on(gate));
    cr_assert(gate_may(gate, &who, RIGHT_ADMIN, "lab"));
    end();
    begin(true);
    cr_assert(gate_is_on(gate));
    cr_assert_not(gate_may(gate, &who, RIGHT_VIEW, "lab"));
    end();
}

Test(gate, lets_a_token_do_what_its_rules_say)
{
    add_token();
    begin(false);
    cr_assert_not(gate_may_any(gate, &who, RIGHT_VIEW));
    cr_assert(gate_show_token(gate, &who, token));
    cr_assert(gate_may(gate, &who, RIGHT_VIEW, "lab"));
    cr_assert_not(gate_may(gate, &who, RIGHT_VIEW, "lab2"));
    cr_assert_not(gate_may(gate, &who, RIGHT_PUSH, "lab"));
    token[10] ^= 1;
    cr_assert_not(gate_show_token(gate, &who, token));
    cr_assert(who.is_wrong);
    cr_assert_not(gate_may(gate, &who, RIGHT_VIEW, "lab"));
    end();
}

Test(gate, gives_to_anyone_but_not_to_a_wrong_secret)
{
    add_token();
    add(ACCESS_ANYONE, "all", 1u << RIGHT_VIEW, "open");
    begin(false);
    cr_assert(gate_may(gate, &who, RIGHT_VIEW, "open"));
    cr_assert_not(gate_may(gate, &who, RIGHT_VIEW, "lab"));
    cr_assert(gate_show_token(gate, &who, token));
    cr_assert(gate_may(gate, &who, RIGHT_VIEW, "open"));
    cr_assert_not(gate_show_token(gate, &who, "imt_x"));
    cr_assert_not(gate_may(gate, &who, RIGHT_VIEW, "open"));
    end();
}

Test(gate, puts_out_whom_the_rules_have_no_more_or_with_another_secret)
{
    add_token();
    begin(false);
    cr_assert(gate_show_token(gate, &who, token));
    rules.items[0].hash[0] ^= 1;
    save();
    cr_assert_eq(gate_reload(gate, NULL), IMS_OK);
    cr_assert_eq(told, 1);
    cr_assert_not(gate_may(gate, &who, RIGHT_VIEW, "lab"));
    cr_assert_not(gate_is_somebody(gate, &who));
    end();
}

Test(gate, keeps_its_rules_when_the_file_is_wrong_or_gone)
{
    struct ims_error err = {0};
    add_token();
    begin(false);
    FILE *file = fopen(path, "we");
    fputs("{\"version\": 1, \"princ", file);
    fclose(file);
    cr_assert_neq(gate_reload(gate, &err), IMS_OK);
    cr_assert_not_null(strstr(err.text, path));
    cr_assert(gate_show_token(gate, &who, token));
    fclose(fopen(path, "we"));
    cr_assert_neq(gate_reload(gate, &err), IMS_OK, "emptied");
    cr_assert(gate_show_token(gate, &who, token));
    unlink(path);
    cr_assert_neq(gate_reload(gate, NULL), IMS_OK);
    cr_assert(gate_is_on(gate));
    end();
}

Test(gate, knows_an_expired_token_no_more)
{
    add_token();
    rules.items[0].expires_s = time(NULL) + 1000;
    begin(false);
    cr_assert(gate_show_token(gate, &who, token));
    rules.items[0].expires_s = time(NULL) - 1;
    save();
    cr_assert_eq(gate_reload(gate, NULL), IMS_OK);
    cr_assert_not(gate_may(gate, &who, RIGHT_VIEW, "lab"));
    cr_assert_not(gate_show_token(gate, &who, token));
    end();
}

Test(gate, ends_a_session_for_good)
{
    char id[SECRET_TEXT_ROOM];
    struct access_caller later;
    add_token();
    begin(false);
    cr_assert(gate_show_token(gate, &who, token));
    cr_assert_eq(gate_session_begin(gate, &who, id, NULL), IMS_OK);
    gate_caller(&(struct access_address){0}, &later);
    cr_assert(gate_show_session(gate, &later, id));
    cr_assert(gate_may(gate, &later, RIGHT_VIEW, "lab"));
    gate_session_end(gate, id);
    cr_assert_eq(told, 1);
    cr_assert_not(gate_may(gate, &later, RIGHT_VIEW, "lab"));
    cr_assert_not(gate_show_session(gate, &later, id));
    cr_assert(gate_may(gate, &who, RIGHT_VIEW, "lab"), "the token itself still holds");
    end();
}

Test(gate, keeps_so_many_sessions_and_links_never_drive_users_out)
{
    char id[SECRET_TEXT_ROOM], first[SECRET_TEXT_ROOM], sig[SECRET_TEXT_ROOM];
    struct access_link link = {.stream = "lab", .expires_s = time(NULL) + 1000};
    struct access_caller by_link;
    add_token();
    begin(false);
    cr_assert(gate_show_token(gate, &who, token));
    cr_assert_eq(gate_session_begin(gate, &who, first, NULL), IMS_OK);
    cr_assert_eq(gate_sign(gate, &link, sig, NULL), IMS_OK);
    gate_caller(&(struct access_address){0}, &by_link);
    cr_assert(gate_show_link(gate, &by_link, &link, sig));
    for (int i = 0; i < 2 * GATE_SESSIONS_MAX; i++)
        cr_assert_eq(gate_session_begin(gate, &by_link, id, NULL), IMS_OK);
    cr_assert(gate_show_session(gate, &who, first));
    for (int i = 0; i < 2 * GATE_SESSIONS_MAX; i++)
        cr_assert_eq(gate_session_begin(gate, &who, id, NULL), IMS_OK);
    cr_assert(gate_show_session(gate, &who, id));
    end();
}

Test(gate, lets_a_link_see_its_stream_and_its_region)
{
    char sig[SECRET_TEXT_ROOM];
    struct access_link link = {.stream = "lab",
                               .expires_s = time(NULL) + 1000,
                               .has_region = true,
                               .region = {10, 10, 20, 20}};
    const double inside[4] = {11, 10, 20, 20}, outside[4] = {9, 10, 20, 20};
    add_token();
    begin(false);
    cr_assert_eq(gate_sign(gate, &link, sig, NULL), IMS_OK);
    cr_assert(gate_show_link(gate, &who, &link, sig));
    cr_assert(gate_may(gate, &who, RIGHT_VIEW, "lab"));
    cr_assert_not(gate_may(gate, &who, RIGHT_VIEW, "lab2"));
    cr_assert_not(gate_may(gate, &who, RIGHT_CONTROL, "lab"));
    cr_assert(gate_may_region(gate, &who, inside));
    cr_assert_not(gate_may_region(gate, &who, outside));
    cr_assert_not(gate_may_region(gate, &who, NULL));
    end();
}

static int logins, rights;

static void on_login(void *user, const struct access_caller *in)
{
    (void)user;
    logins++;
    rights += in && gate_may(gate, in, RIGHT_VIEW, "lab");
}

static void log_in(const char *name, const char *password)
{
    struct gate_login *login;
    int before = logins;
    cr_assert_eq(gate_login(gate, &who.address, name, password, on_login, NULL, &login),
                 IMS_OK);
    while (logins == before)
        uv_run(&loop, UV_RUN_ONCE);
}

Test(gate, looks_at_passwords_and_at_no_more_than_so_many_wrong_ones)
{
    struct gate_login *login;
    struct access_principal *p = add(ACCESS_USER, "ann", 1u << RIGHT_VIEW, "lab");
    cr_assert_eq(password_hash("s3cret", p->password, NULL), IMS_OK);
    begin(false);
    log_in("ann", "s3cret");
    cr_assert_eq(rights, 1);
    cr_assert(gate_remembers(gate, &who, "ann", "s3cret"));
    cr_assert_not(gate_remembers(gate, &who, "ann", "s3cre"));
    log_in("bob", "s3cret");
    for (int i = 1; i < FAILURES_ALLOWED; i++)
        log_in("ann", "wrong");
    cr_assert_eq(rights, 1);
    cr_assert_eq(gate_login(gate, &who.address, "ann", "s3cret", on_login, NULL, &login),
                 IMS_ERR_LIMIT);
    cr_assert(gate_wait_s(gate, &who.address));
    end();
}

Test(gate, has_room_for_so_many_passwords_and_forgets_abandoned_ones)
{
    struct gate_login *login, *first = NULL;
    add(ACCESS_USER, "ann", 1u << RIGHT_VIEW, "lab");
    snprintf(rules.items[0].password, PASSWORD_HASH_ROOM,
             "$y$j9T$5C1rYV1B7E5dPDyvOmSAi1$%s",
             "Jtsmzh2jVjh5gGicEmb9G9820ttYDRwXHCljxpWedG9");
    begin(false);
    for (int i = 0; i < GATE_LOGINS_MAX; i++) {
        cr_assert_eq(gate_login(gate, &who.address, "ann", "x", on_login, NULL, &login),
                     IMS_OK);
        first = first ? first : login;
    }
    cr_assert_eq(gate_login(gate, &who.address, "ann", "x", on_login, NULL, &login),
                 IMS_ERR_LIMIT);
    gate_login_abandon(&first);
    end();
    cr_assert_eq(logins, 0, "a gate that closes tells nobody any more");
}
