#include "app/evaluate.h"

static void free_program(void *program)
{
    pt_program_free(program);
}

static void free_eval(void *eval)
{
    pt_eval_free(eval);
}

pt_rc pt_question_plan(pt_program **out, const pt_project *p, const pt_question *q, pt_arena *arena, pt_err *err)
{
    const pt_module *module = q->module ? q->module : p->module;

    if (q->node)
        PT_TRY(pt_program_build_expression(out, module, q->node, err));
    else
        PT_TRY(pt_program_build(out, module, q->tags, q->n_tags, err));
    if (pt_arena_defer(arena, free_program, *out))
        return PT_OK;
    pt_program_free(*out);
    return pt_fail_nomem(err, "a plan");
}

pt_rc pt_question_ask(pt_eval **out, const pt_project *p, const pt_question *q, const pt_batch *batch, int64_t as_of,
                      pt_arena *arena, pt_err *err)
{
    pt_eval_options options = {.as_of = as_of, .zone = p->zone, .base = q->base};
    pt_program *program;

    PT_TRY(pt_question_plan(&program, p, q, arena, err));
    PT_TRY(pt_eval_new(out, program, &options, err));
    if (!pt_arena_defer(arena, free_eval, *out)) {
        pt_eval_free(*out);
        return pt_fail_nomem(err, "an evaluation");
    }
    return pt_eval_run(*out, batch, err);
}
