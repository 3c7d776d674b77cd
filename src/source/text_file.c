#include "source/text_file.h"

#include <unistd.h>

#include "base/hash.h"
#include "base/utf8.h"

enum { SCAN_BLOCK = 1 << 16 };

/* --- one look at the bytes ----------------------------------------------------------------------------------------- */

/* 16 bytes at once, by the compilers' vector extension; a comparison gives 0xFF for each byte where it holds. */
typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint64_t words2 __attribute__((vector_size(16)));

static inline bytes16 load16(const uint8_t *t)
{
    bytes16 v;

    memcpy(&v, t, sizeof v);
    return v;
}

static inline bytes16 is_separator(bytes16 c)
{
    return (bytes16)((c == ',') | (c == ';') | (c == '|') | (c == '\t') | (c == '\n') | (c == '\r') | (c == '"') |
                     (c == '\''));
}

/* U+3000 is told by its first or last byte alone: other characters with that byte make values be trimmed that did not
 * need it, which costs time and changes nothing. */
static inline bytes16 is_blank(bytes16 c, uint8_t part_of_wide)
{
    return (bytes16)((c == ' ') | (c == '\t') | (c == 0x0B) | (c == 0x0C) | (c == part_of_wide));
}

/* Whether white space stands at the edge of a value: beside a separator, a quote or a line end. */
static bool has_edges(const uint8_t *t, size_t n)
{
    bytes16 found = {0};
    size_t i = 1;

    for (; i + 16 <= n; i += 16) {
        bytes16 a = load16(t + i - 1), b = load16(t + i);
        found |= (is_blank(a, 0x80) & is_separator(b)) | (is_separator(a) & is_blank(b, 0xE3));
    }
    if (i < n) {
        uint8_t tail[32] = {0}; /* the last bytes and zeros, which are neither */
        memcpy(tail, t + i - 1, n - i + 1);
        bytes16 a = load16(tail), b = load16(tail + 1);
        found |= (is_blank(a, 0x80) & is_separator(b)) | (is_separator(a) & is_blank(b, 0xE3));
    }
    words2 words = (words2)found;
    return words[0] | words[1];
}

/* Line ends are of one kind when every \r is followed by \n and every \n follows one, or when one of them is absent. */
typedef struct line_ends {
    bool cr, lf, pair; /* a lone \r, a lone \n, \r\n */
} line_ends;

static void look_at_ends(line_ends *e, const uint8_t *t, size_t n)
{
    if (!memchr(t, '\r', n)) {
        e->lf = e->lf || memchr(t, '\n', n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        bool pair = t[i] == '\r' && i + 1 < n && t[i + 1] == '\n';
        e->pair |= pair;
        e->cr |= t[i] == '\r' && !pair;
        e->lf |= t[i] == '\n';
        i += pair;
    }
}

/* A block no longer than SCAN_BLOCK that does not end within a character of valid text, nor between \r and \n. */
static size_t block_length(pt_sv rest)
{
    size_t n = rest.len < SCAN_BLOCK ? rest.len : SCAN_BLOCK;

    for (int back = 0; back < 3 && n < rest.len && ((uint8_t)rest.ptr[n] & 0xC0) == 0x80 && n > 1; back++)
        n--;
    return n > 1 && n < rest.len && rest.ptr[n - 1] == '\r' ? n - 1 : n;
}

static bool ends_blank(pt_sv text)
{
    return text.len && strchr(" \t\v\f\x80", text.ptr[text.len - 1]);
}

/* Block by block, so that the three looks find their bytes in the cache. */
static void scan(pt_text_file *t)
{
    pt_sv rest = {(const char *)t->map.ptr, t->map.size};
    line_ends ends = {0};

    t->valid = true;
    t->nul = false;
    t->edges = ends_blank(rest);
    while (rest.len) {
        size_t n = block_length(rest), overlap = rest.len > n;
        t->valid = t->valid && pt_utf8_valid((pt_sv){rest.ptr, n}) == n;
        t->nul = t->nul || memchr(rest.ptr, '\0', n);
        t->edges = t->edges || has_edges((const uint8_t *)rest.ptr, n + overlap);
        look_at_ends(&ends, (const uint8_t *)rest.ptr, n);
        rest = (pt_sv){rest.ptr + n, rest.len - n};
    }
    t->mixed_ends = ends.cr + ends.lf + ends.pair > 1;
}

/* --- opening ------------------------------------------------------------------------------------------------------- */

static pt_rc map_plain(pt_text_file *t, pt_err *err)
{
    PT_TRY(pt_map_open(&t->map, t->path, err));
    scan(t);
    return PT_OK;
}

/* A fresh name in the work folder for what is made from `path`. */
static const char *temporary_path(const char *work_dir, const char *path, const char *what, pt_arena *arena)
{
    char hex[33];

    pt_hash128_hex(hex, pt_hash128_of(path, strlen(path)));
    return pt_arena_printf(arena, "%s/%s.%s.txt", work_dir, hex, what);
}

/* Replaces the text by a temporary file that `from` was turned into. */
static pt_rc move_to(pt_text_file *t, const char *path, pt_err *err)
{
    pt_text_file_close(t);
    t->path = path;
    t->temporary = true;
    return map_plain(t, err);
}

static const char *encoding_of_mark(const pt_text_file *t)
{
    pt_sv text = {(const char *)t->map.ptr, t->map.size};

    if (pt_sv_has_prefix(text, "\xFF\xFE") || pt_sv_has_prefix(text, "\xFE\xFF"))
        return "UTF-16";
    return NULL;
}

static bool is_utf8(const char *encoding)
{
    return strcasecmp(encoding, "utf-8") == 0 || strcasecmp(encoding, "utf8") == 0;
}

static pt_rc to_utf8(pt_text_file *t, const char *encoding, const char *source_path, const char *work_dir,
                     pt_arena *arena, pt_err *err)
{
    const char *to = temporary_path(work_dir, source_path, "utf8", arena);

    if (!to)
        return pt_fail_nomem(err, "a file's path");
    PT_TRY(pt_transcode(to, (pt_sv){(const char *)t->map.ptr, t->map.size}, encoding, err));
    return move_to(t, to, err);
}

static pt_rc unpack(pt_text_file *t, const char *path, const char *work_dir, pt_arena *arena, pt_err *err)
{
    t->path = path;
    if (!pt_is_compressed(path))
        return PT_OK;
    const char *to = temporary_path(work_dir, path, "plain", arena);
    if (!to)
        return pt_fail_nomem(err, "a file's path");
    t->path = to;
    t->temporary = true;
    return pt_decompress(to, path, err);
}

pt_rc pt_text_file_open(pt_text_file *out, const char *path, const char *encoding, const char *work_dir,
                        pt_arena *arena, pt_err *err)
{
    pt_rc rc;

    *out = (pt_text_file){0};
    rc = unpack(out, path, work_dir, arena, err);
    if (rc == PT_OK)
        rc = map_plain(out, err);
    if (rc == PT_OK) {
        const char *from = encoding ? encoding : encoding_of_mark(out);
        if (from ? !is_utf8(from) : !out->valid)
            rc = to_utf8(out, from, path, work_dir, arena, err);
    }
    if (rc != PT_OK)
        pt_text_file_close(out);
    return rc;
}

void pt_text_file_close(pt_text_file *t)
{
    pt_map_close(&t->map);
    if (t->temporary)
        unlink(t->path);
    *t = (pt_text_file){0};
}
