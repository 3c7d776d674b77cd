#include "model/lookalike.h"

#include <math.h>
#include <stdlib.h>

#include "base/compare.h"
#include "base/rng.h"
#include "model/blob.h"
#include "model/measures.h"

enum {
    BAGS = 10,
    BAGS_OF_FOLD = 4,
    FOLDS = 5,
    LEAST_OTHERS = 200,
    MOST_SEED = 50000,
    MEASURED = 20000,
    CHUNK = 1 << 16
};

static const double depths[PT_LOOKALIKE_DEPTHS] = {0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1};

struct pt_lookalike {
    pt_pipeline **bags;
    size_t n_bags;
    double ratio;  /* odds of a seed customer in all rows against those in a bag */
    double chance; /* that one who is like the seed is in it: Elkan's and Noto's c */
    double auc, share;
    pt_lookalike_depth depth[PT_LOOKALIKE_DEPTHS];
};

/* Rows of a table, in order. */
typedef struct rows {
    uint32_t *row;
    size_t n;
} rows;

typedef struct fitting {
    const pt_table *table;
    pt_table with_target;
    float *target;
    const pt_lookalike_options *o;
    size_t done, of; /* pipelines */
    pt_rng rng;
} fitting;

void pt_lookalike_free(pt_lookalike *l)
{
    if (!l)
        return;
    for (size_t i = 0; l->bags && i < l->n_bags; i++)
        pt_pipeline_free(l->bags[i]);
    free(l->bags);
    free(l);
}

static pt_rc lookalike_new(pt_lookalike **out, size_t bags, pt_err *err)
{
    pt_lookalike *l = pt_zalloc(1, sizeof *l);

    if (l)
        l->bags = pt_zalloc(bags, sizeof(pt_pipeline *));
    if (!l || !l->bags) {
        free(l);
        return pt_fail_nomem(err, "lookalike customers");
    }
    *out = l;
    return PT_OK;
}

/* --- bags ------------------------------------------------------------------------------------------------------------------------ */

/* n of the rows without order, in ascending order: `from` is reordered. */
static void draw(uint32_t *out, rows *from, size_t n, pt_rng *rng)
{
    for (size_t i = 0; i < n; i++) {
        size_t other = i + (size_t)pt_rng_below(rng, from->n - i);
        uint32_t chosen = from->row[other];
        from->row[other] = from->row[i];
        from->row[i] = chosen;
        out[i] = chosen;
    }
    qsort(out, n, sizeof *out, pt_compare_u32);
}

static pt_rc fit_pipeline(pt_pipeline **out, fitting *f, uint32_t *row, size_t n, pt_err *err)
{
    const pt_lookalike_options *o = f->o;
    pt_row_set set = {row, n};
    pt_pipeline_options options = {.learner = o->learner,
                                   .task = PT_TASK_CLASSIFY,
                                   .parameters = o->parameters,
                                   .preparation = o->preparation ? *o->preparation : pt_preparation_preset,
                                   .seed = pt_rng_u64(&f->rng),
                                   .pool = o->pool,
                                   .cancelled = o->cancelled,
                                   .cancel_context = o->cancel_context};

    if (o->progress)
        o->progress(o->progress_context, f->done, f->of);
    f->done++;
    return pt_pipeline_fit(out, &f->with_target, &set, &options, err);
}

/* Pipelines that tell `seed` from samples of `others`; ratio as in pt_lookalike. */
static pt_rc fit_bags(pt_lookalike *l, size_t n, fitting *f, rows *seed, rows *others, pt_err *err)
{
    size_t of_seed = seed->n < MOST_SEED ? seed->n : MOST_SEED;
    size_t of_others = of_seed < LEAST_OTHERS ? LEAST_OTHERS : of_seed;
    pt_rc rc = PT_OK;

    of_others = of_others < others->n ? of_others : others->n;
    uint32_t *bag = pt_zalloc(of_seed + of_others, sizeof *bag);
    if (!bag)
        return pt_fail_nomem(err, "lookalike customers");
    for (size_t i = 0; i < others->n; i++)
        f->target[others->row[i]] = 0;
    for (size_t i = 0; i < seed->n; i++)
        f->target[seed->row[i]] = 1;
    for (size_t i = 0; rc == PT_OK && i < n; i++) {
        draw(bag, seed, of_seed, &f->rng);
        draw(bag + of_seed, others, of_others, &f->rng);
        rc = fit_pipeline(&l->bags[i], f, bag, of_seed + of_others, err);
        l->n_bags += rc == PT_OK;
    }
    l->ratio = (double)seed->n / (double)others->n / ((double)of_seed / (double)of_others);
    free(bag);
    return rc;
}

/* The mean of what the bags say, as the odds of being in the seed among all rows. */
static pt_rc odds(float *out, const pt_lookalike *l, const pt_table *table, const pt_row_set *set, pt_pool *pool,
                  pt_err *err)
{
    float *one = pt_alloc64((size_t)CHUNK * 2, sizeof *one);
    uint32_t *row = pt_alloc64(CHUNK, sizeof *row);
    pt_rc rc = one && row ? PT_OK : pt_fail_nomem(err, "lookalike customers");

    for (size_t at = 0; rc == PT_OK && at < set->n; at += CHUNK) {
        size_t n = set->n - at < CHUNK ? set->n - at : CHUNK;
        pt_row_set some = {row, n};
        for (size_t i = 0; i < n; i++) {
            row[i] = (uint32_t)pt_row(set, at + i);
            out[at + i] = 0;
        }
        for (size_t b = 0; rc == PT_OK && b < l->n_bags; b++) {
            rc = pt_pipeline_predict(one, l->bags[b], table, &some, pool, err);
            for (size_t i = 0; rc == PT_OK && i < n; i++)
                out[at + i] += one[i * 2 + 1];
        }
        for (size_t i = 0; rc == PT_OK && i < n; i++) {
            double p = fmin(fmax((double)out[at + i] / (double)l->n_bags, 1e-6), 1 - 1e-6);
            out[at + i] = (float)(p / (1 - p) * l->ratio);
        }
    }
    free(one);
    free(row);
    return rc;
}

/* Of one who is not in the seed, the chance to be like it. */
static double likeness(double at_odds, double chance)
{
    return fmin((1 - chance) / chance * at_odds, 1);
}

pt_rc pt_lookalike_score(float *out, const pt_lookalike *l, const pt_table *table, const pt_row_set *set, pt_pool *pool,
                         pt_err *err)
{
    PT_TRY(odds(out, l, table, set, pool, err));
    for (size_t i = 0; i < set->n; i++)
        out[i] = (float)likeness((double)out[i], l->chance);
    return PT_OK;
}

/* --- hiding parts of the seed ------------------------------------------------------------------------------------------------------ */

static int downwards(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x < y) - (x > y);
}

/* What a fold adds to the figures: odds of `n` others, falling, and of the hidden. */
static void add_depths(pt_lookalike *l, const float *others, size_t n, const float *hidden, size_t n_hidden,
                       double chance, unsigned folds)
{
    for (size_t d = 0; d < PT_LOOKALIKE_DEPTHS; d++) {
        size_t within = (size_t)fmax(ceil(depths[d] * (double)n), 1), found = 0;
        double like = 0;
        for (size_t i = 0; i < within; i++)
            like += likeness((double)others[i], chance);
        for (size_t i = 0; i < n_hidden; i++)
            found += hidden[i] >= others[within - 1];
        l->depth[d].share = depths[d];
        l->depth[d].found += depths[d] < 1 ? (double)found / (double)n_hidden / folds : 1.0 / folds;
        l->depth[d].precision += like / (double)within / folds;
    }
    l->share = l->depth[PT_LOOKALIKE_DEPTHS - 1].precision;
}

typedef struct fold {
    rows seen, hidden, others; /* others: the hidden are among them, first */
    float *odds;               /* of the hidden, then of a sample of the others */
    uint8_t *hit;
    uint32_t *sample; /* hidden, then others */
} fold;

static pt_rc measure_fold(pt_lookalike *l, const pt_lookalike *bags, fold *f, fitting *run, unsigned folds, pt_err *err)
{
    size_t hidden = f->hidden.n, n_others = f->others.n - hidden, n = n_others < MEASURED ? n_others : MEASURED;
    rows rest = {f->sample + hidden, n_others};
    double auc, chance = 0;

    memcpy(f->sample, f->hidden.row, hidden * sizeof *f->sample);
    draw(f->others.row, &rest, n, &run->rng); /* `others` is not needed any more */
    memcpy(f->sample + hidden, f->others.row, n * sizeof *f->sample);
    pt_row_set set = {f->sample, hidden + n};
    PT_TRY(odds(f->odds, bags, run->table, &set, run->o->pool, err));
    for (size_t i = 0; i < hidden + n; i++)
        f->hit[i] = i < hidden;
    PT_TRY(pt_auc(&auc, f->odds, f->hit, hidden + n, err));
    for (size_t i = 0; i < hidden; i++)
        chance += (double)f->odds[i] / (1 + (double)f->odds[i]) / (double)hidden;
    qsort(f->odds + hidden, n, sizeof *f->odds, downwards);
    add_depths(l, f->odds + hidden, n, f->odds, hidden, chance, folds);
    l->auc += auc / folds;
    l->chance += chance / folds;
    return PT_OK;
}

/* Every fold-th of the seed, from `number` on, is hidden among the others. */
static void hide(fold *f, const rows *seed, const rows *others, unsigned number, unsigned folds)
{
    f->seen.n = f->hidden.n = 0;
    for (size_t i = 0; i < seed->n; i++) {
        if (i % folds == number)
            f->hidden.row[f->hidden.n++] = seed->row[i];
        else
            f->seen.row[f->seen.n++] = seed->row[i];
    }
    memcpy(f->others.row, f->hidden.row, f->hidden.n * sizeof *others->row);
    memcpy(f->others.row + f->hidden.n, others->row, others->n * sizeof *others->row);
    memcpy(f->sample + f->hidden.n, others->row, others->n * sizeof *others->row);
    f->others.n = f->hidden.n + others->n;
}

static pt_rc fold_new(fold *f, const rows *seed, const rows *others, pt_err *err)
{
    size_t all = seed->n + others->n;

    *f = (fold){.seen.row = pt_zalloc(seed->n, sizeof(uint32_t)),
                .hidden.row = pt_zalloc(seed->n, sizeof(uint32_t)),
                .others.row = pt_zalloc(all, sizeof(uint32_t)),
                .odds = pt_zalloc(all, sizeof(float)),
                .hit = pt_zalloc(all, sizeof(uint8_t)),
                .sample = pt_zalloc(all, sizeof(uint32_t))};
    bool ok = f->seen.row && f->hidden.row && f->others.row && f->odds && f->hit && f->sample;
    return ok ? PT_OK : pt_fail_nomem(err, "lookalike customers");
}

static void fold_free(fold *f)
{
    free(f->seen.row);
    free(f->hidden.row);
    free(f->others.row);
    free(f->odds);
    free(f->hit);
    free(f->sample);
}

static pt_rc measure(pt_lookalike *l, fitting *run, const rows *seed, const rows *others, unsigned folds, pt_err *err)
{
    fold f;
    pt_rc rc = fold_new(&f, seed, others, err);

    for (unsigned i = 0; rc == PT_OK && i < folds; i++) {
        pt_lookalike *bags = NULL;
        hide(&f, seed, others, i, folds);
        rc = lookalike_new(&bags, BAGS_OF_FOLD, err);
        if (rc == PT_OK)
            rc = fit_bags(bags, BAGS_OF_FOLD, run, &f.seen, &f.others, err);
        if (rc == PT_OK)
            rc = measure_fold(l, bags, &f, run, folds, err);
        pt_lookalike_free(bags);
    }
    fold_free(&f);
    return rc;
}

/* --- as a whole ---------------------------------------------------------------------------------------------------------------------- */

static pt_rc split(rows *seed, rows *others, const pt_table *table, const bool *in_seed, pt_err *err)
{
    seed->row = pt_zalloc(table->rows, sizeof *seed->row);
    others->row = pt_zalloc(table->rows, sizeof *others->row);
    if (!seed->row || !others->row)
        return pt_fail_nomem(err, "lookalike customers");
    for (size_t i = 0; i < table->rows; i++) {
        rows *to = in_seed[i] ? seed : others;
        to->row[to->n++] = (uint32_t)i;
    }
    if (seed->n < PT_LOOKALIKE_LEAST)
        return pt_fail(err, PT_EINVAL,
                       "the seed has %zu customers: too few to tell what they have in common (at least %d)", seed->n,
                       PT_LOOKALIKE_LEAST);
    if (others->n < PT_LOOKALIKE_LEAST)
        return pt_fail(err, PT_EINVAL, "all customers but %zu are in the seed: there is nobody to choose from",
                       others->n);
    return PT_OK;
}

/* Hidden parts are drawn without order, whatever the rows' order means. */
static void shuffle(rows *r, pt_rng *rng)
{
    for (size_t i = r->n; i > 1; i--) {
        size_t other = (size_t)pt_rng_below(rng, i);
        uint32_t row = r->row[other];
        r->row[other] = r->row[i - 1];
        r->row[i - 1] = row;
    }
}

pt_rc pt_lookalike_fit(pt_lookalike **out, const pt_table *table, const bool *in_seed,
                       const pt_lookalike_options *options, pt_err *err)
{
    static const char *const classes[] = {"other", "seed"};
    unsigned bags = options->bags ? options->bags : BAGS, folds = options->folds ? options->folds : FOLDS;
    fitting f = {.table = table, .with_target = *table, .o = options, .of = bags + folds * BAGS_OF_FOLD};
    rows seed = {0}, others = {0};
    pt_lookalike *l = NULL;

    pt_rng_seed(&f.rng, options->seed);
    f.target = pt_zalloc(table->rows, sizeof *f.target);
    f.with_target.target = f.target;
    f.with_target.classes = classes;
    f.with_target.n_classes = 2;
    pt_rc rc = f.target ? split(&seed, &others, table, in_seed, err) : pt_fail_nomem(err, "lookalike customers");
    if (rc == PT_OK)
        rc = lookalike_new(&l, bags, err);
    shuffle(&seed, &f.rng);
    if (rc == PT_OK)
        rc = measure(l, &f, &seed, &others, folds, err);
    if (rc == PT_OK)
        rc = fit_bags(l, bags, &f, &seed, &others, err);
    free(f.target);
    free(seed.row);
    free(others.row);
    if (rc != PT_OK)
        pt_lookalike_free(l);
    else
        *out = l;
    return rc;
}

double pt_lookalike_auc(const pt_lookalike *l)
{
    return l->auc;
}

double pt_lookalike_share(const pt_lookalike *l)
{
    return l->share;
}

const pt_lookalike_depth *pt_lookalike_depths(const pt_lookalike *l)
{
    return l->depth;
}

const pt_pipeline *pt_lookalike_pipeline(const pt_lookalike *l, size_t bag)
{
    return bag < l->n_bags ? l->bags[bag] : NULL;
}

/* --- bytes --------------------------------------------------------------------------------------------------------------------------- */

pt_rc pt_lookalike_save(pt_str *out, const pt_lookalike *l, pt_err *err)
{
    pt_blob_begin(out, "LOOK", 1);
    pt_blob_put_number(out, l->ratio);
    pt_blob_put_number(out, l->chance);
    pt_blob_put_number(out, l->auc);
    pt_blob_put_number(out, l->share);
    for (size_t d = 0; d < PT_LOOKALIKE_DEPTHS; d++) {
        pt_blob_put_number(out, l->depth[d].found);
        pt_blob_put_number(out, l->depth[d].precision);
    }
    pt_blob_put_count(out, l->n_bags);
    for (size_t i = 0; i < l->n_bags; i++) {
        pt_str bytes = {0};
        pt_rc rc = pt_pipeline_save(&bytes, l->bags[i], err);
        if (rc == PT_OK)
            pt_blob_put_bytes(out, (pt_sv){bytes.ptr, bytes.len});
        pt_str_free(&bytes);
        PT_TRY(rc);
    }
    return pt_str_check(out, err);
}

static pt_rc load_bags(pt_lookalike *l, size_t n, pt_blob *b, pt_err *err)
{
    for (size_t i = 0; i < n; i++) {
        PT_TRY(pt_pipeline_load(&l->bags[i], pt_blob_bytes(b), err));
        l->n_bags++;
        if (pt_pipeline_task(l->bags[i]) != PT_TASK_CLASSIFY || pt_pipeline_outputs(l->bags[i]) != 2)
            pt_blob_refuse(b);
    }
    return pt_blob_end(b, "lookalike", err);
}

pt_rc pt_lookalike_load(pt_lookalike **out, pt_sv bytes, pt_err *err)
{
    pt_lookalike head = {0}, *l = NULL;
    pt_blob b;

    pt_blob_open(&b, bytes, "LOOK", 1);
    head.ratio = pt_blob_number(&b, 0, INFINITY);
    head.chance = pt_blob_number(&b, 1e-12, 1);
    head.auc = pt_blob_number(&b, 0, 1);
    head.share = pt_blob_number(&b, 0, 1);
    for (size_t d = 0; d < PT_LOOKALIKE_DEPTHS; d++) {
        head.depth[d].share = depths[d];
        head.depth[d].found = pt_blob_number(&b, 0, 1.000001);
        head.depth[d].precision = pt_blob_number(&b, 0, 1.000001);
    }
    size_t n = pt_blob_count(&b, 1, 100);
    if (b.cursor.failed)
        return pt_blob_end(&b, "lookalike", err);
    PT_TRY(lookalike_new(&l, n, err));
    head.bags = l->bags;
    *l = head;
    pt_rc rc = load_bags(l, n, &b, err);
    if (rc != PT_OK)
        pt_lookalike_free(l);
    else
        *out = l;
    return rc;
}
