/* Other encodings to UTF-8. A Chinese file that is not UTF-8 is nearly always GBK (GB18030 contains it), and files glued
 * together from several systems are mixed, so the guess is made line by line, with the whole file as evidence. A line that
 * fits nothing is written as it is: it is not UTF-8, and its row will be refused with its place. */
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "source/codes.h"
#include "source/text_file.h"

typedef struct transcoder {
    iconv_t cd;
    pt_writer *out;
    pt_str buffer;
    bool nomem;
} transcoder;

/* GBK and GB2312 are parts of GB18030, and files that claim them use characters they lack. */
static const char *system_name(const char *encoding)
{
    static const char *const gb[] = {"gbk", "gb2312", "gb18030", "cp936", "gb-2312", "gb-18030"};

    for (size_t i = 0; i < PT_COUNT(gb); i++)
        if (strcasecmp(encoding, gb[i]) == 0)
            return "GB18030";
    return strcasecmp(encoding, "utf8") == 0 ? "UTF-8" : encoding;
}

static pt_rc open_iconv(iconv_t *out, const char *encoding, pt_err *err)
{
    *out = iconv_open("UTF-8", system_name(encoding));
    if (*out != (iconv_t)-1)
        return PT_OK;
    if (errno != EINVAL)
        return pt_fail_errno(err, PT_EIO, errno, "cannot convert from '%s'", encoding);
    pt_fail_code(err, PT_E_NO_ENCODING, (pt_place){0}, "there is no encoding '%s'", encoding);
    return pt_err_hint(err, "for example utf-8, gb18030, big5, utf-16, latin1 (`iconv -l` lists all)");
}

pt_rc pt_encoding_check(const char *name, pt_err *err)
{
    iconv_t cd;

    PT_TRY(open_iconv(&cd, name, err));
    iconv_close(cd);
    return PT_OK;
}

/* --- evidence ------------------------------------------------------------------------------------------------------ */

typedef enum line_kind {
    LINE_ASCII,
    LINE_UTF8,    /* valid, with characters of three bytes or more: nothing else looks like that by chance */
    LINE_EITHER,  /* valid, but two-byte pairs only, which GBK has too (the character for "woman" is one) */
    LINE_DAMAGED, /* mostly UTF-8, with a fault */
    LINE_OTHER    /* not UTF-8 */
} line_kind;

static line_kind kind_of_line(pt_sv line)
{
    size_t high = 0, covered = 0, bad = 0, at = 0;

    while (at < line.len) {
        if ((unsigned char)line.ptr[at] < 0x80) {
            at++;
            continue;
        }
        size_t from = at;
        bool valid = pt_utf8_next(line, &at) >= 0;
        high += at - from;
        bad += !valid;
        covered += valid && at - from >= 3 ? at - from : 0;
    }
    if (high == 0)
        return LINE_ASCII;
    if (bad == 0)
        return covered ? LINE_UTF8 : LINE_EITHER;
    return covered * 2 > high ? LINE_DAMAGED : LINE_OTHER;
}

/* The text up to and with its next \n. */
static pt_sv take_line(pt_sv *rest)
{
    const char *end = memchr(rest->ptr, '\n', rest->len);
    pt_sv line = {rest->ptr, end ? (size_t)(end - rest->ptr) + 1 : rest->len};

    *rest = (pt_sv){rest->ptr + line.len, rest->len - line.len};
    return line;
}

typedef struct evidence {
    size_t lines[LINE_OTHER + 1];
} evidence;

static evidence gather(pt_sv text)
{
    evidence e = {{0}};

    while (text.len)
        e.lines[kind_of_line(take_line(&text))]++;
    return e;
}

/* --- conversion ---------------------------------------------------------------------------------------------------- */

/* Appends `text` converted; false, with nothing appended, when a byte does not fit. */
static bool convert(transcoder *t, pt_sv text)
{
    size_t before = t->buffer.len, left = text.len;
    char *in = (char *)(uintptr_t)text.ptr; /* iconv's signature lacks the const that it keeps */
    char block[4096];

    iconv(t->cd, NULL, NULL, NULL, NULL);
    while (left) {
        char *out = block;
        size_t room = sizeof block;
        size_t n = iconv(t->cd, &in, &left, &out, &room);
        pt_str_addn(&t->buffer, block, (size_t)(out - block));
        if (n == (size_t)-1 && errno != E2BIG) {
            t->buffer.len = before;
            return false;
        }
    }
    return true;
}

static void flush(transcoder *t, size_t keep)
{
    t->nomem |= t->buffer.failed;
    if (t->buffer.len > keep) {
        pt_writer_write(t->out, t->buffer.ptr, t->buffer.len);
        t->buffer.len = 0;
    }
}

static void put_guessed(transcoder *t, pt_sv line, const evidence *e)
{
    line_kind kind = kind_of_line(line);
    bool other = kind == LINE_OTHER || (kind == LINE_EITHER && e->lines[LINE_OTHER] > e->lines[LINE_UTF8]);

    if (!other || !convert(t, line))
        pt_str_addsv(&t->buffer, line);
}

/* A line that does not fit what was declared may be UTF-8, in a file put together from two. */
static void put_declared(transcoder *t, pt_sv line)
{
    if (convert(t, line))
        return;
    pt_str_addsv(&t->buffer, line);
    if (pt_utf8_valid(line) == line.len && kind_of_line(line) != LINE_UTF8)
        pt_str_addc(&t->buffer, '\xFF'); /* valid by chance: mark it, so that the row is refused */
}

/* Encodings in which a line end is not a single byte are converted as one stream; bad bytes become U+FFFD. */
static bool is_wide(const char *encoding)
{
    return encoding && (strncasecmp(encoding, "utf-16", 6) == 0 || strncasecmp(encoding, "utf16", 5) == 0 ||
                        strncasecmp(encoding, "utf-32", 6) == 0 || strncasecmp(encoding, "ucs", 3) == 0);
}

static void put_stream(transcoder *t, pt_sv text)
{
    char *in = (char *)(uintptr_t)text.ptr, block[16384];
    size_t left = text.len;

    while (left) {
        char *out = block;
        size_t room = sizeof block;
        size_t n = iconv(t->cd, &in, &left, &out, &room);
        pt_str_addn(&t->buffer, block, (size_t)(out - block));
        if (n == (size_t)-1 && errno != E2BIG) {
            size_t skip = left < 2 ? left : 2; /* one code unit */
            pt_str_addc(&t->buffer, '\xFF');
            in += skip;
            left -= skip;
        }
        flush(t, 1 << 20);
    }
}

static void put_lines(transcoder *t, pt_sv text, const char *encoding)
{
    evidence e = encoding ? (evidence){{0}} : gather(text);

    while (text.len) {
        pt_sv line = take_line(&text);
        if (encoding)
            put_declared(t, line);
        else
            put_guessed(t, line, &e);
        flush(t, 1 << 20);
    }
}

pt_rc pt_transcode(const char *to, pt_sv text, const char *encoding, pt_err *err)
{
    transcoder t = {0};
    pt_rc rc = open_iconv(&t.cd, encoding ? encoding : "GB18030", err);

    if (rc != PT_OK)
        return rc;
    rc = pt_writer_open(&t.out, to, err);
    if (rc != PT_OK) {
        iconv_close(t.cd);
        return rc;
    }
    if (is_wide(encoding))
        put_stream(&t, text);
    else
        put_lines(&t, text, encoding);
    flush(&t, 0);
    iconv_close(t.cd);
    pt_str_free(&t.buffer);
    if (t.nomem) {
        pt_writer_abort(t.out);
        return pt_fail_nomem(err, "transcoding a file");
    }
    return pt_writer_commit(t.out, err);
}
