#include "cli/cardtext.h"

#include <math.h>

#include "cli/table.h"

static const char *say(const pt_cli *cli, pt_card_text text)
{
    return pt_card_say(text, pt_lang_code(cli->lang));
}

static const char *cell_text(const pt_cli *cli, pt_card_cell_kind kind, const pt_card_cell *cell)
{
    char number[32];

    if (kind == PT_CELL_TEXT)
        return say(cli, cell->text);
    if (isnan(cell->number))
        return "–";
    if (kind == PT_CELL_COUNT)
        return pt_cli_count(cli, (uint64_t)fmax(cell->number, 0));
    if (kind == PT_CELL_SHARE)
        snprintf(number, sizeof number, "%.1f%%", cell->number * 100);
    else if (cell->number == round(cell->number) && fabs(cell->number) < 1e9)
        snprintf(number, sizeof number, "%.0f", cell->number);
    else
        snprintf(number, sizeof number, fabs(cell->number) < 100 ? "%.3f" : "%.1f", cell->number);
    return pt_arena_strdup(cli->arena, number);
}

static pt_rc print_table(pt_cli *cli, const pt_card_table *t, pt_err *err)
{
    pt_align *align = PT_NEW_ARRAY(cli->arena, pt_align, t->n_columns);
    const char **cells = PT_NEW_ARRAY(cli->arena, const char *, t->n_columns);
    pt_table out;

    if (!align || !cells)
        return pt_fail_nomem(err, "a model card");
    for (size_t c = 0; c < t->n_columns; c++) {
        align[c] = t->columns[c].kind == PT_CELL_TEXT ? PT_LEFT : PT_RIGHT;
        cells[c] = say(cli, t->columns[c].label);
    }
    pt_str_addf(&cli->out, "\n  %s\n", say(cli, t->title));
    pt_table_init(&out, cli->arena, t->n_columns, align, cells);
    for (size_t r = 0; r < t->n_rows; r++) {
        for (size_t c = 0; c < t->n_columns; c++)
            cells[c] = cell_text(cli, t->columns[c].kind, &t->cells[r * t->n_columns + c]);
        pt_table_row(&out, cells);
    }
    pt_table_print(&out, &cli->out, cli->width, 4, cli->color);
    pt_table_free(&out);
    if (t->note.en || t->note.zh)
        pt_str_addf(&cli->out, "    %s\n", say(cli, t->note));
    return PT_OK;
}

static void print_sentences(pt_cli *cli, const pt_card_sentence *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pt_str_addf(&cli->out, "  %c %s\n", s[i].warning ? '!' : '-', say(cli, s[i].text));
}

static pt_rc print_section(pt_cli *cli, const pt_card_section *s, pt_err *err)
{
    if (!s->n_sentences && !s->n_tables)
        return PT_OK; /* curves alone */
    pt_str_addf(&cli->out, "\n%s\n", say(cli, s->title));
    print_sentences(cli, s->sentences, s->n_sentences);
    for (size_t i = 0; i < s->n_tables; i++)
        if (s->tables[i].n_rows)
            PT_TRY(print_table(cli, &s->tables[i], err));
    return PT_OK;
}

pt_rc pt_cli_card_body(pt_cli *cli, const pt_card *card, pt_err *err)
{
    print_sentences(cli, card->sentences, card->n_sentences);
    for (size_t i = 0; i < card->n_sections; i++)
        PT_TRY(print_section(cli, &card->sections[i], err));
    return PT_OK;
}

pt_rc pt_cli_card_text(pt_cli *cli, const pt_card *card, pt_err *err)
{
    pt_str_addf(&cli->out, "%s v%u · %s\n", *say(cli, card->label) ? say(cli, card->label) : card->model, card->version,
                card->algorithm);
    return pt_cli_card_body(cli, card, err);
}

pt_rc pt_cli_card_of(uint32_t *version, pt_app *app, const char *model, pt_arena *arena, pt_err *err)
{
    pt_model_list l;

    PT_TRY(pt_app_models(&l, app, model, arena, err));
    const pt_model_versions *v = &l.items[0].versions;
    if (!v->n) {
        pt_fail(err, PT_ENOTFOUND, "model '%s' has no version yet", model);
        return pt_err_hint(err, "portrait train %s", model);
    }
    if (!*version)
        *version = v->approved ? v->approved : v->items[v->n - 1].number;
    return PT_OK;
}

pt_rc pt_cli_card(pt_cli *cli, pt_app *app, const char *model, uint32_t version, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_card card;

    PT_TRY(pt_cli_card_of(&version, app, model, cli->arena, err));
    PT_TRY(pt_model_store_read(NULL, &card, p->data_dir, model, version, cli->arena, err));
    if (cli->json) {
        pt_card_json(&cli->out, &card);
        pt_str_addc(&cli->out, '\n');
        return PT_OK;
    }
    return pt_cli_card_text(cli, &card, err);
}
