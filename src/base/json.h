/* A JSON writer over pt_str. Commas and nesting are its business; `indent` 0 writes one line.
 * Text that is not valid UTF-8 has each bad byte replaced by U+FFFD, so output is always valid JSON. */
#ifndef PT_BASE_JSON_H
#define PT_BASE_JSON_H

#include "base/str.h"

enum { PT_JSON_DEPTH = 64 };

typedef struct pt_json {
    pt_str *out;
    int indent, depth;
    bool first[PT_JSON_DEPTH], after_key;
} pt_json;

void pt_json_init(pt_json *j, pt_str *out, int indent);
void pt_json_open(pt_json *j, char bracket);  /* '{' or '[' */
void pt_json_close(pt_json *j, char bracket); /* '}' or ']' */
void pt_json_key(pt_json *j, const char *key);
void pt_json_keysv(pt_json *j, pt_sv key);
void pt_json_text(pt_json *j, pt_sv v);
void pt_json_cstr(pt_json *j, const char *v); /* NULL writes null */
void pt_json_int(pt_json *j, int64_t v);
void pt_json_number(pt_json *j, double v); /* shortest form; not finite writes null */
void pt_json_bool(pt_json *j, bool v);
void pt_json_null(pt_json *j);
void pt_json_raw(pt_json *j, pt_sv v); /* already JSON */

/* A key with its value; `open` leaves the value to be filled and closed. */
void pt_json_put_open(pt_json *j, const char *key, char bracket);
void pt_json_put_text(pt_json *j, const char *key, pt_sv v);
void pt_json_put_cstr(pt_json *j, const char *key, const char *v); /* NULL writes null */
void pt_json_put_int(pt_json *j, const char *key, int64_t v);
void pt_json_put_count(pt_json *j, const char *key, uint64_t n); /* at most INT64_MAX */
void pt_json_put_number(pt_json *j, const char *key, double v);  /* not finite writes null */
void pt_json_put_bool(pt_json *j, const char *key, bool v);

#endif
