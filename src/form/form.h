/* Values as people write them, read into one normal form: numbers, dates, phone numbers, identity cards, e-mail addresses,
 * regions, characters. What cleaning converts with, and what quality checks with. docs/conversions.md is the definition.
 * Pure; nothing here fails for want of memory unless a pt_str is passed. Full-width characters count as plain ones, white
 * space around a value never matters, and any bytes may be given. */
#ifndef PT_FORM_FORM_H
#define PT_FORM_FORM_H

#include "base/str.h"
#include "base/time.h"

typedef enum pt_form_rc {
    PT_FORM_OK,
    PT_FORM_NOT, /* not of this form at all */
    PT_FORM_AMBIGUOUS, /* several readings are possible and none is declared: 03/04/2017, 朝阳区, a phone without its area code */
    PT_FORM_RANGE, /* of this form, but there is no such thing: 31 February, a segment never given out, an unknown code */
    PT_FORM_CHECKSUM, /* of this form, but the check digit is another: mistyped */
    PT_FORM_RC_COUNT
} pt_form_rc;

/* --- numbers -------------------------------------------------------------------------------------------------------- */

/* digits x 10^-scale, exactly as written: 1,234.50 is 123450 with scale 2. */
typedef struct pt_decimal {
    unsigned __int128 digits; /* below 10^36 */
    uint8_t scale;            /* at most 36 */
    bool negative;
    char mark; /* what the text shows to begin decimals, '.' or ','; '?': it has two readings; 0: it shows nothing */
    bool as_written; /* the text is what pt_decimal_format would give */
} pt_decimal;

typedef struct pt_unit pt_unit; /* units.c */

typedef struct pt_number_form {
    char
        decimal; /* '.' or ',': which one begins the decimals; 0: told by each text, with 1,234 one thousand and 1.234 a
                   * little more than one; '?': those two are ambiguous */
    const pt_unit *unit; /* of the result; NULL: none, and a unit of measure in the text is then no number */
    const pt_unit *bare; /* of a number that names none; NULL: the same as `unit` */
} pt_number_form;

enum { PT_DECIMAL_TEXT = 48 }; /* room for any decimal as text */

/* ¥1,234.50  (123.45)  12.5% (0.125)  1.2万  3亿5000万  三万五千  -1.5E+3  50元  2斤. `form` NULL: nothing declared. */
pt_form_rc pt_form_number(pt_decimal *out, pt_sv text, const pt_number_form *form);
/* "-1234.50": as many decimals as the scale has. Returns the length. */
size_t pt_decimal_format(char buf[PT_DECIMAL_TEXT], const pt_decimal *d);
/* "kg", "公斤", "斤", "cm", "万元", ...; NULL when not known. */
const pt_unit *pt_unit_find(pt_sv name);
const char *pt_unit_name(const pt_unit *u);
bool pt_units_agree(const pt_unit *a, const pt_unit *b); /* both measure the same: lengths, weights, amounts */

/* --- dates ---------------------------------------------------------------------------------------------------------- */

typedef enum pt_date_order { PT_ORDER_UNKNOWN, PT_ORDER_DMY, PT_ORDER_MDY, PT_ORDER_YMD } pt_date_order;

typedef struct pt_date_form {
    pt_date_order order; /* of 03/04/2017 and 03/04/17; UNKNOWN: those are ambiguous */
    bool roc;            /* years are those of the Republic of China: 106 is 2017 */
    bool excel_1904;     /* serial numbers count from 1904, as old Macintosh workbooks do */
} pt_date_form;

/* A date, and a time when there is one. */
typedef struct pt_moment {
    pt_civil civil;
    bool has_time, has_offset;
    int32_t offset;      /* seconds east of UTC */
    pt_date_order shows; /* the order of day and month, where the text has them before the year and one reading only */
    bool as_written;     /* the text is what pt_moment_format would give */
} pt_moment;

enum { PT_MOMENT_TEXT = 48 };

/* 2017-01-31  2017/1/31  2017.1.31  20170131  2017年1月31日 下午3:05  31/01/2017  Jan 31, 2017 3:05 PM  42766.5 (a spreadsheet's
 * serial number)  1485828000  1485828000000 (seconds, milliseconds since 1970, in UTC). `form` NULL: nothing declared. */
pt_form_rc pt_form_date(pt_moment *out, pt_sv text, const pt_date_form *form);
/* "2017-01-31", or "2017-01-31 15:05:00.25+08:00" with the parts there are. Returns the length. */
size_t pt_moment_format(char buf[PT_MOMENT_TEXT], const pt_moment *m);

/* --- phone numbers of mainland China -------------------------------------------------------------------------------- */

typedef enum pt_phone_kind { PT_PHONE_MOBILE, PT_PHONE_LANDLINE, PT_PHONE_SERVICE /* 400, 800 */ } pt_phone_kind;

typedef struct pt_phone {
    pt_phone_kind kind;
    uint8_t len;
    char text[32]; /* terminated: "13812345678", "010-12345678", "0755-1234567-801", "4001234567" */
} pt_phone;

/* +86 138-1234-5678  0086 13812345678  (0755) 2345 6789  010-12345678转801. A masked number (138****5678) is none. */
pt_form_rc pt_form_phone_cn(pt_phone *out, pt_sv text);

/* --- identity cards of China (GB 11643) ------------------------------------------------------------------------------ */

typedef struct pt_id_card {
    char text[19]; /* 18 characters; those of 15 digits are given their century and check digit */
    int32_t birth; /* date */
    bool male;
    uint32_t region; /* six digits, as of the time it was issued: not all are codes of today */
} pt_id_card;

pt_form_rc pt_form_id_card(pt_id_card *out, pt_sv text);
/* The check character for 17 digits (ISO 7064, MOD 11-2). */
char pt_id_card_check(const char digits[17]);

/* --- e-mail addresses ------------------------------------------------------------------------------------------------ */

/* Appends the address in lower case; letters beyond ASCII stay as they are. Nothing is appended unless OK. */
pt_form_rc pt_form_email(pt_str *out, pt_sv text);

/* --- regions of China (GB/T 2260) ------------------------------------------------------------------------------------- */

typedef enum pt_region_level { PT_REGION_ANY, PT_REGION_PROVINCE, PT_REGION_CITY, PT_REGION_DISTRICT } pt_region_level;

/* The code of 北京, 内蒙, 广东省深圳市南山区科技园 (440305), 440305: the deepest level that the text names, or the level that is
 * wanted. A name that several places have (朝阳区) is ambiguous, as is 广东 where a city is wanted. scratch->failed: no memory. */
pt_form_rc pt_form_region(uint32_t *out, pt_sv text, pt_region_level want, pt_str *scratch);
/* "南山区"; NULL for what is no code of today. */
const char *pt_region_name(uint32_t code);

/* --- characters ------------------------------------------------------------------------------------------------------ */

/* Appends the text in simplified Chinese; what is no traditional character stays, invalid bytes too. */
void pt_form_simplify(pt_str *out, pt_sv text);

#endif
