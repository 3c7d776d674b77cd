#include "base/err.h"

#include <errno.h>
#include <string.h>

#include "base/utf8.h"
#include "support/test.h"

TEST(base_err__a_failure_carries_its_message_once)
{
    pt_err err = {0};

    CHECK_INT(pt_fail(&err, PT_EINVAL, "unknown tag '%s'", "x"), PT_EINVAL);
    CHECK_STR(err.msg, "unknown tag 'x'");
    CHECK_INT(pt_err_hint(&err, "did you mean '%s'?", "y"), PT_EINVAL);
    pt_err_at(&err, "tags.yaml", 3, 4);
    CHECK(strcmp(err.hint, "did you mean 'y'?") == 0 && err.line == 3 && err.col == 4);
    pt_fail(&err, PT_EIO, "next"); /* nothing of the earlier error is left */
    CHECK(!err.hint[0] && !err.file[0] && err.line == 0 && err.code == PT_EIO);
    pt_fail(&err, PT_EIO, "again: %s", err.msg); /* a message may quote the one before it */
    CHECK_STR(err.msg, "again: next");
}

TEST(base_err__null_is_allowed_everywhere)
{
    CHECK_INT(pt_fail(NULL, PT_EDENIED, "x"), PT_EDENIED);
    CHECK_INT(pt_fail_errno(NULL, PT_EIO, ENOMEM, "x"), PT_ENOMEM);
    CHECK_INT(pt_fail_nomem(NULL, "x"), PT_ENOMEM);
    CHECK_INT(pt_err_hint(NULL, "x"), PT_EINTERNAL);
    pt_err_at(NULL, "x", 1, 1);
}

TEST(base_err__errno_is_spelled_out)
{
    pt_err err = {0};

    CHECK_INT(pt_fail_errno(&err, PT_EIO, EACCES, "cannot open '%s'", "f"), PT_EIO);
    CHECK_STR(err.msg, "cannot open 'f': Permission denied");
    CHECK_INT(pt_fail_errno(&err, PT_EIO, ENOMEM, "x"), PT_ENOMEM);
}

TEST(base_err__long_messages_end_at_a_whole_character)
{
    pt_err err = {0};
    char text[1200];

    for (size_t shift = 0; shift < 3; shift++) {
        memset(text, 'a', shift);
        for (size_t at = shift; at + 3 < sizeof text; at += 3)
            memcpy(text + at, "客", 4);
        pt_fail(&err, PT_EINVAL, "%s", text);
        size_t n = strlen(err.msg);
        CHECK(n < sizeof err.msg && n > sizeof err.msg - 8);
        CHECK_INT(pt_utf8_valid(pt_sv_of(err.msg)), n);
        CHECK_STR(err.msg + n - 3, "...");
    }
}

TEST(base_err__codes_have_names_and_exits)
{
    for (int code = 0; code < PT_RC_COUNT; code++)
        CHECK(pt_rc_name((pt_rc)code) && pt_rc_exit((pt_rc)code) >= 0 && (pt_rc_exit((pt_rc)code) == 0) == (code == 0));
    CHECK_STR(pt_rc_name(PT_ENOTFOUND), "not_found");
    CHECK_STR(pt_rc_name((pt_rc)999), "unknown");
    CHECK_INT(pt_rc_exit((pt_rc)999), 5);
}
