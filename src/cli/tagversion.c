/* `tags spend@v1`: an earlier definition of a tag. */
#include "cli/tagtext.h"

/* The definition that `name` ("spend@v1") means and its tag; -1 when it means none. */
static int find_version(const pt_lang_version **out, const pt_project *p, pt_sv name)
{
    const char *at = name.len ? memchr(name.ptr, '@', name.len) : NULL;
    int64_t number;
    int tag = at ? pt_project_find_tag(p, (pt_sv){name.ptr, (size_t)(at - name.ptr)}) : -1;

    *out = NULL;
    if (tag < 0 || at + 2 > name.ptr + name.len || at[1] != 'v' ||
        !pt_parse_int64(&number, (pt_sv){at + 2, (size_t)(name.ptr + name.len - at - 2)}))
        return -1;
    const pt_lang_tag *twin = &p->catalog.tags[tag];
    for (size_t i = 0; i < twin->n_previous; i++)
        if (twin->previous[i].number == number)
            *out = &twin->previous[i];
    return *out || number == twin->version ? tag : -1;
}

static void print_json(pt_cli *cli, const pt_project *p, uint32_t tag, const pt_lang_version *v)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "tag", p->tags[tag].name);
    pt_json_put_int(&j, "version", v->number);
    pt_json_put_text(&j, "value", v->value);
    pt_json_put_int(&j, "present", p->tags[tag].version);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

int pt_cli_tag_version(pt_cli *cli, const pt_project *p, pt_sv name)
{
    const pt_lang_version *v;
    int tag = find_version(&v, p, name);
    char number[32], present[32];

    if (tag < 0 || !v)
        return tag;
    if (cli->json) {
        print_json(cli, p, (uint32_t)tag, v);
        return PT_TAG_SHOWN;
    }
    pt_cli_title(cli, p, (uint32_t)tag);
    PT_CLI_SAY(cli, TAG_PAST, pt_format_count(number, v->number), pt_format_count(present, p->tags[tag].version));
    pt_str_addf(&cli->out, "  %.*s\n", (int)v->value.len, v->value.ptr);
    return PT_TAG_SHOWN;
}

void pt_cli_tag_upkeep(pt_cli *cli, const pt_project *p, uint32_t tag)
{
    const pt_lang_tag *twin = &p->catalog.tags[tag];
    char text[64], number[32];

    if (twin->ttl)
        PT_CLI_SAY(cli, TAG_TTL, pt_duration_format(text, twin->ttl));
    if (twin->keep)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_TAG_KEEPS));
    if (twin->version > 1)
        PT_CLI_SAY(cli, TAG_VERSION, pt_format_count(number, twin->version));
    for (size_t i = 0; i < twin->n_previous; i++)
        pt_str_addf(&cli->out, "    v%u: %.*s\n", twin->previous[i].number, (int)twin->previous[i].value.len,
                    twin->previous[i].value.ptr);
    if (twin->confidence.len) {
        const char *copy = pt_arena_strndup(cli->arena, twin->confidence.ptr, twin->confidence.len);
        PT_CLI_SAY(cli, TAG_CONFIDENCE, copy ? copy : "");
    }
}
