/* merge_newest and its like once more: candidates are put in order, and the first is taken. */
#include <stdlib.h>

#include "support/naive_int.h"

typedef struct candidate {
    const cell *value;
    int64_t time;
    double trust, trust_together;
    uint32_t votes, place;
} candidate;

static double greatest_below(const double *trusts, uint32_t n, double below, uint32_t *times)
{
    double best = -INFINITY;

    for (uint32_t i = 0; i < n; i++)
        if (trusts[i] < below && trusts[i] > best)
            best = trusts[i];
    *times = 0;
    for (uint32_t i = 0; i < n; i++)
        *times += trusts[i] == best;
    return best;
}

/* Added from the greatest down. */
static double sum_down(const double *trusts, uint32_t n)
{
    double sum = 0, at = INFINITY;
    uint32_t times;

    for (uint32_t done = 0; done < n; done += times) {
        at = greatest_below(trusts, n, at, &times);
        for (uint32_t i = 0; i < times; i++)
            sum += at;
    }
    return sum;
}

static int order_of(double a, double b)
{
    return (a > b) - (a < b);
}

static bool goes_before(pt_fn fn, const candidate *a, const candidate *b)
{
    int time = (a->time > b->time) - (a->time < b->time), trust = order_of(a->trust, b->trust);
    int votes = (a->votes > b->votes) - (a->votes < b->votes),
        together = order_of(a->trust_together, b->trust_together);
    int newest[] = {time, trust}, trusted[] = {trust, time}, frequent[] = {votes, together, time, trust};
    int *keys = fn == PT_FN_MERGE_NEWEST ? newest : fn == PT_FN_MERGE_TRUSTED ? trusted : frequent;
    int n = fn == PT_FN_MERGE_PRECEDENCE ? 0 : fn == PT_FN_MERGE_FREQUENT ? 4 : 2;

    for (int i = 0; i < n; i++)
        if (keys[i])
            return keys[i] > 0;
    return a->place < b->place;
}

static uint32_t read_candidates(naive *n, candidate **out, const cell *a, uint32_t n_args)
{
    candidate *c = PT_NEW_ARRAY(n->arena, candidate, n_args / 3);
    uint32_t found = 0;

    for (uint32_t k = 0; k < n_args / 3; k++) {
        const cell *value = &a[3 * k], *time = &a[3 * k + 1], *trust = &a[3 * k + 2];
        if (!value->missing)
            c[found++] = (candidate){.value = value,
                                     .time = time->missing ? INT64_MIN : time->i64,
                                     .trust = trust->missing ? 0 : trust->number,
                                     .place = k};
    }
    *out = c;
    return found;
}

static void count_votes(naive *n, candidate *c, uint32_t found)
{
    double *trusts = PT_NEW_ARRAY(n->arena, double, found);

    for (uint32_t i = 0; i < found; i++) {
        c[i].votes = 0;
        for (uint32_t j = 0; j < found; j++)
            if (naive_compare(c[i].value, c[j].value) == 0)
                trusts[c[i].votes++] = c[j].trust;
        c[i].trust_together = sum_down(trusts, c[i].votes);
    }
}

cell naive_merge_one(naive *n, pt_fn fn, pt_type type, const cell *a, uint32_t n_args)
{
    candidate *c;
    uint32_t found = read_candidates(n, &c, a, n_args), best = 0;

    if (!found)
        return cell_missing(type);
    if (fn == PT_FN_MERGE_FREQUENT)
        count_votes(n, c, found);
    for (uint32_t i = 1; i < found; i++)
        best = goes_before(fn, &c[i], &c[best]) ? i : best;
    return *c[best].value;
}

/* --- all ---------------------------------------------------------------------------------------------------------- */

typedef struct item {
    pt_sv text;
    double weight;
    int64_t newest;
} item;

static bool has_text(const cell *value, pt_sv text)
{
    if (!pt_type_is_list(value->type))
        return pt_sv_eq(value->text, text);
    for (size_t i = 0; i < value->n; i++)
        if (pt_sv_eq(value->items[i], text))
            return true;
    return false;
}

static item item_of(naive *n, const candidate *c, uint32_t found, pt_sv text)
{
    double *trusts = PT_NEW_ARRAY(n->arena, double, found);
    item it = {.text = text, .newest = INT64_MIN};
    uint32_t k = 0;

    for (uint32_t i = 0; i < found; i++) {
        if (!has_text(c[i].value, text))
            continue;
        trusts[k++] = c[i].trust;
        it.newest = c[i].time > it.newest ? c[i].time : it.newest;
    }
    it.weight = sum_down(trusts, k);
    return it;
}

static int heaviest(const void *left, const void *right)
{
    const item *a = left, *b = right;
    int weight = order_of(b->weight, a->weight), time = (b->newest > a->newest) - (b->newest < a->newest);

    return weight ? weight : time ? time : pt_sv_cmp(a->text, b->text);
}

static bool is_new(const item *items, size_t n, pt_sv text)
{
    for (size_t i = 0; i < n; i++)
        if (pt_sv_eq(items[i].text, text))
            return false;
    return true;
}

cell naive_merge_all(naive *n, const cell *a, uint32_t n_args)
{
    candidate *c;
    uint32_t found = read_candidates(n, &c, a, n_args);
    cell out = {.type = PT_TYPE_WEIGHTED};
    size_t most = 0, kept = 0;

    for (uint32_t i = 0; i < found; i++)
        most += pt_type_is_list(c[i].value->type) ? c[i].value->n : 1;
    item *items = PT_NEW_ARRAY(n->arena, item, most);
    for (uint32_t i = 0; i < found; i++) {
        bool list = pt_type_is_list(c[i].value->type);
        for (size_t k = 0; k < (list ? c[i].value->n : 1); k++) {
            pt_sv text = list ? c[i].value->items[k] : c[i].value->text;
            item it = item_of(n, c, found, text);
            if (it.weight > 0 && is_new(items, kept, text))
                items[kept++] = it;
        }
    }
    if (!kept)
        return cell_missing(PT_TYPE_WEIGHTED);
    qsort(items, kept, sizeof *items, heaviest);
    out.items = PT_NEW_ARRAY(n->arena, pt_sv, kept);
    out.weights = PT_NEW_ARRAY(n->arena, double, kept);
    for (size_t i = 0; i < kept; i++, out.n++) {
        out.items[i] = items[i].text;
        out.weights[i] = items[i].weight;
    }
    return out;
}
