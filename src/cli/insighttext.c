#include "cli/insighttext.h"

#include <math.h>
#include <stdlib.h>

enum { SIDE_CELLS = 8, CELLS_OF_DOUBLING = 3, MOST_VALUES = 4, MOST_TAGS = 5 };
static const double SIGNIFICANT = 0.05, STRICTLY = 0.001;

/* --- figures ---------------------------------------------------------------------------------------------------------------- */

/* Bounds of ranges are round: "4,000", "0.50". */
static const char *plain_money(pt_cli *cli, double units)
{
    double amount = units / (double)PT_MONEY_UNIT;
    char count[32];

    if (amount < 0 || fabs(amount - round(amount)) >= 0.005 || amount > 1e15)
        return pt_arena_printf(cli->arena, "%.2f", amount);
    return pt_arena_strdup(cli->arena, pt_format_count(count, (uint64_t)llround(amount)));
}

/* "350 .. 4,000 USD" */
static const char *money_range(pt_cli *cli, const pt_render_style *style, const pt_insight_value *v)
{
    const char *currency = pt_render_currency(style);
    const char *low = plain_money(cli, v->low), *high = plain_money(cli, v->high);

    if (v->low == v->high)
        return pt_arena_printf(cli->arena, "%s %s", low, currency);
    if (isinf(v->low))
        return pt_arena_printf(cli->arena, "< %s %s", high, currency);
    return isinf(v->high) ? pt_arena_printf(cli->arena, ">= %s %s", low, currency)
                          : pt_arena_printf(cli->arena, "%s .. %s %s", low, high, currency);
}

const char *pt_insight_value_text(pt_cli *cli, const pt_project *p, uint32_t tag, const pt_insight_value *v)
{
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};
    pt_bar bar = {.text = v->text, .low = v->low, .high = v->high};
    const char *title =
        p->module->types[tag] == PT_TYPE_MONEY ? money_range(cli, &style, v) : pt_cli_bar_title(cli, &style, tag, &bar);

    if (p->module->types[tag] == PT_TYPE_BOOL && pt_sv_eq(v->text, pt_sv_of(title)))
        return pt_cli_text(cli, v->from == 2 ? PT_TEXT_INSIGHT_YES : PT_TEXT_INSIGHT_NO);
    return title;
}

const char *pt_insight_share_text(const pt_cli *cli, double share)
{
    if (isnan(share))
        return "";
    return pt_arena_printf(cli->arena, share > 0 && share < 0.001 ? "%.2f%%" : "%.1f%%", 100 * share);
}

const char *pt_insight_tgi_text(const pt_cli *cli, double tgi)
{
    if (isnan(tgi))
        return "";
    return isinf(tgi) ? pt_cli_text(cli, PT_TEXT_INSIGHT_ONLY_HERE) : pt_arena_printf(cli->arena, "%.0f", tgi);
}

const char *pt_insight_bar(pt_cli *cli, double tgi)
{
    pt_str bar = {0};

    if (!cli->width || isnan(tgi))
        return "";
    double cells = tgi > 0 ? CELLS_OF_DOUBLING * log2(tgi / 100) : -SIDE_CELLS;
    int n = (int)lround(fmax(-SIDE_CELLS, fmin(SIDE_CELLS, cells)));
    for (int i = -SIDE_CELLS; i < 0; i++)
        pt_str_add(&bar, i >= n ? "█" : " ");
    pt_str_add(&bar, "│");
    for (int i = 0; i < n; i++)
        pt_str_add(&bar, "█");
    return pt_cli_keep(cli, &bar);
}

static const char *mark(const pt_contrast *c)
{
    return c->q < STRICTLY ? "**" : c->q < SIGNIFICANT ? "*" : "";
}

static const char *bold(const pt_cli *cli, bool on)
{
    return !cli->color ? "" : on ? "\033[1m" : "\033[0m";
}

static void print_title(pt_cli *cli, const char *text)
{
    pt_str_addf(&cli->out, "\n%s%s%s\n", bold(cli, true), text, bold(cli, false));
}

/* --- head and headline ------------------------------------------------------------------------------------------------------ */

/* What a saved segment is called; "" of any other condition. */
static const char *segment_label(const pt_cli *cli, const pt_project *p, const char *condition)
{
    for (size_t i = 0; i < p->n_segments; i++)
        if (strcmp(p->segments[i].name, condition) == 0)
            return pt_label_text(&p->segments[i].label, pt_lang_code(cli->lang), "");
    return "";
}

static void print_head(pt_cli *cli, const pt_project *p, const pt_insight *x)
{
    const char *label = segment_label(cli, p, x->text);
    char members[32], customers[32], base[32];

    pt_str_addf(&cli->out, "%s%s%s%s%s\n", bold(cli, true), x->text[0] ? x->text : pt_cli_text(cli, PT_TEXT_COUNT_ALL),
                bold(cli, false), *label ? "  " : "", label);
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, x->as_of));
    double share = x->customers ? 100.0 * (double)x->members / (double)x->customers : 0;
    PT_CLI_SAY(cli, COUNT_RESULT, pt_format_count(members, x->members), pt_format_count(customers, x->customers),
               pt_arena_printf(cli->arena, "%.1f", share));
    if (x->versus)
        PT_CLI_SAY(cli, INSIGHT_VERSUS, pt_format_count(base, x->base), x->vs_text);
}

static const pt_insight_value *value_at(const pt_insight *x, const pt_insight_line *l)
{
    return &x->tags[l->tag].values[l->value];
}

static const char *line_text(pt_cli *cli, const pt_project *p, const pt_insight *x, const pt_insight_line *l)
{
    uint32_t tag = x->tags[l->tag].tag;

    return pt_arena_printf(cli->arena, cli->lang == PT_ZH ? "%s：%s" : "%s: %s", pt_cli_tag_label(cli, p, tag),
                           pt_insight_value_text(cli, p, tag, value_at(x, l)));
}

/* "nearly the same customers: Percentile of spend: >= 90 (82.7%, TGI 820)" */
static void print_same(pt_cli *cli, const pt_project *p, const pt_insight *x)
{
    pt_str text = {0};

    for (size_t i = 0; i < x->n_same; i++) {
        pt_str_add(&text, i ? (cli->lang == PT_ZH ? "；" : "; ") : "");
        pt_str_add(&text, line_text(cli, p, x, &x->same[i]));
    }
    if (text.len) {
        pt_str_add(&cli->out, "  ");
        PT_CLI_SAY(cli, INSIGHT_SAME, pt_str_cstr(&text));
    }
    pt_str_free(&text);
}

static void print_headline(pt_cli *cli, const pt_project *p, const pt_insight *x)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    const char *header[] = {"", pt_cli_text(cli, PT_TEXT_INSIGHT_THEM),
                            pt_cli_text(cli, x->versus ? PT_TEXT_INSIGHT_OTHERS : PT_TEXT_INSIGHT_BASE), "TGI", ""};
    pt_table t;

    print_title(cli, pt_cli_text(cli, PT_TEXT_INSIGHT_HEADLINE));
    if (x->n_headline == 0) {
        pt_str_addf(&cli->out, "  %s\n", pt_cli_text(cli, PT_TEXT_INSIGHT_NOTHING));
        return;
    }
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < x->n_headline; i++) {
        const pt_contrast *c = &value_at(x, &x->headline[i])->contrast;
        pt_table_row(&t,
                     (const char *const[]){line_text(cli, p, x, &x->headline[i]), pt_insight_share_text(cli, c->share),
                                           pt_insight_share_text(cli, c->base_share), pt_insight_tgi_text(cli, c->tgi),
                                           pt_insight_bar(cli, c->tgi)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    print_same(cli, p, x);
}

static void print_together(pt_cli *cli, const pt_project *p, const pt_insight *x)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *header[] = {"",
                            pt_cli_text(cli, PT_TEXT_INSIGHT_THEM),
                            pt_cli_text(cli, x->versus ? PT_TEXT_INSIGHT_OTHERS : PT_TEXT_INSIGHT_BASE),
                            "TGI",
                            pt_cli_text(cli, PT_TEXT_INSIGHT_ALONE),
                            pt_cli_text(cli, PT_TEXT_INSIGHT_EXPECTED)};
    pt_table t;

    if (x->n_together == 0)
        return;
    print_title(cli, pt_cli_text(cli, PT_TEXT_INSIGHT_TOGETHER));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < x->n_together; i++) {
        const pt_insight_pair *pair = &x->together[i];
        const char *both =
            pt_arena_printf(cli->arena, "%s + %s", line_text(cli, p, x, &pair->a), line_text(cli, p, x, &pair->b));
        const char *alone = pt_arena_printf(cli->arena, "%s, %s", pt_insight_tgi_text(cli, pair->a_tgi),
                                            pt_insight_tgi_text(cli, pair->b_tgi));
        pt_table_row(&t, (const char *const[]){both, pt_insight_share_text(cli, pair->contrast.share),
                                               pt_insight_share_text(cli, pair->contrast.base_share),
                                               pt_insight_tgi_text(cli, pair->contrast.tgi), alone,
                                               pt_insight_tgi_text(cli, pair->expected)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

/* --- tags ------------------------------------------------------------------------------------------------------------------- */

/* What a value tells a reader: what is common more than what is lacking, and of a yes or no only the yes. */
static double worth(const pt_project *p, const pt_insight_tag *t, const pt_insight_value *v)
{
    bool opposite = p->module->types[t->tag] == PT_TYPE_BOOL && v->from == 1;

    if (opposite || !(v->contrast.q < SIGNIFICANT) || fabs(v->information) < PT_INSIGHT_WORTH_A_LINE)
        return 0;
    return v->information > 0 ? v->information : -v->information / 2;
}

/* Which values of a tag are printed: all, or the few that are worth most. */
static size_t choose_values(bool *chosen, const pt_project *p, const pt_insight_tag *t, bool all)
{
    size_t n = 0;

    for (size_t v = 0; v < t->n_values; v++)
        chosen[v] = all;
    for (; !all && n < MOST_VALUES; n++) {
        size_t best = t->n_values;
        double most = 0;
        for (size_t v = 0; v < t->n_values; v++) {
            double w = chosen[v] ? 0 : worth(p, t, &t->values[v]);
            if (w > most) {
                most = w;
                best = v;
            }
        }
        if (best == t->n_values)
            break;
        chosen[best] = true;
    }
    return all ? t->n_values : n;
}

static const char *figure(pt_cli *cli, const pt_project *p, uint32_t tag, double v)
{
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};

    return isnan(v) ? "-" : pt_cli_figure(cli, &style, tag, v);
}

/* By Cliff's delta, at the bounds of Romano et al. (2006): they are those of d for normal data, and outliers do not matter. */
static pt_text size_of_effect(double delta)
{
    double size = fabs(delta);

    return size < 0.147   ? PT_TEXT_INSIGHT_TINY
           : size < 0.33  ? PT_TEXT_INSIGHT_SMALL
           : size < 0.474 ? PT_TEXT_INSIGHT_MIDDLING
                          : PT_TEXT_INSIGHT_LARGE;
}

/* "median 310 (all: 120), mean 402.5 (all: 198.3); difference: large (delta +0.45, d +0.85)" */
static void print_figures(pt_cli *cli, const pt_project *p, const pt_insight *x, const pt_insight_tag *t)
{
    const pt_insight_figures *s = &t->segment, *b = &t->base;
    const char *figures[] = {figure(cli, p, t->tag, s->median), figure(cli, p, t->tag, b->median),
                             figure(cli, p, t->tag, s->mean), figure(cli, p, t->tag, b->mean)};

    if (isnan(s->mean))
        return;
    pt_str_addc(&cli->out, ' ');
    if (x->everybody)
        PT_CLI_SAY(cli, INSIGHT_FIGURES_ALONE, figures[0], figures[2]);
    else
        pt_say(&cli->out, cli->lang, x->versus ? PT_TEXT_INSIGHT_FIGURES_VERSUS : PT_TEXT_INSIGHT_FIGURES, figures,
               PT_COUNT(figures));
    if (!isnan(t->effect.d))
        PT_CLI_SAY(cli, INSIGHT_EFFECT, pt_cli_text(cli, size_of_effect(t->effect.delta)),
                   pt_arena_printf(cli->arena, "%+.2f", t->effect.delta),
                   pt_arena_printf(cli->arena, "%+.2f", t->effect.d));
}

static void print_quantiles(pt_cli *cli, const pt_project *p, const pt_insight_tag *t)
{
    const pt_insight_figures *f = &t->segment;

    if (isnan(f->median))
        return;
    if (isnan(f->p5))
        PT_CLI_SAY(cli, INSIGHT_QUARTILES, figure(cli, p, t->tag, f->p25), figure(cli, p, t->tag, f->median),
                   figure(cli, p, t->tag, f->p75));
    else
        PT_CLI_SAY(cli, INSIGHT_QUANTILES, figure(cli, p, t->tag, f->p5), figure(cli, p, t->tag, f->p25),
                   figure(cli, p, t->tag, f->median), figure(cli, p, t->tag, f->p75), figure(cli, p, t->tag, f->p95));
}

static void print_value(pt_cli *cli, pt_table *t, const char *title, const pt_contrast *c, bool judged)
{
    char count[32];
    const char *range = isnan(c->low) ? "" : pt_arena_printf(cli->arena, "%.0f-%.0f", c->low, c->high);

    pt_table_row(t, (const char *const[]){title, pt_format_count(count, c->with), pt_insight_share_text(cli, c->share),
                                          pt_insight_share_text(cli, c->base_share), pt_insight_tgi_text(cli, c->tgi),
                                          pt_insight_bar(cli, c->tgi), judged ? range : "", judged ? mark(c) : ""});
}

static void print_tag(pt_cli *cli, const pt_project *p, const pt_insight *x, const pt_insight_tag *t,
                      const bool *chosen, bool all)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_LEFT, PT_RIGHT, PT_LEFT};
    pt_table table;

    pt_str_addf(&cli->out, "  %s%s%s", bold(cli, true), pt_cli_tag_label(cli, p, t->tag), bold(cli, false));
    if (t->definition)
        pt_str_addf(&cli->out, " %s", pt_cli_text(cli, PT_TEXT_INSIGHT_DEFINITION));
    if (t->ordered)
        print_figures(cli, p, x, t);
    pt_str_addc(&cli->out, '\n');
    if (all && t->ordered)
        print_quantiles(cli, p, t);
    pt_table_init(&table, cli->arena, PT_COUNT(align), align, NULL);
    for (size_t v = 0; v < t->n_values; v++)
        if (chosen[v])
            print_value(cli, &table, pt_insight_value_text(cli, p, t->tag, &t->values[v]), &t->values[v].contrast,
                        !x->everybody);
    if (all && t->missing.with)
        print_value(cli, &table, pt_cli_text(cli, PT_TEXT_COUNT_NO_VALUE), &t->missing, false);
    pt_table_print(&table, &cli->out, cli->width, 4, false);
    pt_table_free(&table);
    if (all && t->hidden)
        PT_CLI_SAY(cli, INSIGHT_HIDDEN_HERE, pt_arena_printf(cli->arena, "%zu", t->hidden),
                   pt_arena_printf(cli->arena, "%u", x->min_group));
}

static bool is_printed(const pt_project *p, const pt_insight_tag *t, bool *chosen, bool all)
{
    if (t->state != PT_INSIGHT_TOLD || (t->definition && !all))
        return false;
    return choose_values(chosen, p, t, all) > 0 || all;
}

/* What is printed of a group: its tags in the project's order; of many, those that tell most. */
typedef struct group_print {
    const char *path;
    double information; /* of its most telling tag */
    const bool *kept;   /* by place in pt_insight.tags */
    size_t more;        /* tags that differ and are not kept */
} group_print;

static bool is_in(const pt_project *p, const pt_insight_tag *t, const char *path)
{
    return strcmp(p->tags[t->tag].group, path) == 0;
}

static group_print choose_tags(pt_cli *cli, const pt_project *p, const pt_insight *x, const char *path, bool *chosen,
                               bool all)
{
    bool *printed = PT_NEW_ARRAY(cli->arena, bool, x->n_tags), *kept = PT_NEW_ARRAY(cli->arena, bool, x->n_tags);
    group_print g = {.path = path, .kept = kept};
    size_t n = 0;

    if (!printed || !kept)
        return (group_print){.path = path};
    for (size_t i = 0; i < x->n_tags; i++) {
        printed[i] = is_in(p, &x->tags[i], path) && is_printed(p, &x->tags[i], chosen, all);
        g.information = printed[i] ? fmax(g.information, x->tags[i].information) : g.information;
        g.more += printed[i];
    }
    for (; g.more > 0 && (all || n < MOST_TAGS); n++, g.more--) {
        size_t best = x->n_tags;
        for (size_t i = 0; i < x->n_tags; i++)
            if (printed[i] && !kept[i] && (best == x->n_tags || x->tags[i].information > x->tags[best].information))
                best = i;
        kept[best] = true;
    }
    return g;
}

static void print_group(pt_cli *cli, const pt_project *p, const pt_insight *x, const group_print *g, bool *chosen,
                        bool all)
{
    bool titled = false;

    for (size_t i = 0; g->kept && i < x->n_tags; i++) {
        if (!g->kept[i])
            continue;
        if (!titled)
            print_title(cli, pt_group_text(p, g->path, pt_lang_code(cli->lang), cli->arena));
        titled = true;
        is_printed(p, &x->tags[i], chosen, all);
        print_tag(cli, p, x, &x->tags[i], chosen, all);
    }
    if (g->more)
        PT_CLI_SAY(cli, INSIGHT_MORE_TAGS, pt_arena_printf(cli->arena, "%zu", g->more));
}

static int by_information(const void *left, const void *right)
{
    const group_print *a = left, *b = right;

    if (a->information != b->information)
        return a->information > b->information ? -1 : 1;
    return strcmp(a->path, b->path);
}

/* Groups that tell most come first. */
static void print_tags(pt_cli *cli, const pt_project *p, const pt_insight *x, bool all)
{
    size_t most = 1, n = 0;

    for (size_t i = 0; i < x->n_tags; i++)
        most = x->tags[i].n_values > most ? x->tags[i].n_values : most;
    bool *chosen = PT_NEW_ARRAY(cli->arena, bool, most);
    group_print *groups = PT_NEW_ARRAY(cli->arena, group_print, x->n_tags + 1);
    for (size_t i = 0; chosen && groups && i < x->n_tags; i++) {
        const char *path = p->tags[x->tags[i].tag].group;
        bool first = true;
        for (size_t k = 0; k < i && first; k++)
            first = !is_in(p, &x->tags[k], path);
        if (first)
            groups[n++] = choose_tags(cli, p, x, path, chosen, all);
    }
    if (n)
        qsort(groups, n, sizeof *groups, by_information);
    for (size_t i = 0; i < n; i++)
        print_group(cli, p, x, &groups[i], chosen, all);
}

/* --- what is not shown ------------------------------------------------------------------------------------------------------ */

static void print_names(pt_cli *cli, const pt_project *p, const pt_insight *x, pt_text title,
                        bool (*belongs)(const pt_insight_tag *t))
{
    pt_str names = {0};

    for (size_t i = 0; i < x->n_tags; i++)
        if (belongs(&x->tags[i])) {
            pt_str_add(&names, names.len ? (cli->lang == PT_ZH ? "、" : ", ") : "");
            pt_str_add(&names, pt_cli_tag_label(cli, p, x->tags[i].tag));
        }
    if (names.len)
        pt_say(&cli->out, cli->lang, title, (const char *const[]){pt_str_cstr(&names)}, 1);
    pt_str_free(&names);
}

static bool is_definition(const pt_insight_tag *t)
{
    return t->definition && t->state == PT_INSIGHT_TOLD;
}

static bool is_sensitive(const pt_insight_tag *t)
{
    return t->state == PT_INSIGHT_SENSITIVE;
}

static bool is_many(const pt_insight_tag *t)
{
    return t->state == PT_INSIGHT_MANY;
}

static bool is_not_built(const pt_insight_tag *t)
{
    return t->state == PT_INSIGHT_NOT_BUILT;
}

static bool is_few(const pt_insight_tag *t)
{
    return t->state == PT_INSIGHT_FEW || (t->state == PT_INSIGHT_TOLD && t->n_values == 0 && t->hidden);
}

static void print_foot(pt_cli *cli, const pt_project *p, const pt_insight *x, bool all)
{
    char hidden[32], values[32], significant[32];

    pt_str_addc(&cli->out, '\n');
    if (!x->everybody)
        PT_CLI_SAY(cli, INSIGHT_SIGNIFICANT, pt_format_count(significant, x->n_significant),
                   pt_format_count(values, x->n_values));
    if (!all)
        print_names(cli, p, x, PT_TEXT_INSIGHT_DEFINITIONS, is_definition);
    if (x->n_hidden)
        PT_CLI_SAY(cli, INSIGHT_HIDDEN, pt_format_count(hidden, x->n_hidden),
                   pt_arena_printf(cli->arena, "%u", x->min_group));
    print_names(cli, p, x, PT_TEXT_INSIGHT_FEW, is_few);
    print_names(cli, p, x, PT_TEXT_INSIGHT_SENSITIVE, is_sensitive);
    print_names(cli, p, x, PT_TEXT_INSIGHT_MANY, is_many);
    print_names(cli, p, x, PT_TEXT_INSIGHT_NOT_BUILT, is_not_built);
}

void pt_insight_print(pt_cli *cli, const pt_project *p, const pt_insight *x, bool all)
{
    const char *least = pt_arena_printf(cli->arena, "%u", x->min_group);

    print_head(cli, p, x);
    if (x->versus && x->base == 0 && x->members >= x->min_group) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_INSIGHT_NO_OTHERS));
        return;
    }
    if (x->small) {
        PT_CLI_SAY(cli, INSIGHT_TOO_SMALL, least);
        return;
    }
    if (x->everybody)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_INSIGHT_EVERYBODY));
    else
        print_headline(cli, p, x);
    print_together(cli, p, x);
    if (x->n_parts)
        pt_insight_print_parts(cli, p, x);
    for (size_t i = 0; i < x->n_crosses; i++)
        pt_insight_print_cross(cli, p, &x->crosses[i]);
    if (x->by < 0 && x->n_crosses == 0)
        print_tags(cli, p, x, all || x->everybody);
    print_foot(cli, p, x, all || x->everybody);
}
