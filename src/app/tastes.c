#include "app/tastes.h"

#include <math.h>
#include <stdlib.h>

#include "base/compare.h"

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "what customers have");
}

/* --- settings ------------------------------------------------------------------------------------------------------------------ */

static pt_rc check_column(const pt_view *v, const pt_model_def *d, pt_recommend_setting s, size_t i, const char *name,
                          pt_err *err)
{
    const pt_setting_item *c = &d->settings[s].items[i];
    const pt_source *source = &v->project->sources[c->source];

    if (c->source != d->settings[PT_RECOMMEND_EVENTS].items[0].source)
        return pt_fail(err, PT_EINVAL, "model '%s': '%s' is no column of the source of 'events'", d->name, name);
    if (c->column < 0 || !pt_type_is_text(source->columns[c->column].type))
        return pt_fail(err, PT_EINVAL, "model '%s': '%s' wants a column of texts", d->name, name);
    return PT_OK;
}

pt_rc pt_recommend_check(const pt_view *v, const pt_model_def *d, pt_err *err)
{
    PT_TRY(check_column(v, d, PT_RECOMMEND_ITEM, 0, "item", err));
    for (size_t i = 0; i < d->settings[PT_RECOMMEND_NAME].n; i++)
        PT_TRY(check_column(v, d, PT_RECOMMEND_NAME, i, "name", err));
    for (size_t i = 0; i < d->settings[PT_RECOMMEND_LIKE].n; i++)
        PT_TRY(check_column(v, d, PT_RECOMMEND_LIKE, i, "like", err));
    if (d->settings[PT_RECOMMEND_LIKE].n > PT_RECOMMEND_ATTRIBUTES)
        return pt_fail(err, PT_EINVAL, "model '%s': 'like' names more than %d columns", d->name,
                       PT_RECOMMEND_ATTRIBUTES);
    if (d->settings[PT_RECOMMEND_WEIGHTS].n &&
        d->settings[PT_RECOMMEND_WEIGHTS].n != d->settings[PT_RECOMMEND_METHODS].n)
        return pt_fail(err, PT_EINVAL, "model '%s': 'weights' has a number for each of 'methods'", d->name);
    return PT_OK;
}

/* --- columns --------------------------------------------------------------------------------------------------------------------- */

static const pt_setting_item *setting(const pt_tastes_request *r, pt_recommend_setting s)
{
    return r->def->settings[s].n ? &r->def->settings[s].items[0] : NULL;
}

static const pt_column *column_of(const pt_tastes_request *r, const pt_setting_item *item)
{
    const pt_column *columns = item ? r->view->events[item->source].columns : NULL;

    return columns ? &columns[item->column] : NULL;
}

static pt_rc walk(const pt_tastes_request *r, pt_recommend_setting events, bool everybody, pt_events_visit visit,
                  void *ctx, pt_err *err)
{
    pt_events_walk w = {.view = r->view,
                        .events = setting(r, events),
                        .as_of = r->as_of,
                        .first = everybody ? 0 : r->first,
                        .end = everybody ? r->view->n_ordinals : r->end,
                        .cancel = r->cancel};

    return pt_events_walk_run(&w, visit, ctx, r->arena, err);
}

static int64_t time_of(const pt_tastes_request *r, uint64_t event)
{
    return r->view->events[setting(r, PT_RECOMMEND_EVENTS)->source].time[event];
}

/* What an event counts; those without a time least. */
static double weight_of(const pt_tastes_request *r, uint64_t event)
{
    const double least = 1.0 / 64; /* six half lives: never nothing */
    double half_life = (double)pt_recommend_length(r->def, PT_RECOMMEND_HALF_LIFE);
    int64_t time = time_of(r, event);

    return time == PT_I64_MISSING ? least : fmax(least, exp2(-((double)r->as_of - (double)time) / half_life));
}

static bool counts(const pt_tastes_request *r, uint32_t ordinal, uint64_t event)
{
    return (!r->members || r->members[ordinal]) && (r->after == PT_I64_MISSING || time_of(r, event) > r->after);
}

/* --- items ------------------------------------------------------------------------------------------------------------------------ */

typedef struct finding {
    const pt_tastes_request *request;
    const pt_column *column;
    uint32_t *customers, *last; /* by code: how many have it; the latest ordinal + 1 */
    double *popularity;
    uint64_t *latest; /* by code: the latest event + 1 */
} finding;

static pt_rc find_event(void *ctx, uint32_t ordinal, uint64_t event, pt_err *err)
{
    finding *f = ctx;
    uint32_t code = pt_column_code(f->column, event);

    (void)err;
    if (!code || !counts(f->request, ordinal, event))
        return PT_OK;
    if (f->last[code] != ordinal + 1)
        f->customers[code]++;
    f->last[code] = ordinal + 1;
    f->popularity[code] += weight_of(f->request, event);
    if (!f->latest[code] || time_of(f->request, event) >= time_of(f->request, f->latest[code] - 1))
        f->latest[code] = event + 1;
    return PT_OK;
}

typedef struct found_item {
    pt_sv text;
    uint32_t code;
} found_item;

static int by_text(const void *a, const void *b)
{
    return pt_sv_cmp(((const found_item *)a)->text, ((const found_item *)b)->text);
}

/* Values of the columns of `like`, numbered by first appearance among the items. */
static pt_rc fill_attribute(pt_items *out, size_t a, const finding *f, const found_item *found, const pt_column *c,
                            pt_err *err)
{
    uint32_t *numbers = pt_zalloc(c && c->dict ? (size_t)c->dict->n + 1 : 1, sizeof *numbers), n = 0;

    out->attributes[a] = PT_NEW_ARRAY(f->request->arena, uint32_t, out->n);
    if (!numbers || !out->attributes[a]) {
        free(numbers);
        return no_memory(err);
    }
    for (uint32_t i = 0; c && i < out->n; i++) {
        uint32_t code = pt_column_code(c, f->latest[found[i].code] - 1);
        if (code && !numbers[code])
            numbers[code] = ++n;
        out->attributes[a][i] = code ? numbers[code] : 0;
    }
    free(numbers);
    return PT_OK;
}

static pt_rc describe_items(pt_items *out, double **popularity, const finding *f, const found_item *found, pt_err *err)
{
    pt_arena *arena = f->request->arena;
    const pt_column *name = column_of(f->request, setting(f->request, PT_RECOMMEND_NAME));
    pt_sv *texts = PT_NEW_ARRAY(arena, pt_sv, out->n), *names = PT_NEW_ARRAY(arena, pt_sv, out->n);
    const pt_setting_value *like = &f->request->def->settings[PT_RECOMMEND_LIKE];

    *popularity = PT_NEW_ARRAY(arena, double, out->n);
    out->of_code = PT_NEW_ARRAY(arena, uint32_t, out->n_codes);
    if (!texts || !names || !*popularity || !out->of_code)
        return no_memory(err);
    for (uint32_t i = 0; i < out->n; i++) {
        uint32_t code = name ? pt_column_code(name, f->latest[found[i].code] - 1) : 0;
        texts[i] = found[i].text;
        names[i] = code ? pt_dict_text(name->dict, code) : found[i].text;
        (*popularity)[i] = f->popularity[found[i].code];
        out->of_code[found[i].code] = i + 1;
    }
    out->texts = texts;
    out->names = names;
    out->n_attributes = like->n;
    for (size_t a = 0; a < like->n; a++)
        PT_TRY(fill_attribute(out, a, f, found, column_of(f->request, &like->items[a]), err));
    return PT_OK;
}

static pt_rc choose_items(pt_items *out, double **popularity, const finding *f, pt_err *err)
{
    double least = pt_recommend_number(f->request->def, PT_RECOMMEND_MIN_CUSTOMERS);
    found_item *found = pt_zalloc(out->n_codes, sizeof *found);

    if (!found)
        return no_memory(err);
    for (uint32_t code = 1; code < out->n_codes; code++)
        if (f->customers[code] && f->customers[code] >= least)
            found[out->n++] = (found_item){pt_dict_text(f->column->dict, code), code};
    qsort(found, out->n, sizeof *found, by_text);
    pt_rc rc = describe_items(out, popularity, f, found, err);
    free(found);
    return rc;
}

pt_rc pt_items_find(pt_items *out, double **popularity, const pt_tastes_request *request, pt_err *err)
{
    finding f = {.request = request, .column = column_of(request, setting(request, PT_RECOMMEND_ITEM))};

    *out = (pt_items){0};
    if (!f.column)
        return pt_fail(err, PT_EINVAL, "there are no events to learn recommendations from");
    out->n_codes = (size_t)f.column->dict->n + 1;
    f.customers = pt_zalloc(out->n_codes, sizeof *f.customers);
    f.last = pt_zalloc(out->n_codes, sizeof *f.last);
    f.popularity = pt_zalloc(out->n_codes, sizeof *f.popularity);
    f.latest = pt_zalloc(out->n_codes, sizeof *f.latest);
    pt_rc rc = f.customers && f.last && f.popularity && f.latest ? PT_OK : no_memory(err);
    if (rc == PT_OK)
        rc = walk(request, PT_RECOMMEND_EVENTS, false, find_event, &f, err);
    if (rc == PT_OK)
        rc = choose_items(out, popularity, &f, err);
    if (rc == PT_OK && !out->n)
        rc = pt_fail(err, PT_EINVAL, "no item is had by %.0f customers: there is nothing to recommend",
                     pt_recommend_number(request->def, PT_RECOMMEND_MIN_CUSTOMERS));
    free(f.customers);
    free(f.last);
    free(f.popularity);
    free(f.latest);
    return rc;
}

int64_t pt_items_number(const pt_items *items, pt_sv text)
{
    uint32_t low = 0, high = items->n;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (pt_sv_cmp(items->texts[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < items->n && pt_sv_eq(items->texts[low], text) ? (int64_t)low : -1;
}

pt_rc pt_items_match(pt_items *items, const pt_tastes_request *request, pt_err *err)
{
    const pt_column *c = column_of(request, setting(request, PT_RECOMMEND_ITEM));

    items->n_codes = c ? (size_t)c->dict->n + 1 : 1;
    if (!(items->of_code = PT_NEW_ARRAY(request->arena, uint32_t, items->n_codes)))
        return no_memory(err);
    for (uint32_t code = 1; code < items->n_codes; code++)
        items->of_code[code] = (uint32_t)(pt_items_number(items, pt_dict_text(c->dict, code)) + 1);
    return PT_OK;
}

/* --- who has what ------------------------------------------------------------------------------------------------------------------ */

void pt_tastes_free(pt_tastes *t)
{
    free(t->offsets);
    free(t->items);
    free(t->weights);
    *t = (pt_tastes){0};
}

typedef struct gathering {
    const pt_tastes_request *request;
    const pt_items *items;
    const pt_column *column;
    pt_tastes *out;
    uint32_t next; /* ordinal whose events are being collected */
    double *sums;  /* by item, of this customer */
    uint32_t *met;
    size_t n_met;
} gathering;

/* Puts the customer at hand away, and those before `ordinal` who have nothing. */
static pt_rc end_customers(gathering *g, uint32_t ordinal, pt_err *err)
{
    pt_tastes *t = g->out;
    size_t at = (size_t)t->offsets[g->next - g->request->first];

    if (!pt_grow(&t->items, &t->cap_items, at + g->n_met + 1, sizeof *t->items) ||
        !pt_grow(&t->weights, &t->cap_weights, at + g->n_met + 1, sizeof *t->weights))
        return no_memory(err);
    qsort(g->met, g->n_met, sizeof *g->met, pt_compare_u32);
    for (size_t i = 0; i < g->n_met; i++) {
        t->items[at] = g->met[i];
        t->weights[at++] = (float)g->sums[g->met[i]];
        g->sums[g->met[i]] = 0;
    }
    g->n_met = 0;
    for (; g->next < ordinal; g->next++)
        t->offsets[g->next + 1 - g->request->first] = at;
    return PT_OK;
}

static pt_rc gather_event(void *ctx, uint32_t ordinal, uint64_t event, pt_err *err)
{
    gathering *g = ctx;
    uint32_t item = g->items->of_code[pt_column_code(g->column, event)];

    if (!item || !counts(g->request, ordinal, event))
        return PT_OK;
    if (ordinal != g->next)
        PT_TRY(end_customers(g, ordinal, err));
    if (g->sums[item - 1] == 0)
        g->met[g->n_met++] = item - 1;
    g->sums[item - 1] += weight_of(g->request, event);
    return PT_OK;
}

pt_rc pt_tastes_gather(pt_tastes *out, const pt_items *items, const pt_tastes_request *request, pt_err *err)
{
    gathering g = {.request = request,
                   .items = items,
                   .column = column_of(request, setting(request, PT_RECOMMEND_ITEM)),
                   .out = out,
                   .next = request->first};

    *out = (pt_tastes){.offsets = pt_zalloc((size_t)(request->end - request->first) + 1, sizeof *out->offsets)};
    g.sums = pt_zalloc((size_t)items->n + 1, sizeof *g.sums);
    g.met = pt_zalloc((size_t)items->n + 1, sizeof *g.met);
    pt_rc rc = out->offsets && g.sums && g.met ? PT_OK : no_memory(err);
    if (rc == PT_OK && g.column)
        rc = walk(request, PT_RECOMMEND_EVENTS, false, gather_event, &g, err);
    if (rc == PT_OK)
        rc = end_customers(&g, request->end, err);
    free(g.sums);
    free(g.met);
    return rc;
}

/* --- what may not be recommended ------------------------------------------------------------------------------------------------------ */

typedef struct offering {
    const pt_items *items;
    const pt_column *column;
    uint64_t *excluded;
} offering;

static pt_rc offer_event(void *ctx, uint32_t ordinal, uint64_t event, pt_err *err)
{
    offering *o = ctx;
    uint32_t item = o->items->of_code[pt_column_code(o->column, event)];

    (void)ordinal;
    (void)err;
    if (item)
        o->excluded[(item - 1) / 64] &= ~(UINT64_C(1) << ((item - 1) % 64));
    return PT_OK;
}

pt_rc pt_items_excluded(uint64_t **out, const pt_items *items, const pt_tastes_request *request, pt_err *err)
{
    const pt_setting_item *available = setting(request, PT_RECOMMEND_AVAILABLE);
    const pt_setting_value *never = &request->def->settings[PT_RECOMMEND_NEVER];
    size_t words = (size_t)items->n / 64 + 1;
    offering o = {.items = items, .column = column_of(request, setting(request, PT_RECOMMEND_ITEM))};

    o.excluded = PT_NEW_ARRAY(request->arena, uint64_t, words);
    if (!o.excluded)
        return no_memory(err);
    if (available && available->source != setting(request, PT_RECOMMEND_ITEM)->source)
        return pt_fail(err, PT_EINVAL, "model '%s': 'available' is of another source than 'item'", request->def->name);
    if (available && o.column) {
        memset(o.excluded, 0xff, words * sizeof *o.excluded);
        PT_TRY(walk(request, PT_RECOMMEND_AVAILABLE, true, offer_event, &o, err));
    }
    for (size_t i = 0; i < never->n; i++) {
        int64_t item = pt_items_number(items, pt_sv_of(never->items[i].text));
        if (item >= 0)
            o.excluded[item / 64] |= UINT64_C(1) << (item % 64);
    }
    *out = o.excluded;
    return PT_OK;
}
