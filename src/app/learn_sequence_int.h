/* Inside `task: sequence`, shared by learn_sequence*.c. */
#ifndef PT_APP_LEARN_SEQUENCE_INT_H
#define PT_APP_LEARN_SEQUENCE_INT_H

#include "project/kind_sequence.h"

#include "app/behaviour.h"
#include "app/learn.h"

/* A column that the network looks at. */
typedef struct sequence_column {
    const char *name;
    bool words;
    const char **texts; /* of words: what is known, in byte order; the code of texts[i] is i + 1 */
    uint32_t n_texts;
} sequence_column;

typedef struct sequence_model {
    pt_arena *arena; /* owns all but the network */
    const char *source;
    sequence_column *columns;
    uint32_t n_columns;
    const char **classes; /* "false" and "true" of a condition */
    uint32_t n_classes;
    bool condition; /* the target is true or not: the network has one output */
    uint64_t seed;  /* of who is held out */
    pt_net *net;
} sequence_model;

/* Who is learned from, who says when to stop, who is only looked at afterwards. */
typedef enum sequence_side { SEQUENCE_TAUGHT, SEQUENCE_WATCHED, SEQUENCE_HELD_OUT } sequence_side;

sequence_side sequence_side_of(uint64_t seed, uint32_t ordinal);

/* Examples of one side. */
typedef struct sequence_rows {
    pt_behaviour_row *rows;
    uint32_t *labels;
    size_t n, rows_cap, labels_cap;
} sequence_rows;

void sequence_rows_free(sequence_rows *r);

static inline double sequence_number(const pt_model_def *def, unsigned setting)
{
    return def->settings[setting].items[0].number;
}

static inline uint32_t sequence_whole(const pt_model_def *def, unsigned setting)
{
    return (uint32_t)sequence_number(def, setting);
}

/* What came of each customer as of an instant: columns[0] of the target, in the arena. */
pt_rc sequence_target(const pt_column **out, pt_view *view, const pt_model_def *def, int64_t as_of, pt_pool *pool,
                      pt_cancel *cancel, pt_arena *arena, pt_err *err);
/* Adds the members on one side whose target is known to be one of the model's classes. The limit is on customers, drawn by the seed. */
pt_rc sequence_add_rows(sequence_rows *out, const sequence_model *m, const pt_learn_request *request, int64_t as_of,
                        sequence_side side, pt_err *err);
/* The classes of the target, most frequent first among the taught as of the training days. */
pt_rc sequence_choose_classes(sequence_model *m, const pt_learn_request *request, pt_err *err);
/* The columns that the model file names, or all that fit, without their texts. */
pt_rc sequence_choose_columns(sequence_model *m, const pt_learn_request *request, pt_err *err);
/* The most frequent texts of each column in what the taught did. */
pt_rc sequence_choose_texts(sequence_model *m, const pt_learn_request *request, const sequence_rows *taught,
                            pt_err *err);
/* The model's columns in a view; the arrays live in the arena. PT_EINVAL when the project no longer has them. */
pt_rc sequence_bind(pt_behaviour *out, const sequence_model *m, const pt_model_def *def, pt_view *view, bool by_day,
                    uint32_t length, pt_arena *arena, pt_err *err);

/* Probabilities of rows: out[n * classes]. `report` may be NULL. */
pt_rc sequence_predict(float *out, const sequence_model *m, const pt_behaviour *b, const pt_behaviour_row *rows,
                       size_t n, pt_pool *pool, pt_cancel *cancel, pt_err *err);

/* "gru". */
const char *sequence_network_name(const pt_model_def *def);

pt_rc sequence_save(pt_str *out, const sequence_model *m, pt_err *err);
pt_rc sequence_load(sequence_model **out, pt_sv bytes, pt_err *err);
sequence_model *sequence_new(void); /* NULL when memory is short */
void sequence_free(sequence_model *m);

/* One part of a card: "train", "validation", "test", "later". */
typedef struct sequence_judged {
    const char *part;
    const sequence_rows *rows;
    const float *predicted; /* [n][classes] */
} sequence_judged;

pt_rc sequence_card(pt_card *card, const sequence_model *m, const pt_learn_request *request,
                    const sequence_judged *judged, size_t n_judged, const pt_curve *curve, pt_err *err);

#endif
