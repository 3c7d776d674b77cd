#include "cli/journeytext.h"

#include <math.h>

/* --- options ----------------------------------------------------------------------------------------------------------------- */

pt_rc pt_journey_begin(pt_journey_options *out, const pt_cli *cli, pt_err *err)
{
    *out = (pt_journey_options){.segment = pt_journey_text(cli, "segment")};
    return pt_cli_threads(&out->threads, cli, err);
}

pt_sv pt_journey_text(const pt_cli *cli, const char *option)
{
    const char *value = pt_cli_option(cli, option);

    return pt_sv_trim(pt_sv_of(value ? value : ""));
}

pt_rc pt_journey_duration(int64_t *out, const pt_cli *cli, const char *option, pt_err *err)
{
    const char *value = pt_cli_option(cli, option);

    if (!value || (pt_duration_parse(out, pt_sv_of(value)) && *out > 0))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "--%s takes a length of time, not '%s'", option, value);
    return pt_err_hint(err, "for example 30m, 7d or \"1d 12h\"");
}

pt_rc pt_journey_day(int32_t *out, const pt_cli *cli, const char *option, pt_err *err)
{
    const char *value = pt_cli_option(cli, option);

    if (!value || pt_date_parse(out, pt_sv_of(value)))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "--%s takes a day, not '%s'", option, value);
    return pt_err_hint(err, "for example 2017-06-30");
}

pt_rc pt_journey_number(uint32_t *out, const pt_cli *cli, const char *option, uint32_t most, pt_err *err)
{
    const char *value = pt_cli_option(cli, option);
    uint32_t n = 0;
    bool number = value && *value && strlen(value) < 6;

    for (const char *c = value; number && *c; c++) {
        number = *c >= '0' && *c <= '9';
        n = n * 10 + (uint32_t)(*c - '0');
    }
    if (!value)
        return PT_OK;
    if (!number || n == 0 || n > most)
        return pt_fail(err, PT_EINVAL, "--%s takes a number from 1 to %u, not '%s'", option, most, value);
    *out = n;
    return PT_OK;
}

pt_rc pt_journey_end(pt_cli *cli, pt_diags *diags, pt_rc rc)
{
    return pt_cli_end(cli, diags, rc);
}

/* --- the first lines --------------------------------------------------------------------------------------------------------- */

void pt_journey_head(pt_cli *cli, const pt_project *p, const pt_journey *about)
{
    char members[32], customers[32];

    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, about->as_of));
    pt_format_count(members, about->members);
    if (about->segment[0])
        PT_CLI_SAY(cli, JOURNEY_SEGMENT, about->segment, members, pt_format_count(customers, about->customers));
    else
        PT_CLI_SAY(cli, JOURNEY_ALL, members);
}

void pt_journey_json(pt_json *j, pt_cli *cli, const pt_project *p, const pt_journey *about)
{
    char as_of[64];

    pt_json_init(j, &cli->out, 0);
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "as_of", pt_instant_format(as_of, about->as_of, p->zone));
    pt_json_key(j, "segment");
    if (about->segment[0])
        pt_json_cstr(j, about->segment);
    else
        pt_json_null(j);
    pt_journey_json_count(j, "members", about->members);
    pt_journey_json_count(j, "customers", about->customers);
    pt_journey_json_count(j, "min_group", about->min_group);
}

void pt_journey_json_count(pt_json *j, const char *key, uint64_t n)
{
    pt_json_key(j, key);
    if (n == PT_HIDDEN)
        pt_json_null(j);
    else
        pt_json_int(j, (int64_t)n);
}

void pt_journey_json_value(pt_json *j, const pt_project *p, uint32_t tag, const pt_journey_value *value)
{
    if (value->text.ptr) {
        pt_json_put_text(j, "value", value->text);
    } else if (value->missing) {
        pt_json_key(j, "value");
        pt_json_null(j);
    } else {
        pt_cli_json_bound(j, "value", value->number, p->module->types[tag], p->zone);
    }
}

/* --- figures ------------------------------------------------------------------------------------------------------------------ */

const char *pt_journey_count(pt_cli *cli, uint64_t n)
{
    return n == PT_HIDDEN ? "–" : pt_cli_count(cli, n);
}

const char *pt_journey_percent(pt_cli *cli, uint64_t part, uint64_t whole)
{
    if (part == PT_HIDDEN || whole == PT_HIDDEN || whole == 0)
        return "–";
    return pt_arena_printf(cli->arena, "%.1f%%", 100.0 * (double)part / (double)whole);
}

const char *pt_journey_bounds(pt_cli *cli, uint64_t least, uint64_t most, uint64_t whole)
{
    if (whole == PT_HIDDEN || whole == 0 || (most - least) * 2 > whole)
        return "–";
    if (least == 0)
        return pt_arena_printf(cli->arena, "<%.0f%%", ceil(100 * (double)(most + 1) / (double)whole));
    return pt_arena_printf(cli->arena, ">%.0f%%", floor(100 * (double)(least - 1) / (double)whole));
}

const char *pt_journey_wait(pt_cli *cli, int64_t length)
{
    static const struct {
        int64_t size;
        pt_text name;
    } units[] = {{PT_DAY, PT_TEXT_UNIT_DAYS},
                 {PT_HOUR, PT_TEXT_UNIT_HOURS},
                 {PT_MINUTE, PT_TEXT_UNIT_MINUTES},
                 {PT_SECOND, PT_TEXT_UNIT_SECONDS}};
    size_t i = 0;

    if (length == PT_I64_MISSING)
        return "–";
    while (i + 1 < PT_COUNT(units) && length < units[i].size)
        i++;
    bool two = i + 1 < PT_COUNT(units) && length < 10 * units[i].size;
    int64_t smallest = units[i + two].size, rounded = (length + smallest / 2) / smallest * smallest;
    long long big = rounded / units[i].size, small = rounded % units[i].size / smallest;
    const char *name = pt_cli_text(cli, units[i].name);
    if (!two || !small)
        return pt_arena_printf(cli->arena, "%lld%s", big, name);
    return pt_arena_printf(cli->arena, cli->lang == PT_ZH ? "%lld%s%lld%s" : "%lld%s %lld%s", big, name, small,
                           pt_cli_text(cli, units[i + 1].name));
}

const char *pt_journey_group(pt_cli *cli, const pt_project *p, uint32_t tag, const pt_journey_value *value)
{
    pt_bar bar = {.text = value->text, .low = value->number, .high = value->number};
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};

    return value->missing ? pt_cli_text(cli, PT_TEXT_COUNT_NO_VALUE) : pt_cli_bar_title(cli, &style, tag, &bar);
}

const char *pt_journey_source(const pt_cli *cli, const pt_project *p, uint32_t source)
{
    return pt_label_text(&p->sources[source].label, pt_lang_code(cli->lang), p->sources[source].name);
}
