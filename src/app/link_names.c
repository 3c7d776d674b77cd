#include "app/link_names.h"

#include "app/card_draft.h"

/* --- columns --------------------------------------------------------------------------------------------------------------------- */

/* As kinds.c, crossing.c and linking_known.c name them. */
static const struct made_name {
    const char *en, *zh;
} made_names[] = {
    {"reading", "读音"},
    {"family name", "姓"},
    {"given name", "名"},
    {"phone ends", "电话首尾"},
    {"sound", "发音"},
    {"numbers", "地址中的数字"},
    {"year", "年份"},
    {"region", "行政区划"},
    {"name in mail", "邮箱中的姓名"},
    {"identity card", "身份证号"},
    {"gender", "性别"},
    {"birth", "出生日期"},
};

static const char *made_name(const pt_linking *l, pt_sv name)
{
    for (size_t f = 0; f < l->n_fields; f++)
        if (pt_sv_eq(name, pt_sv_of(l->fields[f].name)))
            return NULL;
    for (size_t i = 0; i < PT_COUNT(made_names); i++)
        if (pt_sv_eq(name, pt_sv_of(made_names[i].en)))
            return made_names[i].zh;
    return NULL;
}

pt_card_text pt_link_column_text(const pt_linking *l, const char *name)
{
    const char *zh = made_name(l, pt_sv_of(name));

    return zh ? pt_card_both(zh, name) : pt_card_same(name);
}

pt_rc pt_link_expression_of(pt_sv *out, const pt_link_column *c, pt_arena *arena, pt_err *err)
{
    static const char *const sorts[] = {"number of ", "list of "}; /* as apply.c begins such names */
    const char *number = strstr(c->name, " #"), *from = c->name;

    *out = (pt_sv){0};
    if (!number)
        return PT_OK;
    for (size_t i = 0; i < PT_COUNT(sorts); i++)
        if (pt_sv_has_prefix(pt_sv_of(c->name), sorts[i]))
            from += strlen(sorts[i]);
    size_t n = (size_t)(number - from);
    *out = (pt_sv){pt_arena_strndup(arena, from, n), n};
    return out->ptr ? PT_OK : pt_fail_nomem(err, "words");
}

/* --- rules ----------------------------------------------------------------------------------------------------------------------- */

static bool is_of_project(const pt_linking *l, const char *name)
{
    for (size_t i = 0; i < l->project->link->n_blocking; i++)
        if (strcmp(l->project->link->blocking[i].text, name) == 0)
            return true;
    return false;
}

/* "surname (3)": the first three characters of it. */
static void add_part(pt_str *zh, const pt_linking *l, pt_sv part)
{
    const char *open = part.len && part.ptr[part.len - 1] == ')' ? memchr(part.ptr, '(', part.len) : NULL;
    pt_sv name = pt_sv_trim((pt_sv){part.ptr, open ? (size_t)(open - part.ptr) : part.len});
    const char *made = made_name(l, name);

    pt_str_addsv(zh, made ? pt_sv_of(made) : name);
    if (!open)
        return;
    pt_str_add(zh, "（前 ");
    pt_str_addsv(zh, (pt_sv){open + 1, part.len - (size_t)(open + 1 - part.ptr) - 1});
    pt_str_add(zh, " 字）");
}

pt_rc pt_link_rule_text(pt_card_text *out, const pt_linking *l, size_t rule, pt_arena *arena, pt_err *err)
{
    static const char plus[] = " + ";
    const char *name = l->setup.rules[rule].name, *at = name;
    pt_str zh = {0};

    *out = pt_card_same(name);
    if (is_of_project(l, name))
        return PT_OK;
    for (const char *next; (next = strstr(at, plus)); at = next + strlen(plus)) {
        add_part(&zh, l, (pt_sv){at, (size_t)(next - at)});
        pt_str_add(&zh, plus);
    }
    add_part(&zh, l, pt_sv_of(at));
    out->zh = zh.failed ? NULL : pt_arena_strdup(arena, pt_str_cstr(&zh));
    pt_str_free(&zh);
    return out->zh ? PT_OK : pt_fail_nomem(err, "words");
}

pt_rc pt_link_rule_named(const char **out, const pt_linking *l, const char *text, pt_arena *arena, pt_err *err)
{
    pt_card_text said;

    *out = text;
    for (size_t r = 0; r < l->setup.n_rules; r++) {
        PT_TRY(pt_link_rule_text(&said, l, r, arena, err));
        if (strcmp(said.zh, text) == 0)
            *out = l->setup.rules[r].name;
    }
    return PT_OK;
}
