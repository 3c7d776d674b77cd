#include "app/render.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/filter_int.h"
#include "app/item_names.h"
#include "base/money.h"

/* --- one value, typed --------------------------------------------------------------------------------------------- */

static int64_t i64_at(const pt_column *c, uint64_t row)
{
    return ((const int64_t *)c->data)[row];
}

static double number_at(const pt_column *c, uint64_t row)
{
    return ((const double *)c->data)[row];
}

static bool bool_at(const pt_column *c, uint64_t row)
{
    return ((const uint8_t *)c->data)[row] == 1;
}

static pt_sv text_at(const pt_column *c, uint64_t row)
{
    return pt_dict_text(c->dict, pt_column_code(c, row));
}

static size_t count_items(const pt_column *c, uint64_t row)
{
    return (size_t)(c->offsets[row + 1] - c->offsets[row]);
}

static pt_sv item_at(const pt_column *c, uint64_t row, size_t k)
{
    return text_at(c, c->offsets[row] + k);
}

static double weight_at(const pt_column *c, uint64_t row, size_t k)
{
    return c->weights[c->offsets[row] + k];
}

/* The canonical text of a plain value that is there: numbers, money, times, bool. `buf` holds 48 bytes. */
static const char *plain_text(char *buf, const pt_column *c, uint64_t row, const pt_zone *zone)
{
    switch (c->type) {
    case PT_TYPE_BOOL: return bool_at(c, row) ? "true" : "false";
    case PT_TYPE_NUMBER: buf[pt_format_double(buf, number_at(c, row))] = '\0'; return buf;
    case PT_TYPE_MONEY: buf[pt_money_format(buf, i64_at(c, row))] = '\0'; return buf;
    case PT_TYPE_DATE: return pt_date_format(buf, ((const int32_t *)c->data)[row]);
    case PT_TYPE_INSTANT: return pt_instant_format(buf, i64_at(c, row), zone);
    case PT_TYPE_DURATION: return pt_duration_format(buf, i64_at(c, row));
    default: return "";
    }
}

/* --- for people --------------------------------------------------------------------------------------------------- */

static bool names_tags(const pt_tag *t)
{
    const pt_model_kind *kind = t->model ? t->model->kind : NULL;

    return kind && kind->names_tags && strcmp(kind->names_tags, kind->outputs[t->model_output].name) == 0;
}

/* A tag that is no more is called what it was called. */
static pt_sv label_of_tag(const pt_render_style *style, pt_sv name)
{
    int tag = pt_project_find_tag(style->project, name);

    if (tag < 0)
        return name;
    return pt_sv_of(pt_label_text(&style->project->tags[tag].label, style->lang, style->project->tags[tag].name));
}

pt_sv pt_render_label(const pt_render_style *style, int tag, pt_sv text)
{
    const pt_tag *t = tag >= 0 ? &style->project->tags[tag] : NULL;

    for (size_t i = 0; t && i < t->n_tier_labels; i++)
        if (pt_sv_eq(pt_sv_of(t->tier_labels[i].name), text))
            return pt_sv_of(pt_label_text(&t->tier_labels[i].label, style->lang, t->tier_labels[i].name));
    if (t && names_tags(t))
        return label_of_tag(style, text);
    return t && style->items ? pt_item_name(style->items, t, text) : text;
}

/* "1234.50" with its thousands apart. */
static void add_grouped(pt_str *out, const char *digits)
{
    size_t len = strcspn(digits, ".");

    for (size_t i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            pt_str_addc(out, ',');
        pt_str_addc(out, digits[i]);
    }
    pt_str_add(out, digits + len);
}

/* At most four decimals: what an eye can take in. The exact value is in the JSON form. */
static void add_number(pt_str *out, double v)
{
    char digits[64];
    double size = fabs(v);

    if (size >= 1e15 || (size != 0 && size < 1e-4)) {
        digits[pt_format_double(digits, v)] = '\0';
        pt_str_add(out, digits);
        return;
    }
    snprintf(digits, sizeof digits, "%.*f", size < 1 ? 4 : 2, size);
    char *end = digits + strlen(digits);
    while (end[-1] == '0')
        end--;
    *(end[-1] == '.' ? end - 1 : end) = '\0';
    pt_str_add(out, v < 0 ? "-" : "");
    add_grouped(out, digits);
}

const char *pt_render_currency(const pt_render_style *style)
{
    const char *currency = style->project->currency;

    return strcmp(style->lang, "zh") == 0 && strcmp(currency, "CNY") == 0 ? "元" : currency;
}

/* To the cent, rounded half away from zero. */
static void add_money(pt_str *out, int64_t units, const char *currency)
{
    uint64_t cents = ((units < 0 ? -(uint64_t)units : (uint64_t)units) + 50) / 100;
    char digits[32];

    snprintf(digits, sizeof digits, "%" PRIu64 ".%02u", cents / 100, (unsigned)(cents % 100));
    pt_str_add(out, units < 0 && cents ? "-" : "");
    add_grouped(out, digits);
    pt_str_addf(out, " %s", currency);
}

/* "30d 12h" -> "30天 12小时". */
static void add_chinese_units(pt_str *out, const char *duration)
{
    static const char *const units[][2] = {{"d", "天"}, {"h", "小时"},  {"m", "分钟"},
                                           {"s", "秒"}, {"ms", "毫秒"}, {"us", "微秒"}};

    while (*duration) {
        size_t digits = strspn(duration, "-0123456789 "), letters = strspn(duration + digits, "dhmsu");
        pt_str_addn(out, duration, digits);
        for (size_t i = 0; i < PT_COUNT(units); i++)
            if (pt_sv_eq((pt_sv){duration + digits, letters}, pt_sv_of(units[i][0])))
                pt_str_add(out, units[i][1]);
        duration += digits + letters;
    }
}

bool pt_tag_is_percent(const pt_tag *tag)
{
    return strcmp(pt_label_text(&tag->unit, "en", ""), "percent") == 0;
}

/* A share as per cent, with one decimal: 0.1234 is 12.3%. */
static void add_percent(pt_str *out, double share)
{
    double tenths = round(share * 1000);
    char digits[64];

    snprintf(digits, sizeof digits, "%.1f", fabs(tenths) / 10);
    pt_str_add(out, tenths < 0 ? "-" : "");
    add_grouped(out, digits);
    pt_str_addc(out, '%');
}

/* To the second from a minute on, to the minute from a day on. */
static void add_duration(pt_str *out, int64_t d, bool zh)
{
    int64_t unit = llabs(d) >= PT_DAY ? PT_MINUTE : llabs(d) >= PT_MINUTE ? PT_SECOND : 1;
    char buf[48];

    if (zh)
        add_chinese_units(out, pt_duration_format(buf, d / unit * unit));
    else
        pt_str_add(out, pt_duration_format(buf, d / unit * unit));
}

static void add_items(pt_str *out, const pt_render_style *style, int tag, const pt_column *c, uint64_t row)
{
    for (size_t k = 0; k < count_items(c, row); k++) {
        if (k)
            pt_str_add(out, strcmp(style->lang, "zh") == 0 ? "、" : ", ");
        pt_str_addsv(out, pt_render_label(style, tag, item_at(c, row, k)));
        if (c->type == PT_TYPE_WEIGHTED) {
            pt_str_add(out, " (");
            add_number(out, weight_at(c, row, k));
            pt_str_addc(out, ')');
        }
    }
}

void pt_render_instant(pt_str *out, int64_t instant, const pt_zone *zone)
{
    pt_civil t;

    pt_zone_civil(&t, zone, instant);
    pt_str_addf(out, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day, t.hour, t.minute);
    if (t.second || t.micro)
        pt_str_addf(out, ":%02d", t.second);
}

/* The label that a project gives to a value that is no text: 4 -> Thursday. */
static bool add_value_label(pt_str *out, const pt_render_style *style, int tag, const pt_column *c, uint64_t row)
{
    char buf[48];
    pt_sv value, label;

    if (tag < 0 || !style->project->tags[tag].n_tier_labels || pt_type_is_text(c->type) || pt_type_is_list(c->type))
        return false;
    value = pt_sv_of(plain_text(buf, c, row, style->project->zone));
    label = pt_render_label(style, tag, value);
    if (label.ptr == value.ptr)
        return false;
    pt_str_addsv(out, label);
    return true;
}

void pt_render_moment(pt_str *out, int64_t instant, const pt_zone *zone, const char *lang)
{
    pt_civil t;

    if (strcmp(lang, "zh") != 0) {
        pt_render_instant(out, instant, zone);
        return;
    }
    pt_zone_civil(&t, zone, instant);
    pt_str_addf(out, "%d年%d月%d日 %02d:%02d", t.year, t.month, t.day, t.hour, t.minute);
    if (t.second || t.micro)
        pt_str_addf(out, ":%02d", t.second);
}

static void add_date(pt_str *out, int32_t date, bool zh)
{
    int32_t year, month, day;

    pt_date_to_civil(&year, &month, &day, date);
    pt_str_addf(out, zh ? "%d年%d月%d日" : "%04d-%02d-%02d", year, month, day);
}

void pt_render_text(pt_str *out, const pt_render_style *style, int tag, const pt_column *c, uint64_t row)
{
    bool zh = strcmp(style->lang, "zh") == 0;
    char buf[48];

    if (pt_column_missing(c, row) || add_value_label(out, style, tag, c, row))
        return;
    if (tag >= 0 && c->type == PT_TYPE_NUMBER && pt_tag_is_percent(&style->project->tags[tag])) {
        add_percent(out, number_at(c, row));
        return;
    }
    switch (c->type) {
    case PT_TYPE_BOOL: pt_str_add(out, bool_at(c, row) ? (zh ? "是" : "yes") : (zh ? "否" : "no")); break;
    case PT_TYPE_NUMBER: add_number(out, number_at(c, row)); break;
    case PT_TYPE_MONEY: add_money(out, i64_at(c, row), pt_render_currency(style)); break;
    case PT_TYPE_DATE: add_date(out, ((const int32_t *)c->data)[row], zh); break;
    case PT_TYPE_INSTANT: pt_render_moment(out, i64_at(c, row), style->project->zone, style->lang); break;
    case PT_TYPE_DURATION: add_duration(out, i64_at(c, row), zh); break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: pt_str_addsv(out, pt_render_label(style, tag, text_at(c, row))); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: add_items(out, style, tag, c, row); break;
    default: pt_str_add(out, plain_text(buf, c, row, style->project->zone)); break;
    }
}

void pt_render_figure(pt_str *out, const pt_render_style *style, uint32_t tag, double v)
{
    pt_type type = style->project->module->types[tag];
    double number = v;
    int64_t units = fabs(v) < 9e18 ? (int64_t)llround(v) : 0;
    int32_t date = fabs(v) < 2e9 ? (int32_t)lround(v) : 0;
    pt_column c = {.type = type, .width = 8, .data = type == PT_TYPE_DATE ? (void *)&date : (void *)&units};

    if (!isfinite(v))
        return;
    if (type == PT_TYPE_NUMBER)
        c.data = &number;
    pt_render_text(out, style, (int)tag, &c, 0);
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_items(pt_json *j, const pt_column *c, uint64_t row)
{
    pt_json_open(j, '[');
    for (size_t k = 0; k < count_items(c, row); k++) {
        if (c->type == PT_TYPE_LIST) {
            pt_json_text(j, item_at(c, row, k));
            continue;
        }
        pt_json_open(j, '{');
        pt_json_put_text(j, "value", item_at(c, row, k));
        pt_json_put_number(j, "weight", weight_at(c, row, k));
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

void pt_render_json(pt_json *j, const pt_column *c, uint64_t row, const pt_zone *zone)
{
    char buf[48];

    if (pt_column_missing(c, row)) {
        pt_json_null(j);
        return;
    }
    switch (c->type) {
    case PT_TYPE_BOOL:
    case PT_TYPE_NUMBER:
    case PT_TYPE_MONEY: pt_json_raw(j, pt_sv_of(plain_text(buf, c, row, zone))); break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: pt_json_text(j, text_at(c, row)); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: json_items(j, c, row); break;
    default: pt_json_cstr(j, plain_text(buf, c, row, zone)); break;
    }
}

/* --- for tables --------------------------------------------------------------------------------------------------- */

static void cell_items(pt_str *out, const pt_column *c, uint64_t row)
{
    char buf[48];

    for (size_t k = 0; k < count_items(c, row); k++) {
        pt_sv item = item_at(c, row, k);
        if (k)
            pt_str_addc(out, '|');
        for (size_t i = 0; i < item.len; i++) {
            if (item.ptr[i] == '|' || item.ptr[i] == '\\' || (item.ptr[i] == ':' && c->type == PT_TYPE_WEIGHTED))
                pt_str_addc(out, '\\');
            pt_str_addc(out, item.ptr[i]);
        }
        if (c->type != PT_TYPE_WEIGHTED)
            continue;
        pt_str_addc(out, ':');
        pt_str_addn(out, buf, pt_format_double(buf, weight_at(c, row, k)));
    }
}

void pt_render_cell(pt_str *out, const pt_column *c, uint64_t row, const pt_zone *zone)
{
    char buf[48];

    if (pt_column_missing(c, row))
        return;
    if (pt_type_is_text(c->type))
        pt_str_addsv(out, text_at(c, row));
    else if (pt_type_is_list(c->type))
        cell_items(out, c, row);
    else
        pt_str_add(out, plain_text(buf, c, row, zone));
}

/* --- for pipes ---------------------------------------------------------------------------------------------------- */

static char escape_of(char c, bool item)
{
    switch (c) {
    case '\t': return 't';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\\': return '\\';
    case '|':
    case ':': return item ? c : '\0';
    default: return '\0';
    }
}

static void tsv_text(pt_str *out, pt_sv text, bool item)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        char escape = escape_of(text.ptr[i], item);
        if (!escape)
            continue;
        pt_str_addn(out, text.ptr + from, i - from);
        pt_str_addc(out, '\\');
        pt_str_addc(out, escape);
        from = i + 1;
    }
    pt_str_addn(out, text.ptr + from, text.len - from);
}

void pt_rows_escape(pt_str *out, pt_sv text)
{
    tsv_text(out, text, false);
}

static void tsv_items(pt_str *out, const pt_column *c, uint64_t row)
{
    char buf[48];

    for (size_t k = 0; k < count_items(c, row); k++) {
        if (k)
            pt_str_addc(out, '|');
        pt_sv item = item_at(c, row, k);
        if (item.len)
            tsv_text(out, item, true);
        else
            pt_str_add(out, "\\e"); /* else a list of one empty text would read back as an empty list */
        if (c->type != PT_TYPE_WEIGHTED)
            continue;
        pt_str_addc(out, ':');
        pt_str_addn(out, buf, pt_format_double(buf, weight_at(c, row, k)));
    }
}

void pt_render_tsv(pt_str *out, const pt_column *c, uint64_t row, const pt_zone *zone)
{
    char buf[48];

    if (pt_column_missing(c, row))
        pt_str_add(out, "\\N");
    else if (pt_type_is_text(c->type))
        tsv_text(out, text_at(c, row), false);
    else if (pt_type_is_list(c->type))
        tsv_items(out, c, row);
    else
        pt_str_add(out, plain_text(buf, c, row, zone));
}
