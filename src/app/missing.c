#include "app/missing.h"

#include <math.h>

pt_rc pt_missing_column(pt_column *out, pt_type type, size_t rows, pt_arena *a, pt_err *err)
{
    static const uint64_t no_offsets[1];
    static const pt_dict no_texts = {.sorted = true, .offsets = no_offsets, .bytes = ""};
    bool list = pt_type_is_list(type), text = pt_type_is_text(type);
    unsigned width = list || text ? 1 : pt_type_width(type);
    char *data = pt_arena_array(a, rows + 1, width);
    uint64_t *offsets = list ? PT_NEW_ARRAY(a, uint64_t, rows + 1) : NULL;
    uint8_t *absent = list ? PT_NEW_ARRAY(a, uint8_t, rows) : NULL;

    if (!data || (list && (!offsets || !absent)))
        return pt_fail_nomem(err, "the tags");
    *out = (pt_column){.type = type, .width = (uint8_t)width, .data = data, .offsets = offsets, .absent = absent};
    out->dict = list || text ? &no_texts : NULL;
    if (list && rows)
        memset(absent, 1, rows);
    for (size_t i = 0; i < rows && !list && !text; i++) {
        if (type == PT_TYPE_BOOL)
            ((uint8_t *)data)[i] = PT_BOOL_MISSING;
        else if (type == PT_TYPE_NUMBER)
            ((double *)data)[i] = (double)NAN;
        else if (type == PT_TYPE_DATE)
            ((int32_t *)data)[i] = PT_I32_MISSING;
        else
            ((int64_t *)data)[i] = PT_I64_MISSING;
    }
    return PT_OK;
}
