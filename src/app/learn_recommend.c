/* `task: recommend`: what customers may want next. */
#include <math.h>
#include <stdlib.h>

#include "app/learn.h"
#include "app/recommend_model.h"
#include "model/measure_rank.h"

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "the recommendations");
}

static pt_rc request_of(pt_tastes_request *out, const pt_learn_request *r, int64_t as_of, pt_err *err)
{
    size_t n;

    *out = (pt_tastes_request){.view = r->view,
                               .def = r->def,
                               .as_of = as_of,
                               .after = PT_I64_MISSING,
                               .end = r->view->n_ordinals,
                               .cancel = r->cancel,
                               .arena = r->arena};
    return pt_learn_population(&out->members, &n, r->view, r->def, as_of, r->pool, r->cancel, r->arena, err);
}

/* --- how good the lists are ----------------------------------------------------------------------------------------------------- */

/* Lists as of one day against what came after it. */
typedef struct trial {
    const pt_learn_request *request;
    const pt_recommend_model *model;
    pt_tastes_request before;
    pt_tastes had, came;
    const uint64_t *excluded;
    bool *asked;          /* by ordinal: something new came */
    uint64_t *popularity; /* by item: customers who have it */
    uint64_t *offsets;    /* of what came, customers asked alone */
    uint32_t *relevant;
    size_t n;
} trial;

static bool owns(const pt_tastes *t, uint32_t customer, uint32_t item)
{
    for (uint64_t i = t->offsets[customer]; i < t->offsets[customer + 1]; i++)
        if (t->items[i] == item)
            return true;
    return false;
}

/* What a customer already has is left out of what came, unless it may be recommended again. */
static void collect_relevant(trial *t, bool again)
{
    uint64_t at = 0;

    for (uint32_t c = 0; c < t->before.end; c++) {
        uint64_t from = at;
        for (uint64_t i = t->had.offsets[c]; i < t->had.offsets[c + 1]; i++)
            t->popularity[t->had.items[i]]++;
        for (uint64_t i = t->came.offsets[c]; t->before.members[c] && i < t->came.offsets[c + 1]; i++)
            if (again || !owns(&t->had, c, t->came.items[i]))
                t->relevant[at++] = t->came.items[i];
        t->asked[c] = at > from;
        if (at > from)
            t->offsets[++t->n] = at;
    }
}

static pt_rc trial_open(trial *t, int64_t as_of, pt_err *err)
{
    const pt_model_def *d = t->request->def;
    pt_arena *arena = t->request->arena;
    pt_tastes_request after;
    pt_items items = t->model->items;

    PT_TRY(request_of(&t->before, t->request, as_of, err));
    PT_TRY(pt_items_match(&items, &t->before, err));
    PT_TRY(pt_items_excluded((uint64_t **)&t->excluded, &items, &t->before, err));
    PT_TRY(pt_tastes_gather(&t->had, &items, &t->before, err));
    after = t->before;
    after.after = as_of;
    after.as_of = as_of + pt_recommend_length(d, PT_RECOMMEND_OUTCOME);
    PT_TRY(pt_tastes_gather(&t->came, &items, &after, err));
    t->asked = PT_NEW_ARRAY(arena, bool, (size_t)t->before.end + 1);
    t->popularity = PT_NEW_ARRAY(arena, uint64_t, (size_t)items.n + 1);
    t->offsets = PT_NEW_ARRAY(arena, uint64_t, (size_t)t->before.end + 1);
    t->relevant = PT_NEW_ARRAY(arena, uint32_t, (size_t)t->came.offsets[t->before.end] + 1);
    if (!t->asked || !t->popularity || !t->offsets || !t->relevant)
        return no_memory(err);
    collect_relevant(t, pt_recommend_number(d, PT_RECOMMEND_AGAIN) > 0);
    return PT_OK;
}

static void trial_dispose(trial *t)
{
    pt_tastes_free(&t->had);
    pt_tastes_free(&t->came);
}

static pt_rc rank_all(uint32_t **out, const trial *t, const double *weights, size_t most, pt_err *err)
{
    size_t rows = t->before.end;
    pt_recommend_all all = {.model = t->model,
                            .tastes = &t->had,
                            .members = t->asked,
                            .end = t->before.end,
                            .excluded = t->excluded,
                            .again = pt_recommend_number(t->request->def, PT_RECOMMEND_AGAIN) > 0,
                            .most = most,
                            .weights = weights,
                            .pool = t->request->pool,
                            .out = pt_zalloc(rows * most + 1, sizeof *all.out),
                            .counts = pt_zalloc(rows + 1, sizeof *all.counts)};
    size_t at = 0;

    *out = pt_zalloc(t->n * most + 1, sizeof **out);
    pt_rc rc = *out && all.out && all.counts ? pt_recommend_run(&all, err) : no_memory(err);
    for (size_t c = 0; rc == PT_OK && c < rows; c++)
        for (size_t k = 0; t->asked[c] && k < most; k++)
            (*out)[at++] = k < all.counts[c] ? all.out[c * most + k].item : UINT32_MAX;
    free(all.out);
    free(all.counts);
    return rc;
}

static pt_rc measure_way(const pt_measured **out, size_t *n, const trial *t, const double *weights, pt_err *err)
{
    size_t most = (size_t)pt_recommend_number(t->request->def, PT_RECOMMEND_KEEP);
    pt_measure_options options = {.draws = 100, .seed = t->request->seed, .pool = t->request->pool};
    uint32_t *ranked = NULL;

    pt_rc rc = rank_all(&ranked, t, weights, most, err);
    if (rc == PT_OK) {
        pt_rankings r = {.customers = t->n,
                         .items = t->model->items.n,
                         .k = most,
                         .ranked = ranked,
                         .offsets = t->offsets,
                         .relevant = t->relevant,
                         .popularity = t->popularity,
                         .training_customers = t->model->customers};
        rc = pt_measure_rankings(out, n, &r, &options, t->request->arena, err);
    }
    free(ranked);
    return rc;
}

/* --- the card --------------------------------------------------------------------------------------------------------------------- */

enum { MOST_FIGURES = 8, TRIALS = 2 };

typedef struct card_work {
    pt_card *card;
    pt_arena *arena;
    pt_card_measure *measures;
    pt_card_fact *facts;
    pt_card_sentence *sentences;
} card_work;

static const struct {
    const char *of, *zh, *en;
} way_words[PT_WAYS] = {
    {"als", "隐式矩阵分解", "factors of who has what (als)"},
    {"similar", "相似商品", "similar items"},
    {"rules", "关联规则", "association rules"},
    {"popular", "热销", "popular items"},
    {"content", "同类商品", "items of the same kind"},
};

static void add_measures(card_work *w, const pt_measured *m, size_t n, const char *of, const char *part)
{
    for (size_t i = 0; i < n && i < MOST_FIGURES; i++)
        w->measures[w->card->n_measures++] = (pt_card_measure){m[i].name, of, part, m[i].value, m[i].low, m[i].high};
}

static void add_fact(card_work *w, const char *key, const char *zh, const char *en, const char *value)
{
    w->facts[w->card->n_facts++] = (pt_card_fact){key, {zh, en}, {value, value}};
}

static void add_sentence(card_work *w, bool warning, const char *zh, const char *en)
{
    w->sentences[w->card->n_sentences++] = (pt_card_sentence){warning, {zh, en}};
}

static double figure(const pt_measured *m, size_t n, const char *name)
{
    const pt_measured *found = pt_measured_find(m, n, name);

    return found ? found->value : (double)NAN;
}

/* What the mixture is worth against the most popular items alone. */
static void add_verdict(card_work *w, const trial *t, double mixture, double popular)
{
    size_t most = (size_t)pt_recommend_number(t->request->def, PT_RECOMMEND_KEEP);
    double days = (double)pt_recommend_length(t->request->def, PT_RECOMMEND_OUTCOME) / (double)PT_DAY;

    add_sentence(
        w, false,
        pt_arena_printf(w->arena, "每推荐 %zu 件商品，平均有 %.2f 件在其后 %.0f 天内被购买（%zu 位有新购买的客户）。",
                        most, mixture * (double)most, days, t->n),
        pt_arena_printf(w->arena,
                        "Of %zu items recommended, %.2f were bought within the next %.0f days, on average over %zu "
                        "customers who bought something that could be recommended.",
                        most, mixture * (double)most, days, t->n));
    if (isfinite(popular) && mixture <= popular)
        add_sentence(w, true, "效果不优于直接推荐最热销的商品。",
                     "It is no better than recommending what is most popular.");
    else if (isfinite(popular) && popular > 0)
        add_sentence(w, false, pt_arena_printf(w->arena, "是直接推荐最热销商品的 %.1f 倍。", mixture / popular),
                     pt_arena_printf(w->arena, "That is %.1f times as many as the most popular items would give.",
                                     mixture / popular));
}

/* Every way alone, then all together. */
static pt_rc add_trial(card_work *w, const pt_learn_request *request, const pt_recommend_model *model, int64_t as_of,
                       const char *part, pt_err *err)
{
    trial t = {.request = request, .model = model};
    const double *weights = model->recommender.weights;
    double popular = (double)NAN;
    const pt_measured *m;
    size_t n = 0;

    pt_rc rc = trial_open(&t, as_of, err);
    for (int way = 0; rc == PT_OK && t.n && way < PT_WAYS; way++) {
        double alone[PT_WAYS] = {0};
        if (!(weights[way] > 0) && way != PT_WAY_POPULAR)
            continue;
        alone[way] = 1;
        rc = measure_way(&m, &n, &t, alone, err);
        if (rc == PT_OK)
            add_measures(w, m, n, way_words[way].of, part);
        if (rc == PT_OK && way == PT_WAY_POPULAR)
            popular = figure(m, n, "precision");
    }
    if (rc == PT_OK && t.n)
        rc = measure_way(&m, &n, &t, weights, err);
    if (rc == PT_OK && t.n) {
        add_measures(w, m, n, NULL, part);
        add_verdict(w, &t, figure(m, n, "precision"), popular);
    }
    trial_dispose(&t);
    return rc;
}

static pt_rc card_open(card_work *w, pt_card *card, pt_arena *arena, pt_err *err)
{
    *w = (card_work){card, arena, PT_NEW_ARRAY(arena, pt_card_measure, MOST_FIGURES * (PT_WAYS + 1) * TRIALS),
                     PT_NEW_ARRAY(arena, pt_card_fact, 16), PT_NEW_ARRAY(arena, pt_card_sentence, 4 * TRIALS)};
    if (!w->measures || !w->facts || !w->sentences)
        return no_memory(err);
    card->measures = w->measures;
    card->facts = w->facts;
    card->sentences = w->sentences;
    return PT_OK;
}

static void describe(card_work *w, const pt_learn_request *r, const pt_recommend_model *m)
{
    char number[32];

    add_fact(w, "events", "事件", "events", r->def->settings[PT_RECOMMEND_EVENTS].items[0].text);
    add_fact(w, "item", "商品列", "column of items", r->def->settings[PT_RECOMMEND_ITEM].items[0].text);
    add_fact(w, "items", "商品数", "items", pt_arena_strdup(w->arena, pt_format_count(number, m->items.n)));
    add_fact(w, "customers", "客户数", "customers", pt_arena_strdup(w->arena, pt_format_count(number, m->customers)));
    add_fact(w, "pairs", "客户与商品对", "customers' items",
             pt_arena_strdup(w->arena, pt_format_count(number, m->pairs)));
    for (int way = 0; way < PT_WAYS; way++)
        if (m->recommender.weights[way] > 0)
            add_fact(w, way_words[way].of, pt_arena_printf(w->arena, "%s的权重", way_words[way].zh),
                     pt_arena_printf(w->arena, "weight of %s", way_words[way].en),
                     pt_arena_printf(w->arena, "%g", m->recommender.weights[way]));
}

/* --- the kind ---------------------------------------------------------------------------------------------------------------------- */

/* Learned as of a horizon before the last day, measured on what came since; then learned anew from everything. */
static pt_rc validate(card_work *w, const pt_learn_request *request, int64_t as_of, pt_err *err)
{
    int64_t before = as_of - pt_recommend_length(request->def, PT_RECOMMEND_OUTCOME);
    pt_recommend_model *model = NULL;
    pt_tastes_request tastes;

    PT_TRY(request_of(&tastes, request, before, err));
    pt_rc rc = pt_recommend_learn(&model, &tastes, request->pool, request->seed, err);
    if (rc == PT_OK)
        rc = add_trial(w, request, model, before, "validation", err);
    else if (rc == PT_EINVAL) { /* too early for anything: the card has no figures */
        add_sentence(w, true, "历史太短，无法用其后的购买检验推荐效果。",
                     "There is too little history to check the lists against what came after.");
        rc = PT_OK;
    }
    pt_recommend_model_free(model);
    return rc;
}

static pt_rc train(pt_learned *out, const pt_learn_request *request, pt_err *err)
{
    int64_t as_of = request->n_train ? request->train[request->n_train - 1] : request->data_end;
    int64_t outcome = pt_recommend_length(request->def, PT_RECOMMEND_OUTCOME);
    pt_recommend_model *model = NULL;
    pt_tastes_request tastes;
    card_work w;

    *out = (pt_learned){.algorithm = "recommend", .measure = "ndcg"};
    PT_TRY(pt_recommend_check(request->view, request->def, err));
    PT_TRY(card_open(&w, &out->card, request->arena, err));
    pt_learn_report(request, "validation", 0, 2);
    PT_TRY(validate(&w, request, as_of, err));
    pt_learn_report(request, "recommend", 1, 2);
    PT_TRY(request_of(&tastes, request, as_of, err));
    pt_rc rc = pt_recommend_learn(&model, &tastes, request->pool, request->seed, err);
    if (rc == PT_OK)
        describe(&w, request, model);
    if (rc == PT_OK && request->has_test && request->test + outcome <= request->data_end)
        rc = add_trial(&w, request, model, request->test, "test", err);
    if (rc == PT_OK)
        rc = pt_recommend_model_save(&out->bytes, model, err);
    pt_recommend_model_free(model);
    return rc;
}

static pt_rc open(void **model, pt_sv bytes, const pt_model_def *def, pt_err *err)
{
    pt_recommend_model *m = NULL;

    (void)def;
    pt_rc rc = pt_recommend_model_load(&m, bytes, err);
    if (rc != PT_OK) {
        pt_recommend_model_free(m);
        m = NULL;
    }
    *model = m;
    return rc;
}

static void close(void *model)
{
    pt_recommend_model_free(model);
}

static pt_rc evaluate(pt_card *card, const void *model, const pt_learn_request *request, pt_err *err)
{
    card_work w;

    PT_TRY(pt_recommend_check(request->view, request->def, err));
    *card = (pt_card){0};
    PT_TRY(card_open(&w, card, request->arena, err));
    describe(&w, request, model);
    return add_trial(&w, request, model, request->test, "later", err);
}

/* --- scoring ------------------------------------------------------------------------------------------------------------------------- */

enum { OUT_ITEMS, OUT_BEST, OUT_REASON, OUT_SCORE };

/* Names of items as a dictionary: they are in order of their text. */
static const pt_dict *dict_of(const pt_sv *texts, uint32_t n, pt_arena *arena)
{
    pt_dict *dict = PT_NEW(arena, pt_dict);
    uint64_t *offsets = PT_NEW_ARRAY(arena, uint64_t, (size_t)n + 1);
    size_t bytes = 0;

    for (uint32_t i = 0; i < n; i++)
        bytes += texts[i].len;
    char *all = pt_arena_array(arena, bytes + 1, 1);
    if (!dict || !offsets || !all)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        memcpy(all + offsets[i], texts[i].ptr, texts[i].len);
        offsets[i + 1] = offsets[i] + texts[i].len;
    }
    *dict = (pt_dict){.n = n, .sorted = true, .offsets = offsets, .bytes = all};
    return dict;
}

static pt_rc fill_items(pt_column *out, const pt_recommend_all *all, const pt_dict *dict, pt_arena *arena, pt_err *err)
{
    uint64_t total = 0;
    uint64_t *offsets = PT_NEW_ARRAY(arena, uint64_t, (size_t)all->end + 1);
    uint8_t *absent = PT_NEW_ARRAY(arena, uint8_t, (size_t)all->end + 1);

    for (uint32_t c = 0; c < all->end; c++)
        total += all->counts[c];
    uint32_t *codes = PT_NEW_ARRAY(arena, uint32_t, (size_t)total + 1);
    double *weights = PT_NEW_ARRAY(arena, double, (size_t)total + 1);
    if (!offsets || !absent || !codes || !weights)
        return no_memory(err);
    for (uint32_t c = 0; c < all->end; c++) {
        uint64_t at = offsets[c];
        for (uint32_t k = 0; k < all->counts[c]; k++, at++) {
            codes[at] = all->out[c * all->most + k].item + 1;
            weights[at] = (double)all->out[c * all->most + k].score;
        }
        absent[c] = !all->counts[c];
        offsets[c + 1] = at;
    }
    *out = (pt_column){.type = PT_TYPE_WEIGHTED,
                       .width = sizeof *codes,
                       .data = codes,
                       .offsets = offsets,
                       .weights = weights,
                       .absent = absent,
                       .dict = dict};
    return PT_OK;
}

static pt_rc fill_best(pt_column *out, const pt_recommend_all *all, const pt_dict *dict, pt_arena *arena, pt_err *err)
{
    uint32_t *codes = PT_NEW_ARRAY(arena, uint32_t, (size_t)all->end + 1);

    if (!codes)
        return no_memory(err);
    for (uint32_t c = 0; c < all->end; c++)
        codes[c] = all->counts[c] ? all->out[c * all->most].item + 1 : 0;
    *out = (pt_column){.type = PT_TYPE_CATEGORY, .width = sizeof *codes, .data = codes, .dict = dict};
    return PT_OK;
}

static pt_rc fill_score(pt_column *out, const pt_recommend_all *all, pt_arena *arena, pt_err *err)
{
    double *values = PT_NEW_ARRAY(arena, double, (size_t)all->end + 1);

    if (!values)
        return no_memory(err);
    for (uint32_t c = 0; c < all->end; c++)
        values[c] = all->counts[c] ? (double)all->out[c * all->most].score : (double)NAN;
    *out = (pt_column){.type = PT_TYPE_NUMBER, .width = sizeof *values, .data = values};
    return PT_OK;
}

static int by_reason(const void *a, const void *b)
{
    return pt_sv_cmp(*(const pt_sv *)a, *(const pt_sv *)b);
}

static uint32_t place_of(const pt_sv *sorted, uint32_t n, pt_sv text)
{
    uint32_t low = 0, high = n;

    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (pt_sv_cmp(sorted[middle], text) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static pt_rc fill_reasons(pt_column *out, const pt_recommend_all *all, bool chinese, pt_arena *arena, pt_err *err)
{
    const pt_recommend_model *m = all->model;
    pt_sv *reasons = PT_NEW_ARRAY(arena, pt_sv, (size_t)all->end + 1),
          *sorted = PT_NEW_ARRAY(arena, pt_sv, (size_t)all->end + 1);
    uint32_t *codes = PT_NEW_ARRAY(arena, uint32_t, (size_t)all->end + 1), n = 0, kept = 0;

    if (!reasons || !sorted || !codes)
        return no_memory(err);
    for (uint32_t c = 0; c < all->end; c++) {
        if (!all->counts[c])
            continue;
        const char *text = pt_recommend_reason(m, &all->out[c * all->most], chinese, arena);
        if (!text)
            return no_memory(err);
        reasons[c] = sorted[n++] = pt_sv_of(text);
    }
    qsort(sorted, n, sizeof *sorted, by_reason);
    for (uint32_t i = 0; i < n; i++)
        if (!i || !pt_sv_eq(sorted[i], sorted[kept - 1]))
            sorted[kept++] = sorted[i];
    for (uint32_t c = 0; c < all->end; c++)
        codes[c] = all->counts[c] ? place_of(sorted, kept, reasons[c]) + 1 : 0;
    const pt_dict *dict = dict_of(sorted, kept, arena);
    *out = (pt_column){.type = PT_TYPE_CATEGORY, .width = sizeof *codes, .data = codes, .dict = dict};
    return dict ? PT_OK : no_memory(err);
}

static pt_rc fill_columns(pt_column *columns, const pt_recommend_all *all, const pt_score_request *r, pt_err *err)
{
    const pt_dict *dict = dict_of(all->model->items.texts, all->model->items.n, r->arena);

    if (!dict)
        return no_memory(err);
    if (r->wanted[OUT_ITEMS])
        PT_TRY(fill_items(&columns[OUT_ITEMS], all, dict, r->arena, err));
    if (r->wanted[OUT_BEST])
        PT_TRY(fill_best(&columns[OUT_BEST], all, dict, r->arena, err));
    if (r->wanted[OUT_REASON])
        PT_TRY(fill_reasons(&columns[OUT_REASON], all, strcmp(r->view->project->locale, "zh") == 0, r->arena, err));
    return r->wanted[OUT_SCORE] ? fill_score(&columns[OUT_SCORE], all, r->arena, err) : PT_OK;
}

/* Members who have not agreed get nothing. */
static pt_rc keep_consenting(bool *members, const pt_score_request *r, pt_err *err)
{
    const pt_setting_value *consent = &r->def->settings[PT_RECOMMEND_CONSENT];
    const pt_column *agreed;

    if (!consent->n)
        return PT_OK;
    PT_TRY(pt_learn_columns(&agreed, r->view, &consent->items[0].tag, 1, r->as_of, r->pool, r->cancel, r->arena, err));
    for (uint32_t c = 0; c < r->view->n_ordinals; c++)
        members[c] = members[c] && ((const uint8_t *)agreed->data)[c] == 1;
    return PT_OK;
}

static pt_rc score(pt_column *columns, const void *model, const pt_score_request *r, pt_err *err)
{
    const pt_recommend_model *m = model;
    pt_tastes_request request = {.view = r->view,
                                 .def = r->def,
                                 .as_of = r->as_of,
                                 .after = PT_I64_MISSING,
                                 .end = r->view->n_ordinals,
                                 .cancel = r->cancel,
                                 .arena = r->arena};
    pt_recommend_all all = {.model = m, .end = r->view->n_ordinals, .pool = r->pool};
    pt_items items = m->items;
    pt_tastes tastes = {0};
    uint64_t *excluded;
    size_t n;

    PT_TRY(pt_recommend_check(r->view, r->def, err));
    PT_TRY(pt_learn_population(&request.members, &n, r->view, r->def, r->as_of, r->pool, r->cancel, r->arena, err));
    PT_TRY(keep_consenting((bool *)request.members, r, err));
    PT_TRY(pt_items_match(&items, &request, err));
    PT_TRY(pt_items_excluded(&excluded, &items, &request, err));
    all.tastes = &tastes;
    all.members = request.members;
    all.excluded = excluded;
    all.again = pt_recommend_number(r->def, PT_RECOMMEND_AGAIN) > 0;
    all.most = r->wanted[OUT_ITEMS] ? (size_t)pt_recommend_number(r->def, PT_RECOMMEND_KEEP) : 1;
    all.out = pt_zalloc((size_t)all.end * all.most + 1, sizeof *all.out);
    all.counts = pt_zalloc((size_t)all.end + 1, sizeof *all.counts);
    pt_rc rc = all.out && all.counts ? pt_tastes_gather(&tastes, &items, &request, err) : no_memory(err);
    if (rc == PT_OK)
        rc = pt_recommend_run(&all, err);
    if (rc == PT_OK)
        rc = fill_columns(columns, &all, r, err);
    pt_tastes_free(&tastes);
    free(all.out);
    free(all.counts);
    return rc;
}

const pt_learn_kind pt_learn_recommend = {
    .task = "recommend", .train = train, .open = open, .close = close, .score = score, .evaluate = evaluate};
