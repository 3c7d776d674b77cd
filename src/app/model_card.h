/* A model card: what a model is, what it was made from, how well it does, how it treats whom. Plain data that any kind of model
 * fills (a study, a network, a survival fit), rendered once as JSON and as a page (report/card.h), stored with the version.
 * Everything lives in one arena. A text is in both languages; where one is NULL the other is shown. */
#ifndef PT_APP_MODEL_CARD_H
#define PT_APP_MODEL_CARD_H

#include "base/str.h"
#include "model/measures.h"

typedef struct pt_card_text {
    const char *zh, *en;
} pt_card_text;

/* A line of a list: "population", "orders_365d > 0". */
typedef struct pt_card_fact {
    const char *key; /* of JSON */
    pt_card_text label;
    pt_card_text value;
} pt_card_fact;

typedef struct pt_card_measure {
    const char *name;        /* "auc"; pt_card_measure_label knows the words */
    const char *of;          /* "xgboost"; NULL: the model itself */
    const char *part;        /* "train", "validation", "test", "later" */
    double value, low, high; /* NaN: not known */
} pt_card_measure;

typedef enum pt_card_cell_kind { PT_CELL_TEXT, PT_CELL_NUMBER, PT_CELL_SHARE, PT_CELL_COUNT } pt_card_cell_kind;

typedef struct pt_card_column {
    const char *key; /* of JSON */
    pt_card_text label;
    pt_card_cell_kind kind;
} pt_card_column;

typedef struct pt_card_cell {
    pt_card_text text; /* of texts */
    double number;     /* of the rest; NaN: none */
} pt_card_cell;

typedef struct pt_card_table {
    const char *key; /* "confusion", "lift", "fairness" */
    pt_card_text title, note;
    size_t n_columns, n_rows;
    const pt_card_column *columns;
    const pt_card_cell *cells; /* n_rows * n_columns, row by row */
} pt_card_table;

typedef enum pt_card_chart { PT_CARD_LINE, PT_CARD_STEP, PT_CARD_BAR, PT_CARD_SCATTER } pt_card_chart;

typedef struct pt_card_series {
    pt_card_text label;
    size_t n;
    const double *x; /* NULL when the axis has names */
    const double *y;
    const double *low, *high; /* a band; NULL: none */
} pt_card_series;

typedef struct pt_card_curve {
    const char *key; /* "roc", "calibration", "importance" */
    pt_card_chart chart;
    pt_card_text title, note, x_label, y_label;
    const pt_card_text *names; /* of the places of the axis (bars); NULL: numbers */
    size_t n_names;
    bool diagonal; /* a line from (0, 0) to (1, 1): what chance, or perfect calibration, would give */
    bool sideways; /* bars from left to right */
    const pt_card_series *series;
    size_t n_series;
} pt_card_curve;

/* What readers should know, gravest first: leakage, overfitting, few rows, drift, groups that are treated unlike others. */
typedef struct pt_card_sentence {
    bool warning;
    pt_card_text text;
} pt_card_sentence;

typedef struct pt_card_section {
    const char *key; /* "performance", "explanation", "fairness", "drift" */
    pt_card_text title;
    const pt_card_sentence *sentences;
    size_t n_sentences;
    const pt_card_curve *curves;
    size_t n_curves;
    const pt_card_table *tables;
    size_t n_tables;
} pt_card_section;

typedef struct pt_card {
    const char *model; /* as the model file names it */
    pt_card_text label;
    const char *task, *algorithm;
    unsigned version;
    const pt_card_sentence *sentences; /* the summary, first on the page */
    size_t n_sentences;
    const pt_card_fact *facts; /* data, dates, settings */
    size_t n_facts;
    const pt_card_measure *measures;
    size_t n_measures;
    const pt_card_section *sections;
    size_t n_sections;
} pt_card;

/* "ROC AUC", "ROC 曲线下面积"; the name itself when it is not known. */
pt_card_text pt_card_measure_label(const char *name);
/* "tested on a later day", ...; the name itself when it is not known. */
pt_card_text pt_card_part_label(const char *part);
/* The text in "zh" or "en", or in the other language; "" for none. */
const char *pt_card_say(pt_card_text text, const char *lang);

/* One line of JSON, texts in both languages. */
void pt_card_json(pt_str *out, const pt_card *card);
/* As bytes to keep, and back; what comes back lies in the arena. Bytes are not trusted: PT_ECORRUPT. */
void pt_card_save(pt_str *out, const pt_card *card);
pt_rc pt_card_load(pt_card *out, pt_sv bytes, pt_arena *arena, pt_err *err);

#endif
