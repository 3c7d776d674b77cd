/* Any bytes as input of `portrait eval`: it ends with a status, and what it wrote is whole lines of UTF-8. The first byte
 * chooses the options. */
#include <stdlib.h>

#include "app/filter.h"
#include "base/io.h"
#include "base/utf8.h"

static const char portrait_yaml[] = "name: p\ntime_zone: Asia/Shanghai\n";
static const char sources_yaml[] =
    "orders:\n  from: none.csv\n  kind: event\n  time: t\n  customer: {id: c}\n"
    "  columns: {amount: money, n: number, channel: category, labels: list, note: text, ok: bool, day: date, at: "
    "instant}\n"
    "people:\n  from: none.csv\n  kind: record\n  customer: {id: c}\n  columns: {city: text, born: date}\n";
static const char tags_yaml[] =
    "n: count(orders within 30d)\nspend: sum(orders.amount)\nmean: avg(orders.n)\nlast_note: last(orders.note)\n"
    "channels: values(orders.channel)\nfav: top(orders.channel, 2 weight n)\ncity: people.city\nage: "
    "years_since(people.born)\n"
    "at: last(orders.at)\nlast_labels: last(orders.labels)\nok: last(orders.ok)\nday: max(orders.day)\n"
    "steps: funnel(orders where ok, orders)\n";

typedef struct pipe_ends {
    const uint8_t *bytes;
    size_t n, at, step;
    pt_str out;
} pipe_ends;

static pt_rc read_bytes(void *ctx, void *buf, size_t n, size_t *got, pt_err *err)
{
    pipe_ends *p = ctx;

    (void)err;
    *got = p->n - p->at < n ? p->n - p->at : n;
    if (p->step && *got > p->step)
        *got = p->step; /* short reads: lines are cut anywhere */
    if (*got)
        memcpy(buf, p->bytes + p->at, *got);
    p->at += *got;
    return PT_OK;
}

static pt_rc keep_bytes(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    pipe_ends *p = ctx;

    pt_str_addn(&p->out, bytes, n);
    return pt_str_check(&p->out, err);
}

static pt_app *open_project(void)
{
    static char dir[] = "/tmp/portrait-fuzz-XXXXXX";
    pt_arena *a = pt_arena_new(0);
    pt_app *app = NULL;
    pt_err err;

    if (!a || !mkdtemp(dir) || pt_mkdirs(pt_path_join(a, dir, "sources"), &err) != PT_OK ||
        pt_mkdirs(pt_path_join(a, dir, "tags"), &err) != PT_OK ||
        pt_write_file(pt_path_join(a, dir, "portrait.yaml"), portrait_yaml, sizeof portrait_yaml - 1, &err) != PT_OK ||
        pt_write_file(pt_path_join(a, dir, "sources/s.yaml"), sources_yaml, sizeof sources_yaml - 1, &err) != PT_OK ||
        pt_write_file(pt_path_join(a, dir, "tags/t.yaml"), tags_yaml, sizeof tags_yaml - 1, &err) != PT_OK ||
        pt_app_open(&app, dir, &err) != PT_OK || pt_app_diags(app)->errors)
        abort();
    pt_remove_tree(dir, NULL);
    pt_arena_free(a);
    return app;
}

static void check_output(const pt_str *out, const pt_filter_stats *stats, pt_rc rc, bool header)
{
    size_t lines = 0;

    if (out->len && (out->ptr[out->len - 1] != '\n' || pt_utf8_valid((pt_sv){out->ptr, out->len}) != out->len))
        abort();
    for (size_t i = 0; i < out->len; i++)
        lines += out->ptr[i] == '\n';
    if (rc == PT_OK && lines != stats->customers + header)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static pt_app *app;
    pt_arena *arena = pt_arena_new(0);
    const uint32_t *tags;
    size_t n_tags;
    pt_err err = {0};
    pt_filter_stats stats;

    if (!app)
        app = open_project();
    if (!arena || pt_filter_tags(&tags, &n_tags, pt_app_project(app), arena, &err) != PT_OK)
        abort();
    unsigned mode = n ? bytes[0] : 0;
    pipe_ends ends = {.bytes = bytes + (n > 0), .n = n - (n > 0), .step = mode & 4 ? 1 + mode / 8 : 0};
    pt_filter_options options = {.as_of = INT64_C(1498867200000000),
                                 .json = mode & 1,
                                 .header = mode & 1 ? false : mode & 2,
                                 .skip_bad = mode & 2,
                                 .tags = tags,
                                 .n_tags = n_tags,
                                 .read = read_bytes,
                                 .write = keep_bytes,
                                 .ctx = &ends};
    pt_rc rc = pt_app_filter(&stats, app, &options, &err);
    check_output(&ends.out, &stats, rc, options.header);
    pt_str_free(&ends.out);
    pt_arena_free(arena);
    return 0;
}
