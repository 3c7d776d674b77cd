#include "app/linking.h"

#include <math.h>
#include <stdlib.h>

#include "app/clock.h"
#include "app/linking_int.h"
#include "app/linking_rules.h"
#include "base/pool_stop.h"
#include "base/roots.h"
#include "link/compete.h"
#include "link/learn.h"
#include "link/split.h"
#include "link/supervise.h"

/* Records of a block from which it is left to other rules: what so many share says little, and its pairs grow with the square. */
enum { LARGEST_BLOCK = 5000 };

enum { SEED = 1, RANDOM_PAIRS = 2000000 };

static double bits_of(double probability)
{
    probability = fmin(probability, 1 - 1e-12);
    return log2(probability / (1 - probability));
}

const char *pt_linking_step_name(pt_linking_step step)
{
    static const char *const names[] = {"records", "learning", "pairs", "groups"};

    return names[step];
}

/* --- steps ------------------------------------------------------------------------------------------------------------------- */

typedef pt_rc step_fn(pt_linking *l, const pt_linking_options *options, pt_err *err);

static bool is_fired(const void *cancel)
{
    return pt_cancel_fired(cancel);
}

/* With a request to stop reaching into loops. */
static pt_rc run_stoppable(pt_linking *l, step_fn *fn, const pt_linking_options *options, pt_err *err)
{
    pt_pool_stop_when(options->pool, is_fired, options->cancel);
    pt_rc rc = fn(l, options, err);
    pt_pool_stop_when(options->pool, NULL, NULL);
    return rc;
}

static pt_rc run_step(pt_linking *l, pt_linking_step step, step_fn *fn, const pt_linking_options *options, pt_err *err)
{
    double began = pt_clock_seconds();

    PT_TRY(pt_cancel_check(options->cancel, err));
    if (options->report)
        options->report(options->report_ctx, step, false, l);
    PT_TRY(run_stoppable(l, fn, options, err));
    l->seconds[step] = pt_clock_seconds() - began;
    if (options->report)
        options->report(options->report_ctx, step, true, l);
    return pt_cancel_check(options->cancel, err);
}

/* --- reading ----------------------------------------------------------------------------------------------------------------- */

uint64_t pt_linking_largest_block(const pt_linking *l)
{
    return l->project->link->largest_block ? l->project->link->largest_block : LARGEST_BLOCK;
}

static void close_latin(void *latin)
{
    pt_latin_free(latin);
}

/* Rows of one source with one strongest identifier: records are in this order. */
static pt_rc number_accounts(pt_linking *l, pt_err *err)
{
    uint32_t *account = PT_NEW_ARRAY(l->arena, uint32_t, (size_t)l->n + 1);

    if (!account)
        return pt_fail_nomem(err, "records to compare");
    for (uint32_t i = 0; i < l->n; i++) {
        bool same = i && l->source[i] == l->source[i - 1] && l->type[i] == l->type[i - 1] &&
                    l->identifier[i] == l->identifier[i - 1];
        account[i] = same ? account[i - 1] : i;
    }
    l->setup.table.records.account = account;
    return PT_OK;
}

static pt_rc set_up(pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    pt_rc rc = pt_latin_open(&l->setup.latin, err);

    if (rc == PT_OK && !pt_arena_defer(l->arena, close_latin, l->setup.latin)) {
        pt_latin_free(l->setup.latin);
        rc = pt_fail_nomem(err, "records to compare");
    }
    l->setup.table.arena = l->arena;
    l->setup.table.stop = is_fired;
    l->setup.table.stop_ctx = options->cancel;
    l->setup.table.pool = options->pool;
    for (size_t f = 0; rc == PT_OK && f < l->n_fields; f++)
        rc = pt_link_add_coded_field(&l->setup, l->fields[f].name, l->fields[f].kind,
                                     pt_intern_dict(l->fields[f].texts), l->fields[f].codes, l->n, err);
    PT_TRY(rc);
    PT_TRY(number_accounts(l, err));
    PT_TRY(linking_set_never(l, err));
    PT_TRY(pt_link_set_up(&l->setup, err));
    PT_TRY(linking_apply_rules(l, err));
    for (size_t r = 0; r < l->setup.n_rules; r++)
        PT_TRY(pt_link_split(&l->setup, &l->setup.rules[r], pt_linking_largest_block(l), err));
    return PT_OK;
}

static pt_rc read_with(pt_linking *l, pt_conn *c, const pt_linking_options *options, pt_err *err)
{
    double began = pt_clock_seconds();

    if (options->report)
        options->report(options->report_ctx, PT_LINKING_READ, false, l);
    PT_TRY(linking_choose(l, err));
    PT_TRY(linking_read_rows(l, c, options, err));
    PT_TRY(linking_drop_idle(l, err));
    PT_TRY(pt_cancel_check(options->cancel, err));
    pt_rc rc = set_up(l, options, err);
    l->setup.table.pool = NULL; /* which is the caller's */
    PT_TRY(rc);
    PT_TRY(linking_find_starts(l, c, options, err));
    l->seconds[PT_LINKING_READ] = pt_clock_seconds() - began;
    if (options->report)
        options->report(options->report_ctx, PT_LINKING_READ, true, l);
    return pt_cancel_check(options->cancel, err);
}

pt_rc pt_linking_read(pt_linking **out, const pt_project *p, pt_conn *c, const pt_linking_options *options, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_linking *l = arena ? PT_NEW(arena, pt_linking) : NULL;
    pt_rc rc;

    *out = NULL;
    if (!l) {
        pt_arena_free(arena);
        return pt_fail_nomem(err, "records to compare");
    }
    *l = (pt_linking){.project = p,
                      .arena = arena,
                      .automatic = p->link->auto_from,
                      .review = p->link->review_from,
                      .used_before = linking_memory_used()};
    rc = read_with(l, c, options, err);
    if (rc == PT_OK)
        *out = l;
    else
        pt_linking_free(l);
    return rc;
}

void pt_linking_free(pt_linking *l)
{
    if (!l)
        return;
    free(l->pairs);
    pt_arena_free(l->arena);
}

/* --- learning ---------------------------------------------------------------------------------------------------------------- */

static pt_rc train(pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    const pt_link_config *c = l->project->link;
    pt_link_training t = {.seed = SEED,
                          .random_pairs = RANDOM_PAIRS,
                          .recall = c->recall,
                          .prior = c->prior,
                          .largest_block = pt_linking_largest_block(l),
                          .pool = options->pool};

    PT_TRY(pt_link_learn(&l->model, &l->setup, &t, err));
    return l->n_same ? pt_link_learn_labels(&l->model, &l->setup.table.records, l->same, l->n_same, err) : PT_OK;
}

pt_rc pt_linking_train(pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    return run_step(l, PT_LINKING_TRAIN, train, options, err);
}

/* --- pairs ------------------------------------------------------------------------------------------------------------------- */

static bool is_open(const pt_linking *l, uint32_t a, uint32_t b)
{
    return a != b && !l->pinned[a] && !l->pinned[b];
}

/* Pairs that equal identifiers join are no question, nor are those of customers that only people change. */
static void keep_open_pairs(pt_linking *l)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->n_pairs; i++)
        if (is_open(l, l->start[l->pairs[i].a], l->start[l->pairs[i].b]))
            l->pairs[kept++] = l->pairs[i];
    l->n_pairs = kept;
}

static pt_rc score(pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    const pt_link_records *records = &l->setup.table.records;
    pt_link_blocks *b;

    if (!(l->blocks = PT_NEW_ARRAY(l->arena, pt_link_block_report, l->setup.n_rules + 1)))
        return pt_fail_nomem(err, "pairs of records");
    PT_TRY(linking_check_memory(l, options, err));
    PT_TRY(pt_link_blocks_new(&b, records, l->setup.rules, l->setup.n_rules, pt_linking_largest_block(l), options->pool,
                              err));
    free(l->pairs);
    l->pairs = NULL;
    pt_rc rc = pt_link_propose(&l->pairs, &l->n_pairs, &l->model, records, b, &(pt_link_known){.start = l->start},
                               bits_of(l->review), options->pool, err);
    for (size_t r = 0; r < l->setup.n_rules; r++)
        l->blocks[r] = *pt_link_blocks_report(b, r);
    pt_link_blocks_free(b);
    if (rc == PT_OK)
        keep_open_pairs(l);
    return rc;
}

pt_rc pt_linking_score(pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    return run_step(l, PT_LINKING_SCORE, score, options, err);
}

/* --- groups ------------------------------------------------------------------------------------------------------------------ */

static pt_rc group(pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    pt_link_known known = {
        .start = l->start, .never = l->never, .n_never = l->n_never, .apart = l->apart, .n_apart = l->n_apart};

    l->group = PT_NEW_ARRAY(l->arena, uint32_t, (size_t)l->n + 1);
    if (!l->group)
        return pt_fail_nomem(err, "groups of records");
    return pt_link_cluster(l->group, &l->model, &l->setup.table.records, &known, l->pairs, l->n_pairs,
                           bits_of(l->automatic), options->pool, err);
}

pt_rc pt_linking_group(pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    return run_step(l, PT_LINKING_GROUP, group, options, err);
}

pt_rc pt_linking_run(pt_linking **out, const pt_project *p, pt_conn *c, const pt_linking_options *options, pt_err *err)
{
    pt_linking *l;

    PT_TRY(pt_linking_read(&l, p, c, options, err));
    pt_rc rc = pt_linking_train(l, options, err);
    if (rc == PT_OK)
        rc = pt_linking_score(l, options, err);
    if (rc == PT_OK)
        rc = pt_linking_group(l, options, err);
    if (rc != PT_OK) {
        pt_linking_free(l);
        l = NULL;
    }
    *out = l;
    return rc;
}

/* --- records ----------------------------------------------------------------------------------------------------------------- */

pt_sv pt_linking_identifier(const pt_linking *l, uint32_t record, uint32_t *type)
{
    *type = l->type[record];
    return pt_dict_text(pt_intern_dict(l->identifiers), l->identifier[record]);
}

pt_sv pt_linking_value(const pt_linking *l, uint32_t record, size_t field)
{
    const pt_linking_field *f = &l->fields[field];

    return f->codes[record] ? pt_dict_text(pt_intern_dict(f->texts), f->codes[record]) : (pt_sv){0};
}

pt_rc pt_linking_find(const uint32_t **records, size_t *n, const pt_linking *l, int type, pt_sv value, pt_arena *arena,
                      pt_err *err)
{
    uint32_t code = pt_intern_find(l->identifiers, value), *found;
    size_t count = 0;

    for (uint32_t i = 0; code && i < l->n; i++)
        count += l->identifier[i] == code && (type < 0 || l->type[i] == type);
    if (!(found = PT_NEW_ARRAY(arena, uint32_t, count)))
        return pt_fail_nomem(err, "records of a customer");
    *records = found;
    *n = count;
    for (uint32_t i = 0; count && i < l->n; i++)
        if (l->identifier[i] == code && (type < 0 || l->type[i] == type))
            *found++ = i;
    return PT_OK;
}

/* --- edges ------------------------------------------------------------------------------------------------------------------- */

/* Of pairs in order of strength those that join what stronger ones have not. */
static size_t keep_spanning(pt_link_pair *pairs, size_t n, uint32_t *parent)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t a = pt_root(parent, pairs[i].a), b = pt_root(parent, pairs[i].b);
        if (a == b)
            continue;
        parent[a < b ? b : a] = a < b ? a : b;
        pairs[kept++] = pairs[i];
    }
    return kept;
}

pt_rc pt_linking_edges(const pt_link_pair **out, size_t *n, const pt_linking *l, pt_arena *arena, pt_err *err)
{
    pt_link_pair *edges = PT_NEW_ARRAY(arena, pt_link_pair, l->n_pairs);
    uint32_t *parent = pt_alloc64((size_t)l->n + 1, sizeof *parent);
    double least = bits_of(l->automatic);

    *n = 0;
    if (!edges || !parent) {
        free(parent);
        return pt_fail_nomem(err, "links between records");
    }
    for (size_t i = 0; i < l->n_pairs; i++)
        if ((double)l->pairs[i].weight >= least && l->group[l->pairs[i].a] == l->group[l->pairs[i].b])
            edges[(*n)++] = l->pairs[i];
    qsort(edges, *n, sizeof *edges, pt_link_by_strength);
    memcpy(parent, l->start, l->n * sizeof *parent);
    *n = keep_spanning(edges, *n, parent);
    qsort(edges, *n, sizeof *edges, pt_link_by_records);
    *out = edges;
    free(parent);
    return PT_OK;
}

/* A pair and the groups that its records are of, the smaller number first. */
typedef struct between {
    uint32_t first, second;
    pt_link_pair pair;
} between;

static int by_groups(const void *p, const void *q)
{
    const between *x = p, *y = q;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->second != y->second)
        return x->second < y->second ? -1 : 1;
    return pt_link_by_strength(&x->pair, &y->pair);
}

/* Groups that hold a pair about which people have decided that it is two persons. */
static bool is_decided(const pt_linking *l, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < l->n_apart; i++) {
        uint32_t x = l->group[l->apart[i].a], y = l->group[l->apart[i].b];
        if ((x == a && y == b) || (x == b && y == a))
            return true;
    }
    return false;
}

pt_rc pt_linking_likely(const pt_link_pair **out, size_t *n, const pt_linking *l, pt_arena *arena, pt_err *err)
{
    between *all = pt_alloc64(l->n_pairs + 1, sizeof *all);
    pt_link_pair *kept = PT_NEW_ARRAY(arena, pt_link_pair, l->n_pairs);
    size_t open = 0;

    *n = 0;
    if (!all || !kept) {
        free(all);
        return pt_fail_nomem(err, "links between records");
    }
    for (size_t i = 0; i < l->n_pairs; i++) {
        uint32_t a = l->group[l->pairs[i].a], b = l->group[l->pairs[i].b];
        if (a != b)
            all[open++] = (between){a < b ? a : b, a < b ? b : a, l->pairs[i]};
    }
    qsort(all, open, sizeof *all, by_groups);
    for (size_t i = 0; i < open; i++)
        if ((!i || all[i].first != all[i - 1].first || all[i].second != all[i - 1].second) &&
            !is_decided(l, all[i].first, all[i].second))
            kept[(*n)++] = all[i].pair;
    qsort(kept, *n, sizeof *kept, pt_link_by_records);
    *out = kept;
    free(all);
    return PT_OK;
}

enum { RULE_NAMES = 3 };
#define SPEAKS 1.0 /* bits from which a comparison is named */

static double speaks(const pt_link_evidence *e, size_t k)
{
    return e->level[k] == PT_LINK_NULL || !e->counts[k] ? 0 : e->weight[k] + e->frequency[k];
}

pt_rc pt_linking_rule(char **out, const pt_linking *l, pt_link_explainer *x, uint32_t a, uint32_t b, pt_arena *arena,
                      pt_err *err)
{
    pt_link_evidence e;
    pt_str text = {0};
    bool named[PT_LINK_COMPARISONS_MAX] = {false};

    pt_link_explain_next(&e, x, a, b);
    for (int i = 0; i < RULE_NAMES; i++) {
        size_t best = PT_LINK_COMPARISONS_MAX;
        for (size_t k = 0; k < l->model.n_comparisons; k++)
            if (!named[k] && speaks(&e, k) >= SPEAKS &&
                (best == PT_LINK_COMPARISONS_MAX || speaks(&e, k) > speaks(&e, best)))
                best = k;
        if (best == PT_LINK_COMPARISONS_MAX)
            break;
        named[best] = true;
        pt_str_addf(&text, "%s%s", text.len ? "+" : "", l->model.comparisons[best].name);
    }
    *out = text.failed ? NULL : pt_arena_strndup(arena, pt_str_cstr(&text), text.len);
    pt_str_free(&text);
    return *out ? PT_OK : pt_fail_nomem(err, "links between records");
}
