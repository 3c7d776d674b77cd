#include "base/collate.h"

#include <stdlib.h>
#include <unicode/ucol.h>

struct pt_collator {
    UCollator *icu;
};

pt_rc pt_collator_open(pt_collator **out, const char *lang, pt_err *err)
{
    UErrorCode status = U_ZERO_ERROR;
    pt_collator *c = pt_zalloc(1, sizeof *c);

    *out = NULL;
    if (!c)
        return pt_fail_nomem(err, "the order of texts");
    c->icu = ucol_open(lang, &status);
    if (U_SUCCESS(status))
        ucol_setAttribute(c->icu, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
    if (U_FAILURE(status)) {
        pt_collator_free(c);
        if (status == U_MEMORY_ALLOCATION_ERROR)
            return pt_fail_nomem(err, "the order of texts");
        return pt_fail(err, PT_EENGINE, "ICU has no order of texts for '%s': %s", lang, u_errorName(status));
    }
    *out = c;
    return PT_OK;
}

void pt_collator_free(pt_collator *c)
{
    if (!c)
        return;
    ucol_close(c->icu);
    free(c);
}

/* ICU counts in int32; longer texts are told apart by what comes first. */
static int32_t length(pt_sv s)
{
    return s.len > INT32_MAX ? INT32_MAX : (int32_t)s.len;
}

int pt_collate(const pt_collator *c, pt_sv a, pt_sv b)
{
    UErrorCode status = U_ZERO_ERROR;
    UCollationResult r =
        ucol_strcollUTF8(c->icu, a.len ? a.ptr : "", length(a), b.len ? b.ptr : "", length(b), &status);

    return U_SUCCESS(status) && r != UCOL_EQUAL ? (int)r : pt_sv_cmp(a, b);
}

typedef struct ordering {
    const pt_collator *collator;
    const pt_sv *texts;
} ordering;

static int compare(const void *a, const void *b, void *ctx)
{
    const ordering *o = ctx;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int c = pt_collate(o->collator, o->texts[x], o->texts[y]);

    return c ? c : (x > y) - (x < y);
}

pt_rc pt_collate_order(uint32_t *order, const pt_sv *texts, size_t n, const char *lang, pt_err *err)
{
    pt_collator *c;

    PT_TRY(pt_collator_open(&c, lang, err));
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, n, sizeof *order, compare, &(ordering){c, texts});
    pt_collator_free(c);
    return PT_OK;
}
