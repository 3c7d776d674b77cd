/* `convert` and `map`: rules of cleaning that act while a file is read, on the text of a value before its type is applied
 * (docs/cleaning.md). Each is a function that SQL calls; what it did to a row is a bit of that row, so that counts are those
 * of the rows that were kept, and never depend on how often or by which thread the engine called it. */
#ifndef PT_SOURCE_RULES_H
#define PT_SOURCE_RULES_H

#include "form/conversion.h"
#include "source/source_int.h"

typedef struct pt_rewriter pt_rewriter;

typedef struct pt_read_rule {
    const pt_clean_rule *rule;
    uint32_t number;      /* among all rules of the source */
    const char *function; /* text -> text; NULL where a value has no new text */
    const char *why;      /* convert: text -> pt_form_rc as a number; NULL for map */
    pt_conversion_else otherwise;
    bool is_date; /* the new text is in the default form of dates */
    pt_rewriter *rewriter;
} pt_read_rule;

/* Rows in which a rule did something are marked in columns `_cleaned0`, `_cleaned1`, ... of a file's table, RULES_A_WORD
 * rules each: bit 2n when rule n gave another text, bit 2n + 1 when it could not convert and the row stays. */
enum { RULES_A_WORD = 31 };

/* run->rules from the source's definition, their functions defined. Not inside a transaction. */
pt_rc pt_rules_open(pt_read_run *run, pt_err *err);
/* Forgets what was learned and seen: before each file. */
void pt_rules_begin(pt_read_run *run);
/* After a file was read: whether its values showed how others of them are to be read, so that it is read once more. */
pt_rc pt_rules_learn(bool *learned, pt_read_run *run, pt_err *err);
/* Writes what the rules did to the rows of a file that was read. */
pt_rc pt_rules_write(const pt_reading *r, pt_err *err);
void pt_rules_close(pt_read_run *run); /* frees what the functions hold */

/* "convert amount: number: several readings", for a value that has no new text; in the arena. */
const char *pt_rules_reason(const pt_read_rule *rule, pt_form_rc rc, pt_arena *arena);

#endif
