/* Computed texts: each op that makes texts has a dictionary of its own, and remembers for each code of an argument's
 * dictionary what became of it. */
#include <stdlib.h>

#include "eval/state.h"

/* Beyond this many an op's dictionary starts anew with the next run. */
enum { MOST_TEXTS = 1 << 16 };

uint32_t slot_intern(pt_eval *e, slot *s, pt_sv text)
{
    uint32_t code = 0;

    if (s->texts || (s->texts = pt_intern_new())) {
        code = pt_intern_add(s->texts, text);
        s->col.dict = pt_intern_dict(s->texts);
        e->many_texts |= code > MOST_TEXTS;
    }
    if (!code)
        e->nomem = true;
    return code;
}

code_memo *slot_memo(pt_eval *e, slot *s, uint32_t arg, uint32_t n_args, const pt_dict *dict)
{
    code_memo *m;
    size_t n = dict ? (size_t)dict->n + 1 : 1;

    if (!s->memos && (s->memos = pt_zalloc(n_args, sizeof *s->memos)))
        s->n_memos = n_args;
    if (!s->memos) {
        e->nomem = true;
        return NULL;
    }
    m = &s->memos[arg];
    if (m->dict != dict || m->n > n)
        m->n = 0;
    m->dict = dict;
    if (n > m->n) {
        if (!pt_grow(&m->values, &m->cap, n, sizeof *m->values)) {
            e->nomem = true;
            return NULL;
        }
        memset(m->values + m->n, 0, (n - m->n) * sizeof *m->values);
        m->n = n;
    }
    return m;
}

uint32_t slot_translate(pt_eval *e, slot *s, code_memo *m, const pt_column *c, size_t i)
{
    uint32_t code = pt_column_code(c, i);

    if (!code)
        return 0;
    if (!m->values[code])
        m->values[code] = slot_intern(e, s, column_text(c, code));
    return m->values[code];
}
