/* Levels of rules, over the columns of a setup. What a level asks of a column that it does not have yet is derived: texts of an
 * expression, numbers, lists. */
#include "link/apply.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "link/expr.h"

/* --- columns that levels ask for ----------------------------------------------------------------------------------------------- */

/* What a derivation is given. */
typedef struct deriving {
    link_bound bound;
    link_words words;
} deriving;

static const link_words *words_of(deriving *d, pt_sv value)
{
    link_run_value(&d->words, &d->bound, value);
    return &d->words;
}

static void derive_text(void *ctx, pt_str *out, pt_sv value)
{
    const link_words *w = words_of(ctx, value);

    if (w->n)
        pt_str_addsv(out, link_word(w, 0));
    out->failed |= w->text.failed;
}

/* A number as written, or a date's day. */
static double number_of(pt_sv text)
{
    double v;
    int32_t date;

    if (pt_date_parse(&date, text))
        return date;
    return pt_parse_double(&v, text) ? v : (double)NAN;
}

static double derive_number(void *ctx, pt_sv value)
{
    const link_words *w = words_of(ctx, value);

    return w->n ? number_of(link_word(w, 0)) : (double)NAN;
}

static size_t derive_items(void *ctx, uint32_t *out, pt_sv value)
{
    const link_words *w = words_of(ctx, value);
    size_t n = w->n < PT_LINK_ITEMS_MAX ? w->n : PT_LINK_ITEMS_MAX;

    for (size_t i = 0; i < n; i++) {
        pt_sv word = link_word(w, i);
        out[i] = (uint32_t)pt_hash64_seed(word.ptr, word.len, 0);
    }
    return n;
}

typedef enum column_sort { TEXTS, NUMBERS, ITEMS } column_sort;

static column_sort sort_of(pt_link_test test)
{
    return test == PT_LINK_WITHIN || test == PT_LINK_RATIO ? NUMBERS : test == PT_LINK_SHARED ? ITEMS : TEXTS;
}

/* A column that was made of the same before. */
static bool find_made(const pt_link_setup *s, const char *name, uint32_t *column)
{
    for (uint32_t c = 0; c < s->table.records.n_columns; c++) {
        if (strcmp(s->table.columns[c].name, name) != 0)
            continue;
        *column = c;
        return true;
    }
    return false;
}

/* What a record has of an expression over several columns: the text, or of lists a word for each item. */
static bool joint_text(pt_str *out, deriving *d, uint32_t record, column_sort sort)
{
    pt_str_clear(out);
    link_run(&d->words, &d->bound, record);
    for (size_t i = 0; i < d->words.n && (sort == ITEMS || i == 0); i++) {
        pt_sv word = link_word(&d->words, i);
        if (sort == ITEMS)
            pt_str_addf(out, "%016llx ", (unsigned long long)pt_hash64_seed(word.ptr, word.len, 0));
        else
            pt_str_addsv(out, word);
    }
    return !out->failed && !d->words.text.failed;
}

static pt_rc add_joint(pt_link_setup *s, const char *name, deriving *d, column_sort sort, uint32_t *column, pt_err *err)
{
    uint32_t n = s->table.records.n;
    pt_sv *texts = PT_NEW_ARRAY(s->table.arena, pt_sv, (size_t)n + 1);
    pt_str text = {0};
    bool room = texts != NULL;

    for (uint32_t i = 0; room && i < n; i++) {
        room = joint_text(&text, d, i, sort);
        if (room && text.len) {
            texts[i] = (pt_sv){pt_arena_strndup(s->table.arena, pt_str_cstr(&text), text.len), text.len};
            room = texts[i].ptr != NULL;
        }
    }
    pt_str_free(&text);
    return room ? pt_link_add_texts(&s->table, name, texts, n, column, err) : pt_fail_nomem(err, "a column of records");
}

static pt_rc make(pt_link_setup *s, const char *name, deriving *d, column_sort sort, uint32_t *column, pt_err *err)
{
    pt_link_derivation x = {.name = name, .ctx = d};

    if (sort == TEXTS)
        x.text = derive_text;
    else if (sort == NUMBERS)
        x.number = derive_number;
    else
        x.items = derive_items;
    PT_TRY(pt_link_derive(&s->table, d->bound.columns[0], &x, column, err));
    return pt_str_check(&d->words.text, err); /* numbers and items cannot say it */
}

/* The value of a column itself, as text, number or list. */
static pt_rc make_of_column(pt_link_setup *s, const char *name, uint32_t from, column_sort sort, uint32_t *column,
                            pt_err *err)
{
    pt_link_expr self = {.column = PT_SV("value")};
    const pt_link_expr *arg = &self;
    pt_link_expr each = {.function = link_function_named(PT_SV("words")), .args = &arg, .n_args = 1, .several = true};
    deriving d = {.bound = {.expr = sort == ITEMS ? &each : &self, .setup = s, .n = 1, .single = true}};

    d.bound.leaves[0] = &self;
    d.bound.columns[0] = from;
    pt_rc rc = make(s, name, &d, sort, column, err);
    pt_str_free(&d.words.text);
    return rc;
}

static pt_rc make_of_expr(pt_link_setup *s, const char *name, deriving *d, column_sort sort, uint32_t *column,
                          pt_err *err)
{
    uint32_t joint;

    if (d->bound.single && !d->bound.absent)
        return make(s, name, d, sort, column, err);
    if (sort == TEXTS)
        return add_joint(s, name, d, sort, column, err);
    PT_TRY(add_joint(s, "joint", d, sort, &joint, err));
    return make_of_column(s, name, joint, sort, column, err);
}

/* The column of an expression, of the sort that a test needs. Its name says of what it is, so that it is made once. */
static pt_rc column_of_expr(pt_link_setup *s, const pt_link_expr *e, column_sort sort, const pt_link_naming *naming,
                            uint32_t *column, pt_err *err)
{
    static const char *const sorts[] = {"", "number of ", "list of "};
    deriving d = {0};
    pt_str name = {0};
    pt_rc rc = PT_OK;

    link_bind(&d.bound, e, s, naming);
    if (sort == TEXTS && !e->function && !e->n_args && !d.bound.absent) {
        *column = d.bound.columns[0];
        return PT_OK;
    }
    pt_str_add(&name, sorts[sort]);
    link_expr_print(&name, e);
    if (!d.bound.absent)
        for (size_t i = 0; i < d.bound.n;
             i++) /* names of columns may change their meaning from one setup to the next */
            pt_str_addf(&name, " #%u", d.bound.columns[i]);
    if (name.failed)
        rc = pt_fail_nomem(err, "a column of records");
    else if (!find_made(s, pt_str_cstr(&name), column))
        rc = make_of_expr(s, pt_str_cstr(&name), &d, sort, column, err);
    pt_str_free(&name);
    pt_str_free(&d.words.text);
    return rc;
}

/* The value of a field itself, as a number or a list. */
static pt_rc column_of_field(pt_link_setup *s, const pt_link_field *f, column_sort sort, uint32_t *column, pt_err *err)
{
    const pt_link_column *made = &s->table.columns[f->number];

    *column = f->number;
    if (f->number && made->of == (int32_t)f->column && (sort == NUMBERS ? made->numbers != NULL : made->points != NULL))
        return PT_OK;
    return make_of_column(s, f->name, f->column, sort, column, err);
}

/* --- levels ---------------------------------------------------------------------------------------------------------------------- */

static pt_rc set_columns(pt_link_setup *s, pt_link_level *out, const pt_link_field *f, const pt_link_level_rule *rule,
                         const pt_link_naming *naming, pt_err *err)
{
    column_sort sort = sort_of(rule->test);
    bool whole_name = rule->test == PT_LINK_INSIDE && f->kind == PT_LINK_PERSON && !rule->of && !rule->other;

    out->column = out->other = whole_name ? f->hint : f->column;
    if (whole_name)
        out->other = f->whole;
    if (rule->of)
        PT_TRY(column_of_expr(s, rule->of, sort, naming, &out->column, err));
    else if (sort != TEXTS)
        PT_TRY(column_of_field(s, f, sort, &out->column, err));
    if (rule->other)
        return column_of_expr(s, rule->other, TEXTS, naming, &out->other, err);
    if (rule->test != PT_LINK_NEAR)
        return PT_OK;
    if (f->kind != PT_LINK_LOCATION || rule->of)
        return pt_fail(err, PT_EINVAL, "'near' compares places by latitude and longitude; '%s' is none", f->name);
    out->column = f->number;
    out->other = f->longitude;
    return PT_OK;
}

static pt_rc make_level(pt_link_setup *s, pt_link_level *out, const pt_link_field *f, const pt_link_level_rule *rule,
                        const pt_link_naming *naming, pt_err *err)
{
    *out = (pt_link_level){.test = rule->test, .bound = rule->bound};
    PT_TRY(set_columns(s, out, f, rule, naming, err));
    if (!rule->also)
        return PT_OK;
    pt_link_level *also = PT_NEW(s->table.arena, pt_link_level);
    if (!also)
        return pt_fail_nomem(err, "rules of linking");
    out->also = also;
    return make_level(s, also, f, rule->also, naming, err);
}

static bool is_equality(const pt_link_comparison *x)
{
    const pt_link_level *first = x->levels;

    return first->test == PT_LINK_SAME && first->column == x->column && !first->also;
}

pt_rc pt_link_apply_wish(pt_link_setup *s, uint32_t field, const pt_link_wish *wish, const pt_link_naming *naming,
                         pt_err *err)
{
    int k = link_find_comparison(s, field);

    if (k < 0)
        return PT_OK;
    pt_link_comparison *x = &s->comparisons[k];
    pt_link_level *levels = PT_NEW_ARRAY(s->table.arena, pt_link_level, (size_t)wish->n_levels + 1);
    if (!levels)
        return pt_fail_nomem(err, "rules of linking");
    for (uint32_t i = 0; i < wish->n_levels; i++)
        PT_TRY(make_level(s, &levels[i], &s->fields[k], wish->levels[i], naming, err));
    if (wish->n_levels) {
        x->levels = levels;
        x->n_levels = wish->n_levels;
    }
    if (wish->by_frequency >= 0)
        x->by_frequency = wish->by_frequency;
    x->by_frequency &= is_equality(x);
    if (wish->group >= 0)
        x->group = (uint8_t)wish->group;
    return PT_OK;
}

/* --- comparisons that are not made ------------------------------------------------------------------------------------------------ */

/* Levels of comparisons lie in their fields: moved with them. */
static pt_rc keep_levels(pt_link_setup *s, pt_link_comparison *x, pt_err *err)
{
    pt_link_level *levels = PT_NEW_ARRAY(s->table.arena, pt_link_level, (size_t)x->n_levels);

    if (!levels)
        return pt_fail_nomem(err, "rules of linking");
    for (uint32_t i = 0; i < x->n_levels; i++) {
        levels[i] = x->levels[i];
        if (!levels[i].also)
            continue;
        pt_link_level *also = PT_NEW(s->table.arena, pt_link_level);
        if (!also)
            return pt_fail_nomem(err, "rules of linking");
        *also = *levels[i].also;
        levels[i].also = also;
    }
    x->levels = levels;
    return PT_OK;
}

pt_rc pt_link_leave_out(pt_link_setup *s, uint32_t field, pt_err *err)
{
    int k = link_find_comparison(s, field);

    if (k < 0)
        return PT_OK;
    for (size_t i = (size_t)k + 1; i < s->n_fields; i++)
        PT_TRY(keep_levels(s, &s->comparisons[i], err));
    s->n_fields--;
    for (size_t i = (size_t)k; i < s->n_fields; i++) {
        s->fields[i] = s->fields[i + 1];
        s->comparisons[i] = s->comparisons[i + 1];
    }
    return PT_OK;
}
