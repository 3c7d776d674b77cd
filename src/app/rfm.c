#include "app/rfm.h"

#include <stdlib.h>

#include "app/grid_int.h"

enum { PARTS = 3, CLASSES = 8, CELLS = PT_RFM_SCORES * PT_RFM_SCORES };
enum { R, F, M };

/* The classes that are worked out here: bit 0 set when R is high (recent), bit 1 F, bit 2 M. */
static const char *const class_names[CLASSES] = {"general_win_back", "general_develop",    "general_keep",
                                                 "general_value",    "important_win_back", "important_develop",
                                                 "important_keep",   "important_value"};
/* As they are listed: the best first. */
static const unsigned class_order[CLASSES] = {7, 5, 6, 4, 3, 1, 2, 0};

/* Where a value stands among all customers. */
typedef struct stand {
    double mean, fifths[PT_RFM_SCORES - 1]; /* in the column's own units */
} stand;

/* Of the members of one group in one block, or in all. */
typedef struct sums {
    uint64_t members, known[PARTS];
    double total[PARTS]; /* in the columns' own units */
} sums;

typedef struct scoring {
    pt_rfm *out;
    pt_crowd_query *query;
    const pt_column *values[PARTS], *classes, *scores[2]; /* classes, scores: NULL when worked out here */
    stand stands[PARTS];
    pt_rfm_group *groups; /* classes, as they are listed */
    uint32_t *rank;       /* of a class by its code in the class tag */
    size_t n_groups;      /* classes, then cells */
    sums *blocks;         /* [block * n_groups + group] */
    pt_arena *arena;
} scoring;

/* --- which tags ------------------------------------------------------------------------------------------------------------ */

static pt_rc choose_tags(pt_rfm *out, const pt_project *p, const pt_rfm_options *options, pt_err *err)
{
    const pt_tag_part parts[PARTS] = {{options->tags[R], {"rfm_recency", "recency"}, "--recency"},
                                      {options->tags[F], {"rfm_frequency", "purchases_365d"}, "--frequency"},
                                      {options->tags[M], {"rfm_monetary", "spend_365d"}, "--money"}};
    bool given = options->tags[R].len || options->tags[F].len || options->tags[M].len;

    for (size_t i = 0; i < PARTS; i++)
        PT_TRY(pt_tag_play(&out->tags[i], p, &parts[i], err));
    out->class_tag = given ? -1 : pt_tag_for(p, "rfm_class");
    out->score_tags[0] = given ? -1 : pt_tag_for(p, "r_score");
    out->score_tags[1] = given ? -1 : pt_tag_for(p, "f_score");
    if (out->score_tags[0] < 0 || out->score_tags[1] < 0)
        out->score_tags[0] = out->score_tags[1] = -1;
    return PT_OK;
}

static pt_rc number_column(const pt_column **out, scoring *s, int tag, pt_err *err)
{
    PT_TRY(pt_grid_column(out, s->query, tag, err));
    if ((*out)->type == PT_TYPE_NUMBER || (*out)->type == PT_TYPE_MONEY)
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "tag '%s' is %s: a number or money is wanted here",
                   s->query->view->project->tags[tag].name, pt_type_name((*out)->type));
}

static pt_rc read_columns(scoring *s, pt_err *err)
{
    const pt_rfm *out = s->out;

    for (size_t i = 0; i < PARTS; i++)
        PT_TRY(number_column(&s->values[i], s, out->tags[i], err));
    if (out->class_tag >= 0)
        PT_TRY(pt_grid_texts(&s->classes, s->query, out->class_tag, err));
    for (size_t i = 0; i < 2; i++)
        if (out->score_tags[i] >= 0)
            PT_TRY(number_column(&s->scores[i], s, out->score_tags[i], err));
    return PT_OK;
}

static double value_at(const pt_column *c, uint64_t row)
{
    if (c->type == PT_TYPE_NUMBER)
        return ((const double *)c->data)[row];
    int64_t units = ((const int64_t *)c->data)[row];
    return units == PT_I64_MISSING ? (double)NAN : (double)units;
}

/* --- where customers stand among all ---------------------------------------------------------------------------------------- */

/* A statistic of the base as docs/language.md defines it: NaN when nobody has a value. */
static pt_rc base_figure(double *out, scoring *s, const char *expression, pt_err *err)
{
    pt_crowd_query *q = s->query;
    pt_place place = {.file = "expression", .text = pt_sv_of(expression), .line = 1, .col = 1, .length = 1};
    const pt_base_set *set;
    const pt_node *node;
    pt_diags diags;

    pt_diags_init(&diags, s->arena);
    pt_rc rc = pt_lang_expression(&node, q->module, pt_sv_of(expression), place, PT_TYPE_NONE, &diags, s->arena, err);
    if (rc == PT_OK && !node)
        rc = pt_diags_result(&diags, err);
    pt_diags_free(&diags);
    PT_TRY(rc);
    PT_TRY(pt_view_base(&set, q->view, node, s->arena, err));
    const pt_column *value = pt_base_find(set, node);
    *out = value ? value_at(value, 0) : (double)NAN;
    return PT_OK;
}

static pt_rc find_stand(stand *out, scoring *s, int tag, pt_err *err)
{
    const char *name = s->query->view->project->tags[tag].name;
    const char *mean = pt_arena_printf(s->arena, "base_mean(%s)", name);

    if (!mean)
        return pt_fail_nomem(err, "the classes");
    PT_TRY(base_figure(&out->mean, s, mean, err));
    for (int i = 1; i < PT_RFM_SCORES; i++) {
        const char *quantile = pt_arena_printf(s->arena, "base_quantile(%s, 0.%d)", name, 2 * i);
        if (!quantile)
            return pt_fail_nomem(err, "the classes");
        PT_TRY(base_figure(&out->fifths[i - 1], s, quantile, err));
    }
    return PT_OK;
}

static double in_currency(const pt_column *c, double units)
{
    return c->type == PT_TYPE_MONEY ? units / (double)PT_MONEY_UNIT : units;
}

static pt_rc find_stands(scoring *s, pt_err *err)
{
    for (size_t i = 0; i < PARTS; i++) {
        s->out->thresholds[i] = (double)NAN;
        if (s->classes && s->scores[0])
            continue;
        PT_TRY(find_stand(&s->stands[i], s, s->out->tags[i], err));
        if (!s->classes)
            s->out->thresholds[i] = in_currency(s->values[i], s->stands[i].mean);
    }
    return PT_OK;
}

/* base_score(value, 5): one more than the fifths it is above. */
static unsigned fifth_of(const stand *s, double value)
{
    unsigned score = 1;

    for (size_t i = 0; i < PT_RFM_SCORES - 1; i++)
        score += value > s->fifths[i];
    return score;
}

/* --- classes --------------------------------------------------------------------------------------------------------------- */

static pt_rc classes_of_tag(scoring *s, pt_err *err)
{
    static const pt_sv bools[] = {{"false", 5}, {"true", 4}};
    size_t n = s->classes->type == PT_TYPE_BOOL ? 2 : s->classes->dict ? s->classes->dict->n : 0;
    pt_sv *values = PT_NEW_ARRAY(s->arena, pt_sv, n);
    pt_rfm_group *groups = PT_NEW_ARRAY(s->arena, pt_rfm_group, n);

    s->rank = PT_NEW_ARRAY(s->arena, uint32_t, n);
    if (!values || !groups || !s->rank)
        return pt_fail_nomem(err, "the classes");
    for (uint32_t code = 1; code <= n; code++)
        values[code - 1] = s->classes->type == PT_TYPE_BOOL ? bools[code - 1] : pt_dict_text(s->classes->dict, code);
    PT_TRY(pt_tag_order(s->rank, s->query->view->project, (uint32_t)s->out->class_tag, values, n, s->arena, err));
    for (size_t i = 0; i < n; i++)
        groups[s->rank[i]].value = values[i];
    s->out->classes = s->groups = groups;
    s->out->n_classes = n;
    return PT_OK;
}

static pt_rc classes_by_means(scoring *s, pt_err *err)
{
    pt_rfm_group *groups = PT_NEW_ARRAY(s->arena, pt_rfm_group, CLASSES);

    s->rank = PT_NEW_ARRAY(s->arena, uint32_t, CLASSES);
    if (!groups || !s->rank)
        return pt_fail_nomem(err, "the classes");
    for (uint32_t i = 0; i < CLASSES; i++) {
        s->rank[class_order[i]] = i;
        groups[i].value = pt_sv_of(class_names[class_order[i]]);
    }
    s->out->classes = s->groups = groups;
    s->out->n_classes = CLASSES;
    return PT_OK;
}

static uint32_t code_at(const pt_column *c, uint64_t row)
{
    if (c->type != PT_TYPE_BOOL)
        return pt_column_code(c, row);
    uint8_t v = ((const uint8_t *)c->data)[row];
    return v == PT_BOOL_MISSING ? 0 : v + 1u;
}

enum { NO_GROUP = -1 };

static int class_at(const scoring *s, uint64_t row, const double *values)
{
    if (s->classes) {
        uint32_t code = code_at(s->classes, row);
        return code ? (int)s->rank[code - 1] : NO_GROUP;
    }
    if (isnan(values[R]) || isnan(values[F]) || isnan(values[M]))
        return NO_GROUP;
    unsigned high = (unsigned)(values[R] <= s->stands[R].mean) | (unsigned)(values[F] >= s->stands[F].mean) << 1 |
                    (unsigned)(values[M] >= s->stands[M].mean) << 2;
    return (int)s->rank[high];
}

/* 1 to 5; 0 when there is none. */
static unsigned score_at(const scoring *s, size_t part, uint64_t row, double value)
{
    double score = s->scores[part] ? value_at(s->scores[part], row) : value;

    if (isnan(score))
        return 0;
    if (!s->scores[part])
        return part == R ? PT_RFM_SCORES + 1 - fifth_of(&s->stands[R], value) : fifth_of(&s->stands[part], value);
    return score >= 1 && score <= PT_RFM_SCORES && score == floor(score) ? (unsigned)score : 0;
}

/* --- summing --------------------------------------------------------------------------------------------------------------- */

static void add_member(sums *to, const double *values)
{
    to->members++;
    for (size_t i = 0; i < PARTS; i++)
        if (!isnan(values[i])) {
            to->known[i]++;
            to->total[i] += values[i];
        }
}

/* A block has sums of its own, so that figures do not depend on threads. */
static pt_rc sum_block(void *ctx, unsigned worker, uint32_t block, const uint64_t *bits, uint64_t *scratch, pt_err *err)
{
    const scoring *s = ctx;
    const uint64_t first = (uint64_t)block << PT_BLOCK_LOG2;
    sums *groups = s->blocks + (size_t)block * s->n_groups;

    (void)worker, (void)scratch, (void)err;
    for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            uint64_t row = first + w * 64 + (unsigned)__builtin_ctzll(left);
            double values[PARTS] = {value_at(s->values[R], row), value_at(s->values[F], row),
                                    value_at(s->values[M], row)};
            int class = class_at(s, row, values);
            unsigned r = score_at(s, R, row, values[R]), f = score_at(s, F, row, values[F]);
            if (class != NO_GROUP)
                add_member(&groups[class], values);
            if (r && f)
                add_member(&groups[s->out->n_classes + (r - 1) * PT_RFM_SCORES + f - 1], values);
        }
    return PT_OK;
}

static void add_sums(sums *to, const sums *from)
{
    to->members += from->members;
    for (size_t i = 0; i < PARTS; i++) {
        to->known[i] += from->known[i];
        to->total[i] += from->total[i];
    }
}

static double mean_of(const scoring *s, const sums *from, size_t part)
{
    return from->known[part] ? in_currency(s->values[part], from->total[part] / (double)from->known[part])
                             : (double)NAN;
}

static void show_group(pt_rfm_group *g, const scoring *s, const sums *from, const sums *all, bool hidden)
{
    g->hidden = hidden;
    g->recency = g->frequency = g->money = g->money_share = (double)NAN;
    if (hidden || !from->members)
        return;
    g->members = from->members;
    g->recency = mean_of(s, from, R);
    g->frequency = mean_of(s, from, F);
    g->money = mean_of(s, from, M);
    g->money_share = all->total[M] != 0 ? from->total[M] / all->total[M] : (double)NAN;
}

/* Classes are parts of those who have one; cells of those who have both scores. */
static pt_rc show_groups(scoring *s, const sums *groups, pt_err *err)
{
    pt_rfm *out = s->out;
    size_t n = out->n_classes;
    uint64_t *parts = PT_NEW_ARRAY(s->arena, uint64_t, s->n_groups);
    bool *hidden = PT_NEW_ARRAY(s->arena, bool, s->n_groups);
    sums all = {0};

    if (!parts || !hidden)
        return pt_fail_nomem(err, "the classes");
    for (size_t c = 0; c < n; c++)
        add_sums(&all, &groups[c]);
    for (size_t g = 0; g < s->n_groups; g++)
        parts[g] = groups[g].members;
    pt_grid_hide(&out->head, hidden, parts, NULL, n);
    pt_grid_hide(&out->head, hidden + n, parts + n, NULL, CELLS);
    for (size_t c = 0; c < n; c++)
        show_group(&s->groups[c], s, &groups[c], &all, hidden[c]);
    for (size_t i = 0; i < CELLS; i++)
        show_group(&out->cells[i / PT_RFM_SCORES][i % PT_RFM_SCORES], s, &groups[n + i], &all, hidden[n + i]);
    out->without = out->head.members - all.members;
    show_group(&out->all, s, &all, &all, pt_grid_is_small(&out->head, all.members));
    return PT_OK;
}

static pt_rc sum_groups(scoring *s, pt_err *err)
{
    pt_rfm *out = s->out;
    size_t blocks = pt_crowd_blocks(s->query->crowd);
    const pt_crowd_walk walk = {.ctx = s, .block = sum_block};
    sums *groups;

    s->n_groups = out->n_classes + CELLS;
    s->blocks = PT_NEW_ARRAY(s->arena, sums, blocks * s->n_groups);
    groups = PT_NEW_ARRAY(s->arena, sums, s->n_groups);
    if (!s->blocks || !groups)
        return pt_fail_nomem(err, "the classes");
    PT_TRY(pt_crowd_each(s->query, &walk, err));
    for (size_t b = 0; b < blocks; b++)
        for (size_t g = 0; g < s->n_groups; g++)
            add_sums(&groups[g], &s->blocks[b * s->n_groups + g]);
    return show_groups(s, groups, err);
}

pt_rc pt_app_rfm(pt_rfm *out, pt_app *app, pt_sv condition, const pt_rfm_options *options, pt_diags *diags,
                 pt_arena *arena, pt_err *err)
{
    scoring s = {.out = out, .arena = arena};

    *out = (pt_rfm){.class_tag = -1, .score_tags = {-1, -1}};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(choose_tags(out, pt_app_project(app), options, err));
    PT_TRY(pt_grid_open(&out->head, &s.query, app, condition, &options->crowd, diags, arena, err));
    if (out->head.small)
        return PT_OK;
    PT_TRY(read_columns(&s, err));
    PT_TRY(find_stands(&s, err));
    PT_TRY(s.classes ? classes_of_tag(&s, err) : classes_by_means(&s, err));
    return sum_groups(&s, err);
}
