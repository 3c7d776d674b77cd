/* customers.dir: whatever the bytes, opening and looking things up stays inside them and ends. Each input is tried as
 * it is and with good checksums. */
#include "identity/directory_int.h"
#include "support/reseal.h"

enum { LOOKED_AT = 50 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void look(const pt_directory *d, uint32_t ordinal)
{
    uint32_t type;
    pt_sv value;

    pt_directory_find_id(d, pt_directory_id(d, ordinal));
    pt_directory_forward(d, ordinal);
    pt_directory_id_hash(d, ordinal);
    for (uint32_t k = 0; k < LOOKED_AT && pt_directory_identifier(d, ordinal, k, &type, &value); k++) {
        PT_ASSERT(type < pt_directory_types(d));
        pt_directory_type_name(d, type);
        pt_directory_find(d, (int)type, value);
        pt_directory_find(d, -1, value);
    }
}

static void use(const void *bytes, size_t n)
{
    pt_directory *d;
    pt_err err;

    if (pt_directory_open(&d, bytes, n, &err) != PT_OK)
        return;
    for (uint32_t o = 0; o < LOOKED_AT; o++)
        look(d, o);
    look(d, pt_directory_ordinals(d) - 1);
    look(d, PT_ID_NONE);
    pt_directory_id_hashes(d);
    pt_directory_damage(d, &err);
    pt_directory_verify(d, &err);
    pt_directory_fingerprint(d);
    pt_directory_close(d);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    unsigned char *copy = pt_alloc64(n, 1);

    if (!copy)
        return 0;
    if (n)
        memcpy(copy, bytes, n);
    use(copy, n);
    if (reseal(copy, n, DIR_MAGIC, DIR_VERSION, DIR_BLOCK_LOG2))
        use(copy, n);
    free(copy);
    return 0;
}
