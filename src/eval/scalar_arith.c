/* Arithmetic and the functions of mathematics. */
#include "eval/scalar.h"

typedef const double *numbers;
typedef const int64_t *integers; /* money, instants, durations */

/* --- two operands --------------------------------------------------------------------------------------------------- */

#define NUMBER_OP(name, expression)                   \
    static RUNNER(name)                               \
    {                                                 \
        numbers a = args[0]->data, b = args[1]->data; \
        double *o = slot_room(e, out, n, sizeof *o);  \
        (void)op;                                     \
        for (size_t i = 0; o && i < n; i++)           \
            o[i] = number_or_missing(expression);     \
    }

NUMBER_OP(add_numbers, a[i] + b[i])
NUMBER_OP(sub_numbers, a[i] - b[i])
NUMBER_OP(mul_numbers, a[i] * b[i])
NUMBER_OP(div_numbers, a[i] / b[i])
NUMBER_OP(mod_numbers, fmod(a[i], b[i]))
NUMBER_OP(pow_numbers, isnan(a[i]) || isnan(b[i]) ? (double)NAN : pow(a[i], b[i]))

/* Integers exactly; `expression` says whether *r holds the result of x and y. */
#define INTEGER_OP(name, expression)                                                 \
    static RUNNER(name)                                                              \
    {                                                                                \
        integers a = args[0]->data, b = args[1]->data;                               \
        int64_t *o = slot_room(e, out, n, sizeof *o);                                \
        (void)op;                                                                    \
        for (size_t i = 0; o && i < n; i++) {                                        \
            int64_t x = a[i], y = b[i], r;                                           \
            bool whole = x != PT_I64_MISSING && y != PT_I64_MISSING && (expression); \
            o[i] = whole ? r : PT_I64_MISSING;                                       \
        }                                                                            \
    }

INTEGER_OP(add_integers, pt_money_add(&r, x, y))
INTEGER_OP(sub_integers, pt_money_sub(&r, x, y))

static bool instant_in_range(int64_t t)
{
    return t >= PT_DATE_MIN * PT_DAY && t < (PT_DATE_MAX + INT64_C(1)) * PT_DAY;
}

INTEGER_OP(add_to_instant, pt_money_add(&r, x, y) && instant_in_range(r))
INTEGER_OP(sub_from_instant, pt_money_sub(&r, x, y) && instant_in_range(r))

#define SCALE_OP(name, integer, number, fn)                                            \
    static RUNNER(name)                                                                \
    {                                                                                  \
        integers a = args[integer]->data;                                              \
        numbers b = args[number]->data;                                                \
        int64_t *o = slot_room(e, out, n, sizeof *o);                                  \
        (void)op;                                                                      \
        for (size_t i = 0; o && i < n; i++) {                                          \
            int64_t r;                                                                 \
            bool whole = a[i] != PT_I64_MISSING && !isnan(b[i]) && fn(&r, a[i], b[i]); \
            o[i] = whole ? r : PT_I64_MISSING;                                         \
        }                                                                              \
    }

/* Money and durations alike: the exact product or quotient, rounded half away from zero. */
SCALE_OP(mul_integer_number, 0, 1, pt_money_mul)
SCALE_OP(mul_number_integer, 1, 0, pt_money_mul)
SCALE_OP(div_integer_number, 0, 1, pt_money_div)

static RUNNER(ratio)
{
    integers a = args[0]->data, b = args[1]->data;
    double *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++) {
        bool whole = a[i] != PT_I64_MISSING && b[i] != PT_I64_MISSING && b[i] != 0;
        o[i] = whole ? (double)a[i] / (double)b[i] : (double)NAN;
    }
}

/* --- dates ------------------------------------------------------------------------------------------------------------- */

/* Whole days of a duration, towards zero. */
static void move_dates(pt_eval *e, slot *out, const pt_column *const *args, size_t n, int sign)
{
    const int32_t *a = args[0]->data;
    integers b = args[1]->data;
    int32_t *o = slot_room(e, out, n, sizeof *o);

    for (size_t i = 0; o && i < n; i++) {
        int64_t days = b[i] / PT_DAY * sign, moved = a[i] + days;
        bool whole = a[i] != PT_I32_MISSING && b[i] != PT_I64_MISSING && date_in_range(moved);
        o[i] = whole ? (int32_t)moved : PT_I32_MISSING;
    }
}

static RUNNER(add_to_date)
{
    (void)op;
    move_dates(e, out, args, n, 1);
}

static RUNNER(sub_from_date)
{
    (void)op;
    move_dates(e, out, args, n, -1);
}

static RUNNER(sub_dates)
{
    const int32_t *a = args[0]->data, *b = args[1]->data;
    int64_t *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++) {
        bool whole = a[i] != PT_I32_MISSING && b[i] != PT_I32_MISSING;
        o[i] = whole ? ((int64_t)a[i] - b[i]) * PT_DAY : PT_I64_MISSING;
    }
}

#define T(name) PT_TYPE_##name
static const struct {
    pt_op op;
    pt_type left, right;
    op_run run;
} arithmetic[] = {
    {PT_OP_ADD, T(NUMBER), T(NUMBER), add_numbers},          {PT_OP_ADD, T(MONEY), T(MONEY), add_integers},
    {PT_OP_ADD, T(DURATION), T(DURATION), add_integers},     {PT_OP_ADD, T(INSTANT), T(DURATION), add_to_instant},
    {PT_OP_ADD, T(DATE), T(DURATION), add_to_date},          {PT_OP_SUB, T(NUMBER), T(NUMBER), sub_numbers},
    {PT_OP_SUB, T(MONEY), T(MONEY), sub_integers},           {PT_OP_SUB, T(DURATION), T(DURATION), sub_integers},
    {PT_OP_SUB, T(INSTANT), T(DURATION), sub_from_instant},  {PT_OP_SUB, T(DATE), T(DURATION), sub_from_date},
    {PT_OP_SUB, T(INSTANT), T(INSTANT), sub_integers},       {PT_OP_SUB, T(DATE), T(DATE), sub_dates},
    {PT_OP_MUL, T(NUMBER), T(NUMBER), mul_numbers},          {PT_OP_MUL, T(MONEY), T(NUMBER), mul_integer_number},
    {PT_OP_MUL, T(NUMBER), T(MONEY), mul_number_integer},    {PT_OP_MUL, T(DURATION), T(NUMBER), mul_integer_number},
    {PT_OP_MUL, T(NUMBER), T(DURATION), mul_number_integer}, {PT_OP_DIV, T(NUMBER), T(NUMBER), div_numbers},
    {PT_OP_DIV, T(MONEY), T(NUMBER), div_integer_number},    {PT_OP_DIV, T(MONEY), T(MONEY), ratio},
    {PT_OP_DIV, T(DURATION), T(NUMBER), div_integer_number}, {PT_OP_DIV, T(DURATION), T(DURATION), ratio},
    {PT_OP_MOD, T(NUMBER), T(NUMBER), mod_numbers},
};

op_run arithmetic_runner(pt_op op, pt_type left, pt_type right)
{
    for (size_t i = 0; i < PT_COUNT(arithmetic); i++)
        if (arithmetic[i].op == op && arithmetic[i].left == left && arithmetic[i].right == right)
            return arithmetic[i].run;
    return NULL;
}

/* --- one operand ----------------------------------------------------------------------------------------------------- */

#define NUMBER_FN(name, expression)                  \
    static RUNNER(name)                              \
    {                                                \
        numbers a = args[0]->data;                   \
        double *o = slot_room(e, out, n, sizeof *o); \
        (void)op;                                    \
        for (size_t i = 0; o && i < n; i++)          \
            o[i] = number_or_missing(expression);    \
    }
#define INTEGER_FN(name, expression)                                       \
    static RUNNER(name)                                                    \
    {                                                                      \
        integers a = args[0]->data;                                        \
        int64_t *o = slot_room(e, out, n, sizeof *o);                      \
        (void)op;                                                          \
        for (size_t i = 0; o && i < n; i++)                                \
            o[i] = a[i] == PT_I64_MISSING ? PT_I64_MISSING : (expression); \
    }

NUMBER_FN(negate_number, -a[i])
INTEGER_FN(negate_integer, -a[i])
NUMBER_FN(abs_number, fabs(a[i]))
INTEGER_FN(abs_integer, a[i] < 0 ? -a[i] : a[i])
NUMBER_FN(floor_number, floor(a[i]))
NUMBER_FN(ceil_number, ceil(a[i]))
NUMBER_FN(sqrt_number, sqrt(a[i]))
NUMBER_FN(ln_number, log(a[i]))
NUMBER_FN(log10_number, log10(a[i]))
NUMBER_FN(exp_number, exp(a[i]))

/* Down to a multiple of `unit`; missing when there is none in range. */
static int64_t floor_units(int64_t v, int64_t unit)
{
    int64_t down = v - v % unit;

    if (v % unit < 0 && __builtin_sub_overflow(down, unit, &down))
        return PT_I64_MISSING;
    return down;
}

static int64_t ceil_units(int64_t v, int64_t unit)
{
    int64_t up = v - v % unit;

    if (v % unit > 0 && __builtin_add_overflow(up, unit, &up))
        return PT_I64_MISSING;
    return up;
}

/* To the nearest multiple of 10^power, half away from zero. Money has 19 digits: wider arithmetic for the last. */
static int64_t round_units(int64_t v, int power)
{
    __int128 unit = 1, rest, nearest;

    for (int i = 0; i < power; i++)
        unit *= 10;
    rest = v % unit;
    nearest = v - rest;
    if (rest * 2 >= unit)
        nearest += unit;
    else if (-rest * 2 >= unit)
        nearest -= unit;
    return nearest > INT64_MAX || nearest <= INT64_MIN ? PT_I64_MISSING : (int64_t)nearest;
}

INTEGER_FN(floor_money, floor_units(a[i], PT_MONEY_UNIT))
INTEGER_FN(ceil_money, ceil_units(a[i], PT_MONEY_UNIT))

/* The constant number of decimals of round(x, d). */
static int decimals_of(const pt_column *const *args, const plan_op *op)
{
    return op->n_args > 1 ? (int)*(numbers)args[1]->data : 0;
}

static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* Half away from zero; a number too large to be scaled has no decimals to lose. */
static double round_decimals(double v, int decimals)
{
    double power = powers[decimals < 0 ? -decimals : decimals];
    double rounded = decimals < 0 ? round(v / power) * power : round(v * power) / power;

    return isfinite(rounded) ? rounded : v;
}

static RUNNER(round_number)
{
    numbers a = args[0]->data;
    int decimals = decimals_of(args, op);
    double *o = slot_room(e, out, n, sizeof *o);

    for (size_t i = 0; o && i < n; i++)
        o[i] = isnan(a[i]) ? a[i] : number_or_missing(round_decimals(a[i], decimals));
}

static RUNNER(round_money)
{
    integers a = args[0]->data;
    int decimals = decimals_of(args, op);
    int64_t *o = slot_room(e, out, n, sizeof *o);

    for (size_t i = 0; o && i < n; i++) {
        bool changes = a[i] != PT_I64_MISSING && decimals < PT_MONEY_DIGITS;
        o[i] = changes ? round_units(a[i], PT_MONEY_DIGITS - decimals) : a[i];
    }
}

op_run negate_runner(pt_type type)
{
    return type == PT_TYPE_NUMBER ? negate_number : negate_integer;
}

op_run math_runner(pt_fn fn, pt_type type)
{
    bool number = type == PT_TYPE_NUMBER;

    switch (fn) {
    case PT_FN_ABS: return number ? abs_number : abs_integer;
    case PT_FN_ROUND: return number ? round_number : round_money;
    case PT_FN_FLOOR: return number ? floor_number : floor_money;
    case PT_FN_CEIL: return number ? ceil_number : ceil_money;
    case PT_FN_SQRT: return sqrt_number;
    case PT_FN_LN: return ln_number;
    case PT_FN_LOG10: return log10_number;
    case PT_FN_EXP: return exp_number;
    case PT_FN_POW: return pow_numbers;
    default: return NULL;
    }
}
