/* The printed credit risk card: what it says is what the model does. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/study_card.h"
#include "model/scorecard.h"
#include "support/portfolio.h"
#include "support/test.h"

typedef struct studied {
    pt_arena *arena;
    pt_pool *pool;
    portfolio *f;
    pt_study study;
    pt_card card;
} studied;

static studied study_of(const pt_learner *learner)
{
    pt_err err;
    studied s = {.arena = pt_arena_new(0), .f = portfolio_new()};

    CHECK(s.arena);
    CHECK_OK(pt_pool_new(&s.pool, 2, &err));
    pt_candidate candidate = {.name = learner->name, .learner = learner, .preparation = pt_preparation_preset};
    pt_study_plan plan = {.task = PT_TASK_CLASSIFY,
                          .train = &s.f->table,
                          .candidates = &candidate,
                          .n_candidates = 1,
                          .validation = {.folds = 3},
                          .seed = 1,
                          .pool = s.pool,
                          .min_group = 10};
    CHECK_OK(pt_model_study(&s.study, &plan, s.arena, &err));
    CHECK_OK(pt_card_of_study(&s.card, &s.study, &plan, NULL, s.arena, &err));
    return s;
}

static void studied_free(studied *s)
{
    pt_study_free(&s->study);
    pt_pool_free(s->pool);
    pt_arena_free(s->arena);
    free(s->f);
}

static const pt_card_section *section_of(const pt_card *c)
{
    for (size_t i = 0; i < c->n_sections; i++)
        if (strcmp(c->sections[i].key, "scorecard") == 0)
            return &c->sections[i];
    return NULL;
}

/* The row of the card for a bin, as people read it. */
static const pt_card_cell *row_of(const pt_card_table *t, const char *characteristic, const char *zh, const char *en)
{
    const char *now = "";

    for (size_t r = 0; r < t->n_rows; r++) {
        const pt_card_cell *cell = t->cells + r * t->n_columns;
        now = *cell[0].text.en ? cell[0].text.en : now;
        if (strcmp(now, characteristic) == 0 && strcmp(cell[1].text.zh, zh) == 0 && strcmp(cell[1].text.en, en) == 0)
            return cell;
    }
    return NULL;
}

TEST(app_scorecard_card__says_bins_and_points)
{
    studied s = study_of(&pt_scorecard_learner);
    const pt_card_section *section = section_of(&s.card);
    double customers = 0;

    CHECK(section && section->n_tables == 2 && section->n_sentences == 2);
    CHECK(strstr(section->sentences[1].text.en, "Gini") && strstr(section->sentences[1].text.zh, "基尼系数"));
    CHECK(strstr(section->sentences[0].text.zh, "600 分对应好坏比 50 : 1"));
    CHECK(strstr(section->sentences[0].text.en, "20 points more double that"));
    const pt_card_table *t = &section->tables[0];
    const pt_card_cell *trader = row_of(t, "job", "trader", "trader");
    const pt_card_cell *unknown = row_of(t, "income", "缺失", "missing");
    CHECK(trader && unknown);
    for (size_t r = 0; r < t->n_rows; r++) {
        const pt_card_cell *cell = t->cells + r * t->n_columns;
        CHECK(cell[5].number == round(cell[5].number));
        if (cell[4].number < trader[4].number - 0.1 && *cell[0].text.en == '\0' && cell > trader)
            CHECK(cell[5].number > trader[5].number); /* less risk, more points */
        customers += isnan(cell[2].number) ? 0 : cell[2].number;
    }
    CHECK(customers ==
          3 * PORTFOLIO_ROWS); /* each customer in one bin of each; none of the bins is too small to show */
    const pt_card_table *values = &section->tables[1];
    CHECK_INT(values->n_rows, 3);
    CHECK(values->cells[1].number >= values->cells[4].number && values->cells[4].number >= values->cells[7].number);
    studied_free(&s);
}

TEST(app_scorecard_card__is_not_there_for_others)
{
    extern const pt_learner pt_logistic_learner;
    studied s = study_of(&pt_logistic_learner);

    CHECK(section_of(&s.card) == NULL);
    studied_free(&s);
}
