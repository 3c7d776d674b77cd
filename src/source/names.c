/* Names: what a definition calls a column, and which column of a file that is. */
#include <stdarg.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "source/source_int.h"

const char *pt_plain_name(const char *text, pt_arena *arena)
{
    pt_sv s = pt_sv_trim(pt_sv_of(text));
    size_t at = 0;

    if (s.len > 2 && s.ptr[0] == '"' && s.ptr[s.len - 1] == '"' && !memchr(s.ptr + 1, '"', s.len - 2))
        return pt_arena_strndup(arena, s.ptr + 1, s.len - 2);
    while (at < s.len) {
        bool first = at == 0;
        int32_t c = pt_utf8_next(s, &at);
        if (!pt_utf8_is_letter(c) && (first || !pt_utf8_is_digit(c)))
            break;
        if (at == s.len)
            return pt_arena_strndup(arena, s.ptr, s.len);
    }
    for (at = 0; at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';)
        at++;
    /* "2": a position, in a file without a header. */
    return s.len && at == s.len ? pt_arena_strndup(arena, s.ptr, s.len) : NULL;
}

static int find_position(const pt_shape *shape, const char *name)
{
    int64_t n;

    if (strncmp(name, "column", 6) == 0)
        name += 6;
    return pt_parse_int64(&n, pt_sv_of(name)) && n >= 1 && (uint64_t)n <= shape->n ? (int)n - 1 : -1;
}

static int find_any_case(const pt_shape *shape, const char *name)
{
    pt_str wanted = {0}, have = {0};
    int found = -1;

    pt_utf8_fold(&wanted, pt_sv_of(name));
    for (size_t i = 0; i < shape->n; i++) {
        pt_str_clear(&have);
        pt_utf8_fold(&have, pt_sv_of(shape->names[i]));
        if (wanted.len && wanted.len == have.len && memcmp(wanted.ptr, have.ptr, have.len) == 0)
            found = found == -1 ? (int)i : -2;
    }
    pt_str_free(&wanted);
    pt_str_free(&have);
    return found < 0 ? -1 : found;
}

int pt_shape_find(const pt_shape *shape, const char *name)
{
    if (!*name)
        return -1;
    for (size_t i = 0; i < shape->n; i++)
        if (strcmp(shape->names[i], name) == 0)
            return (int)i;
    return shape->positions && !shape->open_ended ? find_position(shape, name) : find_any_case(shape, name);
}

static pt_rc add(pt_shape *shape, const char *name, const char *type, pt_arena *arena, pt_err *err)
{
    if (shape->n == shape->cap) {
        size_t cap = shape->cap ? shape->cap * 2 : 16;
        const char **names = PT_NEW_ARRAY(arena, const char *, cap), **types = PT_NEW_ARRAY(arena, const char *, cap);
        if (!names || !types)
            return pt_fail_nomem(err, "a file's columns");
        if (shape->n)
            memcpy(names, shape->names, shape->n * sizeof *names);
        if (shape->n && shape->types)
            memcpy(types, shape->types, shape->n * sizeof *types);
        shape->names = names;
        shape->types = type ? types : NULL;
        shape->cap = cap;
    }
    shape->names[shape->n] = name;
    if (type)
        shape->types[shape->n] = type;
    shape->n++;
    return PT_OK;
}

pt_rc pt_shape_add(pt_shape *shape, const char *name, pt_arena *arena, pt_err *err)
{
    return add(shape, name, NULL, arena, err);
}

pt_rc pt_shape_add_typed(pt_shape *shape, pt_sv name, pt_sv type, pt_arena *arena, pt_err *err)
{
    const char *n = pt_arena_strndup(arena, name.ptr, name.len), *t = pt_arena_strndup(arena, type.ptr, type.len);

    return n && t ? add(shape, n, t, arena, err) : pt_fail_nomem(err, "a file's columns");
}

/* Names joined by dots. */
bool pt_is_path(const char *name)
{
    pt_sv s = pt_sv_of(name);
    size_t at = 0;
    bool first = true;

    while (at < s.len) {
        int32_t c = pt_utf8_next(s, &at);
        bool dot = c == '.';
        if (dot ? first : !pt_utf8_is_letter(c) && (first || !pt_utf8_is_digit(c)))
            return false;
        first = dot;
    }
    return !first;
}

/* --- what the definition may ask a file for -------------------------------------------------------------------------- */

static void add_wanted(const char **list, size_t *n, const char *text, pt_arena *arena)
{
    const char *name = text ? pt_plain_name(text, arena) : NULL;

    for (size_t i = 0; name && i < *n; i++)
        if (strcmp(list[i], name) == 0)
            return;
    if (name)
        list[(*n)++] = name;
}

pt_rc pt_wanted_names(pt_read_run *run, pt_err *err)
{
    const pt_source *s = run->source;
    const char **list = PT_NEW_ARRAY(run->arena, const char *, s->n_file_columns + s->n_identifiers + 1);
    size_t n = 0;

    if (!list)
        return pt_fail_nomem(err, "a source's names");
    for (size_t i = 0; i < s->n_file_columns; i++) {
        const pt_source_column *c = &s->columns[i];
        if (c->lookup.source)
            add_wanted(list, &n, c->lookup.by, run->arena);
        else if (!c->computed)
            add_wanted(list, &n, c->from ? c->from : c->name, run->arena);
    }
    add_wanted(list, &n, s->time, run->arena);
    for (size_t i = 0; i < s->n_identifiers; i++)
        add_wanted(list, &n, s->identifiers[i].column, run->arena);
    run->wanted = list;
    run->n_wanted = n;
    return PT_OK;
}

/* --- failures ----------------------------------------------------------------------------------------------------------- */

pt_rc pt_fail_code(pt_err *err, int code, pt_place place, const char *fmt, ...)
{
    char text[sizeof err->msg];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    pt_fail(err, PT_EINVAL, "E%04d: %s", code, text);
    if (err && place.file)
        pt_err_at(err, place.file, place.line, place.col);
    return PT_EINVAL;
}

pt_rc pt_fail_input(pt_err *err, const pt_read_run *run, const pt_input *in, int code, const char *fmt, ...)
{
    char text[300];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return pt_fail_code(err, code, run->source->place, "%s: %s", in->name, text);
}
