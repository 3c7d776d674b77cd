/* When a model is doubted: held against what guessing, the mean and the most popular items would give. */
#include "app/model_doubt.h"

#include <math.h>

#include "support/test.h"

#define UNKNOWN ((double)NAN)

static bool doubted(const pt_card_measure *measures, size_t n, size_t measured, pt_card *card, pt_arena *arena)
{
    static const pt_card_sentence said[] = {{false, {"以前", "before"}}};
    bool doubtful = false;
    pt_err err = {0};

    *card = (pt_card){.measures = measures, .n_measures = n, .sentences = said, .n_sentences = 1};
    CHECK_OK(pt_model_doubt(&doubtful, card, measured, arena, &err));
    CHECK_INT(card->n_sentences > 1, doubtful);
    CHECK_STR(card->sentences[card->n_sentences - 1].text.en, "before");
    for (size_t i = 0; i + 1 < card->n_sentences; i++)
        CHECK(card->sentences[i].warning);
    return doubtful;
}

static bool doubts(pt_card_measure m)
{
    pt_arena *arena = pt_arena_new(0);
    pt_card card;

    CHECK(arena);
    bool out = doubted(&m, 1, 0, &card, arena);
    pt_arena_free(arena);
    return out;
}

TEST(app_model_doubt__an_interval_that_holds_chance_is_doubted)
{
    CHECK(doubts((pt_card_measure){"auc", NULL, "test", 0.515, 0.421, 0.609}));
    CHECK(doubts((pt_card_measure){"auc", NULL, "test", 0.3, 0.2, 0.4}));
    CHECK(doubts((pt_card_measure){"auc", NULL, "validation", 0.5, 0.5, 0.5}));
    CHECK(doubts((pt_card_measure){"auc", NULL, "test", UNKNOWN, UNKNOWN, UNKNOWN}));
    CHECK(doubts((pt_card_measure){"concordance", NULL, "train", 0.52, 0.49, 0.55}));
    CHECK(doubts((pt_card_measure){"r2", NULL, "test", 0.1, -0.05, 0.2}));
    CHECK(doubts((pt_card_measure){"silhouette", NULL, "train", -0.01, -0.02, 0}));
}

TEST(app_model_doubt__a_better_one_is_not)
{
    CHECK(!doubts((pt_card_measure){"auc", NULL, "test", 0.6, 0.51, 0.7}));
    CHECK(!doubts((pt_card_measure){"auc", NULL, "validation", 0.6, UNKNOWN, UNKNOWN}));
    CHECK(!doubts((pt_card_measure){"r2", NULL, "test", 0.1, 0.01, 0.2}));
    CHECK(!doubts((pt_card_measure){"silhouette", NULL, "train", 0.2, 0.1, 0.3}));
    CHECK(!doubts((pt_card_measure){"mae", NULL, "test", 12, 11, 13}));
    CHECK(!doubts((pt_card_measure){"auc", "majority", "test", 0.5, 0.5, 0.5})); /* a rival's */
}

TEST(app_model_doubt__the_latest_part_decides)
{
    const pt_card_measure fading[] = {{"auc", NULL, "train", 0.9, 0.85, 0.95},
                                      {"auc", NULL, "validation", 0.7, 0.65, 0.75},
                                      {"auc", NULL, "test", 0.5, 0.45, 0.55}};
    const pt_card_measure sound[] = {{"auc", NULL, "validation", 0.5, 0.45, 0.55},
                                     {"auc", NULL, "test", 0.7, 0.6, 0.8}};
    pt_arena *arena = pt_arena_new(0);
    pt_card card;

    CHECK(arena);
    CHECK(doubted(fading, PT_COUNT(fading), 0, &card, arena));
    CHECK_STR(card.sentences[0].text.en, "Nothing shows that the model is better than chance: ROC AUC is 0.500 "
                                         "(0.450–0.550), and guessing gives 0.5.");
    CHECK(!doubted(sound, PT_COUNT(sound), 0, &card, arena));
    pt_arena_free(arena);
}

TEST(app_model_doubt__few_customers_prove_nothing)
{
    const pt_card_measure good = {"r2", NULL, "test", 0.99, 0.98, 1};
    pt_arena *arena = pt_arena_new(0);
    pt_card card;

    CHECK(arena);
    CHECK(doubted(&good, 1, PT_MODEL_FEWEST_MEASURED - 1, &card, arena));
    CHECK(!doubted(&good, 1, PT_MODEL_FEWEST_MEASURED, &card, arena));
    pt_arena_free(arena);
}

TEST(app_model_doubt__lists_are_held_against_the_popular_ones)
{
    const pt_card_measure worse[] = {{"precision", "popular", "test", 0.05, 0.045, 0.055},
                                     {"precision", NULL, "test", 0.03, 0.025, 0.035}};
    const pt_card_measure level[] = {{"precision", "popular", "test", 0.05, 0.045, 0.055},
                                     {"precision", NULL, "test", 0.049, 0.044, 0.054}};
    pt_arena *arena = pt_arena_new(0);
    pt_card card;

    CHECK(arena);
    CHECK(doubted(worse, 2, 0, &card, arena));
    CHECK(!doubted(level, 2, 0, &card, arena));
    CHECK(!doubted(worse + 1, 1, 0, &card, arena));
    pt_arena_free(arena);
}
