#include "support/eval_page.h"

#include "base/hash.h"
#include "eval/base.h"
#include "support/test.h"

void eval_page_open(eval_page *p, const char *path)
{
    pt_err err = {0};
    pt_diags diags;
    doc_examples *d = p->doc = doc_examples_read(path);

    CHECK((p->arena = pt_arena_new(0)));
    pt_diags_init(&diags, p->arena);
    CHECK_OK(pt_lang_check(&p->module, &d->catalog, &diags, p->arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    CHECK(d->n_customers <= PT_COUNT(p->identities));
    for (size_t c = 0; c < d->n_customers; c++)
        p->identities[c] = pt_hash64(d->customers[c], strlen(d->customers[c]));
    p->events = PT_NEW_ARRAY(p->arena, pt_events, d->catalog.n_sources);
    CHECK(p->events);
    for (size_t s = 0; s < d->catalog.n_sources; s++)
        p->events[s] = (pt_events){d->sources[s].offsets, d->sources[s].time, d->sources[s].columns};
    p->batch = (pt_batch){.n_customers = d->n_customers, .sources = p->events, .identities = p->identities};
}

void eval_page_close(eval_page *p)
{
    doc_examples_free(p->doc);
    pt_arena_free(p->arena);
}

const pt_node *eval_page_check(eval_page *p, const char *expression)
{
    pt_err err = {0};
    pt_diags diags;
    const pt_node *node;
    pt_sv text = pt_sv_of(expression);
    pt_place place = {.file = "expression", .text = text, .line = 1, .col = 1, .length = 1};

    pt_diags_init(&diags, p->arena);
    CHECK_OK(pt_lang_expression(&node, p->module, text, place, PT_TYPE_NONE, &diags, p->arena, &err));
    pt_diags_free(&diags);
    return node;
}

/* --- statistics of the page's customers --------------------------------------------------------------------------- */

static const pt_base_set *base_of(eval_page *p, const pt_node *node);

/* A statistic, by evaluating its tag for all customers, with the statistics that the tag itself needs known first. */
static pt_base_value statistic(eval_page *p, const pt_node *node)
{
    pt_err err = {0};
    pt_base_value v = {.node = node};
    uint32_t tag = node->u.base->tag;
    pt_eval_options options = {.as_of = p->doc->as_of, .zone = p->doc->zone, .base = base_of(p, p->module->tags[tag])};
    pt_program *program;
    pt_eval *eval;

    CHECK_OK(pt_program_build(&program, p->module, &tag, 1, &err));
    CHECK_OK(pt_eval_new(&eval, program, &options, &err));
    CHECK_OK(pt_eval_run(eval, &p->batch, &err));
    CHECK_OK(pt_base_compute(&v, 1, pt_eval_tag(eval, 0), p->batch.n_customers, p->arena, &err));
    pt_eval_free(eval);
    pt_program_free(program);
    return v;
}

/* All statistics that an expression needs, also those of the tags it uses. */
static const pt_base_set *base_of(eval_page *p, const pt_node *node)
{
    pt_err err = {0};
    pt_base_set *set = PT_NEW(p->arena, pt_base_set);
    pt_base_value *items = PT_NEW_ARRAY(p->arena, pt_base_value, 500);
    pt_uses uses;

    CHECK(set && items);
    CHECK_OK(pt_lang_uses(&uses, node, p->arena, &err));
    for (size_t i = 0; i < uses.n_bases; i++)
        items[set->n++] = statistic(p, uses.bases[i]);
    for (size_t i = 0; i < uses.n_tags; i++) {
        const pt_base_set *of_tag = base_of(p, p->module->tags[uses.tags[i]]);
        for (size_t k = 0; k < of_tag->n; k++)
            items[set->n++] = of_tag->items[k];
    }
    CHECK(set->n <= 500);
    set->items = items;
    return set;
}

pt_eval *eval_page_eval(eval_page *p, const pt_node *node, pt_program **program)
{
    pt_err err = {0};
    pt_eval *eval;
    pt_eval_options options = {.as_of = p->doc->as_of, .zone = p->doc->zone, .base = base_of(p, node)};

    CHECK_OK(pt_program_build_expression(program, p->module, node, &err));
    CHECK_OK(pt_eval_new(&eval, *program, &options, &err));
    return eval;
}
