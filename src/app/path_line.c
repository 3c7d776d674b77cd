#include "app/path_line.h"

#include <stdlib.h>

#include "base/mem.h"

void pt_path_line_free(pt_path_line *l)
{
    free(l->times);
    free(l->labels);
    free(l->nexts);
    free(l->before);
    *l = (pt_path_line){0};
}

static bool same_instant(const pt_path_line *l, int64_t time, uint8_t label)
{
    for (size_t i = l->n; i-- > 0 && l->times[i] == time;)
        if (l->labels[i] == label)
            return true;
    return false;
}

bool pt_path_line_add(pt_path_line *l, int64_t time, uint8_t label)
{
    if (same_instant(l, time, label))
        return true;
    if (!pt_grow(&l->times, &l->cap_times, l->n + 1, sizeof *l->times) ||
        !pt_grow(&l->labels, &l->cap_labels, l->n + 1, sizeof *l->labels))
        return false;
    l->times[l->n] = time;
    l->labels[l->n++] = label;
    return true;
}

/* Whether events i and i + 1 belong to one step. */
static bool joined(const pt_path_line *l, size_t i)
{
    return l->labels[i] == l->labels[i + 1] && l->times[i + 1] - l->times[i] <= l->gap;
}

bool pt_path_line_end(pt_path_line *l)
{
    if (!pt_grow(&l->nexts, &l->cap_nexts, l->n, sizeof *l->nexts) ||
        !pt_grow(&l->before, &l->cap_before, l->n, sizeof *l->before))
        return false;
    for (size_t i = l->n; i-- > 0;)
        l->nexts[i] = i + 1 < l->n && joined(l, i) ? l->nexts[i + 1] : (uint32_t)(i + 1);
    for (size_t i = 0; i < l->n; i++)
        l->before[i] = i > 0 && joined(l, i - 1) ? l->before[i - 1] : (uint32_t)i - 1;
    return true;
}

/* The first event later than an instant. */
static size_t later_than(const pt_path_line *l, int64_t instant)
{
    return (size_t)pt_times_until(l->times, l->n, instant);
}

uint32_t pt_path_after(uint8_t *out, const pt_path_line *l, int64_t instant, uint32_t steps, int64_t within)
{
    size_t at = later_than(l, instant);
    int64_t previous = instant;
    uint32_t n = 0;

    while (n < steps && at < l->n && l->times[at] - previous <= l->gap && l->times[at] - instant <= within) {
        out[n++] = l->labels[at];
        at = l->nexts[at];
        previous = l->times[at - 1];
    }
    return n;
}

uint32_t pt_path_before(uint8_t *out, const pt_path_line *l, int64_t instant, uint32_t steps, int64_t within)
{
    size_t end = instant == INT64_MIN ? 0 : later_than(l, instant - 1); /* events earlier than the instant */
    int64_t next = instant;
    uint32_t n = 0;

    while (n < steps && end > 0 && next - l->times[end - 1] <= l->gap && instant - l->times[end - 1] <= within) {
        out[n++] = l->labels[end - 1];
        end = (size_t)(uint32_t)(l->before[end - 1] + 1);
        next = l->times[end];
    }
    return n;
}
