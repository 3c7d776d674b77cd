#include "cli/linkanswers.h"

#include <math.h>

#include "cli/progress.h"

/* --- a session ------------------------------------------------------------------------------------------------------------------- */

/* Customers have ids only once something was published; records can be named without. */
static pt_rc open_view(pt_link_session *s, pt_err *err)
{
    pt_err none = {0};
    pt_rc rc = pt_app_view(&s->view, s->app, &none);

    if (rc == PT_OK || rc == PT_ENOTFOUND)
        return PT_OK;
    *err = none;
    return rc;
}

/* The request to stop is never freed: the thread that waits for signals holds it until the process ends. */
pt_rc pt_link_session_open(pt_link_session *s, pt_cli *cli, pt_linking_step until, pt_err *err)
{
    static pt_cancel *cancel;
    pt_linking_run_options run = {.until = until};

    if (!(s->options.cancel = run.cancel = cancel = pt_cancel_new()))
        return pt_fail_nomem(err, "the linking");
    PT_TRY(pt_cli_threads(&run.threads, cli, err));
    PT_TRY(pt_cli_open(&s->app, cli, err));
    PT_TRY(pt_signals_watch(cancel, err));
    PT_TRY(pt_pool_new(&s->options.pool, run.threads, err));
    PT_TRY(pt_app_linking(&s->linking, s->app, &run, err));
    PT_TRY(open_view(s, err));
    return pt_link_find_new(&s->find, s->linking, s->view ? s->view->directory : NULL, err);
}

void pt_link_session_close(pt_link_session *s)
{
    pt_link_find_free(s->find);
    pt_linking_free(s->linking);
    pt_pool_free(s->options.pool);
}

/* --- which one ------------------------------------------------------------------------------------------------------------------- */

pt_rc pt_cmd_link_answer(pt_cli *cli, pt_err *err)
{
    static const struct {
        const char *name;
        pt_rc (*run)(pt_cli *cli, pt_err *err);
        size_t arguments;
        const char *usage;
    } commands[] = {{"evaluate", pt_cmd_link_evaluate, 1, "portrait link evaluate --labels FILE"},
                    {"explain", pt_cmd_link_explain, 3, "portrait link explain A B"},
                    {"blocks", pt_cmd_link_blocks, 1, "portrait link blocks"},
                    {"review", pt_cmd_link_review, 1, "portrait link review"},
                    {"shadow", pt_cmd_link_shadow, 1, "portrait link shadow --auto 0.9"}};

    for (size_t i = 0; i < PT_COUNT(commands); i++) {
        if (strcmp(cli->args[0], commands[i].name) != 0)
            continue;
        if (cli->n_args == commands[i].arguments)
            return commands[i].run(cli, err);
        pt_fail(err, PT_EINVAL, "link %s takes %zu arguments, not %zu", commands[i].name, commands[i].arguments - 1,
                cli->n_args - 1);
        return pt_err_hint(err, "%s", commands[i].usage);
    }
    pt_fail(err, PT_EINVAL, "link knows nothing of '%s'", cli->args[0]);
    return pt_err_hint(err, "blocks, evaluate, explain, review, shadow, or nothing");
}

/* --- figures --------------------------------------------------------------------------------------------------------------------- */

const char *pt_link_text_bits(const pt_cli *cli, double bits)
{
    return fabs(bits) < 0.05 ? "0.0" : pt_arena_printf(cli->arena, "%+.1f", bits);
}

const char *pt_link_text_probability(const pt_cli *cli, double p)
{
    if (p >= 0.9999 && p < 1)
        return ">99.99%";
    if (p > 0 && p < 0.0001)
        return "<0.01%";
    return pt_arena_printf(cli->arena, "%.*f%%", p < 0.001 || p > 0.99 ? 2 : 1, 100 * p);
}

const char *pt_link_text_ratio(const pt_cli *cli, double v)
{
    return pt_arena_printf(cli->arena, "%.3f", v);
}

/* --- records --------------------------------------------------------------------------------------------------------------------- */

void pt_link_print_values(pt_cli *cli, const pt_linking *l, uint32_t a, uint32_t b)
{
    const uint32_t records[] = {a, b};

    for (size_t i = 0; i < PT_COUNT(records); i++) {
        pt_str_addf(&cli->out, "      %s", pt_link_name(l, records[i], cli->arena));
        for (size_t f = 0; f < l->n_fields; f++) {
            pt_sv value = pt_linking_value(l, records[i], f);
            pt_str_add(&cli->out, " | ");
            pt_str_addsv(&cli->out, value);
        }
        pt_str_addc(&cli->out, '\n');
    }
}

/* --- JSON ------------------------------------------------------------------------------------------------------------------------ */

void pt_link_json_text(pt_json *j, const char *key, const char *text)
{
    pt_json_put_cstr(j, key, text);
}

void pt_link_json_number(pt_json *j, const char *key, double v)
{
    pt_json_put_number(j, key, v);
}

void pt_link_json_count(pt_json *j, const char *key, uint64_t n)
{
    pt_json_put_int(j, key, (int64_t)n);
}
