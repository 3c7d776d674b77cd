/* Every message that the sources can make has a Chinese text: the calls that make messages are found in src/, their format
 * strings filled with made-up parts, and each must be in the catalogue of translations. */
#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>

#include "base/io.h"
#include "cli/cli.h"
#include "support/test.h"

/* Calls that make a message, and which argument (from 0) is its text; those after it fill it in. Any other function with a
 * format attribute writes something else: the test below holds this list to the attributes in src/. */
static const struct maker {
    const char *name;
    int text;
} makers[] = {
    {"pt_fail", 2},
    {"pt_fail_errno", 3},
    {"pt_err_hint", 1},
    {"pt_diags_add", 4},
    {"pt_diag_hint", 2},
    {"pt_load_error", 3},
    {"pt_frame_corrupt", 2},
    {"pt_fail_code", 3},
    {"pt_fail_input", 4},
    {"pt_reader_problem", 3},
    {"pt_reader_warning", 3},
    {"fail_expression", 4},
    {"pt_clean_error", 3},
    {"hint", 2},
    {"fail_at", 4},
    {"FAIL_WORD", 3},
    {"wrong", 4},
};
static const char *const no_makers[] = {"pt_card_printf", "pt_str_addf", "pt_arena_printf", "pt_arena_vprintf",
                                        "pt_log",         "test_fail",   "sample_row",      "quality_condition"};

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* --- C, as far as it takes to find string literals in the arguments of a call ---------------------------------------- */

/* After a comment, string or character that begins at `i`; else `i` itself. */
static size_t skip_quoted(pt_sv c, size_t i)
{
    if (i + 1 < c.len && c.ptr[i] == '/' && c.ptr[i + 1] == '*') {
        const char *end = memmem(c.ptr + i + 2, c.len - i - 2, "*/", 2);
        return end ? (size_t)(end - c.ptr) + 2 : c.len;
    }
    if (i + 1 < c.len && c.ptr[i] == '/' && c.ptr[i + 1] == '/') {
        const char *end = memchr(c.ptr + i, '\n', c.len - i);
        return end ? (size_t)(end - c.ptr) : c.len;
    }
    if (c.ptr[i] != '"' && c.ptr[i] != '\'')
        return i;
    size_t end = i + 1;
    while (end < c.len && c.ptr[end] != c.ptr[i])
        end += c.ptr[end] == '\\' ? 2 : 1;
    return end + 1;
}

static void add_literal(pt_str *out, pt_sv c, size_t from, size_t end)
{
    for (size_t i = from + 1; i + 1 < end; i++) {
        char byte = c.ptr[i];
        if (byte == '\\' && ++i + 1 < end)
            byte = c.ptr[i] == 'n' ? '\n' : c.ptr[i] == 't' ? '\t' : c.ptr[i];
        pt_str_addc(out, byte);
    }
}

typedef void found_fn(void *ctx, const char *text, int argument);

/* The texts (literals side by side are one) in the arguments of the call whose parenthesis is at `i`. */
static size_t each_text(pt_sv c, size_t i, found_fn *found, void *ctx)
{
    pt_str text = {0};
    int depth = 0, argument = 0;
    bool open = false;

    for (size_t next; i < c.len; i = next) {
        char byte = c.ptr[i];
        next = skip_quoted(c, i);
        if (next > i && byte == '"') {
            add_literal(&text, c, i, next);
            open = true;
            continue;
        }
        if (next > i)
            continue;
        next = i + 1;
        if (open && is_word(byte)) { /* "%" PRIu64, "a " MACRO " c" */
            pt_str_add(&text, strncmp(c.ptr + i, "PRI", 3) == 0 ? "llu" : "%s");
            while (next < c.len && is_word(c.ptr[next]))
                next++;
            continue;
        }
        if (isspace((unsigned char)byte))
            continue;
        if (open) {
            found(ctx, pt_str_cstr(&text), argument);
            pt_str_clear(&text);
            open = false;
        }
        depth += (byte == '(' || byte == '{' || byte == '[') - (byte == ')' || byte == '}' || byte == ']');
        argument += byte == ',' && depth == 1;
        if (!depth)
            break;
    }
    pt_str_free(&text);
    return i;
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

/* "cannot open '%s'" -> "cannot open 'x1'"; numbers become 7. */
static const char *filled(pt_arena *arena, const char *format)
{
    pt_str text = {0};
    int part = 0;

    for (; *format; format++) {
        if (*format != '%') {
            pt_str_addc(&text, *format);
            continue;
        }
        bool nothing = strncmp(format, "%.0s", 4) == 0;
        format += 1 + strspn(format + 1, "-+ #0123456789.*hljzt");
        if (*format == '%')
            pt_str_addc(&text, '%');
        else if ((*format == 's' || *format == 'c') && !nothing)
            pt_str_addf(&text, "x%d", ++part);
        else if (!nothing)
            pt_str_addc(&text, '7');
        if (!*format)
            break;
    }
    const char *copy = pt_arena_strdup(arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return copy;
}

/* Whether a person would read it as words: two in lower case, one after the other. */
static bool is_prose(const char *text)
{
    for (size_t words = 0; *text;) {
        size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz'");
        words = n > 1 ? words + 1 : 0;
        text += n;
        if (words == 2)
            return true;
        if (*text && *text != ' ')
            words = 0;
        text += *text != '\0';
    }
    return false;
}

typedef struct search {
    pt_cli cli;
    const struct maker *maker;
    const char *file;
    size_t messages, missing;
    bool internal;
} search;

/* Commands are the same in every language, and so is what is made of names alone. */
static bool has_chinese(const search *s, const char *message)
{
    return strncmp(message, "portrait ", 9) == 0 || strspn(message, "Ex0123456789.,:'-/ ()") == strlen(message) ||
           strcmp(pt_cli_translate(&s->cli, message), message) != 0;
}

static void check_text(void *ctx, const char *text, int argument)
{
    search *s = ctx;

    if (argument < s->maker->text || s->internal || strcmp(text, "%s") == 0 ||
        !(argument == s->maker->text ? strpbrk(text, "abcdefghijklmnopqrstuvwxyz") != NULL : is_prose(text)))
        return;
    const char *message = filled(s->cli.arena, text);
    if (argument == s->maker->text && strcmp(s->maker->name, "pt_fail_errno") == 0)
        message = pt_arena_printf(s->cli.arena, "%s: x9", message);
    s->messages++;
    message += strncmp(message, ": ", 2) == 0 ? 2 : 0;
    if (has_chinese(s, message) || (strncmp(message, "x1: ", 4) == 0 && has_chinese(s, message + 4)))
        return;
    printf("%s: no Chinese for: %s\n", s->file, text);
    s->missing++;
}

static void search_file(search *s, pt_sv code)
{
    for (size_t i = 0, next; i < code.len; i = next) {
        next = skip_quoted(code, i);
        if (next > i)
            continue;
        next = i + 1;
        if (!is_word(code.ptr[i]))
            continue;
        while (next < code.len && is_word(code.ptr[next]))
            next++;
        for (size_t m = 0; m < PT_COUNT(makers) && next < code.len && code.ptr[next] == '('; m++)
            if (pt_sv_eq((pt_sv){code.ptr + i, next - i}, pt_sv_of(makers[m].name))) {
                s->maker = &makers[m];
                size_t end = next;
                while (end < code.len && code.ptr[end] != ';')
                    end++;
                s->internal = memmem(code.ptr + next, end - next, "PT_EINTERNAL", 12) != NULL;
                each_text(code, next, check_text, s);
            }
    }
}

typedef void file_fn(void *ctx, const char *path, pt_sv text);

static void each_file(const char *folder, file_fn *fn, void *ctx, pt_arena *arena)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    pt_sv text;

    while (dir && (entry = readdir(dir))) {
        pt_sv name = pt_sv_of(entry->d_name);
        const char *path = pt_arena_printf(arena, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.')
            continue;
        if (!memchr(name.ptr, '.', name.len))
            each_file(path, fn, ctx, arena);
        else if ((name.ptr[name.len - 1] == 'c' || name.ptr[name.len - 1] == 'h') && name.ptr[name.len - 2] == '.' &&
                 pt_read_file(&text, path, 1 << 20, arena, NULL) == PT_OK)
            fn(ctx, path, text);
    }
    if (dir)
        closedir(dir);
}

static void search_path(void *ctx, const char *path, pt_sv text)
{
    search *s = ctx;

    s->file = strstr(path, "src/");
    search_file(s, text);
}

TEST(cli_messages__every_one_has_a_chinese_text)
{
    search s = {.cli = {.lang = PT_ZH, .arena = pt_arena_new(0)}};

    each_file(pt_arena_printf(s.cli.arena, "%s/src", test_source_dir()), search_path, &s, s.cli.arena);
    CHECK(s.messages > 500);
    if (s.missing)
        test_fail(__FILE__, __LINE__, "%zu messages have no entry in src/cli/translate_*list.h", s.missing);
    pt_arena_free(s.cli.arena);
}

/* --- the list of calls -------------------------------------------------------------------------------------------- */

static bool is_listed(const char *name, size_t n)
{
    for (size_t i = 0; i < PT_COUNT(makers); i++)
        if (strlen(makers[i].name) == n && strncmp(makers[i].name, name, n) == 0)
            return true;
    for (size_t i = 0; i < PT_COUNT(no_makers); i++)
        if (strlen(no_makers[i]) == n && strncmp(no_makers[i], name, n) == 0)
            return true;
    return false;
}

/* Declarations "name(..., ...) __attribute__((format(printf, 3, 4)))". Those with a va_list have 0 there. */
static void check_attributes(void *ctx, const char *path, pt_sv text)
{
    size_t *found = ctx;
    const char *at = text.ptr;

    while ((at = strstr(at, "__attribute__((format(printf, "))) {
        const char *close = at, *arguments = strchr(at, ',');
        at += 20;
        if (!arguments || !(arguments = strchr(arguments + 1, ',')) || arguments[2] == '0')
            continue;
        while (close > text.ptr && *close != ')')
            close--;
        const char *open = close;
        for (int depth = 0; open > text.ptr; open--) {
            depth += (*open == ')') - (*open == '(');
            if (!depth)
                break;
        }
        const char *name = open;
        while (name > text.ptr && is_word(name[-1]))
            name--;
        ++*found;
        if (close > text.ptr && !is_listed(name, (size_t)(open - name)))
            test_fail(__FILE__, __LINE__, "%s: does %.*s make messages? List it in makers or no_makers", path,
                      (int)(open - name), name);
    }
}

TEST(cli_messages__no_call_that_makes_them_is_forgotten)
{
    pt_arena *arena = pt_arena_new(0);
    size_t found = 0;

    each_file(pt_arena_printf(arena, "%s/src", test_source_dir()), check_attributes, &found, arena);
    CHECK(found >= 10);
    pt_arena_free(arena);
}
