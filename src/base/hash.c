#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { FILE_BLOCK = 1 << 18 };

uint64_t pt_hash64(const void *bytes, size_t n)
{
    return XXH3_64bits(bytes, n);
}

uint64_t pt_hash64_seed(const void *bytes, size_t n, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes, n, seed);
}

pt_hash128 pt_hash128_of(const void *bytes, size_t n)
{
    XXH128_hash_t h = XXH3_128bits(bytes, n);

    return (pt_hash128){.lo = h.low64, .hi = h.high64};
}

void pt_hash128_hex(char out[33], pt_hash128 h)
{
    static const char digits[] = "0123456789abcdef";

    for (int i = 0; i < 16; i++) {
        out[i] = digits[(h.hi >> (60 - 4 * i)) & 15];
        out[16 + i] = digits[(h.lo >> (60 - 4 * i)) & 15];
    }
    out[32] = '\0';
}

/* Feeds an open file to the hash; errno value of a failed read, or 0. */
static int hash_blocks(XXH3_state_t *state, int fd, void *block)
{
    for (;;) {
        ssize_t n = read(fd, block, FILE_BLOCK);
        if (n == 0)
            return 0;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno;
        if (XXH3_128bits_update(state, block, (size_t)n) != XXH_OK)
            return EINVAL;
    }
}

pt_rc pt_hash_file(pt_hash128 *out, const char *path, pt_err *err)
{
    pt_rc rc = PT_OK;
    XXH3_state_t state; /* on the stack: XXH3_createState would be one more allocation that can fail */
    void *block = malloc(FILE_BLOCK);
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        rc = pt_fail_errno(err, errno == ENOENT ? PT_ENOTFOUND : PT_EIO, errno, "cannot open '%s'", path);
        goto done;
    }
    if (!block) {
        rc = pt_fail_nomem(err, "reading a file");
        goto done;
    }
    XXH3_INITSTATE(&state);
    if (XXH3_128bits_reset(&state) != XXH_OK) {
        rc = pt_fail(err, PT_EINTERNAL, "cannot start the hash of '%s'", path);
        goto done;
    }
    int errnum = hash_blocks(&state, fd, block);
    if (errnum) {
        rc = pt_fail_errno(err, PT_EIO, errnum, "cannot read '%s'", path);
        goto done;
    }
    XXH128_hash_t h = XXH3_128bits_digest(&state);
    *out = (pt_hash128){.lo = h.low64, .hi = h.high64};
done:
    if (fd >= 0)
        close(fd);
    free(block);
    return rc;
}
