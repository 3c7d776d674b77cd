/* Trained models as a data directory keeps them: models/<name>/ has one file a version and what was done with them. They are decisions,
 * not derived: no build removes them (docs/models.md, "Stored models"). */
#ifndef PT_APP_MODEL_STORE_H
#define PT_APP_MODEL_STORE_H

#include "app/learn.h"

/* What a version is, beside its artifact and card. */
typedef struct pt_model_version {
    uint32_t number; /* 1, 2, ... */
    const char *task, *algorithm;
    const char *measure; /* the figure that lists show; "" without one */
    double value, low, high;
    const char *part; /* of the data that it was measured on: "test", "validation"; "" */
    const int64_t *train;
    size_t n_train;
    int64_t test;          /* PT_I64_MISSING without one */
    int64_t data_end;      /* of what was known */
    pt_hash128 definition; /* of the model file's entry (pt_model_def.hash) */
    pt_hash128 artifact;   /* of the bytes: two trainings that learned the same have the same */
    const char *program;
    uint64_t bytes;     /* of the file */
    int64_t trained_at; /* from the log; PT_I64_MISSING when it says nothing */
} pt_model_version;

/* The log of a model says which version is in use. */
typedef enum pt_model_log {
    PT_MODEL_LOG_WHOLE, /* or there is nothing to log */
    PT_MODEL_LOG_LOST,  /* there are versions, and it is not there */
    PT_MODEL_LOG_DAMAGED
} pt_model_log;

typedef struct pt_model_versions {
    const pt_model_version *items; /* by number, rising; damaged files are left out */
    size_t n;
    const uint32_t *damaged; /* numbers of damaged files, rising */
    size_t n_damaged;
    pt_model_log log;
    uint32_t approved; /* 0: none; of a log that is not whole not known, which is none */
} pt_model_versions;

/* None of them is not an error, and neither is damage: it is told. */
pt_rc pt_model_store_list(pt_model_versions *out, const char *data_dir, const char *model, pt_arena *arena,
                          pt_err *err);

/* The artifact and the card of a version; both in the arena. PT_ENOTFOUND, PT_ECORRUPT. */
pt_rc pt_model_store_read(pt_sv *artifact, pt_card *card, const char *data_dir, const char *model, uint32_t number,
                          pt_arena *arena, pt_err *err);

/* Why no version is known to be in use, when the log is not whole: PT_ECORRUPT; else PT_OK. */
pt_rc pt_model_log_check(const pt_model_versions *versions, const char *model, pt_err *err);

/* Writers hold the data directory (app/generation.h). A damaged log is put aside as log.damaged by the first of them: what its sound
 * lines say was trained is kept, what they say was approved is not, since the damaged ones may say otherwise. */

/* The next version; `v->number` is set. `now` is when. */
pt_rc pt_model_store_add(pt_model_version *v, const char *data_dir, const char *model, pt_sv artifact,
                         const pt_card *card, int64_t now, pt_arena *arena, pt_err *err);
/* PT_ENOTFOUND when there is no such version. */
pt_rc pt_model_store_approve(const char *data_dir, const char *model, uint32_t number, int64_t now, pt_arena *arena,
                             pt_err *err);
/* Back to what was approved before; *number is that version, 0 for none. PT_EINVAL when nothing is approved. */
pt_rc pt_model_store_roll_back(uint32_t *number, const char *data_dir, const char *model, int64_t now, pt_arena *arena,
                               pt_err *err);

#endif
