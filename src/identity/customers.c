/* Groups of identifiers -> customers that keep their ids: docs/identity.md, "Ids and ordinals". Nodes are always walked
 * in order of strength, so "the strongest" is the first one met. */
#include <stdio.h>
#include <stdlib.h>

#include "identity/graph_int.h"

/* A node that was seen. They are copied together in order of strength: what follows runs through memory in order. */
typedef struct seat {
    uint32_t node, root, home;
} seat;

typedef struct assigner {
    pt_identity *g;
    seat *seats;
    size_t n_seats;
    size_t n_before;  /* customers of earlier builds */
    uint32_t *holder; /* by earlier customer: root of the group it belongs to */
    uint32_t *taken;  /* by root: the ordinal of the group */
    uint32_t *before; /* by earlier customer: where it forwarded */
    bool *split;      /* by earlier customer */
} assigner;

static void take_seats(assigner *s)
{
    const pt_identity *g = s->g;

    for (size_t p = 0; p < g->n_nodes; p++) {
        uint32_t node = g->node_at[p];
        if (g->nodes[node].seen)
            s->seats[s->n_seats++] = (seat){node, g->root[node], g->home[node]};
    }
}

static bool assigner_init(assigner *s, pt_identity *g)
{
    s->g = g;
    s->n_before = g->n_customers;
    s->seats = pt_zalloc(g->n_nodes + 1, sizeof *s->seats);
    s->holder = pt_zalloc(s->n_before + 1, sizeof *s->holder);
    s->before = pt_zalloc(s->n_before + 1, sizeof *s->before);
    s->split = pt_zalloc(s->n_before + 1, sizeof *s->split);
    s->taken = pt_zalloc(g->n_nodes + 1, sizeof *s->taken);
    g->ordinal = pt_zalloc(g->n_nodes + 1, sizeof *g->ordinal);
    if (!s->seats || !s->holder || !s->before || !s->split || !s->taken || !g->ordinal)
        return false;
    for (size_t i = 0; i < s->n_before; i++) {
        s->holder[i] = PT_ID_NONE;
        s->before[i] = g->forward[i];
    }
    for (size_t i = 0; i < g->n_nodes; i++)
        s->taken[i] = g->ordinal[i] = PT_ID_NONE;
    return true;
}

static void hold(assigner *s)
{
    for (size_t i = 0; i < s->n_seats; i++) {
        const seat *at = &s->seats[i];
        if (at->home != PT_ID_NONE && s->holder[at->home] == PT_ID_NONE)
            s->holder[at->home] = at->root;
    }
    for (size_t i = 0; i < s->n_before; i++) /* upwards: the oldest takes the group */
        if (s->holder[i] != PT_ID_NONE && s->taken[s->holder[i]] == PT_ID_NONE)
            s->taken[s->holder[i]] = (uint32_t)i;
}

pt_id_text id_text_of(uint32_t ordinal)
{
    pt_id_text id = {0};

    snprintf(id.text, sizeof id.text, "C%07zu", (size_t)ordinal + 1);
    return id;
}

static pt_rc new_customer(pt_identity *g, uint32_t build, pt_err *err)
{
    pt_id_text id = id_text_of((uint32_t)g->n_customers);

    return pt_identity_add_customer(g, pt_id_sv(&id), build, (uint32_t)g->n_customers, err);
}

/* Gives groups without an earlier customer new ones, nodes their customer, and homes to those without a valid one. */
static pt_rc settle_homes(assigner *s, uint32_t build, pt_err *err)
{
    pt_identity *g = s->g;

    for (size_t i = 0; i < s->n_seats; i++) {
        const seat *at = &s->seats[i];
        bool had = at->home != PT_ID_NONE, has = had && s->holder[at->home] == at->root;
        if (s->taken[at->root] == PT_ID_NONE) {
            s->taken[at->root] = (uint32_t)g->n_customers;
            PT_TRY(new_customer(g, build, err));
        }
        g->ordinal[at->node] = s->taken[at->root];
        if (had && !has)
            s->split[at->home] = true;
        if (!has)
            g->home[at->node] = s->taken[at->root];
    }
    return PT_OK;
}

static void count_change(assigner *s, uint32_t customer, uint32_t now)
{
    pt_id_result *r = &s->g->result;
    uint32_t was = s->before[customer];
    bool alive = s->holder[customer] != PT_ID_NONE, was_merged = was != customer;

    if (now != customer && now != was)
        r->n_merged++;
    if (s->split[customer] || (alive && was_merged && now != was))
        r->n_split++;
    if (alive && now == customer)
        r->n_live++;
}

static void forward(assigner *s)
{
    for (uint32_t i = 0; i < s->n_before; i++) {
        uint32_t to = s->holder[i] == PT_ID_NONE ? i : s->taken[s->holder[i]];
        s->g->forward[i] = to;
        count_change(s, i, to);
    }
}

static void fill_result(const assigner *s)
{
    pt_identity *g = s->g;
    pt_id_result *r = &g->result;

    r->n_nodes = (uint32_t)g->n_nodes;
    r->n_seen = (uint32_t)s->n_seats;
    r->node_home = g->home;
    r->node_ordinal = g->ordinal;
    r->n_customers = (uint32_t)g->n_customers;
    r->forward = g->forward;
    r->born = g->born;
    r->ids = g->ids;
    r->n_new = (uint32_t)(g->n_customers - s->n_before);
    r->n_live += r->n_new;
    r->refused = g->refused;
    r->n_refused = g->n_refused;
}

pt_rc id_assign(pt_identity *g, uint32_t build, pt_err *err)
{
    assigner s = {0};
    pt_rc rc = assigner_init(&s, g) ? PT_OK : pt_fail_nomem(err, "customers");

    if (rc == PT_OK) {
        take_seats(&s);
        hold(&s);
        rc = settle_homes(&s, build, err);
    }
    if (rc == PT_OK) {
        forward(&s);
        fill_result(&s);
    }
    free(s.seats);
    free(s.holder);
    free(s.taken);
    free(s.before);
    free(s.split);
    return rc;
}
