#include "app/render.h"
#include "cli/cli.h"

const char *pt_format_about(char *buf, uint64_t n, pt_lang_id lang)
{
    bool hundred_millions = n >= 99995000; /* below it rounds to 9999.9万 at most */
    char digits[24];

    if (lang != PT_ZH || n < 100000)
        return pt_format_count(buf, n);
    size_t len = (size_t)snprintf(digits, sizeof digits, "%.1f", (double)n / (hundred_millions ? 1e8 : 1e4));
    if (digits[len - 1] == '0')
        digits[len - 2] = '\0';
    snprintf(buf, 32, "%s%s", digits, hundred_millions ? "亿" : "万");
    return buf;
}

const char *pt_format_seconds(char *buf, double seconds, pt_lang_id lang)
{
    bool zh = lang == PT_ZH;

    if (seconds < 1)
        snprintf(buf, 32, zh ? "%.0f 毫秒" : "%.0f ms", seconds * 1e3);
    else if (seconds < 60)
        snprintf(buf, 32, zh ? "%.1f 秒" : "%.1f s", seconds);
    else
        snprintf(buf, 32, zh ? "%.0f 分 %.0f 秒" : "%.0f min %.0f s", (double)(long)(seconds / 60),
                 seconds - 60 * (double)(long)(seconds / 60));
    return buf;
}

const char *pt_format_bytes(char *buf, uint64_t bytes)
{
    static const char *const units[] = {"B", "KB", "MB", "GB", "TB", "PB"};
    double n = (double)bytes;
    size_t unit = 0;

    while (n >= 999.5 && unit + 1 < PT_COUNT(units)) {
        n /= 1000;
        unit++;
    }
    snprintf(buf, 32, unit && n < 100 ? "%.1f %s" : "%.0f %s", n, units[unit]);
    return buf;
}

const char *pt_format_as_of(const pt_cli *cli, const pt_project *p, int64_t instant)
{
    pt_str text = {0};

    pt_render_moment(&text, instant, p->zone, pt_lang_code(cli->lang));
    pt_str_addf(&text, cli->lang == PT_ZH ? "（%s）" : " %s", p->zone_name);
    return pt_cli_keep(cli, &text);
}

/* --- in the arena -------------------------------------------------------------------------------------------------- */

const char *pt_cli_keep(const pt_cli *cli, pt_str *text)
{
    const char *copy = pt_arena_strndup(cli->arena, pt_str_cstr(text), text->len);

    pt_str_free(text);
    return copy ? copy : "";
}

const char *pt_cli_count(const pt_cli *cli, uint64_t n)
{
    char buf[32];
    const char *text = pt_arena_strdup(cli->arena, pt_format_count(buf, n));

    return text ? text : "";
}

const char *pt_cli_share(const pt_cli *cli, uint64_t part, uint64_t whole)
{
    const char *text = pt_arena_printf(cli->arena, "%.1f%%", whole ? 100.0 * (double)part / (double)whole : 0.0);

    return text ? text : "";
}

const char *pt_cli_node(const pt_cli *cli, const pt_node *node, const pt_catalog *c)
{
    pt_str text = {0};

    pt_lang_print(&text, node, c);
    return pt_cli_keep(cli, &text);
}

const char *pt_cli_tag_label(const pt_cli *cli, const pt_project *p, uint32_t tag)
{
    return pt_label_text(&p->tags[tag].label, pt_lang_code(cli->lang), p->tags[tag].name);
}
