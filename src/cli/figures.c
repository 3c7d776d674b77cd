#include "cli/figures.h"

#include <math.h>
#include <stdlib.h>

const char *pt_cli_figure(pt_cli *cli, const pt_render_style *style, uint32_t tag, double v)
{
    pt_str text = {0};

    pt_render_figure(&text, style, tag, v);
    return pt_cli_keep(cli, &text);
}

const char *pt_cli_bar_title(pt_cli *cli, const pt_render_style *style, uint32_t tag, const pt_bar *b)
{
    if (b->text.ptr) {
        pt_sv label = pt_render_label(style, (int)tag, b->text);
        return pt_arena_strndup(cli->arena, label.ptr, label.len);
    }
    const char *low = pt_cli_figure(cli, style, tag, b->low), *high = pt_cli_figure(cli, style, tag, b->high);
    if (b->low == b->high)
        return low;
    if (isinf(b->low))
        return pt_arena_printf(cli->arena, "< %s", high);
    return isinf(b->high) ? pt_arena_printf(cli->arena, ">= %s", low)
                          : pt_arena_printf(cli->arena, "%s .. %s", low, high);
}

bool pt_cli_unicode(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < PT_COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
    }
    return true; /* nothing is said: containers and services, whose terminals are of this century */
}

/* The mean of the known values of cell `cell` of `cells`; NaN without any. */
static double cell_value(const double *values, size_t n, size_t cell, size_t cells)
{
    double sum = 0;
    size_t known = 0;

    for (size_t i = cell * n / cells; i < (cell + 1) * n / cells; i++) {
        if (isnan(values[i]))
            continue;
        sum += values[i];
        known++;
    }
    return known ? sum / (double)known : (double)NAN;
}

const char *pt_cli_sparkline(pt_cli *cli, const double *values, size_t n, size_t cells)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const ascii[] = {"_", ".", "-", "~", "=", "+", "*", "#"};
    const char *const *levels = pt_cli_unicode() ? blocks : ascii;
    double least = (double)INFINITY, most = -(double)INFINITY;
    pt_str text = {0};

    cells = n < cells ? n : cells;
    for (size_t i = 0; i < cells; i++) {
        least = fmin(least, cell_value(values, n, i, cells));
        most = fmax(most, cell_value(values, n, i, cells));
    }
    for (size_t i = 0; cli->width && i < cells; i++) {
        double v = cell_value(values, n, i, cells);
        double height = most > least ? (v - least) / (most - least) : 0.5;
        pt_str_add(&text, isnan(v) ? " " : levels[(int)fmin(height * 8, 7)]);
    }
    return pt_cli_keep(cli, &text);
}

const char *pt_cli_bar(pt_cli *cli, uint64_t count, uint64_t most, size_t cells)
{
    size_t n = most ? (size_t)((double)count / (double)most * (double)cells + 0.5) : 0;
    const char *block = pt_cli_unicode() ? "█" : "#";
    pt_str text = {0};

    if (!cli->width)
        return "";
    for (size_t i = 0; i < (count && !n ? 1 : n); i++)
        pt_str_add(&text, block);
    return pt_cli_keep(cli, &text);
}

void pt_cli_json_bound(pt_json *j, const char *key, double v, pt_type type, const pt_zone *zone)
{
    double number = v;
    int64_t units = fabs(v) < 9e18 ? (int64_t)llround(v) : 0;
    int32_t date = fabs(v) < 2e9 ? (int32_t)lround(v) : 0;
    pt_column c = {.type = type, .width = 8, .data = type == PT_TYPE_DATE ? (void *)&date : (void *)&units};

    if (type == PT_TYPE_NUMBER)
        c.data = &number;
    pt_json_key(j, key);
    if (isinf(v))
        pt_json_null(j);
    else
        pt_render_json(j, &c, 0, zone);
}
