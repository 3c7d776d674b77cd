/* Customers and identifiers -> bytes of customers.dir, streamed through a sink section by section. */
#include <stdlib.h>

#include "identity/directory_int.h"
#include "identity/graph_int.h"

typedef pt_rc sink_fn(void *ctx, const void *bytes, size_t n, pt_err *err);

/* Bytes pass through one block, which is hashed when it is full. */
typedef struct stream {
    sink_fn *sink;
    void *ctx;
    pt_err *err;
    pt_rc rc; /* sticky */
    uint64_t offset;
    unsigned char block[DIR_BLOCK];
    uint64_t *sums;
    size_t n_sums;
} stream;

typedef struct writer {
    const pt_identity *g;
    const pt_id_result *r;
    dir_header header;
    dir_layout layout;
    uint32_t *first;  /* by ordinal, and one more */
    uint32_t *order;  /* node of each identifier: by ordinal, then strength */
    uint32_t *slots;  /* of the index at hand */
    stream out;
} writer;

static void flush_block(stream *s, size_t n)
{
    s->sums[s->n_sums++] = pt_hash64(s->block, n);
    if (s->rc == PT_OK)
        s->rc = s->sink(s->ctx, s->block, n, s->err);
}

static void put(stream *s, const void *bytes, size_t n)
{
    const unsigned char *from = bytes;

    while (n > 0) {
        size_t used = s->offset % DIR_BLOCK, room = DIR_BLOCK - used, take = n < room ? n : room;
        memcpy(s->block + used, from, take);
        s->offset += take;
        from += take;
        n -= take;
        if (take == room)
            flush_block(s, DIR_BLOCK);
    }
}

static void pad_to(stream *s, uint64_t offset)
{
    static const unsigned char zeros[DIR_ALIGN];

    PT_ASSERT(offset >= s->offset && offset - s->offset < DIR_ALIGN);
    put(s, zeros, (size_t)(offset - s->offset));
}

/* --- what must be known before the first byte --------------------------------------------------------------------- */

/* Counting sort by ordinal of the nodes in order of strength. */
static bool order_identifiers(writer *w)
{
    const pt_identity *g = w->g;
    const pt_id_result *r = w->r;
    uint32_t at = 0;

    w->first = pt_zalloc((size_t)r->n_customers + 2, sizeof *w->first);
    w->order = pt_zalloc((size_t)r->n_seen + 1, sizeof *w->order);
    if (!w->first || !w->order)
        return false;
    for (size_t i = 0; i < g->n_nodes; i++)
        if (g->ordinal[i] != PT_ID_NONE)
            w->first[g->ordinal[i] + 1]++;
    for (size_t o = 0; o <= r->n_customers; o++)
        at = w->first[o] += at;
    for (size_t p = 0; p < g->n_nodes; p++) {
        uint32_t node = g->node_at[p], ordinal = g->ordinal[node];
        if (ordinal != PT_ID_NONE)
            w->order[w->first[ordinal]++] = node;
    }
    memmove(w->first + 1, w->first, ((size_t)r->n_customers + 1) * sizeof *w->first); /* ends are the next one's starts */
    w->first[0] = 0;
    return true;
}

static void fill_header(writer *w)
{
    const pt_identity *g = w->g;
    dir_header *h = &w->header;

    memcpy(h->magic, DIR_MAGIC, sizeof h->magic);
    h->version = DIR_VERSION;
    h->n_types = (uint32_t)g->n_types;
    h->n_ordinals = w->r->n_customers;
    h->n_live = w->r->n_live;
    h->n_identifiers = w->r->n_seen;
    for (size_t t = 0; t < g->n_types; t++)
        h->types_size += 1 + strlen(g->types[t].name);
    for (size_t i = 0; i < w->r->n_seen; i++)
        h->texts_size += pt_identity_node_value(g, w->order[i], NULL).len;
    dir_layout_of(&w->layout, h);
    h->file_size = w->layout.file_size;
    h->hash = pt_hash64(h, offsetof(dir_header, hash));
}

static pt_rc prepare(writer *w, pt_err *err)
{
    for (size_t t = 0; t < w->g->n_types; t++)
        if (strlen(w->g->types[t].name) > UINT8_MAX)
            return pt_fail(err, PT_EINVAL, "the name of an identifier type has more than %d bytes", UINT8_MAX);
    if (!order_identifiers(w))
        return pt_fail_nomem(err, "the customer directory");
    fill_header(w);
    w->out.sums = pt_zalloc((size_t)w->layout.n_blocks + 1, sizeof *w->out.sums);
    w->slots = pt_zalloc((size_t)(dir_slots(w->header.n_identifiers) + dir_slots(w->header.n_ordinals)), 4);
    return w->out.sums && w->slots ? PT_OK : pt_fail_nomem(err, "the customer directory");
}

/* --- sections ------------------------------------------------------------------------------------------------------ */

static void put_types(writer *w)
{
    const pt_identity *g = w->g;

    for (size_t rank = 0; rank < g->n_types; rank++) {
        const char *name = g->types[g->type_of_rank[rank]].name;
        uint8_t len = (uint8_t)strlen(name);
        put(&w->out, &len, 1);
        put(&w->out, name, len);
    }
}

static uint64_t id_hash(const writer *w, uint32_t ordinal)
{
    pt_sv id = pt_id_sv(&w->r->ids[ordinal]);

    return pt_hash64(id.ptr, id.len);
}

static void put_id_hashes(writer *w)
{
    for (uint32_t o = 0; o < w->header.n_ordinals; o++) {
        uint64_t hash = id_hash(w, o);
        put(&w->out, &hash, sizeof hash);
    }
}

static void put_owners(writer *w)
{
    for (size_t i = 0; i < w->header.n_identifiers; i++)
        put(&w->out, &w->g->ordinal[w->order[i]], sizeof *w->g->ordinal);
}

static void put_kinds(writer *w)
{
    for (size_t i = 0; i < w->header.n_identifiers; i++)
        put(&w->out, &w->g->rank[w->g->nodes[w->order[i]].type], 1);
}

static void put_text_offsets(writer *w)
{
    uint64_t at = 0;

    put(&w->out, &at, sizeof at);
    for (size_t i = 0; i < w->header.n_identifiers; i++) {
        at += pt_identity_node_value(w->g, w->order[i], NULL).len;
        put(&w->out, &at, sizeof at);
    }
}

static void put_texts(writer *w)
{
    for (size_t i = 0; i < w->header.n_identifiers; i++) {
        pt_sv value = pt_identity_node_value(w->g, w->order[i], NULL);
        put(&w->out, value.ptr, value.len);
    }
}

static void take_slot(uint32_t *slots, uint64_t n_slots, uint64_t hash, uint32_t item)
{
    uint64_t at = hash & (n_slots - 1);

    while (slots[at])
        at = (at + 1) & (n_slots - 1);
    slots[at] = item + 1;
}

static void put_id_slots(writer *w)
{
    uint64_t n = dir_slots(w->header.n_ordinals);

    for (uint32_t o = 0; o < w->header.n_ordinals; o++)
        take_slot(w->slots, n, id_hash(w, o), o);
    put(&w->out, w->slots, (size_t)n * sizeof *w->slots);
    memset(w->slots, 0, (size_t)n * sizeof *w->slots);
}

static void put_slots(writer *w)
{
    uint64_t n = dir_slots(w->header.n_identifiers);

    for (uint32_t i = 0; i < w->header.n_identifiers; i++) {
        uint32_t type;
        pt_sv value = pt_identity_node_value(w->g, w->order[i], &type);
        take_slot(w->slots, n, dir_value_hash(w->g->rank[type], value), i);
    }
    put(&w->out, w->slots, (size_t)n * sizeof *w->slots);
}

static void put_section(writer *w, dir_section section)
{
    size_t n = w->header.n_ordinals;

    switch (section) {
    case DIR_TYPES: put_types(w); break;
    case DIR_IDS: put(&w->out, w->r->ids, n * sizeof *w->r->ids); break;
    case DIR_ID_HASHES: put_id_hashes(w); break;
    case DIR_FORWARDS: put(&w->out, w->r->forward, n * sizeof *w->r->forward); break;
    case DIR_ID_SLOTS: put_id_slots(w); break;
    case DIR_FIRST: put(&w->out, w->first, (n + 1) * sizeof *w->first); break;
    case DIR_OWNERS: put_owners(w); break;
    case DIR_KINDS: put_kinds(w); break;
    case DIR_TEXT_OFFSETS: put_text_offsets(w); break;
    case DIR_TEXTS: put_texts(w); break;
    case DIR_SLOTS: put_slots(w); break;
    case DIR_SUMS:
    case DIR_SECTIONS: break;
    }
}

static pt_rc put_all(writer *w)
{
    stream *s = &w->out;
    uint64_t hash;

    put(s, &w->header, sizeof w->header);
    for (int section = 0; section < DIR_SUMS && s->rc == PT_OK; section++) {
        pad_to(s, w->layout.offset[section]);
        put_section(w, (dir_section)section);
    }
    if (s->rc != PT_OK)
        return s->rc;
    pad_to(s, w->layout.offset[DIR_SUMS]);
    if (s->offset % DIR_BLOCK)
        flush_block(s, s->offset % DIR_BLOCK);
    PT_ASSERT(s->n_sums == w->layout.n_blocks);
    hash = pt_hash64(s->sums, s->n_sums * sizeof *s->sums);
    s->sums[s->n_sums] = hash;
    if (s->rc == PT_OK)
        s->rc = s->sink(s->ctx, s->sums, (s->n_sums + 1) * sizeof *s->sums, s->err);
    return s->rc;
}

pt_rc pt_directory_write(const pt_identity *g, const pt_id_result *r, sink_fn *sink, void *ctx, pt_err *err)
{
    writer *w = pt_zalloc(1, sizeof *w);
    pt_rc rc;

    if (!w)
        return pt_fail_nomem(err, "the customer directory");
    w->g = g;
    w->r = r;
    w->out = (stream){.sink = sink, .ctx = ctx, .err = err};
    rc = prepare(w, err);
    if (rc == PT_OK)
        rc = put_all(w);
    free(w->first);
    free(w->order);
    free(w->slots);
    free(w->out.sums);
    free(w);
    return rc;
}
