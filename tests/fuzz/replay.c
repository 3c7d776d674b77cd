/* Makes a plain program of a fuzz target, for compilers without libFuzzer and for `make test`:
 *
 *   fuzz_X [-mutants N] [-last FILE] INPUT...
 *
 * Runs every input, then N variants of each, which are the same in every run. FILE always holds the input that is being
 * run, so whatever ends the program leaves its cause behind. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/io.h"
#include "base/rng.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { LARGEST_INPUT = 16 << 20, MOST_GROWTH = 256 };

static int last = -1; /* descriptor of FILE */

static void fail(const char *what, const char *name)
{
    fprintf(stderr, "%s: %s\n", name, what);
    exit(2);
}

/* The target gets a copy of exactly n bytes on the heap, so that AddressSanitizer sees the first byte read past it. */
static void run(const unsigned char *bytes, size_t n)
{
    uint8_t *copy = malloc(n ? n : 1);

    if (!copy)
        fail("not enough memory", "input");
    if (n)
        memcpy(copy, bytes, n);
    if (last >= 0 && (pwrite(last, copy, n, 0) != (ssize_t)n || ftruncate(last, (off_t)n) != 0))
        fail("cannot write", "-last file");
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

/* Bytes that parsers of text and of binary files stumble over. */
static unsigned char odd_byte(pt_rng *r)
{
    static const unsigned char odd[] = "\0\xFF\x80\x7F\n\"'()[]{},:;=-+*/%#&|<>0129aZ \t\\.";

    return pt_rng_below(r, 2) ? odd[pt_rng_below(r, sizeof odd)] : (unsigned char)pt_rng_u64(r);
}

/* Changes bytes in place once; returns the new length. The buffer has room for MOST_GROWTH bytes more than it began with. */
static size_t mutate(unsigned char *bytes, size_t n, size_t room, pt_rng *r)
{
    size_t at = pt_rng_below(r, n + 1), length = pt_rng_below(r, 16) + 1;

    switch (pt_rng_below(r, 5)) {
    case 0: /* replace */
        if (at < n)
            bytes[at] = odd_byte(r);
        return n;
    case 1: /* flip one bit */
        if (at < n)
            bytes[at] ^= (unsigned char)(1 << pt_rng_below(r, 8));
        return n;
    case 2: /* cut out */
        if (length > n - at)
            length = n - at;
        memmove(bytes + at, bytes + at + length, n - at - length);
        return n - length;
    case 3: /* insert a copy of what lies elsewhere */
        if (length > n || n + length > room)
            return n;
        memmove(bytes + at + length, bytes + at, n - at);
        memmove(bytes + at, bytes + pt_rng_below(r, n - length + 1), length);
        return n + length;
    default: /* insert one byte, or cut the end off */
        if (pt_rng_below(r, 8) == 0)
            return at;
        if (n + 1 > room)
            return n;
        memmove(bytes + at + 1, bytes + at, n - at);
        bytes[at] = odd_byte(r);
        return n + 1;
    }
}

static void run_mutants(pt_sv input, unsigned long mutants)
{
    size_t room = input.len + MOST_GROWTH;
    unsigned char *bytes = malloc(room);
    pt_rng r;

    if (!bytes)
        fail("not enough memory", "input");
    pt_rng_seed(&r, pt_hash64(input.ptr, input.len));
    for (unsigned long i = 0; i < mutants; i++) {
        size_t n = input.len;
        memcpy(bytes, input.ptr, n);
        for (uint64_t changes = pt_rng_below(&r, 6) + 1; changes > 0; changes--)
            n = mutate(bytes, n, room, &r);
        run(bytes, n);
    }
    free(bytes);
}

static void run_file(const char *path, unsigned long mutants)
{
    pt_err err;
    pt_sv input;
    pt_arena *a = pt_arena_new(0);

    if (!a || pt_read_file(&input, path, LARGEST_INPUT, a, &err) != PT_OK)
        fail(a ? err.msg : "not enough memory", path);
    run((const unsigned char *)input.ptr, input.len);
    run_mutants(input, mutants);
    pt_arena_free(a);
}

int main(int argc, char **argv)
{
    unsigned long mutants = 0;
    int i = 1;

    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (strcmp(argv[i], "-mutants") == 0)
            mutants = strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "-last") == 0)
            last = open(argv[i + 1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        else
            fail("unknown option", argv[i]);
    }
    run(NULL, 0);
    for (; i < argc; i++)
        run_file(argv[i], mutants);
    return 0;
}
