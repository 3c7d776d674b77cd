#include "app/identity_checkup.h"

#include "app/linking.h"
#include "app/resolve_int.h"

/* Fewer records seldom have enough pairs of one person to learn from. */
enum { FEW_RECORDS = 100 };
/* More are not read for a check of health: a build has compared them. */
enum { MOST_READ = 20000 };

typedef struct checkup {
    const pt_project *p;
    pt_conn *c;
    pt_arena *arena;
    pt_health *health;
} checkup;

static const char *say(const checkup *x, pt_health health, const char *text)
{
    *x->health = health;
    return text;
}

static pt_rc count(int64_t *out, pt_conn *c, const char *sql)
{
    pt_sql q = {0};

    pt_sql_kw(&q, sql);
    pt_rc rc = pt_query_int(out, c, &q, NULL);
    pt_sql_free(&q);
    return rc;
}

/* --- what the tables hold ---------------------------------------------------------------------------------------------------- */

static const char likely_sql[] =
    "SELECT count(*) FROM identity.likely WHERE a_type IS NULL OR a_value IS NULL OR b_type IS NULL OR b_value IS NULL"
    " OR (a_type = b_type AND a_value = b_value) OR rule IS NULL OR build IS NULL OR NOT coalesce(score > 0"
    " AND score < 1, false)";

static const char *check_likely(const checkup *x)
{
    int64_t bad;

    if (count(&bad, x->c, likely_sql) != PT_OK)
        return say(x, PT_HEALTH_FAIL, "table identity.likely is missing or has other columns");
    return bad ? say(x, PT_HEALTH_FAIL,
                     pt_arena_printf(x->arena, "%lld rows of identity.likely make no sense", (long long)bad))
               : NULL;
}

static const char links_sql[] =
    "SELECT count(*) FROM identity.standing WHERE source = '" RESOLVE_LINK "' AND (a_type IS NULL OR a_value IS NULL"
    " OR b_type IS NULL OR b_value IS NULL OR NOT coalesce(score > 0 AND score < 1, false))";

/* Ends of links of likeness that are the strongest identifier of no row. */
static void add_strays(pt_sql *q, const pt_project *p)
{
    const char *between = "";

    pt_sql_kw(q, "SELECT count(*) FROM (SELECT a_type AS t, a_value AS v FROM identity.standing WHERE source = "
                 "'" RESOLVE_LINK "' UNION SELECT b_type, b_value FROM identity.standing WHERE source = "
                 "'" RESOLVE_LINK "') AS e ANTI JOIN (");
    for (size_t s = 0; s < p->n_sources; s++) {
        resolve_types types;
        if (p->sources[s].kind != PT_SOURCE_RECORD || !resolve_has_customers(&p->sources[s]))
            continue;
        resolve_source_types(&types, p, s);
        pt_sql_kw(q, between);
        pt_sql_kw(q, "SELECT");
        resolve_add_strongest(q, &types, false);
        pt_sql_kw(q, "AS t,");
        resolve_add_strongest(q, &types, true);
        pt_sql_kw(q, "AS v FROM clean.");
        pt_sql_ident(q, p->sources[s].name);
        pt_sql_kw(q, "AS s");
        between = "UNION ALL";
    }
    pt_sql_kw(q, between[0] ? ") AS r USING (t, v)" : "SELECT '' AS t, '' AS v) AS r USING (t, v)");
}

/* Of a project that has changed since the last build nothing is said: the build sees to it. */
static const char *check_links(const checkup *x)
{
    int64_t bad = 0;
    pt_sql q = {0};

    if (count(&bad, x->c, links_sql) == PT_OK && bad)
        return say(x, PT_HEALTH_FAIL, pt_arena_printf(x->arena, "%lld links make no sense", (long long)bad));
    add_strays(&q, x->p);
    pt_rc rc = pt_query_int(&bad, x->c, &q, NULL);
    pt_sql_free(&q);
    return rc == PT_OK && bad ? say(x, PT_HEALTH_WARN,
                                    pt_arena_printf(x->arena, "links hold %lld identifiers of which there is no record",
                                                    (long long)bad))
                              : NULL;
}

/* --- what there is to link ------------------------------------------------------------------------------------------------------ */

static pt_rc count_records(int64_t *out, const checkup *x)
{
    *out = 0;
    for (size_t s = 0; s < x->p->n_sources; s++) {
        int64_t rows = 0;
        pt_sql q = {0};
        if (x->p->sources[s].kind != PT_SOURCE_RECORD)
            continue;
        pt_sql_kw(&q, "SELECT count(*) FROM clean.");
        pt_sql_ident(&q, x->p->sources[s].name);
        pt_rc rc = pt_query_int(&rows, x->c, &q, NULL);
        pt_sql_free(&q);
        PT_TRY(rc);
        *out += rows;
    }
    return PT_OK;
}

/* Whether there are columns to compare, and records enough to learn from. */
static const char *check_records(const checkup *x)
{
    int64_t rows;
    pt_linking *l = NULL;
    pt_linking_options options = {0};
    pt_err err = {0};

    if (!x->p->link->on || count_records(&rows, x) != PT_OK || rows > MOST_READ ||
        pt_pool_new(&options.pool, 1, NULL) != PT_OK)
        return NULL;
    pt_rc rc = pt_linking_read(&l, x->p, x->c, &options, &err);
    uint32_t records = l ? l->n : 0;
    pt_linking_free(l);
    pt_pool_free(options.pool);
    if (rc == PT_EINVAL)
        return say(x, PT_HEALTH_WARN, pt_arena_printf(x->arena, "nothing is linked: %s", err.msg));
    return rc == PT_OK && records < FEW_RECORDS
               ? say(x, PT_HEALTH_WARN,
                     pt_arena_printf(x->arena,
                                     "%u records are few to learn from: what agreement is worth is mostly presumed",
                                     records))
               : NULL;
}

/* --- all ------------------------------------------------------------------------------------------------------------------------ */

static const char *check_tables(const checkup *x)
{
    const char *text = check_likely(x);

    if (!text)
        text = check_links(x);
    return text ? text : check_records(x);
}

const char *pt_identity_checkup(pt_health *health, const pt_project *p, pt_conn *c, pt_arena *arena)
{
    checkup x = {p, c, arena, health};
    pt_decisions decisions;
    int64_t built = 0, links = 0;
    pt_err err = {0};

    *health = PT_HEALTH_OK;
    if (count(&built, c,
              "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'identity' AND "
              "table_name = 'builds'") != PT_OK ||
        !built)
        return NULL;
    if (pt_decisions_load(&decisions, c, arena, &err) != PT_OK)
        return say(&x, PT_HEALTH_FAIL, pt_arena_printf(arena, "decisions cannot be read: %s", err.msg));
    const char *text = p->link->on ? check_tables(&x) : NULL;
    if (text || (!p->link->on && !decisions.n))
        return text;
    count(&links, c, "SELECT count(*) FROM identity.standing WHERE source = '" RESOLVE_LINK "'");
    return pt_arena_printf(arena, "%lld links, %zu rows of decisions", (long long)links, decisions.n);
}
