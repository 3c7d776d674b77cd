#include "link/count.h"

#include "link/blocks.h"

static pt_rc meet(pt_link_counts *out, const pt_link_setup *s, pt_link_blocks *b, pt_pool *pool, pt_err *err)
{
    link_walk walk = {.blocks = b, .end_rule = s->n_rules, .pool = pool};

    for (size_t r = 0; r < s->n_rules; r++)
        out->sum += pt_link_blocks_report(b, r)->pairs;
    out->distinct = out->sum <= PT_LINK_COUNTED_MOST;
    if (out->distinct)
        PT_TRY(link_walk_run(&walk, err));
    for (size_t r = 0; r < s->n_rules; r++) {
        out->rules[r] = *pt_link_blocks_report(b, r);
        out->total += out->distinct ? out->rules[r].new_pairs : 0;
    }
    return PT_OK;
}

pt_rc pt_link_count(pt_link_counts *out, const pt_link_setup *s, uint64_t largest, pt_pool *pool, pt_err *err)
{
    pt_link_blocks *b;

    *out = (pt_link_counts){0};
    PT_TRY(pt_link_blocks_new(&b, &s->table.records, s->rules, s->n_rules, largest, pool, err));
    pt_rc rc = meet(out, s, b, pool, err);
    pt_link_blocks_free(b);
    return rc;
}
