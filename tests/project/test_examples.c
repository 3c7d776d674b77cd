/* What a newcomer copies must work: examples/, and the YAML of docs/project-files.md. */
#include "base/io.h"
#include "support/project.h"
#include "support/test.h"

static void load_example(loaded *l, const char *name)
{
    char dir[1024];

    snprintf(dir, sizeof dir, "%s/examples/%s", test_source_dir(), name);
    load_folder(l, dir);
}

TEST(project_examples__retail_loads_without_a_word)
{
    loaded l;

    load_example(&l, "retail");
    CHECK_STR(pt_str_cstr(&l.printed), "0 errors\n");
    CHECK(l.project->n_tags >= 80);
    CHECK_INT(l.project->n_sources, 6);
    CHECK_INT(l.project->n_card, 8);
    CHECK_INT(l.project->as_of_default, PT_AS_OF_FIXED);
    CHECK_STR(tag_named(&l, "spend_90d")->group, "consumption/amount");
    CHECK_INT(tag_named(&l, "has_kids")->origin, PT_ORIGIN_FACT);
    unload(&l);
}

static void check_labels(const pt_tag *t)
{
    bool whole = t->label.zh && t->label.en;

    for (size_t i = 0; i < t->n_tier_labels; i++)
        whole = whole && t->tier_labels[i].label.zh && t->tier_labels[i].label.en;
    if (!whole)
        test_fail(__FILE__, __LINE__, "tag '%s' is not labelled in both languages", t->name);
}

static void check_languages(const char *name)
{
    loaded l;

    load_example(&l, name);
    CHECK_STR(pt_str_cstr(&l.printed), "0 errors\n");
    for (size_t i = 0; i < l.project->n_tags; i++)
        check_labels(&l.project->tags[i]);
    for (size_t i = 0; i < l.project->n_sources; i++)
        CHECK(l.project->sources[i].label.zh && l.project->sources[i].label.en);
    /* Every tier has a text for people, else a card would mix both. */
    for (size_t i = 0; i < l.project->n_tags; i++)
        if (l.project->catalog.tags[i].n_tiers)
            CHECK_INT(l.project->tags[i].n_tier_labels, l.project->catalog.tags[i].n_tiers);
    unload(&l);
}

TEST(project_examples__all_speak_both_languages)
{
    check_languages("retail");
    check_languages("bank");
    check_languages("b2b");
    check_languages("b2b/contacts");
    check_languages("online-retail");
}

TEST(project_examples__blank_has_no_error)
{
    loaded l;

    load_example(&l, "blank");
    CHECK_INT(l.diags.errors, 0);
    CHECK_INT(l.diags.n, 1); /* no sources yet */
    CHECK_INT(l.diags.items[0].code, 124);
    unload(&l);
}

/* The YAML block that follows `heading` in a document; terminated in place. */
static const char *block_after(char *doc, const char *heading)
{
    char *at = strstr(doc, heading);

    CHECK(at && (at = strstr(at, "```yaml\n")));
    at += strlen("```yaml\n");
    char *end = strstr(at, "```");
    CHECK(end);
    *end = '\0';
    return at;
}

TEST(project_examples__the_yaml_of_the_document_is_a_project)
{
    pt_arena *arena = pt_arena_new(0);
    char path[1024];
    pt_err err = {0};
    pt_sv doc;
    loaded l;

    snprintf(path, sizeof path, "%s/docs/project-files.md", test_source_dir());
    CHECK_OK(pt_read_file(&doc, path, 0, arena, &err));
    char *text = pt_arena_strdup(arena, doc.ptr);
    /* From the end, since a block is cut off where it ends. */
    write_project_file("tags/doc.yaml", block_after(text, "\n## tags\n"));
    write_project_file("identity.yaml", block_after(text, "\n## identity.yaml\n"));
    write_project_file("sources/doc.yaml", block_after(text, "\n## sources\n"));
    write_project_file("portrait.yaml", "name: doc\n");
    load_clean(&l);
    unload(&l);
    pt_arena_free(arena);
}
