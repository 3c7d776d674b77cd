#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* An arena is a list of chunks, newest first. A sanitizer build gives every item its own chunk, so that an overrun
 * or a use after reset is seen at the item and not lost inside a large block. */
#if defined(__SANITIZE_ADDRESS__)
#define ITEM_PER_CHUNK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ITEM_PER_CHUNK 1
#endif
#endif
#ifndef ITEM_PER_CHUNK
#define ITEM_PER_CHUNK 0
#endif

enum { ALIGN = 16, FIRST_CHUNK = 4096, LARGEST_CHUNK = 1 << 20 };

typedef struct chunk {
    struct chunk *next;
    size_t size, used; /* bytes of data[] */
    _Alignas(ALIGN) unsigned char data[];
} chunk;

typedef struct deferred {
    struct deferred *next;
    void (*fn)(void *);
    void *ptr;
} deferred;

struct pt_arena {
    chunk *chunks;
    deferred *deferred;
    size_t cap, used, next_size;
};

pt_arena *pt_arena_new(size_t cap)
{
    pt_arena *a = calloc(1, sizeof *a);

    if (a) {
        a->cap = cap;
        a->next_size = FIRST_CHUNK;
    }
    return a;
}

static void run_deferred(pt_arena *a)
{
    deferred *d = a->deferred;

    a->deferred = NULL;
    for (; d; d = d->next)
        d->fn(d->ptr);
}

static void free_chunks(chunk *c)
{
    while (c) {
        chunk *next = c->next;
        free(c);
        c = next;
    }
}

void pt_arena_free(pt_arena *a)
{
    if (!a)
        return;
    run_deferred(a);
    free_chunks(a->chunks);
    free(a);
}

void pt_arena_reset(pt_arena *a)
{
    run_deferred(a);
    a->used = 0;
    chunk *c = a->chunks;
    if (!c)
        return;
    if (ITEM_PER_CHUNK) {
        free_chunks(c);
        a->chunks = NULL;
        return;
    }
    /* The newest chunk is the largest: keep it alone. */
    free_chunks(c->next);
    c->next = NULL;
    memset(c->data, 0, c->used);
    c->used = 0;
}

static chunk *add_chunk(pt_arena *a, size_t need)
{
    size_t size = need;

    if (!ITEM_PER_CHUNK) {
        if (size < a->next_size)
            size = a->next_size;
        if (a->next_size < LARGEST_CHUNK)
            a->next_size *= 2;
    }
    chunk *c = calloc(1, sizeof *c + size);
    if (!c)
        return NULL;
    c->size = size;
    c->next = a->chunks;
    a->chunks = c;
    return c;
}

void *pt_arena_alloc(pt_arena *a, size_t n)
{
    if (n > SIZE_MAX / 2)
        return NULL;
    size_t need = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (need == 0)
        need = ALIGN;
    if (a->cap && (need > a->cap || a->used > a->cap - need))
        return NULL;
    chunk *c = a->chunks;
    if (ITEM_PER_CHUNK || !c || c->size - c->used < need) {
        c = add_chunk(a, need);
        if (!c)
            return NULL;
    }
    void *p = c->data + c->used;
    c->used += need;
    a->used += need;
    return p;
}

void *pt_arena_array(pt_arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    return pt_arena_alloc(a, count * size);
}

char *pt_arena_strndup(pt_arena *a, const char *s, size_t n)
{
    char *p = pt_arena_alloc(a, n + 1);

    if (p && n)
        memcpy(p, s, n);
    return p;
}

char *pt_arena_strdup(pt_arena *a, const char *s)
{
    return pt_arena_strndup(a, s, strlen(s));
}

char *pt_arena_vprintf(pt_arena *a, const char *fmt, va_list ap)
{
    va_list again;

    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    char *p = n < 0 ? NULL : pt_arena_alloc(a, (size_t)n + 1);
    if (p)
        vsnprintf(p, (size_t)n + 1, fmt, ap);
    return p;
}

char *pt_arena_printf(pt_arena *a, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    char *p = pt_arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

bool pt_arena_defer(pt_arena *a, void (*fn)(void *), void *ptr)
{
    deferred *d = PT_NEW(a, deferred);

    if (!d)
        return false;
    *d = (deferred){.next = a->deferred, .fn = fn, .ptr = ptr};
    a->deferred = d;
    return true;
}

size_t pt_arena_used(const pt_arena *a)
{
    return a->used;
}

bool pt_grow(void *items, size_t *cap, size_t need, size_t size)
{
    void *p;

    if (need <= *cap)
        return true;
    size_t want = *cap + *cap / 2;
    if (want < need)
        want = need;
    if (want < 8)
        want = 8;
    if (want > SIZE_MAX / size)
        return false;
    memcpy(&p, items, sizeof p);
    p = realloc(p, want * size);
    if (!p)
        return false;
    memcpy(items, &p, sizeof p);
    *cap = want;
    return true;
}

void *pt_zalloc(size_t count, size_t size)
{
    return calloc(count ? count : 1, size ? size : 1);
}

/* Large arrays are wished to lie in huge pages: touching 32 MB for the first time takes 8,192 faults less. */
static void *huge_alloc(size_t bytes)
{
    enum { HUGE_PAGE = 2 << 20 };
    size_t whole = (bytes + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
    void *p = whole < bytes ? NULL : aligned_alloc(HUGE_PAGE, whole);

    if (p)
        madvise(p, whole, MADV_HUGEPAGE); /* nothing depends on it */
    return p;
}

void *pt_alloc64(size_t count, size_t size)
{
    enum { LARGE = 8 << 20 };

    if (size && count > (SIZE_MAX - 64) / size)
        return NULL;
    size_t bytes = (count * size + 63) & ~(size_t)63;
    return bytes >= LARGE ? huge_alloc(bytes) : aligned_alloc(64, bytes ? bytes : 64);
}
