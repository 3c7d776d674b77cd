/* Texts to dense codes: the builder behind every dictionary. Codes run 1, 2, ... in order of first appearance. */
#ifndef PT_BASE_INTERN_H
#define PT_BASE_INTERN_H

#include "base/type.h"

typedef struct pt_intern pt_intern;

pt_intern *pt_intern_new(void); /* NULL when memory is short */
void pt_intern_free(pt_intern *in);
/* The code of `text`, given it if new; 0 when memory is short or 2^32-2 texts are held. Copies the bytes. */
uint32_t pt_intern_add(pt_intern *in, pt_sv text);
/* As pt_intern_add for each of n texts; faster in a large table, because the waits for memory overlap. False when memory
 * is short or the table is full; some texts may then have been added. */
bool pt_intern_add_all(pt_intern *in, const pt_sv *texts, size_t n, uint32_t *codes);
/* The code, or 0 when not held. */
uint32_t pt_intern_find(const pt_intern *in, pt_sv text);
uint32_t pt_intern_count(const pt_intern *in);
/* A view in code order (not sorted); valid until the next add. */
const pt_dict *pt_intern_dict(const pt_intern *in);
/* rank[code] = 1-based place of the code's text in byte order; rank has count+1 entries, rank[0] = 0. */
pt_rc pt_intern_rank(const pt_intern *in, uint32_t *rank, pt_err *err);
/* Forgets all texts, keeps the memory. */
void pt_intern_clear(pt_intern *in);

#endif
