#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_code;
} rc_table[PT_RC_COUNT] = {
    [PT_OK] = {"ok", 0},
    [PT_EINVAL] = {"invalid", 2},
    [PT_EPROBLEM] = {"problem", 1},
    [PT_ENOTFOUND] = {"not_found", 3},
    [PT_EDENIED] = {"denied", 4},
    [PT_EENGINE] = {"engine", 5},
    [PT_EIO] = {"io", 5},
    [PT_ENOMEM] = {"no_memory", 5},
    [PT_ECORRUPT] = {"corrupt", 5},
    [PT_EBUSY] = {"busy", 5},
    [PT_ECANCELED] = {"canceled", 5},
    [PT_EINTERNAL] = {"internal", 5},
};

const char *pt_rc_name(pt_rc code)
{
    return (unsigned)code < PT_RC_COUNT ? rc_table[code].name : "unknown";
}

int pt_rc_exit(pt_rc code)
{
    return (unsigned)code < PT_RC_COUNT ? rc_table[code].exit_code : 5;
}

/* Formats into a fixed buffer; a text that does not fit ends at a whole UTF-8 character, with "...". */
__attribute__((format(printf, 3, 0))) static void format_cut(char *buf, size_t size, const char *fmt, va_list ap)
{
    int n = vsnprintf(buf, size, fmt, ap);

    if (n < 0) {
        snprintf(buf, size, "(unprintable message)");
        return;
    }
    if ((size_t)n < size)
        return;
    size_t end = size - 4;
    while (end > 0 && ((unsigned char)buf[end] & 0xC0) == 0x80)
        end--;
    memcpy(buf + end, "...", 4);
}

static void reset(pt_err *err, pt_rc code)
{
    err->code = code;
    err->hint[0] = '\0';
    err->file[0] = '\0';
    err->line = err->col = 0;
}

pt_rc pt_fail(pt_err *err, pt_rc code, const char *fmt, ...)
{
    char msg[sizeof err->msg]; /* the arguments may point into err */
    va_list ap;

    if (!err)
        return code;
    va_start(ap, fmt);
    format_cut(msg, sizeof msg, fmt, ap);
    va_end(ap);
    memcpy(err->msg, msg, strlen(msg) + 1);
    reset(err, code);
    return code;
}

pt_rc pt_fail_errno(pt_err *err, pt_rc code, int errnum, const char *fmt, ...)
{
    char head[sizeof err->msg], reason[128];
    va_list ap;

    if (errnum == ENOMEM)
        code = PT_ENOMEM;
    if (!err)
        return code;
    va_start(ap, fmt);
    format_cut(head, sizeof head, fmt, ap);
    va_end(ap);
    return pt_fail(err, code, "%s: %s", head, strerror_r(errnum, reason, sizeof reason));
}

pt_rc pt_fail_nomem(pt_err *err, const char *what)
{
    return pt_fail(err, PT_ENOMEM, "not enough memory for %s", what);
}

pt_rc pt_err_hint(pt_err *err, const char *fmt, ...)
{
    va_list ap;

    if (!err)
        return PT_EINTERNAL;
    va_start(ap, fmt);
    format_cut(err->hint, sizeof err->hint, fmt, ap);
    va_end(ap);
    return err->code;
}

void pt_err_at(pt_err *err, const char *file, int line, int col)
{
    if (!err)
        return;
    snprintf(err->file, sizeof err->file, "%s", file ? file : "");
    err->line = line;
    err->col = col;
}

void pt_assert_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "portrait: internal error: %s (%s:%d)\n", cond, file, line);
    abort();
}
