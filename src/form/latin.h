/* Names in Latin letters: Han characters by their reading as names have it (曾 is zeng, 单 at the front is shan), accents dropped.
 * ICU's transforms; one handle a thread. */
#ifndef PT_FORM_LATIN_H
#define PT_FORM_LATIN_H

#include "base/str.h"

typedef struct pt_latin pt_latin;

pt_rc pt_latin_open(pt_latin **out, pt_err *err);
void pt_latin_free(pt_latin *l); /* NULL is fine */
/* Appends the text in lower-case ASCII letters as far as it has a reading: "倪国栋" is "ni guo dong", "José" "jose". */
void pt_latin_add(pt_latin *l, pt_str *out, pt_sv text);

#endif
