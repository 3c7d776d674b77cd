#include "cli/membershiptext.h"

#include "cli/needtext.h"
#include "cli/prooftext.h"

enum { MOST_EVENTS = 3, MOST_PATHS = 5, MOST_DEPTH = 24 };

typedef struct telling {
    pt_cli *cli;
    const pt_project *project;
    const pt_membership *m;
    pt_proof_style proofs;
} telling;

static telling begin(pt_cli *cli, const pt_project *p, const pt_membership *m)
{
    return (telling){cli, p, m, {cli, p, m->events, {.project = p, .lang = pt_lang_code(cli->lang)}}};
}

static const char *mark(uint8_t value)
{
    return value == 1 ? "✓" : value == 0 ? "✗" : "?";
}

static void add_indent(const telling *t, size_t depth)
{
    pt_str_pad(&t->cli->out, ' ', depth * 2);
}

static const char *customer_of(const telling *t)
{
    const char *id = pt_arena_strndup(t->cli->arena, t->m->customer.ptr, t->m->customer.len);

    return id ? id : "";
}

static const char *moment(const telling *t, int64_t instant)
{
    return pt_format_as_of(t->cli, t->project, instant);
}

/* --- the verdict ---------------------------------------------------------------------------------------------------------- */

static void print_verdict(const telling *t)
{
    pt_text id = t->m->verdict == 1   ? PT_TEXT_WHY_MEMBER
                 : t->m->verdict == 0 ? PT_TEXT_WHY_NO_MEMBER
                                      : PT_TEXT_WHY_NOT_KNOWN;

    pt_str_add(&t->cli->out, t->m->text);
    if (t->m->segment >= 0) {
        const pt_segment *s = &t->project->segments[t->m->segment];
        pt_str_addf(&t->cli->out, "  %s", pt_label_text(&s->label, t->proofs.style.lang, ""));
    }
    pt_str_addc(&t->cli->out, '\n');
    pt_say(&t->cli->out, t->cli->lang, id, (const char *const[]){customer_of(t), moment(t, t->m->as_of)}, 2);
    if (t->m->changes_at != INT64_MAX && (t->m->verdict == 1 || t->m->changes_to == 1))
        pt_say(&t->cli->out, t->cli->lang, t->m->verdict == 1 ? PT_TEXT_WHY_LEAVES : PT_TEXT_WHY_ENTERS,
               (const char *const[]){moment(t, t->m->changes_at)}, 1);
}

/* --- a leaf --------------------------------------------------------------------------------------------------------------- */

static void print_need(const telling *t, const pt_leaf_finding *f, bool want)
{
    if (f->segment >= 0) { /* a list of ids, or those who were chosen once */
        pt_str_add(&t->cli->out, pt_cli_text(t->cli, want ? PT_TEXT_WHY_NEEDS_LISTED : PT_TEXT_WHY_NEEDS_UNLISTED));
        return;
    }
    pt_cli_need(t->cli, t->project, t->m->catalog, &f->require[want], want);
}

static void print_parts(const telling *t, const pt_ground *g)
{
    for (size_t i = 0; i < g->n_parts; i++) {
        pt_str_addf(&t->cli->out, "%s%s: ", i ? ", " : "  [", g->parts[i].text);
        pt_cli_value(t->cli, &t->proofs.style, g->parts[i].tag, &g->parts[i].value);
    }
    pt_str_add(&t->cli->out, g->n_parts ? "]" : "");
}

/* A saved segment or a list stands after the project's tags. */
static bool is_real_tag(const telling *t, const pt_ground *g)
{
    return g->tag >= 0 && (size_t)g->tag < t->project->n_tags;
}

static void print_definition(const telling *t, const pt_ground *g, size_t depth)
{
    if (!is_real_tag(t, g) || !g->definition)
        return;
    add_indent(t, depth + 1);
    PT_CLI_SAY(t->cli, WHY_DEFINED, g->definition);
    print_parts(t, g);
    PT_CLI_SAY(t->cli, WHY_EXPLAIN_TAG, g->text, customer_of(t));
    pt_str_addc(&t->cli->out, '\n');
}

/* `told`: the value has been said. */
static void print_ground(const telling *t, const pt_ground *g, bool told, size_t depth)
{
    const char *indent = pt_arena_printf(t->cli->arena, "%*s", (int)depth * 2 + 2, "");
    char count[32];

    if (!told) {
        add_indent(t, depth);
        pt_str_addf(&t->cli->out, "%s = ", g->text);
        pt_cli_value(t->cli, &t->proofs.style, is_real_tag(t, g) ? g->tag : -1, &g->value);
        pt_str_addc(&t->cli->out, '\n');
    }
    print_definition(t, g, depth);
    for (size_t i = 0; i < g->n_proofs && indent; i++) {
        const pt_proof *proof = &g->proofs[i];
        add_indent(t, depth + 1);
        if (g->n_proofs > 1)
            pt_str_addf(&t->cli->out, "%s: ", proof->text);
        PT_CLI_SAY(t->cli, WHY_COUNTED, pt_format_count(count, proof->n_events));
        pt_cli_proof_events(&t->proofs, proof, MOST_EVENTS, pt_arena_printf(t->cli->arena, "%s  ", indent));
    }
}

/* A leaf as it is shown: `not` before it makes one thing with it. */
typedef struct shown_leaf {
    const pt_leaf_finding *finding;
    const char *text;
    bool negated; /* the text is that of its negation */
    bool want;    /* what the leaf itself must be to help */
} shown_leaf;

static uint8_t as_shown(const shown_leaf *s, uint8_t value)
{
    return value == PT_BOOL_MISSING || !s->negated ? value : !value;
}

static void print_change(const telling *t, const shown_leaf *s, size_t depth)
{
    uint8_t from = as_shown(s, s->finding->value), to = as_shown(s, s->finding->changes_to);
    pt_text id = to == 1 ? PT_TEXT_WHY_STARTS : to == 0 ? PT_TEXT_WHY_ENDS : PT_TEXT_WHY_UNKNOWN_FROM;

    if (s->finding->changes_at == INT64_MAX || (to == 0 && from != 1))
        return;
    add_indent(t, depth);
    pt_say(&t->cli->out, t->cli->lang, id, (const char *const[]){moment(t, s->finding->changes_at)}, 1);
}

static void print_leaf(const telling *t, const shown_leaf *s, size_t depth)
{
    const pt_leaf_finding *f = s->finding;

    bool matters = f->value != s->want && f->decisive && t->m->verdict != 1;
    const pt_node *subject = matters ? f->require[s->want].need.subject : NULL;

    add_indent(t, depth);
    pt_str_addf(&t->cli->out, "%s %s\n", mark(as_shown(s, f->value)), s->text);
    if (matters) {
        add_indent(t, depth + 2);
        print_need(t, f, s->want);
        pt_str_addc(&t->cli->out, '\n');
    }
    for (size_t i = 0; i < f->n_grounds; i++) {
        const char *text = f->grounds[i].text;
        bool told =
            strcmp(text, f->text) == 0 || (subject && strcmp(text, pt_cli_node(t->cli, subject, t->m->catalog)) == 0);
        print_ground(t, &f->grounds[i], told, depth + 2);
    }
    print_change(t, s, depth + 2);
}

/* --- the rule ------------------------------------------------------------------------------------------------------------- */

static uint8_t value_of(const telling *t, const pt_logic *l)
{
    uint8_t *values = PT_NEW_ARRAY(t->cli->arena, uint8_t, t->m->tree.n_leaves);

    for (size_t i = 0; values && i < t->m->tree.n_leaves; i++)
        values[i] = t->m->leaves[i].value;
    return values ? pt_logic_value(l, values) : PT_BOOL_MISSING;
}

static const char *heading(const telling *t, const pt_logic *l)
{
    pt_str text = {0};

    if (l->kind != PT_LOGIC_NAMED)
        return pt_cli_text(t->cli, l->kind == PT_LOGIC_AND  ? PT_TEXT_WHY_ALL_OF
                                   : l->kind == PT_LOGIC_OR ? PT_TEXT_WHY_ANY_OF
                                                            : PT_TEXT_WHY_NOT);
    PT_SAY(&text, t->cli->lang, WHY_SEGMENT, pt_cli_node(t->cli, l->node, t->m->catalog));
    return pt_cli_keep(t->cli, &text);
}

static bool is_negated_leaf(const pt_logic *l)
{
    return l->kind == PT_LOGIC_NOT && l->parts[0]->kind == PT_LOGIC_LEAF;
}

static shown_leaf show_leaf(const telling *t, const pt_logic *l, bool want)
{
    bool negated = is_negated_leaf(l);
    const pt_logic *leaf = negated ? l->parts[0] : l;

    return (shown_leaf){&t->m->leaves[leaf->leaf], pt_cli_node(t->cli, l->node, t->m->catalog), negated,
                        want != negated};
}

/* `want`: what the part must be to help, false below a NOT. */
static void print_logic(const telling *t, const pt_logic *l, bool want, size_t depth)
{
    if (l->kind == PT_LOGIC_LEAF || is_negated_leaf(l)) {
        shown_leaf s = show_leaf(t, l, want);
        print_leaf(t, &s, depth);
        return;
    }
    add_indent(t, depth);
    pt_str_addf(&t->cli->out, "%s %s%s\n", mark(value_of(t, l)), heading(t, l), t->cli->lang == PT_ZH ? "：" : ":");
    for (size_t i = 0; i < l->n_parts; i++)
        print_logic(t, l->parts[i], l->kind == PT_LOGIC_NOT ? !want : want, depth + 1);
}

/* --- what decides --------------------------------------------------------------------------------------------------------- */

static void print_decisive(const telling *t, const pt_logic *l, bool want, bool *told)
{
    if (l->kind != PT_LOGIC_LEAF && !is_negated_leaf(l)) {
        for (size_t i = 0; i < l->n_parts; i++)
            print_decisive(t, l->parts[i], l->kind == PT_LOGIC_NOT ? !want : want, told);
        return;
    }
    const pt_logic *leaf = l->kind == PT_LOGIC_LEAF ? l : l->parts[0];
    shown_leaf s = show_leaf(t, l, want);
    bool helps = s.finding->value == s.want;
    if (!s.finding->decisive || told[leaf->leaf] || helps != (t->m->verdict == 1))
        return;
    told[leaf->leaf] = true;
    pt_str_addf(&t->cli->out, "  %s %s", mark(as_shown(&s, s.finding->value)), s.text);
    if (!helps) {
        pt_str_add(&t->cli->out, t->cli->lang == PT_ZH ? "：" : ": ");
        print_need(t, s.finding, s.want);
    }
    pt_str_addc(&t->cli->out, '\n');
}

void pt_cli_membership(pt_cli *cli, const pt_project *p, const pt_membership *m)
{
    telling t = begin(cli, p, m);
    bool *told = PT_NEW_ARRAY(cli->arena, bool, m->tree.n_leaves);

    print_verdict(&t);
    if (told && m->tree.n_leaves > 1) {
        pt_str_add(&cli->out, pt_cli_text(cli, m->verdict == 1 ? PT_TEXT_WHY_BECAUSE : PT_TEXT_WHY_OBSTACLES));
        print_decisive(&t, m->tree.root, true, told);
    }
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_WHY_RULE));
    print_logic(&t, m->tree.root, true, 1);
}

/* --- ways in -------------------------------------------------------------------------------------------------------------- */

static void print_step(const telling *t, const pt_change *change)
{
    const pt_leaf_finding *f = &t->m->leaves[change->leaf];
    shown_leaf s = {f, f->text, false, change->want};

    pt_str_addf(&t->cli->out, "     %s %s%s", mark(f->value), f->text, t->cli->lang == PT_ZH ? "：" : ": ");
    print_need(t, f, change->want);
    pt_str_addc(&t->cli->out, '\n');
    if (f->changes_at == INT64_MAX || f->changes_to != change->want)
        return;
    s.negated = !change->want;
    pt_str_add(&t->cli->out, "  ");
    print_change(t, &s, 3);
}

static void print_path(const telling *t, size_t number)
{
    const pt_path *path = &t->m->paths[number];
    char n[24], changes[24];

    snprintf(n, sizeof n, "%zu", number + 1);
    snprintf(changes, sizeof changes, "%zu", path->n);
    if (path->n == 1)
        PT_CLI_SAY(t->cli, WHY_NOT_WAY, n);
    else
        PT_CLI_SAY(t->cli, WHY_NOT_WAY_OF, n, changes);
    for (size_t i = 0; i < path->n; i++)
        print_step(t, &path->changes[i]);
}

static void print_no_way(const telling *t)
{
    bool fixed = false;

    for (size_t i = 0; i < t->m->tree.n_leaves; i++) {
        const pt_leaf_finding *f = &t->m->leaves[i];
        fixed |= f->decisive && f->require[f->value != 1].need.kind == PT_NEED_FIXED;
    }
    PT_CLI_SAY(t->cli, WHY_NOT_NONE,
               pt_cli_text(t->cli, fixed ? PT_TEXT_WHY_NOT_FIXED : PT_TEXT_WHY_NOT_CONTRADICTION));
}

void pt_cli_why_not(pt_cli *cli, const pt_project *p, const pt_membership *m)
{
    telling t = begin(cli, p, m);
    size_t n = m->n_paths < MOST_PATHS ? m->n_paths : MOST_PATHS;
    char more[24];

    print_verdict(&t);
    if (m->verdict == 1) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_WHY_NOT_MEMBER_ALREADY));
        return;
    }
    if (!n) {
        print_no_way(&t);
        return;
    }
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_WHY_NOT_WAYS));
    for (size_t i = 0; i < n; i++)
        print_path(&t, i);
    snprintf(more, sizeof more, "%zu", m->n_paths - n);
    if (m->n_paths > n)
        PT_CLI_SAY(cli, WHY_NOT_MORE, more);
}

/* --- for programs --------------------------------------------------------------------------------------------------------- */

static void json_value(pt_json *j, const char *key, uint8_t value)
{
    pt_json_key(j, key);
    if (value == PT_BOOL_MISSING)
        pt_json_null(j);
    else
        pt_json_bool(j, value == 1);
}

static void json_ground(pt_json *j, const telling *t, const pt_ground *g)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "expression", g->text);
    pt_json_put_cstr(j, "tag", is_real_tag(t, g) ? t->project->tags[g->tag].name : NULL);
    pt_json_key(j, "value");
    pt_render_json(j, &g->value, 0, t->project->zone);
    pt_json_put_cstr(j, "definition", g->definition);
    pt_json_put_open(j, "uses", '{');
    for (size_t i = 0; i < g->n_parts; i++) {
        pt_json_key(j, g->parts[i].text);
        pt_render_json(j, &g->parts[i].value, 0, t->project->zone);
    }
    pt_json_close(j, '}');
    pt_json_put_open(j, "proofs", '[');
    for (size_t i = 0; i < g->n_proofs; i++)
        pt_cli_json_proof(j, &t->proofs, &g->proofs[i]);
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_gap(pt_json *j, const telling *t, const pt_requirement *r)
{
    pt_column c = {.type = r->gap_type,
                   .width = 8,
                   .data = r->gap_type == PT_TYPE_NUMBER ? (const void *)&r->number : (const void *)&r->units};

    pt_json_key(j, "gap");
    if (r->has_gap)
        pt_render_json(j, &c, 0, t->project->zone);
    else
        pt_json_null(j);
}

static void json_need(pt_json *j, const telling *t, const pt_requirement *r)
{
    const pt_need *n = &r->need;

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "kind", pt_need_name(n->kind));
    pt_json_put_cstr(j, "operator", n->kind == PT_NEED_COMPARE || n->kind == PT_NEED_EVENTS ? pt_op_name(n->op) : NULL);
    pt_json_put_cstr(j, "subject", n->subject ? pt_cli_node(t->cli, n->subject, t->m->catalog) : NULL);
    pt_json_key(j, "value");
    if (n->subject)
        pt_render_json(j, &r->value, 0, t->project->zone);
    else
        pt_json_null(j);
    pt_json_put_open(j, "bounds", '[');
    for (size_t i = 0; i < n->n_bounds; i++)
        pt_render_json(j, &r->bounds[i], 0, t->project->zone);
    pt_json_close(j, ']');
    json_gap(j, t, r);
    pt_json_close(j, '}');
}

static void json_leaf(pt_json *j, const telling *t, size_t leaf)
{
    const pt_leaf_finding *f = &t->m->leaves[leaf];

    pt_json_open(j, '{');
    pt_json_put_int(j, "leaf", (int64_t)leaf);
    pt_json_put_cstr(j, "expression", f->text);
    json_value(j, "value", f->value);
    pt_json_put_bool(j, "decisive", f->decisive);
    for (unsigned want = 0; want < 2; want++) {
        pt_json_key(j, want ? "to_be_true" : "to_be_false");
        if (f->value == want)
            pt_json_null(j);
        else
            json_need(j, t, &f->require[want]);
    }
    pt_cli_json_instant(j, "changes_at", f->changes_at, INT64_MAX, t->project->zone);
    json_value(j, "changes_to", f->changes_to);
    pt_json_put_open(j, "found", '[');
    for (size_t i = 0; i < f->n_grounds; i++)
        json_ground(j, t, &f->grounds[i]);
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

/* A rule that is nested very deeply ends in expressions. */
static void json_logic(pt_json *j, const telling *t, const pt_logic *l, size_t depth)
{
    static const char *const kinds[] = {"and", "or", "not", "segment", "leaf"};

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "kind", kinds[l->kind]);
    json_value(j, "value", value_of(t, l));
    if (l->kind == PT_LOGIC_LEAF) {
        pt_json_put_int(j, "leaf", l->leaf);
    }
    if (l->kind == PT_LOGIC_NAMED || depth == MOST_DEPTH)
        pt_json_put_cstr(j, "expression", pt_cli_node(t->cli, l->node, t->m->catalog));
    if (l->n_parts && depth < MOST_DEPTH) {
        pt_json_put_open(j, "parts", '[');
        for (size_t i = 0; i < l->n_parts; i++)
            json_logic(j, t, l->parts[i], depth + 1);
        pt_json_close(j, ']');
    }
    pt_json_close(j, '}');
}

static void json_paths(pt_json *j, const pt_membership *m)
{
    pt_json_put_open(j, "ways_in", '[');
    for (size_t i = 0; i < m->n_paths; i++) {
        pt_json_open(j, '[');
        for (size_t k = 0; k < m->paths[i].n; k++) {
            pt_json_open(j, '{');
            pt_json_put_int(j, "leaf", m->paths[i].changes[k].leaf);
            pt_json_put_bool(j, "becomes", m->paths[i].changes[k].want);
            pt_json_close(j, '}');
        }
        pt_json_close(j, ']');
    }
    pt_json_close(j, ']');
}

void pt_cli_membership_json(pt_cli *cli, const pt_project *p, const pt_membership *m)
{
    telling t = begin(cli, p, m);
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "condition", m->text);
    pt_json_put_text(&j, "customer", m->customer);
    pt_cli_json_instant(&j, "as_of", m->as_of, PT_I64_MISSING, p->zone);
    pt_json_put_bool(&j, "member", m->verdict == 1);
    json_value(&j, "verdict", m->verdict);
    pt_cli_json_instant(&j, "changes_at", m->changes_at, INT64_MAX, p->zone);
    json_value(&j, "changes_to", m->changes_to);
    pt_json_key(&j, "rule");
    json_logic(&j, &t, m->tree.root, 0);
    pt_json_put_open(&j, "leaves", '[');
    for (size_t i = 0; i < m->tree.n_leaves; i++)
        json_leaf(&j, &t, i);
    pt_json_close(&j, ']');
    json_paths(&j, m);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}
