/* Pairs as a file for people and programs. */
#include <string.h>
#include <unistd.h>

#include "app/linking.h"
#include "base/io.h"

static pt_rc append_pair(pt_appender *a, const pt_linking *l, const pt_link_pair *p, pt_link_explainer *x,
                         pt_arena *scratch, pt_err *err)
{
    const uint32_t records[] = {p->a, p->b};
    char *rule;

    pt_arena_reset(scratch);
    PT_TRY(pt_linking_rule(&rule, l, x, p->a, p->b, scratch, err));
    for (size_t i = 0; i < PT_COUNT(records); i++) {
        uint32_t type;
        pt_sv value = pt_linking_identifier(l, records[i], &type);
        pt_append_text(a, pt_sv_of(l->project->sources[l->sources[l->source[records[i]]]].name));
        pt_append_text(a, pt_sv_of(l->project->identity.types[type].name));
        pt_append_text(a, value);
    }
    pt_append_double(a, pt_link_probability((double)p->weight));
    pt_append_double(a, (double)p->weight);
    pt_append_text(a, pt_sv_of(rule));
    pt_append_bool(a, l->group[p->a] == l->group[p->b]);
    pt_append_end_row(a);
    return PT_OK;
}

static pt_rc fill(pt_conn *c, const pt_linking *l, pt_link_explainer *x, pt_arena *scratch, pt_err *err)
{
    pt_appender *a;
    pt_rc rc = PT_OK;

    PT_TRY(pt_exec_text(c,
                        "CREATE TABLE pairs(a_source VARCHAR, a_type VARCHAR, a_value VARCHAR, b_source VARCHAR,"
                        " b_type VARCHAR, b_value VARCHAR, probability DOUBLE, bits DOUBLE, rule VARCHAR,"
                        " linked BOOLEAN)",
                        err));
    PT_TRY(pt_appender_open(&a, c, "main", "pairs", err));
    for (size_t i = 0; rc == PT_OK && i < l->n_pairs; i++)
        rc = append_pair(a, l, &l->pairs[i], x, scratch, err);
    pt_rc closed = pt_appender_close(a, rc == PT_OK ? err : NULL);
    return rc == PT_OK ? closed : rc;
}

static pt_rc copy_to(pt_conn *c, const char *partial, bool parquet, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q,
              "COPY (SELECT * FROM pairs ORDER BY bits DESC, a_source, a_type, a_value, b_source, b_type, b_value) TO");
    pt_sql_text(&q, pt_sv_of(partial));
    pt_sql_kw(&q, parquet ? "(FORMAT parquet, COMPRESSION zstd)" : "(FORMAT csv, HEADER)");
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc write_to(const char *partial, bool parquet, const pt_linking *l, pt_arena *scratch, pt_err *err)
{
    pt_store *store = NULL;
    pt_conn *c = NULL;
    pt_link_explainer *x = NULL;
    pt_rc rc = pt_store_open(&store, &(pt_store_options){.threads = 1}, err);

    if (rc == PT_OK)
        rc = pt_conn_open(&c, store, err);
    if (rc == PT_OK)
        rc = pt_link_explainer_new(&x, &l->model, &l->setup.table.records, err);
    if (rc == PT_OK)
        rc = fill(c, l, x, scratch, err);
    if (rc == PT_OK)
        rc = copy_to(c, partial, parquet, err);
    pt_link_explainer_free(x);
    pt_conn_close(c);
    pt_store_close(store);
    return rc;
}

static bool ends_in(const char *path, const char *ending)
{
    const char *dot = strrchr(path, '.');

    return dot && strcmp(dot, ending) == 0;
}

pt_rc pt_linking_export_check(const char *path, pt_err *err)
{
    if (ends_in(path, ".csv") || ends_in(path, ".parquet"))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "pairs are written to .csv and .parquet files");
    return pt_err_hint(err, "for example --out pairs.csv");
}

pt_rc pt_linking_export(const pt_linking *l, const char *path, pt_arena *arena, pt_err *err)
{
    const char *partial = pt_arena_printf(arena, "%s.tmp", path);
    bool parquet = ends_in(path, ".parquet");

    if (!partial)
        return pt_fail_nomem(err, "the pairs");
    PT_TRY(pt_linking_export_check(path, err));
    pt_arena *scratch = pt_arena_new(0);
    pt_rc rc = scratch ? write_to(partial, parquet, l, scratch, err) : pt_fail_nomem(err, "the pairs");
    pt_arena_free(scratch);
    if (rc == PT_OK)
        rc = pt_publish_file(path, partial, err);
    if (rc != PT_OK)
        unlink(partial);
    return rc;
}
