/* `task: lookalike`: learns as of the build who is like the customers of a condition, and ranks the others. */
#include <math.h>
#include <stdlib.h>

#include "app/app_int.h"
#include "app/card_draft.h"
#include "app/training.h"
#include "model/lookalike.h"
#include "model/ranking.h"
#include "project/kind_lookalike.h"

/* The condition as if it were a target that does not look ahead: tags that it rests on would tell who is in the seed and nothing about
 * who is like it, so they are left out, and the table of training says who is in. */
static pt_model_def with_target(const pt_model_def *def)
{
    const pt_setting_item *like = &def->settings[PT_LOOKALIKE_LIKE].items[0];
    pt_model_def out = *def;

    out.target = (pt_model_expression){like->node, like->tag, like->text};
    out.horizon = 0;
    return out;
}

/* --- training ------------------------------------------------------------------------------------------------------------ */

typedef struct training {
    const pt_learn_request *r;
    pt_table table;
    pt_training_features features;
    bool *in_seed;
    size_t n_seed;
    const char *algorithm; /* that is being tried */
} training;

static void tell(void *context, size_t done, size_t of)
{
    const training *t = context;

    pt_learn_report(t->r, t->algorithm, done, of);
}

static bool stop(void *context)
{
    const training *t = context;

    return pt_cancel_fired(t->r->cancel);
}

static pt_rc make_table(training *t, pt_err *err)
{
    const pt_learn_request *r = t->r;
    pt_model_def def = with_target(r->def);
    pt_learn_request request = *r;
    int64_t today = r->view->as_of;

    request.def = &def;
    PT_TRY(pt_training_choose(&t->features, r->view->project, &def, r->arena, err));
    PT_TRY(pt_training_table(&t->table, &request, &today, 1, &t->features, r->arena, err));
    if (!t->table.rows)
        return pt_fail(err, PT_EINVAL, "model '%s': nobody is in the population on the days of training", r->def->name);
    PT_TRY(pt_training_prune(&t->table, &t->features, &def, r->arena, err));
    t->in_seed = PT_NEW_ARRAY(r->arena, bool, t->table.rows);
    if (!t->in_seed)
        return pt_fail_nomem(err, "the seed");
    for (size_t i = 0; i < t->table.rows; i++) {
        t->in_seed[i] = t->table.target[i] == 1.0F;
        t->n_seed += t->in_seed[i];
    }
    return PT_OK;
}

/* --- the card -------------------------------------------------------------------------------------------------------------- */

static void add_facts(pt_card_draft *d, const training *t, const pt_lookalike *l)
{
    const pt_model_def *def = t->r->def;
    char at[64];

    pt_card_add_fact(d, "task", pt_card_both("任务", "Task"), pt_card_same(def->kind->task));
    pt_card_add_fact(d, "like", pt_card_both("种子人群", "Seed"),
                     pt_card_same(def->settings[PT_LOOKALIKE_LIKE].items[0].text));
    if (def->population.text)
        pt_card_add_fact(d, "population", pt_card_both("人群范围", "Population"), pt_card_same(def->population.text));
    const char *day = pt_arena_strdup(d->arena, pt_instant_format(at, t->r->view->as_of, t->r->view->project->zone));
    pt_card_add_fact(d, "train", pt_card_both("学习日期", "Learned as of"), pt_card_same(day));
    pt_card_add_fact(d, "seed_customers", pt_card_both("种子客户数", "Customers in the seed"),
                     pt_card_count(d, t->n_seed));
    pt_card_add_fact(d, "others", pt_card_both("其他客户数", "Other customers"),
                     pt_card_count(d, t->table.rows - t->n_seed));
    pt_card_add_fact(d, "share", pt_card_both("其他客户中预计相似者", "Of the others expected to be alike"),
                     pt_card_share(d, pt_lookalike_share(l)));
}

static void add_depths(pt_card_draft *d, const training *t, const pt_lookalike *l)
{
    static const pt_card_column columns[] = {{"share", {"选取前", "first"}, PT_CELL_SHARE},
                                             {"customers", {"客户数", "customers"}, PT_CELL_COUNT},
                                             {"found", {"找回的隐藏种子", "hidden seed found"}, PT_CELL_SHARE},
                                             {"lift", {"相对随机的倍数", "times chance"}, PT_CELL_NUMBER},
                                             {"precision", {"预计相似比例", "expected to be alike"}, PT_CELL_SHARE}};
    enum { COLUMNS = PT_COUNT(columns) };
    pt_card_table *table =
        pt_card_add_table(d, "depth", "选取多少人，预计多准", "How many to choose, and how well that does");
    pt_card_cell *cells = PT_NEW_ARRAY(d->arena, pt_card_cell, PT_LOOKALIKE_DEPTHS * COLUMNS);
    const pt_lookalike_depth *depth = pt_lookalike_depths(l);
    double others = (double)(t->table.rows - t->n_seed);

    if (!table || !cells) {
        d->failed = true;
        return;
    }
    for (size_t i = 0; i < PT_LOOKALIKE_DEPTHS; i++) {
        pt_card_cell *row = cells + i * COLUMNS;
        row[0].number = depth[i].share;
        row[1].number = ceil(depth[i].share * others);
        row[2].number = depth[i].found;
        row[3].number = depth[i].found / depth[i].share;
        row[4].number = depth[i].precision;
    }
    table->columns = columns;
    table->n_columns = COLUMNS;
    table->cells = cells;
    table->n_rows = PT_LOOKALIKE_DEPTHS;
    table->note =
        pt_card_both("种子客户分五份轮流隐藏，看他们排在其他客户中的哪里；预计相似比例按 Elkan–Noto 校正。",
                     "The seed's customers are hidden a fifth at a time to see where among the others they come out; "
                     "expected shares are corrected as Elkan and Noto do.");
}

static void add_curve(pt_card_draft *d, const pt_lookalike *l)
{
    pt_card_curve *c = pt_card_add_curve(d, "gain", PT_CARD_LINE, "隐藏种子找回曲线", "Hidden seed customers found");
    double *x = pt_card_doubles(d, PT_LOOKALIKE_DEPTHS + 1), *y = pt_card_doubles(d, PT_LOOKALIKE_DEPTHS + 1);

    if (!c || !x || !y)
        return;
    x[0] = y[0] = 0;
    for (size_t i = 0; i < PT_LOOKALIKE_DEPTHS; i++) {
        x[i + 1] = pt_lookalike_depths(l)[i].share;
        y[i + 1] = pt_lookalike_depths(l)[i].found;
    }
    c->diagonal = true;
    c->x_label = pt_card_both("选取的其他客户比例", "share of the others chosen");
    c->y_label = pt_card_both("找回比例", "share found");
    pt_card_add_series(d, c, pt_card_both("模型", "model"), x, y, PT_LOOKALIKE_DEPTHS + 1);
}

/* Which tags the seed's condition rests on; NULL when none was left out. */
static const char *seed_tags(const training *t)
{
    const pt_project *p = t->r->view->project;
    const char *names = NULL;

    for (size_t i = 0; i < p->n_tags; i++)
        if (t->features.left_out[i] == PT_LEFT_TARGET)
            names = pt_arena_printf(t->r->arena, "%s%s%s", names ? names : "", names ? ", " : "", p->tags[i].name);
    return names;
}

static void add_sentences(pt_card_draft *d, const training *t, const pt_lookalike *l)
{
    const pt_lookalike_depth *tenth = &pt_lookalike_depths(l)[3];
    size_t n = (size_t)ceil(tenth->share * (double)(t->table.rows - t->n_seed));

    d->section = NULL;
    PT_CARD_SAY(
        d, false,
        "在其他客户中选排名前 10% 的 {0} 人，能找回 {1} 的隐藏种子客户（随机选为 10%），预计其中 {2} 与种子相似。",
        "The first 10% of the others, {0} customers, hold {1} of the seed customers that were hidden (by chance: 10%); "
        "{2} of "
        "them are expected to be like the seed.",
        pt_card_count(d, n), pt_card_share(d, tenth->found), pt_card_share(d, tenth->precision));
    const char *left = seed_tags(t);
    if (left)
        PT_CARD_SAY(d, false, "不参与学习（种子条件依据这些标签，用了会虚高）：{0}。",
                    "Not learned from, since the seed's condition rests on them: {0}.", pt_card_same(left));
    if (pt_lookalike_auc(l) < 0.6)
        PT_CARD_SAY(d, true,
                    "种子客户与其他客户几乎没有差别（ROC 曲线下面积 {0}）：名次接近随机，换一个更明确的种子会更好。",
                    "Seed customers hardly differ from the others (ROC AUC {0}): ranks are near chance; a clearer seed "
                    "would do "
                    "better.",
                    pt_card_number(d, pt_lookalike_auc(l), 3));
    if (t->n_seed < 100)
        PT_CARD_SAY(d, true, "种子只有 {0} 人：各项数字都不精确。",
                    "The seed has only {0} customers: all figures are rough.", pt_card_count(d, t->n_seed));
}

static pt_rc make_card(pt_learned *out, const training *t, const pt_lookalike *l, const pt_card_measure *measures,
                       size_t n, pt_err *err)
{
    pt_card_draft d = {.card = &out->card, .arena = t->r->arena};

    add_facts(&d, t, l);
    out->card.measures = measures;
    out->card.n_measures = n;
    out->card.algorithm = out->algorithm;
    pt_card_begin_section(&d, "performance", "效果", "How well it does");
    add_depths(&d, t, l);
    add_curve(&d, l);
    add_sentences(&d, t, l);
    return d.failed ? pt_fail_nomem(err, "the card") : PT_OK;
}

/* --- choosing among algorithms ------------------------------------------------------------------------------------------------- */

static pt_rc fit_one(pt_lookalike **out, training *t, const pt_model_algorithm *a, pt_err *err)
{
    const pt_model_def *def = t->r->def;
    pt_lookalike_options o = {.learner = a->learner,
                              .parameters = a->parameters,
                              .preparation = def->preparation,
                              .bags = (unsigned)def->settings[PT_LOOKALIKE_BAGS].items[0].number,
                              .seed = t->r->seed,
                              .pool = t->r->pool,
                              .progress = tell,
                              .progress_context = t,
                              .cancelled = stop,
                              .cancel_context = t};

    t->algorithm = a->name;
    return pt_lookalike_fit(out, &t->table, t->in_seed, &o, err);
}

/* The algorithm that puts hidden seed customers first most often. */
static pt_rc choose(pt_lookalike **best, const char **name, pt_card_measure *measures, training *t, pt_err *err)
{
    const pt_model_def *def = t->r->def;

    for (size_t i = 0; i < def->n_algorithms; i++) {
        pt_lookalike *l = NULL;
        pt_rc rc = fit_one(&l, t, &def->algorithms[i], err);
        if (rc != PT_OK) {
            pt_lookalike_free(*best);
            *best = NULL;
            return rc;
        }
        measures[i] = (pt_card_measure){.name = "auc",
                                        .of = def->algorithms[i].name,
                                        .part = "validation",
                                        .value = pt_lookalike_auc(l),
                                        .low = (double)NAN,
                                        .high = (double)NAN};
        bool better = !*best || pt_lookalike_auc(l) > pt_lookalike_auc(*best);
        pt_lookalike_free(better ? *best : l);
        *best = better ? l : *best;
        *name = better ? def->algorithms[i].name : *name;
    }
    return *best ? PT_OK : pt_fail(err, PT_EINVAL, "model '%s' has no algorithm", def->name);
}

static pt_rc train(pt_learned *out, const pt_learn_request *r, pt_err *err)
{
    training t = {.r = r};
    size_t n = r->def->n_algorithms;
    pt_card_measure *measures = PT_NEW_ARRAY(r->arena, pt_card_measure, n + 1);
    pt_lookalike *l = NULL;

    if (!measures)
        return pt_fail_nomem(err, "the card");
    PT_TRY(make_table(&t, err));
    PT_TRY(choose(&l, &out->algorithm, measures, &t, err));
    /* The first is the model's own. */
    measures[n] = measures[0];
    measures[0] = (pt_card_measure){
        .name = "auc", .part = "validation", .value = pt_lookalike_auc(l), .low = (double)NAN, .high = (double)NAN};
    out->measure = "auc";
    pt_auc_interval(&measures[0].low, &measures[0].high, measures[0].value, (double)t.n_seed,
                    (double)(t.table.rows - t.n_seed));
    pt_rc rc = pt_lookalike_save(&out->bytes, l, err);
    if (rc == PT_OK)
        rc = make_card(out, &t, l, measures, n + 1, err);
    pt_lookalike_free(l);
    return rc;
}

/* --- scoring --------------------------------------------------------------------------------------------------------------------- */

static void close_model(void *model)
{
    pt_lookalike_free(model);
}

static pt_rc open_model(void **out, pt_sv bytes, const pt_model_def *def, pt_err *err)
{
    pt_lookalike *l = NULL;

    (void)def;
    PT_TRY(pt_lookalike_load(&l, bytes, err));
    *out = l;
    return PT_OK;
}

/* The tags that any of the classifiers uses. */
static pt_rc find_tags(const uint32_t **out, size_t *n, const pt_lookalike *l, const pt_score_request *r, pt_err *err)
{
    const pt_project *p = r->view->project;
    bool *used = PT_NEW_ARRAY(r->arena, bool, p->n_tags + 1);
    uint32_t *tags = PT_NEW_ARRAY(r->arena, uint32_t, p->n_tags + 1);
    const pt_pipeline *pipeline;

    if (!used || !tags)
        return pt_fail_nomem(err, "the features");
    for (size_t b = 0; (pipeline = pt_lookalike_pipeline(l, b)); b++) {
        for (size_t i = 0; i < pt_pipeline_n_features(pipeline); i++) {
            const char *name = pt_pipeline_feature(pipeline, i).name;
            int tag = pt_project_find_tag(p, pt_sv_of(name));
            if (tag < 0) {
                pt_fail(err, PT_EINVAL, "model '%s' learned from tag '%s', which is no more", r->def->name, name);
                return pt_err_hint(err, "portrait train %s", r->def->name);
            }
            used[tag] = true;
        }
    }
    *n = 0;
    for (uint32_t t = 0; t < p->n_tags; t++)
        if (used[t])
            tags[(*n)++] = t;
    *out = tags;
    return PT_OK;
}

typedef struct ranked {
    uint32_t ordinal;
    float score;
} ranked;

static int likest_first(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* Codes of bands, and the share of the others that each ends at. */
static const char *const bands[] = {"top_01", "top_05", "top_10", "top_20", "rest", "seed"};
static const double band_ends[] = {0.01, 0.05, 0.1, 0.2, 1};
enum { SEED_BAND = PT_COUNT(bands) };

typedef struct giving {
    pt_column *columns;
    const pt_score_request *r;
    double *score, *rank;
    uint32_t *band;
} giving;

static pt_rc giving_new(giving *g, pt_err *err)
{
    const pt_score_request *r = g->r;
    size_t n = r->view->n_ordinals;

    PT_TRY(pt_learn_numbers(&g->columns[PT_LOOKALIKE_SCORE], &g->score, n, r->arena, err));
    PT_TRY(pt_learn_numbers(&g->columns[PT_LOOKALIKE_RANK], &g->rank, n, r->arena, err));
    return pt_learn_categories(&g->columns[PT_LOOKALIKE_BAND], &g->band, bands, PT_COUNT(bands), n, r->arena, err);
}

/* Ranks and bands are of those who are not in the seed. */
static void give(giving *g, ranked *others, size_t n)
{
    qsort(others, n, sizeof *others, likest_first);
    for (size_t i = 0; i < n; i++) {
        uint32_t band = 0;
        while (band + 1 < PT_COUNT(band_ends) && (double)(i + 1) > ceil(band_ends[band] * (double)n))
            band++;
        g->rank[others[i].ordinal] = (double)(i + 1);
        g->band[others[i].ordinal] = band + 1;
    }
}

static pt_rc score(pt_column *columns, const void *model, const pt_score_request *r, pt_err *err)
{
    giving g = {.columns = columns, .r = r};
    const uint32_t *tags = NULL, *ordinals = NULL, like = r->def->settings[PT_LOOKALIKE_LIKE].items[0].tag;
    const pt_column *seed = NULL;
    pt_table table;
    size_t n_tags = 0, n = 0;

    PT_TRY(find_tags(&tags, &n_tags, model, r, err));
    PT_TRY(pt_scoring_table(&table, &ordinals, r, tags, n_tags, r->arena, err));
    PT_TRY(pt_learn_columns(&seed, r->view, &like, 1, r->as_of, r->pool, r->cancel, r->arena, err));
    PT_TRY(giving_new(&g, err));
    float *scores = (float *)pt_arena_array(r->arena, table.rows + 1, sizeof *scores);
    ranked *others = PT_NEW_ARRAY(r->arena, ranked, table.rows + 1);
    if (!scores || !others)
        return pt_fail_nomem(err, "the scores");
    pt_row_set all = pt_all_rows(&table);
    if (table.rows)
        PT_TRY(pt_lookalike_score(scores, model, &table, &all, r->pool, err));
    for (size_t i = 0; i < table.rows; i++) {
        bool in_seed = ((const uint8_t *)seed->data)[ordinals[i]] == 1;
        g.score[ordinals[i]] = (double)scores[i];
        if (in_seed)
            g.band[ordinals[i]] = SEED_BAND;
        else
            others[n++] = (ranked){ordinals[i], scores[i]};
    }
    give(&g, others, n);
    return PT_OK;
}

const pt_learn_kind pt_learn_lookalike = {"lookalike", train, open_model, close_model, score, NULL, NULL};
