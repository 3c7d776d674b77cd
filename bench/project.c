/* The benchmark's events as a project on disk, for what goes through project files: ingest and show. */
#include "bench.h"

#include <stdio.h>

#include "base/io.h"

static pt_rc write_text(const char *dir, const char *name, pt_str *text, pt_err *err)
{
    char path[700];

    snprintf(path, sizeof path, "%s/%s", dir, name);
    pt_rc rc = pt_str_check(text, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, text->ptr, text->len, err);
    pt_str_clear(text);
    return rc;
}

pt_rc bench_project(const char *dir, uint64_t rows, pt_err *err)
{
    static const char *const folders[] = {"sources", "tags"};
    pt_str text = {0};
    pt_rc rc = PT_OK;

    for (size_t i = 0; rc == PT_OK && i < PT_COUNT(folders); i++) {
        char path[700];
        snprintf(path, sizeof path, "%s/%s", dir, folders[i]);
        rc = pt_mkdirs(path, err);
    }
    if (rc == PT_OK) {
        pt_str_add(&text, "name: bench\ntime_zone: UTC\ncurrency: EUR\nas_of: 2026-01-01\n");
        rc = write_text(dir, "portrait.yaml", &text, err);
    }
    if (rc == PT_OK) {
        pt_str_addf(
            &text,
            "events:\n  from: ../events_%llu.csv\n  kind: event\n  time: time\n  customer: {user_id: customer}\n"
            "  columns:\n    type: category\n    channel: category\n    item: text\n    amount: money\n",
            (unsigned long long)rows);
        rc = write_text(dir, "sources/events.yaml", &text, err);
    }
    if (rc == PT_OK) {
        for (size_t i = 0; i < BENCH_TAGS; i++)
            pt_str_addf(&text, "%s: {value: \"%s\"}\n", bench_tags[i].name, bench_tags[i].value);
        rc = write_text(dir, "tags/all.yaml", &text, err);
    }
    pt_str_free(&text);
    return rc;
}

pt_rc bench_store(const char *path, pt_rc (*work)(void *ctx, pt_conn *c, pt_err *err), void *ctx, pt_err *err)
{
    pt_store *store = NULL;
    pt_conn *conn = NULL;
    pt_store_options options = {.path = path};

    PT_TRY(pt_store_open(&store, &options, err));
    pt_rc rc = pt_conn_open(&conn, store, err);
    if (rc == PT_OK)
        rc = work(ctx, conn, err);
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}

pt_rc bench_wide_project(const char *dir, const char *clean, pt_err *err)
{
    pt_str text = {0};
    char sources[700];

    snprintf(sources, sizeof sources, "%s/sources", dir);
    PT_TRY(pt_mkdirs(sources, err));
    pt_str_add(&text, "name: bench\ntime_zone: UTC\ncurrency: EUR\nas_of: 2026-01-01\n");
    pt_rc rc = write_text(dir, "portrait.yaml", &text, err);
    if (rc == PT_OK) {
        pt_str_add(&text,
                   "orders:\n  from: none.csv\n  kind: event\n  time: time\n  customer: {user: user}\n"
                   "  columns: {order_id: text, sku: text, channel: category, city: category, category: category, "
                   "amount: money,\n"
                   "    quantity: number, discount: number, price: money, born: date, paid: bool, note: text}\n");
        pt_str_add(&text, clean);
        rc = write_text(dir, "sources/orders.yaml", &text, err);
    }
    pt_str_free(&text);
    return rc;
}
