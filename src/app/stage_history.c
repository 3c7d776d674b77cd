/* profile.tags -> history/gNNNNNN.tags: what changed of the kept tags since the build before. */
#include <stdlib.h>
#include <unistd.h>

#include "app/build_int.h"
#include "app/generation_int.h"
#include "app/history.h"

typedef struct keeping {
    pt_build *build;
    pt_arena *arena;
    pt_tagset *now, *was; /* of the draft; of the generation before, NULL when its changes cannot be told */
    pt_map now_map, was_map;
    const pt_history_file *last; /* the file that the new one rests on, or NULL */
    pt_history *last_history;
    pt_map last_map;
    pt_history_state state;
    const uint32_t *tags; /* by piece: column of `now` */
    pt_history_piece *pieces;
} keeping;

/* --- the build before ---------------------------------------------------------------------------------------------------- */

static const pt_history_state *last_state(const keeping *k)
{
    size_t n = k->last_history ? pt_history_count(k->last_history) : 0;

    return n ? pt_history_state_at(k->last_history, n - 1) : NULL;
}

/* Changes are told from the tags of the generation before. Where those, or the history of it, cannot be read or are of other
 * customers, the new state stands for itself. */
static bool can_go_on(const keeping *k)
{
    const pt_history_state *s = last_state(k);
    pt_directory *d = k->build->directory;
    const uint64_t *hashes = pt_directory_id_hashes(d);

    return s && k->was && hashes && pt_tagset_as_of(k->was) == s->as_of && pt_tagset_ordinals(k->was) == s->ordinals &&
           s->ordinals <= pt_directory_ordinals(d) && pt_history_identity(hashes, s->ordinals) == s->identity;
}

static void close_before(keeping *k)
{
    pt_history_close(k->last_history);
    pt_map_close(&k->last_map);
    pt_tagset_close(k->was);
    pt_map_close(&k->was_map);
    k->last = NULL;
    k->last_history = NULL;
    k->last_map = (pt_map){0};
    k->was = NULL;
    k->was_map = (pt_map){0};
}

static bool open_last(keeping *k)
{
    const pt_map *map = &k->last_map;

    return pt_map_open(&k->last_map, k->last->path, NULL) == PT_OK &&
           pt_history_open(&k->last_history, "the history", map->ptr, map->size, NULL) == PT_OK;
}

static bool open_tags_before(keeping *k)
{
    const char *path = pt_draft_earlier(k->build->draft, PT_FILE_TAGS);
    const pt_map *map = &k->was_map;

    return path && pt_map_open(&k->was_map, path, NULL) == PT_OK &&
           pt_tagset_open(&k->was, map->ptr, map->size, NULL) == PT_OK;
}

static pt_rc find_before(keeping *k, pt_err *err)
{
    const pt_data_dir *d = k->build->data;
    const char *current = pt_data_dir_current(d);
    const pt_history_file *files;
    size_t n = 0;

    if (current)
        PT_TRY(pt_history_files(&files, &n, pt_data_dir_path(d), PT_HISTORY_TAGS, generation_number(pt_sv_of(current)),
                                k->arena, err));
    if (!n || strcmp(files[n - 1].generation, current) != 0)
        return PT_OK;
    k->last = &files[n - 1];
    if (!open_last(k) || !open_tags_before(k) || !can_go_on(k))
        close_before(k);
    return PT_OK;
}

/* --- pieces -------------------------------------------------------------------------------------------------------------- */

static pt_rc choose_tags(keeping *k, pt_err *err)
{
    const pt_project *p = k->build->project;
    uint32_t *tags = PT_NEW_ARRAY(k->arena, uint32_t, p->n_tags);

    if (!tags)
        return pt_fail_nomem(err, "the history");
    for (uint32_t t = 0; t < p->n_tags; t++) {
        int column = pt_history_keeps(p, t) ? pt_tagset_find(k->now, pt_sv_of(p->tags[t].name)) : -1;
        if (column >= 0)
            tags[k->state.n_pieces++] = (uint32_t)column;
    }
    k->tags = tags;
    k->pieces = PT_NEW_ARRAY(k->arena, pt_history_piece, k->state.n_pieces);
    k->state.pieces = k->pieces;
    return k->pieces ? PT_OK : pt_fail_nomem(err, "the history");
}

/* The column before, when the last state has the tag; one that is damaged is as good as none. */
static void find_column_before(pt_history_before *out, const keeping *k, const pt_tag_info *info)
{
    size_t state = k->last_history ? pt_history_count(k->last_history) - 1 : 0;
    int piece = k->last_history ? pt_history_find(k->last_history, state, info->name, info->type) : -1;
    int column = piece >= 0 ? pt_tagset_find(k->was, pt_sv_of(info->name)) : -1;

    *out = (pt_history_before){0};
    if (column < 0 || pt_tagset_column(&out->column, k->was, (size_t)column, NULL) != PT_OK)
        return;
    out->ordinals = pt_tagset_ordinals(k->was);
    out->since = pt_history_since(k->last_history, state, (size_t)piece);
}

static pt_rc make_piece(void *arg, size_t at, unsigned worker, pt_err *err)
{
    keeping *k = arg;
    const pt_tag_info *info = pt_tagset_info(k->now, k->tags[at]);
    const pt_column *column;
    pt_history_before before;

    (void)worker;
    PT_TRY(pt_cancel_check(k->build->options->cancel, err));
    PT_TRY(pt_tagset_column(&column, k->now, k->tags[at], err));
    find_column_before(&before, k, info);
    return pt_history_piece_make(&k->pieces[at], info, column, k->state.ordinals, &before, err);
}

/* --- the file ------------------------------------------------------------------------------------------------------------ */

static pt_rc file_path(const char **out, keeping *k, pt_err *err)
{
    const char *dir = pt_path_join(k->arena, pt_data_dir_path(k->build->data), PT_HISTORY_DIR);

    *out = dir ? pt_arena_printf(k->arena, "%s/%s" PT_HISTORY_TAGS, dir, pt_draft_name(k->build->draft)) : NULL;
    return *out ? pt_mkdirs(dir, err) : pt_fail_nomem(err, "a path");
}

static pt_rc write_state(const char *path, const pt_history_state *state, pt_err *err)
{
    pt_writer *file;

    PT_TRY(pt_writer_open(&file, path, err));
    pt_tagset_sink sink = {file, pt_writer_append, pt_writer_overwrite};
    pt_rc rc = pt_history_write(state, 1, false, &sink, err);
    if (rc != PT_OK) {
        pt_writer_abort(file);
        return rc;
    }
    return pt_writer_commit(file, err);
}

/* Whether nothing at all changed since the build before, which was for the same as-of: then its file, under the new name,
 * says all there is to say. */
static bool is_same_state(const keeping *k)
{
    const pt_history_state *last = last_state(k);

    if (!last || last->as_of != k->state.as_of || last->ordinals != k->state.ordinals ||
        last->n_pieces != k->state.n_pieces)
        return false;
    for (size_t i = 0; i < k->state.n_pieces; i++)
        if (k->pieces[i].kind != PT_HISTORY_CHANGES || k->pieces[i].n)
            return false;
    return true;
}

static pt_rc keep_state(keeping *k, pt_err *err)
{
    const char *path;

    PT_TRY(file_path(&path, k, err));
    if (!is_same_state(k))
        return write_state(path, &k->state, err);
    k->build->history_replaced = pt_arena_strdup(k->build->arena, k->last->path);
    return k->build->history_replaced ? pt_copy_file(k->last->path, path, err) : pt_fail_nomem(err, "the history");
}

static pt_rc describe(keeping *k, pt_err *err)
{
    const uint64_t *hashes = pt_directory_id_hashes(k->build->directory);

    if (!hashes)
        return pt_directory_damage(k->build->directory, err);
    PT_TRY(find_before(k, err));
    k->state.as_of = k->build->as_of;
    k->state.ordinals = pt_tagset_ordinals(k->now);
    k->state.identity = pt_history_identity(hashes, k->state.ordinals);
    k->state.base = k->last ? k->last->generation : "";
    return choose_tags(k, err);
}

static pt_rc keep(keeping *k, pt_err *err)
{
    const char *path = pt_draft_path(k->build->draft, PT_FILE_TAGS);

    if (!path)
        return pt_fail_nomem(err, "the history");
    PT_TRY(pt_map_open(&k->now_map, path, err));
    PT_TRY(pt_tagset_open(&k->now, k->now_map.ptr, k->now_map.size, err));
    PT_TRY(describe(k, err));
    PT_TRY(pt_pool_run(k->build->pool, k->state.n_pieces, make_piece, k, err));
    return keep_state(k, err);
}

pt_rc pt_history_keep(pt_build *b, pt_err *err)
{
    keeping k = {.build = b, .arena = pt_arena_new(0)};
    pt_rc rc = k.arena ? keep(&k, err) : pt_fail_nomem(err, "the history");

    for (size_t i = 0; k.pieces && i < k.state.n_pieces; i++)
        pt_history_piece_free(&k.pieces[i]);
    close_before(&k);
    pt_tagset_close(k.now);
    pt_map_close(&k.now_map);
    pt_arena_free(k.arena);
    return rc;
}

void pt_history_published(const pt_build *b)
{
    const char *tags = b->history_replaced;
    size_t stem = tags ? strlen(tags) - strlen(PT_HISTORY_TAGS) : 0;
    const char *trend = tags ? pt_arena_printf(b->arena, "%.*s" PT_HISTORY_TREND, (int)stem, tags) : NULL;

    if (tags)
        unlink(tags); /* if not, it is passed over: no other rests on it */
    if (trend)
        unlink(trend);
}
