/* Exact decimals, and the units of measure that numbers are written in. */
#include "form/decimal.h"

typedef unsigned __int128 wide;

static bool fits(wide digits)
{
    const wide end = (wide)UINT64_C(1000000000000000000) * UINT64_C(1000000000000000000); /* 10^36 */

    return digits < end;
}

bool decimal_digit(pt_decimal *d, unsigned digit)
{
    d->digits = d->digits * 10 + digit; /* below 10^37 */
    return fits(d->digits);
}

bool decimal_deepen(pt_decimal *d)
{
    d->scale++;
    return d->scale <= PT_DECIMAL_DIGITS;
}

bool decimal_shift(pt_decimal *d, int n)
{
    for (; n > 0 && d->scale > 0; n--)
        d->scale--;
    for (; n > 0; n--)
        if (!decimal_digit(d, 0))
            return false;
    for (; n < 0; n++) {
        if (!decimal_deepen(d))
            return false;
    }
    return true;
}

bool decimal_add(pt_decimal *a, pt_decimal b)
{
    pt_decimal *low = a->scale < b.scale ? a : &b;
    uint8_t scale = a->scale < b.scale ? b.scale : a->scale;

    for (; low->scale < scale; low->scale++)
        if (!decimal_digit(low, 0))
            return false;
    a->digits += b.digits;
    return fits(a->digits);
}

/* Beyond these decimals a quotient that never ends is rounded, a half away from zero. */
enum { QUOTIENT_DECIMALS = 12 };

bool decimal_ratio(pt_decimal *d, decimal_factor by, decimal_factor over)
{
    wide product;

    if (__builtin_mul_overflow(d->digits, (wide)by.mantissa, &product) || !fits(product))
        return false;
    d->digits = product;
    if (!decimal_shift(d, by.exponent - over.exponent))
        return false;
    while (d->digits % over.mantissa != 0 && d->scale < QUOTIENT_DECIMALS) {
        if (!decimal_digit(d, 0) || !decimal_deepen(d))
            return false;
    }
    wide rest = d->digits % over.mantissa;
    d->digits = d->digits / over.mantissa + (rest >= over.mantissa - rest);
    return true;
}

size_t pt_decimal_format(char buf[PT_DECIMAL_TEXT], const pt_decimal *d)
{
    char reversed[PT_DECIMAL_TEXT];
    size_t n = 0, length = 0;
    wide v = d->digits;

    do {
        reversed[n++] = (char)('0' + (int)(v % 10));
        v /= 10;
        if (n == d->scale)
            reversed[n++] = '.';
    } while (v || n < (size_t)d->scale + 1 + (d->scale > 0));
    if (d->negative && d->digits)
        buf[length++] = '-';
    while (n-- > 0)
        buf[length++] = reversed[n];
    buf[length] = '\0';
    return length;
}

/* --- units ----------------------------------------------------------------------------------------------------------- */

typedef enum dimension { WEIGHT = 1, LENGTH, AREA, VOLUME, TIME, AMOUNT } dimension;

struct pt_unit {
    const char *name;
    dimension dimension;
    decimal_factor factor; /* of gram, metre, square metre, litre, second, yuan */
};

/* Longer names stand before those they begin with. Pound, ounce, inch, foot and mile as agreed in 1959. */
static const pt_unit units[] = {
    {"毫克", WEIGHT, {1, -3}},
    {"千克", WEIGHT, {1, 3}},
    {"公斤", WEIGHT, {1, 3}},
    {"克", WEIGHT, {1, 0}},
    {"斤", WEIGHT, {5, 2}},
    {"吨", WEIGHT, {1, 6}},
    {"磅", WEIGHT, {45359237, -5}},
    {"盎司", WEIGHT, {28349523125, -9}},
    {"mg", WEIGHT, {1, -3}},
    {"kg", WEIGHT, {1, 3}},
    {"KG", WEIGHT, {1, 3}},
    {"Kg", WEIGHT, {1, 3}},
    {"g", WEIGHT, {1, 0}},
    {"lbs", WEIGHT, {45359237, -5}},
    {"lb", WEIGHT, {45359237, -5}},
    {"oz", WEIGHT, {28349523125, -9}},
    {"平方公里", AREA, {1, 6}},
    {"平方米", AREA, {1, 0}},
    {"平米", AREA, {1, 0}},
    {"公顷", AREA, {1, 4}},
    {"㎡", AREA, {1, 0}},
    {"m²", AREA, {1, 0}},
    {"m2", AREA, {1, 0}},
    {"km2", AREA, {1, 6}},
    {"毫升", VOLUME, {1, -3}},
    {"升", VOLUME, {1, 0}},
    {"ml", VOLUME, {1, -3}},
    {"mL", VOLUME, {1, -3}},
    {"L", VOLUME, {1, 0}},
    {"l", VOLUME, {1, 0}},
    {"毫秒", TIME, {1, -3}},
    {"秒钟", TIME, {1, 0}},
    {"秒", TIME, {1, 0}},
    {"分钟", TIME, {6, 1}},
    {"小时", TIME, {36, 2}},
    {"天", TIME, {864, 2}},
    {"ms", TIME, {1, -3}},
    {"min", TIME, {6, 1}},
    {"s", TIME, {1, 0}},
    {"h", TIME, {36, 2}},
    {"毫米", LENGTH, {1, -3}},
    {"厘米", LENGTH, {1, -2}},
    {"公分", LENGTH, {1, -2}},
    {"分米", LENGTH, {1, -1}},
    {"公里", LENGTH, {1, 3}},
    {"千米", LENGTH, {1, 3}},
    {"英寸", LENGTH, {254, -4}},
    {"英尺", LENGTH, {3048, -4}},
    {"英里", LENGTH, {1609344, -3}},
    {"米", LENGTH, {1, 0}},
    {"mm", LENGTH, {1, -3}},
    {"cm", LENGTH, {1, -2}},
    {"CM", LENGTH, {1, -2}},
    {"dm", LENGTH, {1, -1}},
    {"km", LENGTH, {1, 3}},
    {"KM", LENGTH, {1, 3}},
    {"m", LENGTH, {1, 0}},
    {"inch", LENGTH, {254, -4}},
    {"ft", LENGTH, {3048, -4}},
    {"千元", AMOUNT, {1, 3}},
    {"万元", AMOUNT, {1, 4}},
    {"百万元", AMOUNT, {1, 6}},
    {"亿元", AMOUNT, {1, 8}},
    {"元", AMOUNT, {1, 0}},
    {"角", AMOUNT, {1, -1}},
    {"分", AMOUNT, {1, -2}},
};

const pt_unit *pt_unit_find(pt_sv name)
{
    for (size_t i = 0; name.len && i < PT_COUNT(units); i++)
        if (*name.ptr == *units[i].name && pt_sv_eq(name, pt_sv_of(units[i].name)))
            return &units[i];
    return NULL;
}

const char *pt_unit_name(const pt_unit *u)
{
    return u->name;
}

bool pt_units_agree(const pt_unit *a, const pt_unit *b)
{
    return a->dimension == b->dimension;
}

bool unit_is_amount(const pt_unit *u)
{
    return u->dimension == AMOUNT;
}

bool decimal_convert(pt_decimal *d, const pt_unit *from, const pt_unit *to)
{
    return from == to || decimal_ratio(d, from->factor, to->factor);
}
