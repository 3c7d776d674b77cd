/* What people decided, on its way into the links that stand and into the graph. */
#include "app/resolve_int.h"

void resolve_add_decisions(pt_str *out, const pt_decisions *all)
{
    for (size_t i = 0; i < all->n; i++) {
        const pt_decision *d = &all->items[i];
        const pt_sv texts[] = {d->a.type, d->a.value, d->b.type, d->b.value, d->rule};
        if (d->undone || d->kind == PT_DECISION_UNDO)
            continue;
        pt_str_addf(out, "decision %u %s", d->number, pt_decision_kind_name(d->kind));
        for (size_t k = 0; k < PT_COUNT(texts); k++) {
            pt_str_addf(out, " %zu ", texts[k].len);
            pt_str_addsv(out, texts[k]);
        }
        pt_str_addc(out, '\n');
    }
}

static bool is_standing(const pt_decision *d, const pt_project *p)
{
    return !d->undone && d->kind != PT_DECISION_UNDO && resolve_type_of(p, d->a.type) >= 0 &&
           resolve_type_of(p, d->b.type) >= 0;
}

/* --- links that stand --------------------------------------------------------------------------------------------- */

static bool is_stronger(const pt_project *p, const pt_decision_end *x, const pt_decision_end *y)
{
    return resolve_is_stronger(p, (uint32_t)resolve_type_of(p, x->type), x->value,
                               (uint32_t)resolve_type_of(p, y->type), y->value);
}

static void add_link(pt_sql *q, const pt_decision *d, const pt_project *p)
{
    bool turned = is_stronger(p, &d->b, &d->a);
    const pt_decision_end *strong = turned ? &d->b : &d->a, *weak = turned ? &d->a : &d->b;
    const pt_sv texts[] = {strong->type, strong->value, weak->type, weak->value, d->rule};

    for (size_t k = 0; k < PT_COUNT(texts); k++) {
        pt_sql_kw(q, k ? "," : "(");
        pt_sql_bind_text(q, texts[k]);
    }
    pt_sql_kw(q, ")");
}

enum { BATCH = 500 };

static pt_rc add_links(size_t *from, const pt_decisions *all, const pt_project *p, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    size_t n = 0;
    pt_rc rc = PT_OK;

    pt_sql_kw(&q, "INSERT INTO temp.resolve_hand VALUES");
    for (; *from < all->n && n < BATCH; ++*from) {
        const pt_decision *d = &all->items[*from];
        if (d->kind != PT_DECISION_SAME || !is_standing(d, p))
            continue;
        pt_sql_kw(&q, n++ ? "," : "");
        add_link(&q, d, p);
    }
    if (n)
        rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

pt_rc resolve_gather_decisions(const pt_decisions *d, const pt_project *p, pt_conn *c, pt_err *err)
{
    PT_TRY(pt_exec_text(c,
                        "CREATE OR REPLACE TEMP TABLE resolve_hand(a_type VARCHAR, a_value VARCHAR, b_type VARCHAR,"
                        " b_value VARCHAR, rule VARCHAR)",
                        err));
    for (size_t i = 0; i < d->n;)
        PT_TRY(add_links(&i, d, p, c, err));
    return pt_exec_text(c,
                        "INSERT INTO temp.resolve_links SELECT a_type, a_value, b_type, b_value, '" RESOLVE_HAND
                        "', min(rule), 1 FROM temp.resolve_hand GROUP BY ALL",
                        err);
}

/* --- the graph ---------------------------------------------------------------------------------------------------- */

static pt_rc name(uint32_t *node, pt_identity *g, const pt_decision_end *end, const pt_project *p, pt_err *err)
{
    return pt_identity_name(g, (uint32_t)resolve_type_of(p, end->type), end->value, node, err);
}

pt_rc resolve_decide(pt_identity *g, const pt_decisions *all, const pt_project *p, pt_err *err)
{
    static const pt_id_decision kinds[] = {
        [PT_DECISION_SAME] = PT_ID_SAME, [PT_DECISION_DIFFERENT] = PT_ID_DIFFERENT, [PT_DECISION_PIN] = PT_ID_PIN};

    for (size_t i = 0; i < all->n; i++) {
        const pt_decision *d = &all->items[i];
        uint32_t a, b;
        if (!is_standing(d, p))
            continue;
        PT_TRY(name(&a, g, &d->a, p, err));
        PT_TRY(name(&b, g, &d->b, p, err));
        PT_TRY(pt_identity_decide(g, kinds[d->kind], a, b, d->number, err));
    }
    return PT_OK;
}
