#include "app/pyramid.h"
#include "cli/gridtext.h"

enum { BAR_CELLS = 16 };

/* --- for people ------------------------------------------------------------------------------------------------------------ */

static const char *band_title(pt_cli *cli, const pt_project *p, const pt_pyramid *y, const pt_pyramid_band *b)
{
    if (b->missing || b->value.ptr)
        return pt_gridtext_value(cli, p, y->age, b->value);
    if (b->low < 0)
        return pt_arena_printf(cli->arena, "< %d", b->high + 1);
    return pt_arena_printf(cli->arena, b->high < 0 ? "%d+" : "%d-%d", b->low, b->high);
}

static uint64_t longest_bar(const pt_pyramid *y)
{
    uint64_t most = 1;

    for (size_t i = 0; i < y->n_bands; i++)
        for (int side = 0; side < 2; side++)
            most = y->bands[i].counts[side] > most ? y->bands[i].counts[side] : most;
    return most;
}

static void print_bands(pt_cli *cli, const pt_project *p, const pt_pyramid *y)
{
    static const pt_align align[] = {PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT, PT_RIGHT};
    const char *header[] = {"",
                            "",
                            pt_gridtext_value(cli, p, y->gender, y->sides[0]),
                            pt_cli_tag_label(cli, p, y->age),
                            pt_gridtext_value(cli, p, y->gender, y->sides[1]),
                            "",
                            "",
                            pt_cli_text(cli, PT_TEXT_PYRAMID_OTHER)};
    uint64_t most = longest_bar(y);
    pt_table t;

    pt_table_init(&t, cli->arena, y->counts[PT_PYRAMID_OTHER] || y->hidden[PT_PYRAMID_OTHER] ? 8 : 7, align, header);
    for (size_t i = 0; i < y->n_bands; i++) {
        const pt_pyramid_band *b = &y->bands[i];
        const char *count[PT_PYRAMID_SIDES], *share[2], *bar[2];
        for (size_t side = 0; side < PT_PYRAMID_SIDES; side++)
            count[side] = pt_gridtext_count(cli, b->counts[side], b->hidden[side]);
        for (size_t side = 0; side < 2; side++) {
            share[side] = b->counts[side] ? pt_gridtext_share(cli, b->counts[side], y->head.members, false) : "";
            bar[side] = pt_cli_bar(cli, b->counts[side], most, BAR_CELLS);
        }
        pt_table_row(&t, (const char *const[]){bar[0], share[0], count[0], band_title(cli, p, y, b), count[1], share[1],
                                               bar[1], count[2]});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_sides(pt_cli *cli, const pt_project *p, const pt_pyramid *y)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT};
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, NULL);
    for (size_t side = 0; side < PT_PYRAMID_SIDES; side++) {
        uint64_t n = y->counts[side];
        bool hidden = y->hidden[side], known = side < PT_PYRAMID_OTHER;
        if (known ? !y->sides[side].ptr : !n && !hidden)
            continue;
        pt_table_row(&t, (const char *const[]){known ? pt_gridtext_value(cli, p, y->gender, y->sides[side])
                                                     : pt_cli_text(cli, PT_TEXT_PYRAMID_OTHER),
                                               pt_gridtext_count(cli, n, hidden),
                                               pt_gridtext_share(cli, n, y->head.members, hidden)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_pyramid(pt_cli *cli, const pt_project *p, const pt_pyramid *y)
{
    pt_gridtext_head(cli, p, &y->head);
    if (!y->head.members || pt_gridtext_small(cli, &y->head))
        return;
    print_bands(cli, p, y);
    pt_str_addc(&cli->out, '\n');
    print_sides(cli, p, y);
    pt_gridtext_hidden(cli, &y->head);
}

/* --- for programs ---------------------------------------------------------------------------------------------------------- */

static void json_band(pt_json *j, const pt_pyramid_band *b)
{
    pt_json_open(j, '{');
    if (b->missing || b->value.ptr) {
        pt_gridtext_json_value(j, "value", b->value);
    } else {
        pt_gridtext_json_number(j, "low", b->low < 0 ? (double)NAN : b->low);
        pt_gridtext_json_number(j, "high", b->high < 0 ? (double)NAN : b->high);
    }
    pt_gridtext_json_shown(j, "left", b->counts[PT_PYRAMID_LEFT], b->hidden[PT_PYRAMID_LEFT]);
    pt_gridtext_json_shown(j, "right", b->counts[PT_PYRAMID_RIGHT], b->hidden[PT_PYRAMID_RIGHT]);
    pt_gridtext_json_shown(j, "other", b->counts[PT_PYRAMID_OTHER], b->hidden[PT_PYRAMID_OTHER]);
    pt_json_close(j, '}');
}

static void json_pyramid(pt_cli *cli, const pt_project *p, const pt_pyramid *y)
{
    static const char *const keys[] = {"left", "right", "other"};
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_gridtext_json_head(&j, p, &y->head);
    pt_json_put_cstr(&j, "age", p->tags[y->age].name);
    pt_json_put_cstr(&j, "gender", p->tags[y->gender].name);
    pt_gridtext_json_value(&j, "left_value", y->sides[0]);
    pt_gridtext_json_value(&j, "right_value", y->sides[1]);
    for (size_t side = 0; side < PT_PYRAMID_SIDES; side++)
        pt_gridtext_json_shown(&j, keys[side], y->counts[side], y->hidden[side]);
    pt_json_put_open(&j, "bands", '[');
    for (size_t i = 0; i < y->n_bands; i++)
        json_band(&j, &y->bands[i]);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_cmd_pyramid(pt_cli *cli, pt_err *err)
{
    pt_pyramid_options options = {.age = pt_gridtext_option(cli, "age"), .gender = pt_gridtext_option(cli, "gender")};
    pt_grid_question q;
    pt_pyramid pyramid;

    PT_TRY(pt_gridtext_begin(&q, cli, err));
    options.crowd = q.crowd;
    pt_rc rc = pt_app_pyramid(&pyramid, q.app, q.condition, &options, &q.diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_pyramid(cli, q.project, &pyramid);
    else if (rc == PT_OK)
        print_pyramid(cli, q.project, &pyramid);
    return pt_gridtext_end(&q, cli, rc);
}
