/* Sentences from a value, what is usual, and the tag's label and unit. */
#include "app/model_reasons.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct phrase {
    const pt_reasons_of *of;
    const pt_used_feature *usual;
    const pt_feature *feature;
    const pt_tag *tag; /* NULL: the project has none of that name */
    bool zh, yes_no;
    size_t row;
    pt_str out;
} phrase;

static const char *label_of(const phrase *p)
{
    return p->tag ? pt_label_text(&p->tag->label, p->of->lang, p->usual->name) : p->usual->name;
}

static const char *unit_of(const phrase *p)
{
    return p->tag ? pt_label_text(&p->tag->unit, p->of->lang, "") : "";
}

/* As people write it: no decimals of large or whole numbers, two of others. */
static void add_number(phrase *p, double v)
{
    char text[48];

    if (v == floor(v) || fabs(v) >= 1000)
        (void)snprintf(text, sizeof text, "%.0f", v);
    else
        (void)snprintf(text, sizeof text, fabs(v) >= 10 ? "%.1f" : "%.2f", v);
    pt_str_add(&p->out, text);
    if (*unit_of(p))
        pt_str_addf(&p->out, " %s", unit_of(p));
}

static void say_missing(phrase *p)
{
    pt_str_addf(&p->out, p->zh ? "没有“%s”的数据" : "%s: not known", label_of(p));
}

static void say_yes_no(phrase *p, double v)
{
    pt_str_addf(&p->out, p->zh ? "%s：%s" : "%s: %s", label_of(p),
                v != 0 ? (p->zh ? "是" : "yes") : (p->zh ? "否" : "no"));
}

static void say_number(phrase *p, double v)
{
    const double usual = (double)p->usual->median;
    const double away = v - usual;

    pt_str_addf(&p->out, p->zh ? "%s为 " : "%s: ", label_of(p));
    add_number(p, v);
    if (isnan(usual))
        return;
    if (fabs(away) < 1e-9 * fmax(fabs(v), fabs(usual)) || away == 0) {
        pt_str_add(&p->out, p->zh ? "，与通常水平相同" : ", as usual");
        return;
    }
    pt_str_add(&p->out, p->zh ? (away > 0 ? "，比通常多 " : "，比通常少 ") : ", ");
    add_number(p, fabs(away));
    if (!p->zh)
        pt_str_add(&p->out, away > 0 ? " more than usual" : " less than usual");
}

static void say_category(phrase *p)
{
    const uint32_t code = p->feature->codes[p->row];

    if (code >= p->feature->n_names) {
        say_missing(p);
        return;
    }
    pt_str_addf(&p->out, p->zh ? "%s为“%s”" : "%s: %s", label_of(p), p->feature->names[code]);
    if (p->usual->most_frequent && strcmp(p->usual->most_frequent, p->feature->names[code]) != 0)
        pt_str_addf(&p->out, p->zh ? "（多数客户为“%s”）" : " (most customers: %s)", p->usual->most_frequent);
}

static void say_feature(phrase *p)
{
    const pt_feature *f = p->feature;

    if (f->kind == PT_FEATURE_CATEGORY)
        say_category(p);
    else if (f->kind == PT_FEATURE_LIST)
        say_number(p, (double)(f->offsets[p->row + 1] - f->offsets[p->row]));
    else if (!isfinite(f->numbers[p->row]))
        say_missing(p);
    else if (p->yes_no)
        say_yes_no(p, (double)f->numbers[p->row]);
    else
        say_number(p, (double)f->numbers[p->row]);
}

static pt_rc reason_text(pt_reason *out, const pt_reasons_of *of, const pt_used_feature *usual, size_t row,
                         pt_arena *arena, pt_err *err)
{
    const int tag = of->project ? pt_project_find_tag(of->project, pt_sv_of(usual->name)) : -1;
    phrase p = {.of = of,
                .usual = usual,
                .feature = pt_table_feature(of->table, usual->name),
                .tag = tag >= 0 ? &of->project->tags[tag] : NULL,
                .zh = strcmp(of->lang, "zh") == 0,
                .row = row};
    pt_rc rc;

    if (!p.feature || p.feature->kind != usual->kind)
        return pt_fail(err, PT_EINVAL, "the model needs the feature '%s', which is not there", usual->name);
    p.yes_no = of->types && of->types[p.feature - of->table->features] == PT_TYPE_BOOL;
    say_feature(&p);
    rc = pt_str_check(&p.out, err);
    out->feature = usual->name;
    out->text = rc == PT_OK ? pt_arena_strdup(arena, pt_str_cstr(&p.out)) : NULL;
    if (rc == PT_OK && !out->text)
        rc = pt_fail_nomem(err, "reasons");
    pt_str_free(&p.out);
    return rc;
}

typedef struct weighed {
    size_t feature;
    double contribution;
    bool along; /* the way the score leans */
} weighed;

static int falling(const void *a, const void *b)
{
    const weighed *x = (const weighed *)a;
    const weighed *y = (const weighed *)b;

    if (x->along != y->along)
        return x->along ? -1 : 1;
    if (fabs(x->contribution) != fabs(y->contribution))
        return fabs(x->contribution) < fabs(y->contribution) ? 1 : -1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

pt_rc pt_model_reasons(pt_reason *out, size_t *n, size_t most, const pt_reasons_of *of, size_t row,
                       const float *contributions, pt_arena *arena, pt_err *err)
{
    const size_t features = pt_pipeline_n_features(of->pipeline);
    weighed *all = PT_NEW_ARRAY(arena, weighed, features + 1);
    double lean = 0;

    if (!all)
        return pt_fail_nomem(err, "reasons");
    for (size_t f = 0; f < features; f++)
        lean += (double)contributions[f];
    for (size_t f = 0; f < features; f++)
        all[f] = (weighed){f, (double)contributions[f], (double)contributions[f] * lean > 0};
    qsort(all, features, sizeof *all, falling);
    *n = 0;
    for (size_t i = 0; i < features && *n < most && all[i].contribution != 0; i++) {
        const pt_used_feature usual = pt_pipeline_feature(of->pipeline, all[i].feature);
        PT_TRY(reason_text(&out[*n], of, &usual, row, arena, err));
        out[(*n)++].contribution = all[i].contribution;
    }
    return PT_OK;
}
