/* The artifact of `task: sequence`: what the network looks at, then the network (model/net_save.c), a checksum. */
#include <stdlib.h>

#include "app/learn_sequence_int.h"
#include "base/frame.h"
#include "base/hash.h"

static const char magic[8] = "PTSEQ001";

enum { MOST_COLUMNS = PT_NET_MAX_CODES + PT_BEHAVIOUR_MAX_NUMBERS, MOST_TEXTS = 1 << 20 };

sequence_model *sequence_new(void)
{
    pt_arena *arena = pt_arena_new(0);
    sequence_model *m = arena ? PT_NEW(arena, sequence_model) : NULL;

    if (m)
        m->arena = arena;
    else
        pt_arena_free(arena);
    return m;
}

void sequence_free(sequence_model *m)
{
    if (!m)
        return;
    pt_net_free(m->net);
    pt_arena_free(m->arena);
}

static void put_texts(pt_str *out, const char *const *texts, uint32_t n)
{
    pt_frame_put64(out, n);
    for (uint32_t i = 0; i < n; i++)
        pt_frame_put_text(out, texts[i]);
}

pt_rc sequence_save(pt_str *out, const sequence_model *m, pt_err *err)
{
    size_t first = out->len;
    pt_str net = {0};
    pt_rc rc = pt_net_save(&net, m->net, err);

    pt_str_addn(out, magic, sizeof magic);
    pt_frame_put64(out, m->seed);
    pt_frame_put_text(out, m->source);
    pt_frame_put64(out, m->n_columns);
    for (uint32_t i = 0; i < m->n_columns; i++) {
        pt_frame_put_text(out, m->columns[i].name);
        pt_frame_put64(out, m->columns[i].words);
        put_texts(out, m->columns[i].texts, m->columns[i].n_texts);
    }
    pt_frame_put64(out, m->condition);
    put_texts(out, m->classes, m->n_classes);
    pt_frame_put64(out, net.len);
    pt_str_addn(out, pt_str_cstr(&net), net.len);
    pt_str_free(&net);
    if (!out->failed)
        pt_frame_put64(out, pt_hash64(out->ptr + first, out->len - first));
    return rc == PT_OK ? pt_str_check(out, err) : rc;
}

/* False when the bytes end or memory is short. */
static bool get_texts(const char ***texts, uint32_t *n, pt_frame_cursor *c, pt_arena *arena)
{
    uint64_t count = pt_frame_get64(c);

    if (count > MOST_TEXTS || count > c->rest.len)
        return false;
    *n = (uint32_t)count;
    *texts = PT_NEW_ARRAY(arena, const char *, (size_t)count);
    for (uint64_t i = 0; *texts && i < count; i++)
        if (!((*texts)[i] = pt_frame_get_text(c, arena)))
            return false;
    return *texts != NULL;
}

static bool in_order(const char *const *texts, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        if (strcmp(texts[i - 1], texts[i]) >= 0)
            return false;
    return true;
}

static bool get_columns(sequence_model *m, pt_frame_cursor *c)
{
    uint64_t n = pt_frame_get64(c);

    if (n > MOST_COLUMNS)
        return false;
    m->columns = PT_NEW_ARRAY(m->arena, sequence_column, (size_t)n);
    for (; m->columns && m->n_columns < n; m->n_columns++) {
        sequence_column *column = &m->columns[m->n_columns];
        column->name = pt_frame_get_text(c, m->arena);
        column->words = pt_frame_get64(c) == 1;
        if (!column->name || !get_texts(&column->texts, &column->n_texts, c, m->arena) ||
            !in_order(column->texts, column->n_texts) || (!column->words && column->n_texts))
            return false;
    }
    return m->columns != NULL;
}

/* Whether the network takes what the columns give. */
static bool fits(const sequence_model *m)
{
    const pt_net_shape *s = pt_net_shape_of(m->net);
    pt_behaviour b = {.by_day = s->kind == PT_NET_CNN, .length = s->length};

    for (uint32_t i = 0; i < m->n_columns; i++)
        if (!m->columns[i].words)
            b.n_numbers++;
        else if (b.n_words < PT_NET_MAX_CODES)
            b.words[b.n_words++].n = m->columns[i].n_texts + 1;
        else
            return false;
    if (b.n_numbers > PT_BEHAVIOUR_MAX_NUMBERS || pt_behaviour_codes(&b) != s->n_codes ||
        pt_behaviour_numbers(&b) != s->n_numbers || s->n_statics != PT_BEHAVIOUR_STATICS)
        return false;
    for (uint32_t i = 0; i < s->n_codes; i++)
        if (s->vocabulary[i] != b.words[i].n)
            return false;
    return m->n_classes >= 2 && s->outputs == (m->condition ? 1 : m->n_classes) && (!m->condition || m->n_classes == 2);
}

static pt_rc read_model(sequence_model *m, pt_frame_cursor *c, pt_err *err)
{
    uint64_t bytes;

    m->seed = pt_frame_get64(c);
    m->source = pt_frame_get_text(c, m->arena);
    if (!m->source || !get_columns(m, c))
        return pt_fail(err, PT_ECORRUPT, "the model is damaged");
    m->condition = pt_frame_get64(c) == 1;
    if (!get_texts(&m->classes, &m->n_classes, c, m->arena))
        return pt_fail(err, PT_ECORRUPT, "the model is damaged");
    bytes = pt_frame_get64(c);
    if (c->failed || bytes != c->rest.len)
        return pt_fail(err, PT_ECORRUPT, "the model is damaged");
    PT_TRY(pt_net_load(&m->net, c->rest, err));
    return fits(m) ? PT_OK : pt_fail(err, PT_ECORRUPT, "the model is damaged");
}

pt_rc sequence_load(sequence_model **out, pt_sv bytes, pt_err *err)
{
    sequence_model *m;
    uint64_t sum;

    *out = NULL;
    if (bytes.len < sizeof magic + sizeof sum || memcmp(bytes.ptr, magic, sizeof magic) != 0)
        return pt_fail(err, PT_ECORRUPT, "this is not a model of sequences");
    memcpy(&sum, bytes.ptr + bytes.len - sizeof sum, sizeof sum);
    if (sum != pt_hash64(bytes.ptr, bytes.len - sizeof sum))
        return pt_fail(err, PT_ECORRUPT, "the model is damaged");
    m = sequence_new();
    if (!m)
        return pt_fail_nomem(err, "a model of sequences");
    pt_frame_cursor c = {{bytes.ptr + sizeof magic, bytes.len - sizeof magic - sizeof sum}, false};
    pt_rc rc = read_model(m, &c, err);
    if (rc != PT_OK)
        sequence_free(m);
    else
        *out = m;
    return rc;
}
