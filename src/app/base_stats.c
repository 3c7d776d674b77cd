#include "app/base_stats.h"

#include "app/filter_int.h"
#include "app/render.h"

static const char magic[] = "portrait base 1\n", as_of_word[] = "as_of\t", sum_word[] = "checksum\t";
enum { SUM_DIGITS = 32, SUM_TAIL = sizeof sum_word - 1 + SUM_DIGITS + 1 };

/* --- which are needed ------------------------------------------------------------------------------------------------ */

typedef struct needs {
    const pt_node **items;
    size_t n, most;
} needs;

static bool is_known(const needs *s, const pt_node *node)
{
    for (size_t i = 0; i < s->n; i++)
        if (pt_node_equal(s->items[i], node))
            return true;
    return false;
}

static pt_rc add_needs(needs *s, const pt_uses *uses, pt_arena *arena, pt_err *err)
{
    if (s->n + uses->n_bases > s->most) {
        size_t most = 2 * (s->n + uses->n_bases);
        const pt_node **items = PT_NEW_ARRAY(arena, const pt_node *, most);
        if (!items)
            return pt_fail_nomem(err, "the statistics of the base");
        memcpy(items, s->items, s->n * sizeof *items);
        s->items = items;
        s->most = most;
    }
    for (size_t i = 0; i < uses->n_bases; i++)
        if (!is_known(s, uses->bases[i]))
            s->items[s->n++] = uses->bases[i];
    return PT_OK;
}

/* Adds what one definition needs and marks the tags it uses. */
static pt_rc add_node(needs *s, bool *wanted, const pt_node *node, pt_arena *arena, pt_err *err)
{
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, arena, err));
    for (size_t i = 0; i < uses.n_tags; i++)
        wanted[uses.tags[i]] = true;
    return add_needs(s, &uses, arena, err);
}

/* Conditions name saved segments, which stand after the tags: what those need, each after all that use it. */
static pt_rc add_segments(needs *s, bool *wanted, const pt_project *p, pt_arena *arena, pt_err *err)
{
    for (size_t i = p->n_segments; i-- > 0;) {
        uint32_t segment = p->segment_order ? p->segment_order[i] : 0;
        const pt_node *rule = wanted[p->n_tags + segment] ? p->segments[segment].node : NULL;
        if (rule)
            PT_TRY(add_node(s, wanted, rule, arena, err));
    }
    return PT_OK;
}

/* Backwards through the module's order, a tag's turn comes after all that use it. */
pt_rc pt_base_needs(const pt_node *const **out, size_t *n, const pt_project *p, const uint32_t *tags, size_t n_tags,
                    const pt_node *node, pt_arena *arena, pt_err *err)
{
    needs s = {.items = PT_NEW_ARRAY(arena, const pt_node *, 8), .most = 8};
    bool *wanted = PT_NEW_ARRAY(arena, bool, p->n_tags + p->n_segments);

    if (!wanted || !s.items)
        return pt_fail_nomem(err, "the statistics of the base");
    for (size_t i = 0; i < n_tags; i++)
        wanted[tags[i]] = true;
    if (node)
        PT_TRY(add_node(&s, wanted, node, arena, err));
    PT_TRY(add_segments(&s, wanted, p, arena, err));
    for (size_t i = p->module->n_tags; i-- > 0;) {
        uint32_t tag = p->module->order[i];
        if (wanted[tag] && p->module->tags[tag])
            PT_TRY(add_node(&s, wanted, p->module->tags[tag], arena, err));
    }
    *out = s.items;
    *n = s.n;
    return PT_OK;
}

pt_rc pt_base_needs_of_all(const pt_node *const **out, size_t *n, const pt_project *p, pt_arena *arena, pt_err *err)
{
    return pt_base_needs(out, n, p, p->module->order, p->module->n_tags, NULL, arena, err);
}

/* --- the file -------------------------------------------------------------------------------------------------------- */

static void write_value(pt_str *out, const pt_base_value *v, const pt_project *p)
{
    pt_lang_print(out, v->node, &p->catalog);
    pt_str_addf(out, "\t%s\t", pt_type_name(v->node->type));
    pt_render_tsv(out, &v->value, 0, pt_zone_utc());
    pt_str_addc(out, '\n');
}

void pt_base_write(pt_str *out, const pt_base_set *set, const pt_project *p, int64_t as_of)
{
    char buf[64], hex[SUM_DIGITS + 1];
    size_t begin = out->len;

    pt_str_addf(out, "%s%s%s\n", magic, as_of_word, pt_instant_format(buf, as_of, pt_zone_utc()));
    for (size_t i = 0; i < set->n; i++)
        write_value(out, &set->items[i], p);
    pt_hash128_hex(hex, pt_hash128_of(pt_str_cstr(out) + begin, out->len - begin));
    pt_str_addf(out, "%s%s\n", sum_word, hex);
}

/* The part of *rest before `mark`, which is dropped; ptr NULL when there is no such mark. */
static pt_sv cut(pt_sv *rest, char mark)
{
    const char *at = rest->len ? memchr(rest->ptr, mark, rest->len) : NULL;
    pt_sv part = {NULL, 0};

    if (!at)
        return part;
    part = (pt_sv){rest->ptr, (size_t)(at - rest->ptr)};
    rest->ptr += part.len + 1;
    rest->len -= part.len + 1;
    return part;
}

static pt_rc not_a_base(pt_err *err)
{
    return pt_fail(err, PT_ECORRUPT, "the file is not statistics of a base as `portrait build` writes them");
}

/* *body: the lines between the head and the checksum. */
static pt_rc check_text(pt_sv *body, int64_t *as_of, pt_sv text, pt_err *err)
{
    size_t head = sizeof magic - 1, word = sizeof as_of_word - 1;
    char hex[SUM_DIGITS + 1];

    if (text.len < head + word + SUM_TAIL || memcmp(text.ptr, magic, head) != 0)
        return not_a_base(err);
    const char *sum = text.ptr + text.len - SUM_TAIL;
    pt_hash128_hex(hex, pt_hash128_of(text.ptr, text.len - SUM_TAIL));
    if (memcmp(sum, sum_word, sizeof sum_word - 1) != 0 || memcmp(sum + sizeof sum_word - 1, hex, SUM_DIGITS) != 0 ||
        text.ptr[text.len - 1] != '\n')
        return pt_fail(err, PT_ECORRUPT, "the statistics of the base do not have the checksum they end with");
    *body = (pt_sv){text.ptr + head, text.len - head - SUM_TAIL};
    pt_sv line = cut(body, '\n');
    if (line.len < word || memcmp(line.ptr, as_of_word, word) != 0 ||
        !pt_instant_parse(as_of, (pt_sv){line.ptr + word, line.len - word}, pt_zone_utc()))
        return not_a_base(err);
    return PT_OK;
}

/* The statistic a line is about; NULL when the project has no such. */
static pt_rc find_node(const pt_node **out, pt_sv name, pt_sv type, const pt_project *p, pt_arena *arena, pt_err *err)
{
    pt_diags problems;
    pt_place place = {.file = "base", .text = name, .line = 1, .col = 1, .length = 1};
    pt_type want;

    pt_diags_init(&problems, arena);
    pt_rc rc = pt_lang_expression(out, p->module, name, place, PT_TYPE_NONE, &problems, arena, err);
    pt_diags_free(&problems);
    if (rc == PT_OK && *out && ((*out)->kind != PT_NODE_BASE || !pt_type_parse(&want, type) || (*out)->type != want))
        *out = NULL;
    return rc;
}

static size_t count_of(pt_sv text, char c)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == c;
    return n;
}

/* The end of the item that begins the field: the next | that is not escaped. */
static size_t item_length(pt_sv field)
{
    size_t i = 0;

    while (i < field.len && field.ptr[i] != '|')
        i += field.ptr[i] == '\\' ? 2 : 1;
    return i < field.len ? i : field.len;
}

/* "tea:0.5": a text and its weight; the last : is the one between them, since one of the text is escaped. */
static bool read_item(pt_sv *text, double *weight, pt_sv item, pt_arena *arena, pt_str *room)
{
    const char *colon = item.len ? memrchr(item.ptr, ':', item.len) : NULL;

    if (!colon || !pt_rows_unescape(text, (pt_sv){item.ptr, (size_t)(colon - item.ptr)}, room) ||
        !pt_parse_double(weight, (pt_sv){colon + 1, item.len - (size_t)(colon + 1 - item.ptr)}))
        return false;
    text->ptr = pt_arena_strndup(arena, text->ptr, text->len);
    return text->ptr != NULL;
}

static pt_rc read_list(pt_column *out, pt_sv field, pt_arena *arena, pt_err *err)
{
    static const uint8_t absent = 1;
    size_t most = count_of(field, '|') + 1, n = 0;
    pt_sv *texts = PT_NEW_ARRAY(arena, pt_sv, most);
    double *weights = PT_NEW_ARRAY(arena, double, most);
    bool missing = pt_sv_eq(field, PT_SV("\\N")), ok = true;
    pt_str room = {0};

    if (!texts || !weights)
        return pt_fail_nomem(err, "the statistics of the base");
    while (field.len && !missing && ok) {
        size_t length = item_length(field), skip = length + (length < field.len);
        ok = read_item(&texts[n], &weights[n], (pt_sv){field.ptr, length}, arena, &room);
        n++;
        field = (pt_sv){field.ptr + skip, field.len - skip};
    }
    pt_str_free(&room);
    if (!ok)
        return not_a_base(err);
    PT_TRY(pt_base_list(out, texts, weights, n, arena, err));
    if (missing)
        out->absent = &absent;
    return PT_OK;
}

static pt_rc read_value(pt_column *out, pt_type type, pt_sv field, pt_arena *arena, pt_err *err)
{
    if (type == PT_TYPE_WEIGHTED)
        return read_list(out, field, arena, err);
    int64_t *data = PT_NEW(arena, int64_t);
    if (!data)
        return pt_fail_nomem(err, "the statistics of the base");
    *out = (pt_column){.type = type, .width = (uint8_t)pt_type_width(type), .data = data};
    return pt_rows_parse(data, type, field, pt_zone_utc()) ? PT_OK : not_a_base(err);
}

pt_rc pt_base_read(pt_base_file *out, pt_sv text, const pt_project *p, pt_arena *arena, pt_err *err)
{
    pt_base_value *items;
    pt_sv body = {NULL, 0}, line;

    *out = (pt_base_file){.as_of = PT_I64_MISSING};
    if (!text.len)
        return PT_OK;
    PT_TRY(check_text(&body, &out->as_of, text, err));
    if (!(items = PT_NEW_ARRAY(arena, pt_base_value, count_of(body, '\n'))))
        return pt_fail_nomem(err, "the statistics of the base");
    out->set.items = items;
    while ((line = cut(&body, '\n')).ptr) {
        pt_base_value *v = &items[out->set.n];
        pt_sv name = cut(&line, '\t'), type = cut(&line, '\t');
        if (!name.ptr || !type.ptr)
            return not_a_base(err);
        PT_TRY(find_node(&v->node, name, type, p, arena, err));
        if (!v->node)
            continue;
        PT_TRY(read_value(&v->value, v->node->type, line, arena, err));
        out->set.n++;
    }
    return PT_OK;
}
