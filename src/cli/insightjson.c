#include "cli/insighttext.h"

static void json_number(pt_json *j, const char *key, double v)
{
    pt_json_key(j, key);
    pt_json_number(j, v);
}

static void json_int(pt_json *j, const char *key, uint64_t v)
{
    pt_json_key(j, key);
    pt_json_int(j, (int64_t)v);
}

static void json_bool(pt_json *j, const char *key, bool v)
{
    pt_json_key(j, key);
    pt_json_bool(j, v);
}

static void json_text(pt_json *j, const char *key, const char *v)
{
    pt_json_key(j, key);
    pt_json_cstr(j, v);
}

/* --- values ----------------------------------------------------------------------------------------------------------------- */

static void json_contrast(pt_json *j, const pt_contrast *c)
{
    json_int(j, "customers", c->with);
    json_int(j, "of", c->members);
    json_int(j, "base_customers", c->base_with);
    json_int(j, "base_of", c->base);
    json_number(j, "share", c->share);
    json_number(j, "base_share", c->base_share);
    json_number(j, "tgi", c->tgi);
    json_number(j, "tgi_low", c->low);
    json_number(j, "tgi_high", c->high);
    json_number(j, "p", c->p);
    json_number(j, "q", c->q);
}

static void json_value(pt_json *j, const pt_project *p, uint32_t tag, const pt_insight_value *v)
{
    pt_type type = p->module->types[tag];

    if (v->text.ptr) {
        pt_json_key(j, "value");
        if (type == PT_TYPE_BOOL)
            pt_json_bool(j, v->from == 2);
        else
            pt_json_text(j, v->text);
        return;
    }
    pt_cli_json_bound(j, "low", v->low, type, p->zone);
    pt_cli_json_bound(j, "high", v->high, type, p->zone);
    json_bool(j, "closed", v->closed);
}

static void json_figures(pt_json *j, const char *key, const pt_project *p, uint32_t tag, const pt_insight_figures *f)
{
    pt_type type = p->module->types[tag];
    const struct {
        const char *key;
        double v;
    } quantiles[] = {{"p5", f->p5}, {"p25", f->p25}, {"median", f->median}, {"p75", f->p75}, {"p95", f->p95}};

    pt_json_key(j, key);
    pt_json_open(j, '{');
    json_int(j, "known", f->known);
    pt_cli_json_bound(j, "mean", isnan(f->mean) ? (double)INFINITY : f->mean, type, p->zone);
    json_number(j, "deviation", type == PT_TYPE_MONEY ? f->deviation / (double)PT_MONEY_UNIT : f->deviation);
    for (size_t i = 0; i < PT_COUNT(quantiles); i++)
        pt_cli_json_bound(j, quantiles[i].key, isnan(quantiles[i].v) ? (double)INFINITY : quantiles[i].v, type,
                          p->zone);
    pt_json_close(j, '}');
}

static void json_effect(pt_json *j, const pt_effect *e)
{
    pt_json_key(j, "effect");
    pt_json_open(j, '{');
    json_number(j, "d", e->d);
    json_number(j, "d_low", e->d_low);
    json_number(j, "d_high", e->d_high);
    json_number(j, "superiority", e->superiority);
    json_number(j, "delta", e->delta);
    json_number(j, "delta_low", e->delta_low);
    json_number(j, "delta_high", e->delta_high);
    json_number(j, "p_means", e->p_means);
    json_number(j, "p_ranks", e->p_ranks);
    pt_json_close(j, '}');
}

static const char *state_name(pt_insight_state state)
{
    static const char *const names[] = {"told", "not_built", "sensitive", "too_many_values", "too_few_customers"};

    return names[state];
}

static void json_tag(pt_json *j, const pt_project *p, const pt_insight_tag *t)
{
    pt_json_open(j, '{');
    json_text(j, "tag", p->tags[t->tag].name);
    json_text(j, "state", state_name(t->state));
    json_bool(j, "definition", t->definition);
    if (t->state == PT_INSIGHT_TOLD) {
        json_int(j, "known", t->known);
        json_int(j, "base_known", t->base_known);
        pt_json_key(j, "missing");
        pt_json_open(j, '{');
        json_contrast(j, &t->missing);
        pt_json_close(j, '}');
        json_number(j, "information", t->information);
        if (t->ordered) {
            json_figures(j, "segment", p, t->tag, &t->segment);
            json_figures(j, "base", p, t->tag, &t->base);
            json_effect(j, &t->effect);
        }
        json_int(j, "hidden", t->hidden);
        pt_json_key(j, "values");
        pt_json_open(j, '[');
        for (size_t v = 0; v < t->n_values; v++) {
            pt_json_open(j, '{');
            json_value(j, p, t->tag, &t->values[v]);
            json_contrast(j, &t->values[v].contrast);
            json_number(j, "information", t->values[v].information);
            pt_json_close(j, '}');
        }
        pt_json_close(j, ']');
    }
    pt_json_close(j, '}');
}

/* --- what stands out -------------------------------------------------------------------------------------------------------- */

/* The tag and the value of a line, within an object. */
static void json_line(pt_json *j, const pt_project *p, const pt_insight *x, const pt_insight_line *l)
{
    const pt_insight_tag *t = &x->tags[l->tag];

    json_text(j, "tag", p->tags[t->tag].name);
    json_value(j, p, t->tag, &t->values[l->value]);
}

static void json_lines(pt_json *j, const char *key, const pt_project *p, const pt_insight *x,
                       const pt_insight_line *lines, size_t n)
{
    pt_json_key(j, key);
    pt_json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        const pt_insight_value *v = &x->tags[lines[i].tag].values[lines[i].value];
        pt_json_open(j, '{');
        json_line(j, p, x, &lines[i]);
        json_contrast(j, &v->contrast);
        json_number(j, "information", v->information);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_together(pt_json *j, const pt_project *p, const pt_insight *x)
{
    pt_json_key(j, "together");
    pt_json_open(j, '[');
    for (size_t i = 0; i < x->n_together; i++) {
        const pt_insight_pair *pair = &x->together[i];
        const pt_insight_line *lines[] = {&pair->a, &pair->b};
        pt_json_open(j, '{');
        pt_json_key(j, "of");
        pt_json_open(j, '[');
        for (size_t k = 0; k < 2; k++) {
            pt_json_open(j, '{');
            json_line(j, p, x, lines[k]);
            json_number(j, "tgi", k ? pair->b_tgi : pair->a_tgi);
            pt_json_close(j, '}');
        }
        pt_json_close(j, ']');
        pt_json_key(j, "both");
        pt_json_open(j, '{');
        json_contrast(j, &pair->contrast);
        pt_json_close(j, '}');
        json_number(j, "expected_tgi", pair->expected);
        json_number(j, "gain", pair->gain);
        json_number(j, "gain_low", pair->gain_low);
        json_number(j, "gain_high", pair->gain_high);
        json_number(j, "p", pair->p);
        json_number(j, "q", pair->q);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

/* --- parts ------------------------------------------------------------------------------------------------------------------ */

static void json_part(pt_json *j, const pt_project *p, const pt_insight *x, const pt_insight_part *part)
{
    pt_json_open(j, '{');
    json_value(j, p, (uint32_t)x->by, &part->value);
    json_contrast(j, &part->value.contrast);
    pt_json_key(j, "means");
    pt_json_open(j, '{');
    for (size_t k = 0; k < x->n_key_tags; k++)
        pt_cli_json_bound(j, p->tags[x->key_tags[k]].name, isnan(part->means[k]) ? (double)INFINITY : part->means[k],
                          p->module->types[x->key_tags[k]], p->zone);
    pt_json_close(j, '}');
    pt_json_key(j, "traits");
    pt_json_open(j, '[');
    for (size_t i = 0; i < part->n_traits; i++) {
        pt_json_open(j, '{');
        json_text(j, "tag", p->tags[part->traits[i].tag].name);
        json_value(j, p, part->traits[i].tag, &part->traits[i].value);
        json_contrast(j, &part->traits[i].value.contrast);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_by(pt_json *j, const pt_project *p, const pt_insight *x)
{
    pt_json_key(j, "by");
    pt_json_open(j, '{');
    json_text(j, "tag", p->tags[x->by].name);
    json_int(j, "hidden", x->parts_hidden);
    pt_json_key(j, "parts");
    pt_json_open(j, '[');
    for (size_t i = 0; i < x->n_parts; i++)
        json_part(j, p, x, &x->parts[i]);
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

/* --- tables of two tags ----------------------------------------------------------------------------------------------------- */

static void json_cell(pt_json *j, const pt_cross_cell *c)
{
    if (c->hidden) {
        pt_json_null(j);
        return;
    }
    pt_json_open(j, '{');
    json_int(j, "customers", c->count);
    json_number(j, "row_share", c->row_share);
    json_number(j, "column_share", c->column_share);
    json_number(j, "tgi", c->tgi);
    json_number(j, "residual", c->residual);
    pt_json_close(j, '}');
}

static void json_margin(pt_json *j, const char *key, const pt_project *p, uint32_t tag, const pt_insight_value *values,
                        const uint64_t *totals, size_t n)
{
    pt_json_key(j, key);
    pt_json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        pt_json_open(j, '{');
        json_value(j, p, tag, &values[i]);
        json_int(j, "customers", totals[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_cross(pt_json *j, const pt_project *p, const pt_insight_cross *c)
{
    const pt_cross_table *t = &c->table;

    pt_json_open(j, '{');
    json_text(j, "row_tag", p->tags[c->row_tag].name);
    json_text(j, "column_tag", p->tags[c->column_tag].name);
    json_int(j, "customers", t->total);
    json_margin(j, "rows", p, c->row_tag, c->rows, t->row_totals, t->n_rows);
    json_margin(j, "columns", p, c->column_tag, c->columns, t->column_totals, t->n_columns);
    json_int(j, "rows_left_out", c->rows_left_out);
    json_int(j, "columns_left_out", c->columns_left_out);
    pt_json_key(j, "cells");
    pt_json_open(j, '[');
    for (size_t r = 0; r < t->n_rows; r++) {
        pt_json_open(j, '[');
        for (size_t k = 0; k < t->n_columns; k++)
            json_cell(j, &t->cells[r][k]);
        pt_json_close(j, ']');
    }
    pt_json_close(j, ']');
    json_int(j, "hidden", t->hidden);
    json_number(j, "chi_square", t->chi_square);
    json_int(j, "freedom", t->freedom);
    json_number(j, "p", t->p);
    json_number(j, "cramer_v", t->cramer_v);
    json_number(j, "cramer_v_corrected", t->cramer_v_fair);
    json_number(j, "least_expected", t->least_expected);
    pt_json_close(j, '}');
}

/* --- all -------------------------------------------------------------------------------------------------------------------- */

static void json_head(pt_json *j, const pt_project *p, const pt_insight *x)
{
    char as_of[64];

    json_text(j, "condition", x->text);
    json_text(j, "vs", x->versus ? x->vs_text : NULL);
    json_text(j, "as_of", pt_instant_format(as_of, x->as_of, p->zone));
    json_int(j, "members", x->members);
    json_int(j, "customers", x->customers);
    json_int(j, "compared_with", x->base);
    json_int(j, "min_group", x->min_group);
    json_bool(j, "small", x->small);
}

void pt_insight_json(pt_cli *cli, const pt_project *p, const pt_insight *x)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    json_head(&j, p, x);
    json_int(&j, "values", x->n_values);
    json_int(&j, "significant", x->n_significant);
    json_int(&j, "hidden", x->n_hidden);
    json_lines(&j, "headline", p, x, x->headline, x->n_headline);
    json_lines(&j, "same", p, x, x->same, x->n_same);
    json_together(&j, p, x);
    if (x->by >= 0)
        json_by(&j, p, x);
    pt_json_key(&j, "crosses");
    pt_json_open(&j, '[');
    for (size_t i = 0; i < x->n_crosses; i++)
        json_cross(&j, p, &x->crosses[i]);
    pt_json_close(&j, ']');
    pt_json_key(&j, "tags");
    pt_json_open(&j, '[');
    for (size_t i = 0; i < x->n_tags; i++)
        json_tag(&j, p, &x->tags[i]);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}
