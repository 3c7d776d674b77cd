/* The instant the build is for, and the sources cleaned as of it. */
#include "app/build_int.h"
#include "app/clock.h"
#include "clean/clean.h"

/* --- the as-of ---------------------------------------------------------------------------------------------------- */

/* The latest event read, of any event source; PT_I64_MISSING when there is none. */
static pt_rc last_event(int64_t *out, const pt_build *b, pt_err *err)
{
    pt_sql q = {0};
    size_t n = 0;

    *out = PT_I64_MISSING;
    pt_sql_kw(&q, "SELECT coalesce(max(epoch_us(t)), -9223372036854775807 - 1) FROM (");
    for (size_t s = 0; s < b->project->n_sources; s++) {
        if (b->project->sources[s].kind != PT_SOURCE_EVENT)
            continue;
        pt_sql_kw(&q, n++ ? "UNION ALL SELECT max(_time) AS t FROM raw." : "SELECT max(_time) AS t FROM raw.");
        pt_sql_ident(&q, b->project->sources[s].name);
    }
    pt_sql_kw(&q, ")");
    pt_rc rc = n ? pt_query_int(out, b->conn, &q, err) : PT_OK;
    pt_sql_free(&q);
    return rc;
}

/* Here, and nowhere below, "now" becomes an instant. */
static pt_rc choose_as_of(pt_build *b, pt_err *err)
{
    if (b->options->has_as_of)
        b->as_of = b->options->as_of;
    else if (b->project->as_of_default == PT_AS_OF_FIXED)
        b->as_of = b->project->as_of;
    else if (b->project->as_of_default == PT_AS_OF_LAST_EVENT)
        PT_TRY(last_event(&b->as_of, b, err));
    else
        b->as_of = pt_clock_now();
    if (b->as_of == PT_I64_MISSING) /* no event at all */
        b->as_of = pt_clock_now();
    b->result->as_of = b->as_of;
    return PT_OK;
}

/* --- the stage ---------------------------------------------------------------------------------------------------- */

pt_rc pt_stage_clean(pt_build *b, pt_err *err)
{
    const pt_project *p = b->project;

    PT_TRY(choose_as_of(b, err));
    PT_TRY(pt_clean_prepare(b->conn, err));
    PT_TRY(pt_clean_sweep(p, b->conn, err));
    for (size_t s = 0; s < p->n_sources; s++) {
        PT_TRY(pt_cancel_check(b->options->cancel, err));
        pt_build_report(b, PT_STAGE_CLEAN, p->sources[s].name, s, p->n_sources);
        PT_TRY(pt_clean_source(p, s, b->as_of, b->conn, err));
        PT_TRY(pt_clean_hash(&b->source_hash[s], p, s, b->conn, err));
    }
    return PT_OK;
}
