#include "base/dictmerge.h"

#include <stdlib.h>

/* One part on its way through the merge. */
typedef struct lane {
    const pt_dict *dict;
    uint32_t *rank;  /* code -> place, then code -> merged code */
    uint32_t *order; /* place - 1 -> code */
    uint32_t next;   /* places passed */
    pt_sv head;      /* text at `next` */
} lane;

static pt_rc order_lane(lane *l, pt_err *err)
{
    l->order = pt_zalloc(l->dict->n, sizeof *l->order);
    if (!l->order)
        return pt_fail_nomem(err, "a dictionary");
    for (uint32_t code = 1; code <= l->dict->n; code++)
        l->order[l->rank[code] - 1] = code;
    if (l->dict->n)
        l->head = pt_dict_text(l->dict, l->order[0]);
    return PT_OK;
}

static bool ended(const lane *l)
{
    return l->next == l->dict->n;
}

/* The smallest text not yet merged; NULL when all lanes have ended. */
static const pt_sv *least(const lane *lanes, size_t n)
{
    const pt_sv *best = NULL;

    for (size_t i = 0; i < n; i++)
        if (!ended(&lanes[i]) && (!best || pt_sv_cmp(lanes[i].head, *best) < 0))
            best = &lanes[i].head;
    return best;
}

/* Gives `code` to the text in every lane that is at it. */
static void pass(lane *lanes, size_t n, pt_sv text, uint32_t code)
{
    for (size_t i = 0; i < n; i++) {
        lane *l = &lanes[i];
        if (ended(l) || !pt_sv_eq(l->head, text))
            continue;
        l->rank[l->order[l->next++]] = code;
        if (!ended(l))
            l->head = pt_dict_text(l->dict, l->order[l->next]);
    }
}

typedef struct output {
    uint64_t *offsets;
    char *bytes;
    size_t offsets_cap, bytes_cap, bytes_len;
    uint32_t n;
} output;

static pt_rc append(output *o, pt_sv text, pt_err *err)
{
    if (o->n == UINT32_MAX - 1)
        return pt_fail(err, PT_EINVAL, "a column has more than %u different texts", UINT32_MAX - 1);
    if (!pt_grow(&o->offsets, &o->offsets_cap, (size_t)o->n + 2, sizeof *o->offsets) ||
        !pt_grow(&o->bytes, &o->bytes_cap, o->bytes_len + text.len, 1))
        return pt_fail_nomem(err, "a dictionary");
    if (text.len)
        memcpy(o->bytes + o->bytes_len, text.ptr, text.len);
    o->bytes_len += text.len;
    o->offsets[++o->n] = o->bytes_len;
    return PT_OK;
}

static pt_rc merge(output *o, lane *lanes, size_t n, pt_err *err)
{
    const pt_sv *next;

    if (!pt_grow(&o->offsets, &o->offsets_cap, 1, sizeof *o->offsets) || !pt_grow(&o->bytes, &o->bytes_cap, 1, 1))
        return pt_fail_nomem(err, "a dictionary");
    o->offsets[0] = 0;
    while ((next = least(lanes, n)) != NULL) {
        pt_sv text = *next; /* pass() moves the lane it points into */
        PT_TRY(append(o, text, err));
        pass(lanes, n, text, o->n);
    }
    return PT_OK;
}

pt_rc pt_dict_merge(pt_dict *out, const pt_intern *const *parts, uint32_t *const *ranks, size_t n, pt_err *err)
{
    lane *lanes = pt_zalloc(n, sizeof *lanes);
    output o = {0};
    size_t used = 0;
    pt_rc rc = lanes ? PT_OK : pt_fail_nomem(err, "a dictionary");

    *out = (pt_dict){0};
    for (size_t i = 0; i < n && rc == PT_OK; i++) {
        if (!parts[i])
            continue;
        lanes[used] = (lane){.dict = pt_intern_dict(parts[i]), .rank = ranks[i]};
        rc = order_lane(&lanes[used++], err);
    }
    if (rc == PT_OK)
        rc = merge(&o, lanes, used, err);
    if (rc == PT_OK)
        *out = (pt_dict){.n = o.n, .sorted = true, .offsets = o.offsets, .bytes = o.bytes};
    else {
        free(o.offsets);
        free(o.bytes);
    }
    for (size_t i = 0; lanes && i < used; i++)
        free(lanes[i].order);
    free(lanes);
    return rc;
}

void pt_dict_dispose(pt_dict *d)
{
    free((void *)(uintptr_t)d->offsets);
    free((void *)(uintptr_t)d->bytes);
    *d = (pt_dict){0};
}
