/* The project as files, each line with why it is there. */
#include <math.h>
#include <strings.h>

#include "app/starter_int.h"
#include "base/io.h"

enum { MOST_LOOKED_UP = 4, MOST_OF_A_KIND = 3, MOST_LISTED = 8 };

typedef struct pen {
    starter *s;
    pt_str out;
} pen;

/* One of two texts, in the language of the project; both take the same arguments in the same order. */
#define SAY(p, english, chinese, ...) pt_str_addf(&(p)->out, (p)->s->zh ? (chinese) : (english), ##__VA_ARGS__)

static unsigned long long ull(uint64_t n)
{
    return n;
}

/* 'text', as YAML reads it back. */
static void add_quoted(pt_str *out, const char *text)
{
    pt_str_addc(out, '\'');
    for (; *text; text++) {
        pt_str_addc(out, *text);
        if (*text == '\'')
            pt_str_addc(out, '\'');
    }
    pt_str_addc(out, '\'');
}

/* A column of the file, whatever its name: '"Unit Price"'. */
static void add_file_column(pen *p, const starter_column *c)
{
    pt_str name = {0};

    pt_str_addf(&name, "\"%s\"", c->file_name);
    add_quoted(&p->out, pt_str_cstr(&name));
    p->out.failed |= name.failed;
    pt_str_free(&name);
}

/* --- sources --------------------------------------------------------------------------------------------------------------- */

static const char *kind_word(pt_source_kind kind)
{
    static const char *const words[] = {"record", "event", "reference", "link"};

    return words[kind];
}

static void write_about(pen *p, const starter_file *f)
{
    SAY(p, "# %s: %llu rows, %zu columns. All of this is guessed from the file: correct what is wrong.\n",
        "# %s：%llu 行，%zu 列。以下内容均由文件推测而来，请改正不对之处。\n", f->name, ull(f->rows), f->n_columns);
    if (f->kind == PT_SOURCE_EVENT)
        SAY(p, "# An event: a customer has several rows, each at a time.\n",
            "# 事件（event）：同一客户有多行，每行有发生时间。\n");
    else if (f->kind == PT_SOURCE_RECORD)
        SAY(p, "# A record: what is known of a customer; of several rows the last counts.\n",
            "# 记录（record）：描述客户本身；同一客户有多行时以最后一行为准。\n");
    else
        SAY(p, "# A reference: no column names a customer; others may look it up.\n",
            "# 参考表（reference）：没有标识客户的列，可供其他数据源查找。\n");
}

static void write_from(pen *p, const starter_file *f)
{
    pt_str_addf(&p->out, "%s:\n  from: ", f->name);
    add_quoted(&p->out, f->path);
    pt_str_addf(&p->out, "\n  kind: %s\n", kind_word(f->kind));
    if (f->sniffed.format == PT_FORMAT_CSV && !f->sniffed.header)
        SAY(p, "  header: false # the first row looks like data\n", "  header: false # 首行像是数据\n");
}

static void write_time(pen *p, const starter_file *f)
{
    if (f->time < 0 || f->kind == PT_SOURCE_REFERENCE)
        return;
    const starter_column *c = &f->columns[f->time];
    pt_str_add(&p->out, "  time: ");
    if (c->guess.format)
        pt_str_add(&p->out, "{column: ");
    add_file_column(p, c);
    if (c->guess.format) {
        pt_str_add(&p->out, ", format: ");
        add_quoted(&p->out, c->guess.format);
        pt_str_add(&p->out, "}");
    }
    SAY(p, " # when it happened\n", " # 发生时间\n");
}

/* The most that an expression may name. */
enum { MOST_NAMED = 16 };

/* The columns with the most different values come first. */
static const starter_column *next_most_varied(const starter_file *f, const starter_column *after)
{
    const starter_column *best = NULL;

    for (const starter_column *c = f->columns; c < f->columns + f->n_columns; c++) {
        bool later = !after || c->guess.distinct < after->guess.distinct ||
                     (c->guess.distinct == after->guess.distinct && c > after);
        if (later && (!best || c->guess.distinct > best->guess.distinct))
            best = c;
    }
    return best;
}

/* Nobody is named: each row is its own customer, told by its values. */
static void write_row_customer(pen *p, const starter_file *f)
{
    const starter_column *c = NULL;

    SAY(p,
        "  # No column seems to say who the customer is, so each different row is one. Name the right column if there "
        "is one.\n",
        "  # 没有找到标识客户的列，因此每个不同的行算作一个客户；如有客户标识列，请在此填写。\n");
    pt_str_add(&p->out, "  customer:\n    row: md5(concat_ws('|'");
    for (int i = 0; i < MOST_NAMED && (c = next_most_varied(f, c)); i++)
        pt_str_addf(&p->out, ", \"%s\"", c->name);
    pt_str_add(&p->out, "))\n");
}

static void write_customer(pen *p, const starter_file *f)
{
    if (f->kind == PT_SOURCE_REFERENCE)
        return;
    if (f->row_is_customer) {
        write_row_customer(p, f);
        return;
    }
    SAY(p, "  # Who: identifier type -> column. The same type in several sources makes their rows one customer's.\n",
        "  # 客户是谁：标识符类型 -> 列。多个数据源用同一类型时，相同的值属于同一客户。\n");
    pt_str_add(&p->out, "  customer:\n");
    for (size_t i = 0; i < f->n_columns; i++) {
        const starter_column *c = &f->columns[i];
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again ||
                    (f->columns[k].identifier && c->identifier && strcmp(f->columns[k].identifier, c->identifier) == 0);
        if (!c->identifier || again)
            continue;
        pt_str_addf(&p->out, "    %s: ", c->identifier);
        add_file_column(p, c);
        if (c->guess.filled < c->guess.rows)
            SAY(p, " # %llu of %llu rows have one", " # %llu / %llu 行有值", ull(c->guess.filled), ull(c->guess.rows));
        pt_str_addc(&p->out, '\n');
    }
}

static bool has_word(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static void write_missing(pen *p, const starter_file *f)
{
    const char *said[32];
    size_t n = 0;

    for (size_t i = 0; i < f->n_columns; i++)
        for (size_t k = 0; k < f->columns[i].guess.n_missing && n < PT_COUNT(said); k++)
            if (!has_word(said, n, f->columns[i].guess.missing[k]))
                said[n++] = f->columns[i].guess.missing[k];
    if (!n)
        return;
    pt_str_add(&p->out, "  missing: [");
    for (size_t i = 0; i < n; i++) {
        pt_str_add(&p->out, i ? ", " : "");
        add_quoted(&p->out, said[i]);
    }
    SAY(p, "] # these words mean that there is no value\n", "] # 这些词表示没有值\n");
}

static bool is_declared(const starter_file *f, size_t i)
{
    const starter_column *c = &f->columns[i];

    return (f->row_is_customer || !c->identifier) && (int)i != f->time && c->guess.filled > 0;
}

static void write_type(pen *p, const starter_column *c)
{
    bool same = strcmp(c->name, c->file_name) == 0, format = c->guess.format != NULL;

    pt_str_addf(&p->out, "    %s: ", c->name);
    if (same && !format && !c->personal) {
        pt_str_add(&p->out, pt_type_name(c->type));
        return;
    }
    pt_str_addf(&p->out, "{type: %s", pt_type_name(c->type));
    if (!same) {
        pt_str_add(&p->out, ", from: ");
        add_file_column(p, c);
    }
    if (format) {
        pt_str_add(&p->out, ", format: ");
        add_quoted(&p->out, c->guess.format);
    }
    if (c->personal)
        pt_str_addf(&p->out, ", sensitivity: %s", c->sensitive ? "sensitive" : "personal");
    pt_str_addc(&p->out, '}');
}

/* What made us think so, where it is not plain. */
static void write_reason(pen *p, const starter_file *f, size_t i)
{
    const starter_column *c = &f->columns[i];
    const pt_guessed *g = &c->guess;

    if ((int)i == f->key)
        SAY(p, " # every row has another: the key", " # 每行各不相同：主键");
    else if (g->misfits)
        SAY(p, " # %llu values are not, and go to quarantine", " # 有 %llu 个值不符，将被隔离", ull(g->misfits));
    else if (g->type == PT_TYPE_NUMBER && c->type == PT_TYPE_TEXT)
        SAY(p, " # digits, but its name says that it is a code", " # 虽为数字，但从名称看是编码");
    else if (c->type == PT_TYPE_TEXT && starter_is_called(c->file_name, "date birthday dob 日期 生日"))
        SAY(p, " # not one way of writing dates: `- convert` under clean: may read them (docs/cleaning.md)",
            " # 日期写法不一：可在 clean: 下用 convert 统一（docs/cleaning.md）");
    else if (c->type == PT_TYPE_CATEGORY)
        SAY(p, " # %llu different values", " # %llu 个不同的值", ull(g->distinct));
    else if (g->filled < g->rows)
        SAY(p, " # %.0f%% filled", " # %.0f%% 有值", floor(100 * (double)g->filled / (double)g->rows));
    pt_str_addc(&p->out, '\n');
}

static bool name_is_taken(const starter_file *f, const char *name)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (strcasecmp(f->columns[i].name, name) == 0)
            return true;
    return false;
}

static void write_lookups(pen *p, const starter_file *f)
{
    for (size_t r = 0; r < p->s->n_files; r++) {
        const starter_file *reference = &p->s->files[r];
        int by = starter_lookup(f, reference);
        size_t n = 0;
        for (size_t i = 0; by >= 0 && i < reference->n_columns && n < MOST_LOOKED_UP; i++) {
            const starter_column *c = &reference->columns[i];
            if ((int)i == reference->key || c->type != PT_TYPE_CATEGORY || !is_declared(reference, i) ||
                name_is_taken(f, c->name))
                continue;
            pt_str_addf(&p->out, "    %s: {type: category, lookup: %s.%s by %s}", c->name, reference->name, c->name,
                        f->columns[by].name);
            if (!n++)
                SAY(p, " # the key is in both files", " # 两个文件都有这个键");
            pt_str_addc(&p->out, '\n');
        }
    }
}

static void write_column(pen *p, const starter_file *f, size_t i)
{
    write_type(p, &f->columns[i]);
    write_reason(p, f, i);
}

static void write_columns(pen *p, const starter_file *f)
{
    SAY(p, "  # text is free, category is one of few values; money is exact to 1/10,000.\n",
        "  # text 为自由文本，category 为少数几种取值，money 精确到万分之一。\n");
    pt_str_add(&p->out, "  columns:\n");
    size_t mark = p->out.len;
    if (f->kind == PT_SOURCE_REFERENCE && f->key >= 0 && is_declared(f, (size_t)f->key))
        write_column(p, f, (size_t)f->key); /* the first column is what others look up by */
    for (size_t i = 0; i < f->n_columns; i++)
        if (is_declared(f, i) && (f->kind != PT_SOURCE_REFERENCE || (int)i != f->key))
            write_column(p, f, i);
    write_lookups(p, f);
    for (size_t i = 0; i < f->n_columns; i++)
        if (!f->columns[i].guess.filled)
            SAY(p, "    # %s: text # no row has a value\n", "    # %s: text # 所有行都没有值\n", f->columns[i].name);
    if (p->out.len == mark)
        SAY(p, "    {} # nothing but identifiers and the time\n", "    {} # 除标识符和时间外没有其他列\n");
}

/* --- rules ------------------------------------------------------------------------------------------------------------------ */

/* No mark that the text of a rule or YAML would read otherwise. */
static bool can_be_listed(const starter_column *c)
{
    for (size_t i = 0; i < c->n_values; i++)
        if (strpbrk(c->values[i], "\"\\\n") || has_word(c->guess.missing, c->guess.n_missing, c->values[i]))
            return false;
    return c->type == PT_TYPE_CATEGORY && c->n_values >= 2 && c->n_values <= MOST_LISTED;
}

static void write_list_rule(pen *p, const starter_column *c)
{
    pt_str rule = {0};

    pt_str_addf(&rule, "%s in [", c->name);
    for (size_t i = 0; i < c->n_values; i++)
        pt_str_addf(&rule, "%s\"%s\"", i ? ", " : "", c->values[i]);
    pt_str_addc(&rule, ']');
    pt_str_add(&p->out, "    - ");
    add_quoted(&p->out, pt_str_cstr(&rule));
    SAY(p, " # all there are so far\n", " # 目前出现的全部取值\n");
    p->out.failed |= rule.failed;
    pt_str_free(&rule);
}

static void write_column_rules(pen *p, const starter_file *f)
{
    size_t listed = 0, positive = 0, complete = 0;

    for (size_t i = 0; i < f->n_columns; i++) {
        const starter_column *c = &f->columns[i];
        bool amount = c->type == PT_TYPE_MONEY || (c->type == PT_TYPE_NUMBER && !c->guess.negative);
        if (!is_declared(f, i))
            continue;
        if ((int)i == f->key) {
            pt_str_addf(&p->out, "    - unique %s\n", c->name);
        } else if (can_be_listed(c) && listed < MOST_OF_A_KIND) {
            write_list_rule(p, c);
            listed++;
        } else if (amount && !c->guess.negative && positive < MOST_OF_A_KIND) {
            pt_str_addf(&p->out, "    - 'expect \"%s\" >= 0'", c->name);
            SAY(p, " # no value is below zero\n", " # 没有负值\n");
            positive++;
        } else if (c->guess.filled == c->guess.rows && complete < MOST_OF_A_KIND) {
            pt_str_addf(&p->out, "    - complete %s\n", c->name);
            complete++;
        }
    }
}

static void write_identifier_rules(pen *p, const starter_file *f)
{
    for (size_t i = 0; i < f->n_columns; i++) {
        const starter_column *c = &f->columns[i];
        const char *format = c->guess.phones >= 0.6 ? "phone_cn" : c->guess.emails >= 0.6 ? "email" : NULL;
        double share = c->guess.phones >= 0.6 ? c->guess.phones : c->guess.emails;
        if (c->identifier && format && strcmp(c->identifier, c->guess.phones >= 0.6 ? "phone" : "email") == 0 &&
            share >= 0.7)
            pt_str_addf(&p->out, "    - format %s %s >= %.2f\n", c->identifier, format, floor(share * 95) / 100);
    }
}

static void write_rules(pen *p, const starter_file *f)
{
    if (f->duplicates && f->kind != PT_SOURCE_REFERENCE && f->duplicates * 5 < f->rows && !f->row_is_customer) {
        pt_str_add(&p->out, "  clean:\n    - dedupe");
        SAY(p, " # %llu rows repeat another in every column\n", " # 有 %llu 行与另一行完全相同\n", ull(f->duplicates));
    }
    SAY(p, "  # What holds today. A rule that no longer holds is a warning; as 'error: RULE' it stops a build.\n",
        "  # 目前成立的规则。不再成立时会警告；写成“error: 规则”则停止构建。\n");
    pt_str_add(&p->out, "  quality:\n");
    pt_str_addf(&p->out, "    - rows >= %llu\n", ull(f->rows / 2));
    write_identifier_rules(p, f);
    write_column_rules(p, f);
}

static void write_source(pen *p, const starter_file *f)
{
    write_about(p, f);
    write_from(p, f);
    write_time(p, f);
    write_customer(p, f);
    write_missing(p, f);
    write_columns(p, f);
    write_rules(p, f);
}

/* --- tags ------------------------------------------------------------------------------------------------------------------- */

/* A tag of the name that is no source's and no earlier tag's. */
static void begin_tag(pen *p, const char **taken, size_t *n, const char *name)
{
    const char *free_one = name;

    for (int number = 2; has_word(taken, *n, free_one); number++)
        free_one = pt_arena_printf(p->s->arena, "%s_%d", name, number);
    taken[(*n)++] = free_one;
    pt_str_addf(&p->out, "%s:\n", free_one);
    p->s->n_tags++;
}

typedef struct tag_names {
    const char **taken;
    size_t n;
} tag_names;

static void write_tag(pen *p, tag_names *names, const char *name, const char *value, const char *zh, const char *en)
{
    if (!name || !value || !zh || !en) {
        p->out.failed = true;
        return;
    }
    begin_tag(p, names->taken, &names->n, name);
    pt_str_addf(&p->out, "  value: %s\n  label: {zh: ", value);
    add_quoted(&p->out, zh);
    pt_str_add(&p->out, ", en: ");
    add_quoted(&p->out, en);
    pt_str_add(&p->out, "}\n");
}

#define TEXT(p, ...) pt_arena_printf((p)->s->arena, __VA_ARGS__)

static void write_event_columns(pen *p, tag_names *names, const starter_file *f)
{
    size_t amounts = 0, words = 0;

    for (size_t i = 0; i < f->n_columns; i++) {
        const starter_column *c = &f->columns[i];
        if (!is_declared(f, i))
            continue;
        if ((c->type == PT_TYPE_MONEY || c->type == PT_TYPE_NUMBER) && amounts < MOST_OF_A_KIND) {
            amounts++;
            write_tag(p, names, TEXT(p, "%s_%s_total", f->name, c->name), TEXT(p, "sum(%s.%s)", f->name, c->name),
                      TEXT(p, "%s合计", c->name), TEXT(p, "Total of %s", c->name));
            write_tag(p, names, TEXT(p, "%s_%s_mean", f->name, c->name), TEXT(p, "avg(%s.%s)", f->name, c->name),
                      TEXT(p, "%s平均", c->name), TEXT(p, "Mean of %s", c->name));
        } else if (c->type == PT_TYPE_CATEGORY && words < MOST_OF_A_KIND) {
            words++;
            write_tag(p, names, TEXT(p, "%s_%s_usual", f->name, c->name), TEXT(p, "mode(%s.%s)", f->name, c->name),
                      TEXT(p, "最常见的%s", c->name), TEXT(p, "Most frequent %s", c->name));
        }
    }
}

static void write_life_cycle(pen *p, tag_names *names, const starter_file *f)
{
    const char *days = TEXT(p, "days_since(last(%s.time))", f->name);

    if (!days)
        return;
    SAY(p, "# The limits are a beginning: see `portrait tags` for how customers spread, then set your own.\n",
        "# 分界只是起点：用 portrait tags 看客户如何分布，再定自己的标准。\n");
    begin_tag(p, names->taken, &names->n, TEXT(p, "%s_life_cycle", f->name));
    pt_str_addf(&p->out, "  tiers:\n    active: %s <= 30\n    sleeping: %s <= 90\n    lost: %s > 90\n", days, days,
                days);
    pt_str_add(&p->out, "  label: {zh: 生命周期, en: Life cycle}\n  labels:\n    active: {zh: 活跃, en: Active}\n"
                        "    sleeping: {zh: 沉睡, en: Sleeping}\n    lost: {zh: 流失, en: Lost}\n");
}

static void write_event_tags(pen *p, tag_names *names, const starter_file *f)
{
    write_tag(p, names, TEXT(p, "%s_count", f->name), TEXT(p, "count(%s)", f->name), TEXT(p, "%s 次数", f->name),
              TEXT(p, "Number of %s", f->name));
    write_tag(p, names, TEXT(p, "%s_count_90d", f->name), TEXT(p, "count(%s within 90d)", f->name),
              TEXT(p, "近90天 %s 次数", f->name), TEXT(p, "Number of %s in 90 days", f->name));
    write_tag(p, names, TEXT(p, "%s_recency", f->name), TEXT(p, "days_since(last(%s.time))", f->name),
              TEXT(p, "距上次 %s 天数", f->name), TEXT(p, "Days since the last of %s", f->name));
    write_event_columns(p, names, f);
    write_life_cycle(p, names, f);
}

static void write_record_tags(pen *p, tag_names *names, const starter_file *f)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n_columns && n < 20; i++) {
        const starter_column *c = &f->columns[i];
        if (!is_declared(f, i) || c->type == PT_TYPE_TEXT || c->personal)
            continue;
        n++;
        write_tag(p, names, c->name, TEXT(p, "last(%s.%s)", f->name, c->name), c->name, c->name);
    }
    if (!n)
        write_tag(p, names, TEXT(p, "%s_rows", f->name), TEXT(p, "count(%s)", f->name), TEXT(p, "%s 行数", f->name),
                  TEXT(p, "Rows of %s", f->name));
}

static void write_tags(pen *p)
{
    starter *s = p->s;
    size_t most = s->n_files;

    for (size_t f = 0; f < s->n_files; f++)
        most += 16 + 2 * s->files[f].n_columns;
    tag_names names = {.taken = PT_NEW_ARRAY(s->arena, const char *, most)};
    if (!names.taken) {
        p->out.failed = true;
        return;
    }
    for (size_t f = 0; f < s->n_files; f++)
        names.taken[names.n++] = s->files[f].name;
    SAY(p, "# Tags to begin with: what can be said without knowing the business. docs/language.md is the language.\n",
        "# 起步标签：不了解业务也能得出的内容。语言见 docs/language.md。\n");
    for (size_t f = 0; f < s->n_files; f++) {
        if (s->files[f].kind == PT_SOURCE_EVENT)
            write_event_tags(p, &names, &s->files[f]);
        else if (s->files[f].kind == PT_SOURCE_RECORD)
            write_record_tags(p, &names, &s->files[f]);
    }
}

/* --- the project -------------------------------------------------------------------------------------------------------------- */

static void write_config(pen *p)
{
    const starter *s = p->s;
    bool events = false;

    for (size_t f = 0; f < s->n_files; f++)
        events = events || s->files[f].kind == PT_SOURCE_EVENT;
    SAY(p,
        "# Written by portrait init --from. Everything here is a guess to be corrected; docs/project-files.md says all "
        "there is.\n",
        "# 由 portrait init --from 生成。内容都是推测，请改正；全部写法见 docs/project-files.md。\n");
    pt_str_addf(&p->out, "name: %s\n", s->name);
    SAY(p, "time_zone: UTC # where days begin and end, and how times without an offset are read\n",
        "time_zone: Asia/Shanghai # 一天从何时算起，以及没有时区的时间如何理解\n");
    SAY(p, "locale: en\ncurrency: USD # of all money\n", "locale: zh\ncurrency: CNY # 所有金额的币种\n");
    if (events)
        SAY(p, "as_of: last_event # the data may be old: tags are computed as of the latest event\n",
            "as_of: last_event # 数据可能较旧：以最后一个事件的时刻为准计算标签\n");
    else
        SAY(p, "as_of: now\n", "as_of: now\n");
}

static void write_identifier(pen *p, const char *type, int priority)
{
    const char *normalize = strcmp(type, "phone") == 0 ? "phone_cn" : strcmp(type, "email") == 0 ? "email" : NULL;

    pt_str_addf(&p->out, "  %s: {priority: %d", type, priority);
    if (normalize)
        pt_str_addf(&p->out, ", normalize: %s, limit: 5", normalize);
    pt_str_addc(&p->out, '}');
    if (normalize)
        SAY(p, " # more than five of one customer are not believed", " # 一个客户超过五个则不采信");
    pt_str_addc(&p->out, '\n');
}

/* Phones and e-mails change hands: they come after what the business gave out itself. */
static void write_identity(pen *p)
{
    const char *said[64];
    size_t n = 0;

    SAY(p, "# Identifier types; 1 is the strongest. Blocked values (a shared test phone) identify nobody.\n",
        "# 标识符类型，1 最强。blocked 中的值（如共用的测试号码）不标识任何人。\n");
    pt_str_add(&p->out, "types:\n");
    for (size_t f = 0; f < p->s->n_files; f++) {
        const starter_file *file = &p->s->files[f];
        for (size_t i = 0; file->kind != PT_SOURCE_REFERENCE && !file->row_is_customer && i < file->n_columns; i++) {
            const char *type = file->columns[i].identifier;
            if (type && n < PT_COUNT(said) && !has_word(said, n, type)) {
                bool loose = strcmp(type, "phone") == 0 || strcmp(type, "email") == 0;
                write_identifier(p, type, (loose ? 20 : 1) + (int)n);
                said[n++] = type;
            }
        }
        if (file->row_is_customer && !has_word(said, n, "row") && n < PT_COUNT(said)) {
            pt_str_add(&p->out, "  row: {priority: 1}\n");
            said[n++] = "row";
        }
    }
}

/* --- files ---------------------------------------------------------------------------------------------------------------------- */

static const char *source_path(const starter *s, size_t f)
{
    return pt_arena_printf(s->arena, "%s/sources/%s.yaml", s->dir, s->files[f].name);
}

static pt_rc check_free(const char *path, pt_err *err)
{
    if (!path)
        return pt_fail_nomem(err, "the first project");
    if (!pt_is_file(path) && !pt_is_dir(path))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "%s is there already", path);
    return pt_err_hint(err, "nothing is overwritten: give another folder, or move the file away");
}

static pt_rc put(pen *p, const char *path, pt_err *err)
{
    pt_rc rc = path ? pt_str_check(&p->out, err) : pt_fail_nomem(err, "the first project");

    if (rc == PT_OK)
        rc = pt_write_file(path, p->out.ptr, p->out.len, err);
    pt_str_clear(&p->out);
    return rc;
}

static pt_rc write_all(pen *p, pt_err *err)
{
    starter *s = p->s;
    pt_arena *a = s->arena;

    PT_TRY(pt_mkdirs(TEXT(p, "%s/sources", s->dir), err));
    PT_TRY(pt_mkdirs(TEXT(p, "%s/tags", s->dir), err));
    for (size_t f = 0; f < s->n_files; f++) {
        write_source(p, &s->files[f]);
        PT_TRY(put(p, source_path(s, f), err));
    }
    write_identity(p);
    PT_TRY(put(p, pt_path_join(a, s->dir, "identity.yaml"), err));
    write_tags(p);
    PT_TRY(put(p, pt_path_join(a, s->dir, "tags/starter.yaml"), err));
    write_config(p);
    return put(p, pt_path_join(a, s->dir, "portrait.yaml"), err);
}

pt_rc starter_write(starter *s, pt_err *err)
{
    static const char *const names[] = {"portrait.yaml", "identity.yaml", "tags/starter.yaml"};
    pen p = {.s = s};

    for (size_t i = 0; i < PT_COUNT(names); i++)
        PT_TRY(check_free(pt_path_join(s->arena, s->dir, names[i]), err));
    for (size_t f = 0; f < s->n_files; f++)
        PT_TRY(check_free(source_path(s, f), err));
    pt_rc rc = write_all(&p, err);
    pt_str_free(&p.out);
    return rc;
}
