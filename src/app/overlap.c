/* How segments lie over each other: the sizes of all regions of their diagram. */
#include "app/crowd_query.h"
#include "app/memberships.h"
#include "app/segments.h"

typedef struct overlap_run {
    pt_crowd_query query;
    const uint64_t *bits[PT_OVERLAP_MOST];
    pt_overlap *out;
} overlap_run;

static pt_rc find_members(overlap_run *r, size_t at, pt_sv condition, pt_diags *diags, pt_err *err)
{
    const pt_project *p = r->query.view->project;
    int segment = pt_project_find_segment(p, pt_sv_trim(condition));
    const pt_node *node;
    uint64_t *bits;
    pt_crowd *crowd;

    if (segment >= 0) {
        r->out->segments[at] = &p->segments[segment];
        return pt_crowd_segment(&r->bits[at], &r->query, (uint32_t)segment, err);
    }
    PT_TRY(pt_crowd_parse(&node, &r->query, condition, diags, err));
    PT_TRY(pt_crowd_plan(&crowd, &r->query, node, err));
    PT_TRY(pt_crowd_bits(&bits, &r->query, crowd, err));
    r->bits[at] = bits;
    return PT_OK;
}

/* Splits `left` by the segments from `at` on; `pattern` says in which of those before them it is. */
static void split(overlap_run *r, size_t word, uint64_t left, size_t at, unsigned pattern)
{
    if (!left)
        return;
    if (at == r->out->n) {
        r->out->regions[pattern] += (uint64_t)__builtin_popcountll(left);
        return;
    }
    split(r, word, left & r->bits[at][word], at + 1, pattern | 1U << at);
    split(r, word, left & ~r->bits[at][word], at + 1, pattern);
}

static void count_regions(overlap_run *r)
{
    pt_overlap *o = r->out;
    uint64_t some = 0;

    for (size_t word = 0; word < pt_members_words(r->query.view->n_ordinals); word++) {
        uint64_t any = 0;
        for (size_t i = 0; i < o->n; i++)
            any |= r->bits[i][word];
        split(r, word, any, 0, 0);
    }
    for (unsigned pattern = 1; pattern < 1U << o->n; pattern++) {
        some += o->regions[pattern];
        for (size_t i = 0; i < o->n; i++)
            for (size_t k = 0; k < o->n; k++)
                o->both[i][k] += pattern >> i & 1 && pattern >> k & 1 ? o->regions[pattern] : 0;
    }
    for (size_t i = 0; i < o->n; i++)
        o->members[i] = o->both[i][i];
    o->regions[0] = o->customers - some;
}

pt_rc pt_app_overlap(pt_overlap *out, pt_app *app, const pt_sv *conditions, size_t n, const pt_crowd_options *options,
                     pt_diags *diags, pt_arena *arena, pt_err *err)
{
    overlap_run *r = PT_NEW(arena, overlap_run);

    *out = (pt_overlap){.n = n};
    if (!r)
        return pt_fail_nomem(err, "the segments");
    if (n < 2 || n > PT_OVERLAP_MOST) {
        pt_fail(err, PT_EINVAL, "an overlap is of two to six segments");
        return pt_err_hint(err, "portrait segment overlap A B C");
    }
    PT_TRY(pt_crowd_query_open(&r->query, app, PT_SV(""), options, diags, arena, err));
    r->out = out;
    out->customers = r->query.view->n_customers;
    out->as_of = r->query.view->as_of;
    for (size_t i = 0; i < n; i++) {
        if (!(out->texts[i] = pt_arena_strndup(arena, conditions[i].ptr, conditions[i].len)))
            return pt_fail_nomem(err, "the segments");
        PT_TRY(find_members(r, i, conditions[i], diags, err));
    }
    count_regions(r);
    return PT_OK;
}
