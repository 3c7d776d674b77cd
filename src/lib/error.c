#include "lib/lib_int.h"

_Static_assert((int)PORTRAIT_INVALID == (int)PT_EINVAL && (int)PORTRAIT_PROBLEMS == (int)PT_EPROBLEM, "same numbers");
_Static_assert((int)PORTRAIT_NOT_FOUND == (int)PT_ENOTFOUND && (int)PORTRAIT_DENIED == (int)PT_EDENIED, "same numbers");
_Static_assert((int)PORTRAIT_ENGINE == (int)PT_EENGINE && (int)PORTRAIT_IO == (int)PT_EIO, "same numbers");
_Static_assert((int)PORTRAIT_NO_MEMORY == (int)PT_ENOMEM && (int)PORTRAIT_CORRUPT == (int)PT_ECORRUPT, "same numbers");
_Static_assert((int)PORTRAIT_BUSY == (int)PT_EBUSY && (int)PORTRAIT_CANCELED == (int)PT_ECANCELED, "same numbers");
_Static_assert((int)PORTRAIT_INTERNAL == (int)PT_EINTERNAL && PT_RC_COUNT == PT_EINTERNAL + 1, "same numbers");
_Static_assert(sizeof((portrait_error *)0)->message == sizeof((pt_err *)0)->msg, "a message fits as it is");
_Static_assert(sizeof((portrait_error *)0)->hint == sizeof((pt_err *)0)->hint, "a hint fits as it is");
_Static_assert(sizeof((portrait_error *)0)->file == sizeof((pt_err *)0)->file, "a path fits as it is");

const char *portrait_status_name(portrait_status status)
{
    return (unsigned)status < PT_RC_COUNT ? pt_rc_name((pt_rc)status) : pt_rc_name(PT_EINTERNAL);
}

portrait_status pt_lib_fail(portrait_error *error, const pt_err *err)
{
    if (!error)
        return (portrait_status)err->code;
    error->status = (portrait_status)err->code;
    memcpy(error->message, err->msg, sizeof error->message);
    memcpy(error->hint, err->hint, sizeof error->hint);
    memcpy(error->file, err->file, sizeof error->file);
    error->line = err->line;
    error->column = err->col;
    return error->status;
}

portrait_status pt_lib_nomem(portrait_error *error, const char *what)
{
    pt_err err = {0};

    pt_fail_nomem(&err, what);
    return pt_lib_fail(error, &err);
}

portrait_status pt_lib_ok(portrait_error *error)
{
    if (error)
        *error = (portrait_error){.status = PORTRAIT_OK};
    return PORTRAIT_OK;
}

portrait_status pt_lib_done(pt_rc rc, const pt_err *err, portrait_error *error)
{
    return rc == PT_OK ? pt_lib_ok(error) : pt_lib_fail(error, err);
}
