#include "link/expr.h"

#include <string.h>

/* --- columns ----------------------------------------------------------------------------------------------------------------- */

int link_find_comparison(const pt_link_setup *s, uint32_t given)
{
    for (size_t i = 0; given < s->n_given && i < s->n_fields; i++)
        if (s->fields[i].name == s->given[given].name)
            return (int)i;
    return -1;
}

int link_find_column(const pt_link_setup *s, const pt_link_naming *naming, pt_sv source, pt_sv column)
{
    int given = naming->find(naming->ctx, source, column);
    int k = given < 0 ? -1 : link_find_comparison(s, (uint32_t)given);

    if (given < 0 || (size_t)given >= s->n_given)
        return -1;
    return (int)(k >= 0 ? s->fields[k].column : s->given[given].column);
}

typedef struct binding {
    link_bound *bound;
    const pt_link_naming *naming;
} binding;

static void bind_leaf(void *ctx, const pt_link_expr *leaf)
{
    binding *x = ctx;
    link_bound *b = x->bound;
    int column = link_find_column(b->setup, x->naming, leaf->source, leaf->column);

    b->absent |= column < 0;
    b->single &= !b->n || b->columns[0] == (uint32_t)column;
    b->leaves[b->n] = leaf;
    b->columns[b->n++] = (uint32_t)column;
}

void link_bind(link_bound *out, const pt_link_expr *e, const pt_link_setup *s, const pt_link_naming *naming)
{
    *out = (link_bound){.expr = e, .setup = s, .single = true};
    pt_link_expr_columns(e, &(binding){out, naming}, bind_leaf);
}

/* --- values ------------------------------------------------------------------------------------------------------------------ */

static void run(link_words *out, const link_bound *b, const pt_link_expr *e, uint32_t at);

static void run_column(link_words *out, const link_bound *b, const pt_link_expr *e, uint32_t at)
{
    size_t i = 0;

    if (b->value.ptr) {
        link_words_add(out, b->value);
        return;
    }
    while (b->leaves[i] != e)
        i++;
    uint32_t code = b->setup->table.columns[b->columns[i]].codes[at];
    if (code)
        link_words_add(out, b->setup->table.texts[b->columns[i]][code]);
}

static void run_function(link_words *out, const link_bound *b, const pt_link_expr *e, uint32_t at)
{
    link_call call = {.numbers = e->numbers, .latin = b->setup->latin};
    link_words in = {0};

    run(&in, b, e->args[0], at);
    if (e->function->whole)
        e->function->whole(out, &in);
    for (size_t i = 0; !e->function->whole && i < in.n; i++)
        e->function->each(out, link_word(&in, i), &call);
    out->text.failed |= in.text.failed;
    pt_str_free(&in.text);
}

/* Each text of the parts so far with each of the next one. */
static void join(link_words *out, const link_words *left, const link_words *right)
{
    for (size_t i = 0; i < left->n; i++)
        for (size_t j = 0; j < right->n; j++) {
            pt_str_addsv(&out->text, link_word(left, i));
            link_words_add(out, link_word(right, j));
        }
}

static void run_sum(link_words *out, const link_bound *b, const pt_link_expr *e, uint32_t at)
{
    link_words so_far = {0}, next = {0}, both = {0};

    run(&so_far, b, e->args[0], at);
    for (uint32_t i = 1; i < e->n_args; i++) {
        link_words_clear(&next);
        link_words_clear(&both);
        run(&next, b, e->args[i], at);
        join(&both, &so_far, &next);
        link_words swap = so_far;
        so_far = both;
        both = swap;
    }
    for (size_t i = 0; i < so_far.n; i++)
        link_words_add(out, link_word(&so_far, i));
    out->text.failed |= so_far.text.failed || next.text.failed || both.text.failed;
    pt_str_free(&so_far.text);
    pt_str_free(&next.text);
    pt_str_free(&both.text);
}

static void run(link_words *out, const link_bound *b, const pt_link_expr *e, uint32_t at)
{
    if (e->function)
        run_function(out, b, e, at);
    else if (e->n_args)
        run_sum(out, b, e, at);
    else
        run_column(out, b, e, at);
}

void link_run(link_words *out, link_bound *b, uint32_t record)
{
    link_words_clear(out);
    b->value = (pt_sv){0};
    if (!b->absent)
        run(out, b, b->expr, record);
}

void link_run_value(link_words *out, link_bound *b, pt_sv value)
{
    link_words_clear(out);
    b->value = value;
    if (value.len)
        run(out, b, b->expr, 0);
}

/* --- texts of expressions ---------------------------------------------------------------------------------------------------- */

void link_expr_print(pt_str *out, const pt_link_expr *e)
{
    if (e->function) {
        pt_str_addf(out, "%s(", e->function->name);
        link_expr_print(out, e->args[0]);
        for (unsigned i = 0; i < e->function->most; i++)
            pt_str_addf(out, ", %g", e->numbers[i]);
        pt_str_addc(out, ')');
        return;
    }
    for (uint32_t i = 0; i < e->n_args; i++) {
        pt_str_add(out, i ? " + " : "");
        link_expr_print(out, e->args[i]);
    }
    if (e->source.len) {
        pt_str_addsv(out, e->source);
        pt_str_addc(out, '.');
    }
    pt_str_addsv(out, e->column);
}
