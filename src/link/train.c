/* Learning the probabilities of levels: u from random pairs, m by expectation and maximisation (Winkler 1988) over the patterns of
 * pairs that a blocking rule brings together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/rng.h"
#include "link/blocks.h"
#include "link/patterns.h"
#include "link/sign.h"
#include "link/sum.h"

enum { RANDOM_PAIRS = 1000000, ITERATIONS = 25, MOST_PAIRS = 1000000, RANDOM_PART = 1 << 15 };
#define CONVERGENCE 1e-4
/* Comparisons that a session needs: from one alone persons cannot be told from chance. */
enum { LEAST_TOLD = 2 };
/* Random pairs that each level is taken to have been seen at before any was looked at: a level that they never show is rare, not
 * impossible. */
#define SEEN_BEFORE 0.5
/* Pairs of one person that are taken to have been seen before, spread as the preset says: few pairs say little. */
#define BELIEVED 5.0

/* --- presets ----------------------------------------------------------------------------------------------------------------- */

/* The first level that says anything. */
static uint32_t first_level(const pt_link_comparison *x)
{
    uint32_t level = 0;

    while (pt_link_is_silent(x, level))
        level++;
    return level;
}

/* Levels that say something, "different" among them. */
static uint32_t count_speaking(const pt_link_comparison *x)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i <= x->n_levels; i++)
        n += !pt_link_is_silent(x, i);
    return n;
}

/* 0.9 of one level, the rest spread over the others. */
static double preset(const pt_link_comparison *x, uint32_t level, uint32_t main)
{
    if (pt_link_is_silent(x, level))
        return 0;
    uint32_t n = count_speaking(x);
    return n == 1 ? 1 : level == main ? 0.9 : 0.1 / (n - 1);
}

/* Before any learning: persons mostly agree with themselves, and what is not equal is spread evenly. */
void pt_link_preset(pt_link_model *model)
{
    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        model->trained[k] = false;
        for (uint32_t i = 0; i <= x->n_levels; i++) {
            model->m[k][i] = preset(x, i, first_level(x));
            model->u[k][i] = preset(x, i, x->n_levels);
        }
    }
}

/* --- u ----------------------------------------------------------------------------------------------------------------------- */

typedef struct level_counts {
    uint64_t n[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1];
} level_counts;

typedef struct sampling {
    const pt_link_model *model;
    const pt_link_records *records;
    uint64_t pairs, seed;
    bool all; /* every pair once, rather than pairs drawn at random */
    link_comparer **comparers;
    level_counts *counts; /* by worker: sums of whole numbers, which come out the same in any order */
} sampling;

/* Pair number i of all pairs, row by row of the triangle below the diagonal: (1,0) (2,0) (2,1) (3,0) ... */
static void pair_number(uint64_t i, uint32_t *a, uint32_t *b)
{
    uint64_t row = (uint64_t)((1 + sqrt(8.0 * (double)i + 1)) / 2);

    while (row * (row - 1) / 2 > i)
        row--;
    while ((row + 1) * row / 2 <= i)
        row++;
    *a = (uint32_t)row;
    *b = (uint32_t)(i - row * (row - 1) / 2);
}

static void count_level(const sampling *s, unsigned worker, size_t k, uint32_t a, uint32_t b)
{
    uint8_t level = pt_link_tells(s->records, a, b) ? link_level(s->comparers[worker], k, a, b) : PT_LINK_NULL;

    if (level != PT_LINK_NULL)
        s->counts[worker].n[k][level]++;
}

/* Some records drawn at random against some others: as good as pairs drawn one by one, and of one column at a time their values are at
 * hand. */
enum { ONE_SIDE = 256, OTHER_SIDE = RANDOM_PART / ONE_SIDE };

static void sample_random(const sampling *s, uint64_t n, unsigned worker, pt_rng *rng)
{
    uint32_t one[ONE_SIDE], other[OTHER_SIDE];

    for (size_t i = 0; i < OTHER_SIDE; i++)
        other[i] = (uint32_t)pt_rng_below(rng, s->records->n);
    for (size_t i = 0; i * OTHER_SIDE < n; i++)
        one[i] = (uint32_t)pt_rng_below(rng, s->records->n);
    for (size_t k = 0; k < s->model->n_comparisons; k++)
        for (uint64_t i = 0; i < n; i++)
            count_level(s, worker, k, one[i / OTHER_SIDE], other[i % OTHER_SIDE]);
}

static pt_rc sample_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    sampling *s = arg;
    uint64_t first = (uint64_t)part * RANDOM_PART,
             end = first + RANDOM_PART < s->pairs ? first + RANDOM_PART : s->pairs;
    pt_rng rng;

    (void)err;
    pt_rng_seed(&rng, s->seed + part);
    if (!s->all) {
        sample_random(s, end - first, worker, &rng);
        return PT_OK;
    }
    for (uint64_t i = first; i < end; i++) {
        uint32_t a, b;
        pair_number(i, &a, &b);
        for (size_t k = 0; k < s->model->n_comparisons; k++)
            count_level(s, worker, k, a, b);
    }
    return PT_OK;
}

static void set_u(pt_link_model *model, const level_counts *counts, double seen_before)
{
    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        double all = count_speaking(x) * seen_before;
        for (uint32_t i = 0; i <= x->n_levels; i++)
            all += (double)counts->n[k][i];
        for (uint32_t i = 0; all > 0 && i <= x->n_levels; i++)
            model->u[k][i] = pt_link_is_silent(x, i) ? 0 : ((double)counts->n[k][i] + seen_before) / all;
    }
}

static link_comparer **new_comparers(const pt_link_model *model, const pt_link_records *records, unsigned n)
{
    link_comparer **c = pt_zalloc(n, sizeof(link_comparer *));

    for (unsigned i = 0; c && i < n; i++)
        c[i] = link_comparer_new(model, records);
    return c;
}

static bool are_there(link_comparer *const *c, unsigned n)
{
    for (unsigned i = 0; c && i < n; i++)
        if (!c[i])
            return false;
    return c != NULL;
}

static void free_comparers(link_comparer **c, unsigned n)
{
    for (unsigned i = 0; c && i < n; i++)
        link_comparer_free(c[i]);
    free(c);
}

pt_rc pt_link_learn_u(pt_link_model *model, const pt_link_records *records, const pt_link_training *t, pt_err *err)
{
    unsigned workers = pt_pool_threads(t->pool);
    uint64_t wanted = t->random_pairs ? t->random_pairs : RANDOM_PAIRS;
    uint64_t all = records->n < 2 ? 0 : (uint64_t)records->n * (records->n - 1) / 2;
    sampling s = {.model = model,
                  .records = records,
                  .all = all <= wanted,
                  .pairs = all <= wanted ? all : wanted,
                  .seed = t->seed,
                  .comparers = new_comparers(model, records, workers),
                  .counts = pt_zalloc(workers, sizeof *s.counts)};
    pt_rc rc = !all ? pt_fail(err, PT_EINVAL, "linking needs two records at least")
               : !s.counts || !are_there(s.comparers, workers) ? pt_fail_nomem(err, "random pairs")
                                                               : PT_OK;

    if (rc == PT_OK)
        rc = pt_pool_run(t->pool, (s.pairs + RANDOM_PART - 1) / RANDOM_PART, sample_part, &s, err);
    if (rc == PT_OK) {
        for (unsigned i = 1; i < workers; i++)
            for (size_t k = 0; k < PT_LINK_COMPARISONS_MAX; k++)
                for (size_t l = 0; l <= PT_LINK_LEVELS_MAX; l++)
                    s.counts[0].n[k][l] += s.counts[i].n[k][l];
        set_u(model, &s.counts[0], t->bare ? 0 : SEEN_BEFORE);
    }
    free_comparers(s.comparers, workers);
    free(s.counts);
    return rc;
}

/* --- m ----------------------------------------------------------------------------------------------------------------------- */

typedef struct session {
    const pt_link_records *records;
    link_gathering *gathered; /* by worker */
    uint64_t keep;            /* pairs whose hash is below are looked at */
} session;

static void count_pair(void *ctx, unsigned worker, size_t part, uint32_t a, uint32_t b)
{
    session *s = ctx;

    (void)part;
    if (s->keep != UINT64_MAX && pt_mix64((uint64_t)a << 32 | b) >= s->keep)
        return;
    if (pt_link_tells(s->records, a, b))
        link_gathering_add(&s->gathered[worker], a, b);
}

/* Those of one worker join the others. */
static bool add_patterns(link_patterns *to, link_gathering *from)
{
    link_gathering_end(from);
    for (size_t p = 0; !from->failed && p < from->patterns.slots; p++)
        if (from->patterns.counts[p] && !link_patterns_add(to, from->patterns.patterns[p], from->patterns.counts[p]))
            return false;
    return !from->failed;
}

/* Patterns of a rule's own pairs, in order. */
static pt_rc count_patterns(link_patterns *out, const pt_link_model *model, const pt_link_records *records,
                            pt_link_blocks *blocks, size_t rule, const pt_link_training *t, pt_err *err)
{
    unsigned workers = pt_pool_threads(t->pool);
    uint64_t pairs = pt_link_blocks_report(blocks, rule)->pairs, most = t->most_pairs ? t->most_pairs : MOST_PAIRS;
    session s = {.records = records,
                 .gathered = pt_zalloc(workers, sizeof *s.gathered),
                 .keep = pairs <= most ? UINT64_MAX : (uint64_t)((double)most / (double)pairs * 0x1p64)};
    link_walk walk = {.blocks = blocks,
                      .first_rule = rule,
                      .end_rule = rule + 1,
                      .alone = true,
                      .ctx = &s,
                      .visit = count_pair,
                      .pool = t->pool};
    bool room = s.gathered != NULL;
    pt_rc rc = PT_OK;

    *out = (link_patterns){0};
    for (unsigned i = 0; room && i < workers; i++)
        room = link_gathering_new(&s.gathered[i], model, records);
    if (room)
        rc = link_walk_run(&walk, err);
    for (unsigned i = 0; room && rc == PT_OK && i < workers; i++)
        room = add_patterns(out, &s.gathered[i]);
    if (!room || (rc == PT_OK && !link_patterns_sort(out)))
        rc = pt_fail_nomem(err, "pairs of records");
    for (unsigned i = 0; s.gathered && i < workers; i++)
        link_gathering_free(&s.gathered[i]);
    free(s.gathered);
    if (rc != PT_OK)
        link_patterns_free(out);
    return rc;
}

/* What one session estimates. */
typedef struct estimate {
    double share; /* of the rule's pairs that are of one person */
    double m[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1];
} estimate;

/* The same as weights. */
typedef struct level_bits {
    double share, level[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1];
} level_bits;

static level_bits bits_of(const pt_link_model *model, const estimate *e)
{
    level_bits bits = {.share = log2(e->share / (1 - e->share))};

    for (size_t k = 0; k < model->n_comparisons; k++)
        for (uint32_t l = 0; l <= model->comparisons[k].n_levels; l++)
            bits.level[k][l] = pt_link_is_silent(&model->comparisons[k], l) ? 0 : log2(e->m[k][l] / model->u[k][l]);
    return bits;
}

/* That a pair with this pattern is of one person. `out` has bit k: comparison k is left out. */
static double responsibility(const pt_link_model *model, const level_bits *bits, uint64_t out, link_pattern p)
{
    link_sum sum = {.alone = bits->share};

    for (size_t k = 0; k < model->n_comparisons; k++) {
        unsigned level = link_pattern_level(p, k);
        if (level != PT_LINK_NULL && !(out >> k & 1))
            link_sum_add(&sum, link_group_of(&model->comparisons[k], level), bits->level[k][level]);
    }
    return pt_link_probability(link_sum_total(&sum));
}

/* One step; returns the largest change of a probability. */
static double step(estimate *e, const pt_link_model *model, const link_patterns *t, uint64_t out, double believed)
{
    estimate next = {0};
    level_bits bits = bits_of(model, e);
    double pairs = 0, most = 0;

    for (size_t i = 0; i < t->n; i++) {
        double count = (double)t->counts[i], one = count * responsibility(model, &bits, out, t->patterns[i]);
        pairs += count;
        next.share += one;
        for (size_t k = 0; k < model->n_comparisons; k++)
            if (link_pattern_level(t->patterns[i], k) != PT_LINK_NULL)
                next.m[k][link_pattern_level(t->patterns[i], k)] += one;
    }
    next.share = pairs > 0 ? next.share / pairs : e->share;
    most = fabs(next.share - e->share);
    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        double all = believed;
        for (uint32_t l = 0; l <= x->n_levels; l++)
            all += next.m[k][l];
        for (uint32_t l = 0; l <= x->n_levels; l++) {
            next.m[k][l] = all > 0 ? (next.m[k][l] + believed * preset(x, l, first_level(x))) / all : e->m[k][l];
            if (!(out >> k & 1))
                most = fmax(most, fabs(next.m[k][l] - e->m[k][l]));
        }
    }
    *e = next;
    return most;
}

/* Whether a rule's keys follow from the column or from one that it follows from. */
static bool is_of_rule(const pt_link_records *records, const pt_link_rule *rule, uint32_t column)
{
    for (int32_t c = (int32_t)column; c >= 0; c = records->columns[c].of)
        if (rule->columns >> c & 1)
            return true;
    return false;
}

/* Whether comparison k tells what a pair that is alike in comparison j would show anyway: of people with one phone most live together, and
 * people of one name have mail addresses like it. */
static bool goes_with(const pt_link_model *model, const pt_link_records *records, size_t k, size_t j)
{
    const pt_link_comparison *x = &model->comparisons[k], *y = &model->comparisons[j];

    return (x->group && x->group == y->group) || (y->crossed && records->columns[y->column].of == (int32_t)x->column);
}

/* These and what goes with them. */
static uint64_t with_mates(const pt_link_model *model, const pt_link_records *records, uint64_t these)
{
    uint64_t all = these;

    for (size_t k = 0; k < model->n_comparisons; k++)
        for (size_t j = 0; j < model->n_comparisons; j++)
            if (these >> j & 1 && goes_with(model, records, k, j))
                all |= UINT64_C(1) << k;
    return all;
}

/* Comparisons of a column that the rule's keys follow from: its pairs say nothing of them. */
static uint64_t left_out(const pt_link_model *model, const pt_link_records *records, const pt_link_rule *rule)
{
    uint64_t out = 0;

    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        bool met = is_of_rule(records, rule, x->column) || (x->crossed && is_of_rule(records, rule, x->against));
        for (uint32_t i = 0; i < x->n_levels; i++)
            for (const pt_link_level *l = &x->levels[i]; l; l = l->also)
                met |= is_of_rule(records, rule, l->column);
        out |= (uint64_t)met << k;
    }
    return out;
}

/* The chance that a pair of the rule is of one person, to begin with: the prior's odds times what agreement in the rule's own
 * columns brings. */
static double first_share(const pt_link_model *model, uint64_t out)
{
    double odds = model->prior / (1 - model->prior);

    for (size_t k = 0; k < model->n_comparisons; k++)
        if (out >> k & 1) {
            uint32_t first = first_level(&model->comparisons[k]);
            odds *= model->m[k][first] / model->u[k][first];
        }
    odds = fmin(fmax(odds, 1e-6), 1e3);
    return odds / (1 + odds);
}

/* One session: what a rule's pairs say of m where `out` lets them. *told: whether there were pairs. */
static pt_rc run_session(estimate *e, bool *told, const pt_link_model *model, const pt_link_records *records,
                         pt_link_blocks *blocks, size_t rule, uint64_t own, uint64_t out, const pt_link_training *t,
                         pt_err *err)
{
    double enough = t->convergence > 0 ? t->convergence : CONVERGENCE;
    double believed = t->bare ? 0 : BELIEVED;
    uint32_t iterations = t->iterations ? t->iterations : ITERATIONS;
    link_patterns patterns;

    PT_TRY(count_patterns(&patterns, model, records, blocks, rule, t, err));
    *told = patterns.n > 0;
    e->share = first_share(model, own);
    memcpy(e->m, model->m, sizeof e->m);
    for (uint32_t i = 0; patterns.n && i < iterations && step(e, model, &patterns, out, believed) > enough; i++)
        ;
    link_patterns_free(&patterns);
    return PT_OK;
}

typedef struct sessions {
    double sums[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1];
    unsigned n[PT_LINK_COMPARISONS_MAX];
} sessions;

/* Comparisons that some session has told of. */
static uint64_t told_by(const sessions *s, const pt_link_model *model)
{
    uint64_t told = 0;

    for (size_t k = 0; k < model->n_comparisons; k++)
        told |= (uint64_t)(s->n[k] > 0) << k;
    return told;
}

/* The sessions of rules that leave enough to tell persons by, without what goes with the rule; or (`rest`) of the others, for comparisons
 * of which those said nothing. */
static pt_rc run_sessions(sessions *s, bool rest, const pt_link_model *model, const pt_link_records *records,
                          pt_link_blocks *blocks, const pt_link_training *t, pt_err *err)
{
    uint64_t all = (UINT64_C(1) << model->n_comparisons) - 1, known = rest ? told_by(s, model) : 0;

    for (size_t r = 0; r < link_blocks_rules(blocks); r++) {
        uint64_t own = left_out(model, records, link_blocks_rule(blocks, r)), out = with_mates(model, records, own);
        bool few = link_bits(all & ~out) < LEAST_TOLD, told;
        estimate e;
        out = rest ? own : out;
        if (few != rest || !(all & ~out & ~known))
            continue;
        PT_TRY(run_session(&e, &told, model, records, blocks, r, own, out, t, err));
        for (size_t k = 0; told && k < model->n_comparisons; k++) {
            if ((out | known) >> k & 1)
                continue;
            s->n[k]++;
            for (size_t l = 0; l <= PT_LINK_LEVELS_MAX; l++)
                s->sums[k][l] += e.m[k][l];
        }
    }
    return PT_OK;
}

pt_rc pt_link_learn_m(pt_link_model *model, const pt_link_records *records, pt_link_blocks *blocks,
                      const pt_link_training *t, pt_err *err)
{
    sessions s = {0};

    PT_TRY(run_sessions(&s, false, model, records, blocks, t, err));
    PT_TRY(run_sessions(&s, true, model, records, blocks, t, err));
    for (size_t k = 0; k < model->n_comparisons; k++) {
        model->trained[k] = s.n[k] > 0;
        for (uint32_t l = 0; s.n[k] && l <= model->comparisons[k].n_levels; l++)
            model->m[k][l] = s.sums[k][l] / s.n[k];
    }
    return PT_OK;
}

/* Pairs of rows under one account that may be compared. */
static double copied_pairs(const pt_link_records *records)
{
    double pairs = 0;

    for (uint32_t i = 0, end; records->account && i < records->n; i = end) {
        for (end = i + 1; end < records->n && records->account[end] == records->account[i];)
            end++;
        if (end - i > 1 && pt_link_comparable(records, i, i + 1))
            pairs += (double)(end - i) * (end - i - 1) / 2;
    }
    return pairs;
}

/* Pairs that tell something. */
static double all_pairs(const pt_link_records *records)
{
    double by_source[256] = {0}, n = records->n, pairs = n * (n - 1) / 2;

    for (uint32_t i = 0; records->source && i < records->n; i++)
        by_source[records->source[i]]++;
    for (unsigned s = 0; records->source && s < 256; s++)
        if (records->between || (s < 64 && records->clean >> s & 1))
            pairs -= by_source[s] * (by_source[s] - 1) / 2;
    return pairs - copied_pairs(records);
}

double pt_link_prior(uint64_t sure_pairs, double recall, const pt_link_records *records)
{
    double share = (double)sure_pairs / recall / fmax(all_pairs(records), 1);

    return fmin(fmax(share, 1e-9), 0.5);
}
