/* Functions of text. Lengths and places count characters. Each is written for one row; rows of one text argument beside
 * constants are computed once for each text of the argument's dictionary. */
#include <stdlib.h>

#include "base/utf8.h"
#include "eval/scalar.h"
#include "lang/pattern.h"

/* --- texts from texts -------------------------------------------------------------------------------------------------------- */

/* Appends the result for one row, whose arguments all have values; false when it is missing. */
typedef bool (*text_fn)(pt_str *o, const pt_column *const *args, uint32_t n_args, size_t i);

static pt_sv text_at(const pt_column *c, size_t i)
{
    return column_text(c, pt_column_code(c, i));
}

static bool make_lower(pt_str *o, const pt_column *const *args, uint32_t n_args, size_t i)
{
    (void)n_args;
    pt_utf8_lower(o, text_at(args[0], i));
    return true;
}

static bool make_upper(pt_str *o, const pt_column *const *args, uint32_t n_args, size_t i)
{
    (void)n_args;
    pt_utf8_upper(o, text_at(args[0], i));
    return true;
}

static bool make_trim(pt_str *o, const pt_column *const *args, uint32_t n_args, size_t i)
{
    (void)n_args;
    pt_str_addsv(o, pt_sv_trim(text_at(args[0], i)));
    return true;
}

static bool make_concat(pt_str *o, const pt_column *const *args, uint32_t n_args, size_t i)
{
    for (uint32_t k = 0; k < n_args; k++)
        pt_str_addsv(o, text_at(args[k], i));
    return true;
}

/* A count of characters, none of which can be more than the text's bytes. */
static size_t characters(double n, pt_sv s)
{
    return n < (double)s.len ? (size_t)n : s.len;
}

/* The part after `skip` characters, `length` of them. */
static pt_sv part_of(pt_sv s, size_t skip, size_t length)
{
    size_t begin = 0, end;

    for (; skip > 0 && begin < s.len; skip--)
        pt_utf8_next(s, &begin);
    end = begin;
    for (; length > 0 && end < s.len; length--)
        pt_utf8_next(s, &end);
    return (pt_sv){s.ptr + begin, end - begin};
}

static bool make_substr(pt_str *o, const pt_column *const *args, uint32_t n_args, size_t i)
{
    pt_sv s = text_at(args[0], i);
    double from = trunc(((const double *)args[1]->data)[i]);
    double length = n_args > 2 ? trunc(((const double *)args[2]->data)[i]) : (double)INFINITY;

    if (from < 1 || length < 0)
        return false;
    pt_str_addsv(o, part_of(s, characters(from - 1, s), characters(length, s)));
    return true;
}

static bool make_replace(pt_str *o, const pt_column *const *args, uint32_t n_args, size_t i)
{
    pt_sv s = text_at(args[0], i), old = text_at(args[1], i), new = text_at(args[2], i);

    (void)n_args;
    while (old.len && s.len >= old.len) {
        const char *at = memmem(s.ptr, s.len, old.ptr, old.len);
        if (!at)
            break;
        pt_str_addn(o, s.ptr, (size_t)(at - s.ptr));
        pt_str_addsv(o, new);
        s.len -= (size_t)(at - s.ptr) + old.len;
        s.ptr = at + old.len;
    }
    pt_str_addsv(o, s);
    return true;
}

static text_fn maker_of(pt_fn fn)
{
    switch (fn) {
    case PT_FN_LOWER: return make_lower;
    case PT_FN_UPPER: return make_upper;
    case PT_FN_TRIM: return make_trim;
    case PT_FN_CONCAT: return make_concat;
    case PT_FN_SUBSTR: return make_substr;
    default: return make_replace;
    }
}

static uint32_t make_row(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, size_t i)
{
    for (uint32_t k = 0; k < op->n_args; k++)
        if (pt_column_missing(args[k], i))
            return PT_CODE_MISSING;
    pt_str_clear(&e->text);
    bool some = maker_of(op->node->u.fn)(&e->text, args, op->n_args, i);
    if (e->text.failed)
        e->nomem = true;
    return some && !e->nomem ? slot_intern(e, out, (pt_sv){e->text.ptr ? e->text.ptr : "", e->text.len})
                             : PT_CODE_MISSING;
}

/* Whether only the first argument changes from row to row, and the others not with the as-of. */
static bool is_function_of_first(const pt_eval *e, const plan_op *op)
{
    for (uint32_t k = 1; k < op->n_args; k++) {
        const plan_op *arg = &e->program->ops[op->args[k]];
        if (arg->kind != OP_CONSTANT || !arg->node || arg->node->kind != PT_NODE_LITERAL)
            return false;
    }
    return true;
}

static RUNNER(run_make)
{
    uint32_t *o = slot_room(e, out, n, sizeof *o);
    code_memo *m = is_function_of_first(e, op) ? slot_memo(e, out, 0, 1, args[0]->dict) : NULL;

    for (size_t i = 0; o && i < n && !e->nomem; i++) {
        uint32_t code = pt_column_code(args[0], i);
        if (!m) {
            o[i] = make_row(e, op, out, args, i);
        } else {
            /* Kept plus one: 0 is a text not met yet. */
            if (!m->values[code])
                m->values[code] = make_row(e, op, out, args, i) + 1;
            o[i] = m->values[code] - 1;
        }
    }
}

/* --- questions ------------------------------------------------------------------------------------------------------------------ */

static bool begins(pt_sv s, pt_sv part)
{
    return s.len >= part.len && (part.len == 0 || memcmp(s.ptr, part.ptr, part.len) == 0);
}

static bool ends(pt_sv s, pt_sv part)
{
    return s.len >= part.len && (part.len == 0 || memcmp(s.ptr + s.len - part.len, part.ptr, part.len) == 0);
}

static bool holds(pt_sv s, pt_sv part)
{
    return part.len == 0 || (s.len && memmem(s.ptr, s.len, part.ptr, part.len) != NULL);
}

static RUNNER(run_question)
{
    bool (*ask)(pt_sv, pt_sv) = op->node->u.fn == PT_FN_STARTS_WITH ? begins
                                : op->node->u.fn == PT_FN_ENDS_WITH ? ends
                                                                    : holds;
    uint8_t *o = slot_room(e, out, n, 1);

    for (size_t i = 0; o && i < n; i++) {
        bool whole = pt_column_code(args[0], i) && pt_column_code(args[1], i);
        o[i] = whole ? ask(text_at(args[0], i), text_at(args[1], i)) : PT_BOOL_MISSING;
    }
}

static RUNNER(run_length)
{
    double *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++)
        o[i] = pt_column_code(args[0], i) ? (double)pt_utf8_length(text_at(args[0], i)) : (double)NAN;
}

/* --- patterns ------------------------------------------------------------------------------------------------------------------- */

/* Whether a part of the text matches; missing when the search gives up (PCRE2's own limits: the same on every machine,
 * because the compiled-to-machine-code matcher, which has others, is not used). */
static uint8_t search(const pcre2_code *code, pcre2_match_data *match, pt_sv s)
{
    int rc = pcre2_match(code, (PCRE2_SPTR)(s.ptr ? s.ptr : ""), s.len, 0, 0, match, NULL);

    return rc >= 0 ? 1 : rc == PCRE2_ERROR_NOMATCH ? 0 : PT_BOOL_MISSING;
}

RUNNER(run_matches)
{
    const pcre2_code *code = op->data;
    uint8_t *o = slot_room(e, out, n, 1);

    if (!out->match && !(out->match = pcre2_match_data_create(1, NULL)))
        e->nomem = true;
    for (size_t i = 0; o && i < n && !e->nomem; i++)
        o[i] = pt_column_code(args[0], i) ? search(code, out->match, text_at(args[0], i)) : PT_BOOL_MISSING;
}

op_run text_runner(pt_fn fn)
{
    switch (fn) {
    case PT_FN_LOWER:
    case PT_FN_UPPER:
    case PT_FN_TRIM:
    case PT_FN_CONCAT:
    case PT_FN_SUBSTR:
    case PT_FN_REPLACE: return run_make;
    case PT_FN_STARTS_WITH:
    case PT_FN_ENDS_WITH:
    case PT_FN_CONTAINS: return run_question;
    case PT_FN_LENGTH: return run_length;
    default: return NULL;
    }
}
