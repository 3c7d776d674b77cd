/* The picture of a lineage: boxes in layers, coloured by what they are, the asked one set apart. No font is embedded; widths
 * are estimated from the cells that characters take, which fits any sans-serif of this size. */
#include "app/deps_layout.h"
#include "base/utf8.h"
#include "cli/lineagetext.h"

enum { LONGEST_CELLS = 34, CELL = 7, PAD = 20, LEGEND = 34 };

static const struct {
    const char *fill, *line;
} colours[PT_DEP_KIND_COUNT] = {
    [PT_DEP_FILE] = {"#eceff1", "#78909c"},    [PT_DEP_FILE_COLUMN] = {"#ffffff", "#b0bec5"},
    [PT_DEP_RULE] = {"#fff3e0", "#fb8c00"},    [PT_DEP_ROWS] = {"#e8eaf6", "#5c6bc0"},
    [PT_DEP_COLUMN] = {"#e3f2fd", "#1e88e5"},  [PT_DEP_TAG] = {"#e8f5e9", "#43a047"},
    [PT_DEP_CHECK] = {"#fce4ec", "#d81b60"},   [PT_DEP_CARD] = {"#f3e5f5", "#8e24aa"},
    [PT_DEP_SEGMENT] = {"#e0f7fa", "#00838f"},
};

static const pt_text kind_texts[PT_DEP_KIND_COUNT] = {
    PT_TEXT_DEP_FILE, PT_TEXT_DEP_FILE_COLUMN, PT_TEXT_DEP_RULE, PT_TEXT_DEP_ROWS,      PT_TEXT_DEP_COLUMN,
    PT_TEXT_DEP_TAG,  PT_TEXT_DEP_CHECK,       PT_TEXT_DEP_CARD, PT_TEXT_CHANGE_SEGMENT};

/* A character cut off in the middle, or a sign of XML, must not break the file. */
static void xml_text(pt_str *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '<': pt_str_add(out, "&lt;"); break;
        case '>': pt_str_add(out, "&gt;"); break;
        case '&': pt_str_add(out, "&amp;"); break;
        case '"': pt_str_add(out, "&quot;"); break;
        default: pt_str_addc(out, (unsigned char)*text < 0x20 ? ' ' : *text); break;
        }
    }
}

/* As much as fits a box, then an ellipsis. */
static const char *cut(pt_cli *cli, const char *text)
{
    pt_sv s = pt_sv_of(text);

    if (pt_utf8_width(s) <= LONGEST_CELLS)
        return text;
    while (s.len && (pt_utf8_width(s) > LONGEST_CELLS - 1 || ((unsigned char)s.ptr[s.len] & 0xC0) == 0x80))
        s.len--;
    return pt_arena_printf(cli->arena, "%.*s…", (int)s.len, s.ptr);
}

/* Tags by their label, where the language has one: the picture is for people. */
static const char *box_text(pt_cli *cli, const pt_deps *d, uint32_t node)
{
    const pt_dep *n = &d->nodes[node];
    const char *label =
        n->tag >= 0 ? pt_label_text(&d->project->tags[n->tag].label, pt_lang_code(cli->lang), n->name) : NULL;

    return cut(cli, label ? label : pt_dep_title(cli, d, node));
}

static double text_width(const char *text)
{
    return PAD + CELL * (double)pt_utf8_width(pt_sv_of(text));
}

static const char *fold_text(pt_cli *cli, const pt_layout_box *b)
{
    char buf[32];
    pt_str text = {0};

    PT_SAY(&text, cli->lang, LINEAGE_FOLDED, pt_format_count(buf, b->folded), pt_cli_text(cli, kind_texts[b->kind]));
    return pt_cli_keep(cli, &text);
}

static void draw_line(pt_str *out, const pt_layout *l, const pt_layout_line *line)
{
    const pt_layout_box *a = &l->boxes[line->from], *b = &l->boxes[line->to];
    double x1 = a->x + a->width, y1 = a->y + a->height / 2, x2 = b->x, y2 = b->y + b->height / 2;
    double bend = (x2 - x1) / 2;

    if (a->passes) /* the line goes straight through the layer */
        pt_str_addf(out, "<path d=\"M%.1f %.1fH%.1f\"/>\n", a->x, y1, x1);
    pt_str_addf(out, "<path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"%s/>\n", x1, y1, x1 + bend, y1, x2 - bend, y2,
                x2, y2, b->passes ? "" : " marker-end=\"url(#a)\"");
}

static void draw_box(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f, const pt_layout_box *b)
{
    pt_str *out = &cli->out;
    bool asked = b->node >= 0 && f->asked[b->node];

    if (b->passes)
        return;
    pt_str_addf(out, "<g><title>");
    xml_text(out, b->node >= 0 ? d->nodes[b->node].name : "");
    if (b->node >= 0 && d->nodes[b->node].detail) {
        pt_str_add(out, " = ");
        xml_text(out, d->nodes[b->node].detail);
    }
    pt_str_addf(
        out,
        "</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\" fill=\"%s\" stroke=\"%s\" "
        "stroke-width=\"%s\"%s/><text x=\"%.1f\" y=\"%.1f\"%s>",
        b->x, b->y, b->width, b->height, b->kind == PT_DEP_TAG ? 13 : 3, asked ? "#fff59d" : colours[b->kind].fill,
        colours[b->kind].line, asked ? "2.5" : "1.2", b->folded ? " stroke-dasharray=\"4 3\"" : "", b->x + PAD / 2.0,
        b->y + b->height / 2 + 4, asked ? " font-weight=\"bold\"" : "");
    xml_text(out, b->node >= 0 ? box_text(cli, d, (uint32_t)b->node) : fold_text(cli, b));
    pt_str_add(out, "</text></g>\n");
}

static void draw_legend(pt_cli *cli, const pt_layout *l, double y)
{
    double x = PAD;

    for (int kind = 0; kind < PT_DEP_KIND_COUNT; kind++) {
        const char *text = pt_cli_text(cli, kind_texts[kind]);
        bool there = false;
        for (uint32_t i = 0; i < l->n_boxes; i++)
            there |= !l->boxes[i].passes && l->boxes[i].kind == (pt_dep_kind)kind;
        if (!there)
            continue;
        pt_str_addf(&cli->out,
                    "<rect x=\"%.1f\" y=\"%.1f\" width=\"14\" height=\"14\" rx=\"3\" fill=\"%s\" stroke=\"%s\"/>"
                    "<text x=\"%.1f\" y=\"%.1f\">",
                    x, y, colours[kind].fill, colours[kind].line, x + 20, y + 11);
        xml_text(&cli->out, text);
        pt_str_add(&cli->out, "</text>\n");
        x += 20 + text_width(text);
    }
}

static double legend_width(const pt_cli *cli)
{
    double width = 2 * PAD;

    for (int kind = 0; kind < PT_DEP_KIND_COUNT; kind++)
        width += 20 + text_width(pt_cli_text(cli, kind_texts[kind]));
    return width;
}

pt_rc pt_deps_svg(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f, pt_err *err)
{
    double *widths = PT_NEW_ARRAY(cli->arena, double, d->n_nodes);
    pt_layout l;

    if (!widths)
        return pt_fail_nomem(err, "the picture");
    for (uint32_t i = 0; i < d->n_nodes; i++)
        widths[i] = text_width(box_text(cli, d, i)) * (f->asked[i] ? 1.12 : 1); /* in bold */
    PT_TRY(pt_layout_make(&l, d, f, widths, 140, cli->arena, err));
    double least = legend_width(cli), width = l.width > least ? l.width : least;
    pt_str_addf(&cli->out,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
                "font-family=\"'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif\" font-size=\"12\">\n"
                "<defs><marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" "
                "orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" fill=\"#90a4ae\"/></marker></defs>\n"
                "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n<g fill=\"none\" stroke=\"#90a4ae\">\n",
                width, l.height + LEGEND, width, l.height + LEGEND);
    for (uint32_t i = 0; i < l.n_lines; i++)
        draw_line(&cli->out, &l, &l.lines[i]);
    pt_str_add(&cli->out, "</g>\n");
    for (uint32_t i = 0; i < l.n_boxes; i++)
        draw_box(cli, d, f, &l.boxes[i]);
    draw_legend(cli, &l, l.height + 4);
    pt_str_add(&cli->out, "</svg>\n");
    return PT_OK;
}
