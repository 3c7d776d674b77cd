/* The table of learners. */
#include "base/mem.h"
#include "model/learner.h"

#define X(learner) extern const pt_learner pt_##learner##_learner;
#include "model/learners_list.h"
#undef X

static const pt_learner *const learners[] = {
#define X(learner) &pt_##learner##_learner,
#include "model/learners_list.h"
#undef X
    NULL,
};

const pt_learner *const *pt_learners(size_t *n)
{
    *n = sizeof(learners) / sizeof(learners[0]) - 1; /* the last is NULL: the table may be empty */
    return learners;
}

const pt_learner *pt_learner_find(pt_sv name)
{
    for (const pt_learner *const *l = learners; *l; l++)
        if (pt_sv_eq(name, pt_sv_of((*l)->name)))
            return *l;
    return NULL;
}

int pt_learner_parameter(const pt_learner *l, pt_sv name)
{
    for (size_t i = 0; i < l->n_parameters; i++)
        if (pt_sv_eq(name, pt_sv_of(l->parameters[i].name)))
            return (int)i;
    return -1;
}
