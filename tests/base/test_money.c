/* Money against exact arithmetic of another kind: decimal text for parsing, long division by bits for products. */
#include "base/money.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/rng.h"
#include "support/test.h"

static const char *text_of(const char *text)
{
    static char buf[32];
    int64_t v;

    if (!pt_money_parse(&v, pt_sv_of(text)))
        return "refused";
    pt_money_format(buf, v);
    return buf;
}

TEST(base_money__parses_and_prints)
{
    CHECK_STR(text_of("12.5"), "12.50");
    CHECK_STR(text_of("-0.0001"), "-0.0001");
    CHECK_STR(text_of("+7"), "7.00");
    CHECK_STR(text_of(".5"), "0.50");
    CHECK_STR(text_of("5."), "5.00");
    CHECK_STR(text_of("0.00005"), "0.0001");
    CHECK_STR(text_of("-0.00005"), "-0.0001");
    CHECK_STR(text_of("0.000049999999999999999999999"), "0.00");
    CHECK_STR(text_of("-0.00001"), "0.00");
    CHECK_STR(text_of("1.235"), "1.235");
    CHECK_STR(text_of("922337203685477.5807"), "922337203685477.5807");
    CHECK_STR(text_of("-922337203685477.5807"), "-922337203685477.5807");
    CHECK_STR(text_of("000000000000000000000000000012"), "12.00");
}

TEST(base_money__refuses_what_is_not_an_amount)
{
    static const char *const wrong[] = {"",
                                        "-",
                                        ".",
                                        "+.",
                                        "1e3",
                                        "1,000",
                                        "12.5.1",
                                        " 1",
                                        "1 ",
                                        "abc",
                                        "--1",
                                        "0x10",
                                        "922337203685477.5808",
                                        "-922337203685477.5808",
                                        "922337203685477.58075",
                                        "99999999999999999999999999999999999999999999",
                                        "1-"};

    for (size_t i = 0; i < PT_COUNT(wrong); i++)
        if (strcmp(text_of(wrong[i]), "refused") != 0)
            test_fail(__FILE__, __LINE__, "'%s' is read as %s", wrong[i], text_of(wrong[i]));
    int64_t v;
    CHECK(!pt_money_parse(&v, (pt_sv){"1\0002", 3}));
}

/* An int64 of random size, so that small and huge ones are as frequent. */
static int64_t random_amount(pt_rng *r)
{
    int64_t v = (int64_t)(pt_rng_u64(r) >> 1 >> pt_rng_below(r, 63));

    return pt_rng_below(r, 2) ? v : -v;
}

TEST(base_money__formats_parse_back)
{
    pt_rng r;
    char buf[32];

    pt_rng_seed(&r, 1);
    for (int i = 0; i < 20000; i++) {
        int64_t v = random_amount(&r), back;
        size_t n = pt_money_format(buf, v);
        CHECK_INT(n, strlen(buf));
        CHECK(pt_money_parse(&back, pt_sv_of(buf)));
        CHECK_INT(back, v);
    }
}

TEST(base_money__sums_report_overflow)
{
    int64_t v;

    CHECK(pt_money_add(&v, INT64_MAX - 1, 1) && v == INT64_MAX);
    CHECK(!pt_money_add(&v, INT64_MAX, 1));
    CHECK(!pt_money_add(&v, -INT64_MAX, -1)); /* INT64_MIN is how missing is stored */
    CHECK(pt_money_sub(&v, -INT64_MAX, 0) && v == -INT64_MAX);
    CHECK(!pt_money_sub(&v, -INT64_MAX, 1));
    CHECK(!pt_money_sub(&v, INT64_MAX, -1));
}

/* A number of up to 1,280 bits, most significant limb last: enough for any amount x any double. */
enum { LIMBS = 40 };
typedef struct big {
    uint32_t limb[LIMBS];
} big;

static big big_of(uint64_t v)
{
    return (big){{(uint32_t)v, (uint32_t)(v >> 32)}};
}

static big big_times(big a, uint64_t v)
{
    big product = {{0}};

    for (int half = 0; half < 2; half++) {
        uint64_t carry = 0, factor = (uint32_t)(v >> 32 * half);
        for (int i = 0; i + half < LIMBS; i++) {
            carry += a.limb[i] * factor + product.limb[i + half];
            product.limb[i + half] = (uint32_t)carry;
            carry >>= 32;
        }
        CHECK(carry == 0);
    }
    return product;
}

static big big_shift(big a, int bits)
{
    for (; bits > 0; bits--)
        a = big_times(a, 2);
    return a;
}

static int big_compare(big a, big b)
{
    for (int i = LIMBS - 1; i >= 0; i--)
        if (a.limb[i] != b.limb[i])
            return a.limb[i] < b.limb[i] ? -1 : 1;
    return 0;
}

/* Whether q is n/d rounded half away from zero: (2q-1) d <= 2n < (2q+1) d. */
static bool is_rounded_quotient(uint64_t q, big n, big d)
{
    big twice = big_times(n, 2);

    if (q > 0 && big_compare(big_times(d, 2 * q - 1), twice) > 0)
        return false;
    return big_compare(twice, big_times(d, 2 * q + 1)) < 0;
}

/* Whether n/d rounds to more than any amount. */
static bool is_too_large(big n, big d)
{
    return big_compare(big_times(n, 2), big_times(d, UINT64_MAX)) >= 0;
}

static double random_factor(pt_rng *r)
{
    double v = ldexp((double)(pt_rng_u64(r) >> 11), (int)pt_rng_below(r, 130) - 120);

    if (pt_rng_below(r, 4) == 0)
        v = (double)pt_rng_below(r, 2000) / 8; /* ties are frequent */
    return pt_rng_below(r, 2) ? v : -v;
}

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

static void fraction_of(big *n, big *d, double v)
{
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(v), &exponent), 53);

    exponent -= 53;
    *n = big_shift(big_of(mantissa), exponent > 0 ? exponent : 0);
    *d = big_shift(big_of(1), exponent < 0 ? -exponent : 0);
}

static void check_result(const char *what, int64_t a, double b, bool ok, int64_t got, big n, big d)
{
    bool negative = (a < 0) != (b < 0);

    if (!ok && is_too_large(n, d))
        return;
    if (ok && !is_too_large(n, d) && is_rounded_quotient(magnitude(got), n, d) && (got == 0 || (got < 0) == negative))
        return;
    test_fail(__FILE__, __LINE__, "%" PRId64 " %s %.17g is %s%" PRId64, a, what, b, ok ? "" : "overflow ", got);
}

TEST(base_money__products_are_exact_and_rounded_once)
{
    pt_rng r;
    big n, d;

    pt_rng_seed(&r, 2);
    for (int i = 0; i < 3000; i++) {
        int64_t a = random_amount(&r), got = 0;
        double b = random_factor(&r);
        bool ok = pt_money_mul(&got, a, b);
        fraction_of(&n, &d, b);
        check_result("x", a, b, ok, got, big_times(n, magnitude(a)), d);
    }
}

TEST(base_money__quotients_are_exact_and_rounded_once)
{
    pt_rng r;
    big n, d;

    pt_rng_seed(&r, 3);
    for (int i = 0; i < 3000; i++) {
        int64_t a = random_amount(&r), got = 0;
        double b = random_factor(&r);
        bool ok = pt_money_div(&got, a, b);
        if (b == 0) {
            CHECK(!ok);
            continue;
        }
        fraction_of(&n, &d, b);
        check_result("/", a, b, ok, got, big_times(d, magnitude(a)), n);
    }
}

TEST(base_money__odd_factors)
{
    int64_t v = 1;

    CHECK(!pt_money_mul(&v, 1, NAN) && !pt_money_mul(&v, 1, INFINITY) && !pt_money_div(&v, 1, NAN));
    CHECK(!pt_money_div(&v, 1, INFINITY) && !pt_money_div(&v, 1, 0.0) && !pt_money_div(&v, 0, 0.0));
    CHECK(pt_money_mul(&v, INT64_MAX, 5e-324) && v == 0);
    CHECK(!pt_money_mul(&v, 1, 1e300));
    CHECK(pt_money_mul(&v, 0, 1e300) && v == 0);
    CHECK(!pt_money_div(&v, 1, 5e-324));
    CHECK(pt_money_div(&v, INT64_MAX, 1.7e308) && v == 0);
    CHECK(pt_money_mul(&v, 3, -0.5) && v == -2);
    CHECK(pt_money_from_double(&v, 0.00005) && v == 1); /* the double is a little above the half */
    CHECK(pt_money_from_double(&v, -12.34) && v == -123400);
    CHECK(!pt_money_from_double(&v, 1e15) && !pt_money_from_double(&v, NAN));
}

TEST(base_money__mean_rounds_half_away)
{
    CHECK_INT(pt_money_mean(5, 2), 3);
    CHECK_INT(pt_money_mean(-5, 2), -3);
    CHECK_INT(pt_money_mean(4, 3), 1);
    CHECK_INT(pt_money_mean((__int128)INT64_MAX * 1000, 1000), INT64_MAX);
    CHECK_INT(pt_money_mean(0, 7), 0);
}
