/* Shared inside online: columns with room for more, the index of keys. */
#ifndef PT_LINK_ONLINE_INT_H
#define PT_LINK_ONLINE_INT_H

#include "link/bounds.h"
#include "link/online.h"

/* Columns of many records with room for more. Queries have the first records, and in each column a value of their own: code 2 s + 2 of
 * query s. Its characters lie in a place of fixed size, so that queries do not touch each other's. */
enum { LINK_QUERY_POINTS = PT_POINTS_COMPARED };

typedef struct link_texts {
    uint32_t *codes; /* open addressing, by what the text is; 0: free */
    size_t mask;
} link_texts;

typedef struct link_store {
    pt_link_records records; /* of `columns` */
    pt_link_column columns[PT_LINK_COLUMNS_MAX];
    link_texts texts[PT_LINK_COLUMNS_MAX]; /* of columns of texts */
    size_t cap_points[PT_LINK_COLUMNS_MAX];
    bool is_text[PT_LINK_COLUMNS_MAX];
    uint32_t queries, room;
} link_store;

/* Of `setup`, for `queries` queries and `room` more records. */
pt_rc link_store_new(link_store *out, const pt_link_table *table, uint32_t queries, uint32_t room, pt_err *err);
void link_store_free(link_store *s);
/* The values of a setup's only record become those of record `at`: of a query (at < queries) without adding to the columns, else for
 * good. PT_ENOMEM: all is as it was. */
pt_rc link_store_set(link_store *s, uint32_t at, const pt_link_table *one, pt_err *err);

#endif
