/* Shared by linking.c (the steps), linking_fields.c (what is compared), linking_guess.c (what columns hold), linking_read.c (rows),
 * linking_known.c (what is known of groups beforehand). */
#ifndef PT_APP_LINKING_INT_H
#define PT_APP_LINKING_INT_H

#include "app/column_words.h"
#include "app/linking.h"
#include "app/resolve_int.h"

/* `sort` tells apart what is of one kind and no more one field than phone and name are: province, city, district. */
typedef struct linking_guess {
    pt_link_kind kind;
    uint8_t sort;
} linking_guess;

bool linking_guess_column(linking_guess *out, const pt_source_column *c);
bool linking_guess_type(linking_guess *out, const pt_identifier_type *type);

/* Sets sources and fields, without values. */
pt_rc linking_choose(pt_linking *l, pt_err *err);
/* Sets records and the values of fields. */
pt_rc linking_read_rows(pt_linking *l, pt_conn *c, const pt_linking_options *options, pt_err *err);
/* Drops fields that tell nothing. */
pt_rc linking_drop_idle(pt_linking *l, pt_err *err);
/* The columns of which a customer has one value; once fields are in the setup. */
pt_rc linking_set_never(pt_linking *l, pt_err *err);
/* Sets start, apart and pinned. */
pt_rc linking_find_starts(pt_linking *l, pt_conn *c, const pt_linking_options *options, pt_err *err);

/* Bytes that scoring will take beside what was read, about; of the process now, 0 when nobody says. */
uint64_t linking_score_bytes(const pt_linking *l, unsigned threads);
uint64_t linking_memory_used(void);
/* PT_ENOMEM, in words for people, when that is more than there may be. */
pt_rc linking_check_memory(const pt_linking *l, const pt_linking_options *options, pt_err *err);

/* The app's store, to read from. */
pt_rc linking_open_store(pt_store **store, pt_conn **conn, const pt_app *app, unsigned threads, pt_err *err);

/* Tells the graph of which attributes its identifiers have which values: what links may not bring together. */
pt_rc linking_tell(pt_identity *g, const pt_linking *l, pt_err *err);

#endif
