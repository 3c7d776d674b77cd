/* Cox's model over features as they are known (model/table.h): preparation and fit as one thing, kept and used together. */
#ifndef PT_MODEL_HAZARD_H
#define PT_MODEL_HAZARD_H

#include "model/survival.h"
#include "model/table.h"

typedef struct pt_hazard pt_hazard;

typedef struct pt_hazard_options {
    pt_ties ties;
    double ridge; /* as in pt_cox_options; more than 0, since the names of a category determine each other */
    uint64_t seed;
    pt_pool *pool;
} pt_hazard_options;

/* spans has a time for each row of the table. Free with pt_hazard_free. */
pt_rc pt_hazard_fit(pt_hazard **out, const pt_table *table, const pt_spans *spans, const pt_hazard_options *options,
                    pt_err *err);
void pt_hazard_free(pt_hazard *h); /* NULL is fine */
const pt_cox *pt_hazard_cox(const pt_hazard *h);
/* out[row]: the logarithm of its hazard relative to the mean row. Features are found by name, PT_EINVAL when one is not there. */
pt_rc pt_hazard_risks(double *out, const pt_hazard *h, const pt_table *table, pt_pool *pool, pt_err *err);
size_t pt_hazard_n_features(const pt_hazard *h);
const char *pt_hazard_feature(const pt_hazard *h, size_t i);

/* One coefficient of the model. */
typedef enum pt_hazard_kind {
    PT_HAZARD_NUMBER, /* a standard deviation more */
    PT_HAZARD_NAME,   /* the category is, or the list has, `name` */
    PT_HAZARD_OTHER,  /* the category is a rare or new name */
    PT_HAZARD_MISSING,
    PT_HAZARD_LENGTH /* of a list */
} pt_hazard_kind;

typedef struct pt_hazard_effect {
    const char *feature, *name; /* name: NULL unless it is one */
    pt_hazard_kind kind;
    double ratio, low,
        high; /* of hazards, by a standard deviation or by being so, with its 95 % interval; NaN: not known */
    double z; /* the coefficient by its error */
} pt_hazard_effect;

size_t pt_hazard_n_effects(const pt_hazard *h);
pt_hazard_effect pt_hazard_effect_of(const pt_hazard *h, size_t i);

pt_rc pt_hazard_save(pt_str *out, const pt_hazard *h, pt_err *err);
pt_rc pt_hazard_load(pt_hazard **out, pt_sv bytes, pt_err *err); /* bytes are not trusted: PT_ECORRUPT */

#endif
