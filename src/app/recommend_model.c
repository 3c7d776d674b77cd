#include "app/recommend_model.h"

#include <stdlib.h>

#include "model/blob.h"

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "the recommendations");
}

void pt_recommend_model_free(pt_recommend_model *m)
{
    if (!m)
        return;
    pt_recommender_free(&m->recommender);
    pt_arena_free(m->arena);
    free(m);
}

static pt_rc model_new(pt_recommend_model **out, pt_err *err)
{
    pt_recommend_model *m = pt_zalloc(1, sizeof *m);

    *out = m;
    if (!m)
        return no_memory(err);
    m->arena = pt_arena_new(0);
    return m->arena ? PT_OK : no_memory(err);
}

/* --- learning ------------------------------------------------------------------------------------------------------------------ */

void pt_recommend_weights(double weights[PT_WAYS], const pt_model_def *def)
{
    static const double usual[PT_WAYS] = {1, 0.5, 0.3, 0.3, 0.5};
    const pt_setting_value *methods = &def->settings[PT_RECOMMEND_METHODS],
                           *given = &def->settings[PT_RECOMMEND_WEIGHTS];

    memset(weights, 0, PT_WAYS * sizeof *weights);
    for (size_t i = 0; i < methods->n; i++) {
        size_t way = (size_t)methods->items[i].number;
        weights[way] = i < given->n ? given->items[i].number : usual[way];
    }
    if (!methods->n)
        memcpy(weights, usual, sizeof usual);
}

static pt_recommend_options options_of(const pt_model_def *d, pt_pool *pool, uint64_t seed)
{
    pt_recommend_options o = {
        .als = {.factors = (unsigned)pt_recommend_number(d, PT_RECOMMEND_FACTORS),
                .regularization = pt_recommend_number(d, PT_RECOMMEND_REGULARIZATION),
                .iterations = (unsigned)pt_recommend_number(d, PT_RECOMMEND_ITERATIONS),
                .seed = seed,
                .pool = pool},
        .alpha = pt_recommend_number(d, PT_RECOMMEND_ALPHA),
        .near = {.most = (unsigned)pt_recommend_number(d, PT_RECOMMEND_NEIGHBOURS),
                 .significance = 0.001,
                 .min_both = (uint64_t)pt_recommend_number(d, PT_RECOMMEND_MIN_CUSTOMERS),
                 .pool = pool},
    };

    pt_recommend_weights(o.weights, d);
    return o;
}

static pt_rc learn(pt_recommend_model *m, const pt_tastes_request *request, pt_pool *pool, uint64_t seed, pt_err *err)
{
    pt_recommend_options options = options_of(request->def, pool, seed);
    pt_tastes_request own = *request;
    pt_tastes tastes = {0};
    double *popularity;

    own.arena = m->arena;
    PT_TRY(pt_items_find(&m->items, &popularity, &own, err));
    pt_rc rc = pt_tastes_gather(&tastes, &m->items, &own, err);
    if (rc == PT_OK) {
        pt_recommend_data data = {
            .owned = {tastes.offsets, tastes.items, tastes.weights, request->end - request->first, m->items.n},
            .popularity = popularity,
            .n_attributes = m->items.n_attributes};
        for (size_t a = 0; a < m->items.n_attributes; a++)
            data.attributes[a] = m->items.attributes[a];
        for (uint32_t c = 0; c < data.owned.n_customers; c++)
            m->customers += tastes.offsets[c + 1] > tastes.offsets[c];
        m->pairs = tastes.offsets[data.owned.n_customers];
        rc = pt_recommender_fit(&m->recommender, &data, &options, err);
    }
    pt_tastes_free(&tastes);
    return rc;
}

pt_rc pt_recommend_learn(pt_recommend_model **out, const pt_tastes_request *request, pt_pool *pool, uint64_t seed,
                         pt_err *err)
{
    PT_TRY(model_new(out, err));
    return learn(*out, request, pool, seed, err);
}

/* --- for many customers -------------------------------------------------------------------------------------------------------- */

enum { TASK_CUSTOMERS = 64 };

typedef struct run {
    pt_recommend_all *all;
    pt_recommend_scratch **scratch; /* by worker */
} run;

static pt_rc run_task(void *arg, size_t task, unsigned worker, pt_err *err)
{
    run *r = arg;
    pt_recommend_all *a = r->all;
    uint64_t first = a->first + (uint64_t)task * TASK_CUSTOMERS, end = first + TASK_CUSTOMERS;

    if (!r->scratch[worker])
        PT_TRY(pt_recommend_scratch_new(&r->scratch[worker], &a->model->recommender, err));
    for (uint64_t c = first; c < end && c < a->end; c++) {
        size_t i = (size_t)(c - a->first), n = 0;
        uint64_t from = a->tastes->offsets[i];
        pt_basket_of b = {.items = a->tastes->items + from,
                          .confidence = a->tastes->weights + from,
                          .n = (size_t)(a->tastes->offsets[i + 1] - from),
                          .excluded = a->excluded,
                          .again = a->again};
        if (!a->members || a->members[c])
            PT_TRY(pt_recommend(a->out + i * a->most, &n, a->most, &a->model->recommender, a->weights, &b,
                                r->scratch[worker], err));
        a->counts[i] = (uint32_t)n;
    }
    return PT_OK;
}

pt_rc pt_recommend_run(pt_recommend_all *all, pt_err *err)
{
    unsigned workers = all->pool ? pt_pool_threads(all->pool) : 1;
    run r = {all, pt_zalloc(workers, sizeof *r.scratch)};
    size_t tasks = ((size_t)(all->end - all->first) + TASK_CUSTOMERS - 1) / TASK_CUSTOMERS;

    pt_rc rc = r.scratch ? PT_OK : no_memory(err);
    if (rc == PT_OK && all->pool)
        rc = pt_pool_run(all->pool, tasks, run_task, &r, err);
    for (size_t i = 0; rc == PT_OK && !all->pool && i < tasks; i++)
        rc = run_task(&r, i, 0, err);
    for (unsigned w = 0; r.scratch && w < workers; w++)
        pt_recommend_scratch_free(r.scratch[w]);
    free(r.scratch);
    return rc;
}

/* --- words ---------------------------------------------------------------------------------------------------------------------- */

const char *pt_recommend_reason(const pt_recommend_model *m, const pt_recommendation *x, bool chinese, pt_arena *arena)
{
    static const char *const words[PT_WAYS][2] = {
        [PT_WAY_FACTORS] = {"fits what was bought, such as %.*s", "符合购买偏好，如“%.*s”"},
        [PT_WAY_SIMILAR] = {"who bought %.*s bought it too", "买过“%.*s”的客户也买"},
        [PT_WAY_RULES] = {"often goes with %.*s", "常与“%.*s”一起购买"},
        [PT_WAY_POPULAR] = {"popular lately", "近期热销"},
        [PT_WAY_CONTENT] = {"of the same kind as %.*s", "与“%.*s”同类"},
    };
    const char *reason = words[x->way][chinese];

    if (x->way == PT_WAY_POPULAR)
        return reason;
    if (x->because == UINT32_MAX)
        return chinese ? "符合购买偏好" : "fits what was bought";
    pt_sv name = m->items.names[x->because];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return pt_arena_printf(arena, reason, (int)name.len, name.ptr);
#pragma GCC diagnostic pop
}

/* --- bytes ----------------------------------------------------------------------------------------------------------------------- */

#define MAGIC "PRMD"
enum { VERSION = 1 };

pt_rc pt_recommend_model_save(pt_str *out, const pt_recommend_model *m, pt_err *err)
{
    pt_str part = {0};

    pt_blob_begin(out, MAGIC, VERSION);
    pt_blob_put_count(out, m->items.n);
    pt_blob_put_count(out, (size_t)m->customers);
    pt_blob_put_count(out, (size_t)m->pairs);
    for (uint32_t i = 0; i < m->items.n; i++) {
        pt_blob_put_bytes(out, m->items.texts[i]);
        pt_blob_put_bytes(out, m->items.names[i]);
    }
    pt_rc rc = pt_recommender_save(&part, &m->recommender, err);
    pt_blob_put_bytes(out, (pt_sv){part.ptr, part.len});
    pt_str_free(&part);
    return rc == PT_OK ? pt_str_check(out, err) : rc;
}

static pt_sv own(pt_arena *arena, pt_sv text, bool *failed)
{
    const char *copy = pt_arena_strndup(arena, text.ptr ? text.ptr : "", text.len);

    *failed |= !copy;
    return (pt_sv){copy, text.len};
}

/* Each item takes 16 bytes at least: more than that is refused before memory is asked for. */
static bool load_items(pt_recommend_model *m, pt_blob *b, size_t bytes)
{
    m->items.n = (uint32_t)pt_blob_count(b, 1, bytes / 2 < UINT32_MAX ? bytes / 2 + 1 : UINT32_MAX - 1);
    m->customers = pt_blob_count(b, 0, SIZE_MAX);
    m->pairs = pt_blob_count(b, 0, SIZE_MAX);
    pt_sv *texts = PT_NEW_ARRAY(m->arena, pt_sv, m->items.n), *names = PT_NEW_ARRAY(m->arena, pt_sv, m->items.n);
    bool failed = !texts || !names;

    for (uint32_t i = 0; !failed && i < m->items.n; i++) {
        texts[i] = own(m->arena, pt_blob_bytes(b), &failed);
        names[i] = own(m->arena, pt_blob_bytes(b), &failed);
        if (i && !failed && pt_sv_cmp(texts[i - 1], texts[i]) >= 0)
            pt_blob_refuse(b);
    }
    m->items.texts = texts;
    m->items.names = names;
    return !failed;
}

pt_rc pt_recommend_model_load(pt_recommend_model **out, pt_sv bytes, pt_err *err)
{
    pt_blob b;

    PT_TRY(model_new(out, err));
    pt_blob_open(&b, bytes, MAGIC, VERSION);
    if (!load_items(*out, &b, bytes.len))
        return no_memory(err);
    pt_sv recommender = pt_blob_bytes(&b);
    PT_TRY(pt_blob_end(&b, "recommend", err));
    PT_TRY(pt_recommender_load(&(*out)->recommender, recommender, err));
    return (*out)->recommender.n_items == (*out)->items.n
               ? PT_OK
               : pt_fail(err, PT_ECORRUPT, "the recommendations contradict themselves");
}
