#include "link/learn.h"

#include "link/blocks.h"

/* The share of pairs of one person that the sure rules are taken to find: most records of a person have a name and a birth date or a
 * phone, spelt alike. */
#define SURE_RECALL 0.7

/* Distinct pairs of the sure rules. */
static pt_rc count_sure(uint64_t *pairs, const pt_link_setup *s, const pt_link_training *t, pt_err *err)
{
    pt_link_blocks *b;

    PT_TRY(pt_link_blocks_new(&b, &s->table.records, s->sure, s->n_sure, t->largest_block, t->pool, err));
    pt_rc rc = link_walk_run(&(link_walk){.blocks = b, .end_rule = s->n_sure, .pool = t->pool}, err);
    *pairs = 0;
    for (size_t r = 0; r < s->n_sure; r++)
        *pairs += pt_link_blocks_report(b, r)->new_pairs;
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
