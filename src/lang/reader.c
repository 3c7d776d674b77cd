#include "lang/syntax.h"

#include <stdarg.h>
#include <stdio.h>

/* Names may be long: a message cut short must still end between characters. */
static void cut_at_character(char *msg, size_t cap, int wanted)
{
    size_t n = cap - 1;

    if (wanted < 0 || (size_t)wanted < cap)
        return;
    while (n > 0 && ((unsigned char)msg[n - 1] & 0xC0) == 0x80)
        n--;
    if (n > 0 && (unsigned char)msg[n - 1] >= 0xC0)
        n--;
    msg[n] = '\0';
}

__attribute__((format(printf, 5, 0))) static pt_diag *report(pt_reader *r, pt_severity severity, int code, pt_span span,
                                                             const char *fmt, va_list ap)
{
    char msg[300];
    pt_place place;
    int wanted;

    if (r->errors >= PT_LANG_MAX_PROBLEMS)
        return &r->unread;
    wanted = vsnprintf(msg, sizeof msg, fmt, ap);
    cut_at_character(msg, sizeof msg, wanted);
    place = pt_place_at(r->start, r->text, span.offset, span.length ? span.length : 1);
    r->errors += severity == PT_SEVERITY_ERROR;
    return pt_diags_add(r->diags, severity, code, place, "%s", msg);
}

pt_diag *pt_reader_problem(pt_reader *r, int code, pt_span span, const char *fmt, ...)
{
    va_list ap;
    pt_diag *diag;

    va_start(ap, fmt);
    diag = report(r, PT_SEVERITY_ERROR, code, span, fmt, ap);
    va_end(ap);
    return diag;
}

pt_diag *pt_reader_warning(pt_reader *r, int code, pt_span span, const char *fmt, ...)
{
    va_list ap;
    pt_diag *diag;

    va_start(ap, fmt);
    diag = report(r, PT_SEVERITY_WARNING, code, span, fmt, ap);
    va_end(ap);
    return diag;
}

void *pt_reader_alloc(pt_reader *r, size_t count, size_t size)
{
    void *p = pt_arena_array(r->arena, count, size);

    if (!p)
        r->nomem = true;
    return p;
}
