#include "link/name.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "form/form.h"

/* Families of two characters; all others are taken to have one. */
static const char *const compound[] = {"欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人",
                                       "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶",
                                       "太叔", "申屠", "公孙", "慕容", "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于",
                                       "司空", "闾丘", "子车", "亓官", "司寇", "巫马", "公西", "颛孙", "壤驷", "公良",
                                       "漆雕", "乐正", "宰父", "谷梁", "拓跋", "夹谷", "轩辕", "令狐", "段干", "百里",
                                       "呼延", "东郭", "南门", "羊舌", "微生", "公户", "公玉", "公仪", "梁丘", "西门"};

/* Titles that follow a name, the longer first. Those of one character are titles only after a family name alone. */
static const char *const titles[] = {"小姐姐", "小哥哥", "老师", "先生", "女士", "小姐", "太太", "夫人",
                                     "经理",   "师傅",   "医生", "大夫", "同学", "阿姨", "叔叔", "老板",
                                     "主任",   "总",     "哥",   "姐",   "叔",   "姨"};

/* Words of a person's title in Western names. */
static const char *const western_titles[] = {"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "jr", "sr", "ii", "iii"};

enum { LONGEST = 64 }; /* characters of a name that are looked at */

typedef struct letters {
    uint32_t at[LONGEST];
    size_t n;
} letters;

static bool is_han(uint32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3134F) ||
           c == 0x3007;
}

static void put(pt_str *out, const letters *l, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        pt_utf8_put(out, (int32_t)l->at[i]);
}

static letters read_letters(pt_sv text)
{
    letters l = {.n = 0};

    for (size_t at = 0; at < text.len && l.n < LONGEST;) {
        int32_t c = pt_utf8_next(text, &at);
        if (c >= 0)
            l.at[l.n++] = (uint32_t)c;
    }
    return l;
}

/* Remarks in brackets, and what follows a dash or an open bracket. */
static void drop_remarks(letters *l)
{
    size_t n = 0, depth = 0;

    for (size_t i = 0; i < l->n; i++) {
        uint32_t c = l->at[i];
        bool opens = c == '(' || c == '[' || c == '{' || c == 0x3010 || c == 0x300A;
        bool closes = c == ')' || c == ']' || c == '}' || c == 0x3011 || c == 0x300B;
        depth += opens;
        if (!depth && !closes)
            l->at[n++] = c;
        depth -= closes && depth;
    }
    l->n = n;
}

/* --- Chinese names ----------------------------------------------------------------------------------------------------------- */

static bool has_han(const letters *l)
{
    for (size_t i = 0; i < l->n; i++)
        if (is_han(l->at[i]))
            return true;
    return false;
}

/* Han characters up to the first dash after one: "张丹-公司" is 张丹. */
static void keep_han(letters *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n; i++) {
        uint32_t c = l->at[i];
        bool dash = c == '-' || c == '/' || c == '_' || c == 0x2014 || c == 0x2013;
        if (dash && n)
            break;
        if (is_han(c))
            l->at[n++] = c;
    }
    l->n = n;
}

static size_t family_length(const letters *l)
{
    for (size_t i = 0; l->n > 2 && i < PT_COUNT(compound); i++) {
        letters c = read_letters(pt_sv_of(compound[i]));
        if (memcmp(c.at, l->at, 2 * sizeof *c.at) == 0)
            return 2;
    }
    return l->n ? 1 : 0;
}

/* Whether the first n characters are a family name alone. */
static bool is_family(const letters *l, size_t n)
{
    letters cut = *l;

    cut.n = n;
    if (n == 1)
        return true;
    cut.n = n + 1; /* compound names are looked for where something follows */
    return n == 2 && family_length(&cut) == 2;
}

/* Drops a title; *alone is whether just a family name is left. */
static void drop_title(letters *l, bool *alone)
{
    *alone = false;
    for (size_t i = 0; i < PT_COUNT(titles); i++) {
        letters t = read_letters(pt_sv_of(titles[i]));
        if (l->n <= t.n || memcmp(l->at + l->n - t.n, t.at, t.n * sizeof *t.at) != 0)
            continue;
        bool family = is_family(l, l->n - t.n);
        if (t.n == 1 && !family)
            continue;
        l->n -= t.n;
        *alone = family;
        return;
    }
}

/* 阿明, 小佳, 大佳子, 老张: the one character that is of the name. */
static bool is_nickname(const letters *l)
{
    static const uint32_t front[] = {0x963F, 0x5C0F, 0x5927, 0x8001}; /* 阿 小 大 老 */
    static const uint32_t back[] = {0x5B50, 0x513F, 0x5B9D};          /* 子 儿 宝 */
    bool fronted = false, backed = false;

    for (size_t i = 0; i < PT_COUNT(front); i++)
        fronted |= l->n > 1 && l->at[0] == front[i];
    for (size_t i = 0; i < PT_COUNT(back); i++)
        backed |= l->n == 3 && l->at[2] == back[i];
    return fronted && (l->n == 2 || backed);
}

static void add_chinese(pt_str *out, letters *l)
{
    bool family_alone;

    keep_han(l);
    drop_title(l, &family_alone);
    if (family_alone) {
        put(out, l, 0, l->n);
        pt_str_addc(out, '*');
    } else if (is_nickname(l)) {
        pt_str_addc(out, '*');
        put(out, l, 1, 2);
        pt_str_addc(out, '*');
    } else {
        put(out, l, 0, l->n);
    }
}

/* --- Western names ----------------------------------------------------------------------------------------------------------- */

static bool is_title(pt_sv word)
{
    for (size_t i = 0; i < PT_COUNT(western_titles); i++)
        if (pt_sv_eq(word, pt_sv_of(western_titles[i])))
            return true;
    return false;
}

/* Letters, with one blank between words; dashes and apostrophes inside words stay, titles go. "Smith, Mary" is "mary smith". */
static void add_western(pt_str *out, const letters *l)
{
    pt_str word = {0}, first = {0}, *to = out;
    size_t comma = 0;

    while (comma < l->n && l->at[comma] != ',')
        comma++;
    for (size_t i = 0; i <= l->n; i++) {
        uint32_t c = i < l->n ? l->at[i] : ' ';
        bool inside = (c == '-' || c == '\'') && word.len && i + 1 < l->n && pt_utf8_is_letter((int32_t)l->at[i + 1]);
        if (c != '_' && (pt_utf8_is_letter((int32_t)c) || inside)) {
            pt_utf8_put(&word, (int32_t)c);
            continue;
        }
        to = i <= comma && comma < l->n ? &first : out;
        if (word.len && !is_title((pt_sv){word.ptr, word.len})) {
            pt_str_add(to, to->len ? " " : "");
            pt_str_addsv(to, (pt_sv){word.ptr, word.len});
        }
        pt_str_clear(&word);
    }
    if (first.len) {
        pt_str_add(out, out->len ? " " : "");
        pt_str_addsv(out, (pt_sv){first.ptr, first.len});
    }
    out->failed |= word.failed || first.failed;
    pt_str_free(&word);
    pt_str_free(&first);
}

char pt_name_gender(pt_sv name)
{
    static const struct {
        const char *title;
        char gender;
    } telling[] = {{"先生", 'm'}, {"女士", 'f'}, {"小姐", 'f'}, {"太太", 'f'}, {"夫人", 'f'}};

    for (size_t i = 0; i < PT_COUNT(telling); i++) {
        size_t n = strlen(telling[i].title);
        pt_sv text = pt_sv_trim(name);
        if (text.len > n && memcmp(text.ptr + text.len - n, telling[i].title, n) == 0)
            return telling[i].gender;
    }
    return 0;
}

void pt_name_canonical(pt_str *out, pt_sv name)
{
    pt_str plain = {0}, simple = {0}, folded = {0};

    pt_utf8_normalize(&plain, name);
    pt_form_simplify(&simple, (pt_sv){pt_str_cstr(&plain), plain.len});
    pt_utf8_fold(&folded, (pt_sv){pt_str_cstr(&simple), simple.len});
    letters l = read_letters((pt_sv){pt_str_cstr(&folded), folded.len});
    drop_remarks(&l);
    if (has_han(&l))
        add_chinese(out, &l);
    else
        add_western(out, &l);
    out->failed |= plain.failed || simple.failed || folded.failed;
    pt_str_free(&plain);
    pt_str_free(&simple);
    pt_str_free(&folded);
}

/* --- what follows from canonical forms ---------------------------------------------------------------------------------------- */

static bool is_part(pt_sv canonical)
{
    return canonical.len && (canonical.ptr[0] == '*' || canonical.ptr[canonical.len - 1] == '*');
}

static int by_text(const void *a, const void *b)
{
    return pt_sv_cmp(*(const pt_sv *)a, *(const pt_sv *)b);
}

/* Words of `text` in order of the alphabet. */
static void add_sorted(pt_str *out, pt_sv text)
{
    pt_sv words[LONGEST];
    size_t n = 0;

    for (size_t at = 0; at < text.len && n < LONGEST;) {
        size_t from = at;
        while (at < text.len && text.ptr[at] != ' ')
            at++;
        if (at > from)
            words[n++] = (pt_sv){text.ptr + from, at - from};
        at++;
    }
    qsort(words, n, sizeof *words, by_text);
    for (size_t i = 0; i < n; i++) {
        pt_str_add(out, i ? " " : "");
        pt_str_addsv(out, words[i]);
    }
}

void pt_name_reading(pt_str *out, pt_sv canonical, pt_latin *latin)
{
    pt_str text = {0}, joined = {0};
    letters l = read_letters(canonical);

    if (is_part(canonical))
        return;
    pt_latin_add(latin, &text, canonical);
    if (has_han(&l)) {
        size_t family = family_length(&l), words = 0;
        for (size_t i = 0; i < text.len; i++) {
            words += text.ptr[i] == ' ';
            if (text.ptr[i] != ' ' || words == family) /* the one blank that is left is between family and given name */
                pt_str_addc(&joined, text.ptr[i]);
        }
        add_sorted(out, (pt_sv){pt_str_cstr(&joined), joined.len});
    } else {
        add_sorted(out, (pt_sv){pt_str_cstr(&text), text.len});
    }
    out->failed |= text.failed || joined.failed;
    pt_str_free(&text);
    pt_str_free(&joined);
}

void pt_name_hint(pt_str *out, pt_sv canonical)
{
    if (is_part(canonical))
        pt_name_whole(out, canonical);
}

void pt_name_whole(pt_str *out, pt_sv canonical)
{
    bool inside = canonical.len && canonical.ptr[0] == '*', open = is_part(canonical);

    if (!inside)
        pt_str_addc(out, '^');
    pt_str_addn(out, canonical.ptr + inside, canonical.len - inside - open);
}

/* Letters without blanks. */
static void add_spoken(pt_str *out, pt_sv text, pt_latin *latin)
{
    pt_str sound = {0};

    pt_latin_add(latin, &sound, text);
    for (size_t i = 0; i < sound.len; i++)
        if (sound.ptr[i] != ' ')
            pt_str_addc(out, sound.ptr[i]);
    out->failed |= sound.failed;
    pt_str_free(&sound);
}

void pt_name_spoken_hint(pt_str *out, pt_sv canonical, pt_latin *latin)
{
    if (!is_part(canonical))
        return;
    if (canonical.ptr[0] == '*') {
        add_spoken(out, (pt_sv){canonical.ptr + 1, canonical.len - 2}, latin);
        return;
    }
    pt_str_addc(out, '|');
    add_spoken(out, (pt_sv){canonical.ptr, canonical.len - 1}, latin);
    pt_str_addc(out, '|');
}

void pt_name_spoken_whole(pt_str *out, pt_sv canonical, pt_latin *latin)
{
    pt_str reading = {0};

    if (is_part(canonical)) {
        pt_name_spoken_hint(out, canonical, latin);
        return;
    }
    pt_name_reading(&reading, canonical, latin);
    pt_str_addc(out, '|');
    for (size_t i = 0; i < reading.len; i++)
        pt_str_addc(out, reading.ptr[i] == ' ' ? '|' : reading.ptr[i]);
    pt_str_addc(out, '|');
    out->failed |= reading.failed;
    pt_str_free(&reading);
}

void pt_name_family(pt_str *out, pt_sv canonical)
{
    letters l = read_letters(canonical);

    if (canonical.len && canonical.ptr[0] == '*')
        return;
    if (is_part(canonical)) {
        pt_str_addn(out, canonical.ptr, canonical.len - 1);
    } else if (has_han(&l)) {
        put(out, &l, 0, family_length(&l));
    } else {
        size_t from = canonical.len;
        while (from > 0 && canonical.ptr[from - 1] != ' ')
            from--;
        pt_str_addn(out, canonical.ptr + from, canonical.len - from);
    }
}

void pt_name_given(pt_str *out, pt_sv canonical)
{
    pt_str family = {0};
    letters l = read_letters(canonical);

    if (is_part(canonical))
        return;
    pt_name_family(&family, canonical);
    if (has_han(&l))
        pt_str_addn(out, canonical.ptr + family.len, canonical.len - family.len);
    else if (canonical.len > family.len)
        pt_str_addn(out, canonical.ptr, canonical.len - family.len - 1);
    out->failed |= family.failed;
    pt_str_free(&family);
}
