/* Rules of trees against the tree itself: of each row exactly one rule holds, and it says what the model says. */
#include "model/tree_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/pipeline.h"
#include "support/test.h"

enum { ROWS = 900, NAMES = 12 };

static const char *const letters[NAMES] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};

typedef struct made {
    float numbers[2][ROWS], target[ROWS];
    uint32_t codes[2][ROWS], items[3 * ROWS];
    uint64_t offsets[ROWS + 1];
    pt_feature features[5];
    pt_table table;
} made;

/* Numbers with gaps, categories with rare and missing names, lists; the target depends on all of them. */
static made *make(uint64_t seed, uint32_t classes)
{
    static const char *const class_names[] = {"false", "true", "maybe"};
    made *m = calloc(1, sizeof *m);
    pt_rng g;

    CHECK(m);
    pt_rng_seed(&g, seed);
    for (size_t r = 0; r < ROWS; r++) {
        m->numbers[0][r] = pt_rng_below(&g, 8) ? (float)pt_rng_below(&g, 30) : NAN;
        m->numbers[1][r] = (float)pt_rng_double(&g);
        for (size_t c = 0; c < 2; c++) { /* later letters are rarer */
            uint64_t at = pt_rng_below(&g, NAMES) * pt_rng_below(&g, NAMES) / NAMES;
            m->codes[c][r] = pt_rng_below(&g, 10) ? (uint32_t)at : PT_NO_CODE;
        }
        m->offsets[r + 1] = m->offsets[r];
        for (uint32_t k = 0; k < 3; k++)
            if (pt_rng_below(&g, 3) == 0)
                m->items[m->offsets[r + 1]++] = k;
        double score = (isnan(m->numbers[0][r]) ? 12 : m->numbers[0][r]) / 30 + m->numbers[1][r] +
                       (m->codes[0][r] % 3 == 0) + 0.5 * (m->codes[1][r] > 3) +
                       0.4 * (double)(m->offsets[r + 1] - m->offsets[r]) + pt_rng_double(&g);
        m->target[r] = classes == 0 ? (float)score : score < 2.3 ? 0 : classes == 2 || score < 3.2 ? 1 : 2;
    }
    m->features[0] = (pt_feature){.name = "orders", .numbers = m->numbers[0]};
    m->features[1] = (pt_feature){.name = "ratio", .numbers = m->numbers[1]};
    m->features[2] = (pt_feature){
        .name = "city", .kind = PT_FEATURE_CATEGORY, .names = letters, .n_names = NAMES, .codes = m->codes[0]};
    m->features[3] = (pt_feature){.name = "level",
                                  .kind = PT_FEATURE_CATEGORY,
                                  .names = letters,
                                  .n_names = NAMES,
                                  .ordered = true,
                                  .codes = m->codes[1]};
    m->features[4] = (pt_feature){.name = "likes",
                                  .kind = PT_FEATURE_LIST,
                                  .names = letters,
                                  .n_names = 3,
                                  .offsets = m->offsets,
                                  .items = m->items};
    m->table = (pt_table){.rows = ROWS,
                          .n_features = 5,
                          .features = m->features,
                          .target = m->target,
                          .classes = class_names,
                          .n_classes = classes};
    return m;
}

static bool named(const pt_tree_condition *c, const char *name)
{
    for (size_t i = 0; i < c->n_names; i++)
        if (strcmp(c->names[i], name) == 0)
            return true;
    return false;
}

static bool in_range(const pt_tree_condition *c, double v)
{
    return v > c->low && v <= c->high;
}

/* What a condition says of a row, read off the raw features. */
static bool holds(const pt_tree_condition *c, const made *m, size_t r)
{
    const pt_feature *f = pt_table_feature(&m->table, c->feature);
    size_t n_items = m->offsets[r + 1] - m->offsets[r];
    bool has = false;

    CHECK(f);
    switch (c->kind) {
    case PT_TREE_RANGE: return isnan(f->numbers[r]) ? c->missing : c->present && in_range(c, (double)f->numbers[r]);
    case PT_TREE_NAMES:
        return f->codes[r] == PT_NO_CODE ? c->missing : c->present && named(c, letters[f->codes[r]]) != c->others;
    case PT_TREE_LENGTH: CHECK(c->missing == in_range(c, 0)); return in_range(c, (double)n_items);
    case PT_TREE_ITEM:
        for (uint64_t i = m->offsets[r]; i < m->offsets[r + 1]; i++)
            has |= named(c, letters[m->items[i]]);
        CHECK(c->missing == c->others);
        return has != c->others;
    }
    return false;
}

static void check_rules(uint64_t seed, uint32_t classes, pt_encoding encoding)
{
    made *m = make(seed, classes);
    const pt_learner *l = pt_learner_find(PT_SV("tree"));
    pt_arena *arena = pt_arena_new(0);
    pt_pool *pool;
    pt_pipeline *p;
    pt_tree_rule_set rules;
    pt_row_set rows = pt_all_rows(&m->table);
    double parameters[32];
    pt_err err = {0};

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    for (size_t i = 0; i < l->n_parameters; i++)
        parameters[i] = l->parameters[i].preset;
    pt_pipeline_options o = {.learner = l,
                             .task = classes ? PT_TASK_CLASSIFY : PT_TASK_REGRESS,
                             .parameters = parameters,
                             .preparation = pt_preparation_preset,
                             .seed = 1,
                             .pool = pool};
    o.preparation.encoding = encoding;
    CHECK_OK(pt_pipeline_fit(&p, &m->table, &rows, &o, &err));
    CHECK_OK(pt_tree_rules(&rules, p, arena, &err));
    CHECK_INT(rules.outputs, classes ? classes : 1);
    CHECK(rules.n > 20);
    float *says = calloc(ROWS * rules.outputs, sizeof *says);
    CHECK(says);
    CHECK_OK(pt_pipeline_predict(says, p, &m->table, &rows, pool, &err));
    for (size_t r = 0; r < ROWS; r++) {
        size_t of_row = 0;
        for (size_t i = 0; i < rules.n; i++) {
            bool all = true;
            for (size_t c = 0; c < rules.rules[i].n; c++)
                all = all && holds(&rules.rules[i].conditions[c], m, r);
            of_row += all;
            for (size_t k = 0; all && k < rules.outputs; k++)
                CHECK_DOUBLE(rules.rules[i].values[k], says[r * rules.outputs + k]);
        }
        CHECK_INT(of_row, 1);
    }
    double share = 0;
    for (size_t i = 0; i < rules.n; i++) {
        share += rules.rules[i].share;
        if (i && classes <= 2)
            CHECK(rules.rules[i].values[rules.outputs - 1] <= rules.rules[i - 1].values[rules.outputs - 1]);
    }
    CHECK(fabs(share - 1) < 1e-6);
    free(says);
    pt_pipeline_free(p);
    pt_pool_free(pool);
    pt_arena_free(arena);
    free(m);
}

TEST(model_tree_rules__say_what_the_tree_says)
{
    for (uint64_t seed = 1; seed <= 3; seed++) {
        check_rules(seed, 2, PT_ENCODE_AUTO);
        check_rules(seed, 0, PT_ENCODE_ONE_HOT);
        check_rules(seed, 3, PT_ENCODE_ORDINAL);
        check_rules(seed, 2, PT_ENCODE_TARGET);
        check_rules(seed, 3, PT_ENCODE_TARGET);
    }
}

TEST(model_tree_rules__only_trees_have_them)
{
    made *m = make(1, 2);
    pt_arena *arena = pt_arena_new(0);
    pt_pool *pool;
    pt_pipeline *p;
    pt_tree_rule_set rules;
    pt_row_set rows = pt_all_rows(&m->table);
    pt_err err = {0};

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    pt_pipeline_options o = {.learner = pt_learner_find(PT_SV("majority")),
                             .task = PT_TASK_CLASSIFY,
                             .preparation = pt_preparation_preset,
                             .pool = pool};
    CHECK_OK(pt_pipeline_fit(&p, &m->table, &rows, &o, &err));
    CHECK_INT(pt_tree_rules(&rules, p, arena, &err), PT_EINVAL);
    CHECK_STR(err.msg, "only a decision tree has rules; this model is majority");
    pt_pipeline_free(p);
    pt_pool_free(pool);
    pt_arena_free(arena);
    free(m);
}
