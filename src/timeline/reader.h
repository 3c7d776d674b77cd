/* An open timeline, for overlay.c. */
#ifndef PT_TIMELINE_READER_H
#define PT_TIMELINE_READER_H

#include "timeline/timeline_int.h"

struct pt_timeline {
    pt_arena *arena; /* what the directory said */
    int fd;          /* kept for overlays, which map the dictionaries a second time */
    const unsigned char *bytes;
    size_t size;
    pt_frame *frame;
    timeline_meta meta;
    pt_timeline_schema schema;
    const uint64_t *offsets;
    const int64_t *times;
    pt_column *columns;
    pt_dict *dicts;
};

#endif
