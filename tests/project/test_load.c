#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "support/project.h"
#include "support/test.h"

static const char config[] = "name: shop\ntime_zone: Asia/Shanghai\n";
static const char orders[] =
    "orders:\n  from: data/orders.csv\n  kind: event\n  time: at\n  customer: {user_id: user}\n"
    "  columns: {amount: money, sku: text, channel: category}\n";

static void write_shop(void)
{
    write_project_file("portrait.yaml", config);
    write_project_file("sources/orders.yaml", orders);
}

/* --- finding the project and its files ---------------------------------------------------------------------------- */

TEST(project_load__is_found_from_a_folder_inside)
{
    loaded l;

    write_shop();
    write_project_file("tags/deep/er/t.yaml", "n: count(orders)\n");
    load_project(&l, "tags/deep");
    CHECK_STR(l.project->name, "shop");
    CHECK_STR(tag_named(&l, "n")->group, "deep/er/t");
    CHECK(strcmp(l.project->root + strlen(l.project->root) - 4, "deep") != 0);
    unload(&l);
}

TEST(project_load__says_when_there_is_no_project)
{
    pt_arena *arena = pt_arena_new(0);
    pt_project *p;
    pt_diags diags;
    pt_err err = {0};

    pt_diags_init(&diags, arena);
    CHECK_INT(pt_project_load(&p, test_dir(), &diags, arena, &err), PT_ENOTFOUND);
    CHECK(strstr(err.msg, "portrait.yaml") && strstr(err.hint, "portrait init"));
    CHECK_INT(pt_project_load(&p, "/nowhere/at/all", &diags, arena, &err), PT_ENOTFOUND);
    CHECK(p == NULL);
    pt_diags_free(&diags);
    pt_arena_free(arena);
}

TEST(project_load__reads_yml_and_skips_hidden_and_other_files)
{
    loaded l;

    write_shop();
    write_project_file("tags/a.yml", "a: 1\n");
    write_project_file("tags/.#b.yaml", "a: 2\n");
    write_project_file("tags/c.yaml.orig", "a: 3\n");
    write_project_file("tags/README.md", "# a: 4\n");
    write_project_file("tags/.git/d.yaml", "a: 5\n");
    load_clean(&l);
    CHECK_INT(l.project->n_tags, 1);
    unload(&l);
}

TEST(project_load__a_link_in_a_circle_ends)
{
    char from[1024];
    loaded l;

    write_shop();
    write_project_file("tags/a.yaml", "a: 1\n");
    snprintf(from, sizeof from, "%s/tags/again", test_dir());
    CHECK_INT(symlink(".", from), 0);
    load_project(&l, NULL);
    CHECK(l.diags.errors > 0); /* the same tag again and again, said so and not for ever */
    unload(&l);
}

TEST(project_load__a_file_that_cannot_be_read_is_no_problem_of_its_content)
{
    pt_arena *arena = pt_arena_new(0);
    char path[1024];
    pt_project *p;
    pt_diags diags;
    pt_err err = {0};

    write_shop();
    snprintf(path, sizeof path, "%s/tags", test_dir());
    CHECK_OK(pt_mkdirs(path, &err));
    snprintf(path, sizeof path, "%s/tags/gone.yaml", test_dir());
    CHECK_INT(symlink("nowhere", path), 0);
    pt_diags_init(&diags, arena);
    CHECK_INT(pt_project_load(&p, test_dir(), &diags, arena, &err), PT_EIO);
    CHECK(strstr(err.msg, "tags/gone.yaml"));
    pt_diags_free(&diags);
    pt_arena_free(arena);
}

/* --- what comes out ----------------------------------------------------------------------------------------------- */

TEST(project_load__fills_in_the_defaults)
{
    char data_dir[1100];
    loaded l;

    write_project_file("portrait.yaml", "name: shop\n");
    load_project(&l, NULL);
    snprintf(data_dir, sizeof data_dir, "%s/portrait-data", l.project->root);
    CHECK_STR(l.project->zone_name, "UTC");
    CHECK_STR(pt_zone_name(l.project->zone), "UTC");
    CHECK_STR(l.project->locale, "en");
    CHECK_STR(l.project->currency, "USD");
    CHECK_STR(l.project->data_dir, data_dir);
    CHECK_INT(l.project->as_of_default, PT_AS_OF_NOW);
    CHECK_INT(l.project->min_group, 50);
    CHECK_INT(l.project->identity.max_component, 100);
    CHECK_INT(l.project->n_card, 0);
    unload(&l);
}

static void check_min_group(const char *text, size_t errors, uint32_t want)
{
    char file[256];
    loaded l;

    snprintf(file, sizeof file, "name: shop\nprivacy: %s\n", text);
    write_project_file("portrait.yaml", file);
    load_project(&l, NULL);
    CHECK_INT(l.diags.errors, errors);
    CHECK_INT(l.project->min_group, want);
    unload(&l);
}

TEST(project_load__the_smallest_group_has_a_floor)
{
    check_min_group("{min_group: 10}", 0, 10);
    check_min_group("{min_group: 200}", 0, 200);
    check_min_group("{}", 0, 50);
    check_min_group("{min_group: 9}", 1, 50);
    check_min_group("{min_group: -1}", 1, 50);
    check_min_group("{min_group: 99999999999999999999}", 1, 50);
    check_min_group("{min_group: [50]}", 1, 50);
    check_min_group("{groups: 50}", 1, 50);
    check_min_group("50", 1, 50);
}

static void check_as_of(const char *text, pt_as_of_default want, int64_t instant)
{
    char file[256];
    loaded l;

    snprintf(file, sizeof file, "name: shop\ntime_zone: Asia/Shanghai\nas_of: %s\n", text);
    write_project_file("portrait.yaml", file);
    load_project(&l, NULL);
    CHECK_INT(l.diags.errors, 0);
    CHECK_INT(l.project->as_of_default, want);
    CHECK_INT(l.project->as_of, instant);
    unload(&l);
}

TEST(project_load__as_of_is_a_word_a_day_or_an_instant)
{
    int64_t new_year = (int64_t)pt_date_from_civil(2018, 1, 1) * PT_DAY;

    check_as_of("now", PT_AS_OF_NOW, 0);
    check_as_of("last_event", PT_AS_OF_LAST_EVENT, 0);
    check_as_of("2018-01-01", PT_AS_OF_FIXED, new_year - 8 * PT_HOUR);
    check_as_of("2018-01-01T08:00", PT_AS_OF_FIXED, new_year);
    check_as_of("2018-01-01T00:00:00Z", PT_AS_OF_FIXED, new_year);
}

TEST(project_load__columns_come_from_files_expressions_and_lookups)
{
    loaded l;

    write_project_file("portrait.yaml", config);
    write_project_file(
        "sources/s.yaml",
        "orders:\n  from: [a.csv, b/*.csv]\n  kind: event\n  time: {column: at, format: '%d/%m/%Y', zone: UTC}\n"
        "  customer: {user_id: u, phone: coalesce(m, p)}\n  format: tsv\n  columns:\n"
        "    plain: text\n    renamed: {type: text, from: Name}\n"
        "    quoted: {type: text, from: '\"Unit Price\"'}\n    computed: {type: money, from: price * quantity}\n"
        "    looked_up: {lookup: products.brand by sku}\n"
        "    by_other: {type: text, lookup: products.brand by \"Item Code\" = code}\n"
        "products: {from: p.csv, kind: reference, columns: {sku: text, brand: category, code: text}}\n");
    load_clean(&l);
    const pt_source *s = source_named(&l, "orders");
    CHECK_INT(s->n_from, 2);
    CHECK_INT(s->format, PT_FORMAT_CSV);
    CHECK_STR(s->delimiter, "\t");
    CHECK_INT(s->header, -1);
    CHECK_STR(s->time, "at");
    CHECK_STR(s->time_format, "%d/%m/%Y");
    CHECK_STR(s->zone, "UTC");
    CHECK_STR(s->identifiers[1].column, "coalesce(m, p)");
    CHECK(column_named(s, "plain")->from == NULL);
    CHECK_STR(column_named(s, "renamed")->from, "Name");
    CHECK(!column_named(s, "renamed")->computed && !column_named(s, "quoted")->computed);
    CHECK_STR(column_named(s, "quoted")->from, "Unit Price");
    CHECK(column_named(s, "computed")->computed);
    const pt_source_column *c = column_named(s, "looked_up");
    CHECK_INT(c->type, PT_TYPE_CATEGORY);
    CHECK_STR(c->lookup.key, "sku");
    c = column_named(s, "by_other");
    CHECK_INT(c->type, PT_TYPE_TEXT);
    CHECK_STR(c->lookup.by, "Item Code");
    CHECK_STR(c->lookup.key, "code");
    unload(&l);
}

TEST(project_load__a_lookup_of_a_lookup_has_its_type)
{
    loaded l;

    write_project_file("portrait.yaml", config);
    write_project_file("sources/s.yaml",
                       "a: {from: a.csv, kind: record, customer: {u: u}, columns: {x: {lookup: b.x by k}}}\n"
                       "b: {from: b.csv, kind: reference, columns: {k: text, x: {lookup: c.y by k}}}\n"
                       "c: {from: c.csv, kind: reference, columns: {k: text, y: money}}\n");
    load_clean(&l);
    CHECK_INT(column_named(source_named(&l, "a"), "x")->type, PT_TYPE_MONEY);
    CHECK_INT(l.project->catalog.sources[0].columns[0].type, PT_TYPE_MONEY);
    unload(&l);
}

TEST(project_load__every_identifier_type_in_use_has_its_rules)
{
    loaded l;

    write_project_file("portrait.yaml", config);
    write_project_file("sources/s.yaml", "a: {from: a.csv, kind: link, customer: {phone: p, email: e}}\n"
                                         "b: {from: b.csv, kind: link, customer: {email: e, user_id: u}}\n");
    write_project_file("identity.yaml",
                       "types:\n  email: {priority: 7, limit: 3, normalize: email, blocked: ['*@test', x]}\n"
                       "max_component: 20\n");
    load_clean(&l);
    const pt_identity_config *c = &l.project->identity;
    CHECK_INT(c->n_types, 3);
    CHECK_STR(c->types[0].name, "email");
    CHECK_INT(c->types[0].priority, 7);
    CHECK_INT(c->types[0].limit, 3);
    CHECK_INT(c->types[0].n_blocked, 2);
    CHECK_STR(c->types[1].name, "phone");
    CHECK_INT(c->types[1].priority, 100);
    CHECK_STR(c->types[1].normalize, "trim");
    CHECK_STR(c->types[2].name, "user_id");
    CHECK_INT(c->max_component, 20);
    unload(&l);
}

TEST(project_load__origin_follows_from_what_a_tag_uses)
{
    loaded l;

    write_shop();
    write_project_file("sources/members.yaml",
                       "members: {from: m.csv, kind: record, customer: {user_id: u}, columns: {level: category}}\n");
    write_project_file(
        "tags/t.yaml",
        "uses_fact: upper(text(level))\nlevel: members.level\nn: count(orders)\nmixed: if(n > 1, text(level), 'no')\n"
        "tiered: {tiers: {a: n > 1}}\nchosen: {value: members.level, origin: survey}\nconstant: 1\n"
        "asked: {sql: SELECT 1, type: number}\nof_asked: asked + 1\n");
    load_clean(&l);
    CHECK_INT(tag_named(&l, "level")->origin, PT_ORIGIN_FACT);
    CHECK_INT(tag_named(&l, "uses_fact")->origin, PT_ORIGIN_FACT);
    CHECK_INT(tag_named(&l, "n")->origin, PT_ORIGIN_STATISTIC);
    CHECK_INT(tag_named(&l, "mixed")->origin, PT_ORIGIN_STATISTIC);
    CHECK_INT(tag_named(&l, "tiered")->origin, PT_ORIGIN_RULE);
    CHECK_INT(tag_named(&l, "chosen")->origin, PT_ORIGIN_SURVEY);
    CHECK_INT(tag_named(&l, "constant")->origin, PT_ORIGIN_STATISTIC);
    CHECK_INT(tag_named(&l, "asked")->origin, PT_ORIGIN_STATISTIC);
    CHECK(!tag_named(&l, "asked")->live && tag_named(&l, "of_asked")->live);
    unload(&l);
}

TEST(project_load__labels_fall_back_to_the_other_language_and_the_name)
{
    pt_label both = {"订单", "Orders"}, zh = {"订单", NULL}, none = {NULL, NULL};

    CHECK_STR(pt_label_text(&both, "zh", "n"), "订单");
    CHECK_STR(pt_label_text(&both, "en", "n"), "Orders");
    CHECK_STR(pt_label_text(&zh, "en", "n"), "订单");
    CHECK_STR(pt_label_text(&none, "zh", "n"), "n");
}

/* --- hashes ------------------------------------------------------------------------------------------------------- */

static pt_hash128 hash_with(const char *source, const char *identity, const char *zone)
{
    char file[256];
    loaded l;

    snprintf(file, sizeof file, "name: shop\ntime_zone: %s\n", zone);
    write_project_file("portrait.yaml", file);
    write_project_file("identity.yaml", identity);
    write_project_file("sources/orders.yaml", source);
    load_project(&l, NULL);
    CHECK_INT(l.diags.errors, 0);
    pt_hash128 hash = source_named(&l, "orders")->hash;
    unload(&l);
    return hash;
}

static bool same_hash(pt_hash128 a, pt_hash128 b)
{
    return a.lo == b.lo && a.hi == b.hi;
}

TEST(project_hash__of_a_source_changes_exactly_when_its_rows_may)
{
    static const char base[] =
        "orders: {from: a.csv, kind: event, time: at, customer: {user: u}, columns: {a: text, b: money}}\n";
    static const char *const other[] = {
        "orders: {from: b.csv, kind: event, time: at, customer: {user: u}, columns: {a: text, b: money}}\n",
        "orders: {from: a.csv, kind: record, time: at, customer: {user: u}, columns: {a: text, b: money}}\n",
        "orders: {from: a.csv, kind: event, time: it, customer: {user: u}, columns: {a: text, b: money}}\n",
        "orders: {from: a.csv, kind: event, time: {column: at, zone: UTC}, customer: {user: u}, columns: {a: text, b: "
        "money}}\n",
        "orders: {from: a.csv, kind: event, time: at, customer: {user: v}, columns: {a: text, b: money}}\n",
        "orders: {from: a.csv, kind: event, time: at, customer: {user: u}, columns: {b: money, a: text}}\n",
        "orders: {from: a.csv, kind: event, time: at, customer: {user: u}, columns: {a: category, b: money}}\n",
        "orders: {from: a.csv, kind: event, time: at, customer: {user: u}, columns: {a: text, b: {type: money, from: "
        "c}}}\n",
        "orders: {from: a.csv, kind: event, time: at, customer: {user: u}, columns: {a: {type: text, required: true}, "
        "b: money}}\n",
        "orders: {from: a.csv, kind: event, time: at, customer: {user: u}, columns: {a: text, b: money}, missing: "
        "'-'}\n",
        "orders: {from: a.csv, kind: event, time: at, customer: {user: u}, columns: {a: text, b: money}, header: "
        "false}\n",
    };
    pt_hash128 first = hash_with(base, "types: {}\n", "UTC");

    CHECK(same_hash(first, hash_with(base, "max_component: 50\n", "UTC")));
    CHECK(
        same_hash(first, hash_with("# a comment\norders:\n  columns:\n    a: {type: text, label: A}\n    b: 'money'\n"
                                   "  customer: {user: u}\n  time: at\n  label: 订单\n  kind: event\n  from: [a.csv]\n",
                                   "types: {user: {limit: 3, label: U}}\n", "UTC")));
    for (size_t i = 0; i < PT_COUNT(other); i++)
        if (same_hash(first, hash_with(other[i], "types: {}\n", "UTC")))
            test_fail(__FILE__, __LINE__, "this has the hash of another definition: %s", other[i]);
    CHECK(!same_hash(first, hash_with(base, "types: {}\n", "Asia/Shanghai")));
    CHECK(!same_hash(first, hash_with(base, "types: {user: {normalize: lower}}\n", "UTC")));
    CHECK(!same_hash(first, hash_with(base, "types: {user: {blocked: '0'}}\n", "UTC")));
}

static pt_hash128 tags_hash_with(const char *tags)
{
    loaded l;

    write_project_file("tags/t.yaml", tags);
    load_clean(&l);
    pt_hash128 hash = l.project->tags_hash;
    unload(&l);
    return hash;
}

TEST(project_hash__of_tags_changes_with_any_tag)
{
    write_shop();
    pt_hash128 first = tags_hash_with("a: count(orders)\nb: {tiers: {x: a > 1, y: a > 0}}\n");
    CHECK(
        same_hash(first, tags_hash_with("a: {value: count(orders)} # n\nb:\n  tiers:\n    x: a > 1\n    y: a > 0\n")));
    CHECK(!same_hash(first, tags_hash_with("a: count(orders)\nb: {tiers: {y: a > 0, x: a > 1}}\n")));
    CHECK(!same_hash(first, tags_hash_with("a: count(orders )\nb: {tiers: {x: a > 1, y: a > 0}}\n")));
    CHECK(!same_hash(first, tags_hash_with("a: {value: count(orders), label: A}\nb: {tiers: {x: a > 1, y: a > 0}}\n")));
    CHECK(!same_hash(first, tags_hash_with("a: count(orders)\n")));
}

/* --- limits ------------------------------------------------------------------------------------------------------- */

/* A file of `n` lines made by fmt, which takes the line's number. */
static void write_lines(const char *path, const char *fmt, int n) __attribute__((format(printf, 2, 0)));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void write_lines(const char *path, const char *fmt, int n)
{
    pt_str text = {0};

    for (int i = 0; i < n; i++)
        pt_str_addf(&text, fmt, i, i);
    CHECK(!text.failed);
    write_project_file(path, pt_str_cstr(&text));
    pt_str_free(&text);
}
#pragma GCC diagnostic pop

TEST(project_limits__twenty_thousand_tags_load)
{
    loaded l;

    write_shop();
    write_lines("tags/many.yaml", "t%d: {value: count(orders within 90d) + %d}\n", 20000);
    load_clean(&l);
    CHECK_INT(l.project->n_tags, 20000);
    unload(&l);
}

TEST(project_limits__a_large_file_and_too_many_values_are_refused)
{
    loaded l;

    write_shop();
    write_lines("tags/large.yaml",
                "t%d: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx %d'\n", 50000);
    write_lines("tags/many.yaml", "u%d: %d\n", 100001);
    load_project(&l, NULL);
    CHECK_INT(l.diags.errors, 2);
    CHECK(strstr(pt_str_cstr(&l.printed), "tags/large.yaml:1:1: error E0103: the file is too large"));
    CHECK(strstr(pt_str_cstr(&l.printed), "error E0103: the file holds too many values"));
    unload(&l);
}

/* An arena that may hand out no more is memory that is short: it must be said, wherever it happens. */
TEST(project_limits__short_of_memory_is_said_wherever_it_happens)
{
    size_t cap = 1, refused = 0;
    pt_rc rc = PT_ENOMEM;

    write_shop();
    write_project_file("identity.yaml", "types: {user_id: {blocked: ['0', x]}}\n");
    write_project_file(
        "sources/p.yaml",
        "products: {from: p.csv, kind: reference, columns: {sku: text}, encoding: gbk}\n"
        "r: {from: r.csv, kind: record, customer: {user_id: u}, columns: {s: {lookup: products.sku by s}}}\n");
    write_project_file("tags/t.yaml", "n: {value: \"count(orders\\n within 90d)\", labels: {a: A}}\n"
                                      "m: {tiers: {a: n > 1, b: n > 0}, label: {zh: 中, en: M}}\nwrong: {valeu: 1}\n");
    for (; rc == PT_ENOMEM; cap += 61) {
        pt_arena *arena = pt_arena_new(cap), *own = pt_arena_new(0);
        pt_project *p;
        pt_diags diags;
        pt_err err = {0};
        pt_diags_init(&diags, own);
        rc = pt_project_load(&p, test_dir(), &diags, arena, &err);
        refused += rc != PT_OK;
        CHECK((p == NULL) == (rc != PT_OK));
        CHECK(rc == PT_OK || err.msg[0]);
        pt_diags_free(&diags);
        pt_arena_free(arena);
        pt_arena_free(own);
    }
    CHECK_INT(rc, PT_OK);
    CHECK(refused > 100);
}

/* Each list is ten of the one before: nine levels would be a thousand million values. */
TEST(project_limits__aliases_that_multiply_cost_nothing)
{
    loaded l;

    write_shop();
    write_project_file("tags/t.yaml", "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                                      "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                                      "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
                                      "g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: &h [*g,*g,*g,*g,*g,*g,*g,*g,*g,*g]\n"
                                      "i: &i [*h,*h,*h,*h,*h,*h,*h,*h,*h,*h]\n");
    load_project(&l, NULL);
    CHECK(strstr(pt_str_cstr(&l.printed), "E0103"));
    CHECK(pt_arena_used(l.arena) < (size_t)1 << 20);
    unload(&l);
}
