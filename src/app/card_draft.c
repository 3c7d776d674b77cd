/* Arrays of a card grow in its arena, doubling. */
#include "app/card_draft.h"

#include <math.h>

/* Room for one more item, zeroed; NULL when memory is short. */
static void *append(pt_card_draft *d, const void **items, size_t *n, size_t size)
{
    char *room = (char *)(uintptr_t)*items; /* ours: this file made it */

    if ((*n & (*n - 1)) == 0) { /* 0 or a power of two: it is full */
        room = (char *)pt_arena_array(d->arena, *n ? 2 * *n : 1, size);
        if (!room) {
            d->failed = true;
            return NULL;
        }
        if (*n)
            memcpy(room, *items, *n * size);
        *items = room;
    }
    return room + size * (*n)++;
}

pt_card_text pt_card_both(const char *zh, const char *en)
{
    return (pt_card_text){zh, en};
}

pt_card_text pt_card_same(const char *text)
{
    return (pt_card_text){text, text};
}

void pt_card_add_fact(pt_card_draft *d, const char *key, pt_card_text label, pt_card_text value)
{
    pt_card_fact *f = (pt_card_fact *)append(d, (const void **)&d->card->facts, &d->card->n_facts, sizeof *f);

    if (f)
        *f = (pt_card_fact){key, label, value};
}

void pt_card_add_measures(pt_card_draft *d, const pt_measured *m, size_t n, const char *of, const char *part)
{
    for (size_t i = 0; i < n; i++) {
        pt_card_measure *to =
            (pt_card_measure *)append(d, (const void **)&d->card->measures, &d->card->n_measures, sizeof *to);
        if (to)
            *to = (pt_card_measure){m[i].name, of, part, m[i].value, m[i].low, m[i].high};
    }
}

void pt_card_begin_section(pt_card_draft *d, const char *key, const char *zh, const char *en)
{
    d->section =
        (pt_card_section *)append(d, (const void **)&d->card->sections, &d->card->n_sections, sizeof *d->section);
    if (d->section)
        *d->section = (pt_card_section){.key = key, .title = {zh, en}};
}

static const char *filled(pt_card_draft *d, const char *sentence, const char *lang, const pt_card_text *args, size_t n)
{
    const char *texts[10];
    pt_str out = {0};
    const char *kept;

    for (size_t i = 0; i < n && i < PT_COUNT(texts); i++)
        texts[i] = pt_card_say(args[i], lang);
    pt_str_fill(&out, sentence, texts, n < PT_COUNT(texts) ? n : PT_COUNT(texts));
    kept = pt_arena_strdup(d->arena, pt_str_cstr(&out));
    d->failed |= out.failed || !kept;
    pt_str_free(&out);
    return kept;
}

void pt_card_sentence_of(pt_card_draft *d, bool warning, const char *zh, const char *en, const pt_card_text *args,
                         size_t n)
{
    const pt_card_sentence **all = d->section ? &d->section->sentences : &d->card->sentences;
    size_t *count = d->section ? &d->section->n_sentences : &d->card->n_sentences;
    pt_card_sentence *s = (pt_card_sentence *)append(d, (const void **)all, count, sizeof *s);

    if (s)
        *s = (pt_card_sentence){warning, {filled(d, zh, "zh", args, n), filled(d, en, "en", args, n)}};
}

pt_card_curve *pt_card_add_curve(pt_card_draft *d, const char *key, pt_card_chart chart, const char *zh, const char *en)
{
    pt_card_curve *c =
        d->section ? (pt_card_curve *)append(d, (const void **)&d->section->curves, &d->section->n_curves, sizeof *c)
                   : NULL;

    if (c)
        *c = (pt_card_curve){.key = key, .chart = chart, .title = {zh, en}};
    return c;
}

void pt_card_add_series(pt_card_draft *d, pt_card_curve *c, pt_card_text label, const double *x, const double *y,
                        size_t n)
{
    pt_card_series *s = c ? (pt_card_series *)append(d, (const void **)&c->series, &c->n_series, sizeof *s) : NULL;

    if (s)
        *s = (pt_card_series){.label = label, .n = n, .x = x, .y = y};
}

pt_card_table *pt_card_add_table(pt_card_draft *d, const char *key, const char *zh, const char *en)
{
    pt_card_table *t =
        d->section ? (pt_card_table *)append(d, (const void **)&d->section->tables, &d->section->n_tables, sizeof *t)
                   : NULL;

    if (t)
        *t = (pt_card_table){.key = key, .title = {zh, en}};
    return t;
}

double *pt_card_doubles(pt_card_draft *d, size_t n)
{
    double *room = PT_NEW_ARRAY(d->arena, double, n + 1);

    d->failed |= !room;
    return room;
}

static pt_card_text kept_text(pt_card_draft *d, const char *text)
{
    d->failed |= !text;
    return pt_card_same(text ? text : "");
}

pt_card_text pt_card_number(pt_card_draft *d, double v, int digits)
{
    if (isnan(v))
        return pt_card_same("–");
    return kept_text(d, pt_arena_printf(d->arena, "%.*f", digits, v));
}

pt_card_text pt_card_share(pt_card_draft *d, double v)
{
    if (isnan(v))
        return pt_card_same("–");
    return kept_text(d, pt_arena_printf(d->arena, "%.1f%%", 100 * v));
}

pt_card_text pt_card_count(pt_card_draft *d, uint64_t n)
{
    char text[32];

    return kept_text(d, pt_arena_strdup(d->arena, pt_format_count(text, n)));
}
