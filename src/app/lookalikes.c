#include "app/lookalikes.h"

#include "app/app_int.h"
#include "app/crowd_query.h"
#include "app/learn.h"
#include "base/json.h"
#include "project/kind_lookalike.h"

#define MODEL "lookalike_on_the_spot"

typedef struct asking {
    const pt_lookalikes_question *question;
    pt_lookalikes *out;
    const pt_model_def *def;
    pt_view *view;
    pt_pool *pool;
    pt_arena *arena;
} asking;

/* --- the model --------------------------------------------------------------------------------------------------------- */

static void add_names(pt_str *out, const char *names)
{
    const char *separator = "[";
    pt_json j;

    for (const char *at = names; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        pt_sv name = pt_sv_trim((pt_sv){at, strcspn(at, ",")});
        if (!name.len)
            continue;
        pt_str_add(out, separator);
        pt_json_init(&j, out, 0);
        pt_json_text(&j, name);
        separator = ", ";
    }
    pt_str_add(out, *separator == '[' ? "[]" : "]");
}

static void write_features(pt_str *out, const pt_lookalikes_question *question)
{
    if (question->features) {
        pt_str_add(out, "  features: ");
        add_names(out, question->features);
        pt_str_addc(out, '\n');
    } else if (question->except) {
        pt_str_add(out, "  features: {auto: true, except: ");
        add_names(out, question->except);
        pt_str_add(out, "}\n");
    }
}

/* The condition as it stands, on a line of its own: JSON's text is YAML's too. */
static pt_rc write_model(pt_sv *out, const pt_lookalikes_question *question, pt_arena *arena, pt_err *err)
{
    pt_str text = {0};
    pt_json j;

    pt_str_add(&text, MODEL ":\n  task: lookalike\n  like: ");
    pt_json_init(&j, &text, 0);
    pt_json_text(&j, pt_sv_trim(question->seed));
    pt_str_addc(&text, '\n');
    write_features(&text, question);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK) {
        *out = (pt_sv){pt_arena_strndup(arena, text.ptr, text.len), text.len};
        rc = out->ptr ? PT_OK : pt_fail_nomem(err, "the model");
    }
    pt_str_free(&text);
    return rc;
}

/* The project as it would be with a model of the condition in it: so the question is checked, and learned from, as one in a file. */
static pt_rc load_project(pt_project **out, const pt_app *app, const pt_lookalikes_question *question, pt_arena *arena,
                          pt_err *err)
{
    pt_project_edit edit = {.path = "models/" MODEL ".yaml"};
    pt_diags diags;

    PT_TRY(write_model(&edit.bytes, question, arena, err));
    pt_diags_init(&diags, arena);
    PT_TRY(pt_project_load_edited(out, app->project->root, &edit, 1, &diags, arena, err));
    if (!diags.errors)
        return PT_OK;
    pt_rc rc = pt_diags_result(&diags, err);
    pt_err_at(err, "", 0, 0); /* nobody wrote that file */
    return rc;
}

/* --- the ranking ------------------------------------------------------------------------------------------------------- */

static pt_rc take_rows(asking *a, const pt_column *columns, pt_err *err)
{
    const double *rank = columns[PT_LOOKALIKE_RANK].data, *score = columns[PT_LOOKALIKE_SCORE].data;
    size_t top = a->question->top ? a->question->top : PT_LOOKALIKES_TOP;

    for (uint32_t c = 0; c < a->view->n_ordinals; c++) {
        a->out->others += rank[c] > 0;
        a->out->in_seed += score[c] >= 0 && !(rank[c] > 0);
    }
    a->out->n = top < a->out->others ? top : (size_t)a->out->others;
    pt_lookalikes_row *rows = PT_NEW_ARRAY(a->arena, pt_lookalikes_row, a->out->n + 1);
    if (!rows)
        return pt_fail_nomem(err, "the ranking");
    for (uint32_t c = 0; c < a->view->n_ordinals; c++) {
        if (!(rank[c] > 0) || rank[c] > (double)a->out->n)
            continue;
        pt_sv id = pt_directory_id(a->view->directory, c);
        pt_lookalikes_row *row = &rows[(size_t)rank[c] - 1];
        *row = (pt_lookalikes_row){pt_arena_strndup(a->arena, id.ptr, id.len), score[c]};
        if (!row->id)
            return pt_fail_nomem(err, "the ranking");
    }
    a->out->rows = rows;
    return PT_OK;
}

static pt_rc rank(asking *a, const pt_learned *learned, pt_err *err)
{
    static const bool wanted[PT_LOOKALIKE_OUTPUTS] = {true, true, true};
    const pt_learn_kind *kind = pt_learn_kind_of(a->def);
    pt_column columns[PT_LOOKALIKE_OUTPUTS] = {0};
    pt_score_request request = {.view = a->view,
                                .def = a->def,
                                .as_of = a->view->as_of,
                                .wanted = wanted,
                                .pool = a->pool,
                                .cancel = a->question->cancel,
                                .arena = a->arena};
    void *model;

    PT_TRY(kind->open(&model, (pt_sv){pt_str_cstr(&learned->bytes), learned->bytes.len}, a->def, err));
    pt_rc rc = kind->score(columns, model, &request, err);
    kind->close(model);
    return rc == PT_OK ? take_rows(a, columns, err) : rc;
}

static pt_rc learn(asking *a, pt_err *err)
{
    pt_learn_request request = {.view = a->view,
                                .def = a->def,
                                .seed = a->def->seed,
                                .pool = a->pool,
                                .cancel = a->question->cancel,
                                .report = a->question->report,
                                .report_ctx = a->question->report_ctx,
                                .arena = a->arena};
    pt_learned learned = {0};
    int64_t first;

    PT_TRY(pt_view_timelines(a->view, err));
    PT_TRY(pt_learn_span(&first, &request.data_end, a->view, err));
    pt_rc rc = pt_learn_kind_of(a->def)->train(&learned, &request, err);
    if (rc == PT_OK)
        rc = rank(a, &learned, err);
    pt_str_free(&learned.bytes);
    a->out->card = learned.card;
    return rc;
}

static pt_rc ask(asking *a, const pt_project *p, pt_err *err)
{
    int model = pt_project_find_model(p, pt_sv_of(MODEL));

    a->def = &p->models[model];
    PT_TRY(pt_view_open(&a->view, p, err));
    a->out->as_of = a->view->as_of;
    pt_rc rc = learn(a, err);
    pt_view_close(a->view);
    return rc;
}

pt_rc pt_app_lookalikes(pt_lookalikes *out, pt_app *app, const pt_lookalikes_question *question, pt_diags *diags,
                        pt_arena *arena, pt_err *err)
{
    const pt_crowd_options options = {.threads = question->threads, .cancel = question->cancel};
    asking a = {.question = question, .out = out, .arena = arena};
    pt_project *project;
    pt_crowd_query query;

    *out = (pt_lookalikes){.seed = pt_arena_strndup(arena, question->seed.ptr, question->seed.len)};
    if (!pt_sv_trim(question->seed).len)
        return pt_fail(err, PT_EINVAL, "name a segment or give a condition: who is to be looked like");
    /* Problems are shown in the question, not in a file that nobody wrote. */
    PT_TRY(pt_crowd_query_open(&query, app, question->seed, &options, diags, arena, err));
    PT_TRY(load_project(&project, app, question, arena, err));
    a.pool = query.pool;
    return ask(&a, project, err);
}
