/* Which tags an expression uses, told before types are known: the order in which tags are checked needs it. */
#include "lang/check.h"

typedef struct walk {
    const pt_catalog *catalog;
    const pt_names *names;
    void (*fn)(void *ctx, uint32_t tag, const pt_syn *name);
    void *ctx;
    const pt_syn *use; /* inside a previous definition: the name that stands for it */
} walk;

/* `source`: whose columns come before tags; -1 outside aggregates. The rules are those of pt_check_name. */
static void visit(const walk *w, const pt_syn *s, int32_t source);

static void tell(const walk *w, uint32_t tag, const pt_syn *name)
{
    w->fn(w->ctx, tag, w->use ? w->use : name);
}

/* `tag@v2` uses what that definition used; the present version is the tag. */
static void visit_version(const walk *w, const pt_syn *s, uint32_t tag, uint32_t version)
{
    const pt_syn *previous = pt_names_previous(w->names, tag, version);
    walk inner = *w;

    inner.use = s;
    if (previous)
        visit(&inner, previous, -1);
    else
        tell(w, tag, s);
}

static void visit_name(const walk *w, const pt_syn *s, int32_t source)
{
    int32_t tag;
    uint32_t version;

    if (s->qualifier.ptr || (!s->quoted && pt_sv_eq(s->name, PT_SV("as_of"))))
        return;
    if (source >= 0 && (pt_find_column(&w->catalog->sources[source], s->name) >= 0 || pt_sv_eq(s->name, PT_SV("time"))))
        return;
    if ((tag = pt_names_tag(w->names, s->name)) >= 0)
        tell(w, (uint32_t)tag, s);
    else if (!w->use && (tag = pt_names_versioned(w->names, s->name, &version)) >= 0)
        visit_version(w, s, (uint32_t)tag, version);
}

/* Windows and half-lives are constants: they use no tags. */
static void visit_aggregate(const walk *w, const pt_syn *s)
{
    const pt_syn *first = s->n_args ? s->args[0] : NULL;
    bool alone = first && first->kind == PT_SYN_NAME && !first->qualifier.ptr;
    int32_t source = !first ? -1 : alone ? pt_find_source(w->catalog, first->name) : pt_syn_source(w->catalog, first);

    if (source < 0)
        return;
    for (uint32_t i = 0; i < s->n_args; i++) {
        if (i > 0 || !alone)
            visit(w, s->args[i], source);
        if (s->clauses->where[i])
            visit(w, s->clauses->where[i], source);
    }
    if (s->clauses->weight)
        visit(w, s->clauses->weight, source);
}

static void visit_steps(const walk *w, const pt_syn *s)
{
    for (uint32_t i = 0; i < s->n_args; i++) {
        int32_t source = s->args[i]->kind == PT_SYN_NAME ? pt_find_source(w->catalog, s->args[i]->name) : -1;
        if (source >= 0 && s->clauses->where[i])
            visit(w, s->clauses->where[i], source);
    }
}

/* The first argument of a statistic of the base is a tag wherever it stands. */
static bool names_tag(const pt_syn *call)
{
    pt_base_fn base;
    pt_fn fn;

    return call->n_args &&
           (pt_find_base(&base, call->name) || (pt_find_function(&fn, call->name) && pt_fn_is_base_score(fn)));
}

static void visit(const walk *w, const pt_syn *s, int32_t source)
{
    pt_agg_fn fn;

    if (s->kind == PT_SYN_CALL && names_tag(s))
        visit(w, s->args[0], -1);
    else if (s->kind == PT_SYN_NAME)
        visit_name(w, s, source);
    else if (s->kind == PT_SYN_CALL && pt_find_aggregate(&fn, s->name))
        visit_aggregate(w, s);
    else if (s->kind == PT_SYN_CALL && (pt_sv_eq(s->name, PT_SV("sequence")) || pt_sv_eq(s->name, PT_SV("funnel"))))
        visit_steps(w, s);
    else
        for (uint32_t i = 0; i < s->n_args; i++)
            visit(w, s->args[i], source);
}

void pt_syn_each_tag(const pt_catalog *catalog, const pt_names *names, const pt_syn *s,
                     void (*fn)(void *ctx, uint32_t tag, const pt_syn *name), void *ctx)
{
    visit(&(walk){catalog, names, fn, ctx, NULL}, s, -1);
}
