/* What a file nobody has described seems to hold: its columns, and the type whose values theirs look like. For `portrait init
 * --from`; a person corrects it. */
#ifndef PT_SOURCE_GUESS_H
#define PT_SOURCE_GUESS_H

#include "project/project.h"
#include "store/store.h"

/* How a file is cut into columns. */
typedef struct pt_sniffed {
    const char *const *names; /* as the file has them; "1", "2", ... without a header */
    size_t n;
    pt_file_format format;
    bool header; /* CSV */
} pt_sniffed;

pt_rc pt_source_sniff(pt_sniffed *out, const char *path, const char *work_dir, pt_conn *conn, pt_arena *arena,
                      pt_err *err);

typedef struct pt_guessed {
    pt_type type;
    const char *format;    /* dates and instants; NULL: the default forms */
    uint64_t rows, filled; /* words for "no value" do not count as filled */
    uint64_t distinct;
    uint64_t misfits;           /* values that are not of the type: they would go to quarantine */
    const char *const *missing; /* words for "no value" that occur */
    size_t n_missing;
    double phones, emails, id_cards; /* shares of the values */
    bool whole;                      /* numbers without decimals */
    bool negative;
} pt_guessed;

/* Of a column of text of a relation ("raw.x"): `column` is its name there. */
pt_rc pt_source_guess(pt_guessed *out, const char *relation, const char *column, pt_conn *conn, pt_arena *arena,
                      pt_err *err);

#endif
