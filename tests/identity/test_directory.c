#include <stdlib.h>

#include "base/rng.h"
#include "identity/directory_int.h"
#include "support/reseal.h"
#include "support/test.h"

static pt_err err;

typedef struct bytes {
    unsigned char *ptr; /* from pt_alloc64 */
    size_t n, cap;
} bytes;

static pt_rc collect(void *ctx, const void *from, size_t n, pt_err *e)
{
    bytes *b = ctx;

    (void)e;
    if (b->n + n > b->cap) {
        unsigned char *more = pt_alloc64((b->n + n) * 2, 1);
        CHECK(more);
        if (b->n)
            memcpy(more, b->ptr, b->n);
        free(b->ptr);
        b->ptr = more;
        b->cap = (b->n + n) * 2;
    }
    memcpy(b->ptr + b->n, from, n);
    b->n += n;
    return PT_OK;
}

static const pt_id_type types[] = {{"device", 9, 0}, {"user_id", 1, 0}};
enum { DEVICE, USER };

/* `n` users "u<i>" with the device "d<i>", and, for every fifth, the device "e<i>"; user 1 is linked to user 0. */
static pt_identity *make(uint32_t n, const pt_id_result **r)
{
    pt_identity *g;
    uint32_t user, device, first = 0;
    char text[24];

    CHECK_OK(pt_identity_new(&g, &(pt_id_options){types, 2, 0}, &err));
    CHECK_OK(pt_identity_add_customer(g, PT_SV("old"), 1, 0, &err));
    for (uint32_t i = 0; i < n; i++) {
        snprintf(text, sizeof text, "u%u", i);
        CHECK_OK(pt_identity_see(g, USER, pt_sv_of(text), &user, &err));
        snprintf(text, sizeof text, "d%u", i);
        CHECK_OK(pt_identity_see(g, DEVICE, pt_sv_of(text), &device, &err));
        CHECK_OK(pt_identity_link(g, user, device, 1, 1, &err));
        if (i % 5 == 0) {
            snprintf(text, sizeof text, "e%u", i);
            CHECK_OK(pt_identity_see(g, DEVICE, pt_sv_of(text), &device, &err));
            CHECK_OK(pt_identity_link(g, user, device, 1, 1, &err));
        }
        if (i == 0)
            first = user;
        if (i == 1)
            CHECK_OK(pt_identity_link(g, user, first, 1, 1, &err));
    }
    CHECK_OK(pt_identity_resolve(r, g, 2, &err));
    return g;
}

static bytes write_bytes(const pt_identity *g, const pt_id_result *r)
{
    bytes b = {0};

    CHECK_OK(pt_directory_write(g, r, collect, &b, &err));
    return b;
}

static bytes make_bytes(uint32_t n)
{
    const pt_id_result *r;
    pt_identity *g = make(n, &r);
    bytes b = write_bytes(g, r);

    pt_identity_free(g);
    return b;
}

static void check_node(const pt_directory *d, const pt_identity *g, const pt_id_result *r, uint32_t node)
{
    uint32_t type, found, t, k;
    pt_sv value = pt_identity_node_value(g, node, &type), v;

    t = type == USER ? 0 : 1; /* the directory has the strongest first */
    found = pt_directory_find(d, (int)t, value);
    CHECK_INT(found, r->node_ordinal[node]);
    CHECK_INT(pt_directory_find(d, -1, value), found);
    CHECK_INT(pt_directory_find(d, (int)(1 - t), value), PT_ID_NONE);
    for (k = 0; pt_directory_identifier(d, found, k, &type, &v); k++)
        if (type == t && pt_sv_eq(v, value))
            return;
    test_fail(__FILE__, __LINE__, "customer %u does not list identifier %u", found, node);
}

TEST(directory__finds_every_identifier_and_id)
{
    const pt_id_result *r;
    pt_identity *g = make(3000, &r);
    bytes b = write_bytes(g, r);
    pt_directory *d;
    const uint64_t *hashes;

    CHECK_OK(pt_directory_open(&d, b.ptr, b.n, &err));
    CHECK_INT(pt_directory_ordinals(d), r->n_customers);
    CHECK_INT(pt_directory_live(d), 2999);
    CHECK_INT(pt_directory_identifiers(d), r->n_nodes);
    CHECK_INT(pt_directory_types(d), 2);
    CHECK_STR(pt_directory_type_name(d, 0), "user_id");
    CHECK_STR(pt_directory_type_name(d, 1), "device");
    CHECK_STR(pt_directory_type_name(d, 2), "");
    for (uint32_t i = 0; i < r->n_nodes; i++)
        check_node(d, g, r, i);
    CHECK((hashes = pt_directory_id_hashes(d)));
    for (uint32_t o = 0; o < r->n_customers; o++) {
        pt_sv id = pt_directory_id(d, o);
        CHECK(pt_sv_eq(id, pt_id_sv(&r->ids[o])));
        CHECK_INT(pt_directory_find_id(d, id), r->forward[o]);
        CHECK_INT(pt_directory_forward(d, o), r->forward[o]);
        CHECK(hashes[o] == pt_hash64(id.ptr, id.len) && pt_directory_id_hash(d, o) == hashes[o]);
    }
    CHECK_OK(pt_directory_damage(d, &err));
    CHECK_OK(pt_directory_verify(d, &err));
    pt_directory_close(d);
    free(b.ptr);
    pt_identity_free(g);
}

TEST(directory__lists_the_strongest_identifier_first)
{
    bytes b = make_bytes(2);
    pt_directory *d;
    uint32_t type;
    pt_sv v;
    char all[64] = "";

    CHECK_OK(pt_directory_open(&d, b.ptr, b.n, &err));
    for (uint32_t k = 0; pt_directory_identifier(d, 1, k, &type, &v); k++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%u:%.*s ", type, (int)v.len, v.ptr);
    CHECK_STR(all, "0:u0 0:u1 1:d0 1:d1 1:e0 ");
    CHECK(!pt_directory_identifier(d, 0, 0, &type, &v)); /* an earlier customer of whom nothing is left */
    CHECK(!pt_directory_identifier(d, 2, 0, &type, &v));
    CHECK_INT(pt_directory_find_id(d, PT_SV("old")), 0);
    CHECK_INT(pt_directory_find_id(d, PT_SV("C0000002")), 1);
    CHECK_INT(pt_directory_find_id(d, PT_SV("C0000003")), PT_ID_NONE);
    CHECK_INT(pt_directory_find_id(d, PT_SV("")), PT_ID_NONE);
    CHECK_INT(pt_directory_find(d, 7, PT_SV("u0")), PT_ID_NONE);
    CHECK_INT(pt_directory_forward(d, 2), PT_ID_NONE);
    CHECK_INT(pt_directory_id(d, 2).len, 0);
    pt_directory_close(d);
    free(b.ptr);
}

TEST(directory__same_customers_same_bytes)
{
    bytes a = make_bytes(100), b = make_bytes(100), c = make_bytes(101);
    pt_directory *x, *y;

    CHECK_INT(a.n, b.n);
    CHECK(memcmp(a.ptr, b.ptr, a.n) == 0);
    CHECK_OK(pt_directory_open(&x, a.ptr, a.n, &err));
    CHECK_OK(pt_directory_open(&y, c.ptr, c.n, &err));
    CHECK(pt_directory_fingerprint(x).lo != pt_directory_fingerprint(y).lo);
    pt_directory_close(x);
    pt_directory_close(y);
    free(a.ptr);
    free(b.ptr);
    free(c.ptr);
}

TEST(directory__may_be_empty)
{
    bytes b = make_bytes(0);
    pt_directory *d;

    CHECK_OK(pt_directory_open(&d, b.ptr, b.n, &err));
    CHECK_INT(pt_directory_live(d), 0);
    CHECK_INT(pt_directory_ordinals(d), 1);
    CHECK_INT(pt_directory_find(d, -1, PT_SV("x")), PT_ID_NONE);
    pt_directory_close(d);
    free(b.ptr);
}

static pt_rc fail_later(void *ctx, const void *from, size_t n, pt_err *e)
{
    int *left = ctx;

    (void)from;
    (void)n;
    return --*left < 0 ? pt_fail(e, PT_EIO, "disk full") : PT_OK;
}

TEST(directory_write__reports_a_failing_sink)
{
    const pt_id_result *r;
    pt_identity *g = make(3000, &r);

    for (int blocks = 0; blocks < 12; blocks++) {
        int left = blocks;
        CHECK_INT(pt_directory_write(g, r, fail_later, &left, &err), PT_EIO);
        CHECK_STR(err.msg, "disk full");
    }
    pt_identity_free(g);
}

/* Looks everything up; the values do not matter, only that nothing outside the bytes is read (address sanitizer). */
static void use_all(const pt_directory *d)
{
    uint32_t type;
    pt_sv v;

    for (uint32_t o = 0; o < pt_directory_ordinals(d) && o < 64; o++) {
        pt_directory_find_id(d, pt_directory_id(d, o));
        pt_directory_forward(d, o);
        for (uint32_t k = 0; k < 64 && pt_directory_identifier(d, o, k, &type, &v); k++)
            pt_directory_find(d, (int)type, v);
    }
    pt_directory_id_hashes(d);
}

TEST(directory_open__refuses_or_survives_any_changed_byte)
{
    bytes b = make_bytes(20);
    unsigned char *copy = pt_alloc64(b.n, 1);
    pt_rng rng;

    CHECK(copy);
    pt_rng_seed(&rng, 1);
    for (size_t at = 0; at < b.n; at++) {
        pt_directory *d;
        memcpy(copy, b.ptr, b.n);
        copy[at] ^= (unsigned char)(1 + pt_rng_below(&rng, 255));
        if (pt_directory_open(&d, copy, b.n, &err) != PT_OK) {
            CHECK_INT(err.code, PT_ECORRUPT);
            continue;
        }
        use_all(d);
        CHECK_INT(pt_directory_verify(d, &err), PT_ECORRUPT);
        pt_directory_close(d);
    }
    free(copy);
    free(b.ptr);
}

TEST(directory_open__refuses_a_file_cut_short)
{
    bytes b = make_bytes(20);

    for (size_t n = 0; n < b.n; n++) {
        pt_directory *d;
        unsigned char *copy = pt_alloc64(n + 1, 1);
        CHECK(copy);
        memcpy(copy, b.ptr, n);
        CHECK_INT(pt_directory_open(&d, copy, n, &err), PT_ECORRUPT);
        free(copy);
    }
    free(b.ptr);
}

/* A forger knows the checksums: bounds alone must hold. */
TEST(directory_open__survives_forged_numbers)
{
    bytes b = make_bytes(20), copy = {pt_alloc64(b.n, 1), b.n, b.n};
    uint64_t data_at = reseal_number(b.ptr, 32);
    pt_rng rng;

    CHECK(copy.ptr);
    pt_rng_seed(&rng, 2);
    for (int round = 0; round < 3000; round++) {
        pt_directory *d;
        memcpy(copy.ptr, b.ptr, b.n);
        for (int k = 0; k < 8; k++) {
            /* Mostly data, now and then the counts. */
            uint64_t at = pt_rng_below(&rng, 9) ? data_at + pt_rng_below(&rng, b.n - data_at)
                                                : PT_FRAME_HEADER + pt_rng_below(&rng, reseal_number(b.ptr, 24));
            copy.ptr[at] = (unsigned char)pt_rng_u64(&rng);
        }
        CHECK(reseal(copy.ptr, copy.n, DIR_MAGIC, DIR_VERSION, DIR_BLOCK_LOG2));
        if (pt_directory_open(&d, copy.ptr, copy.n, &err) != PT_OK)
            continue;
        use_all(d);
        pt_directory_close(d);
    }
    free(copy.ptr);
    free(b.ptr);
}
