/* Looking up features by name. */
#include <string.h>

#include "model/table.h"

const pt_feature *pt_table_feature(const pt_table *t, const char *name)
{
    for (size_t i = 0; i < t->n_features; i++)
        if (strcmp(t->features[i].name, name) == 0)
            return &t->features[i];
    return NULL;
}
