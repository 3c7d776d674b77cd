/* The tasks that learn from a table of tags: classify, regress, cluster. A study chooses among the algorithms; what is kept is the
 * pipeline it chose, the threshold of decisions and the names of clusters. */
#include <math.h>
#include <stdlib.h>

#include "app/app_int.h"
#include "app/cluster_card.h"
#include "app/learn_table.h"
#include "app/model_reasons.h"
#include "app/study_card.h"
#include "app/training.h"
#include "base/compare.h"
#include "base/utf8.h"
#include "model/blob.h"
#include "model/likeliest.h"
#include "model/study.h"

#define MAGIC "TABL"
enum { VERSION = 2, REASONS = 3, MOST_CLUSTERS = 1 << 20 };

typedef struct table_model {
    pt_pipeline *pipeline;
    double threshold;
    pt_arena *arena;
    uint32_t n_clusters;       /* that have a name; 0 of other tasks */
    const pt_card_text *names; /* "" where a cluster is too small to be described */
} table_model;

/* Outputs, by number in the kinds' tables (project/model_kinds.c). */
enum { CLASSIFY_PROBABILITY, CLASSIFY_DECISION, CLASSIFY_CLASS, CLASSIFY_PERCENTILE, CLASSIFY_REASONS };
enum { CLUSTER_CODE, CLUSTER_NAME };
enum { REGRESS_VALUE, REGRESS_PERCENTILE, REGRESS_REASONS };

/* --- training -------------------------------------------------------------------------------------------------------- */

static void tell(void *context, const char *what, size_t done, size_t of)
{
    pt_learn_report(context, what, done, of);
}

static bool stop(void *context)
{
    const pt_learn_request *r = context;

    return pt_cancel_fired(r->cancel);
}

static pt_rc make_candidates(pt_candidate **out, const pt_model_def *def, pt_arena *arena, pt_err *err)
{
    pt_candidate *c = PT_NEW_ARRAY(arena, pt_candidate, def->n_algorithms + 1);

    if (!c)
        return pt_fail_nomem(err, "the algorithms");
    for (size_t i = 0; i < def->n_algorithms; i++)
        c[i] = (pt_candidate){.name = def->algorithms[i].name,
                              .learner = def->algorithms[i].learner,
                              .parameters = def->algorithms[i].parameters,
                              .fixed = def->algorithms[i].given,
                              .preparation = *def->preparation};
    *out = c;
    return def->n_algorithms ? PT_OK : pt_fail(err, PT_EINVAL, "model '%s' has no algorithm", def->name);
}

static pt_rc check_table(const pt_table *t, const pt_learn_request *r, bool test, pt_err *err)
{
    size_t hits = 0;

    if (!t->rows)
        return pt_fail(err, PT_EINVAL,
                       test ? "model '%s': nobody is in the population on the days of the test"
                            : "model '%s': nobody to learn from: on the days of training the population is empty, or "
                              "its target is missing",
                       r->def->name);
    for (size_t i = 0; i < t->rows && t->n_classes == 2; i++)
        hits += t->target[i] == 1.0F;
    if (t->n_classes == 2 && (hits == 0 || hits == t->rows))
        return pt_fail(err, PT_EINVAL,
                       test ? "model '%s': the target is %s for all customers on the days of the test"
                            : "model '%s': the target is %s for all customers on the days of training",
                       r->def->name, hits ? "true" : "false");
    return PT_OK;
}

/* Features are chosen by the training rows; those of the test follow. Classes that only one of the tables knows would not match: the
 * pipeline finds them by name. */
static pt_rc make_tables(pt_learn_tables *t, const pt_learn_request *r, pt_err *err)
{
    const int64_t today = r->view->as_of;
    const int64_t *days = r->n_train ? r->train : &today;
    pt_training_features *f = &t->features;

    PT_TRY(pt_training_choose(f, r->view->project, r->def, r->arena, err));
    PT_TRY(pt_training_table(&t->train, r, days, r->n_train ? r->n_train : 1, f, r->arena, err));
    PT_TRY(check_table(&t->train, r, false, err));
    PT_TRY(pt_training_prune(&t->train, f, r->def, r->arena, err));
    if (!r->has_test)
        return PT_OK;
    PT_TRY(pt_training_table(&t->test, r, &r->test, 1, f, r->arena, err));
    return check_table(&t->test, r, true, err);
}

/* In both languages: which one tags take is the project's choice at each build. */
static void save_names(pt_str *out, const pt_clusters *c)
{
    pt_blob_put_count(out, c->n);
    for (uint32_t i = 0; i < c->n; i++) {
        pt_blob_put_bytes(out, pt_sv_of(pt_card_say(c->names[i], "zh")));
        pt_blob_put_bytes(out, pt_sv_of(pt_card_say(c->names[i], "en")));
    }
}

static pt_rc save(pt_str *out, const pt_study *study, const pt_clusters *clusters, pt_err *err)
{
    pt_str bytes = {0};
    pt_rc rc = pt_pipeline_save(&bytes, study->pipeline, err);

    if (rc == PT_OK) {
        pt_blob_begin(out, MAGIC, VERSION);
        pt_blob_put_number(out, isfinite(study->threshold) ? study->threshold : 0.5);
        pt_blob_put_bytes(out, (pt_sv){pt_str_cstr(&bytes), bytes.len});
        save_names(out, clusters);
        rc = pt_str_check(out, err);
    }
    pt_str_free(&bytes);
    return rc;
}

/* The card speaks of what the study holds. */
static void free_study(void *study)
{
    pt_study_free(study);
}

static pt_rc run_study(pt_learned *out, const pt_learn_request *r, pt_learn_tables *t, pt_err *err)
{
    pt_study_plan plan = {.task = r->def->kind->learner_task,
                          .train = &t->train,
                          .test = r->has_test ? &t->test : NULL,
                          .n_candidates = r->def->n_algorithms,
                          .measure = r->def->measure,
                          .seed = r->seed,
                          .pool = r->pool,
                          .min_group = r->view->project->min_group,
                          .progress = tell,
                          .progress_context = (void *)(uintptr_t)r,
                          .cancelled = stop,
                          .cancel_context = (void *)(uintptr_t)r};
    pt_candidate *candidates = NULL;
    pt_study *study = PT_NEW(r->arena, pt_study);

    if (!study)
        return pt_fail_nomem(err, "the study");
    if (r->def->validation)
        plan.validation = *r->def->validation;
    if (r->def->tuning)
        plan.tuning = *r->def->tuning;
    PT_TRY(make_candidates(&candidates, r->def, r->arena, err));
    plan.candidates = candidates;
    PT_TRY(pt_model_study(study, &plan, r->arena, err));
    if (!pt_arena_defer(r->arena, free_study, study)) {
        pt_study_free(study);
        return pt_fail_nomem(err, "the study");
    }
    if (plan.task == PT_TASK_CLUSTER)
        PT_TRY(
            pt_clusters_describe(&t->clusters, study->pipeline, &t->train, r->view->project, r->pool, r->arena, err));
    PT_TRY(save(&out->bytes, study, &t->clusters, err));
    return pt_learn_table_card(out, r, t, &plan, study, err);
}

static pt_rc train(pt_learned *out, const pt_learn_request *r, pt_err *err)
{
    pt_learn_tables tables = {0};

    PT_TRY(make_tables(&tables, r, err));
    return run_study(out, r, &tables, err);
}

/* --- the artifact -------------------------------------------------------------------------------------------------------- */

static void close_model(void *model)
{
    table_model *m = model;

    if (!m)
        return;
    pt_pipeline_free(m->pipeline);
    pt_arena_free(m->arena);
    free(m);
}

static const char *load_name(pt_blob *b, pt_arena *arena)
{
    pt_sv name = pt_blob_bytes(b);
    const char *kept = pt_arena_strndup(arena, name.ptr, name.len);

    if (pt_utf8_valid(name) != name.len)
        pt_blob_refuse(b);
    b->no_memory |= !kept;
    return kept;
}

static void load_names(table_model *m, pt_blob *b)
{
    m->n_clusters = (uint32_t)pt_blob_count(b, 0, MOST_CLUSTERS);
    pt_card_text *names = PT_NEW_ARRAY(m->arena, pt_card_text, (size_t)m->n_clusters + 1);

    b->no_memory |= !names;
    for (uint32_t i = 0; names && i < m->n_clusters; i++) {
        names[i].zh = load_name(b, m->arena);
        names[i].en = load_name(b, m->arena);
    }
    m->names = names;
}

static pt_rc open_model(void **out, pt_sv bytes, const pt_model_def *def, pt_err *err)
{
    table_model *m = pt_zalloc(1, sizeof *m);
    pt_blob b;

    *out = NULL;
    if (!m || !(m->arena = pt_arena_new(0))) {
        free(m);
        return pt_fail_nomem(err, "a model");
    }
    pt_blob_open(&b, bytes, MAGIC, VERSION);
    m->threshold = pt_blob_number(&b, -1e300, 1e300);
    pt_sv inner = pt_blob_bytes(&b);
    load_names(m, &b);
    pt_rc rc = pt_blob_end(&b, def->name, err);
    if (rc == PT_OK)
        rc = pt_pipeline_load(&m->pipeline, inner, err);
    if (rc == PT_OK && pt_pipeline_task(m->pipeline) != def->kind->learner_task) {
        pt_fail(err, PT_EINVAL, "model '%s' was trained for another task", def->name);
        rc = pt_err_hint(err, "portrait train %s", def->name);
    }
    if (rc != PT_OK) {
        close_model(m);
        return rc;
    }
    *out = m;
    return PT_OK;
}

const pt_pipeline *pt_learn_pipeline(const void *model)
{
    const table_model *m = model;

    return m->pipeline;
}

/* --- scoring --------------------------------------------------------------------------------------------------------------- */

typedef struct scores {
    const table_model *m;
    const pt_score_request *r;
    pt_table table;
    const uint32_t *ordinals;
    size_t outputs;
    float *predicted; /* rows * outputs */
    pt_column *columns;
} scores;

static pt_rc find_tags(const uint32_t **out, const table_model *m, const pt_score_request *r, pt_err *err)
{
    size_t n = pt_pipeline_n_features(m->pipeline);
    uint32_t *tags = PT_NEW_ARRAY(r->arena, uint32_t, n + 1);

    if (!tags)
        return pt_fail_nomem(err, "the features");
    for (size_t i = 0; i < n; i++) {
        const char *name = pt_pipeline_feature(m->pipeline, i).name;
        int tag = pt_project_find_tag(r->view->project, pt_sv_of(name));
        if (tag < 0) {
            pt_fail(err, PT_EINVAL, "model '%s' learned from tag '%s', which is no more", r->def->name, name);
            return pt_err_hint(err, "portrait train %s", r->def->name);
        }
        tags[i] = (uint32_t)tag;
    }
    *out = tags;
    return PT_OK;
}

static pt_rc predict(scores *s, pt_err *err)
{
    const uint32_t *tags = NULL;
    pt_row_set all;

    PT_TRY(find_tags(&tags, s->m, s->r, err));
    PT_TRY(pt_scoring_table(&s->table, &s->ordinals, s->r, tags, pt_pipeline_n_features(s->m->pipeline), s->r->arena,
                            err));
    s->outputs = pt_pipeline_outputs(s->m->pipeline);
    s->predicted = (float *)pt_arena_array(s->r->arena, s->table.rows * s->outputs + 1, sizeof *s->predicted);
    if (!s->predicted)
        return pt_fail_nomem(err, "the scores");
    all = pt_all_rows(&s->table);
    return s->table.rows ? pt_pipeline_predict(s->predicted, s->m->pipeline, &s->table, &all, s->r->pool, err) : PT_OK;
}

static bool is_yes_or_no(const pt_pipeline *p)
{
    return pt_pipeline_n_classes(p) == 2 && strcmp(pt_pipeline_class(p, 1), "true") == 0;
}

static uint32_t likeliest(const scores *s, size_t row)
{
    return pt_likeliest(s->predicted + row * s->outputs, s->outputs);
}

/* What stands for a row where one number must: of yes and no the chance of yes. */
static double score_of(const scores *s, size_t row)
{
    if (s->outputs == 1)
        return (double)s->predicted[row];
    uint32_t c = is_yes_or_no(s->m->pipeline) ? 1 : likeliest(s, row);
    return (double)s->predicted[row * s->outputs + c];
}

static pt_rc give_numbers(scores *s, size_t output, pt_err *err)
{
    double *values;

    PT_TRY(pt_learn_numbers(&s->columns[output], &values, s->r->view->n_ordinals, s->r->arena, err));
    for (size_t i = 0; i < s->table.rows; i++)
        values[s->ordinals[i]] = score_of(s, i);
    return PT_OK;
}

static pt_rc give_decisions(scores *s, size_t output, pt_err *err)
{
    uint8_t *values;

    PT_TRY(pt_learn_bools(&s->columns[output], &values, s->r->view->n_ordinals, s->r->arena, err));
    for (size_t i = 0; i < s->table.rows && is_yes_or_no(s->m->pipeline); i++)
        values[s->ordinals[i]] = score_of(s, i) >= s->m->threshold;
    return PT_OK;
}

static pt_rc give_classes(scores *s, size_t output, pt_err *err)
{
    size_t n = pt_pipeline_n_classes(s->m->pipeline);
    const char **names = PT_NEW_ARRAY(s->r->arena, const char *, n + 1);
    uint32_t *codes;

    if (!names)
        return pt_fail_nomem(err, "the scores");
    for (size_t c = 0; c < n; c++)
        names[c] = pt_pipeline_class(s->m->pipeline, (uint32_t)c);
    PT_TRY(pt_learn_categories(&s->columns[output], &codes, names, n, s->r->view->n_ordinals, s->r->arena, err));
    for (size_t i = 0; i < s->table.rows; i++)
        codes[s->ordinals[i]] = likeliest(s, i) + 1;
    return PT_OK;
}

static uint32_t count_clusters(const scores *s)
{
    uint32_t n = s->m->n_clusters;

    for (size_t i = 0; i < s->table.rows; i++)
        n = s->predicted[i] >= 0 && (uint32_t)s->predicted[i] + 1 > n ? (uint32_t)s->predicted[i] + 1 : n;
    return n;
}

/* `named`: what tells its customers apart, where that is known; else "c1", ... */
static pt_rc give_groups(scores *s, size_t output, bool named, pt_err *err)
{
    const uint32_t n = count_clusters(s);
    const char **names = PT_NEW_ARRAY(s->r->arena, const char *, (size_t)n + 1);
    uint32_t *codes;

    for (uint32_t c = 0; names && c < n; c++) {
        const char *name =
            named && c < s->m->n_clusters ? pt_card_say(s->m->names[c], s->r->view->project->locale) : "";
        names[c] = *name ? name : pt_cluster_code(c, n, s->r->arena);
        if (!names[c])
            return pt_fail_nomem(err, "the scores");
    }
    if (!names)
        return pt_fail_nomem(err, "the scores");
    PT_TRY(pt_learn_categories(&s->columns[output], &codes, names, n, s->r->view->n_ordinals, s->r->arena, err));
    for (size_t i = 0; i < s->table.rows; i++)
        codes[s->ordinals[i]] = s->predicted[i] >= 0 ? (uint32_t)s->predicted[i] + 1 : PT_CODE_MISSING;
    return PT_OK;
}

static pt_rc give_clusters(scores *s, size_t output, pt_err *err)
{
    return give_groups(s, output, false, err);
}

static pt_rc give_names(scores *s, size_t output, pt_err *err)
{
    return give_groups(s, output, true, err);
}

static pt_rc give_percentiles(scores *s, size_t output, pt_err *err)
{
    double *values, *sorted = PT_NEW_ARRAY(s->r->arena, double, s->table.rows + 1);

    if (!sorted)
        return pt_fail_nomem(err, "the scores");
    for (size_t i = 0; i < s->table.rows; i++)
        sorted[i] = score_of(s, i);
    if (s->table.rows)
        qsort(sorted, s->table.rows, sizeof *sorted, pt_compare_doubles);
    PT_TRY(pt_learn_numbers(&s->columns[output], &values, s->r->view->n_ordinals, s->r->arena, err));
    for (size_t i = 0; i < s->table.rows; i++)
        values[s->ordinals[i]] = (double)pt_count_below(sorted, s->table.rows, score_of(s, i)) / (double)s->table.rows;
    return PT_OK;
}

/* --- reasons ------------------------------------------------------------------------------------------------------------------ */

/* The features that raise a row's score most, at most REASONS, greatest first; of equal ones the first. */
static size_t strongest(uint32_t out[REASONS], const float *contributions, size_t n)
{
    size_t found = 0;

    for (uint32_t f = 0; f < n; f++) {
        size_t at = found < REASONS ? found : REASONS;
        if (!(contributions[f] > 0))
            continue;
        while (at > 0 && contributions[out[at - 1]] < contributions[f]) {
            if (at < REASONS)
                out[at] = out[at - 1];
            at--;
        }
        if (at < REASONS)
            out[at] = f;
        found += found < REASONS;
    }
    return found;
}

typedef struct reason_lists {
    uint64_t *offsets;
    uint32_t *codes;
    uint8_t *absent;
} reason_lists;

static void put_reasons(reason_lists *l, const scores *s, const float *contributions, size_t n)
{
    uint32_t best[REASONS];
    size_t row = 0;

    for (uint32_t o = 0; o < s->r->view->n_ordinals; o++) {
        l->offsets[o + 1] = l->offsets[o];
        l->absent[o] = !(row < s->table.rows && s->ordinals[row] == o);
        if (l->absent[o])
            continue;
        size_t found = contributions ? strongest(best, contributions + row * (n + 1), n) : 0;
        for (size_t i = 0; i < found; i++)
            l->codes[l->offsets[o + 1]++] = best[i] + 1;
        row++;
    }
}

static pt_rc give_reasons(scores *s, size_t output, pt_err *err)
{
    size_t n = pt_pipeline_n_features(s->m->pipeline), rows = s->r->view->n_ordinals;
    float *contributions = (float *)pt_arena_array(s->r->arena, s->table.rows * (n + 1) + 1, sizeof *contributions);
    const char **names = PT_NEW_ARRAY(s->r->arena, const char *, n + 1);
    reason_lists l = {PT_NEW_ARRAY(s->r->arena, uint64_t, rows + 1),
                      PT_NEW_ARRAY(s->r->arena, uint32_t, s->table.rows * REASONS + 1),
                      PT_NEW_ARRAY(s->r->arena, uint8_t, rows + 1)};
    pt_row_set all = pt_all_rows(&s->table);

    if (!contributions || !names || !l.offsets || !l.codes || !l.absent)
        return pt_fail_nomem(err, "the reasons");
    for (size_t i = 0; i < n; i++)
        names[i] = pt_pipeline_feature(s->m->pipeline, i).name;
    pt_rc rc = s->table.rows
                   ? pt_pipeline_contributions(contributions, s->m->pipeline, &s->table, &all, s->r->pool, err)
                   : PT_OK;
    if (rc != PT_OK && rc != PT_ENOTFOUND)
        return rc;
    put_reasons(&l, s, rc == PT_OK ? contributions : NULL, n);
    return pt_learn_lists(&s->columns[output], l.codes, l.offsets, l.absent, names, n, s->r->arena, err);
}

/* --- kinds ------------------------------------------------------------------------------------------------------------------------ */

typedef pt_rc give_fn(scores *s, size_t output, pt_err *err);

static pt_rc give(pt_column *columns, const void *model, const pt_score_request *r, give_fn *const *how, pt_err *err)
{
    scores s = {.m = model, .r = r, .columns = columns};

    PT_TRY(predict(&s, err));
    for (size_t o = 0; o < r->def->kind->n_outputs; o++)
        if (r->wanted[o])
            PT_TRY(how[o](&s, o, err));
    return PT_OK;
}

static pt_rc score_classify(pt_column *columns, const void *model, const pt_score_request *r, pt_err *err)
{
    static give_fn *const how[] = {[CLASSIFY_PROBABILITY] = give_numbers,
                                   [CLASSIFY_DECISION] = give_decisions,
                                   [CLASSIFY_CLASS] = give_classes,
                                   [CLASSIFY_PERCENTILE] = give_percentiles,
                                   [CLASSIFY_REASONS] = give_reasons};

    return give(columns, model, r, how, err);
}

static pt_rc score_regress(pt_column *columns, const void *model, const pt_score_request *r, pt_err *err)
{
    static give_fn *const how[] = {
        [REGRESS_VALUE] = give_numbers, [REGRESS_PERCENTILE] = give_percentiles, [REGRESS_REASONS] = give_reasons};

    return give(columns, model, r, how, err);
}

static pt_rc score_cluster(pt_column *columns, const void *model, const pt_score_request *r, pt_err *err)
{
    static give_fn *const how[] = {[CLUSTER_CODE] = give_clusters, [CLUSTER_NAME] = give_names};

    return give(columns, model, r, how, err);
}

/* --- one customer ------------------------------------------------------------------------------------------------------------- */

enum { REASONS_IN_WORDS = 6 };

static pt_rc types_of(const pt_type **out, const table_model *m, const pt_score_request *r, const uint32_t *tags,
                      pt_err *err)
{
    size_t n = pt_pipeline_n_features(m->pipeline);
    pt_type *types = PT_NEW_ARRAY(r->arena, pt_type, n + 1);

    if (!types)
        return pt_fail_nomem(err, "the reasons");
    for (size_t i = 0; i < n; i++)
        types[i] = r->view->project->module->types[tags[i]];
    *out = types;
    return PT_OK;
}

/* Whom the build gave no value is not in the population. */
static pt_rc has_value(bool *out, const pt_score_request *r, uint32_t ordinal, pt_err *err)
{
    *out = false;
    for (size_t t = 0; t < r->def->n_tags && !*out; t++) {
        const pt_column *column;
        PT_TRY(pt_view_column(&column, r->view, r->def->tags[t].tag, err));
        *out = column && !pt_column_missing(column, ordinal);
    }
    return PT_OK;
}

/* One customer's row: from the build where it is the day asked about, else from everybody's. *row is past the table's when the
 * customer is not in the population. */
static pt_rc find_row(pt_table *table, uint32_t *row, const table_model *m, const pt_score_request *r,
                      const uint32_t *tags, uint32_t ordinal, pt_err *err)
{
    const size_t n = pt_pipeline_n_features(m->pipeline);
    const uint32_t *ordinals;
    bool found = r->as_of == r->view->as_of;

    *row = 0;
    if (found)
        PT_TRY(pt_scoring_row(table, &found, r, tags, n, ordinal, r->arena, err));
    if (found) {
        PT_TRY(has_value(&found, r, ordinal, err));
        *row = !found;
        return PT_OK;
    }
    PT_TRY(pt_scoring_table(table, &ordinals, r, tags, n, r->arena, err));
    while (*row < table->rows && ordinals[*row] != ordinal)
        ++*row;
    return PT_OK;
}

static pt_rc explain(const pt_reason **reasons, size_t *n, const void *model, const pt_score_request *r,
                     uint32_t ordinal, const char *lang, pt_err *err)
{
    const table_model *m = model;
    size_t n_features = pt_pipeline_n_features(m->pipeline);
    float *contributions = (float *)pt_arena_array(r->arena, n_features + 1, sizeof *contributions);
    pt_reason *out = PT_NEW_ARRAY(r->arena, pt_reason, REASONS_IN_WORDS);
    const uint32_t *tags;
    pt_table table;
    uint32_t row = 0;

    *n = 0;
    if (!contributions || !out)
        return pt_fail_nomem(err, "the reasons");
    PT_TRY(find_tags(&tags, m, r, err));
    PT_TRY(find_row(&table, &row, m, r, tags, ordinal, err));
    if (row == table.rows)
        return PT_OK;
    pt_rc rc = pt_pipeline_contributions(contributions, m->pipeline, &table, &(pt_row_set){&row, 1}, r->pool, err);
    if (rc == PT_ENOTFOUND && err)
        *err = (pt_err){0}; /* of several classes there are none */
    if (rc != PT_OK)
        return rc == PT_ENOTFOUND ? PT_OK : rc;
    pt_reasons_of of = {.pipeline = m->pipeline, .table = &table, .project = r->view->project, .lang = lang};
    PT_TRY(types_of(&of.types, m, r, tags, err));
    *reasons = out;
    return pt_model_reasons(out, n, REASONS_IN_WORDS, &of, row, contributions, r->arena, err);
}

/* --- later ------------------------------------------------------------------------------------------------------------------- */

static pt_rc evaluate(pt_card *card, const void *model, const pt_learn_request *r, pt_err *err)
{
    const table_model *m = model;
    pt_score_request score = {.view = r->view, .def = r->def, .arena = r->arena};
    pt_training_features features = {.n = pt_pipeline_n_features(m->pipeline)};
    pt_table table;

    PT_TRY(find_tags(&features.tags, m, &score, err));
    PT_TRY(pt_training_table(&table, r, &r->test, 1, &features, r->arena, err));
    PT_TRY(check_table(&table, r, true, err));
    return pt_card_of_evaluation(card, m->pipeline, &table, r->view->project->min_group, r->view->project, r->pool,
                                 r->arena, err);
}

const pt_learn_kind pt_learn_classify = {"classify", train, open_model, close_model, score_classify, evaluate, explain};
const pt_learn_kind pt_learn_regress = {"regress", train, open_model, close_model, score_regress, evaluate, explain};
const pt_learn_kind pt_learn_cluster = {"cluster", train, open_model, close_model, score_cluster, NULL, NULL};
