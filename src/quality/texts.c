/* What is wrong with one text by itself, as functions that SQL calls: one pass over its bytes finds all of it. */
#include <strings.h>

#include "quality/quality_int.h"

enum { LONGEST = 200 }; /* bytes that are looked at for words: longer texts are prose */

typedef struct plain_text {
    char bytes[LONGEST + 1]; /* ASCII letters in lower case */
    size_t len;
} plain_text;

static void make_plain(plain_text *out, pt_sv text)
{
    out->len = text.len < LONGEST ? text.len : LONGEST;
    for (size_t i = 0; i < out->len; i++) {
        char c = text.ptr[i];
        out->bytes[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    out->bytes[out->len] = '\0';
}

static bool is_one_of(const plain_text *t, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(t->bytes, words[i]) == 0)
            return true;
    return false;
}

static bool holds_one_of(const plain_text *t, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(t->bytes, words[i]))
            return true;
    return false;
}

/* --- words for "no value" --------------------------------------------------------------------------------------------- */

static bool is_placeholder(const plain_text *t)
{
    static const char *const words[] = {"n/a",     "#n/a", "null", "(null)", "<null>", "nil",  "nan",   "undefined",
                                        "unknown", "-",    "--",   "---",    ".",      "?",    "?\?",   "?\?\?",
                                        "无",      "未知", "空",   "不详",   "暂无",   "缺失", "待补充"};

    return t->len < 16 && is_one_of(t, words, PT_COUNT(words));
}

/* --- garbled and invisible ---------------------------------------------------------------------------------------------- */

/* Texts of UTF-8 that were read as GBK or Latin-1 and written again. */
static bool is_garbled(const plain_text *t)
{
    static const char *const signs[] = {"\xEF\xBF\xBD", "锟斤拷", "烫烫烫", "屯屯屯", "ï¿½", "â€",
                                        "锛",           "銆",     "鈥",     "鐨勪",   "浣犲"};
    const unsigned char *s = (const unsigned char *)t->bytes;

    for (size_t i = 0; i + 3 < t->len; i++) {
        bool again = s[i + 2] == 0xC2 && s[i + 3] >= 0x80 && s[i + 3] < 0xC0;
        /* Ã and a sign; ä to é and two signs */
        if (s[i] == 0xC3 && again && (s[i + 1] == 0x83 || (s[i + 1] >= 0xA4 && s[i + 1] <= 0xA9 && s[i + 4] >= 0xC2)))
            return true;
    }
    return holds_one_of(t, signs, PT_COUNT(signs));
}

static bool is_invisible(pt_sv text, size_t i)
{
    const unsigned char *s = (const unsigned char *)text.ptr + i;
    size_t left = text.len - i;

    if (*s < 0x20)
        return *s != '\t' && *s != '\n' && *s != '\r';
    if (*s == 0x7F || (*s == 0xC2 && left > 1 && s[1] == 0xAD))
        return true;
    if (*s == 0xE2 && left > 2)
        return (s[1] == 0x80 && s[2] >= 0x8B && s[2] <= 0x8F) || (s[1] == 0x81 && s[2] == 0xA0);
    return *s == 0xEF && left > 2 && s[1] == 0xBB && s[2] == 0xBF;
}

/* --- markup ------------------------------------------------------------------------------------------------------------- */

static bool is_markup(const plain_text *t)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&nbsp;", "&quot;", "&#"};
    static const char *const tags[] = {"br", "p", "div", "span", "b", "i", "a", "script"};

    if (holds_one_of(t, entities, PT_COUNT(entities)))
        return true;
    for (const char *at = strchr(t->bytes, '<'); at; at = strchr(at, '<')) {
        at += 1 + (at[1] == '/');
        for (size_t i = 0; i < PT_COUNT(tags); i++) {
            size_t n = strlen(tags[i]);
            if (strncmp(at, tags[i], n) == 0 && at[n] && strchr(" />", at[n]))
                return true;
        }
    }
    return false;
}

/* --- test accounts -------------------------------------------------------------------------------------------------------- */

static size_t digits_at(const char *s)
{
    return strspn(s, "0123456789");
}

/* "test", "test_12", "demo3" */
static bool is_test_name(const plain_text *t)
{
    static const char *const names[] = {"test", "tester", "testing", "testuser", "demo", "dummy", "foobar", "sample"};

    for (size_t i = 0; i < PT_COUNT(names); i++) {
        size_t n = strlen(names[i]);
        if (strncmp(t->bytes, names[i], n) != 0)
            continue;
        const char *rest = t->bytes + n + (t->bytes[n] && strchr(" _.-", t->bytes[n]) ? 1 : 0);
        if (rest[digits_at(rest)] == '\0')
            return true;
    }
    return false;
}

/* test12@..., aaa@..., ...@example.com */
static bool is_test_mail(const plain_text *t)
{
    static const char *const users[] = {"test", "demo", "abc", "aaa", "xxx", "123"};
    const char *at = strchr(t->bytes, '@');

    if (!at)
        return false;
    if ((strncmp(at, "@test.", 6) == 0 || strncmp(at, "@example.", 9) == 0))
        return true;
    for (size_t i = 0; i < PT_COUNT(users); i++) {
        const char *rest = t->bytes + strlen(users[i]);
        if (strncmp(t->bytes, users[i], strlen(users[i])) != 0)
            continue;
        rest += strspn(rest, (char[]){users[i][strlen(users[i]) - 1], '\0'});
        if (rest + digits_at(rest) == at)
            return true;
    }
    return false;
}

/* The number every form has in its example. */
static bool is_test_phone(const plain_text *t)
{
    const char *s = t->bytes;

    s += *s == '+';
    s += strncmp(s, "86", 2) == 0 && strlen(s) == 13 ? 2 : 0;
    return strlen(s) == 11 &&
           (strncmp(s, "1380013800", 10) == 0 || strcmp(s, "13800000000") == 0 || strcmp(s, "12345678901") == 0);
}

/* --- fingers on the keyboard ------------------------------------------------------------------------------------------------ */

static bool is_mashed(const plain_text *t)
{
    static const char *const rows[] = {"asdf", "qwer", "zxcv", "hjkl", "sdfg", "qazwsx"};
    size_t same = 1;

    if (t->len >= 5 && t->bytes[0] >= 'a' && t->bytes[0] <= 'z')
        while (same < t->len && t->bytes[same] == t->bytes[0])
            same++;
    return (same >= 5 && same == t->len) || holds_one_of(t, rows, PT_COUNT(rows));
}

/* --- all of it ------------------------------------------------------------------------------------------------------------- */

static unsigned find_faults(pt_sv text)
{
    plain_text plain;
    bool ascii = true, letters = false, invisible = false;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        ascii = ascii && c < 0x80;
        letters = letters || !pt_is_digit((char)c);
        invisible = invisible || is_invisible(text, i);
    }
    make_plain(&plain, pt_sv_trim(text));
    if (!letters)
        return is_test_phone(&plain) ? TEXT_TEST : 0;
    unsigned found = invisible ? TEXT_INVISIBLE : 0;
    found |= is_placeholder(&plain) ? TEXT_PLACEHOLDER : 0;
    found |= is_markup(&plain) ? TEXT_MARKUP : 0;
    found |= is_test_name(&plain) || is_test_mail(&plain) || is_test_phone(&plain) ? TEXT_TEST : 0;
    found |= is_mashed(&plain) ? TEXT_MASHED : 0;
    if (!ascii)
        found |= (is_garbled(&plain) ? TEXT_GARBLED : 0) | (strstr(plain.bytes, "测试") ? TEXT_TEST : 0);
    return found;
}

static bool call_faults(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    (void)ctx, (void)scratch;
    *(double *)out = find_faults(*(const pt_sv *)in);
    return true;
}

/* --- shapes --------------------------------------------------------------------------------------------------------------- */

/* What stands for the character at `i`, and how many bytes that has. */
static const char *class_at(pt_sv s, size_t i, size_t *n)
{
    unsigned char c = (unsigned char)s.ptr[i];

    *n = 1;
    if (pt_is_digit((char)c))
        return "9";
    if (c >= 'A' && c <= 'Z')
        return "A";
    if (c >= 'a' && c <= 'z')
        return "a";
    if (c < 0xE4 || c > 0xE9 || i + 2 >= s.len)
        return NULL;
    *n = 3;
    return "文";
}

/* "AB-12" and "X-7" are both "A-9". */
static bool call_shape(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    pt_sv s = *(const pt_sv *)in;
    const char *last = NULL;
    size_t n;

    (void)ctx;
    for (size_t i = 0; i < s.len; i += n) {
        const char *class = class_at(s, i, &n);
        if (!class)
            pt_str_addc(scratch, s.ptr[i]);
        else if (!last || strcmp(class, last) != 0)
            pt_str_add(scratch, class);
        last = class;
    }
    *(pt_sv *)out = (pt_sv){pt_str_cstr(scratch), scratch->len};
    return !scratch->failed;
}

pt_rc quality_define_texts(pt_conn *c, pt_err *err)
{
    static const pt_function functions[] = {
        {"pt_text_faults", PT_TYPE_TEXT, PT_TYPE_NUMBER, call_faults, NULL, NULL},
        {"pt_text_shape", PT_TYPE_TEXT, PT_TYPE_TEXT, call_shape, NULL, NULL},
    };

    for (size_t i = 0; i < PT_COUNT(functions); i++)
        PT_TRY(pt_conn_define(c, &functions[i], err));
    return PT_OK;
}
