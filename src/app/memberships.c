#include "app/memberships.h"

#include <inttypes.h>
#include <stdlib.h>

#include "app/generation_int.h"
#include "app/view.h"
#include "base/compare.h"
#include "base/io.h"

enum { MOST_FILES = PT_MEMBERS_MOST_CHAIN + 1 };

struct pt_memberships {
    pt_arena *arena;
    const char *data_dir;
    uint64_t build;
    pt_map map;
    pt_memberset *set;
};

const char *pt_memberships_path(const char *data_dir, uint64_t build, pt_arena *arena)
{
    return pt_arena_printf(arena, "%s/history/g%06" PRIu64 PT_MEMBERSHIPS_ENDING, data_dir, build);
}

/* "g000012.segments" -> 12; 0 for any other name. */
static uint64_t number_of_file(const char *name)
{
    pt_sv text = pt_sv_of(name);
    size_t ending = sizeof PT_MEMBERSHIPS_ENDING - 1;

    if (text.len <= ending || strcmp(name + text.len - ending, PT_MEMBERSHIPS_ENDING) != 0)
        return 0;
    return generation_number((pt_sv){name, text.len - ending});
}

pt_rc pt_memberships_builds(const uint64_t **out, size_t *n, const char *data_dir, uint64_t most, pt_arena *arena,
                            pt_err *err)
{
    const char *dir = pt_path_join(arena, data_dir, "history");
    const char *const *names;
    size_t n_names = 0;

    *out = NULL;
    *n = 0;
    if (!dir)
        return pt_fail_nomem(err, "the history");
    if (pt_is_dir(dir))
        PT_TRY(folder_names(&names, &n_names, dir, arena, err));
    uint64_t *builds = PT_NEW_ARRAY(arena, uint64_t, n_names);
    if (!builds)
        return pt_fail_nomem(err, "the history");
    for (size_t i = 0; i < n_names; i++) {
        uint64_t number = number_of_file(names[i]);
        if (number && number <= most)
            builds[(*n)++] = number;
    }
    if (*n)
        qsort(builds, *n, sizeof *builds, pt_compare_u64);
    *out = builds;
    return PT_OK;
}

/* --- one build ----------------------------------------------------------------------------------------------------------- */

/* History is no derived file: nothing makes it again. */
static pt_rc damaged(pt_rc rc, const char *path, pt_err *err)
{
    if (rc == PT_ECORRUPT && err && !err->file[0]) {
        pt_err_at(err, path, 0, 0);
        pt_err_hint(err, "put back a copy of the file; builds go on without it");
    }
    return rc;
}

static pt_rc open_file(pt_memberships *m, const char *path, pt_err *err)
{
    PT_TRY(pt_map_open(&m->map, path, err));
    PT_TRY(pt_memberset_open(&m->set, "a file of segments", m->map.ptr, m->map.size, err));
    if (pt_memberset_get_head(m->set)->build != m->build)
        return pt_fail(err, PT_ECORRUPT, "it is the file of another build");
    return PT_OK;
}

pt_rc pt_memberships_open(pt_memberships **out, const char *data_dir, uint64_t build, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_memberships *m = arena ? PT_NEW(arena, pt_memberships) : NULL;
    const char *path = m ? pt_memberships_path(data_dir, build, arena) : NULL;
    pt_rc rc = PT_OK;

    *out = NULL;
    if (!path || !(m->data_dir = pt_arena_strdup(arena, data_dir))) {
        pt_arena_free(arena);
        return pt_fail_nomem(err, "the history");
    }
    m->arena = arena;
    m->build = build;
    if (!pt_is_file(path))
        rc = pt_fail(err, PT_ENOTFOUND, "build g%06" PRIu64 " left no members of segments", build);
    else
        rc = damaged(open_file(m, path, err), path, err);
    if (rc == PT_OK)
        *out = m;
    else
        pt_memberships_close(m);
    return rc;
}

void pt_memberships_close(pt_memberships *m)
{
    if (!m)
        return;
    pt_memberset_close(m->set);
    pt_map_close(&m->map);
    pt_arena_free(m->arena);
}

const pt_memberset *pt_memberships_set(const pt_memberships *m)
{
    return m->set;
}

bool pt_memberships_fit(const pt_memberships *m, const pt_directory *d)
{
    const pt_memberset_head *head = pt_memberset_get_head(m->set);
    const uint64_t *hashes = pt_directory_id_hashes(d);

    return hashes && head->ordinals <= pt_directory_ordinals(d) &&
           head->identity == pt_members_identity(hashes, head->ordinals);
}

/* --- a set through the builds it rests on ------------------------------------------------------------------------------------ */

/* A build that a set rests on and is not there is damage. */
static pt_rc open_base(pt_memberships **out, const pt_memberships *of, const char *name, size_t *at, pt_err *err)
{
    uint64_t base = pt_memberset_get_head(of->set)->base;
    pt_rc rc = base && base < of->build ? pt_memberships_open(out, of->data_dir, base, err) : PT_ENOTFOUND;

    if (rc == PT_ENOTFOUND)
        return pt_fail(err, PT_ECORRUPT, "the file of build g%06" PRIu64 ", which it rests on, is gone", base);
    PT_TRY(rc);
    int found = pt_memberset_find(pt_memberships_set(*out), name);
    if (found < 0)
        return pt_fail(err, PT_ECORRUPT, "the build before it does not have the segment");
    *at = (size_t)found;
    return PT_OK;
}

typedef struct link {
    const pt_memberships *build;
    size_t at;
} link;

static pt_rc read_links(uint64_t *bits, uint32_t ordinals, const link *links, size_t n, pt_err *err)
{
    memset(bits, 0, pt_members_words(ordinals) * sizeof *bits);
    for (size_t i = n; i-- > 0;) {
        if (pt_memberset_get_head(links[i].build->set)->ordinals > ordinals)
            return pt_fail(err, PT_ECORRUPT, "an earlier build has more customers than a later");
        PT_TRY(pt_memberset_read(bits, links[i].build->set, links[i].at, err));
    }
    return PT_OK;
}

pt_rc pt_memberships_read(uint64_t *bits, uint32_t ordinals, const pt_memberships *m, size_t at, pt_err *err)
{
    link links[MOST_FILES] = {{m, at}};
    pt_memberships *opened[MOST_FILES] = {NULL};
    size_t n = 1;
    const char *name = pt_memberset_info(m->set, at)->name;
    pt_rc rc = PT_OK;

    while (rc == PT_OK && pt_memberset_info(links[n - 1].build->set, links[n - 1].at)->form == PT_MEMBERS_DELTA) {
        if (n == MOST_FILES) {
            rc = pt_fail(err, PT_ECORRUPT, "it rests on too many others");
            break;
        }
        rc = open_base(&opened[n], links[n - 1].build, name, &links[n].at, err);
        links[n].build = opened[n];
        n += rc == PT_OK;
    }
    if (rc == PT_OK)
        rc = read_links(bits, ordinals, links, n, err);
    rc = damaged(rc, pt_memberships_path(m->data_dir, links[n - 1].build->build, m->arena), err);
    for (size_t i = 0; i < MOST_FILES; i++)
        pt_memberships_close(opened[i]);
    return rc;
}

void pt_members_forward(uint64_t *bits, const pt_directory *d)
{
    uint32_t n = pt_directory_ordinals(d);

    for (uint32_t i = 0; i < n; i++) {
        uint64_t bit = UINT64_C(1) << (i % 64);
        if (!(bits[i / 64] & bit) || pt_is_customer(d, i))
            continue;
        uint32_t to = pt_directory_forward(d, i);
        bits[i / 64] &= ~bit;
        if (to < n && pt_is_customer(d, to))
            bits[to / 64] |= UINT64_C(1) << (to % 64);
    }
}
