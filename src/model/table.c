/* Looking up features, and taking rows out of a table. */
#include "model/table.h"

#include <string.h>

const pt_feature *pt_table_feature(const pt_table *t, const char *name)
{
    for (size_t i = 0; i < t->n_features; i++)
        if (strcmp(t->features[i].name, name) == 0)
            return &t->features[i];
    return NULL;
}

/* Values of `size` bytes, row by row; NULL stays NULL. */
static bool gather_array(const void **array, size_t size, const pt_row_set *rows, pt_arena *arena)
{
    const char *from = (const char *)*array;
    char *to;

    if (!from)
        return true;
    to = (char *)pt_arena_array(arena, rows->n + 1, size);
    for (size_t i = 0; to && i < rows->n; i++)
        memcpy(to + i * size, from + pt_row(rows, i) * size, size);
    *array = to;
    return to != NULL;
}

static bool gather_lists(pt_feature *f, const pt_row_set *rows, pt_arena *arena)
{
    uint64_t *offsets = PT_NEW_ARRAY(arena, uint64_t, rows->n + 1);
    uint32_t *items;

    if (!offsets)
        return false;
    for (size_t i = 0; i < rows->n; i++) {
        const size_t r = pt_row(rows, i);
        offsets[i + 1] = offsets[i] + f->offsets[r + 1] - f->offsets[r];
    }
    items = PT_NEW_ARRAY(arena, uint32_t, offsets[rows->n] + 1);
    if (!items)
        return false;
    for (size_t i = 0; i < rows->n; i++)
        if (offsets[i + 1] > offsets[i])
            memcpy(items + offsets[i], f->items + f->offsets[pt_row(rows, i)],
                   (offsets[i + 1] - offsets[i]) * sizeof *items);
    f->offsets = offsets;
    f->items = items;
    return true;
}

static bool gather_feature(pt_feature *f, const pt_row_set *rows, pt_arena *arena)
{
    if (f->kind == PT_FEATURE_LIST)
        return gather_lists(f, rows, arena);
    return f->kind == PT_FEATURE_NUMBER ? gather_array((const void **)&f->numbers, sizeof(float), rows, arena)
                                        : gather_array((const void **)&f->codes, sizeof(uint32_t), rows, arena);
}

pt_rc pt_table_gather(pt_table *out, const pt_table *table, const pt_row_set *rows, pt_arena *arena, pt_err *err)
{
    pt_feature *features = PT_NEW_ARRAY(arena, pt_feature, table->n_features + 1);
    bool fits = features != NULL;

    *out = *table;
    out->rows = rows->n;
    out->features = features;
    for (size_t i = 0; fits && i < table->n_features; i++) {
        features[i] = table->features[i];
        fits = gather_feature(&features[i], rows, arena);
    }
    fits = fits && gather_array((const void **)&out->target, sizeof(float), rows, arena) &&
           gather_array((const void **)&out->weight, sizeof(float), rows, arena) &&
           gather_array((const void **)&out->ids, sizeof(uint64_t), rows, arena) &&
           gather_array((const void **)&out->groups, sizeof(uint32_t), rows, arena) &&
           gather_array((const void **)&out->times, sizeof(int64_t), rows, arena);
    return fits ? PT_OK : pt_fail_nomem(err, "a table of features");
}
