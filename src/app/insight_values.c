/* What is told of each value of each tag: counts, contrasts, and what is kept back because it is of too few. */
#include <stdlib.h>

#include "app/insight_int.h"
#include "app/tag_for.h"

/* --- information ------------------------------------------------------------------------------------------------------------ */

static double bits(double p, double q)
{
    return p > 0 ? p * log2(p / q) : 0;
}

/* Kullback-Leibler: of the share that the interval leaves at least, against the base's. A value that may well be as frequent
 * as usual tells nothing, however far its TGI is from 100. */
double pt_insight_information(const pt_contrast *c)
{
    double base = fmax(c->base_share, 0.5 / ((double)c->base + 1)), least = (double)NAN;

    if (isnan(c->low) || isnan(c->high) || base >= 1)
        return 0;
    if (c->low > 100)
        least = c->low;
    else if (c->high < 100)
        least = c->high;
    else
        return 0;
    double share = fmin(1, base * least / 100);
    double told = fmax(0, bits(share, base) + bits(1 - share, 1 - base));
    return least > 100 ? told : -told;
}

/* --- few -------------------------------------------------------------------------------------------------------------------- */

static bool few(uint64_t n, uint64_t least)
{
    return n > 0 && n < least;
}

/* One value before it is told: how many of the segment and of the rest have it. */
typedef struct tell {
    pt_insight_value value;
    uint64_t with, rest;
    size_t place; /* its own order: of tiers, of codes */
    bool hidden;
} tell;

typedef struct tells {
    tell *items;
    size_t n;
    uint64_t known, rest_known;
} tells;

static void hide_next(tells *t, bool *found)
{
    tell *smallest = NULL;

    for (size_t i = 0; i < t->n; i++) {
        tell *v = &t->items[i];
        if (!v->hidden && (!smallest || v->with + v->rest < smallest->with + smallest->rest))
            smallest = v;
    }
    *found = smallest != NULL;
    if (smallest)
        smallest->hidden = true;
}

/* Values that exclude each other add up to those who are known: one hidden value, or several of few customers in all, would
 * follow from the others. Further ones are hidden until they do not. */
static void protect_sum(tells *t, uint64_t least)
{
    for (bool more = true; more;) {
        size_t hidden = 0;
        uint64_t with = 0, rest = 0;
        for (size_t i = 0; i < t->n; i++) {
            hidden += t->items[i].hidden;
            with += t->items[i].hidden ? t->items[i].with : 0;
            rest += t->items[i].hidden ? t->items[i].rest : 0;
        }
        more = hidden == 1 || few(with, least) || few(rest, least);
        if (more)
            hide_next(t, &more);
    }
}

static void hide_few(tells *t, bool exclusive, uint64_t least)
{
    for (size_t i = 0; i < t->n; i++) {
        tell *v = &t->items[i];
        v->hidden = few(v->with, least) || few(v->rest, least);
        if (!exclusive) /* of an item those without it are a group as well */
            v->hidden |= few(t->known - v->with, least) || few(t->rest_known - v->rest, least);
    }
    if (exclusive)
        protect_sum(t, least);
}

/* --- texts ------------------------------------------------------------------------------------------------------------------ */

static pt_sv text_of(const insight_source *s, uint32_t code)
{
    static const pt_sv bools[] = {{"false", 5}, {"true", 4}};

    return s->column->type == PT_TYPE_BOOL ? bools[code - 1] : pt_dict_text(s->column->dict, code);
}

/* Tiers have the order that the project gives them; true stands before false. */
static size_t place_of(const insight_source *s, const insight_run *r, pt_sv text, uint32_t code)
{
    const pt_lang_tag *tag = &r->query->view->project->catalog.tags[s->tag];

    if (s->column->type == PT_TYPE_BOOL)
        return 2 - code;
    for (size_t i = 0; i < tag->n_tiers; i++)
        if (pt_sv_eq(pt_sv_of(tag->tiers[i].label), text))
            return i;
    return tag->n_tiers;
}

enum { MOST_STEPS = 30 }; /* of more values the most frequent come first: they are names, not steps of a scale */

static bool has_digit(pt_sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (pt_is_digit(text.ptr[i]))
            return true;
    return false;
}

/* "18-24", "25-34", "5+": texts with numbers in all of them stand in the order of these. */
static pt_rc order_steps(tells *t, insight_run *r, const insight_source *s, pt_err *err)
{
    pt_sv *texts = PT_NEW_ARRAY(r->arena, pt_sv, t->n);
    uint32_t *rank = PT_NEW_ARRAY(r->arena, uint32_t, t->n);

    if (!texts || !rank)
        return pt_fail_nomem(err, "an insight");
    for (size_t i = 0; i < t->n; i++) {
        texts[i] = t->items[i].value.text;
        if (s->list || t->n > MOST_STEPS || !has_digit(texts[i]))
            return PT_OK;
    }
    PT_TRY(pt_tag_order(rank, r->query->view->project, s->tag, texts, t->n, r->arena, err));
    for (size_t i = 0; i < t->n; i++)
        t->items[i].place = rank[i];
    return PT_OK;
}

static int by_place(const void *left, const void *right)
{
    const tell *a = left, *b = right;

    if (a->place != b->place)
        return a->place < b->place ? -1 : 1;
    if (a->with + a->rest != b->with + b->rest)
        return a->with + a->rest > b->with + b->rest ? -1 : 1;
    return pt_sv_cmp(a->value.text, b->value.text);
}

static pt_rc list_texts(tells *out, insight_run *r, const insight_source *s, const insight_sides *sides, pt_err *err)
{
    const uint64_t *with = sides->segment_counts + s->at, *rest = sides->counts + s->at;
    uint32_t codes = pt_tagindex_codes(s->index);

    if (!(out->items = PT_NEW_ARRAY(r->arena, tell, codes)))
        return pt_fail_nomem(err, "an insight");
    for (uint32_t c = 1; c <= codes; c++) {
        if (!s->list) {
            out->known += with[c];
            out->rest_known += rest[c];
        }
        if (with[c] + rest[c] == 0)
            continue;
        tell *t = &out->items[out->n++];
        *t = (tell){.with = with[c], .rest = rest[c]};
        t->value = (pt_insight_value){.text = text_of(s, c), .closed = true, .from = c, .to = c};
        t->place = place_of(s, r, t->value.text, c);
    }
    if (s->list) {
        out->known = with[0];
        out->rest_known = rest[0];
    }
    PT_TRY(order_steps(out, r, s, err));
    if (out->n)
        qsort(out->items, out->n, sizeof *out->items, by_place);
    return PT_OK;
}

/* --- ranges ----------------------------------------------------------------------------------------------------------------- */

/* From edge `from` to edge `to`. A range that holds one value only is that value; whole numbers end before the next edge. */
static pt_insight_value range_of(const insight_source *s, size_t from, size_t to)
{
    const pt_coding *g = pt_tagindex_coding(s->index);
    bool open = to == s->n_edges;
    pt_insight_value v = {.from = from ? s->edges[from - 1] : INT64_MIN, .to = open ? INT64_MAX : s->edges[to] - 1};
    uint32_t first = pt_coding_find(g, v.from), next = open ? g->n + 1 : pt_coding_find(g, s->edges[to]);

    v.low = from ? pt_insight_number(s, v.from) : -(double)INFINITY;
    v.high = open ? (double)INFINITY : pt_insight_number(s, s->edges[to]);
    if (next == first + 1 && g->lows[first - 1] == g->highs[first - 1]) {
        v.low = v.high = pt_insight_number(s, g->lows[first - 1]);
        v.closed = true;
    } else if (s->whole && !open && from) {
        v.high -= 1;
        v.closed = true;
    }
    return v;
}

/* A range of too few is joined with the smaller of its neighbours, so that nothing of a distribution is lost. */
static size_t smaller_neighbour(const tells *t, size_t i)
{
    if (i == 0 || i + 1 == t->n)
        return i == 0 ? 1 : i - 1;
    const tell *a = &t->items[i - 1], *b = &t->items[i + 1];
    return a->with + a->rest <= b->with + b->rest ? i - 1 : i + 1;
}

static void join_few(tells *t, const insight_source *s, uint64_t least)
{
    for (size_t i = 0; i < t->n && t->n > 1;) {
        if (!few(t->items[i].with, least) && !few(t->items[i].rest, least)) {
            i++;
            continue;
        }
        size_t other = smaller_neighbour(t, i), a = i < other ? i : other;
        t->items[a].with += t->items[a + 1].with;
        t->items[a].rest += t->items[a + 1].rest;
        t->items[a].value.to = t->items[a + 1].value.to;
        memmove(&t->items[a + 1], &t->items[a + 2], (t->n - a - 2) * sizeof *t->items);
        t->n--;
        i = 0;
    }
    for (size_t i = 0; i < t->n; i++) { /* until now places of edges */
        pt_insight_value *v = &t->items[i].value;
        *v = range_of(s, (size_t)v->from, (size_t)v->to);
    }
}

static pt_rc list_ranges(tells *out, insight_run *r, const insight_source *s, const insight_numbers *numbers,
                         pt_err *err)
{
    if (!(out->items = PT_NEW_ARRAY(r->arena, tell, s->n_edges + 1)))
        return pt_fail_nomem(err, "an insight");
    for (uint32_t i = 0; i <= s->n_edges; i++) {
        out->items[i] = (tell){.value = {.from = i, .to = i}, .with = numbers->with[i], .rest = numbers->rest[i]};
        out->known += numbers->with[i];
        out->rest_known += numbers->rest[i];
    }
    out->n = pt_tagindex_codes(s->index) ? s->n_edges + 1 : 0;
    join_few(out, s, r->least);
    if (out->n == 1) /* all in one: nothing is told by it */
        out->n = 0;
    return PT_OK;
}

/* --- a tag ------------------------------------------------------------------------------------------------------------------ */

static pt_contrast contrast(uint64_t with, uint64_t members, uint64_t rest_with, uint64_t rest, bool apart)
{
    pt_contrast c = {.with = with, .members = members, .base_with = rest_with, .base = rest, .apart = apart};

    if (!apart) {
        c.base_with += with;
        c.base += members;
    }
    pt_contrast_fill(&c);
    return c;
}

static pt_rc tell_values(pt_insight_tag *out, const tells *t, insight_run *r, bool apart, pt_err *err)
{
    pt_insight_value *values = PT_NEW_ARRAY(r->arena, pt_insight_value, t->n);

    if (!values)
        return pt_fail_nomem(err, "an insight");
    out->values = values;
    for (size_t i = 0; i < t->n; i++) {
        const tell *v = &t->items[i];
        out->hidden += v->hidden;
        if (v->hidden)
            continue;
        values[out->n_values] = v->value;
        values[out->n_values].contrast = contrast(v->with, t->known, v->rest, t->rest_known, apart);
        values[out->n_values].information = pt_insight_information(&values[out->n_values].contrast);
        out->information = fmax(out->information, fabs(values[out->n_values++].information));
    }
    return PT_OK;
}

static pt_rc tell_numbers(pt_insight_tag *out, tells *t, insight_run *r, const insight_source *s,
                          const insight_sides *sides, pt_err *err)
{
    insight_numbers numbers;

    PT_TRY(pt_insight_measure(&numbers, r, s, sides, err));
    out->ordered = true;
    out->segment = numbers.segment;
    out->base = numbers.base;
    out->effect = numbers.effect;
    return list_ranges(t, r, s, &numbers, err);
}

static pt_rc tell_tag(pt_insight_tag *out, insight_run *r, const insight_source *s, const insight_sides *sides,
                      pt_err *err)
{
    tells t = {0};

    *out = (pt_insight_tag){.tag = s->tag, .state = s->state, .definition = s->definition};
    if (s->state != PT_INSIGHT_TOLD)
        return PT_OK;
    if (s->ordered)
        PT_TRY(tell_numbers(out, &t, r, s, sides, err));
    else
        PT_TRY(list_texts(&t, r, s, sides, err));
    out->known = t.known;
    out->base_known = t.rest_known + (sides->apart ? 0 : t.known);
    if (few(t.known, r->least) || few(t.rest_known, r->least)) {
        *out = (pt_insight_tag){.tag = s->tag, .state = PT_INSIGHT_FEW, .definition = s->definition};
        return PT_OK;
    }
    hide_few(&t, !s->list, r->least);
    out->missing = contrast(sides->segment->n - t.known, sides->segment->n, sides->rest->n - t.rest_known,
                            sides->rest->n, sides->apart);
    return tell_values(out, &t, r, sides->apart, err);
}

/* Asked all at once, values are judged all at once. Those of the definition by themselves: they differ for certain, and would let
 * chance among the others pass for a finding. */
static pt_rc correct(pt_insight_tag *tags, insight_run *r, bool definition, pt_err *err)
{
    size_t n = 0;

    for (size_t i = 0; i < r->out->n_tags; i++)
        n += tags[i].n_values;
    pt_contrast **all = PT_NEW_ARRAY(r->arena, pt_contrast *, n), **sorted = PT_NEW_ARRAY(r->arena, pt_contrast *, n);
    if (!all || !sorted)
        return pt_fail_nomem(err, "an insight");
    n = 0;
    for (size_t i = 0; i < r->out->n_tags; i++)
        for (size_t v = 0; v < tags[i].n_values && tags[i].definition == definition; v++)
            all[n++] = (pt_contrast *)&tags[i].values[v].contrast; /* made above, in this arena */
    pt_contrast_correct(sorted, all, n);
    return PT_OK;
}

pt_rc pt_insight_describe(pt_insight_tag *out, insight_run *r, const insight_sides *sides, pt_err *err)
{
    for (size_t i = 0; i < r->out->n_tags; i++)
        PT_TRY(tell_tag(&out[i], r, &r->sources[i], sides, err));
    PT_TRY(correct(out, r, true, err));
    return correct(out, r, false, err);
}
