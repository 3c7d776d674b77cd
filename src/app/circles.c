/* Last known values of each customer -> signs -> circles -> the table identity.circles. */
#include "app/circles.h"

#include <stdlib.h>

#include "app/stage_resolve.h"
#include "base/mem.h"
#include "identity/circles.h"
#include "link/kinds.h"

enum { RULES_VERSION = 1 }; /* a change of what docs/circles.md says works all of them out again */

static const char tables[] = "CREATE TABLE IF NOT EXISTS identity.circles(circle VARCHAR, ordinal UINTEGER, id "
                             "VARCHAR, size DOUBLE, rank DOUBLE);"
                             "CREATE TABLE IF NOT EXISTS identity.circle_builds(circle VARCHAR, made_from VARCHAR, "
                             "members UBIGINT, shared UBIGINT,"
                             " largest UBIGINT, crowded UBIGINT, refused UBIGINT)";

/* --- signs ---------------------------------------------------------------------------------------------------------- */

typedef struct collecting {
    pt_circle_sign *signs;
    size_t n, cap;
    uint32_t ordinals;
    pt_str key, alike;
} collecting;

static void value_column(pt_sql *q, const pt_source *s, const pt_circle_value *v)
{
    pt_str name = {0};

    pt_sql_kw(q, "CAST(");
    if (v->type)
        pt_str_addf(&name, "_id_%s", v->type);
    q->text.failed |= name.failed;
    pt_sql_ident(q, v->type ? pt_str_cstr(&name) : s->columns[v->column].name);
    pt_sql_kw(q, "AS VARCHAR)");
    pt_str_free(&name);
}

/* The values of each customer's latest row that has all of them. */
static void last_values(pt_sql *q, const pt_project *p, const pt_circle_reading *r)
{
    const pt_source *s = &p->sources[r->source];

    pt_sql_kw(q, "SELECT _ordinal");
    for (size_t i = 0; i < r->n_values; i++) {
        pt_sql_kw(q, ",");
        value_column(q, s, &r->values[i]);
    }
    pt_sql_kw(q, "FROM (");
    pt_resolve_join(q, p, r->source);
    pt_sql_kw(q, ") WHERE TRUE");
    for (size_t i = 0; i < r->n_values; i++) {
        pt_sql_kw(q, "AND");
        value_column(q, s, &r->values[i]);
        pt_sql_kw(q, "IS NOT NULL");
    }
    pt_sql_kw(q,
              "QUALIFY row_number() OVER (PARTITION BY _ordinal ORDER BY _time DESC NULLS LAST, _file DESC, _row DESC)"
              " = 1");
}

/* Numbers to dial have country codes and marks that do not count. */
static pt_link_kind kind_of(pt_sv value)
{
    size_t dialled = 0;

    for (size_t i = 0; i < value.len; i++)
        dialled += memchr("0123456789 +-()", value.ptr[i], 15) != NULL;
    return dialled == value.len ? PT_LINK_PHONE : PT_LINK_NUMBERED;
}

/* Appends a value as it is compared; false when it is no sign. Identifiers are written alike already. */
static bool add_value(collecting *c, const pt_circle_value *v, pt_sv value)
{
    if (memchr(value.ptr, '*', value.len))
        return false;
    pt_str_clear(&c->alike);
    if (v->type)
        pt_str_addsv(&c->alike, pt_sv_trim(value));
    else
        pt_link_alike(&c->alike, kind_of(value), value, NULL);
    if (!c->alike.len)
        return false;
    pt_str_addf(&c->key, "%zu:", c->alike.len);
    pt_str_addn(&c->key, c->alike.ptr, c->alike.len);
    return true;
}

static pt_rc take_row(collecting *c, const pt_circle_reading *r, const pt_rows *rows, size_t at, pt_err *err)
{
    uint32_t customer = ((const uint32_t *)rows->cells[0].data)[at];

    pt_str_clear(&c->key);
    for (size_t i = 0; i < r->n_values; i++)
        if (!add_value(c, &r->values[i], ((const pt_sv *)rows->cells[i + 1].data)[at]))
            return pt_str_check(&c->alike, err);
    PT_TRY(pt_str_check(&c->alike, err));
    PT_TRY(pt_str_check(&c->key, err));
    if (customer >= c->ordinals)
        return pt_fail(err, PT_ECORRUPT, "a row belongs to a customer that is not there");
    if (!pt_grow(&c->signs, &c->cap, c->n + 1, sizeof *c->signs))
        return pt_fail_nomem(err, "the circles");
    c->signs[c->n++] = (pt_circle_sign){pt_hash64(c->key.ptr, c->key.len), customer, r->way};
    return PT_OK;
}

static pt_rc collect(collecting *out, const pt_project *p, const pt_circle_reading *r, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows = NULL;

    last_values(&q, p, r);
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        for (size_t i = 0; i < rows->n && rc == PT_OK; i++)
            rc = take_row(out, r, rows, i, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

/* --- keeping -------------------------------------------------------------------------------------------------------- */

static pt_rc forget(const char *circle, pt_conn *c, pt_err *err)
{
    static const char *const from[] = {"DELETE FROM identity.circles WHERE circle =",
                                       "DELETE FROM identity.circle_builds WHERE circle ="};

    for (size_t i = 0; i < PT_COUNT(from); i++) {
        pt_sql q = {0};
        pt_sql_kw(&q, from[i]);
        pt_sql_bind_text(&q, pt_sv_of(circle));
        pt_rc rc = pt_exec(c, &q, NULL, err);
        pt_sql_free(&q);
        PT_TRY(rc);
    }
    return PT_OK;
}

/* Members are met in order of age, so that each one's rank is how many were met before it. */
static pt_rc save_members(const char *name, const pt_circles *circles, uint32_t *met, uint32_t ordinals, pt_conn *c,
                          pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_exec_text(c,
                        "CREATE OR REPLACE TABLE identity.new_circle(ordinal UINTEGER, first UINTEGER, size DOUBLE,"
                        " rank DOUBLE)",
                        err));
    PT_TRY(pt_appender_open(&a, c, "identity", "new_circle", err));
    for (uint32_t o = 0; o < ordinals; o++) {
        uint32_t first = circles->of[o];
        if (first == PT_CIRCLE_NONE)
            continue;
        pt_append_uint32(a, o);
        pt_append_uint32(a, first);
        pt_append_double(a, circles->size[first]);
        pt_append_double(a, ++met[first]);
        pt_append_end_row(a);
    }
    PT_TRY(pt_appender_close(a, err));
    pt_sql q = {0};
    pt_sql_kw(&q, "INSERT INTO identity.circles SELECT");
    pt_sql_text(&q, pt_sv_of(name));
    pt_sql_kw(&q, ", n.ordinal, c.id, n.size, n.rank FROM identity.new_circle AS n JOIN identity.customers AS c"
                  " ON c.ordinal = n.first ORDER BY n.ordinal");
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc == PT_OK ? pt_exec_text(c, "DROP TABLE identity.new_circle", err) : rc;
}

static pt_rc save_build(const pt_circle_stats *s, const char *made_from, pt_conn *c, pt_err *err)
{
    const uint64_t counts[] = {s->members, s->shared, s->largest, s->crowded, s->refused};
    pt_sql q = {0};

    pt_sql_kw(&q, "INSERT INTO identity.circle_builds VALUES (");
    pt_sql_bind_text(&q, pt_sv_of(s->name));
    pt_sql_kw(&q, ",");
    pt_sql_bind_text(&q, pt_sv_of(made_from));
    for (size_t i = 0; i < PT_COUNT(counts); i++) {
        pt_sql_kw(&q, ",");
        pt_sql_bind_int(&q, (int64_t)counts[i]);
    }
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc find_earlier(pt_circle_stats *out, const char *made_from, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows = NULL;

    pt_sql_kw(&q, "SELECT members, shared, largest, crowded, refused FROM identity.circle_builds WHERE circle =");
    pt_sql_bind_text(&q, pt_sv_of(out->name));
    pt_sql_kw(&q, "AND made_from =");
    pt_sql_bind_text(&q, pt_sv_of(made_from));
    pt_rc rc = pt_query(&cursor, c, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows && rows->n) {
        uint64_t *counts[] = {&out->members, &out->shared, &out->largest, &out->crowded, &out->refused};
        for (size_t i = 0; i < PT_COUNT(counts); i++)
            *counts[i] = *(const uint64_t *)rows->cells[i].data;
        out->kept = true;
    }
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

/* --- settling --------------------------------------------------------------------------------------------------------- */

static pt_rc find_and_save(pt_circle_stats *out, collecting *all, const pt_circle *circle, const char *made_from,
                           pt_conn *c, pt_err *err)
{
    size_t n = all->ordinals ? all->ordinals : 1;
    uint32_t *of = calloc(n, sizeof *of), *size = calloc(n, sizeof *size), *met = calloc(n, sizeof *met);
    pt_circles circles = {.of = of, .size = size};
    pt_rc rc = of && size && met ? PT_OK : pt_fail_nomem(err, "the circles");

    if (rc == PT_OK)
        rc = pt_circles_find(&circles, all->signs, all->n, all->ordinals, circle->most, err);
    if (rc == PT_OK) {
        out->members = circles.members;
        out->shared = circles.shared;
        out->largest = circles.largest;
        out->crowded = circles.crowded;
        out->refused = circles.refused;
        rc = save_members(circle->name, &circles, met, all->ordinals, c, err);
    }
    free(of);
    free(size);
    free(met);
    return rc == PT_OK ? save_build(out, made_from, c, err) : rc;
}

static pt_rc in_transaction(pt_circle_stats *out, const pt_project *p, const pt_circle *circle, const char *made_from,
                            uint32_t ordinals, pt_conn *c, pt_err *err)
{
    collecting all = {.ordinals = ordinals};
    pt_rc rc;

    PT_TRY(pt_exec_text(c, tables, err));
    PT_TRY(find_earlier(out, made_from, c, err));
    if (out->kept)
        return PT_OK;
    rc = forget(circle->name, c, err);
    for (size_t i = 0; i < circle->n_readings && rc == PT_OK; i++)
        rc = collect(&all, p, &circle->readings[i], c, err);
    if (rc == PT_OK)
        rc = find_and_save(out, &all, circle, made_from, c, err);
    free(all.signs);
    pt_str_free(&all.key);
    pt_str_free(&all.alike);
    return rc;
}

static pt_rc hash_inputs(pt_hash128 *out, const pt_project *p, const pt_circle *circle, pt_hash128 from, pt_err *err)
{
    pt_str s = {0};

    pt_str_addf(&s, "rules %d most %u\n", RULES_VERSION, circle->most);
    for (size_t i = 0; i < circle->n_readings; i++) {
        const pt_circle_reading *r = &circle->readings[i];
        pt_str_addf(&s, "way %u %s", r->way, p->sources[r->source].name);
        for (size_t k = 0; k < r->n_values; k++)
            pt_str_addf(&s, " %s%s", r->values[k].type ? "type " : "",
                        r->values[k].type ? r->values[k].type
                                          : p->sources[r->source].columns[r->values[k].column].name);
        pt_str_addc(&s, '\n');
    }
    pt_str_addn(&s, (const char *)&from, sizeof from);
    pt_rc rc = pt_str_check(&s, err);
    if (rc == PT_OK)
        *out = pt_hash128_of(s.ptr, s.len);
    pt_str_free(&s);
    return rc;
}

pt_rc pt_circle_settle(pt_circle_stats *out, const pt_project *p, size_t source, pt_hash128 from, uint32_t ordinals,
                       pt_conn *c, pt_err *err)
{
    const pt_circle *circle = p->sources[source].circle;
    char hex[33];

    *out = (pt_circle_stats){.name = circle->name};
    PT_TRY(hash_inputs(&out->made_from, p, circle, from, err));
    pt_hash128_hex(hex, out->made_from);
    PT_TRY(pt_exec_text(c, "BEGIN", err));
    pt_rc rc = in_transaction(out, p, circle, hex, ordinals, c, err);
    if (rc == PT_OK)
        rc = pt_exec_text(c, "COMMIT", err);
    if (rc != PT_OK)
        pt_exec_text(c, "ROLLBACK", NULL);
    return rc;
}

void pt_circle_rows(pt_sql *q, const pt_circle *circle)
{
    pt_sql_kw(q,
              "SELECT ordinal AS _ordinal, 0::UINTEGER AS _file, ordinal::UBIGINT AS _row, NULL::TIMESTAMPTZ AS _time,"
              " id, size, rank FROM identity.circles WHERE circle =");
    pt_sql_text(q, pt_sv_of(circle->name));
}

pt_rc pt_circle_sweep(const pt_project *p, pt_conn *c, pt_err *err)
{
    static const char *const from[] = {"DELETE FROM identity.circles WHERE circle NOT IN (''",
                                       "DELETE FROM identity.circle_builds WHERE circle NOT IN (''"};

    PT_TRY(pt_exec_text(c, tables, err));
    for (size_t i = 0; i < PT_COUNT(from); i++) {
        pt_sql q = {0};
        pt_sql_kw(&q, from[i]);
        for (size_t s = 0; s < p->n_sources; s++)
            if (p->sources[s].circle) {
                pt_sql_kw(&q, ",");
                pt_sql_text(&q, pt_sv_of(p->sources[s].name));
            }
        pt_sql_kw(&q, ")");
        pt_rc rc = pt_exec(c, &q, NULL, err);
        pt_sql_free(&q);
        PT_TRY(rc);
    }
    return PT_OK;
}
