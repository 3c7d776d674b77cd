/* From what people ask for to decisions, and the list of decisions. */
#include "app/hands.h"

#include "app/app_int.h"
#include "app/clock.h"
#include "app/finder.h"
#include "app/hands_int.h"
#include "base/io.h"

/* One request at work. */
typedef struct hand {
    const pt_hand_request *request;
    pt_arena *arena;
    pt_view *view;
    pt_finder *finder;
    pt_conn *conn;
    pt_decisions all;  /* made so far */
    pt_decision *rows; /* this one's */
    size_t n_rows;
    const pt_decision *seeds; /* whose identifiers it is about: its rows, or those it undoes */
    size_t n_seeds;
    pt_hand_result *out;
} hand;

/* --- customers and identifiers as people name them ---------------------------------------------------------------- */

static pt_rc find_customer(uint32_t *out, hand *h, const char *who, pt_err *err)
{
    PT_TRY(pt_finder_any(out, h->finder, pt_sv_of(who), err));
    PT_TRY(pt_view_named(pt_directory_damage(h->view->directory, err), PT_FILE_DIRECTORY, err));
    if (*out != PT_ID_NONE)
        return PT_OK;
    pt_fail(err, PT_ENOTFOUND, "no customer has this id or identifier");
    return pt_err_hint(err, "a customer id, TYPE:VALUE such as phone:13800000000, or a value alone");
}

static bool identifier_at(pt_decision_end *out, const hand *h, uint32_t ordinal, uint32_t k, uint32_t *type)
{
    const pt_directory *d = h->view->directory;

    if (!pt_directory_identifier(d, ordinal, k, type, &out->value))
        return false;
    out->type = pt_sv_of(pt_directory_type_name(d, *type));
    return true;
}

static uint32_t count_identifiers(const hand *h, uint32_t ordinal)
{
    pt_decision_end end;
    uint32_t n = 0, type;

    while (identifier_at(&end, h, ordinal, n, &type))
        n++;
    return n;
}

static pt_rc strongest(pt_decision_end *out, const hand *h, uint32_t ordinal, pt_err *err)
{
    uint32_t type;

    if (identifier_at(out, h, ordinal, 0, &type))
        return PT_OK;
    PT_TRY(pt_view_named(pt_directory_damage(h->view->directory, err), PT_FILE_DIRECTORY, err));
    return pt_fail(err, PT_ENOTFOUND, "this customer has no identifiers any more");
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static pt_rc room_for(hand *h, size_t n, pt_err *err)
{
    h->rows = PT_NEW_ARRAY(h->arena, pt_decision, n);
    return h->rows ? PT_OK : pt_fail_nomem(err, "decisions");
}

static pt_decision *add_row(hand *h, pt_decision_kind kind)
{
    pt_decision *d = &h->rows[h->n_rows++];

    *d = (pt_decision){.kind = kind,
                       .rule = PT_SV(PT_DECISION_HAND),
                       .who = h->request->by,
                       .why = h->request->why,
                       .number = (h->all.n ? h->all.items[h->all.n - 1].number : 0) + 1};
    return d;
}

static void add_pair(hand *h, pt_decision_kind kind, pt_decision_end a, pt_decision_end b)
{
    pt_decision *d = add_row(h, kind);

    d->a = a;
    d->b = b;
}

/* What was not asked for and is needed for what was. */
static void add_along(hand *h, pt_decision_kind kind, pt_decision_end a, pt_decision_end b)
{
    add_pair(h, kind, a, b);
    h->rows[h->n_rows - 1].rule = PT_SV(PT_DECISION_ALONG);
}

static void add_undo(hand *h, uint32_t number)
{
    add_row(h, PT_DECISION_UNDO)->undoes = number;
}

/* All decisions, this one with them. */
static pt_rc with_rows(pt_decisions *out, const hand *h, pt_err *err)
{
    size_t n = h->all.n + h->n_rows;
    pt_decision *items = PT_NEW_ARRAY(h->arena, pt_decision, n);

    if (!items)
        return pt_fail_nomem(err, "decisions");
    if (h->all.n)
        memcpy(items, h->all.items, h->all.n * sizeof *items);
    memcpy(items + h->all.n, h->rows, h->n_rows * sizeof *items);
    pt_decisions_mark(items, n);
    *out = (pt_decisions){items, n};
    return PT_OK;
}

static pt_rc gather(hand_component *component, hand *h, pt_err *err)
{
    return hand_gather(component, h->view, &h->all, h->seeds, h->n_seeds, h->conn, h->arena, err);
}

static void seed_with_rows(hand *h)
{
    h->seeds = h->rows;
    h->n_seeds = h->n_rows;
}

static uint32_t group_of(const hand_component *c, const pt_decision_end *end)
{
    int64_t at = hand_find(c, end);

    return at < 0 ? PT_ID_NONE : c->nodes[at].after;
}

/* --- parts that only likenesses hold together --------------------------------------------------------------------- */

/* The identifiers of a customer, strongest first, each with its group as things are decided, and without likenesses. A build finds
 * likenesses anew, under what was decided, so that a decision about a customer has to name each part that no sure link holds. */
typedef struct hand_parts {
    pt_decision_end *ends;
    uint32_t *now, *sure;
    uint32_t n;
} hand_parts;

static pt_rc find_parts(hand_parts *p, hand *h, uint32_t ordinal, hand_component *c, pt_err *err)
{
    uint32_t type, n = count_identifiers(h, ordinal);

    *p = (hand_parts){.ends = PT_NEW_ARRAY(h->arena, pt_decision_end, n),
                      .now = PT_NEW_ARRAY(h->arena, uint32_t, n),
                      .sure = PT_NEW_ARRAY(h->arena, uint32_t, n)};
    if (!p->ends || !p->now || !p->sure)
        return pt_fail_nomem(err, "identifiers");
    for (uint32_t k = 0; k < n; k++)
        p->n += identifier_at(&p->ends[p->n], h, ordinal, k, &type);
    PT_TRY(hand_settle(c, &h->all, NULL, NULL, err));
    for (uint32_t k = 0; k < p->n; k++)
        p->now[k] = group_of(c, &p->ends[k]);
    c->sure_only = true;
    pt_rc rc = hand_settle(c, &h->all, NULL, NULL, err);
    c->sure_only = false;
    for (uint32_t k = 0; k < p->n; k++)
        p->sure[k] = group_of(c, &p->ends[k]);
    return rc;
}

/* Whether the k-th begins a part: no stronger one that `skip` does not name is in it. */
static bool begins_part(const hand_parts *p, uint32_t k, const bool *skip)
{
    for (uint32_t j = 0; j < k; j++)
        if (!(skip && skip[j]) && p->sure[j] == p->sure[k])
            return false;
    return true;
}

/* --- merge -------------------------------------------------------------------------------------------------------- */

static bool together(const hand_component *c, const pt_decision *d)
{
    int64_t a = hand_find(c, &d->a), b = hand_find(c, &d->b);

    return a >= 0 && b >= 0 && c->nodes[a].after == c->nodes[b].after;
}

/* As they stand with what is decided already, built or not. */
static pt_rc check_apart(hand *h, pt_err *err)
{
    hand_component c;

    PT_TRY(gather(&c, h, err));
    if (c.too_large)
        return PT_OK;
    PT_TRY(hand_settle(&c, &h->all, NULL, NULL, err));
    for (size_t i = 0; i < h->n_rows; i++)
        if (!together(&c, &h->rows[i]))
            return PT_OK;
    return pt_fail(err, PT_EINVAL, "these are one customer already");
}

/* What only likenesses join to one of the customers comes along, however little it is like the other. */
static pt_rc bring_parts(hand *h, const pt_decision_end *first, const uint32_t *customers, size_t n, pt_err *err)
{
    hand_component c;

    PT_TRY(gather(&c, h, err));
    for (size_t i = 0; i < n && !c.too_large; i++) {
        hand_parts p;
        PT_TRY(find_parts(&p, h, customers[i], &c, err));
        for (uint32_t k = 1; k < p.n && h->n_rows < PT_DECISION_ROWS; k++)
            if (p.now[k] == p.now[0] && begins_part(&p, k, NULL))
                add_along(h, PT_DECISION_SAME, *first, p.ends[k]);
    }
    seed_with_rows(h);
    return PT_OK;
}

static pt_rc merge(hand *h, pt_err *err)
{
    const pt_hand_request *q = h->request;
    pt_decision_end first, end;
    uint32_t *customers = PT_NEW_ARRAY(h->arena, uint32_t, q->n_args);

    if (q->n_args < 2)
        return pt_fail(err, PT_EINVAL, "a merge is of two customers or more");
    if (!customers)
        return pt_fail_nomem(err, "customers");
    PT_TRY(room_for(h, q->n_args + PT_DECISION_ROWS, err));
    PT_TRY(find_customer(&customers[0], h, q->args[0], err));
    PT_TRY(strongest(&first, h, customers[0], err));
    for (size_t i = 1; i < q->n_args; i++) {
        PT_TRY(find_customer(&customers[i], h, q->args[i], err));
        PT_TRY(strongest(&end, h, customers[i], err));
        if (customers[i] != customers[0])
            add_pair(h, PT_DECISION_SAME, first, end);
    }
    if (!h->n_rows)
        return pt_fail(err, PT_EINVAL, "these are one customer already");
    seed_with_rows(h);
    PT_TRY(check_apart(h, err));
    return bring_parts(h, &first, customers, q->n_args, err);
}

/* --- split -------------------------------------------------------------------------------------------------------- */

/* The identifiers of the customer, those that leave marked. */
typedef struct parting {
    pt_decision_end *ends;
    bool *leaves;
    uint32_t n, n_leaving;
} parting;

static pt_rc mark_leaving(parting *s, const hand *h, uint32_t ordinal, const char *who, pt_err *err)
{
    bool found = false;

    for (uint32_t k = 0; k < s->n; k++) {
        pt_decision_end end;
        uint32_t type = 0;
        bool is_it;
        if (!identifier_at(&end, h, ordinal, k, &type))
            continue;
        PT_TRY(pt_finder_names(&is_it, h->finder, pt_sv_of(who), type, end.value, err));
        if (!is_it)
            continue;
        if (found) {
            pt_fail(err, PT_EINVAL, "this customer has identifiers of several types with this value");
            return pt_err_hint(err, "name one as TYPE:VALUE");
        }
        found = true;
        s->n_leaving += !s->leaves[k];
        s->leaves[k] = true;
    }
    if (found)
        return PT_OK;
    pt_fail(err, PT_ENOTFOUND, "this customer has no such identifier");
    return pt_err_hint(err, "portrait show ID --identities lists them");
}

static pt_rc list_parting(parting *s, hand *h, uint32_t ordinal, pt_err *err)
{
    const pt_hand_request *q = h->request;
    uint32_t type;

    s->n = count_identifiers(h, ordinal);
    s->ends = PT_NEW_ARRAY(h->arena, pt_decision_end, s->n);
    s->leaves = PT_NEW_ARRAY(h->arena, bool, s->n);
    if (!s->ends || !s->leaves)
        return pt_fail_nomem(err, "identifiers");
    for (uint32_t k = 0; k < s->n; k++)
        identifier_at(&s->ends[k], h, ordinal, k, &type);
    for (size_t i = 1; i < q->n_args; i++)
        PT_TRY(mark_leaving(s, h, ordinal, q->args[i], err));
    if (s->n_leaving < s->n)
        return PT_OK;
    pt_fail(err, PT_EINVAL, "at least one identifier has to stay");
    return pt_err_hint(err, "name those that leave");
}

/* The first one that stays and is not with `rest`, the strongest of them; n when all are. */
static uint32_t first_astray(const parting *s, const hand_component *c, uint32_t rest)
{
    uint32_t k = 0;

    while (k < s->n && (s->leaves[k] || group_of(c, &s->ends[k]) == group_of(c, &s->ends[rest])))
        k++;
    return k;
}

/* The strongest one that leaves and is in the same group; n when none is. */
static uint32_t leaver_with(const parting *s, const hand_component *c, uint32_t other)
{
    uint32_t k = 0;

    while (k < s->n && (!s->leaves[k] || group_of(c, &s->ends[k]) != group_of(c, &s->ends[other])))
        k++;
    return k;
}

/* Those that leave are different from the strongest that stays. Where one that stays would go along with one that leaves, these two
 * are different, too; where it would be left alone, it stays by being the same. */
static pt_rc add_until_parted(hand *h, const parting *s, uint32_t rest, pt_err *err)
{
    hand_component c;
    pt_decisions all;

    PT_TRY(gather(&c, h, err));
    if (c.too_large)
        return PT_OK;
    for (;;) {
        PT_TRY(with_rows(&all, h, err));
        PT_TRY(hand_settle(&c, &all, NULL, NULL, err));
        uint32_t astray = first_astray(s, &c, rest);
        if (astray == s->n)
            return PT_OK;
        uint32_t with = leaver_with(s, &c, astray);
        if (h->n_rows == PT_DECISION_ROWS)
            return pt_fail(err, PT_EINVAL, "this customer cannot be taken apart that way");
        if (with < s->n)
            add_along(h, PT_DECISION_DIFFERENT, s->ends[with], s->ends[astray]);
        else
            add_along(h, PT_DECISION_SAME, s->ends[rest], s->ends[astray]);
    }
}

/* Those that leave are different from each part that only a likeness holds to the rest. */
static pt_rc add_parts(hand *h, const parting *s, uint32_t ordinal, pt_err *err)
{
    hand_component c;
    hand_parts p;

    PT_TRY(gather(&c, h, err));
    if (c.too_large)
        return PT_OK;
    PT_TRY(find_parts(&p, h, ordinal, &c, err));
    uint32_t rest = 0;
    while (s->leaves[rest])
        rest++;
    for (uint32_t k = rest + 1; k < s->n; k++)
        for (uint32_t j = 0; j < s->n && !s->leaves[k] && begins_part(&p, k, s->leaves); j++)
            if (s->leaves[j] && p.sure[j] != p.sure[k] && h->n_rows < PT_DECISION_ROWS)
                add_along(h, PT_DECISION_DIFFERENT, s->ends[j], s->ends[k]);
    return PT_OK;
}

static pt_rc split(hand *h, pt_err *err)
{
    uint32_t ordinal, rest = 0;
    parting s = {0};

    if (h->request->n_args < 2)
        return pt_fail(err, PT_EINVAL, "a split needs a customer and the identifiers that leave");
    PT_TRY(find_customer(&ordinal, h, h->request->args[0], err));
    PT_TRY(list_parting(&s, h, ordinal, err));
    PT_TRY(room_for(h, PT_DECISION_ROWS, err));
    while (s.leaves[rest])
        rest++;
    for (uint32_t k = 0; k < s.n && h->n_rows < PT_DECISION_ROWS; k++)
        if (s.leaves[k])
            add_pair(h, PT_DECISION_DIFFERENT, s.ends[k], s.ends[rest]);
    seed_with_rows(h);
    PT_TRY(add_parts(h, &s, ordinal, err));
    pt_rc rc = add_until_parted(h, &s, rest, err);
    seed_with_rows(h);
    return rc;
}

/* --- pin and unpin ------------------------------------------------------------------------------------------------ */

static bool same_end(const pt_decision_end *x, const pt_decision_end *y)
{
    return pt_sv_eq(x->type, y->type) && pt_sv_eq(x->value, y->value);
}

static bool is_pinned(const hand *h, const pt_decision_end *end)
{
    for (size_t i = 0; i < h->all.n; i++) {
        const pt_decision *d = &h->all.items[i];
        if (d->kind == PT_DECISION_PIN && !d->undone && (same_end(&d->a, end) || same_end(&d->b, end)))
            return true;
    }
    return false;
}

static pt_rc pin(hand *h, pt_err *err)
{
    pt_decision_end first, end;
    uint32_t ordinal, type, n, already = 0;

    PT_TRY(find_customer(&ordinal, h, h->request->args[0], err));
    PT_TRY(strongest(&first, h, ordinal, err));
    n = count_identifiers(h, ordinal);
    if (n > PT_DECISION_ROWS)
        return pt_fail(err, PT_EINVAL, "a customer of %u identifiers; at most %d can be pinned", n, PT_DECISION_ROWS);
    PT_TRY(room_for(h, n, err));
    for (uint32_t k = 0; k < n && identifier_at(&end, h, ordinal, k, &type); k++) {
        already += is_pinned(h, &end);
        add_pair(h, PT_DECISION_PIN, first, end);
    }
    seed_with_rows(h);
    return already == n ? pt_fail(err, PT_EINVAL, "this customer is pinned already") : PT_OK;
}

static bool is_of(const hand *h, uint32_t ordinal, const pt_decision *d)
{
    pt_decision_end end;
    uint32_t type;

    for (uint32_t k = 0; identifier_at(&end, h, ordinal, k, &type); k++)
        if (same_end(&end, &d->a) || same_end(&end, &d->b))
            return true;
    return false;
}

static pt_rc unpin(hand *h, pt_err *err)
{
    uint32_t ordinal;

    PT_TRY(find_customer(&ordinal, h, h->request->args[0], err));
    PT_TRY(room_for(h, h->all.n, err));
    for (size_t i = 0; i < h->all.n; i++) {
        const pt_decision *d = &h->all.items[i];
        bool known = h->n_rows && h->rows[h->n_rows - 1].undoes == d->number;
        if (d->kind == PT_DECISION_PIN && !d->undone && !known && is_of(h, ordinal, d))
            add_undo(h, d->number);
    }
    h->seeds = h->all.items;
    h->n_seeds = 0;
    for (size_t i = 0; i < h->all.n && h->n_rows; i++)
        if (h->all.items[i].number == h->rows[0].undoes) {
            h->seeds = &h->all.items[i];
            h->n_seeds = 1;
        }
    return h->n_rows ? PT_OK : pt_fail(err, PT_ENOTFOUND, "this customer is not pinned");
}

/* --- undo --------------------------------------------------------------------------------------------------------- */

static void rows_of(const pt_decision **out, size_t *n, const pt_decisions *all, uint32_t number)
{
    *out = NULL;
    *n = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (all->items[i].number != number)
            continue;
        *out = *n ? *out : &all->items[i];
        ++*n;
    }
}

static pt_rc undo(hand *h, pt_err *err)
{
    uint32_t number = h->request->undoes;

    rows_of(&h->seeds, &h->n_seeds, &h->all, number);
    if (!h->n_seeds)
        return pt_fail(err, PT_ENOTFOUND, "there is no decision %u", number);
    if (h->seeds[0].undone)
        return pt_fail(err, PT_EINVAL, "decision %u is undone already", number);
    while (h->n_seeds && h->seeds[0].kind == PT_DECISION_UNDO)
        rows_of(&h->seeds, &h->n_seeds, &h->all, h->seeds[0].undoes);
    PT_TRY(room_for(h, 1, err));
    add_undo(h, number);
    return PT_OK;
}

/* --- deciding ----------------------------------------------------------------------------------------------------- */

static pt_rc make_rows(hand *h, pt_err *err)
{
    switch (h->request->act) {
    case PT_HAND_MERGE: return merge(h, err);
    case PT_HAND_SPLIT: return split(h, err);
    case PT_HAND_PIN: return pin(h, err);
    case PT_HAND_UNPIN: return unpin(h, err);
    case PT_HAND_UNDO: break;
    }
    return undo(h, err);
}

/* What would not be followed is not written down: better to say so while somebody looks. */
static pt_rc check_followed(const pt_hand_change *c, pt_err *err)
{
    const pt_hand_refused *r = c->refused;

    if (!c->n_refused)
        return PT_OK;
    if (r->reason == PT_ID_OVER_LIMIT) {
        pt_fail(err, PT_EINVAL, "the customer would have %u values of %s, and identity.yaml allows fewer", r->size,
                r->type);
        return pt_err_hint(err, "raise `limit` of %s there, if one customer may have so many", r->type);
    }
    if (r->reason == PT_ID_TOO_LARGE) {
        pt_fail(err, PT_EINVAL, "the customer would have %u identifiers, and identity.yaml allows fewer", r->size);
        return pt_err_hint(err, "raise `max_component` there, if one customer may have so many");
    }
    return pt_fail(err, PT_EINVAL, "a decision of this kind would contradict itself");
}

static pt_rc keep_own(pt_hand_change *c, uint32_t number, const pt_hand_refused *all, size_t n, pt_arena *arena,
                      pt_err *err)
{
    pt_hand_refused *own = PT_NEW_ARRAY(arena, pt_hand_refused, n);

    if (!own)
        return pt_fail_nomem(err, "refused decisions");
    for (size_t i = 0; i < n; i++)
        if (all[i].decision->number == number)
            own[c->n_refused++] = all[i];
    c->refused = own;
    return PT_OK;
}

static pt_rc foresee(hand *h, pt_err *err)
{
    pt_hand_change *change = &h->out->change;
    pt_hand_refused *refused;
    size_t n_refused;
    hand_component c;
    pt_decisions all;

    PT_TRY(with_rows(&all, h, err));
    PT_TRY(hand_gather(&c, h->view, &all, h->seeds, h->n_seeds, h->conn, h->arena, err));
    change->unknown = c.too_large;
    if (c.too_large)
        return PT_OK;
    PT_TRY(hand_settle(&c, &all, &refused, &n_refused, err));
    PT_TRY(keep_own(change, h->rows[0].number, refused, n_refused, h->arena, err));
    PT_TRY(check_followed(change, err));
    return hand_compare(change, &c, h->conn, err);
}

static pt_rc decide(hand *h, pt_err *err)
{
    PT_TRY(pt_decisions_load(&h->all, h->conn, h->arena, err));
    PT_TRY(make_rows(h, err));
    PT_TRY(foresee(h, err));
    h->out->rows = h->rows;
    h->out->n_rows = h->n_rows;
    h->out->number = h->rows[0].number;
    if (h->request->dry_run)
        return PT_OK;
    return pt_decisions_append(&h->out->number, h->rows, h->n_rows, pt_clock_now(), h->conn, err);
}

static pt_rc open_store(pt_store **store, pt_conn **conn, const char *path, bool read_only, pt_err *err)
{
    pt_store_options options = {.path = path, .read_only = read_only};

    if (!path)
        return pt_fail_nomem(err, "a path");
    if (!pt_is_file(path)) {
        pt_fail(err, PT_ENOTFOUND, "nothing has been built yet");
        return pt_err_hint(err, "run portrait build");
    }
    PT_TRY(pt_store_open(store, &options, err));
    return pt_conn_open(conn, *store, err);
}

pt_rc pt_app_hand(pt_hand_result *out, pt_app *app, const pt_hand_request *request, pt_arena *arena, pt_err *err)
{
    hand h = {.request = request, .arena = arena, .out = out};
    pt_data_dir *dir = NULL;
    pt_store *store = NULL;

    *out = (pt_hand_result){0};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_app_view(&h.view, app, err));
    pt_rc rc = pt_finder_new(&h.finder, h.view->project, h.view->directory, err);
    if (rc == PT_OK)
        rc = pt_data_dir_open(&dir, app->project->data_dir, err);
    if (rc == PT_OK)
        rc = open_store(&store, &h.conn, pt_data_dir_store(dir), false, err);
    if (rc == PT_OK)
        rc = decide(&h, err);
    pt_conn_close(h.conn);
    pt_store_close(store);
    pt_data_dir_close(dir);
    pt_finder_free(h.finder);
    return rc;
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static uint32_t undone_by(const pt_decisions *all, uint32_t number)
{
    for (size_t i = all->n; i-- > 0;)
        if (all->items[i].kind == PT_DECISION_UNDO && !all->items[i].undone && all->items[i].undoes == number)
            return all->items[i].number;
    return 0;
}

static pt_rc why_refused(const char **out, uint32_t number, pt_conn *c, pt_arena *arena, pt_err *err)
{
    pt_sql q = {0};
    char *text = NULL;

    pt_sql_kw(&q, "SELECT coalesce(min(reason), '') FROM identity.refused WHERE decision =");
    pt_sql_bind_int(&q, number);
    pt_rc rc = pt_query_text(&text, c, &q, arena, err);
    pt_sql_free(&q);
    *out = rc == PT_OK && text[0] ? text : NULL;
    return rc;
}

static pt_rc list_all(pt_hand_list *out, pt_conn *c, pt_arena *arena, pt_err *err)
{
    pt_decisions all;
    pt_hand_entry *items;
    pt_sql q = {0};
    int64_t last = 0;

    PT_TRY(pt_decisions_load(&all, c, arena, err));
    if (!all.n)
        return PT_OK;
    if (!(items = PT_NEW_ARRAY(arena, pt_hand_entry, all.n)))
        return pt_fail_nomem(err, "decisions");
    pt_sql_kw(&q, "SELECT coalesce(max(build), 0) FROM identity.builds");
    pt_rc rc = pt_query_int(&last, c, &q, err);
    pt_sql_free(&q);
    for (size_t i = 0; rc == PT_OK && i < all.n; i += items[out->n++].n_rows) {
        pt_hand_entry *e = &items[out->n];
        *e = (pt_hand_entry){.rows = &all.items[i]};
        while (i + e->n_rows < all.n && all.items[i + e->n_rows].number == e->rows->number)
            e->n_rows++;
        e->undone_by = e->rows->undone ? undone_by(&all, e->rows->number) : 0;
        e->waits = e->rows->build >= last;
        if (!e->rows->undone && !e->waits)
            rc = why_refused(&e->refused, e->rows->number, c, arena, err);
    }
    out->items = items;
    return rc;
}

pt_rc pt_app_hands(pt_hand_list *out, pt_app *app, pt_arena *arena, pt_err *err)
{
    pt_store *store = NULL;
    pt_conn *conn = NULL;

    *out = (pt_hand_list){0};
    PT_TRY(pt_app_sound(app, err));
    pt_rc rc = open_store(&store, &conn, pt_path_join(arena, app->project->data_dir, "store.duckdb"), true, err);
    if (rc == PT_OK)
        rc = list_all(out, conn, arena, err);
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}
