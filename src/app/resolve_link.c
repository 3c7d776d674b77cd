/* Likenesses of records as links between their identifiers. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/linking_int.h"

double pt_linking_link_score(float weight)
{
    return fmin(floor(pt_link_probability((double)weight) * 1000 + 1e-9) / 1000, 0.999);
}

typedef struct writing {
    const pt_linking *l;
    pt_appender *appender;
    pt_link_explainer *explainer;
    pt_arena *scratch;
} writing;

static bool is_stronger(const pt_linking *l, uint32_t a, uint32_t b)
{
    uint32_t x, y;
    pt_sv a_value = pt_linking_identifier(l, a, &x), b_value = pt_linking_identifier(l, b, &y);

    return resolve_is_stronger(l->project, x, a_value, y, b_value);
}

static void append_end(const writing *w, uint32_t record)
{
    uint32_t type;
    pt_sv value = pt_linking_identifier(w->l, record, &type);

    pt_append_text(w->appender, pt_sv_of(w->l->project->identity.types[type].name));
    pt_append_text(w->appender, value);
}

/* The stronger end first. */
static pt_rc append_pair(const writing *w, const pt_link_pair *p, pt_err *err)
{
    bool turned = is_stronger(w->l, p->b, p->a);
    char *rule;

    pt_arena_reset(w->scratch);
    PT_TRY(pt_linking_rule(&rule, w->l, w->explainer, p->a, p->b, w->scratch, err));
    append_end(w, turned ? p->b : p->a);
    append_end(w, turned ? p->a : p->b);
    pt_append_text(w->appender, pt_sv_of(rule));
    pt_append_double(w->appender, pt_linking_link_score(p->weight));
    pt_append_end_row(w->appender);
    return PT_OK;
}

/* Into a table that lives as long as the transaction: a bulk insert does not reach temporary ones. */
static pt_rc write_pairs(const pt_linking *l, const pt_link_pair *pairs, size_t n, const pt_linking_options *options,
                         pt_conn *c, pt_err *err)
{
    writing w = {.l = l, .scratch = pt_arena_new(0)};

    if (!w.scratch)
        return pt_fail_nomem(err, "links between records");
    pt_rc rc = pt_exec_text(c,
                            "CREATE OR REPLACE TABLE identity.new_links(a_type VARCHAR, a_value VARCHAR,"
                            " b_type VARCHAR, b_value VARCHAR, rule VARCHAR, score DOUBLE)",
                            err);
    if (rc == PT_OK)
        rc = pt_link_explainer_new(&w.explainer, &l->model, &l->setup.table.records, err);
    if (rc == PT_OK)
        rc = pt_appender_open(&w.appender, c, "identity", "new_links", err);
    for (size_t i = 0; rc == PT_OK && i < n; i++)
        if ((rc = append_pair(&w, &pairs[i], err)) == PT_OK && i % 4096 == 0)
            rc = pt_cancel_check(options->cancel, err);
    if (w.appender) {
        pt_rc closed = pt_appender_close(w.appender, rc == PT_OK ? err : NULL);
        rc = rc == PT_OK ? closed : rc;
    }
    pt_link_explainer_free(w.explainer);
    pt_arena_free(w.scratch);
    return rc;
}

static pt_rc write_links(const pt_linking *l, const pt_linking_options *options, pt_conn *c, pt_resolve_stats *stats,
                         pt_arena *arena, pt_err *err)
{
    const pt_link_pair *edges;
    size_t n;

    PT_TRY(pt_linking_edges(&edges, &n, l, arena, err));
    stats->likenesses = n;
    PT_TRY(write_pairs(l, edges, n, options, c, err));
    return pt_exec_text(c,
                        "INSERT INTO temp.resolve_links SELECT a_type, a_value, b_type, b_value, '" RESOLVE_LINK
                        "', rule, score FROM identity.new_links; DROP TABLE identity.new_links",
                        err);
}

/* What people are asked about, and what may be enough for some purposes. */
static pt_rc write_likely(const pt_linking *l, const pt_linking_options *options, pt_conn *c, pt_resolve_stats *stats,
                          pt_arena *arena, pt_err *err)
{
    const pt_link_pair *pairs;
    pt_sql q = {0};
    size_t n;

    PT_TRY(pt_linking_likely(&pairs, &n, l, arena, err));
    stats->to_review = n;
    PT_TRY(write_pairs(l, pairs, n, options, c, err));
    pt_sql_kw(&q, "INSERT INTO identity.likely SELECT *,");
    pt_sql_bind_int(&q, stats->build);
    pt_sql_kw(&q, "FROM identity.new_links");
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc == PT_OK ? pt_exec_text(c, "DROP TABLE identity.new_links", err) : rc;
}

/* A project whose data is not there yet is no reason to stop a build. */
static bool is_idle(pt_rc rc, const pt_err *own, pt_resolve_stats *stats)
{
    if (rc != PT_EINVAL)
        return false;
    snprintf(stats->link_reason, sizeof stats->link_reason, "%s", own->msg);
    return true;
}

pt_rc resolve_link(pt_linking **out, pt_resolve_stats *stats, const pt_project *p, pt_conn *c,
                   const pt_linking_options *options, pt_arena *arena, pt_err *err)
{
    pt_err own = {0};

    *out = NULL;
    PT_TRY(pt_exec_text(c, "DELETE FROM identity.likely", err));
    if (!p->link || !p->link->on)
        return PT_OK;
    stats->linked = true;
    pt_rc rc = pt_linking_run(out, p, c, options, &own);
    if (is_idle(rc, &own, stats))
        return PT_OK;
    if (rc != PT_OK) {
        if (err)
            *err = own;
        return rc;
    }
    stats->records = (*out)->n;
    stats->pairs = (*out)->n_pairs;
    PT_TRY(write_links(*out, options, c, stats, arena, err));
    return write_likely(*out, options, c, stats, arena, err);
}
