/* Taking rows in: each is scattered to the partition of its ordinal as it comes, its texts as codes of the worker's own
 * dictionaries. Rows go in tiles small enough that a tile's records stay in the first cache while column after column
 * is written into them. */
#include "timeline/timeline_int.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    TILE = 256,
    MOST_PARTITIONS = 1024,
    LEAST_PART_BYTES = 8 << 10, /* of a worker's share, for each partition */
    LEAST_MEMORY = 1 << 20
};

static pt_rc grow_words(word_table *t, uint32_t texts, pt_err *err);

/* --- making a builder ---------------------------------------------------------------------------------------------- */

static unsigned cell_width(pt_type t)
{
    return t == PT_TYPE_LIST ? (unsigned)sizeof(list_cell) : pt_type_width(t);
}

/* Time and sequence, then wide cells, then narrow ones: nothing lies across its own width. */
static pt_rc shape_rows(pt_timeline_builder *b, pt_err *err)
{
    row_shape *s = &b->shape;
    uint32_t at = 16;

    s->columns = PT_NEW_ARRAY(b->arena, uint32_t, b->schema.n_columns);
    b->list_of = PT_NEW_ARRAY(b->arena, uint32_t, b->schema.n_columns);
    if (!s->columns || !b->list_of)
        return pt_fail_nomem(err, "a timeline builder");
    for (unsigned width = 8; width; width /= 2) {
        for (size_t i = 0; i < b->schema.n_columns; i++) {
            if (cell_width(b->schema.columns[i].type) != width)
                continue;
            s->columns[i] = at;
            at += width;
        }
        if (width == 8) {
            s->ordinal = at;
            at += 4;
            s->batch = at;
            at += b->n_lists ? 4 : 0;
        }
    }
    s->stride = (at + 3) & ~UINT32_C(3);
    for (size_t i = 0, lists = 0; i < b->schema.n_columns; i++)
        if (b->schema.columns[i].type == PT_TYPE_LIST)
            b->list_of[i] = (uint32_t)lists++;
    return PT_OK;
}

static pt_rc copy_schema(pt_timeline_builder *b, const pt_timeline_schema *schema, pt_err *err)
{
    pt_timeline_column *columns = PT_NEW_ARRAY(b->arena, pt_timeline_column, schema->n_columns);

    b->schema = (pt_timeline_schema){
        .source = pt_arena_strdup(b->arena, schema->source), .columns = columns, .n_columns = schema->n_columns};
    if (!columns || !b->schema.source)
        return pt_fail_nomem(err, "a timeline builder");
    for (size_t i = 0; i < schema->n_columns; i++) {
        const pt_timeline_column *c = &schema->columns[i];
        if (!timeline_type_allowed(c->type))
            return pt_fail(err, PT_EINVAL, "column '%s' of '%s' cannot be in a timeline: its type is %s", c->name,
                           schema->source, pt_type_name(c->type));
        columns[i] = (pt_timeline_column){.name = pt_arena_strdup(b->arena, c->name), .type = c->type};
        if (!columns[i].name)
            return pt_fail_nomem(err, "a timeline builder");
        b->n_lists += c->type == PT_TYPE_LIST;
    }
    return PT_OK;
}

/* As many partitions as keep the records of one in the second cache for usual sizes, but no more than there is memory
 * for chunks. */
static void choose_partitions(pt_timeline_builder *b)
{
    size_t most = b->memory / b->n_workers / LEAST_PART_BYTES;

    if (most > MOST_PARTITIONS)
        most = MOST_PARTITIONS;
    if (most < 1)
        most = 1;
    while (b->shift < 31 && (b->ordinals >> b->shift) + 1 > most)
        b->shift++;
    b->partitions = (b->ordinals >> b->shift) + 1;
}

static void free_worker(const pt_timeline_builder *b, add_worker *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < b->schema.n_columns; i++) {
        if (w->interns)
            pt_intern_free(w->interns[i]);
        if (w->words)
            free(w->words[i].pairs);
        if (w->remap)
            free(w->remap[i]);
    }
    if (w->spill_fd >= 0)
        close(w->spill_fd);
    slabs_free(w);
    free(w->parts);
    free(w->interns);
    free(w->words);
    free(w->items);
    free(w->absent);
    free(w->remap);
    free(w->segments);
    free(w);
}

static pt_rc new_dictionary(add_worker *w, size_t column, pt_err *err)
{
    w->interns[column] = pt_intern_new();
    if (!w->interns[column])
        return pt_fail_nomem(err, "a timeline builder");
    return grow_words(&w->words[column], 0, err);
}

static pt_rc new_worker(add_worker **out, pt_timeline_builder *b, pt_err *err)
{
    size_t n = b->schema.n_columns;
    add_worker *w = *out = pt_alloc64(1, sizeof *w); /* no two workers in one cache line */

    if (!w)
        return pt_fail_nomem(err, "a timeline builder");
    *w = (add_worker){.spill_fd = -1, .share = b->budget.most / b->n_workers, .budget = &b->budget};
    w->parts = pt_zalloc(b->partitions, sizeof *w->parts);
    w->interns = pt_zalloc(n, sizeof *w->interns);
    w->words = pt_zalloc(n, sizeof *w->words);
    w->items = pt_zalloc(b->partitions * b->n_lists, sizeof *w->items);
    w->absent = pt_zalloc(b->n_lists, sizeof *w->absent);
    w->remap = pt_zalloc(n, sizeof *w->remap);
    if (!w->parts || !w->interns || !w->words || !w->items || !w->absent || !w->remap)
        return pt_fail_nomem(err, "a timeline builder");
    for (size_t i = 0; i < n; i++)
        if (timeline_has_dict(b->schema.columns[i].type))
            PT_TRY(new_dictionary(w, i, err));
    return PT_OK;
}

static pt_rc prepare(pt_timeline_builder *b, const char *path, const pt_timeline_schema *schema, pt_err *err)
{
    b->path = pt_arena_strdup(b->arena, path);
    if (!b->path)
        return pt_fail_nomem(err, "a timeline builder");
    if (b->ordinals > TIMELINE_MOST_ORDINALS)
        return pt_fail(err, PT_EINVAL, "a timeline has at most %u customers", TIMELINE_MOST_ORDINALS);
    PT_TRY(copy_schema(b, schema, err));
    PT_TRY(shape_rows(b, err));
    choose_partitions(b);
    b->workers = pt_zalloc(b->n_workers, sizeof *b->workers);
    if (!b->workers)
        return pt_fail_nomem(err, "a timeline builder");
    for (unsigned i = 0; i < b->n_workers; i++)
        PT_TRY(new_worker(&b->workers[i], b, err));
    return PT_OK;
}

pt_rc pt_timeline_builder_new(pt_timeline_builder **out, const char *path, const pt_timeline_schema *schema,
                              const pt_timeline_options *options, pt_err *err)
{
    pt_timeline_builder *b = pt_zalloc(1, sizeof *b);

    *out = NULL;
    if (!b)
        return pt_fail_nomem(err, "a timeline builder");
    b->arena = pt_arena_new(0);
    b->ordinals = options->ordinals;
    b->memory = options->memory ? options->memory : (size_t)1 << 30;
    if (b->memory < LEAST_MEMORY)
        b->memory = LEAST_MEMORY;
    b->budget.most = b->memory / 8 * 5;
    b->n_workers = options->workers ? options->workers : 1;
    b->made_from = options->made_from;
    pt_rc rc = b->arena ? prepare(b, path, schema, err) : pt_fail_nomem(err, "a timeline builder");
    if (rc == PT_OK)
        *out = b;
    else
        pt_timeline_builder_abort(b);
    return rc;
}

void pt_timeline_builder_abort(pt_timeline_builder *b)
{
    if (!b)
        return;
    for (unsigned i = 0; b->workers && i < b->n_workers; i++)
        free_worker(b, b->workers[i]);
    free(b->workers);
    pt_arena_free(b->arena);
    free(b);
}

/* --- texts to codes ------------------------------------------------------------------------------------------------ */

/* A text of at most 16 bytes as two numbers; with its length they are the text. Reads inside it only. */
static inline void load_word(pt_sv s, uint64_t *a, uint64_t *b)
{
    const unsigned char *p = (const unsigned char *)s.ptr;

    *b = 0;
    if (s.len >= 8) {
        *a = load_u64(p);
        *b = load_u64(p + s.len - 8);
    } else if (s.len >= 4) {
        *a = load_u32(p) | (uint64_t)load_u32(p + s.len - 4) << 32;
    } else {
        *a = s.len ? p[0] | (uint64_t)p[s.len / 2] << 8 | (uint64_t)p[s.len - 1] << 16 : 0;
    }
}

static inline word_pair *word_place(const word_table *t, uint64_t a, uint64_t b, size_t n)
{
    uint64_t h = (a ^ (b * UINT64_C(0x9E3779B97F4A7C15)) ^ n) * UINT64_C(0xD6E8FEB86659FD93);

    return &t->pairs[h >> t->shift];
}

static inline bool word_is(const word *w, uint64_t a, uint64_t b, size_t n)
{
    return w->a == a && w->b == b && w->len == n && w->code;
}

/* Twice as many pairs as texts, up to a limit: nearly all short texts are then found in one cache line. */
static pt_rc grow_words(word_table *t, uint32_t texts, pt_err *err)
{
    unsigned log2 = WORDS_LEAST_LOG2;

    while (log2 < WORDS_MOST_LOG2 && texts >= UINT32_C(1) << (log2 - 1))
        log2++;
    if (t->pairs && t->shift == 64 - log2)
        return PT_OK;
    free(t->pairs);
    t->pairs = huge_alloc(sizeof *t->pairs << log2);
    t->shift = 64 - log2;
    if (!t->pairs)
        return pt_fail_nomem(err, "a dictionary");
    memset(t->pairs, 0, sizeof *t->pairs << log2);
    return PT_OK;
}

enum { LOOKAHEAD = 32 };

typedef struct lookup {
    uint64_t a, b;
    word_pair *place; /* NULL: the text is missing or long */
} lookup;

static inline lookup look_up(const word_table *t, pt_sv text)
{
    lookup l = {0};

    if (!text.ptr || text.len > WORD_MOST)
        return l;
    load_word(text, &l.a, &l.b);
    l.place = word_place(t, l.a, l.b, text.len);
    __builtin_prefetch(l.place);
    return l;
}

/* Texts that the cache did not know. */
typedef struct unknown {
    pt_sv texts[LOOKAHEAD];
    uint32_t codes[LOOKAHEAD];
    uint8_t at[LOOKAHEAD]; /* which of the texts asked for */
    size_t n;
} unknown;

/* Asks the dictionary, and remembers short texts in the place of the one not seen for longest. */
static pt_rc learn(pt_intern *intern, unknown *u, const lookup *found, uint32_t *codes, pt_err *err)
{
    if (!pt_intern_add_all(intern, u->texts, u->n, u->codes))
        return pt_fail_nomem(err, "a dictionary");
    for (size_t k = 0; k < u->n; k++) {
        const lookup *l = &found[u->at[k]];
        codes[u->at[k]] = u->codes[k];
        if (!l->place)
            continue;
        l->place->words[1] = l->place->words[0];
        l->place->words[0] = (word){.a = l->a, .b = l->b, .len = (uint32_t)u->texts[k].len, .code = u->codes[k]};
    }
    return PT_OK;
}

/* Codes of at most LOOKAHEAD texts; 0 for missing. Places are asked for before they are needed: in a large dictionary the
 * wait for memory is most of the work. */
static pt_rc codes_of(add_worker *w, size_t column, const pt_sv *texts, size_t n, uint32_t *codes, pt_err *err)
{
    lookup found[LOOKAHEAD];
    unknown u;
    word_table *table = &w->words[column];

    u.n = 0;
    for (size_t i = 0; i < n; i++)
        found[i] = look_up(table, texts[i]);
    for (size_t i = 0; i < n; i++) {
        const lookup *l = &found[i];
        codes[i] = PT_CODE_MISSING;
        if (l->place && word_is(&l->place->words[0], l->a, l->b, texts[i].len)) {
            codes[i] = l->place->words[0].code;
        } else if (l->place && word_is(&l->place->words[1], l->a, l->b, texts[i].len)) {
            codes[i] = l->place->words[1].code;
        } else if (texts[i].ptr) {
            u.texts[u.n] = texts[i];
            u.at[u.n++] = (uint8_t)i;
        }
    }
    if (u.n == 0)
        return PT_OK;
    PT_TRY(learn(w->interns[column], &u, found, codes, err));
    return grow_words(table, pt_intern_count(w->interns[column]), err);
}

/* --- a tile of rows ------------------------------------------------------------------------------------------------- */

typedef struct tile {
    const pt_rows *rows;
    size_t first, n;
    unsigned char *slots[TILE]; /* the record of each row */
    uint32_t *items[TILE];      /* where its next list item goes; lists only */
    const uint32_t *ends[TILE]; /* the end of its chunk; lists only */
} tile;

static pt_rc too_many_items(const pt_timeline_builder *b, pt_err *err)
{
    return pt_fail(err, PT_EINVAL, "a row of '%s' has lists of more than %d items", b->schema.source, LIST_MOST_ITEMS);
}

/* List items of one row, all columns together; UINT32_MAX when there are too many. */
static uint32_t items_of_row(const pt_timeline_builder *b, const pt_rows *rows, size_t row)
{
    uint64_t n = 0;

    for (size_t i = 0; i < b->schema.n_columns; i++) {
        const pt_cells *c = &rows->cells[TIMELINE_KEYS + i];
        if (c->type != PT_TYPE_LIST || (c->absent && c->absent[row]))
            continue;
        n += c->offsets[row + 1] - c->offsets[row];
    }
    return n > LIST_MOST_ITEMS ? UINT32_MAX : (uint32_t)n;
}

/* Chooses the place of each row of the tile. */
static pt_rc place_rows(const pt_timeline_builder *b, add_worker *w, tile *t, pt_err *err)
{
    const uint32_t *ordinals = (const uint32_t *)t->rows->cells[0].data + t->first;
    uint32_t stride = b->shape.stride, items = 0;

    for (size_t i = 0; i < t->n; i++) {
        if (ordinals[i] >= b->ordinals)
            return pt_fail(err, PT_EINTERNAL, "a row of '%s' belongs to customer %u of %u", b->schema.source,
                           ordinals[i], b->ordinals);
        part *p = &w->parts[ordinals[i] >> b->shift];
        if (b->n_lists && (items = items_of_row(b, t->rows, t->first + i)) == UINT32_MAX)
            return too_many_items(b, err);
        if ((size_t)(p->limit - p->next) < stride + items * sizeof(uint32_t))
            PT_TRY(chunk_open(b, w, p, items, err));
        t->slots[i] = p->next;
        p->next += stride;
        memcpy(t->slots[i] + b->shape.ordinal, &ordinals[i], sizeof ordinals[i]);
        if (!b->n_lists)
            continue;
        p->limit -= items * sizeof(uint32_t);
        t->items[i] = (uint32_t *)(void *)p->limit;
        t->ends[i] = (const uint32_t *)(const void *)(p->last->data + p->last->size);
    }
    return PT_OK;
}

static void fill_wide(tile *t, uint32_t at, const void *data)
{
    const uint64_t *from = (const uint64_t *)data + t->first;

    for (size_t i = 0; i < t->n; i++)
        memcpy(t->slots[i] + at, &from[i], sizeof from[i]);
}

static void fill_dates(tile *t, uint32_t at, const void *data)
{
    const int32_t *from = (const int32_t *)data + t->first;

    for (size_t i = 0; i < t->n; i++)
        memcpy(t->slots[i] + at, &from[i], sizeof from[i]);
}

/* All NaNs become one, and so do the infinities, which are no numbers here. */
static void fill_numbers(tile *t, uint32_t at, const void *data)
{
    const double *from = (const double *)data + t->first;

    for (size_t i = 0; i < t->n; i++) {
        uint64_t bits = PT_FRAME_NAN;
        if (isfinite(from[i]))
            memcpy(&bits, &from[i], sizeof bits);
        memcpy(t->slots[i] + at, &bits, sizeof bits);
    }
}

static void fill_bools(tile *t, uint32_t at, const void *data)
{
    const uint8_t *from = (const uint8_t *)data + t->first;

    for (size_t i = 0; i < t->n; i++)
        t->slots[i][at] = from[i] < PT_BOOL_MISSING ? from[i] : PT_BOOL_MISSING;
}

static pt_rc fill_texts(add_worker *w, tile *t, uint32_t at, size_t column, const void *data, pt_err *err)
{
    const pt_sv *from = (const pt_sv *)data + t->first;
    uint32_t codes[LOOKAHEAD];

    for (size_t i = 0; i < t->n; i += LOOKAHEAD) {
        size_t n = t->n - i < LOOKAHEAD ? t->n - i : LOOKAHEAD;
        PT_TRY(codes_of(w, column, from + i, n, codes, err));
        for (size_t k = 0; k < n; k++)
            memcpy(t->slots[i + k] + at, &codes[k], sizeof codes[k]);
    }
    return PT_OK;
}

/* An item that is missing inside a list is no item. */
static pt_rc fill_items(add_worker *w, size_t column, uint32_t **to, const pt_sv *items, size_t n, uint32_t *kept,
                        pt_err *err)
{
    uint32_t codes[LOOKAHEAD], *next = *to;

    for (size_t i = 0; i < n; i += LOOKAHEAD) {
        size_t some = n - i < LOOKAHEAD ? n - i : LOOKAHEAD;
        PT_TRY(codes_of(w, column, items + i, some, codes, err));
        for (size_t k = 0; k < some; k++)
            if (codes[k] != PT_CODE_MISSING)
                *next++ = codes[k];
    }
    *kept = (uint32_t)(next - *to);
    *to = next;
    return PT_OK;
}

static pt_rc fill_lists(const pt_timeline_builder *b, add_worker *w, tile *t, size_t column, const pt_cells *c,
                        pt_err *err)
{
    const uint32_t *ordinals = (const uint32_t *)t->rows->cells[0].data + t->first;
    const uint64_t *offsets = c->offsets + t->first;
    uint32_t list = b->list_of[column];

    for (size_t i = 0; i < t->n; i++) {
        list_cell cell = {.back = (uint32_t)(t->ends[i] - t->items[i]), .n = LIST_ABSENT};
        if (c->absent && c->absent[t->first + i]) {
            w->absent[list] = true;
        } else {
            PT_TRY(fill_items(w, column, &t->items[i], (const pt_sv *)c->data + offsets[i],
                              (size_t)(offsets[i + 1] - offsets[i]), &cell.n, err));
            w->items[(size_t)(ordinals[i] >> b->shift) * b->n_lists + list] += cell.n;
        }
        memcpy(t->slots[i] + b->shape.columns[column], &cell, sizeof cell);
    }
    return PT_OK;
}

static pt_rc fill_column(const pt_timeline_builder *b, add_worker *w, tile *t, size_t column, pt_err *err)
{
    const pt_cells *c = &t->rows->cells[TIMELINE_KEYS + column];
    uint32_t at = b->shape.columns[column];

    switch (c->type) {
    case PT_TYPE_BOOL: fill_bools(t, at, c->data); return PT_OK;
    case PT_TYPE_NUMBER: fill_numbers(t, at, c->data); return PT_OK;
    case PT_TYPE_DATE: fill_dates(t, at, c->data); return PT_OK;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return fill_texts(w, t, at, column, c->data, err);
    case PT_TYPE_LIST: return fill_lists(b, w, t, column, c, err);
    default: fill_wide(t, at, c->data); return PT_OK;
    }
}

/* Memory is counted between tiles: while one is filled its records must stay where they are. */
static pt_rc add_tile(const pt_timeline_builder *b, add_worker *w, tile *t, pt_err *err)
{
    if (w->full)
        PT_TRY(spill_worker(b, w, err));
    PT_TRY(place_rows(b, w, t, err));
    fill_wide(t, 0, t->rows->cells[1].data);
    fill_wide(t, 8, t->rows->cells[2].data);
    for (size_t i = 0; i < b->schema.n_columns; i++)
        PT_TRY(fill_column(b, w, t, i, err));
    return PT_OK;
}

pt_rc pt_timeline_builder_add(pt_timeline_builder *b, unsigned worker, const pt_rows *rows, pt_err *err)
{
    tile t = {.rows = rows};

    if (worker >= b->n_workers || !timeline_rows_fit(&b->schema, rows))
        return pt_fail(err, PT_EINTERNAL, "rows do not have the columns of the timeline of '%s'", b->schema.source);
    add_worker *w = b->workers[worker];
    for (; t.first < rows->n; t.first += t.n) {
        t.n = rows->n - t.first < TILE ? rows->n - t.first : TILE;
        pt_rc rc = add_tile(b, w, &t, err);
        if (rc != PT_OK) {
            w->failed = true;
            return rc;
        }
    }
    return PT_OK;
}
