/* Functions of expressions. Shared by reading and applying rules. */
#ifndef PT_LINK_RULES_INT_H
#define PT_LINK_RULES_INT_H

#include "form/latin.h"
#include "link/rules.h"

/* What an expression gives of one record. Bounded: of a text with more parts the first count. */
enum { LINK_WORDS_MOST = 64, LINK_WORDS_BYTES = 16384 };

typedef struct link_words {
    pt_str text; /* one after the other */
    size_t n, ends[LINK_WORDS_MOST];
} link_words;

void link_words_clear(link_words *w);
pt_sv link_word(const link_words *w, size_t i);
void link_words_add(link_words *w, pt_sv text);
/* Takes what was appended to w->text since the last word as one more; of nothing none. */
void link_words_end(link_words *w);

typedef struct link_call {
    const double *numbers;
    pt_latin *latin;
} link_call;

struct pt_link_function {
    const char *name, *usage;
    /* What is done with each text; or, of `whole`, with all of them. */
    void (*each)(link_words *out, pt_sv value, const link_call *call);
    void (*whole)(link_words *out, const link_words *in);
    bool several;             /* gives more than one text of one */
    uint8_t least, most;      /* numbers after the text */
    double low, high, preset; /* of those */
};

const pt_link_function *link_functions(size_t *n);
const pt_link_function *link_function_named(pt_sv name); /* NULL: none */

#endif
