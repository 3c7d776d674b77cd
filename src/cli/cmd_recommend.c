#include "app/recommend.h"

#include "cli/journeytext.h"

/* --- for people ------------------------------------------------------------------------------------------------------------- */

static const char *text_of(pt_cli *cli, pt_sv text)
{
    return pt_arena_strndup(cli->arena, text.ptr, text.len);
}

static bool has_names(const pt_recommend_answer *a)
{
    for (size_t i = 0; i < a->n; i++)
        if (!pt_sv_eq(a->items[i].item, a->items[i].name))
            return true;
    return false;
}

static void print_items(pt_cli *cli, const pt_recommend_answer *a)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_LEFT, PT_LEFT};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_RECOMMEND_HEAD_ITEM), pt_cli_text(cli, PT_TEXT_RECOMMEND_HEAD_FIT),
                            pt_cli_text(cli, PT_TEXT_RECOMMEND_HEAD_REASON),
                            pt_cli_text(cli, PT_TEXT_RECOMMEND_HEAD_NAME)};
    size_t columns = has_names(a) ? 4 : 3;
    pt_table t;

    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, columns, align, header);
    for (size_t i = 0; i < a->n; i++)
        pt_table_row(&t, (const char *const[]){text_of(cli, a->items[i].item),
                                               pt_arena_printf(cli->arena, "%.0f%%", 100 * a->items[i].score),
                                               a->items[i].reason[cli->lang == PT_ZH], text_of(cli, a->items[i].name)});
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_answer(pt_cli *cli, const pt_project *p, const pt_recommend_answer *a)
{
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, a->as_of));
    if (a->id)
        PT_CLI_SAY(cli, RECOMMEND_CUSTOMER, a->id, pt_journey_count(cli, a->has));
    else
        PT_CLI_SAY(cli, RECOMMEND_ITEM, text_of(cli, a->item_name));
    if (a->version)
        PT_CLI_SAY(cli, RECOMMEND_VERSION, a->model, pt_journey_count(cli, a->version));
    else
        PT_CLI_SAY(cli, RECOMMEND_LEARNED, a->model);
    if (a->outside)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_RECOMMEND_OUTSIDE));
    if (a->refused)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_RECOMMEND_REFUSED));
    else if (!a->n)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_RECOMMEND_NONE));
    else
        print_items(cli, a);
}

/* --- for programs ------------------------------------------------------------------------------------------------------------- */

static void json_item(pt_json *j, const pt_recommended *x)
{
    pt_json_open(j, '{');
    pt_json_put_text(j, "item", x->item);
    pt_json_put_text(j, "name", x->name);
    pt_json_put_number(j, "score", x->score);
    pt_json_put_cstr(j, "method", pt_way_name(x->way));
    pt_json_put_open(j, "parts", '{');
    for (int w = 0; w < PT_WAYS; w++) {
        pt_json_put_number(j, pt_way_name((pt_way)w), x->parts[w]);
    }
    pt_json_close(j, '}');
    pt_json_key(j, "because");
    if (x->because.ptr)
        pt_json_text(j, x->because);
    else
        pt_json_null(j);
    pt_json_put_open(j, "reason", '{');
    pt_json_put_cstr(j, "en", x->reason[0]);
    pt_json_put_cstr(j, "zh", x->reason[1]);
    pt_json_close(j, '}');
    pt_json_close(j, '}');
}

static void json_answer(pt_cli *cli, const pt_recommend_answer *a)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "model", a->model);
    pt_json_put_int(&j, "version", a->version);
    if (a->id) {
        pt_json_put_cstr(&j, "customer", a->id);
        pt_json_put_int(&j, "has", (int64_t)a->has);
        pt_json_put_bool(&j, "in_population", !a->outside);
        pt_json_put_bool(&j, "consent", !a->refused);
    } else {
        pt_json_put_text(&j, "item", a->item_name);
    }
    pt_json_put_open(&j, "items", '[');
    for (size_t i = 0; i < a->n; i++)
        json_item(&j, &a->items[i]);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command --------------------------------------------------------------------------------------------------------------- */

pt_rc pt_cmd_recommend(pt_cli *cli, pt_err *err)
{
    pt_recommend_question question = {.who = pt_sv_of(cli->n_args ? cli->args[0] : ""),
                                      .item = pt_journey_text(cli, "item"),
                                      .model = pt_journey_text(cli, "model")};
    pt_recommend_answer answer;
    uint32_t top = 0;
    pt_app *app;

    if (question.who.len && question.item.len)
        return pt_fail(err, PT_EINVAL, "--item and a customer are two questions: give one of them");
    if (!question.who.len && !question.item.len)
        return pt_fail(err, PT_EINVAL, "give a customer, or --item");
    PT_TRY(pt_journey_number(&top, cli, "top", 1000, err));
    PT_TRY(pt_cli_threads(&question.threads, cli, err));
    question.top = top;
    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_app_recommend(&answer, app, &question, cli->arena, err));
    if (cli->json)
        json_answer(cli, &answer);
    else
        print_answer(cli, pt_app_project(app), &answer);
    return PT_OK;
}
