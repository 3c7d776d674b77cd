/* The Chinese of messages hangs on their English text: a message that is reworded must not silently lose it. */
#include <dirent.h>

#include "base/io.h"
#include "cli/cli.h"
#include "support/test.h"

static const struct {
    const char *english, *chinese;
} catalogue[] = {
#define X(en, zh) {en, zh},
#include "cli/translate_list.h"
#undef X
};

/* --- against the sources ------------------------------------------------------------------------------------------ */

/* The texts in quotes of a C file, those side by side joined, one a line. */
static void add_texts(pt_str *out, pt_sv code)
{
    bool inside = false;

    for (size_t i = 0; i < code.len; i++) {
        char c = code.ptr[i];
        if (!inside && c == '\'' && i + 2 < code.len && code.ptr[i + 1] == '"') { /* a character */
            i += 2;
            continue;
        }
        if (c == '"') {
            inside = !inside;
            continue;
        }
        if (inside && c == '\\' && i + 1 < code.len)
            c = code.ptr[++i];
        if (inside)
            pt_str_addc(out, c);
        else if (c != ' ' && c != '\n' && out->len && out->ptr[out->len - 1] != '\n')
            pt_str_addc(out, '\n');
    }
}

static void add_folder(pt_str *out, const char *folder, pt_arena *arena)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir && (entry = readdir(dir))) {
        pt_sv name = pt_sv_of(entry->d_name), text;
        if (entry->d_name[0] == '.' ||
            (pt_sv_has_prefix(name, "translate_") && memmem(name.ptr, name.len, "list.h", 6)))
            continue;
        const char *path = pt_arena_printf(arena, "%s/%s", folder, entry->d_name);
        if (name.len > 2 && (name.ptr[name.len - 1] == 'c' || name.ptr[name.len - 1] == 'h') &&
            name.ptr[name.len - 2] == '.' && pt_read_file(&text, path, 1 << 20, arena, NULL) == PT_OK)
            add_texts(out, text);
        else if (!memchr(name.ptr, '.', name.len))
            add_folder(out, path, arena);
    }
    if (dir)
        closedir(dir);
}

/* Whether each piece between placeholders is in a text of the sources. */
static bool is_said(const char *pattern, const char *texts)
{
    char piece[256];

    for (const char *p = pattern; *p;) {
        size_t n = strcspn(p, "{");
        if (n >= sizeof piece)
            return false;
        memcpy(piece, p, n);
        /* pt_fail_errno adds ": " and what the system says. */
        piece[n > 2 && memcmp(p + n - 2, ": ", 2) == 0 ? n - 2 : n] = '\0';
        if (n > 3 && !strstr(texts, piece))
            return false;
        p += n + (p[n] ? 3 : 0);
    }
    return true;
}

static bool is_of_the_system(const char *text)
{
    for (int e = 1; e < 134; e++)
        if (strcmp(strerror(e), text) == 0)
            return true;
    return false;
}

TEST(cli_translate__every_english_text_is_said_somewhere)
{
    pt_arena *arena = pt_arena_new(0);
    pt_str texts = {0};

    add_folder(&texts, pt_arena_printf(arena, "%s/src", test_source_dir()), arena);
    CHECK(texts.len > 20000);
    for (size_t i = 0; i < PT_COUNT(catalogue); i++)
        if (!is_of_the_system(catalogue[i].english) && !is_said(catalogue[i].english, pt_str_cstr(&texts)))
            test_fail(__FILE__, __LINE__, "nobody says: %s", catalogue[i].english);
    pt_str_free(&texts);
    pt_arena_free(arena);
}

/* --- the catalogue itself ----------------------------------------------------------------------------------------- */

static unsigned placeholders(const char *s)
{
    unsigned bits = 0;

    for (; (s = strpbrk(s, "{<")); s++)
        if (s[1] >= '0' && s[1] <= '5' && (s[2] == '}' || s[2] == '>'))
            bits |= 1U << (s[1] - '0');
    return bits;
}

/* The pattern with "x7", "x8", ... for its placeholders. */
static const char *filled(pt_arena *arena, const char *pattern)
{
    pt_str text = {0};

    for (; *pattern; pattern++)
        if ((*pattern == '{' || *pattern == '<') && pt_is_digit(pattern[1]) &&
            (pattern[2] == '}' || pattern[2] == '>')) {
            pt_str_addf(&text, "x%c", pattern[1] + 7);
            pattern += 2;
        } else {
            pt_str_addc(&text, *pattern);
        }
    const char *copy = pt_arena_strdup(arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return copy;
}

TEST(cli_translate__every_entry_can_be_reached_and_keeps_its_parts)
{
    pt_cli cli = {.lang = PT_ZH, .arena = pt_arena_new(0)};

    for (size_t i = 0; i < PT_COUNT(catalogue); i++) {
        const char *en = catalogue[i].english, *zh = catalogue[i].chinese;
        if (placeholders(zh) & ~placeholders(en))
            test_fail(__FILE__, __LINE__, "a part from nowhere: %s", zh);
        CHECK_STR(pt_cli_translate(&cli, filled(cli.arena, en)), filled(cli.arena, zh));
    }
    pt_arena_free(cli.arena);
}

TEST(cli_translate__parts_and_what_follows_a_colon)
{
    pt_cli cli = {.lang = PT_ZH, .arena = pt_arena_new(0)};

    CHECK_STR(pt_cli_translate(&cli, "cannot open '/a: b': Permission denied"), "无法打开“/a: b”：没有权限");
    CHECK_STR(pt_cli_translate(&cli, "ordered_at: not a date and time"), "ordered_at：不是日期时间");
    CHECK_STR(pt_cli_translate(&cli, "'+' does not take number and text"), "“+”不能用于数值和文本");
    CHECK_STR(pt_cli_translate(&cli, "did you mean 'text'?"), "是否想写“text”？");
    CHECK_STR(pt_cli_translate(&cli, "source 'list' has no column 'date'"), "数据源“list”没有列“date”");
    CHECK_STR(pt_cli_translate(&cli, "date takes text here, this is number"), "date 此处需要文本，这里是数值");
    CHECK_STR(pt_cli_translate(&cli, "the tag 'e' has what nobody knows and 'x'"),
              "the tag 'e' has what nobody knows and 'x'");
    CHECK_STR(pt_cli_translate(&cli, "what nobody ever said: to anyone"), "what nobody ever said: to anyone");
    CHECK_STR(pt_cli_translate(&cli, ""), "");
    cli.lang = PT_EN;
    CHECK_STR(pt_cli_translate(&cli, "number"), "number");
    pt_arena_free(cli.arena);
}

TEST(cli_translate__a_problem_without_a_translation_has_its_title)
{
    pt_cli cli = {.lang = PT_ZH, .arena = pt_arena_new(0)};
    pt_diag known = {.code = 301, .msg = "unknown tag 'x'", .hint = "did you mean 'y'?"};
    pt_diag unknown = {.code = 301, .msg = "no words for this"};
    pt_diag shown = pt_cli_translate_problem(&cli, &known);

    CHECK_STR(shown.msg, "未知标签“x”");
    CHECK_STR(shown.hint, "是否想写“y”？");
    shown = pt_cli_translate_problem(&cli, &unknown);
    CHECK(strstr(shown.msg, "（no words for this）") && !shown.hint);
    CHECK(strlen(shown.msg) > strlen("（no words for this）"));
    pt_arena_free(cli.arena);
}
