/* Small cases with the expected customers written by hand. Random graphs are in test_identity_model.c. */
#include "identity/identity.h"

#include <math.h>

#include "support/test.h"

enum { USER, MAIL, PHONE, DEVICE };

static const pt_id_type types[] = {
    {"user_id", 1, 1},
    {"email", 2, 0},
    {"phone", 3, 3},
    {"device", 4, 0},
};
static pt_err err;

static pt_identity *graph(uint32_t max_component)
{
    pt_identity *g;

    CHECK_OK(pt_identity_new(&g, &(pt_id_options){types, PT_COUNT(types), max_component}, &err));
    return g;
}

static uint32_t see(pt_identity *g, uint32_t type, const char *value)
{
    uint32_t node;

    CHECK_OK(pt_identity_see(g, type, pt_sv_of(value), &node, &err));
    return node;
}

static void link_since(pt_identity *g, uint32_t a, uint32_t b, uint32_t since)
{
    CHECK_OK(pt_identity_link(g, a, b, 1, since, &err));
}

static const pt_id_result *resolve(pt_identity *g, uint32_t build)
{
    const pt_id_result *r;

    CHECK_OK(pt_identity_resolve(&r, g, build, &err));
    return r;
}

/* A graph that starts from what another one decided. */
static pt_identity *next(pt_identity *before, const pt_id_result *r)
{
    pt_identity *g = graph(100);

    for (uint32_t o = 0; o < r->n_customers; o++)
        CHECK_OK(pt_identity_add_customer(g, pt_id_sv(&r->ids[o]), r->born[o], r->forward[o], &err));
    for (uint32_t i = 0; i < r->n_nodes; i++) {
        uint32_t type;
        pt_sv value = pt_identity_node_value(before, i, &type);
        CHECK_OK(pt_identity_add_node(g, type, value, r->node_home[i], &err));
    }
    pt_identity_free(before);
    return g;
}

TEST(identity_new__numbers_customers_by_their_strongest_identifier)
{
    pt_identity *g = graph(100);
    uint32_t phone = see(g, PHONE, "139"), lone = see(g, DEVICE, "d"), b = see(g, USER, "b"), a = see(g, USER, "a");
    const pt_id_result *r;

    link_since(g, b, phone, 1);
    r = resolve(g, 1);
    CHECK_INT(r->n_customers, 3);
    CHECK_INT(r->n_live, 3);
    CHECK_INT(r->n_new, 3);
    CHECK_INT(r->node_ordinal[a], 0);
    CHECK_INT(r->node_ordinal[b], 1);
    CHECK_INT(r->node_ordinal[phone], 1);
    CHECK_INT(r->node_ordinal[lone], 2);
    CHECK_STR(r->ids[0].text, "C0000001");
    CHECK_STR(r->ids[2].text, "C0000003");
    CHECK_INT(r->n_refused, 0);
    pt_identity_free(g);
}

TEST(identity_limit__leaves_a_shared_phone_with_the_first_user)
{
    pt_identity *g = graph(1000);
    uint32_t phone = see(g, PHONE, "139"), users[100];
    const pt_id_result *r;

    for (int i = 99; i >= 0; i--) {
        char name[8];
        snprintf(name, sizeof name, "u%02d", i);
        users[i] = see(g, USER, name);
        link_since(g, phone, users[i], i == 40 ? 1 : 2);
    }
    r = resolve(g, 2);
    CHECK_INT(r->n_live, 100);
    CHECK_INT(r->node_ordinal[phone], r->node_ordinal[users[40]]);
    CHECK_INT(r->n_refused, 99);
    CHECK_INT(r->refused[0].a, users[0]);
    CHECK_INT(r->refused[0].b, phone);
    CHECK_INT(r->refused[0].reason, PT_ID_OVER_LIMIT);
    CHECK_INT(r->refused[0].type, USER);
    CHECK_INT(r->refused[0].size, 2);
    pt_identity_free(g);
}

TEST(identity_guard__cuts_a_hub_and_leaves_the_rest_linked)
{
    enum { USERS = 40 };
    static const pt_id_type loose[] = {{"user_id", 1, 0}, {"device", 2, 0}};
    pt_identity *g;
    uint32_t users[USERS], own[USERS], hub;
    const pt_id_result *r;

    CHECK_OK(pt_identity_new(&g, &(pt_id_options){loose, 2, 10}, &err));
    hub = see(g, 1, "terminal");
    for (int i = 0; i < USERS; i++) {
        char name[8];
        snprintf(name, sizeof name, "%02d", i);
        users[i] = see(g, 0, name);
        own[i] = see(g, 1, name);
        link_since(g, users[i], hub, 1);
        link_since(g, users[i], own[i], 1);
    }
    r = resolve(g, 1);
    CHECK_INT(r->n_live, USERS + 1);
    CHECK_INT(r->n_refused, USERS);
    for (int i = 0; i < USERS; i++) {
        CHECK_INT(r->node_ordinal[own[i]], r->node_ordinal[users[i]]);
        CHECK_INT(r->refused[i].b, hub);
        CHECK_INT(r->refused[i].reason, PT_ID_TOO_LARGE);
        CHECK_INT(r->refused[i].size, 2 * USERS + 1);
    }
    pt_identity_free(g);
}

TEST(identity_guard__keeps_what_stronger_identifiers_said)
{
    pt_identity *g = graph(4);
    uint32_t user = see(g, USER, "u"), mail = see(g, MAIL, "m"), device[4];
    const pt_id_result *r;

    link_since(g, user, mail, 9);
    for (int i = 0; i < 4; i++) {
        char name[2] = {(char)('0' + i), 0};
        device[i] = see(g, DEVICE, name);
        link_since(g, mail, device[i], 1);
    }
    r = resolve(g, 9);
    CHECK_INT(r->node_ordinal[user], r->node_ordinal[mail]);
    for (int i = 0; i < 4; i++)
        CHECK(r->node_ordinal[device[i]] != r->node_ordinal[mail]);
    pt_identity_free(g);
}

TEST(identity_merge__keeps_the_older_id_and_comes_apart_again)
{
    pt_identity *g = graph(100);
    const pt_id_result *r;
    uint32_t phone, mail;

    see(g, PHONE, "139");
    r = resolve(g, 1);
    g = next(g, r);
    phone = see(g, PHONE, "139");
    mail = see(g, MAIL, "a@b");
    r = resolve(g, 2);
    CHECK_INT(r->node_ordinal[phone], 0);
    CHECK_INT(r->node_ordinal[mail], 1);

    g = next(g, r);
    link_since(g, see(g, PHONE, "139"), see(g, MAIL, "a@b"), 3);
    r = resolve(g, 3);
    CHECK_INT(r->node_ordinal[mail], 0);
    CHECK_INT(r->forward[1], 0);
    CHECK_INT(r->n_merged, 1);
    CHECK_INT(r->n_live, 1);
    CHECK_INT(r->n_customers, 2);

    g = next(g, r);
    see(g, PHONE, "139");
    see(g, MAIL, "a@b");
    r = resolve(g, 4);
    CHECK_INT(r->node_ordinal[phone], 0);
    CHECK_INT(r->node_ordinal[mail], 1);
    CHECK_INT(r->forward[1], 1);
    CHECK_INT(r->n_split, 1);
    CHECK_INT(r->n_customers, 2);
    CHECK_INT(r->born[1], 2);
    pt_identity_free(g);
}

TEST(identity_split__leaves_the_id_with_the_strongest_identifier)
{
    pt_identity *g = graph(100);
    const pt_id_result *r;
    uint32_t phone = see(g, PHONE, "139"), mail = see(g, MAIL, "a@b");

    link_since(g, phone, mail, 1);
    r = resolve(g, 1);
    CHECK_INT(r->n_customers, 1);
    for (uint32_t build = 2; build < 5; build++) { /* apart, together, apart: always the same two */
        g = next(g, r);
        phone = see(g, PHONE, "139");
        mail = see(g, MAIL, "a@b");
        if (build == 3)
            link_since(g, phone, mail, 3);
        r = resolve(g, build);
        CHECK_INT(r->n_customers, 2);
        CHECK_INT(r->node_ordinal[mail], 0);
        CHECK_INT(r->node_ordinal[phone], build == 3 ? 0 : 1);
    }
    pt_identity_free(g);
}

TEST(identity_gone__an_identifier_that_returns_has_its_customer)
{
    pt_identity *g = graph(100);
    const pt_id_result *r;

    see(g, USER, "a");
    see(g, USER, "b");
    r = resolve(g, 1);
    g = next(g, r);
    see(g, USER, "a");
    r = resolve(g, 2);
    CHECK_INT(r->n_live, 1);
    CHECK_INT(r->node_ordinal[1], PT_ID_NONE);
    CHECK_INT(r->forward[1], 1);
    g = next(g, r);
    see(g, USER, "c");
    see(g, USER, "b");
    r = resolve(g, 3);
    CHECK_INT(r->node_ordinal[1], 1);
    CHECK_INT(r->node_ordinal[2], 2);
    pt_identity_free(g);
}

TEST(identity_input__that_makes_no_sense_is_an_error)
{
    pt_identity *g;
    const pt_id_result *r;
    uint32_t a, b;

    CHECK_INT(pt_identity_new(&g, &(pt_id_options){types, 0, 0}, &err), PT_EINVAL);
    CHECK_INT(pt_identity_new(&g, &(pt_id_options){types, PT_ID_TYPES_MAX + 1, 0}, &err), PT_EINVAL);
    g = graph(0);
    CHECK_INT(pt_identity_add_node(g, USER, PT_SV("a"), 0, &err), PT_EINVAL);
    CHECK_INT(pt_identity_add_customer(g, PT_SV(""), 1, 0, &err), PT_EINVAL);
    CHECK_INT(pt_identity_add_customer(g, PT_SV("0123456789abcdef"), 1, 0, &err), PT_EINVAL);
    CHECK_INT(pt_identity_add_customer(g, PT_SV("a\0b"), 1, 0, &err), PT_EINVAL);
    a = see(g, USER, "a");
    b = see(g, MAIL, "b");
    CHECK_INT(pt_identity_link(g, a, b, -0.5, 1, &err), PT_EINVAL);
    CHECK_INT(pt_identity_link(g, a, b, 1.5, 1, &err), PT_EINVAL);
    CHECK_INT(pt_identity_link(g, a, b, (double)NAN, 1, &err), PT_EINVAL);
    CHECK_OK(pt_identity_add_customer(g, PT_SV("C1"), 1, 7, &err));
    CHECK_INT(pt_identity_resolve(&r, g, 1, &err), PT_EINVAL);
    pt_identity_free(g);
}

TEST(identity_values__may_be_empty_and_hold_any_bytes)
{
    pt_identity *g = graph(0);
    uint32_t nul, empty, type;
    const pt_id_result *r;

    CHECK_OK(pt_identity_see(g, MAIL, (pt_sv){"a\0b", 3}, &nul, &err));
    CHECK_OK(pt_identity_see(g, MAIL, (pt_sv){NULL, 0}, &empty, &err));
    link_since(g, nul, nul, 1);
    r = resolve(g, 1);
    CHECK_INT(r->n_live, 2);
    CHECK_INT(pt_identity_node_value(g, nul, &type).len, 3);
    CHECK_INT(type, MAIL);
    pt_identity_free(g);
}

TEST(identity_empty__graph_has_no_customers)
{
    pt_identity *g = graph(100);
    const pt_id_result *r = resolve(g, 1);

    CHECK_INT(r->n_nodes, 0);
    CHECK_INT(r->n_customers, 0);
    pt_identity_free(g);
}
