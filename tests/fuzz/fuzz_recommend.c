/* Recommending models: whatever the bytes, what is let pass recommends. */
#include "app/recommend_model.h"
#include "support/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void use(const pt_recommend_model *m)
{
    const uint32_t items[] = {0, m->items.n - 1};
    const float confidence[] = {1, 0.5f};
    pt_basket_of basket = {.items = items, .confidence = confidence, .n = m->items.n > 1 ? 2 : 1};
    pt_recommendation best[3];
    pt_recommend_scratch *scratch = NULL;
    size_t n = 0;
    pt_err err;

    if (pt_recommend_scratch_new(&scratch, &m->recommender, &err) == PT_OK &&
        pt_recommend(best, &n, 3, &m->recommender, NULL, &basket, scratch, &err) == PT_OK)
        for (size_t i = 0; i < n; i++)
            walk_sink += strlen(pt_recommend_reason(m, &best[i], i & 1, m->arena));
    pt_recommend_scratch_free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    pt_recommend_model *m = NULL;
    pt_err err;
    pt_rc rc = pt_recommend_model_load(&m, (pt_sv){(const char *)bytes, n}, &err);

    PT_ASSERT(rc == PT_OK || rc == PT_ECORRUPT || rc == PT_ENOMEM);
    if (rc == PT_OK)
        use(m);
    pt_recommend_model_free(m);
    return 0;
}
