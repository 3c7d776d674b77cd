/* The examples of docs/linking-rules.md are what happens. */
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "form/latin.h"
#include "link/compare.h"
#include "link/expr.h"
#include "support/test.h"

typedef struct page {
    pt_arena *arena;
    pt_latin *latin;
    pt_diags diags;
    pt_sv text;
    size_t n;
    pt_link_kind kinds[PT_LINK_COMPARISONS_MAX];
    pt_sv values[PT_LINK_COMPARISONS_MAX];
} page;

static pt_link_kind kind_of(pt_sv word)
{
    int k = 0;

    while (k < PT_LINK_KINDS && !pt_sv_eq(word, pt_sv_of(pt_link_kind_name((pt_link_kind)k))))
        k++;
    CHECK(k < PT_LINK_KINDS);
    return (pt_link_kind)k;
}

/* What stands before and after the first `mark`. */
static pt_sv cut(pt_sv *rest, const char *mark)
{
    const char *at = memmem(rest->ptr, rest->len, mark, strlen(mark));

    CHECK(at != NULL);
    pt_sv before = {rest->ptr, (size_t)(at - rest->ptr)};
    *rest = (pt_sv){at + strlen(mark), rest->len - before.len - strlen(mark)};
    return pt_sv_trim(before);
}

static size_t each_line(page *p, const char *block, void (*use)(page *p, pt_sv line))
{
    pt_sv rest = p->text;
    size_t lines = 0;

    cut(&rest, block);
    cut(&rest, "\n");
    for (pt_sv line = cut(&rest, "\n"); !pt_sv_has_prefix(line, "```"); line = cut(&rest, "\n"), lines++)
        use(p, line);
    return lines;
}

static void open_page(page *p)
{
    pt_err err = {0};
    char path[1024];

    *p = (page){.arena = pt_arena_new(0)};
    snprintf(path, sizeof path, "%s/docs/linking-rules.md", test_source_dir());
    CHECK_OK(pt_read_file(&p->text, path, 0, p->arena, &err));
    CHECK_OK(pt_latin_open(&p->latin, &err));
    pt_diags_init(&p->diags, p->arena);
}

static void close_page(page *p)
{
    CHECK_INT(p->diags.n, 0);
    pt_diags_free(&p->diags);
    pt_latin_free(p->latin);
    pt_arena_free(p->arena);
}

static int find_kind(void *ctx, pt_sv source, pt_sv column)
{
    const page *p = ctx;

    (void)source;
    for (size_t i = 0; i < p->n; i++)
        if (pt_sv_eq(column, pt_sv_of(pt_link_kind_name(p->kinds[i]))))
            return (int)i;
    return -1;
}

static pt_place place_of(pt_sv text)
{
    return (pt_place){.file = "page", .text = text, .line = 1, .col = 1, .length = 1};
}

/* --- keys ------------------------------------------------------------------------------------------------------------ */

static void read_value(page *p, pt_sv line)
{
    p->kinds[p->n] = kind_of(cut(&line, ":"));
    p->values[p->n++] = pt_sv_trim(line);
}

static pt_link_setup *set_up_record(page *p)
{
    pt_link_setup *s = PT_NEW(p->arena, pt_link_setup);
    pt_err err = {0};

    s->table.arena = p->arena;
    s->latin = p->latin;
    for (size_t i = 0; i < p->n; i++)
        CHECK_OK(pt_link_add_field(s, pt_link_kind_name(p->kinds[i]), p->kinds[i], &p->values[i], 1, &err));
    return s;
}

static void check_key(page *p, pt_sv line)
{
    pt_link_setup *s = set_up_record(p);
    pt_sv text = cut(&line, "=>");
    const pt_link_expr *e;
    pt_link_naming naming = {p, find_kind};
    link_words words = {0};
    link_bound bound;
    pt_str got = {0};
    pt_err err = {0};

    CHECK_OK(pt_link_read_expr(&e, text, place_of(text), &p->diags, p->arena, &err));
    CHECK(e != NULL);
    link_bind(&bound, e, s, &naming);
    link_run(&words, &bound, 0);
    for (size_t i = 0; i < words.n; i++) {
        pt_str_add(&got, i ? " | " : "");
        pt_str_addsv(&got, link_word(&words, i));
    }
    pt_sv want = pt_sv_trim(line);
    if (!pt_sv_eq(want, (pt_sv){pt_str_cstr(&got), got.len}))
        test_fail(__FILE__, __LINE__, "%.*s is %s", (int)text.len, text.ptr, pt_str_cstr(&got));
    pt_str_free(&got);
    pt_str_free(&words.text);
}

TEST(link_rules_page__keys_are_what_the_page_says)
{
    page p;

    open_page(&p);
    CHECK(each_line(&p, "```link-record", read_value) > 5);
    CHECK(each_line(&p, "```link-keys", check_key) > 20);
    close_page(&p);
}

/* --- levels ---------------------------------------------------------------------------------------------------------- */

static void check_level(page *p, pt_sv line)
{
    pt_sv whole = line, kind = cut(&line, ":"), text = cut(&line, ":"), pair = cut(&line, "=>"), a = cut(&pair, " / ");
    pt_sv values[] = {a, pt_sv_trim(pair)};
    bool want = pt_sv_eq(pt_sv_trim(line), PT_SV("yes"));
    pt_link_setup s = {.table = {.arena = p->arena}, .latin = p->latin};
    pt_link_naming naming = {p, find_kind};
    const pt_link_level_rule *rule;
    pt_err err = {0};

    p->n = 1;
    p->kinds[0] = kind_of(kind);
    CHECK_OK(pt_link_add_field(&s, pt_link_kind_name(p->kinds[0]), p->kinds[0], values, 2, &err));
    CHECK_OK(pt_link_set_up(&s, &err));
    CHECK_OK(pt_link_read_level(&rule, text, place_of(text), &p->diags, p->arena, &err));
    CHECK_OK(pt_link_apply_wish(&s, 0, &(pt_link_wish){&rule, 1, -1, -1}, &naming, &err));
    pt_link_model model = {.comparisons = s.comparisons, .n_comparisons = s.n_fields};
    link_comparer *c = link_comparer_new(&model, &s.table.records);
    if (link_level(c, 0, 0, 1) != (want ? 0 : 1))
        test_fail(__FILE__, __LINE__, "%.*s", (int)whole.len, whole.ptr);
    link_comparer_free(c);
}

TEST(link_rules_page__levels_hold_as_the_page_says)
{
    page p;

    open_page(&p);
    CHECK(each_line(&p, "```link-levels", check_level) > 10);
    close_page(&p);
}
