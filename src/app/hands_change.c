/* What a decision will change: the part of the graph that hangs together with it is read from the store and settled in memory,
 * as the next build will settle it. */
#include <stdlib.h>

#include "app/hands_int.h"

/* --- what hangs together ------------------------------------------------------------------------------------------ */

static const char start_sql[] = "CREATE OR REPLACE TEMP TABLE hand_found(type VARCHAR, value VARCHAR);"
                                "CREATE OR REPLACE TEMP TABLE hand_front(type VARCHAR, value VARCHAR);"
                                "CREATE OR REPLACE TEMP TABLE hand_pairs(a_type VARCHAR, a_value VARCHAR,"
                                " b_type VARCHAR, b_value VARCHAR)";

/* One step further from the identifiers that were found last. */
static const char step_sql[] =
    "INSERT INTO temp.hand_found SELECT * FROM temp.hand_front;"
    "CREATE OR REPLACE TEMP TABLE hand_front AS SELECT type, value FROM ("
    " SELECT b_type AS type, b_value AS value FROM identity.standing AS s SEMI JOIN temp.hand_front AS f"
    "  ON s.a_type = f.type AND s.a_value = f.value"
    " UNION SELECT a_type, a_value FROM identity.standing AS s SEMI JOIN temp.hand_front AS f"
    "  ON s.b_type = f.type AND s.b_value = f.value"
    " UNION SELECT b_type, b_value FROM temp.hand_pairs AS s SEMI JOIN temp.hand_front AS f"
    "  ON s.a_type = f.type AND s.a_value = f.value"
    " UNION SELECT a_type, a_value FROM temp.hand_pairs AS s SEMI JOIN temp.hand_front AS f"
    "  ON s.b_type = f.type AND s.b_value = f.value"
    ") ANTI JOIN temp.hand_found USING (type, value)";

enum { BATCH = 500 };

static void add_end(pt_sql *q, const pt_decision_end *end)
{
    pt_sql_bind_text(q, end->type);
    pt_sql_kw(q, ",");
    pt_sql_bind_text(q, end->value);
}

static bool joins(const pt_decision *d)
{
    return d->kind == PT_DECISION_SAME || d->kind == PT_DECISION_PIN;
}

static pt_rc run_batch(pt_sql *q, size_t n, pt_conn *c, pt_err *err)
{
    pt_rc rc = n ? pt_exec(c, q, NULL, err) : PT_OK;

    pt_sql_free(q);
    return rc;
}

static pt_rc add_pairs(const pt_decisions *all, pt_conn *c, pt_err *err)
{
    for (size_t i = 0; i < all->n;) {
        pt_sql q = {0};
        size_t n = 0;
        pt_sql_kw(&q, "INSERT INTO temp.hand_pairs VALUES");
        for (; i < all->n && n < BATCH; i++) {
            if (!joins(&all->items[i]))
                continue;
            pt_sql_kw(&q, n++ ? ", (" : "(");
            add_end(&q, &all->items[i].a);
            pt_sql_kw(&q, ",");
            add_end(&q, &all->items[i].b);
            pt_sql_kw(&q, ")");
        }
        PT_TRY(run_batch(&q, n, c, err));
    }
    return PT_OK;
}

static pt_rc add_seeds(const pt_decision *rows, size_t n_rows, pt_conn *c, pt_err *err)
{
    for (size_t i = 0; i < n_rows;) {
        pt_sql q = {0};
        size_t n = 0;
        pt_sql_kw(&q, "INSERT INTO temp.hand_front SELECT DISTINCT * FROM (VALUES");
        for (; i < n_rows && n < BATCH; i++) {
            if (rows[i].kind == PT_DECISION_UNDO)
                continue;
            pt_sql_kw(&q, n++ ? ", (" : "(");
            add_end(&q, &rows[i].a);
            pt_sql_kw(&q, "), (");
            add_end(&q, &rows[i].b);
            pt_sql_kw(&q, ")");
        }
        pt_sql_kw(&q, ") AS v(type, value) ANTI JOIN temp.hand_front USING (type, value)");
        PT_TRY(run_batch(&q, n, c, err));
    }
    return PT_OK;
}

static pt_rc count_rows(int64_t *out, const char *sql, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, sql);
    pt_rc rc = pt_query_int(out, c, &q, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc spread(hand_component *h, pt_conn *c, pt_err *err)
{
    int64_t fresh, all;

    for (;;) {
        PT_TRY(count_rows(&fresh, "SELECT count(*) FROM temp.hand_front", c, err));
        PT_TRY(count_rows(&all, "SELECT count(*) FROM temp.hand_found", c, err));
        h->too_large = fresh + all > HAND_MOST_NODES;
        if (fresh == 0 || h->too_large)
            return PT_OK;
        PT_TRY(pt_exec_text(c, step_sql, err));
    }
}

/* --- reading it --------------------------------------------------------------------------------------------------- */

typedef pt_rc take_fn(hand_component *h, const pt_rows *rows, size_t i, pt_err *err);

static pt_rc each_row(hand_component *h, const char *sql, take_fn *take, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur = NULL;
    const pt_rows *rows;

    pt_sql_kw(&q, sql);
    pt_rc rc = pt_query(&cur, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        for (size_t i = 0; i < rows->n && rc == PT_OK; i++)
            rc = take(h, rows, i, err);
    pt_cursor_close(cur);
    pt_sql_free(&q);
    return rc;
}

static pt_sv text_at(const pt_rows *rows, size_t column, size_t i)
{
    return ((const pt_sv *)rows->cells[column].data)[i];
}

static uint32_t number_at(const pt_rows *rows, size_t column, size_t i)
{
    return ((const uint32_t *)rows->cells[column].data)[i];
}

static uint32_t ordinal_in(const pt_directory *d, pt_sv type, pt_sv value)
{
    for (size_t t = 0; t < pt_directory_types(d); t++)
        if (pt_sv_eq(pt_sv_of(pt_directory_type_name(d, t)), type))
            return pt_directory_find(d, (int)t, value);
    return PT_ID_NONE;
}

static pt_rc take_node(hand_component *h, const pt_rows *rows, size_t i, pt_err *err)
{
    pt_sv type = text_at(rows, 0, i), value = text_at(rows, 1, i);
    int kind = resolve_type_of(h->project, type);
    const char *copy = kind < 0 ? NULL : pt_arena_strndup(h->arena, value.ptr, value.len);

    if (kind < 0)
        return PT_OK;
    if (!copy)
        return pt_fail_nomem(err, "identifiers");
    hand_node *n = &h->nodes[h->n_nodes++];
    *n = (hand_node){.type = pt_sv_of(h->project->identity.types[kind].name),
                     .value = {copy, value.len},
                     .kind = (uint32_t)kind,
                     .home = number_at(rows, 2, i)};
    n->before = n->after = ordinal_in(h->directory, n->type, n->value);
    n->seen = n->before != PT_ID_NONE;
    return PT_OK;
}

static int by_strength(const void *left, const void *right, void *ctx)
{
    const hand_node *x = left, *y = right;
    const pt_identifier_type *types = ((const pt_project *)ctx)->identity.types;

    if (types[x->kind].priority != types[y->kind].priority)
        return types[x->kind].priority < types[y->kind].priority ? -1 : 1;
    int order = pt_sv_cmp(x->type, y->type);
    return order ? order : pt_sv_cmp(x->value, y->value);
}

int64_t hand_find(const hand_component *h, const pt_decision_end *end)
{
    int kind = resolve_type_of(h->project, end->type);
    const hand_node key = {.type = end->type, .value = end->value, .kind = (uint32_t)kind};
    size_t low = 0, high = h->n_nodes;

    if (kind < 0)
        return -1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = by_strength(&key, &h->nodes[middle], (void *)h->project);
        if (order == 0)
            return (int64_t)middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}

static pt_rc take_link(hand_component *h, const pt_rows *rows, size_t i, pt_err *err)
{
    int64_t a = hand_find(h, &(pt_decision_end){text_at(rows, 0, i), text_at(rows, 1, i)}),
            b = hand_find(h, &(pt_decision_end){text_at(rows, 2, i), text_at(rows, 3, i)});

    (void)err;
    if (a >= 0 && b >= 0)
        h->links[h->n_links++] =
            (hand_link){(uint32_t)a, (uint32_t)b, ((const double *)rows->cells[4].data)[i], number_at(rows, 5, i)};
    return PT_OK;
}

static pt_rc take_owner(hand_component *h, const pt_rows *rows, size_t i, pt_err *err)
{
    pt_sv id = text_at(rows, 1, i);
    const char *copy = pt_arena_strndup(h->arena, id.ptr, id.len);

    if (!copy)
        return pt_fail_nomem(err, "customers");
    h->owners[h->n_owners++] = (hand_owner){
        .ordinal = number_at(rows, 0, i), .id = copy, .born = number_at(rows, 2, i), .forward = number_at(rows, 3, i)};
    return PT_OK;
}

static const char links_sql[] =
    "SELECT a_type, a_value, b_type, b_value, score, since_build FROM identity.standing AS s"
    " SEMI JOIN temp.hand_found AS f ON s.a_type = f.type AND s.a_value = f.value"
    " WHERE source <> '" RESOLVE_HAND "'";

static pt_rc read_component(hand_component *h, pt_conn *c, pt_err *err)
{
    int64_t n_links;

    PT_TRY(count_rows(&n_links,
                      "SELECT count(*) FROM identity.standing AS s SEMI JOIN temp.hand_found AS f"
                      " ON s.a_type = f.type AND s.a_value = f.value",
                      c, err));
    h->nodes = PT_NEW_ARRAY(h->arena, hand_node, HAND_MOST_NODES);
    h->owners = PT_NEW_ARRAY(h->arena, hand_owner, HAND_MOST_NODES);
    h->links = PT_NEW_ARRAY(h->arena, hand_link, (size_t)n_links);
    if (!h->nodes || !h->owners || !h->links)
        return pt_fail_nomem(err, "identifiers");
    PT_TRY(each_row(h,
                    "SELECT n.type, n.value, n.home FROM identity.nodes AS n SEMI JOIN temp.hand_found"
                    " USING (type, value)",
                    take_node, c, err));
    qsort_r(h->nodes, h->n_nodes, sizeof *h->nodes, by_strength, (void *)h->project);
    PT_TRY(each_row(h, links_sql, take_link, c, err));
    return each_row(h,
                    "SELECT ordinal, id, born_build, forward FROM identity.customers WHERE ordinal IN"
                    " (SELECT home FROM identity.nodes SEMI JOIN temp.hand_found USING (type, value)) ORDER BY ordinal",
                    take_owner, c, err);
}

pt_rc hand_gather(hand_component *out, const pt_view *v, const pt_decisions *all, const pt_decision *rows,
                  size_t n_rows, pt_conn *c, pt_arena *arena, pt_err *err)
{
    int64_t build = 0;

    *out = (hand_component){.project = v->project,
                            .directory = v->directory,
                            .arena = arena,
                            .n_ordinals = pt_directory_ordinals(v->directory)};
    PT_TRY(count_rows(&build, "SELECT coalesce(max(build), 0) FROM identity.builds", c, err));
    out->build = (uint32_t)build + 1;
    PT_TRY(pt_exec_text(c, start_sql, err));
    PT_TRY(add_pairs(all, c, err));
    PT_TRY(add_seeds(rows, n_rows, c, err));
    PT_TRY(spread(out, c, err));
    return out->too_large ? PT_OK : read_component(out, c, err);
}

/* --- settling it -------------------------------------------------------------------------------------------------- */

/* Customers are numbered among themselves here, in the same order. */
static uint32_t local_owner(const hand_component *h, uint32_t ordinal, uint32_t otherwise)
{
    size_t low = 0, high = h->n_owners;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->owners[middle].ordinal < ordinal)
            low = middle + 1;
        else
            high = middle;
    }
    return low < h->n_owners && h->owners[low].ordinal == ordinal ? (uint32_t)low : otherwise;
}

static uint32_t global_owner(const hand_component *h, uint32_t local)
{
    if (local == PT_ID_NONE)
        return PT_ID_NONE;
    return local < h->n_owners ? h->owners[local].ordinal : h->n_ordinals + (local - (uint32_t)h->n_owners);
}

static pt_rc observe(pt_identity *g, const hand_component *h, uint32_t *number, pt_err *err)
{
    for (uint32_t i = 0; i < h->n_owners; i++) {
        const hand_owner *o = &h->owners[i];
        PT_TRY(pt_identity_add_customer(g, pt_sv_of(o->id), o->born, local_owner(h, o->forward, i), err));
    }
    for (size_t i = 0; i < h->n_nodes; i++) {
        const hand_node *n = &h->nodes[i];
        uint32_t home = local_owner(h, n->home, PT_ID_NONE);
        if (home != PT_ID_NONE)
            PT_TRY(pt_identity_add_node(g, n->kind, n->value, home, err));
        if (n->seen)
            PT_TRY(pt_identity_see(g, n->kind, n->value, &number[i], err));
        else
            PT_TRY(pt_identity_name(g, n->kind, n->value, &number[i], err));
    }
    for (size_t i = 0; i < h->n_links; i++) {
        const hand_link *l = &h->links[i];
        if (h->nodes[l->a].seen && h->nodes[l->b].seen && !(h->sure_only && l->score < 1))
            PT_TRY(pt_identity_link(g, number[l->a], number[l->b], l->score, l->since, err));
    }
    return PT_OK;
}

static bool names_node(const pt_identity *g, uint32_t node, const pt_decision_end *end, const pt_project *p)
{
    uint32_t type;
    pt_sv value = pt_identity_node_value(g, node, &type);

    return pt_sv_eq(value, end->value) && pt_sv_eq(end->type, pt_sv_of(p->identity.types[type].name));
}

static const pt_decision *decision_of(const pt_id_refused *f, const pt_identity *g, const pt_decisions *all,
                                      const pt_project *p)
{
    for (size_t i = 0; i < all->n; i++) {
        const pt_decision *d = &all->items[i];
        if (d->number != f->decision || d->kind == PT_DECISION_UNDO)
            continue;
        if ((names_node(g, f->a, &d->a, p) && names_node(g, f->b, &d->b, p)) ||
            (names_node(g, f->a, &d->b, p) && names_node(g, f->b, &d->a, p)))
            return d;
    }
    return NULL;
}

static pt_rc list_refused(pt_hand_refused **out, size_t *n, const hand_component *h, const pt_id_result *r,
                          const pt_identity *g, const pt_decisions *all, pt_err *err)
{
    *n = 0;
    if (!(*out = PT_NEW_ARRAY(h->arena, pt_hand_refused, r->n_refused)))
        return pt_fail_nomem(err, "refused decisions");
    for (size_t i = 0; i < r->n_refused; i++) {
        const pt_id_refused *f = &r->refused[i];
        const pt_decision *d = f->decision ? decision_of(f, g, all, h->project) : NULL;
        const char *type = f->reason == PT_ID_OVER_LIMIT ? h->project->identity.types[f->type].name : NULL;
        if (d)
            (*out)[(*n)++] = (pt_hand_refused){d, (pt_id_reason)f->reason, type, f->size, f->because};
    }
    return PT_OK;
}

static void take_result(hand_component *h, const pt_id_result *r, const uint32_t *number)
{
    for (size_t i = 0; i < h->n_nodes; i++)
        h->nodes[i].after = global_owner(h, r->node_ordinal[number[i]]);
    for (size_t i = 0; i < h->n_owners; i++)
        h->owners[i].forward_after = global_owner(h, r->forward[i]);
}

pt_rc hand_settle(hand_component *h, const pt_decisions *decisions, pt_hand_refused **refused, size_t *n_refused,
                  pt_err *err)
{
    uint32_t *number = pt_zalloc(h->n_nodes + 1, sizeof *number);
    pt_identity *g = NULL;
    const pt_id_result *r;
    pt_rc rc = number ? resolve_new_graph(&g, h->project, err) : pt_fail_nomem(err, "identifiers");

    if (rc == PT_OK)
        rc = observe(g, h, number, err);
    if (rc == PT_OK)
        rc = resolve_decide(g, decisions, h->project, err);
    if (rc == PT_OK)
        rc = pt_identity_resolve(&r, g, h->build, err);
    if (rc == PT_OK)
        take_result(h, r, number);
    if (rc == PT_OK && refused)
        rc = list_refused(refused, n_refused, h, r, g, decisions, err);
    pt_identity_free(g);
    free(number);
    return rc;
}

/* --- before and after --------------------------------------------------------------------------------------------- */

/* A set of ordinals, rising. */
typedef struct ordinals {
    uint32_t *items;
    size_t n;
} ordinals;

static int by_ordinal(const void *left, const void *right)
{
    uint32_t x = *(const uint32_t *)left, y = *(const uint32_t *)right;

    return x < y ? -1 : x > y;
}

static void make_set(ordinals *s)
{
    size_t kept = 0;

    if (s->n)
        qsort(s->items, s->n, sizeof *s->items, by_ordinal);
    for (size_t i = 0; i < s->n; i++)
        if (!i || s->items[i] != s->items[kept - 1])
            s->items[kept++] = s->items[i];
    s->n = kept;
}

static size_t place_in(const ordinals *s, uint32_t ordinal)
{
    const uint32_t *at = s->n ? bsearch(&ordinal, s->items, s->n, sizeof *s->items, by_ordinal) : NULL;

    return at ? (size_t)(at - s->items) : SIZE_MAX;
}

/* Customers with an identifier that leaves or comes. */
static bool changed_ordinals(ordinals *out, const hand_component *h)
{
    if (!(out->items = PT_NEW_ARRAY(h->arena, uint32_t, 2 * h->n_nodes)))
        return false;
    for (size_t i = 0; i < h->n_nodes; i++) {
        const hand_node *n = &h->nodes[i];
        if (n->before == n->after)
            continue;
        out->items[out->n++] = n->before;
        out->items[out->n++] = n->after;
    }
    make_set(out);
    return true;
}

static bool side_ordinals(ordinals *out, const hand_component *h, const ordinals *changed, bool after)
{
    if (!(out->items = PT_NEW_ARRAY(h->arena, uint32_t, h->n_nodes)))
        return false;
    for (size_t i = 0; i < h->n_nodes; i++) {
        uint32_t ordinal = after ? h->nodes[i].after : h->nodes[i].before;
        if (h->nodes[i].seen && place_in(changed, ordinal) != SIZE_MAX)
            out->items[out->n++] = ordinal;
    }
    make_set(out);
    return true;
}

static const char *id_of(const hand_component *h, uint32_t ordinal)
{
    pt_sv id = ordinal < h->n_ordinals ? pt_directory_id(h->directory, ordinal) : (pt_sv){0};

    return id.len ? pt_arena_strndup(h->arena, id.ptr, id.len) : NULL;
}

static pt_hand_customer *make_side(const hand_component *h, const ordinals *side)
{
    pt_hand_customer *list = PT_NEW_ARRAY(h->arena, pt_hand_customer, side->n);

    for (size_t i = 0; list && i < side->n; i++)
        list[i] = (pt_hand_customer){.id = id_of(h, side->items[i])};
    return list;
}

static void find_survivors(pt_hand_customer *list, const hand_component *h, const ordinals *before,
                           const ordinals *after)
{
    for (size_t i = 0; i < before->n; i++) {
        uint32_t owner = local_owner(h, before->items[i], PT_ID_NONE);
        if (owner != PT_ID_NONE && place_in(after, before->items[i]) == SIZE_MAX)
            list[i].survivor = id_of(h, h->owners[owner].forward_after);
    }
}

static bool list_identifiers(pt_hand_change *out, const hand_component *h, const ordinals *before,
                             const ordinals *after, pt_hand_customer *was, pt_hand_customer *is)
{
    pt_hand_identifier *list = PT_NEW_ARRAY(h->arena, pt_hand_identifier, h->n_nodes);

    for (size_t i = 0; list && i < h->n_nodes; i++) {
        const hand_node *n = &h->nodes[i];
        size_t x = place_in(before, n->before), y = place_in(after, n->after);
        if (!n->seen || x == SIZE_MAX || y == SIZE_MAX)
            continue;
        list[out->n_identifiers++] = (pt_hand_identifier){n->type, n->value, x, y};
        was[x].identifiers++;
        is[y].identifiers++;
    }
    out->identifiers = list;
    return list != NULL;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static pt_rc put_identifiers(const pt_hand_change *change, pt_conn *c, pt_err *err)
{
    PT_TRY(pt_exec_text(c,
                        "CREATE OR REPLACE TEMP TABLE hand_moved(type VARCHAR, value VARCHAR, old UINTEGER,"
                        " new UINTEGER)",
                        err));
    for (size_t i = 0; i < change->n_identifiers;) {
        pt_sql q = {0};
        size_t n = 0;
        pt_sql_kw(&q, "INSERT INTO temp.hand_moved VALUES");
        for (; i < change->n_identifiers && n < BATCH; i++) {
            const pt_hand_identifier *it = &change->identifiers[i];
            pt_sql_kw(&q, n++ ? ", (" : "(");
            add_end(&q, &(pt_decision_end){it->type, it->value});
            pt_sql_kw(&q, ",");
            pt_sql_bind_int(&q, (int64_t)it->before);
            pt_sql_kw(&q, ",");
            pt_sql_bind_int(&q, (int64_t)it->after);
            pt_sql_kw(&q, ")");
        }
        PT_TRY(run_batch(&q, n, c, err));
    }
    return PT_OK;
}

static pt_rc count_source(pt_hand_customer *was, pt_hand_customer *is, const pt_project *p, size_t source, pt_conn *c,
                          pt_err *err)
{
    resolve_types t;
    pt_sql q = {0};
    pt_cursor *cur = NULL;
    const pt_rows *rows;

    resolve_source_types(&t, p, source);
    pt_sql_kw(&q, "SELECT m.old, m.new, CAST(count(*) AS DOUBLE) FROM clean.");
    pt_sql_ident(&q, p->sources[source].name);
    pt_sql_kw(&q, "AS s JOIN temp.hand_moved AS m ON m.type =");
    resolve_add_strongest(&q, &t, false);
    pt_sql_kw(&q, "AND m.value =");
    resolve_add_strongest(&q, &t, true);
    pt_sql_kw(&q, "GROUP BY ALL");
    pt_rc rc = pt_query(&cur, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        for (size_t i = 0; i < rows->n; i++) {
            uint64_t n = (uint64_t)((const double *)rows->cells[2].data)[i];
            was[number_at(rows, 0, i)].rows += n;
            is[number_at(rows, 1, i)].rows += n;
        }
    pt_cursor_close(cur);
    pt_sql_free(&q);
    return rc;
}

/* Sources that are not as they were built have other columns: then nothing is said of rows. */
static pt_rc count_all(pt_hand_change *out, pt_hand_customer *was, pt_hand_customer *is, const pt_project *p,
                       pt_conn *c, pt_err *err)
{
    PT_TRY(put_identifiers(out, c, err));
    out->rows_known = true;
    for (size_t s = 0; s < p->n_sources && out->rows_known; s++)
        if (resolve_has_customers(&p->sources[s]))
            out->rows_known = count_source(was, is, p, s, c, NULL) == PT_OK;
    return PT_OK;
}

pt_rc hand_compare(pt_hand_change *out, const hand_component *h, pt_conn *c, pt_err *err)
{
    ordinals changed = {0}, before = {0}, after = {0};
    pt_hand_customer *was, *is;

    if (!changed_ordinals(&changed, h) || !side_ordinals(&before, h, &changed, false) ||
        !side_ordinals(&after, h, &changed, true) || !(was = make_side(h, &before)) || !(is = make_side(h, &after)) ||
        !list_identifiers(out, h, &before, &after, was, is))
        return pt_fail_nomem(err, "what changes");
    find_survivors(was, h, &before, &after);
    out->before = was;
    out->n_before = before.n;
    out->after = is;
    out->n_after = after.n;
    return before.n ? count_all(out, was, is, h->project, c, err) : PT_OK;
}
