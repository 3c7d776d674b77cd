/* The file of all indexes: what is damaged, cut short or foreign is refused with a reason. */
#include "index/indexset.h"

#include <stdlib.h>
#include <string.h>

#include "support/tag_table.h"
#include "support/test.h"

static const char *const names[] = {"city", "age", "likes"};
static const size_t columns[] = {0, 2, 7}; /* of the table */
enum { TAGS = PT_COUNT(names) };

typedef struct file {
    unsigned char *bytes;
    size_t n;
} file;

static pt_rc append(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    file *f = ctx;

    (void)err;
    memcpy(f->bytes + f->n, bytes, n);
    f->n += n;
    return PT_OK;
}

static pt_rc patch(void *ctx, uint64_t offset, const void *bytes, size_t n, pt_err *err)
{
    (void)err;
    memcpy(((file *)ctx)->bytes + offset, bytes, n);
    return PT_OK;
}

static size_t size_of(const unsigned char *index)
{
    uint64_t n;

    memcpy(&n, index + 16, sizeof n); /* bytes of the whole file */
    return n;
}

static file make_file(const tag_table *t)
{
    file f = {.bytes = pt_alloc64(1 << 20, 1)};
    pt_indexset_writer *w;
    pt_err err = {0};

    CHECK(f.bytes);
    CHECK_OK(pt_indexset_begin(&w, names, TAGS, &(pt_tagset_sink){&f, append, patch}, &err));
    for (size_t i = 0; i < TAGS; i++)
        CHECK_OK(pt_indexset_add(w, t->files[columns[i]], size_of(t->files[columns[i]]), &err));
    CHECK_OK(pt_indexset_end(w, (pt_hash128){7, 8}, &err));
    pt_indexset_writer_free(w);
    return f;
}

/* Opens the file and asks for every tag. */
static pt_rc open_all(const void *bytes, size_t n, pt_err *err)
{
    pt_indexset *s;
    pt_tagindex *x;

    PT_TRY(pt_indexset_open(&s, "the index", bytes, n, err));
    pt_rc rc = PT_OK;
    for (size_t i = 0; i < TAGS && rc == PT_OK; i++)
        rc = pt_indexset_find(&x, s, names[i], err);
    pt_indexset_close(s);
    return rc;
}

TEST(index_indexset__finds_tags_by_name)
{
    tag_table t;
    pt_indexset *s;
    pt_tagindex *x;
    pt_err err = {0};

    tag_table_open(&t, 11, 200);
    file f = make_file(&t);
    CHECK_OK(pt_indexset_open(&s, "the index", f.bytes, f.n, &err));
    CHECK_INT(pt_indexset_made_from(s).lo, 7);
    for (size_t i = 0; i < TAGS; i++) {
        CHECK_OK(pt_indexset_find(&x, s, names[i], &err));
        CHECK(x);
        CHECK_INT(pt_tagindex_codes(x), pt_tagindex_codes(t.indexes[columns[i]]));
    }
    CHECK_OK(pt_indexset_find(&x, s, "town", &err));
    CHECK(!x);
    pt_indexset_close(s);
    free(f.bytes);
    tag_table_close(&t);
}

TEST(index_indexset__is_refused_when_it_is_cut_short_or_longer)
{
    tag_table t;
    pt_err err = {0};

    tag_table_open(&t, 12, 200);
    file f = make_file(&t);
    CHECK_OK(open_all(f.bytes, f.n, &err));
    for (size_t n = 0; n < f.n; n += n < 300 ? 1 : 977) {
        CHECK_INT(open_all(f.bytes, n, &err), PT_ECORRUPT);
        CHECK(err.msg[0]);
    }
    CHECK_INT(open_all(f.bytes, f.n + 1, &err), PT_ECORRUPT);
    free(f.bytes);
    tag_table_close(&t);
}

TEST(index_indexset__is_refused_when_it_is_something_else)
{
    tag_table t;
    pt_err err = {0};

    tag_table_open(&t, 13, 200);
    file f = make_file(&t);
    CHECK_INT(open_all(t.files[0], size_of(t.files[0]), &err), PT_ECORRUPT);
    CHECK_STR(err.msg, "the index is no index file");
    f.bytes[8]++; /* the version */
    CHECK_INT(open_all(f.bytes, f.n, &err), PT_ECORRUPT);
    CHECK_STR(err.msg, "the index was written by another version or on another machine");
    f.bytes[8]--;
    memset(f.bytes, 0, 64); /* as a writer that was killed leaves it */
    CHECK_INT(open_all(f.bytes, f.n, &err), PT_ECORRUPT);
    free(f.bytes);
    tag_table_close(&t);
}

/* The head and the last word have checksums here; the indexes their own. */
TEST(index_indexset__is_refused_when_a_byte_of_its_head_differs)
{
    tag_table t;
    pt_err err = {0};

    tag_table_open(&t, 14, 200);
    file f = make_file(&t);
    for (size_t at = 0; at < f.n; at += at == 191 ? f.n - 8 - at : 1) { /* the head, and that of the first index */
        for (unsigned bit = 0; bit < 8; bit += 3) {
            f.bytes[at] ^= (unsigned char)(1u << bit);
            if (open_all(f.bytes, f.n, &err) != PT_ECORRUPT)
                test_fail(__FILE__, __LINE__, "byte %zu may be anything", at);
            f.bytes[at] ^= (unsigned char)(1u << bit);
        }
    }
    CHECK_OK(open_all(f.bytes, f.n, &err));
    free(f.bytes);
    tag_table_close(&t);
}
