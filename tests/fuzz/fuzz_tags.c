/* Tag files: whatever the bytes, what pt_tagset_column and pt_tagset_rows let pass can be read to the end. Each input is
 * tried as it is and with good checksums. */
#include "index/tagset_int.h"
#include "support/walk.h"

enum { CUSTOMERS = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void read_tag(pt_tagset *t, size_t tag)
{
    pt_err err;
    const pt_column *c;
    uint32_t n = pt_tagset_ordinals(t);

    PT_ASSERT(pt_tagset_find(t, pt_sv_of(pt_tagset_info(t, tag)->name)) >= 0);
    for (uint32_t row = 0; row < n && row < CUSTOMERS; row++)
        if (pt_tagset_rows(&c, t, tag, row, 1, &err) == PT_OK)
            walk_value(c, row);
    if (pt_tagset_column(&c, t, tag, &err) == PT_OK)
        for (uint32_t row = 0; row < n; row++)
            walk_value(c, row);
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
    walk_both(bytes, n, TAGSET_MAGIC, TAGSET_VERSION, TAGSET_BLOCK_LOG2, use);
    return 0;
}
