#include "base/utf8.h"
#include "project/load.h"

static size_t name_length(pt_sv s)
{
    size_t at = 0, characters = 0;

    while (at < s.len) {
        int32_t c = pt_utf8_next(s, &at);
        if (!pt_utf8_is_letter(c) && !(characters > 0 && pt_utf8_is_digit(c)))
            return 0;
        characters++;
    }
    return characters;
}

bool pt_is_name(pt_sv s)
{
    return name_length(s) > 0;
}

/* The same with every other character as `_`: a name that would do. */
static void suggest_name(pt_loader *l, pt_diag *d, pt_sv s)
{
    pt_str better = {0};
    size_t at = 0;

    while (at < s.len) {
        size_t from = at;
        int32_t c = pt_utf8_next(s, &at);
        if (from == 0 && pt_utf8_is_digit(c))
            pt_str_addc(&better, '_');
        if (c >= 0 && (pt_utf8_is_letter(c) || pt_utf8_is_digit(c)))
            pt_str_addn(&better, s.ptr + from, at - from);
        else
            pt_str_addc(&better, '_');
    }
    pt_diag_hint(l->diags, d, "letters, digits and _, not beginning with a digit: %s", pt_str_cstr(&better));
    pt_str_free(&better);
}

static const char *use_name(pt_name_use use)
{
    static const char *const names[] = {"a source",  "a column", "a tag",    "an identifier type",
                                        "a segment", "a model",  "a purpose"};

    return names[use];
}

static bool is_sql_name(pt_name_use use)
{
    return use == PT_NAME_SOURCE || use == PT_NAME_COLUMN;
}

/* Words that an expression could not use as a bare name, and the two that every source has. */
static bool is_reserved(pt_sv s)
{
    return pt_word_is_reserved(s) || pt_sv_eq(s, PT_SV("time")) || pt_sv_eq(s, PT_SV("customer"));
}

bool pt_load_name(pt_loader *l, const pt_yaml *key, pt_name_use use)
{
    pt_sv s = key->text;
    size_t characters = name_length(s);
    pt_diag *d;

    if (characters == 0) {
        d = pt_load_error(l, PT_E_BAD_NAME, key->place, "'%.*s' cannot be the name of %s", (int)s.len, s.ptr,
                          use_name(use));
        if (s.len > 0 && s.len <= 4 * PT_NAME_MOST_CHARACTERS)
            suggest_name(l, d, s);
        return false;
    }
    if (characters > PT_NAME_MOST_CHARACTERS) {
        d = pt_load_error(l, PT_E_BAD_NAME, key->place, "this name of %s is too long", use_name(use));
        pt_diag_hint(l->diags, d, "at most %d characters", PT_NAME_MOST_CHARACTERS);
        return false;
    }
    if (is_reserved(s)) {
        d = pt_load_error(l, PT_E_BAD_NAME, key->place, "'%.*s' is a word of the language and cannot be the name of %s",
                          (int)s.len, s.ptr, use_name(use));
        pt_diag_hint(l->diags, d, "for example '%.*s_'", (int)s.len, s.ptr);
        return false;
    }
    if (use == PT_NAME_SOURCE && (pt_sv_eq(s, PT_SV("hand")) || pt_sv_eq(s, PT_SV("link")))) {
        d = pt_load_error(l, PT_E_BAD_NAME, key->place, "'%.*s' cannot be the name of a source", (int)s.len, s.ptr);
        pt_diag_hint(l->diags, d, "so are called links between customers that people or likenesses make");
        return false;
    }
    if (is_sql_name(use) && s.ptr[0] == '_') {
        d = pt_load_error(l, PT_E_BAD_NAME, key->place, "the name of %s may not begin with '_'", use_name(use));
        pt_diag_hint(l->diags, d, "such names are kept for what portrait adds to every table");
        return false;
    }
    return true;
}

int64_t pt_name_claim(pt_loader *l, pt_intern *set, pt_sv name, bool fold)
{
    pt_str key = {0};

    if (fold)
        pt_utf8_fold(&key, name);
    else
        pt_str_addsv(&key, name);
    uint32_t before = pt_intern_count(set);
    uint32_t code = key.failed ? 0 : pt_intern_add(set, (pt_sv){pt_str_cstr(&key), key.len});
    pt_str_free(&key);
    if (code == 0) {
        l->nomem = true;
        return -2;
    }
    return code > before ? -1 : (int64_t)code - 1;
}
