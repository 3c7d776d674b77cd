/* Is all there that the program needs, and is all that it made still whole? */
#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/app_int.h"
#include "app/identity_checkup.h"
#include "app/model_checkup.h"
#include "base/io.h"

typedef struct doctor {
    pt_checkup_result *out;
    pt_arena *arena;
    pt_app *app; /* NULL when the project could not be opened */
} doctor;

static void note(doctor *d, pt_checkup checkup, pt_health health, const char *detail)
{
    const char *copy = pt_arena_strdup(d->arena, detail ? detail : "");

    d->out[checkup] = (pt_checkup_result){health, false, copy ? copy : ""};
}

static void check_engine(doctor *d)
{
    const char *engine = pt_store_engine();

    note(d, PT_CHECKUP_ENGINE, engine ? PT_HEALTH_OK : PT_HEALTH_FAIL, engine);
}

/* A zone with a history: plain offsets need no files. */
static void check_zones(doctor *d)
{
    const char *name = d->app ? pt_app_project(d->app)->zone_name : NULL;
    pt_zone *zone = NULL;
    pt_err err;

    if (!name || !strchr(name, '/'))
        name = "Asia/Shanghai";
    bool found = pt_zone_open(&zone, name, &err) == PT_OK;
    pt_zone_free(zone);
    note(d, PT_CHECKUP_ZONES, found ? PT_HEALTH_OK : PT_HEALTH_FAIL, name);
}

static void check_project(doctor *d, const char *dir)
{
    pt_err err;

    if (pt_app_open(&d->app, dir, &err) != PT_OK) {
        note(d, PT_CHECKUP_PROJECT, PT_HEALTH_FAIL, err.msg);
        return;
    }
    const pt_diags *diags = pt_app_diags(d->app);
    if (pt_diags_result(diags, &err) != PT_OK)
        note(d, PT_CHECKUP_PROJECT, PT_HEALTH_FAIL, err.msg);
    else
        note(d, PT_CHECKUP_PROJECT, diags->n ? PT_HEALTH_WARN : PT_HEALTH_OK, pt_app_project(d->app)->name);
}

/* No folder yet is fine: the first build makes it. */
static bool check_data_dir(doctor *d, const char *dir)
{
    if (!pt_is_dir(dir)) {
        note(d, PT_CHECKUP_DATA_DIR, PT_HEALTH_WARN, dir);
        return false;
    }
    note(d, PT_CHECKUP_DATA_DIR, access(dir, R_OK | W_OK | X_OK) == 0 ? PT_HEALTH_OK : PT_HEALTH_FAIL, dir);
    return true;
}

static void check_lock(doctor *d, const char *dir)
{
    const char *path = pt_path_join(d->arena, dir, "LOCK");
    pt_lock lock;
    pt_err err;

    if (!path || !pt_is_file(path)) {
        note(d, PT_CHECKUP_LOCK, PT_HEALTH_OK, path);
        return;
    }
    pt_rc rc = pt_lock_take(&lock, path, &err);
    if (rc == PT_OK)
        pt_lock_release(&lock);
    note(d, PT_CHECKUP_LOCK, rc == PT_OK ? PT_HEALTH_OK : PT_HEALTH_WARN, path);
}

/* Whether every row that was read is still there. */
static pt_rc count_rows(pt_conn *c, const pt_project *p, pt_err *err)
{
    for (size_t s = 0; s < p->n_sources; s++) {
        pt_sql q = {0};
        int64_t missing = 0;
        pt_sql_kw(&q, "SELECT coalesce((SELECT CAST(sum(rows) AS BIGINT) FROM meta.files WHERE source =");
        pt_sql_bind_text(&q, pt_sv_of(p->sources[s].name));
        pt_sql_kw(&q, "), 0) - (SELECT count(*) FROM raw.");
        pt_sql_ident(&q, p->sources[s].name);
        pt_sql_kw(&q, ")");
        pt_rc rc = pt_query_int(&missing, c, &q, err);
        pt_sql_free(&q);
        PT_TRY(rc);
        if (missing)
            return pt_fail(err, PT_ECORRUPT, "rows of '%s' that were read are not all there", p->sources[s].name);
    }
    return PT_OK;
}

static pt_rc open_store(pt_store **store, pt_conn **conn, const char *path, pt_err *err)
{
    pt_store_options options = {.path = path, .read_only = true, .threads = 1};

    PT_TRY(pt_store_open(store, &options, err));
    return pt_conn_open(conn, *store, err);
}

static void check_identity(doctor *d, pt_conn *c)
{
    pt_health health;
    const char *detail = pt_identity_checkup(&health, pt_app_project(d->app), c, d->arena);

    if (detail)
        note(d, PT_CHECKUP_IDENTITY, health, detail);
}

/* The one file that cannot be made anew without the data: it holds which customer had which id. A project that has
 * changed since the last build has sources that the store does not know yet: that is for the build. */
static void check_store(doctor *d, const char *dir)
{
    const pt_project *p = pt_app_project(d->app);
    const char *path = pt_path_join(d->arena, dir, "store.duckdb");
    pt_store *store = NULL;
    pt_conn *conn = NULL;
    pt_err err = {0};

    if (!path || !pt_is_file(path)) {
        note(d, PT_CHECKUP_STORE, PT_HEALTH_WARN, path);
        return;
    }
    pt_rc rc = open_store(&store, &conn, path, &err);
    if (rc == PT_OK)
        check_identity(d, conn);
    if (rc == PT_OK)
        rc = count_rows(conn, p, &err);
    pt_conn_close(conn);
    pt_store_close(store);
    bool broken = rc == PT_ECORRUPT || rc == PT_EIO;
    note(d, PT_CHECKUP_STORE,
         rc == PT_OK ? PT_HEALTH_OK
         : broken    ? PT_HEALTH_FAIL
                     : PT_HEALTH_WARN,
         rc == PT_OK ? path : err.msg);
}

static pt_rc verify_tags(pt_view *v, pt_err *err)
{
    const pt_column *column;

    for (size_t t = 0; t < pt_tagset_count(v->tags); t++)
        PT_TRY(pt_view_named(pt_tagset_column(&column, v->tags, t, err), PT_FILE_TAGS, err));
    return PT_OK;
}

/* Reads every byte of the current generation against its checksums. */
static pt_rc verify(pt_view *v, pt_err *err)
{
    const pt_base_set *base;

    PT_TRY(pt_view_named(pt_directory_verify(v->directory, err), PT_FILE_DIRECTORY, err));
    PT_TRY(verify_tags(v, err));
    PT_TRY(pt_view_timelines(v, err));
    for (size_t s = 0; s < v->project->n_sources; s++)
        if (v->timelines[s])
            PT_TRY(pt_timeline_check(v->timelines[s], 0, v->n_ordinals, err));
    return pt_view_base(&base, v, NULL, v->arena, err);
}

static void check_generation(doctor *d)
{
    pt_err err = {0};
    pt_view *v;
    pt_rc rc = pt_app_view(&v, d->app, &err);

    if (rc == PT_OK && (rc = verify(v, &err)) == PT_OK)
        note(d, PT_CHECKUP_GENERATION, PT_HEALTH_OK, pt_generation_manifest(v->generation)->generation);
    else /* an EINVAL: the project has changed since; a build is due, nothing is broken */
        note(d, PT_CHECKUP_GENERATION, rc == PT_ENOTFOUND || rc == PT_EINVAL ? PT_HEALTH_WARN : PT_HEALTH_FAIL,
             pt_arena_printf(d->arena, "%s%s%s", err.file, err.file[0] ? ": " : "", err.msg));
}

static void check_models(doctor *d)
{
    const pt_project *p = pt_app_project(d->app);
    pt_health health = PT_HEALTH_OK;

    if (p->n_models) {
        const char *detail = pt_model_checkup(&health, p, d->arena);
        note(d, PT_CHECKUP_MODELS, health, detail);
    }
}

/* A build writes beside what is there: room for as much again, and a gigabyte to work in. */
static void check_disk(doctor *d, const char *dir, uint64_t in_use)
{
    struct statvfs fs;

    if (statvfs(dir, &fs) != 0) {
        note(d, PT_CHECKUP_DISK, PT_HEALTH_FAIL, strerror(errno));
        return;
    }
    uint64_t free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    const char *text = pt_arena_printf(d->arena, "%.1f GB", (double)free_bytes / 1e9);
    note(d, PT_CHECKUP_DISK, free_bytes > in_use + (UINT64_C(1) << 30) ? PT_HEALTH_OK : PT_HEALTH_WARN, text);
}

static uint64_t generation_bytes(const pt_app *app)
{
    uint64_t bytes = 0;

    if (!app->view)
        return 0;
    const pt_manifest *m = pt_generation_manifest(app->view->generation);
    for (size_t i = 0; i < m->n_files; i++)
        bytes += m->files[i].size;
    return bytes;
}

void pt_app_doctor(pt_checkup_result out[PT_CHECKUP_COUNT], const char *dir, pt_arena *arena)
{
    doctor d = {.out = out, .arena = arena};

    for (size_t i = 0; i < PT_CHECKUP_COUNT; i++)
        out[i] = (pt_checkup_result){PT_HEALTH_WARN, true, ""};
    check_engine(&d);
    check_project(&d, dir);
    check_zones(&d);
    if (out[PT_CHECKUP_PROJECT].health != PT_HEALTH_FAIL) {
        const char *data = pt_app_project(d.app)->data_dir;
        if (check_data_dir(&d, data)) {
            check_lock(&d, data);
            if (out[PT_CHECKUP_ENGINE].health == PT_HEALTH_OK)
                check_store(&d, data);
            check_generation(&d);
            check_models(&d);
            check_disk(&d, data, generation_bytes(d.app));
        }
    }
    pt_app_close(d.app);
}
