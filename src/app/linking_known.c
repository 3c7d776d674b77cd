/* What is known of groups before records are compared: which records equal identifiers and decisions join, which they keep apart, of
 * which columns a customer has one value. */
#include <stdlib.h>

#include "app/linking_rules.h"
#include "base/hash.h"
#include "form/form.h"

/* --- columns of which a customer has one value ------------------------------------------------------------------------------- */

static bool is_there(const pt_linking *l, uint32_t column)
{
    for (size_t i = 0; i < l->n_never; i++)
        if (l->never[i] == column)
            return true;
    return false;
}

static void add_never(pt_linking *l, uint32_t column)
{
    if (l->n_never < PT_COUNT(l->never) && !is_there(l, column))
        l->never[l->n_never++] = column;
}

/* Values of identifiers of one type, where they are the strongest of their records. */
static pt_rc never_of_type(pt_linking *l, uint32_t type, pt_err *err)
{
    pt_sv *values = pt_alloc64((size_t)l->n + 1, sizeof *values);
    uint32_t column, of;
    bool any = false;

    if (!values)
        return pt_fail_nomem(err, "records to compare");
    for (uint32_t i = 0; i < l->n; i++) {
        pt_sv value = pt_linking_identifier(l, i, &of);
        values[i] = of == type ? value : (pt_sv){0};
        any |= of == type;
    }
    pt_rc rc = PT_OK;
    if (any)
        rc = pt_link_add_texts(&l->setup.table, l->project->identity.types[type].name, values, l->n, &column, err);
    if (any && rc == PT_OK)
        add_never(l, column);
    free(values);
    return rc;
}

/* An identity card with the right check digit is hardly ever mistyped; one with a wrong one tells nothing. */
static void valid_card(void *ctx, pt_str *out, pt_sv value)
{
    pt_id_card card;

    (void)ctx;
    if (pt_form_id_card(&card, value) == PT_FORM_OK)
        pt_str_add(out, card.text);
}

static pt_rc never_cards(pt_linking *l, const pt_link_field *f, pt_err *err)
{
    uint32_t valid, column = f->column;

    PT_TRY(pt_link_derive(&l->setup.table, column, &(pt_link_derivation){"identity card", .text = valid_card}, &valid,
                          err));
    const pt_link_column *all = &l->setup.table.columns[column];
    uint64_t filled = 0, good = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        filled += all->codes[i] != 0;
        good += l->setup.table.columns[valid].codes[i] != 0;
    }
    if (good > filled / 2)
        add_never(l, valid);
    return PT_OK;
}

pt_rc linking_set_never(pt_linking *l, pt_err *err)
{
    const pt_link_config *c = l->project->link;

    for (size_t i = 0; i < c->n_never; i++) {
        if (c->never[i].type >= 0)
            PT_TRY(never_of_type(l, (uint32_t)c->never[i].type, err));
        int field = linking_field_named(l, (pt_sv){0}, pt_sv_of(c->never[i].name));
        if (field >= 0)
            add_never(l, l->setup.fields[field].column);
    }
    for (size_t f = 0; !c->n_never && f < l->n_fields; f++)
        if (l->fields[f].kind == PT_LINK_NUMBERED)
            PT_TRY(never_cards(l, &l->setup.fields[f], err));
    l->n_facts = l->n_never;
    for (uint32_t t = 0; t < l->project->identity.n_types; t++)
        if (l->project->identity.types[t].limit == 1)
            PT_TRY(never_of_type(l, t, err));
    return PT_OK;
}

static pt_rc tell_facts(pt_identity *g, const pt_linking *l, const uint32_t *nodes, pt_err *err)
{
    for (size_t k = 0; k < l->n_facts; k++) {
        const pt_link_column *c = &l->setup.table.columns[l->never[k]];
        for (uint32_t i = 0; i < l->n; i++) {
            if (!c->codes[i])
                continue;
            pt_sv text = l->setup.table.texts[l->never[k]][c->codes[i]];
            PT_TRY(pt_identity_fact(g, nodes[i], (uint32_t)k, pt_hash64(text.ptr, text.len), err));
        }
    }
    return PT_OK;
}

/* --- what equal identifiers join --------------------------------------------------------------------------------------------- */

static pt_rc take_standing(pt_identity *g, const pt_project *p, const pt_rows *rows, pt_err *err)
{
    const pt_sv *a_type = rows->cells[0].data, *a_value = rows->cells[1].data, *b_type = rows->cells[2].data,
                *b_value = rows->cells[3].data;
    const double *score = rows->cells[4].data;
    const uint32_t *since = rows->cells[5].data;
    uint32_t x, y;

    for (size_t i = 0; i < rows->n; i++) {
        int a = resolve_type_of(p, a_type[i]), b = resolve_type_of(p, b_type[i]);
        if (a < 0 || b < 0) /* of a source that the project no longer has */
            continue;
        PT_TRY(pt_identity_see(g, (uint32_t)a, a_value[i], &x, err));
        PT_TRY(pt_identity_see(g, (uint32_t)b, b_value[i], &y, err));
        PT_TRY(pt_identity_link(g, x, y, score[i], since[i], err));
    }
    return PT_OK;
}

static pt_rc read_standing(pt_identity *g, const pt_project *p, pt_conn *c, const pt_linking_options *options,
                           pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT a_type, a_value, b_type, b_value, score, since_build FROM identity.standing WHERE score >= 1"
                  " AND source <> '" RESOLVE_HAND "'");
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        if ((rc = pt_cancel_check(options->cancel, err)) == PT_OK)
            rc = take_standing(g, p, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

/* nodes: by record. */
static pt_rc see_records(uint32_t *nodes, pt_identity *g, const pt_linking *l, pt_err *err)
{
    for (uint32_t i = 0; i < l->n; i++) {
        uint32_t type;
        pt_sv value = pt_linking_identifier(l, i, &type);
        PT_TRY(pt_identity_see(g, type, value, &nodes[i], err));
    }
    return PT_OK;
}

/* first: by customer of the graph, its first record, or UINT32_MAX. */
static pt_rc first_of_each(pt_linking *l, uint32_t *first, const uint32_t *nodes, const pt_id_result *r, pt_err *err)
{
    uint32_t *start = PT_NEW_ARRAY(l->arena, uint32_t, (size_t)l->n + 1);

    if (!start)
        return pt_fail_nomem(err, "groups of records");
    memset(first, 0xff, ((size_t)r->n_customers + 1) * sizeof *first);
    for (uint32_t i = 0; i < l->n; i++) {
        uint32_t *f = &first[r->node_ordinal[nodes[i]]];
        start[i] = *f = *f == UINT32_MAX ? i : *f;
    }
    l->start = start;
    return PT_OK;
}

/* --- decisions --------------------------------------------------------------------------------------------------------------- */

/* The first record of the customer that has an identifier; UINT32_MAX when there is none. */
static uint32_t record_of(const pt_decision_end *end, pt_identity *g, const pt_linking *l, const uint32_t *first,
                          const pt_id_result *r)
{
    int type = resolve_type_of(l->project, end->type);
    uint32_t node;

    if (type < 0 || !pt_identity_find(g, (uint32_t)type, end->value, &node) || r->node_ordinal[node] == PT_ID_NONE)
        return UINT32_MAX;
    return first[r->node_ordinal[node]];
}

static pt_rc take_decisions(pt_linking *l, const pt_decisions *d, pt_identity *g, const uint32_t *first,
                            const pt_id_result *r, pt_err *err)
{
    struct pt_link_apart *apart = PT_NEW_ARRAY(l->arena, struct pt_link_apart, d->n);
    bool *pinned = PT_NEW_ARRAY(l->arena, bool, (size_t)l->n + 1);

    if (!apart || !pinned)
        return pt_fail_nomem(err, "decisions about records");
    for (size_t i = 0; i < d->n; i++) {
        const pt_decision *x = &d->items[i];
        if (x->undone || (x->kind != PT_DECISION_DIFFERENT && x->kind != PT_DECISION_PIN))
            continue;
        uint32_t a = record_of(&x->a, g, l, first, r), b = record_of(&x->b, g, l, first, r);
        if (x->kind == PT_DECISION_DIFFERENT && a != UINT32_MAX && b != UINT32_MAX && a != b)
            apart[l->n_apart++] = (struct pt_link_apart){a, b};
        if (x->kind == PT_DECISION_PIN && a != UINT32_MAX)
            pinned[a] = true;
        if (x->kind == PT_DECISION_PIN && b != UINT32_MAX)
            pinned[b] = true;
    }
    l->apart = apart;
    l->pinned = pinned;
    return PT_OK;
}

/* The record that has the identifier as its strongest one: the first of several; UINT32_MAX when there is none. */
static pt_rc own_record(uint32_t *out, const pt_decision_end *end, const pt_linking *l, pt_err *err)
{
    const uint32_t *records;
    size_t n;

    PT_TRY(pt_linking_find(&records, &n, l, resolve_type_of(l->project, end->type), end->value, l->arena, err));
    *out = n ? records[0] : UINT32_MAX;
    return PT_OK;
}

/* Labels, for `train: labels`: what people said of two records, whatever customers they are of now. What was taken along nobody has
 * looked at. */
static pt_rc take_labels(pt_linking *l, const pt_decisions *d, pt_err *err)
{
    pt_link_label *same = PT_NEW_ARRAY(l->arena, pt_link_label, d->n + 1);

    if (!same)
        return pt_fail_nomem(err, "decisions about records");
    for (size_t i = 0; i < d->n && l->project->link->train_labels; i++) {
        const pt_decision *x = &d->items[i];
        uint32_t a, b;
        if (x->undone || x->kind != PT_DECISION_SAME || pt_sv_eq(x->rule, PT_SV(PT_DECISION_ALONG)))
            continue;
        PT_TRY(own_record(&a, &x->a, l, err));
        PT_TRY(own_record(&b, &x->b, l, err));
        if (a != UINT32_MAX && b != UINT32_MAX && a != b)
            same[l->n_same++] = (pt_link_label){a < b ? a : b, a < b ? b : a, true};
    }
    l->same = same;
    return PT_OK;
}

/* --- all --------------------------------------------------------------------------------------------------------------------- */

static pt_rc settle(pt_linking *l, uint32_t *nodes, pt_identity *g, const pt_decisions *d, pt_conn *c,
                    const pt_linking_options *options, pt_err *err)
{
    const pt_id_result *r;

    PT_TRY(read_standing(g, l->project, c, options, err));
    PT_TRY(see_records(nodes, g, l, err));
    PT_TRY(tell_facts(g, l, nodes, err));
    PT_TRY(resolve_decide(g, d, l->project, err));
    PT_TRY(pt_identity_resolve(&r, g, 1, err));
    uint32_t *first = pt_alloc64((size_t)r->n_customers + 1, sizeof *first);
    pt_rc rc = first ? first_of_each(l, first, nodes, r, err) : pt_fail_nomem(err, "groups of records");
    if (rc == PT_OK)
        rc = take_decisions(l, d, g, first, r, err);
    free(first);
    return rc;
}

pt_rc linking_find_starts(pt_linking *l, pt_conn *c, const pt_linking_options *options, pt_err *err)
{
    pt_identity *g = NULL;
    pt_decisions decisions;
    uint32_t *nodes = pt_alloc64((size_t)l->n + 1, sizeof *nodes);
    pt_rc rc = nodes ? pt_decisions_load(&decisions, c, l->arena, err) : pt_fail_nomem(err, "groups of records");

    if (rc == PT_OK)
        rc = resolve_new_graph(&g, l->project, err);
    if (rc == PT_OK)
        rc = settle(l, nodes, g, &decisions, c, options, err);
    if (rc == PT_OK)
        rc = take_labels(l, &decisions, err);
    pt_identity_free(g);
    free(nodes);
    return rc;
}

pt_rc linking_tell(pt_identity *g, const pt_linking *l, pt_err *err)
{
    uint32_t *nodes = pt_alloc64((size_t)l->n + 1, sizeof *nodes);
    pt_rc rc = nodes ? see_records(nodes, g, l, err) : pt_fail_nomem(err, "groups of records");

    if (rc == PT_OK)
        rc = tell_facts(g, l, nodes, err);
    free(nodes);
    return rc;
}

/* --- what a build makes of links --------------------------------------------------------------------------------------------- */

static pt_rc add_links(pt_linking_settled *out, pt_identity *g, const pt_linking *l, const uint32_t *nodes,
                       pt_arena *arena, pt_err *err)
{
    const pt_link_pair *edges;
    size_t n;

    PT_TRY(pt_linking_edges(&edges, &n, l, arena, err));
    out->links = n;
    for (size_t i = 0; i < n; i++)
        PT_TRY(
            pt_identity_link(g, nodes[edges[i].a], nodes[edges[i].b], pt_linking_link_score(edges[i].weight), 1, err));
    return PT_OK;
}

static void count_refused(pt_linking_settled *out, const pt_id_result *r)
{
    for (size_t i = 0; i < r->n_refused; i++)
        out->refused += !r->refused[i].decision;
}

static pt_rc settle_links(pt_linking_settled *out, pt_identity *g, uint32_t *nodes, const pt_linking *l, pt_conn *c,
                          pt_cancel *cancel, pt_arena *arena, pt_err *err)
{
    pt_linking_options options = {.cancel = cancel};
    pt_decisions decisions;
    const pt_id_result *r;

    PT_TRY(pt_decisions_load(&decisions, c, arena, err));
    PT_TRY(read_standing(g, l->project, c, &options, err));
    PT_TRY(see_records(nodes, g, l, err));
    PT_TRY(tell_facts(g, l, nodes, err));
    PT_TRY(resolve_decide(g, &decisions, l->project, err));
    PT_TRY(add_links(out, g, l, nodes, arena, err));
    PT_TRY(pt_identity_resolve(&r, g, 1, err));
    count_refused(out, r);
    uint32_t *first = pt_alloc64((size_t)r->n_customers + 1, sizeof *first);
    if (!first)
        return pt_fail_nomem(err, "customers");
    memset(first, 0xff, ((size_t)r->n_customers + 1) * sizeof *first);
    for (uint32_t i = 0; i < l->n; i++) {
        uint32_t *f = &first[r->node_ordinal[nodes[i]]];
        out->customer[i] = *f = *f == UINT32_MAX ? i : *f;
    }
    free(first);
    return PT_OK;
}

pt_rc pt_linking_settle(pt_linking_settled *out, const pt_linking *l, pt_conn *c, pt_cancel *cancel, pt_arena *arena,
                        pt_err *err)
{
    pt_identity *g = NULL;
    uint32_t *nodes = pt_alloc64((size_t)l->n + 1, sizeof *nodes);

    *out = (pt_linking_settled){.customer = PT_NEW_ARRAY(arena, uint32_t, (size_t)l->n + 1)};
    pt_rc rc = nodes && out->customer ? resolve_new_graph(&g, l->project, err) : pt_fail_nomem(err, "customers");
    if (rc == PT_OK)
        rc = settle_links(out, g, nodes, l, c, cancel, arena, err);
    pt_identity_free(g);
    free(nodes);
    return rc;
}
