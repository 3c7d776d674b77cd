/* What is kept, for people. */
#include <stdlib.h>
#include <sys/stat.h>

#include "app/app_int.h"
#include "app/backfill.h"
#include "app/generation_int.h"
#include "app/history.h"

static int by_time(const void *a, const void *b)
{
    const pt_history_entry *x = a, *y = b;

    return (x->as_of > y->as_of) - (x->as_of < y->as_of);
}

static pt_rc list_states(pt_history_list *out, const pt_kept_state *states, size_t n, int64_t as_of, pt_arena *arena,
                         pt_err *err)
{
    pt_history_entry *entries = PT_NEW_ARRAY(arena, pt_history_entry, n);

    if (!entries)
        return pt_fail_nomem(err, "the history");
    for (size_t i = 0; i < n; i++) {
        if (!states[i].counts || states[i].as_of > as_of)
            continue;
        pt_history_entry *e = &entries[out->n++];
        *e = (pt_history_entry){
            .as_of = states[i].as_of, .generation = states[i].generation, .recomputed = states[i].recomputed};
        e->tags = pt_history_state_at(states[i].file, states[i].state)->n_pieces;
        e->changes = pt_history_stored(states[i].file, states[i].state);
    }
    if (out->n)
        qsort(entries, out->n, sizeof *entries, by_time);
    out->entries = entries;
    return PT_OK;
}

static pt_rc list_tags(pt_history_list *out, const pt_project *p, pt_arena *arena, pt_err *err)
{
    uint32_t *tags = PT_NEW_ARRAY(arena, uint32_t, p->n_tags);

    if (!tags)
        return pt_fail_nomem(err, "the history");
    for (uint32_t t = 0; t < p->n_tags; t++)
        if (pt_history_keeps(p, t))
            tags[out->n_tags++] = t;
    out->tags = tags;
    return PT_OK;
}

static pt_rc add_sizes(pt_history_list *out, const char *data_dir, pt_arena *arena, pt_err *err)
{
    const char *dir = pt_path_join(arena, data_dir, PT_HISTORY_DIR);
    const char *const *names;
    struct stat st;
    size_t n;

    if (!dir)
        return pt_fail_nomem(err, "a path");
    if (!pt_is_dir(dir))
        return PT_OK;
    PT_TRY(folder_names(&names, &n, dir, arena, err));
    for (size_t i = 0; i < n; i++) {
        const char *path = pt_path_join(arena, dir, names[i]);
        if (!path)
            return pt_fail_nomem(err, "a path");
        if (stat(path, &st) == 0)
            out->bytes += (uint64_t)st.st_size;
    }
    return PT_OK;
}

pt_rc pt_app_history(pt_history_list *out, pt_app *app, pt_arena *arena, pt_err *err)
{
    const pt_project *p = app->project;
    const pt_kept_state *states;
    pt_view *v;
    size_t n;

    *out = (pt_history_list){0};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_app_view(&v, app, err));
    const uint64_t *ids = pt_directory_id_hashes(v->directory);
    if (!ids)
        return pt_view_named(pt_directory_damage(v->directory, err), PT_FILE_DIRECTORY, err);
    const char *generation = pt_generation_manifest(v->generation)->generation;
    PT_TRY(pt_history_states(&states, &n, p->data_dir, generation_number(pt_sv_of(generation)), ids, v->n_ordinals,
                             arena, err));
    PT_TRY(list_states(out, states, n, v->as_of, arena, err));
    PT_TRY(list_tags(out, p, arena, err));
    return add_sizes(out, p->data_dir, arena, err);
}
