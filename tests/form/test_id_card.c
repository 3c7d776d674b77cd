#include "base/rng.h"
#include "form/form.h"
#include "support/test.h"

/* The example of the standard GB 11643-1999 (11010519491231002X), and others computed by hand from its formula. */
TEST(form_id_card__reads_what_it_says)
{
    pt_id_card c;
    char date[40];

    CHECK_INT(pt_form_id_card(&c, PT_SV("11010519491231002X")), PT_FORM_OK);
    CHECK_STR(c.text, "11010519491231002X");
    CHECK_STR(pt_date_format(date, c.birth), "1949-12-31");
    CHECK(!c.male);
    CHECK_INT(c.region, 110105);
    CHECK_INT(pt_form_id_card(&c, PT_SV(" 440524 18800101 0014 ")), PT_FORM_OK);
    CHECK(c.male);
    CHECK_INT(pt_form_id_card(&c, PT_SV("１１０１０５１９４９１２３１００２ｘ")), PT_FORM_OK);
    CHECK_STR(c.text, "11010519491231002X");
}

TEST(form_id_card__fifteen_digits)
{
    pt_id_card c;

    CHECK_INT(pt_form_id_card(&c, PT_SV("110105491231002")), PT_FORM_OK);
    CHECK_STR(c.text, "11010519491231002X");
    CHECK_INT(pt_form_id_card(&c, PT_SV("110105991231997")), PT_FORM_OK); /* a person of a hundred years */
    CHECK(strncmp(c.text, "11010518991231997", 17) == 0);
}

TEST(form_id_card__says_what_is_wrong)
{
    static const struct {
        const char *text;
        pt_form_rc want;
    } cases[] = {{"", PT_FORM_NOT},
                 {"110105194912310021", PT_FORM_CHECKSUM},
                 {"11010519491231002", PT_FORM_NOT},
                 {"1101051949123100X2", PT_FORM_NOT},
                 {"11010519491231002XX", PT_FORM_NOT},
                 {"110105194912****2X", PT_FORM_NOT},
                 {"110105490231002", PT_FORM_RANGE}, /* 31 February */
                 {"000105491231002", PT_FORM_RANGE},
                 {"160105491231002", PT_FORM_RANGE},
                 {"560105491231002", PT_FORM_RANGE}};
    pt_id_card c;

    for (size_t i = 0; i < PT_COUNT(cases); i++)
        if (pt_form_id_card(&c, pt_sv_of(cases[i].text)) != cases[i].want)
            test_fail(__FILE__, __LINE__, "'%s' gives %d", cases[i].text,
                      (int)pt_form_id_card(&c, pt_sv_of(cases[i].text)));
}

static void random_card(char card[19], pt_rng *rng)
{
    int32_t year, month, day;

    pt_date_to_civil(&year, &month, &day, (int32_t)pt_rng_below(rng, 40000) - 25000);
    snprintf(card, 19, "1101%02d%04d%02d%02d%03d", (int)pt_rng_below(rng, 20), year, month, day,
             (int)pt_rng_below(rng, 1000));
    card[17] = pt_id_card_check(card);
    card[18] = '\0';
}

/* What ISO 7064 MOD 11-2 promises: every single wrong character and every swap of two neighbours is noticed. */
TEST(form_id_card__checksum_finds_every_slip)
{
    pt_rng rng;
    pt_id_card c;

    pt_rng_seed(&rng, 7);
    for (int i = 0; i < 500; i++) {
        char card[19], wrong[19];
        random_card(card, &rng);
        CHECK_INT(pt_form_id_card(&c, pt_sv_of(card)), PT_FORM_OK);
        CHECK_STR(c.text, card);
        for (int at = 0; at < 18; at++) {
            for (const char *other = at == 17 ? "0123456789X" : "0123456789"; *other; other++) {
                memcpy(wrong, card, 19);
                wrong[at] = *other;
                CHECK(*other == card[at] || pt_form_id_card(&c, pt_sv_of(wrong)) == PT_FORM_CHECKSUM);
            }
            memcpy(wrong, card, 19);
            if (at < 17 && card[at] != card[at + 1]) {
                wrong[at] = card[at + 1];
                wrong[at + 1] = card[at];
                CHECK(pt_form_id_card(&c, pt_sv_of(wrong)) != PT_FORM_OK);
            }
        }
    }
}
