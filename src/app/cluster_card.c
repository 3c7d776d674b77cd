#include "app/cluster_card.h"

#include <math.h>

#include "app/card_draft.h"

enum { IN_NAME = 2 }; /* traits of a name; more where two clusters would be called the same */

typedef struct clusters {
    pt_card_draft d;
    const pt_table *table;
    const pt_project *project;
    const pt_cluster_profile *profiles;
    const pt_card_text *names;
    uint32_t n;
} clusters;

/* --- words ------------------------------------------------------------------------------------------------------------------ */

static pt_card_text tag_text(const clusters *c, uint32_t feature)
{
    const char *name = c->table->features[feature].name;
    int tag = c->project ? pt_project_find_tag(c->project, pt_sv_of(name)) : -1;

    if (tag < 0)
        return pt_card_same(name);
    const pt_label *label = &c->project->tags[tag].label;
    return pt_card_both(pt_label_text(label, "zh", name), pt_label_text(label, "en", name));
}

/* The words of a value: of tiers as the tag file gives them. */
static pt_card_text value_text(const clusters *c, const pt_cluster_trait *t)
{
    const char *value = c->table->features[t->feature].names[t->name];
    int tag = c->project ? pt_project_find_tag(c->project, pt_sv_of(c->table->features[t->feature].name)) : -1;

    for (size_t i = 0; tag >= 0 && i < c->project->tags[tag].n_tier_labels; i++) {
        const struct pt_tier_label *label = &c->project->tags[tag].tier_labels[i];
        if (strcmp(label->name, value) == 0)
            return pt_card_both(pt_label_text(&label->label, "zh", value), pt_label_text(&label->label, "en", value));
    }
    return pt_card_same(value);
}

static bool is_bool(const clusters *c, uint32_t feature)
{
    const char *name = c->table->features[feature].name;
    int tag = c->project ? pt_project_find_tag(c->project, pt_sv_of(name)) : -1;

    return tag >= 0 && c->project->module->types[tag] == PT_TYPE_BOOL;
}

/* A sentence with {0} and {1}; in the arena. */
static const char *filled(clusters *c, const char *sentence, const char *a, const char *b)
{
    pt_str out = {0};

    pt_str_fill(&out, sentence, (const char *const[]){a, b}, 2);
    const char *kept = pt_arena_strdup(c->d.arena, pt_str_cstr(&out));
    c->d.failed |= out.failed || !kept;
    pt_str_free(&out);
    return kept ? kept : "";
}

static pt_card_text fill(clusters *c, const char *zh, const char *en, pt_card_text a, pt_card_text b)
{
    return (pt_card_text){filled(c, zh, pt_card_say(a, "zh"), pt_card_say(b, "zh")),
                          filled(c, en, pt_card_say(a, "en"), pt_card_say(b, "en"))};
}

/* "Spend in 365 days high", "few: Wuhan". */
static pt_card_text trait_name(clusters *c, const pt_cluster_trait *t)
{
    pt_card_text tag = tag_text(c, t->feature), none = pt_card_same("");
    bool more = t->effect > 0;

    if (t->name != PT_NO_CODE)
        return more ? fill(c, "{0}：{1}", "{0}: {1}", tag, value_text(c, t))
                    : fill(c, "{0}少见“{1}”", "{0}: rarely {1}", tag, value_text(c, t));
    if (is_bool(c, t->feature))
        return more ? fill(c, "{0}（是）", "{0}: yes", tag, none) : fill(c, "{0}（否）", "{0}: no", tag, none);
    return more ? fill(c, "{0}高", "{0} high", tag, none) : fill(c, "{0}低", "{0} low", tag, none);
}

/* "Spend in 365 days 5,120 (others 310)", "Wuhan 75% (others 12%)". */
static pt_card_text trait_figures(clusters *c, const pt_cluster_trait *t)
{
    bool share = t->name != PT_NO_CODE || is_bool(c, t->feature);
    int digits = fabs(t->inside) >= 100 || fabs(t->outside) >= 100 ? 0 : fabs(t->inside) >= 10 ? 1 : 2;
    pt_card_text inside = share ? pt_card_share(&c->d, t->inside) : pt_card_number(&c->d, t->inside, digits);
    pt_card_text outside = share ? pt_card_share(&c->d, t->outside) : pt_card_number(&c->d, t->outside, digits);
    pt_card_text figures = fill(c, "{0}（其他 {1}）", "{0} (others {1})", inside, outside),
                 tag = tag_text(c, t->feature);

    if (t->name != PT_NO_CODE)
        tag = fill(c, "{0}={1}", "{0} = {1}", tag, value_text(c, t));
    return fill(c, "{0} {1}", "{0} {1}", tag, figures);
}

/* The first n traits; in names what a cluster has comes before what it lacks. */
static pt_card_text join(clusters *c, uint32_t cluster, uint32_t n, bool figures)
{
    const pt_cluster_profile *p = &c->profiles[cluster];
    pt_cluster_trait traits[PT_CLUSTER_TRAITS];
    pt_card_text all = {NULL, NULL};
    uint32_t n_traits = 0;

    for (int lacking = 0; lacking < 2; lacking++)
        for (uint32_t i = 0; i < p->n_traits; i++)
            if (figures ? !lacking : (p->traits[i].name != PT_NO_CODE && p->traits[i].effect < 0) == lacking)
                traits[n_traits++] = p->traits[i];
    for (uint32_t i = 0; i < n && i < n_traits; i++) {
        pt_card_text one = figures ? trait_figures(c, &traits[i]) : trait_name(c, &traits[i]);
        all = i ? fill(c, figures ? "{0}；{1}" : "{0}、{1}", figures ? "{0}; {1}" : "{0}, {1}", all, one) : one;
    }
    return all.zh ? all : pt_card_both("与其他客户相近", "much like the others");
}

static bool is_shown(const clusters *c, uint32_t cluster)
{
    size_t least = c->project && c->project->min_group > 1 ? c->project->min_group : 1;

    return c->profiles[cluster].rows >= least;
}

/* In either language. */
static bool is_taken(const clusters *c, uint32_t cluster)
{
    pt_card_text name = c->names[cluster];

    for (uint32_t i = 0; i < cluster; i++)
        if (strcmp(pt_card_say(c->names[i], "en"), pt_card_say(name, "en")) == 0 ||
            strcmp(pt_card_say(c->names[i], "zh"), pt_card_say(name, "zh")) == 0)
            return true;
    return false;
}

const char *pt_cluster_code(uint32_t cluster, uint32_t n, pt_arena *arena)
{
    return pt_arena_printf(arena, n < 10 ? "c%u" : n < 100 ? "c%02u" : "c%04u", cluster + 1);
}

/* Traits are added until a name is its cluster's alone; its number is where they do not suffice. */
static void name_clusters(clusters *c, pt_card_text *names)
{
    c->names = names;
    for (uint32_t i = 0; i < c->n; i++) {
        if (!is_shown(c, i)) {
            names[i] = pt_card_same("");
            continue;
        }
        names[i] = join(c, i, IN_NAME, false);
        for (uint32_t n = IN_NAME + 1; n <= c->profiles[i].n_traits && is_taken(c, i); n++)
            names[i] = join(c, i, n, false);
        if (is_taken(c, i))
            names[i] =
                fill(c, "{0}（{1}）", "{0} ({1})", c->names[i], pt_card_same(pt_cluster_code(i, c->n, c->d.arena)));
    }
}

/* --- the section -------------------------------------------------------------------------------------------------------------- */

static void add_table(clusters *c)
{
    static const pt_card_column columns[] = {{"cluster", {"群", "cluster"}, PT_CELL_TEXT},
                                             {"name", {"名称", "name"}, PT_CELL_TEXT},
                                             {"customers", {"客户数", "customers"}, PT_CELL_COUNT},
                                             {"share", {"占比", "share"}, PT_CELL_SHARE},
                                             {"traits", {"突出特征", "what stands out"}, PT_CELL_TEXT}};
    enum { COLUMNS = PT_COUNT(columns) };
    pt_card_table *t = pt_card_add_table(&c->d, "clusters", "各群概况", "The clusters");
    pt_card_cell *cells = PT_NEW_ARRAY(c->d.arena, pt_card_cell, (size_t)c->n * COLUMNS + 1), *at = cells;

    if (!t || !cells) {
        c->d.failed = true;
        return;
    }
    for (uint32_t i = 0; i < c->n; i++) {
        if (!is_shown(c, i))
            continue;
        at[0].text = pt_card_same(pt_cluster_code(i, c->n, c->d.arena));
        at[1].text = c->names[i];
        at[2].number = (double)c->profiles[i].rows;
        at[3].number = (double)c->profiles[i].rows / (double)c->table->rows;
        at[4].text = join(c, i, PT_CLUSTER_TRAITS, true);
        at += COLUMNS;
        t->n_rows++;
    }
    t->columns = columns;
    t->n_columns = COLUMNS;
    t->cells = cells;
    t->note = pt_card_both(
        "名称取自该群与其余客户差别最大的标签：数值按全体标准差衡量均值之差，类别按比例之差（Cohen h）。",
        "Names are of the tags in which a cluster differs most from all others: means by standard deviations of "
        "all, shares by Cohen's h.");
}

static void add_sentences(clusters *c)
{
    enum { SAID = 10 };

    c->d.section = NULL;
    for (uint32_t i = 0; i < c->n && i < SAID; i++)
        if (is_shown(c, i))
            PT_CARD_SAY(&c->d, false, "群 {0}：{1}（{2} 人，{3}）。", "Cluster {0}: {1} ({2} customers, {3}).",
                        pt_card_count(&c->d, i + 1), c->names[i], pt_card_count(&c->d, c->profiles[i].rows),
                        pt_card_share(&c->d, (double)c->profiles[i].rows / (double)c->table->rows));
}

static pt_rc group_rows(clusters *c, int32_t **out, const pt_pipeline *p, pt_pool *pool, pt_err *err)
{
    size_t rows = c->table->rows;
    float *label = (float *)pt_arena_array(c->d.arena, rows + 1, sizeof *label);
    int32_t *group = PT_NEW_ARRAY(c->d.arena, int32_t, rows + 1);
    pt_row_set all = pt_all_rows(c->table);

    if (!label || !group)
        return pt_fail_nomem(err, "the clusters");
    PT_TRY(pt_pipeline_predict(label, p, c->table, &all, pool, err));
    for (size_t i = 0; i < rows; i++) {
        group[i] = (int32_t)label[i];
        c->n = group[i] >= 0 && (uint32_t)group[i] + 1 > c->n ? (uint32_t)group[i] + 1 : c->n;
    }
    *out = group;
    return PT_OK;
}

pt_rc pt_clusters_describe(pt_clusters *out, const pt_pipeline *p, const pt_table *table, const pt_project *project,
                           pt_pool *pool, pt_arena *arena, pt_err *err)
{
    clusters c = {.d = {.arena = arena}, .table = table, .project = project};
    pt_cluster_profile *profiles = NULL;
    int32_t *group = NULL;

    PT_TRY(group_rows(&c, &group, p, pool, err));
    PT_TRY(pt_cluster_profiles(&profiles, c.n, table, group, arena, err));
    pt_card_text *names = PT_NEW_ARRAY(arena, pt_card_text, c.n + 1);
    if (!names)
        return pt_fail_nomem(err, "the clusters");
    c.profiles = profiles;
    name_clusters(&c, names);
    *out = (pt_clusters){c.n, profiles, names};
    return c.d.failed ? pt_fail_nomem(err, "the clusters") : PT_OK;
}

pt_rc pt_card_add_clusters(pt_card *card, const pt_clusters *described, const pt_table *table,
                           const pt_project *project, pt_arena *arena, pt_err *err)
{
    clusters c = {.d = {.card = card, .arena = arena},
                  .table = table,
                  .project = project,
                  .profiles = described->profiles,
                  .names = described->names,
                  .n = described->n};

    pt_card_begin_section(&c.d, "clusters", "各群是谁", "Who they are");
    add_table(&c);
    add_sentences(&c);
    return c.d.failed ? pt_fail_nomem(err, "the card") : PT_OK;
}
