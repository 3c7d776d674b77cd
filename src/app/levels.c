#include "app/levels.h"

#include <stdlib.h>

#include "app/grid_int.h"

enum { MOST_PATHS = 1 << 20, FIRST_PATHS = 1 << 10 };

/* The values of one customer at all levels: codes of the columns, 0 is none. */
typedef struct path {
    uint32_t codes[PT_LEVELS_MOST];
} path;

typedef struct tally {
    path path;
    uint64_t members, base; /* base 0: a free place */
} tally;

/* A table of paths, open addressing; one a worker. */
typedef struct path_table {
    tally *places;
    size_t size, used; /* size is a power of two */
} path_table;

typedef struct grouping {
    pt_levels *out;
    pt_crowd_query *members; /* the condition */
    pt_crowd_query all;      /* the same with all customers, to be walked only */
    const pt_column *columns[PT_LEVELS_MOST];
    path_table *tables; /* by worker */
    tally *paths;       /* of all workers, in order of codes */
    size_t n_paths;
    pt_level_node *nodes;
    size_t n_nodes;
    pt_arena *arena;
} grouping;

/* --- counting paths -------------------------------------------------------------------------------------------------------- */

static uint32_t code_at(const pt_column *c, uint64_t row)
{
    if (c->type != PT_TYPE_BOOL)
        return pt_column_code(c, row);
    uint8_t v = ((const uint8_t *)c->data)[row];
    return v == PT_BOOL_MISSING ? 0 : v + 1u;
}

static tally *find_place(const path_table *t, const path *p)
{
    size_t at = pt_hash64(p, sizeof *p) & (t->size - 1);

    while (t->places[at].base && memcmp(&t->places[at].path, p, sizeof *p) != 0)
        at = (at + 1) & (t->size - 1);
    return &t->places[at];
}

static bool grow_table(path_table *t)
{
    path_table next = {.size = t->size ? t->size * 2 : FIRST_PATHS, .used = t->used};

    if (!(next.places = pt_zalloc(next.size, sizeof *next.places)))
        return false;
    for (size_t i = 0; i < t->size; i++)
        if (t->places[i].base)
            *find_place(&next, &t->places[i].path) = t->places[i];
    free(t->places);
    *t = next;
    return true;
}

static pt_rc count_path(path_table *t, const path *p, uint64_t members, uint64_t base, pt_err *err)
{
    if (t->used * 2 >= t->size && !grow_table(t))
        return pt_fail_nomem(err, "a tree of values");
    tally *place = find_place(t, p);
    if (!place->base) {
        place->path = *p;
        if (++t->used > MOST_PATHS)
            return pt_fail(err, PT_EINVAL, "the tags have more than %d different values together", MOST_PATHS);
    }
    place->members += members;
    place->base += base;
    return PT_OK;
}

/* `bits` are all customers of the block; those of the condition come from the other query. */
static pt_rc count_block(void *ctx, unsigned worker, uint32_t block, const uint64_t *bits, uint64_t *scratch,
                         pt_err *err)
{
    grouping *g = ctx;
    const uint64_t first = (uint64_t)block << PT_BLOCK_LOG2;

    pt_crowd_block(scratch, g->members->crowd, block, scratch + PT_BLOCK_WORDS);
    for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            path p = {{0}};
            for (unsigned d = 0; d < g->out->n_tags; d++)
                p.codes[d] = code_at(g->columns[d], first + w * 64 + bit);
            PT_TRY(count_path(&g->tables[worker], &p, scratch[w] >> bit & 1, 1, err));
        }
    return PT_OK;
}

static int by_codes(const void *left, const void *right)
{
    const tally *a = left, *b = right;

    for (unsigned d = 0; d < PT_LEVELS_MOST; d++)
        if (a->path.codes[d] != b->path.codes[d])
            return a->path.codes[d] < b->path.codes[d] ? -1 : 1;
    return 0;
}

/* The tables of all workers as one list in order of codes. */
static pt_rc join_tables(grouping *g, unsigned workers, pt_err *err)
{
    path_table *all = &g->tables[0];

    for (unsigned w = 1; w < workers; w++)
        for (size_t i = 0; i < g->tables[w].size; i++) {
            const tally *t = &g->tables[w].places[i];
            if (t->base)
                PT_TRY(count_path(all, &t->path, t->members, t->base, err));
        }
    if (!(g->paths = PT_NEW_ARRAY(g->arena, tally, all->used)))
        return pt_fail_nomem(err, "a tree of values");
    for (size_t i = 0; i < all->size; i++)
        if (all->places[i].base)
            g->paths[g->n_paths++] = all->places[i];
    if (g->n_paths)
        qsort(g->paths, g->n_paths, sizeof *g->paths, by_codes);
    return PT_OK;
}

static pt_rc count_paths(grouping *g, pt_err *err)
{
    unsigned workers = pt_pool_threads(g->all.pool);
    const pt_crowd_walk walk = {
        .ctx = g, .scratch = PT_BLOCK_WORDS + pt_crowd_scratch(g->members->crowd), .block = count_block};
    pt_rc rc = PT_OK;

    if (!(g->tables = pt_zalloc(workers, sizeof *g->tables)))
        return pt_fail_nomem(err, "a tree of values");
    rc = pt_crowd_each(&g->all, &walk, err);
    if (rc == PT_OK)
        rc = join_tables(g, workers, err);
    for (unsigned w = 0; w < workers; w++)
        free(g->tables[w].places);
    free(g->tables);
    return rc;
}

/* --- the tree -------------------------------------------------------------------------------------------------------------- */

static pt_sv value_of(const pt_column *c, uint32_t code)
{
    static const pt_sv bools[] = {{"false", 5}, {"true", 4}};

    if (code == 0)
        return (pt_sv){NULL, 0};
    return c->type == PT_TYPE_BOOL ? bools[code - 1] : pt_dict_text(c->dict, code);
}

/* The end of the paths from `first` on that share its value at `depth`. */
static size_t end_of_group(const grouping *g, size_t first, size_t end, unsigned depth)
{
    size_t at = first + 1;

    while (at < end && g->paths[at].path.codes[depth] == g->paths[first].path.codes[depth])
        at++;
    return at;
}

/* A value of a level, and the paths that have it. */
typedef struct group {
    pt_level_node node;
    size_t first, end;
} group;

static int by_members(const void *left, const void *right)
{
    const pt_level_node *a = &((const group *)left)->node, *b = &((const group *)right)->node;

    if (!a->value.ptr != !b->value.ptr)
        return a->value.ptr ? -1 : 1;
    if (a->members != b->members)
        return a->members > b->members ? -1 : 1;
    return pt_sv_cmp(a->value, b->value);
}

static double tgi(const pt_grid_head *h, const pt_level_node *n)
{
    return (double)n->members / (double)h->members / ((double)n->base / (double)h->customers) * 100;
}

static group make_group(const grouping *g, size_t first, size_t end, unsigned depth, int parent)
{
    pt_level_node n = {
        .value = value_of(g->columns[depth], g->paths[first].path.codes[depth]), .depth = depth, .parent = parent};

    for (size_t i = first; i < end; i++) {
        n.members += g->paths[i].members;
        n.base += g->paths[i].base;
    }
    n.tgi = tgi(&g->out->head, &n);
    return (group){n, first, end};
}

/* Values of too few are left out, and with them what would tell their size; so are those of nobody. */
static pt_rc leave_out(group *groups, size_t *n, grouping *g, pt_err *err)
{
    uint64_t *members = PT_NEW_ARRAY(g->arena, uint64_t, *n), *outside = PT_NEW_ARRAY(g->arena, uint64_t, *n);
    bool *hidden = PT_NEW_ARRAY(g->arena, bool, *n);
    size_t kept = 0;

    if (!members || !outside || !hidden)
        return pt_fail_nomem(err, "a tree of values");
    for (size_t i = 0; i < *n; i++) {
        members[i] = groups[i].node.value.ptr ? groups[i].node.members : 0;
        outside[i] = groups[i].node.base - groups[i].node.members;
    }
    pt_grid_hide(&g->out->head, hidden, members, outside, *n);
    for (size_t i = 0; i < *n; i++)
        if (groups[i].node.members && !hidden[i])
            groups[kept++] = groups[i];
    *n = kept;
    return PT_OK;
}

/* The values of `depth` among paths [first, end), by members. */
static pt_rc make_groups(group **out, size_t *n, grouping *g, size_t first, size_t end, unsigned depth, int parent,
                         pt_err *err)
{
    size_t values = 0;

    *n = 0;
    for (size_t at = first; at < end; at = end_of_group(g, at, end, depth))
        values++;
    if (!(*out = PT_NEW_ARRAY(g->arena, group, values)))
        return pt_fail_nomem(err, "a tree of values");
    bool divided = values > 1 || g->paths[first].path.codes[depth];
    for (size_t at = first, next; at < end && divided; at = next) {
        next = end_of_group(g, at, end, depth);
        (*out)[(*n)++] = make_group(g, at, next, depth, parent);
    }
    PT_TRY(leave_out(*out, n, g, err));
    if (*n)
        qsort(*out, *n, sizeof **out, by_members);
    return PT_OK;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as there are levels */
static pt_rc add_nodes(grouping *g, size_t first, size_t end, unsigned depth, int parent, pt_err *err)
{
    group *groups;
    size_t n;

    if (depth == g->out->n_tags || first == end)
        return PT_OK;
    PT_TRY(make_groups(&groups, &n, g, first, end, depth, parent, err));
    for (size_t i = 0; i < n; i++) {
        int at = (int)g->n_nodes;
        g->nodes[g->n_nodes++] = groups[i].node;
        PT_TRY(add_nodes(g, groups[i].first, groups[i].end, depth + 1, at, err));
    }
    return PT_OK;
}

/* --- asking ---------------------------------------------------------------------------------------------------------------- */

static pt_rc divide(pt_levels *out, pt_app *app, pt_sv condition, const pt_crowd_options *options, pt_diags *diags,
                    pt_arena *arena, pt_err *err)
{
    grouping g = {.out = out, .arena = arena};

    PT_TRY(pt_grid_open(&out->head, &g.members, app, condition, options, diags, arena, err));
    if (out->head.small)
        return PT_OK;
    g.all = *g.members;
    PT_TRY(pt_crowd_plan(&g.all.crowd, g.members, NULL, err));
    for (unsigned d = 0; d < out->n_tags; d++)
        PT_TRY(pt_grid_texts(&g.columns[d], g.members, out->tags[d], err));
    PT_TRY(count_paths(&g, err));
    if (!(g.nodes = PT_NEW_ARRAY(arena, pt_level_node, g.n_paths * out->n_tags)))
        return pt_fail_nomem(err, "a tree of values");
    if (out->head.members)
        PT_TRY(add_nodes(&g, 0, g.n_paths, 0, -1, err));
    out->nodes = g.nodes;
    out->n_nodes = g.n_nodes;
    return PT_OK;
}

/* The tag of a level; false when the project has none and none was named. */
static pt_rc find_level(int *tag, const pt_project *p, const pt_tag_part *part, pt_err *err)
{
    *tag = part->given.len ? -1 : pt_tag_for(p, part->templates[0]);
    return part->given.len ? pt_tag_play(tag, p, part, err) : PT_OK;
}

pt_rc pt_app_regions(pt_levels *out, pt_app *app, pt_sv condition, const pt_levels_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err)
{
    static const char *const templates[] = {"country", "region", "city", "county"};
    const pt_project *p = pt_app_project(app);
    pt_region_level level = options->level;
    int tags[PT_LEVELS_MOST];

    *out = (pt_levels){0};
    PT_TRY(pt_app_sound(app, err));
    for (unsigned d = 0; d < PT_LEVELS_MOST; d++)
        PT_TRY(find_level(&tags[d], p, &(pt_tag_part){options->tags[d], {templates[d]}, "--tag"}, err));
    if (level == PT_REGION_ANY)
        level = tags[PT_REGION_PROVINCE] >= 0  ? PT_REGION_PROVINCE
                : tags[PT_REGION_COUNTRY] >= 0 ? PT_REGION_COUNTRY
                : tags[PT_REGION_CITY] >= 0    ? PT_REGION_CITY
                : tags[PT_REGION_COUNTY] >= 0  ? PT_REGION_COUNTY
                                               : PT_REGION_PROVINCE;
    if (tags[level] < 0)
        return pt_tag_play(&tags[level], p, &(pt_tag_part){{"", 0}, {templates[level]}, "--tag"}, err);
    for (unsigned d = level == PT_REGION_COUNTRY ? 0 : PT_REGION_PROVINCE; d <= (unsigned)level; d++)
        if (tags[d] >= 0)
            out->tags[out->n_tags++] = tags[d];
    return divide(out, app, condition, &options->crowd, diags, arena, err);
}

pt_rc pt_app_channels(pt_levels *out, pt_app *app, pt_sv condition, const pt_levels_options *options, pt_diags *diags,
                      pt_arena *arena, pt_err *err)
{
    static const pt_tag_part parts[] = {{{"", 0}, {"acquisition_channel"}, "--channel"},
                                        {{"", 0}, {"acquisition_sub_channel"}, "--sub-channel"},
                                        {{"", 0}, {"acquisition_campaign"}, "--campaign"}};
    const pt_project *p = pt_app_project(app);
    int tag;

    *out = (pt_levels){0};
    PT_TRY(pt_app_sound(app, err));
    for (unsigned d = 0; d < PT_COUNT(parts); d++) {
        pt_tag_part part = parts[d];
        part.given = options->tags[d];
        PT_TRY(find_level(&tag, p, &part, err));
        if (tag >= 0)
            out->tags[out->n_tags++] = tag;
    }
    if (!out->n_tags)
        return pt_tag_play(&tag, p, &parts[0], err);
    return divide(out, app, condition, &options->crowd, diags, arena, err);
}
