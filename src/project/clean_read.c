/* `convert` and `map`: rules that act on the text of a value while files are read. Their columns may be columns of the file
 * that are not declared (an identifier's, one that an expression names), so the name is taken as it stands here. */
#include "form/conversion.h"
#include "project/clean.h"

static bool read_name(pt_clean_parser *p)
{
    pt_clean_piece w = pt_clean_rest(&p->head);

    if (w.text.len && w.text.ptr[0] == '"' && w.text.len > 2 && w.text.ptr[w.text.len - 1] == '"')
        w.text = (pt_sv){w.text.ptr + 1, w.text.len - 2};
    p->column_place = pt_clean_place(&p->head, w);
    if (w.text.len) {
        p->rule->column = pt_clean_copy(p, w.text);
        return p->rule->column != NULL;
    }
    pt_diag *d = pt_clean_error(p, PT_E_CLEAN_RULE, p->rule->place, "the rule names no column");
    pt_diag_hint(p->loader->diags, d, "%s", p->form);
    return false;
}

static void check_conversion(pt_clean_parser *p, pt_clean_piece w)
{
    pt_conversion c;
    pt_conversion_fault fault;
    pt_clean_piece at;
    pt_diag *d;

    if (pt_conversion_open(&c, w.text, &fault))
        return;
    at = (pt_clean_piece){fault.word, fault.word.len ? (size_t)(fault.word.ptr - p->tail.text.ptr) : w.at};
    pt_place place = fault.word.len ? pt_clean_place(&p->tail, at) : p->rule->converter_place;
    d = pt_clean_error(p, PT_E_CLEAN_CONVERTER, place, "%s", fault.message);
    pt_diag_suggest(p->loader->diags, d, fault.word, fault.known, fault.n_known);
}

void pt_clean_parse_convert(pt_clean_parser *p)
{
    p->form = "convert COLUMN: number";
    p->rule->kind = PT_CLEAN_CONVERT;
    if (!read_name(p) || !pt_clean_need_tail(p))
        return;
    pt_clean_piece w = pt_clean_rest(&p->tail);
    p->rule->converter = pt_clean_copy(p, w.text);
    p->rule->converter_place = pt_clean_place(&p->tail, w);
    check_conversion(p, w);
}

/* A value, or nothing for missing. */
static bool read_value(pt_clean_parser *p, const char **out, const pt_yaml *value)
{
    *out = NULL;
    if (value->kind == PT_YAML_NULL)
        return true;
    if (value->kind == PT_YAML_SCALAR)
        return (*out = pt_clean_copy(p, value->text)) != NULL;
    pt_clean_error(p, PT_E_CLEAN_RULE, value->place, "a value is mapped to one text");
    return false;
}

void pt_clean_parse_map(pt_clean_parser *p)
{
    const pt_yaml *map = p->tail_node;

    p->form = "map COLUMN: {VALUE: NEW VALUE, otherwise: ANOTHER}";
    p->rule->kind = PT_CLEAN_MAP;
    if (!read_name(p))
        return;
    if (!map || map->kind != PT_YAML_MAP || map->n == 0) {
        pt_diag *d = pt_clean_error(p, PT_E_CLEAN_RULE, p->rule->place, "the rule maps nothing");
        pt_diag_hint(p->loader->diags, d, "%s", p->form);
        return;
    }
    pt_clean_pair *pairs = PT_NEW_ARRAY(p->loader->arena, pt_clean_pair, map->n);
    p->loader->nomem |= !pairs;
    p->rule->pairs = pairs;
    for (size_t i = 0; pairs && i < map->n; i++) {
        bool otherwise = pt_sv_eq(map->keys[i]->text, PT_SV("otherwise")) && map->keys[i]->style == PT_YAML_PLAIN;
        pt_clean_pair *pair = &pairs[p->rule->n_pairs];
        if (!read_value(p, otherwise ? &p->rule->otherwise : &pair->to, map->items[i]))
            return;
        p->rule->has_otherwise |= otherwise;
        if (!otherwise && (pair->from = pt_clean_copy(p, map->keys[i]->text)))
            p->rule->n_pairs++;
    }
}
