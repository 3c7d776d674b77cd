/* What the chosen model does: confusion, curves, and how it treats whom. */
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "model/study_int.h"

/* --- confusion and curves ------------------------------------------------------------------------------------------- */

static pt_rc describe_classes(study_run *run, const study_part *part)
{
    const pt_outcome o = study_outcome(part);
    const size_t classes = part->outputs;
    uint64_t *confusion = PT_NEW_ARRAY(run->arena, uint64_t, classes * classes);
    pt_class_curves *curves = PT_NEW_ARRAY(run->arena, pt_class_curves, classes);

    if (!confusion || !curves)
        return pt_fail_nomem(run->err, "measures");
    pt_measure_confusion(confusion, &o, run->out->threshold);
    run->out->confusion = confusion;
    run->out->curves = curves;
    run->out->n_curves = classes == 2 ? 1 : classes;
    for (uint32_t k = 0; k < run->out->n_curves; k++)
        PT_TRY(pt_measure_curves(&curves[k], &o, classes == 2 ? 1 : k, run->arena, run->err));
    return PT_OK;
}

/* --- fairness ------------------------------------------------------------------------------------------------------- */

/* Whom laws and good sense ask about, by the names that tags of the catalogue and their kin have. */
static bool is_protected(const char *name)
{
    static const char *const words[] = {"gender", "sex", "age", "ethnic", "marital", "disab", "nation"};

    for (size_t i = 0; i < PT_COUNT(words); i++) {
        const char *at = strstr(name, words[i]);
        const size_t length = strlen(words[i]);
        if (at && (at == name || at[-1] == '_') && (at[length] == '\0' || at[length] == '_' || length > 4))
            return true;
    }
    return false;
}

static pt_rc level_rows(study_part *out, const study_run *run, const study_part *part, const pt_feature *f,
                        uint32_t code)
{
    size_t n = 0;

    *out = (study_part){.table = part->table, .outputs = part->outputs};
    for (size_t i = 0; i < part->rows.n; i++)
        n += f->codes[pt_row(&part->rows, i)] == code;
    out->rows.n = n;
    out->predicted = PT_NEW_ARRAY(run->arena, float, n * part->outputs + 1);
    out->actual = PT_NEW_ARRAY(run->arena, float, n + 1);
    if (!out->predicted || !out->actual)
        return pt_fail_nomem(run->err, "fairness");
    n = 0;
    for (size_t i = 0; i < part->rows.n; i++)
        if (f->codes[pt_row(&part->rows, i)] == code) {
            memcpy(out->predicted + n * part->outputs, part->predicted + i * part->outputs,
                   part->outputs * sizeof(float));
            out->actual[n++] = part->actual[i];
        }
    return PT_OK;
}

static void count_rates(pt_fairness *out, const study_part *level, double threshold)
{
    const bool classes = level->outputs == 2;
    double selected = 0, hits = 0, found = 0, false_found = 0;

    for (size_t i = 0; i < level->rows.n; i++) {
        const double p = (double)level->predicted[i * level->outputs + (classes ? 1 : 0)];
        const bool meant = classes && p >= threshold;
        out->actual += (double)level->actual[i] / (double)level->rows.n;
        out->predicted += p / (double)level->rows.n;
        selected += meant;
        hits += level->actual[i] == 1;
        found += meant && level->actual[i] == 1;
        false_found += meant && level->actual[i] != 1;
    }
    out->selected = classes ? selected / (double)level->rows.n : NAN;
    out->true_positive = classes && hits > 0 ? found / hits : NAN;
    out->false_positive = classes && hits < (double)level->rows.n ? false_found / ((double)level->rows.n - hits) : NAN;
}

static pt_rc describe_level(pt_fairness *out, study_run *run, const study_part *level)
{
    const pt_measure_options options = {.draws = 100, .seed = pt_mix64(run->plan->seed + 10), .pool = run->plan->pool};
    const pt_outcome o = study_outcome(level);
    const bool classes = level->outputs == 2;
    const pt_measured *m;
    size_t n;

    out->rows = level->rows.n;
    count_rates(out, level, run->out->threshold);
    PT_TRY(classes ? pt_measure_classes(&m, &n, &o, &options, run->arena, run->err)
                   : pt_measure_values(&m, &n, &o, &options, run->arena, run->err));
    out->auc = *pt_measured_find(m, n, classes ? "auc" : "rmse");
    return PT_OK;
}

static pt_rc describe_feature(study_run *run, const study_part *part, size_t feature, pt_fairness *out, size_t *n,
                              size_t most)
{
    const pt_feature *f = &part->table->features[feature];
    const size_t least = run->plan->min_group ? run->plan->min_group : 1;

    for (uint32_t code = 0; code < f->n_names && *n < most; code++) {
        study_part level;
        PT_TRY(level_rows(&level, run, part, f, code));
        if (level.rows.n == 0 || level.rows.n < least)
            continue;
        out[*n].feature = feature;
        out[*n].name = f->names[code];
        PT_TRY(describe_level(&out[(*n)++], run, &level));
    }
    return PT_OK;
}

static pt_rc describe_fairness(study_run *run, const study_part *part)
{
    enum { MOST_LEVELS = 60, MOST_NAMES = 20 };
    pt_fairness *out = PT_NEW_ARRAY(run->arena, pt_fairness, MOST_LEVELS);

    if (!out)
        return pt_fail_nomem(run->err, "fairness");
    run->out->fairness = out;
    for (size_t i = 0; i < part->table->n_features; i++) {
        const pt_feature *f = &part->table->features[i];
        if (f->kind == PT_FEATURE_CATEGORY && f->n_names <= MOST_NAMES && (f->aside || is_protected(f->name)))
            PT_TRY(describe_feature(run, part, i, out, &run->out->n_fairness, MOST_LEVELS));
    }
    return PT_OK;
}

pt_rc study_describe(study_run *run, const study_part *part)
{
    if (run->plan->task == PT_TASK_CLASSIFY)
        PT_TRY(describe_classes(run, part));
    return part->outputs <= 2 ? describe_fairness(run, part) : PT_OK;
}
