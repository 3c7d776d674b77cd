/* Random tags of every type with their indexes, for tests that hold the index to a look at one customer after the other. */
#ifndef TESTS_SUPPORT_TAG_TABLE_H
#define TESTS_SUPPORT_TAG_TABLE_H

#include "base/rng.h"
#include "index/tagindex.h"

enum { TAG_TABLE_TAGS = 9 };

typedef struct tag_table {
    pt_arena *arena;
    pt_rng rng;
    uint32_t ordinals;
    pt_column columns[TAG_TABLE_TAGS];
    unsigned char *files[TAG_TABLE_TAGS];
    pt_tagindex *indexes[TAG_TABLE_TAGS];
    uint64_t *base;
} tag_table;

void tag_table_open(tag_table *t, uint64_t seed, uint32_t ordinals);
void tag_table_close(tag_table *t);
/* Zeroed, gone with the table. */
void *tag_table_make(tag_table *t, size_t n, size_t size);
/* What stands in a row: the code of a text or bool, whether a list has an item (0: whether there is a list). */
uint32_t tag_table_code(const pt_column *c, uint32_t row);
bool tag_table_has(const pt_column *c, uint32_t row, uint32_t item);

#endif
