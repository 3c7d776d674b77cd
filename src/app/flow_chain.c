#include "app/flow_chain.h"

#include "model/markov.h"

/* Customers who begin with a value and end with one. The last value of a flow is none. */
static uint64_t row_total(const pt_flow *f, size_t from)
{
    uint64_t sum = 0;

    for (size_t to = 0; to + 1 < f->n; to++)
        sum += f->counts[from * f->n + to];
    return sum;
}

typedef struct chain {
    double *p, *stay, *now, *long_run, *passage;
    size_t *values;
} chain;

static bool allocate(chain *c, size_t n, pt_arena *arena)
{
    c->p = PT_NEW_ARRAY(arena, double, n *n);
    c->passage = PT_NEW_ARRAY(arena, double, n *n);
    c->stay = PT_NEW_ARRAY(arena, double, n);
    c->now = PT_NEW_ARRAY(arena, double, n);
    c->long_run = PT_NEW_ARRAY(arena, double, n);
    c->values = PT_NEW_ARRAY(arena, size_t, n);
    return c->p && c->passage && c->stay && c->now && c->long_run && c->values;
}

/* Values that nobody starts with lead nowhere that is known: customers who come to them are taken to stay. */
static void fill_shares(chain *c, const pt_flow *f, size_t n)
{
    uint64_t all = 0;

    for (size_t i = 0; i < n; i++) {
        uint64_t total = row_total(f, c->values[i]);
        for (size_t j = 0; j < n; j++) {
            uint64_t moved = f->counts[c->values[i] * f->n + c->values[j]];
            c->p[i * n + j] = total ? (double)moved / (double)total : i == j;
            c->now[j] += (double)moved;
            all += moved;
        }
        c->stay[i] = c->p[i * n + i] < 1 ? 1 / (1 - c->p[i * n + i]) : (double)INFINITY;
    }
    for (size_t j = 0; j < n; j++)
        c->now[j] /= (double)all;
}

static pt_rc work_out(chain *c, size_t n, pt_arena *arena, pt_err *err)
{
    double *steps = PT_NEW_ARRAY(arena, double, n);

    if (!steps)
        return pt_fail_nomem(err, "the flow");
    PT_TRY(pt_markov_long_run(c->long_run, c->p, c->now, n, err));
    for (size_t to = 0; to < n; to++) {
        PT_TRY(pt_markov_first_passage(steps, c->p, n, to, err));
        for (size_t i = 0; i < n; i++)
            c->passage[i * n + to] = steps[i];
    }
    return PT_OK;
}

pt_rc pt_flow_chain_of(pt_flow_chain *out, const pt_flow *f, pt_arena *arena, pt_err *err)
{
    size_t n = 0;
    chain c;

    *out = (pt_flow_chain){.step = f->to.as_of - f->from.as_of};
    if (f->n < 2 || out->step <= 0)
        return PT_OK;
    if (!allocate(&c, f->n, arena))
        return pt_fail_nomem(err, "the flow");
    for (size_t i = 0; i + 1 < f->n; i++) {
        uint64_t met = row_total(f, i);
        for (size_t from = 0; from + 1 < f->n; from++)
            met += f->counts[from * f->n + i];
        if (met)
            c.values[n++] = i;
    }
    if (n < 2)
        return PT_OK;
    fill_shares(&c, f, n);
    PT_TRY(work_out(&c, n, arena, err));
    *out = (pt_flow_chain){n, c.values, out->step, c.p, c.stay, c.now, c.long_run, c.passage};
    return PT_OK;
}
