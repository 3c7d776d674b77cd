#include "app/link_review.h"

#include <math.h>
#include <stdlib.h>

#include "base/roots.h"

typedef struct given {
    pt_link_label label;
    size_t question; /* its place; SIZE_MAX: of no question */
    uint32_t number; /* 0: passed over */
} given;

struct pt_link_review {
    const pt_linking *linking;
    pt_arena *arena;
    pt_link_question *questions;
    size_t n, at;
    uint32_t *group;     /* by record, by the answers so far; numbers are those of some record of the group */
    uint32_t *next_part; /* once a decision was made or looked at */
    given *given;
    size_t n_given, cap_given;
};

/* Of what was joined without being asked, people are asked about links below this. */
#define SURE_BITS 6.63 /* 0.99 */

/* What may be one customer and is not, and what is one by a weak link. */
static pt_rc add_inside(pt_link_review *r, pt_err *err)
{
    const pt_linking *l = r->linking;
    const pt_link_pair *links;
    pt_link_question *inside;
    size_t n_links, n;

    PT_TRY(pt_linking_edges(&links, &n_links, l, r->arena, err));
    PT_TRY(pt_link_doubtful(&inside, &n, l->group, l->start, l->n, links, n_links, SURE_BITS, r->arena, err));
    pt_link_question *all = PT_NEW_ARRAY(r->arena, pt_link_question, r->n + n + 1);
    if (!all)
        return pt_fail_nomem(err, "questions");
    memcpy(all, r->questions, r->n * sizeof *all);
    memcpy(all + r->n, inside, n * sizeof *all);
    r->questions = all;
    r->n += n;
    pt_link_questions_sort(r->questions, r->n);
    return PT_OK;
}

/* Pairs that people or data keep apart are no questions. */
static pt_rc ask(pt_link_review *r, pt_err *err)
{
    const pt_linking *l = r->linking;
    pt_link_pair *never = PT_NEW_ARRAY(r->arena, pt_link_pair, l->n_apart + 1);

    if (!never)
        return pt_fail_nomem(err, "questions");
    for (size_t i = 0; i < l->n_apart; i++)
        never[i] = (pt_link_pair){l->apart[i].a, l->apart[i].b, 0};
    PT_TRY(pt_link_questions(&r->questions, &r->n, l->group, l->n, l->pairs, l->n_pairs, -INFINITY, never, l->n_apart,
                             r->arena, err));
    return add_inside(r, err);
}

pt_rc pt_link_review_new(pt_link_review **out, const pt_linking *l, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_link_review *r = arena ? PT_NEW(arena, pt_link_review) : NULL;

    *out = NULL;
    if (!r) {
        pt_arena_free(arena);
        return pt_fail_nomem(err, "questions");
    }
    *r = (pt_link_review){.linking = l, .arena = arena, .group = PT_NEW_ARRAY(arena, uint32_t, (size_t)l->n + 1)};
    pt_rc rc = r->group ? ask(r, err) : pt_fail_nomem(err, "questions");
    if (rc != PT_OK) {
        pt_link_review_free(r);
        return rc;
    }
    memcpy(r->group, l->group, l->n * sizeof *r->group);
    *out = r;
    return PT_OK;
}

void pt_link_review_free(pt_link_review *r)
{
    if (!r)
        return;
    free(r->given);
    pt_arena_free(r->arena);
}

/* --- answers --------------------------------------------------------------------------------------------------------------------- */

static void follow(pt_link_review *r, const given *g)
{
    uint32_t keep = r->group[g->label.a], gone = r->group[g->label.b];

    for (uint32_t i = 0; g->number && g->label.same && keep != gone && i < r->linking->n; i++)
        r->group[i] = r->group[i] == gone ? keep : r->group[i];
}

const pt_link_question *pt_link_review_questions(const pt_link_review *r, size_t *n)
{
    *n = r->n;
    return r->questions;
}

/* A link inside a group holds once the whole group was taken along. */
static bool is_taken_along(const pt_link_review *r, uint32_t group)
{
    const uint32_t *of = r->linking->group;

    for (size_t i = 0; i < r->n_given; i++) {
        uint32_t x = of[r->given[i].label.a], y = of[r->given[i].label.b];
        if (r->given[i].number && r->given[i].label.same && x != y && (x == group || y == group))
            return true;
    }
    return false;
}

/* One yes joins the two, one no keeps them apart, whichever records it was said of. */
static bool is_settled(const pt_link_review *r, const pt_link_question *q)
{
    uint32_t a = r->group[q->a], b = r->group[q->b];

    if (q->inside)
        return is_taken_along(r, r->linking->group[q->a]);
    if (a == b)
        return true;
    for (size_t i = 0; i < r->n_given; i++) {
        const given *g = &r->given[i];
        uint32_t x = r->group[g->label.a], y = r->group[g->label.b];
        if (g->number && !g->label.same && ((x == a && y == b) || (x == b && y == a)))
            return true;
    }
    return false;
}

const pt_link_question *pt_link_review_next(pt_link_review *r)
{
    while (r->at < r->n && is_settled(r, &r->questions[r->at]))
        r->at++;
    return r->at < r->n ? &r->questions[r->at] : NULL;
}

static pt_rc note(pt_link_review *r, given g, pt_err *err)
{
    if (!pt_grow(&r->given, &r->cap_given, r->n_given + 1, sizeof *r->given))
        return pt_fail_nomem(err, "answers");
    r->given[r->n_given++] = g;
    follow(r, &g);
    return PT_OK;
}

void pt_link_review_skip(pt_link_review *r)
{
    const pt_link_question *q = &r->questions[r->at];

    if (note(r, (given){{q->a, q->b, false}, r->at, 0}, NULL) == PT_OK)
        r->at++;
}

pt_rc pt_link_review_answer(pt_link_review *r, bool same, uint32_t number, pt_err *err)
{
    const pt_link_question *q = &r->questions[r->at];

    PT_TRY(note(r, (given){{q->a, q->b, same}, r->at, number}, err));
    r->at++;
    return PT_OK;
}

pt_rc pt_link_review_add(pt_link_review *r, uint32_t a, uint32_t b, bool same, uint32_t number, pt_err *err)
{
    return note(r, (given){{a, b, same}, SIZE_MAX, number}, err);
}

bool pt_link_review_undo(pt_link_review *r, uint32_t *number)
{
    if (!r->n_given || r->given[r->n_given - 1].question == SIZE_MAX)
        return false;
    const given *last = &r->given[--r->n_given];
    *number = last->number;
    r->at = last->question;
    memcpy(r->group, r->linking->group, r->linking->n * sizeof *r->group);
    for (size_t i = 0; i < r->n_given; i++)
        follow(r, &r->given[i]);
    return true;
}

size_t pt_link_review_answered(const pt_link_review *r, size_t *yes)
{
    size_t n = 0;

    *yes = 0;
    for (size_t i = 0; i < r->n_given; i++) {
        n += r->given[i].number > 0;
        *yes += r->given[i].number && r->given[i].label.same;
    }
    return n;
}

/* --- answers as decisions -------------------------------------------------------------------------------------------------------- */

/* By part of a group, that is by the first of its records, the next part of the group; a group's own number is its first part. */
static pt_rc list_parts(pt_link_review *r, pt_err *err)
{
    const pt_linking *l = r->linking;

    if (r->next_part)
        return PT_OK;
    if (!(r->next_part = PT_NEW_ARRAY(r->arena, uint32_t, (size_t)l->n + 1)))
        return pt_fail_nomem(err, "answers");
    memset(r->next_part, 0xff, ((size_t)l->n + 1) * sizeof *r->next_part);
    for (uint32_t i = l->n; i-- > 0;) {
        uint32_t first = l->group[i];
        if (l->start[i] != i || i == first)
            continue;
        r->next_part[i] = r->next_part[first];
        r->next_part[first] = i;
    }
    return PT_OK;
}

typedef struct answering {
    const pt_linking *l;
    pt_decision *rows;
    size_t n, cap;
    uint32_t *parent; /* by record: joined by rows so far, through parents */
    pt_sv who, why;
} answering;

static pt_decision_end end_of(const pt_linking *l, uint32_t record)
{
    uint32_t type;
    pt_sv value = pt_linking_identifier(l, record, &type);

    return (pt_decision_end){pt_sv_of(l->project->identity.types[type].name), value};
}

static pt_rc add_row(answering *x, uint32_t a, uint32_t b, bool same, pt_sv rule, pt_err *err)
{
    if (!pt_grow(&x->rows, &x->cap, x->n + 1, sizeof *x->rows))
        return pt_fail_nomem(err, "answers");
    x->rows[x->n++] = (pt_decision){.kind = same ? PT_DECISION_SAME : PT_DECISION_DIFFERENT,
                                    .a = end_of(x->l, a),
                                    .b = end_of(x->l, b),
                                    .rule = rule,
                                    .who = x->who,
                                    .why = x->why};
    if (same)
        pt_roots_join(x->parent, a, b);
    return PT_OK;
}

static pt_rc take_along(answering *x, const pt_link_review *r, uint32_t with, uint32_t group, pt_err *err)
{
    for (uint32_t part = group; part != UINT32_MAX; part = r->next_part[part])
        if (pt_root(x->parent, part) != pt_root(x->parent, with))
            PT_TRY(add_row(x, with, part, true, PT_SV(PT_DECISION_ALONG), err));
    return PT_OK;
}

static pt_rc add_answers(answering *x, const pt_link_review *r, const pt_link_label *answers, size_t n, pt_err *err)
{
    memcpy(x->parent, x->l->start, x->l->n * sizeof *x->parent);
    for (size_t i = 0; i < n; i++)
        PT_TRY(add_row(x, answers[i].a, answers[i].b, answers[i].same, PT_SV(PT_DECISION_REVIEW), err));
    for (size_t i = 0; i < n; i++)
        if (answers[i].same && x->l->group[answers[i].a] != x->l->group[answers[i].b]) {
            PT_TRY(take_along(x, r, answers[i].a, x->l->group[answers[i].a], err));
            PT_TRY(take_along(x, r, answers[i].a, x->l->group[answers[i].b], err));
        }
    return PT_OK;
}

pt_rc pt_link_review_decisions(const pt_decision **rows, size_t *n, pt_link_review *r, const pt_link_label *answers,
                               size_t n_answers, pt_sv who, pt_sv why, pt_arena *arena, pt_err *err)
{
    answering x = {.l = r->linking, .who = who, .why = why};
    pt_decision *kept = NULL;

    PT_TRY(list_parts(r, err));
    x.parent = pt_alloc64((size_t)x.l->n + 1, sizeof *x.parent);
    pt_rc rc = x.parent ? add_answers(&x, r, answers, n_answers, err) : pt_fail_nomem(err, "answers");
    if (rc == PT_OK && !(kept = PT_NEW_ARRAY(arena, pt_decision, x.n)))
        rc = pt_fail_nomem(err, "answers");
    if (rc == PT_OK && x.n)
        memcpy(kept, x.rows, x.n * sizeof *kept);
    *rows = kept;
    *n = rc == PT_OK ? x.n : 0;
    free(x.rows);
    free(x.parent);
    return rc;
}

/* --- what they change ------------------------------------------------------------------------------------------------------------ */

/* Records that a yes joins are one from the start, with all that is taken along. */
static uint32_t *starts_with(const pt_link_review *r, pt_arena *arena)
{
    const pt_linking *l = r->linking;
    uint32_t *start = PT_NEW_ARRAY(arena, uint32_t, (size_t)l->n + 1);

    if (!start)
        return NULL;
    memcpy(start, l->start, l->n * sizeof *start);
    for (size_t i = 0; i < r->n_given; i++) {
        const given *g = &r->given[i];
        const uint32_t ends[] = {g->label.a, g->label.b};
        if (!g->number || !g->label.same)
            continue;
        pt_roots_join(start, g->label.a, g->label.b);
        for (size_t e = 0; l->group[ends[0]] != l->group[ends[1]] && e < PT_COUNT(ends); e++)
            for (uint32_t part = l->group[ends[e]]; part != UINT32_MAX; part = r->next_part[part])
                pt_roots_join(start, g->label.a, part);
    }
    for (uint32_t i = 0; i < l->n; i++)
        start[i] = pt_root(start, i);
    return start;
}

static struct pt_link_apart *apart_with(const pt_link_review *r, size_t *n, pt_arena *arena)
{
    const pt_linking *l = r->linking;
    struct pt_link_apart *apart = PT_NEW_ARRAY(arena, struct pt_link_apart, l->n_apart + r->n_given + 1);

    *n = 0;
    for (size_t i = 0; apart && i < l->n_apart; i++)
        apart[(*n)++] = l->apart[i];
    for (size_t i = 0; apart && i < r->n_given; i++)
        if (r->given[i].number && !r->given[i].label.same)
            apart[(*n)++] = (struct pt_link_apart){r->given[i].label.a, r->given[i].label.b};
    return apart;
}

pt_rc pt_link_review_changes(pt_link_changes *out, pt_link_review *r, pt_linking *l, const pt_linking_options *options,
                             pt_arena *arena, pt_err *err)
{
    size_t n;
    pt_linking changed = *l;

    PT_TRY(list_parts(r, err));
    struct pt_link_apart *apart = apart_with(r, &n, arena);

    changed.start = starts_with(r, arena);
    changed.apart = apart;
    changed.n_apart = n;
    if (!changed.start || !apart)
        return pt_fail_nomem(err, "answers");
    PT_TRY(pt_linking_group(&changed, options, err));
    return pt_link_changes_of(out, l->group, changed.group, l->n, arena, err);
}

/* --- files ----------------------------------------------------------------------------------------------------------------------- */

static void add_cell(pt_str *out, pt_sv text)
{
    bool quotes = false;

    for (size_t i = 0; i < text.len; i++)
        quotes |= text.ptr[i] == '"' || text.ptr[i] == ',' || text.ptr[i] == '\n' || text.ptr[i] == '\r';
    if (!quotes) {
        pt_str_addsv(out, text);
        return;
    }
    pt_str_addc(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            pt_str_addc(out, '"');
        pt_str_addc(out, text.ptr[i]);
    }
    pt_str_addc(out, '"');
}

static void add_name(pt_str *out, const pt_linking *l, uint32_t record)
{
    pt_str name = {0};
    uint32_t type;
    pt_sv value = pt_linking_identifier(l, record, &type);

    pt_str_addf(&name, "%s:", l->project->identity.types[type].name);
    pt_str_addsv(&name, value);
    add_cell(out, (pt_sv){pt_str_cstr(&name), name.len});
    out->failed |= name.failed;
    pt_str_free(&name);
}

static void add_header(pt_str *out, const pt_linking *l)
{
    pt_str name = {0};

    pt_str_add(out, "a,b,same,probability,bits,pairs,now");
    for (size_t f = 0; f < l->n_fields; f++)
        for (int side = 0; side < 2; side++) {
            pt_str_clear(&name);
            pt_str_addf(&name, "%s %c", l->fields[f].name, "AB"[side]);
            pt_str_addc(out, ',');
            add_cell(out, (pt_sv){pt_str_cstr(&name), name.len});
        }
    pt_str_addc(out, '\n');
    out->failed |= name.failed;
    pt_str_free(&name);
}

void pt_link_review_csv(pt_str *out, const pt_linking *l, const pt_link_question *q, size_t n)
{
    add_header(out, l);
    for (size_t i = 0; i < n; i++) {
        add_name(out, l, q[i].a);
        pt_str_addc(out, ',');
        add_name(out, l, q[i].b);
        pt_str_addf(out, ",,%.4f,%.2f,%llu,%s", pt_link_probability((double)q[i].weight), (double)q[i].weight,
                    (unsigned long long)q[i].pairs, q[i].inside ? "one" : "two");
        for (size_t f = 0; f < l->n_fields; f++)
            for (int side = 0; side < 2; side++) {
                pt_str_addc(out, ',');
                add_cell(out, pt_linking_value(l, side ? q[i].b : q[i].a, f));
            }
        pt_str_addc(out, '\n');
    }
}

static pt_rc wrong_row(const char *path, uint64_t line, const char *message, pt_err *err)
{
    pt_fail(err, PT_EINVAL, "%s", message);
    pt_err_at(err, path, (int)line, 0);
    return PT_EINVAL;
}

static pt_rc find_ends(pt_link_label *out, const pt_link_answer_row *row, pt_link_find *find, const char *path,
                       pt_err *err)
{
    uint32_t a, b;

    PT_TRY(pt_link_find_first(&a, find, row->a, err));
    PT_TRY(pt_link_find_first(&b, find, row->b, err));
    if (a == PT_ID_NONE || b == PT_ID_NONE)
        return wrong_row(path, row->line, "the pair names a record there is not", err);
    a = pt_link_find_unit(find, a);
    b = pt_link_find_unit(find, b);
    if (a == b)
        return wrong_row(path, row->line, "both ends of the pair are one record", err);
    *out = (pt_link_label){a < b ? a : b, a < b ? b : a, row->same};
    return PT_OK;
}

pt_rc pt_link_review_read(pt_link_label **out, size_t *n, const char *path, pt_link_find *find, pt_arena *arena,
                          pt_err *err)
{
    pt_link_answer_row *rows;
    uint32_t a, b;

    PT_TRY(pt_link_answers_read(&rows, n, path, arena, err));
    if (!(*out = PT_NEW_ARRAY(arena, pt_link_label, *n + 1)))
        return pt_fail_nomem(err, "answers");
    for (size_t i = 0; i < *n; i++)
        PT_TRY(find_ends(&(*out)[i], &rows[i], find, path, err));
    pt_link_label *sorted = PT_NEW_ARRAY(arena, pt_link_label, *n + 1);
    if (!sorted)
        return pt_fail_nomem(err, "answers");
    memcpy(sorted, *out, *n * sizeof *sorted);
    size_t distinct = *n;
    if (!pt_link_labels_sort(sorted, &distinct, &a, &b))
        for (size_t i = *n; i-- > 0;)
            if ((*out)[i].a == a && (*out)[i].b == b)
                return wrong_row(path, rows[i].line, "the pair is answered both ways", err);
    *out = sorted;
    *n = distinct;
    return PT_OK;
}
