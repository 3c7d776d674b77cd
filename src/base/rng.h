/* Random numbers that are the same everywhere for one seed: xoshiro256++ (Blackman, Vigna 2019) seeded by
 * splitmix64. No global state. */
#ifndef PT_BASE_RNG_H
#define PT_BASE_RNG_H

#include <stdint.h>

typedef struct pt_rng {
    uint64_t s[4];
} pt_rng;

void pt_rng_seed(pt_rng *r, uint64_t seed);
uint64_t pt_rng_u64(pt_rng *r);
double pt_rng_double(pt_rng *r);              /* [0, 1), 53 bits */
uint64_t pt_rng_below(pt_rng *r, uint64_t n); /* 0..n-1 without bias; n > 0 */
double pt_rng_exponential(pt_rng *r);         /* of mean 1 */
double pt_rng_normal(pt_rng *r);              /* of mean 0 and deviation 1 (Box, Muller 1958) */
double pt_rng_gamma(pt_rng *r, double shape); /* of mean `shape` > 0 (Marsaglia, Tsang 2000) */

#endif
