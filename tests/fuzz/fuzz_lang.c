/* Any bytes as an expression: an answer or problems, never both; what is accepted prints as text that reads as the
 * same tree. The bytes after a NUL, if any, are a second tag that the first may use, so that names and cycles are reached. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/diag.h"
#include "lang/lang.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const pt_lang_column order_columns[] = {
    {"amount", PT_TYPE_MONEY}, {"quantity", PT_TYPE_NUMBER}, {"category", PT_TYPE_CATEGORY}, {"channel", PT_TYPE_TEXT},
    {"paid", PT_TYPE_BOOL},    {"due", PT_TYPE_DATE},        {"shipped", PT_TYPE_INSTANT},   {"took", PT_TYPE_DURATION},
    {"labels", PT_TYPE_LIST},  {"weight", PT_TYPE_NUMBER},   {"unit price", PT_TYPE_MONEY},
};
static const pt_lang_column view_columns[] = {{"page", PT_TYPE_TEXT}};
static const pt_lang_column member_columns[] = {{"city", PT_TYPE_CATEGORY}, {"interests", PT_TYPE_LIST}};
static const pt_lang_source sources[] = {
    {"orders", PT_SOURCE_EVENT, order_columns, PT_COUNT(order_columns)},
    {"views", PT_SOURCE_EVENT, view_columns, PT_COUNT(view_columns)},
    {"members", PT_SOURCE_RECORD, member_columns, PT_COUNT(member_columns)},
    {"products", PT_SOURCE_REFERENCE, NULL, 0},
};

static pt_lang_tag tag_of(const char *name, pt_sv value)
{
    return (pt_lang_tag){.name = name, .value = value, .place = {.text = value, .line = 1, .col = 1, .length = 1}};
}

static void check_round_trip(const pt_module *m, const pt_node *n, pt_arena *arena)
{
    const pt_node *again;
    pt_str text = {0};
    pt_diags diags;
    pt_err err;

    pt_diags_init(&diags, arena);
    pt_lang_print(&text, n, m->catalog);
    PT_ASSERT(!text.failed);
    pt_place place = {.text = {text.ptr, text.len}, .line = 1, .col = 1, .length = 1};
    PT_ASSERT(pt_lang_expression(&again, m, place.text, place, n->type, &diags, arena, &err) == PT_OK);
    PT_ASSERT(again && diags.errors == 0 && pt_node_equal(n, again) && pt_node_hash(n) == pt_node_hash(again));
    pt_str_clear(&text);
    pt_lang_dump(&text, n, m->catalog);
    pt_str_free(&text);
    pt_diags_free(&diags);
}

static void check_tags(pt_sv first, pt_sv second, pt_arena *arena)
{
    const pt_lang_tag tags[] = {
        tag_of("a", first), tag_of("b", second), {.name = "score", .external = true, .type = PT_TYPE_NUMBER}};
    const pt_catalog catalog = {sources, PT_COUNT(sources), tags, PT_COUNT(tags), .history = true};
    pt_module *m;
    pt_diags diags;
    pt_uses uses;
    pt_str text = {0};
    pt_err err;

    pt_diags_init(&diags, arena);
    PT_ASSERT(pt_lang_check(&m, &catalog, &diags, arena, &err) == PT_OK);
    pt_diags_print(&diags, &text, false);
    PT_ASSERT((m->tags[0] && m->tags[1]) || diags.errors > 0);
    for (size_t i = 0; i < 2 && diags.errors == 0; i++) {
        check_round_trip(m, m->tags[i], arena);
        PT_ASSERT(pt_lang_uses(&uses, m->tags[i], arena, &err) == PT_OK);
    }
    pt_str_free(&text);
    pt_diags_free(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pt_arena *arena = pt_arena_new(0);
    const uint8_t *nul = size ? memchr(data, 0, size) : NULL;
    size_t n = nul ? (size_t)(nul - data) : size;
    pt_sv first = {(const char *)data, n}, second = nul ? (pt_sv){(const char *)nul + 1, size - n - 1} : PT_SV("1");

    PT_ASSERT(arena);
    check_tags(first, second, arena);
    pt_arena_free(arena);
    return 0;
}
