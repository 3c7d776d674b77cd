/* Statements of the resolve stage over schema `identity` (docs/identity.md, "In the store"). */
#include "app/circles.h"
#include "app/resolve_int.h"

#define LINK "a_type, a_value, b_type, b_value, source"

static const char tables[] =
    "CREATE SCHEMA IF NOT EXISTS identity;"
    "CREATE TABLE IF NOT EXISTS identity.edges(a_type VARCHAR, a_value VARCHAR, b_type VARCHAR, b_value VARCHAR,"
    " source VARCHAR, rule VARCHAR, score DOUBLE, since_build UINTEGER);"
    "CREATE TABLE IF NOT EXISTS identity.withdrawn(a_type VARCHAR, a_value VARCHAR, b_type VARCHAR, b_value VARCHAR,"
    " source VARCHAR, since_build UINTEGER, build UINTEGER);"
    "CREATE TABLE IF NOT EXISTS identity.nodes(type VARCHAR, value VARCHAR, home UINTEGER, since_build UINTEGER);"
    "CREATE TABLE IF NOT EXISTS identity.customers(ordinal UINTEGER, id VARCHAR, born_build UINTEGER, forward "
    "UINTEGER);"
    "CREATE TABLE IF NOT EXISTS identity.refused(a_type VARCHAR, a_value VARCHAR, b_type VARCHAR, b_value VARCHAR,"
    " reason VARCHAR, size UINTEGER, limited_type VARCHAR, build UINTEGER);"
    "ALTER TABLE identity.refused ADD COLUMN IF NOT EXISTS decision UINTEGER;"
    "ALTER TABLE identity.refused ADD COLUMN IF NOT EXISTS because UINTEGER;"
    "CREATE TABLE IF NOT EXISTS identity.builds(build UINTEGER, inputs VARCHAR, directory VARCHAR);"
    "ALTER TABLE identity.builds ADD COLUMN IF NOT EXISTS built_at TIMESTAMPTZ;"
    "CREATE TABLE IF NOT EXISTS identity.forwarded(ordinal UINTEGER, forward UINTEGER, build UINTEGER);"
    "CREATE TABLE IF NOT EXISTS identity.rehomed(type VARCHAR, value VARCHAR, home UINTEGER, build UINTEGER);"
    "CREATE TABLE IF NOT EXISTS identity.likely(a_type VARCHAR, a_value VARCHAR, b_type VARCHAR, b_value VARCHAR,"
    " rule VARCHAR, score DOUBLE, build UINTEGER);"
    "ALTER TABLE identity.rehomed ADD COLUMN IF NOT EXISTS was UINTEGER;"
    "CREATE VIEW IF NOT EXISTS identity.members AS SELECT n.type, n.value, c.forward AS ordinal"
    " FROM identity.nodes AS n JOIN identity.customers AS c ON c.ordinal = n.home;"
    "CREATE VIEW IF NOT EXISTS identity.standing AS SELECT * FROM identity.edges ANTI JOIN identity.withdrawn"
    " USING (" LINK ", since_build);";

static const char drop_gathered[] = "DROP TABLE IF EXISTS temp.resolve_links; DROP TABLE IF EXISTS temp.resolve_lone;"
                                    "DROP TABLE IF EXISTS temp.resolve_rows; DROP TABLE IF EXISTS temp.resolve_hand;";

pt_rc resolve_prepare(pt_conn *c, pt_err *err)
{
    PT_TRY(pt_exec_text(c, tables, err));
    return pt_decisions_prepare(c, err);
}

pt_rc resolve_drop_gathered(pt_conn *c, pt_err *err)
{
    return pt_exec_text(c, drop_gathered, err);
}

/* --- identifier types of a source --------------------------------------------------------------------------------- */

bool resolve_has_customers(const pt_source *s)
{
    return s->n_identifiers > 0;
}

static const pt_identifier_type *type_named(const pt_project *p, const char *name)
{
    for (size_t t = 0; t < p->identity.n_types; t++)
        if (strcmp(p->identity.types[t].name, name) == 0)
            return &p->identity.types[t];
    return NULL;
}

static bool is_stronger(const pt_project *p, const char *a, const char *b)
{
    const pt_identifier_type *x = type_named(p, a), *y = type_named(p, b);

    PT_ASSERT(x && y); /* the loader lists every type that a source uses */
    return x->priority != y->priority ? x->priority < y->priority : strcmp(a, b) < 0;
}

bool resolve_is_stronger(const pt_project *p, uint32_t a_type, pt_sv a, uint32_t b_type, pt_sv b)
{
    if (a_type == b_type)
        return pt_sv_cmp(a, b) < 0;
    return is_stronger(p, p->identity.types[a_type].name, p->identity.types[b_type].name);
}

static bool has_name(const resolve_types *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->names[i], name) == 0)
            return true;
    return false;
}

void resolve_source_types(resolve_types *out, const pt_project *p, size_t source)
{
    const pt_source *s = &p->sources[source];

    out->n = 0;
    for (size_t i = 0; i < s->n_identifiers && out->n < PT_ID_TYPES_MAX; i++) {
        const char *name = s->identifiers[i].type;
        size_t at = out->n;
        if (has_name(out, name))
            continue;
        for (; at > 0 && is_stronger(p, name, out->names[at - 1]); at--)
            out->names[at] = out->names[at - 1];
        out->names[at] = name;
        out->n++;
    }
}

void resolve_add_identifier(pt_sql *q, const char *table, const char *type)
{
    pt_str name = {0};

    pt_str_add(&name, "_id_");
    pt_str_add(&name, type);
    q->text.failed |= name.failed;
    if (table) {
        pt_sql_ident(q, table);
        pt_sql_kw(q, ".");
    }
    pt_sql_ident(q, pt_str_cstr(&name));
    pt_str_free(&name);
}

static void add_rows(pt_sql *q, const pt_project *p, size_t source)
{
    pt_sql_kw(q, "clean.");
    pt_sql_ident(q, p->sources[source].name);
}

/* --- what rows say ------------------------------------------------------------------------------------------------ */

static pt_rc run(pt_sql *q, pt_conn *c, pt_err *err)
{
    pt_rc rc = pt_exec(c, q, NULL, err);

    pt_sql_free(q);
    return rc;
}

/* The distinct combinations of identifiers in a source. */
static pt_rc gather_rows(const resolve_types *t, const pt_project *p, size_t source, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE OR REPLACE TEMP TABLE resolve_rows AS SELECT DISTINCT");
    for (size_t i = 0; i < t->n; i++) {
        pt_sql_kw(&q, i ? "," : "");
        resolve_add_identifier(&q, NULL, t->names[i]);
    }
    pt_sql_kw(&q, "FROM");
    add_rows(&q, p, source);
    return run(&q, c, err);
}

static void add_condition(pt_sql *q, const char *type, bool present)
{
    resolve_add_identifier(q, NULL, type);
    pt_sql_kw(q, present ? "IS NOT NULL" : "IS NULL");
}

/* Identifiers that are alone in their row. */
static pt_rc gather_lone(const resolve_types *t, size_t i, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "INSERT INTO temp.resolve_lone SELECT DISTINCT");
    pt_sql_text(&q, pt_sv_of(t->names[i]));
    pt_sql_kw(&q, ",");
    resolve_add_identifier(&q, NULL, t->names[i]);
    pt_sql_kw(&q, "FROM temp.resolve_rows WHERE true");
    for (size_t k = 0; k < t->n; k++) {
        pt_sql_kw(&q, "AND");
        add_condition(&q, t->names[k], k == i);
    }
    return run(&q, c, err);
}

/* Links of type `i` to type `j` in the rows in which `i` is the strongest. */
static pt_rc gather_links(const resolve_types *t, size_t i, size_t j, const char *source, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "INSERT INTO temp.resolve_links SELECT DISTINCT");
    pt_sql_text(&q, pt_sv_of(t->names[i]));
    pt_sql_kw(&q, ",");
    resolve_add_identifier(&q, NULL, t->names[i]);
    pt_sql_kw(&q, ",");
    pt_sql_text(&q, pt_sv_of(t->names[j]));
    pt_sql_kw(&q, ",");
    resolve_add_identifier(&q, NULL, t->names[j]);
    pt_sql_kw(&q, ",");
    pt_sql_text(&q, pt_sv_of(source));
    pt_sql_kw(&q, ", 'same row', 1 FROM temp.resolve_rows WHERE");
    add_condition(&q, t->names[j], true);
    for (size_t k = 0; k <= i; k++) {
        pt_sql_kw(&q, "AND");
        add_condition(&q, t->names[k], k == i);
    }
    return run(&q, c, err);
}

static pt_rc gather_source(const pt_project *p, size_t source, pt_conn *c, pt_err *err)
{
    resolve_types t;

    resolve_source_types(&t, p, source);
    PT_TRY(gather_rows(&t, p, source, c, err));
    for (size_t i = 0; i < t.n; i++) {
        PT_TRY(gather_lone(&t, i, c, err));
        for (size_t j = i + 1; j < t.n; j++)
            PT_TRY(gather_links(&t, i, j, p->sources[source].name, c, err));
    }
    return PT_OK;
}

pt_rc resolve_gather(const pt_project *p, pt_conn *c, pt_cancel *cancel, pt_err *err)
{
    PT_TRY(resolve_drop_gathered(c, err));
    PT_TRY(pt_exec_text(c,
                        "CREATE TEMP TABLE resolve_links(a_type VARCHAR, a_value VARCHAR, b_type VARCHAR,"
                        " b_value VARCHAR, source VARCHAR, rule VARCHAR, score DOUBLE);"
                        "CREATE TEMP TABLE resolve_lone(type VARCHAR, value VARCHAR)",
                        err));
    for (size_t s = 0; s < p->n_sources; s++) {
        PT_TRY(pt_cancel_check(cancel, err));
        if (resolve_has_customers(&p->sources[s]))
            PT_TRY(gather_source(p, s, c, err));
    }
    return PT_OK;
}

/* --- the log of links --------------------------------------------------------------------------------------------- */

/* Sure links, or those of likeness: the one are known before the other are looked for. */
static void add_which(pt_sql *q, bool sure)
{
    pt_sql_kw(q, sure ? "WHERE score >= 1" : "WHERE score < 1");
}

static pt_rc withdraw(uint64_t *changed, bool sure, uint32_t build, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    int64_t n = 0;
    pt_rc rc;

    pt_sql_kw(&q, "INSERT INTO identity.withdrawn SELECT " LINK ", since_build,");
    pt_sql_bind_int(&q, build);
    pt_sql_kw(&q, "FROM (SELECT * FROM identity.standing");
    add_which(&q, sure);
    pt_sql_kw(&q, ") ANTI JOIN temp.resolve_links USING (" LINK ", rule, score)");
    rc = pt_exec(c, &q, &n, err);
    *changed += (uint64_t)n;
    pt_sql_free(&q);
    return rc;
}

static pt_rc append(uint64_t *changed, bool sure, uint32_t build, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    int64_t n = 0;
    pt_rc rc;

    pt_sql_kw(&q, "INSERT INTO identity.edges SELECT " LINK ", rule, score,");
    pt_sql_bind_int(&q, build);
    pt_sql_kw(&q, "FROM (SELECT * FROM temp.resolve_links");
    add_which(&q, sure);
    pt_sql_kw(&q, ") ANTI JOIN identity.standing USING (" LINK ", rule, score)");
    rc = pt_exec(c, &q, &n, err);
    *changed += (uint64_t)n;
    pt_sql_free(&q);
    return rc;
}

pt_rc resolve_record(pt_resolve_stats *stats, bool sure, uint32_t build, pt_conn *c, pt_err *err)
{
    PT_TRY(withdraw(&stats->links_withdrawn, sure, build, c, err));
    return append(&stats->links_added, sure, build, c, err);
}

/* --- rows and their customers ------------------------------------------------------------------------------------- */

void resolve_add_strongest(pt_sql *q, const resolve_types *t, bool value)
{
    pt_sql_kw(q, "CASE");
    for (size_t i = 0; i < t->n; i++) {
        pt_sql_kw(q, "WHEN");
        resolve_add_identifier(q, "s", t->names[i]);
        pt_sql_kw(q, "IS NOT NULL THEN");
        if (value)
            resolve_add_identifier(q, "s", t->names[i]);
        else
            pt_sql_text(q, pt_sv_of(t->names[i]));
    }
    pt_sql_kw(q, "END");
}

void pt_resolve_join(pt_sql *q, const pt_project *p, size_t source)
{
    resolve_types t;

    if (p->sources[source].circle) {
        pt_circle_rows(q, p->sources[source].circle);
        return;
    }
    resolve_source_types(&t, p, source);
    PT_ASSERT(t.n > 0);
    pt_sql_kw(q, "SELECT n.ordinal AS _ordinal, s.* FROM");
    add_rows(q, p, source);
    pt_sql_kw(q, "AS s JOIN identity.members AS n ON n.type =");
    if (t.n == 1) { /* a constant, so that the engine leaves other types' identifiers out of the join */
        pt_sql_text(q, pt_sv_of(t.names[0]));
        pt_sql_kw(q, "AND n.value =");
        resolve_add_identifier(q, "s", t.names[0]);
        return;
    }
    resolve_add_strongest(q, &t, false);
    pt_sql_kw(q, "AND n.value =");
    resolve_add_strongest(q, &t, true);
}

pt_rc pt_resolve_unplaced(uint64_t *out, const pt_project *p, size_t source, pt_conn *c, pt_err *err)
{
    resolve_types t;
    pt_sql q = {0};
    int64_t n = 0;
    pt_rc rc;

    *out = 0;
    if (p->sources[source].circle)
        return PT_OK;
    resolve_source_types(&t, p, source);
    pt_sql_kw(&q, "SELECT count(*) FROM");
    add_rows(&q, p, source);
    pt_sql_kw(&q, "WHERE true");
    for (size_t i = 0; i < t.n; i++) {
        pt_sql_kw(&q, "AND");
        add_condition(&q, t.names[i], false);
    }
    rc = pt_query_int(&n, c, &q, err);
    *out = (uint64_t)n;
    pt_sql_free(&q);
    return rc;
}
