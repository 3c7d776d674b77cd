/* Messages are made in English by the lowest part that knows the user's noun (base/err.h, base/diag.h), far below any
 * language. Here, where they are shown, they are found again by their pattern and said in Chinese: {0}, {1}, ... stand for
 * the parts filled in. In the Chinese text {0} keeps a part (a file, a tag), <0> translates it likewise (a type's name). */
#include "cli/cli.h"

enum { MOST_PARTS = 6, DEEPEST = 3, LONGEST = 1000 /* bytes: longer is no message of ours */ };

static const struct {
    const char *english, *chinese;
} catalogue[] = {
#define X(en, zh) {en, zh},
#include "cli/translate_list.h"
#undef X
};

static bool is_part(const char *p)
{
    bool closed = (p[0] == '{' && p[1] && p[2] == '}') || (p[0] == '<' && p[1] && p[2] == '>');

    return closed && p[1] >= '0' && p[1] < '0' + MOST_PARTS;
}

/* Fits `text` to a pattern; parts take as little as they can. One in quotes ends where the quote does. */
static bool fits(const char *pattern, pt_sv text, pt_sv *parts)
{
    bool quoted = false;

    while (*pattern && !is_part(pattern)) {
        if (!text.len || *text.ptr != *pattern)
            return false;
        quoted = *pattern == '\'';
        pattern++;
        text.ptr++;
        text.len--;
    }
    if (!*pattern)
        return !text.len;
    pt_sv *part = &parts[pattern[1] - '0'];
    for (size_t n = 0; n <= text.len; n++) {
        if (quoted && n > 1 && text.ptr[n - 2] == '\'' && text.ptr[n - 1] == ' ')
            return false;
        if (fits(pattern + 3, (pt_sv){text.ptr + n, text.len - n}, parts)) {
            *part = (pt_sv){text.ptr, n};
            return true;
        }
    }
    return false;
}

static bool translate(pt_str *out, pt_sv english, int depth);

/* "price: not an amount": a file or column before what is said of it. */
static bool translate_after_colon(pt_str *out, pt_sv english, int depth)
{
    pt_str rest = {0};
    bool found = false;

    for (size_t i = 0; !found && depth < DEEPEST && i + 2 < english.len; i++) {
        if (english.ptr[i] != ':' || english.ptr[i + 1] != ' ')
            continue;
        pt_str_clear(&rest);
        found = translate(&rest, (pt_sv){english.ptr + i + 2, english.len - i - 2}, depth + 1);
        if (found)
            pt_str_addf(out, "%.*s：%s", (int)i, english.ptr, pt_str_cstr(&rest));
    }
    out->failed = out->failed || rest.failed;
    pt_str_free(&rest);
    return found;
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "[TAG...]", "ID | TYPE:VALUE": words in capitals that stand for something, each by itself. One letter is a word of no
 * language. */
static bool translate_placeholders(pt_str *out, pt_sv english, int depth)
{
    static const char marks[] = "[]|.:, ";

    for (size_t i = 0; i < english.len; i++)
        if (!is_capital(english.ptr[i]) && !strchr(marks, english.ptr[i]))
            return false;
    for (size_t i = 0, n; i < english.len; i += n) {
        for (n = 0; i + n < english.len && is_capital(english.ptr[i + n]); n++) {
        }
        if (n > 1 && (n < english.len || !depth))
            translate(out, (pt_sv){english.ptr + i, n}, depth + 1);
        else
            pt_str_addn(out, english.ptr + i, n = n ? n : 1);
    }
    return true;
}

static bool translate(pt_str *out, pt_sv english, int depth)
{
    pt_sv parts[MOST_PARTS] = {{0}};

    for (size_t i = 0; english.len <= LONGEST && depth < DEEPEST && i < PT_COUNT(catalogue); i++) {
        if (!fits(catalogue[i].english, english, parts))
            continue;
        for (const char *c = catalogue[i].chinese; *c; c++) {
            if (!is_part(c)) {
                pt_str_addc(out, *c);
                continue;
            }
            if (*c == '<')
                translate(out, parts[c[1] - '0'], depth + 1);
            else
                pt_str_addsv(out, parts[c[1] - '0']);
            c += 2;
        }
        return true;
    }
    if (english.len <= LONGEST && translate_after_colon(out, english, depth))
        return true;
    if (english.len <= LONGEST && depth < DEEPEST && translate_placeholders(out, english, depth))
        return true;
    pt_str_addsv(out, english);
    return false;
}

static const char *translated(const pt_cli *cli, const char *english, bool *found)
{
    pt_str text = {0};

    *found = cli->lang == PT_EN;
    if (*found || !english)
        return english;
    *found = translate(&text, pt_sv_of(english), 0);
    const char *copy = text.failed ? NULL : pt_arena_strndup(cli->arena, pt_str_cstr(&text), text.len);
    pt_str_free(&text);
    return copy ? copy : english;
}

const char *pt_cli_translate(const pt_cli *cli, const char *english)
{
    bool found;

    return translated(cli, english, &found);
}

pt_diag pt_cli_translate_problem(const pt_cli *cli, const pt_diag *diag)
{
    char code[16];
    pt_diag copy = *diag;
    bool found;

    copy.msg = translated(cli, diag->msg, &found);
    copy.hint = pt_cli_translate(cli, diag->hint);
    snprintf(code, sizeof code, "E%04d", diag->code);
    const pt_diag_info *info = found ? NULL : pt_app_diag_info(pt_sv_of(code));
    if (info && info->title_zh) {
        const char *titled = pt_arena_printf(cli->arena, "%s（%s）", info->title_zh, diag->msg);
        copy.msg = titled ? titled : copy.msg;
    }
    return copy;
}
