/* Stored models of features: whatever the bytes, what is let pass predicts and explains. Bytes are tried as they are and with a good
 * checksum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/drift.h"
#include "support/sealed.h"
#include "support/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { ROWS = 3, MOST_FEATURES = 64, MOST_OUTPUTS = 64 };

/* A table of the features that the model asks for: a value, a missing one, a name never seen. */
static bool table_for(pt_table *out, const pt_pipeline *p, pt_arena *a)
{
    static const float numbers[ROWS] = {1.5F, NAN, -1e30F};
    static const uint32_t codes[ROWS] = {0, PT_NO_CODE, 1}, items[] = {0, 1};
    static const uint64_t offsets[ROWS + 1] = {0, 2, 2, 2};
    const size_t n = pt_pipeline_n_features(p);
    pt_feature *features = PT_NEW_ARRAY(a, pt_feature, n + 1);

    if (!features || n > MOST_FEATURES || pt_pipeline_outputs(p) > MOST_OUTPUTS)
        return false;
    for (size_t i = 0; i < n; i++) {
        const pt_used_feature used = pt_pipeline_feature(p, i);
        const char **names = PT_NEW_ARRAY(a, const char *, 2);
        if (!names)
            return false;
        names[0] = used.most_frequent ? used.most_frequent : "a";
        names[1] = "never seen";
        features[i] = (pt_feature){.name = used.name,
                                   .kind = used.kind,
                                   .names = names,
                                   .n_names = 2,
                                   .numbers = numbers,
                                   .codes = codes,
                                   .offsets = offsets,
                                   .items = items};
    }
    *out = (pt_table){.rows = ROWS, .n_features = n, .features = features};
    return true;
}

static void use_model(const pt_pipeline *p, pt_arena *a)
{
    pt_err err;
    pt_table table;
    pt_pool *pool = NULL;
    float *out = PT_NEW_ARRAY(a, float, (size_t)ROWS *(MOST_FEATURES + MOST_OUTPUTS + 1));
    const pt_drift *drift;
    pt_str text = {0};
    size_t n;

    if (!out || !table_for(&table, p, a) || pt_pool_new(&pool, 1, &err) != PT_OK)
        return;
    const pt_row_set rows = pt_all_rows(&table);
    if (pt_pipeline_predict(out, p, &table, &rows, pool, &err) == PT_OK)
        walk_sink += out[0] > 0.5F;
    if (pt_pipeline_contributions(out, p, &table, &rows, pool, &err) == PT_OK)
        walk_sink += out[0] > 0;
    if (pt_pipeline_drift(&drift, &n, p, &table, &rows, pool, a, &err) == PT_OK)
        walk_sink += n;
    for (size_t c = 0; c < pt_pipeline_n_columns(p) && c < 100; c++)
        walk_sink += pt_pipeline_column(p, c, &text);
    pt_str_free(&text);
    pt_pool_free(pool);
}

static void try_bytes(const char *bytes, size_t n)
{
    pt_err err;
    pt_pipeline *p;
    pt_arena *a;

    if (pt_pipeline_load(&p, (pt_sv){bytes, n}, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM || err.code == PT_EINVAL || err.code == PT_EENGINE);
        return;
    }
    a = pt_arena_new(0);
    if (a)
        use_model(p, a);
    pt_arena_free(a);
    pt_pipeline_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    try_sealed(bytes, n, try_bytes);
    return 0;
}
