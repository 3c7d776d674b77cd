/* Between the tables of schema `identity` and the graph: all of the state in, only what changed out. */
#include <stdlib.h>

#include "app/resolve_int.h"

/* --- in ----------------------------------------------------------------------------------------------------------- */

int resolve_type_of(const pt_project *p, pt_sv name)
{
    for (size_t t = 0; t < p->identity.n_types; t++)
        if (pt_sv_eq(name, pt_sv_of(p->identity.types[t].name)))
            return (int)t;
    return -1;
}

pt_rc resolve_new_graph(pt_identity **out, const pt_project *p, pt_err *err)
{
    const pt_identity_config *config = &p->identity;
    pt_id_type types[PT_ID_TYPES_MAX];

    if (config->n_types > PT_ID_TYPES_MAX)
        return pt_fail(err, PT_EINVAL, "%zu identifier types; there may be %d", config->n_types, PT_ID_TYPES_MAX);
    for (size_t t = 0; t < config->n_types; t++)
        types[t] = (pt_id_type){config->types[t].name, config->types[t].priority, config->types[t].limit};
    return pt_identity_new(out, &(pt_id_options){types, config->n_types, config->max_component}, err);
}

static const pt_sv *texts(const pt_rows *rows, size_t column)
{
    return rows->cells[column].data;
}

static const uint32_t *numbers(const pt_rows *rows, size_t column)
{
    PT_ASSERT(rows->cells[column].form == PT_CELLS_U32);
    return rows->cells[column].data;
}

typedef pt_rc rows_fn(resolve_state *s, const pt_rows *rows, pt_err *err);

static pt_rc each_batch(resolve_state *s, const char *sql, rows_fn *take, pt_conn *c, pt_cancel *cancel, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur = NULL;
    const pt_rows *rows;
    pt_rc rc;

    pt_sql_kw(&q, sql);
    rc = pt_query(&cur, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        if ((rc = pt_cancel_check(cancel, err)) == PT_OK)
            rc = take(s, rows, err);
    pt_cursor_close(cur);
    pt_sql_free(&q);
    return rc;
}

static pt_rc take_customers(resolve_state *s, const pt_rows *rows, pt_err *err)
{
    const uint32_t *ordinal = numbers(rows, 0), *born = numbers(rows, 2), *forward = numbers(rows, 3);

    if (!pt_grow(&s->forward, &s->cap_forward, s->n_customers + rows->n, sizeof *s->forward))
        return pt_fail_nomem(err, "customers");
    for (size_t i = 0; i < rows->n; i++) {
        if (ordinal[i] != s->n_customers)
            return pt_fail(err, PT_ECORRUPT, "the table of customers has number %u where %zu should be", ordinal[i],
                           s->n_customers);
        PT_TRY(pt_identity_add_customer(s->graph, texts(rows, 1)[i], born[i], forward[i], err));
        s->forward[s->n_customers++] = forward[i];
    }
    return PT_OK;
}

static pt_rc take_nodes(resolve_state *s, const pt_rows *rows, pt_err *err)
{
    const uint32_t *home = numbers(rows, 2);

    if (!pt_grow(&s->home, &s->cap_home, s->n_nodes + rows->n, sizeof *s->home))
        return pt_fail_nomem(err, "identifiers");
    for (size_t i = 0; i < rows->n; i++) {
        int type = resolve_type_of(s->project, texts(rows, 0)[i]);
        if (type < 0) /* no source uses it any more; it keeps its home until one does again */
            continue;
        PT_TRY(pt_identity_add_node(s->graph, (uint32_t)type, texts(rows, 1)[i], home[i], err));
        s->home[s->n_nodes++] = home[i];
    }
    return PT_OK;
}

static pt_rc see(resolve_state *s, uint32_t *node, pt_sv type_name, pt_sv value, pt_err *err)
{
    int type = resolve_type_of(s->project, type_name);

    PT_ASSERT(type >= 0);
    return pt_identity_see(s->graph, (uint32_t)type, value, node, err);
}

static pt_rc take_lone(resolve_state *s, const pt_rows *rows, pt_err *err)
{
    uint32_t node;

    for (size_t i = 0; i < rows->n; i++)
        PT_TRY(see(s, &node, texts(rows, 0)[i], texts(rows, 1)[i], err));
    return PT_OK;
}

static pt_rc take_links(resolve_state *s, const pt_rows *rows, pt_err *err)
{
    const double *score = rows->cells[4].data;
    const uint32_t *since = numbers(rows, 5);
    uint32_t a, b;

    for (size_t i = 0; i < rows->n; i++) {
        if (score[i] < s->least)
            continue;
        PT_TRY(see(s, &a, texts(rows, 0)[i], texts(rows, 1)[i], err));
        PT_TRY(see(s, &b, texts(rows, 2)[i], texts(rows, 3)[i], err));
        PT_TRY(pt_identity_link(s->graph, a, b, score[i], since[i], err));
    }
    return PT_OK;
}

pt_rc resolve_load(resolve_state *s, const pt_project *p, const pt_decisions *d, double least, pt_conn *c,
                   pt_cancel *cancel, pt_err *err)
{
    static const struct {
        const char *sql;
        rows_fn *take;
    } tables[] = {
        {"SELECT ordinal, id, born_build, forward FROM identity.customers ORDER BY ordinal", take_customers},
        {"SELECT type, value, home FROM identity.nodes", take_nodes},
        {"SELECT type, value FROM temp.resolve_lone", take_lone},
        {"SELECT a_type, a_value, b_type, b_value, score, since_build FROM identity.standing"
         " WHERE source <> '" RESOLVE_HAND "'",
         take_links},
        {"SELECT a_type, a_value, b_type, b_value, score, build FROM identity.likely", take_links},
    };

    *s = (resolve_state){.project = p, .least = least};
    PT_TRY(resolve_new_graph(&s->graph, p, err));
    for (size_t i = 0; i < PT_COUNT(tables) - (least == 0); i++)
        PT_TRY(each_batch(s, tables[i].sql, tables[i].take, c, cancel, err));
    return resolve_decide(s->graph, d, p, err);
}

void resolve_state_free(resolve_state *s)
{
    pt_identity_free(s->graph);
    free(s->forward);
    free(s->home);
}

/* --- out ---------------------------------------------------------------------------------------------------------- */

static const char *type_name(const resolve_state *s, uint32_t type)
{
    return s->project->identity.types[type].name;
}

static void append_node(pt_appender *a, const resolve_state *s, uint32_t node)
{
    uint32_t type;
    pt_sv value = pt_identity_node_value(s->graph, node, &type);

    pt_append_text(a, pt_sv_of(type_name(s, type)));
    pt_append_text(a, value);
}

static pt_rc save_new_customers(const resolve_state *s, const pt_id_result *r, pt_conn *c, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, c, "identity", "customers", err));
    for (uint32_t o = (uint32_t)s->n_customers; o < r->n_customers; o++) {
        pt_append_uint32(a, o);
        pt_append_text(a, pt_id_sv(&r->ids[o]));
        pt_append_uint32(a, r->born[o]);
        pt_append_uint32(a, r->forward[o]);
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

/* Changes go through a table that lives as long as the transaction: a bulk insert does not reach temporary ones. */
static pt_rc save_forwards(const resolve_state *s, const pt_id_result *r, uint32_t build, pt_conn *c, pt_err *err)
{
    pt_appender *a;
    size_t changed = 0;

    PT_TRY(pt_exec_text(c,
                        "CREATE OR REPLACE TABLE identity.new_forwards(ordinal UINTEGER, forward UINTEGER,"
                        " build UINTEGER)",
                        err));
    PT_TRY(pt_appender_open(&a, c, "identity", "new_forwards", err));
    for (uint32_t o = 0; o < s->n_customers; o++) {
        if (r->forward[o] == s->forward[o])
            continue;
        pt_append_uint32(a, o);
        pt_append_uint32(a, r->forward[o]);
        pt_append_uint32(a, build);
        pt_append_end_row(a);
        changed++;
    }
    PT_TRY(pt_appender_close(a, err));
    if (changed)
        PT_TRY(pt_exec_text(c,
                            "UPDATE identity.customers AS t SET forward = n.forward FROM identity.new_forwards AS n"
                            " WHERE t.ordinal = n.ordinal;"
                            "INSERT INTO identity.forwarded SELECT ordinal, forward, build FROM identity.new_forwards",
                            err));
    return pt_exec_text(c, "DROP TABLE identity.new_forwards", err);
}

static pt_rc save_new_nodes(const resolve_state *s, const pt_id_result *r, uint32_t build, pt_conn *c, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, c, "identity", "nodes", err));
    for (uint32_t node = (uint32_t)s->n_nodes; node < r->n_nodes; node++) {
        if (r->node_home[node] == PT_ID_NONE) /* only a decision names it */
            continue;
        append_node(a, s, node);
        pt_append_uint32(a, r->node_home[node]);
        pt_append_uint32(a, build);
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

static pt_rc save_homes(const resolve_state *s, const pt_id_result *r, uint32_t build, pt_conn *c, pt_err *err)
{
    pt_appender *a;
    size_t changed = 0;

    PT_TRY(pt_exec_text(c,
                        "CREATE OR REPLACE TABLE identity.new_homes(type VARCHAR, value VARCHAR, home UINTEGER,"
                        " build UINTEGER, was UINTEGER)",
                        err));
    PT_TRY(pt_appender_open(&a, c, "identity", "new_homes", err));
    for (uint32_t node = 0; node < s->n_nodes; node++) {
        if (r->node_home[node] == s->home[node])
            continue;
        append_node(a, s, node);
        pt_append_uint32(a, r->node_home[node]);
        pt_append_uint32(a, build);
        pt_append_uint32(a, s->home[node]);
        pt_append_end_row(a);
        changed++;
    }
    PT_TRY(pt_appender_close(a, err));
    if (changed)
        PT_TRY(pt_exec_text(c,
                            "UPDATE identity.nodes AS t SET home = n.home FROM identity.new_homes AS n"
                            " WHERE t.type = n.type AND t.value = n.value;"
                            "INSERT INTO identity.rehomed SELECT type, value, home, build, was FROM identity.new_homes",
                            err));
    return pt_exec_text(c, "DROP TABLE identity.new_homes", err);
}

static const char *const reasons[] = {
    [PT_ID_OVER_LIMIT] = "over limit", [PT_ID_TOO_LARGE] = "too large",      [PT_ID_APART] = "kept apart",
    [PT_ID_PINNED] = "pinned",         [PT_ID_OTHER_FACT] = "another value", [PT_ID_CONTRADICTED] = "contradicted"};

static void append_number_or_null(pt_appender *a, uint32_t number)
{
    if (number)
        pt_append_uint32(a, number);
    else
        pt_append_null(a);
}

static void append_refused(pt_appender *a, const resolve_state *s, const pt_id_refused *f, uint32_t build)
{
    append_node(a, s, f->a);
    append_node(a, s, f->b);
    pt_append_text(a, pt_sv_of(reasons[f->reason]));
    append_number_or_null(a, f->size);
    if (f->reason == PT_ID_OVER_LIMIT)
        pt_append_text(a, pt_sv_of(type_name(s, f->type)));
    else
        pt_append_null(a);
    pt_append_uint32(a, build);
    append_number_or_null(a, f->decision);
    append_number_or_null(a, f->because);
    pt_append_end_row(a);
}

static pt_rc save_refused(const resolve_state *s, const pt_id_result *r, uint32_t build, pt_conn *c, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_exec_text(c, "DELETE FROM identity.refused", err));
    PT_TRY(pt_appender_open(&a, c, "identity", "refused", err));
    for (size_t i = 0; i < r->n_refused; i++)
        append_refused(a, s, &r->refused[i], build);
    return pt_appender_close(a, err);
}

pt_rc resolve_save(const resolve_state *s, const pt_id_result *r, uint32_t build, pt_conn *c, pt_err *err)
{
    PT_TRY(save_forwards(s, r, build, c, err));
    PT_TRY(save_new_customers(s, r, c, err));
    PT_TRY(save_homes(s, r, build, c, err));
    PT_TRY(save_new_nodes(s, r, build, c, err));
    return save_refused(s, r, build, c, err);
}
