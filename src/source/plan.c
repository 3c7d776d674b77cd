/* From a definition and the shape of one file to SQL. The innermost query gives the cells that are used, as f0, f1, ...;
 * each level around it adds values made from those inside: d<i> for column i of the source, n<k> for cell k read as a
 * number, v<k>_<r> for
 * cell k after rule r, h<i> for the number of a key that column i is looked up by, t for the time, i<j> for identifier j. A column that is computed from others stands on a level above them.
 *
 *   SELECT t AS _time, i0 AS _id_user, d0 AS amount, CASE WHEN <misfit 1> THEN 1 ... END AS _reject
 *   FROM (SELECT p.*, TRY(expr(n0, n1)) AS r0, pt_money_number(r0) AS d0
 *         FROM (SELECT p.*, pt_number(f0) AS n0, pt_number(f1) AS n1 FROM (base) p) p) p
 */
#include <stdlib.h>

#include "base/log.h"
#include "source/rules.h"

/* A value that SQL can name. */
typedef struct value {
    const char *sql;  /* "d3" */
    const char *type; /* SQL type */
    size_t level;     /* it may be used above this level */
    bool is_date;     /* a text that a rule has put into the default form of dates */
} value;

/* A key that is looked up, found once however many columns are looked up by it. */
typedef struct found_key {
    const char *find; /* SQL */
    value number;
} found_key;

enum { UNSEEN, WORKING, DONE };

typedef struct planner {
    pt_plan *plan;
    pt_read_run *run;
    pt_shape *shape;
    const pt_input *in;
    pt_arena *arena;
    pt_err *err;
    value *columns; /* by column of the source */
    found_key *keys;
    uint8_t *state;
} planner;

/* --- building blocks ------------------------------------------------------------------------------------------------- */

static pt_rc nomem(planner *p)
{
    return pt_fail_nomem(p->err, "a plan");
}

/* Adds `sql AS name` to a level; what it uses stands on lower ones. */
static pt_rc add_item(planner *p, size_t level, const char *sql, const char *name)
{
    pt_plan *plan = p->plan;

    while (plan->n_levels < level) {
        if (!pt_grow(&plan->levels, &plan->cap_levels, plan->n_levels + 1, sizeof *plan->levels))
            return nomem(p);
        plan->levels[plan->n_levels++] = (pt_str){0};
    }
    if (!sql || !name)
        return nomem(p);
    pt_str_addf(&plan->levels[level - 1], ", %s AS %s", sql, name);
    return plan->levels[level - 1].failed ? nomem(p) : PT_OK;
}

static pt_rc add_problem(planner *p, const char *column, const char *reason, const char *condition)
{
    pt_plan *plan = p->plan;

    if (!condition || !pt_grow(&plan->problems, &plan->cap_problems, plan->n_problems + 1, sizeof *plan->problems))
        return nomem(p);
    plan->problems[plan->n_problems++] = (pt_problem){column, reason, condition, 0};
    return PT_OK;
}

static pt_rc add_misfit(planner *p, const char *column, pt_type to, const char *input, const char *result)
{
    if (strcmp(input, result) == 0)
        return PT_OK;
    return add_problem(p, column, pt_misfit_reason(to),
                       pt_arena_printf(p->arena, "%s IS NULL AND %s IS NOT NULL", result, input));
}

static const char *numbered(planner *p, char letter, size_t n)
{
    return pt_arena_printf(p->arena, "%c%zu", letter, n);
}

/* --- cells ------------------------------------------------------------------------------------------------------------ */

/* The cell of a file column, used from here on. */
static pt_rc use_cell(size_t *out, planner *p, size_t column, const char *name)
{
    pt_plan *plan = p->plan;

    for (*out = 0; *out < plan->n_cells; ++*out)
        if (plan->cells[*out].column == column)
            return PT_OK;
    if (!pt_grow(&plan->cells, &plan->cap_cells, plan->n_cells + 1, sizeof *plan->cells))
        return nomem(p);
    plan->cells[plan->n_cells++] =
        (pt_cell){.column = column, .name = name, .type = p->shape->types ? p->shape->types[column] : "VARCHAR"};
    return PT_OK;
}

static bool may_occur(const pt_shape *shape, const char *name)
{
    return shape->open_ended && pt_is_path(name);
}

/* A key that the first lines lack may come later, or be a typing error. */
static void warn_unseen(const planner *p, const char *name)
{
    const pt_shape *s = p->shape;
    pt_sv first = {name, strcspn(name, ".")};

    for (size_t i = 0; i < s->known; i++)
        if (pt_sv_eq(first, pt_sv_of(s->names[i])))
            return;
    int near = pt_nearest(first, s->names, s->known);
    pt_log(PT_LOG_WARN, "source", "source=%s file=%s key=%s%s%s first_lines=without_it", p->run->source->name,
           p->in->name, name, near >= 0 ? " near=" : "", near >= 0 ? s->names[near] : "");
}

/* False when the file has no such column. */
static bool find_cell(value *out, size_t *cell, planner *p, const char *name, pt_rc *rc)
{
    int column = pt_shape_find(p->shape, name);

    if (column < 0 && may_occur(p->shape, name)) {
        *rc = pt_shape_add(p->shape, name, p->arena, p->err);
        if (*rc != PT_OK)
            return true;
        warn_unseen(p, name);
        column = (int)p->shape->n - 1;
    }
    if (column < 0)
        return false;
    *rc = use_cell(cell, p, (size_t)column, name);
    *out = (value){numbered(p, 'f', *cell), *rc == PT_OK ? p->plan->cells[*cell].type : NULL, 0, false};
    if (*rc == PT_OK && !out->sql)
        *rc = nomem(p);
    return true;
}

/* --- rules of cleaning -------------------------------------------------------------------------------------------------- */

static pt_rc add_rule_problems(planner *p, size_t rule, const char *before, const char *after)
{
    const pt_read_rule *r = &p->run->rules[rule];

    for (pt_form_rc rc = PT_FORM_NOT; rc < PT_FORM_RC_COUNT; rc++) {
        const char *condition = pt_arena_printf(p->arena, "%s IS NULL AND %s IS NOT NULL AND %s(%s) = %d", after,
                                                before, r->why, before, (int)rc);
        const char *reason = pt_rules_reason(r, rc, p->arena);
        if (!reason)
            return nomem(p);
        PT_TRY(add_problem(p, r->rule->column, reason, condition));
        p->plan->problems[p->plan->n_problems - 1].rule = rule + 1;
    }
    return PT_OK;
}

/* What marks a row in which the rule gave another text, and one it could not convert but which stays. */
static pt_rc add_marks(planner *p, size_t rule, const char *before, const char *after)
{
    const pt_read_rule *r = &p->run->rules[rule];
    unsigned long long bit = 1ULL << rule % RULES_A_WORD * 2;
    pt_str *marks = &p->plan->marks[rule / RULES_A_WORD];

    /* What a map makes missing is its new value; what a conversion does is no success. */
    pt_str_addf(marks, " | CASE WHEN %s %s %s THEN %llu ELSE 0 END", after, r->why ? "<>" : "IS DISTINCT FROM", before,
                bit);
    if (r->why && r->otherwise == PT_ELSE_MISSING)
        pt_str_addf(marks, " | CASE WHEN %s IS NULL AND %s IS NOT NULL THEN %llu ELSE 0 END", after, before, bit * 2);
    if (r->why && r->otherwise == PT_ELSE_KEEP)
        pt_str_addf(marks, " | CASE WHEN %s = %s AND %s(%s) <> 0 THEN %llu ELSE 0 END", after, before, r->why, before,
                    bit * 2);
    return marks->failed ? nomem(p) : PT_OK;
}

static const pt_rewrite *find_rewrite(const planner *p, size_t cell, size_t rule)
{
    for (size_t i = 0; i < p->plan->n_rewrites; i++)
        if (p->plan->rewrites[i].cell == cell && p->plan->rewrites[i].rule == rule)
            return &p->plan->rewrites[i];
    return NULL;
}

static pt_rc add_rewrite(value *v, planner *p, size_t cell, size_t rule)
{
    const pt_read_rule *r = &p->run->rules[rule];
    pt_plan *plan = p->plan;
    const char *before = pt_text_sql(v->sql, v->type, p->arena);
    const char *after = pt_arena_printf(p->arena, "v%zu_%zu", cell, rule);

    if (!before || !after ||
        !pt_grow(&plan->rewrites, &plan->cap_rewrites, plan->n_rewrites + 1, sizeof *plan->rewrites))
        return nomem(p);
    plan->rewrites[plan->n_rewrites++] = (pt_rewrite){cell, rule, before, after, v->level + 1};
    PT_TRY(add_item(p, v->level + 1, pt_arena_printf(p->arena, "%s(%s)", r->function, before), after));
    PT_TRY(add_marks(p, rule, before, after));
    return r->why && r->otherwise == PT_ELSE_QUARANTINE ? add_rule_problems(p, rule, before, after) : PT_OK;
}

/* The cell as the rules of `name` leave it. */
static pt_rc rewrite_cell(value *v, planner *p, size_t cell, const char *name)
{
    for (size_t i = 0; i < p->run->n_rules; i++) {
        if (strcmp(p->run->rules[i].rule->column, name) != 0)
            continue;
        if (!find_rewrite(p, cell, i))
            PT_TRY(add_rewrite(v, p, cell, i));
        const pt_rewrite *w = find_rewrite(p, cell, i);
        *v = (value){w->after, "VARCHAR", w->level, v->is_date || p->run->rules[i].is_date};
    }
    return PT_OK;
}

static int find_column(const planner *p, const char *name);

/* A column of the file after the rules that name it, and those that name the declared column it is read for (NULL: none). A
 * rule that names a declared column is meant for that alone, though the file may have a column of the same name. */
static bool find_text(value *out, size_t *cell, planner *p, const char *name, const char *declared, pt_rc *rc)
{
    if (!find_cell(out, cell, p, name, rc))
        return false;
    if (*rc == PT_OK && (find_column(p, name) < 0 || !declared))
        *rc = rewrite_cell(out, p, *cell, name);
    if (*rc == PT_OK && declared)
        *rc = rewrite_cell(out, p, *cell, declared);
    return true;
}

static pt_rc fail_unknown(planner *p, const char *name, pt_place place)
{
    const pt_shape *s = p->shape;
    int near = pt_nearest(pt_sv_of(name), s->names, s->n);
    pt_str all = {0};

    pt_fail_code(p->err, PT_E_NO_COLUMN, place, "%s: there is no column '%s'", p->in->name, name);
    for (size_t i = 0; i < s->n && i < 12; i++)
        pt_str_addf(&all, "%s%s", i ? ", " : "", s->names[i]);
    if (near >= 0)
        pt_err_hint(p->err, "did you mean '%s'?", s->names[near]);
    else if (s->n == 1)
        pt_err_hint(p->err, "the whole line is one column: is the delimiter right?");
    else
        pt_err_hint(p->err, "its columns are: %s%s", pt_str_cstr(&all), s->n > 12 ? ", ..." : "");
    pt_str_free(&all);
    return PT_EINVAL;
}

/* --- columns ---------------------------------------------------------------------------------------------------------- */

static pt_rc column_value(value *out, planner *p, size_t i);

static int find_column(const planner *p, const char *name)
{
    const pt_source *s = p->run->source;

    for (size_t i = 0; i < s->n_file_columns; i++)
        if (strcmp(s->columns[i].name, name) == 0)
            return (int)i;
    for (size_t i = 0; i < s->n_file_columns; i++)
        if (strcasecmp(s->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

static const char *zone_of(const planner *p, const char *zone)
{
    return zone ? zone : p->run->source->zone ? p->run->source->zone : p->run->project->zone_name;
}

/* The file column that a declared column is, if it is one as it stands. */
static const char *plain_source(const planner *p, const pt_source_column *c)
{
    const char *from = c->from ? c->from : c->name;

    if (c->lookup.source)
        return NULL;
    return c->computed && pt_shape_find(p->shape, from) < 0 && !may_occur(p->shape, from) ? NULL : from;
}

/* Casts `input`, which is there below `level`, to `name` on that level. */
static pt_rc add_cast(value *out, planner *p, const pt_cast *cast, value input, size_t level, const char *name,
                      pt_place place)
{
    const char *sql;
    pt_rc rc = pt_cast_sql(&sql, cast, input.sql, input.type, p->run, p->arena, p->err);

    if (rc != PT_OK)
        return rc;
    if (!sql)
        return pt_fail_code(p->err, PT_E_TYPE_MISMATCH, place, "%s: a value of the SQL type %s cannot be read as %s",
                            p->in->name, input.type, pt_type_name(cast->to));
    if (strcmp(sql, input.sql) == 0) {
        *out = input;
        return PT_OK;
    }
    *out = (value){name, pt_sql_type(cast->to), level, false};
    return add_item(p, level, sql, name);
}

static pt_rc plain_column(value *out, planner *p, size_t i, const char *from)
{
    const pt_source_column *c = &p->run->source->columns[i];
    value input;
    size_t cell;
    pt_rc rc = PT_OK;

    if (!find_text(&input, &cell, p, from, c->name, &rc))
        return fail_unknown(p, from, c->place);
    PT_TRY(rc);
    pt_cast cast = {c->type, input.is_date ? NULL : c->format, zone_of(p, c->zone)};
    PT_TRY(add_cast(out, p, &cast, input, 1, numbered(p, 'd', i), c->place));
    return add_misfit(p, c->name, c->type, input.sql, out->sql);
}

/* --- expressions ------------------------------------------------------------------------------------------------------ */

/* A cell (*out: its text) as a number, for an expression that does arithmetic with it. Amounts are computed in decimals. */
static pt_rc numeric_cell(value *out, planner *p, size_t cell, bool decimal)
{
    const char *input = out->sql;
    bool *there = decimal ? &p->plan->cells[cell].as_decimal : &p->plan->cells[cell].as_double;

    *out = (value){numbered(p, decimal ? 'm' : 'n', cell), decimal ? "DECIMAL(18,6)" : "DOUBLE", out->level + 1, false};
    if (!out->sql)
        return nomem(p);
    if (*there)
        return PT_OK;
    *there = true;
    PT_TRY(add_item(p, out->level,
                    pt_arena_printf(p->arena, decimal ? "TRY_CAST(%s AS DECIMAL(18,6))" : "pt_number(%s)", input),
                    out->sql));
    return add_misfit(p, p->plan->cells[cell].name, PT_TYPE_NUMBER, input, out->sql);
}

/* A column that an expression names: a declared one, else one of the file, which may still become a number. */
typedef struct argument {
    value value;
    size_t cell;
    bool open; /* an undeclared text of the file */
} argument;

static pt_rc find_argument(argument *out, planner *p, const char *name, int self, pt_place place)
{
    int i = find_column(p, name);
    pt_rc rc = PT_OK;

    *out = (argument){0};
    if (i >= 0 && i != self)
        return column_value(&out->value, p, (size_t)i);
    if (!find_text(&out->value, &out->cell, p, name, NULL, &rc))
        return fail_unknown(p, name, place);
    out->open = rc == PT_OK && strcmp(out->value.type, "VARCHAR") == 0;
    return rc;
}

/* The types of arguments when the open ones whose bit is set in `numeric` are numbers. */
static void type_arguments(const char **types, const argument *args, size_t n, unsigned numeric, bool decimal)
{
    unsigned bit = 0;

    for (size_t i = 0; i < n; i++) {
        bool number = args[i].open && numeric >> bit & 1;
        types[i] = number ? (decimal ? "DECIMAL(18,6)" : "DOUBLE") : args[i].value.type;
        bit += args[i].open;
    }
}

/* A column of the file that is not declared is text; where the expression has no use for a text it is a number. The
 * fewest numbers that make sense of the expression are taken. Depends on the definition alone, never on the data. */
static pt_rc choose_numbers(unsigned *numeric, const char **type, planner *p, const pt_expression *e,
                            const argument *args, bool decimal, pt_place place)
{
    const char *types[16];
    unsigned open = 0, all;
    pt_err first = {0}, other;

    for (size_t i = 0; i < e->n_names; i++)
        open += args[i].open;
    all = (1u << open) - 1;
    for (unsigned want = 0; want <= open; want++) {
        for (*numeric = 0; *numeric <= all; ++*numeric) {
            if ((unsigned)__builtin_popcount(*numeric) != want || (open > 6 && want != 0 && want != open))
                continue;
            type_arguments(types, args, e->n_names, *numeric, decimal);
            pt_rc rc = pt_expression_type(type, e, types, p->run, p->arena, want ? &other : &first);
            if (rc != PT_EINVAL) {
                if (rc != PT_OK && p->err)
                    *p->err = want ? other : first;
                return rc;
            }
        }
    }
    pt_fail_code(p->err, PT_E_TYPE_MISMATCH, place, "'%s' does not fit its columns: %s", e->text, first.msg);
    return pt_err_hint(p->err, "declare the types of the columns it names");
}

static bool is_float(const char *type)
{
    return strcmp(type, "DOUBLE") == 0 || strcmp(type, "FLOAT") == 0;
}

/* The macro's call as r<label> one level above its arguments. A row for which it fails is refused; a result that is not
 * finite (x / 0), or an empty text, is missing. */
static pt_rc call_expression(value *out, planner *p, const pt_expression *e, const argument *args, const char *type,
                             const char *label, const char *column)
{
    pt_str call = {0};
    size_t level = 1;

    pt_str_addf(&call, "%s(", e->macro);
    for (size_t i = 0; i < e->n_names; i++) {
        pt_str_addf(&call, "%s%s", i ? ", " : "", args[i].value.sql);
        level = args[i].value.level >= level ? args[i].value.level + 1 : level;
    }
    pt_str_addc(&call, ')');
    const char *c = call.failed ? NULL : pt_arena_strdup(p->arena, call.ptr);
    pt_str_free(&call);
    if (!c)
        return nomem(p);
    const char *raw = pt_arena_printf(p->arena, "q%s", label), *name = pt_arena_printf(p->arena, "r%s", label);
    const char *clean = is_float(type) ? pt_arena_printf(p->arena, "CASE WHEN isfinite(%s) THEN %s END", raw, raw)
                        : strcmp(type, "VARCHAR") == 0 ? pt_arena_printf(p->arena, "%s(%s)", p->run->text_function, raw)
                                                       : raw;
    *out = (value){name, type, level, false};
    PT_TRY(add_item(p, level, pt_arena_printf(p->arena, "TRY(%s)", c), raw));
    PT_TRY(add_item(p, level, clean, name));
    return add_problem(p, column, "its expression fails",
                       pt_arena_printf(p->arena, "CASE WHEN %s IS NULL THEN TRY(%s IS NULL) IS NULL END", raw, c));
}

static pt_rc expression_value(value *out, planner *p, const char *text, pt_place place, int self, pt_type target,
                              const char *label, const char *column)
{
    const pt_expression *e;
    argument args[16];
    unsigned numeric = 0, bit = 0;
    const char *type = NULL;
    bool decimal = target == PT_TYPE_MONEY;

    PT_TRY(pt_expression_get(&e, p->run, text, place, p->err));
    if (e->n_names > PT_COUNT(args))
        return pt_fail_code(p->err, PT_E_TYPE_MISMATCH, place, "'%s' names more than %zu columns", text,
                            PT_COUNT(args));
    for (size_t i = 0; i < e->n_names; i++)
        PT_TRY(find_argument(&args[i], p, e->names[i], self, place));
    PT_TRY(choose_numbers(&numeric, &type, p, e, args, decimal, place));
    for (size_t i = 0; i < e->n_names; i++) {
        if (args[i].open && numeric >> bit & 1)
            PT_TRY(numeric_cell(&args[i].value, p, args[i].cell, decimal));
        bit += args[i].open;
    }
    return call_expression(out, p, e, args, type, label, column);
}

static pt_rc computed_column(value *out, planner *p, size_t i)
{
    const pt_source_column *c = &p->run->source->columns[i];
    pt_cast cast = {c->type, c->format, zone_of(p, c->zone)};
    value input;

    PT_TRY(
        expression_value(&input, p, c->from, c->place, (int)i, c->type, pt_arena_printf(p->arena, "%zu", i), c->name));
    PT_TRY(add_cast(out, p, &cast, input, input.level, numbered(p, 'd', i), c->place));
    return add_misfit(p, c->name, c->type, input.sql, out->sql);
}

/* --- keys and identifiers ---------------------------------------------------------------------------------------------- */

static pt_rc make_text(value *v, planner *p)
{
    v->sql = pt_text_sql(v->sql, v->type, p->arena);
    v->type = "VARCHAR";
    return v->sql ? PT_OK : nomem(p);
}

/* The text of a named thing as it stands in the file; of a computed column, the text of its value. */
static pt_rc key_text(value *out, planner *p, const char *text, pt_place place, int self, const char *label)
{
    const char *name = pt_plain_name(text, p->arena);
    int i = name ? find_column(p, name) : -1;
    size_t cell;
    pt_rc rc = PT_OK;

    if (i >= 0 && i != self) {
        const char *plain = plain_source(p, &p->run->source->columns[i]);
        if (!plain)
            rc = column_value(out, p, (size_t)i);
        else if (!find_text(out, &cell, p, plain, p->run->source->columns[i].name, &rc))
            rc = fail_unknown(p, plain, place);
    } else if (!find_text(out, &cell, p, name ? name : text, NULL, &rc)) {
        rc = name ? fail_unknown(p, name, place)
                  : expression_value(out, p, text, place, self, PT_TYPE_TEXT, label, text);
    }
    return rc == PT_OK ? make_text(out, p) : rc;
}

/* The number of the key in the reference that column i looks in. */
static pt_rc find_key(value *out, planner *p, size_t i)
{
    const pt_source_column *c = &p->run->source->columns[i];
    const char *name = numbered(p, 'h', i);
    value key;

    PT_TRY(key_text(&key, p, c->lookup.by, c->place, (int)i, numbered(p, 'l', i)));
    const char *find = pt_arena_printf(p->arena, "%s(%s)", p->run->lookups[i].find, key.sql);
    for (size_t j = 0; find && j < p->run->source->n_file_columns; j++) {
        if (p->keys[j].find && strcmp(p->keys[j].find, find) == 0) {
            *out = p->keys[j].number;
            return PT_OK;
        }
    }
    *out = (value){name, pt_sql_type(PT_TYPE_NUMBER), key.level + 1, false};
    p->keys[i] = (found_key){find, *out};
    return add_item(p, out->level, find, name);
}

static pt_rc lookup_column(value *out, planner *p, size_t i)
{
    const pt_source_column *c = &p->run->source->columns[i];
    const char *name = numbered(p, 'd', i), *sql;
    value key;

    PT_TRY(find_key(&key, p, i));
    sql = pt_arena_printf(p->arena, c->type == PT_TYPE_LIST ? "string_split(%s(%s), chr(31))" : "%s(%s)",
                          p->run->lookups[i].function, key.sql);
    *out = (value){name, pt_sql_type(c->type), key.level + 1, false};
    return add_item(p, out->level, sql, name);
}

static pt_rc make_column(value *out, planner *p, size_t i)
{
    const pt_source_column *c = &p->run->source->columns[i];
    const char *plain = plain_source(p, c);

    if (c->lookup.source)
        return lookup_column(out, p, i);
    return plain ? plain_column(out, p, i, plain) : computed_column(out, p, i);
}

static pt_rc column_value(value *out, planner *p, size_t i)
{
    const pt_source_column *c = &p->run->source->columns[i];

    if (p->state[i] == WORKING)
        return pt_fail_code(p->err, PT_E_COLUMN_CYCLE, c->place, "the column '%s' is computed from itself", c->name);
    if (p->state[i] == UNSEEN) {
        p->state[i] = WORKING;
        PT_TRY(make_column(&p->columns[i], p, i));
        p->state[i] = DONE;
    }
    *out = p->columns[i];
    return PT_OK;
}

/* --- the time ----------------------------------------------------------------------------------------------------------- */

/* What `time:` names, before it is an instant. */
static pt_rc time_input(value *out, planner *p, const char *text, pt_place place, bool *written)
{
    const char *name = pt_plain_name(text, p->arena);
    int i = name ? find_column(p, name) : -1;
    pt_type type = i >= 0 ? p->run->source->columns[i].type : PT_TYPE_NONE;
    size_t cell;
    pt_rc rc = PT_OK;

    *written = true;
    if (i >= 0 && (type == PT_TYPE_INSTANT || type == PT_TYPE_DATE)) {
        *written = false;
        return column_value(out, p, (size_t)i);
    }
    const char *plain = i >= 0 ? plain_source(p, &p->run->source->columns[i]) : NULL;
    if (i >= 0 && !plain)
        return column_value(out, p, (size_t)i);
    if (find_text(out, &cell, p,
                  plain  ? plain
                  : name ? name
                         : text,
                  plain ? p->run->source->columns[i].name : NULL, &rc))
        return rc;
    return name ? fail_unknown(p, plain ? plain : name, place)
                : expression_value(out, p, text, place, -1, PT_TYPE_INSTANT, "t", "time");
}

static pt_rc add_time(const char **out, planner *p)
{
    const pt_source *s = p->run->source;
    value input, time;
    bool written;

    *out = "CAST(NULL AS TIMESTAMP WITH TIME ZONE)";
    if (!s->time)
        return PT_OK;
    PT_TRY(time_input(&input, p, s->time, s->place, &written));
    if (!written && strcmp(input.type, pt_sql_type(PT_TYPE_INSTANT)) == 0) {
        time = input;
    } else {
        pt_cast cast = {PT_TYPE_INSTANT, written && !input.is_date ? s->time_format : NULL, zone_of(p, NULL)};
        PT_TRY(add_cast(&time, p, &cast, input, input.level + 1, "t", s->place));
        PT_TRY(add_misfit(p, s->time, PT_TYPE_INSTANT, input.sql, time.sql));
    }
    *out = time.sql;
    if (s->kind == PT_SOURCE_EVENT)
        PT_TRY(add_problem(p, s->time, "no time", pt_arena_printf(p->arena, "%s IS NULL", time.sql)));
    return PT_OK;
}

/* --- the whole plan ------------------------------------------------------------------------------------------------------ */

static void add_output(planner *p, const char *sql, const char *name)
{
    pt_str *out = &p->plan->outputs;

    pt_str_addf(out, "%s%s AS \"", out->len ? ", " : "", sql);
    for (; *name; name++) {
        if (*name == '"')
            pt_str_addc(out, '"');
        pt_str_addc(out, *name);
    }
    pt_str_addc(out, '"');
}

static pt_rc add_identifiers(planner *p)
{
    const pt_source *s = p->run->source;
    pt_str none = {0}, some = {0};
    pt_rc rc = PT_OK;

    for (size_t i = 0; rc == PT_OK && i < s->n_identifiers; i++) {
        const char *name = numbered(p, 'i', i), *label = numbered(p, 'x', i);
        value key;
        rc = key_text(&key, p, s->identifiers[i].column, s->identifiers[i].place, -1, label);
        if (rc == PT_OK)
            rc = add_item(p, key.level + 1,
                          pt_arena_printf(p->arena, "%s(%s)", p->run->identifier_functions[i], key.sql), name);
        if (rc == PT_OK) {
            pt_str_addf(&none, "%s%s IS NULL", i ? " AND " : "", name);
            pt_str_addf(&some, "%s%s IS NOT NULL", i ? " OR " : "", key.sql);
            add_output(p, name, pt_arena_printf(p->arena, "_id_%s", s->identifiers[i].type));
        }
    }
    if (rc == PT_OK && s->n_identifiers) {
        const char *all = pt_arena_strdup(p->arena, pt_str_cstr(&none));
        rc = add_problem(p, s->identifiers[0].type, "its identifier is blocked or empty",
                         pt_arena_printf(p->arena, "%s AND (%s)", all ? all : "", pt_str_cstr(&some)));
        if (rc == PT_OK)
            rc = add_problem(p, s->identifiers[0].type, "no identifier", all);
    }
    pt_str_free(&none);
    pt_str_free(&some);
    return rc;
}

static pt_rc add_columns(planner *p)
{
    const pt_source *s = p->run->source;
    value v;

    for (size_t i = 0; i < s->n_file_columns; i++) {
        PT_TRY(column_value(&v, p, i));
        add_output(p, v.sql, s->columns[i].name);
        if (s->columns[i].required)
            PT_TRY(add_problem(p, s->columns[i].name, "missing", pt_arena_printf(p->arena, "%s IS NULL", v.sql)));
    }
    return PT_OK;
}

static pt_rc open_marks(planner *p)
{
    size_t n = (p->run->n_rules + RULES_A_WORD - 1) / RULES_A_WORD;

    p->plan->marks = pt_zalloc(n ? n : 1, sizeof *p->plan->marks);
    p->plan->n_marks = p->plan->marks ? n : 0;
    return p->plan->marks ? PT_OK : nomem(p);
}

/* A rule for a column that nothing is read from would do nothing, in silence. */
static pt_rc check_rules(planner *p)
{
    for (size_t i = 0; i < p->run->n_rules; i++) {
        const pt_clean_rule *rule = p->run->rules[i].rule;
        bool used = false;
        for (size_t k = 0; k < p->plan->n_rewrites; k++)
            used |= p->plan->rewrites[k].rule == i;
        if (used)
            continue;
        pt_fail_code(p->err, PT_E_NO_COLUMN, rule->place, "%s: no text is read from a column '%s'", p->in->name,
                     rule->column);
        return pt_err_hint(p->err, "convert and map change columns of the file that this source uses, before types and "
                                   "expressions");
    }
    return PT_OK;
}

pt_rc pt_plan_make(pt_plan *out, pt_read_run *run, pt_shape *shape, const pt_input *in, pt_arena *arena, pt_err *err)
{
    planner p = {.plan = out, .run = run, .shape = shape, .in = in, .arena = arena, .err = err};
    const char *time;

    *out = (pt_plan){0};
    p.columns = PT_NEW_ARRAY(arena, value, run->source->n_file_columns);
    p.keys = PT_NEW_ARRAY(arena, found_key, run->source->n_file_columns);
    p.state = PT_NEW_ARRAY(arena, uint8_t, run->source->n_file_columns);
    if (!p.columns || !p.keys || !p.state)
        return nomem(&p);
    pt_rc rc = open_marks(&p);
    if (rc == PT_OK && shape->open_ended)
        rc = add_problem(&p, NULL, "not a JSON object", "NOT ok");
    if (rc == PT_OK)
        rc = add_time(&time, &p);
    if (rc == PT_OK) {
        add_output(&p, time, "_time");
        rc = add_identifiers(&p);
    }
    if (rc == PT_OK)
        rc = add_columns(&p);
    if (rc == PT_OK)
        rc = check_rules(&p);
    if (rc == PT_OK && out->outputs.failed)
        rc = nomem(&p);
    if (rc != PT_OK)
        pt_plan_free(out);
    return rc;
}

void pt_plan_free(pt_plan *plan)
{
    for (size_t i = 0; i < plan->n_levels; i++)
        pt_str_free(&plan->levels[i]);
    for (size_t i = 0; i < plan->n_marks; i++)
        pt_str_free(&plan->marks[i]);
    free(plan->levels);
    free(plan->marks);
    free(plan->rewrites);
    free(plan->cells);
    free(plan->problems);
    pt_str_free(&plan->outputs);
    *plan = (pt_plan){0};
}
