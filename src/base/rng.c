#include "base/rng.h"

#include <math.h>

void pt_rng_seed(pt_rng *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        r->s[i] = z ^ (z >> 31);
    }
}

static inline uint64_t rotate(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t pt_rng_u64(pt_rng *r)
{
    uint64_t *s = r->s;
    uint64_t result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double pt_rng_double(pt_rng *r)
{
    return (double)(pt_rng_u64(r) >> 11) * 0x1p-53;
}

/* Lemire's multiply and reject (2019): almost never a division. */
uint64_t pt_rng_below(pt_rng *r, uint64_t n)
{
    unsigned __int128 product = (unsigned __int128)pt_rng_u64(r) * n;

    if ((uint64_t)product < n) {
        uint64_t least = -n % n;
        while ((uint64_t)product < least)
            product = (unsigned __int128)pt_rng_u64(r) * n;
    }
    return (uint64_t)(product >> 64);
}

double pt_rng_exponential(pt_rng *r)
{
    return -log1p(-pt_rng_double(r));
}

double pt_rng_normal(pt_rng *r)
{
    static const double TURN = 6.283185307179586;
    double radius = sqrt(2 * pt_rng_exponential(r));

    return radius * cos(TURN * pt_rng_double(r));
}

double pt_rng_gamma(pt_rng *r, double shape)
{
    if (shape < 1) /* Gamma(shape) is Gamma(shape + 1) times a power of an even number */
        return pt_rng_gamma(r, shape + 1) * pow(1 - pt_rng_double(r), 1 / shape);
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double z = pt_rng_normal(r), root = 1 + c * z, v = root * root * root;
        if (v > 0 && log(1 - pt_rng_double(r)) < 0.5 * z * z + d - d * v + d * log(v))
            return d * v;
    }
}
