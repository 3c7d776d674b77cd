/* The graph of what is made from what, and its picture. */
#include <string.h>

#include "app/deps_int.h"
#include "app/deps_layout.h"
#include "base/io.h"
#include "support/project.h"
#include "support/test.h"

static pt_err err;

/* --- names in SQL ------------------------------------------------------------------------------------------------- */

static void note_name(void *ctx, pt_sv qualifier, pt_sv name)
{
    pt_str_addf(ctx, "%.*s%s%.*s ", (int)qualifier.len, qualifier.ptr ? qualifier.ptr : "", qualifier.len ? "." : "",
                (int)name.len, name.ptr);
}

static void check_names(const char *sql, const char *want)
{
    pt_str got = {0};

    deps_each_name(pt_sv_of(sql), note_name, &got);
    CHECK_STR(pt_str_cstr(&got), want);
    pt_str_free(&got);
}

TEST(app_deps__finds_names_in_sql)
{
    check_names("price * quantity", "price quantity ");
    check_names("coalesce(mobile, \"Phone No\", 'text')", "mobile Phone No ");
    check_names("o.amount > 10 AND o.\"when\" IS NOT NULL", "o.amount o.when ");
    check_names("CASE WHEN 状态 = 'it''s' THEN 1.5e3 ELSE x_1 END -- comment y\n + z", "状态 x_1 z ");
    check_names("/* a */ b /* c", "b ");
    check_names(" date ", "date ");
    check_names("date '2020-01-01' < \"", "");
    check_names("", "");
}

/* --- the graph ---------------------------------------------------------------------------------------------------- */

static uint32_t node_of(const pt_deps *d, pt_dep_kind kind, const char *name)
{
    for (uint32_t i = 0; i < d->n_nodes; i++)
        if (d->nodes[i].kind == kind && strcmp(d->nodes[i].name, name) == 0)
            return i;
    test_fail(__FILE__, __LINE__, "no node '%s'", name);
}

static bool has_edge(const pt_deps *d, uint32_t from, uint32_t to)
{
    for (uint32_t k = d->out_begin[from]; k < d->out_begin[from + 1]; k++)
        if (d->out[k] == to)
            return true;
    return false;
}

static void check_edge(const pt_deps *d, pt_dep_kind from_kind, const char *from, pt_dep_kind to_kind, const char *to)
{
    if (!has_edge(d, node_of(d, from_kind, from), node_of(d, to_kind, to)))
        test_fail(__FILE__, __LINE__, "no edge from '%s' to '%s'", from, to);
}

static void load_shop(loaded *l)
{
    write_project_file("portrait.yaml", "name: shop\ncard: [tier]\n");
    write_project_file("sources/s.yaml",
                       "orders:\n  from: [data/a.csv, data/b.csv]\n  kind: event\n  time: date\n"
                       "  customer: {id: user_id}\n  columns:\n    sku: text\n    city: text\n"
                       "    amount: {type: money, from: price * quantity}\n"
                       "    category: {type: text, lookup: products.group by sku}\n"
                       "  clean:\n    - map city: {sh: 上海}\n    - drop when amount is missing\n"
                       "    - fill city: mode by category\n"
                       "  quality: [unique sku, expect amount > 0]\n"
                       "products: {from: data/p.csv, kind: reference, columns: {sku: text, group: text}}\n");
    write_project_file("tags/t.yaml", "spend: sum(orders.amount)\nhome: last(orders.city)\n"
                                      "tier: {tiers: {high: spend > 100, low: spend <= 100}}\n"
                                      "asked: {sql: 'SELECT customer, max(category) AS value FROM orders GROUP BY 1', "
                                      "type: text}\n");
    load_clean(l);
}

TEST(app_deps__knows_files_rules_columns_and_tags)
{
    loaded l;
    pt_deps *d;

    load_shop(&l);
    CHECK_OK(pt_deps_build(&d, l.project, l.arena, &err));
    check_edge(d, PT_DEP_FILE, "data/a.csv", PT_DEP_FILE_COLUMN, "orders:price");
    check_edge(d, PT_DEP_FILE, "data/b.csv", PT_DEP_FILE_COLUMN, "orders:price");
    check_edge(d, PT_DEP_FILE_COLUMN, "orders:price", PT_DEP_COLUMN, "orders.amount");
    check_edge(d, PT_DEP_FILE_COLUMN, "orders:quantity", PT_DEP_COLUMN, "orders.amount");
    check_edge(d, PT_DEP_FILE_COLUMN, "orders:date", PT_DEP_ROWS, "orders.time");
    check_edge(d, PT_DEP_FILE_COLUMN, "orders:user_id", PT_DEP_ROWS, "orders.time");
    check_edge(d, PT_DEP_COLUMN, "products.group", PT_DEP_COLUMN, "orders.category");
    check_edge(d, PT_DEP_COLUMN, "products.sku", PT_DEP_COLUMN, "orders.category");
    check_edge(d, PT_DEP_ROWS, "products.rows", PT_DEP_COLUMN, "orders.category");
    check_edge(d, PT_DEP_COLUMN, "orders.sku", PT_DEP_COLUMN, "orders.category");
    check_edge(d, PT_DEP_COLUMN, "orders.amount", PT_DEP_TAG, "spend");
    check_edge(d, PT_DEP_ROWS, "orders.time", PT_DEP_TAG, "spend");
    check_edge(d, PT_DEP_TAG, "spend", PT_DEP_TAG, "tier");
    check_edge(d, PT_DEP_TAG, "tier", PT_DEP_CARD, "card");
    check_edge(d, PT_DEP_COLUMN, "orders.category", PT_DEP_TAG, "asked");
    check_edge(d, PT_DEP_COLUMN, "orders.sku", PT_DEP_CHECK, "unique sku");
    check_edge(d, PT_DEP_COLUMN, "orders.amount", PT_DEP_CHECK, "expect amount > 0");
    const char *map = l.project->sources[0].clean[0].text, *drop = l.project->sources[0].clean[1].text;
    const char *fill = l.project->sources[0].clean[2].text;
    check_edge(d, PT_DEP_FILE_COLUMN, "orders:city", PT_DEP_RULE, map);
    check_edge(d, PT_DEP_RULE, map, PT_DEP_RULE, fill);
    check_edge(d, PT_DEP_RULE, fill, PT_DEP_COLUMN, "orders.city");
    check_edge(d, PT_DEP_RULE, drop, PT_DEP_ROWS, "orders.time");
    check_edge(d, PT_DEP_FILE_COLUMN, "orders:price", PT_DEP_RULE, drop);
    CHECK(!has_edge(d, node_of(d, PT_DEP_FILE_COLUMN, "orders:city"), node_of(d, PT_DEP_COLUMN, "orders.city")));
    unload(&l);
}

TEST(app_deps__asks_for_tags_columns_sources_files)
{
    loaded l;
    pt_deps_focus f;
    pt_deps *d;

    load_shop(&l);
    CHECK_OK(pt_deps_build(&d, l.project, l.arena, &err));
    CHECK_OK(pt_deps_find(&f, d, PT_SV("orders.amount"), l.arena, &err));
    CHECK(f.below[node_of(d, PT_DEP_TAG, "spend")] && f.below[node_of(d, PT_DEP_CARD, "card")]);
    CHECK(!f.below[node_of(d, PT_DEP_TAG, "home")] && f.above[node_of(d, PT_DEP_FILE, "data/b.csv")]);
    CHECK_OK(pt_deps_find(&f, d, PT_SV("products"), l.arena, &err));
    CHECK(f.below[node_of(d, PT_DEP_COLUMN, "orders.category")] && f.below[node_of(d, PT_DEP_TAG, "asked")]);
    CHECK_OK(pt_deps_find(&f, d, PT_SV("data/p.csv"), l.arena, &err));
    CHECK_INT(f.n_above, 0);
    CHECK(f.below[node_of(d, PT_DEP_TAG, "home")]); /* city is filled by category, which products give */
    CHECK_INT(pt_deps_find(&f, d, PT_SV("orders.amont"), l.arena, &err), PT_ENOTFOUND);
    CHECK_STR(err.hint, "did you mean 'orders.amount'?");
    unload(&l);
}

/* --- both directions ---------------------------------------------------------------------------------------------- */

static void check_inverse(const pt_deps *d)
{
    pt_arena *arena = pt_arena_new(0);
    pt_deps_focus *of = PT_NEW_ARRAY(arena, pt_deps_focus, d->n_nodes);
    size_t pairs = 0;

    for (uint32_t i = 0; i < d->n_nodes; i++)
        CHECK_OK(pt_deps_of(&of[i], d, i, arena, &err));
    for (uint32_t i = 0; i < d->n_nodes; i++) {
        for (uint32_t k = 0; k < d->n_nodes; k++) {
            if (of[i].above[k] != of[k].below[i])
                test_fail(__FILE__, __LINE__, "'%s' and '%s' do not agree", d->nodes[i].name, d->nodes[k].name);
            pairs += of[i].above[k];
        }
    }
    CHECK(pairs > d->n_nodes);
    pt_arena_free(arena);
}

TEST(app_deps__both_directions_are_inverse_over_the_retail_graph)
{
    pt_arena *arena = pt_arena_new(0);
    pt_project *p;
    pt_diags diags;
    pt_deps *d;

    pt_diags_init(&diags, arena);
    CHECK_OK(pt_project_load(&p, pt_path_join(arena, test_source_dir(), "examples/retail"), &diags, arena, &err));
    CHECK_INT(diags.errors, 0);
    CHECK_OK(pt_deps_build(&d, p, arena, &err));
    CHECK(d->n_nodes > p->n_tags + 20);
    check_inverse(d);
    pt_diags_free(&diags);
    pt_arena_free(arena);
}

/* --- the picture -------------------------------------------------------------------------------------------------- */

static void check_picture(const pt_deps *d, const pt_deps_focus *f, pt_arena *arena)
{
    double *widths = PT_NEW_ARRAY(arena, double, d->n_nodes);
    uint32_t in_layer[64] = {0}, there = 0, folded = 0, asked = 0;
    pt_layout l;

    for (uint32_t i = 0; i < d->n_nodes; i++)
        widths[i] = 100;
    CHECK_OK(pt_layout_make(&l, d, f, widths, 140, arena, &err));
    for (uint32_t a = 0; a < l.n_boxes; a++) {
        const pt_layout_box *x = &l.boxes[a];
        CHECK(x->x >= 0 && x->y >= 0 && x->x + x->width <= l.width && x->y + x->height <= l.height);
        for (uint32_t b = 0; b < a; b++)
            if (l.boxes[b].layer == x->layer)
                CHECK(l.boxes[b].y + l.boxes[b].height <= x->y + 1e-6 || x->y + x->height <= l.boxes[b].y + 1e-6);
        if (x->passes)
            continue;
        in_layer[x->layer]++;
        there += x->node >= 0;
        folded += x->folded;
        asked += x->node >= 0 && f->asked[x->node];
    }
    CHECK_INT(there + folded, f->n_asked + f->n_above + f->n_below);
    CHECK_INT(asked, f->n_asked);
    for (size_t i = 0; i < PT_COUNT(in_layer); i++)
        CHECK(in_layer[i] <= PT_LAYOUT_MOST_IN_LAYER + f->n_asked + PT_DEP_KIND_COUNT);
    for (uint32_t i = 0; i < l.n_lines; i++)
        CHECK_INT(l.boxes[l.lines[i].from].layer + 1, l.boxes[l.lines[i].to].layer);
}

TEST(app_deps_layout__three_hundred_tags_are_folded_and_nothing_overlaps)
{
    static const char *const asked[] = {"orders", "orders.amount", "t7", "sum_3", "data/o.csv"};
    pt_str tags = {0};
    loaded l;
    pt_deps *d;
    pt_deps_focus f;

    for (int i = 0; i < 300; i++)
        pt_str_addf(&tags, "t%d: sum(orders.amount within %dd)\n", i, i + 1);
    for (int i = 0; i < 40; i++)
        pt_str_addf(&tags, "sum_%d: t%d + t%d + t%d\n", i, i, i * 7, i * 3 + 100);
    write_project_file("portrait.yaml", "name: shop\ncard: [sum_3]\n");
    write_project_file("sources/s.yaml",
                       "orders: {from: data/o.csv, kind: event, time: at, customer: {id: id}, columns: "
                       "{amount: money}}\n");
    write_project_file("tags/t.yaml", pt_str_cstr(&tags));
    pt_str_free(&tags);
    load_clean(&l);
    CHECK_OK(pt_deps_build(&d, l.project, l.arena, &err));
    for (size_t i = 0; i < PT_COUNT(asked); i++) {
        CHECK_OK(pt_deps_find(&f, d, pt_sv_of(asked[i]), l.arena, &err));
        check_picture(d, &f, l.arena);
    }
    unload(&l);
}
