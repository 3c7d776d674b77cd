#include "cli/changetext.h"

#include "base/utf8.h"

enum { LONGEST = 400 /* bytes of a definition that are shown to people */ };

/* "tag spend" -> "标签 spend": the kind of a definition in the user's language. */
static const char *title(pt_cli *cli, const char *name)
{
    static const struct {
        const char *word;
        pt_text text;
    } kinds[] = {{"tag ", PT_TEXT_CHANGE_TAG},        {"column ", PT_TEXT_CHANGE_COLUMN},
                 {"rows ", PT_TEXT_CHANGE_ROWS},      {"rule ", PT_TEXT_CHANGE_RULE},
                 {"read ", PT_TEXT_CHANGE_READ},      {"clean ", PT_TEXT_CHANGE_CLEAN},
                 {"segment ", PT_TEXT_CHANGE_SEGMENT}};

    for (size_t i = 0; i < PT_COUNT(kinds); i++)
        if (strncmp(name, kinds[i].word, strlen(kinds[i].word)) == 0)
            return pt_arena_printf(cli->arena, "%s %s", pt_cli_text(cli, kinds[i].text), name + strlen(kinds[i].word));
    return pt_cli_text(cli, strcmp(name, "identity") == 0 ? PT_TEXT_CHANGE_IDENTITY : PT_TEXT_CHANGE_PROJECT);
}

/* Not cut inside a character. */
static void print_text(pt_cli *cli, pt_text what, const char *text)
{
    size_t n = strlen(text);
    bool cut = n > LONGEST;

    for (n = cut ? LONGEST : n; cut && n && ((unsigned char)text[n] & 0xC0) == 0x80; n--)
        continue;
    pt_str_addf(&cli->out, "      %s%.*s%s\n", pt_cli_text(cli, what), (int)n, text, cut ? "…" : "");
}

static bool is_hash(const char *name)
{
    return strncmp(name, "read ", 5) == 0 || strncmp(name, "clean ", 6) == 0;
}

void pt_changes_print(pt_cli *cli, const pt_definition_change *changes, size_t n)
{
    static const pt_text kinds[] = {PT_TEXT_CHANGE_NEW, PT_TEXT_CHANGE_CHANGED, PT_TEXT_CHANGE_GONE};

    for (size_t i = 0; i < n; i++) {
        const pt_definition_change *c = &changes[i];
        pt_str_addf(&cli->out, "  %s  %s\n", pt_cli_text(cli, kinds[c->kind]), title(cli, c->name));
        if (c->kind != PT_CHANGE_CHANGED || is_hash(c->name))
            continue;
        print_text(cli, PT_TEXT_CHANGE_WAS, c->before);
        print_text(cli, PT_TEXT_CHANGE_NOW, c->after);
    }
}

void pt_changes_json(pt_json *j, const pt_definition_change *changes, size_t n)
{
    static const char *const kinds[] = {"new", "changed", "gone"};

    pt_json_put_open(j, "definitions", '[');
    for (size_t i = 0; i < n; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "name", changes[i].name);
        pt_json_put_cstr(j, "change", kinds[changes[i].kind]);
        pt_json_put_cstr(j, "before", changes[i].before);
        pt_json_put_cstr(j, "after", changes[i].after);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}
