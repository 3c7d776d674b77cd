/* Shared inside form/. */
#ifndef PT_FORM_FORM_INT_H
#define PT_FORM_FORM_INT_H

#include "form/form.h"

/* Longer texts are no number, date, phone or card. */
enum { FORM_LONGEST = 120 };

/* The text without what only looks different: trimmed, full-width forms and the many dashes and blanks as plain ones,
 * invisible marks left out. False when it is too long, empty or not UTF-8. *out lies in `text` or in `buf`. */
bool form_plain(pt_sv *out, char buf[FORM_LONGEST], pt_sv text);
/* The same for a text of any length; bytes that are not UTF-8 stay. */
void form_add_plain(pt_str *out, pt_sv text);

/* Reading from the front. */
typedef struct form_reader {
    const char *at, *end;
} form_reader;

static inline bool form_more(const form_reader *r)
{
    return r->at < r->end;
}

/* Passes over `word` when it is next. */
static inline bool form_take(form_reader *r, const char *word)
{
    if (r->at == r->end || *r->at != *word) /* nearly always, and cheaper than the length */
        return false;
    size_t n = strlen(word);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
        return false;
    r->at += n;
    return true;
}

static inline void form_blanks(form_reader *r)
{
    while (form_more(r) && *r->at == ' ')
        r->at++;
}

#endif
