#include "base/type.h"

static const struct {
    const char *name;
    unsigned width;
} types[PT_TYPE_COUNT] = {
    [PT_TYPE_NONE] = {"missing", 0},      [PT_TYPE_BOOL] = {"bool", 1},         [PT_TYPE_NUMBER] = {"number", 8},
    [PT_TYPE_MONEY] = {"money", 8},       [PT_TYPE_DATE] = {"date", 4},         [PT_TYPE_INSTANT] = {"instant", 8},
    [PT_TYPE_DURATION] = {"duration", 8}, [PT_TYPE_TEXT] = {"text", 4},         [PT_TYPE_CATEGORY] = {"category", 4},
    [PT_TYPE_LIST] = {"list", 0},         [PT_TYPE_WEIGHTED] = {"weighted", 0},
};

const char *pt_type_name(pt_type type)
{
    return (unsigned)type < PT_TYPE_COUNT ? types[type].name : "unknown";
}

bool pt_type_parse(pt_type *out, pt_sv word)
{
    for (int t = PT_TYPE_BOOL; t < PT_TYPE_COUNT; t++) {
        if (pt_sv_eq(word, pt_sv_of(types[t].name))) {
            *out = (pt_type)t;
            return true;
        }
    }
    return false;
}

unsigned pt_type_width(pt_type type)
{
    return (unsigned)type < PT_TYPE_COUNT ? types[type].width : 0;
}

bool pt_column_missing(const pt_column *c, uint64_t i)
{
    switch (c->type) {
    case PT_TYPE_NONE: return true;
    case PT_TYPE_BOOL: return ((const uint8_t *)c->data)[i] == PT_BOOL_MISSING;
    case PT_TYPE_NUMBER: return isnan(((const double *)c->data)[i]);
    case PT_TYPE_DATE: return ((const int32_t *)c->data)[i] == PT_I32_MISSING;
    case PT_TYPE_MONEY:
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION: return ((const int64_t *)c->data)[i] == PT_I64_MISSING;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return pt_column_code(c, i) == PT_CODE_MISSING;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: return c->absent && c->absent[i];
    case PT_TYPE_COUNT: break;
    }
    return true;
}
