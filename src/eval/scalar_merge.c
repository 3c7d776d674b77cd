/* What several sources say of one thing, made one value: merge_newest, merge_trusted, merge_frequent, merge_precedence,
 * merge_all. Arguments are candidates of three each: a value, the instant it was said, how far it is trusted.
 * docs/merge.md says which wins. */
#include <stdlib.h>

#include "eval/scalar.h"

#define NO_CHOICE UINT32_MAX

typedef struct candidates {
    const pt_column *const *args;
    uint32_t n; /* candidates */
    size_t row;
} candidates;

static const pt_column *value_of(const candidates *c, uint32_t k)
{
    return c->args[3 * k];
}

static bool says_nothing(const candidates *c, uint32_t k)
{
    return pt_column_missing(value_of(c, k), c->row);
}

/* Without a time: from the beginning. */
static int64_t time_of(const candidates *c, uint32_t k)
{
    return ((const int64_t *)c->args[3 * k + 1]->data)[c->row];
}

/* Trust that is missing is none. */
static double trust_of(const candidates *c, uint32_t k)
{
    double trust = ((const double *)c->args[3 * k + 2]->data)[c->row];

    return isnan(trust) ? 0 : trust;
}

static bool agree(const candidates *c, uint32_t a, uint32_t b)
{
    return row_compare(value_of(c, a), c->row, value_of(c, b), c->row) == 0;
}

/* --- which wins --------------------------------------------------------------------------------------------------------- */

/* Above zero when a goes before b. */
static int by_time(const candidates *c, uint32_t a, uint32_t b)
{
    return (time_of(c, a) > time_of(c, b)) - (time_of(c, a) < time_of(c, b));
}

static int by_trust(const candidates *c, uint32_t a, uint32_t b)
{
    return (trust_of(c, a) > trust_of(c, b)) - (trust_of(c, a) < trust_of(c, b));
}

static int newest_first(const candidates *c, uint32_t a, uint32_t b)
{
    int order = by_time(c, a, b);

    return order ? order : by_trust(c, a, b);
}

static int trusted_first(const candidates *c, uint32_t a, uint32_t b)
{
    int order = by_trust(c, a, b);

    return order ? order : by_time(c, a, b);
}

static int listed_first(const candidates *c, uint32_t a, uint32_t b)
{
    (void)c;
    return (a < b) - (a > b);
}

/* The candidate that goes before all others; of equals the first listed. */
static uint32_t first_by(const candidates *c, int (*order)(const candidates *c, uint32_t a, uint32_t b))
{
    uint32_t best = NO_CHOICE;

    for (uint32_t k = 0; k < c->n; k++)
        if (!says_nothing(c, k) && (best == NO_CHOICE || order(c, k, best) > 0))
            best = k;
    return best;
}

/* Sums of trust must not depend on the order of the sources: they are added from the greatest down. */
static double sum_of(double *trusts, uint32_t n)
{
    double sum = 0;

    for (uint32_t i = 1; i < n; i++) {
        double v = trusts[i];
        uint32_t at = i;
        for (; at > 0 && trusts[at - 1] < v; at--)
            trusts[at] = trusts[at - 1];
        trusts[at] = v;
    }
    for (uint32_t i = 0; i < n; i++)
        sum += trusts[i];
    return sum;
}

/* How many candidates say what k says, and how far they are trusted together. */
static uint32_t votes_for(const candidates *c, uint32_t k, double *trust)
{
    double trusts[PT_MERGE_MOST];
    uint32_t n = 0;

    for (uint32_t j = 0; j < c->n; j++)
        if (!says_nothing(c, j) && agree(c, j, k))
            trusts[n++] = trust_of(c, j);
    *trust = sum_of(trusts, n);
    return n;
}

/* Most votes; then most trust in all who gave them; then the newest vote; then the first listed. */
static uint32_t most_frequent(const candidates *c)
{
    uint32_t best = NO_CHOICE, best_votes = 0;
    double best_trust = 0;

    for (uint32_t k = 0; k < c->n; k++) {
        if (says_nothing(c, k))
            continue;
        double trust;
        uint32_t votes = votes_for(c, k, &trust);
        bool better = best == NO_CHOICE || votes > best_votes || (votes == best_votes && trust > best_trust);
        if (better || (votes == best_votes && trust == best_trust && newest_first(c, k, best) > 0)) {
            best = k;
            best_votes = votes;
            best_trust = trust;
        }
    }
    return best;
}

static uint32_t winner(pt_fn fn, const candidates *c)
{
    switch (fn) {
    case PT_FN_MERGE_NEWEST: return first_by(c, newest_first);
    case PT_FN_MERGE_TRUSTED: return first_by(c, trusted_first);
    case PT_FN_MERGE_FREQUENT: return most_frequent(c);
    default: return first_by(c, listed_first);
    }
}

static RUNNER(run_merge)
{
    candidates c = {args, op->n_args / 3, 0};

    if (!pt_grow(&out->choice, &out->choice_cap, n ? n : 1, sizeof *out->choice)) {
        e->nomem = true;
        return;
    }
    for (; c.row < n; c.row++) {
        uint32_t k = winner(op->node->u.fn, &c);
        out->choice[c.row] = k == NO_CHOICE ? NO_CHOICE : 3 * k;
    }
    take_chosen(e, op, out, args, n);
}

/* --- all of them ---------------------------------------------------------------------------------------------------------- */

typedef struct said {
    uint32_t code;
    uint32_t by; /* candidates */
    int64_t newest;
    double trust;
} said;

typedef struct union_run {
    pt_eval *e;
    slot *out;
    candidates c;
    said *said;
    size_t n, cap;
} union_run;

static bool add_said(union_run *u, uint32_t code, uint32_t k)
{
    if (!pt_grow(&u->said, &u->cap, u->n + 1, sizeof *u->said))
        return false;
    u->said[u->n++] = (said){code, k, time_of(&u->c, k), trust_of(&u->c, k)};
    return true;
}

static bool collect_row(union_run *u)
{
    const candidates *c = &u->c;

    u->n = 0;
    for (uint32_t k = 0; k < c->n; k++) {
        const pt_column *value = value_of(c, k);
        code_memo *memo = &u->out->memos[3 * k];
        if (says_nothing(c, k))
            continue;
        bool list = pt_type_is_list(value->type);
        uint64_t i = list ? value->offsets[c->row] : c->row, end = list ? value->offsets[c->row + 1] : c->row + 1;
        for (; i < end; i++)
            if (!add_said(u, slot_translate(u->e, u->out, memo, value, i), k))
                return false;
    }
    return true;
}

static int by_code_then_trust(const void *left, const void *right)
{
    const said *a = left, *b = right;

    if (a->code != b->code)
        return a->code < b->code ? -1 : 1;
    return (a->trust < b->trust) - (a->trust > b->trust);
}

static int heaviest_first(const void *left, const void *right, void *dict)
{
    const said *a = left, *b = right;

    if (a->trust != b->trust)
        return a->trust > b->trust ? -1 : 1;
    if (a->newest != b->newest)
        return a->newest > b->newest ? -1 : 1;
    return pt_sv_cmp(pt_dict_text(dict, a->code), pt_dict_text(dict, b->code));
}

/* One entry a text, its trusts added; texts nobody is trusted to say are left out. */
static void join_equal(union_run *u)
{
    size_t kept = 0;

    qsort(u->said, u->n, sizeof *u->said, by_code_then_trust);
    for (size_t i = 0; i < u->n; i++) {
        said *last = kept ? &u->said[kept - 1] : NULL;
        if (last && last->code == u->said[i].code) {
            last->trust += u->said[i].trust;
            last->newest = u->said[i].newest > last->newest ? u->said[i].newest : last->newest;
        } else {
            u->said[kept++] = u->said[i];
        }
    }
    u->n = 0;
    for (size_t i = 0; i < kept; i++)
        if (u->said[i].trust > 0)
            u->said[u->n++] = u->said[i];
    if (u->n > 1)
        qsort_r(u->said, u->n, sizeof *u->said, heaviest_first, (void *)u->out->col.dict);
}

static bool put_row(union_run *u, size_t n)
{
    slot *out = u->out;
    size_t row = u->c.row, at = (size_t)out->offsets[row];

    if (!slot_list_room(u->e, out, n, at + u->n, true))
        return false;
    for (size_t i = 0; i < u->n; i++) {
        ((uint32_t *)out->data)[at + i] = u->said[i].code;
        out->weights[at + i] = u->said[i].trust;
    }
    out->absent[row] = u->n == 0;
    out->offsets[row + 1] = at + u->n;
    return true;
}

static bool memos_ready(union_run *u, uint32_t n_args)
{
    for (uint32_t k = 0; k < u->c.n; k++)
        if (!slot_memo(u->e, u->out, 3 * k, n_args, value_of(&u->c, k)->dict))
            return false;
    return true;
}

static RUNNER(run_merge_all)
{
    union_run u = {.e = e, .out = out, .c = {args, op->n_args / 3, 0}};
    bool ok = slot_absent(e, out, n) && slot_list_room(e, out, n, 0, true) && memos_ready(&u, op->n_args);

    if (ok)
        out->offsets[0] = 0;
    for (; ok && u.c.row < n; u.c.row++) {
        ok = collect_row(&u);
        if (ok && u.n)
            join_equal(&u);
        ok = ok && put_row(&u, n);
    }
    if (!ok)
        e->nomem = true;
    free(u.said);
}

op_run merge_runner(pt_fn fn)
{
    switch (fn) {
    case PT_FN_MERGE_NEWEST:
    case PT_FN_MERGE_TRUSTED:
    case PT_FN_MERGE_FREQUENT:
    case PT_FN_MERGE_PRECEDENCE: return run_merge;
    case PT_FN_MERGE_ALL: return run_merge_all;
    default: return NULL;
    }
}
