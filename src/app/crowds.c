#include "app/crowds.h"

#include <stdlib.h>

#include "app/crowd_scan.h"
#include "app/tag_for.h"
#include "index/tally.h"

/* counts[0]: members; counts[1..]: by code of the tally. */
static void count_block(void *ctx, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    counts[0] += pt_slice_kernels_best()->count(bits);
    if (ctx)
        pt_tally_block(ctx, counts + 1, bits, block, scratch);
}

/* `tally` NULL: only members are wanted. */
static pt_rc count(uint64_t *sums, pt_crowd_query *q, pt_tally *tally, pt_err *err)
{
    pt_crowd_visit visit = {.ctx = tally,
                            .n_counts = 1 + (tally ? pt_tally_size(tally) : 0),
                            .scratch = tally ? PT_TALLY_SCRATCH : 0,
                            .block = count_block};

    return pt_crowd_scan(sums, q, &visit, err);
}

/* --- parts ----------------------------------------------------------------------------------------------------------------- */

static int by_members(const void *left, const void *right)
{
    const pt_crowd_part *a = left, *b = right;

    if (a->members != b->members)
        return a->members > b->members ? -1 : 1;
    if (a->text.ptr && b->text.ptr)
        return pt_sv_cmp(a->text, b->text);
    return a->low < b->low ? -1 : a->low > b->low;
}

/* Numbers of many values: neighbours are put together, until about RANGES ranges of all customers are left. */
enum { MOST_VALUES = 20, RANGES = 10 };

static size_t join_values(pt_crowd_part *parts, size_t n)
{
    uint64_t all = 0, joined = 0;
    size_t kept = 0;

    if (n <= MOST_VALUES)
        return n;
    for (size_t i = 0; i < n; i++)
        all += parts[i].base;
    for (size_t i = 0; i < n; i++) {
        bool first = i == 0 || joined * RANGES / all != (joined - parts[i - 1].base) * RANGES / all;
        if (first) {
            parts[kept++] = parts[i];
        } else {
            parts[kept - 1].high = parts[i].high;
            parts[kept - 1].members += parts[i].members;
            parts[kept - 1].base += parts[i].base;
        }
        joined += parts[i].base;
    }
    return kept;
}

/* Of a list, counts[0] are those who have one: the others have none. */
static pt_rc make_parts(pt_crowd_count *out, const pt_tagindex *x, const pt_column *c, const uint64_t *members,
                        pt_arena *arena, pt_err *err)
{
    const uint64_t *base = pt_tagindex_counts(x);
    uint32_t codes = pt_tagindex_codes(x);
    pt_crowd_part *parts = PT_NEW_ARRAY(arena, pt_crowd_part, (size_t)codes + 1);
    bool list = pt_type_is_list(c->type), ordered = pt_tagindex_coding(x)->n > 0;
    uint64_t known = 0;
    size_t n = 0;

    if (!parts)
        return pt_fail_nomem(err, "a count");
    for (uint32_t code = 1; code <= codes; code++) {
        known += base[code];
        if (!members[code] && !ordered)
            continue;
        parts[n] = pt_crowd_value(x, c, code);
        parts[n].members = members[code];
        parts[n++].base = base[code];
    }
    if (ordered)
        n = join_values(parts, n);
    else if (n)
        qsort(parts, n, sizeof *parts, by_members);
    uint64_t missing = list ? out->members - members[0] : members[0];
    if (missing)
        parts[n++] =
            (pt_crowd_part){.missing = true, .members = missing, .base = out->customers - (list ? base[0] : known)};
    out->parts = parts;
    out->n_parts = n;
    return PT_OK;
}

static pt_rc count_by(pt_crowd_count *out, pt_crowd_query *q, uint32_t tag, pt_err *err)
{
    const pt_column *column;
    pt_tagindex *x;
    pt_tally *tally;

    PT_TRY(q->env.column(&column, q, tag, err));
    PT_TRY(pt_crowd_index(&x, q, tag, err));
    PT_TRY(pt_view_named(pt_tally_new(&tally, x, err), PT_FILE_INDEX, err));
    uint64_t *sums = PT_NEW_ARRAY(q->arena, uint64_t, pt_tally_size(tally) + 1);
    pt_rc rc = sums ? count(sums, q, tally, err) : pt_fail_nomem(err, "a count");
    pt_tally_free(tally);
    PT_TRY(rc);
    out->members = sums[0];
    return make_parts(out, x, column, sums + 1, q->arena, err);
}

pt_rc pt_app_count(pt_crowd_count *out, pt_app *app, pt_sv condition, pt_sv by, const pt_crowd_options *options,
                   pt_diags *diags, pt_arena *arena, pt_err *err)
{
    pt_crowd_query *q = PT_NEW(arena, pt_crowd_query);

    *out = (pt_crowd_count){.by = -1};
    if (!q)
        return pt_fail_nomem(err, "a count");
    PT_TRY(pt_crowd_query_open(q, app, condition, options, diags, arena, err));
    out->customers = q->view->n_customers;
    out->as_of = q->view->as_of;
    PT_TRY(pt_crowd_text(&out->text, q, err));
    if (!by.len)
        return count(&out->members, q, NULL, err);
    PT_TRY(pt_tag_named(&out->by, q->view->project, by, err));
    return count_by(out, q, (uint32_t)out->by, err);
}
