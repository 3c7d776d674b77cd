/* Competition between records against its definition, over persons who do not exist and are known by so little that several fit. */
#include "link/compete.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/learn.h"
#include "link/weigh.h"
#include "support/invented.h"
#include "support/test.h"

enum { RECORDS = 900, COLUMNS = 3, RIVALS = 16 };
#define AUTO 4.25 /* bits: probability 0.95 */
#define FAR (-1e3)

typedef struct contest {
    pt_arena *arena;
    pt_link_setup *setup;
    pt_link_model model;
    pt_link_blocks *blocks;
    uint32_t start[RECORDS];
    pt_link_known known;
} contest;

static void add_columns(contest *c, invented_kind kind)
{
    const invented_field *fields;
    pt_sv *values[COLUMNS];
    invented *g = invented_new(kind, RECORDS, 9);
    invented_record r;

    invented_fields(&fields, kind);
    for (size_t f = 0; f < COLUMNS; f++)
        values[f] = PT_NEW_ARRAY(c->arena, pt_sv, RECORDS);
    for (uint32_t i = 0; i < RECORDS && invented_next(g, &r); i++)
        for (size_t f = 0; f < COLUMNS; f++)
            values[f][i] = pt_sv_of(pt_arena_strdup(c->arena, r.text[f]));
    invented_free(g);
    for (size_t f = 0; f < COLUMNS; f++)
        CHECK_INT(pt_link_add_field(c->setup, fields[f].name, fields[f].kind, values[f], RECORDS, NULL), PT_OK);
}

static void prepare(contest *c, invented_kind kind)
{
    pt_arena *arena = pt_arena_new(0);
    pt_link_training t = {.seed = 1};

    *c = (contest){.arena = arena, .setup = PT_NEW(arena, pt_link_setup)};
    c->setup->table.arena = arena;
    CHECK_INT(pt_latin_open(&c->setup->latin, NULL), PT_OK);
    CHECK_INT(pt_pool_new(&t.pool, 2, NULL), PT_OK);
    add_columns(c, kind);
    CHECK_INT(pt_link_set_up(c->setup, NULL), PT_OK);
    CHECK_INT(pt_link_learn(&c->model, c->setup, &t, NULL), PT_OK);
    CHECK_INT(
        pt_link_blocks_new(&c->blocks, &c->setup->table.records, c->setup->rules, c->setup->n_rules, 0, t.pool, NULL),
        PT_OK);
    for (uint32_t i = 0; i < RECORDS; i++) /* some are together from the start */
        c->start[i] = i % 50 == 1 ? i - 1 : i;
    c->known = (pt_link_known){.start = c->start};
    pt_pool_free(t.pool);
}

static void finish(contest *c)
{
    pt_link_blocks_free(c->blocks);
    pt_latin_free(c->setup->latin);
    pt_arena_free(c->arena);
}

static pt_link_pair *propose(size_t *n, contest *c, double least, unsigned threads)
{
    pt_link_pair *pairs = NULL;
    pt_pool *pool;

    CHECK_INT(pt_pool_new(&pool, threads, NULL), PT_OK);
    CHECK_INT(pt_link_propose(&pairs, n, &c->model, &c->setup->table.records, c->blocks, &c->known, least, pool, NULL),
              PT_OK);
    pt_pool_free(pool);
    return pairs;
}

static const invented_kind kinds[] = {INVENTED_WESTERN, INVENTED_CHINESE};
static const double leasts[] = {-7, -3, -1, AUTO, 8};

/* A report that looks at weaker pairs shows the weights by which records were linked. */
TEST(link_compete__weights_are_the_same_whatever_is_asked_for)
{
    for (size_t kind = 0; kind < PT_COUNT(kinds); kind++) {
        contest c;
        size_t n_all, n;
        prepare(&c, kinds[kind]);
        pt_link_pair *all = propose(&n_all, &c, -10, 1);
        for (size_t k = 0; k < PT_COUNT(leasts); k++) {
            pt_link_pair *some = propose(&n, &c, leasts[k], 1 + (unsigned)k % 3);
            size_t at = 0;
            for (size_t i = 0; i < n_all; i++)
                if ((double)all[i].weight >= leasts[k]) {
                    CHECK(at < n && memcmp(&some[at], &all[i], sizeof *all) == 0);
                    at++;
                }
            CHECK_INT(at, n);
            CHECK(at > 0);
            free(some);
        }
        free(all);
        finish(&c);
    }
}

/* --- the definition ---------------------------------------------------------------------------------------------------------- */

typedef struct naive {
    pt_link_pair *pairs; /* all of the blocks, before competition */
    size_t n;
    float weights[RECORDS][RECORDS]; /* of pairs that compete; else FAR */
    uint32_t group[RECORDS], size[RECORDS];
    double gain;
    link_weigher *weigher;
} naive;

static void naive_gain(naive *x, double prior)
{
    double alone = 0, persons = 0;

    for (uint32_t a = 0; a < RECORDS; a++) {
        double none = 1;
        for (uint32_t b = 0; b < RECORDS; b++)
            none *= (double)x->weights[a][b] > FAR ? 1 - pt_link_probability((double)x->weights[a][b]) : 1;
        alone += none;
        persons += x->group[a] == a;
    }
    double odds = (1 - alone / RECORDS) / (alone / RECORDS);
    x->gain = fmin(fmax(log2(odds / persons / prior), 0), 6);
}

static void naive_new(naive *x, const contest *c)
{
    const pt_link_records *records = &c->setup->table.records;
    pt_pool *pool;

    CHECK_INT(pt_pool_new(&pool, 1, NULL), PT_OK);
    CHECK_INT(pt_link_score(&x->pairs, &x->n, &c->model, records, c->blocks, FAR, pool, NULL), PT_OK);
    CHECK_INT(pt_link_cluster(x->group, &c->model, records, &c->known, x->pairs, x->n, 6, pool, NULL), PT_OK);
    CHECK_INT(link_weigher_new(&x->weigher, &c->model, records, NULL), PT_OK);
    memset(x->size, 0, sizeof x->size);
    for (uint32_t a = 0; a < RECORDS; a++) {
        x->size[x->group[a]]++;
        for (uint32_t b = 0; b < RECORDS; b++)
            x->weights[a][b] = (float)FAR;
    }
    for (const pt_link_pair *p = x->pairs; p < x->pairs + x->n; p++)
        if ((double)p->weight >= -3)
            x->weights[p->a][p->b] = x->weights[p->b][p->a] = p->weight;
    naive_gain(x, c->model.prior);
    pt_pool_free(pool);
}

static void naive_free(naive *x)
{
    free(x->pairs);
    link_weigher_free(x->weigher);
}

/* The likeliest record of a group that was not asked yet, of equal ones the first; RECORDS: none. */
static uint32_t next_rival(const naive *x, uint32_t a, const bool *asked)
{
    uint32_t best = RECORDS;

    for (uint32_t r = 0; r < RECORDS; r++)
        if (!asked[x->group[r]] && (double)x->weights[a][r] > FAR &&
            (best == RECORDS || x->weights[a][r] > x->weights[a][best]))
            best = r;
    return best;
}

static double naive_rivals(const naive *x, uint32_t a, uint32_t b, double gain)
{
    bool asked[RECORDS] = {[0] = false};
    double sum = 0;

    asked[x->group[b]] = true;
    for (int k = 0; k < RIVALS; k++) {
        uint32_t r = next_rival(x, a, asked);
        if (r == RECORDS || (double)x->weights[a][r] + gain < -5)
            break;
        asked[x->group[r]] = true;
        if (link_weigh(x->weigher, b, r) + (double)x->weights[a][r] < 0)
            sum += exp2((double)x->weights[a][r] + gain);
    }
    return sum;
}

static double naive_weight(const naive *x, const pt_link_pair *p)
{
    uint32_t group = x->group[p->a], other = x->group[p->b];

    if (group == other)
        return (double)p->weight;
    double gain = x->size[group] == 1 || x->size[other] == 1 ? x->gain : 0;
    double against = naive_rivals(x, p->a, p->b, gain) + naive_rivals(x, p->b, p->a, gain);
    return (double)p->weight + gain - log2(1 + against);
}

TEST(link_compete__is_the_definition)
{
    static naive x;

    for (size_t kind = 0; kind < PT_COUNT(kinds); kind++) {
        contest c;
        size_t n, at = 0, lowered = 0, raised = 0;
        prepare(&c, kinds[kind]);
        naive_new(&x, &c);
        pt_link_pair *pairs = propose(&n, &c, -4, 2);
        for (const pt_link_pair *p = x.pairs; p < x.pairs + x.n; p++) {
            double weight = naive_weight(&x, p);
            bool found = at < n && pairs[at].a == p->a && pairs[at].b == p->b;
            CHECK(found == (weight >= -4) || fabs(weight + 4) < 1e-4);
            CHECK(!found || fabs((double)pairs[at].weight - weight) < 1e-4);
            lowered += found && weight < (double)p->weight - 0.01;
            raised += found && weight > (double)p->weight + 0.01;
            at += found;
        }
        CHECK_INT(at, n);
        CHECK(lowered >= 10 && raised >= 100);
        free(pairs);
        naive_free(&x);
        finish(&c);
    }
}
