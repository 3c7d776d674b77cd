#include "cli/modeltext.h"

#include "app/render.h"
#include "base/io.h"
#include "cli/cardtext.h"
#include "report/card.h"

#include <math.h>

const char *pt_model_days(const pt_cli *cli, const pt_project *p, const pt_model_version *v)
{
    pt_str s = {0};

    for (size_t i = 0; i < v->n_train; i++)
        pt_str_addf(&s, "%s%s", i ? ", " : "", pt_cli_day(cli, p, v->train[i]));
    if (!v->n_train)
        pt_str_add(&s, pt_cli_day(cli, p, v->data_end));
    return pt_cli_keep(cli, &s);
}

const char *pt_model_trained(const pt_cli *cli, const pt_project *p, const pt_model_version *v)
{
    pt_str s = {0};

    if (v->trained_at == PT_I64_MISSING)
        return "";
    pt_render_instant(&s, v->trained_at - v->trained_at % PT_MINUTE, p->zone);
    return pt_cli_keep(cli, &s);
}

const char *pt_model_figure(const pt_cli *cli, const pt_model_version *v)
{
    const char *lang = pt_lang_code(cli->lang);
    pt_str s = {0};

    if (!v->measure[0] || !isfinite(v->value))
        return "";
    pt_str_addf(&s, "%s %.4g", pt_card_say(pt_card_measure_label(v->measure), lang), v->value);
    if (isfinite(v->low) && isfinite(v->high))
        pt_str_addf(&s, " (%.4g .. %.4g)", v->low, v->high);
    if (v->part[0])
        pt_str_addf(&s, " [%s]", pt_card_say(pt_card_part_label(v->part), lang));
    return pt_cli_keep(cli, &s);
}

static void json_instant(pt_json *j, const pt_project *p, const char *key, int64_t instant)
{
    char text[64];

    pt_json_put_cstr(j, key, instant == PT_I64_MISSING ? NULL : pt_instant_format(text, instant, p->zone));
}

void pt_model_version_json(pt_json *j, const pt_project *p, const pt_model_version *v)
{
    char text[64];

    pt_json_put_int(j, "version", v->number);
    pt_json_put_cstr(j, "task", v->task);
    pt_json_put_cstr(j, "algorithm", v->algorithm);
    pt_json_put_cstr(j, "measure", v->measure[0] ? v->measure : NULL);
    pt_json_put_cstr(j, "part", v->part[0] ? v->part : NULL);
    pt_json_put_number(j, "value", v->value);
    pt_json_put_number(j, "low", v->low);
    pt_json_put_number(j, "high", v->high);
    pt_json_put_open(j, "train", '[');
    for (size_t i = 0; i < v->n_train; i++)
        pt_json_cstr(j, pt_instant_format(text, v->train[i], p->zone));
    pt_json_close(j, ']');
    json_instant(j, p, "test", v->test);
    json_instant(j, p, "data_end", v->data_end);
    json_instant(j, p, "trained_at", v->trained_at);
    pt_hash128_hex(text, v->artifact);
    pt_json_put_cstr(j, "artifact", text);
    pt_json_put_int(j, "bytes", (int64_t)v->bytes);
}

pt_rc pt_model_version_read(uint32_t *out, const char *text, pt_err *err)
{
    int64_t number;

    if (pt_parse_int64(&number, pt_sv_of(text + (text[0] == 'v'))) && number > 0 && number < INT32_MAX) {
        *out = (uint32_t)number;
        return PT_OK;
    }
    pt_fail(err, PT_EINVAL, "'%s' is no version", text);
    return pt_err_hint(err, "for example v2; portrait models MODEL lists them");
}

pt_rc pt_model_card_path(const char *path, pt_err *err)
{
    static const char *const ends[] = {".html", ".htm", ".json", ".txt"};
    const char *end = strrchr(path, '.');

    for (size_t i = 0; end && i < PT_COUNT(ends); i++)
        if (strcmp(end, ends[i]) == 0)
            return PT_OK;
    pt_fail(err, PT_EINVAL, "a card cannot be written to '%s'", path);
    return pt_err_hint(err, "its name ends in .html (a page), .json or .txt");
}

/* What a terminal would show, without colours. */
static pt_rc card_as_text(pt_str *out, pt_cli *cli, const pt_card *card, pt_err *err)
{
    const pt_str kept = cli->out;
    const bool color = cli->color;

    cli->out = (pt_str){0};
    cli->color = false;
    pt_rc rc = pt_cli_card_text(cli, card, err);
    *out = cli->out;
    cli->out = kept;
    cli->color = color;
    return rc;
}

pt_rc pt_model_card_write(pt_cli *cli, const pt_card *card, const pt_project *p, const char *path, pt_err *err)
{
    const char *end = strrchr(path, '.');
    char bytes[32];
    pt_str out = {0};
    pt_rc rc = PT_OK;

    PT_TRY(pt_model_card_path(path, err));
    if (strcmp(end, ".json") == 0)
        pt_card_json(&out, card);
    else if (strcmp(end, ".txt") == 0)
        rc = card_as_text(&out, cli, card, err);
    else
        rc = pt_card_html(&out, card, p->name, pt_lang_code(cli->lang), err);
    if (rc == PT_OK)
        rc = pt_str_check(&out, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, pt_str_cstr(&out), out.len, err);
    if (rc == PT_OK && !cli->json)
        PT_CLI_SAY(cli, CARD_WRITTEN, path, pt_format_bytes(bytes, out.len));
    pt_str_free(&out);
    return rc;
}
