#include "cli/cataloguetext.h"

pt_rc pt_cli_plan(const pt_catalogue_plan **out, pt_cli *cli, pt_app *app, pt_err *err)
{
    pt_rc rc = pt_app_plan(out, app, cli->arena, err);

    if (rc == PT_EINVAL && pt_app_diags(app)->errors) {
        pt_cli_problems(cli, pt_app_diags(app));
        cli->quiet_failure = true;
    }
    return rc;
}

static bool has_label(const pt_label *l, const char *text)
{
    return (l->zh && strcmp(l->zh, text) == 0) || (l->en && strcasecmp(l->en, text) == 0);
}

pt_rc pt_cli_template(uint32_t *out, const pt_catalogue *c, const char *name, pt_err *err)
{
    int found = pt_catalogue_find_template(c, pt_sv_of(name));
    const char *names[1024];
    size_t n = 0;

    for (size_t i = 0; found < 0 && i < c->n_templates; i++)
        if (has_label(&c->templates[i].label, name))
            found = (int)i;
    if (found >= 0) {
        *out = (uint32_t)found;
        return PT_OK;
    }
    for (; n < c->n_templates && n < PT_COUNT(names); n++)
        names[n] = c->templates[n].name;
    int near = pt_nearest(pt_sv_of(name), names, n);
    pt_fail(err, PT_ENOTFOUND, "there is no template '%.60s'", name);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", names[near])
                     : pt_err_hint(err, "portrait tags --templates lists all");
}

/* --- groups ------------------------------------------------------------------------------------------------------- */

static const pt_label *group_label(const pt_catalogue *c, const char *path)
{
    for (size_t i = 0; i < c->n_groups; i++)
        if (strcmp(c->groups[i].path, path) == 0)
            return &c->groups[i].label;
    return NULL;
}

static const char *group_text(pt_cli *cli, const pt_catalogue *c, const char *path, const char *lang)
{
    const char *text = "";

    for (const char *at = path; at && *at;) {
        const char *slash = strchr(at, '/');
        size_t whole = slash ? (size_t)(slash - path) : strlen(path);
        const char *head = pt_arena_strndup(cli->arena, path, whole);
        const char *part = pt_arena_strndup(cli->arena, at, slash ? (size_t)(slash - at) : strlen(at));
        const pt_label *label = head ? group_label(c, head) : NULL;
        const char *shown = label ? pt_label_text(label, lang, part) : part;
        text = pt_arena_printf(cli->arena, "%s%s%s", text, *text ? "/" : "", shown ? shown : "");
        if (!text)
            return path;
        at = slash ? slash + 1 : NULL;
    }
    return text;
}

const char *pt_cli_template_group(pt_cli *cli, const pt_catalogue *c, const char *path)
{
    return group_text(cli, c, path, pt_lang_code(cli->lang));
}

static bool is_below(const char *path, const char *group)
{
    size_t n = strlen(group);

    while (n && group[n - 1] == '/')
        n--;
    return strncmp(path, group, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

bool pt_cli_in_group(pt_cli *cli, const pt_catalogue *c, const char *path, const char *group)
{
    return !group || is_below(path, group) || is_below(group_text(cli, c, path, "zh"), group) ||
           is_below(group_text(cli, c, path, "en"), group);
}

pt_rc pt_cli_check_template_group(pt_cli *cli, const pt_catalogue *c, const char *group, pt_err *err)
{
    const char *paths[1024];
    size_t n = 0;

    for (size_t i = 0; i < c->n_templates; i++) {
        if (pt_cli_in_group(cli, c, c->templates[i].group, group))
            return PT_OK;
        if (n < PT_COUNT(paths))
            paths[n++] = c->templates[i].group;
    }
    int near = pt_nearest(pt_sv_of(group), paths, n);
    pt_fail(err, PT_ENOTFOUND, "no template is in the group '%.60s'", group);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", paths[near])
                     : pt_err_hint(err, "portrait tags --templates lists all groups");
}

const char *pt_cli_state_text(const pt_cli *cli, pt_template_state state)
{
    static const pt_text texts[] = {PT_TEXT_TEMPLATES_PRESENT, PT_TEXT_TEMPLATES_COMPUTABLE, PT_TEXT_TEMPLATES_SURVEY,
                                    PT_TEXT_TEMPLATES_IMPORT, PT_TEXT_TEMPLATES_LACKING};

    return pt_cli_text(cli, texts[state]);
}
