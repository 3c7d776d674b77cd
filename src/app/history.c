#include "app/history.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/generation_int.h"

/* --- which tags ---------------------------------------------------------------------------------------------------------- */

/* Whether was(...) in a tree asks about the tag. */
static bool asks(const pt_node *n, uint32_t tag, bool inside)
{
    inside |= n->kind == PT_NODE_WAS;
    if (inside && n->kind == PT_NODE_TAG && n->u.tag == tag)
        return true;
    for (uint32_t i = 0; i < n->n_args; i++)
        if (asks(n->args[i], tag, inside))
            return true;
    return false;
}

bool pt_history_keeps(const pt_project *p, uint32_t tag)
{
    pt_type type = p->module->types[tag];

    if (!pt_history_takes(type) || p->tags[tag].history == PT_KEPT_NEVER)
        return false;
    if (p->tags[tag].history == PT_KEPT_ALWAYS || type == PT_TYPE_BOOL || type == PT_TYPE_CATEGORY)
        return true;
    for (size_t s = 0; s < p->n_segments; s++)
        if (p->segments[s].node && asks(p->segments[s].node, tag, false))
            return true;
    return false;
}

static bool has_was(const pt_node *n)
{
    bool found = n->kind == PT_NODE_WAS;

    for (uint32_t i = 0; i < n->n_args && !found; i++)
        found = has_was(n->args[i]);
    return found;
}

bool pt_history_asked(const pt_project *p)
{
    for (size_t s = 0; s < p->n_segments; s++)
        if (p->segments[s].node && has_was(p->segments[s].node))
            return true;
    return false;
}

/* --- files --------------------------------------------------------------------------------------------------------------- */

/* "g000012.tags" -> 12, and the ending; 0 for any other name. */
static uint64_t number_of(const char *name, const char **ending)
{
    const char *dot = strchr(name, '.');

    *ending = dot ? dot : "";
    return dot ? generation_number((pt_sv){name, (size_t)(dot - name)}) : 0;
}

static pt_rc names_of(const char *const **out, size_t *n, const char **dir, const char *data_dir, pt_arena *a,
                      pt_err *err)
{
    *out = NULL;
    *n = 0;
    if (!(*dir = pt_path_join(a, data_dir, PT_HISTORY_DIR)))
        return pt_fail_nomem(err, "a path");
    return pt_is_dir(*dir) ? folder_names(out, n, *dir, a, err) : PT_OK;
}

static int by_number(const void *a, const void *b)
{
    const pt_history_file *x = a, *y = b;

    return (x->number > y->number) - (x->number < y->number);
}

pt_rc pt_history_files(const pt_history_file **out, size_t *n, const char *data_dir, const char *ending, uint64_t most,
                       pt_arena *arena, pt_err *err)
{
    const char *const *names, *dir, *found;
    size_t n_names;

    *n = 0;
    PT_TRY(names_of(&names, &n_names, &dir, data_dir, arena, err));
    pt_history_file *files = PT_NEW_ARRAY(arena, pt_history_file, n_names);
    if (!files)
        return pt_fail_nomem(err, "the history");
    for (size_t i = 0; i < n_names; i++) {
        uint64_t number = number_of(names[i], &found);
        if (!number || number > most || strcmp(found, ending) != 0)
            continue;
        pt_history_file *f = &files[(*n)++];
        *f = (pt_history_file){.number = number, .path = pt_path_join(arena, dir, names[i])};
        f->generation = pt_arena_strndup(arena, names[i], (size_t)(found - names[i]));
        if (!f->path || !f->generation)
            return pt_fail_nomem(err, "the history");
    }
    if (*n)
        qsort(files, *n, sizeof *files, by_number);
    *out = files;
    return PT_OK;
}

pt_rc pt_history_latest(uint64_t *out, const char *data_dir, pt_arena *arena, pt_err *err)
{
    const char *const *names, *dir, *ending;
    size_t n;

    *out = 0;
    PT_TRY(names_of(&names, &n, &dir, data_dir, arena, err));
    for (size_t i = 0; i < n; i++) {
        uint64_t number = number_of(names[i], &ending);
        *out = number > *out ? number : *out;
    }
    return PT_OK;
}

pt_rc pt_history_sweep(const char *data_dir, uint64_t current, pt_arena *arena, pt_err *err)
{
    static const char half[] = ".tmp";
    const char *const *names, *dir, *ending;
    size_t n;

    PT_TRY(names_of(&names, &n, &dir, data_dir, arena, err));
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(names[i]), tail = sizeof half - 1;
        bool unfinished = length > tail && strcmp(names[i] + length - tail, half) == 0;
        if (!unfinished && number_of(names[i], &ending) <= current)
            continue;
        const char *path = pt_path_join(arena, dir, names[i]);
        if (!path)
            return pt_fail_nomem(err, "a path");
        if (unlink(path) != 0 && errno != ENOENT)
            return pt_fail_errno(err, PT_EIO, errno, "cannot remove '%s'", path);
    }
    return PT_OK;
}

/* --- states -------------------------------------------------------------------------------------------------------------- */

uint64_t pt_history_identity(const uint64_t *id_hashes, uint32_t ordinals)
{
    return pt_hash64(id_hashes, (size_t)ordinals * sizeof *id_hashes);
}

typedef struct opened_file {
    pt_map map;
    pt_history *history;
} opened_file;

typedef struct state_list {
    pt_kept_state *items;
    size_t n, most;
    const uint64_t *identity;
    uint32_t ordinals;
    pt_arena *arena;
} state_list;

static void close_file(void *file)
{
    opened_file *f = file;

    pt_history_close(f->history);
    pt_map_close(&f->map);
}

pt_rc pt_history_advise(pt_rc rc, const char *path, pt_err *err)
{
    if (rc == PT_ECORRUPT)
        pt_err_hint(err, "put back a copy of it, or move %s away: what it knew of the past is then forgotten", path);
    return rc;
}

static pt_rc open_file(pt_history **out, const char *path, pt_arena *arena, pt_err *err)
{
    opened_file *f = PT_NEW(arena, opened_file);
    const char *noun = pt_arena_printf(arena, "history '%s'", path);

    if (!f || !noun || !pt_arena_defer(arena, close_file, f))
        return pt_fail_nomem(err, "the history");
    PT_TRY(pt_map_open(&f->map, path, err));
    PT_TRY(pt_history_advise(pt_history_open(&f->history, noun, f->map.ptr, f->map.size, err), path, err));
    *out = f->history;
    return PT_OK;
}

static pt_rc add_states(state_list *l, pt_history *h, const char *generation, const char *path, pt_err *err)
{
    size_t n = pt_history_count(h);

    if (l->n + n > l->most) {
        size_t most = 2 * (l->n + n);
        pt_kept_state *items = PT_NEW_ARRAY(l->arena, pt_kept_state, most);
        if (!items)
            return pt_fail_nomem(err, "the history");
        if (l->n)
            memcpy(items, l->items, l->n * sizeof *items);
        l->items = items;
        l->most = most;
    }
    for (size_t i = 0; i < n; i++) {
        const pt_history_state *s = pt_history_state_at(h, i);
        l->items[l->n++] = (pt_kept_state){.file = h,
                                           .state = i,
                                           .as_of = s->as_of,
                                           .generation = generation,
                                           .path = path,
                                           .recomputed = pt_history_recomputed(h)};
    }
    return PT_OK;
}

/* Whether the file's states are of the present customers. Its last state has all ordinals of those before it. */
static bool is_ours(const state_list *l, const pt_history *h)
{
    size_t n = pt_history_count(h);
    const pt_history_state *s = n ? pt_history_state_at(h, n - 1) : NULL;

    return s && s->ordinals <= l->ordinals && s->identity == pt_history_identity(l->identity, s->ordinals);
}

static pt_rc add_recomputed(state_list *l, const char *data_dir, pt_err *err)
{
    const char *path =
        pt_arena_printf(l->arena, "%s/" PT_HISTORY_DIR "/" PT_HISTORY_RECOMPUTED PT_HISTORY_TAGS, data_dir);
    pt_history *h;

    if (!path)
        return pt_fail_nomem(err, "a path");
    if (!pt_is_file(path))
        return PT_OK;
    PT_TRY(open_file(&h, path, l->arena, err));
    return is_ours(l, h) ? add_states(l, h, PT_HISTORY_RECOMPUTED, path, err) : PT_OK;
}

static pt_rc lost(const pt_history_file *f, const char *base, pt_err *err)
{
    pt_fail(err, PT_ECORRUPT, "history of generation %s rests on that of %s, which is gone", f->generation, base);
    return pt_err_hint(err, "put back a copy of it, or move %s away: what it knew of the past is then forgotten",
                       f->path);
}

/* Backwards from the newest, each file says on which it rests. One that rests on none begins anew: what is older stands for
 * itself. A build that goes on from a file has made sure that it is of the same customers, so the newest speaks for all that
 * it rests on. */
static pt_rc mark_chain(bool *used, pt_history **opened, const state_list *l, const pt_history_file *files, size_t n,
                        pt_err *err)
{
    bool newest = true, ours = false;

    for (size_t at = n; at-- > 0;) {
        PT_TRY(open_file(&opened[at], files[at].path, l->arena, err));
        ours = newest ? is_ours(l, opened[at]) : ours;
        used[at] = ours;
        newest = true;
        if (!pt_history_count(opened[at]))
            continue;
        const char *base = pt_history_state_at(opened[at], 0)->base;
        size_t on = at;
        while (*base && on > 0 && strcmp(files[on - 1].generation, base) != 0)
            on--;
        if (*base && on == 0)
            return lost(&files[at], base, err);
        newest = !*base;
        at = *base ? on : at;
    }
    return PT_OK;
}

/* Of several states for one as-of, that of the latest build counts; what is recomputed comes first in the list. */
static void choose(state_list *l)
{
    for (size_t i = 0; i < l->n; i++) {
        l->items[i].counts = true;
        for (size_t k = i + 1; k < l->n; k++)
            if (l->items[k].as_of == l->items[i].as_of)
                l->items[i].counts = false;
    }
}

pt_rc pt_history_states(const pt_kept_state **out, size_t *n, const char *data_dir, uint64_t most,
                        const uint64_t *identity, uint32_t ordinals, pt_arena *arena, pt_err *err)
{
    state_list l = {.identity = identity, .ordinals = ordinals, .arena = arena};
    const pt_history_file *files;
    size_t n_files;

    PT_TRY(pt_history_files(&files, &n_files, data_dir, PT_HISTORY_TAGS, most, arena, err));
    bool *used = PT_NEW_ARRAY(arena, bool, n_files);
    pt_history **opened = PT_NEW_ARRAY(arena, pt_history *, n_files);
    if (!used || !opened)
        return pt_fail_nomem(err, "the history");
    PT_TRY(mark_chain(used, opened, &l, files, n_files, err));
    PT_TRY(add_recomputed(&l, data_dir, err));
    for (size_t i = 0; i < n_files; i++)
        if (used[i])
            PT_TRY(add_states(&l, opened[i], files[i].generation, files[i].path, err));
    choose(&l);
    *out = l.items;
    *n = l.n;
    return PT_OK;
}
