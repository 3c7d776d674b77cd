#include "link/learn.h"

#include <stdlib.h>

#include "link/blocks.h"

/* The share of pairs of one person that the sure rules are taken to find: most records of a person have a name and a birth date or a
 * phone, spelt alike. */
#define SURE_RECALL 0.7

typedef struct sure_count {
    const pt_link_records *records;
    uint64_t *by_part;
} sure_count;

static void count_pair(void *ctx, unsigned worker, size_t part, uint32_t a, uint32_t b)
{
    sure_count *c = ctx;

    (void)worker;
    c->by_part[part] += pt_link_tells(c->records, a, b);
}

static pt_rc count_telling(uint64_t *pairs, pt_link_blocks *b, const pt_link_records *records,
                           const pt_link_training *t, pt_err *err)
{
    sure_count count = {.records = records};
    link_walk walk = {
        .blocks = b, .end_rule = link_blocks_rules(b), .ctx = &count, .visit = count_pair, .pool = t->pool};
    size_t parts = link_walk_parts(&walk);

    *pairs = 0;
    if (!(count.by_part = pt_zalloc(parts + 1, sizeof *count.by_part)))
        return pt_fail_nomem(err, "pairs of records");
    pt_rc rc = link_walk_run(&walk, err);
    for (size_t i = 0; i < parts; i++)
        *pairs += count.by_part[i];
    free(count.by_part);
    return rc;
}

/* Distinct pairs of the sure rules. */
static pt_rc count_sure(uint64_t *pairs, const pt_link_setup *s, const pt_link_training *t, pt_err *err)
{
    pt_link_blocks *b;

    PT_TRY(pt_link_blocks_new(&b, &s->table.records, s->sure, s->n_sure, t->largest_block, t->pool, err));
    pt_rc rc = count_telling(pairs, b, &s->table.records, t, err);
    pt_link_blocks_free(b);
    return rc;
}

static pt_rc learn_m(pt_link_model *model, const pt_link_setup *s, const pt_link_training *t, pt_err *err)
{
    pt_link_blocks *b;

    PT_TRY(pt_link_blocks_new(&b, &s->table.records, s->training, s->n_training, t->largest_block, t->pool, err));
    pt_rc rc = pt_link_learn_m(model, &s->table.records, b, t, err);
    pt_link_blocks_free(b);
    return rc;
}

pt_rc pt_link_learn(pt_link_model *model, pt_link_setup *s, const pt_link_training *t, pt_err *err)
{
    uint64_t sure;

    *model = (pt_link_model){.n_comparisons = s->n_fields, .comparisons = s->comparisons};
    PT_TRY(pt_link_check(model, &s->table.records, err));
    pt_link_preset(model);
    PT_TRY(count_sure(&sure, s, t, err));
    model->prior =
        t->prior > 0 ? t->prior : pt_link_prior(sure, t->recall > 0 ? t->recall : SURE_RECALL, &s->table.records);
    PT_TRY(pt_link_learn_u(model, &s->table.records, t, err));
    return learn_m(model, s, t, err);
}
