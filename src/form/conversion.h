/* A conversion as a rule names it: what stands after `convert COLUMN:`. One definition for the check of a project, for
 * reading files, and for anyone who wants a text in its normal form. docs/conversions.md. */
#ifndef PT_FORM_CONVERSION_H
#define PT_FORM_CONVERSION_H

#include "form/form.h"

typedef enum pt_conversion_kind {
    PT_CONVERT_NUMBER,
    PT_CONVERT_DATE,
    PT_CONVERT_PHONE_CN,
    PT_CONVERT_ID_CARD,
    PT_CONVERT_ID_CARD_BIRTH,
    PT_CONVERT_ID_CARD_GENDER, /* "male", "female" */
    PT_CONVERT_ID_CARD_REGION,
    PT_CONVERT_EMAIL,
    PT_CONVERT_REGION, /* the code, "440305" */
    PT_CONVERT_SIMPLIFIED,
    PT_CONVERT_PLAIN, /* full-width forms, odd blanks and dashes as plain ones; one blank for several */
    PT_CONVERT_LOWER,
    PT_CONVERT_UPPER
} pt_conversion_kind;

/* What becomes of a value that cannot be converted. */
typedef enum pt_conversion_else { PT_ELSE_QUARANTINE, PT_ELSE_MISSING, PT_ELSE_KEEP } pt_conversion_else;

typedef struct pt_conversion {
    pt_conversion_kind kind;
    pt_conversion_else otherwise;
    pt_number_form number;
    pt_date_form date;
    pt_region_level region;
    bool personal; /* values of this kind tell who someone is: they are masked where they are shown */
} pt_conversion;

/* What is wrong with the words of a conversion. */
typedef struct pt_conversion_fault {
    pt_sv word; /* in the text that was given; empty at its end */
    char message[160];
    const char *const *known;
    size_t n_known; /* words that would be right; 0: not a matter of a word */
} pt_conversion_fault;

/* "number in kg", "date dmy else missing". */
bool pt_conversion_open(pt_conversion *out, pt_sv words, pt_conversion_fault *fault);
/* *out lies in `text`, in `scratch` (cleared first), or is fixed; set when OK alone. Check scratch->failed. */
pt_form_rc pt_conversion_apply(pt_sv *out, const pt_conversion *c, pt_sv text, pt_str *scratch);

/* --- what a column teaches ------------------------------------------------------------------------------------------- */

/* 03/04/2017 and 1,234 have two readings, which other values of the same column settle. */
typedef enum pt_hint {
    PT_HINT_NONE = 0,
    PT_HINT_EITHER = 1, /* this value has two readings */
    PT_HINT_FIRST = 2,  /* this value shows that the day comes before the month; that a point begins the decimals */
    PT_HINT_SECOND = 4  /* the month before the day; a comma */
} pt_hint;

/* Whether nothing is declared that would settle it. */
bool pt_conversion_learns(const pt_conversion *c);
/* As pt_conversion_apply, and says what the value teaches. */
pt_form_rc pt_conversion_study(pt_sv *out, unsigned *hint, const pt_conversion *c, pt_sv text, pt_str *scratch);
/* What all values of a column taught, their hints or-ed: true when *c has changed and the column must be converted anew. */
bool pt_conversion_learn(pt_conversion *c, unsigned hints);

#endif
