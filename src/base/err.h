/* One status type for the whole program.
 *
 * A function that can fail returns a pt_rc and takes a pt_err * as its last parameter. The message is set once, by
 * the lowest function that knows the user's noun and position; callers pass it on unchanged. A failure is either
 * returned or logged, never both. docs/errors.md shows the pattern in full. */
#ifndef PT_BASE_ERR_H
#define PT_BASE_ERR_H

#include <stddef.h>

typedef enum pt_rc {
    PT_OK = 0,
    PT_EINVAL,   /* the request, project or input is wrong */
    PT_EPROBLEM, /* the work was done and found problems (check, quality) */
    PT_ENOTFOUND,
    PT_EDENIED,
    PT_EENGINE, /* a dependency (DuckDB, a library) failed */
    PT_EIO,     /* the operating system refused: disk full, no permission */
    PT_ENOMEM,
    PT_ECORRUPT,  /* a derived file fails its checksum or its bounds */
    PT_EBUSY,     /* another process holds the data directory */
    PT_ECANCELED, /* the user or a deadline stopped the work */
    PT_EINTERNAL,
    PT_RC_COUNT
} pt_rc;

typedef struct pt_err {
    pt_rc code;
    char msg[400];  /* one line, no trailing stop, UTF-8 */
    char hint[200]; /* what would be right; may be empty */
    char file[200]; /* project or data file at fault; may be empty */
    int line, col;  /* 1-based; 0 when unknown */
} pt_err;

/* Sets code and message (cut at a UTF-8 boundary when too long), clears hint and position, returns `code`.
 * `err` may be NULL. */
pt_rc pt_fail(pt_err *err, pt_rc code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* As pt_fail, with ": " and the text of errno value `errnum` appended. ENOMEM becomes PT_ENOMEM whatever `code` is. */
pt_rc pt_fail_errno(pt_err *err, pt_rc code, int errnum, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* PT_ENOMEM with a fixed message that names `what`. */
pt_rc pt_fail_nomem(pt_err *err, const char *what);
/* Adds a hint to an error already set; returns err->code (PT_EINTERNAL when err is NULL). */
pt_rc pt_err_hint(pt_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Adds a position to an error already set. */
void pt_err_at(pt_err *err, const char *file, int line, int col);
/* "invalid", "not_found", ...: stable, used in JSON. */
const char *pt_rc_name(pt_rc code);
/* The process exit code for `code`: 0 ok, 1 problems found, 2 bad usage or project, 3 not found, 4 denied, 5 the rest. */
int pt_rc_exit(pt_rc code);

/* Only where nothing is held; otherwise `goto done`. */
#define PT_TRY(expr)            \
    do {                        \
        pt_rc rc_try_ = (expr); \
        if (rc_try_ != PT_OK)   \
            return rc_try_;     \
    } while (0)

/* A broken invariant: prints the place, aborts. Never for bad input. */
#define PT_ASSERT(cond) ((cond) ? (void)0 : pt_assert_failed(#cond, __FILE__, __LINE__))
_Noreturn void pt_assert_failed(const char *cond, const char *file, int line);

#define PT_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
