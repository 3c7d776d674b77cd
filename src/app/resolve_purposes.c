/* Who is who for each purpose: the graph settled once more with the links that are sure enough for it, set against the customers
 * that the build has settled (docs/purposes.md). */
#include <stdlib.h>

#include "app/linking_int.h"
#include "app/resolve_int.h"
#include "base/mem.h"
#include "base/roots.h"

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS identity.purposes(purpose VARCHAR, least DOUBLE);"
    "CREATE TABLE IF NOT EXISTS identity.same_person(purpose VARCHAR, ordinal UINTEGER, person UINTEGER);"
    "CREATE TABLE IF NOT EXISTS identity.withheld(purpose VARCHAR, type VARCHAR, value VARCHAR, ordinal UINTEGER);"
    "DELETE FROM identity.purposes; DELETE FROM identity.same_person; DELETE FROM identity.withheld";

void resolve_add_purposes(pt_str *out, const pt_identity_config *config)
{
    for (size_t i = 0; i < config->n_purposes; i++)
        pt_str_addf(out, "purpose %s %.17g\n", config->purposes[i].name, config->purposes[i].least);
}

/* One purpose, being settled. Customers are those of the build; groups are what the purpose makes of their identifiers. */
typedef struct settling {
    const pt_project *project;
    const pt_purpose *purpose;
    resolve_state state;
    const pt_id_result *result;
    uint32_t *person;    /* by customer: as union-find, the oldest at the root */
    uint32_t *strongest; /* by customer: its strongest identifier, a node; PT_ID_NONE: it has none now */
    uint32_t *first;     /* by group: its first customer; PT_ID_NONE: none yet */
} settling;

static bool is_seen(const settling *s, uint32_t node)
{
    return node < s->state.n_nodes && s->result->node_ordinal[node] != PT_ID_NONE;
}

static uint32_t customer_of(const settling *s, uint32_t node)
{
    return s->state.forward[s->state.home[node]];
}

/* --- persons: customers that share a group ------------------------------------------------------------------------------ */

static void join_customers(settling *s)
{
    for (uint32_t node = 0; node < s->state.n_nodes; node++) {
        if (!is_seen(s, node))
            continue;
        uint32_t *first = &s->first[s->result->node_ordinal[node]];
        if (*first == PT_ID_NONE)
            *first = customer_of(s, node);
        pt_roots_join(s->person, *first, customer_of(s, node));
    }
}

static pt_rc save_persons(settling *s, pt_conn *c, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, c, "identity", "same_person", err));
    for (uint32_t o = 0; o < s->state.n_customers; o++) {
        uint32_t person = pt_root(s->person, o);
        if (person == o)
            continue;
        pt_append_text(a, pt_sv_of(s->purpose->name));
        pt_append_uint32(a, o);
        pt_append_uint32(a, person);
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

/* --- identifiers that are not sure enough --------------------------------------------------------------------------------- */

static bool is_stronger(const settling *s, uint32_t a, uint32_t b)
{
    uint32_t x, y;
    pt_sv a_value = pt_identity_node_value(s->state.graph, a, &x),
          b_value = pt_identity_node_value(s->state.graph, b, &y);

    return resolve_is_stronger(s->project, x, a_value, y, b_value);
}

static void find_strongest(settling *s)
{
    for (uint32_t node = 0; node < s->state.n_nodes; node++) {
        if (!is_seen(s, node))
            continue;
        uint32_t *strongest = &s->strongest[customer_of(s, node)];
        if (*strongest == PT_ID_NONE || is_stronger(s, node, *strongest))
            *strongest = node;
    }
}

/* A customer is who its strongest identifier is; the others are sure enough when the purpose puts them with it. */
static pt_rc save_withheld(settling *s, pt_conn *c, pt_err *err)
{
    const uint32_t *group = s->result->node_ordinal;
    pt_appender *a;

    find_strongest(s);
    PT_TRY(pt_appender_open(&a, c, "identity", "withheld", err));
    for (uint32_t node = 0; node < s->state.n_nodes; node++) {
        uint32_t type;
        if (!is_seen(s, node) || group[node] == group[s->strongest[customer_of(s, node)]])
            continue;
        pt_sv value = pt_identity_node_value(s->state.graph, node, &type);
        pt_append_text(a, pt_sv_of(s->purpose->name));
        pt_append_text(a, pt_sv_of(s->project->identity.types[type].name));
        pt_append_text(a, value);
        pt_append_uint32(a, customer_of(s, node));
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

/* --- one purpose ------------------------------------------------------------------------------------------------------------ */

static pt_rc save_purpose(const pt_purpose *purpose, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "INSERT INTO identity.purposes VALUES (");
    pt_sql_bind_text(&q, pt_sv_of(purpose->name));
    pt_sql_kw(&q, ",");
    pt_sql_bind_double(&q, purpose->least);
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc compare(settling *s, pt_conn *c, pt_err *err)
{
    size_t customers = s->state.n_customers + 1, groups = (size_t)s->result->n_customers + 1;

    s->person = calloc(customers, sizeof *s->person);
    s->strongest = calloc(customers, sizeof *s->strongest);
    s->first = calloc(groups, sizeof *s->first);
    if (!s->person || !s->strongest || !s->first)
        return pt_fail_nomem(err, "purposes");
    for (uint32_t o = 0; o < customers; o++) {
        s->person[o] = o;
        s->strongest[o] = PT_ID_NONE;
    }
    for (size_t g = 0; g < groups; g++)
        s->first[g] = PT_ID_NONE;
    join_customers(s);
    PT_TRY(save_persons(s, c, err));
    PT_TRY(save_withheld(s, c, err));
    return save_purpose(s->purpose, c, err);
}

static pt_rc settle_purpose(const pt_purpose *purpose, const pt_project *p, const pt_decisions *d, const pt_linking *l,
                            uint32_t build, pt_conn *c, pt_cancel *cancel, pt_err *err)
{
    settling s = {.project = p, .purpose = purpose};
    pt_rc rc = resolve_load(&s.state, p, d, purpose->least, c, cancel, err);

    if (rc == PT_OK && l)
        rc = linking_tell(s.state.graph, l, err);
    if (rc == PT_OK)
        rc = pt_identity_resolve(&s.result, s.state.graph, build, err);
    if (rc == PT_OK)
        rc = compare(&s, c, err);
    resolve_state_free(&s.state);
    free(s.person);
    free(s.strongest);
    free(s.first);
    return rc;
}

pt_rc resolve_purposes(const pt_project *p, const pt_decisions *d, const pt_linking *l, uint32_t build, pt_conn *c,
                       pt_cancel *cancel, pt_err *err)
{
    PT_TRY(pt_exec_text(c, tables, err));
    for (size_t i = 0; i < p->identity.n_purposes; i++) {
        PT_TRY(pt_cancel_check(cancel, err));
        PT_TRY(settle_purpose(&p->identity.purposes[i], p, d, l, build, c, cancel, err));
    }
    return PT_OK;
}
