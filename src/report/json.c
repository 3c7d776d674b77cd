#include "report/page.h"

static const char *const chart_names[PT_CHART_COUNT] = {"bars",  "columns", "lines", "cells", "pyramid",
                                                        "index", "curves",  "fall",  "table"};

const char *pt_chart_name(pt_chart chart)
{
    return chart_names[chart];
}

static void json_columns(pt_json *j, const pt_figure *f)
{
    pt_json_put_open(j, "columns", '[');
    for (size_t c = 0; c < f->n_columns; c++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "title", f->columns[c].title);
        pt_json_put_bool(j, "drawn", f->columns[c].drawn);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_cells(pt_json *j, const pt_figure *f, bool texts)
{
    pt_json_put_open(j, texts ? "texts" : "values", '[');
    for (size_t r = 0; r < f->n_rows; r++) {
        pt_json_open(j, '[');
        for (size_t c = 0; c < f->n_columns; c++) {
            const pt_figure_cell *cell = &f->cells[r * f->n_columns + c];
            if (texts)
                pt_json_cstr(j, cell->text);
            else
                pt_json_number(j, cell->value);
        }
        pt_json_close(j, ']');
    }
    pt_json_close(j, ']');
}

void pt_report_json_figure(pt_json *j, const pt_figure *f)
{
    pt_json_put_cstr(j, "chart", pt_chart_name(f->chart));
    pt_json_put_cstr(j, "title", f->title);
    json_columns(j, f);
    pt_json_put_open(j, "rows", '[');
    for (size_t r = 0; r < f->n_rows; r++)
        pt_json_cstr(j, f->rows[r]);
    pt_json_close(j, ']');
    json_cells(j, f, false);
    json_cells(j, f, true);
}

static void json_tiles(pt_json *j, const pt_tile *tile)
{
    pt_json_put_open(j, "key_figures", '[');
    for (; tile; tile = tile->next) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "title", tile->title);
        pt_json_put_cstr(j, "value", tile->value);
        if (tile->note)
            pt_json_put_cstr(j, "note", tile->note);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_statements(pt_json *j, const char *key, const pt_statement *s)
{
    pt_json_put_open(j, key, '[');
    for (; s; s = s->next) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "rule", s->rule);
        pt_json_put_cstr(j, "text", s->text);
        pt_json_put_int(j, "figure", s->figure);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_chapters(pt_json *j, const pt_chapter *c)
{
    pt_json_put_open(j, "chapters", '[');
    for (; c; c = c->next) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "title", c->title);
        pt_json_put_open(j, "figures", '[');
        for (const pt_figure *f = c->figures; f; f = f->next) {
            pt_json_open(j, '{');
            pt_json_put_int(j, "number", f->number);
            pt_report_json_figure(j, f);
            if (f->note)
                pt_json_put_cstr(j, "note", f->note);
            pt_json_close(j, '}');
        }
        pt_json_close(j, ']');
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_part(pt_json *j, const pt_report_part *part)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "id", part->id);
    pt_json_put_cstr(j, "title", part->title);
    pt_json_put_cstr(j, "condition", part->condition);
    json_tiles(j, part->tiles);
    json_statements(j, "conclusions", part->conclusions);
    json_statements(j, "actions", part->actions);
    json_chapters(j, part->chapters);
    if (part->note)
        pt_json_put_cstr(j, "note", part->note);
    pt_json_close(j, '}');
}

void pt_report_json(pt_str *out, const pt_report *r)
{
    pt_json j;

    pt_json_init(&j, out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "lang", r->lang);
    pt_json_put_cstr(&j, "project", r->project);
    pt_json_put_cstr(&j, "as_of", r->as_of);
    pt_json_put_cstr(&j, "generation", r->generation);
    pt_json_put_int(&j, "customers", (int64_t)r->customers);
    pt_json_put_int(&j, "min_group", r->min_group);
    json_tiles(&j, r->tiles);
    pt_json_put_open(&j, "parts", '[');
    for (const pt_report_part *part = r->parts; part; part = part->next)
        json_part(&j, part);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(out, '\n');
}
