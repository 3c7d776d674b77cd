#include "app/learn.h"

#include <math.h>

#include "app/app_int.h"
#include "app/missing.h"
#include "app/past.h"

/* --- kinds ---------------------------------------------------------------------------------------------------------- */

#define X(kind) extern const pt_learn_kind pt_learn_##kind;
#include "app/learn_list.h"
#undef X

static const pt_learn_kind *const kinds[] = {
#define X(kind) &pt_learn_##kind,
#include "app/learn_list.h"
#undef X
};

const pt_learn_kind *pt_learn_kind_of(const pt_model_def *def)
{
    for (size_t i = 0; i < PT_COUNT(kinds); i++)
        if (strcmp(kinds[i]->task, def->kind->task) == 0)
            return kinds[i];
    return kinds[0];
}

bool pt_learn_knows(const pt_model_def *def)
{
    return strcmp(pt_learn_kind_of(def)->task, def->kind->task) == 0;
}

void pt_learn_report(const pt_learn_request *request, const char *what, uint64_t done, uint64_t total)
{
    if (request->report)
        request->report(request->report_ctx, what, done, total);
}

/* --- values as of a day --------------------------------------------------------------------------------------------- */

/* What queries and models give is not known of past days: missing, and no expression of a model rests on it. */
static pt_rc make_external(const pt_column **out, const pt_view *v, const pt_module *m, pt_arena *arena, pt_err *err)
{
    pt_column *external = PT_NEW_ARRAY(arena, pt_column, m->n_tags);

    if (!external)
        return pt_fail_nomem(err, "the tags");
    for (size_t t = 0; t < m->n_tags; t++)
        if (m->catalog->tags[t].external)
            PT_TRY(pt_missing_column(&external[t], m->types[t], v->n_ordinals, arena, err));
    *out = external;
    return PT_OK;
}

pt_rc pt_learn_columns(const pt_column **columns, pt_view *view, const uint32_t *numbers, size_t n, int64_t as_of,
                       pt_pool *pool, pt_cancel *cancel, pt_arena *arena, pt_err *err)
{
    pt_past_request request = {.tags = numbers,
                               .n_tags = n,
                               .as_of = as_of,
                               .pool = pool,
                               .cancel = cancel,
                               .module = view->project->learning};

    PT_TRY(make_external(&request.external, view, request.module, arena, err));
    return pt_past_columns(columns, view, &request, arena, err);
}

/* --- who takes part --------------------------------------------------------------------------------------------------- */

/* Whether anything is known of a customer as of an instant. */
static bool known(const pt_view *v, uint32_t ordinal, int64_t as_of)
{
    for (size_t s = 0; s < v->project->n_sources; s++) {
        const pt_events *e = &v->events[s];
        if (e->offsets && e->offsets[ordinal] < e->offsets[ordinal + 1] && e->time[e->offsets[ordinal]] <= as_of)
            return true;
    }
    return false;
}

static pt_rc check_times(const pt_view *v, pt_err *err)
{
    for (size_t s = 0; s < v->project->n_sources; s++)
        if (v->timelines[s] && v->n_ordinals)
            PT_TRY(pt_timeline_check(v->timelines[s], 0, v->n_ordinals, err));
    return PT_OK;
}

pt_rc pt_learn_population(const bool **members, size_t *n, pt_view *view, const pt_model_def *def, int64_t as_of,
                          pt_pool *pool, pt_cancel *cancel, pt_arena *arena, pt_err *err)
{
    bool *out = PT_NEW_ARRAY(arena, bool, view->n_ordinals);
    const pt_column *condition = NULL;

    if (!out)
        return pt_fail_nomem(err, "the customers");
    PT_TRY(check_times(view, err));
    if (def->population.node)
        PT_TRY(pt_learn_columns(&condition, view, &def->population.number, 1, as_of, pool, cancel, arena, err));
    *n = 0;
    for (uint32_t c = 0; c < view->n_ordinals; c++) {
        bool in = !condition || ((const uint8_t *)condition->data)[c] == 1;
        out[c] = in && pt_is_customer(view->directory, c) && known(view, c, as_of);
        *n += out[c];
    }
    *members = out;
    return pt_directory_damage(view->directory, err);
}

pt_rc pt_learn_span(int64_t *first, int64_t *end, const pt_view *view, pt_err *err)
{
    const pt_zone *zone = view->project->zone;
    int64_t last = INT64_MIN;

    *first = INT64_MAX;
    PT_TRY(check_times(view, err));
    for (size_t s = 0; s < view->project->n_sources; s++) {
        const pt_events *e = &view->events[s];
        if (view->project->sources[s].kind != PT_SOURCE_EVENT || !e->offsets)
            continue;
        for (uint64_t i = e->offsets[0]; i < e->offsets[view->n_ordinals]; i++) {
            last = e->time[i] > last ? e->time[i] : last;
            *first = e->time[i] < *first ? e->time[i] : *first;
        }
    }
    if (last == INT64_MIN)
        return pt_fail(err, PT_EINVAL, "there are no events to learn from");
    *end = pt_zone_midnight(zone, pt_zone_date(zone, last) + 1);
    return PT_OK;
}

/* --- columns of answers ------------------------------------------------------------------------------------------------ */

pt_rc pt_learn_numbers(pt_column *out, double **values, size_t rows, pt_arena *arena, pt_err *err)
{
    double *data = PT_NEW_ARRAY(arena, double, rows);

    if (!data)
        return pt_fail_nomem(err, "the scores");
    for (size_t i = 0; i < rows; i++)
        data[i] = (double)NAN;
    *out = (pt_column){.type = PT_TYPE_NUMBER, .width = sizeof *data, .data = data};
    *values = data;
    return PT_OK;
}

pt_rc pt_learn_bools(pt_column *out, uint8_t **values, size_t rows, pt_arena *arena, pt_err *err)
{
    uint8_t *data = PT_NEW_ARRAY(arena, uint8_t, rows);

    if (!data)
        return pt_fail_nomem(err, "the scores");
    if (rows)
        memset(data, PT_BOOL_MISSING, rows);
    *out = (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = data};
    *values = data;
    return PT_OK;
}

static const pt_dict *make_dict(const char *const *names, size_t n, pt_arena *arena)
{
    pt_dict *dict = PT_NEW(arena, pt_dict);
    uint64_t *offsets = PT_NEW_ARRAY(arena, uint64_t, n + 1);
    size_t bytes = 0;

    for (size_t i = 0; i < n; i++)
        bytes += strlen(names[i]);
    char *text = pt_arena_array(arena, bytes + 1, 1);
    if (!dict || !offsets || !text)
        return NULL;
    bool sorted = true;
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(names[i]);
        memcpy(text + offsets[i], names[i], length);
        offsets[i + 1] = offsets[i] + length;
        sorted &= i == 0 || strcmp(names[i - 1], names[i]) < 0;
    }
    *dict = (pt_dict){.n = (uint32_t)n, .sorted = sorted, .offsets = offsets, .bytes = text};
    return dict;
}

pt_rc pt_learn_categories(pt_column *out, uint32_t **codes, const char *const *names, size_t n_names, size_t rows,
                          pt_arena *arena, pt_err *err)
{
    uint32_t *data = PT_NEW_ARRAY(arena, uint32_t, rows);
    const pt_dict *dict = make_dict(names, n_names, arena);

    if (!data || !dict)
        return pt_fail_nomem(err, "the scores");
    *out = (pt_column){.type = PT_TYPE_CATEGORY, .width = sizeof *data, .data = data, .dict = dict};
    *codes = data;
    return PT_OK;
}

pt_rc pt_learn_lists(pt_column *out, const uint32_t *codes, const uint64_t *offsets, const uint8_t *absent,
                     const char *const *names, size_t n_names, pt_arena *arena, pt_err *err)
{
    const pt_dict *dict = make_dict(names, n_names, arena);

    if (!dict)
        return pt_fail_nomem(err, "the scores");
    *out = (pt_column){.type = PT_TYPE_LIST,
                       .width = sizeof *codes,
                       .data = codes,
                       .offsets = offsets,
                       .absent = absent,
                       .dict = dict};
    return PT_OK;
}
