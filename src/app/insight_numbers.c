/* Figures of one tag of numbers on two sides. From the counts by code alone where a code is one value; of intervals the
 * column decides what the counts leave open: sums, and what lies on which side of an edge or a quantile. */
#include <stdlib.h>

#include "app/insight_int.h"

enum { SEGMENT, REST, SIDES };
enum { QUANTILES = 5 };
static const unsigned percents[QUANTILES] = {5, 25, 50, 75, 95};

typedef __int128 wide;

/* What one task adds up: exact for all that are whole numbers of units. */
typedef struct sums {
    uint64_t n;
    wide exact;              /* of keys; of money, dates, times */
    double shifted, squares; /* of values less `center`, and of their squares */
} sums;

typedef struct open_key {
    int64_t key;
    bool member;
} open_key;

typedef struct open_list {
    open_key *items;
    size_t n, cap;
} open_list;

typedef struct measure_run {
    insight_run *run;
    const insight_source *source;
    const insight_sides *sides;
    const uint64_t *counts[SIDES]; /* by code */
    uint64_t *base;                /* by code: of what the segment is compared with */
    uint64_t known[SIDES], base_known;
    double center;
    uint8_t *open;    /* by code */
    sums *blocks;     /* by block and side */
    open_list *lists; /* by worker */
    uint16_t **codes; /* by worker: those of a block */
    open_key *keys;   /* all that are open, rising */
    size_t n_keys;
} measure_run;

/* --- quantiles -------------------------------------------------------------------------------------------------------------- */

/* The value at place `rank` (1 ..) of counts by code: its code, and how many are in codes below. */
static uint32_t find_rank(uint64_t *below, const uint64_t *counts, uint32_t codes, uint64_t rank)
{
    uint64_t sum = 0;

    for (uint32_t c = 1; c <= codes; c++) {
        if (sum + counts[c] >= rank) {
            *below = sum;
            return c;
        }
        sum += counts[c];
    }
    *below = sum;
    return codes;
}

/* Nearest rank: the least value that a share of q does not exceed. */
static uint64_t rank_of(unsigned percent, uint64_t n)
{
    uint64_t rank = (uint64_t)(((unsigned __int128)n * percent + 99) / 100);

    return rank ? rank : 1;
}

static double quantile(const measure_run *m, const uint64_t *counts, uint64_t n, unsigned percent, bool with_rest)
{
    const pt_coding *g = pt_tagindex_coding(m->source->index);
    uint64_t below, rank = rank_of(percent, n);
    uint32_t code = find_rank(&below, counts, g->n, rank);

    if (g->lows[code - 1] == g->highs[code - 1])
        return pt_insight_number(m->source, g->lows[code - 1]);
    for (size_t i = 0; i < m->n_keys; i++) {
        const open_key *k = &m->keys[i];
        bool belongs = with_rest ? !m->sides->apart || !k->member : k->member;
        if (k->key >= g->lows[code - 1] && k->key <= g->highs[code - 1] && belongs && ++below == rank)
            return pt_insight_number(m->source, k->key);
    }
    return NAN;
}

static void set_quantiles(pt_insight_figures *f, const measure_run *m, const uint64_t *counts, bool with_rest)
{
    double *places[QUANTILES] = {&f->p5, &f->p25, &f->median, &f->p75, &f->p95};

    for (size_t i = 0; i < QUANTILES; i++) {
        unsigned beyond = percents[i] < 50 ? percents[i] : 100 - percents[i];
        bool many = f->known >= m->run->least && f->known * beyond >= (uint64_t)PT_MIN_GROUP_LEAST * 100;
        *places[i] = many ? quantile(m, counts, f->known, percents[i], with_rest) : NAN;
    }
}

/* --- moments ---------------------------------------------------------------------------------------------------------------- */

static bool is_exact(const measure_run *m)
{
    return m->source->column->type != PT_TYPE_NUMBER;
}

static void add_sums(sums *to, const sums *from)
{
    to->n += from->n;
    to->exact += from->exact;
    to->shifted += from->shifted;
    to->squares += from->squares;
}

static void add_value(sums *s, const measure_run *m, int64_t key, uint64_t times)
{
    double off = pt_insight_number(m->source, key) - m->center;

    s->n += times;
    s->exact += is_exact(m) ? (wide)key * (wide)times : 0;
    s->shifted += off * (double)times;
    s->squares += off * off * (double)times;
}

static pt_moments moments_of(const measure_run *m, const sums *s)
{
    pt_moments out = {.n = s->n, .mean = NAN, .squares = NAN};

    if (s->n == 0)
        return (pt_moments){0};
    double off = s->shifted / (double)s->n;
    wide n = (wide)s->n;
    out.mean = is_exact(m) ? (double)(s->exact / n) + (double)(s->exact % n) / (double)s->n : m->center + off;
    out.squares = fmax(0, s->squares - off * s->shifted);
    return out;
}

static sums sums_of_counts(const measure_run *m, const uint64_t *counts)
{
    const pt_coding *g = pt_tagindex_coding(m->source->index);
    sums s = {0};

    for (uint32_t c = 1; c <= g->n; c++)
        if (counts[c])
            add_value(&s, m, g->lows[c - 1], counts[c]);
    return s;
}

/* --- the column ------------------------------------------------------------------------------------------------------------- */

static void open_codes(measure_run *m)
{
    const insight_source *s = m->source;
    const pt_coding *g = pt_tagindex_coding(s->index);
    uint64_t below;

    for (size_t e = 0; e < s->n_edges; e++)
        m->open[pt_coding_find(g, s->edges[e])] = 1;
    for (size_t i = 0; i < QUANTILES; i++) {
        if (m->known[SEGMENT])
            m->open[find_rank(&below, m->counts[SEGMENT], g->n, rank_of(percents[i], m->known[SEGMENT]))] = 1;
        if (m->base_known)
            m->open[find_rank(&below, m->base, g->n, rank_of(percents[i], m->base_known))] = 1;
    }
}

static pt_rc keep_open(open_list *l, int64_t key, bool member, pt_err *err)
{
    if (!pt_grow(&l->items, &l->cap, l->n + 1, sizeof *l->items))
        return pt_fail_nomem(err, "an insight");
    l->items[l->n++] = (open_key){key, member};
    return PT_OK;
}

/* The members of one side among 64 customers. */
static pt_rc read_word(measure_run *m, uint64_t bits, uint64_t first, const uint16_t *codes, unsigned worker, int side,
                       sums *to, pt_err *err)
{
    for (; bits; bits &= bits - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(bits);
        int64_t key;
        if (!pt_key_of_row(&key, m->source->column, first + bit))
            continue;
        add_value(to, m, key, 1);
        if (m->open[codes[bit]])
            PT_TRY(keep_open(&m->lists[worker], key, side == SEGMENT, err));
    }
    return PT_OK;
}

static pt_rc read_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    measure_run *m = arg;
    const pt_tagindex *x = m->source->index;
    const insight_group *groups[SIDES] = {m->sides->segment, m->sides->rest};
    uint16_t *codes = m->codes[worker];

    PT_TRY(pt_cancel_check(m->run->options->crowd.cancel, err));
    pt_slice_kernels_best()->unpack(codes, pt_tagindex_rows(x, (uint32_t)block), pt_tagindex_slices(x));
    for (int side = 0; side < SIDES; side++)
        for (size_t w = 0; w < PT_BLOCK_WORDS; w++) {
            size_t word = block * PT_BLOCK_WORDS + w;
            PT_TRY(read_word(m, groups[side]->bits[word], word * 64, codes + w * 64, worker, side,
                             &m->blocks[block * SIDES + (size_t)side], err));
        }
    return PT_OK;
}

static int by_key(const void *a, const void *b)
{
    const open_key *x = a, *y = b;

    return x->key != y->key ? (x->key > y->key ? 1 : -1) : (int)x->member - (int)y->member;
}

static pt_rc gather_open(measure_run *m, unsigned workers, pt_err *err)
{
    for (unsigned w = 0; w < workers; w++)
        m->n_keys += m->lists[w].n;
    m->keys = PT_NEW_ARRAY(m->run->arena, open_key, m->n_keys);
    if (!m->keys)
        return pt_fail_nomem(err, "an insight");
    size_t at = 0;
    for (unsigned w = 0; w < workers; w++) {
        if (m->lists[w].n)
            memcpy(m->keys + at, m->lists[w].items, m->lists[w].n * sizeof *m->keys);
        at += m->lists[w].n;
    }
    if (m->n_keys)
        qsort(m->keys, m->n_keys, sizeof *m->keys, by_key);
    return PT_OK;
}

static pt_rc run_blocks(measure_run *m, unsigned workers, pt_err *err)
{
    size_t blocks = pt_tagindex_blocks(m->source->index);

    for (unsigned w = 0; w < workers; w++)
        if (!(m->codes[w] = pt_alloc64(PT_BLOCK, sizeof **m->codes)))
            return pt_fail_nomem(err, "an insight");
    PT_TRY(pt_pool_run(m->run->query->pool, blocks, read_block, m, err));
    return gather_open(m, workers, err);
}

static pt_rc read_column(sums totals[SIDES], measure_run *m, pt_err *err)
{
    unsigned workers = pt_pool_threads(m->run->query->pool);
    size_t blocks = pt_tagindex_blocks(m->source->index), codes = pt_tagindex_codes(m->source->index);

    m->open = pt_zalloc(codes + 2, sizeof *m->open);
    m->blocks = pt_zalloc(blocks * SIDES, sizeof *m->blocks);
    m->lists = pt_zalloc(workers, sizeof *m->lists);
    m->codes = pt_zalloc(workers, sizeof *m->codes);
    pt_rc rc = PT_OK;
    if (!m->open || !m->blocks || !m->lists || !m->codes)
        rc = pt_fail_nomem(err, "an insight");
    if (rc == PT_OK) {
        open_codes(m);
        rc = run_blocks(m, workers, err);
    }
    for (size_t i = 0; rc == PT_OK && i < blocks * SIDES; i++)
        add_sums(&totals[i % SIDES], &m->blocks[i]);
    for (unsigned w = 0; w < workers; w++) {
        if (m->lists)
            free(m->lists[w].items);
        if (m->codes)
            free(m->codes[w]);
    }
    free(m->lists);
    free(m->codes);
    free(m->blocks);
    return rc;
}

/* --- ranges ----------------------------------------------------------------------------------------------------------------- */

/* counts[] by range: whole codes by their range, of the codes that an edge cuts each key by its own. */
static void spread_counts(uint64_t *ranges, const measure_run *m, const uint64_t *counts, bool member)
{
    const insight_source *s = m->source;
    const pt_coding *g = pt_tagindex_coding(s->index);
    size_t range = 0;

    for (uint32_t c = 0; c < g->n; c++) {
        while (range < s->n_edges && s->edges[range] <= g->lows[c])
            range++;
        if (range == s->n_edges || s->edges[range] > g->highs[c])
            ranges[range] += counts[c + 1];
    }
    for (size_t i = 0; i < m->n_keys; i++) {
        uint32_t c = pt_coding_find(g, m->keys[i].key) - 1;
        for (range = 0; range < s->n_edges && s->edges[range] <= m->keys[i].key;)
            range++;
        bool cut = range > 0 && s->edges[range - 1] > g->lows[c];
        cut |= range < s->n_edges && s->edges[range] <= g->highs[c];
        ranges[range] += cut && m->keys[i].member == member;
    }
}

/* --- all together ----------------------------------------------------------------------------------------------------------- */

static pt_rc prepare(measure_run *m, insight_numbers *out, pt_err *err)
{
    const insight_source *s = m->source;
    const pt_coding *g = pt_tagindex_coding(s->index);

    m->base = PT_NEW_ARRAY(m->run->arena, uint64_t, (size_t)g->n + 1);
    out->with = PT_NEW_ARRAY(m->run->arena, uint64_t, s->n_edges + 1);
    out->rest = PT_NEW_ARRAY(m->run->arena, uint64_t, s->n_edges + 1);
    if (!m->base || !out->with || !out->rest)
        return pt_fail_nomem(err, "an insight");
    for (uint32_t c = 1; c <= g->n; c++) {
        m->known[SEGMENT] += m->counts[SEGMENT][c];
        m->known[REST] += m->counts[REST][c];
        m->base[c] = m->counts[REST][c] + (m->sides->apart ? 0 : m->counts[SEGMENT][c]);
        m->base_known += m->base[c];
    }
    uint64_t below;
    if (m->base_known)
        m->center = pt_insight_number(s, g->lows[find_rank(&below, m->base, g->n, rank_of(50, m->base_known)) - 1]);
    return PT_OK;
}

static double shown(double figure, uint64_t n, uint64_t least)
{
    return n >= least && isfinite(figure) ? figure : (double)NAN;
}

static void set_figures(pt_insight_figures *f, const measure_run *m, const pt_moments *moments, const uint64_t *counts,
                        bool with_rest)
{
    f->known = moments->n;
    f->mean = shown(moments->mean, f->known, m->run->least);
    f->deviation = shown(pt_moments_deviation(moments), f->known, m->run->least);
    set_quantiles(f, m, counts, with_rest);
}

pt_rc pt_insight_measure(insight_numbers *out, insight_run *r, const insight_source *s, const insight_sides *sides,
                         pt_err *err)
{
    measure_run m = {.run = r, .source = s, .sides = sides};
    sums totals[SIDES] = {0};
    pt_rc rc = PT_OK;

    m.counts[SEGMENT] = sides->segment_counts + s->at;
    m.counts[REST] = sides->counts + s->at;
    PT_TRY(prepare(&m, out, err));
    if (s->spread)
        rc = read_column(totals, &m, err);
    else
        for (int side = 0; side < SIDES; side++)
            totals[side] = sums_of_counts(&m, m.counts[side]);
    if (rc == PT_OK) {
        pt_moments segment = moments_of(&m, &totals[SEGMENT]), rest = moments_of(&m, &totals[REST]);
        sums both = totals[REST];
        if (!sides->apart)
            add_sums(&both, &totals[SEGMENT]);
        pt_moments base = moments_of(&m, &both);
        set_figures(&out->segment, &m, &segment, m.counts[SEGMENT], false);
        set_figures(&out->base, &m, &base, m.base, true);
        pt_effect_of(&out->effect, &segment, &rest, m.counts[SEGMENT] + 1, m.counts[REST] + 1,
                     pt_tagindex_codes(s->index));
        spread_counts(out->with, &m, m.counts[SEGMENT], true);
        spread_counts(out->rest, &m, m.counts[REST], false);
    }
    free(m.open);
    return rc;
}
