/* Tag files: whatever the bytes, what pt_tagset_column and pt_tagset_rows let pass can be read to the end. Each input is
 * tried as it is and with good checksums. */
#include "index/tagset_int.h"
#include "support/reseal.h"

enum { CUSTOMERS = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static volatile uint64_t sink; /* keeps reads from being optimised away */

static void read_code(const pt_column *c, uint64_t at)
{
    uint32_t code = pt_column_code(c, at);

    if (code == PT_CODE_MISSING)
        return;
    pt_sv text = pt_dict_text(c->dict, code);
    for (size_t i = 0; i < text.len; i++)
        sink += (unsigned char)text.ptr[i];
}

static void read_row(const pt_column *c, uint32_t row)
{
    sink += pt_column_missing(c, row);
    if (pt_type_is_text(c->type))
        read_code(c, row);
    for (uint64_t i = c->offsets ? c->offsets[row] : 0; c->offsets && i < c->offsets[row + 1]; i++) {
        read_code(c, i);
        sink += c->weights && c->weights[i] > 0;
    }
}

static void read_tag(pt_tagset *t, size_t tag)
{
    pt_err err;
    const pt_column *c;
    uint32_t n = pt_tagset_ordinals(t);

    PT_ASSERT(pt_tagset_find(t, pt_sv_of(pt_tagset_info(t, tag)->name)) >= 0);
    for (uint32_t row = 0; row < n && row < CUSTOMERS; row++)
        if (pt_tagset_rows(&c, t, tag, row, 1, &err) == PT_OK)
            read_row(c, row);
    if (pt_tagset_column(&c, t, tag, &err) == PT_OK)
        for (uint32_t row = 0; row < n; row++)
            read_row(c, row);
}

static void use(const void *bytes, size_t n)
{
    pt_err err;
    pt_tagset *t;

    if (pt_tagset_open(&t, bytes, n, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return;
    }
    for (size_t i = 0; i < pt_tagset_count(t); i++)
        read_tag(t, i);
    pt_tagset_close(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    unsigned char *copy = pt_alloc64(n, 1);

    if (!copy)
        return 0;
    if (n)
        memcpy(copy, bytes, n);
    use(copy, n);
    if (reseal(copy, n, TAGSET_MAGIC, TAGSET_VERSION, TAGSET_BLOCK_LOG2))
        use(copy, n);
    free(copy);
    return 0;
}
