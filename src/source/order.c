/* Which source is read before which, and what its rows were made from. */
#include "source/source_int.h"

enum { UNSEEN, WORKING, DONE };

typedef struct ordering {
    const pt_project *project;
    uint32_t *out;
    size_t n;
    uint8_t *state;
} ordering;

static pt_rc visit(ordering *o, size_t source, pt_err *err)
{
    const pt_source *s = &o->project->sources[source];

    if (o->state[source] == DONE)
        return PT_OK;
    if (o->state[source] == WORKING)
        return pt_fail_code(err, PT_E_NO_LOOKUP, s->place, "the source '%s' looks itself up, by way of others",
                            s->name);
    o->state[source] = WORKING;
    for (size_t i = 0; i < s->n_file_columns; i++) {
        const char *name = s->columns[i].lookup.source;
        int other = name ? pt_project_find_source(o->project, pt_sv_of(name)) : -1;
        if (other >= 0)
            PT_TRY(visit(o, (size_t)other, err));
    }
    o->state[source] = DONE;
    o->out[o->n++] = (uint32_t)source;
    return PT_OK;
}

pt_rc pt_source_order(const uint32_t **out, const pt_project *p, pt_arena *a, pt_err *err)
{
    ordering o = {.project = p};

    o.out = PT_NEW_ARRAY(a, uint32_t, p->n_sources);
    o.state = PT_NEW_ARRAY(a, uint8_t, p->n_sources);
    if (!o.out || !o.state)
        return pt_fail_nomem(err, "the order of sources");
    for (size_t i = 0; i < p->n_sources; i++)
        PT_TRY(visit(&o, i, err));
    *out = o.out;
    return PT_OK;
}

/* Tables are named by all that made them, so their names in order say what the rows are. */
pt_rc pt_source_hash(pt_hash128 *out, const pt_project *p, size_t source, pt_conn *c, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_sql q = {0};
    char *names = NULL;

    if (!arena)
        return pt_fail_nomem(err, "a source's hash");
    pt_sql_kw(&q,
              "SELECT coalesce(string_agg(table_name, ',' ORDER BY file_number), '') FROM meta.inputs WHERE source =");
    pt_sql_bind_text(&q, pt_sv_of(p->sources[source].name));
    pt_rc rc = pt_query_text(&names, c, &q, arena, err);
    pt_sql_free(&q);
    if (rc == PT_OK)
        *out = pt_hash128_of(names, strlen(names));
    pt_arena_free(arena);
    return rc;
}
