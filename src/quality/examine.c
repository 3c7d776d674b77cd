/* Everything that is looked for in a source, in order. */
#include "quality/quality_int.h"

pt_rc pt_quality_examine(pt_quality_source *s, const pt_quality_context *x, pt_err *err)
{
    quality_job j = {.x = x, .s = s};

    s->n_findings = 0;
    s->findings = NULL;
    PT_TRY(quality_rules(&j, err));
    if (j.nomem)
        return pt_fail_nomem(err, "the quality report");
    pt_quality_score(s);
    return PT_OK;
}
