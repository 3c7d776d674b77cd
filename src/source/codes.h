/* The codes of problems with sources and their files. Stable: a number is never given a second meaning. diag_infos.c says
 * more of each. */
#ifndef PT_SOURCE_CODES_H
#define PT_SOURCE_CODES_H

#include "base/diag.h"

enum {
    PT_E_NO_FILE = 401,
    PT_E_SAME_NAME = 402,
    PT_E_NOT_THE_FORMAT = 404,
    PT_E_NO_COLUMN = 405,
    PT_E_NOT_AN_EXPRESSION = 406,
    PT_E_NO_ENCODING = 407,
    PT_E_DAMAGED_FILE = 408,
    PT_E_TIME_FORMAT = 409,
    PT_E_TYPE_MISMATCH = 410,
    PT_E_COLUMN_CYCLE = 411,
    PT_E_NO_LOOKUP = 412,
    PT_E_QUARANTINE = 420, /* not reported: what `portrait explain` says about rows in quarantine */
};

/* PT_EINVAL with "E0405: " before the message, at `place` when that has a file. */
pt_rc pt_fail_code(pt_err *err, int code, pt_place place, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
