/* Arithmetic of exact decimals, shared by the readers of numbers. Each is false when the result does not fit. */
#ifndef PT_FORM_DECIMAL_H
#define PT_FORM_DECIMAL_H

#include "form/form_int.h"

enum { PT_DECIMAL_DIGITS = 36 };

/* mantissa x 10^exponent */
typedef struct decimal_factor {
    uint64_t mantissa;
    int8_t exponent;
} decimal_factor;

bool decimal_digit(pt_decimal *d, unsigned digit); /* one more digit at the end */
bool decimal_deepen(pt_decimal *d);                /* the last digit is one more decimal */
bool decimal_shift(pt_decimal *d, int n);          /* times 10^n */
bool decimal_add(pt_decimal *a, pt_decimal b);     /* without signs */
bool decimal_ratio(pt_decimal *d, decimal_factor by, decimal_factor over);
bool decimal_convert(pt_decimal *d, const pt_unit *from, const pt_unit *to); /* of units that agree */
bool unit_is_amount(const pt_unit *u);

#endif
