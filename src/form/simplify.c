/* Traditional to simplified Chinese as OpenCC does it (its configuration t2s): the longest phrase, else the character. */
#include "base/utf8.h"
#include "form/form_int.h"
#include "form/simplified_table.h"

/* The longest phrase that s begins with; NULL when there is none. Phrases that share a beginning stand together, the
 * shorter first. */
static const simplified_phrase *find_phrase(pt_sv s)
{
    size_t low = 0, high = simplified_phrase_count;

    /* The first phrase that comes after s: every beginning of s stands before it. */
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (pt_sv_cmp(pt_sv_of(simplified_phrases[mid].from), s) <= 0)
            low = mid + 1;
        else
            high = mid;
    }
    while (low-- > 0) {
        const simplified_phrase *p = &simplified_phrases[low];
        if (pt_sv_has_prefix(s, p->from))
            return p;
        if (memcmp(p->from, s.ptr, s.len < 3 ? s.len : 3) != 0)
            break; /* another first character */
    }
    return NULL;
}

static uint32_t look_up(int32_t cp)
{
    if (cp < 0x80 || cp >= SIMPLIFIED_END)
        return 0;
    return simplified_pages[simplified_page[cp / SIMPLIFIED_PAGE]][cp % SIMPLIFIED_PAGE];
}

void pt_form_simplify(pt_str *out, pt_sv text)
{
    size_t kept = 0; /* what comes before it is in `out` */

    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        uint32_t entry = look_up(pt_utf8_next(text, &at));
        if (!entry)
            continue;
        pt_str_addn(out, text.ptr + kept, from - kept);
        const simplified_phrase *p =
            entry & SIMPLIFIED_BEGINS ? find_phrase((pt_sv){text.ptr + from, text.len - from}) : NULL;
        if (p) {
            pt_str_add(out, p->to);
            at = from + strlen(p->from);
        } else {
            pt_utf8_put(out, (int32_t)(entry & ~(uint32_t)SIMPLIFIED_BEGINS));
        }
        kept = at;
    }
    pt_str_addn(out, text.ptr + kept, text.len - kept);
}
