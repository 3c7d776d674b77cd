/* What insight reads: groups as bitmaps, and how their members spread over the values of all tags. */
#include <stdlib.h>

#include "app/insight_int.h"

/* --- groups ----------------------------------------------------------------------------------------------------------------- */

static void free_words(void *words)
{
    free(words);
}

pt_rc pt_insight_words(uint64_t **out, const insight_run *r, size_t words, pt_err *err)
{
    uint64_t *room = pt_alloc64(words + 1, sizeof *room);

    if (!room || !pt_arena_defer(r->arena, free_words, room)) {
        free(room);
        return pt_fail_nomem(err, "an insight");
    }
    memset(room, 0, words * sizeof *room);
    *out = room;
    return PT_OK;
}

pt_rc pt_insight_group_new(insight_group *g, const insight_run *r, pt_err *err)
{
    g->n = 0;
    return pt_insight_words(&g->bits, r, (size_t)pt_crowd_blocks(r->query->crowd) * PT_BLOCK_WORDS, err);
}

/* --- tags ------------------------------------------------------------------------------------------------------------------- */

static bool chosen(const insight_run *r, uint32_t tag)
{
    const pt_insight_options *o = r->options;

    for (size_t i = 0; i < o->n_tags; i++)
        if (o->tags[i] == tag)
            return true;
    return o->n_tags == 0;
}

/* A tag that is asked for by name is one the caller knows of: by and crosses are never left out of reading. */
static bool named(const insight_run *r, uint32_t tag)
{
    const pt_insight_options *o = r->options;
    bool found = o->by == (int)tag;

    for (size_t i = 0; i < o->n_crosses && !found; i++)
        found = o->crosses[i][0] == tag || o->crosses[i][1] == tag;
    return found;
}

static bool is_sensitive(const pt_tag *t)
{
    return t->sensitivity && strcmp(t->sensitivity, "sensitive") == 0;
}

static void free_tally(void *tally)
{
    pt_tally_free(tally);
}

static pt_rc open_tally(insight_source *s, insight_run *r, pt_err *err)
{
    PT_TRY(pt_view_named(pt_tally_new(&s->tally, s->index, err), PT_FILE_INDEX, err));
    if (!pt_arena_defer(r->arena, free_tally, s->tally)) {
        pt_tally_free(s->tally);
        return pt_fail_nomem(err, "an insight");
    }
    s->at = r->n_counts;
    r->n_counts += pt_tally_size(s->tally);
    return PT_OK;
}

static pt_rc read_source(insight_source *s, insight_run *r, uint32_t tag, pt_err *err)
{
    pt_view *v = r->query->view;
    pt_type type = v->project->module->types[tag];

    *s = (insight_source){.tag = tag, .list = pt_type_is_list(type)};
    s->ordered = !s->list && !pt_type_is_text(type) && type != PT_TYPE_BOOL;
    if (is_sensitive(&v->project->tags[tag]) && !r->options->sensitive)
        s->state = PT_INSIGHT_SENSITIVE;
    else if (v->columns[tag] < 0)
        s->state = PT_INSIGHT_NOT_BUILT;
    if (s->state != PT_INSIGHT_TOLD)
        return PT_OK;
    PT_TRY(r->query->env.index(&s->index, r->query, tag, err));
    if (!s->index || pt_tagindex_which(s->index) == PT_TAGINDEX_NONE) {
        s->state = PT_INSIGHT_MANY;
        return PT_OK;
    }
    PT_TRY(pt_view_column(&s->column, v, tag, err));
    PT_TRY(open_tally(s, r, err));
    return s->ordered ? pt_insight_ranges(s, r, err) : PT_OK;
}

pt_rc pt_insight_read_sources(insight_run *r, pt_err *err)
{
    size_t n = r->query->view->project->n_tags;
    pt_insight_tag *tags = PT_NEW_ARRAY(r->arena, pt_insight_tag, n);

    r->sources = PT_NEW_ARRAY(r->arena, insight_source, n);
    if (!tags || !r->sources)
        return pt_fail_nomem(err, "an insight");
    r->out->tags = tags;
    for (uint32_t t = 0; t < n; t++)
        if (chosen(r, t) || named(r, t))
            PT_TRY(read_source(&r->sources[r->out->n_tags++], r, t, err));
    return PT_OK;
}

/* --- counts ----------------------------------------------------------------------------------------------------------------- */

typedef struct tally_run {
    insight_run *run;
    const insight_group *group;
    uint64_t **rooms; /* by worker: scratch, then counts */
} tally_run;

static bool is_empty(const uint64_t *bits)
{
    uint64_t any = 0;

    for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
        any |= bits[w];
    return any == 0;
}

static pt_rc tally_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    tally_run *t = arg;
    const insight_run *r = t->run;
    const uint64_t *bits = t->group->bits + block * PT_BLOCK_WORDS;
    uint64_t *scratch = t->rooms[worker], *counts = scratch + PT_TALLY_SCRATCH;

    PT_TRY(pt_cancel_check(r->options->crowd.cancel, err));
    if (is_empty(bits))
        return PT_OK;
    for (size_t i = 0; i < r->out->n_tags; i++)
        if (r->sources[i].tally)
            pt_tally_block(r->sources[i].tally, counts + r->sources[i].at, bits, (uint32_t)block, scratch);
    return PT_OK;
}

static pt_rc make_rooms(tally_run *t, unsigned workers, pt_err *err)
{
    size_t words = PT_TALLY_SCRATCH + t->run->n_counts;

    t->rooms = pt_zalloc(workers, sizeof *t->rooms);
    for (unsigned w = 0; t->rooms && w < workers; w++) {
        if (!(t->rooms[w] = pt_alloc64(words, sizeof **t->rooms)))
            return pt_fail_nomem(err, "an insight");
        memset(t->rooms[w] + PT_TALLY_SCRATCH, 0, t->run->n_counts * sizeof **t->rooms);
    }
    return t->rooms ? PT_OK : pt_fail_nomem(err, "an insight");
}

pt_rc pt_insight_tally(uint64_t *counts, insight_run *r, const insight_group *g, pt_err *err)
{
    unsigned workers = pt_pool_threads(r->query->pool);
    tally_run t = {.run = r, .group = g};

    pt_rc rc = make_rooms(&t, workers, err);
    if (rc == PT_OK)
        rc = pt_pool_run(r->query->pool, pt_crowd_blocks(r->query->crowd), tally_block, &t, err);
    for (unsigned w = 0; t.rooms && w < workers; w++) {
        for (size_t i = 0; rc == PT_OK && i < r->n_counts; i++)
            counts[i] += t.rooms[w][PT_TALLY_SCRATCH + i];
        free(t.rooms[w]);
    }
    free(t.rooms);
    return rc;
}
