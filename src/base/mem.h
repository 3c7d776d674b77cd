/* Memory by lifetime: process, project load, run or request, batch. Things that die together live in one arena and
 * are never freed one by one; see docs/architecture.md, "Ownership". */
#ifndef PT_BASE_MEM_H
#define PT_BASE_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef struct pt_arena pt_arena;

/* `cap` is the most bytes the arena may hand out (0: no cap); past it allocation fails as if memory were short.
 * NULL when memory is short. One thread at a time. */
pt_arena *pt_arena_new(size_t cap);
void pt_arena_free(pt_arena *a); /* NULL is fine; runs the deferred calls, newest first */
/* Keeps the memory for reuse, drops the contents, runs the deferred calls. */
void pt_arena_reset(pt_arena *a);
/* Zeroed, aligned to 16 bytes; NULL when memory is short or the cap is reached. n == 0 gives a valid pointer. */
void *pt_arena_alloc(pt_arena *a, size_t n);
/* count * size with an overflow check. */
void *pt_arena_array(pt_arena *a, size_t count, size_t size);
char *pt_arena_strndup(pt_arena *a, const char *s, size_t n);
char *pt_arena_strdup(pt_arena *a, const char *s);
char *pt_arena_printf(pt_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *pt_arena_vprintf(pt_arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Runs fn(ptr) when the arena is freed or reset: hooks files and foreign memory to the arena's lifetime.
 * False when memory is short (fn is then not run: the caller still owns ptr). */
bool pt_arena_defer(pt_arena *a, void (*fn)(void *), void *ptr);
size_t pt_arena_used(const pt_arena *a);

#define PT_NEW(a, type) ((type *)pt_arena_alloc((a), sizeof(type)))
#define PT_NEW_ARRAY(a, type, n) ((type *)pt_arena_array((a), (n), sizeof(type)))

/* Heap arrays. pt_grow makes room for at least `need` items of `size` bytes in *items (capacity *cap), growing by
 * half at least; false when memory is short, *items unchanged. New room is not zeroed. */
bool pt_grow(void *items, size_t *cap, size_t need, size_t size);
/* calloc with the overflow check; NULL when memory is short. */
void *pt_zalloc(size_t count, size_t size);
/* Aligned to 64 bytes (a cache line, a vector); contents undefined; free with free(). */
void *pt_alloc64(size_t count, size_t size);

#endif
