#include "app/forecast.h"

#include "app/render.h"

typedef struct probe {
    pt_eval *eval;
    const pt_batch *batch;
    const pt_zone *zone;
    pt_str now, then; /* the value as text: equal texts are equal values */
} probe;

static pt_rc value_at(pt_str *out, probe *p, int64_t instant, pt_err *err)
{
    pt_eval_set_as_of(p->eval, instant);
    PT_TRY(pt_eval_run(p->eval, p->batch, err));
    pt_str_clear(out);
    pt_render_tsv(out, pt_eval_tag(p->eval, 0), 0, p->zone);
    return pt_str_check(out, err);
}

static pt_rc changed_at(bool *out, probe *p, int64_t instant, pt_err *err)
{
    PT_TRY(value_at(&p->then, p, instant, err));
    *out = p->then.len != p->now.len || memcmp(p->then.ptr, p->now.ptr, p->now.len) != 0;
    return PT_OK;
}

/* Between `same` and `other` the value changes at least once: finds one instant at which it does. */
static pt_rc halve(int64_t *out, probe *p, int64_t same, int64_t other, pt_err *err)
{
    bool changed;

    while (other - same > 1) {
        int64_t middle = same + (other - same) / 2;
        PT_TRY(changed_at(&changed, p, middle, err));
        if (changed)
            other = middle;
        else
            same = middle;
    }
    *out = other;
    return PT_OK;
}

static pt_rc search(pt_forecast *out, probe *p, int64_t as_of, pt_err *err)
{
    bool changed;

    PT_TRY(value_at(&p->now, p, as_of, err));
    for (int day = 1; day <= PT_FORECAST_DAYS && as_of <= (PT_DATE_MAX - day) * PT_DAY; day++) {
        PT_TRY(changed_at(&changed, p, as_of + day * PT_DAY, err));
        if (!changed)
            continue;
        PT_TRY(halve(&out->at, p, as_of + (day - 1) * PT_DAY, as_of + day * PT_DAY, err));
        PT_TRY(value_at(&p->then, p, out->at, err));
        out->value = *pt_eval_tag(p->eval, 0);
        return PT_OK;
    }
    return PT_OK;
}

/* Events later than the as-of have not happened: they must not come into view as the instant moves on. */
static pt_rc cut_future(pt_events *out, const pt_batch *batch, size_t n_sources, int64_t as_of, pt_arena *arena,
                        pt_err *err)
{
    for (size_t s = 0; s < n_sources; s++) {
        out[s] = batch->sources[s];
        if (!out[s].offsets)
            continue;
        uint64_t *offsets = PT_NEW_ARRAY(arena, uint64_t, 2);
        if (!offsets)
            return pt_fail_nomem(err, "the explanation");
        offsets[0] = out[s].offsets[0];
        offsets[1] = out[s].offsets[1];
        while (offsets[1] > offsets[0] && out[s].time[offsets[1] - 1] > as_of)
            offsets[1]--;
        out[s].offsets = offsets;
    }
    return PT_OK;
}

pt_rc pt_forecast_change(pt_forecast *out, pt_eval *eval, const pt_batch *customer, size_t n_sources, int64_t as_of,
                         const pt_zone *zone, pt_arena *arena, pt_err *err)
{
    pt_events *events = PT_NEW_ARRAY(arena, pt_events, n_sources);
    pt_batch past = *customer;
    probe p = {.eval = eval, .batch = &past, .zone = zone};

    *out = (pt_forecast){.at = INT64_MAX};
    if (!events)
        return pt_fail_nomem(err, "the explanation");
    PT_TRY(cut_future(events, customer, n_sources, as_of, arena, err));
    past.sources = events;
    pt_rc rc = search(out, &p, as_of, err);
    pt_str_free(&p.now);
    pt_str_free(&p.then);
    return rc;
}
