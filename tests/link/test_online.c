/* One record at a time gives what all at once give. */
#include "link/online.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/bounds_int.h"
#include "link/compete.h"
#include "link/learn.h"
#include "link/weigh.h"
#include "support/invented.h"
#include "support/test.h"

enum { RECORDS = 1500, MOST = 400, LEAST = -8 };

typedef struct fixture {
    pt_arena *arena;
    pt_pool *pool;
    pt_link_setup *setup;
    pt_link_model model;
    pt_link_blocks *blocks;
    pt_link_pair *pairs;
    size_t n_pairs, n_fields;
    const invented_field *fields;
    invented_record *records;
    pt_link_online *online;
    pt_link_query *query;
} fixture;

static const pt_sv *values_of(const fixture *f, uint32_t record)
{
    static _Thread_local pt_sv values[INVENTED_FIELDS];

    for (size_t i = 0; i < f->n_fields; i++)
        values[i] = pt_sv_of(f->records[record].text[i]);
    return values;
}

static void fill(fixture *f, invented_kind kind)
{
    invented *g = invented_new(kind, 2 * RECORDS, 5);
    pt_sv column[RECORDS];

    *f = (fixture){.arena = pt_arena_new(0)};
    f->records = PT_NEW_ARRAY(f->arena, invented_record, 2 * RECORDS);
    for (size_t i = 0; i < 2 * RECORDS;
         i++) /* records of one person come far apart: half of them are to be in the first half */
        CHECK(invented_next(g, &f->records[i / 2 + i % 2 * RECORDS]));
    invented_free(g);
    CHECK_INT(pt_pool_new(&f->pool, 2, NULL), PT_OK);
    f->setup = PT_NEW(f->arena, pt_link_setup);
    f->setup->table.arena = f->arena;
    CHECK_INT(pt_latin_open(&f->setup->latin, NULL), PT_OK);
    f->n_fields = invented_fields(&f->fields, kind);
    for (size_t i = 0; i < f->n_fields; i++) {
        for (size_t r = 0; r < RECORDS; r++)
            column[r] = pt_sv_of(f->records[r].text[i]);
        CHECK_INT(pt_link_add_field(f->setup, f->fields[i].name, f->fields[i].kind, column, RECORDS, NULL), PT_OK);
    }
    CHECK_INT(pt_link_set_up(f->setup, NULL), PT_OK);
    CHECK_INT(pt_link_learn(&f->model, f->setup, &(pt_link_training){.seed = 1, .pool = f->pool}, NULL), PT_OK);
    CHECK_INT(pt_link_blocks_new(&f->blocks, &f->setup->table.records, f->setup->rules, f->setup->n_rules, 5000,
                                 f->pool, NULL),
              PT_OK);
    CHECK_INT(
        pt_link_score(&f->pairs, &f->n_pairs, &f->model, &f->setup->table.records, f->blocks, LEAST, f->pool, NULL),
        PT_OK);
    CHECK_INT(pt_link_online_new(&f->online, f->setup, &f->model, f->blocks,
                                 &(pt_link_online_options){.queries = 2, .room = RECORDS, .least = LEAST}, f->pool,
                                 NULL),
              PT_OK);
    CHECK_INT(pt_link_query_new(&f->query, f->online, NULL), PT_OK);
}

static void empty(fixture *f)
{
    pt_link_query_free(f->query);
    pt_link_online_free(f->online);
    free(f->pairs);
    pt_link_blocks_free(f->blocks);
    pt_latin_free(f->setup->latin);
    pt_pool_free(f->pool);
    pt_arena_free(f->arena);
}

static const pt_link_pair *pair_of(const fixture *f, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < f->n_pairs; i++)
        if (f->pairs[i].a == (a < b ? a : b) && f->pairs[i].b == (a < b ? b : a))
            return &f->pairs[i];
    return NULL;
}

static size_t pairs_of(const fixture *f, uint32_t record)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n_pairs; i++)
        n += f->pairs[i].a == record || f->pairs[i].b == record;
    return n;
}

static void check_against_batch(invented_kind kind)
{
    fixture f;
    pt_link_match found[MOST];
    size_t n, matches = 0;

    fill(&f, kind);
    for (uint32_t r = 0; r < RECORDS; r += 3) {
        size_t others = 0;
        CHECK_INT(pt_link_resolve(f.query, values_of(&f, r), found, MOST, &n, NULL), PT_OK);
        CHECK(n < MOST);
        for (size_t i = 0; i < n; i++) {
            if (found[i].record == r)
                continue;
            const pt_link_pair *p = pair_of(&f, r, found[i].record);
            CHECK(p);
            CHECK((float)found[i].weight == p->weight);
            others++;
        }
        CHECK_INT(others, pairs_of(&f, r));
        matches += others;
    }
    CHECK(matches > RECORDS / 10);
    empty(&f);
}

TEST(link_online__western_records_have_the_weights_of_the_batch)
{
    check_against_batch(INVENTED_WESTERN);
}

TEST(link_online__chinese_records_have_the_weights_of_the_batch)
{
    check_against_batch(INVENTED_CHINESE);
}

static bool finds(fixture *f, uint32_t values, uint32_t record)
{
    pt_link_match found[MOST];
    size_t n;

    CHECK_INT(pt_link_resolve(f->query, values_of(f, values), found, MOST, &n, NULL), PT_OK);
    for (size_t i = 0; i < n; i++)
        if (found[i].record == record)
            return true;
    return false;
}

/* Whether enough is known of a record to find it again: the mail address. */
static bool is_told(const fixture *f, uint32_t record)
{
    return f->records[record].text[4][0] && f->records[record].text[2][0];
}

/* What the index says of records is what an index of them from the start says. */
TEST(link_online__changes_are_seen_and_leave_the_rest)
{
    fixture f;
    pt_link_match before[MOST], after[MOST];
    size_t n, m;
    uint32_t added[RECORDS];

    fill(&f, INVENTED_WESTERN);
    CHECK_INT(pt_link_resolve(f.query, values_of(&f, 7), before, MOST, &n, NULL), PT_OK);
    for (uint32_t i = 0; i < RECORDS / 3; i++) {
        CHECK_INT(pt_link_online_add(f.query, values_of(&f, RECORDS + i), &added[i], NULL), PT_OK);
        CHECK_INT(added[i], RECORDS + i);
        CHECK(!is_told(&f, RECORDS + i) || finds(&f, RECORDS + i, added[i]));
    }
    CHECK_INT(pt_link_online_change(f.query, added[0], values_of(&f, RECORDS + 900), NULL), PT_OK);
    CHECK(finds(&f, RECORDS + 900, added[0]));
    CHECK(!finds(&f, RECORDS, added[0]));
    for (uint32_t i = 0; i < RECORDS / 3; i++)
        CHECK_INT(pt_link_online_remove(f.query, added[i], NULL), PT_OK);
    CHECK_INT(pt_link_online_remove(f.query, added[1], NULL), PT_EINVAL);
    CHECK_INT(pt_link_online_change(f.query, 10 * RECORDS, values_of(&f, 1), NULL), PT_EINVAL);
    CHECK_INT(pt_link_resolve(f.query, values_of(&f, 7), after, MOST, &m, NULL), PT_OK);
    CHECK_INT(n, m);
    for (size_t i = 0; i < n; i++)
        CHECK(after[i].record == before[i].record && after[i].weight == before[i].weight);
    uint32_t told = RECORDS;
    while (!is_told(&f, told))
        told++;
    CHECK_INT(pt_link_online_add(f.query, values_of(&f, told), &added[0], NULL), PT_OK);
    CHECK(added[0] < RECORDS + RECORDS / 3 && finds(&f, told, added[0]));
    empty(&f);
}

TEST(link_online__full_is_said)
{
    fixture f;
    pt_link_query *second, *third;
    uint32_t record;
    size_t i = 0;

    fill(&f, INVENTED_WESTERN);
    CHECK_INT(pt_link_query_new(&second, f.online, NULL), PT_OK);
    CHECK_INT(pt_link_query_new(&third, f.online, NULL), PT_EINVAL);
    while (pt_link_online_add(second, values_of(&f, (uint32_t)i % (2 * RECORDS)), &record, NULL) == PT_OK)
        i++;
    CHECK_INT(i, RECORDS);
    pt_link_query_free(second);
    empty(&f);
}

TEST(link_online__takes_any_values)
{
    fixture f;
    pt_link_match found[4];
    pt_sv values[INVENTED_FIELDS];
    char *huge = malloc(100000);
    uint32_t record;
    size_t n;

    fill(&f, INVENTED_WESTERN);
    memset(huge, 'a', 100000);
    for (size_t i = 0; i < INVENTED_FIELDS; i++)
        values[i] = i % 2 ? (pt_sv){huge, 100000} : (pt_sv){"\xff\x00z", 3};
    CHECK_INT(pt_link_resolve(f.query, values, found, PT_COUNT(found), &n, NULL), PT_OK);
    CHECK_INT(pt_link_online_add(f.query, values, &record, NULL), PT_OK);
    CHECK_INT(pt_link_resolve(f.query, values, found, PT_COUNT(found), &n, NULL), PT_OK);
    memset(values, 0, sizeof values);
    CHECK_INT(pt_link_resolve(f.query, values, found, PT_COUNT(found), &n, NULL), PT_OK);
    CHECK_INT(n, 0);
    free(huge);
    empty(&f);
}

/* Against every pair weighed in full: none is lost, and each way of counting bits gives the same. */
TEST(link_bounds__hold_of_persons)
{
    enum { SOME = 300 };
    fixture f;
    link_weights weights;
    link_bounds *bounds;
    link_weigher *weigher;

    fill(&f, INVENTED_WESTERN);
    const pt_link_records *records = &f.setup->table.records;
    link_comparer *c = link_comparer_new(&f.model, records);
    CHECK_INT(link_weights_find(&weights, &f.model, records, NULL), PT_OK);
    CHECK_INT(link_bounds_new(&bounds, &f.model, records, &weights, f.pool, NULL), PT_OK);
    CHECK_INT(link_weigher_new(&weigher, &f.model, records, NULL), PT_OK);
    link_weigh_fn *ways[] = {link_weigh_plain(), link_weigh_popcnt() ? link_weigh_popcnt() : link_weigh_plain()};
    for (uint32_t a = 0; a < SOME; a++)
        for (uint32_t b = a + 1; b < SOME; b++) {
            double whole = link_weigh(weigher, a, b);
            for (size_t w = 0; w < PT_COUNT(ways); w++)
                for (double least = -20; least <= 10; least += 15) {
                    double weight = 0;
                    CHECK(ways[w](&weight, bounds, c, a, b, least) == (whole >= least));
                    CHECK(whole < least || weight == whole);
                }
        }
    link_weigher_free(weigher);
    link_bounds_free(bounds);
    link_weights_free(&weights);
    link_comparer_free(c);
    empty(&f);
}

enum { ASKED = 200 };

typedef struct askers {
    fixture *f;
    pt_link_query *queries[2];
    pt_link_match best[2][ASKED];
} askers;

static pt_rc ask_all(void *arg, size_t asker, unsigned worker, pt_err *err)
{
    askers *a = arg;

    (void)worker;
    for (uint32_t r = 0; r < ASKED; r++) {
        size_t n;
        PT_TRY(pt_link_resolve(a->queries[asker], values_of(a->f, r), &a->best[asker][r], 1, &n, err));
    }
    return PT_OK;
}

TEST(link_online__threads_ask_at_the_same_time)
{
    fixture f;
    askers a = {.f = &f};

    fill(&f, INVENTED_WESTERN);
    a.queries[0] = f.query;
    CHECK_INT(pt_link_query_new(&a.queries[1], f.online, NULL), PT_OK);
    CHECK_INT(pt_pool_run(f.pool, 2, ask_all, &a, NULL), PT_OK);
    for (size_t r = 0; r < ASKED; r++)
        CHECK(a.best[0][r].record == a.best[1][r].record && a.best[0][r].weight == a.best[1][r].weight);
    pt_link_query_free(a.queries[1]);
    empty(&f);
}

/* What else fits is not counted by the index: of whom the batch has joined, the best match is one of the group; whom it has left alone
 * for their rivals the index may find sure. */
static void check_best(invented_kind kind, double least_agree, double most_alone)
{
    static const double sure = 4.25; /* bits: 0.95 */
    static uint32_t group[RECORDS], size[RECORDS];
    uint32_t joined = 0, agree = 0, alone = 0, claimed = 0;
    pt_link_match found[2];
    pt_link_pair *pairs;
    size_t n;
    fixture f;

    fill(&f, kind);
    const pt_link_records *records = &f.setup->table.records;
    CHECK_INT(pt_link_propose(&pairs, &n, &f.model, records, f.blocks, NULL, sure, f.pool, NULL), PT_OK);
    CHECK_INT(pt_link_cluster(group, &f.model, records, NULL, pairs, n, sure, f.pool, NULL), PT_OK);
    free(pairs);
    memset(size, 0, sizeof size);
    for (uint32_t r = 0; r < RECORDS; r++)
        size[group[r]]++;
    for (uint32_t r = 0; r < RECORDS; r++) {
        CHECK_INT(pt_link_resolve(f.query, values_of(&f, r), found, PT_COUNT(found), &n, NULL), PT_OK);
        const pt_link_match *best = n && found[0].record == r ? &found[1] : &found[0];
        bool any = n > (size_t)(best - found);
        if (size[group[r]] > 1) {
            joined++;
            agree += any && group[best->record] == group[r];
        } else {
            alone++;
            claimed += any && best->weight >= sure;
        }
    }
    CHECK(joined > RECORDS / 5 && alone > RECORDS / 20);
    CHECK(agree >= least_agree * joined);
    CHECK(claimed <= most_alone * alone);
    empty(&f);
}

TEST(link_online__best_match_is_of_the_group_that_the_batch_makes)
{
    check_best(INVENTED_WESTERN, 0.995, 0.01);
    check_best(INVENTED_CHINESE, 0.995, 0.01);
}
