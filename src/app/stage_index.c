/* profile.tags -> profile.index: who has which value of each tag. */
#include <stdlib.h>

#include "app/build_int.h"
#include "app/view.h"
#include "base/ordered.h"
#include "index/indexset.h"

/* Tags indexed and not yet written, each held in memory: enough to keep the threads busy. */
enum { AHEAD_OF_A_THREAD = 2 };

typedef struct index_run {
    pt_build *build;
    pt_tagset *tags;
    pt_indexset_writer *writer;
    unsigned char **bytes;
    size_t *sizes; /* by tag */
} index_run;

/* Who is a customer, for the tag that stands after all others: its column, freed with free(). */
static uint8_t *customers(const pt_build *b)
{
    uint32_t n = pt_directory_ordinals(b->directory);
    uint8_t *is = malloc((size_t)n + 1);

    for (uint32_t i = 0; is && i < n; i++)
        is[i] = pt_is_customer(b->directory, i);
    return is;
}

static pt_rc build_customers(index_run *r, size_t tag, pt_err *err)
{
    pt_tag_info info = {PT_INDEX_CUSTOMERS, PT_TYPE_BOOL};
    uint8_t *is = customers(r->build);
    pt_column column = {.type = PT_TYPE_BOOL, .width = 1, .data = is};

    if (!is)
        return pt_fail_nomem(err, "the index");
    pt_rc rc = pt_tagindex_build(&r->bytes[tag], &r->sizes[tag], &info, &column, pt_tagset_ordinals(r->tags),
                                 r->build->made_from, err);
    free(is);
    return rc == PT_OK ? pt_directory_damage(r->build->directory, err) : rc;
}

static pt_rc build_one(void *arg, size_t tag, unsigned worker, pt_err *err)
{
    index_run *r = arg;
    const pt_column *column;

    (void)worker;
    PT_TRY(pt_cancel_check(r->build->options->cancel, err));
    if (tag == pt_tagset_count(r->tags))
        return build_customers(r, tag, err);
    PT_TRY(pt_tagset_column(&column, r->tags, tag, err));
    return pt_tagindex_build(&r->bytes[tag], &r->sizes[tag], pt_tagset_info(r->tags, tag), column,
                             pt_tagset_ordinals(r->tags), r->build->made_from, err);
}

static pt_rc write_one(void *arg, size_t tag, pt_err *err)
{
    index_run *r = arg;
    pt_rc rc = pt_indexset_add(r->writer, r->bytes[tag], r->sizes[tag], err);

    free(r->bytes[tag]);
    r->bytes[tag] = NULL;
    pt_build_report(r->build, PT_STAGE_INDEX, NULL, tag + 1, pt_tagset_count(r->tags) + 1);
    return rc;
}

static pt_rc write_all(index_run *r, size_t n, pt_err *err)
{
    pt_ordered work = {r, build_one, write_one, (size_t)pt_pool_threads(r->build->pool) * AHEAD_OF_A_THREAD};
    pt_rc rc = pt_ordered_run(r->build->pool, n, &work, err);

    for (size_t i = 0; i < n; i++) /* of a run that failed */
        free(r->bytes[i]);
    return rc == PT_OK ? pt_indexset_end(r->writer, r->build->made_from, err) : rc;
}

static pt_rc write_file(index_run *r, pt_arena *arena, pt_err *err)
{
    size_t n = pt_tagset_count(r->tags) + 1;
    const char **names = PT_NEW_ARRAY(arena, const char *, n), *path = pt_draft_path(r->build->draft, PT_FILE_INDEX);
    pt_writer *file;

    r->bytes = PT_NEW_ARRAY(arena, unsigned char *, n);
    r->sizes = PT_NEW_ARRAY(arena, size_t, n);
    if (!names || !path || !r->bytes || !r->sizes)
        return pt_fail_nomem(err, "the index");
    for (size_t i = 0; i + 1 < n; i++)
        names[i] = pt_tagset_info(r->tags, i)->name;
    names[n - 1] = PT_INDEX_CUSTOMERS;
    PT_TRY(pt_writer_open(&file, path, err));
    pt_tagset_sink sink = {file, pt_writer_append, pt_writer_overwrite};
    pt_rc rc = pt_indexset_begin(&r->writer, names, n, &sink, err);
    if (rc == PT_OK)
        rc = write_all(r, n, err);
    pt_indexset_writer_free(r->writer);
    if (rc != PT_OK) {
        pt_writer_abort(file);
        return rc;
    }
    return pt_writer_commit(file, err);
}

static pt_rc write_index(pt_build *b, const pt_map *tags, pt_err *err)
{
    index_run r = {.build = b};
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc = arena ? pt_tagset_open(&r.tags, tags->ptr, tags->size, err) : pt_fail_nomem(err, "the index");

    if (rc == PT_OK)
        rc = write_file(&r, arena, err);
    pt_tagset_close(r.tags);
    pt_arena_free(arena);
    return rc;
}

/* Whether the published generation's index was made from the same as this one's would be. */
static bool still_good(const pt_build *b)
{
    const char *path = pt_draft_earlier(b->draft, PT_FILE_INDEX);
    pt_indexset *set = NULL;
    pt_map map = {0};

    if (!path || pt_map_open(&map, path, NULL) != PT_OK)
        return false;
    bool good = pt_indexset_open(&set, "the index", map.ptr, map.size, NULL) == PT_OK;
    if (good) {
        pt_hash128 made_from = pt_indexset_made_from(set);
        pt_tagindex *one;
        good = made_from.lo == b->made_from.lo && made_from.hi == b->made_from.hi &&
               pt_indexset_find(&one, set, PT_INDEX_CUSTOMERS, NULL) == PT_OK; /* not of an older version */
    }
    pt_indexset_close(set);
    pt_map_close(&map);
    return good;
}

pt_rc pt_stage_index(pt_build *b, pt_err *err)
{
    const char *path = pt_draft_path(b->draft, PT_FILE_TAGS);
    pt_map map = {0};

    if (!path)
        return pt_fail_nomem(err, "the index");
    if (still_good(b))
        return pt_draft_keep(b->draft, PT_FILE_INDEX, err);
    PT_TRY(pt_map_open(&map, path, err));
    pt_rc rc = write_index(b, &map, err);
    pt_map_close(&map);
    return rc;
}
