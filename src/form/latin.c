#include "form/latin.h"

#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { LONGEST = 1024 }; /* UTF-16 units of a text; longer ones are cut */

struct pt_latin {
    UTransliterator *icu;
};

pt_rc pt_latin_open(pt_latin **out, pt_err *err)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar id[64];
    pt_latin *l = pt_zalloc(1, sizeof *l);

    *out = NULL;
    if (!l)
        return pt_fail_nomem(err, "readings of names");
    u_uastrcpy(id, "Han-Latin/Names; Any-Latin; Latin-ASCII; Lower");
    l->icu = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (U_FAILURE(status)) {
        pt_latin_free(l);
        if (status == U_MEMORY_ALLOCATION_ERROR)
            return pt_fail_nomem(err, "readings of names");
        return pt_fail(err, PT_EENGINE, "ICU has no readings of names: %s", u_errorName(status));
    }
    *out = l;
    return PT_OK;
}

void pt_latin_free(pt_latin *l)
{
    if (!l)
        return;
    if (l->icu)
        utrans_close(l->icu);
    free(l);
}

/* Of ASCII only capitals change. */
static bool add_ascii(pt_str *out, pt_sv text)
{
    size_t before = out->len;

    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    pt_str_addsv(out, text);
    for (size_t i = before; i < out->len; i++)
        if (out->ptr[i] >= 'A' && out->ptr[i] <= 'Z')
            out->ptr[i] = (char)(out->ptr[i] - 'A' + 'a');
    return true;
}

void pt_latin_add(pt_latin *l, pt_str *out, pt_sv text)
{
    UChar units[LONGEST * 4];
    char bytes[sizeof units];
    int32_t n = 0, limit, length = text.len < LONGEST ? (int32_t)text.len : LONGEST;
    UErrorCode status = U_ZERO_ERROR;

    if (add_ascii(out, (pt_sv){text.ptr, (size_t)length}))
        return;
    u_strFromUTF8WithSub(units, LONGEST, &n, text.ptr, length, 0xFFFD, NULL, &status);
    if (U_FAILURE(status))
        return;
    limit = n;
    utrans_transUChars(l->icu, units, &n, (int32_t)PT_COUNT(units), 0, &limit, &status);
    if (U_FAILURE(status))
        return;
    u_strToUTF8WithSub(bytes, (int32_t)sizeof bytes, &n, units, n, 0xFFFD, NULL, &status);
    if (U_SUCCESS(status))
        pt_str_addn(out, bytes, (size_t)n);
}
