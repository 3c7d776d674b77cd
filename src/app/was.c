/* Kept states are played again block by block: the values of the tags in question, as they changed; the condition, by the
 * one evaluator, for the customers whose values changed; and from its answers state by state how long it held. */
#include "app/was.h"

#include <stdlib.h>

#include "app/generation_int.h"
#include "app/history.h"
#include "base/intern.h"
#include "history/stretch.h"

enum { SLICE = 1024, WORDS = PT_HISTORY_BLOCK / 64 };

/* A tag of the condition: where each state has it. */
typedef struct asked {
    uint32_t tag;
    pt_type type;
    unsigned width;
    const pt_column *now;
    int *pieces;         /* by state; -1: not kept there */
    uint32_t **codes;    /* by state: code of the piece -> code of `texts` */
    uint32_t *now_codes; /* the same for the column of now */
    pt_intern *texts;    /* all that the tag ever was; NULL unless it is a text */
    const pt_dict *dict; /* of `texts` */
} asked;

typedef struct replay {
    pt_crowd_query *query;
    const pt_was *was;
    const pt_node *condition;
    bool moves; /* depends on the as-of, not on values alone */
    const pt_kept_state *states;
    size_t n_states;
    asked *tags;
    size_t n_tags;
    int *place;    /* by state: where it stands among those that count, in order of time; -1: not among them */
    size_t n;      /* how many count, the present included: it is the last */
    bool present;  /* whether the tags are kept, so that the present counts at all */
    int64_t *from; /* by place */
    bool *recomputed;
    const uint64_t *identities;
    pt_program *program;
    struct player **players; /* by worker */
    uint64_t *yes, *no;
} replay;

/* What a thread brings. */
typedef struct player {
    pt_eval *eval;
    pt_events *sources;
    void **values;      /* by tag asked: a block */
    pt_column *columns; /* by tag of the catalogue: the rows being asked about */
    void **rows;        /* by tag asked: their values */
    uint64_t *identities;
    uint16_t *picked;
    uint64_t *dirty, *held, *known;   /* bitmaps of a block */
    uint64_t **all_held, **all_known; /* by place */
    uint32_t starts[64];
} player;

/* --- which states ---------------------------------------------------------------------------------------------------------- */

static bool moves(const pt_node *n)
{
    bool found = n->kind == PT_NODE_AS_OF;

    if (n->kind == PT_NODE_CALL)
        found |= n->u.fn == PT_FN_TODAY || n->u.fn == PT_FN_DAYS_SINCE || n->u.fn == PT_FN_MONTHS_SINCE ||
                 n->u.fn == PT_FN_YEARS_SINCE;
    for (uint32_t i = 0; i < n->n_args && !found; i++)
        found = moves(n->args[i]);
    return found;
}

static pt_rc find_tags(replay *r, pt_err *err)
{
    pt_crowd_query *q = r->query;
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, r->condition, q->arena, err));
    if (!(r->tags = PT_NEW_ARRAY(q->arena, asked, uses.n_tags)))
        return pt_fail_nomem(err, "a condition");
    r->present = true;
    for (size_t i = 0; i < uses.n_tags; i++) {
        asked *t = &r->tags[r->n_tags++];
        t->tag = uses.tags[i];
        t->type = q->module->types[t->tag];
        t->width = pt_history_width(t->type);
        r->present &= pt_history_keeps(q->view->project, t->tag);
        PT_TRY(q->env.column(&t->now, q, t->tag, err));
        if (!(t->pieces = PT_NEW_ARRAY(q->arena, int, r->n_states)) ||
            !(t->codes = PT_NEW_ARRAY(q->arena, uint32_t *, r->n_states)))
            return pt_fail_nomem(err, "a condition");
        for (size_t s = 0; s < r->n_states; s++)
            t->pieces[s] =
                pt_history_find(r->states[s].file, r->states[s].state, q->module->catalog->tags[t->tag].name, t->type);
    }
    return PT_OK;
}

static bool has_all(const replay *r, size_t state)
{
    for (size_t t = 0; t < r->n_tags; t++)
        if (r->tags[t].pieces[state] < 0)
            return false;
    return true;
}

/* Places in order of time. Each as-of counts once, so there are no ties. */
static pt_rc place_states(replay *r, pt_err *err)
{
    int64_t as_of = r->query->view->as_of;
    pt_arena *a = r->query->arena;

    r->place = PT_NEW_ARRAY(a, int, r->n_states);
    r->from = PT_NEW_ARRAY(a, int64_t, r->n_states + 1);
    r->recomputed = PT_NEW_ARRAY(a, bool, r->n_states + 1);
    if (!r->place || !r->from || !r->recomputed)
        return pt_fail_nomem(err, "a condition");
    for (size_t s = 0; s < r->n_states; s++)
        r->place[s] = r->states[s].counts && r->states[s].as_of < as_of && has_all(r, s) ? 0 : -1;
    for (size_t s = 0; s < r->n_states; s++) {
        if (r->place[s] < 0)
            continue;
        for (size_t k = 0; k < r->n_states; k++)
            r->place[s] += r->place[k] >= 0 && r->states[k].as_of < r->states[s].as_of;
        r->from[r->place[s]] = r->states[s].as_of;
        r->recomputed[r->place[s]] = r->states[s].recomputed;
        r->n++;
    }
    r->present |= r->n > 0;
    r->from[r->n] = as_of;
    r->n += r->present;
    return PT_OK;
}

/* --- texts ----------------------------------------------------------------------------------------------------------------- */

static void free_texts(void *texts)
{
    pt_intern_free(texts);
}

static pt_rc add_texts(uint32_t **codes, const asked *t, const pt_dict *d, pt_arena *a, pt_err *err)
{
    if (!(*codes = PT_NEW_ARRAY(a, uint32_t, (size_t)d->n + 1)))
        return pt_fail_nomem(err, "a condition");
    for (uint32_t i = 1; i <= d->n; i++)
        if (!((*codes)[i] = pt_intern_add(t->texts, pt_dict_text(d, i))))
            return pt_fail_nomem(err, "a condition");
    return PT_OK;
}

static pt_rc join_texts(replay *r, asked *t, pt_err *err)
{
    pt_arena *a = r->query->arena;
    pt_dict d;

    if (!pt_type_is_text(t->type))
        return PT_OK;
    t->texts = pt_intern_new();
    if (!t->texts || !pt_arena_defer(a, free_texts, t->texts)) {
        pt_intern_free(t->texts);
        return pt_fail_nomem(err, "a condition");
    }
    for (size_t s = 0; s < r->n_states; s++) {
        if (t->pieces[s] < 0)
            continue;
        PT_TRY(pt_history_advise(pt_history_dict(&d, r->states[s].file, r->states[s].state, (size_t)t->pieces[s], err),
                                 r->states[s].path, err));
        PT_TRY(add_texts(&t->codes[s], t, &d, a, err));
    }
    PT_TRY(add_texts(&t->now_codes, t, t->now->dict, a, err));
    t->dict = pt_intern_dict(t->texts);
    return PT_OK;
}

/* --- a thread's room ------------------------------------------------------------------------------------------------------- */

static uint64_t *new_bitmap(pt_arena *a)
{
    return PT_NEW_ARRAY(a, uint64_t, WORDS);
}

static bool make_columns(player *p, const replay *r, pt_arena *a)
{
    p->values = PT_NEW_ARRAY(a, void *, r->n_tags);
    p->rows = PT_NEW_ARRAY(a, void *, r->n_tags);
    p->columns = PT_NEW_ARRAY(a, pt_column, r->query->module->catalog->n_tags);
    for (size_t t = 0; p->values && p->rows && p->columns && t < r->n_tags; t++) {
        const asked *k = &r->tags[t];
        p->values[t] = pt_arena_array(a, PT_HISTORY_BLOCK, k->width);
        p->rows[t] = pt_arena_array(a, SLICE, k->width);
        if (!p->values[t] || !p->rows[t])
            return false;
        p->columns[k->tag] =
            (pt_column){.type = k->type, .width = (uint8_t)k->width, .data = p->rows[t], .dict = k->dict};
    }
    return p->values && p->rows && p->columns;
}

static bool make_bitmaps(player *p, const replay *r, pt_arena *a)
{
    p->dirty = new_bitmap(a);
    p->held = new_bitmap(a);
    p->known = new_bitmap(a);
    p->picked = PT_NEW_ARRAY(a, uint16_t, SLICE);
    p->identities = PT_NEW_ARRAY(a, uint64_t, SLICE);
    p->all_held = PT_NEW_ARRAY(a, uint64_t *, r->n);
    p->all_known = PT_NEW_ARRAY(a, uint64_t *, r->n);
    if (!p->dirty || !p->held || !p->known || !p->picked || !p->identities || !p->all_held || !p->all_known)
        return false;
    for (size_t i = 0; i < r->n; i++)
        if (!(p->all_held[i] = new_bitmap(a)) || !(p->all_known[i] = new_bitmap(a)))
            return false;
    return true;
}

static pt_rc make_players(replay *r, unsigned workers, pt_err *err)
{
    pt_crowd_query *q = r->query;

    PT_TRY(pt_program_build_expression(&r->program, q->module, r->condition, err));
    if (!(r->players = PT_NEW_ARRAY(q->arena, player *, workers)))
        return pt_fail_nomem(err, "a condition");
    for (unsigned w = 0; w < workers; w++) {
        player *p = r->players[w] = PT_NEW(q->arena, player);
        if (!p || !(p->sources = PT_NEW_ARRAY(q->arena, pt_events, q->module->catalog->n_sources)) ||
            !make_columns(p, r, q->arena) || !make_bitmaps(p, r, q->arena))
            return pt_fail_nomem(err, "a condition");
        PT_TRY(pt_eval_new(&p->eval, r->program, &q->env.options, err));
    }
    return PT_OK;
}

static void free_players(replay *r, unsigned workers)
{
    for (unsigned w = 0; r->players && w < workers; w++)
        if (r->players[w])
            pt_eval_free(r->players[w]->eval);
    pt_program_free(r->program);
}

/* --- the condition --------------------------------------------------------------------------------------------------------- */

static void gather(void *to, const void *from, unsigned width, const uint16_t *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (width == 1)
            ((uint8_t *)to)[i] = ((const uint8_t *)from)[rows[i]];
        else if (width == 4)
            ((uint32_t *)to)[i] = ((const uint32_t *)from)[rows[i]];
        else
            ((uint64_t *)to)[i] = ((const uint64_t *)from)[rows[i]];
    }
}

static void take_answers(player *p, size_t n, const uint8_t *answers)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bit = UINT64_C(1) << (p->picked[i] % 64);
        uint64_t *held = &p->held[p->picked[i] / 64], *known = &p->known[p->picked[i] / 64];
        *held = answers[i] == 1 ? *held | bit : *held & ~bit;
        *known = answers[i] != PT_BOOL_MISSING ? *known | bit : *known & ~bit;
    }
}

static pt_rc ask(player *p, const replay *r, uint64_t first, size_t n, pt_err *err)
{
    pt_batch batch = {.n_customers = n, .sources = p->sources, .identities = p->identities, .external = p->columns};

    for (size_t t = 0; t < r->n_tags; t++)
        gather(p->rows[t], p->values[t], r->tags[t].width, p->picked, n);
    for (size_t i = 0; i < n; i++)
        p->identities[i] = r->identities[first + p->picked[i]];
    PT_TRY(pt_eval_run(p->eval, &batch, err));
    take_answers(p, n, pt_eval_tag(p->eval, 0)->data);
    return PT_OK;
}

/* Asks about all rows that are dirty, which then are no more. */
static pt_rc ask_dirty(player *p, const replay *r, uint64_t first, uint32_t rows, int64_t as_of, pt_err *err)
{
    size_t n = 0;

    pt_eval_set_as_of(p->eval, as_of);
    for (uint32_t w = 0; w < (rows + 63) / 64; w++) {
        for (uint64_t bits = p->dirty[w]; bits; bits &= bits - 1) {
            uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(bits);
            if (row >= rows)
                break;
            p->picked[n++] = (uint16_t)row;
            if (n == SLICE) {
                PT_TRY(ask(p, r, first, n, err));
                n = 0;
            }
        }
    }
    memset(p->dirty, 0, WORDS * sizeof *p->dirty);
    return n ? ask(p, r, first, n, err) : PT_OK;
}

/* --- a block --------------------------------------------------------------------------------------------------------------- */

static void forget(void *values, pt_type type)
{
    for (size_t i = 0; i < PT_HISTORY_BLOCK; i++) {
        if (type == PT_TYPE_BOOL)
            ((uint8_t *)values)[i] = PT_BOOL_MISSING;
        else if (type == PT_TYPE_DATE)
            ((int32_t *)values)[i] = PT_I32_MISSING;
        else if (type == PT_TYPE_NUMBER)
            ((double *)values)[i] = NAN;
        else if (pt_type_is_text(type))
            ((uint32_t *)values)[i] = PT_CODE_MISSING;
        else
            ((int64_t *)values)[i] = PT_I64_MISSING;
    }
}

static void take_present(void *values, const asked *t, uint64_t first, uint32_t rows)
{
    const char *data = t->now->data;

    if (!pt_type_is_text(t->type)) {
        memcpy(values, data + first * t->width, (size_t)rows * t->width);
        return;
    }
    for (uint32_t i = 0; i < rows; i++)
        ((uint32_t *)values)[i] = t->now_codes[pt_column_code(t->now, first + i)];
}

static pt_rc take_state(player *p, const replay *r, size_t state, uint32_t block, pt_err *err)
{
    const pt_kept_state *s = &r->states[state];

    for (size_t t = 0; t < r->n_tags; t++) {
        int piece = r->tags[t].pieces[state];
        if (piece >= 0)
            PT_TRY(pt_history_advise(pt_history_block(p->values[t], p->dirty, s->file, s->state, (size_t)piece, block,
                                                      r->tags[t].codes[state], err),
                                     s->path, err));
    }
    return PT_OK;
}

static pt_rc record(player *p, const replay *r, size_t place, uint64_t first, uint32_t rows, pt_err *err)
{
    if (r->moves)
        memset(p->dirty, 0xFF, WORDS * sizeof *p->dirty);
    PT_TRY(ask_dirty(p, r, first, rows, r->from[place], err));
    memcpy(p->all_held[place], p->held, WORDS * sizeof *p->held);
    memcpy(p->all_known[place], p->known, WORDS * sizeof *p->known);
    return PT_OK;
}

/* Fills all_held and all_known of a block. */
static pt_rc play(player *p, const replay *r, uint32_t block, uint32_t *rows, pt_err *err)
{
    uint64_t first = (uint64_t)block * PT_HISTORY_BLOCK, left = r->query->view->n_ordinals - first;

    *rows = left < PT_HISTORY_BLOCK ? (uint32_t)left : PT_HISTORY_BLOCK;
    memset(p->dirty, 0xFF, WORDS * sizeof *p->dirty);
    memset(p->held, 0, WORDS * sizeof *p->held);
    memset(p->known, 0, WORDS * sizeof *p->known);
    for (size_t t = 0; t < r->n_tags; t++)
        forget(p->values[t], r->tags[t].type);
    for (size_t s = 0; s < r->n_states; s++) {
        PT_TRY(take_state(p, r, s, block, err));
        if (r->place[s] >= 0)
            PT_TRY(record(p, r, (size_t)r->place[s], first, *rows, err));
    }
    if (!r->present)
        return PT_OK;
    for (size_t t = 0; t < r->n_tags; t++)
        take_present(p->values[t], &r->tags[t], first, *rows);
    memset(p->dirty, 0xFF, WORDS * sizeof *p->dirty);
    return record(p, r, r->n - 1, first, *rows, err);
}

static pt_stretches stretches_of(const player *p, const replay *r, uint32_t rows)
{
    return (pt_stretches){.from = r->from,
                          .n = r->n,
                          .as_of = r->query->view->as_of,
                          .held = (const uint64_t *const *)p->all_held,
                          .known = (const uint64_t *const *)p->all_known,
                          .words = (rows + 63) / 64,
                          .at_least = r->was->at_least,
                          .within = r->was->within};
}

static pt_rc play_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    replay *r = arg;
    player *p = r->players[worker];
    uint32_t rows;

    PT_TRY(pt_cancel_check(r->query->options->cancel, err));
    PT_TRY(play(p, r, (uint32_t)block, &rows, err));
    pt_stretches s = stretches_of(p, r, rows);
    pt_stretch_decide(r->yes + block * WORDS, r->no + block * WORDS, &s, p->starts);
    return PT_OK;
}

/* --- the calls ------------------------------------------------------------------------------------------------------------- */

static pt_rc prepare(replay *r, unsigned workers, pt_err *err)
{
    const pt_view *v = r->query->view;
    const char *generation = pt_generation_manifest(v->generation)->generation;

    if (!(r->identities = pt_directory_id_hashes(v->directory)))
        return pt_view_named(pt_directory_damage(v->directory, err), PT_FILE_DIRECTORY, err);
    PT_TRY(pt_history_states(&r->states, &r->n_states, v->project->data_dir, generation_number(pt_sv_of(generation)),
                             r->identities, v->n_ordinals, r->query->arena, err));
    PT_TRY(find_tags(r, err));
    PT_TRY(place_states(r, err));
    for (size_t t = 0; t < r->n_tags; t++)
        PT_TRY(join_texts(r, &r->tags[t], err));
    return r->n ? make_players(r, workers, err) : PT_OK;
}

static replay replay_of(pt_crowd_query *q, const pt_node *node)
{
    return (replay){.query = q, .was = node->u.was, .condition = node->args[0], .moves = moves(node->args[0])};
}

pt_rc pt_was_decide(uint64_t *yes, uint64_t *no, pt_crowd_query *q, const pt_node *node, pt_err *err)
{
    replay r = replay_of(q, node);
    unsigned workers = pt_pool_threads(q->pool);
    size_t blocks = ((size_t)q->view->n_ordinals + PT_HISTORY_BLOCK - 1) / PT_HISTORY_BLOCK;

    r.yes = yes;
    r.no = no;
    pt_rc rc = prepare(&r, workers, err);
    if (rc == PT_OK && r.n)
        rc = pt_pool_run(q->pool, blocks, play_block, &r, err);
    free_players(&r, workers);
    return rc;
}

static int64_t longest_of(const pt_stretches *s, const pt_was_state *states)
{
    int64_t longest = -1;

    for (size_t i = pt_stretch_first(s); i < s->n; i++) {
        size_t end = i;
        while (end < s->n && states[end].held)
            end++;
        int64_t length = end > i ? pt_stretch_length(s, i, end) : -1;
        longest = length > longest ? length : longest;
        i = end > i ? end : i;
    }
    return longest;
}

static pt_rc describe(pt_was_history *out, const replay *r, uint32_t ordinal, pt_err *err)
{
    pt_was_state *states = PT_NEW_ARRAY(r->query->arena, pt_was_state, r->n);
    player *p = r->players[0];
    uint32_t rows, row = ordinal % PT_HISTORY_BLOCK;

    if (!states)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(play(p, r, ordinal / PT_HISTORY_BLOCK, &rows, err));
    pt_stretches s = stretches_of(p, r, rows);
    for (size_t i = 0; i < r->n; i++)
        states[i] = (pt_was_state){.from = r->from[i],
                                   .end = i + 1 < r->n ? r->from[i + 1] : s.as_of,
                                   .known = p->all_known[i][row / 64] >> (row % 64) & 1,
                                   .held = p->all_held[i][row / 64] >> (row % 64) & 1,
                                   .in_window = i >= pt_stretch_first(&s),
                                   .recomputed = r->recomputed[i]};
    *out = (pt_was_history){.states = states, .n = r->n, .longest = longest_of(&s, states)};
    return PT_OK;
}

pt_rc pt_was_of(pt_was_history *out, pt_crowd_query *q, const pt_node *node, uint32_t ordinal, pt_err *err)
{
    replay r = replay_of(q, node);

    *out = (pt_was_history){.longest = -1};
    pt_rc rc = prepare(&r, 1, err);
    if (rc == PT_OK && r.n)
        rc = describe(out, &r, ordinal, err);
    free_players(&r, 1);
    return rc;
}

static pt_place place_of(pt_sv text, const pt_node *n)
{
    pt_place p = {.file = "expression", .text = text, .line = 1, .col = 1, .length = (int)n->length};

    for (size_t i = 0; i < n->offset; i++) {
        bool line = text.ptr[i] == '\n', inside = ((unsigned char)text.ptr[i] & 0xC0) == 0x80;
        p.line += line;
        p.col = line ? 1 : p.col + !inside;
    }
    return p;
}

static void warn(pt_diags *diags, const pt_project *p, const pt_node *n, pt_sv text, bool inside)
{
    inside |= n->kind == PT_NODE_WAS;
    if (inside && n->kind == PT_NODE_TAG && n->u.tag < p->n_tags && !pt_history_keeps(p, n->u.tag)) {
        pt_diag *d = pt_diags_add(diags, PT_SEVERITY_WARNING, 336, place_of(text, n),
                                  "no history is kept of the tag '%s'", p->tags[n->u.tag].name);
        pt_diag_hint(diags, d, "write `history: true` at the tag, then portrait build");
    }
    for (uint32_t i = 0; i < n->n_args; i++)
        warn(diags, p, n->args[i], text, inside);
}

void pt_was_warn(pt_diags *diags, const pt_project *p, const pt_node *node, pt_sv text)
{
    warn(diags, p, node, text, false);
}
