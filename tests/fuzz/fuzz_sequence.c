/* Models of sequences: whatever the bytes, what is let pass can be saved again as it was. Bytes are tried as they are and with a good
 * checksum. */
#include <stdlib.h>

#include "app/learn_sequence_int.h"
#include "support/sealed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void use(const char *bytes, size_t n)
{
    sequence_model *m;
    pt_str again = {0};
    pt_err err;

    if (sequence_load(&m, (pt_sv){bytes, n}, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return;
    }
    if (sequence_save(&again, m, &err) == PT_OK)
        PT_ASSERT(again.len == n);
    pt_str_free(&again);
    sequence_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    try_sealed(bytes, n, use);
    return 0;
}
