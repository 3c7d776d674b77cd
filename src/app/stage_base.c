/* Statistics of the base, in levels: tags without any are evaluated first, then the statistics over them are known, then
 * tags that use these can be evaluated, and so on. Only tags that some statistic is over are evaluated here; the pass over
 * all tags comes once, at the end, with all statistics known. */
#include <stdlib.h>

#include "app/base_stats.h"
#include "app/stage_tags.h"

/* The statistics over one tag, worked out together. */
typedef struct tag_job {
    uint32_t tag;
    pt_base_value *values; /* part of the set's items, which are grouped by tag */
    size_t n;
    pt_arena *arena; /* of its own: jobs run side by side */
    const pt_column *column;
} tag_job;

typedef struct base_stage {
    pt_build *build;
    const pt_batch *batch;
    pt_arena *arena;
    uint32_t *levels; /* by tag number */
    pt_base_value *items;
    size_t n_items;
    tag_job *jobs;
    size_t n_jobs;
    pt_base_set known; /* of the levels done: the first of `items` */
} base_stage;

/* --- what is to be done ---------------------------------------------------------------------------------------------- */

static void free_arena(void *arena)
{
    pt_arena_free(arena);
}

static pt_rc add_job(base_stage *s, uint32_t tag, const pt_node *const *nodes, size_t n, pt_err *err)
{
    tag_job *job = &s->jobs[s->n_jobs];

    *job = (tag_job){.tag = tag, .values = s->items + s->n_items, .arena = pt_arena_new(0)};
    if (!job->arena || !pt_arena_defer(s->arena, free_arena, job->arena)) {
        pt_arena_free(job->arena);
        return pt_fail_nomem(err, "the statistics of the base");
    }
    for (size_t i = 0; i < n; i++)
        if (nodes[i]->u.base->tag == tag)
            job->values[job->n++].node = nodes[i];
    s->n_items += job->n;
    s->n_jobs += job->n > 0;
    return PT_OK;
}

/* Jobs by level, then by tag. */
static pt_rc plan(base_stage *s, pt_err *err)
{
    const pt_project *p = s->build->project;
    const pt_node *const *nodes;
    uint32_t most = 0;
    size_t n;

    PT_TRY(pt_base_needs_of_all(&nodes, &n, p, s->arena, err));
    s->levels = PT_NEW_ARRAY(s->arena, uint32_t, p->n_tags);
    s->items = PT_NEW_ARRAY(s->arena, pt_base_value, n);
    s->jobs = PT_NEW_ARRAY(s->arena, tag_job, n + 1);
    if (!s->levels || !s->items || !s->jobs)
        return pt_fail_nomem(err, "the statistics of the base");
    PT_TRY(pt_lang_base_levels(s->levels, p->module, s->arena, err));
    for (uint32_t t = 0; t < p->n_tags; t++)
        most = s->levels[t] > most ? s->levels[t] : most;
    for (uint32_t level = 0; level < most; level++)
        for (uint32_t t = 0; t < p->n_tags && s->n_items < n; t++)
            if (s->levels[t] == level)
                PT_TRY(add_job(s, t, nodes, n, err));
    return PT_OK;
}

/* --- the tags of one level ------------------------------------------------------------------------------------------- */

static pt_rc put_tags(pt_tags_pass *pass, const tag_job *jobs, size_t n, pt_arena *arena, pt_err *err)
{
    const pt_project *p = pass->build->project;
    pt_tag_info *infos = PT_NEW_ARRAY(arena, pt_tag_info, n);
    uint32_t *tags = PT_NEW_ARRAY(arena, uint32_t, n), *targets = PT_NEW_ARRAY(arena, uint32_t, n);

    if (!infos || !tags || !targets)
        return pt_fail_nomem(err, "the statistics of the base");
    for (size_t i = 0; i < n; i++) {
        if (p->catalog.tags[jobs[i].tag].external)
            continue;
        infos[pass->n_tags] = (pt_tag_info){p->tags[jobs[i].tag].name, p->module->types[jobs[i].tag]};
        targets[pass->n_tags] = (uint32_t)pass->n_tags;
        tags[pass->n_tags++] = jobs[i].tag;
    }
    pass->tags = tags;
    pass->targets = targets;
    if (!pass->n_tags)
        return PT_OK;
    PT_TRY(pt_tagset_builder_new(&pass->builder, infos, pass->n_tags, (uint32_t)pass->batch->n_customers,
                                 pt_pool_threads(pass->build->pool), err));
    return pt_tags_run(pass, err);
}

/* The columns of a level: of queries as they are, of other tags from a file that is there for as long as it is mapped. */
typedef struct level_columns {
    pt_map map;
    pt_tagset *tags;
} level_columns;

static pt_rc open_columns(level_columns *c, const base_stage *s, tag_job *jobs, size_t n, const char *path, pt_err *err)
{
    const pt_project *p = s->build->project;
    size_t at = 0;

    if (path) {
        PT_TRY(pt_map_open(&c->map, path, err));
        PT_TRY(pt_tagset_open(&c->tags, c->map.ptr, c->map.size, err));
    }
    for (size_t i = 0; i < n; i++) {
        if (p->catalog.tags[jobs[i].tag].external)
            jobs[i].column = &s->batch->external[jobs[i].tag];
        else
            PT_TRY(pt_tagset_column(&jobs[i].column, c->tags, at++, err));
    }
    return PT_OK;
}

typedef struct job_list {
    tag_job *jobs;
    size_t rows;
} job_list;

static pt_rc run_job(void *arg, size_t index, unsigned worker, pt_err *err)
{
    job_list *l = arg;
    tag_job *job = &l->jobs[index];

    (void)worker;
    return pt_base_compute(job->values, job->n, job->column, l->rows, job->arena, err);
}

static pt_rc compute_level(base_stage *s, tag_job *jobs, size_t n, const char *path, pt_err *err)
{
    level_columns columns = {0};
    job_list list = {jobs, s->batch->n_customers};
    pt_rc rc = open_columns(&columns, s, jobs, n, path, err);

    if (rc == PT_OK)
        rc = pt_pool_run(s->build->pool, n, run_job, &list, err);
    pt_tagset_close(columns.tags);
    pt_map_close(&columns.map);
    return rc;
}

static pt_rc run_level(base_stage *s, tag_job *jobs, size_t n, pt_err *err)
{
    pt_tags_pass pass = {.build = s->build, .batch = s->batch, .base = &s->known};
    const char *path = pt_path_join(s->arena, pt_data_dir_tmp(s->build->data), "base.tags");
    pt_rc rc = path ? put_tags(&pass, jobs, n, s->arena, err) : pt_fail_nomem(err, "the statistics of the base");

    if (rc == PT_OK && pass.builder)
        rc = pt_tags_write(pass.builder, path, s->build->as_of, (pt_hash128){0}, err);
    if (rc == PT_OK)
        rc = compute_level(s, jobs, n, pass.builder ? path : NULL, err);
    pt_tagset_builder_free(pass.builder);
    for (size_t i = 0; i < n; i++)
        s->known.n += jobs[i].n;
    return rc;
}

static pt_rc run_levels(base_stage *s, pt_err *err)
{
    s->known.items = s->items;
    for (size_t from = 0, to = 0; from < s->n_jobs; from = to) {
        while (to < s->n_jobs && s->levels[s->jobs[to].tag] == s->levels[s->jobs[from].tag])
            to++;
        PT_TRY(run_level(s, s->jobs + from, to - from, err));
    }
    return PT_OK;
}

/* --- the stage ------------------------------------------------------------------------------------------------------- */

static pt_rc write_base(const base_stage *s, pt_err *err)
{
    const char *path = pt_draft_path(s->build->draft, PT_FILE_BASE);
    pt_str text = {0};

    if (!path)
        return pt_fail_nomem(err, "the statistics of the base");
    pt_base_write(&text, &s->known, s->build->project, s->build->as_of);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, text.ptr, text.len, err);
    pt_str_free(&text);
    return rc;
}

pt_rc pt_stage_base(pt_base_set *out, pt_build *b, const pt_batch *batch, pt_arena *arena, pt_err *err)
{
    base_stage s = {.build = b, .batch = batch, .arena = arena};

    PT_TRY(plan(&s, err));
    PT_TRY(run_levels(&s, err));
    *out = s.known;
    return s.known.n ? write_base(&s, err) : PT_OK;
}
