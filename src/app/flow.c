#include "app/flow.h"

#include <stdlib.h>

#include "app/grid_int.h"
#include "app/past.h"
#include "app/render.h"
#include "index/coding.h"

/* The values of the tag at both ends, put into one order. Texts and yes or no are compared as texts; numbers, money and times by
 * their keys. */
typedef struct steps {
    pt_type type;
    pt_sv texts[PT_FLOW_MOST];
    int64_t keys[PT_FLOW_MOST];
    size_t n;
} steps;

typedef struct side {
    const pt_column *column;
    uint64_t rows;
    uint8_t *step_of; /* by code, of texts and yes or no; step n is no value */
} side;

typedef struct flowing {
    pt_flow *out;
    pt_crowd_query *query;
    side sides[2];
    steps steps;
    pt_arena *arena;
} flowing;

/* --- the two ends ---------------------------------------------------------------------------------------------------------- */

static void close_generation(void *generation)
{
    pt_generation_close(generation);
}

/* The column that a build kept. */
static pt_rc column_of_build(flowing *f, side *s, pt_flow_end *end, pt_err *err)
{
    const pt_project *p = f->query->view->project;
    const char *name = p->tags[f->out->tag].name;
    pt_generation *g;

    PT_TRY(pt_generation_open(&g, p->data_dir, end->generation, err));
    if (!pt_arena_defer(f->arena, close_generation, g)) {
        pt_generation_close(g);
        return pt_fail_nomem(err, "a flow");
    }
    pt_tagset *tags = pt_generation_tags(g);
    int at = pt_tagset_find(tags, pt_sv_of(name));
    end->as_of = pt_generation_manifest(g)->as_of;
    if (at < 0)
        return pt_fail(err, PT_ENOTFOUND, "build %s has no tag '%s'", end->generation, name);
    s->rows = pt_tagset_ordinals(tags);
    return pt_view_named(pt_tagset_column(&s->column, tags, (size_t)at, err), PT_FILE_TAGS, err);
}

static pt_rc column_of_instant(flowing *f, side *s, const pt_flow_end *end, pt_err *err)
{
    pt_view *v = f->query->view;
    uint32_t tag = (uint32_t)f->out->tag;
    pt_past_request request = {
        .tags = &tag, .n_tags = 1, .as_of = end->as_of, .pool = f->query->pool, .cancel = f->query->options->cancel};

    s->rows = v->n_ordinals;
    if (end->as_of == v->as_of)
        return f->query->env.column(&s->column, f->query, tag, err);
    return pt_past_columns(&s->column, v, &request, f->arena, err);
}

static bool is_build(const char *const *builds, size_t n, pt_sv text, const char **name)
{
    for (size_t i = 0; i < n; i++)
        if (pt_sv_eq(pt_sv_of(builds[i]), text)) {
            *name = builds[i];
            return true;
        }
    return false;
}

static pt_rc read_end(pt_flow_end *end, pt_sv text, const pt_project *p, const char *const *builds, size_t n,
                      pt_err *err)
{
    if (is_build(builds, n, text, &end->generation) || pt_instant_parse(&end->as_of, text, p->zone))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "'%.*s' is no time, and no build that is kept", text.len < 40 ? (int)text.len : 40,
            text.ptr);
    return pt_err_hint(err, n ? "2017-06-30, or 2017-06-30T18:00, or a build: %s" : "2017-06-30", n ? builds[0] : "");
}

/* The same time of the day, PT_FLOW_DAYS earlier. */
static int64_t days_before(int64_t instant, const pt_zone *zone)
{
    pt_civil c;

    pt_zone_civil(&c, zone, instant);
    pt_date_to_civil(&c.year, &c.month, &c.day, pt_date_from_civil(c.year, c.month, c.day) - PT_FLOW_DAYS);
    return pt_zone_instant(zone, &c);
}

/* The as-of of the latest build that is earlier than `to`; else PT_FLOW_DAYS before. */
static void default_from(pt_flow_end *from, int64_t to, const pt_project *p, const char *const *builds, size_t n)
{
    from->as_of = days_before(to, p->zone);
    for (size_t i = n; i-- > 0;) {
        pt_generation *g;
        if (pt_generation_open(&g, p->data_dir, builds[i], NULL) != PT_OK)
            continue; /* only its as-of is wanted: a build that cannot be read is passed over */
        int64_t as_of = pt_generation_manifest(g)->as_of;
        pt_generation_close(g);
        if (as_of < to) {
            from->as_of = as_of;
            break;
        }
    }
}

static pt_rc choose_ends(flowing *f, const pt_flow_options *options, pt_err *err)
{
    const pt_project *p = f->query->view->project;
    pt_flow *out = f->out;
    const char *const *builds;
    size_t n;

    PT_TRY(pt_generation_list(&builds, &n, p->data_dir, f->arena, err));
    out->to.as_of = f->query->view->as_of;
    if (options->to.len)
        PT_TRY(read_end(&out->to, options->to, p, builds, n, err));
    if (out->to.generation)
        PT_TRY(column_of_build(f, &f->sides[1], &out->to, err));
    if (options->from.len)
        PT_TRY(read_end(&out->from, options->from, p, builds, n, err));
    else
        default_from(&out->from, out->to.as_of, p, builds, n);
    if (out->from.generation)
        PT_TRY(column_of_build(f, &f->sides[0], &out->from, err));
    bool two_builds = out->from.generation && out->to.generation;
    if (out->from.as_of < out->to.as_of || (two_builds && strcmp(out->from.generation, out->to.generation) < 0))
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "a flow goes from an earlier time to a later one");
}

static pt_rc read_columns(flowing *f, pt_err *err)
{
    pt_flow *out = f->out;

    if (!out->from.generation)
        PT_TRY(column_of_instant(f, &f->sides[0], &out->from, err));
    if (!out->to.generation)
        PT_TRY(column_of_instant(f, &f->sides[1], &out->to, err));
    const char *name = f->query->view->project->tags[out->tag].name;
    const pt_column *a = f->sides[0].column, *b = f->sides[1].column;
    if (pt_type_is_list(a->type) || pt_type_is_list(b->type))
        return pt_fail(err, PT_EINVAL, "tag '%s' is a list: a customer stands in several of its values", name);
    if (a->type == b->type || (pt_type_is_text(a->type) && pt_type_is_text(b->type)))
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "tag '%s' was of another type in one of the builds", name);
}

/* --- values ---------------------------------------------------------------------------------------------------------------- */

static const pt_sv bools[] = {{"false", 5}, {"true", 4}};

static bool is_coded(pt_type type)
{
    return pt_type_is_text(type) || type == PT_TYPE_BOOL;
}

static pt_rc too_many(const flowing *f, pt_err *err)
{
    return pt_fail(err, PT_EINVAL, "tag '%s' has more than %d values: a flow is drawn between few",
                   f->query->view->project->tags[f->out->tag].name, PT_FLOW_MOST);
}

static size_t codes_of(const pt_column *c)
{
    return c->type == PT_TYPE_BOOL ? 2 : c->dict ? c->dict->n : 0;
}

static pt_sv text_of(const pt_column *c, size_t code)
{
    return c->type == PT_TYPE_BOOL ? bools[code - 1] : pt_dict_text(c->dict, (uint32_t)code);
}

static size_t find_text(const steps *s, pt_sv text)
{
    size_t i = 0;

    while (i < s->n && !pt_sv_eq(s->texts[i], text))
        i++;
    return i;
}

static pt_rc add_texts(flowing *f, const pt_column *c, pt_err *err)
{
    steps *s = &f->steps;

    for (size_t code = 1; code <= codes_of(c); code++) {
        if (find_text(s, text_of(c, code)) < s->n)
            continue;
        if (s->n == PT_FLOW_MOST)
            return too_many(f, err);
        s->texts[s->n++] = text_of(c, code);
    }
    return PT_OK;
}

/* Where a key is, or belongs. */
static size_t find_key(const steps *s, int64_t key)
{
    size_t low = 0, high = s->n;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static pt_rc add_keys(flowing *f, const side *from, pt_err *err)
{
    steps *s = &f->steps;
    int64_t key;

    for (uint64_t row = 0; row < from->rows; row++) {
        if (!pt_key_of_row(&key, from->column, row))
            continue;
        size_t at = find_key(s, key);
        if (at < s->n && s->keys[at] == key)
            continue;
        if (s->n == PT_FLOW_MOST)
            return too_many(f, err);
        memmove(&s->keys[at + 1], &s->keys[at], (s->n - at) * sizeof *s->keys);
        s->keys[at] = key;
        s->n++;
    }
    return PT_OK;
}

/* Numbers and times as the texts that programs read (docs/eval-filter.md). */
static pt_rc name_keys(flowing *f, pt_err *err)
{
    const pt_project *p = f->query->view->project;
    pt_str text = {0};

    for (size_t i = 0; i < f->steps.n; i++) {
        int64_t key = f->steps.keys[i];
        double number = pt_number_of_key(key);
        int32_t date = (int32_t)key;
        pt_column c = {.type = f->steps.type, .width = (uint8_t)pt_type_width(f->steps.type), .data = &key};
        if (c.type == PT_TYPE_NUMBER)
            c.data = &number;
        else if (c.type == PT_TYPE_DATE)
            c.data = &date;
        pt_str_clear(&text);
        pt_render_tsv(&text, &c, 0, p->zone);
        f->steps.texts[i] = (pt_sv){pt_arena_strndup(f->arena, pt_str_cstr(&text), text.len), text.len};
    }
    pt_rc rc = pt_str_check(&text, err);
    pt_str_free(&text);
    return rc;
}

static pt_rc order_texts(flowing *f, pt_err *err)
{
    uint32_t rank[PT_FLOW_MOST];
    steps sorted = f->steps;

    PT_TRY(
        pt_tag_order(rank, f->query->view->project, (uint32_t)f->out->tag, f->steps.texts, f->steps.n, f->arena, err));
    for (size_t i = 0; i < f->steps.n; i++)
        sorted.texts[rank[i]] = f->steps.texts[i];
    f->steps = sorted;
    return PT_OK;
}

static pt_rc code_side(flowing *f, side *s, pt_err *err)
{
    size_t n = codes_of(s->column);

    if (!(s->step_of = PT_NEW_ARRAY(f->arena, uint8_t, n + 1)))
        return pt_fail_nomem(err, "a flow");
    s->step_of[0] = (uint8_t)f->steps.n;
    for (size_t code = 1; code <= n; code++)
        s->step_of[code] = (uint8_t)find_text(&f->steps, text_of(s->column, code));
    return PT_OK;
}

static pt_rc find_steps(flowing *f, pt_err *err)
{
    f->steps.type = f->sides[0].column->type;
    bool coded = is_coded(f->steps.type);

    for (size_t i = 0; i < 2; i++)
        PT_TRY(coded ? add_texts(f, f->sides[i].column, err) : add_keys(f, &f->sides[i], err));
    PT_TRY(coded ? order_texts(f, err) : name_keys(f, err));
    for (size_t i = 0; i < 2 && coded; i++)
        PT_TRY(code_side(f, &f->sides[i], err));
    return PT_OK;
}

static size_t step_at(const flowing *f, const side *s, uint64_t row)
{
    int64_t key;

    if (row >= s->rows)
        return f->steps.n;
    if (!is_coded(f->steps.type))
        return pt_key_of_row(&key, s->column, row) ? find_key(&f->steps, key) : f->steps.n;
    if (s->column->type != PT_TYPE_BOOL)
        return s->step_of[pt_column_code(s->column, row)];
    uint8_t v = ((const uint8_t *)s->column->data)[row];
    return s->step_of[v == PT_BOOL_MISSING ? 0 : v + 1];
}

/* --- counting -------------------------------------------------------------------------------------------------------------- */

static void count_block(void *ctx, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    const flowing *f = ctx;
    const uint64_t first = (uint64_t)block << PT_BLOCK_LOG2;

    (void)scratch;
    for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            uint64_t row = first + w * 64 + (unsigned)__builtin_ctzll(left);
            counts[step_at(f, &f->sides[0], row) * f->out->n + step_at(f, &f->sides[1], row)]++;
        }
}

/* --- what is told ---------------------------------------------------------------------------------------------------------- */

/* A row's total is told when its hidden cells are nobody or enough; else the total would tell their number. */
typedef struct row_totals {
    uint64_t hidden[PT_FLOW_MOST + 1]; /* members in hidden cells */
    bool untold[PT_FLOW_MOST + 1];
    bool kept[PT_FLOW_MOST + 1]; /* untold for the sake of others */
} row_totals;

static void total_rows(row_totals *t, const pt_flow *out, const uint64_t *counts, const bool *hidden)
{
    for (size_t from = 0; from < out->n; from++) {
        t->hidden[from] = 0;
        for (size_t to = 0; to < out->n; to++)
            t->hidden[from] += hidden[from * out->n + to] ? counts[from * out->n + to] : 0;
        t->untold[from] = t->kept[from] || pt_grid_is_small(&out->head, t->hidden[from]);
    }
}

/* The row with the fewest hidden among those whose totals are told; n when none of them hides anything. */
static size_t least_hidden(const row_totals *t, size_t n)
{
    size_t best = n;

    for (size_t i = 0; i < n; i++)
        if (!t->untold[i] && t->hidden[i] && (best == n || t->hidden[i] < t->hidden[best]))
            best = i;
    return best;
}

/* The smallest cell that is shown, of rows without a total or (`anywhere`) of all; the last cell, which describes nobody, when
 * there is none. */
static size_t smallest_cell(const pt_flow *out, const row_totals *t, const uint64_t *counts, const bool *hidden,
                            bool anywhere)
{
    size_t none = out->n * out->n - 1, best = none;

    for (size_t i = 0; i < none; i++)
        if (!hidden[i] && counts[i] && (anywhere || t->untold[i / out->n]) &&
            (best == none || counts[i] < counts[best]))
            best = i;
    return best == none && !anywhere ? smallest_cell(out, t, counts, hidden, true) : best;
}

/* All members are told: so what the rows without a total hide must be nobody or enough, together. */
static void hide_cells(row_totals *t, const pt_flow *out, const uint64_t *counts, bool *hidden)
{
    size_t cells = out->n * out->n;

    for (size_t i = 0; i < cells; i++)
        hidden[i] = i < cells - 1 && pt_grid_is_small(&out->head, counts[i]); /* the last: no value at either end */
    for (;;) {
        uint64_t together = 0;
        total_rows(t, out, counts, hidden);
        for (size_t from = 0; from < out->n; from++)
            together += t->untold[from] ? t->hidden[from] : 0;
        if (!pt_grid_is_small(&out->head, together))
            return;
        size_t row = least_hidden(t, out->n), cell = smallest_cell(out, t, counts, hidden, false);
        if (row == out->n && cell == cells - 1)
            return;
        if (row < out->n)
            t->kept[row] = true;
        else
            hidden[cell] = true;
    }
}

static void sum_up(pt_flow *out, uint64_t *counts, bool *hidden, uint64_t *before)
{
    size_t none = out->n - 1;
    row_totals t = {0};

    hide_cells(&t, out, counts, hidden);
    for (size_t from = 0; from < out->n; from++)
        for (size_t to = 0; to < out->n; to++) {
            size_t at = from * out->n + to;
            before[from] += t.untold[from] ? 0 : counts[at];
            out->head.hidden += hidden[at];
            if (hidden[at])
                counts[at] = 0;
            if (from == none && to == none)
                continue;
            *(from == none ? &out->entered
              : to == none ? &out->left
              : from == to ? &out->stayed
                           : &out->moved) += counts[at];
        }
}

static pt_rc count(flowing *f, pt_err *err)
{
    pt_flow *out = f->out;
    pt_sv *values = PT_NEW_ARRAY(f->arena, pt_sv, f->steps.n + 1);

    out->n = f->steps.n + 1;
    uint64_t *counts = PT_NEW_ARRAY(f->arena, uint64_t, out->n * out->n);
    bool *hidden = PT_NEW_ARRAY(f->arena, bool, out->n * out->n);
    uint64_t *before = PT_NEW_ARRAY(f->arena, uint64_t, out->n);
    const pt_crowd_visit visit = {.ctx = f, .n_counts = out->n * out->n, .block = count_block};
    if (!values || !counts || !hidden || !before)
        return pt_fail_nomem(err, "a flow");
    memcpy(values, f->steps.texts, f->steps.n * sizeof *values);
    PT_TRY(pt_crowd_scan(counts, f->query, &visit, err));
    sum_up(out, counts, hidden, before);
    out->values = values;
    out->counts = counts;
    out->hidden = hidden;
    out->before = before;
    return PT_OK;
}

static pt_rc prepare(flowing *f, pt_app *app, pt_sv condition, const pt_flow_options *options, pt_diags *diags,
                     pt_err *err)
{
    const pt_tag_part part = {options->tag, {"life_cycle"}, "TAG"};

    *f->out = (pt_flow){.tag = -1};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_tag_play(&f->out->tag, pt_app_project(app), &part, err));
    PT_TRY(pt_grid_open(&f->out->head, &f->query, app, condition, &options->crowd, diags, f->arena, err));
    PT_TRY(choose_ends(f, options, err));
    PT_TRY(read_columns(f, err));
    return find_steps(f, err);
}

pt_rc pt_app_flow(pt_flow *out, pt_app *app, pt_sv condition, const pt_flow_options *options, pt_diags *diags,
                  pt_arena *arena, pt_err *err)
{
    flowing f = {.out = out, .arena = arena};

    PT_TRY(prepare(&f, app, condition, options, diags, err));
    return out->head.small ? PT_OK : count(&f, err);
}

/* --- who moved ------------------------------------------------------------------------------------------------------------- */

typedef struct movers {
    const flowing *flow;
    size_t from, to;
    uint64_t *bits; /* by ordinal, whole blocks */
} movers;

/* Each block has its own words: workers do not meet. */
static pt_rc find_movers(void *ctx, unsigned worker, uint32_t block, const uint64_t *bits, uint64_t *scratch,
                         pt_err *err)
{
    const movers *m = ctx;
    const flowing *f = m->flow;
    const uint64_t first = (uint64_t)block << PT_BLOCK_LOG2;
    uint64_t *out = m->bits + (size_t)block * PT_BLOCK_WORDS;

    (void)worker, (void)scratch, (void)err;
    for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            uint64_t row = first + w * 64 + bit;
            if (step_at(f, &f->sides[0], row) == m->from && step_at(f, &f->sides[1], row) == m->to)
                out[w] |= UINT64_C(1) << bit;
        }
    return PT_OK;
}

static pt_rc find_step(size_t *out, const flowing *f, pt_sv value, pt_err *err)
{
    const char *names[PT_FLOW_MOST];

    *out = value.len ? find_text(&f->steps, value) : f->steps.n;
    if (!value.len || *out < f->steps.n)
        return PT_OK;
    pt_fail(err, PT_ENOTFOUND, "no customer has the value '%.*s' of '%s'", value.len < 40 ? (int)value.len : 40,
            value.ptr, f->query->view->project->tags[f->out->tag].name);
    for (size_t i = 0; i < f->steps.n; i++)
        if (!(names[i] = pt_arena_strndup(f->arena, f->steps.texts[i].ptr, f->steps.texts[i].len)))
            return pt_fail_nomem(err, "a flow");
    int near = pt_nearest(value, names, f->steps.n);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", names[near]) : PT_ENOTFOUND;
}

static pt_rc list_ids(const pt_sv **ids, size_t *n, const movers *m, size_t words, pt_err *err)
{
    const pt_directory *d = m->flow->query->view->directory;
    size_t at = 0;

    *n = 0;
    for (size_t w = 0; w < words; w++)
        *n += (size_t)__builtin_popcountll(m->bits[w]);
    pt_sv *list = PT_NEW_ARRAY(m->flow->arena, pt_sv, *n);
    if (!list)
        return pt_fail_nomem(err, "the customers who moved");
    for (size_t w = 0; w < words; w++)
        for (uint64_t left = m->bits[w]; left; left &= left - 1)
            list[at++] = pt_directory_id(d, (uint32_t)(w * 64 + (unsigned)__builtin_ctzll(left)));
    *ids = list;
    return pt_view_named(pt_directory_damage(d, err), PT_FILE_DIRECTORY, err);
}

pt_rc pt_app_flow_members(const pt_sv **ids, size_t *n, pt_app *app, pt_sv condition, pt_sv from_value, pt_sv to_value,
                          const pt_flow_options *options, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    pt_flow flow;
    flowing f = {.out = &flow, .arena = arena};
    movers m = {.flow = &f};
    const pt_crowd_walk walk = {.ctx = &m, .block = find_movers};

    PT_TRY(prepare(&f, app, condition, options, diags, err));
    PT_TRY(find_step(&m.from, &f, from_value, err));
    PT_TRY(find_step(&m.to, &f, to_value, err));
    size_t words = (size_t)pt_crowd_blocks(f.query->crowd) * PT_BLOCK_WORDS;
    if (!(m.bits = PT_NEW_ARRAY(arena, uint64_t, words)))
        return pt_fail_nomem(err, "the customers who moved");
    PT_TRY(pt_crowd_each(f.query, &walk, err));
    return list_ids(ids, n, &m, words, err);
}
