/* States into the bytes of a file. */
#include <stdlib.h>

#include "history/history_int.h"

enum { BLOCK = 1 << HISTORY_BLOCK_LOG2 };

/* What goes out, cut into blocks for the checksums. */
typedef struct stream {
    const pt_tagset_sink *sink;
    uint64_t *sums;
    unsigned char *block;
    size_t filled;
    uint64_t at; /* bytes of data so far */
} stream;

static pt_rc flush(stream *s, pt_err *err)
{
    if (!s->filled)
        return PT_OK;
    *s->sums++ = pt_hash64(s->block, s->filled);
    size_t n = s->filled;
    s->filled = 0;
    return s->sink->append(s->sink->ctx, s->block, n, err);
}

/* NULL bytes are zeros. */
static pt_rc put(stream *s, const void *bytes, uint64_t n, pt_err *err)
{
    const char *from = bytes;

    for (uint64_t done = 0; done < n;) {
        uint64_t room = BLOCK - s->filled, part = n - done < room ? n - done : room;
        if (from)
            memcpy(s->block + s->filled, from + done, part);
        else
            memset(s->block + s->filled, 0, part);
        s->filled += part;
        done += part;
        if (s->filled == BLOCK)
            PT_TRY(flush(s, err));
    }
    s->at += n;
    return PT_OK;
}

static pt_rc put_piece(stream *s, const pt_frame_array *arrays, const pt_history_piece *p, pt_err *err)
{
    const void *const parts[HISTORY_ARRAYS] = {p->offsets, p->bytes, p->blocks, p->rows, p->values};

    for (size_t i = 0; i < HISTORY_ARRAYS; i++) {
        PT_TRY(put(s, NULL, arrays[i].at - s->at, err));
        PT_TRY(put(s, parts[i], arrays[i].n * arrays[i].width, err));
    }
    return PT_OK;
}

static pt_rc put_all(stream *s, const history_meta *m, pt_err *err)
{
    for (size_t at = 0; at < m->n_states; at++)
        for (size_t i = 0; i < m->states[at].n_pieces; i++)
            PT_TRY(put_piece(s, m->arrays + (m->first[at] + i) * HISTORY_ARRAYS, &m->states[at].pieces[i], err));
    PT_TRY(put(s, NULL, m->data_bytes - s->at, err));
    return flush(s, err);
}

static pt_rc write_file(const history_meta *m, const pt_frame_head *head, const pt_tagset_sink *sink, pt_arena *a,
                        pt_err *err)
{
    uint64_t blocks = pt_frame_blocks(m->data_bytes, HISTORY_BLOCK_LOG2), head_bytes = pt_frame_head_bytes(head);
    uint64_t *sums = PT_NEW_ARRAY(a, uint64_t, blocks);
    unsigned char *bytes = pt_arena_alloc(a, head_bytes), *block = pt_arena_alloc(a, BLOCK);

    if (!sums || !bytes || !block)
        return pt_fail_nomem(err, "history");
    stream s = {.sink = sink, .sums = sums, .block = block};
    PT_TRY(sink->append(sink->ctx, bytes, head_bytes, err)); /* zeros: no reader takes it for a file yet */
    PT_TRY(put_all(&s, m, err));
    PT_ASSERT(s.sums == sums + blocks);
    pt_frame_seal(bytes, head, sums);
    return sink->patch(sink->ctx, 0, bytes, head_bytes, err);
}

static pt_rc describe(history_meta *m, const pt_history_state *states, size_t n, pt_arena *a, pt_err *err)
{
    size_t pieces = 0;

    for (size_t s = 0; s < n; s++)
        pieces += states[s].n_pieces;
    m->states = PT_NEW_ARRAY(a, pt_history_state, n);
    m->first = PT_NEW_ARRAY(a, size_t, n + 1);
    m->pieces = PT_NEW_ARRAY(a, history_piece, pieces);
    m->arrays = PT_NEW_ARRAY(a, pt_frame_array, pieces * HISTORY_ARRAYS);
    if (!m->states || !m->first || !m->pieces || !m->arrays)
        return pt_fail_nomem(err, "history");
    for (size_t s = 0; s < n; s++) {
        m->states[s] = states[s];
        m->first[s] = m->n_pieces;
        for (size_t i = 0; i < states[s].n_pieces; i++) {
            const pt_history_piece *p = &states[s].pieces[i];
            m->pieces[m->n_pieces++] = (history_piece){.info = p->info,
                                                       .kind = p->kind,
                                                       .bits = p->bits,
                                                       .n = p->n,
                                                       .since = p->since,
                                                       .texts = p->texts,
                                                       .text_bytes = p->offsets ? p->offsets[p->texts] : 0};
        }
    }
    m->first[n] = m->n_pieces;
    m->n_states = n;
    return history_layout(m) ? PT_OK : pt_fail(err, PT_EINVAL, "the history would be too large for a file");
}

static pt_rc write_states(const pt_history_state *states, size_t n, bool recomputed, const pt_tagset_sink *sink,
                          pt_arena *a, pt_err *err)
{
    history_meta m = {.recomputed = recomputed};
    pt_str directory = {0};

    PT_TRY(describe(&m, states, n, a, err));
    history_meta_write(&directory, &m);
    pt_rc rc = pt_str_check(&directory, err);
    pt_frame_head head = {.magic = HISTORY_MAGIC,
                          .version = HISTORY_VERSION,
                          .block_log2 = HISTORY_BLOCK_LOG2,
                          .directory = {directory.ptr, directory.len},
                          .data_bytes = m.data_bytes};
    if (rc == PT_OK)
        rc = write_file(&m, &head, sink, a, err);
    pt_str_free(&directory);
    return rc;
}

pt_rc pt_history_write(const pt_history_state *states, size_t n, bool recomputed, const pt_tagset_sink *sink,
                       pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    pt_rc rc = a ? write_states(states, n, recomputed, sink, a, err) : pt_fail_nomem(err, "history");

    pt_arena_free(a);
    return rc;
}
