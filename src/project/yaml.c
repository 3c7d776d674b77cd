#include "project/yaml.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/intern.h"
#include "base/utf8.h"
#include "project/codes.h"

/* Positions are counted by one cursor that only moves forward, as the parser does: linear in the file. */
typedef struct cursor {
    size_t at;
    int line, col;
} cursor;

/* What a name stands for now: an anchor of the same name replaces it. */
typedef struct anchor {
    pt_yaml *node;
    bool open; /* the node is still being read: it cannot hold itself */
} anchor;

/* Items of the list or mapping being read. */
typedef struct level {
    pt_yaml *node;
    pt_yaml **items, **keys;
    size_t n, cap_items, cap_keys;
    pt_yaml *key;    /* a mapping's key that waits for its value */
    uint32_t anchor; /* code of the anchor's name, or 0 */
} level;

typedef struct parser {
    const char *file;
    pt_sv text;
    pt_diags *diags;
    pt_arena *arena;
    struct fy_parser *fy;
    cursor cursor;
    level levels[PT_YAML_MOST_DEPTH];
    size_t depth;
    pt_intern *anchor_names; /* NULL until there is one */
    anchor *anchors;         /* by code of the name */
    size_t cap_anchors;
    pt_yaml *root;
    size_t documents;
    uint64_t weight;
    bool failed, nomem; /* failed: a problem was reported, reading has stopped */
} parser;

/* Characters from `at` to `end` or the end of the line; at least 1. */
static int length_on_line(const parser *p, size_t at, size_t end)
{
    int n = 0;

    for (size_t i = at; i < end && i < p->text.len && p->text.ptr[i] != '\n'; i++)
        n += ((unsigned char)p->text.ptr[i] & 0xC0) != 0x80;
    return n ? n : 1;
}

static pt_place place_at(parser *p, size_t at, size_t end)
{
    pt_place start = {.file = p->file, .text = p->text, .line = 1, .col = 1, .length = 1};
    cursor *c = &p->cursor;

    if (at > p->text.len)
        at = p->text.len;
    if (at < c->at)
        *c = (cursor){0, 1, 1};
    while (c->at < at) {
        unsigned char b = (unsigned char)p->text.ptr[c->at++];
        if (b == '\n') {
            c->line++;
            c->col = 1;
        } else if ((b & 0xC0) != 0x80) {
            c->col++;
        }
    }
    start.line = c->line;
    start.col = c->col;
    start.length = length_on_line(p, at, end);
    return start;
}

static pt_diag *fail(parser *p, int code, pt_place place, const char *msg)
{
    p->failed = true;
    return pt_diags_add(p->diags, PT_SEVERITY_ERROR, code, place, "%s", msg);
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

static bool check_bytes(parser *p)
{
    size_t bad = pt_utf8_valid(p->text);

    if (bad < p->text.len) {
        pt_diag *d = fail(p, PT_E_YAML_BYTES, place_at(p, bad, bad), "the file is not UTF-8");
        pt_diag_hint(p->diags, d, "save it as UTF-8; this byte is 0x%02X", (unsigned char)p->text.ptr[bad]);
        return false;
    }
    for (size_t i = 0; i < p->text.len; i++) {
        unsigned char b = (unsigned char)p->text.ptr[i];
        if ((b < 0x20 && b != '\t' && b != '\n' && b != '\r') || b == 0x7F) {
            pt_diag *d = fail(p, PT_E_YAML_BYTES, place_at(p, i, i), "a control character");
            pt_diag_hint(p->diags, d, "delete it; it is byte 0x%02X", b);
            return false;
        }
    }
    return true;
}

/* --- building the tree -------------------------------------------------------------------------------------------- */

static pt_yaml *new_node(parser *p, pt_yaml_kind kind, size_t start, size_t end)
{
    pt_yaml *n = PT_NEW(p->arena, pt_yaml);

    if (!n) {
        p->nomem = true;
        return NULL;
    }
    n->kind = kind;
    n->start = (uint32_t)start;
    n->end = (uint32_t)end;
    n->place = place_at(p, start, end);
    n->weight = 1;
    return n;
}

static void count_weight(parser *p, const pt_yaml *n)
{
    p->weight += n->weight;
    if (p->weight <= PT_YAML_MOST_NODES || p->failed)
        return;
    pt_diag *d = fail(p, PT_E_YAML_LIMIT, n->place, "the file holds too many values");
    pt_diag_hint(p->diags, d, "at most %d, aliases counted each time they are used", PT_YAML_MOST_NODES);
}

static bool push_item(level *l, pt_yaml *key, pt_yaml *item)
{
    if (!pt_grow(&l->items, &l->cap_items, l->n + 1, sizeof *l->items) ||
        !pt_grow(&l->keys, &l->cap_keys, l->n + 1, sizeof *l->keys))
        return false;
    l->keys[l->n] = key;
    l->items[l->n++] = item;
    return true;
}

static bool key_is_next(const parser *p)
{
    return p->depth > 0 && p->levels[p->depth - 1].node->kind == PT_YAML_MAP && !p->levels[p->depth - 1].key;
}

/* Puts a finished node where it belongs: the document, a list, or one side of a mapping's pair. */
static void attach(parser *p, pt_yaml *n)
{
    if (p->depth == 0) {
        p->root = n;
        return;
    }
    level *l = &p->levels[p->depth - 1];
    if (key_is_next(p)) {
        if (n->kind != PT_YAML_SCALAR)
            fail(p, PT_E_WRONG_NODE, n->place, "a key must be a text");
        l->key = n;
        return;
    }
    if (!push_item(l, l->key, n))
        p->nomem = true;
    l->key = NULL;
}

/* Notes the node's anchor, if it has one; its code, or 0. */
static uint32_t add_anchor(parser *p, struct fy_event *e, pt_yaml *node, bool open)
{
    struct fy_token *token = fy_event_get_anchor_token(e);
    uint32_t code = 0;
    size_t len;

    if (!token)
        return 0;
    const char *name = fy_token_get_text(token, &len);
    if (!p->anchor_names)
        p->anchor_names = pt_intern_new();
    if (name && p->anchor_names)
        code = pt_intern_add(p->anchor_names, (pt_sv){name, len});
    if (code == 0 || !pt_grow(&p->anchors, &p->cap_anchors, (size_t)code + 1, sizeof *p->anchors)) {
        p->nomem = true;
        return 0;
    }
    p->anchors[code] = (anchor){node, open};
    return code;
}

static void use_anchor(parser *p, pt_yaml *target)
{
    count_weight(p, target);
    for (size_t d = 0; d < p->depth; d++)
        p->levels[d].node->weight += target->weight;
    if (!key_is_next(p)) {
        attach(p, target);
        return;
    }
    pt_yaml *key = PT_NEW(p->arena, pt_yaml); /* keys are marked one by one */
    if (!key) {
        p->nomem = true;
        return;
    }
    *key = *target;
    attach(p, key);
}

static void on_alias(parser *p, struct fy_event *e)
{
    struct fy_token *token = fy_event_get_token(e);
    const struct fy_mark *mark = fy_event_start_mark(e);
    size_t len = 0;
    const char *name = fy_token_get_text(token, &len);

    if (!name || !mark) {
        p->nomem = true;
        return;
    }
    uint32_t code = p->anchor_names ? pt_intern_find(p->anchor_names, (pt_sv){name, len}) : 0;
    if (code && !p->anchors[code].open)
        use_anchor(p, p->anchors[code].node);
    else
        fail(p, PT_E_YAML_SYNTAX, place_at(p, mark->input_pos, mark->input_pos + len),
             "this alias names no anchor above it");
}

static bool is_null_text(pt_sv s)
{
    return s.len == 0 || pt_sv_eq(s, PT_SV("~")) || pt_sv_eq(s, PT_SV("null"));
}

static pt_yaml_style style_of(enum fy_scalar_style style)
{
    switch (style) {
    case FYSS_SINGLE_QUOTED: return PT_YAML_SINGLE;
    case FYSS_DOUBLE_QUOTED: return PT_YAML_DOUBLE;
    case FYSS_LITERAL:
    case FYSS_FOLDED: return PT_YAML_BLOCK;
    default: return PT_YAML_PLAIN;
    }
}

/* A block scalar's mark stands at its first line's indentation, which is no part of it. */
static size_t first_character(const parser *p, size_t start, size_t end, pt_yaml_style style, pt_sv text)
{
    size_t at = start;

    if (style != PT_YAML_BLOCK)
        return start;
    while (at < end && p->text.ptr[at] == ' ')
        at++;
    for (size_t i = 0; i < text.len && text.ptr[i] == ' ' && at > start; i++)
        at--;
    return at;
}

static pt_yaml *read_scalar(parser *p, struct fy_event *e)
{
    struct fy_token *token = fy_event_get_token(e);
    const struct fy_mark *start = fy_event_start_mark(e), *end = fy_event_end_mark(e);
    size_t len = 0;

    if (!token || !start || !end) /* `key:` with nothing after it */
        return new_node(p, PT_YAML_NULL, p->cursor.at, p->cursor.at);
    const char *text = fy_token_get_text(token, &len);
    char *copy = text ? pt_arena_strndup(p->arena, text, len) : NULL;
    if (!copy) {
        p->nomem = true;
        return NULL;
    }
    pt_yaml_style style = style_of(fy_token_scalar_style(token));
    size_t first = first_character(p, start->input_pos, end->input_pos, style, (pt_sv){copy, len});
    pt_yaml *n = new_node(p, PT_YAML_SCALAR, first, end->input_pos);
    if (!n)
        return NULL;
    n->text = (pt_sv){copy, len};
    n->style = style;
    if (n->style == PT_YAML_PLAIN && is_null_text(n->text))
        n->kind = PT_YAML_NULL;
    return n;
}

static void count_in_parents(parser *p)
{
    for (size_t d = 0; d < p->depth; d++)
        p->levels[d].node->weight++;
}

static void on_scalar(parser *p, struct fy_event *e)
{
    pt_yaml *n = read_scalar(p, e);

    if (!n)
        return;
    count_weight(p, n);
    count_in_parents(p);
    add_anchor(p, e, n, false);
    attach(p, n);
}

static void on_open(parser *p, struct fy_event *e, pt_yaml_kind kind)
{
    const struct fy_mark *mark = fy_event_start_mark(e);
    size_t at = mark ? mark->input_pos : p->cursor.at;

    pt_yaml *n = new_node(p, kind, at, at + 1);
    if (!n)
        return;
    if (p->depth == PT_YAML_MOST_DEPTH) {
        pt_diag *d = fail(p, PT_E_YAML_LIMIT, n->place, "the file is nested too deep");
        pt_diag_hint(p->diags, d, "at most %d levels", PT_YAML_MOST_DEPTH);
        return;
    }
    n->flow = at < p->text.len && (p->text.ptr[at] == '{' || p->text.ptr[at] == '[');
    count_weight(p, n);
    count_in_parents(p);
    p->levels[p->depth] = (level){.node = n, .anchor = add_anchor(p, e, n, true)};
    p->depth++;
}

/* --- a mapping is complete ---------------------------------------------------------------------------------------- */

static int parentheses_open(pt_sv s)
{
    int open = 0;
    char quote = 0;

    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (quote) {
            if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else {
            open += c == '(';
            open -= c == ')';
        }
    }
    return open;
}

/* `{value: top(orders.category, 3)}`: YAML ends the text at the comma and makes the rest a key without a value. */
static bool continues(const parser *p, const pt_yaml *value, const pt_yaml *key, const pt_yaml *next)
{
    return value->kind == PT_YAML_SCALAR && value->style == PT_YAML_PLAIN && key->style == PT_YAML_PLAIN &&
           next->kind == PT_YAML_NULL && next->text.len == 0 && key->end > value->end &&
           !(key->end < p->text.len && p->text.ptr[key->end] == ':') && parentheses_open(value->text) > 0;
}

static void join_at_commas(parser *p, level *l)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->n; i++) {
        if (kept > 0 && continues(p, l->items[kept - 1], l->keys[i], l->items[i])) {
            pt_yaml *whole = l->items[kept - 1];
            whole->end = l->keys[i]->end;
            char *copy = pt_arena_strndup(p->arena, p->text.ptr + whole->start, whole->end - whole->start);
            p->nomem |= !copy;
            whole->text = (pt_sv){copy, copy ? whole->end - whole->start : 0};
            whole->place.length = length_on_line(p, whole->start, whole->end);
            continue;
        }
        l->keys[kept] = l->keys[i];
        l->items[kept++] = l->items[i];
    }
    l->n = kept;
}

static int by_text(const void *a, const void *b)
{
    const pt_yaml *x = *(pt_yaml *const *)a, *y = *(pt_yaml *const *)b;
    int c = pt_sv_cmp(x->text, y->text);

    return c ? c : (x->start > y->start) - (x->start < y->start);
}

/* Reports keys that stand twice and marks them (kind NULL) for removal. */
static bool mark_duplicates(parser *p, level *l)
{
    pt_yaml **sorted = pt_zalloc(l->n, sizeof *sorted);

    if (!sorted)
        return false;
    for (size_t i = 0; i < l->n; i++)
        sorted[i] = l->keys[i];
    qsort(sorted, l->n, sizeof *sorted, by_text);
    pt_yaml *first = sorted[0];
    for (size_t i = 1; i < l->n; i++) {
        if (!pt_sv_eq(first->text, sorted[i]->text)) {
            first = sorted[i];
            continue;
        }
        pt_diag *d = pt_diags_add(p->diags, PT_SEVERITY_ERROR, PT_E_DUPLICATE_KEY, sorted[i]->place,
                                  "'%.*s' stands twice in one mapping", (int)first->text.len, first->text.ptr);
        pt_diag_hint(p->diags, d, "the first is on line %d", first->place.line);
        sorted[i]->kind = PT_YAML_NULL;
    }
    free(sorted);
    return true;
}

static void drop_duplicates(parser *p, level *l)
{
    size_t kept = 0;

    if (!mark_duplicates(p, l)) {
        p->nomem = true;
        return;
    }
    for (size_t i = 0; i < l->n; i++) {
        if (l->keys[i]->kind == PT_YAML_NULL)
            continue;
        l->keys[kept] = l->keys[i];
        l->items[kept++] = l->items[i];
    }
    l->n = kept;
}

static pt_yaml **copy_nodes(parser *p, pt_yaml **nodes, size_t n)
{
    pt_yaml **copy = PT_NEW_ARRAY(p->arena, pt_yaml *, n);

    if (!copy)
        p->nomem = true;
    else if (n)
        memcpy(copy, nodes, n * sizeof *copy);
    return copy;
}

static void free_level(level *l)
{
    free(l->items);
    free(l->keys);
    *l = (level){0};
}

static void on_close(parser *p)
{
    if (p->depth == 0)
        return;
    level *l = &p->levels[p->depth - 1];
    pt_yaml *n = l->node;
    if (n->kind == PT_YAML_MAP) {
        if (n->flow)
            join_at_commas(p, l);
        drop_duplicates(p, l);
        n->keys = copy_nodes(p, l->keys, l->n);
    }
    n->items = copy_nodes(p, l->items, l->n);
    n->n = n->items ? l->n : 0;
    if (l->anchor && p->anchors[l->anchor].node == n)
        p->anchors[l->anchor].open = false;
    free_level(l);
    p->depth--;
    attach(p, n);
}

/* --- events ------------------------------------------------------------------------------------------------------- */

static void on_document(parser *p, struct fy_event *e)
{
    const struct fy_mark *mark = fy_event_start_mark(e);

    if (++p->documents < 2)
        return;
    pt_diag *d = fail(p, PT_E_YAML_SYNTAX, place_at(p, mark ? mark->input_pos : 0, 0), "a second document in one file");
    pt_diag_hint(p->diags, d, "delete the line '---', or put the rest into a file of its own");
}

static void on_event(parser *p, struct fy_event *e)
{
    switch (e->type) {
    case FYET_DOCUMENT_START: on_document(p, e); break;
    case FYET_SCALAR: on_scalar(p, e); break;
    case FYET_ALIAS: on_alias(p, e); break;
    case FYET_MAPPING_START: on_open(p, e, PT_YAML_MAP); break;
    case FYET_SEQUENCE_START: on_open(p, e, PT_YAML_LIST); break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END: on_close(p); break;
    default: break;
    }
}

/* What would be right, for the mistakes that are made most. */
static const char *syntax_hint(const char *msg)
{
    static const struct {
        const char *part, *hint;
    } hints[] = {
        {"tab", "indent with spaces"},
        {"multiline plain key", "check the indentation, or a ':' that is missing on the line above"},
        {"nested block mapping on the same line", "put a text that contains ': ' in quotes"},
        {"plain scalar cannot start", "put the text in quotes"},
        {"missing comma in flow", "inside { } put an expression with commas in quotes, or on a line of its own"},
        {"without a closing bracket", "the bracket that opens here is not closed"},
        {"without closing quote", "the text that begins here has no closing quote"},
        {"wrongly indented", "the text that begins here may have no closing quote"},
        {"invalid escape", "in double quotes write \\\\ for a backslash, or use single quotes"},
        {"invalid value after mapping", "a key needs ': ' after it"},
    };

    for (size_t i = 0; i < PT_COUNT(hints); i++)
        if (strstr(msg, hints[i].part))
            return hints[i].hint;
    return NULL;
}

static size_t offset_of(pt_sv text, int line, int col)
{
    size_t at = 0;

    for (; line > 1 && at < text.len; at++)
        line -= text.ptr[at] == '\n';
    for (; col > 1 && at < text.len && text.ptr[at] != '\n'; col--)
        pt_utf8_next(text, &at);
    return at;
}

static void report_syntax(parser *p, struct fy_diag *fy)
{
    void *iter = NULL;
    struct fy_diag_error *e = fy_diag_errors_iterate(fy, &iter);
    const char *msg = e && e->msg ? e->msg : "this is not YAML";
    size_t at = e ? offset_of(p->text, e->line, e->column) : p->cursor.at;
    pt_place place = place_at(p, at, at);

    /* A bracket that is never closed is noticed at the end of the file: show the bracket. */
    if (strstr(msg, "without a closing bracket") && p->depth > 0 && p->levels[p->depth - 1].node->flow)
        place = p->levels[p->depth - 1].node->place;
    pt_diag *d = fail(p, PT_E_YAML_SYNTAX, place, msg);
    const char *hint = syntax_hint(msg);
    if (hint)
        pt_diag_hint(p->diags, d, "%s", hint);
}

static void read_events(parser *p, struct fy_diag *fy)
{
    struct fy_event *e;

    while (!p->failed && !p->nomem && (e = fy_parser_parse(p->fy))) {
        on_event(p, e);
        fy_parser_event_free(p->fy, e);
    }
    if (!p->failed && !p->nomem && (fy_parser_get_stream_error(p->fy) || fy_diag_got_error(fy)))
        report_syntax(p, fy);
}

static bool run(parser *p)
{
    struct fy_diag_cfg diag_cfg;

    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    struct fy_diag *fy = fy_diag_create(&diag_cfg);
    if (!fy)
        return false;
    fy_diag_set_collect_errors(fy, true);
    struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2, .diag = fy};
    p->fy = fy_parser_create(&cfg);
    bool ok = p->fy && fy_parser_set_string(p->fy, p->text.ptr, p->text.len) == 0;
    if (ok)
        read_events(p, fy);
    fy_parser_destroy(p->fy);
    fy_diag_destroy(fy);
    return ok;
}

pt_rc pt_yaml_parse(pt_yaml **root, const char *file, pt_sv bytes, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    parser p = {.file = file, .text = bytes, .diags = diags, .arena = arena, .cursor = {0, 1, 1}};
    bool ok = true;

    *root = NULL;
    if (pt_sv_has_prefix(p.text, "\xEF\xBB\xBF"))
        p.text = (pt_sv){p.text.ptr + 3, p.text.len - 3};
    if (check_bytes(&p) && p.text.len > 0)
        ok = run(&p);
    while (p.depth > 0)
        free_level(&p.levels[--p.depth]);
    free(p.anchors);
    pt_intern_free(p.anchor_names);
    if (!ok || p.nomem)
        return pt_fail_nomem(err, file);
    if (!p.failed)
        *root = p.root;
    return PT_OK;
}
