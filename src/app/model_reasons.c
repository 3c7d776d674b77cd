/* Sentences from a value, what is usual, and the tag's label and unit. */
#include "app/model_reasons.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/render.h"
#include "base/str.h"

typedef struct phrase {
    const pt_reasons_of *of;
    const pt_used_feature *usual;
    const pt_feature *feature;
    const pt_tag *tag; /* NULL: the project has none of that name */
    pt_type type;      /* of the tag; a number when it is not known */
    bool zh;
    size_t row;
    pt_str out;
} phrase;

static const char *label_of(const phrase *p)
{
    return p->tag ? pt_label_text(&p->tag->label, p->of->lang, p->usual->name) : p->usual->name;
}

/* --- numbers as people write them ------------------------------------------------------------------------------------- */

/* No decimals of large or whole numbers, thousands apart; Chinese counts large ones by ten thousands: 12.3万. */
static void add_number(phrase *p, double v)
{
    const double size = fabs(v);
    char text[48];

    pt_str_add(&p->out, v < 0 ? "-" : "");
    if (p->zh && size >= 1e4)
        (void)snprintf(text, sizeof text, size >= 1e8 ? "%.1f亿" : "%.1f万", size / (size >= 1e8 ? 1e8 : 1e4));
    else if (size < 1e15 && (size == floor(size) || size >= (p->type == PT_TYPE_MONEY ? 100 : 1000)))
        (void)pt_format_count(text, (uint64_t)llround(size));
    else
        (void)snprintf(text, sizeof text, size >= 10 && p->type != PT_TYPE_MONEY ? "%.1f" : "%.2f", size);
    pt_str_add(&p->out, text);
}

/* "baskets" is "basket" of one; names of currencies and the like stay. */
static void add_english_unit(phrase *p, const char *unit, double v)
{
    static const char *const odd[][2] = {{"children", "child"}, {"people", "person"}, {"times", "time"}};
    size_t n = strlen(unit);

    pt_str_addc(&p->out, ' ');
    for (size_t i = 0; v == 1 && i < PT_COUNT(odd); i++)
        if (strcmp(unit, odd[i][0]) == 0) {
            pt_str_add(&p->out, odd[i][1]);
            return;
        }
    bool plural = n > 3 && unit[n - 1] == 's' && unit[n - 2] != 's' && !strchr(unit, ' ');
    if (v == 1 && plural && unit[n - 2] == 'e' && (strchr("sx", unit[n - 3]) || unit[n - 3] == 'h'))
        pt_str_addn(&p->out, unit, n - 2); /* boxes, batches, classes */
    else
        pt_str_addn(&p->out, unit, v == 1 && plural ? n - 1 : n);
}

static bool is_share(const phrase *p)
{
    return p->tag && pt_tag_is_percent(p->tag);
}

/* What the number is of, in the reader's language; "" for a number alone. */
static const char *unit_of(const phrase *p)
{
    const pt_render_style style = {.project = p->of->project, .lang = p->of->lang};

    if (p->feature->kind == PT_FEATURE_LIST)
        return p->zh ? "项" : "items";
    if (p->type == PT_TYPE_MONEY)
        return p->of->project ? pt_render_currency(&style) : "";
    if (p->type == PT_TYPE_DURATION)
        return p->zh ? "天" : "days";
    return p->tag && !is_share(p) ? pt_label_text(&p->tag->unit, p->of->lang, "") : "";
}

static void add_amount(phrase *p, double v)
{
    const char *unit = unit_of(p);

    if (is_share(p)) {
        pt_str_addf(&p->out, "%.1f%%", 100 * v);
        return;
    }
    add_number(p, v);
    if (*unit && p->zh)
        pt_str_addf(&p->out, " %s", unit);
    else if (*unit)
        add_english_unit(p, unit, v);
}

/* --- sentences ---------------------------------------------------------------------------------------------------------- */

static void say_missing(phrase *p)
{
    pt_str_addf(&p->out, p->zh ? "没有“%s”的数据" : "%s: not known", label_of(p));
}

static void say_yes_no(phrase *p, double v)
{
    pt_str_addf(&p->out, p->zh ? "%s：%s" : "%s: %s", label_of(p),
                v != 0 ? (p->zh ? "是" : "yes") : (p->zh ? "否" : "no"));
}

/* How far from what is usual; `away` is not 0. */
static void add_difference(phrase *p, double v, double away)
{
    const bool counts = v == floor(v) && away == floor(away) && p->type == PT_TYPE_NUMBER && !is_share(p);

    if (p->zh) {
        pt_str_add(&p->out, p->type == PT_TYPE_DURATION ? (away > 0 ? "，比通常长 " : "，比通常短 ")
                            : is_share(p)               ? (away > 0 ? "，比通常高 " : "，比通常低 ")
                                                        : (away > 0 ? "，比通常多 " : "，比通常少 "));
        if (is_share(p))
            pt_str_addf(&p->out, "%.1f 个百分点", 100 * fabs(away));
        else
            add_amount(p, fabs(away));
        return;
    }
    pt_str_add(&p->out, ", ");
    if (is_share(p))
        pt_str_addf(&p->out, "%.1f points", 100 * fabs(away));
    else
        add_number(p, fabs(away));
    pt_str_add(&p->out, away > 0 ? " more than usual" : counts ? " fewer than usual" : " less than usual");
}

static bool is_usual(double away, double v, double usual)
{
    return away == 0 || fabs(away) < 1e-9 * fmax(fabs(v), fabs(usual));
}

static void say_number(phrase *p, double v)
{
    const double usual = (double)p->usual->median;
    const double away = v - usual;

    pt_str_addf(&p->out, p->zh ? "%s为 " : "%s: ", label_of(p));
    add_amount(p, v);
    if (!isnan(usual) && is_usual(away, v, usual))
        pt_str_add(&p->out, p->zh ? "，与通常水平相同" : ", as usual");
    else if (!isnan(usual))
        add_difference(p, v, away);
}

/* Times are learned from as days before the day of the question. */
static void add_days_ago(phrase *p, double days)
{
    const double whole = round(days);

    if (whole == 0) {
        pt_str_add(&p->out, p->zh ? "当天" : "the same day");
        return;
    }
    pt_str_add(&p->out, p->zh || whole > 0 ? "" : "in ");
    add_number(p, fabs(whole));
    if (p->zh)
        pt_str_add(&p->out, whole > 0 ? " 天前" : " 天后");
    else
        pt_str_addf(&p->out, fabs(whole) == 1 ? " day%s" : " days%s", whole > 0 ? " ago" : "");
}

static void say_time(phrase *p, double days)
{
    const double usual = (double)p->usual->median;

    pt_str_addf(&p->out, p->zh ? "%s：" : "%s: ", label_of(p));
    add_days_ago(p, days);
    if (isnan(usual) || round(usual) == round(days))
        return;
    pt_str_add(&p->out, p->zh ? "，通常 " : ", usually ");
    add_days_ago(p, usual);
}

/* As the project calls a level. */
static const char *level_of(const phrase *p, const char *name)
{
    for (size_t i = 0; p->tag && i < p->tag->n_tier_labels; i++)
        if (strcmp(p->tag->tier_labels[i].name, name) == 0)
            return pt_label_text(&p->tag->tier_labels[i].label, p->of->lang, name);
    return name;
}

static void say_category(phrase *p)
{
    const uint32_t code = p->feature->codes[p->row];
    const char *most = p->usual->most_frequent;

    if (code >= p->feature->n_names) {
        say_missing(p);
        return;
    }
    const char *name = p->feature->names[code];
    pt_str_addf(&p->out, p->zh ? "%s为“%s”" : "%s: %s", label_of(p), level_of(p, name));
    if (most && strcmp(most, name) != 0)
        pt_str_addf(&p->out, p->zh ? "（多数客户为“%s”）" : " (most customers: %s)", level_of(p, most));
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
    else if (p->type == PT_TYPE_BOOL)
        say_yes_no(p, (double)f->numbers[p->row]);
    else if (p->type == PT_TYPE_DATE || p->type == PT_TYPE_INSTANT)
        say_time(p, (double)f->numbers[p->row]);
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
    p.type = of->types ? of->types[p.feature - of->table->features] : PT_TYPE_NUMBER;
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
