/* load_link.c's own. */
#ifndef PT_PROJECT_LOAD_LINK_H
#define PT_PROJECT_LOAD_LINK_H

#include "project/link_config.h"
#include "project/models.h"

/* `link:` under reading. */
typedef struct pt_link_reading {
    pt_loader *loader;
    pt_link_config *config;
    pt_fields fields;
    const char **names; /* what rules may call columns */
    size_t n_names;
} pt_link_reading;

#endif
