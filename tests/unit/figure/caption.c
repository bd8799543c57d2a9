/* SPDX-License-Identifier: MIT */
#include "made.h"

#include <criterion/criterion.h>
#include <string.h>

/* Long names, and what Python's "<br>".join(textwrap.wrap(name, 30)) makes of them. */
/* clang-format off */
static const char *const wrapped[][2] = {
    {"",
     ""},
    {"word",
     "word"},
    {"a very long descriptive name of the quantity measured here",
     "a very long descriptive name<br>of the quantity measured here"},
    {"surface_downwelling_shortwave_flux_in_air_at_toa",
     "surface_downwelling_shortwave_<br>flux_in_air_at_toa"},
    {"alpha-beta-gamma-delta-epsilon-zeta-eta",
     "alpha-beta-gamma-delta-<br>epsilon-zeta-eta"},
    {"well--known -- dashes---between words--and more of them",
     "well--known -- dashes---<br>between words--and more of<br>them"},
    {"x-ray-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p",
     "x-ray-a-b-c-d-e-f-g-h-i-j-k-l-<br>m-n-o-p"},
    {"tab\tand  two blanks\tin a name that is long",
     "tab     and  two blanks in a<br>name that is long"},
    {"exactly thirty characters long now and then",
     "exactly thirty characters long<br>now and then"},
    {"twenty-nine characters here .. averyveryverylongwordwithoutanyhyphenatall",
     "twenty-nine characters here ..<br>averyveryverylongwordwithoutan<br>yhyphenatall"},
    {"1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16",
     "1-2-3-4-5-6-7-8-9-10-11-12-13-<br>14-15-16"},
    {"----------------------------------------",
     "------------------------------<br>----------"},
    {"-leading hyphens-and-trailing- words-",
     "-leading hyphens-and-trailing-<br>words-"},
    {"Größe der Fläche über dem Ä-Ö-Ü Meer hinaus",
     "Größe der Fläche über dem<br>Ä-Ö-Ü Meer hinaus"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-cc",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa <br>bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb<br>bbbbbbbbbbbb-cc"},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa<br>bbbbbbbbbbbbbbbbbbbbbbbbbbbbbb<br>bbbbbbbbbb"},
    {"don't stop.--Never, \"quoted\"--text & more_under-scores and-so on",
     "don't stop.--Never, \"quoted\"--<br>text & more_under-scores and-<br>so on"},
    {"c_cc --ac-cba -bb1_b.abb.1ccb-ac a1acb--cacc .aacab1acb",
     "c_cc --ac-cba -bb1_b.abb.1ccb-<br>ac a1acb--cacc .aacab1acb"},
    {"-bbb -ca .-a.bb1baa-.a_baba_a1",
     "-bbb -ca .-a.bb1baa-.a_baba_a1"},
    {"babb-caaaca a-c.bc bc1aabbb1bbc_b.a._bbb1 b-caab_ ca.c.abacbaa",
     "babb-caaaca a-c.bc<br>bc1aabbb1bbc_b.a._bbb1 b-caab_<br>ca.c.abacbaa"},
    {"aa.c.bbbba .aab aba_cbcc-a.1accaa .bacc-b.bc bb1bccc.a.1ab_cca-b.1a-c ba-b_c-b bb",
     "aa.c.bbbba .aab<br>aba_cbcc-a.1accaa .bacc-b.bc<br>bb1bccc.a.1ab_cca-b.1a-c ba-<br>b_c-b bb"},
    {" acb---bc.ccacc_-_b aab-.cca_-1b11 ",
     " acb---bc.ccacc_-_b<br>aab-.cca_-1b11"},
    {"cab-a1ac_-_cc - aacba1aba-bc bbc bba a- 1cb.b--c1aba1caa -b_11c-_1",
     "cab-a1ac_-_cc - aacba1aba-bc<br>bbc bba a- 1cb.b--c1aba1caa<br>-b_11c-_1"},
    {"accacacbaa- bc cacbaab1-b-bcca  -bbc-bcac- a-c b1c--ba a1_.ba-_bbc1 a --ba-  a .cc -c1",
     "accacacbaa- bc cacbaab1-b-bcca<br>-bbc-bcac- a-c b1c--ba a1_.ba-<br>_bbc1 a --ba-  a .cc -c1"},
    {"b c-cca1cbaabac -1_aaa-ac-1bca1 ._cbcab.bcca-",
     "b c-cca1cbaabac -1_aaa-<br>ac-1bca1 ._cbcab.bcca-"},
    {"a_ba cb-1bc -ab.-a c_  a-ababac .babcccb1ac-  c-c.aa1.a",
     "a_ba cb-1bc -ab.-a c_<br>a-ababac .babcccb1ac-<br>c-c.aa1.a"},
    {"abaaaa.bb -acbc a-1-.b.c_aab.1-a __ac -1a1.bbaab11.bb1bbc_. cc-c-abacbb1 bacab.bcb-_a.",
     "abaaaa.bb -acbc<br>a-1-.b.c_aab.1-a __ac<br>-1a1.bbaab11.bb1bbc_. cc-c-<br>abacbb1 bacab.bcb-_a."},
    {"1-.aa_.ca-cbcc1 cbbbab baa._ac-b-c1 b1aaaacaa b 1caaa-b1b-bba-b- b.cc",
     "1-.aa_.ca-cbcc1 cbbbab<br>baa._ac-b-c1 b1aaaacaa b<br>1caaa-b1b-bba-b- b.cc"},
    {"-.1 - b-b-b -1bbccb.cc b cabab b-.a-abc.",
     "-.1 - b-b-b -1bbccb.cc b cabab<br>b-.a-abc."},
    {"1.--aac   a-- a1. -bb- a _ a ab _-a1bb-acb  b-bab1",
     "1.--aac   a-- a1. -bb- a _ a<br>ab _-a1bb-acb  b-bab1"},
    {"-a-.bba1c1aca.-ccbb1a_aa.1b_cb aba-1aabccabac -ab_1baac1ab-aba b abb_c.cba--c1-bc .a-c",
     "-a-.bba1c1aca.-ccbb1a_aa.1b_cb<br>aba-1aabccabac -ab_1baac1ab-<br>aba b abb_c.cba--c1-bc .a-c"},
    {"  bbbaaccc_ac -caba1ac_a-b a1ca baba-",
     "  bbbaaccc_ac -caba1ac_a-b<br>a1ca baba-"},
    {"caabcb. ab b-c cccb bab1-1abc baaa aabab",
     "caabcb. ab b-c cccb bab1-1abc<br>baaa aabab"},
    {"-bb_aac---11.a. .aa cabbc a_bb_b",
     "-bb_aac---11.a. .aa cabbc<br>a_bb_b"},
    {"bc-.abccb-- ba c_1 b1b- cbbaabbabcac_1 .1c- 1.----ca- b_ abb.._bcb b",
     "bc-.abccb-- ba c_1 b1b-<br>cbbaabbabcac_1 .1c- 1.----ca-<br>b_ abb.._bcb b"},
    {"_cb1ca.ca11ab..-b a 1b ab",
     "_cb1ca.ca11ab..-b a 1b ab"},
    {"a-bcbb _bb cb-bb-_ca1c 1cc1baaac-1.cbccbaa.bb-.b cabb bbcababbbcac  cab",
     "a-bcbb _bb cb-bb-_ca1c<br>1cc1baaac-1.cbccbaa.bb-.b cabb<br>bbcababbbcac  cab"},
    {"b bb_1 c  -c-bb.aaabc1a_ ab-b-ab-b1aabbbcab1ab",
     "b bb_1 c  -c-bb.aaabc1a_ ab-b-<br>ab-b1aabbbcab1ab"},
    {"a__cba_cab b1c 1cbb-b  .c-cb-b ababb-",
     "a__cba_cab b1c 1cbb-b  .c-cb-b<br>ababb-"},
    {" aab-babca 1cacca bb..c_c1-ba acab - bbb1bb-b -_-bb c1 aa -cb11ab.a -",
     " aab-babca 1cacca bb..c_c1-ba<br>acab - bbb1bb-b -_-bb c1 aa<br>-cb11ab.a -"},
    {"c1-aa  aaa_bb c1b_c.1- a-a  ",
     "c1-aa  aaa_bb c1b_c.1- a-a"},
    {"1b1baabbc _ acbcb a-bba b-bb--b-ca",
     "1b1baabbc _ acbcb a-bba b-bb--<br>b-ca"},
    {" c-cab .1ccbcbb a.-ab_.abab_1_-c c_aa-111-b b.c--acbc c.-cbb cbcb.b.ca-.caa bcabaca-",
     " c-cab .1ccbcbb<br>a.-ab_.abab_1_-c c_aa-111-b<br>b.c--acbc c.-cbb<br>cbcb.b.ca-.caa bcabaca-"},
    {"a  bbbc aca -.a.11_cc b  .bcbaac.cc a1c__a_b",
     "a  bbbc aca -.a.11_cc b<br>.bcbaac.cc a1c__a_b"},
    {"cb.1a-b acbbb accaca-aca ac-ba aacbc-.ac- b.-ab_ bac1_a__ _a- .ca_ b1baccaa",
     "cb.1a-b acbbb accaca-aca ac-ba<br>aacbc-.ac- b.-ab_ bac1_a__ _a-<br>.ca_ b1baccaa"},
    {"1cc aabbc1_b-aa  1a- cba c_a cb 1._cacbb_bbbabacca11a b  bcc aca11_.b bbb ba b a.c c ac",
     "1cc aabbc1_b-aa  1a- cba c_a<br>cb 1._cacbb_bbbabacca11a b<br>bcc aca11_.b bbb ba b a.c c ac"},
    {" _acbcb cc ca-b._a1aa. c -cbc.b-.-a bbaaab",
     " _acbcb cc ca-b._a1aa. c<br>-cbc.b-.-a bbaaab"},
    {"a 1cacbcbb1cbba.a 1a-aa-b bcb1- cba.abab c_a-1a",
     "a 1cacbcbb1cbba.a 1a-aa-b<br>bcb1- cba.abab c_a-1a"},
    {".-.bcaacbacaac bc.  cc- abb a a.b-b-b1   _bba 1cbbb",
     ".-.bcaacbacaac bc.  cc- abb a<br>a.b-b-b1   _bba 1cbbb"},
    {"a- .aaa b a1-c 1 _cb.-.aca b b_bb a-cb-b-cba11abccc_aaccb1ac-c",
     "a- .aaa b a1-c 1 _cb.-.aca b<br>b_bb a-cb-b-<br>cba11abccc_aaccb1ac-c"},
    {"1- 1c ba-   ccc  ba1bbb 1.aa1  aaa-ba-a-aaaa c--11b1aaa bb- c a_ a--a",
     "1- 1c ba-   ccc  ba1bbb 1.aa1<br>aaa-ba-a-aaaa c--11b1aaa bb- c<br>a_ a--a"},
    {"-ab_1acb.-bb ca.-aa--ab1 cbb-cca_bbaabba.bc.bbaaaab1_ acb_.cbccbaac",
     "-ab_1acb.-bb ca.-aa--ab1 cbb-<br>cca_bbaabba.bc.bbaaaab1_<br>acb_.cbccbaac"},
    {"bab-ab_caa cbbc .b-.cbbb--_ab--_.bcaa.ca1bc - bbb-1aabbc c-b  c-",
     "bab-ab_caa cbbc .b-.cbbb--_ab<br>--_.bcaa.ca1bc - bbb-1aabbc<br>c-b  c-"},
    {"a b1caa ccc-b b.ca -abcbba bbb -a1-b_ba-ccaba_-.baba-1cbb _a- b-a acb1accca",
     "a b1caa ccc-b b.ca -abcbba bbb<br>-a1-b_ba-ccaba_-.baba-1cbb _a-<br>b-a acb1accca"},
    {"bca1-a.a  a.c a1_abb-c-1 b1ac- c__--a-_c- c-abac_bcbc_ baca",
     "bca1-a.a  a.c a1_abb-c-1 b1ac-<br>c__--a-_c- c-abac_bcbc_ baca"},
    {"a-a- a 1.ab-_bc-.bcaababbbcb_abba_-bb-bbacbc -bc",
     "a-a- a 1.ab-<br>_bc-.bcaababbbcb_abba_-bb-<br>bbacbc -bc"},
    {"ab_b_aac-bb 1b1a_aba -a._baa_-abaaab- ._b- -c_ac1",
     "ab_b_aac-bb 1b1a_aba -a._baa_-<br>abaaab- ._b- -c_ac1"},
};
/* clang-format on */

/* The colour bar's title of an array with this long_name; empty when there is none. */
static struct ims_bytes title_of(const char *name, const char *units)
{
    struct ims_array a = counting(IMS_U8, 2, (size_t[]){2, 2});
    struct ims_entry attrs[] = {
        {"long_name", 9, {.kind = IMS_TEXT, .as.text = {name, strlen(name)}}},
        {"units", 5, {.kind = IMS_TEXT, .as.text = {units, strlen(units)}}},
    };
    const struct ims_value dims[2] = {{.kind = IMS_NULL}, {.kind = IMS_NULL}};
    struct ims_entry entries[] = {
        {"dims", 4, {.kind = IMS_LIST, .as.list = {dims, 2}}},
        {"attrs", 5, {.kind = IMS_MAP, .as.map = {attrs, 2}}},
    };
    struct ims_value labelled = {.kind = IMS_MAP, .as.map = {entries, 2}};
    struct ims_error err = {0};
    cr_assert_eq(ims_labels_parse(&labelled, &a.labels, &err), IMS_OK, "%s", err.text);
    struct made made = figure_of(&a, "{}");
    cr_assert_eq(made.result, IMS_OK, "%s", made.err.text);
    const struct ims_value *bar = ims_value_get(
        ims_value_get(ims_value_get(&made.doc->root, "layout"), "coloraxis"), "colorbar");
    const struct ims_value *text = ims_value_get(ims_value_get(bar, "title"), "text");
    struct ims_bytes out = {0};
    if (text)
        ims_bytes_append(&out, text->as.text.data, text->as.text.size);
    finish(&made);
    ims_array_finish(&a);
    return out;
}

static void check(const char *name, const char *units, const char *want)
{
    struct ims_bytes title = title_of(name, units);
    cr_expect(title.size == strlen(want) &&
                  (!title.size || !memcmp(title.data, want, title.size)),
              "'%s' [%s] became '%.*s', not '%s'", name, units, (int)title.size,
              title.data ? (const char *)title.data : "", want);
    ims_bytes_finish(&title);
}

Test(figure_caption, breaks_names_where_python_does)
{
    for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++)
        check(wrapped[i][0], "", wrapped[i][1]);
}

Test(figure_caption, adds_the_unit_in_brackets)
{
    check("depth", "m", "depth [m]");
    check("", "K", " [K]");
    check("a name with exactly 27 chars", "km", "a name with exactly 27 chars<br>[km]");
}

Test(figure_caption, keeps_a_formula_a_formula_on_each_line)
{
    check("$\\alpha_{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}$ "
          "of it",
          "",
          "$\\alpha_{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}$$<"
          "br>$of it");
    check("$one dollar only, which is no formula at all", "",
          "$one dollar only, which is no<br>formula at all");
}
