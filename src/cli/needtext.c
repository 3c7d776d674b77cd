/* What a leaf needs, in words: "spend_365d is 620, needs at least 1000: 380 more". */
#include "cli/needtext.h"

#include <math.h>

typedef struct writing {
    pt_cli *cli;
    pt_render_style style;
    const pt_requirement *r;
    const pt_catalog *catalog;
    int tag; /* the subject, when it is a tag: its labels and units are used */
} writing;

static const char *value_text(const writing *w, const pt_column *c)
{
    pt_str text = {0};

    pt_render_text(&text, &w->style, w->tag, c, 0);
    return text.len ? pt_cli_keep(w->cli, &text) : pt_cli_text(w->cli, PT_TEXT_EXPLAIN_MISSING);
}

/* All bounds, one after the other; of many the first. */
static const char *bounds_text(const writing *w)
{
    enum { MOST = 8 };
    bool zh = w->cli->lang == PT_ZH;
    pt_str text = {0};

    for (size_t i = 0; i < w->r->need.n_bounds && i < MOST; i++) {
        if (i)
            pt_str_add(&text, zh ? "、" : ", ");
        pt_str_add(&text, value_text(w, &w->r->bounds[i]));
    }
    if (w->r->need.n_bounds > MOST)
        pt_str_add(&text, zh ? "……" : ", ...");
    return pt_cli_keep(w->cli, &text);
}

/* --- gaps ----------------------------------------------------------------------------------------------------------------- */

static const char *gap_text(const writing *w)
{
    double number = fabs(w->r->number);
    int64_t units = w->r->units < 0 ? -w->r->units : w->r->units;
    pt_column c = {.type = w->r->gap_type,
                   .width = 8,
                   .data = w->r->gap_type == PT_TYPE_NUMBER ? (void *)&number : (void *)&units};
    pt_str text = {0};

    pt_render_text(&text, &w->style, w->r->gap_type == PT_TYPE_DURATION ? -1 : w->tag, &c, 0);
    return pt_cli_keep(w->cli, &text);
}

static void add_gap(const writing *w)
{
    const pt_requirement *r = w->r;
    pt_op op = r->need.op;
    bool number = r->gap_type == PT_TYPE_NUMBER, whole = number && pt_need_is_count(r->need.subject);
    bool zero = number ? r->number == 0 : r->units == 0, up = number ? r->number > 0 : r->units > 0;
    bool past = r->need.kind == PT_NEED_COMPARE && (op == PT_OP_LT || op == PT_OP_GT) && !whole;
    bool time = r->gap_type == PT_TYPE_DURATION && r->value.type != PT_TYPE_DURATION;
    pt_text id = past ? (up ? PT_TEXT_WHY_GAP_PAST_MORE : PT_TEXT_WHY_GAP_PAST_LESS)
                      : (up ? PT_TEXT_WHY_GAP_MORE : PT_TEXT_WHY_GAP_LESS);

    if (!r->has_gap)
        return;
    if (zero)
        id = op == PT_OP_GT ? PT_TEXT_WHY_GAP_ANY_MORE : PT_TEXT_WHY_GAP_ANY_LESS;
    else if (time)
        id = up ? PT_TEXT_WHY_GAP_LATER : PT_TEXT_WHY_GAP_EARLIER;
    if (zero && (time || !past))
        return;
    pt_say(&w->cli->out, w->cli->lang, id, (const char *const[]){gap_text(w)}, 1);
}

/* --- each kind ------------------------------------------------------------------------------------------------------------ */

static void say(const writing *w, pt_text id, const char *a, const char *b)
{
    pt_say(&w->cli->out, w->cli->lang, id, (const char *const[]){a, b}, 2);
}

static void write_compare(const writing *w)
{
    bool time = w->r->value.type == PT_TYPE_DATE || w->r->value.type == PT_TYPE_INSTANT;
    pt_text id;

    switch (w->r->need.op) {
    case PT_OP_GE: id = time ? PT_TEXT_WHY_NEEDS_FROM : PT_TEXT_WHY_NEEDS_LEAST; break;
    case PT_OP_GT: id = time ? PT_TEXT_WHY_NEEDS_AFTER : PT_TEXT_WHY_NEEDS_ABOVE; break;
    case PT_OP_LE: id = time ? PT_TEXT_WHY_NEEDS_UNTIL : PT_TEXT_WHY_NEEDS_MOST; break;
    default: id = time ? PT_TEXT_WHY_NEEDS_BEFORE : PT_TEXT_WHY_NEEDS_BELOW; break;
    }
    say(w, id, bounds_text(w), "");
    add_gap(w);
}

/* What stands in the parentheses of did(...) and count(...): the events that are meant. */
static const char *events_text(const writing *w)
{
    const char *text = pt_cli_node(w->cli, w->r->need.subject, w->catalog), *open = strchr(text, '(');
    size_t n = open ? strlen(open) : 0;

    return n > 2 ? pt_arena_strndup(w->cli->arena, open + 1, n - 2) : text;
}

static void write_events(const writing *w)
{
    if (!w->r->has_gap) {
        write_compare(w);
        return;
    }
    say(w, w->r->number > 0 ? PT_TEXT_WHY_NEEDS_EVENTS : PT_TEXT_WHY_NEEDS_FEWER_EVENTS, gap_text(w), events_text(w));
}

static const char *step_text(const writing *w, uint32_t step)
{
    const pt_seq *seq = w->r->need.subject->u.seq;
    pt_str text = {0};

    pt_str_add(&text, w->catalog->sources[seq->steps[step].source].name);
    if (seq->steps[step].where) {
        pt_str_add(&text, " where ");
        pt_lang_print(&text, seq->steps[step].where, w->catalog);
    }
    return pt_cli_keep(w->cli, &text);
}

static void write_steps(const writing *w)
{
    double done = ((const double *)w->r->value.data)[0];
    uint32_t n = w->r->need.subject->u.seq->n_steps, at = done >= 0 && done < n ? (uint32_t)done : n - 1;
    const char *args[] = {pt_arena_printf(w->cli->arena, "%u", at), pt_arena_printf(w->cli->arena, "%u", n),
                          step_text(w, at)};

    pt_say(&w->cli->out, w->cli->lang, PT_TEXT_WHY_NEEDS_STEPS, args, 3);
}

static void write_need(const writing *w, bool want)
{
    size_t n = w->r->need.n_bounds;

    switch (w->r->need.kind) {
    case PT_NEED_COMPARE: write_compare(w); break;
    case PT_NEED_EVENTS: write_events(w); break;
    case PT_NEED_BETWEEN:
        say(w, PT_TEXT_WHY_NEEDS_BETWEEN, value_text(w, &w->r->bounds[0]), value_text(w, &w->r->bounds[1]));
        add_gap(w);
        break;
    case PT_NEED_OUTSIDE:
        say(w, PT_TEXT_WHY_NEEDS_OUTSIDE, value_text(w, &w->r->bounds[0]), value_text(w, &w->r->bounds[1]));
        break;
    case PT_NEED_ONE_OF:
        say(w, n > 1 ? PT_TEXT_WHY_NEEDS_ONE_OF : PT_TEXT_WHY_NEEDS_ONE, bounds_text(w), "");
        add_gap(w);
        break;
    case PT_NEED_NONE_OF: say(w, PT_TEXT_WHY_NEEDS_OTHER, bounds_text(w), ""); break;
    case PT_NEED_HAS_ALL: say(w, PT_TEXT_WHY_NEEDS_HAVING, bounds_text(w), ""); break;
    case PT_NEED_HAS_ANY: say(w, PT_TEXT_WHY_NEEDS_HAVING_ANY, bounds_text(w), ""); break;
    case PT_NEED_HAS_NONE: say(w, PT_TEXT_WHY_NEEDS_NOT_HAVING, bounds_text(w), ""); break;
    case PT_NEED_LACKS_ONE: say(w, PT_TEXT_WHY_NEEDS_LACKING, bounds_text(w), ""); break;
    case PT_NEED_KNOWN: say(w, PT_TEXT_WHY_NEEDS_VALUE, "", ""); break;
    case PT_NEED_MISSING: say(w, PT_TEXT_WHY_NEEDS_NO_VALUE, "", ""); break;
    case PT_NEED_MATCH: say(w, PT_TEXT_WHY_NEEDS_MATCH, bounds_text(w), ""); break;
    case PT_NEED_NO_MATCH: say(w, PT_TEXT_WHY_NEEDS_NO_MATCH, bounds_text(w), ""); break;
    case PT_NEED_STEPS: write_steps(w); break;
    case PT_NEED_NOT_STEPS: say(w, PT_TEXT_WHY_NEEDS_NO_STEPS, "", ""); break;
    case PT_NEED_FIXED: say(w, PT_TEXT_WHY_NEEDS_FIXED, "", ""); break;
    default: say(w, want ? PT_TEXT_WHY_NEEDS_TRUE : PT_TEXT_WHY_NEEDS_FALSE, "", ""); break;
    }
}

/* Steps and events say what there is in the need itself. */
static bool tells_value(const pt_requirement *r)
{
    return r->need.subject && r->need.kind != PT_NEED_STEPS && r->need.kind != PT_NEED_NOT_STEPS &&
           !(r->need.kind == PT_NEED_EVENTS && !r->need.n_bounds);
}

static void tell_value(const writing *w)
{
    const pt_requirement *r = w->r;
    bool missing = tells_value(r) && pt_column_missing(&r->value, 0);

    if (!tells_value(r) || (missing && r->need.kind == PT_NEED_KNOWN))
        return;
    if (missing)
        say(w, PT_TEXT_WHY_HAS_NO_VALUE, pt_cli_node(w->cli, r->need.subject, w->catalog), "");
    else if (w->tag >= 0)
        say(w, PT_TEXT_WHY_IS, pt_cli_node(w->cli, r->need.subject, w->catalog), value_text(w, &r->value));
    else
        say(w, PT_TEXT_WHY_NOW, value_text(w, &r->value), "");
    pt_str_add(&w->cli->out, w->cli->lang == PT_ZH ? "，" : ", ");
}

void pt_cli_need(pt_cli *cli, const pt_project *p, const pt_catalog *catalog, const pt_requirement *r, bool want)
{
    const pt_node *subject = r->need.subject;
    writing w = {cli, {.project = p, .lang = pt_lang_code(cli->lang)}, r, catalog, -1};

    while (subject && subject->kind == PT_NODE_CAST)
        subject = subject->args[0];
    if (subject && subject->kind == PT_NODE_TAG && subject->u.tag < p->n_tags &&
        p->module->types[subject->u.tag] == r->value.type)
        w.tag = (int)subject->u.tag;
    tell_value(&w);
    write_need(&w, want);
}
