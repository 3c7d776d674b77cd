/* pt_intern_rank of intern.h: byte order of many texts. Eight bytes of each text are taken as one number and sorted
 * byte by byte (radix sort, least byte first); texts that agree in them are sorted by the next eight, and so on. Small
 * groups are compared instead. Ten million texts take two or three passes over memory where comparing takes
 * twenty-four. */
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"

enum {
    FEW = 192,   /* below this, comparing is faster */
    DEEPEST = 64 /* groups of eight bytes; beyond, texts are compared, so that the recursion has an end */
};

typedef struct sort_key {
    uint64_t head; /* eight bytes from the depth at hand, big-endian, zero-padded: orders as the bytes do ... */
    uint32_t code;
    uint32_t left; /* ... but for bytes that are zero themselves: how many of the eight there are; 9 when more follow */
} sort_key;

typedef struct ranker {
    const pt_dict *dict;
    sort_key *keys, *spare;
} ranker;

static void read_head(sort_key *key, const pt_dict *dict, size_t depth)
{
    pt_sv text = pt_dict_text(dict, key->code);
    size_t from = depth * 8 < text.len ? depth * 8 : text.len, left = text.len - from;
    unsigned char head[8] = {0};

    if (left)
        memcpy(head, text.ptr + from, left < 8 ? left : 8);
    key->head = 0;
    for (int i = 0; i < 8; i++)
        key->head = key->head << 8 | head[i];
    key->left = left > 8 ? 9 : (uint32_t)left;
}

static int compare_keys(const void *left, const void *right, void *dict)
{
    const sort_key *a = left, *b = right;

    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    return pt_sv_cmp(pt_dict_text(dict, a->code), pt_dict_text(dict, b->code));
}

static unsigned digit(const sort_key *key, unsigned number)
{
    return number == 0 ? key->left : key->head >> (8 * (number - 1)) & 255;
}

/* One pass from keys to spare; false when all agree in the digit and nothing was moved. */
static bool scatter(const ranker *r, size_t from, size_t n, unsigned number)
{
    size_t start[256] = {0}, at = from;

    for (size_t i = from; i < from + n; i++)
        start[digit(&r->keys[i], number)]++;
    if (start[digit(&r->keys[from], number)] == n)
        return false;
    for (size_t d = 0; d < 256; d++) {
        size_t count = start[d];
        start[d] = at;
        at += count;
    }
    for (size_t i = from; i < from + n; i++)
        r->spare[start[digit(&r->keys[i], number)]++] = r->keys[i];
    return true;
}

static void sort_heads(ranker *r, size_t from, size_t n)
{
    sort_key *home = r->keys;

    for (unsigned number = 0; number < 9; number++) {
        if (scatter(r, from, n, number)) {
            sort_key *swap = r->keys;
            r->keys = r->spare;
            r->spare = swap;
        }
    }
    if (r->keys == home)
        return;
    r->spare = r->keys;
    r->keys = home;
    memcpy(r->keys + from, r->spare + from, n * sizeof *r->keys);
}

static bool same(const sort_key *a, const sort_key *b)
{
    return a->head == b->head && a->left == b->left;
}

/* Sorts keys [from, from + n), whose texts agree in their first 8 * depth bytes. */
static void sort_keys(ranker *r, size_t from, size_t n, size_t depth)
{
    for (size_t i = from; i < from + n; i++)
        read_head(&r->keys[i], r->dict, depth);
    if (n < FEW || depth == DEEPEST) {
        qsort_r(r->keys + from, n, sizeof *r->keys, compare_keys, (void *)(uintptr_t)r->dict);
        return;
    }
    sort_heads(r, from, n);
    for (size_t first = from, i = from + 1; i <= from + n; i++) {
        if (i < from + n && same(&r->keys[i], &r->keys[first]))
            continue;
        if (i - first > 1) /* the texts differ, so there is more of them to read */
            sort_keys(r, first, i - first, depth + 1);
        first = i;
    }
}

pt_rc pt_intern_rank(const pt_intern *in, uint32_t *rank, pt_err *err)
{
    uint32_t n = pt_intern_count(in);
    ranker r = {
        .dict = pt_intern_dict(in), .keys = pt_zalloc(n, sizeof *r.keys), .spare = pt_zalloc(n, sizeof *r.keys)};

    if (!r.keys || !r.spare) {
        free(r.keys);
        free(r.spare);
        return pt_fail_nomem(err, "sorting a dictionary");
    }
    for (uint32_t i = 0; i < n; i++)
        r.keys[i].code = i + 1;
    sort_keys(&r, 0, n, 0);
    rank[0] = 0;
    for (uint32_t i = 0; i < n; i++)
        rank[r.keys[i].code] = i + 1;
    free(r.keys);
    free(r.spare);
    return PT_OK;
}
