/* GB 11643-1999: six digits of region, eight of birth, three of sequence (odd: male), a check character. Before 1999 a card
 * had 15 digits: two for the year and no check. */
#include "form/form_int.h"

char pt_id_card_check(const char digits[17])
{
    static const uint8_t weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}; /* 2^(17-i) mod 11 */
    unsigned sum = 0;

    for (int i = 0; i < 17; i++)
        sum += weights[i] * (unsigned)(digits[i] - '0');
    return "10X98765432"[sum % 11];
}

/* Provinces; 81 to 83 are residence permits of people from Hong Kong, Macao and Taiwan. */
static bool is_province(unsigned code)
{
    static const uint64_t in_use = 0x1FULL << 11 | 0x7ULL << 21 | 0x7FULL << 31 | 0x3FULL << 41 | 0x1FULL << 50;

    if (code < 60)
        return in_use >> code & 1;
    return (code >= 61 && code <= 65) || code == 71 || (code >= 81 && code <= 83);
}

static int32_t number(const char *digits, int n)
{
    int32_t v = 0;

    while (n-- > 0)
        v = v * 10 + (*digits++ - '0');
    return v;
}

/* Without the blanks and dashes that make it easier to read; 15 or 18 characters, else 0. */
static size_t gather(char out[18], pt_sv s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == ' ' || c == '-')
            continue;
        if (n == 18 || !(pt_is_digit(c) || (n == 17 && (c == 'X' || c == 'x'))))
            return 0;
        out[n++] = c == 'x' ? 'X' : c;
    }
    return n == 15 || n == 18 ? n : 0;
}

/* The year gets its century: the sequences 996 to 999 were kept for people of a hundred years and more. */
static void lengthen(char card[18])
{
    char old[15];

    memcpy(old, card, sizeof old);
    memcpy(card + 6, number(old + 12, 3) >= 996 ? "18" : "19", 2);
    memcpy(card + 8, old + 6, 9);
    card[17] = pt_id_card_check(card);
}

pt_form_rc pt_form_id_card(pt_id_card *out, pt_sv text)
{
    char buf[FORM_LONGEST], card[18];
    pt_sv s;
    size_t n = form_plain(&s, buf, text) ? gather(card, s) : 0;

    if (n == 0)
        return PT_FORM_NOT;
    if (n == 15)
        lengthen(card);
    pt_civil birth = {.year = number(card + 6, 4), .month = number(card + 10, 2), .day = number(card + 12, 2)};
    if (pt_id_card_check(card) != card[17])
        return PT_FORM_CHECKSUM;
    if (!is_province((unsigned)number(card, 2)) || birth.year < 1850 || !pt_civil_valid(&birth))
        return PT_FORM_RANGE;
    memcpy(out->text, card, 18);
    out->text[18] = '\0';
    out->birth = pt_date_from_civil(birth.year, birth.month, birth.day);
    out->male = (card[16] - '0') % 2 == 1;
    out->region = (uint32_t)number(card, 6);
    return PT_FORM_OK;
}
