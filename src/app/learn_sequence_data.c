/* What a network over behaviour learns from: who, what came of them, which columns and which of their texts. */
#include <stdlib.h>

#include "app/learn_sequence_int.h"
#include "base/hash.h"

enum { RAREST = 5 }; /* texts seen less often than this are not told apart */

/* 15 of 100 customers are held out, as many say when to stop. A customer is on one side as of every day. */
sequence_side sequence_side_of(uint64_t seed, uint32_t ordinal)
{
    uint64_t at = pt_mix64(pt_mix64(seed + 1) + ordinal) % 100;

    return at < 15 ? SEQUENCE_HELD_OUT : at < 30 ? SEQUENCE_WATCHED : SEQUENCE_TAUGHT;
}

void sequence_rows_free(sequence_rows *r)
{
    free(r->rows);
    free(r->labels);
    *r = (sequence_rows){0};
}

pt_rc sequence_target(const pt_column **out, pt_view *view, const pt_model_def *def, int64_t as_of, pt_pool *pool,
                      pt_cancel *cancel, pt_arena *arena, pt_err *err)
{
    return pt_learn_columns(out, view, &def->target.number, 1, as_of, pool, cancel, arena, err);
}

/* --- who -------------------------------------------------------------------------------------------------------------- */

/* Of a dictionary's codes those of the model's classes, n_classes where it is none. */
static uint32_t *class_codes(const sequence_model *m, const pt_column *c, pt_arena *arena)
{
    uint32_t *codes = PT_NEW_ARRAY(arena, uint32_t, (size_t)c->dict->n + 1);

    for (uint32_t code = 0; codes && code <= c->dict->n; code++) {
        codes[code] = m->n_classes;
        for (uint32_t i = 0; code && i < m->n_classes; i++)
            if (pt_sv_eq(pt_dict_text(c->dict, code), pt_sv_of(m->classes[i])))
                codes[code] = i;
    }
    return codes;
}

/* The class of a row, n_classes where it has none. `codes` is NULL of a condition. */
static uint32_t class_at(const sequence_model *m, const pt_column *c, const uint32_t *codes, size_t row)
{
    if (codes)
        return codes[pt_column_code(c, row)];
    uint8_t v = ((const uint8_t *)c->data)[row];
    return v == PT_BOOL_MISSING ? m->n_classes : v;
}

static pt_rc add_row(sequence_rows *out, pt_behaviour_row row, uint32_t label, pt_err *err)
{
    if (!pt_grow(&out->rows, &out->rows_cap, out->n + 1, sizeof *out->rows) ||
        !pt_grow(&out->labels, &out->labels_cap, out->n + 1, sizeof *out->labels))
        return pt_fail_nomem(err, "examples of behaviour");
    out->rows[out->n] = row;
    out->labels[out->n++] = label;
    return PT_OK;
}

/* Of every customer a number below 2^32; those below the limit take part. */
static uint64_t limit_of(size_t members, uint32_t most)
{
    return members <= most ? UINT64_C(1) << 32 : (UINT64_C(1) << 32) * most / members;
}

static pt_rc population_and_target(const bool **members, size_t *n, const pt_column **target,
                                   const pt_learn_request *request, int64_t as_of, pt_err *err)
{
    PT_TRY(pt_learn_population(members, n, request->view, request->def, as_of, request->pool, request->cancel,
                               request->arena, err));
    return sequence_target(target, request->view, request->def, as_of, request->pool, request->cancel, request->arena,
                           err);
}

pt_rc sequence_add_rows(sequence_rows *out, const sequence_model *m, const pt_learn_request *request, int64_t as_of,
                        sequence_side side, pt_err *err)
{
    const bool *members;
    const pt_column *target;
    size_t n;

    PT_TRY(population_and_target(&members, &n, &target, request, as_of, err));
    uint64_t limit = limit_of(n, sequence_whole(request->def, PT_SEQUENCE_CUSTOMERS));
    const uint32_t *codes = m->condition ? NULL : class_codes(m, target, request->arena);
    if (!m->condition && !codes)
        return pt_fail_nomem(err, "examples of behaviour");
    for (uint32_t i = 0; i < request->view->n_ordinals; i++) {
        if (!members[i] || sequence_side_of(m->seed, i) != side || pt_mix64(pt_mix64(m->seed + 2) + i) >> 32 >= limit)
            continue;
        uint32_t label = class_at(m, target, codes, i);
        if (label < m->n_classes)
            PT_TRY(add_row(out, (pt_behaviour_row){i, as_of}, label, err));
    }
    return PT_OK;
}

/* --- texts by how often they occur -------------------------------------------------------------------------------------- */

typedef struct counted {
    pt_sv text;
    uint64_t n;
} counted;

static int by_count(const void *a, const void *b)
{
    const counted *x = a, *y = b;

    return x->n != y->n ? (x->n > y->n ? -1 : 1) : pt_sv_cmp(x->text, y->text);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The `most` most frequent texts of at least `least` events, by count and then text. */
static pt_rc most_frequent(const char ***out, uint32_t *n_out, const pt_dict *dict, const uint64_t *counts,
                           uint32_t most, uint64_t least, pt_arena *arena, pt_err *err)
{
    counted *all = PT_NEW_ARRAY(arena, counted, dict->n);
    uint32_t n = 0;

    for (uint32_t code = 1; all && code <= dict->n; code++)
        if (counts[code] >= least)
            all[n++] = (counted){pt_dict_text(dict, code), counts[code]};
    if (all)
        qsort(all, n, sizeof *all, by_count);
    n = n < most ? n : most;
    const char **texts = PT_NEW_ARRAY(arena, const char *, n);
    if (!all || !texts)
        return pt_fail_nomem(err, "the vocabulary of a model");
    for (uint32_t i = 0; i < n; i++)
        if (!(texts[i] = pt_arena_strndup(arena, all[i].text.ptr, all[i].text.len)))
            return pt_fail_nomem(err, "the vocabulary of a model");
    *out = texts;
    *n_out = n;
    return PT_OK;
}

static pt_rc two_classes(sequence_model *m, pt_err *err)
{
    m->condition = true;
    m->n_classes = 2;
    m->classes = PT_NEW_ARRAY(m->arena, const char *, 2);
    if (!m->classes)
        return pt_fail_nomem(err, "the classes of a model");
    m->classes[0] = "false";
    m->classes[1] = "true";
    return PT_OK;
}

/* Adds to the counts of the target's texts, whose dictionary is that of the first day. */
static pt_rc count_classes(uint64_t **counts, const pt_dict **dict, const sequence_model *m,
                           const pt_learn_request *request, int64_t as_of, pt_err *err)
{
    const bool *members;
    const pt_column *target;
    size_t n;

    PT_TRY(population_and_target(&members, &n, &target, request, as_of, err));
    *dict = target->dict;
    *counts = PT_NEW_ARRAY(request->arena, uint64_t, (size_t)target->dict->n + 1);
    if (!*counts)
        return pt_fail_nomem(err, "the classes of a model");
    for (uint32_t i = 0; i < request->view->n_ordinals; i++)
        if (members[i] && sequence_side_of(m->seed, i) == SEQUENCE_TAUGHT)
            (*counts)[pt_column_code(target, i)]++;
    return PT_OK;
}

pt_rc sequence_choose_classes(sequence_model *m, const pt_learn_request *request, pt_err *err)
{
    pt_type type = request->def->target.node->type;
    const pt_dict *dict;
    uint64_t *counts;

    if (type == PT_TYPE_BOOL)
        return two_classes(m, err);
    if (!pt_type_is_text(type))
        return pt_fail(err, PT_EINVAL, "a network foresees a condition or a category: the target is a %s",
                       pt_type_name(type));
    PT_TRY(count_classes(&counts, &dict, m, request, request->train[request->n_train - 1], err));
    PT_TRY(most_frequent(&m->classes, &m->n_classes, dict, counts, sequence_whole(request->def, PT_SEQUENCE_CLASSES),
                         RAREST, m->arena, err));
    return m->n_classes >= 2
               ? PT_OK
               : pt_fail(err, PT_EINVAL,
                         "the target has %u values that occur %d times or more: there is nothing to learn",
                         m->n_classes, RAREST);
}

/* --- columns ---------------------------------------------------------------------------------------------------------- */

static const pt_lang_source *source_of(const pt_project *p, const char *name)
{
    int i = pt_project_find_source(p, pt_sv_of(name));

    return i < 0 ? NULL : &p->catalog.sources[i];
}

static bool can_be_seen(pt_type type)
{
    return pt_behaviour_is_words(type) || pt_behaviour_is_numbers(type);
}

static pt_rc add_column(sequence_model *m, const pt_lang_column *c, pt_err *err)
{
    uint32_t words = 0, numbers = 0;

    for (uint32_t i = 0; i < m->n_columns; i++)
        *(m->columns[i].words ? &words : &numbers) += 1;
    bool is_words = pt_behaviour_is_words(c->type);
    if (is_words ? words == PT_NET_MAX_CODES : numbers == PT_BEHAVIOUR_MAX_NUMBERS)
        return pt_fail(err, PT_EINVAL, "a network looks at %d columns of texts and %d of numbers at most",
                       PT_NET_MAX_CODES, PT_BEHAVIOUR_MAX_NUMBERS);
    const char *name = pt_arena_strdup(m->arena, c->name);
    if (!name)
        return pt_fail_nomem(err, "the columns of a model");
    m->columns[m->n_columns++] = (sequence_column){.name = name, .words = is_words};
    return PT_OK;
}

/* A column of which most events have a text of their own says nothing of the next event: a number of an order, a remark. */
static bool tells_apart_too_much(const pt_view *v, size_t source, size_t column)
{
    const pt_column *c = &v->events[source].columns[column];

    return pt_type_is_text(c->type) && (uint64_t)c->dict->n * 4 > pt_timeline_events(v->timelines[source]);
}

static pt_rc all_columns(sequence_model *m, const pt_view *v, size_t source, pt_err *err)
{
    const pt_lang_source *s = &v->project->catalog.sources[source];
    uint32_t room[2] = {PT_BEHAVIOUR_MAX_NUMBERS, PT_NET_MAX_CODES};

    for (size_t i = 0; i < s->n_columns; i++) {
        bool words = pt_behaviour_is_words(s->columns[i].type);
        if (!can_be_seen(s->columns[i].type) || tells_apart_too_much(v, source, i) || room[words] == 0)
            continue;
        room[words]--;
        PT_TRY(add_column(m, &s->columns[i], err));
    }
    return PT_OK;
}

pt_rc sequence_choose_columns(sequence_model *m, const pt_learn_request *request, pt_err *err)
{
    const pt_setting_value *given = &request->def->settings[PT_SEQUENCE_COLUMNS];
    uint32_t source = request->def->settings[PT_SEQUENCE_SOURCE].items[0].source;
    pt_view *v = request->view;
    const pt_lang_source *s = &v->project->catalog.sources[source];

    m->source = pt_arena_strdup(m->arena, s->name);
    m->columns = PT_NEW_ARRAY(m->arena, sequence_column, s->n_columns + given->n);
    if (!m->source || !m->columns)
        return pt_fail_nomem(err, "the columns of a model");
    if (s->kind != PT_SOURCE_EVENT)
        return pt_fail(err, PT_EINVAL, "'%s' is not a source of events", s->name);
    PT_TRY(pt_timeline_check(v->timelines[source], 0, v->n_ordinals, err));
    if (!given->given)
        return all_columns(m, v, source, err);
    for (size_t i = 0; i < given->n; i++) {
        const pt_setting_item *item = &given->items[i];
        if (item->source != source || item->column < 0 || !can_be_seen(s->columns[item->column].type))
            return pt_fail(err, PT_EINVAL,
                           "a network cannot look at '%s': it takes texts, numbers, money, bools of '%s'", item->text,
                           s->name);
        PT_TRY(add_column(m, &s->columns[item->column], err));
    }
    return PT_OK;
}

/* --- in a view -------------------------------------------------------------------------------------------------------- */

static pt_rc bind_words(pt_behaviour_words *out, const sequence_column *c, const pt_column *column, pt_arena *arena,
                        pt_err *err)
{
    uint32_t *known = PT_NEW_ARRAY(arena, uint32_t, (size_t)column->dict->n + 1);
    pt_str text = {0};

    if (!known)
        return pt_fail_nomem(err, "the vocabulary of a model");
    for (uint32_t code = 1; c->n_texts && code <= column->dict->n; code++) {
        pt_str_clear(&text);
        pt_str_addsv(&text, pt_dict_text(column->dict, code));
        const char *key = pt_str_cstr(&text);
        const char **at = bsearch(&key, c->texts, c->n_texts, sizeof *c->texts, by_text);
        known[code] = at ? (uint32_t)(at - c->texts) + 1 : 0;
    }
    pt_rc rc = pt_str_check(&text, err);
    pt_str_free(&text);
    *out = (pt_behaviour_words){column, known, c->n_texts + 1};
    return rc;
}

static int column_of(const pt_lang_source *s, const sequence_column *c)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(s->columns[i].name, c->name) == 0)
            return can_be_seen(s->columns[i].type) && pt_behaviour_is_words(s->columns[i].type) == c->words ? (int)i
                                                                                                            : -1;
    return -1;
}

pt_rc sequence_bind(pt_behaviour *out, const sequence_model *m, const pt_model_def *def, pt_view *view, bool by_day,
                    uint32_t length, pt_arena *arena, pt_err *err)
{
    const pt_lang_source *s = source_of(view->project, m->source);
    size_t number = s ? (size_t)(s - view->project->catalog.sources) : 0;

    if (!s || s->kind != PT_SOURCE_EVENT)
        return pt_fail(err, PT_EINVAL, "model '%s' was taught on '%s', which is no source of events now", def->name,
                       m->source);
    if (view->timelines[number])
        PT_TRY(pt_timeline_check(view->timelines[number], 0, view->n_ordinals, err));
    *out = (pt_behaviour){.events = &view->events[number], .by_day = by_day, .length = length};
    for (uint32_t i = 0; i < m->n_columns; i++) {
        int column = column_of(s, &m->columns[i]);
        if (column < 0)
            return pt_fail(err, PT_EINVAL,
                           "model '%s' was taught on '%s.%s', which is not there or of another type now", def->name,
                           m->source, m->columns[i].name);
        const pt_column *values = &out->events->columns[column];
        if (m->columns[i].words)
            PT_TRY(bind_words(&out->words[out->n_words++], &m->columns[i], values, arena, err));
        else
            out->numbers[out->n_numbers++] = values;
    }
    return PT_OK;
}

pt_rc sequence_choose_texts(sequence_model *m, const pt_learn_request *request, const sequence_rows *taught,
                            pt_err *err)
{
    bool by_day = sequence_whole(request->def, PT_SEQUENCE_NETWORK) == PT_NET_CNN;
    uint32_t most = sequence_whole(request->def, by_day ? PT_SEQUENCE_EMBEDDING : PT_SEQUENCE_VOCABULARY), word = 0;
    pt_behaviour b;

    PT_TRY(sequence_bind(&b, m, request->def, request->view, by_day, sequence_whole(request->def, PT_SEQUENCE_LENGTH),
                         request->arena, err));
    for (uint32_t i = 0; i < m->n_columns; i++) {
        sequence_column *c = &m->columns[i];
        if (!c->words)
            continue;
        const pt_column *column = b.words[word++].column;
        uint64_t *counts = PT_NEW_ARRAY(request->arena, uint64_t, (size_t)column->dict->n + 1);
        if (!counts)
            return pt_fail_nomem(err, "the vocabulary of a model");
        pt_behaviour_count(counts, &b, column, taught->rows, taught->n);
        PT_TRY(most_frequent(&c->texts, &c->n_texts, column->dict, counts, most, RAREST, m->arena, err));
        qsort(c->texts, c->n_texts, sizeof *c->texts, by_text);
    }
    return PT_OK;
}
