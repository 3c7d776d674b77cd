#include "base/hash.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/rng.h"
#include "support/test.h"

/* Values published with xxHash 0.8 (tests/sanity_test_vectors.h, and `xxhsum -H3 /dev/null`). */
TEST(base_hash__is_xxh3)
{
    char hex[33];

    CHECK(pt_hash64("", 0) == UINT64_C(0x2d06800538d394c2));
    CHECK(pt_hash64_seed("", 0, 0) == pt_hash64("", 0));
    CHECK(pt_hash64_seed("a", 1, 1) != pt_hash64("a", 1));
    pt_hash128_hex(hex, pt_hash128_of("", 0));
    CHECK_STR(hex, "99aa06d3014798d86001c324468d497f");
}

TEST(base_hash__of_a_file_is_that_of_its_bytes)
{
    enum { SIZE = 700001 }; /* more than two blocks */
    char path[256];
    pt_err err = {0};
    pt_rng r;
    pt_hash128 h;
    unsigned char *bytes = malloc(SIZE);

    CHECK(bytes);
    pt_rng_seed(&r, 4);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (unsigned char)pt_rng_u64(&r);
    snprintf(path, sizeof path, "%s/file", test_dir());
    for (size_t n = 0; n <= SIZE; n = n ? n * 7 : 1) {
        CHECK_OK(pt_write_file(path, bytes, n, &err));
        CHECK_OK(pt_hash_file(&h, path, &err));
        pt_hash128 want = pt_hash128_of(bytes, n);
        CHECK(h.lo == want.lo && h.hi == want.hi);
    }
    free(bytes);
    CHECK_INT(pt_hash_file(&h, "/no/such/file", &err), PT_ENOTFOUND);
    CHECK_STR(err.msg, "cannot open '/no/such/file': No such file or directory");
    CHECK_INT(pt_hash_file(&h, test_dir(), &err), PT_EIO);
}

TEST(base_hash__mix_keeps_words_apart)
{
    /* A bijection cannot map two words to one; a thousand neighbours must also differ in their low bits. */
    bool seen[4096] = {false};
    int clashes = 0;

    for (uint64_t i = 0; i < 1000; i++) {
        size_t at = pt_mix64(i) & 4095;
        clashes += seen[at];
        seen[at] = true;
    }
    CHECK(clashes < 200); /* 113 are expected of a random function */
}
