/* Shared inside the making of persons: names by frequency, chance, errors of writing. */
#ifndef TESTS_SUPPORT_INVENTED_INT_H
#define TESTS_SUPPORT_INVENTED_INT_H

#include "base/rng.h"
#include "support/invented.h"

typedef char invented_text[INVENTED_TEXT];

/* In a thousand. */
static inline bool invented_chance(pt_rng *r, unsigned per_thousand)
{
    return pt_rng_below(r, 1000) < per_thousand;
}

#define INVENTED_PICK(r, array) ((array)[pt_rng_below((r), PT_COUNT(array))])

/* --- names ------------------------------------------------------------------------------------------------------------------- */

void invented_western_family(invented_text out, pt_rng *r);
void invented_western_given(invented_text out, bool female, pt_rng *r);
/* Bob for Robert; false when there is none. */
bool invented_nickname(invented_text name);
void invented_city(invented_text out, pt_rng *r);
void invented_street(invented_text out, pt_rng *r);

/* A character and how it reads. */
typedef struct invented_sign {
    const char *text, *pinyin, *traditional; /* traditional: NULL where it is the same */
} invented_sign;

typedef struct invented_chinese {
    const invented_sign *family, *given[2];
    unsigned n_given;
} invented_chinese;

void invented_chinese_name(invented_chinese *out, bool female, pt_rng *r);
const invented_sign *invented_chinese_family(pt_rng *r);
/* Another character that reads alike; NULL when there is none. */
const invented_sign *invented_homophone(const invented_sign *s, pt_rng *r);

typedef struct invented_region {
    const char *province, *city, *districts[4], *area_code;
} invented_region;

const invented_region *invented_chinese_region(pt_rng *r);
const char *invented_chinese_road(pt_rng *r);

/* --- errors ------------------------------------------------------------------------------------------------------------------ */

/* One error of typing, reading or hearing, of texts in ASCII; others lose or swap a character. */
void invented_mistype(invented_text text, pt_rng *r);
/* Another digit somewhere, or two swapped. */
void invented_mistype_digits(invented_text text, pt_rng *r);

#endif
