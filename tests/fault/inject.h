/* Failures on demand. The program `faults` is linked so that malloc, calloc, realloc, aligned_alloc, write, pwrite, fsync
 * and rename of our own code (not of libraries) come through here. A test runs the same work with the 1st, 2nd, 3rd ...
 * call failing until no call fails any more:
 *
 *   for (unsigned long n = 1; ; n += inject_step(n)) {
 *       inject_at(INJECT_MEMORY, n);
 *       rc = work();
 *       if (!inject_end())
 *           break;               // it never came to the n-th call: rc must be PT_OK
 *       CHECK_INT(rc, PT_ENOMEM) // and nothing may be left behind
 *   } */
#ifndef TESTS_FAULT_INJECT_H
#define TESTS_FAULT_INJECT_H

#include <stdbool.h>

typedef enum inject_kind {
    INJECT_MEMORY,      /* the n-th allocation fails */
    INJECT_DISK_FULL,   /* from the n-th write on: ENOSPC */
    INJECT_SHORT_WRITE, /* from the n-th write on every write takes half of what it is given: no failure at all */
    INJECT_SYNC,        /* the n-th fsync fails: EIO */
    INJECT_RENAME       /* the n-th rename fails: EACCES */
} inject_kind;

void inject_at(inject_kind kind, unsigned long n);
/* Back to normal; whether the n-th call came. */
bool inject_end(void);
/* Every call up to the 32nd, then ever more rarely: long work is not done thousands of times. */
unsigned long inject_step(unsigned long n);

/* Names in a folder, sorted, separated by blanks: what was left behind. Not thread-safe; valid until the next call. */
const char *inject_folder(const char *path);

#endif
