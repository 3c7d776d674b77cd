/* Customers and identifiers -> bytes of customers.dir, array by array. All of it is produced twice: for the checksums,
 * which come first in the file, and for the bytes. */
#include <stdlib.h>

#include "identity/directory_int.h"
#include "identity/graph_int.h"

enum { BLOCK = 1 << DIR_BLOCK_LOG2 };

typedef pt_rc sink_fn(void *ctx, const void *bytes, size_t n, pt_err *err);

/* Bytes pass through one block; a full one is hashed, or goes to the sink. */
typedef struct stream {
    sink_fn *sink; /* NULL: hash */
    void *ctx;
    pt_err *err;
    pt_rc rc; /* sticky */
    uint64_t at, n_sums;
    uint64_t *sums;
    unsigned char block[BLOCK];
} stream;

typedef struct writer {
    const pt_identity *g;
    const pt_id_result *r;
    dir_counts counts;
    pt_frame_array arrays[DIR_ARRAYS];
    uint64_t data_bytes;
    pt_str directory;
    uint64_t *first; /* by ordinal, and one more */
    uint32_t *order; /* node of each identifier: by ordinal, then strength; then its ordinal */
    uint8_t *kinds;
    uint64_t *ends; /* of texts, and a zero in front */
    pt_str texts;
    uint32_t *slots, *id_slots;
    stream out;
} writer;

static void flush(stream *s, size_t n)
{
    if (!s->sink)
        s->sums[s->n_sums++] = pt_hash64(s->block, n);
    else if (s->rc == PT_OK)
        s->rc = s->sink(s->ctx, s->block, n, s->err);
}

static void put(stream *s, const void *bytes, size_t n)
{
    const unsigned char *from = bytes;

    while (n > 0) {
        size_t used = s->at % BLOCK, room = BLOCK - used, take = n < room ? n : room;
        memcpy(s->block + used, from, take);
        s->at += take;
        from += take;
        n -= take;
        if (take == room)
            flush(s, BLOCK);
    }
}

/* --- what must be known before the first byte --------------------------------------------------------------------- */

/* Counting sort by ordinal of the nodes in order of strength. */
static bool order_identifiers(writer *w)
{
    const pt_identity *g = w->g;
    const pt_id_result *r = w->r;

    w->first = pt_zalloc((size_t)r->n_customers + 2, sizeof *w->first);
    w->order = pt_zalloc((size_t)r->n_seen + 1, sizeof *w->order);
    if (!w->first || !w->order)
        return false;
    for (size_t i = 0; i < g->n_nodes; i++)
        if (g->ordinal[i] != PT_ID_NONE)
            w->first[g->ordinal[i] + 2]++; /* two on: while the nodes are placed, [o + 1] runs through those of o */
    for (size_t o = 2; o <= r->n_customers; o++)
        w->first[o] += w->first[o - 1];
    for (size_t p = 0; p < g->n_nodes; p++) {
        uint32_t node = g->node_at[p], ordinal = g->ordinal[node];
        if (ordinal != PT_ID_NONE)
            w->order[w->first[ordinal + 1]++] = node;
    }
    return true;
}

/* Copies what must be known of each identifier together, in the order of the file: nodes lie anywhere in memory, and
 * all that follows runs through these copies several times. */
static bool gather_identifiers(writer *w)
{
    const pt_identity *g = w->g;
    size_t n = w->r->n_seen;

    w->kinds = pt_zalloc(n + 1, sizeof *w->kinds);
    w->ends = pt_zalloc(n + 1, sizeof *w->ends);
    if (!w->kinds || !w->ends)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t node = w->order[i], type;
        pt_str_addsv(&w->texts, pt_identity_node_value(g, node, &type));
        w->kinds[i] = g->rank[type];
        w->ends[i + 1] = w->texts.len;
        w->order[i] = g->ordinal[node];
    }
    return !w->texts.failed;
}

static uint64_t id_hash(const writer *w, uint32_t ordinal)
{
    pt_sv id = pt_id_sv(&w->r->ids[ordinal]);

    return pt_hash64(id.ptr, id.len);
}

static void take_slot(uint32_t *slots, uint64_t n_slots, uint64_t hash, uint32_t item)
{
    uint64_t at = hash & (n_slots - 1);

    while (slots[at])
        at = (at + 1) & (n_slots - 1);
    slots[at] = item + 1;
}

static bool fill_slots(writer *w)
{
    uint64_t n = dir_slots(w->counts.n_identifiers), n_ids = dir_slots(w->counts.n_ordinals);

    w->slots = pt_zalloc((size_t)n, sizeof *w->slots);
    w->id_slots = pt_zalloc((size_t)n_ids, sizeof *w->id_slots);
    if (!w->slots || !w->id_slots)
        return false;
    for (uint32_t i = 0; i < w->counts.n_identifiers; i++) {
        pt_sv value = {w->texts.ptr + w->ends[i], (size_t)(w->ends[i + 1] - w->ends[i])};
        take_slot(w->slots, n, dir_value_hash(w->kinds[i], value), i);
    }
    for (uint32_t o = 0; o < w->counts.n_ordinals; o++)
        take_slot(w->id_slots, n_ids, id_hash(w, o), o);
    return true;
}

static void describe(writer *w)
{
    dir_counts *c = &w->counts;

    *c = (dir_counts){w->r->n_customers, w->r->n_live, w->r->n_seen, (uint32_t)w->g->n_types, w->texts.len};
    pt_frame_put(&w->directory, &c->n_ordinals, sizeof c->n_ordinals);
    pt_frame_put(&w->directory, &c->n_live, sizeof c->n_live);
    pt_frame_put(&w->directory, &c->n_identifiers, sizeof c->n_identifiers);
    pt_frame_put(&w->directory, &c->n_types, sizeof c->n_types);
    pt_frame_put(&w->directory, &c->text_bytes, sizeof c->text_bytes);
    for (size_t rank = 0; rank < c->n_types; rank++)
        pt_frame_put_text(&w->directory, w->g->types[w->g->type_of_rank[rank]].name);
    dir_arrays(w->arrays, c);
}

static pt_rc prepare(writer *w, pt_err *err)
{
    if (!order_identifiers(w) || !gather_identifiers(w))
        return pt_fail_nomem(err, "the customer directory");
    describe(w);
    if (!fill_slots(w))
        return pt_fail_nomem(err, "the customer directory");
    if (!pt_frame_layout(w->arrays, DIR_ARRAYS, &w->data_bytes))
        return pt_fail(err, PT_EINVAL, "the customer directory would be larger than a file may be");
    w->out.sums = pt_zalloc((size_t)pt_frame_blocks(w->data_bytes, DIR_BLOCK_LOG2) + 1, sizeof *w->out.sums);
    return w->out.sums ? pt_str_check(&w->directory, err) : pt_fail_nomem(err, "the customer directory");
}

/* --- arrays ------------------------------------------------------------------------------------------------------- */

static void put_id_hashes(writer *w)
{
    for (uint32_t o = 0; o < w->counts.n_ordinals; o++) {
        uint64_t hash = id_hash(w, o);
        put(&w->out, &hash, sizeof hash);
    }
}

static void put_array(writer *w, dir_array array)
{
    size_t bytes = (size_t)w->arrays[array].n * w->arrays[array].width;

    switch (array) {
    case DIR_IDS: put(&w->out, w->r->ids, bytes); break;
    case DIR_ID_HASHES: put_id_hashes(w); break;
    case DIR_FORWARDS: put(&w->out, w->r->forward, bytes); break;
    case DIR_ID_SLOTS: put(&w->out, w->id_slots, bytes); break;
    case DIR_FIRST: put(&w->out, w->first, bytes); break;
    case DIR_OWNERS: put(&w->out, w->order, bytes); break;
    case DIR_KINDS: put(&w->out, w->kinds, bytes); break;
    case DIR_TEXT_OFFSETS: put(&w->out, w->ends, bytes); break;
    case DIR_TEXTS: put(&w->out, w->texts.ptr, bytes); break;
    case DIR_SLOTS: put(&w->out, w->slots, bytes); break;
    case DIR_ARRAYS: break;
    }
}

static void put_data(writer *w)
{
    static const unsigned char zeros[PT_FRAME_ALIGN];
    stream *s = &w->out;

    s->at = 0;
    for (int array = 0; array < DIR_ARRAYS && s->rc == PT_OK; array++) {
        put(s, zeros, (size_t)(w->arrays[array].at - s->at));
        put_array(w, (dir_array)array);
    }
    if (s->at % BLOCK)
        flush(s, s->at % BLOCK);
}

static pt_rc put_head(writer *w)
{
    stream *s = &w->out;
    pt_frame_head head = {DIR_MAGIC, DIR_VERSION, DIR_BLOCK_LOG2, {w->directory.ptr, w->directory.len}, w->data_bytes};
    size_t n = (size_t)pt_frame_head_bytes(&head);
    unsigned char *bytes = pt_zalloc(n, 1);

    if (!bytes)
        return pt_fail_nomem(s->err, "the customer directory");
    pt_frame_seal(bytes, &head, s->sums);
    s->rc = s->sink(s->ctx, bytes, n, s->err);
    free(bytes);
    return s->rc;
}

static pt_rc put_all(writer *w, sink_fn *sink)
{
    put_data(w);
    w->out.sink = sink;
    PT_TRY(put_head(w));
    put_data(w);
    return w->out.rc;
}

pt_rc pt_directory_write(const pt_identity *g, const pt_id_result *r, sink_fn *sink, void *ctx, pt_err *err)
{
    writer *w = pt_zalloc(1, sizeof *w);
    pt_rc rc;

    if (!w)
        return pt_fail_nomem(err, "the customer directory");
    w->g = g;
    w->r = r;
    w->out.ctx = ctx;
    w->out.err = err;
    rc = prepare(w, err);
    if (rc == PT_OK)
        rc = put_all(w, sink);
    pt_str_free(&w->directory);
    free(w->first);
    free(w->order);
    free(w->kinds);
    free(w->ends);
    pt_str_free(&w->texts);
    free(w->slots);
    free(w->id_slots);
    free(w->out.sums);
    free(w);
    return rc;
}
