/* Lists: size, item, weight_of, has, has_any, has_all. An empty list is a value; a missing one gives missing. */
#include "eval/scalar.h"

/* The code of row i's constant text in the dictionary of a list's items; 0 when no item can be it. */
static uint32_t item_code(pt_eval *e, slot *out, uint32_t arg, uint32_t n_args, const pt_column *list,
                          const pt_column *word)
{
    const pt_dict *d = list->dict;
    code_memo *m = slot_memo(e, out, arg, n_args, d);
    pt_sv text = column_text(word, pt_column_code(word, 0));

    /* values[0] is how many of the dictionary's texts have been searched; values[1], if any, the code found. */
    if (!m || !d || d->n == 0)
        return 0;
    for (; !m->values[1] && m->values[0] < d->n; m->values[0]++)
        if (pt_sv_eq(pt_dict_text(d, m->values[0] + 1), text))
            m->values[1] = m->values[0] + 1;
    return m->values[1];
}

/* The item's place in row i, or SIZE_MAX. */
static size_t place_of(const pt_column *list, size_t i, uint32_t code)
{
    for (uint64_t k = list->offsets[i]; code && k < list->offsets[i + 1]; k++)
        if (pt_column_code(list, k) == code)
            return (size_t)k;
    return SIZE_MAX;
}

static RUNNER(run_size)
{
    double *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++)
        o[i] = pt_column_missing(args[0], i) ? (double)NAN : (double)(args[0]->offsets[i + 1] - args[0]->offsets[i]);
}

static RUNNER(run_item)
{
    uint32_t *o = slot_room(e, out, n, sizeof *o);
    uint64_t place = (uint64_t) * (const double *)args[1]->data;

    (void)op;
    out->col.dict = args[0]->dict;
    for (size_t i = 0; o && i < n; i++) {
        bool some = !pt_column_missing(args[0], i) && place <= args[0]->offsets[i + 1] - args[0]->offsets[i];
        o[i] = some ? pt_column_code(args[0], args[0]->offsets[i] + place - 1) : PT_CODE_MISSING;
    }
}

static RUNNER(run_weight_of)
{
    double *o = slot_room(e, out, n, sizeof *o);
    uint32_t code = item_code(e, out, 1, op->n_args, args[0], args[1]);

    for (size_t i = 0; o && i < n; i++) {
        size_t at = place_of(args[0], i, code);
        o[i] = pt_column_missing(args[0], i) ? (double)NAN : at == SIZE_MAX ? 0 : args[0]->weights[at];
    }
}

/* `all`: every word must be there; otherwise one is enough. */
static void ask_words(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, size_t n, bool all)
{
    uint8_t *o = slot_room(e, out, n, 1);

    for (size_t i = 0; o && i < n; i++)
        o[i] = pt_column_missing(args[0], i) ? PT_BOOL_MISSING : all;
    for (uint32_t k = 1; k < op->n_args && o; k++) {
        uint32_t code = item_code(e, out, k, op->n_args, args[0], args[k]);
        for (size_t i = 0; i < n; i++)
            if (o[i] == (all ? 1 : 0))
                o[i] = place_of(args[0], i, code) != SIZE_MAX;
    }
}

RUNNER(run_has)
{
    ask_words(e, op, out, args, n, false);
}

static RUNNER(run_has_all)
{
    ask_words(e, op, out, args, n, true);
}

op_run list_runner(pt_fn fn)
{
    switch (fn) {
    case PT_FN_SIZE: return run_size;
    case PT_FN_ITEM: return run_item;
    case PT_FN_WEIGHT_OF: return run_weight_of;
    case PT_FN_HAS_ANY: return run_has;
    case PT_FN_HAS_ALL: return run_has_all;
    default: return NULL;
    }
}
