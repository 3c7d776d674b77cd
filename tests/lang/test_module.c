/* All tags of a catalogue together: order, cycles, declared types, tiers. */
#include "base/rng.h"
#include "base/time.h"
#include "support/lang_fixture.h"
#include "support/test.h"

enum { MOST_TAGS = 64 };

/* A catalogue under construction over the fixture's sources. */
typedef struct project {
    pt_arena *arena;
    pt_lang_tag tags[MOST_TAGS];
    pt_catalog catalog;
    pt_diags diags;
    pt_module *module;
} project;

static void begin(project *p)
{
    *p = (project){.arena = pt_arena_new(0), .catalog = lang_catalog};
    CHECK(p->arena);
    p->catalog.tags = p->tags;
    p->catalog.n_tags = 0;
    pt_diags_init(&p->diags, p->arena);
}

static void end(project *p)
{
    pt_diags_free(&p->diags);
    pt_arena_free(p->arena);
}

static pt_place place_of(const char *text, int line)
{
    return (pt_place){.file = "tags.yaml", .text = pt_sv_of(text), .line = line, .col = 1, .length = 1};
}

static pt_lang_tag *add(project *p, const char *name, const char *value, pt_type type)
{
    pt_lang_tag *tag = &p->tags[p->catalog.n_tags++];

    *tag = (pt_lang_tag){.name = name, .value = pt_sv_of(value), .type = type};
    tag->place = place_of(value, (int)p->catalog.n_tags);
    return tag;
}

static void check(project *p)
{
    pt_err err;

    CHECK_OK(pt_lang_check(&p->module, &p->catalog, &p->diags, p->arena, &err));
}

TEST(lang_module__tags_come_after_what_they_use)
{
    project p;

    begin(&p);
    add(&p, "c", "b + a", PT_TYPE_NONE);
    add(&p, "a", "count(orders where amount > limit and paid)", PT_TYPE_NONE);
    add(&p, "b", "a * 2", PT_TYPE_NONE);
    add(&p, "limit", "avg(orders.amount)", PT_TYPE_NONE);
    add(&p, "paid", "c > 1", PT_TYPE_NONE); /* `paid` in a is the column, so this is no cycle */
    check(&p);
    CHECK_INT(p.diags.errors, 0);
    CHECK_INT(p.module->n_tags, 5);
    static const uint32_t order[] = {3, 1, 2, 0, 4};
    for (size_t i = 0; i < 5; i++)
        CHECK_INT(p.module->order[i], order[i]);
    CHECK_INT(p.module->types[3], PT_TYPE_MONEY);
    CHECK_INT(p.module->types[4], PT_TYPE_BOOL);
    end(&p);
}

TEST(lang_module__cycle_is_named_at_each_tag_once)
{
    project p;

    begin(&p);
    add(&p, "a", "1 + b", PT_TYPE_NONE);
    add(&p, "b", "if(c > 1, c, 2)", PT_TYPE_NONE);
    add(&p, "c", "count(orders where amount > a)", PT_TYPE_NONE);
    add(&p, "self", "self + 1", PT_TYPE_NONE);
    add(&p, "outside", "a + nonsense", PT_TYPE_NONE);
    check(&p);
    CHECK_INT(p.diags.errors, 5);
    static const char *const says[] = {"a -> b -> c -> a", "b -> c -> a -> b", "c -> a -> b -> c", "self -> self"};
    static const int col[] = {5, 4, 29, 1};
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(p.diags.items[i].code, 306);
        CHECK(strstr(p.diags.items[i].msg, says[i]));
        CHECK_INT(p.diags.items[i].place.line, (int)i + 1);
        CHECK_INT(p.diags.items[i].place.col, col[i]);
    }
    CHECK_INT(p.diags.items[4].code, 301); /* what depends on a cycle is still read */
    end(&p);
}

TEST(lang_module__a_broken_tag_does_not_break_those_that_use_it)
{
    project p;

    begin(&p);
    add(&p, "broken", "count(orders", PT_TYPE_NONE);
    add(&p, "user", "broken + 1 > 'x' or home = 3", PT_TYPE_NONE);
    add(&p, "declared", "nothing", PT_TYPE_NUMBER);
    add(&p, "other", "declared + 1", PT_TYPE_NONE);
    add(&p, "home", "members.city", PT_TYPE_NONE);
    check(&p);
    CHECK_INT(p.diags.errors, 3);
    CHECK_INT(p.diags.items[0].code, 207);
    CHECK(!p.module->tags[0] && !p.module->tags[1] && !p.module->tags[2] && p.module->tags[3] && p.module->tags[4]);
    end(&p);
}

TEST(lang_module__declared_types_convert_or_refuse)
{
    project p;

    begin(&p);
    add(&p, "spend", "12.5", PT_TYPE_MONEY);
    add(&p, "city", "members.region", PT_TYPE_CATEGORY);
    add(&p, "none", "missing", PT_TYPE_DATE);
    add(&p, "wrong", "spend", PT_TYPE_NUMBER);
    add(&p, "uses_wrong", "wrong + 1", PT_TYPE_NONE);
    add(&p, "nothing", "missing", PT_TYPE_NONE);
    check(&p);
    CHECK_INT(p.diags.errors, 2);
    CHECK_INT(p.diags.items[0].code, 319);
    CHECK(strstr(p.diags.items[0].msg, "'wrong' must be number, this is money"));
    CHECK_INT(p.diags.items[1].code, 318);
    CHECK_INT(p.module->types[0], PT_TYPE_MONEY);
    CHECK_INT(p.module->types[1], PT_TYPE_CATEGORY);
    CHECK_INT(p.module->types[2], PT_TYPE_DATE);
    end(&p);
}

TEST(lang_module__tiers_are_the_function_tiers)
{
    const pt_lang_tier tiers[] = {{"active", PT_SV("days < 90"), place_of("days < 90", 1)},
                                  {"lost", PT_SV("days >= 90"), place_of("days >= 90", 2)}};
    project p;
    const pt_node *same;
    pt_err err;

    begin(&p);
    add(&p, "days", "days_since(last(orders.time))", PT_TYPE_NONE);
    pt_lang_tag *cycle = add(&p, "life_cycle", "", PT_TYPE_NONE);
    cycle->tiers = tiers;
    cycle->n_tiers = 2;
    check(&p);
    CHECK_INT(p.diags.errors, 0);
    CHECK_INT(p.module->types[1], PT_TYPE_CATEGORY);
    CHECK_OK(pt_lang_expression(&same, p.module, PT_SV("tiers(days < 90, 'active', days >= 90, 'lost')"),
                                place_of("", 1), PT_TYPE_NONE, &p.diags, p.arena, &err));
    CHECK(same && pt_node_equal(same, p.module->tags[1]));
    end(&p);
}

TEST(lang_module__tiers_are_checked_each_at_its_place)
{
    const pt_lang_tier tiers[] = {{"a", PT_SV("count(orders) >"), place_of("count(orders) >", 10)},
                                  {"", PT_SV("true"), place_of("true", 11)},
                                  {"c", PT_SV("count(orders)"), place_of("count(orders)", 12)},
                                  {"c", PT_SV("true"), place_of("true", 13)}};
    static const int codes[] = {207, 327, 311, 327}, lines[] = {10, 11, 12, 13};
    project p;

    begin(&p);
    pt_lang_tag *tag = add(&p, "t", "", PT_TYPE_NONE);
    tag->tiers = tiers;
    tag->n_tiers = 4;
    check(&p);
    CHECK_INT(p.diags.errors, 4);
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(p.diags.items[i].code, codes[i]);
        CHECK_INT(p.diags.items[i].place.line, lines[i]);
    }
    end(&p);
}

TEST(lang_module__external_tags_have_a_type_and_no_tree)
{
    project p;

    begin(&p);
    *add(&p, "churn", "", PT_TYPE_NUMBER) = (pt_lang_tag){.name = "churn", .external = true, .type = PT_TYPE_NUMBER};
    add(&p, "risky", "churn > 0.5", PT_TYPE_NONE);
    check(&p);
    CHECK_INT(p.diags.errors, 0);
    CHECK(!p.module->tags[0] && p.module->tags[1]);
    CHECK_INT(p.module->types[0], PT_TYPE_NUMBER);
    end(&p);
}

TEST(lang_module__no_tags_at_all_is_fine)
{
    project p;

    begin(&p);
    check(&p);
    CHECK_INT(p.diags.errors, 0);
    CHECK_INT(p.module->n_tags, 0);
    end(&p);
}

/* A chain of 100,000 tags, last first: no recursion over tags. */
TEST(lang_module__a_long_chain_of_tags_is_fine)
{
    enum { N = 100000 };
    pt_arena *arena = pt_arena_new(0);
    pt_lang_tag *tags = PT_NEW_ARRAY(arena, pt_lang_tag, N);
    pt_catalog catalog = {lang_catalog.sources, lang_catalog.n_sources, tags, N, .history = false};
    pt_module *module;
    pt_diags diags;
    pt_err err;

    CHECK(tags);
    for (int i = 0; i < N; i++) {
        const char *value = i + 1 < N ? pt_arena_printf(arena, "t%d + 1", i + 1) : "1";
        tags[i] = (pt_lang_tag){
            .name = pt_arena_printf(arena, "t%d", i), .value = pt_sv_of(value), .place = place_of(value, i)};
    }
    pt_diags_init(&diags, arena);
    CHECK_OK(pt_lang_check(&module, &catalog, &diags, arena, &err));
    CHECK_INT(diags.errors, 0);
    CHECK_INT(module->order[0], N - 1);
    tags[N - 1].value = PT_SV("t0"); /* and one cycle of them all */
    CHECK_OK(pt_lang_check(&module, &catalog, &diags, arena, &err));
    CHECK_INT(diags.errors, N);
    CHECK(strlen(diags.items[0].msg) < 300);
    pt_diags_free(&diags);
    pt_arena_free(arena);
}

/* 30,000 tags with a mistake each: all are reported; suggestions end before they cost more than the reading. */
TEST(lang_module__many_mistakes_are_all_reported)
{
    enum { N = 30000 };
    pt_arena *arena = pt_arena_new(0);
    pt_lang_tag *tags = PT_NEW_ARRAY(arena, pt_lang_tag, N);
    pt_catalog catalog = {lang_catalog.sources, lang_catalog.n_sources, tags, N, .history = false};
    pt_module *module;
    pt_diags diags;
    pt_err err;

    CHECK(tags);
    for (int i = 0; i < N; i++)
        tags[i] = (pt_lang_tag){.name = pt_arena_printf(arena, "the_tag_number_%d", i),
                                .value = PT_SV("the_tog_numbre_77"),
                                .place = place_of("the_tog_numbre_77", i)};
    pt_diags_init(&diags, arena);
    CHECK_OK(pt_lang_check(&module, &catalog, &diags, arena, &err));
    CHECK_INT(diags.errors, N);
    CHECK(diags.items[0].hint && strstr(diags.items[0].hint, "the_tag_number_77"));
    CHECK(!diags.items[N - 1].hint);
    pt_diags_free(&diags);
    pt_arena_free(arena);
}

/* Whether tag `from` reaches `to` by one use or more: the oracle for cycles, over all triples. */
static void close_over(bool reach[MOST_TAGS][MOST_TAGS], int n)
{
    for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                reach[i][j] |= reach[i][k] && reach[k][j];
}

TEST(lang_module__cycles_are_found_exactly_when_there_are_any)
{
    pt_rng rng;

    pt_rng_seed(&rng, 11);
    for (int round = 0; round < 300; round++) {
        bool reach[MOST_TAGS][MOST_TAGS] = {{false}}, cyclic = false;
        int n = 2 + (int)pt_rng_below(&rng, 12);
        project p;
        begin(&p);
        for (int i = 0; i < n; i++) {
            pt_str value = {0};
            pt_str_add(&value, "1");
            for (int j = 0; j < n; j++) {
                if (pt_rng_below(&rng, (uint64_t)n * 2) == 0) {
                    pt_str_addf(&value, " + t%d", j);
                    reach[i][j] = true;
                }
            }
            add(&p, pt_arena_printf(p.arena, "t%d", i), pt_arena_strdup(p.arena, pt_str_cstr(&value)), PT_TYPE_NONE);
            pt_str_free(&value);
        }
        check(&p);
        close_over(reach, n);
        for (int i = 0; i < n; i++)
            cyclic |= reach[i][i];
        CHECK_INT(p.diags.errors > 0, cyclic);
        for (size_t i = 0; i < p.diags.n; i++) {
            int tag = p.diags.items[i].place.line - 1;
            CHECK(p.diags.items[i].code == 306 && reach[tag][tag]);
        }
        end(&p);
    }
}

/* --- earlier versions ------------------------------------------------------------------------------------------------- */

static void printed(const project *p, const char *name, pt_str *out)
{
    pt_str_clear(out);
    for (size_t i = 0; i < p->catalog.n_tags; i++)
        if (strcmp(p->tags[i].name, name) == 0 && p->module->tags[i])
            pt_lang_print(out, p->module->tags[i], &p->catalog);
}

static pt_lang_version version(uint32_t number, const char *text)
{
    return (pt_lang_version){number, pt_sv_of(text), place_of(text, 90 + (int)number)};
}

TEST(lang_module__an_earlier_definition_stands_for_its_name)
{
    project p;
    pt_str text = {0};
    pt_lang_version before[] = {version(1, "sum(orders.amount)"), version(2, "late * 2")};

    begin(&p);
    add(&p, "gain", "value - value@v1 + value@v2 + value@v3", PT_TYPE_NONE);
    pt_lang_tag *value = add(&p, "value", "sum(orders.amount within 30d)", PT_TYPE_NONE);
    value->version = 3;
    value->previous = before;
    value->n_previous = 2;
    add(&p, "late", "max(orders.amount)", PT_TYPE_NONE);
    check(&p);
    CHECK_INT(p.diags.errors, 0);
    printed(&p, "gain", &text);
    CHECK_STR(pt_str_cstr(&text), "value - sum(orders.amount) + late * 2 + value");
    CHECK_INT(p.module->order[2], 0); /* after `late`, which it uses by way of value@v2 */
    pt_str_free(&text);
    end(&p);
}

TEST(lang_module__an_earlier_definition_may_close_a_circle)
{
    project p;
    pt_lang_version before[] = {version(1, "other + 1")};

    begin(&p);
    pt_lang_tag *value = add(&p, "value", "count(orders)", PT_TYPE_NONE);
    value->version = 2;
    value->previous = before;
    value->n_previous = 1;
    add(&p, "other", "value@v1", PT_TYPE_NONE);
    check(&p);
    CHECK_INT(p.diags.errors, 1);
    CHECK_INT(p.diags.items[0].code, 306);
    CHECK_INT(p.diags.items[0].place.line, 2);
    end(&p);
}

/* Told where it is written, once, though two tags name it; and a definition that names a version is told too. */
TEST(lang_module__a_wrong_earlier_definition_is_told_once)
{
    project p;
    pt_lang_version before[] = {version(1, "sum(orders.amout)"), version(2, "value@v1")};

    begin(&p);
    pt_lang_tag *value = add(&p, "value", "count(orders)", PT_TYPE_NONE);
    value->version = 3;
    value->previous = before;
    value->n_previous = 2;
    add(&p, "a", "value@v1", PT_TYPE_NONE);
    add(&p, "b", "value@v1 + value@v2", PT_TYPE_NONE);
    check(&p);
    CHECK_INT(p.diags.errors, 2);
    CHECK_INT(p.diags.items[0].code, 303);
    CHECK_INT(p.diags.items[0].place.line, 91);
    CHECK_INT(p.diags.items[1].code, 332);
    CHECK_INT(p.diags.items[1].place.line, 92);
    end(&p);
}

TEST(lang_module__upkeep_of_a_tag_becomes_part_of_its_tree)
{
    project p;
    pt_str text = {0};

    begin(&p);
    pt_lang_tag *tag = add(&p, "mood", "members.city", PT_TYPE_NONE);
    tag->ttl = 90 * PT_DAY;
    tag->keep = true;
    add(&p, "never", "3", PT_TYPE_NONE)->ttl = PT_DAY;
    tag = add(&p, "sure", "mood", PT_TYPE_NONE);
    tag->confidence = PT_SV("if(mood = 'x', 1, 0.5)");
    tag->confidence_place = place_of("", 7);
    tag = add(&p, "unsure", "mood", PT_TYPE_NONE);
    tag->confidence = PT_SV("mood");
    tag->confidence_place = place_of("mood", 8);
    check(&p);
    printed(&p, "mood", &text);
    CHECK_STR(pt_str_cstr(&text), "keep(fresh(last(members.city), 90d), 90d)");
    CHECK_INT(p.diags.errors, 2);
    CHECK_INT(p.diags.items[0].code, 331);
    CHECK_INT(p.diags.items[1].code, 319);
    CHECK_INT(p.diags.items[1].place.line, 8);
    CHECK(p.module->confidences[2] && p.module->confidences[2]->type == PT_TYPE_NUMBER);
    pt_str_free(&text);
    end(&p);
}
