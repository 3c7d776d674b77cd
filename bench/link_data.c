#include "link.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/compare.h"
#include "base/hash.h"
#include "base/intern.h"
#include "link/learn.h"

/* --- the file ---------------------------------------------------------------------------------------------------------------- */

static pt_rc to_parquet(void *ctx, pt_conn *c, pt_err *err)
{
    const char *const *paths = ctx; /* CSV, Parquet */
    pt_sql q = {0};

    pt_sql_kw(&q, "COPY (SELECT * REPLACE (id::BIGINT AS id, person::BIGINT AS person) FROM read_csv(");
    pt_sql_text(&q, pt_sv_of(paths[0]));
    pt_sql_kw(&q, ", header = true, all_varchar = true)) TO");
    pt_sql_text(&q, pt_sv_of(paths[1]));
    pt_sql_kw(&q, "(FORMAT parquet)");
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

uint64_t bench_link_rows(void)
{
    return getenv("ROWS") ? strtoull(getenv("ROWS"), NULL, 10) : 1000000;
}

void bench_persons(char path[512], const bench_env *env, uint64_t rows)
{
    char csv[512], made[512];
    pt_err err = {0};

    snprintf(path, 512, "%s/persons_%" PRIu64 ".parquet", env->dir, rows);
    if (access(path, R_OK) == 0)
        return;
    snprintf(csv, sizeof csv, "%s/persons.tmp.csv", env->dir);
    snprintf(made, sizeof made, "%s/persons.tmp.parquet", env->dir);
    FILE *f = fopen(csv, "w");
    if (!f || !invented_write(f, INVENTED_WESTERN, rows, BENCH_PERSONS_SEED) || fclose(f) != 0)
        give_up("cannot write the persons");
    if (bench_store(NULL, to_parquet, (const char *[]){csv, made}, &err) != PT_OK)
        give_up(err.msg);
    if (rename(made, path) != 0)
        give_up("cannot keep the persons");
    unlink(csv);
}

/* --- reading ----------------------------------------------------------------------------------------------------------------- */

typedef struct reading {
    bench_linking *l;
    const char *path;
    const invented_field *fields;
    size_t n_fields;
    pt_intern *texts[INVENTED_FIELDS], *persons;
    uint32_t *codes[INVENTED_FIELDS + 1]; /* the last one: persons */
    size_t cap[INVENTED_FIELDS + 1];
    uint32_t n;
} reading;

/* A batch of rows, column by column. */
typedef struct batch {
    reading *r;
    const pt_rows *rows;
} batch;

static pt_rc take_column(void *arg, size_t f, unsigned worker, pt_err *err)
{
    const batch *b = arg;
    reading *r = b->r;
    pt_intern *in = f < r->n_fields ? r->texts[f] : r->persons;

    (void)worker;
    if (!pt_grow(&r->codes[f], &r->cap[f], r->n + b->rows->n, sizeof(uint32_t)) ||
        !pt_intern_add_all(in, b->rows->cells[f].data, b->rows->n, r->codes[f] + r->n))
        return pt_fail_nomem(err, "persons");
    return PT_OK;
}

static pt_rc take_rows(reading *r, const pt_rows *rows, pt_err *err)
{
    batch b = {r, rows};

    PT_TRY(pt_pool_run(r->l->pool, r->n_fields + 1, take_column, &b, err));
    r->n += (uint32_t)rows->n;
    return PT_OK;
}

static pt_rc read_rows(void *ctx, pt_conn *c, pt_err *err)
{
    reading *r = ctx;
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT");
    for (size_t f = 0; f < r->n_fields; f++) {
        pt_sql_ident(&q, r->fields[f].name);
        pt_sql_kw(&q, ",");
    }
    pt_sql_kw(&q, "person::VARCHAR FROM read_parquet(");
    pt_sql_text(&q, pt_sv_of(r->path));
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = take_rows(r, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

static pt_rc add_fields(reading *r, pt_err *err)
{
    pt_link_setup *s = r->l->setup;

    for (size_t f = 0; f < r->n_fields; f++)
        PT_TRY(pt_link_add_coded_field(s, r->fields[f].name, r->fields[f].kind, pt_intern_dict(r->texts[f]),
                                       r->codes[f], r->n, err));
    return pt_link_set_up(s, err);
}

pt_rc bench_linking_read(bench_linking *l, const char *path, pt_err *err)
{
    reading r = {.l = l, .path = path, .persons = pt_intern_new()};

    r.n_fields = invented_fields(&r.fields, INVENTED_WESTERN);
    for (size_t f = 0; f < r.n_fields; f++)
        r.texts[f] = pt_intern_new();
    l->arena = pt_arena_new(0);
    l->setup = l->arena ? PT_NEW(l->arena, pt_link_setup) : NULL;
    if (!l->setup)
        return pt_fail_nomem(err, "persons");
    l->setup->table.arena = l->arena;
    l->setup->table.pool = l->pool;
    double start = bench_now();
    pt_rc rc = bench_store(NULL, read_rows, &r, err);
    double read = bench_now();
    if (rc == PT_OK)
        rc = pt_latin_open(&l->setup->latin, err);
    if (rc == PT_OK)
        rc = add_fields(&r, err);
    printf("# portrait: %u records read in %.2f s, set up in %.2f s\n", r.n, read - start, bench_now() - read);
    l->n = r.n;
    l->person = r.codes[r.n_fields];
    for (size_t f = 0; f < r.n_fields; f++) {
        l->texts[f] = r.texts[f];
        free(r.codes[f]);
    }
    pt_intern_free(r.persons);
    return rc;
}

pt_rc bench_linking_learn(bench_linking *l, pt_err *err)
{
    return pt_link_learn(&l->model, l->setup, &(pt_link_training){.seed = 1, .pool = l->pool}, err);
}

void bench_linking_free(bench_linking *l)
{
    if (l->setup)
        pt_latin_free(l->setup->latin);
    pt_arena_free(l->arena);
    for (size_t f = 0; f < INVENTED_FIELDS; f++)
        pt_intern_free(l->texts[f]);
    pt_pool_free(l->pool);
    free(l->person);
}

/* --- the truth --------------------------------------------------------------------------------------------------------------- */

static double pairs_in(uint64_t *keys, uint32_t n)
{
    double pairs = 0;

    qsort(keys, n, sizeof *keys, pt_compare_u64);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && keys[end] == keys[i];)
            end++;
        pairs += (double)(end - i) * (end - i - 1) / 2;
    }
    return pairs;
}

bench_f1 bench_groups_f1(const uint32_t *group, const uint32_t *person, uint32_t n)
{
    uint64_t *keys = pt_alloc64(n, sizeof *keys);
    bench_f1 q = {0};

    if (!keys)
        return q;
    for (uint32_t i = 0; i < n; i++)
        keys[i] = group[i];
    double found = pairs_in(keys, n);
    for (uint32_t i = 0; i < n; i++)
        keys[i] = person[i];
    double truth = pairs_in(keys, n);
    for (uint32_t i = 0; i < n; i++)
        keys[i] = (uint64_t)group[i] << 32 | person[i];
    double right = pairs_in(keys, n);
    q = (bench_f1){.precision = right / found, .recall = right / truth, .f1 = 2 * right / (found + truth)};
    free(keys);
    return q;
}
