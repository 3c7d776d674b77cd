/* A report on the customer base and its segments, for readers who are no analysts (docs/report.md): app's structures become
 * figures and sentences, these become one HTML file or JSON. The same project, data and as-of give the same bytes. */
#ifndef PT_REPORT_REPORT_H
#define PT_REPORT_REPORT_H

#include "app/app.h"

/* How the rows and columns of a figure are drawn (src/report/assets/report.js); all are tables too. */
typedef enum pt_chart {
    PT_CHART_BARS,    /* a bar a row, of one drawn column; of a second one a mark to compare with */
    PT_CHART_COLUMNS, /* the same, standing: rows in an order of their own */
    PT_CHART_LINES,   /* a line for each drawn column, rows in time */
    PT_CHART_CELLS,   /* a tinted cell for each row and drawn column */
    PT_CHART_PYRAMID, /* two drawn columns, to the left and to the right */
    PT_CHART_INDEX,   /* drawn: an index, 100 being the base, and its interval's two ends */
    PT_CHART_CURVES, /* the first drawn column is x, each further one a curve through the rows that have a value in it */
    PT_CHART_FALL, /* drawn: what a row adds, the sum with it; others are bounds, each a line through the whole figure */
    PT_CHART_TABLE, /* nothing is drawn: the table is all there is */
    PT_CHART_COUNT
} pt_chart;
const char *pt_chart_name(pt_chart chart); /* "bars": stable */

typedef struct pt_figure_column {
    const char *title;
    bool drawn; /* else it stands in the table alone */
} pt_figure_column;

typedef struct pt_figure_cell {
    double value;     /* what is drawn; NaN: nothing */
    const char *text; /* what is written */
} pt_figure_cell;

typedef struct pt_figure {
    struct pt_figure *next;
    pt_chart chart;
    unsigned number;   /* from 1, through the whole report */
    bool wide;         /* takes the page's whole width */
    const char *title; /* what is shown */
    const char *about; /* how to read it; may be NULL */
    const char *note;  /* what is not shown, and why; may be NULL */
    const char *row_title;
    const char **rows;
    size_t n_rows, n_columns;
    const pt_figure_column *columns;
    pt_figure_cell *cells; /* n_rows * n_columns */
} pt_figure;

/* A sentence made of figures; `figure` is the number of the one it names (0: none). */
typedef struct pt_statement {
    struct pt_statement *next;
    const char *rule; /* its name in the table of rules (src/report/advice_list.h) */
    const char *text;
    unsigned figure;
} pt_statement;

typedef struct pt_tile {
    struct pt_tile *next;
    const char *title, *value, *note; /* note may be NULL */
} pt_tile;

/* Figures that belong together, under a heading. */
typedef struct pt_chapter {
    struct pt_chapter *next;
    const char *title;
    pt_figure *figures;
} pt_chapter;

/* The whole base, or a segment. */
typedef struct pt_report_part {
    struct pt_report_part *next;
    const char *id;           /* of its place in the page */
    const char *title, *lead; /* lead may be NULL */
    const char *condition;    /* NULL: all customers */
    pt_tile *tiles;
    pt_statement *conclusions, *actions;
    const char *actions_title; /* NULL: "What could be done" */
    pt_chapter *chapters;
    const char *note; /* why something is missing; may be NULL */
} pt_report_part;

/* A word that readers may not know, at the end. */
typedef struct pt_report_term {
    const char *term, *about;
} pt_report_term;

typedef struct pt_report {
    const char *lang; /* "zh", "en" */
    const char *project;
    const char *title, *subtitle, *as_of;
    const char *generation;
    uint64_t customers;
    uint32_t min_group;
    pt_tile *tiles;
    pt_report_part *parts; /* the whole base first */
    unsigned n_figures;
    const pt_report_term *terms; /* NULL: those of reports on customers */
    size_t n_terms;
    const char *made_of; /* the last line; NULL: that of reports on customers */
} pt_report;

typedef struct pt_report_options {
    const char *lang;  /* "zh", "en" */
    pt_sv segment;     /* a condition: the one segment to report on; len 0: all saved ones */
    unsigned threads;  /* 0: all cores */
    pt_cancel *cancel; /* may be NULL */
} pt_report_options;

/* Of the last build. PT_ENOTFOUND when there is none. Problems in the condition go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_report_gather(pt_report *out, pt_app *app, const pt_report_options *options, pt_diags *diags, pt_arena *arena,
                       pt_err *err);

/* Appended; `out` has the failure. */
void pt_report_html(pt_str *out, const pt_report *r);
void pt_report_json(pt_str *out, const pt_report *r);

#endif
