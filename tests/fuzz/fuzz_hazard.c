/* Survival models: whatever the bytes, what is let pass can be asked. */
#include "model/hazard.h"
#include "support/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    pt_sv text = {(const char *)bytes, n};
    pt_hazard *h = NULL;
    pt_cox cox;
    pt_err err;

    if (pt_cox_load(&cox, text, &err) == PT_OK)
        pt_cox_free(&cox);
    if (pt_hazard_load(&h, text, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return 0;
    }
    for (size_t i = 0; i < pt_hazard_n_effects(h); i++)
        walk_sink += pt_hazard_effect_of(h, i).ratio > 1;
    walk_sink += pt_cox_survival(pt_hazard_cox(h), 0.1, 30) > 0.5;
    walk_sink += pt_cox_quantile(pt_hazard_cox(h), 0.1, 0.5) > 30;
    pt_hazard_free(h);
    return 0;
}
