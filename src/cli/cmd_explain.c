#include <math.h>

#include "app/model_explain.h"
#include "app/render.h"
#include "cli/membershiptext.h"
#include "cli/prooftext.h"
#include "cli/tagtext.h"

/* --- error codes -------------------------------------------------------------------------------------------------- */

/* "E0301", "e301": a letter and digits alone. A tag may not be called so without losing to the code. */
static bool is_error_code(const char *what)
{
    return (what[0] == 'E' || what[0] == 'e') && what[1] && strspn(what + 1, "0123456789") == strlen(what + 1);
}

static pt_rc explain_code(pt_cli *cli, const char *code, pt_err *err)
{
    const pt_diag_info *info = pt_app_diag_info(pt_sv_of(code));
    bool zh = cli->lang == PT_ZH;
    pt_json j;

    if (!info)
        return pt_fail(err, PT_ENOTFOUND, "there is no error code %s", code);
    const char *title = zh && info->title_zh ? info->title_zh : info->title;
    const char *text = zh && info->explanation_zh ? info->explanation_zh : info->explanation;
    if (!cli->json) {
        pt_str_addf(&cli->out, "E%04d: %s\n\n%s\n", info->code, title, text);
        return PT_OK;
    }
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "code", pt_arena_printf(cli->arena, "E%04d", info->code));
    pt_json_put_cstr(&j, "title", title);
    pt_json_put_cstr(&j, "explanation", text);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
    return PT_OK;
}

/* --- proofs ------------------------------------------------------------------------------------------------------- */

typedef struct view {
    pt_cli *cli;
    const pt_project *project;
    const pt_explanation *x;
    pt_render_style style;
} view;

/* What proofs are printed with. */
static pt_proof_style proofs_of(const view *v)
{
    return (pt_proof_style){v->cli, v->project, v->x->events, v->style};
}

static void add_value(const view *v, int tag, const pt_column *c)
{
    pt_cli_value(v->cli, &v->style, tag, c);
}

static void print_proof(const view *v, const pt_proof *proof)
{
    pt_cli *cli = v->cli;
    pt_proof_style style = proofs_of(v);
    char count[32];

    pt_str_addf(&cli->out, "    %s = ", proof->text);
    add_value(v, -1, &proof->value);
    PT_CLI_SAY(cli, EXPLAIN_EVENTS, pt_format_count(count, proof->n_events));
    pt_cli_proof_events(&style, proof, PT_PROOF_EVENTS, "      ");
    if (proof->changes_at != INT64_MAX)
        PT_CLI_SAY(cli, EXPLAIN_CHANGES, pt_format_as_of(cli, v->project, proof->changes_at));
}

static void print_finding(const view *v, const pt_finding *f)
{
    pt_cli *cli = v->cli;
    char confidence[64];

    pt_str_addf(&cli->out, "  %s = ", f->tag >= 0 ? v->project->tags[f->tag].name : v->x->text);
    add_value(v, f->tag, &f->value);
    pt_str_addc(&cli->out, '\n');
    if (f->kept_from != PT_I64_MISSING)
        PT_CLI_SAY(cli, EXPLAIN_KEPT, pt_format_as_of(cli, v->project, f->kept_from));
    if (!isnan(f->confidence)) {
        snprintf(confidence, sizeof confidence, "%.2f", f->confidence);
        PT_CLI_SAY(cli, EXPLAIN_CONFIDENCE, confidence);
    }
    for (size_t i = 0; i < f->n_proofs; i++)
        print_proof(v, &f->proofs[i]);
}

/* A value that changes from one second to the next (an age in seconds, a decaying weight) has no next change to tell. */
static bool changes_steadily(const pt_explanation *x)
{
    return x->findings[0].next_change - x->as_of <= PT_SECOND;
}

static void print_next(const view *v)
{
    pt_cli *cli = v->cli;
    const pt_finding *f = &v->x->findings[0];
    pt_str value = {0};

    if (f->next_change == INT64_MAX || changes_steadily(v->x))
        return;
    pt_render_text(&value, &v->style, f->tag, &f->next_value, 0);
    if (!value.len)
        pt_str_add(&value, pt_cli_text(cli, PT_TEXT_EXPLAIN_MISSING));
    PT_CLI_SAY(cli, EXPLAIN_NEXT, pt_str_cstr(&value), pt_format_as_of(cli, v->project, f->next_change));
    pt_str_free(&value);
}

/* What counts most for a model's value, with the direction in which it pushes. */
static void print_reasons(const view *v)
{
    const pt_model_why *why = v->x->why;
    char number[16];

    if (!why || !why->n)
        return;
    snprintf(number, sizeof number, "%u", why->version);
    PT_CLI_SAY(v->cli, EXPLAIN_REASONS, why->model, number);
    for (size_t i = 0; i < why->n; i++)
        pt_str_addf(&v->cli->out, "    %s %s\n", why->reasons[i].contribution > 0 ? "+" : "-", why->reasons[i].text);
}

static void print_customer(const view *v)
{
    pt_cli *cli = v->cli;
    const char *id = pt_arena_strndup(cli->arena, v->x->customer.ptr, v->x->customer.len);

    pt_str_addc(&cli->out, '\n');
    pt_cli_forwarded(cli, v->x->asked, v->x->customer);
    PT_CLI_SAY(cli, EXPLAIN_CUSTOMER, id ? id : "", pt_format_as_of(cli, v->project, v->x->as_of));
    for (size_t i = 0; i < v->x->n_findings; i++) {
        print_finding(v, &v->x->findings[i]);
        if (i == 0)
            print_reasons(v);
        if (i == 0)
            print_next(v);
    }
}

/* --- stages ------------------------------------------------------------------------------------------------------- */

static void print_block(pt_cli *cli, pt_text title, const char *text)
{
    if (!*text)
        return;
    pt_str_addf(&cli->out, "\n%s%s%s\n", cli->color ? "\033[1m" : "", pt_cli_text(cli, title),
                cli->color ? "\033[0m" : "");
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");
        pt_str_addf(&cli->out, "  %.*s\n", (int)n, line);
        line += n + (line[n] == '\n');
    }
}

/* What the expression and everything it uses is: one line each. */
static void print_types(pt_cli *cli, const pt_project *p, const pt_explanation *x)
{
    const pt_lineage *l = &x->lineage;

    pt_str_addf(&cli->out, "%s: %s\n", x->tag >= 0 ? p->tags[x->tag].name : x->text, pt_type_name(x->type));
    for (size_t i = l->n_tags; i-- > 0;)
        pt_str_addf(&cli->out, "  %s: %s\n", p->tags[l->tags[i]].name, pt_type_name(p->module->types[l->tags[i]]));
    for (size_t i = 0; i < l->n_columns; i++) {
        const pt_source *s = &p->sources[l->columns[i].source];
        int32_t c = l->columns[i].column;
        pt_str_addf(&cli->out, "  %s.%s: %s\n", s->name, c < 0 ? "time" : s->columns[c].name,
                    pt_type_name(c < 0 ? PT_TYPE_INSTANT : s->columns[c].type));
    }
}

static void print_constants(const view *v)
{
    pt_str name = {0};

    if (v->x->n_constants)
        PT_CLI_SAY(v->cli, EXPLAIN_BASE, pt_format_as_of(v->cli, v->project, v->x->built_as_of));
    for (size_t i = 0; i < v->x->n_constants; i++) {
        pt_str_clear(&name);
        pt_lang_print(&name, v->x->constants[i].node, &v->project->catalog);
        pt_str_addf(&v->cli->out, "  %s = ", pt_str_cstr(&name));
        add_value(v, -1, &v->x->constants[i].value);
        pt_str_addc(&v->cli->out, '\n');
    }
    pt_str_free(&name);
}

static void print_all(const view *v)
{
    pt_cli *cli = v->cli;
    const pt_explanation *x = v->x;

    if (x->tag >= 0)
        pt_cli_title(cli, v->project, (uint32_t)x->tag);
    pt_str_addf(&cli->out, "%s : %s\n", x->text, pt_cli_translate(cli, pt_type_name(x->type)));
    pt_lineage_print(cli, v->project, &x->lineage);
    print_constants(v);
    if (x->has_customer) {
        print_customer(v);
        return;
    }
    print_block(cli, PT_TEXT_EXPLAIN_TREE, x->tree);
    print_block(cli, PT_TEXT_EXPLAIN_PLAN, x->plan);
}

static pt_rc print_stage(const view *v, const char *stage, pt_err *err)
{
    if (strcmp(stage, "ast") == 0)
        pt_str_add(&v->cli->out, v->x->tree);
    else if (strcmp(stage, "types") == 0)
        print_types(v->cli, v->project, v->x);
    else if (strcmp(stage, "plan") == 0)
        pt_str_add(&v->cli->out, v->x->plan);
    else
        return pt_fail(err, PT_EINVAL, "--stage is ast, types or plan");
    return PT_OK;
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_customer(pt_json *j, const view *v)
{
    pt_proof_style style = proofs_of(v);

    pt_json_put_text(j, "customer", v->x->customer);
    if (v->x->asked.len) {
        pt_json_put_text(j, "asked", v->x->asked);
    }
    pt_cli_json_instant(j, "as_of", v->x->as_of, PT_I64_MISSING, v->project->zone);
    pt_json_put_open(j, "findings", '[');
    for (size_t i = 0; i < v->x->n_findings; i++) {
        const pt_finding *f = &v->x->findings[i];
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "tag", f->tag >= 0 ? v->project->tags[f->tag].name : NULL);
        pt_json_key(j, "value");
        pt_render_json(j, &f->value, 0, v->project->zone);
        pt_json_put_number(j, "confidence", f->confidence);
        pt_cli_json_instant(j, "kept_from", f->kept_from, PT_I64_MISSING, v->project->zone);
        pt_json_put_open(j, "proofs", '[');
        for (size_t k = 0; k < f->n_proofs; k++)
            pt_cli_json_proof(j, &style, &f->proofs[k]);
        pt_json_close(j, ']');
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_cli_json_instant(j, "next_change", v->x->findings[0].next_change, INT64_MAX, v->project->zone);
    pt_json_key(j, "next_value");
    if (v->x->findings[0].next_change == INT64_MAX)
        pt_json_null(j);
    else
        pt_render_json(j, &v->x->findings[0].next_value, 0, v->project->zone);
}

static void json_reasons(pt_json *j, const pt_model_why *why)
{
    pt_json_put_open(j, "reasons", '[');
    for (size_t i = 0; why && i < why->n; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "tag", why->reasons[i].feature);
        pt_json_put_number(j, "contribution", why->reasons[i].contribution);
        pt_json_put_cstr(j, "text", why->reasons[i].text);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_constants(pt_json *j, const view *v)
{
    pt_str name = {0};

    pt_json_put_open(j, "base", '{');
    for (size_t i = 0; i < v->x->n_constants; i++) {
        pt_str_clear(&name);
        pt_lang_print(&name, v->x->constants[i].node, &v->project->catalog);
        pt_json_key(j, pt_str_cstr(&name));
        pt_render_json(j, &v->x->constants[i].value, 0, v->project->zone);
    }
    pt_json_close(j, '}');
    pt_str_free(&name);
}

static void print_json(const view *v)
{
    const pt_explanation *x = v->x;
    pt_json j;

    pt_json_init(&j, &v->cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "tag", x->tag >= 0 ? v->project->tags[x->tag].name : NULL);
    pt_json_put_cstr(&j, "type", pt_type_name(x->type));
    pt_json_put_cstr(&j, "expression", x->text);
    pt_json_put_cstr(&j, "tree", x->tree);
    pt_json_put_cstr(&j, "plan", x->plan);
    pt_lineage_json(&j, v->project, &x->lineage);
    json_constants(&j, v);
    if (x->has_customer)
        json_customer(&j, v);
    if (x->why)
        json_reasons(&j, x->why);
    pt_json_close(&j, '}');
    pt_str_addc(&v->cli->out, '\n');
}

/* --- the command -------------------------------------------------------------------------------------------------- */

/* A condition and a customer: why they are in, or not. */
static pt_rc explain_membership(pt_cli *cli, pt_app *app, const pt_explain_options *options, pt_diags *diags,
                                pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    const pt_membership *m;

    PT_TRY(pt_app_membership(&m, app, pt_sv_of(cli->args[0]), options, diags, cli->arena, err));
    if (cli->json)
        pt_cli_membership_json(cli, p, m);
    else
        pt_cli_membership(cli, p, m);
    return PT_OK;
}

static pt_rc explain_value(pt_cli *cli, pt_app *app, const pt_explain_options *options, pt_diags *diags, pt_err *err)
{
    view v = {.cli = cli,
              .project = pt_app_project(app),
              .style = {.project = pt_app_project(app), .lang = pt_lang_code(cli->lang)}};
    const char *stage = pt_cli_option(cli, "stage");

    pt_explain_options own = *options;

    own.lang = v.style.lang;
    PT_TRY(pt_app_explain(&v.x, app, pt_sv_of(cli->args[0]), &own, diags, cli->arena, err));
    if (stage)
        return print_stage(&v, stage, err);
    if (cli->json)
        print_json(&v);
    else
        print_all(&v);
    return PT_OK;
}

/* A saved segment and no customer: its rule, and how many each part keeps. */
static pt_rc explain_segment(pt_cli *cli, pt_app *app, const pt_explain_options *options, pt_diags *diags, pt_err *err)
{
    pt_crowd_options crowd = {0};
    pt_rule_sizes sizes;

    (void)options;
    PT_TRY(pt_cli_threads(&crowd.threads, cli, err));
    PT_TRY(pt_app_rule_sizes(&sizes, app, pt_sv_of(cli->args[0]), &crowd, diags, cli->arena, err));
    pt_cli_rule_sizes(cli, pt_app_project(app), &sizes);
    return PT_OK;
}

static pt_rc explain(pt_cli *cli, pt_app *app, pt_err *err)
{
    pt_explain_options options = {.customer = pt_sv_of(pt_cli_option(cli, "customer"))};
    pt_diags diags;

    if (pt_cli_option(cli, "customer") && !options.customer.len) {
        pt_fail(err, PT_EINVAL, "say which customer");
        return pt_err_hint(err, "--customer ID");
    }
    PT_TRY(pt_cli_as_of(&options.as_of, &options.has_as_of, cli, pt_app_project(app), err));
    pt_sv what = pt_sv_of(cli->args[0]);
    bool staged = pt_cli_option(cli, "stage");
    bool membership = options.customer.len && !staged && pt_app_is_condition(app, what, cli->arena);
    bool segment = !options.customer.len && !staged && pt_project_find_segment(pt_app_project(app), what) >= 0;
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = membership ? explain_membership(cli, app, &options, &diags, err)
               : segment  ? explain_segment(cli, app, &options, &diags, err)
                          : explain_value(cli, app, &options, &diags, err);
    return pt_cli_end(cli, &diags, rc);
}

pt_rc pt_cmd_explain(pt_cli *cli, pt_err *err)
{
    pt_app *app;

    if (is_error_code(cli->args[0]))
        return explain_code(cli, cli->args[0], err);
    PT_TRY(pt_cli_open(&app, cli, err));
    return explain(cli, app, err);
}
