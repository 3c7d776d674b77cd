#include "cli/insighttext.h"

/* --- values ----------------------------------------------------------------------------------------------------------------- */

static void json_contrast(pt_json *j, const pt_contrast *c)
{
    pt_json_put_count(j, "customers", c->with);
    pt_json_put_count(j, "of", c->members);
    pt_json_put_count(j, "base_customers", c->base_with);
    pt_json_put_count(j, "base_of", c->base);
    pt_json_put_number(j, "share", c->share);
    pt_json_put_number(j, "base_share", c->base_share);
    pt_json_put_number(j, "tgi", c->tgi);
    pt_json_put_number(j, "tgi_low", c->low);
    pt_json_put_number(j, "tgi_high", c->high);
    pt_json_put_number(j, "p", c->p);
    pt_json_put_number(j, "q", c->q);
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
    pt_json_put_bool(j, "closed", v->closed);
}

static void json_figures(pt_json *j, const char *key, const pt_project *p, uint32_t tag, const pt_insight_figures *f)
{
    pt_type type = p->module->types[tag];
    const struct {
        const char *key;
        double v;
    } quantiles[] = {{"p5", f->p5}, {"p25", f->p25}, {"median", f->median}, {"p75", f->p75}, {"p95", f->p95}};

    pt_json_put_open(j, key, '{');
    pt_json_put_count(j, "known", f->known);
    pt_cli_json_bound(j, "mean", isnan(f->mean) ? (double)INFINITY : f->mean, type, p->zone);
    pt_json_put_number(j, "deviation", type == PT_TYPE_MONEY ? f->deviation / (double)PT_MONEY_UNIT : f->deviation);
    for (size_t i = 0; i < PT_COUNT(quantiles); i++)
        pt_cli_json_bound(j, quantiles[i].key, isnan(quantiles[i].v) ? (double)INFINITY : quantiles[i].v, type,
                          p->zone);
    pt_json_close(j, '}');
}

static void json_effect(pt_json *j, const pt_effect *e)
{
    pt_json_put_open(j, "effect", '{');
    pt_json_put_number(j, "d", e->d);
    pt_json_put_number(j, "d_low", e->d_low);
    pt_json_put_number(j, "d_high", e->d_high);
    pt_json_put_number(j, "superiority", e->superiority);
    pt_json_put_number(j, "delta", e->delta);
    pt_json_put_number(j, "delta_low", e->delta_low);
    pt_json_put_number(j, "delta_high", e->delta_high);
    pt_json_put_number(j, "p_means", e->p_means);
    pt_json_put_number(j, "p_ranks", e->p_ranks);
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
    pt_json_put_cstr(j, "tag", p->tags[t->tag].name);
    pt_json_put_cstr(j, "state", state_name(t->state));
    pt_json_put_bool(j, "definition", t->definition);
    if (t->state == PT_INSIGHT_TOLD) {
        pt_json_put_count(j, "known", t->known);
        pt_json_put_count(j, "base_known", t->base_known);
        pt_json_put_open(j, "missing", '{');
        json_contrast(j, &t->missing);
        pt_json_close(j, '}');
        pt_json_put_number(j, "information", t->information);
        if (t->ordered) {
            json_figures(j, "segment", p, t->tag, &t->segment);
            json_figures(j, "base", p, t->tag, &t->base);
            json_effect(j, &t->effect);
        }
        pt_json_put_count(j, "hidden", t->hidden);
        pt_json_put_open(j, "values", '[');
        for (size_t v = 0; v < t->n_values; v++) {
            pt_json_open(j, '{');
            json_value(j, p, t->tag, &t->values[v]);
            json_contrast(j, &t->values[v].contrast);
            pt_json_put_number(j, "information", t->values[v].information);
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

    pt_json_put_cstr(j, "tag", p->tags[t->tag].name);
    json_value(j, p, t->tag, &t->values[l->value]);
}

static void json_lines(pt_json *j, const char *key, const pt_project *p, const pt_insight *x,
                       const pt_insight_line *lines, size_t n)
{
    pt_json_put_open(j, key, '[');
    for (size_t i = 0; i < n; i++) {
        const pt_insight_value *v = &x->tags[lines[i].tag].values[lines[i].value];
        pt_json_open(j, '{');
        json_line(j, p, x, &lines[i]);
        json_contrast(j, &v->contrast);
        pt_json_put_number(j, "information", v->information);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_together(pt_json *j, const pt_project *p, const pt_insight *x)
{
    pt_json_put_open(j, "together", '[');
    for (size_t i = 0; i < x->n_together; i++) {
        const pt_insight_pair *pair = &x->together[i];
        const pt_insight_line *lines[] = {&pair->a, &pair->b};
        pt_json_open(j, '{');
        pt_json_put_open(j, "of", '[');
        for (size_t k = 0; k < 2; k++) {
            pt_json_open(j, '{');
            json_line(j, p, x, lines[k]);
            pt_json_put_number(j, "tgi", k ? pair->b_tgi : pair->a_tgi);
            pt_json_close(j, '}');
        }
        pt_json_close(j, ']');
        pt_json_put_open(j, "both", '{');
        json_contrast(j, &pair->contrast);
        pt_json_close(j, '}');
        pt_json_put_number(j, "expected_tgi", pair->expected);
        pt_json_put_number(j, "gain", pair->gain);
        pt_json_put_number(j, "gain_low", pair->gain_low);
        pt_json_put_number(j, "gain_high", pair->gain_high);
        pt_json_put_number(j, "p", pair->p);
        pt_json_put_number(j, "q", pair->q);
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
    pt_json_put_open(j, "means", '{');
    for (size_t k = 0; k < x->n_key_tags; k++)
        pt_cli_json_bound(j, p->tags[x->key_tags[k]].name, isnan(part->means[k]) ? (double)INFINITY : part->means[k],
                          p->module->types[x->key_tags[k]], p->zone);
    pt_json_close(j, '}');
    pt_json_put_open(j, "traits", '[');
    for (size_t i = 0; i < part->n_traits; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "tag", p->tags[part->traits[i].tag].name);
        json_value(j, p, part->traits[i].tag, &part->traits[i].value);
        json_contrast(j, &part->traits[i].value.contrast);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_by(pt_json *j, const pt_project *p, const pt_insight *x)
{
    pt_json_put_open(j, "by", '{');
    pt_json_put_cstr(j, "tag", p->tags[x->by].name);
    pt_json_put_count(j, "hidden", x->parts_hidden);
    pt_json_put_open(j, "parts", '[');
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
    pt_json_put_count(j, "customers", c->count);
    pt_json_put_number(j, "row_share", c->row_share);
    pt_json_put_number(j, "column_share", c->column_share);
    pt_json_put_number(j, "tgi", c->tgi);
    pt_json_put_number(j, "residual", c->residual);
    pt_json_close(j, '}');
}

static void json_margin(pt_json *j, const char *key, const pt_project *p, uint32_t tag, const pt_insight_value *values,
                        const uint64_t *totals, size_t n)
{
    pt_json_put_open(j, key, '[');
    for (size_t i = 0; i < n; i++) {
        pt_json_open(j, '{');
        json_value(j, p, tag, &values[i]);
        pt_json_put_count(j, "customers", totals[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_cross(pt_json *j, const pt_project *p, const pt_insight_cross *c)
{
    const pt_cross_table *t = &c->table;

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "row_tag", p->tags[c->row_tag].name);
    pt_json_put_cstr(j, "column_tag", p->tags[c->column_tag].name);
    pt_json_put_count(j, "customers", t->total);
    json_margin(j, "rows", p, c->row_tag, c->rows, t->row_totals, t->n_rows);
    json_margin(j, "columns", p, c->column_tag, c->columns, t->column_totals, t->n_columns);
    pt_json_put_count(j, "rows_left_out", c->rows_left_out);
    pt_json_put_count(j, "columns_left_out", c->columns_left_out);
    pt_json_put_open(j, "cells", '[');
    for (size_t r = 0; r < t->n_rows; r++) {
        pt_json_open(j, '[');
        for (size_t k = 0; k < t->n_columns; k++)
            json_cell(j, &t->cells[r][k]);
        pt_json_close(j, ']');
    }
    pt_json_close(j, ']');
    pt_json_put_count(j, "hidden", t->hidden);
    pt_json_put_number(j, "chi_square", t->chi_square);
    pt_json_put_count(j, "freedom", t->freedom);
    pt_json_put_number(j, "p", t->p);
    pt_json_put_number(j, "cramer_v", t->cramer_v);
    pt_json_put_number(j, "cramer_v_corrected", t->cramer_v_fair);
    pt_json_put_number(j, "least_expected", t->least_expected);
    pt_json_close(j, '}');
}

/* --- all -------------------------------------------------------------------------------------------------------------------- */

static void json_head(pt_json *j, const pt_project *p, const pt_insight *x)
{
    char as_of[64];

    pt_json_put_cstr(j, "condition", x->text);
    pt_json_put_cstr(j, "vs", x->versus ? x->vs_text : NULL);
    pt_json_put_cstr(j, "as_of", pt_instant_format(as_of, x->as_of, p->zone));
    pt_json_put_count(j, "members", x->members);
    pt_json_put_count(j, "customers", x->customers);
    pt_json_put_count(j, "compared_with", x->base);
    pt_json_put_count(j, "min_group", x->min_group);
    pt_json_put_bool(j, "small", x->small);
}

void pt_insight_json(pt_cli *cli, const pt_project *p, const pt_insight *x)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    json_head(&j, p, x);
    pt_json_put_count(&j, "values", x->n_values);
    pt_json_put_count(&j, "significant", x->n_significant);
    pt_json_put_count(&j, "hidden", x->n_hidden);
    json_lines(&j, "headline", p, x, x->headline, x->n_headline);
    json_lines(&j, "same", p, x, x->same, x->n_same);
    json_together(&j, p, x);
    if (x->by >= 0)
        json_by(&j, p, x);
    pt_json_put_open(&j, "crosses", '[');
    for (size_t i = 0; i < x->n_crosses; i++)
        json_cross(&j, p, &x->crosses[i]);
    pt_json_close(&j, ']');
    pt_json_put_open(&j, "tags", '[');
    for (size_t i = 0; i < x->n_tags; i++)
        json_tag(&j, p, &x->tags[i]);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}
