/* Which tags a model learns from, and on which days. */
#include "app/app_int.h"
#include "app/training.h"

/* --- what rests on what --------------------------------------------------------------------------------------------- */

typedef bool rests_fn(const pt_project *p, uint32_t tag);

static bool is_model(const pt_project *p, uint32_t tag)
{
    return p->tags[tag].model != NULL;
}

static bool is_query(const pt_project *p, uint32_t tag)
{
    return p->catalog.tags[tag].external && !p->tags[tag].model;
}

/* Marks the tags of which `fn` holds, those that use them, and (statistics of the base over them) theirs. */
static pt_rc mark(bool **out, const pt_project *p, rests_fn *fn, bool bases, pt_arena *arena, pt_err *err)
{
    bool *marked = PT_NEW_ARRAY(arena, bool, p->n_tags);
    pt_uses uses;

    if (!marked)
        return pt_fail_nomem(err, "the features");
    for (size_t i = 0; i < p->n_tags; i++) {
        uint32_t tag = p->module->order[i];
        marked[tag] = fn && fn(p, tag);
        if (!p->module->tags[tag])
            continue;
        PT_TRY(pt_lang_uses(&uses, p->module->tags[tag], arena, err));
        marked[tag] |= bases && uses.n_bases;
        for (size_t k = 0; k < uses.n_tags; k++)
            marked[tag] |= marked[uses.tags[k]];
        for (size_t k = 0; k < uses.n_bases; k++)
            marked[tag] |= marked[uses.bases[k]->u.base->tag];
    }
    *out = marked;
    return PT_OK;
}

pt_rc pt_model_dependents(bool **out, const pt_project *p, pt_arena *arena, pt_err *err)
{
    return mark(out, p, is_model, false, arena, err);
}

/* The tags that an expression uses at any depth; segments of the module of learning too. */
static pt_rc mark_used(bool *used, const pt_module *m, const pt_node *node, pt_arena *arena, pt_err *err)
{
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, arena, err));
    for (size_t i = 0; i < uses.n_tags; i++) {
        uint32_t tag = uses.tags[i];
        if (used[tag])
            continue;
        used[tag] = true;
        if (m->tags[tag])
            PT_TRY(mark_used(used, m, m->tags[tag], arena, err));
    }
    return PT_OK;
}

/* --- choosing --------------------------------------------------------------------------------------------------------- */

typedef struct chooser {
    const pt_project *p;
    const pt_model_def *def;
    bool *models, *queries, *bases;
    bool *of_target; /* by tag of the module of learning */
    pt_left_out *left_out;
} chooser;

static bool among(uint32_t tag, const uint32_t *tags, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tags[i] == tag)
            return true;
    return false;
}

static pt_left_out impossible(const chooser *c, uint32_t tag)
{
    return c->models[tag] ? PT_LEFT_MODEL : c->queries[tag] ? PT_LEFT_QUERY : PT_LEFT_NOT;
}

static pt_left_out reason(const chooser *c, uint32_t tag)
{
    const pt_tag *t = &c->p->tags[tag];
    pt_left_out why = impossible(c, tag);

    if (why != PT_LEFT_NOT)
        return why;
    if (among(tag, c->def->except, c->def->n_except) || among(tag, c->def->fairness, c->def->n_fairness))
        return PT_LEFT_EXCEPT;
    if (c->bases[tag])
        return PT_LEFT_BASE;
    if (c->p->module->types[tag] == PT_TYPE_TEXT)
        return PT_LEFT_TEXT;
    if (t->sensitivity && strcmp(t->sensitivity, "sensitive") == 0)
        return PT_LEFT_SENSITIVE;
    return !c->def->horizon && c->of_target[tag] ? PT_LEFT_TARGET : PT_LEFT_NOT;
}

static pt_rc start(chooser *c, const pt_project *p, const pt_model_def *def, pt_arena *arena, pt_err *err)
{
    *c = (chooser){.p = p, .def = def};
    c->of_target = PT_NEW_ARRAY(arena, bool, p->learning->n_tags);
    c->left_out = PT_NEW_ARRAY(arena, pt_left_out, p->n_tags);
    if (!c->of_target || !c->left_out)
        return pt_fail_nomem(err, "the features");
    PT_TRY(pt_model_dependents(&c->models, p, arena, err));
    PT_TRY(mark(&c->queries, p, is_query, false, arena, err));
    PT_TRY(mark(&c->bases, p, NULL, true, arena, err));
    return def->target.node ? mark_used(c->of_target, p->learning, def->target.node, arena, err) : PT_OK;
}

static pt_rc check_named(const chooser *c, const uint32_t *tags, size_t n, pt_err *err)
{
    for (size_t i = 0; i < n; i++) {
        pt_left_out why = impossible(c, tags[i]);
        if (why != PT_LEFT_NOT)
            return pt_fail(err, PT_EINVAL,
                           why == PT_LEFT_MODEL
                               ? "tag '%s' rests on what a model gives: '%s' cannot learn from it"
                               : "tag '%s' rests on a query, which says nothing of past days: '%s' cannot "
                                 "learn from it",
                           c->p->tags[tags[i]].name, c->def->name);
    }
    return PT_OK;
}

/* A seed is known, and not foreseen: the tags that its condition rests on say who is in it, even when they are asked for. */
static bool tells_seed(const chooser *c, uint32_t tag)
{
    return !(c->def->kind->uses & PT_MODEL_TARGET) && c->of_target[tag];
}

pt_rc pt_training_choose(pt_training_features *out, const pt_project *p, const pt_model_def *def, pt_arena *arena,
                         pt_err *err)
{
    uint32_t *tags = PT_NEW_ARRAY(arena, uint32_t, 2 * p->n_tags);
    chooser c;

    if (!tags)
        return pt_fail_nomem(err, "the features");
    *out = (pt_training_features){.tags = tags};
    PT_TRY(start(&c, p, def, arena, err));
    PT_TRY(check_named(&c, def->features, def->n_features, err));
    PT_TRY(check_named(&c, def->fairness, def->n_fairness, err));
    for (uint32_t t = 0; t < p->n_tags; t++) {
        bool named = among(t, def->features, def->n_features) && !tells_seed(&c, t);
        c.left_out[t] = named                ? PT_LEFT_NOT
                        : def->auto_features ? reason(&c, t)
                        : tells_seed(&c, t)  ? PT_LEFT_TARGET
                                             : PT_LEFT_EXCEPT;
        if (c.left_out[t] == PT_LEFT_NOT)
            tags[out->n++] = t;
    }
    for (size_t i = 0; i < def->n_fairness; i++)
        if (!among(def->fairness[i], tags, out->n + out->n_aside))
            tags[out->n + out->n_aside++] = def->fairness[i];
    out->left_out = c.left_out;
    if (out->n)
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "model '%s' has no tag to learn from", def->name);
}

/* --- days --------------------------------------------------------------------------------------------------------------- */

/* `day` less n times the horizon: of whole days, local days, so that midnight stays midnight when clocks change. */
static int64_t earlier(const pt_learn_request *r, int64_t day, int64_t n)
{
    const int64_t whole = INT64_C(86400) * 1000000, horizon = r->def->horizon;
    const pt_zone *zone = r->view->project->zone;
    int32_t date = pt_zone_date(zone, day);

    if (horizon % whole || pt_zone_midnight(zone, date) != day)
        return day - n * horizon;
    return pt_zone_midnight(zone, date - (int32_t)(n * (horizon / whole)));
}

static pt_rc refuse_day(const pt_learn_request *r, int64_t day, pt_err *err)
{
    const pt_zone *zone = r->view->project->zone;
    char of[64], until[64], end[64];

    pt_fail(err, PT_EINVAL, "model '%s': what comes after %s is known only at %s, and the data ends at %s",
            r->def->name, pt_instant_format(of, day, zone), pt_instant_format(until, day + r->def->horizon, zone),
            pt_instant_format(end, r->data_end, zone));
    return pt_err_hint(err, "take an earlier day, or a target that looks less far ahead");
}

static bool is_known(const pt_learn_request *r, int64_t day)
{
    return day <= r->data_end - r->def->horizon || day <= earlier(r, r->data_end, 1);
}

int64_t pt_training_latest(const pt_learn_request *r)
{
    return earlier(r, r->data_end, 1);
}

pt_rc pt_training_check_day(const pt_learn_request *r, int64_t day, pt_err *err)
{
    return is_known(r, day) ? PT_OK : refuse_day(r, day, err);
}

/* Whole lengths of the horizon before the test: outcomes of training are known on the day of the test. */
static pt_rc preset_days(pt_learn_request *r, int64_t first, pt_arena *arena, pt_err *err)
{
    enum { MOST = 3 };
    int64_t *days = PT_NEW_ARRAY(arena, int64_t, MOST), horizon = r->def->horizon;
    int64_t last = earlier(r, r->has_test ? r->test : r->data_end, 1);
    size_t n = 1;

    if (!days)
        return pt_fail_nomem(err, "the days");
    while (n < MOST && horizon && earlier(r, last, (int64_t)n) >= first + horizon)
        n++;
    for (size_t i = 0; i < n; i++)
        days[i] = earlier(r, last, (int64_t)(n - 1 - i));
    r->train = days;
    r->n_train = n;
    if (days[0] > first)
        return PT_OK;
    pt_fail(err, PT_EINVAL, "model '%s' looks too far ahead for the time that the data covers", r->def->name);
    return pt_err_hint(err, "shorten the target's window, or say the days: train, test");
}

/* Before the first event there is nothing to learn from. */
static pt_rc check_begin(const pt_learn_request *r, int64_t day, int64_t first, pt_err *err)
{
    const pt_zone *zone = r->view->project->zone;
    char from[64], asked[64];

    if (day > first)
        return PT_OK;
    pt_fail(err, PT_EINVAL, "model '%s': the data begins at %s, nothing is known as of %s", r->def->name,
            pt_instant_format(from, first, zone), pt_instant_format(asked, day, zone));
    return pt_err_hint(err, "take later days for train and test");
}

pt_rc pt_training_dates(pt_learn_request *r, int64_t first, pt_arena *arena, pt_err *err)
{
    const pt_model_def *def = r->def;

    if (!(def->kind->uses & PT_MODEL_DATES))
        return PT_OK;
    r->train = def->train;
    r->n_train = def->n_train;
    r->has_test = def->has_test;
    r->test = def->test;
    if (!def->has_test && def->test_unsaid && def->horizon) {
        r->test = earlier(r, r->data_end, 1);
        r->has_test = !r->n_train || r->test > r->train[r->n_train - 1];
    }
    if (!r->n_train)
        PT_TRY(preset_days(r, first, arena, err));
    for (size_t i = 0; i < r->n_train; i++) {
        PT_TRY(check_begin(r, r->train[i], first, err));
        PT_TRY(pt_training_check_day(r, r->train[i], err));
    }
    return r->has_test ? pt_training_check_day(r, r->test, err) : PT_OK;
}
