/* Which byte of the file each byte of a decoded scalar came from, so that a problem inside an expression is shown at
 * its character whatever YAML form the expression is written in. */
#include "base/utf8.h"
#include "project/yaml.h"

typedef struct walk {
    pt_sv file, text;
    size_t raw, end; /* in file */
    size_t decoded;  /* in text */
    uint32_t *origin;
} walk;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void map_one(walk *w)
{
    if (w->decoded < w->text.len)
        w->origin[w->decoded++] = (uint32_t)w->raw;
}

/* White space with a line break in it: YAML folds it, drops indentation, keeps some breaks. Every decoded space of the
 * run is mapped to the run's start. */
static bool map_fold(walk *w)
{
    size_t i = w->raw;
    bool breaks = false;

    for (; i < w->end && is_space(w->file.ptr[i]); i++)
        breaks |= w->file.ptr[i] == '\n' || w->file.ptr[i] == '\r';
    if (!breaks)
        return false;
    while (w->decoded < w->text.len && is_space(w->text.ptr[w->decoded]))
        map_one(w);
    w->raw = i;
    return true;
}

static unsigned hex_digits(char escape)
{
    switch (escape) {
    case 'x': return 2;
    case 'u': return 4;
    case 'U': return 8;
    default: return 0;
    }
}

/* One escape of a double-quoted scalar: 2, 4, 6 or 10 bytes of the file, one character decoded; or an escaped line
 * break, which decodes to nothing. */
static void map_escape(walk *w)
{
    char kind = w->raw + 1 < w->end ? w->file.ptr[w->raw + 1] : 0;

    if (kind == '\n' || kind == '\r') {
        for (w->raw++; w->raw < w->end && is_space(w->file.ptr[w->raw]);)
            w->raw++;
        return;
    }
    size_t at = w->decoded;
    pt_utf8_next(w->text, &at);
    while (w->decoded < at)
        map_one(w);
    w->raw += 2 + hex_digits(kind);
}

static void map_scalar(walk *w, pt_yaml_style style)
{
    while (w->raw < w->end && w->decoded < w->text.len) {
        if (is_space(w->file.ptr[w->raw]) && map_fold(w))
            continue;
        if (style == PT_YAML_DOUBLE && w->file.ptr[w->raw] == '\\') {
            map_escape(w);
            continue;
        }
        bool doubled = style == PT_YAML_SINGLE && w->file.ptr[w->raw] == '\'';
        map_one(w);
        w->raw += doubled ? 2 : 1;
    }
}

bool pt_yaml_text_place(pt_place *out, const pt_yaml *n, pt_arena *arena)
{
    pt_sv file = n->place.text;

    *out = n->place;
    if (n->end - n->start == n->text.len && memcmp(file.ptr + n->start, n->text.ptr, n->text.len) == 0)
        return true;
    walk w = {.file = file, .text = n->text, .raw = n->start, .end = n->end};
    w.origin = PT_NEW_ARRAY(arena, uint32_t, n->text.len + 1);
    if (!w.origin)
        return false;
    map_scalar(&w, n->style);
    while (w.decoded < n->text.len)
        map_one(&w);
    w.origin[n->text.len] = (uint32_t)w.raw;
    out->origin = w.origin;
    return true;
}
