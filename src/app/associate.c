/* What a question about associations means: which source, which columns, and whether its left side is an item or a condition. */
#include "app/associate.h"

#include "app/associate_int.h"
#include "base/utf8.h"

/* --- names ------------------------------------------------------------------------------------------------------------------- */

static bool names_items(const pt_source_column *c)
{
    return pt_type_is_text(c->type) || pt_type_is_list(c->type);
}

static pt_rc no_column(const pt_source *s, pt_sv name, pt_err *err)
{
    return pt_fail(err, PT_ENOTFOUND, "source '%s' has no column '%.*s'", s->name, (int)name.len, name.ptr);
}

static pt_rc text_column(int *out, const pt_source *s, pt_sv name, bool list, pt_err *err)
{
    *out = pt_source_find_column(s, name);
    if (*out < 0)
        return no_column(s, name, err);
    if (!names_items(&s->columns[*out]) || (!list && pt_type_is_list(s->columns[*out].type)))
        return pt_fail(err, PT_EINVAL, "column '%s.%s' holds no texts", s->name, s->columns[*out].name);
    return PT_OK;
}

/* "source.column" or "column": the source of it; -1 when none has it. */
static int source_with(const pt_project *p, pt_sv name, pt_sv *column)
{
    const char *dot = memchr(name.ptr, '.', name.len);
    int found = -1;

    *column = name;
    if (dot) {
        size_t at = (size_t)(dot - name.ptr);
        *column = (pt_sv){dot + 1, name.len - at - 1};
        return pt_project_find_source(p, (pt_sv){name.ptr, at});
    }
    for (size_t i = 0; i < p->n_sources && found < 0; i++)
        if (p->sources[i].kind == PT_SOURCE_EVENT && pt_source_find_column(&p->sources[i], name) >= 0)
            found = (int)i;
    return found;
}

static int first_events(const pt_project *p)
{
    for (size_t i = 0; i < p->n_sources; i++)
        if (p->sources[i].kind == PT_SOURCE_EVENT)
            return (int)i;
    return -1;
}

/* --- the source -------------------------------------------------------------------------------------------------------------- */

static pt_rc no_source(const pt_project *p, pt_sv name, pt_err *err)
{
    if (first_events(p) < 0)
        return pt_fail(err, PT_EINVAL, "there is no source of events to look for baskets in");
    if (!name.len) {
        pt_fail(err, PT_EINVAL, "nothing says what to look at");
        return pt_err_hint(err, "give an item or a condition, or --with a column or tag");
    }
    return pt_fail(err, PT_ENOTFOUND, "no source of events has a column '%.*s', and there is no such tag",
                   (int)name.len, name.ptr);
}

/* The step that the walk takes: the source as the question writes it, or by the column that it names. */
static pt_rc choose_step(pt_sv *step, pt_associate_job *j, const pt_project *p, pt_err *err)
{
    const pt_associate_question *q = j->question;
    pt_sv column, name = j->out->tag < 0 && q->with.len ? q->with : q->item;
    int source;

    *step = q->source;
    if (step->len)
        return PT_OK;
    if (name.len)
        source = source_with(p, name, &column);
    else
        source = q->left.len ? first_events(p) : -1;
    if (source < 0)
        return no_source(p, name, err);
    *step = pt_sv_of(p->sources[source].name);
    return PT_OK;
}

/* "column" of "source.column". */
static pt_sv bare(pt_sv name)
{
    const char *dot = memchr(name.ptr, '.', name.len);

    return dot ? (pt_sv){dot + 1, name.len - (size_t)(dot + 1 - name.ptr)} : name;
}

/* --- the left side ------------------------------------------------------------------------------------------------------------ */

static bool folded_has(pt_sv text, pt_sv folded_part, bool whole)
{
    pt_str folded = {0};
    bool found = false;

    pt_utf8_fold(&folded, text);
    pt_sv all = {folded.ptr, folded.len};
    if (whole)
        found = pt_sv_eq(all, folded_part);
    for (size_t i = 0; !whole && !found && i + folded_part.len <= all.len; i++)
        found = memcmp(all.ptr + i, folded_part.ptr, folded_part.len) == 0;
    pt_str_free(&folded);
    return found;
}

/* Values of a column that are the item, or have it in their name; the number of them. */
static uint32_t match_column(bool *on_left, const pt_dict *dict, pt_sv folded, bool whole)
{
    uint32_t n = 0;

    for (uint32_t code = 1; code <= dict->n; code++) {
        on_left[code] = folded_has(pt_dict_text(dict, code), folded, whole);
        n += on_left[code];
    }
    return n;
}

static pt_rc take_items(pt_associate_job *j, int column, const bool *on_left, const pt_dict *dict, uint32_t n,
                        pt_err *err)
{
    pt_sv *items = PT_NEW_ARRAY(j->arena, pt_sv, n);
    const pt_source *s = &j->walk.project->sources[j->walk.sources[0]];

    if (!items)
        return pt_fail_nomem(err, "the items");
    j->item = column;
    j->on_left = on_left;
    j->out->left = PT_LEFT_ITEMS;
    j->out->left_column = s->columns[column].name;
    j->out->items = items;
    for (uint32_t code = 1; code <= dict->n; code++)
        if (on_left[code])
            items[j->out->n_items++] = pt_dict_text(dict, code);
    return PT_OK;
}

/* Looks in the column of --item, or in all that hold texts: first for the item itself, then for names that have it in them. */
static pt_rc find_items(pt_associate_job *j, pt_err *err)
{
    const pt_source *s = &j->walk.project->sources[j->walk.sources[0]];
    pt_sv left = pt_sv_trim(j->question->left);
    pt_str folded = {0};
    pt_rc rc = PT_OK;

    pt_utf8_fold(&folded, left);
    for (int whole = 1; rc == PT_OK && whole >= 0 && !j->on_left; whole--)
        for (size_t c = 0; rc == PT_OK && c < s->n_columns && !j->on_left; c++) {
            const pt_dict *dict;
            if (!pt_type_is_text(s->columns[c].type) || (j->item >= 0 && j->item != (int)c))
                continue;
            rc = pt_walk_want(&j->walk, j->walk.sources[0], (int32_t)c, err);
            dict = rc == PT_OK && j->walk.view->events[j->walk.sources[0]].columns
                       ? j->walk.view->events[j->walk.sources[0]].columns[c].dict
                       : NULL;
            bool *on_left = dict ? PT_NEW_ARRAY(j->arena, bool, (size_t)dict->n + 1) : NULL;
            uint32_t n = on_left ? match_column(on_left, dict, (pt_sv){folded.ptr, folded.len}, whole) : 0;
            if (n)
                rc = take_items(j, (int)c, on_left, dict, n, err);
        }
    pt_str_free(&folded);
    if (rc != PT_OK || j->on_left)
        return rc;
    pt_fail(err, PT_ENOTFOUND, "source '%s' knows no item '%.*s', and there is no such tag or segment", s->name,
            (int)left.len, left.ptr);
    return pt_err_hint(err, "an item is a value of one of its columns, or a part of one; --item names the column");
}

/* A condition is what the language takes for one; else the words are an item. */
static bool looks_like_condition(pt_sv left)
{
    static const char marks[] = "=<>()!'\"";

    for (size_t i = 0; i < left.len; i++)
        if (memchr(marks, left.ptr[i], sizeof marks - 1))
            return true;
    return false;
}

static pt_rc read_left(pt_associate_job *j, pt_diags *diags, pt_err *err)
{
    pt_sv left = pt_sv_trim(j->question->left);
    const pt_node *node = NULL;
    pt_diags own;
    pt_str text = {0};
    pt_crowd *crowd;
    uint64_t *bits;

    if (!left.len)
        return PT_OK;
    pt_diags_init(&own, j->arena);
    bool sure = looks_like_condition(left);
    pt_rc rc = pt_crowd_parse(&node, &j->walk.query, left, sure ? diags : &own, err);
    pt_diags_free(&own);
    if (rc != PT_OK || !node)
        return sure || rc == PT_ENOMEM ? rc : find_items(j, err);
    pt_lang_print(&text, node, j->walk.query.module->catalog);
    j->out->condition = pt_arena_strdup(j->arena, pt_str_cstr(&text));
    j->out->left = PT_LEFT_CONDITION;
    pt_str_free(&text);
    PT_TRY(pt_crowd_plan(&crowd, &j->walk.query, node, err));
    PT_TRY(pt_crowd_bits(&bits, &j->walk.query, crowd, err));
    j->bits = bits;
    return j->out->condition ? PT_OK : pt_fail_nomem(err, "the condition");
}

/* --- the right side and the baskets ---------------------------------------------------------------------------------------------- */

static pt_rc read_with(pt_associate_job *j, const pt_source *s, pt_err *err)
{
    pt_sv with = pt_sv_trim(j->question->with);

    if (j->out->tag >= 0)
        return PT_OK;
    j->with = j->item;
    if (with.len)
        PT_TRY(text_column(&j->with, s, bare(with), true, err));
    if (j->with < 0) {
        pt_fail(err, PT_EINVAL, "nothing says which column names the items");
        return pt_err_hint(err, "--with COLUMN, or --item COLUMN");
    }
    j->out->right_column = s->columns[j->with].name;
    PT_TRY(pt_walk_want(&j->walk, j->walk.sources[0], j->with, err));
    const pt_column *columns = j->walk.view->events[j->walk.sources[0]].columns;
    if (!columns)
        return pt_fail(err, PT_EINVAL, "source '%s' has no events", s->name);
    j->dict = columns[j->with].dict;
    return PT_OK;
}

/* The column that tells baskets apart by its usual names. */
static int basket_column(const pt_source *s)
{
    static const char *const names[] = {"basket", "order", "invoice", "receipt", "session", "transaction"};

    for (size_t n = 0; n < PT_COUNT(names); n++)
        for (size_t c = 0; c < s->n_columns; c++)
            if (pt_type_is_text(s->columns[c].type) && strstr(s->columns[c].name, names[n]))
                return (int)c;
    return -1;
}

static pt_rc read_by(pt_associate_job *j, const pt_source *s, pt_err *err)
{
    pt_sv by = pt_sv_trim(j->question->by);

    j->by = -1;
    if (!by.len || pt_sv_eq(by, PT_SV("customer")))
        return PT_OK;
    if (j->out->tag >= 0 || j->out->left == PT_LEFT_CONDITION) {
        pt_fail(err, PT_EINVAL, "conditions and tags are of customers: --by is of no use here");
        return pt_err_hint(err, "leave --by out");
    }
    j->by = pt_source_find_column(s, by);
    if (j->by < 0 && pt_sv_eq(by, PT_SV("basket")))
        j->by = basket_column(s);
    if (j->by < 0)
        return no_column(s, by, err);
    if (!pt_type_is_text(s->columns[j->by].type))
        return pt_fail(err, PT_EINVAL, "column '%s.%s' holds no texts", s->name, s->columns[j->by].name);
    j->out->by = s->columns[j->by].name;
    return pt_walk_want(&j->walk, j->walk.sources[0], j->by, err);
}

/* --- the whole ------------------------------------------------------------------------------------------------------------------- */

static void read_limits(pt_associate_job *j)
{
    const pt_associate_question *q = j->question;
    bool any = j->out->left == PT_LEFT_ANY;

    j->out->min_support = q->min_support >= 0 ? q->min_support : any ? 0.01 : 0;
    j->out->min_confidence = q->min_confidence >= 0 ? q->min_confidence : any ? 0.2 : 0;
    j->out->min_lift = q->min_lift >= 0 ? q->min_lift : 1;
}

static pt_rc tag_rules(pt_associate_job *j, pt_err *err)
{
    const pt_column *column;

    if (j->out->left == PT_LEFT_ANY) {
        pt_fail(err, PT_EINVAL, "a tag goes with an item or a condition on the left");
        return pt_err_hint(err, "portrait insight tells what sets the values of tags apart");
    }
    PT_TRY(j->walk.query.env.column(&column, &j->walk.query, (uint32_t)j->out->tag, err));
    if (!column->dict)
        return pt_fail(err, PT_EINVAL, "tag '%s' has no texts: only categories, texts and lists go with something",
                       j->walk.project->tags[j->out->tag].name);
    j->dict = column->dict;
    if (j->out->left == PT_LEFT_ITEMS) {
        j->bought = PT_NEW_ARRAY(j->arena, uint8_t, (size_t)j->walk.view->n_ordinals + 1);
        if (!j->bought)
            return pt_fail_nomem(err, "the customers");
        PT_TRY(pt_associate_count(j, err));
    }
    PT_TRY(pt_associate_count_tag(j, column, j->walk.members, err));
    return pt_associate_direct(j, err);
}

static pt_rc column_rules(pt_associate_job *j, pt_err *err)
{
    PT_TRY(pt_associate_count(j, err));
    return j->out->left == PT_LEFT_ANY ? pt_associate_mined(j, err) : pt_associate_direct(j, err);
}

static pt_rc associate(pt_associate_job *j, pt_app *app, const pt_journey_options *options, pt_diags *diags,
                       pt_err *err)
{
    const pt_associate_question *q = j->question;
    const pt_project *p = pt_app_project(app);
    pt_sv step;

    PT_TRY(pt_app_sound(app, err));
    j->out->tag = q->with.len ? pt_project_find_tag(p, pt_sv_trim(q->with)) : -1;
    PT_TRY(choose_step(&step, j, p, err));
    pt_walk_events events = {&step, 1, INT64_MAX, PT_I32_MISSING, PT_I32_MISSING};
    PT_TRY(pt_walk_open(&j->walk, app, &events, options, diags, j->arena, err));
    const pt_source *s = &p->sources[j->walk.sources[0]];
    j->out->about = j->walk.about;
    j->out->source = s->name;
    j->item = -1;
    if (q->item.len)
        PT_TRY(text_column(&j->item, s, bare(pt_sv_trim(q->item)), false, err));
    PT_TRY(read_left(j, diags, err));
    PT_TRY(read_with(j, s, err));
    PT_TRY(read_by(j, s, err));
    read_limits(j);
    return j->out->tag >= 0 ? tag_rules(j, err) : column_rules(j, err);
}

pt_rc pt_app_associate(pt_associate *out, pt_app *app, const pt_associate_question *question,
                       const pt_journey_options *options, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    pt_associate_job j = {.question = question, .out = out, .arena = arena, .with = -1, .by = -1};

    *out = (pt_associate){.tag = -1};
    pt_rc rc = associate(&j, app, options, diags, err);
    pt_associate_dispose(&j);
    return rc;
}
