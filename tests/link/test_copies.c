/* Rows of one account, copied from one another, teach nothing: the model is that of the accounts. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/learn.h"
#include "support/invented.h"
#include "support/test.h"

enum { ACCOUNTS = 1200, COPIES = 3 };

typedef struct learned {
    pt_arena *arena;
    pt_link_setup *setup;
    pt_pool *pool;
    pt_link_model model;
    pt_err err;
} learned;

/* The values of each record, `copies` times, one after the other. */
static pt_rc add_fields(learned *x, uint32_t copies)
{
    const invented_field *fields;
    size_t n_fields = invented_fields(&fields, INVENTED_WESTERN);
    invented *g = invented_new(INVENTED_WESTERN, ACCOUNTS, 3);
    pt_sv *values = PT_NEW_ARRAY(x->arena, pt_sv, n_fields * ACCOUNTS * copies);
    invented_record r;
    pt_rc rc = PT_OK;

    for (uint32_t i = 0; i < ACCOUNTS && invented_next(g, &r); i++)
        for (size_t f = 0; f < n_fields; f++)
            for (uint32_t c = 0; c < copies; c++)
                values[(f * ACCOUNTS + i) * copies + c] = pt_sv_of(pt_arena_strdup(x->arena, r.text[f]));
    invented_free(g);
    for (size_t f = 0; f < n_fields && rc == PT_OK; f++)
        rc = pt_link_add_field(x->setup, fields[f].name, fields[f].kind, values + f * ACCOUNTS * copies,
                               ACCOUNTS * copies, &x->err);
    return rc;
}

static uint32_t *accounts_of(pt_arena *arena, uint32_t copies)
{
    uint32_t *account = PT_NEW_ARRAY(arena, uint32_t, ACCOUNTS * copies);

    for (uint32_t i = 0; i < ACCOUNTS * copies; i++)
        account[i] = i / copies;
    return account;
}

/* u from all pairs, m from all of a rule: nothing is drawn. */
static pt_rc learn(learned *x, uint32_t copies, bool as_accounts)
{
    pt_link_training t = {.seed = 1, .random_pairs = UINT64_C(1) << 40, .most_pairs = UINT64_C(1) << 40};

    *x = (learned){.arena = pt_arena_new(0)};
    x->setup = PT_NEW(x->arena, pt_link_setup);
    x->setup->table.arena = x->arena;
    PT_TRY(pt_latin_open(&x->setup->latin, &x->err));
    PT_TRY(pt_pool_new(&x->pool, 2, &x->err));
    t.pool = x->pool;
    PT_TRY(add_fields(x, copies));
    PT_TRY(pt_link_set_up(x->setup, &x->err));
    if (as_accounts)
        x->setup->table.records.account = accounts_of(x->arena, copies);
    return pt_link_learn(&x->model, x->setup, &t, &x->err);
}

static void finish(learned *x)
{
    pt_pool_free(x->pool);
    pt_latin_free(x->setup->latin);
    pt_arena_free(x->arena);
}

/* Of what many pairs tell: of addresses against other names so few do that the five believed before count. */
static double largest_change(const pt_link_model *x, const pt_link_model *y)
{
    double most = 0;

    for (size_t k = 0; k < x->n_comparisons; k++)
        for (uint32_t l = 0; !x->comparisons[k].crossed && l <= x->comparisons[k].n_levels; l++)
            most = fmax(most, fmax(fabs(x->m[k][l] - y->m[k][l]), fabs(x->u[k][l] - y->u[k][l])));
    return most;
}

/* Pairs are as many times more as there are pairs of copies, so that what is added to counts (5 and 0.5 pairs) weighs a little less. */
TEST(link_copies__teach_nothing)
{
    learned once, copied, naive;

    CHECK_INT(learn(&once, 1, false), PT_OK);
    CHECK_INT(learn(&copied, COPIES, true), PT_OK);
    CHECK_INT(learn(&naive, COPIES, false), PT_OK);
    CHECK_INT(once.model.n_comparisons, copied.model.n_comparisons);
    CHECK(fabs(copied.model.prior / once.model.prior - 1) < 1e-12);
    CHECK(largest_change(&once.model, &copied.model) < 0.02);
    CHECK(naive.model.prior > 1.5 * once.model.prior);
    CHECK(largest_change(&once.model, &naive.model) > 0.05);
    finish(&once);
    finish(&copied);
    finish(&naive);
}

TEST(link_copies__an_account_of_one_row_is_a_record)
{
    learned plain, single;

    CHECK_INT(learn(&plain, 1, false), PT_OK);
    CHECK_INT(learn(&single, 1, true), PT_OK);
    CHECK(plain.model.prior == single.model.prior);
    CHECK(largest_change(&plain.model, &single.model) == 0);
    finish(&plain);
    finish(&single);
}
