/* The types of the portrait language and how their values lie in memory. Timelines, the evaluator and tag files share
 * this one layout, so a column moves between them without conversion.
 *
 *   type      bytes     missing           meaning
 *   bool      1         2                 0 false, 1 true
 *   number    8         NaN               IEEE double; never infinite
 *   money     8         INT64_MIN         exact decimal, units of 1/10,000 of the currency (PT_MONEY_UNIT)
 *   date      4         INT32_MIN         days since 1970-01-01
 *   instant   8         INT64_MIN         microseconds since 1970-01-01T00:00:00Z
 *   duration  8         INT64_MIN         microseconds
 *   text      1, 2, 4   0                 code into a dictionary, 1..n
 *   category  1, 2, 4   0                 as text; a small closed vocabulary
 *   list      offsets   empty is a value; missing is marked apart (see pt_column)
 *   weighted  as list, plus a double for each item: text -> weight, heaviest first
 */
#ifndef PT_BASE_TYPE_H
#define PT_BASE_TYPE_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef enum pt_type {
    PT_TYPE_NONE, /* the type of the literal `missing` before it meets another */
    PT_TYPE_BOOL,
    PT_TYPE_NUMBER,
    PT_TYPE_MONEY,
    PT_TYPE_DATE,
    PT_TYPE_INSTANT,
    PT_TYPE_DURATION,
    PT_TYPE_TEXT,
    PT_TYPE_CATEGORY,
    PT_TYPE_LIST,     /* of text, without repeats, in a stated order */
    PT_TYPE_WEIGHTED, /* text -> weight */
    PT_TYPE_COUNT
} pt_type;

#define PT_BOOL_MISSING ((uint8_t)2)
#define PT_I64_MISSING INT64_MIN
#define PT_I32_MISSING INT32_MIN
#define PT_CODE_MISSING ((uint32_t)0)
#define PT_MONEY_UNIT INT64_C(10000) /* money units in one of the currency */
#define PT_MONEY_DIGITS 4

/* "number", "money", ...: the words project files use. */
const char *pt_type_name(pt_type type);
/* False for a word that names no type. `none` is not a word. */
bool pt_type_parse(pt_type *out, pt_sv word);
/* Bytes of one value; 4 for text and category (the widest code), 0 for list and weighted. */
unsigned pt_type_width(pt_type type);

static inline bool pt_type_is_text(pt_type t)
{
    return t == PT_TYPE_TEXT || t == PT_TYPE_CATEGORY;
}

static inline bool pt_type_is_list(pt_type t)
{
    return t == PT_TYPE_LIST || t == PT_TYPE_WEIGHTED;
}

/* An ordered set of texts; code c (1..n) is the c-th. Borrowed view: who owns it is said where it is used. */
typedef struct pt_dict {
    uint32_t n;
    bool sorted;             /* codes compare as their texts do (byte order) */
    const uint64_t *offsets; /* n+1, into bytes */
    const char *bytes;
} pt_dict;

static inline pt_sv pt_dict_text(const pt_dict *d, uint32_t code)
{
    return (pt_sv){d->bytes + d->offsets[code - 1], (size_t)(d->offsets[code] - d->offsets[code - 1])};
}

/* A column of values, read-only and borrowed. Row i of a plain type is data[i]; of a list, items
 * offsets[i]..offsets[i+1] of `data` (codes of `width` bytes) and of `weights`. */
typedef struct pt_column {
    pt_type type;
    uint8_t width; /* bytes of one value or code: 1, 2, 4 or 8 */
    const void *data;
    const uint64_t *offsets; /* lists only: rows+1 */
    const double *weights;   /* weighted lists only */
    const uint8_t *absent;   /* lists only, may be NULL: 1 where the list is missing rather than empty */
    const pt_dict *dict;     /* text, category and lists */
} pt_column;

static inline uint32_t pt_column_code(const pt_column *c, uint64_t i)
{
    switch (c->width) {
    case 1: return ((const uint8_t *)c->data)[i];
    case 2: return ((const uint16_t *)c->data)[i];
    default: return ((const uint32_t *)c->data)[i];
    }
}

/* Whether row i is missing. */
bool pt_column_missing(const pt_column *c, uint64_t i);

#endif
