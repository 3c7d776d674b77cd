/* Scores: what findings take off. docs/quality.md, "Scores". */
#include <stdlib.h>

#include "quality/quality_int.h"

/* The most that one finding can take, as a share of the score. */
static const double weights[] = {[PT_FINDING_ERROR] = 1.0, [PT_FINDING_WARN] = 0.5, [PT_FINDING_NOTE] = 0.15};

/* A fault in a quarter of the rows counts in full; the least is a fiftieth of the weight, so that nothing is free. */
static double left_by(const pt_quality_finding *f)
{
    double share = f->of ? 4 * (double)f->rows / (double)f->of : 1;

    share = share > 1 ? 1 : share < 0.02 ? 0.02 : share;
    return 1 - weights[f->severity] * share;
}

static bool is_about(const pt_quality_finding *f, const char *column)
{
    return column ? f->column && strcmp(f->column, column) == 0 : !f->column;
}

/* What findings about a column (NULL: about the source as a whole) leave of 1; `only` -1: of every dimension. */
static double left(const pt_quality_source *s, const char *column, int only)
{
    double share = 1;

    for (size_t i = 0; i < s->n_findings; i++) {
        const pt_quality_finding *f = &s->findings[i];
        if (is_about(f, column) && (only < 0 || (int)pt_finding_dimension(f->kind) == only))
            share *= left_by(f);
    }
    return share;
}

static double score_of(const pt_quality_source *s, int only)
{
    double sum = 0;

    for (size_t i = 0; i < s->n_columns; i++)
        sum += left(s, s->columns[i].name, only);
    return 100 * (s->n_columns ? sum / (double)s->n_columns : 1) * left(s, NULL, only);
}

/* Errors before warnings before notes, and among them what takes more. */
static double harm(const pt_quality_finding *f)
{
    return 1 - left_by(f) + (double)(PT_FINDING_NOTE - f->severity);
}

bool pt_finding_worse(const pt_quality_finding *a, const pt_quality_finding *b)
{
    return harm(a) > harm(b);
}

static int worst_first(const void *a, const void *b)
{
    const pt_quality_finding *x = a, *y = b;
    double more = harm(y) - harm(x);

    if (more != 0)
        return more > 0 ? 1 : -1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int by_column = strcmp(x->column ? x->column : "", y->column ? y->column : "");
    return by_column ? by_column : strcmp(x->detail, y->detail);
}

void pt_quality_score(pt_quality_source *s)
{
    if (s->n_findings)
        qsort(s->findings, s->n_findings, sizeof *s->findings, worst_first);
    for (size_t i = 0; i < s->n_columns; i++)
        s->columns[i].measures[PT_MEASURE_SCORE] = 100 * left(s, s->columns[i].name, -1);
    s->score = score_of(s, -1);
    for (int d = 0; d < PT_DIMENSION_COUNT; d++)
        s->dimensions[d] = score_of(s, d);
}
