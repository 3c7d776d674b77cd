/* Earlier definitions of a tag: `spend@v2` stands for what `spend` was at version 2, as if it were written out in its place.
 * So it is computed only where it is used, and has no value of its own in a build. */
#include "lang/check.h"

int32_t pt_names_versioned(const pt_names *names, pt_sv name, uint32_t *version)
{
    const char *at = name.len ? memchr(name.ptr, '@', name.len) : NULL;
    int64_t number = 0;

    *version = 0;
    if (!at || at + 2 > name.ptr + name.len ||
        !pt_parse_int64(&number, (pt_sv){at + 2, (size_t)(name.ptr + name.len - at - 2)}))
        return -1;
    *version = number > 0 && number <= UINT32_MAX ? (uint32_t)number : UINT32_MAX;
    return pt_names_tag(names, (pt_sv){name.ptr, (size_t)(at - name.ptr)});
}

static const pt_node *no_such_version(pt_checker *c, const pt_syn *s, const pt_lang_tag *tag)
{
    pt_diag *d = pt_reader_problem(&c->reader, 332, s->span, "the tag '%s' has no such version", tag->name);
    pt_str known = {0};

    for (size_t i = 0; i < tag->n_previous; i++)
        pt_str_addf(&known, "v%u, ", tag->previous[i].number);
    pt_str_addf(&known, "v%u", tag->version ? tag->version : 1);
    pt_diag_hint(c->reader.diags, d, "its versions are %s", pt_str_cstr(&known));
    c->reader.nomem |= known.failed;
    pt_str_free(&known);
    return NULL;
}

static const pt_node *nested(pt_checker *c, const pt_syn *s)
{
    pt_diag *d =
        pt_reader_problem(&c->reader, 332, s->span, "a previous definition can name tags, not versions of tags");

    pt_diag_hint(c->reader.diags, d, "write the other definition out");
    return NULL;
}

/* The place of a previous definition in its tag's list; SIZE_MAX when it has none. */
static size_t find_previous(const pt_lang_tag *tag, uint32_t version)
{
    for (size_t i = 0; i < tag->n_previous; i++)
        if (tag->previous[i].number == version)
            return i;
    return SIZE_MAX;
}

/* The previous definition, checked with a reader of its own that reports to `diags`. */
static const pt_node *check_previous(pt_checker *c, const pt_lang_version *v, const pt_syn *syn, pt_diags *diags)
{
    pt_checker inner = *c;
    const pt_node *n;

    inner.reader = (pt_reader){.text = v->value, .start = v->place, .diags = diags, .arena = c->reader.arena};
    inner.scope = PT_LEVEL_CUSTOMER;
    inner.past = true;
    n = pt_check_any(&inner, syn);
    c->reader.nomem |= inner.reader.nomem;
    return n;
}

/* The root of a definition, put where its name stands. */
static const pt_node *at_place(pt_checker *c, const pt_node *n, pt_span span)
{
    pt_node *copy = n ? pt_reader_alloc(&c->reader, 1, sizeof *copy) : NULL;

    if (!copy)
        return NULL;
    *copy = *n;
    copy->offset = span.offset;
    copy->length = span.length;
    return copy;
}

const pt_node *pt_check_version(pt_checker *c, const pt_syn *s, uint32_t tag, uint32_t version)
{
    const pt_lang_tag *t = &c->catalog->tags[tag];
    size_t at = find_previous(t, version);
    const pt_syn *syn;
    const pt_node *n;
    pt_diags unsaid; /* its problems are reported where it is written */

    if (c->past)
        return nested(c, s);
    if (at == SIZE_MAX)
        return no_such_version(c, s, t);
    if (!(syn = pt_names_previous(c->names, tag, version)))
        return NULL;
    pt_diags_init(&unsaid, c->reader.arena);
    n = check_previous(c, &t->previous[at], syn, &unsaid);
    pt_diags_free(&unsaid);
    return at_place(c, n, s->span);
}

bool pt_check_previous(pt_checker *c, uint32_t tag)
{
    const pt_lang_tag *t = &c->catalog->tags[tag];

    for (size_t i = 0; i < t->n_previous; i++) {
        const pt_syn *syn = pt_names_previous(c->names, tag, t->previous[i].number);
        if (syn)
            check_previous(c, &t->previous[i], syn, c->reader.diags);
    }
    return !c->reader.nomem;
}

/* All earlier definitions, parsed before anything that may name them is. */
bool pt_parse_previous(pt_names *names, const pt_catalog *catalog, pt_diags *diags, pt_arena *arena)
{
    for (size_t t = 0; t < catalog->n_tags; t++) {
        const pt_lang_tag *tag = &catalog->tags[t];
        for (size_t i = 0; i < tag->n_previous; i++) {
            pt_reader reader = {
                .text = tag->previous[i].value, .start = tag->previous[i].place, .diags = diags, .arena = arena};
            pt_names_set_previous(names, (uint32_t)t, i, pt_parse(&reader));
            if (reader.nomem)
                return false;
        }
    }
    return true;
}
