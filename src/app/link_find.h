/* Records of a linked project by what people call them: an identifier with or without its type, a customer's id, "#17" for what
 * record 17 has as its strongest identifier. */
#ifndef PT_APP_LINK_FIND_H
#define PT_APP_LINK_FIND_H

#include "app/finder.h"
#include "app/linking.h"

typedef struct pt_link_find pt_link_find;

/* `d` is the directory of customers, NULL when there was no build yet. Both must outlive it. One thread. */
pt_rc pt_link_find_new(pt_link_find **out, const pt_linking *l, const pt_directory *d, pt_err *err);
void pt_link_find_free(pt_link_find *f); /* NULL is fine */
const pt_linking *pt_link_find_linking(const pt_link_find *f);

/* The first record whose strongest identifier this is, or that of "#N"; PT_ID_NONE when there is none. */
pt_rc pt_link_find_first(uint32_t *record, pt_link_find *f, pt_sv who, pt_err *err);
/* The next record with the same strongest identifier, rising; PT_ID_NONE after the last. */
uint32_t pt_link_find_next(const pt_link_find *f, uint32_t record);
/* The first record with the same strongest identifier: stands for all of them. */
uint32_t pt_link_find_unit(const pt_link_find *f, uint32_t record);
/* All that `who` may mean: an identifier that is not the strongest of any record, or a customer's id, means the records of that
 * customer. *n is 0 when nobody is meant. In the arena. */
pt_rc pt_link_find_all(const uint32_t **records, size_t *n, pt_link_find *f, pt_sv who, pt_arena *arena, pt_err *err);

/* "user_id:1001", as pt_link_find_first takes it. In the arena; NULL when memory is short. */
const char *pt_link_name(const pt_linking *l, uint32_t record, pt_arena *arena);

#endif
