/* Inside prepare_*.c: features as weights of evidence. */
#ifndef PT_MODEL_PREPARE_WOE_H
#define PT_MODEL_PREPARE_WOE_H

#include "model/prepare.h"
#include "model/woe.h"

/* Whether the learner is to be given weights of evidence: it wants them, and there are two classes. */
bool pt_prepare_wants_woe(const pt_prepare_job *job);
/* Bins of a feature into out->woe, which lives as long as the arena. Names of `out` are set already. */
pt_rc pt_prepare_woe(pt_prepared_feature *out, const pt_prepare_job *job, const pt_feature *raw, pt_arena *arena,
                     pt_err *err);
/* Whether bins of any rows differ in worth: else the column would be constant. */
bool pt_prepared_woe_tells(const pt_prepared_feature *f);

float pt_prepared_woe_of_number(const pt_prepared_feature *f, float value); /* a list's length is one */
float pt_prepared_woe_of_slot(const pt_prepared_feature *f, uint32_t slot);

/* False when the bytes are damaged or do not fit the feature. */
bool pt_prepare_load_woe(pt_prepared_feature *f, pt_sv bytes, pt_arena *arena);

#endif
