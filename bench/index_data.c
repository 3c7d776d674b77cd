#include "index_data.h"

#include <stdio.h>
#include <stdlib.h>

uint64_t bench_population(void)
{
    const char *rows = getenv("ROWS");
    uint64_t n = rows ? strtoull(rows, NULL, 10) : 0;

    return n ? n : 10000000;
}

void bench_index_path(char path[512], const bench_env *env, uint64_t rows)
{
    snprintf(path, 512, "%s/population_%llu.index", env->dir, (unsigned long long)rows);
}

/* --- building ------------------------------------------------------------------------------------------------------------ */

/* Tags whose columns are made, their indexes in memory until they are written. All columns of a file are made before its time is
 * taken, or the disk would have the time of making them for free. */
enum { AHEAD = 4 };

typedef struct building {
    pt_pool *pool;
    pt_indexset_writer *writer;
    uint32_t rows;
    size_t first, n; /* tags of the present lot */
    pt_column columns[POPULATION_TAGS];
    unsigned char *bytes[POPULATION_TAGS];
    size_t sizes[POPULATION_TAGS];
} building;

static pt_rc build_tag(void *arg, size_t at, unsigned worker, pt_err *err)
{
    building *b = arg;
    size_t tag = b->first + at;
    const population_tag *t = &population_tags()[tag];
    pt_tag_info info = {t->name, t->type};

    (void)worker;
    return pt_tagindex_build(&b->bytes[tag], &b->sizes[tag], &info, &b->columns[tag], b->rows, (pt_hash128){1, b->rows},
                             err);
}

static pt_rc write_tag(void *arg, size_t at, pt_err *err)
{
    building *b = arg;
    size_t tag = b->first + at;
    pt_rc rc = pt_indexset_add(b->writer, b->bytes[tag], b->sizes[tag], err);

    free(b->bytes[tag]);
    b->bytes[tag] = NULL;
    return rc;
}

static pt_rc build_lot(double *seconds, building *b, pt_err *err)
{
    pt_ordered work = {b, build_tag, write_tag, AHEAD};
    size_t end = b->first + b->n;
    pt_rc rc = PT_OK;

    for (size_t i = b->first; rc == PT_OK && i < end; i++)
        rc = population_column(&b->columns[i], i, b->rows, b->pool, err);
    double start = bench_now();
    if (rc == PT_OK)
        rc = pt_ordered_run(b->pool, b->n, &work, err);
    *seconds += bench_now() - start;
    for (size_t i = b->first; i < end; i++) {
        free(b->bytes[i]);
        population_free(&b->columns[i]);
    }
    return rc;
}

static pt_rc build_all(bench_built *out, building *b, const pt_tagset_sink *sink, size_t lot, pt_err *err)
{
    const char *names[POPULATION_TAGS];

    for (size_t i = 0; i < POPULATION_TAGS; i++)
        names[i] = population_tags()[i].name;
    pt_rc rc = pt_indexset_begin(&b->writer, names, POPULATION_TAGS, sink, err);
    for (; rc == PT_OK && b->first < POPULATION_TAGS; b->first += b->n) {
        b->n = POPULATION_TAGS - b->first < lot ? POPULATION_TAGS - b->first : lot;
        rc = build_lot(&out->seconds, b, err);
    }
    if (rc == PT_OK)
        rc = pt_indexset_end(b->writer, (pt_hash128){1, b->rows}, err);
    pt_indexset_writer_free(b->writer);
    return rc;
}

static pt_rc count_bytes(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    (void)bytes, (void)err;
    *(uint64_t *)ctx += n;
    return PT_OK;
}

static pt_rc ignore_patch(void *ctx, uint64_t offset, const void *bytes, size_t n, pt_err *err)
{
    (void)ctx, (void)offset, (void)bytes, (void)n, (void)err;
    return PT_OK;
}

pt_rc bench_index_build(bench_built *out, const char *path, uint32_t rows, pt_pool *pool, pt_err *err)
{
    building b = {.pool = pool, .rows = rows};
    pt_tagset_sink nowhere = {&out->bytes, count_bytes, ignore_patch};
    pt_writer *file;

    *out = (bench_built){0};
    if (!path)
        return build_all(out, &b, &nowhere, AHEAD, err);
    PT_TRY(pt_writer_open(&file, path, err));
    pt_tagset_sink sink = {file, pt_writer_append, pt_writer_overwrite};
    pt_rc rc = build_all(out, &b, &sink, POPULATION_TAGS, err);
    if (rc != PT_OK) {
        pt_writer_abort(file);
        return rc;
    }
    double start = bench_now();
    PT_TRY(pt_writer_commit(file, err));
    out->seconds += bench_now() - start;
    return PT_OK;
}

/* --- opening ------------------------------------------------------------------------------------------------------------- */

static pt_rc make_module(bench_index *x, pt_err *err)
{
    pt_catalog *catalog = PT_NEW(x->arena, pt_catalog);
    pt_lang_tag *tags = PT_NEW_ARRAY(x->arena, pt_lang_tag, POPULATION_TAGS);
    pt_diags diags;

    if (!catalog || !tags)
        return pt_fail_nomem(err, "the module");
    for (size_t i = 0; i < POPULATION_TAGS; i++)
        tags[i] = (pt_lang_tag){.name = population_tags()[i].name, .external = true, .type = population_tags()[i].type};
    *catalog = (pt_catalog){.tags = tags, .n_tags = POPULATION_TAGS};
    pt_diags_init(&diags, x->arena);
    pt_rc rc = pt_lang_check(&x->module, catalog, &diags, x->arena, err);
    if (rc == PT_OK)
        rc = pt_diags_result(&diags, err);
    pt_diags_free(&diags);
    return rc;
}

pt_rc bench_index_make(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    char path[512];
    pt_pool *pool;
    bench_built built;

    bench_index_path(path, env, rows);
    PT_TRY(pt_pool_new(&pool, 0, err));
    pt_rc rc = bench_index_build(&built, path, (uint32_t)rows, pool, err);
    pt_pool_free(pool);
    out->seconds = built.seconds;
    return rc;
}

/* Whether there is a file of the present format. */
static bool is_good(const char *path)
{
    pt_map map = {0};
    pt_indexset *set = NULL;
    pt_tagindex *index;
    bool good = pt_map_open(&map, path, NULL) == PT_OK &&
                pt_indexset_open(&set, "the index", map.ptr, map.size, NULL) == PT_OK &&
                pt_indexset_find(&index, set, population_tags()[0].name, NULL) == PT_OK;

    pt_indexset_close(set);
    pt_map_close(&map);
    return good;
}

static pt_rc open_file(bench_index *x, const bench_env *env, uint64_t rows, pt_err *err)
{
    char path[512];

    bench_index_path(path, env, rows);
    x->rows = (uint32_t)rows;
    x->arena = pt_arena_new(0);
    if (!x->arena)
        return pt_fail_nomem(err, "the index");
    if (!is_good(path))
        bench_child(env, bench_index_make, rows);
    PT_TRY(pt_map_open(&x->map, path, err));
    PT_TRY(pt_indexset_open(&x->set, "the index", x->map.ptr, x->map.size, err));
    PT_TRY(pt_pool_new(&x->pool, 0, err));
    return make_module(x, err);
}

pt_rc bench_index_open(bench_index **out, const bench_env *env, uint64_t rows, pt_err *err)
{
    bench_index *x = pt_zalloc(1, sizeof *x);

    *out = NULL;
    if (!x)
        return pt_fail_nomem(err, "the index");
    pt_rc rc = open_file(x, env, rows, err);
    if (rc == PT_OK)
        *out = x;
    else
        bench_index_close(x);
    return rc;
}

void bench_index_close(bench_index *x)
{
    if (!x)
        return;
    for (size_t i = 0; i < POPULATION_TAGS; i++)
        population_free(&x->columns[i]);
    pt_indexset_close(x->set);
    pt_map_close(&x->map);
    pt_pool_free(x->pool);
    pt_arena_free(x->arena);
    free(x);
}

pt_rc bench_index_tag(pt_tagindex **out, bench_index *x, uint32_t tag, pt_err *err)
{
    return pt_indexset_find(out, x->set, population_tags()[tag].name, err);
}

/* --- asking --------------------------------------------------------------------------------------------------------------- */

static pt_rc get_index(pt_tagindex **out, void *ctx, uint32_t tag, pt_err *err)
{
    return bench_index_tag(out, ctx, tag, err);
}

static pt_rc get_column(const pt_column **out, void *ctx, uint32_t tag, pt_err *err)
{
    bench_index *x = ctx;

    *out = &x->columns[tag];
    return x->columns[tag].data ? PT_OK : population_column(&x->columns[tag], tag, x->rows, x->pool, err);
}

static pt_rc no_members(const pt_crowd_node **out, void *ctx, uint32_t tag, pt_err *err)
{
    (void)ctx, (void)tag, (void)err;
    *out = NULL;
    return PT_OK;
}

static pt_rc no_decision(const uint64_t **yes, const uint64_t **no, void *ctx, const pt_node *node, pt_err *err)
{
    (void)yes, (void)no, (void)ctx, (void)node;
    return pt_fail(err, PT_EINTERNAL, "a condition of the bench is not for the index");
}

static void free_crowd(void *crowd)
{
    pt_crowd_free(crowd);
}

pt_rc bench_index_plan(pt_crowd **out, bench_index *x, const char *condition, pt_arena *arena, pt_err *err)
{
    pt_place place = {.file = "condition", .text = pt_sv_of(condition), .line = 1, .col = 1, .length = 1};
    pt_segment_env env = {.module = x->module,
                          .options = {.zone = pt_zone_utc()},
                          .ctx = x,
                          .index = get_index,
                          .column = get_column,
                          .members = no_members,
                          .decide = no_decision};
    const pt_crowd_node *root;
    const pt_node *node;
    pt_diags diags;

    pt_diags_init(&diags, arena);
    pt_rc rc = pt_lang_expression(&node, x->module, place.text, place, PT_TYPE_BOOL, &diags, arena, err);
    if (rc == PT_OK && !node)
        rc = pt_diags_result(&diags, err);
    pt_diags_free(&diags);
    PT_TRY(rc);
    PT_TRY(pt_segment_plan(&root, &env, node, arena, err));
    PT_TRY(pt_crowd_new(out, root, NULL, x->rows, err));
    if (pt_arena_defer(arena, free_crowd, *out))
        return PT_OK;
    pt_crowd_free(*out);
    return pt_fail_nomem(err, "a condition");
}

enum { RUN = 8 }; /* blocks of a task */

typedef struct counting {
    pt_crowd *crowd;
    uint64_t *rooms, *sums; /* by worker */
    size_t room;
} counting;

static pt_rc count_run(void *arg, size_t run, unsigned worker, pt_err *err)
{
    counting *c = arg;
    uint32_t blocks = pt_crowd_blocks(c->crowd), first = (uint32_t)run * RUN;

    (void)err;
    c->sums[(size_t)worker * 8] +=
        pt_crowd_members(c->crowd, first, first + RUN < blocks ? first + RUN : blocks, c->rooms + worker * c->room);
    return PT_OK;
}

pt_rc bench_index_count(uint64_t *members, bench_index *x, const char *condition, pt_err *err)
{
    unsigned threads = pt_pool_threads(x->pool);
    pt_arena *arena = pt_arena_new(0);
    counting c = {0};

    *members = 0;
    pt_rc rc = arena ? bench_index_plan(&c.crowd, x, condition, arena, err) : pt_fail_nomem(err, "a count");
    if (rc == PT_OK) {
        c.room = pt_crowd_scratch(c.crowd) + PT_BLOCK_WORDS;
        c.rooms = pt_alloc64(c.room * threads, sizeof *c.rooms);
        c.sums = pt_zalloc((size_t)threads * 8, sizeof *c.sums);
        rc = c.rooms && c.sums ? pt_pool_run(x->pool, (pt_crowd_blocks(c.crowd) + RUN - 1) / RUN, count_run, &c, err)
                               : pt_fail_nomem(err, "a count");
    }
    for (unsigned w = 0; rc == PT_OK && w < threads; w++)
        *members += c.sums[(size_t)w * 8];
    free(c.rooms);
    free(c.sums);
    pt_arena_free(arena);
    return rc;
}
