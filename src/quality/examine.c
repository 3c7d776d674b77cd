/* Everything that is looked for in a source, in order. */
#include "quality/quality_int.h"

pt_rc pt_quality_examine(pt_quality_source *s, const pt_quality_context *x, pt_err *err)
{
    static pt_rc (*const probes[])(quality_job * j, pt_err * err) = {
        quality_texts, quality_rules,     quality_rows,      quality_amounts, quality_times,
        quality_days,  quality_relations, quality_behaviour, quality_sources};
    quality_job j = {.x = x, .s = s};

    s->n_findings = 0;
    s->findings = NULL;
    for (size_t i = 0; i < PT_COUNT(probes); i++)
        PT_TRY(probes[i](&j, err));
    quality_drift(&j);
    if (j.nomem)
        return pt_fail_nomem(err, "the quality report");
    pt_quality_score(s);
    return PT_OK;
}
