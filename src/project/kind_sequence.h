/* Numbers of the settings and outputs of `task: sequence`. */
#ifndef PT_PROJECT_KIND_SEQUENCE_H
#define PT_PROJECT_KIND_SEQUENCE_H

#include "project/model_def.h"

enum {
    PT_SEQUENCE_SOURCE,
    PT_SEQUENCE_COLUMNS, /* of the source; without it: all that a network can take */
    PT_SEQUENCE_NETWORK, /* pt_net_kind */
    PT_SEQUENCE_LENGTH,  /* events, of a CNN days */
    PT_SEQUENCE_EMBEDDING,
    PT_SEQUENCE_HIDDEN,
    PT_SEQUENCE_VOCABULARY, /* most frequent values of a column that are told apart */
    PT_SEQUENCE_CLASSES,    /* most frequent values of a target that are told apart */
    PT_SEQUENCE_EPOCHS,
    PT_SEQUENCE_PATIENCE,
    PT_SEQUENCE_BATCH,
    PT_SEQUENCE_RATE,
    PT_SEQUENCE_DROPOUT,
    PT_SEQUENCE_CUSTOMERS, /* learned from at most */
    PT_SEQUENCE_SETTINGS
};

enum { PT_SEQUENCE_PROBABILITY, PT_SEQUENCE_CLASS, PT_SEQUENCE_PERCENTILE, PT_SEQUENCE_OUTPUTS };

extern const pt_model_kind pt_sequence_kind;

#endif
