/* The report as one HTML file that needs nothing else: style, script and data are in it, and its policy lets no other in. */
#include "report/page.h"
#include "base/embed.h"
#include "base/json.h"
#include "report/html.h"
#include "report/words.h"

typedef struct pt_page {
    pt_str *out;
    pt_words words;
    const pt_report *report;
} pt_page;

static void add(pt_page *p, const char *markup)
{
    pt_str_add(p->out, markup);
}

/* <tag>text</tag>; nothing for NULL. `open` is the whole of the first tag. */
static void element(pt_page *p, const char *open, const char *text, const char *close)
{
    if (!text)
        return;
    add(p, open);
    pt_html_text(p->out, text);
    add(p, close);
}

static const char *word(const pt_page *p, pt_word w)
{
    return pt_word_text(&p->words, w);
}

/* --- what is compiled in -------------------------------------------------------------------------------------------------- */

static void add_file(pt_page *p, const pt_embedded *files, const char *name)
{
    while (files->path && strcmp(files->path, name) != 0)
        files++;
    PT_ASSERT(files->path);
    pt_str_addn(p->out, (const char *)files->bytes, files->size);
}

static void add_hash(pt_page *p, const char *name)
{
    const pt_embedded_hash *h = pt_report_hashes;

    while (h->path && strcmp(h->path, name) != 0)
        h++;
    PT_ASSERT(h->path);
    add(p, " 'sha256-");
    pt_html_base64(p->out, h->sha256);
    add(p, "'");
}

/* --- parts of the page ---------------------------------------------------------------------------------------------------- */

static void add_head(pt_page *p)
{
    const pt_report *r = p->report;

    pt_str_addf(p->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                p->words.zh ? "zh-CN" : "en");
    add(p, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src");
    add_hash(p, "echarts.common.min.js");
    add_hash(p, "report.js");
    add(p, "; style-src");
    add_hash(p, "report.css");
    add(p, "; base-uri 'none'; form-action 'none'\">\n");
    add(p, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    element(p, "<title>", r->title, "");
    element(p, " · ", r->project, "</title>\n<style>");
    add_file(p, pt_report_files, "report.css");
    add(p, "</style>\n</head>\n<body>\n");
}

static void add_tiles(pt_page *p, const pt_tile *tile)
{
    if (!tile)
        return;
    add(p, "<dl class=\"tiles\">\n");
    for (; tile; tile = tile->next) {
        element(p, "<div><dt>", tile->title, "</dt>");
        element(p, "<dd>", tile->value, "</dd>");
        element(p, "<dd class=\"small\">", tile->note, "</dd>");
        add(p, "</div>\n");
    }
    add(p, "</dl>\n");
}

/* The numbers of a part's figures: "figures 1 to 12". */
static const char *figures_of(pt_page *p, const pt_report_part *part)
{
    unsigned first = 0, last = 0;

    for (const pt_chapter *c = part->chapters; c; c = c->next)
        for (const pt_figure *f = c->figures; f; f = f->next) {
            first = first ? first : f->number;
            last = f->number;
        }
    if (!first)
        return "";
    return first == last
               ? PT_WORDS(&p->words, FIGURE, pt_words_count(&p->words, first))
               : PT_WORDS(&p->words, FIGURES, pt_words_count(&p->words, first), pt_words_count(&p->words, last));
}

static void add_contents(pt_page *p)
{
    add(p, "<nav class=\"contents\">");
    element(p, "<h2>", word(p, PT_WORD_CONTENTS), "</h2>\n<ol>\n");
    for (const pt_report_part *part = p->report->parts; part; part = part->next) {
        element(p, "<li><a href=\"#", part->id, "\">");
        element(p, "", part->title, "</a>");
        element(p, "<span>", figures_of(p, part), "</span></li>\n");
    }
    element(p, "<li><a href=\"#explained\">", word(p, PT_WORD_EXPLAINED), "</a></li>\n</ol></nav>\n");
}

static void add_cover(pt_page *p)
{
    const pt_report *r = p->report;

    add(p, "<header class=\"cover\">\n");
    element(p, "<p class=\"kicker\">", r->title, "</p>\n");
    element(p, "<h1>", r->project, "</h1>\n");
    element(p, "<p class=\"lead\">", r->subtitle, "</p>\n");
    add_tiles(p, r->tiles);
    add_contents(p);
    add(p, "</header>\n");
}

/* A statement: the words that name its figure lead there. */
static void add_statement(pt_page *p, const pt_statement *s)
{
    const char *name = PT_WORDS(&p->words, FIGURE_INSIDE, pt_words_count(&p->words, s->figure));
    const char *at = s->figure ? strstr(s->text, name) : NULL;

    add(p, "<li>");
    if (at) {
        pt_html_text(p->out, pt_arena_strndup(p->words.arena, s->text, (size_t)(at - s->text)));
        pt_str_addf(p->out, "<a href=\"#figure-%u\">", s->figure);
        element(p, "", name, "</a>");
        pt_html_text(p->out, at + strlen(name));
    } else {
        pt_html_text(p->out, s->text);
    }
    add(p, "</li>\n");
}

static void add_statements(pt_page *p, const char *open, const char *title, const pt_statement *s)
{
    if (!s)
        return;
    add(p, open);
    element(p, "<h3>", title, "</h3>\n<ul>\n");
    for (; s; s = s->next)
        add_statement(p, s);
    add(p, "</ul></div>\n");
}

static void add_table(pt_page *p, const pt_figure *f)
{
    const bool alone = f->chart == PT_CHART_TABLE;

    element(p, "<details><summary>", alone ? NULL : word(p, PT_WORD_TABLE), "</summary>");
    add(p, "<div class=\"scroll\"><table>\n");
    element(p, "<thead><tr><th scope=\"col\">", f->row_title, "</th>");
    for (size_t c = 0; c < f->n_columns; c++)
        element(p, "<th scope=\"col\">", f->columns[c].title, "</th>");
    add(p, "</tr></thead>\n<tbody>\n");
    for (size_t r = 0; r < f->n_rows; r++) {
        element(p, "<tr><th scope=\"row\">", f->rows[r], "</th>");
        for (size_t c = 0; c < f->n_columns; c++)
            element(p, "<td>", f->cells[r * f->n_columns + c].text, "</td>");
        add(p, "</tr>\n");
    }
    add(p, alone ? "</tbody></table></div>\n" : "</tbody></table></div></details>\n");
}

/* What colours and marks stand for, where there is more than one. */
static void add_keys(pt_page *p, const pt_figure *f)
{
    static const char *const classes[] = {"<span>", "<span class=\"second\">"};
    size_t shown = 0;

    for (size_t c = 0; c < f->n_columns; c++)
        shown += f->columns[c].drawn;
    if (shown != 2 || (f->chart != PT_CHART_BARS && f->chart != PT_CHART_PYRAMID))
        return;
    add(p, "<div class=\"keys\">");
    for (size_t c = 0, n = 0; c < f->n_columns; c++)
        if (f->columns[c].drawn) {
            element(p, n && f->chart == PT_CHART_BARS ? "<span class=\"mark\">" : classes[n], f->columns[c].title,
                    "</span>");
            n++;
        }
    add(p, "</div>");
}

static void add_figure(pt_page *p, const pt_figure *f)
{
    pt_words *w = &p->words;
    const char *label = PT_WORDS(w, CHART_LABEL, f->title, pt_words_count(w, f->n_rows));

    pt_str_addf(p->out, "<figure id=\"figure-%u\"%s>\n", f->number,
                f->chart == PT_CHART_TABLE ? (f->wide ? " class=\"told wide\"" : " class=\"told\"")
                : f->wide                  ? " class=\"wide\""
                                           : "");
    element(p, "<figcaption><span class=\"number\">", PT_WORDS(w, FIGURE, pt_words_count(w, f->number)), "</span>");
    element(p, "<span class=\"name\">", f->title, "</span>");
    element(p, "<p class=\"about\">", f->about, "</p>");
    add(p, "</figcaption>\n");
    add_keys(p, f);
    if (f->chart != PT_CHART_TABLE) {
        pt_str_addf(p->out, "<div class=\"chart\" id=\"chart-%u\" role=\"img\"", f->number);
        element(p, " aria-label=\"", label, "\"></div>\n");
    }
    element(p, "<p class=\"note\">", f->note, "</p>\n");
    add_table(p, f);
    add(p, "</figure>\n");
}

static void add_chapter(pt_page *p, const pt_chapter *c)
{
    element(p, "<h3 class=\"chapter\">", c->title, "</h3>\n<div class=\"figures\">\n");
    for (const pt_figure *f = c->figures; f; f = f->next)
        add_figure(p, f);
    add(p, "</div>\n");
}

static bool has_figures(const pt_report_part *part)
{
    const pt_chapter *c = part->chapters;

    while (c && !c->figures)
        c = c->next;
    return c != NULL;
}

static void add_part(pt_page *p, const pt_report_part *part)
{
    bool both = part->conclusions && part->actions;
    const char *open = both ? "<div>" : "<div class=\"alone\">";

    element(p, has_figures(part) ? "<section class=\"part\" id=\"" : "<section class=\"part brief\" id=\"", part->id,
            "\">\n");
    element(p, "<h2>", part->title, "</h2>\n");
    element(p, "<p class=\"lead\">", part->lead, "</p>\n");
    if (part->condition) {
        element(p, "<p class=\"condition\">", word(p, PT_WORD_CONDITION), " ");
        element(p, "<code>", part->condition, "</code></p>\n");
    }
    add_tiles(p, part->tiles);
    if (part->conclusions || part->actions) {
        add(p, "<div class=\"words\">\n");
        add_statements(p, open, word(p, PT_WORD_CONCLUSIONS), part->conclusions);
        add_statements(p, both ? "<div class=\"actions\">" : "<div class=\"actions alone\">",
                       part->actions_title ? part->actions_title : word(p, PT_WORD_ACTIONS), part->actions);
        add(p, "</div>\n");
    }
    element(p, "<p class=\"note\">", part->note, "</p>\n");
    for (const pt_chapter *c = part->chapters; c; c = c->next)
        if (c->figures)
            add_chapter(p, c);
    add(p, "</section>\n");
}

static void add_explanations(pt_page *p)
{
    static const pt_word terms[][2] = {
        {PT_WORD_TERM_SHARE, PT_WORD_ABOUT_SHARE},     {PT_WORD_TERM_INDEX, PT_WORD_ABOUT_INDEX},
        {PT_WORD_TERM_DIFFERS, PT_WORD_ABOUT_DIFFERS}, {PT_WORD_TERM_SMALL, PT_WORD_ABOUT_SMALL},
        {PT_WORD_TERM_MISSING, PT_WORD_ABOUT_MISSING},
    };
    const char *least = pt_words_count(&p->words, p->report->min_group);

    element(p, "<footer class=\"explain\" id=\"explained\">\n<h2>", word(p, PT_WORD_EXPLAINED), "</h2>\n<dl>\n");
    for (size_t i = 0; i < p->report->n_terms; i++) {
        element(p, "<dt>", p->report->terms[i].term, "</dt>");
        element(p, "<dd>", p->report->terms[i].about, "</dd>\n");
    }
    for (size_t i = 0; !p->report->terms && i < PT_COUNT(terms); i++) {
        element(p, "<dt>", word(p, terms[i][0]), "</dt>");
        element(p, "<dd>", pt_words_fill(&p->words, word(p, terms[i][1]), &least, 1), "</dd>\n");
    }
    add(p, "</dl>\n");
    element(p, "<p>",
            p->report->made_of ? p->report->made_of
                               : PT_WORDS(&p->words, MADE_OF, p->report->generation, p->report->as_of),
            "</p>\n</footer>\n");
}

/* --- data and script ------------------------------------------------------------------------------------------------------ */

static void json_drawing(pt_json *j, const pt_figure *f)
{
    pt_json_open(j, '{');
    pt_json_put_int(j, "number", f->number);
    pt_report_json_figure(j, f);
    pt_json_close(j, '}');
}

static void add_data(pt_page *p)
{
    pt_str json = {0};
    pt_json j;

    pt_json_init(&j, &json, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "lang", p->words.lang);
    pt_json_put_open(&j, "figures", '[');
    for (const pt_report_part *part = p->report->parts; part; part = part->next)
        for (const pt_chapter *c = part->chapters; c; c = c->next)
            for (const pt_figure *f = c->figures; f; f = f->next)
                json_drawing(&j, f);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    add(p, "<script type=\"application/json\" id=\"report-data\">");
    pt_html_json(p->out, (pt_sv){pt_str_cstr(&json), json.len});
    add(p, "</script>\n");
    p->out->failed |= json.failed;
    pt_str_free(&json);
}

void pt_report_html(pt_str *out, const pt_report *r)
{
    pt_page p = {.out = out, .report = r};
    pt_arena *arena = pt_arena_new(0);

    if (!arena) {
        out->failed = true;
        return;
    }
    p.words = pt_words_in(r->lang, NULL, arena);
    add_head(&p);
    add(&p, "<div class=\"page\">\n");
    add_cover(&p);
    element(&p, "<noscript><p class=\"script\">", word(&p, PT_WORD_NO_SCRIPT), "</p></noscript>\n<main>\n");
    for (const pt_report_part *part = r->parts; part; part = part->next)
        add_part(&p, part);
    add(&p, "</main>\n");
    add_explanations(&p);
    add(&p, "</div>\n");
    add_data(&p);
    add(&p, "<script>");
    add_file(&p, pt_echarts_files, "echarts.common.min.js");
    add(&p, "</script>\n<script>");
    add_file(&p, pt_report_files, "report.js");
    add(&p, "</script>\n</body>\n</html>\n");
    out->failed |= p.words.failed;
    pt_arena_free(arena);
}
