/* The files history/gNNNNNN.trend: what a build found, in a few hundred lines (docs/history.md). */
#ifndef PT_APP_TREND_FILE_H
#define PT_APP_TREND_FILE_H

#include "app/trend.h"
#include "base/pool.h"

enum {
    PT_TREND_KEPT = 50,   /* values of a tag that are written; the rest are counted together */
    PT_TREND_FIGURES = 8, /* min, p05, p25, median, p75, p95, max, mean */
    PT_TREND_MEAN = PT_TREND_FIGURES - 1
};

typedef struct pt_trend_value {
    pt_sv text;
    uint64_t count;
} pt_trend_value;

typedef struct pt_trend_tag {
    const char *name;
    pt_type type;
    uint64_t known;
    bool ordered; /* numbers and times, some of them known */
    double figures[PT_TREND_FIGURES];
    const pt_trend_value *values; /* the most frequent first, of equals by text */
    size_t n_values;
    uint64_t others;
} pt_trend_tag;

typedef struct pt_trend_size {
    const char *name;
    uint64_t members;
} pt_trend_size;

typedef struct pt_trend_score {
    const char *source;
    double score;
} pt_trend_score;

/* What was found as of one instant. */
typedef struct pt_trend_state {
    int64_t as_of;
    uint64_t customers;
    const pt_trend_tag *tags;
    size_t n_tags;
    const pt_trend_size *segments;
    size_t n_segments;
    const pt_trend_score *scores;
    size_t n_scores;
} pt_trend_state;

void pt_trend_write(pt_str *out, const pt_trend_state *states, size_t n, bool recomputed);
/* Which part of a file is wanted: tags are many. */
typedef struct pt_trend_wish {
    const char *tag; /* NULL: none */
} pt_trend_wish;
/* PT_ECORRUPT when the text is not what pt_trend_write made, to the last byte. In the arena. */
pt_rc pt_trend_read(const pt_trend_state **out, size_t *n, bool *recomputed, pt_sv text, const pt_trend_wish *wish,
                    pt_arena *arena, pt_err *err);

/* The figures of one column (app/trend_measure.c). `values`: whether its texts may be written at all. Texts are the
 * dictionary's. */
pt_rc pt_trend_measure(pt_trend_tag *out, const char *name, const pt_column *column, uint32_t rows, bool values,
                       pt_arena *arena, pt_err *err);
/* Whether the values of a tag may be kept for ever: not the texts of personal ones. */
bool pt_trend_keeps_values(const pt_project *p, uint32_t tag);

#endif
