#include "app/link_words.h"

#include "app/card_draft.h"
#include "app/link_names.h"

/* --- sentences ------------------------------------------------------------------------------------------------------------------- */

static const char *fill(const char *sentence, const pt_card_text *args, size_t n, bool zh, pt_arena *arena)
{
    const char *texts[10] = {0};
    pt_str out = {0};

    PT_ASSERT(n <= PT_COUNT(texts));
    for (size_t i = 0; i < n; i++)
        if (!(texts[i] = pt_card_say(args[i], zh ? "zh" : "en"))) /* memory ran out where it was made */
            return NULL;
    pt_str_fill(&out, sentence, texts, n);
    char *kept = out.failed ? NULL : pt_arena_strdup(arena, pt_str_cstr(&out));
    pt_str_free(&out);
    return kept;
}

pt_rc pt_link_say(pt_card_text *out, const char *en, const char *zh, const pt_card_text *args, size_t n,
                  pt_arena *arena, pt_err *err)
{
    *out = (pt_card_text){.zh = fill(zh, args, n, true, arena), .en = fill(en, args, n, false, arena)};
    return out->zh && out->en ? PT_OK : pt_fail_nomem(err, "words");
}

/* --- columns --------------------------------------------------------------------------------------------------------------------- */

typedef struct derived_word {
    const char *column, *en, *zh; /* what "the same" is said with; "alike" is said of the column */
    const char *of_en, *of_zh;
} derived_word;

/* Columns that follow from others, as kinds.c and crossing.c name them. */
static const derived_word derived_words[] = {
    {"reading", "sounds the same", "读音相同", "reading ", "读音"},
    {"family name", "same family name", "同姓", "family name ", "姓"},
    {"given name", "same given name", "同名", "given name ", "名"},
    {"district", "same district", "同一区县", "district ", "区县"},
    {"city", "same city", "同一城市", "city ", "城市"},
    {"province", "same province", "同一省份", "province ", "省份"},
    {"year", "same year", "同一年", "year ", "年份"},
    {"sound", "sounds alike", "发音相近", "sound ", "发音"},
};

static const derived_word *derived(const pt_linking *l, size_t comparison, uint32_t column)
{
    const pt_link_column *c = &l->setup.table.columns[column];

    if (column == l->model.comparisons[comparison].column && l->setup.fields[comparison].kind != PT_LINK_REGION)
        return NULL;
    for (size_t i = 0; i < PT_COUNT(derived_words); i++)
        if (strcmp(derived_words[i].column, c->name) == 0)
            return &derived_words[i];
    return NULL;
}

static pt_card_text number(double v, pt_arena *arena)
{
    char text[32];
    size_t n = pt_format_double(text, v);

    return pt_card_same(pt_arena_strndup(arena, text, n));
}

/* --- tests ----------------------------------------------------------------------------------------------------------------------- */

/* Time that dates may be apart; the bounds of kinds.c have names. */
static const struct {
    double days;
    const char *en, *zh;
} spans[] = {{30.4375, "within a month", "相差不到一个月"},
             {365.25, "within a year", "相差不到一年"},
             {3652.5, "within ten years", "相差不到十年"}};

static pt_rc within_text(pt_card_text *out, const pt_linking *l, const pt_link_level *x, pt_arena *arena, pt_err *err)
{
    for (size_t i = 0; i < PT_COUNT(spans); i++)
        if (x->bound == spans[i].days) {
            *out = pt_card_both(spans[i].zh, spans[i].en);
            return PT_OK;
        }
    if (strcmp(l->setup.table.columns[x->column].name, "day") == 0)
        return PT_LINK_SAY(out, "within {0} days", "相差不超过 {0} 天", arena, err, number(x->bound, arena));
    return PT_LINK_SAY(out, "at most {0} apart", "相差不超过 {0}", arena, err, number(x->bound, arena));
}

static pt_rc inside_text(pt_card_text *out, const pt_linking *l, size_t k, const pt_link_level *x, pt_arena *arena,
                         pt_err *err)
{
    const char *column = l->setup.table.columns[x->column].name;

    if (l->setup.fields[k].kind != PT_LINK_MAIL_NAME) {
        *out = strcmp(column, "spoken part") == 0
                   ? pt_card_both("一方的读音是另一方读音的一部分", "one sounds like a part of the other")
                   : pt_card_both("一方是另一方的一部分", "one is a part of the other");
        return PT_OK;
    }
    bool many = strcmp(column, "many letters") == 0;
    return PT_LINK_SAY(out, "the address is made of the name ({0} letters and more)",
                       "邮箱由姓名构成（{0} 个字母以上）", arena, err, pt_card_same(many ? "6" : "3"));
}

static pt_rc edits_text(pt_card_text *out, const pt_link_level *x, pt_arena *arena, pt_err *err)
{
    if (x->bound < 2) {
        *out = pt_card_both("差一个字符", "one character apart");
        return PT_OK;
    }
    return PT_LINK_SAY(out, "{0} characters apart", "差 {0} 个字符", arena, err, number(x->bound, arena));
}

static pt_card_text same_text(const pt_linking *l, size_t k, const pt_link_level *x)
{
    const derived_word *d = derived(l, k, x->column);

    return d ? pt_card_both(d->zh, d->en) : pt_card_both("一致", "equal");
}

static pt_rc alike_text(pt_card_text *out, const pt_linking *l, size_t k, const pt_link_level *x, pt_arena *arena,
                        pt_err *err)
{
    const derived_word *d = derived(l, k, x->column);

    return PT_LINK_SAY(out, "{0}alike (at least {1})", "{0}相似（不低于 {1}）", arena, err,
                       pt_card_both(d ? d->of_zh : "", d ? d->of_en : ""), number(x->bound, arena));
}

static pt_rc test_text(pt_card_text *out, const pt_linking *l, size_t k, const pt_link_level *x, pt_arena *arena,
                       pt_err *err)
{
    pt_card_text bound = number(x->bound, arena), share = number(100 * x->bound, arena);

    switch (x->test) {
    case PT_LINK_SAME: *out = same_text(l, k, x); return PT_OK;
    case PT_LINK_JARO_WINKLER: return alike_text(out, l, k, x, arena, err);
    case PT_LINK_EDITS: return edits_text(out, x, arena, err);
    case PT_LINK_BIGRAMS:
        return PT_LINK_SAY(out, "{0}% of the pairs of characters and more shared", "{0}% 以上的相邻字对相同", arena,
                           err, share);
    case PT_LINK_COVERED:
        return PT_LINK_SAY(out, "{0}% of the shorter one and more are in the other", "较短者有 {0}% 以上出现在另一方",
                           arena, err, share);
    case PT_LINK_MASKED: *out = pt_card_both("掩码部分一致", "one is masked and fits"); return PT_OK;
    case PT_LINK_SHARED:
        return strcmp(l->setup.table.columns[x->column].name, "numbers") == 0
                   ? PT_LINK_SAY(out, "{0} numbers shared", "至少有 {0} 个相同的数字", arena, err, bound)
                   : PT_LINK_SAY(out, "{0} in common", "有 {0} 项相同", arena, err, bound);
    case PT_LINK_WITHIN: return within_text(out, l, x, arena, err);
    case PT_LINK_RATIO: return PT_LINK_SAY(out, "within {0}%", "相差不超过 {0}%", arena, err, share);
    case PT_LINK_NEAR: return PT_LINK_SAY(out, "within {0} km", "相距不超过 {0} 公里", arena, err, bound);
    case PT_LINK_INSIDE: return inside_text(out, l, k, x, arena, err);
    case PT_LINK_SWAPPED: *out = pt_card_both("两列互换", "swapped with another column"); return PT_OK;
    case PT_LINK_KNOWN:
        *out = x->silent ? pt_card_both("各只有姓名的一部分，不作判断", "parts of names alone: say nothing")
                         : pt_card_both("双方都有值", "both have a value");
        return PT_OK;
    default: *out = pt_card_both("相似", "alike"); return PT_OK;
    }
}

/* What is compared, where that is neither the column itself nor what linking makes of it: another column, an expression. */
static pt_rc compared(pt_sv *out, const pt_linking *l, size_t k, uint32_t column, pt_arena *arena, pt_err *err)
{
    PT_TRY(pt_link_expression_of(out, &l->setup.table.columns[column], arena, err));
    for (size_t i = 0; !out->len && i < l->setup.n_given; i++)
        if (l->setup.given[i].column == column && column != l->model.comparisons[k].column)
            *out = pt_sv_of(l->setup.given[i].name);
    return PT_OK;
}

/* "user(email): one character apart" */
static pt_rc test_of_text(pt_card_text *out, const pt_linking *l, size_t k, const pt_link_level *x, pt_arena *arena,
                          pt_err *err)
{
    pt_sv what;

    PT_TRY(test_text(out, l, k, x, arena, err));
    PT_TRY(compared(&what, l, k, x->column, arena, err));
    if (!what.len)
        return PT_OK;
    return PT_LINK_SAY(out, "{0}: {1}", "{0}：{1}", arena, err, pt_card_same(what.ptr), *out);
}

pt_rc pt_link_level_text(pt_card_text *out, const pt_linking *l, size_t comparison, uint8_t level, pt_arena *arena,
                         pt_err *err)
{
    const pt_link_comparison *x = &l->model.comparisons[comparison];
    pt_card_text also;

    if (level == PT_LINK_NULL) {
        *out = pt_card_both("缺失，不作判断", "missing: says nothing");
        return PT_OK;
    }
    if (level >= x->n_levels) {
        *out = pt_card_both("不同", "different");
        return PT_OK;
    }
    PT_TRY(test_of_text(out, l, comparison, &x->levels[level], arena, err));
    for (const pt_link_level *more = x->levels[level].also; more; more = more->also) {
        PT_TRY(test_of_text(&also, l, comparison, more, arena, err));
        PT_TRY(PT_LINK_SAY(out, "{0}, {1}", "{0}，{1}", arena, err, *out, also));
    }
    return PT_OK;
}

const char *pt_link_level_name(const pt_linking *l, size_t comparison, uint8_t level)
{
    static const char *const names[PT_LINK_TESTS] = {
        [PT_LINK_SAME] = "same",       [PT_LINK_JARO_WINKLER] = "jaro_winkler",
        [PT_LINK_EDITS] = "edits",     [PT_LINK_BIGRAMS] = "bigrams",
        [PT_LINK_COVERED] = "covered", [PT_LINK_MASKED] = "masked",
        [PT_LINK_SHARED] = "shared",   [PT_LINK_WITHIN] = "within",
        [PT_LINK_RATIO] = "ratio",     [PT_LINK_NEAR] = "near",
        [PT_LINK_INSIDE] = "inside",   [PT_LINK_SWAPPED] = "swapped",
        [PT_LINK_KNOWN] = "known"};
    const pt_link_comparison *x = &l->model.comparisons[comparison];

    return level == PT_LINK_NULL ? "missing" : level >= x->n_levels ? "different" : names[x->levels[level].test];
}
