#include "cli/modeltext.h"

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

    pt_json_key(j, key);
    pt_json_cstr(j, instant == PT_I64_MISSING ? NULL : pt_instant_format(text, instant, p->zone));
}

void pt_model_version_json(pt_json *j, const pt_project *p, const pt_model_version *v)
{
    char text[64];

    pt_json_key(j, "version");
    pt_json_int(j, v->number);
    pt_json_key(j, "task");
    pt_json_cstr(j, v->task);
    pt_json_key(j, "algorithm");
    pt_json_cstr(j, v->algorithm);
    pt_json_key(j, "measure");
    pt_json_cstr(j, v->measure[0] ? v->measure : NULL);
    pt_json_key(j, "part");
    pt_json_cstr(j, v->part[0] ? v->part : NULL);
    pt_json_key(j, "value");
    pt_json_number(j, v->value);
    pt_json_key(j, "low");
    pt_json_number(j, v->low);
    pt_json_key(j, "high");
    pt_json_number(j, v->high);
    pt_json_key(j, "train");
    pt_json_open(j, '[');
    for (size_t i = 0; i < v->n_train; i++)
        pt_json_cstr(j, pt_instant_format(text, v->train[i], p->zone));
    pt_json_close(j, ']');
    json_instant(j, p, "test", v->test);
    json_instant(j, p, "data_end", v->data_end);
    json_instant(j, p, "trained_at", v->trained_at);
    pt_hash128_hex(text, v->artifact);
    pt_json_key(j, "artifact");
    pt_json_cstr(j, text);
    pt_json_key(j, "bytes");
    pt_json_int(j, (int64_t)v->bytes);
}
