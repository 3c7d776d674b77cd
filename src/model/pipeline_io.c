/* A pipeline as bytes: a mark, the learner's name, what preparation learned, the learner's own bytes, a checksum. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "model/pipeline_int.h"

static const char mark[8] = "PTMODEL1";

static void put32(pt_str *out, uint32_t value)
{
    pt_frame_put(out, &value, sizeof value);
}

static void save_head(pt_str *out, const pt_pipeline *p)
{
    pt_str_addn(out, mark, sizeof mark);
    pt_frame_put_text(out, p->learner->name);
    put32(out, p->task);
    put32(out, p->n_classes);
    pt_frame_put(out, &p->threshold, sizeof p->threshold);
    put32(out, p->n_edges);
    pt_frame_put(out, p->edges, sizeof p->edges);
    pt_frame_put(out, p->shares, sizeof p->shares);
    for (uint32_t c = 0; c < p->n_classes; c++)
        pt_frame_put_text(out, p->classes[c]);
    put32(out, (uint32_t)p->learner->n_parameters);
    for (size_t i = 0; i < p->learner->n_parameters; i++) {
        pt_frame_put_text(out, p->learner->parameters[i].name);
        pt_frame_put(out, &p->parameters[i], sizeof p->parameters[i]);
    }
}

pt_rc pt_pipeline_save(pt_str *out, const pt_pipeline *p, pt_err *err)
{
    pt_str model = {0};
    pt_rc rc = p->learner->save(&model, p->model, err);
    const size_t first = out->len;

    if (rc == PT_OK) {
        save_head(out, p);
        pt_prepare_save(out, &p->prepare);
        pt_frame_put64(out, model.len);
        pt_str_addn(out, model.ptr, model.len);
        if (!out->failed)
            pt_frame_put64(out, pt_hash64(out->ptr + first, out->len - first));
        rc = pt_str_check(out, err);
    }
    pt_str_free(&model);
    return rc;
}

/* --- reading ------------------------------------------------------------------------------------------------------- */

static pt_rc damaged(pt_err *err)
{
    return pt_fail(err, PT_ECORRUPT, "the stored model is damaged");
}

static bool seal_holds(pt_sv *bytes)
{
    uint64_t sum;

    if (bytes->len < sizeof mark + sizeof sum || memcmp(bytes->ptr, mark, sizeof mark) != 0)
        return false;
    bytes->len -= sizeof sum;
    memcpy(&sum, bytes->ptr + bytes->len, sizeof sum);
    if (sum != pt_hash64(bytes->ptr, bytes->len))
        return false;
    bytes->ptr += sizeof mark;
    bytes->len -= sizeof mark;
    return true;
}

static uint32_t get32(pt_frame_cursor *in)
{
    uint32_t v;

    pt_frame_get(in, &v, sizeof v);
    return v;
}

/* Threshold, edges and shares alone. */
static void load_scores(pt_pipeline *p, pt_frame_cursor *in)
{
    pt_frame_get(in, &p->threshold, sizeof p->threshold);
    p->n_edges = get32(in);
    pt_frame_get(in, p->edges, sizeof p->edges);
    pt_frame_get(in, p->shares, sizeof p->shares);
    if (!(p->threshold >= 0 && p->threshold <= 1) || p->n_edges > PT_MOST_EDGES)
        in->failed = true;
    for (uint32_t i = 0; !in->failed && i < p->n_edges; i++)
        in->failed = !isfinite(p->edges[i]) || (i > 0 && p->edges[i - 1] >= p->edges[i]);
    for (int i = 0; !in->failed && i <= PT_MOST_EDGES; i++)
        in->failed = !(p->shares[i] >= 0 && p->shares[i] <= 1);
}

static pt_rc load_head(pt_pipeline **out, pt_frame_cursor *in, pt_arena *arena, pt_err *err)
{
    const char *name = pt_frame_get_text(in, arena);
    const uint32_t task = get32(in);
    const uint32_t n_classes = get32(in);
    pt_pipeline scores = {0};
    const pt_learner *learner = name ? pt_learner_find(pt_sv_of(name)) : NULL;

    load_scores(&scores, in);
    if (in->failed || (task != PT_TASK_CLASSIFY && task != PT_TASK_REGRESS && task != PT_TASK_CLUSTER) ||
        n_classes > PT_MOST_CLASSES || (task == PT_TASK_CLASSIFY) != (n_classes >= 2))
        return damaged(err);
    if (!learner)
        return pt_fail(err, PT_EINVAL,
                       "the stored model was made by an algorithm that this program does not have: '%s'", name);
    if (!(learner->tasks & task))
        return damaged(err);
    PT_TRY(pt_pipeline_new(out, learner, (pt_task)task, n_classes, err));
    (*out)->threshold = scores.threshold;
    (*out)->n_edges = scores.n_edges;
    memcpy((*out)->edges, scores.edges, sizeof scores.edges);
    memcpy((*out)->shares, scores.shares, sizeof scores.shares);
    return PT_OK;
}

static void load_settings(pt_pipeline *p, pt_frame_cursor *in)
{
    for (uint32_t c = 0; c < p->n_classes && !in->failed; c++) {
        p->classes[c] = pt_frame_get_text(in, p->arena);
        in->failed |= !p->classes[c];
    }
    in->failed |= get32(in) != p->learner->n_parameters;
    for (size_t i = 0; i < p->learner->n_parameters && !in->failed; i++) {
        const pt_parameter *known = &p->learner->parameters[i];
        const char *name = pt_frame_get_text(in, p->arena);
        pt_frame_get(in, &p->parameters[i], sizeof p->parameters[i]);
        in->failed |= !name || strcmp(name, known->name) != 0 || !(p->parameters[i] >= known->low) ||
                      !(p->parameters[i] <= known->high);
    }
}

static pt_rc load_model(pt_pipeline *p, pt_frame_cursor *in, pt_err *err)
{
    const uint64_t length = pt_frame_get64(in);

    if (in->failed || length != in->rest.len)
        return damaged(err);
    PT_TRY(p->learner->load(&p->model, in->rest, err));
    if (pt_pipeline_outputs(p) != (p->n_classes ? p->n_classes : 1))
        return damaged(err);
    return PT_OK;
}

pt_rc pt_pipeline_load(pt_pipeline **out, pt_sv bytes, pt_err *err)
{
    pt_arena *arena;
    pt_pipeline *p = NULL;
    pt_rc rc;

    if (!seal_holds(&bytes))
        return damaged(err);
    pt_frame_cursor in = {bytes, false};
    arena = pt_arena_new(0);
    if (!arena)
        return pt_fail_nomem(err, "a model");
    rc = load_head(&p, &in, arena, err);
    pt_arena_free(arena);
    if (rc != PT_OK)
        return rc;
    load_settings(p, &in);
    if (in.failed || !pt_prepare_load(&p->prepare, &in, p->arena))
        rc = damaged(err);
    if (rc == PT_OK)
        rc = load_model(p, &in, err);
    if (rc != PT_OK) {
        pt_pipeline_free(p);
        return rc;
    }
    *out = p;
    return PT_OK;
}
