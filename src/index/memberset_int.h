/* Shared by the writer and the reader of sets of members: the head (docs/segment-format.md). */
#ifndef PT_INDEX_MEMBERSET_INT_H
#define PT_INDEX_MEMBERSET_INT_H

#include "index/headed.h"
#include "index/memberset.h"

#define MEMBERSET_MAGIC "PTMEMBER"
enum {
    MEMBERSET_VERSION = 1,
    MEMBERSET_FIXED = 80, /* bytes before the table */
    MEMBERSET_ENTRY = 108 /* bytes of an entry beside the text of its name */
};

#endif
