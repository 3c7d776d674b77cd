/* Both languages, everywhere: no text, error code, word of a command, label of the catalogue or of an example may be in one
 * alone. Messages of the parts below: test_messages.c. */
#include <ctype.h>

#include "app/app.h"
#include "base/utf8.h"
#include "catalogue/catalogue.h"
#include "cli/cli.h"
#include "support/test.h"

static pt_err err;

static bool is_chinese(const char *text)
{
    pt_sv s = pt_sv_of(text);

    for (size_t at = 0; at < s.len;) {
        int32_t cp = pt_utf8_next(s, &at);
        if (cp >= 0x4E00 && cp <= 0x9FFF)
            return true;
    }
    return false;
}

/* Two letters in lower case, side by side: not a name in capitals, a sign or a placeholder. */
static bool has_words(const char *text)
{
    for (; *text; text++)
        if (islower((unsigned char)text[0]) && islower((unsigned char)text[1]))
            return true;
    return false;
}

static void check_pair(const char *what, const char *en, const char *zh)
{
    if (!en || !*en || is_chinese(en))
        test_fail(__FILE__, __LINE__, "%s: no English text", what);
    if (!zh || !*zh || (has_words(en) && !is_chinese(zh)))
        test_fail(__FILE__, __LINE__, "%s: no Chinese text (%s)", what, en);
}

TEST(cli_languages__every_sentence)
{
    for (pt_text id = 0; id < PT_TEXT_COUNT; id++)
        check_pair(pt_text_get(PT_EN, id), pt_text_get(PT_EN, id), pt_text_get(PT_ZH, id));
}

TEST(cli_languages__every_error_code)
{
    size_t n = 0;

    for (int code = 1; code < 10000; code++) {
        char name[16];
        snprintf(name, sizeof name, "E%04d", code);
        const pt_diag_info *info = pt_app_diag_info(pt_sv_of(name));
        if (!info)
            continue;
        check_pair(name, info->title, info->title_zh);
        check_pair(name, info->explanation, info->explanation_zh);
        n++;
    }
    CHECK(n > 60);
}

/* "[TAG...]", "ID | TYPE:VALUE": of each word in capitals but single letters and ID. */
static void check_placeholders(const pt_cli *cli, const char *text)
{
    while (*text) {
        size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (n > 1 && strncmp(text, "ID", n) != 0) {
            const char *word = pt_arena_strndup(cli->arena, text, n);
            if (!is_chinese(pt_cli_translate(cli, word)))
                test_fail(__FILE__, __LINE__, "%s: no Chinese text; see translate_install_list.h", word);
        }
        text += n + !n;
    }
}

TEST(cli_languages__every_word_of_a_usage)
{
    pt_cli cli = {.lang = PT_ZH, .arena = pt_arena_new(0)};

    for (size_t i = 0; i < pt_n_commands; i++) {
        check_placeholders(&cli, pt_commands[i].arguments);
        for (size_t k = 0; k < pt_commands[i].n_options; k++)
            if (pt_commands[i].options[k].value)
                check_placeholders(&cli, pt_commands[i].options[k].value);
    }
    pt_arena_free(cli.arena);
}

TEST(cli_languages__every_type_and_stage)
{
    pt_cli cli = {.lang = PT_ZH, .arena = pt_arena_new(0)};

    for (pt_type t = PT_TYPE_BOOL; t < PT_TYPE_COUNT; t++)
        CHECK(is_chinese(pt_cli_translate(&cli, pt_type_name(t))));
    for (pt_stage s = 0; s < PT_STAGE_COUNT; s++)
        CHECK(is_chinese(pt_cli_translate(&cli, pt_stage_name(s))));
    pt_arena_free(cli.arena);
}

/* --- labels ------------------------------------------------------------------------------------------------------- */

static void check_label(const char *what, const pt_label *l)
{
    check_pair(what, l->en, l->zh);
}

TEST(cli_languages__every_label_of_the_catalogue)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c;

    CHECK_OK(pt_catalogue_open(&c, arena, &err));
    for (size_t i = 0; i < c->n_templates; i++) {
        const pt_tag_template *t = &c->templates[i];
        check_label(t->name, &t->label);
        if (t->description.en || t->description.zh)
            check_label(t->name, &t->description);
        if (t->unit.en || t->unit.zh)
            check_label(t->name, &t->unit);
        for (size_t k = 0; k < t->n_labels; k++)
            check_label(t->labels[k].name, &t->labels[k].label);
    }
    for (size_t i = 0; i < c->n_roles; i++) {
        check_label(c->roles[i].name, &c->roles[i].label);
        for (size_t k = 0; k < c->roles[i].n_columns; k++)
            check_label(c->roles[i].columns[k].name, &c->roles[i].columns[k].label);
    }
    for (size_t i = 0; i < c->n_groups; i++)
        check_label(c->groups[i].path, &c->groups[i].label);
    for (size_t i = 0; i < c->n_views; i++) {
        check_label(c->views[i].name, &c->views[i].label);
        for (size_t k = 0; k < c->views[i].n_items; k++)
            check_label(c->views[i].items[k].number, &c->views[i].items[k].label);
    }
    pt_arena_free(arena);
}

/* Every part of every group that a tag is in: "consumption/amount" and "consumption". */
static void check_groups(const pt_project *p, const char *example)
{
    for (size_t t = 0; t < p->n_tags; t++)
        for (const char *path = p->tags[t].group, *end = path; path && *path && *end; end++) {
            end += strcspn(end, "/");
            bool found = false;
            for (size_t g = 0; g < p->n_groups && !found; g++) {
                found = pt_sv_eq((pt_sv){path, (size_t)(end - path)}, pt_sv_of(p->groups[g].path));
                if (found)
                    check_label(path, &p->groups[g].label);
            }
            if (!found)
                test_fail(__FILE__, __LINE__, "examples/%s: the group %.*s has no label", example, (int)(end - path),
                          path);
            if (!*end)
                break;
        }
}

static void check_example(const char *example)
{
    pt_arena *arena = pt_arena_new(0);
    pt_diags diags;
    pt_project *p;

    pt_diags_init(&diags, arena);
    CHECK_OK(
        pt_project_load(&p, pt_arena_printf(arena, "%s/examples/%s", test_source_dir(), example), &diags, arena, &err));
    CHECK_INT(diags.errors, 0);
    check_label(example, &p->label);
    for (size_t i = 0; i < p->n_tags; i++) {
        const pt_tag *t = &p->tags[i];
        bool share = strcmp(pt_label_text(&t->unit, "en", ""), "percent") == 0; /* shown as a sign */
        check_label(t->name, &t->label);
        if (t->description.en || t->description.zh)
            check_label(t->name, &t->description);
        if ((t->unit.en || t->unit.zh) && !share)
            check_label(t->name, &t->unit);
        for (size_t k = 0; k < t->n_tier_labels; k++)
            check_label(t->tier_labels[k].name, &t->tier_labels[k].label);
    }
    for (size_t i = 0; i < p->identity.n_types; i++)
        check_label(p->identity.types[i].name, &p->identity.types[i].label);
    check_groups(p, example);
    pt_diags_free(&diags);
    pt_arena_free(arena);
}

TEST(cli_languages__every_label_of_the_retail_example)
{
    check_example("retail");
}

TEST(cli_languages__every_label_of_the_bank_example)
{
    check_example("bank");
}

TEST(cli_languages__every_label_of_the_b2b_example)
{
    check_example("b2b");
}

TEST(cli_languages__every_label_of_the_online_retail_example)
{
    check_example("online-retail");
}
