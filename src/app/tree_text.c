/* Conditions on features, said of the tags that they are of: times count as days before the as-of (app/training.c). */
#include "app/tree_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/time.h"
#include "lang/lang.h"

pt_type pt_tree_type(const char *feature, const pt_project *p)
{
    int tag = pt_project_find_tag(p, pt_sv_of(feature));

    return tag >= 0 && p->module ? p->module->types[tag] : PT_TYPE_NUMBER;
}

static void add_name(pt_str *out, const char *name)
{
    bool reserved = pt_word_is_reserved(pt_sv_of(name));

    pt_str_addf(out, reserved ? "`%s`" : "%s", name);
}

static void add_text(pt_str *out, const char *text)
{
    pt_str_addc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            pt_str_addc(out, '\\');
        if (*text == '\n')
            pt_str_add(out, "\\n");
        else
            pt_str_addc(out, *text);
    }
    pt_str_addc(out, '\'');
}

/* Days as "2d 12h 30m": whole seconds are near enough. */
static void add_duration(pt_str *out, double days)
{
    static const struct {
        int64_t seconds;
        char unit;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    int64_t seconds = llround(fabs(days) * 86400);
    bool any = false;

    pt_str_add(out, days < 0 ? "-(" : "");
    for (size_t i = 0; i < PT_COUNT(units); i++) {
        int64_t n = seconds / units[i].seconds;
        seconds %= units[i].seconds;
        if (n || (!any && i + 1 == PT_COUNT(units)))
            pt_str_addf(out, "%s%lld%c", any ? " " : "", (long long)n, units[i].unit);
        any |= n > 0;
    }
    pt_str_add(out, days < 0 ? ")" : "");
}

/* Thresholds are learned as floats: the shortest decimals that are the same float, -0.369 and not -0.36900002. */
static void format_float(char text[32], float v)
{
    enum { MOST_DIGITS = 9 };

    if (v == floorf(v) && fabsf(v) < 1e15F) {
        pt_format_double(text, (double)v);
        return;
    }
    for (int digits = 6; digits <= MOST_DIGITS; digits++) {
        (void)snprintf(text, 32, "%.*g", digits, (double)v);
        if (strtof(text, NULL) == v)
            return;
    }
}

static void add_number(pt_str *out, double v, pt_type type)
{
    char text[32];

    if (type == PT_TYPE_DURATION || type == PT_TYPE_INSTANT) {
        add_duration(out, v);
        return;
    }
    if ((double)(float)v == v)
        format_float(text, (float)v);
    else
        pt_format_double(text, v);
    pt_str_add(out, text);
}

/* What is compared: the tag, its age, its items. */
static void add_subject(pt_str *out, const pt_tree_condition *c, pt_type type)
{
    const char *before = c->kind == PT_TREE_LENGTH ? "size("
                         : type == PT_TYPE_DATE    ? "days_since("
                         : type == PT_TYPE_INSTANT ? "as_of - "
                                                   : "";

    pt_str_add(out, before);
    add_name(out, c->feature);
    pt_str_add(out, c->kind == PT_TREE_LENGTH || type == PT_TYPE_DATE ? ")" : "");
}

static void add_range(pt_str *out, const pt_tree_condition *c, pt_type type)
{
    if (type == PT_TYPE_BOOL && c->kind == PT_TREE_RANGE) {
        pt_str_add(out, c->low < 0 ? "not " : "");
        add_name(out, c->feature);
        return;
    }
    if (isfinite(c->low)) {
        add_subject(out, c, type);
        pt_str_add(out, " > ");
        add_number(out, c->low, type);
    }
    if (isfinite(c->low) && isfinite(c->high))
        pt_str_add(out, " and ");
    if (isfinite(c->high)) {
        add_subject(out, c, type);
        pt_str_add(out, " <= ");
        add_number(out, c->high, type);
    }
}

static void add_names(pt_str *out, const pt_tree_condition *c)
{
    add_name(out, c->feature);
    pt_str_add(out, c->others ? " not in (" : " in (");
    for (size_t i = 0; i < c->n_names; i++) {
        pt_str_add(out, i ? ", " : "");
        add_text(out, c->names[i]);
    }
    pt_str_addc(out, ')');
}

static void add_item(pt_str *out, const pt_tree_condition *c)
{
    add_name(out, c->feature);
    pt_str_add(out, c->others ? " not has " : " has ");
    add_text(out, c->names[0]);
}

/* Whether the condition says no more than that the tag is there. */
static bool says_present(const pt_tree_condition *c, pt_type type)
{
    switch (c->kind) {
    case PT_TREE_NAMES: return c->others && c->n_names == 0;
    case PT_TREE_ITEM: return false;
    default: return !isfinite(c->low) && (!isfinite(c->high) || (type == PT_TYPE_BOOL && c->high >= 1));
    }
}

/* What holds of those who have the tag; false when nothing need be said of them. */
static bool add_present(pt_str *out, const pt_tree_condition *c, pt_type type)
{
    if (says_present(c, type))
        return false;
    if (c->kind == PT_TREE_NAMES)
        add_names(out, c);
    else if (c->kind == PT_TREE_ITEM)
        add_item(out, c);
    else
        add_range(out, c, type);
    return true;
}

void pt_tree_term(pt_str *out, const pt_tree_condition *c, const pt_project *p, bool alone)
{
    pt_type type = pt_tree_type(c->feature, p);
    pt_str present = {0};
    bool says = c->present && add_present(&present, c, type);

    out->failed = out->failed || present.failed;
    if (!c->present || !says) {
        if (c->present && c->missing) { /* of everybody */
            pt_str_add(out, "true");
        } else {
            add_name(out, c->feature);
            pt_str_add(out, c->present ? " is not missing" : " is missing");
        }
    } else if (c->missing) {
        pt_str_add(out, alone ? "" : "(");
        add_name(out, c->feature);
        pt_str_addf(out, " is missing or %s", pt_str_cstr(&present));
        pt_str_add(out, alone ? "" : ")");
    } else {
        pt_str_add(out, pt_str_cstr(&present));
    }
    pt_str_free(&present);
}

void pt_tree_when(pt_str *out, const pt_tree_rule *rule, const pt_project *p)
{
    for (size_t i = 0; i < rule->n; i++) {
        pt_str_add(out, i ? " and " : "");
        pt_tree_term(out, &rule->conditions[i], p, rule->n == 1);
    }
    if (rule->n == 0)
        pt_str_add(out, "true");
}

static void add_quoted(pt_str *out, const char *text)
{
    pt_json j;

    pt_json_init(&j, out, 0); /* a JSON text is a YAML text in double quotes */
    pt_json_cstr(&j, text);
}

void pt_tree_tiers(pt_str *out, const pt_tree_rule_set *rules, const char *tag, const pt_label *label,
                   const char *const *names, const char *const *notes, const pt_project *p)
{
    pt_str condition = {0};

    pt_str_addf(out, "%s:\n", tag);
    if (label->zh || label->en) {
        pt_str_add(out, "  label: {zh: ");
        add_quoted(out, label->zh ? label->zh : label->en);
        pt_str_add(out, ", en: ");
        add_quoted(out, label->en ? label->en : label->zh);
        pt_str_add(out, "}\n");
    }
    pt_str_add(out, "  tiers:\n");
    for (size_t i = 0; i < rules->n; i++) {
        pt_str_clear(&condition);
        pt_tree_when(&condition, &rules->rules[i], p);
        pt_str_addf(out, "    # %s\n    ", notes[i]);
        add_quoted(out, names[i]);
        pt_str_add(out, ": ");
        add_quoted(out, pt_str_cstr(&condition));
        pt_str_addc(out, '\n');
    }
    out->failed = out->failed || condition.failed;
    pt_str_free(&condition);
}
