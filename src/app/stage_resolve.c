/* The steps of the resolve stage, in one transaction. */
#include "app/linking_int.h"

#include "app/clock.h"
#include "base/io.h"
#include "clean/clean.h"
#include "project/link_config.h"

enum { RULES_VERSION = 2 }; /* a change of the rules in docs/identity.md settles everything again */
enum { LINK_VERSION = 1 };  /* a change of how records are linked, where they are */

/* --- has anything changed? ---------------------------------------------------------------------------------------- */

static void add_config(pt_str *s, const pt_identity_config *config)
{
    pt_str_addf(s, "rules %d\nmax_component %u\n", RULES_VERSION, config->max_component);
    for (size_t t = 0; t < config->n_types; t++) {
        const pt_identifier_type *type = &config->types[t];
        pt_str_addf(s, "type %zu %s %d %u %s\n", t, type->name, type->priority, type->limit, type->normalize);
        for (size_t b = 0; b < type->n_blocked; b++)
            pt_str_addf(s, "blocked %zu %s\n", strlen(type->blocked[b]), type->blocked[b]);
    }
}

/* A project that does not link has the hash that it had before there was linking. */
static void add_link(pt_str *s, const pt_link_config *link)
{
    char hex[33];

    if (!link || !link->on)
        return;
    pt_hash128_hex(hex, link->hash);
    pt_str_addf(s, "link %d %s\n", LINK_VERSION, hex);
}

static pt_rc add_sources(pt_str *s, const pt_project *p, pt_conn *c, pt_err *err)
{
    for (size_t i = 0; i < p->n_sources; i++) {
        char hex[33];
        pt_hash128 hash;
        if (!resolve_has_customers(&p->sources[i]))
            continue;
        PT_TRY(pt_clean_hash(&hash, p, i, c, err));
        pt_hash128_hex(hex, hash);
        pt_str_addf(s, "source %s %s\n", p->sources[i].name, hex);
    }
    return PT_OK;
}

/* The hash of all that customers are made from. */
static pt_rc hash_inputs(char hex[33], const pt_project *p, const pt_decisions *d, pt_conn *c, pt_err *err)
{
    pt_str s = {0};
    pt_rc rc;

    add_config(&s, &p->identity);
    add_link(&s, p->link);
    resolve_add_purposes(&s, &p->identity);
    resolve_add_decisions(&s, d);
    rc = add_sources(&s, p, c, err);
    if (rc == PT_OK)
        rc = pt_str_check(&s, err);
    if (rc == PT_OK)
        pt_hash128_hex(hex, pt_hash128_of(s.ptr, s.len));
    pt_str_free(&s);
    return rc;
}

/* The last time customers were settled; build 0 when never. */
typedef struct last_time {
    int64_t build;
    char *inputs, *directory;
} last_time;

static pt_rc read_text(char **out, const char *sql, pt_conn *c, pt_arena *a, pt_err *err)
{
    pt_sql q = {0};
    pt_rc rc;

    pt_sql_kw(&q, sql);
    rc = pt_query_text(out, c, &q, a, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc read_last(last_time *last, pt_conn *c, pt_arena *a, pt_err *err)
{
    pt_sql q = {0};
    pt_rc rc;

    *last = (last_time){0};
    pt_sql_kw(&q, "SELECT coalesce(max(build), 0) FROM identity.builds");
    rc = pt_query_int(&last->build, c, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK || !last->build)
        return rc;
    PT_TRY(read_text(&last->inputs, "SELECT inputs FROM identity.builds ORDER BY build DESC LIMIT 1", c, a, err));
    return read_text(&last->directory, "SELECT directory FROM identity.builds ORDER BY build DESC LIMIT 1", c, a, err);
}

/* --- the directory file ------------------------------------------------------------------------------------------- */

static pt_rc to_writer(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    (void)err; /* a failed write is kept by the writer and reported by commit */
    pt_writer_write(ctx, bytes, n);
    return PT_OK;
}

static pt_rc write_directory(const char *path, const pt_identity *g, const pt_id_result *r, pt_err *err)
{
    pt_writer *w;
    pt_rc rc;

    if (!path)
        return pt_fail_nomem(err, "a path");
    PT_TRY(pt_writer_open(&w, path, err));
    rc = pt_directory_write(g, r, to_writer, w, err);
    if (rc == PT_OK)
        return pt_writer_commit(w, err);
    pt_writer_abort(w);
    return rc;
}

/* Checks a directory whole (nothing that is taken over may be damaged) and fills the counts that it knows. */
static pt_rc look_at(pt_resolve_stats *out, const char *path, pt_err *err)
{
    pt_map map;
    pt_directory *d = NULL;
    pt_rc rc;

    PT_TRY(pt_map_open(&map, path, err));
    rc = pt_directory_open(&d, map.ptr, map.size, err);
    if (rc == PT_OK)
        rc = pt_directory_verify(d, err);
    if (rc == PT_OK) {
        out->customers = pt_directory_live(d);
        out->ordinals = pt_directory_ordinals(d);
        out->identifiers = pt_directory_identifiers(d);
        out->directory = pt_directory_fingerprint(d);
    }
    pt_directory_close(d);
    pt_map_close(&map);
    return rc;
}

/* Takes the published directory over when it is what the last time made. A damaged one is made again. */
static pt_rc keep(pt_resolve_stats *out, const last_time *last, pt_draft *draft, pt_err *err)
{
    const char *path = pt_draft_earlier(draft, PT_FILE_DIRECTORY);
    char hex[33];

    if (!path || look_at(out, path, NULL) != PT_OK)
        return PT_OK;
    pt_hash128_hex(hex, out->directory);
    if (strcmp(hex, last->directory) != 0)
        return PT_OK;
    PT_TRY(pt_draft_keep(draft, PT_FILE_DIRECTORY, err));
    out->kept = true;
    out->build = (uint32_t)last->build;
    return PT_OK;
}

/* --- settling ----------------------------------------------------------------------------------------------------- */

static void count(pt_resolve_stats *out, const pt_id_result *r)
{
    out->created = r->n_new;
    out->merged = r->n_merged;
    out->split = r->n_split;
    for (size_t i = 0; i < r->n_refused; i++) {
        const pt_id_refused *f = &r->refused[i];
        if (f->decision)
            out->decisions_refused++;
        else
            ++*(f->reason == PT_ID_OVER_LIMIT  ? &out->refused_limit
                : f->reason == PT_ID_TOO_LARGE ? &out->refused_large
                                               : &out->refused_decided);
    }
}

static pt_rc save_build(const pt_resolve_stats *s, const char *inputs, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    char hex[33];
    pt_rc rc;

    pt_hash128_hex(hex, s->directory);
    pt_sql_kw(&q, "INSERT INTO identity.builds(build, inputs, directory, built_at) VALUES (");
    pt_sql_bind_int(&q, s->build);
    pt_sql_kw(&q, ",");
    pt_sql_bind_text(&q, pt_sv_of(inputs));
    pt_sql_kw(&q, ",");
    pt_sql_bind_text(&q, pt_sv_of(hex));
    pt_sql_kw(&q, ",");
    pt_sql_bind_instant(&q, pt_clock_now());
    pt_sql_kw(&q, ")");
    rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc settle(pt_resolve_stats *out, const pt_project *p, const pt_decisions *d, const pt_linking *l, pt_conn *c,
                    pt_draft *draft, pt_cancel *cancel, pt_err *err)
{
    resolve_state state = {0};
    const pt_id_result *r;
    const char *path = pt_draft_path(draft, PT_FILE_DIRECTORY);
    pt_rc rc = resolve_load(&state, p, d, 0, c, cancel, err);

    if (rc == PT_OK && l)
        rc = linking_tell(state.graph, l, err);
    if (rc == PT_OK)
        rc = pt_identity_resolve(&r, state.graph, out->build, err);
    if (rc == PT_OK)
        rc = pt_cancel_check(cancel, err);
    if (rc == PT_OK)
        rc = write_directory(path, state.graph, r, err);
    if (rc == PT_OK)
        rc = look_at(out, path, err);
    if (rc == PT_OK)
        rc = resolve_save(&state, r, out->build, c, err);
    if (rc == PT_OK)
        count(out, r);
    resolve_state_free(&state);
    return rc;
}

/* The links of likeness that follow, and customers. */
static pt_rc link_and_settle(pt_resolve_stats *out, const pt_project *p, const pt_decisions *d, pt_conn *c,
                             pt_draft *draft, const pt_linking_options *options, pt_arena *a, pt_err *err)
{
    pt_linking *l;
    pt_rc rc = resolve_link(&l, out, p, c, options, a, err);

    if (rc == PT_OK)
        rc = resolve_record(out, false, out->build, c, err);
    if (rc == PT_OK)
        rc = settle(out, p, d, l, c, draft, options->cancel, err);
    if (rc == PT_OK)
        rc = resolve_purposes(p, d, l, out->build, c, options->cancel, err);
    pt_linking_free(l);
    return rc;
}

static pt_rc in_transaction(pt_resolve_stats *out, const pt_project *p, pt_conn *c, pt_draft *draft,
                            const pt_linking_options *options, pt_arena *a, pt_err *err)
{
    pt_decisions decisions;
    last_time last;
    char inputs[33];

    PT_TRY(resolve_prepare(c, err));
    PT_TRY(read_last(&last, c, a, err));
    PT_TRY(pt_decisions_load(&decisions, c, a, err));
    PT_TRY(hash_inputs(inputs, p, &decisions, c, err));
    if (last.build && strcmp(last.inputs, inputs) == 0)
        PT_TRY(keep(out, &last, draft, err));
    if (out->kept)
        return PT_OK;
    *out = (pt_resolve_stats){.build = (uint32_t)last.build + 1};
    PT_TRY(resolve_gather(p, c, options->cancel, err));
    PT_TRY(resolve_gather_decisions(&decisions, p, c, err));
    PT_TRY(resolve_record(out, true, out->build, c, err));
    PT_TRY(link_and_settle(out, p, &decisions, c, draft, options, a, err));
    PT_TRY(resolve_drop_gathered(c, err));
    return save_build(out, inputs, c, err);
}

pt_rc pt_stage_resolve(pt_resolve_stats *out, const pt_project *p, pt_conn *c, pt_draft *draft,
                       const pt_linking_options *options, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    pt_rc rc;

    *out = (pt_resolve_stats){0};
    if (!a)
        return pt_fail_nomem(err, "resolving customers");
    rc = pt_exec_text(c, "BEGIN", err);
    if (rc == PT_OK) {
        rc = in_transaction(out, p, c, draft, options, a, err);
        if (rc == PT_OK)
            rc = pt_exec_text(c, "COMMIT", err);
        if (rc != PT_OK)
            pt_exec_text(c, "ROLLBACK", NULL);
    }
    pt_arena_free(a);
    return rc;
}
