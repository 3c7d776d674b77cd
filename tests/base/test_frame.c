#include "base/frame.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/rng.h"
#include "support/reseal.h"
#include "support/test.h"

enum { LOG2 = 12, BLOCK = 1 << LOG2 };

static const char magic[] = "PTTESTS1";

/* A file of given arrays whose values are all zero. */
typedef struct file {
    unsigned char *bytes;
    size_t n, data_at;
} file;

static file make_file(const char *directory, pt_frame_array *arrays, size_t n)
{
    uint64_t data_bytes;

    CHECK(pt_frame_layout(arrays, n, &data_bytes));
    pt_frame_head head = {magic, 1, LOG2, pt_sv_of(directory), data_bytes};
    uint64_t blocks = pt_frame_blocks(data_bytes, LOG2), head_bytes = pt_frame_head_bytes(&head);
    uint64_t *sums = pt_zalloc(blocks, sizeof *sums);
    file f = {pt_alloc64(head_bytes + data_bytes, 1), head_bytes + data_bytes, head_bytes};

    memset(f.bytes, 0, f.n);
    pt_frame_seal(f.bytes, &head, sums);
    CHECK(reseal(f.bytes, f.n, magic, 1, LOG2));
    free(sums);
    return f;
}

static pt_frame *open_file(const file *f, pt_frame_array *arrays, size_t n)
{
    pt_err err;
    pt_frame *frame;

    CHECK_OK(pt_frame_open(&frame, magic, 1, "the file", f->bytes, f->n, &err));
    CHECK_OK(pt_frame_set_arrays(frame, arrays, n, &err));
    return frame;
}

TEST(base_frame_layout__aligns_and_does_not_overlap)
{
    pt_rng rng;

    pt_rng_seed(&rng, 1);
    for (int round = 0; round < 200; round++) {
        pt_frame_array a[10] = {0};
        size_t n = pt_rng_below(&rng, 11);
        uint64_t bytes, end = 0;
        for (size_t i = 0; i < n; i++) {
            a[i].width = (uint8_t)(1 << pt_rng_below(&rng, 4));
            a[i].n = pt_rng_below(&rng, 1000);
        }
        CHECK(pt_frame_layout(a, n, &bytes));
        for (size_t i = 0; i < n; i++) {
            CHECK(a[i].at >= end && a[i].at - end < PT_FRAME_ALIGN && a[i].at % PT_FRAME_ALIGN == 0);
            end = a[i].at + a[i].n * a[i].width;
        }
        CHECK_INT(bytes, end);
    }
}

TEST(base_frame_layout__refuses_what_no_file_can_hold)
{
    uint64_t bytes;
    pt_frame_array one = {.width = 8, .n = UINT64_C(1) << 61}, some[] = {{.width = 8, .n = UINT64_C(1) << 52},
                                                                         {.width = 8, .n = UINT64_C(1) << 52},
                                                                         {.width = 8, .n = UINT64_C(1) << 52}};

    CHECK(!pt_frame_layout(&one, 1, &bytes));
    one.n = UINT64_MAX;
    CHECK(!pt_frame_layout(&one, 1, &bytes));
    CHECK(pt_frame_layout(some, 1, &bytes));
    CHECK(!pt_frame_layout(some, 3, &bytes));
}

TEST(base_frame_get__stops_at_the_end)
{
    pt_str s = {0};
    pt_arena *a = pt_arena_new(0);
    uint32_t number = 7;

    pt_frame_put(&s, &number, sizeof number);
    pt_frame_put_text(&s, "orders");
    pt_frame_put_text(&s, "");
    pt_frame_cursor c = {.rest = {s.ptr, s.len}};
    number = 0;
    pt_frame_get(&c, &number, sizeof number);
    CHECK_INT(number, 7);
    CHECK_STR(pt_frame_get_text(&c, a), "orders");
    CHECK_STR(pt_frame_get_text(&c, a), "");
    CHECK(!c.failed && c.rest.len == 0);
    pt_frame_get(&c, &number, sizeof number);
    CHECK(c.failed && number == 0);
    for (size_t n = 0; n < s.len; n++) { /* cut anywhere */
        c = (pt_frame_cursor){.rest = {s.ptr, n}};
        pt_frame_get(&c, &number, sizeof number);
        pt_frame_get_text(&c, a);
        pt_frame_get_text(&c, a);
        CHECK(c.failed);
    }
    c = (pt_frame_cursor){.rest = {"\1\0\0\0\0", 5}};
    CHECK(!pt_frame_get_text(&c, a) && c.failed); /* a NUL byte */
    pt_str_free(&s);
    pt_arena_free(a);
}

TEST(base_frame_open__reads_what_seal_wrote)
{
    pt_frame_array a[] = {{.role = "values", .width = 8, .n = 3000}, {.role = "marks", .width = 1, .n = 5}};
    file f = make_file("what is in it", a, 2);
    pt_frame *frame = open_file(&f, a, 2);
    pt_err err;

    CHECK(pt_sv_eq(pt_frame_directory(frame), PT_SV("what is in it")));
    CHECK_STR(pt_frame_noun(frame), "the file");
    CHECK_OK(pt_frame_check(frame, 0, 0, 3000, &err));
    CHECK_OK(pt_frame_check(frame, 1, 0, 5, &err));
    CHECK_OK(pt_frame_check(frame, 1, 5, 0, &err));
    CHECK_INT(pt_frame_check(frame, 1, 5, 1, &err), PT_EINTERNAL);
    CHECK_INT(pt_frame_check(frame, 1, UINT64_MAX, 2, &err), PT_EINTERNAL);
    pt_frame_close(frame);
    CHECK_INT(pt_frame_open(&frame, magic, 2, "the file", f.bytes, f.n, &err), PT_ECORRUPT);
    CHECK(strstr(err.msg, "version 1"));
    CHECK_OK(pt_frame_open(&frame, magic, 1, "the file", f.bytes, f.n, &err));
    a[1].n = 6; /* a directory that does not describe the data */
    CHECK_INT(pt_frame_set_arrays(frame, a, 2, &err), PT_ECORRUPT);
    pt_frame_close(frame);
    free(f.bytes);
}

TEST(base_frame_check__looks_at_no_more_than_was_asked)
{
    pt_frame_array a[] = {{.role = "values", .width = 8, .n = 10 * BLOCK / 8}};
    file f = make_file("", a, 1);
    pt_frame *frame = open_file(&f, a, 1);
    pt_err err;

    f.bytes[f.data_at + 3 * BLOCK] = 1;
    CHECK_OK(pt_frame_check(frame, 0, 0, 3 * BLOCK / 8, &err));
    CHECK_OK(pt_frame_check(frame, 0, 4 * BLOCK / 8, 6 * BLOCK / 8, &err));
    CHECK_INT(pt_frame_check(frame, 0, 3 * BLOCK / 8 - 1, 2, &err), PT_ECORRUPT);
    CHECK_STR(err.msg, "the file is damaged: its values fail their checksum (block 3)");
    pt_frame_close(frame);
    free(f.bytes);
}

/* Bounds against the plain comparison, for every width, place and bound. */
TEST(base_frame_check__keeps_codes_within_their_bounds)
{
    static const uint64_t highs[] = {1,         2, 100, 254, 255, 256, 65534, 65535, 65536, INT32_MAX, UINT32_MAX - 1,
                                     UINT32_MAX};
    pt_rng rng;

    pt_rng_seed(&rng, 2);
    for (int round = 0; round < 3000; round++) {
        uint64_t high = highs[pt_rng_below(&rng, PT_COUNT(highs))], low = pt_rng_below(&rng, 2);
        uint8_t width = pt_frame_code_width(high);
        pt_frame_array a[] = {
            {.role = "codes", .kind = PT_FRAME_CODES, .width = width, .n = 70, .low = low, .high = high}};
        uint64_t most = width == 4 ? UINT32_MAX : (UINT64_C(1) << (8 * width)) - 1, odd = pt_rng_below(&rng, 70);
        uint64_t near = high + pt_rng_below(&rng, 5) - 2;
        file f = make_file("", a, 1);
        bool good = true;
        for (uint64_t i = 0; i < a->n; i++) {
            uint64_t v = low + pt_rng_below(&rng, high - low + 1);
            if (i == odd)
                v = pt_rng_below(&rng, 3) ? near & most : pt_rng_below(&rng, most + 1);
            if (i == odd && pt_rng_below(&rng, 8) == 0)
                v = 0;
            good = good && v >= low && v <= high;
            memcpy(f.bytes + f.data_at + i * width, &v, width);
        }
        CHECK(reseal(f.bytes, f.n, magic, 1, LOG2));
        pt_frame *frame = open_file(&f, a, 1);
        pt_err err;
        CHECK_INT(pt_frame_check(frame, 0, 0, a->n, &err), good ? PT_OK : PT_ECORRUPT);
        pt_frame_close(frame);
        free(f.bytes);
    }
}

TEST(base_frame_check__keeps_offsets_rising)
{
    enum { N = 2 * BLOCK / 8 };
    pt_rng rng;

    pt_rng_seed(&rng, 3);
    for (int round = 0; round < 300; round++) {
        pt_frame_array a[] = {{.role = "offsets", .kind = PT_FRAME_OFFSETS, .width = 8, .n = N, .high = N}};
        file f = make_file("", a, 1);
        uint64_t *v = (uint64_t *)(void *)(f.bytes + f.data_at);
        for (uint64_t i = 0; i < N; i++)
            v[i] = i;
        /* often at the border of the two blocks */
        uint64_t at = round % 2 ? BLOCK / 8 - 1 + pt_rng_below(&rng, 2) : pt_rng_below(&rng, N);
        static const uint64_t odd[] = {0, N, N + 1, UINT64_MAX, UINT64_C(1) << 63};
        v[at] = round % 3 ? at + pt_rng_below(&rng, 5) - 2 : odd[pt_rng_below(&rng, PT_COUNT(odd))];
        bool good = v[at] <= N && (at == 0 || v[at] >= v[at - 1]) && (at + 1 == N || v[at] <= v[at + 1]);
        CHECK(reseal(f.bytes, f.n, magic, 1, LOG2));
        pt_frame *frame = open_file(&f, a, 1);
        pt_err err;
        CHECK_INT(pt_frame_check(frame, 0, 0, N, &err), good ? PT_OK : PT_ECORRUPT);
        pt_frame_close(frame);
        free(f.bytes);
    }
}

TEST(base_frame_check__refuses_infinite_numbers)
{
    const double values[] = {0, -1e308, NAN, INFINITY};

    for (size_t n = 3; n <= 4; n++) {
        pt_frame_array a[] = {{.role = "values", .column = "price", .kind = PT_FRAME_NUMBERS, .width = 8, .n = n}};
        file f = make_file("", a, 1);
        pt_err err;
        memcpy(f.bytes + f.data_at, values, n * sizeof *values);
        CHECK(reseal(f.bytes, f.n, magic, 1, LOG2));
        pt_frame *frame = open_file(&f, a, 1);
        CHECK_INT(pt_frame_check(frame, 0, 0, n, &err), n == 3 ? PT_OK : PT_ECORRUPT);
        CHECK(n == 3 || strstr(err.msg, "column 'price'"));
        pt_frame_close(frame);
        free(f.bytes);
    }
}
