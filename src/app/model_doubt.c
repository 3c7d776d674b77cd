#include "app/model_doubt.h"

#include <math.h>
#include <string.h>

#include "app/card_draft.h"

/* What a figure is without learning anything, and how to say that it is no better. */
static const struct bar {
    const char *measure;
    double value;
    const char *zh, *en;
} bars[] = {
    {"auc", 0.5, "看不出这个模型比随机猜测更好：{0}为 {1}，随机猜测也有 0.5。",
     "Nothing shows that the model is better than chance: {0} is {1}, and guessing gives 0.5."},
    {"concordance", 0.5, "看不出这个模型比随机猜测更好：{0}为 {1}，随机猜测也有 0.5。",
     "Nothing shows that the model is better than chance: {0} is {1}, and guessing gives 0.5."},
    {"r2", 0, "看不出这个模型比给所有人取平均值更好：{0}为 {1}，取平均值为 0。",
     "Nothing shows that the model is better than giving everybody the mean: {0} is {1}, and the mean gives 0."},
    {"silhouette", 0, "这些簇没有把客户分开：{0}为 {1}，不高于 0。",
     "The clusters do not set customers apart: {0} is {1}, not above 0."},
};

/* The model's own (`of` NULL) or a rival's figure. NULL: none. */
static const pt_card_measure *find(const pt_card *card, const char *name, const char *of, const char *part)
{
    for (size_t i = 0; i < card->n_measures; i++) {
        const pt_card_measure *m = &card->measures[i];
        bool same = of ? m->of && strcmp(m->of, of) == 0 : !m->of;
        if (same && strcmp(m->name, name) == 0 && m->part && strcmp(m->part, part) == 0)
            return m;
    }
    return NULL;
}

/* Of the rows that are furthest from those learned from. */
static const pt_card_measure *last_of(const pt_card *card, const char *name)
{
    static const char *const parts[] = {"later", "test", "validation", "train"};
    const pt_card_measure *found = NULL;

    for (size_t i = 0; i < PT_COUNT(parts) && !found; i++)
        found = find(card, name, NULL, parts[i]);
    return found;
}

static pt_card_text interval(pt_card_draft *d, const pt_card_measure *m)
{
    const char *text = !isfinite(m->low) ? pt_arena_printf(d->arena, "%.3f", m->value)
                                         : pt_arena_printf(d->arena, "%.3f (%.3f–%.3f)", m->value, m->low, m->high);

    d->failed |= !text;
    return pt_card_same(text ? text : "");
}

static void doubt_bars(pt_card_draft *d)
{
    for (size_t i = 0; i < PT_COUNT(bars); i++) {
        const pt_card_measure *m = last_of(d->card, bars[i].measure);
        if (m && !((isnan(m->low) ? m->value : m->low) > bars[i].value))
            PT_CARD_SAY(d, true, bars[i].zh, bars[i].en, pt_card_measure_label(m->name),
                        isnan(m->value) ? pt_card_both("未知", "not known") : interval(d, m));
    }
}

/* Lists that hit less often than those of the most popular items alone, by more than chance. */
static void doubt_lists(pt_card_draft *d)
{
    const pt_card_measure *m = last_of(d->card, "precision");
    const pt_card_measure *popular = m ? find(d->card, "precision", "popular", m->part) : NULL;

    if (popular && m->high < popular->value)
        PT_CARD_SAY(d, true, "推荐不如直接推荐最热门的商品：{0}为 {1}，只推荐热门商品为 {2}。",
                    "The lists do worse than those of the most popular items: {0} is {1}, theirs {2}.",
                    pt_card_measure_label("precision"), interval(d, m), interval(d, popular));
}

static void doubt_number(pt_card_draft *d, size_t measured)
{
    if (measured && measured < PT_MODEL_FEWEST_MEASURED)
        PT_CARD_SAY(d, true, "只在 {0} 位客户上检验过：少于 {1} 位，指标说明不了什么。",
                    "It was measured on {0} customers: figures of fewer than {1} prove nothing.",
                    pt_card_count(d, measured), pt_card_count(d, PT_MODEL_FEWEST_MEASURED));
}

pt_rc pt_model_doubt(bool *doubtful, pt_card *card, size_t measured, pt_arena *arena, pt_err *err)
{
    const pt_card_sentence *were = card->sentences;
    const size_t n = card->n_sentences;
    pt_card_draft d = {.card = card, .arena = arena};

    card->sentences = NULL;
    card->n_sentences = 0;
    doubt_number(&d, measured);
    doubt_bars(&d);
    doubt_lists(&d);
    const size_t doubts = card->n_sentences;
    pt_card_sentence *all = PT_NEW_ARRAY(arena, pt_card_sentence, doubts + n + 1);
    if (d.failed || !all)
        return pt_fail_nomem(err, "the card");
    if (doubts)
        memcpy(all, card->sentences, doubts * sizeof *all);
    if (n)
        memcpy(all + doubts, were, n * sizeof *all);
    card->sentences = all;
    card->n_sentences = doubts + n;
    *doubtful = doubts > 0;
    return PT_OK;
}
