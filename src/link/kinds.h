/* What kinds of columns there are, and what linking does with each when nothing else is said: how its values are written alike, which
 * levels a comparison has, which blocking rules come of it. docs/linking.md has the table. */
#ifndef PT_LINK_KINDS_H
#define PT_LINK_KINDS_H

#include "base/type.h"
#include "form/latin.h"
#include "link/columns.h"

typedef enum pt_link_kind {
    PT_LINK_PERSON, /* a whole name, in any script */
    PT_LINK_GIVEN,  /* a Western first name */
    PT_LINK_FAMILY, /* a Western family name */
    PT_LINK_BIRTH,  /* a date */
    PT_LINK_GENDER,
    PT_LINK_PHONE,
    PT_LINK_EMAIL,
    PT_LINK_NUMBERED, /* an id that one person has: member number, social security number */
    PT_LINK_ADDRESS,  /* street and house */
    PT_LINK_PLACE,    /* city, district, suburb */
    PT_LINK_POSTCODE,
    PT_LINK_CATEGORY,  /* equal or not */
    PT_LINK_WORDS,     /* any other text */
    PT_LINK_REGION,    /* made of places and addresses: a code of GB/T 2260 */
    PT_LINK_MAIL_NAME, /* made of mail addresses and names: li_jianguo@... against 李建国 */
    PT_LINK_NUMBER,    /* a quantity */
    PT_LINK_LOCATION,  /* "31.2304, 121.4737": latitude and longitude in degrees; or made of the next two */
    PT_LINK_LATITUDE,
    PT_LINK_LONGITUDE,
    PT_LINK_LIST, /* several values with , ; | or 、 between them, in any order */
    PT_LINK_KINDS
} pt_link_kind;

const char *pt_link_kind_name(pt_link_kind kind); /* "person" */
/* Appends a value as values of its kind are compared; nothing when it stands for no value. `latin` is for given and family names,
 * else it may be NULL. */
void pt_link_alike(pt_str *out, pt_link_kind kind, pt_sv value, pt_latin *latin);
bool pt_link_kind_is_of_columns(pt_link_kind kind); /* and not made of several */

/* One column as it is linked: its values written alike, and what follows from them. */
typedef struct pt_link_field {
    const char *name;
    pt_link_kind kind;
    uint32_t column;                    /* values written alike */
    uint32_t reading, family;           /* of persons */
    uint32_t hint, whole;               /* of persons; of mail names */
    uint32_t spoken_hint, spoken_whole; /* of persons: the same as it sounds */
    uint32_t
        number; /* of dates: the day; of addresses: numbers in them; of lists: the items; of locations: the latitude */
    uint32_t longitude; /* of locations */
    uint32_t meant;     /* of Western first names: which names it is or is short for */
    uint32_t ends;      /* of phones: what masks leave */
    uint32_t year;      /* of dates */
    uint32_t sound;     /* of family names: as it sounds */
    uint32_t against;   /* of mail addresses set against names: what letters are looked up in */
    pt_link_level levels[PT_LINK_LEVELS_MAX];
    pt_link_level also[PT_LINK_LEVELS_MAX];
    uint32_t n_levels;
} pt_link_field;

/* What setting up decides by looking at all records, so that a record that comes later is set up alike (online.h). */
typedef struct pt_link_shape {
    bool given;   /* it is to be followed, not found */
    uint64_t yes; /* bit i: what was asked i-th was so */
    uint32_t asked;
    size_t n_fields; /* as they were added */
    struct {
        const char *name;
        pt_link_kind kind;
    } fields[PT_LINK_COMPARISONS_MAX];
} pt_link_shape;

typedef struct pt_link_setup {
    pt_link_table table;
    pt_latin *latin; /* the caller's */
    pt_link_shape shape;
    size_t n_fields;
    pt_link_field fields[PT_LINK_COMPARISONS_MAX];           /* the caller's, then those that set_up makes of several */
    pt_link_comparison comparisons[PT_LINK_COMPARISONS_MAX]; /* one a field */
    size_t n_given;
    struct
        pt_link_given { /* fields as they were added: set_up makes a region of places, which are then compared no more */
        const char *name;
        pt_link_kind kind;
        uint32_t column;
    } given[PT_LINK_COMPARISONS_MAX];
    size_t n_rules, n_training, n_sure;
    pt_link_rule rules[PT_LINK_RULES_MAX];    /* pairs to score */
    pt_link_rule training[PT_LINK_RULES_MAX]; /* pairs to learn m from */
    pt_link_rule sure[PT_LINK_RULES_MAX];     /* pairs that are of one person nearly always: for the prior */
} pt_link_setup;

/* Whether something is so that makes setups differ: as it is in these records, or as it was in those that the shape is of. */
bool pt_link_decide(pt_link_setup *s, bool is_so);

/* Adds a column of raw values, one a record. Zero-initialised setup but for table.arena and latin. */
pt_rc pt_link_add_field(pt_link_setup *s, const char *name, pt_link_kind kind, const pt_sv *values, uint32_t n,
                        pt_err *err);
/* The same of values that are numbered already: codes of a dictionary of distinct texts, 0 and the empty text missing. The dictionary must
 * outlive the setup; its texts are not copied. */
pt_rc pt_link_add_coded_field(pt_link_setup *s, const char *name, pt_link_kind kind, const pt_dict *texts,
                              const uint32_t *codes, uint32_t n, pt_err *err);
/* The comparisons and rules that follow from the fields; after the last field. */
pt_rc pt_link_set_up(pt_link_setup *s, pt_err *err);

#endif
