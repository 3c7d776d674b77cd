#include "clean/near.h"

#include <math.h>
#include <stdlib.h>

#include "base/compare.h"
#include "base/hash.h"
#include "base/intern.h"
#include "base/utf8.h"

/* At the threshold itself one near pair in ten thousand shares no band. Texts in one bucket beyond the first 64 are not
 * looked at: what so many texts share says nothing of them. */
enum { MOST_HASHES = 256, MOST_IN_BUCKET = 64, LONGEST = 4096 /* pairs of one text that are looked at */ };
enum { FORGET_AFTER = 1 << 20 };
#define MISSED 1e-4

typedef struct kept_text {
    uint64_t number;
    size_t grams; /* where its pairs begin; they end where the next text's begin */
} kept_text;

/* One text in one bucket. */
typedef struct entry {
    uint32_t text, next; /* next: entry + 1 in the same bucket; 0: none */
} entry;

typedef struct bucket {
    uint32_t first, size;
} bucket;

struct pt_near {
    double similarity;
    uint64_t group;                                  /* part of every key: texts of other groups are never met */
    unsigned bands, rows;                            /* a band is `rows` hashes */
    uint32_t factor[MOST_HASHES], term[MOST_HASHES]; /* of each hash function */
    uint32_t signature[MOST_HASHES];
    pt_intern *pairs, *texts, *buckets_by_key;
    uint32_t *text_of; /* by code of `texts`: the kept text with these characters */
    kept_text *kept;
    uint32_t *grams; /* of all kept texts: codes of pairs, ascending */
    entry *entries;
    bucket *buckets; /* by code of `buckets_by_key` */
    size_t n_kept, cap_kept, n_grams, cap_grams, n_entries, cap_entries, cap_buckets, cap_text_of;
    uint32_t *own; /* pairs of the text at hand */
    size_t n_own, cap_own;
    pt_str plain, scratch;
};

/* --- characters ----------------------------------------------------------------------------------------------------- */

static bool is_space(int32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200B);
}

/* The characters that count, in n->plain. */
static void make_plain(pt_near *n, pt_sv text)
{
    size_t at = 0;

    pt_str_clear(&n->plain);
    pt_str_clear(&n->scratch);
    pt_utf8_normalize(&n->plain, text);
    pt_utf8_fold(&n->scratch, (pt_sv){pt_str_cstr(&n->plain), n->plain.len});
    pt_str_clear(&n->plain);
    pt_sv folded = {pt_str_cstr(&n->scratch), n->scratch.len};
    while (at < folded.len) {
        size_t from = at;
        if (!is_space(pt_utf8_next(folded, &at)))
            pt_str_addn(&n->plain, folded.ptr + from, at - from);
    }
}

static bool add_pair(pt_near *n, int32_t first, int32_t second)
{
    uint64_t pair = (uint64_t)(uint32_t)first << 32 | (uint32_t)second;
    uint32_t code = pt_intern_add(n->pairs, (pt_sv){(const char *)&pair, sizeof pair});

    if (!code || !pt_grow(&n->own, &n->cap_own, n->n_own + 1, sizeof *n->own))
        return false;
    n->own[n->n_own++] = code;
    return true;
}

/* The different pairs of n->plain, ascending, in n->own. */
static bool make_pairs(pt_near *n)
{
    pt_sv text = {pt_str_cstr(&n->plain), n->plain.len};
    size_t at = 0, unique = 0;
    int32_t before = -2, c;

    n->n_own = 0;
    while (at < text.len && n->n_own < LONGEST) {
        c = pt_utf8_next(text, &at);
        if (before != -2 && !add_pair(n, before, c))
            return false;
        before = c;
    }
    if (n->n_own == 0 && before != -2 && !add_pair(n, before, -2))
        return false;
    if (n->n_own > 1)
        qsort(n->own, n->n_own, sizeof *n->own, pt_compare_u32);
    for (size_t i = 0; i < n->n_own; i++)
        if (i == 0 || n->own[i] != n->own[i - 1])
            n->own[unique++] = n->own[i];
    n->n_own = unique;
    return true;
}

static double dice(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    size_t common = 0;

    for (size_t i = 0, k = 0; i < n_a && k < n_b;) {
        common += a[i] == b[k];
        size_t step_a = a[i] <= b[k], step_b = b[k] <= a[i];
        i += step_a;
        k += step_b;
    }
    return n_a + n_b ? 2.0 * (double)common / (double)(n_a + n_b) : 0;
}

/* --- hashes --------------------------------------------------------------------------------------------------------- */

static void make_signature(pt_near *n)
{
    unsigned hashes = n->bands * n->rows;

    for (unsigned h = 0; h < hashes; h++)
        n->signature[h] = UINT32_MAX;
    for (size_t i = 0; i < n->n_own; i++) {
        uint32_t x = (uint32_t)pt_mix64(n->own[i]);
        for (unsigned h = 0; h < hashes; h++) {
            uint32_t v = x * n->factor[h] + n->term[h];
            n->signature[h] = v < n->signature[h] ? v : n->signature[h];
        }
    }
}

static uint64_t band_key(const pt_near *n, unsigned band)
{
    return pt_hash64_seed(n->signature + (size_t)band * n->rows, n->rows * sizeof *n->signature,
                          pt_mix64(n->group) + band);
}

/* Texts share a band with probability j^rows, j being what they share of the pairs of both; so many bands that almost
 * none at the threshold share none. */
static void choose_bands(pt_near *n)
{
    double j = n->similarity / (2 - n->similarity);

    n->rows = j > 0.75 ? 4 : j > 0.55 ? 3 : 2;
    double each = pow(j, n->rows);
    double bands = each < 1 ? ceil(log(MISSED) / log(1 - each)) : 1;
    n->bands = bands < 1 ? 1 : (unsigned)bands;
    if (n->bands * n->rows > MOST_HASHES)
        n->bands = MOST_HASHES / n->rows;
    for (unsigned h = 0; h < MOST_HASHES; h++) {
        n->factor[h] = (uint32_t)pt_mix64(2 * h + 1) | 1;
        n->term[h] = (uint32_t)(pt_mix64(2 * h + 2) >> 16);
    }
}

/* --- looking and keeping -------------------------------------------------------------------------------------------- */

static double similarity_to(const pt_near *n, uint32_t text)
{
    size_t from = n->kept[text].grams, to = text + 1 < n->n_kept ? n->kept[text + 1].grams : n->n_grams;

    return dice(n->own, n->n_own, n->grams + from, to - from);
}

/* The first kept text that is near enough among those of the text's buckets: the one with the smallest number. -1: none. */
static int64_t find_near(const pt_near *n)
{
    int64_t best = -1;

    for (unsigned b = 0; b < n->bands; b++) {
        uint64_t key = band_key(n, b);
        uint32_t code = pt_intern_find(n->buckets_by_key, (pt_sv){(const char *)&key, sizeof key});
        for (uint32_t e = code ? n->buckets[code].first : 0; e; e = n->entries[e - 1].next) {
            uint32_t text = n->entries[e - 1].text;
            if ((best < 0 || text < best) && similarity_to(n, text) >= n->similarity)
                best = text;
        }
    }
    return best;
}

static bool put_in_bucket(pt_near *n, uint64_t key, uint32_t text)
{
    uint32_t code = pt_intern_add(n->buckets_by_key, (pt_sv){(const char *)&key, sizeof key});
    size_t had = n->cap_buckets;

    if (!code || !pt_grow(&n->buckets, &n->cap_buckets, (size_t)code + 1, sizeof *n->buckets))
        return false;
    if (n->cap_buckets > had)
        memset(n->buckets + had, 0, (n->cap_buckets - had) * sizeof *n->buckets);
    bucket *b = &n->buckets[code];
    if (b->size == MOST_IN_BUCKET)
        return true;
    if (n->n_entries == UINT32_MAX - 1 || !pt_grow(&n->entries, &n->cap_entries, n->n_entries + 1, sizeof *n->entries))
        return false;
    n->entries[n->n_entries] = (entry){text, b->first};
    b->first = (uint32_t)++n->n_entries;
    b->size++;
    return true;
}

static bool keep(pt_near *n, uint64_t number, uint32_t code)
{
    if (!pt_grow(&n->kept, &n->cap_kept, n->n_kept + 1, sizeof *n->kept) ||
        !pt_grow(&n->grams, &n->cap_grams, n->n_grams + n->n_own, sizeof *n->grams) ||
        !pt_grow(&n->text_of, &n->cap_text_of, (size_t)code + 1, sizeof *n->text_of))
        return false;
    uint32_t text = (uint32_t)n->n_kept;
    n->text_of[code] = text;
    n->kept[n->n_kept++] = (kept_text){number, n->n_grams};
    memcpy(n->grams + n->n_grams, n->own, n->n_own * sizeof *n->own);
    n->n_grams += n->n_own;
    for (unsigned b = 0; b < n->bands; b++)
        if (!put_in_bucket(n, band_key(n, b), text))
            return false;
    return true;
}

/* `code` of the text among all met: one that was met before is near to whatever it was near to then. */
static bool look(bool *dropped, uint32_t *like, pt_near *n, uint64_t number, uint32_t code, bool fresh)
{
    *dropped = !fresh;
    if (!fresh) {
        *like = n->text_of[code];
        return true;
    }
    if (!make_pairs(n))
        return false;
    make_signature(n);
    int64_t found = find_near(n);
    *dropped = found >= 0;
    if (!*dropped)
        return keep(n, number, code);
    *like = (uint32_t)found;
    if (!pt_grow(&n->text_of, &n->cap_text_of, (size_t)code + 1, sizeof *n->text_of))
        return false;
    n->text_of[code] = (uint32_t)found;
    return true;
}

pt_rc pt_near_add(bool *dropped, uint64_t *kept, pt_near *n, uint64_t number, pt_sv text, pt_err *err)
{
    uint32_t like = 0;

    *dropped = false;
    make_plain(n, text);
    if (n->plain.failed || n->scratch.failed)
        return pt_fail_nomem(err, "texts to compare");
    if (n->plain.len == 0)
        return PT_OK;
    uint32_t before = pt_intern_count(n->texts);
    size_t length = n->plain.len;
    pt_str_addn(&n->plain, (const char *)&n->group, sizeof n->group);
    uint32_t code = n->plain.failed ? 0 : pt_intern_add(n->texts, (pt_sv){n->plain.ptr, n->plain.len});
    n->plain.len = length;
    if (!code || !look(dropped, &like, n, number, code, code > before))
        return pt_fail_nomem(err, "texts to compare");
    if (*dropped)
        *kept = n->kept[like].number;
    return PT_OK;
}

/* --- life ----------------------------------------------------------------------------------------------------------- */

pt_rc pt_near_new(pt_near **out, double similarity, pt_err *err)
{
    pt_near *n = pt_zalloc(1, sizeof *n);

    *out = NULL;
    if (!n)
        return pt_fail_nomem(err, "texts to compare");
    n->similarity = similarity;
    n->pairs = pt_intern_new();
    n->texts = pt_intern_new();
    n->buckets_by_key = pt_intern_new();
    if (!n->pairs || !n->texts || !n->buckets_by_key) {
        pt_near_free(n);
        return pt_fail_nomem(err, "texts to compare");
    }
    choose_bands(n);
    *out = n;
    return PT_OK;
}

void pt_near_free(pt_near *n)
{
    if (!n)
        return;
    pt_intern_free(n->pairs);
    pt_intern_free(n->texts);
    pt_intern_free(n->buckets_by_key);
    free(n->text_of);
    free(n->kept);
    free(n->grams);
    free(n->entries);
    free(n->buckets);
    free(n->own);
    pt_str_free(&n->plain);
    pt_str_free(&n->scratch);
    free(n);
}

/* Texts of earlier groups are of no more use; forgetting them costs as much as many texts, so it is done after many. */
void pt_near_group(pt_near *n, uint64_t group)
{
    n->group = group;
    if (n->n_kept < FORGET_AFTER)
        return;
    pt_intern_clear(n->texts);
    pt_intern_clear(n->buckets_by_key);
    if (n->buckets)
        memset(n->buckets, 0, n->cap_buckets * sizeof *n->buckets);
    n->n_kept = n->n_grams = n->n_entries = 0;
}

pt_rc pt_near_similarity(double *out, pt_sv a, pt_sv b, pt_err *err)
{
    pt_near *n;
    bool fine;

    PT_TRY(pt_near_new(&n, 1, err));
    make_plain(n, a);
    fine = make_pairs(n) && pt_grow(&n->grams, &n->cap_grams, n->n_own + 1, sizeof *n->grams);
    if (fine) {
        if (n->n_own)
            memcpy(n->grams, n->own, n->n_own * sizeof *n->own);
        n->n_grams = n->n_own;
        make_plain(n, b);
        fine = make_pairs(n);
    }
    *out = fine ? dice(n->own, n->n_own, n->grams, n->n_grams) : 0;
    fine &= !n->plain.failed && !n->scratch.failed;
    pt_near_free(n);
    return fine ? PT_OK : pt_fail_nomem(err, "texts to compare");
}
