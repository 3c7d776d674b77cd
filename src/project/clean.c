/* `clean`: the rules of sources (docs/cleaning.md). A rule is a text ("drop when amount is missing") or a mapping of one key
 * ("fill channel: mode"); both are read as words of one line, the head and what stands after the colon. Runs when the types
 * of all columns are known; rules that flag rows add columns, so it runs before the catalogue is made. */
#include <strings.h>

#include "project/clean.h"

/* --- words -------------------------------------------------------------------------------------------------------- */

bool pt_clean_word(pt_clean_text *t, pt_clean_piece *out)
{
    const char *s = t->text.ptr;
    size_t i = t->at;

    while (i < t->text.len && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n'))
        i++;
    size_t from = i;
    if (i < t->text.len && s[i] == ',')
        i++;
    else
        while (i < t->text.len && s[i] != ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != ',')
            i++;
    *out = (pt_clean_piece){{s + from, i - from}, from};
    t->at = i;
    return out->text.len > 0;
}

pt_clean_piece pt_clean_rest(const pt_clean_text *t)
{
    pt_sv rest = pt_sv_trim((pt_sv){t->text.ptr + t->at, t->text.len - t->at});

    return (pt_clean_piece){rest, rest.len ? (size_t)(rest.ptr - t->text.ptr) : t->text.len};
}

pt_place pt_clean_place(const pt_clean_text *t, pt_clean_piece piece)
{
    return pt_place_at(t->place, t->text, piece.at, piece.text.len ? piece.text.len : 1);
}

static bool is_word(pt_clean_piece w, const char *word)
{
    return pt_sv_eq(w.text, pt_sv_of(word));
}

/* The next word, if it is this one. */
static bool take(pt_clean_text *t, const char *word)
{
    pt_clean_text ahead = *t;
    pt_clean_piece w;

    if (!pt_clean_word(&ahead, &w) || !is_word(w, word))
        return false;
    *t = ahead;
    return true;
}

static bool at_end(pt_clean_parser *p, pt_clean_text *t)
{
    pt_clean_piece w;

    if (!pt_clean_word(t, &w))
        return true;
    pt_clean_error(p, PT_E_CLEAN_RULE, pt_clean_place(t, w), "'%.*s' is more than this rule takes", (int)w.text.len,
                   w.text.ptr);
    return false;
}

const char *pt_clean_copy(pt_clean_parser *p, pt_sv s)
{
    const char *copy = pt_arena_strndup(p->loader->arena, s.ptr, s.len);

    p->loader->nomem |= !copy;
    return copy;
}

pt_diag *pt_clean_error(pt_clean_parser *p, int code, pt_place place, const char *fmt, ...)
{
    char msg[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    p->failed = true;
    return pt_load_error(p->loader, code, place, "%s", msg);
}

static void hint(pt_clean_parser *p, pt_diag *d, const char *text)
{
    pt_diag_hint(p->loader->diags, d, "%s", text);
}

/* --- columns and groups ------------------------------------------------------------------------------------------- */

static bool is_identifier(const pt_source *s, pt_sv name)
{
    for (size_t i = 0; i < s->n_identifiers; i++)
        if (pt_sv_eq(name, pt_sv_of(s->identifiers[i].type)))
            return true;
    return false;
}

static void unknown_column(pt_clean_parser *p, pt_place place, pt_sv name)
{
    enum { MOST = 64 };
    const char *names[MOST];
    size_t n = 0;

    for (size_t i = 0; i < p->source->n_columns && n < MOST; i++)
        names[n++] = p->source->columns[i].name;
    pt_diag *d = pt_clean_error(p, PT_E_CLEAN_COLUMN, place, "'%s' has no column '%.*s'", p->source->name,
                                (int)name.len, name.ptr);
    if (n)
        pt_diag_suggest(p->loader->diags, d, name, names, n);
}

/* A declared column, or one that a rule before this one adds; NULL when there is none (reported). */
static const pt_source_column *read_column(pt_clean_parser *p, pt_clean_text *t)
{
    pt_clean_piece w;

    if (!pt_clean_word(t, &w)) {
        hint(p, pt_clean_error(p, PT_E_CLEAN_RULE, pt_clean_place(t, w), "the rule names no column"), p->form);
        return NULL;
    }
    int i = pt_source_find_column(p->source, w.text);
    if (i < 0) {
        unknown_column(p, pt_clean_place(t, w), w.text);
        return NULL;
    }
    p->rule->column = p->source->columns[i].name;
    p->column_place = pt_clean_place(t, w);
    return &p->source->columns[i];
}

static bool add_group(pt_clean_parser *p, const pt_clean_text *t, pt_clean_piece w)
{
    pt_clean_rule *r = p->rule;
    const char **by = (const char **)(uintptr_t)r->by; /* made here */

    if (pt_source_find_column(p->source, w.text) < 0 && !is_identifier(p->source, w.text)) {
        unknown_column(p, pt_clean_place(t, w), w.text);
        return false;
    }
    for (size_t i = 0; i < r->n_by; i++)
        if (pt_sv_eq(w.text, pt_sv_of(by[i]))) {
            pt_clean_error(p, PT_E_CLEAN_RULE, pt_clean_place(t, w), "'%s' stands twice after 'by'", by[i]);
            return false;
        }
    if (r->n_by == PT_CLEAN_MOST_GROUPS) {
        pt_clean_error(p, PT_E_CLEAN_VALUE, pt_clean_place(t, w), "at most %d columns after 'by'",
                       PT_CLEAN_MOST_GROUPS);
        return false;
    }
    if (!by && !(by = PT_NEW_ARRAY(p->loader->arena, const char *, PT_CLEAN_MOST_GROUPS))) {
        p->loader->nomem = true;
        return false;
    }
    r->by = by;
    return (by[r->n_by++] = pt_clean_copy(p, w.text)) != NULL;
}

/* "by city, channel", after which anything may follow. True when there is no `by`. */
static bool read_groups(pt_clean_parser *p, pt_clean_text *t)
{
    pt_clean_piece w;

    if (!take(t, "by"))
        return true;
    do {
        if (!pt_clean_word(t, &w) || is_word(w, ",")) {
            hint(p, pt_clean_error(p, PT_E_CLEAN_RULE, pt_clean_place(t, w), "'by' needs a column"), p->form);
            return false;
        }
        if (!add_group(p, t, w))
            return false;
    } while (take(t, ","));
    return true;
}

/* --- values that must fit a column -------------------------------------------------------------------------------- */

static bool fits(pt_clean_parser *p, pt_type type, pt_sv text)
{
    const pt_zone *zone = p->loader->project->zone ? p->loader->project->zone : pt_zone_utc();
    double number;
    int64_t units;
    int32_t date;

    switch (type) {
    case PT_TYPE_BOOL: return pt_sv_eq(text, PT_SV("true")) || pt_sv_eq(text, PT_SV("false"));
    case PT_TYPE_NUMBER: return pt_parse_double(&number, text);
    /* The store's amounts have 18 digits, 4 of them after the point. */
    case PT_TYPE_MONEY:
        return pt_money_parse(&units, text) && units < 1000000000000000000 && units > -1000000000000000000;
    case PT_TYPE_DATE: return pt_date_parse(&date, text);
    case PT_TYPE_INSTANT: return pt_instant_parse(&units, text, zone);
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return text.len > 0;
    default: return false;
    }
}

static bool check_fits(pt_clean_parser *p, const pt_clean_text *t, pt_clean_piece w, const pt_source_column *c)
{
    if (c->type == PT_TYPE_NONE || fits(p, c->type, w.text))
        return true;
    pt_diag *d = pt_clean_error(p, PT_E_CLEAN_TYPE, pt_clean_place(t, w), "'%.*s' does not fit '%s', which is %s",
                                (int)w.text.len, w.text.ptr, c->name, pt_type_name(c->type));
    if (c->type == PT_TYPE_LIST)
        hint(p, d, "lists are filled with mode or previous");
    return false;
}

static bool is_numeric(const pt_source_column *c)
{
    return c->type == PT_TYPE_NUMBER || c->type == PT_TYPE_MONEY || c->type == PT_TYPE_NONE;
}

/* --- fill --------------------------------------------------------------------------------------------------------- */

static void read_constant(pt_clean_parser *p, const pt_clean_text *t, const pt_source_column *c)
{
    pt_clean_piece w = pt_clean_rest(t);

    if (check_fits(p, t, w, c))
        p->rule->constant = pt_clean_copy(p, w.text);
}

static void check_previous(pt_clean_parser *p)
{
    const pt_source *s = p->source;

    if (s->n_identifiers || p->rule->n_by)
        return;
    pt_diag *d =
        pt_clean_error(p, PT_E_CLEAN_NO_TIME, p->rule->place, "'%s' has no customers: previous of what?", s->name);
    hint(p, d, "name the column whose rows belong together: previous by COLUMN");
}

static void parse_fill(pt_clean_parser *p)
{
    static const char *const methods[] = {
        [PT_FILL_MEAN] = "mean", [PT_FILL_MEDIAN] = "median", [PT_FILL_MODE] = "mode", [PT_FILL_PREVIOUS] = "previous"};
    pt_clean_rule *r = p->rule;

    p->form = "fill COLUMN: mean, median, mode, previous or a value";
    r->kind = PT_CLEAN_FILL;
    const pt_source_column *c = read_column(p, &p->head);
    if (!c || !at_end(p, &p->head) || !pt_clean_need_tail(p))
        return;
    /* What is in quotes is a value, also where it looks like a method. */
    for (size_t m = PT_FILL_MEAN; m < PT_COUNT(methods) && p->tail_node->style == PT_YAML_PLAIN; m++)
        if (take(&p->tail, methods[m]))
            r->fill = (pt_clean_fill)m;
    if (r->fill == PT_FILL_CONSTANT) {
        read_constant(p, &p->tail, c);
        return;
    }
    if ((r->fill == PT_FILL_MEAN || r->fill == PT_FILL_MEDIAN) && !is_numeric(c)) {
        pt_diag *d = pt_clean_error(p, PT_E_CLEAN_TYPE, p->column_place, "%s is for numbers and money; '%s' is %s",
                                    methods[r->fill], c->name, pt_type_name(c->type));
        hint(p, d, "mode and previous are for every type");
    }
    if (read_groups(p, &p->tail) && at_end(p, &p->tail) && r->fill == PT_FILL_PREVIOUS)
        check_previous(p);
}

/* --- outliers ----------------------------------------------------------------------------------------------------- */

static const char *const outlier_methods[] = {"iqr", "zscore", "mad"}; /* as pt_clean_method */

static void read_bound(pt_clean_parser *p, pt_clean_piece w, const pt_source_column *c, const char **out)
{
    w.text = pt_sv_trim(w.text);
    if (w.text.len && check_fits(p, &p->tail, w, c))
        *out = pt_clean_copy(p, w.text);
}

static int compare_bounds(pt_clean_parser *p, const pt_source_column *c, const char *low, const char *high)
{
    const pt_zone *zone = p->loader->project->zone ? p->loader->project->zone : pt_zone_utc();
    double a = 0, b = 0;
    int64_t x = 0, y = 0;

    if (c->type == PT_TYPE_NUMBER) {
        pt_parse_double(&a, pt_sv_of(low));
        pt_parse_double(&b, pt_sv_of(high));
        return a < b ? -1 : a > b;
    }
    if (c->type == PT_TYPE_MONEY) {
        pt_money_parse(&x, pt_sv_of(low));
        pt_money_parse(&y, pt_sv_of(high));
    } else {
        pt_instant_parse(&x, pt_sv_of(low), zone);
        pt_instant_parse(&y, pt_sv_of(high), zone);
    }
    return x < y ? -1 : x > y;
}

/* "0..1000", open at either end. */
static void read_range(pt_clean_parser *p, size_t dots, const pt_source_column *c)
{
    pt_clean_rule *r = p->rule;
    pt_clean_piece all = pt_clean_rest(&p->tail);
    pt_clean_piece low = {{all.text.ptr, dots}, all.at};
    pt_clean_piece high = {{all.text.ptr + dots + 2, all.text.len - dots - 2}, all.at + dots + 2};

    r->method = PT_OUTLIERS_RANGE;
    if (!is_numeric(c) && c->type != PT_TYPE_DATE && c->type != PT_TYPE_INSTANT) {
        pt_clean_error(p, PT_E_CLEAN_TYPE, p->column_place, "a range is for numbers, money and dates; '%s' is %s",
                       c->name, pt_type_name(c->type));
        return;
    }
    read_bound(p, low, c, &r->low);
    read_bound(p, high, c, &r->high);
    if (p->failed)
        return;
    if (!r->low && !r->high)
        pt_clean_error(p, PT_E_CLEAN_VALUE, pt_clean_place(&p->tail, all), "a range needs at least one end");
    else if (r->low && r->high && c->type != PT_TYPE_NONE && compare_bounds(p, c, r->low, r->high) > 0)
        pt_clean_error(p, PT_E_CLEAN_VALUE, pt_clean_place(&p->tail, all), "the range is upside down");
}

static void read_factor(pt_clean_parser *p, const char *method)
{
    pt_clean_piece w;
    double v = 0;
    bool there = pt_clean_word(&p->tail, &w);

    if (there && pt_parse_double(&v, w.text) && v > 0 && v <= 1000) {
        p->rule->factor = v;
        if (read_groups(p, &p->tail))
            at_end(p, &p->tail);
        return;
    }
    pt_diag *d =
        pt_clean_error(p, PT_E_CLEAN_VALUE, pt_clean_place(&p->tail, w), "%s needs a factor: a number above 0", method);
    pt_diag_hint(p->loader->diags, d, "for example %s 3", method);
}

static void read_method(pt_clean_parser *p, const pt_source_column *c)
{
    pt_clean_piece all = pt_clean_rest(&p->tail), w;
    const char *dots = all.text.len ? memmem(all.text.ptr, all.text.len, "..", 2) : NULL;

    if (dots) {
        read_range(p, (size_t)(dots - all.text.ptr), c);
        return;
    }
    pt_clean_word(&p->tail, &w);
    for (size_t m = 0; m < PT_COUNT(outlier_methods); m++) {
        if (!is_word(w, outlier_methods[m]))
            continue;
        p->rule->method = (pt_clean_method)m;
        if (is_numeric(c))
            read_factor(p, outlier_methods[m]);
        else
            pt_clean_error(p, PT_E_CLEAN_TYPE, p->column_place, "%s is for numbers and money; '%s' is %s",
                           outlier_methods[m], c->name, pt_type_name(c->type));
        return;
    }
    pt_diag *d = pt_clean_error(p, PT_E_CLEAN_METHOD, pt_clean_place(&p->tail, w), "'%.*s' finds no outliers",
                                (int)w.text.len, w.text.ptr);
    int near = pt_nearest(w.text, outlier_methods, PT_COUNT(outlier_methods));
    if (near >= 0)
        pt_diag_hint(p->loader->diags, d, "did you mean '%s'?", outlier_methods[near]);
    else
        hint(p, d, "iqr 3, zscore 4, mad 5, or a range such as 0..1000");
}

/* --- flags -------------------------------------------------------------------------------------------------------- */

/* A new bool column of the source. */
static void add_column(pt_clean_parser *p, const char *name, pt_place place)
{
    pt_yaml key = {.kind = PT_YAML_SCALAR, .place = place, .text = pt_sv_of(name)};
    pt_source *s = p->source;

    if (!name) {
        p->loader->nomem = true;
        return;
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        if (strcasecmp(s->columns[i].name, name) != 0)
            continue;
        pt_diag *d = pt_clean_error(p, PT_E_CLEAN_FLAG_TAKEN, place, "'%s' has a column '%s' already", s->name,
                                    s->columns[i].name);
        hint(p, d, "a flag is a new column: choose another name");
        return;
    }
    if (is_identifier(s, pt_sv_of(name))) {
        pt_clean_error(p, PT_E_CLEAN_FLAG_TAKEN, place, "'%s' is an identifier of '%s'", name, s->name);
        return;
    }
    if (!pt_load_name(p->loader, &key, PT_NAME_COLUMN)) {
        p->failed = true;
        return;
    }
    p->rule->adds = name;
    p->columns[s->n_columns++] = (pt_source_column){.name = name, .type = PT_TYPE_BOOL, .place = place};
}

static void parse_outliers(pt_clean_parser *p, pt_clean_action action)
{
    static const char *const forms[] = {"cap COLUMN: iqr 3, zscore 4, mad 5 or 0..1000",
                                        "drop COLUMN: iqr 3, zscore 4, mad 5 or 0..1000; drop when CONDITION",
                                        "flag COLUMN: iqr 3, zscore 4, mad 5 or 0..1000; flag NAME when CONDITION"};

    p->form = forms[action];
    p->rule->kind = PT_CLEAN_OUTLIERS;
    p->rule->action = action;
    const pt_source_column *c = read_column(p, &p->head);
    if (!c || !at_end(p, &p->head) || !pt_clean_need_tail(p))
        return;
    read_method(p, c);
    if (action == PT_OUTLIERS_FLAG && !p->failed)
        add_column(p, pt_arena_printf(p->loader->arena, "%s_outlier", p->rule->column), p->column_place);
}

/* --- conditions --------------------------------------------------------------------------------------------------- */

static void read_condition(pt_clean_parser *p)
{
    pt_clean_piece w = pt_clean_rest(&p->head);

    if (p->has_tail) {
        pt_diag *d = pt_clean_error(p, PT_E_CLEAN_RULE, p->rule->place, "a condition has no ': '");
        hint(p, d, "YAML takes it for a key: put the whole rule in quotes");
        return;
    }
    p->rule->condition_place = pt_clean_place(&p->head, w);
    if (w.text.len)
        p->rule->condition = pt_condition_sql(p->loader, w.text);
    else
        hint(p, pt_clean_error(p, PT_E_CLEAN_RULE, p->rule->condition_place, "'when' needs a condition"), p->form);
}

static void parse_drop(pt_clean_parser *p)
{
    if (!take(&p->head, "when")) {
        parse_outliers(p, PT_OUTLIERS_DROP);
        return;
    }
    p->form = "drop when CONDITION";
    p->rule->kind = PT_CLEAN_DROP;
    read_condition(p);
}

static void parse_flag(pt_clean_parser *p)
{
    pt_clean_text ahead = p->head;
    pt_clean_piece name;

    if (!pt_clean_word(&ahead, &name) || !take(&ahead, "when")) {
        parse_outliers(p, PT_OUTLIERS_FLAG);
        return;
    }
    p->form = "flag NAME when CONDITION";
    p->head = ahead;
    p->rule->kind = PT_CLEAN_FLAG;
    read_condition(p);
    if (!p->failed)
        add_column(p, pt_clean_copy(p, name.text), pt_clean_place(&p->head, name));
}

static void parse_cap(pt_clean_parser *p)
{
    parse_outliers(p, PT_OUTLIERS_CAP);
}

/* --- duplicates --------------------------------------------------------------------------------------------------- */

static void read_keep(pt_clean_parser *p)
{
    static const char *const words[] = {"first", "last", "oldest", "newest"}; /* as pt_clean_keep */
    pt_clean_piece w;

    if (!take(&p->head, "keep"))
        return;
    pt_clean_word(&p->head, &w);
    for (size_t k = 0; k < PT_COUNT(words); k++) {
        if (!is_word(w, words[k]))
            continue;
        p->rule->keep = (pt_clean_keep)k;
        if (k >= PT_KEEP_OLDEST && !p->source->time)
            hint(
                p,
                pt_clean_error(p, PT_E_CLEAN_NO_TIME, pt_clean_place(&p->head, w), "'%s' has no time", p->source->name),
                "keep first or keep last go by the order in the files");
        return;
    }
    pt_diag *d = pt_clean_error(p, PT_E_CLEAN_METHOD, pt_clean_place(&p->head, w), "keep which row?");
    pt_diag_suggest(p->loader->diags, d, w.text, words, PT_COUNT(words));
}

static void parse_near(pt_clean_parser *p)
{
    pt_clean_piece w;

    p->form = "dedupe near COLUMN 0.9, with `by COLUMN` to compare within groups only";
    p->rule->kind = PT_CLEAN_NEAR;
    const pt_source_column *c = read_column(p, &p->head);
    if (!c)
        return;
    if (c->type != PT_TYPE_NONE && !pt_type_is_text(c->type)) {
        pt_clean_error(p, PT_E_CLEAN_TYPE, p->column_place, "near is for texts; '%s' is %s", c->name,
                       pt_type_name(c->type));
        return;
    }
    bool there = pt_clean_word(&p->head, &w);
    if (!there || !pt_parse_double(&p->rule->similarity, w.text) || p->rule->similarity < 0.5 ||
        p->rule->similarity > 1) {
        hint(p, pt_clean_error(p, PT_E_CLEAN_VALUE, pt_clean_place(&p->head, w), "how near? a number from 0.5 to 1"),
             p->form);
        return;
    }
    if (read_groups(p, &p->head))
        at_end(p, &p->head);
}

static void parse_dedupe(pt_clean_parser *p)
{
    p->form = "dedupe; dedupe by COLUMN keep newest; dedupe near COLUMN 0.9";
    p->rule->kind = PT_CLEAN_DEDUPE;
    if (p->has_tail) {
        hint(p, pt_clean_error(p, PT_E_CLEAN_RULE, p->rule->place, "dedupe has no colon"), p->form);
        return;
    }
    if (take(&p->head, "near")) {
        parse_near(p);
        return;
    }
    if (!read_groups(p, &p->head))
        return;
    if (p->rule->n_by)
        read_keep(p);
    if (!p->failed)
        at_end(p, &p->head);
}

/* --- a rule ------------------------------------------------------------------------------------------------------- */

bool pt_clean_need_tail(pt_clean_parser *p)
{
    if (p->has_tail && pt_clean_rest(&p->tail).text.len)
        return true;
    hint(p, pt_clean_error(p, PT_E_CLEAN_RULE, p->rule->place, "the rule does not say how"), p->form);
    return false;
}

static const struct {
    const char *word;
    void (*parse)(pt_clean_parser *p);
} verbs[] = {{"convert", pt_clean_parse_convert},
             {"map", pt_clean_parse_map},
             {"drop", parse_drop},
             {"flag", parse_flag},
             {"fill", parse_fill},
             {"cap", parse_cap},
             {"dedupe", parse_dedupe}};

static void unknown_verb(pt_clean_parser *p, pt_clean_piece w)
{
    const char *words[PT_COUNT(verbs)];

    for (size_t v = 0; v < PT_COUNT(verbs); v++)
        words[v] = verbs[v].word;
    pt_diag *d = pt_clean_error(p, PT_E_CLEAN_RULE, pt_clean_place(&p->head, w), "'%.*s' is no rule of cleaning",
                                (int)w.text.len, w.text.ptr);
    pt_diag_suggest(p->loader->diags, d, w.text, words, PT_COUNT(words));
}

static void parse_rule(pt_clean_parser *p)
{
    pt_clean_piece w;

    pt_clean_word(&p->head, &w);
    for (size_t v = 0; v < PT_COUNT(verbs); v++) {
        if (is_word(w, verbs[v].word)) {
            verbs[v].parse(p);
            return;
        }
    }
    unknown_verb(p, w);
}

static bool open_text(pt_clean_parser *p, pt_clean_text *out, const pt_yaml *scalar)
{
    *out = (pt_clean_text){.text = scalar->text};
    if (pt_yaml_text_place(&out->place, scalar, p->loader->arena))
        return true;
    p->loader->nomem = true;
    return false;
}

/* The rule on one line, white space as one space. */
static const char *rule_text(pt_clean_parser *p)
{
    pt_str s = {0};
    pt_clean_piece w;

    for (int part = 0; part < (p->has_tail ? 2 : 1); part++) {
        pt_clean_text t = part ? p->tail : p->head;
        pt_str_add(&s, part ? ":" : "");
        while (pt_clean_word(&t, &w)) {
            if (s.len && !is_word(w, ","))
                pt_str_addc(&s, ' ');
            pt_str_addsv(&s, w.text);
        }
    }
    p->loader->nomem |= s.failed;
    const char *copy = pt_clean_copy(p, (pt_sv){pt_str_cstr(&s), s.len});
    pt_str_free(&s);
    return copy;
}

/* The parts of one item of the list; false when it cannot be a rule (reported). */
static bool open_rule(pt_clean_parser *p, const pt_yaml *item)
{
    const pt_yaml *head = item->kind == PT_YAML_MAP && item->n == 1 ? item->keys[0] : item;
    const pt_yaml *tail = head == item ? NULL : item->items[0];

    p->rule->place = head->place;
    if (head->kind != PT_YAML_SCALAR) {
        pt_diag *d = pt_clean_error(p, PT_E_CLEAN_RULE, item->place, "a rule is one line");
        hint(p, d, "for example `- drop when amount is missing` or `- fill channel: mode`");
        return false;
    }
    if (!open_text(p, &p->head, head))
        return false;
    p->has_tail = tail != NULL;
    p->tail = (pt_clean_text){.text = PT_SV(""), .place = head->place};
    if (tail && tail->kind == PT_YAML_SCALAR && !open_text(p, &p->tail, tail))
        return false;
    p->tail_node = tail;
    bool map_head = pt_sv_has_prefix(p->head.text, "map ");
    if (tail && (tail->kind == PT_YAML_LIST || (tail->kind == PT_YAML_MAP && !map_head))) {
        pt_clean_error(p, PT_E_CLEAN_RULE, tail->place, "after the colon stands one text");
        return false;
    }
    return (p->rule->text = rule_text(p)) != NULL;
}

static void warn_order(pt_loader *l, const pt_source *s, const pt_clean_rule *r)
{
    if (!s->n_clean || !pt_clean_reads(r) || pt_clean_reads(&s->clean[s->n_clean - 1]))
        return;
    pt_diag *d = pt_diags_add(l->diags, PT_SEVERITY_WARNING, PT_E_CLEAN_ORDER, r->place,
                              "this rule acts when files are read, before those above it");
    pt_diag_hint(l->diags, d, "put convert and map first, as they act first");
}

static void read_rules(pt_loader *l, const pt_pending_rules *pending)
{
    pt_source *s = &l->sources[pending->source];
    const pt_yaml *list = pending->rules;

    if (list->kind != PT_YAML_LIST) {
        pt_diag *d = pt_load_error(l, PT_E_WRONG_NODE, list->place, "'clean' is a list of rules");
        pt_diag_hint(l->diags, d, "one rule a line, each after `- `");
        return;
    }
    if (list->n > PT_CLEAN_MOST_RULES) {
        pt_load_error(l, PT_E_CLEAN_VALUE, list->place, "at most %d rules a source", PT_CLEAN_MOST_RULES);
        return;
    }
    pt_source_column *columns = PT_NEW_ARRAY(l->arena, pt_source_column, s->n_columns + list->n);
    pt_clean_rule *rules = PT_NEW_ARRAY(l->arena, pt_clean_rule, list->n);
    if (!columns || !rules) {
        l->nomem = true;
        return;
    }
    if (s->n_columns)
        memcpy(columns, s->columns, s->n_columns * sizeof *columns);
    s->columns = columns;
    s->clean = rules;
    for (size_t i = 0; i < list->n && !l->nomem; i++) {
        pt_clean_parser p = {.loader = l, .source = s, .columns = columns, .rule = &rules[s->n_clean]};
        if (open_rule(&p, list->items[i]))
            parse_rule(&p);
        if (!p.failed && !l->nomem) {
            warn_order(l, s, p.rule);
            s->n_clean++;
        } else {
            rules[s->n_clean] = (pt_clean_rule){0};
        }
    }
}

void pt_load_clean(pt_loader *l)
{
    for (const pt_pending_rules *p = l->cleans; p && !l->nomem; p = p->next)
        read_rules(l, p);
}
