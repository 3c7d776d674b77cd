/* Kinds of findings, and the list of them that a source gathers. */
#include <stdio.h>

#include "quality/quality_int.h"

static const struct {
    const char *name;
    pt_dimension dimension;
    pt_finding_severity severity;
    const char *text[2]; /* English, Chinese */
} kinds[] = {
#define X(id, name, dimension, severity, en, zh) {name, PT_DIMENSION_##dimension, PT_FINDING_##severity, {en, zh}},
#include "quality/kinds_list.h"
#undef X
};

static const char *const dimension_names[PT_DIMENSION_COUNT] = {"completeness", "uniqueness",  "accuracy",
                                                                "consistency",  "credibility", "freshness"};
static const char *const severity_names[] = {"error", "warn", "note"};

const char *pt_dimension_name(pt_dimension d)
{
    return dimension_names[d];
}

const char *pt_finding_severity_name(pt_finding_severity s)
{
    return severity_names[s];
}

const char *pt_finding_name(pt_finding_kind k)
{
    return kinds[k].name;
}

pt_dimension pt_finding_dimension(pt_finding_kind k)
{
    return kinds[k].dimension;
}

bool pt_finding_parse(pt_finding_kind *out, pt_sv name)
{
    for (size_t k = 0; k < PT_COUNT(kinds); k++) {
        if (pt_sv_eq(name, pt_sv_of(kinds[k].name))) {
            *out = (pt_finding_kind)k;
            return true;
        }
    }
    return false;
}

/* --- sentences ---------------------------------------------------------------------------------------------------- */

static void add_count(pt_str *out, uint64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);

    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            pt_str_addc(out, ',');
        pt_str_addc(out, digits[i]);
    }
}

static void add_figure(pt_str *out, double v)
{
    if (v == floor(v) && fabs(v) < 1e15 && v >= 0)
        add_count(out, (uint64_t)v);
    else
        pt_str_addf(out, "%.4g", v);
}

static void add_share(pt_str *out, double part, double whole)
{
    double percent = whole > 0 ? 100 * part / whole : 0;

    pt_str_addf(out, percent > 0 && percent < 0.1 ? "%.2g%%" : "%.1f%%", percent);
}

static bool add_part(pt_str *out, const pt_quality_finding *f, pt_sv name)
{
    if (pt_sv_eq(name, PT_SV("rows")))
        add_count(out, f->rows);
    else if (pt_sv_eq(name, PT_SV("of")))
        add_count(out, f->of);
    else if (pt_sv_eq(name, PT_SV("share")))
        add_share(out, (double)f->rows, (double)f->of);
    else if (pt_sv_eq(name, PT_SV("figure")))
        add_figure(out, f->figure);
    else if (pt_sv_eq(name, PT_SV("detail")))
        pt_str_add(out, f->detail);
    else
        return false;
    return true;
}

void pt_finding_say(pt_str *out, const pt_quality_finding *f, const char *lang)
{
    for (const char *at = kinds[f->kind].text[strcmp(lang, "zh") == 0]; *at;) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        if (end && add_part(out, f, (pt_sv){at + 1, (size_t)(end - at - 1)})) {
            at = end + 1;
            continue;
        }
        pt_str_addc(out, *at++);
    }
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

pt_quality_finding *quality_add(quality_job *j, pt_finding_kind kind, int column)
{
    pt_quality_source *s = j->s;

    if (s->n_findings == j->cap) {
        size_t cap = j->cap ? 2 * j->cap : 16;
        pt_quality_finding *more = PT_NEW_ARRAY(j->x->arena, pt_quality_finding, cap);
        if (!more) {
            j->nomem = true;
            return &j->lost;
        }
        if (s->n_findings)
            memcpy(more, s->findings, s->n_findings * sizeof *more);
        s->findings = more;
        j->cap = cap;
    }
    pt_quality_finding *f = &s->findings[s->n_findings++];
    *f = (pt_quality_finding){.kind = kind, .severity = kinds[kind].severity, .of = s->rows, .detail = ""};
    if (column >= 0)
        f->column = s->columns[column].name;
    return f;
}

/* First and last character: enough to recognise a value one has before one's eyes, not to learn it. */
const char *quality_masked(pt_sv value, pt_arena *arena)
{
    size_t first = 1, last = value.len;

    if (value.len < 4)
        return "***";
    while (first < value.len && (value.ptr[first] & 0xC0) == 0x80)
        first++;
    last--;
    while (last > first && (value.ptr[last] & 0xC0) == 0x80)
        last--;
    return pt_arena_printf(arena, "%.*s***%.*s", (int)first, value.ptr, (int)(value.len - last), value.ptr + last);
}
