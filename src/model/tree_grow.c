/* Growing a tree: level by level while nodes are large, all workers at a level; then each small node's subtree by one worker. A
 * node's cells are its parent's less its smaller sibling's. The rows of a node lie side by side, in one of two places: a split
 * moves them from one to the other. */
#include <math.h>
#include <stdlib.h>

#include "model/tree_int.h"

enum {
    GROUP = 8,     /* columns of one task: their cells stay in the nearest cache */
    CHUNK = 32768, /* rows of one task of moving */
    SMALL = 4096,  /* rows from which on a node is grown by all workers */
    SPARSE = 192   /* rows below which cells are not worth clearing */
};
#define NO_GAIN 1e-12 /* of what is split: a fall of impurity that is only rounding */

/* Rows of a node. */
typedef struct span {
    size_t at, n;
    bool moved; /* in the second place */
    uint32_t node, depth;
    int64_t *cells; /* of all columns; NULL: none yet, or never */
    tree_split best;
} span;

typedef struct grower {
    tree_rows *r;
    unsigned char *places[2];
    const tree_limits *limits;
    const tree_stop *stop;
    pt_pool *pool;
    double weight; /* of all rows, in units */
    size_t small;
} grower;

static unsigned char *records_of(const grower *g, const span *s)
{
    return g->places[s->moved] + s->at * g->r->stride;
}

static size_t cells_bytes(const tree_rows *r)
{
    return (size_t)r->columns * TREE_CODES * r->words * sizeof(int64_t);
}

/* --- the tree so far ------------------------------------------------------------------------------------------------ */

void tree_grown_free(tree_grown *g)
{
    free(g->nodes);
    free(g->sums);
    *g = (tree_grown){0};
}

tree_sums tree_node_sums(const tree_grown *g, size_t node)
{
    const int64_t *s = g->sums + node * g->words;

    return (tree_sums){s[0], s[1], s[2], s + 3};
}

void tree_node_values(float *out, const tree_grown *g, const tree_rows *r, size_t node)
{
    tree_sums s = tree_node_sums(g, node);

    if (r->kind != TREE_CLASSES) {
        double value = (double)s.value / (double)s.weight;
        out[0] = (float)(r->classes ? value : r->centre + value * (r->value_unit / r->weight_unit));
        return;
    }
    for (uint32_t k = 0; k < r->classes; k++)
        out[k] = (float)((double)s.classes[k] / (double)s.weight);
}

/* A leaf of these sums; UINT32_MAX when memory is short. */
static uint32_t add_node(tree_grown *g, const tree_sums *s)
{
    size_t classes = g->words - 3;

    if (!pt_grow(&g->nodes, &g->cap, g->n + 1, sizeof *g->nodes) ||
        !pt_grow(&g->sums, &g->cap_sums, (g->n + 1) * g->words, sizeof *g->sums))
        return UINT32_MAX;
    int64_t *to = g->sums + g->n * g->words;
    to[0] = s->rows, to[1] = s->weight, to[2] = s->value;
    if (classes)
        memcpy(to + 3, s->classes, classes * sizeof *to);
    g->nodes[g->n] = (tree_node){0};
    return (uint32_t)g->n++;
}

/* --- splitting a node ----------------------------------------------------------------------------------------------- */

static bool is_open(const grower *g, const tree_grown *tree, uint32_t node, uint32_t depth)
{
    tree_sums s = tree_node_sums(tree, node);

    return depth < g->limits->depth && s.rows >= g->limits->split_rows && s.rows / 2 >= g->limits->leaf_rows &&
           s.rows >= 2 && !tree_is_pure(&s, g->r);
}

/* Whether the best split is worth making; then the node says how. */
static bool accept(const grower *g, tree_grown *tree, span *s)
{
    tree_split *best = &s->best;
    tree_node *node = &tree->nodes[s->node];
    tree_sums sums = tree_node_sums(tree, s->node);

    if (!(best->score > -INFINITY))
        return false;
    double gain = tree_gain(best, &sums, g->r, g->limits->criterion);
    double unit = g->r->classes ? g->r->weight_unit : g->r->value_unit / g->r->weight_unit * g->r->value_unit;
    bool gains = gain > NO_GAIN * fabs(best->score) * unit;
    if ((!gains && !g->r->classes) || gain < g->limits->gain * g->weight * g->r->weight_unit)
        return false;
    node->column = best->column;
    node->code = best->code;
    node->split = tree_threshold(&g->r->column[best->column], best->code, best->next);
    node->missing_left = best->missing_left;
    node->gain = gains ? gain : 0; /* of classes a split that gains nothing may lead to one that does */
    return true;
}

/* --- moving rows ---------------------------------------------------------------------------------------------------- */

/* A record, in words. Sizes that are common have a copy of their own, in which the size is no question. */
static inline __attribute__((always_inline)) void copy_words(uint64_t *to, const uint64_t *from, size_t words)
{
    for (size_t w = 0; w < words; w++)
        to[w] = from[w];
}

static inline __attribute__((always_inline)) void move_words(unsigned char *left, unsigned char *right,
                                                             const unsigned char *from, size_t n, const tree_rows *r,
                                                             const tree_node *node, size_t words)
{
    uint64_t *to[2] = {(uint64_t *)(void *)right, (uint64_t *)(void *)left};

    for (size_t i = 0; i < n; i++, from += words * sizeof **to) {
        bool goes = tree_goes_left(r, from, node);
        copy_words(to[goes], (const uint64_t *)(const void *)from, words);
        to[goes] += words;
    }
}

/* Moves the records to where those that go left begin and where the others do, each in their order. */
static void move_records(unsigned char *left, unsigned char *right, const unsigned char *from, size_t n,
                         const tree_rows *r, const tree_node *node)
{
    switch (r->stride / 8) {
    case 1: move_words(left, right, from, n, r, node, 1); return;
    case 2: move_words(left, right, from, n, r, node, 2); return;
    case 3: move_words(left, right, from, n, r, node, 3); return;
    case 4: move_words(left, right, from, n, r, node, 4); return;
    case 5: move_words(left, right, from, n, r, node, 5); return;
    case 8: move_words(left, right, from, n, r, node, 8); return;
    case 9: move_words(left, right, from, n, r, node, 9); return;
    default: move_words(left, right, from, n, r, node, r->stride / 8); return;
    }
}

/* Adds both children of a node whose left rows have these sums. */
static pt_rc add_children(tree_grown *tree, uint32_t node, const int64_t *left, int64_t *right, pt_err *err)
{
    for (size_t w = 0; w < tree->words; w++)
        right[w] = tree->sums[node * tree->words + w] - left[w];
    tree_sums l = {left[0], left[1], left[2], left + 3}, o = {right[0], right[1], right[2], right + 3};
    uint32_t first = add_node(tree, &l), second = add_node(tree, &o);
    if (first == UINT32_MAX || second == UINT32_MAX)
        return pt_fail_nomem(err, "the nodes of a tree");
    tree->nodes[node].left = first;
    tree->nodes[node].right = second;
    return PT_OK;
}

static span child_of(const span *parent, const tree_grown *tree, bool right)
{
    const tree_node *n = &tree->nodes[parent->node];
    size_t left = (size_t)tree_node_sums(tree, n->left).rows;

    return (span){.at = parent->at + (right ? left : 0),
                  .n = right ? parent->n - left : left,
                  .moved = !parent->moved,
                  .node = right ? n->right : n->left,
                  .depth = parent->depth + 1,
                  .best = {.score = -INFINITY}};
}

/* --- small nodes: a subtree is one worker's ------------------------------------------------------------------------- */

typedef struct worker {
    const grower *g;
    tree_grown tree; /* the subtree */
    tree_scratch *scratch;
    int64_t *sums;   /* of both children */
    int64_t **cells; /* blocks that are not in use */
    size_t n_cells, cap_cells;
    bool ready;
} worker;

static int64_t *borrow_cells(worker *w)
{
    return w->n_cells ? w->cells[--w->n_cells] : pt_alloc64(1, cells_bytes(w->g->r));
}

static void give_back(worker *w, int64_t *cells)
{
    if (cells && pt_grow(&w->cells, &w->cap_cells, w->n_cells + 1, sizeof *w->cells))
        w->cells[w->n_cells++] = cells;
    else
        free(cells);
}

static void find_split(worker *w, span *s)
{
    const grower *g = w->g;
    tree_sums sums = tree_node_sums(&w->tree, s->node);

    if (s->cells)
        tree_scan_cells(&s->best, g->r, s->cells, 0, g->r->columns, &sums, g->limits, w->scratch);
    else
        tree_scan_records(&s->best, g->r, records_of(g, s), s->n, 0, g->r->columns, &sums, g->limits, w->scratch);
}

/* Cells of the children that are worth having them, out of the parent's, which are used up. */
static pt_rc share_cells(worker *w, span *small, span *large, int64_t *cells, pt_err *err)
{
    const tree_rows *r = w->g->r;
    bool small_open = small->n >= SPARSE && is_open(w->g, &w->tree, small->node, small->depth);
    bool large_open = large->n >= SPARSE && is_open(w->g, &w->tree, large->node, large->depth);

    if (!cells || (!small_open && !large_open)) {
        give_back(w, cells);
        return PT_OK;
    }
    large->cells = cells;
    if (!small_open) {
        tree_take_cells(cells, r, records_of(w->g, small), small->n, 0, r->columns);
        return PT_OK;
    }
    small->cells = borrow_cells(w);
    if (!small->cells)
        return pt_fail_nomem(err, "splitting a tree");
    memset(small->cells, 0, cells_bytes(r));
    tree_add_cells(small->cells, r, records_of(w->g, small), small->n, 0, r->columns);
    for (size_t i = 0; i < cells_bytes(r) / sizeof *cells; i++)
        cells[i] -= small->cells[i];
    return PT_OK;
}

/* At most as deep as the tree; the span's cells are used up. */
static pt_rc grow_below(worker *w, span *s, pt_err *err)
{
    const grower *g = w->g;
    int64_t *cells = s->cells;

    if (!is_open(g, &w->tree, s->node, s->depth)) {
        give_back(w, cells);
        return PT_OK;
    }
    find_split(w, s);
    if (!accept(g, &w->tree, s)) {
        give_back(w, cells);
        return PT_OK;
    }
    const tree_node node = w->tree.nodes[s->node];
    memset(w->sums, 0, w->tree.words * sizeof *w->sums);
    tree_sum(w->sums, g->r, records_of(g, s), s->n, &node);
    pt_rc rc = add_children(&w->tree, s->node, w->sums, w->sums + w->tree.words, err);
    if (rc != PT_OK) {
        give_back(w, cells);
        return rc;
    }
    span left = child_of(s, &w->tree, false), right = child_of(s, &w->tree, true);
    move_records(records_of(g, &left), records_of(g, &right), records_of(g, s), s->n, g->r, &node);
    rc = left.n <= right.n ? share_cells(w, &left, &right, cells, err) : share_cells(w, &right, &left, cells, err);
    if (rc == PT_OK)
        rc = grow_below(w, &left, err);
    else
        give_back(w, left.cells);
    if (rc == PT_OK)
        return grow_below(w, &right, err);
    give_back(w, right.cells);
    return rc;
}

static pt_rc make_ready(worker *w, const grower *g, pt_err *err)
{
    if (w->ready)
        return PT_OK;
    w->g = g;
    PT_TRY(tree_scratch_new(&w->scratch, g->r, err));
    w->sums = pt_zalloc(2 * (3 + (size_t)g->r->classes), sizeof *w->sums);
    if (!w->sums)
        return pt_fail_nomem(err, "splitting a tree");
    w->ready = true;
    return PT_OK;
}

static void worker_free(worker *w)
{
    tree_scratch_free(w->scratch);
    tree_grown_free(&w->tree);
    free(w->sums);
    for (size_t i = 0; i < w->n_cells; i++)
        free(w->cells[i]);
    free(w->cells);
}

typedef struct below {
    const grower *g;
    worker *workers;
    const tree_grown *tree; /* the top */
    const span *roots;
    tree_grown *grown; /* of each root */
} below;

static pt_rc grow_root(void *arg, size_t index, unsigned number, pt_err *err)
{
    below *b = arg;
    worker *w = &b->workers[number];
    span s = b->roots[index];

    if (b->g->stop->cancelled && b->g->stop->cancelled(b->g->stop->context))
        return pt_fail(err, PT_ECANCELED, "learning was stopped");
    PT_TRY(make_ready(w, b->g, err));
    tree_sums sums = tree_node_sums(b->tree, s.node);
    w->tree.words = b->tree->words;
    s.node = add_node(&w->tree, &sums);
    if (s.node == UINT32_MAX)
        return pt_fail_nomem(err, "the nodes of a tree");
    if (!b->g->r->wide && s.n >= SPARSE) {
        s.cells = borrow_cells(w);
        if (!s.cells)
            return pt_fail_nomem(err, "splitting a tree");
        memset(s.cells, 0, cells_bytes(b->g->r));
        tree_add_cells(s.cells, b->g->r, records_of(b->g, &s), s.n, 0, b->g->r->columns);
    }
    pt_rc rc = grow_below(w, &s, err);
    b->grown[index] = w->tree;
    w->tree = (tree_grown){0};
    return rc;
}

/* Puts a subtree in the place of the leaf that it grew from. */
static pt_rc graft(tree_grown *tree, uint32_t at, const tree_grown *grown, pt_err *err)
{
    uint32_t shift = (uint32_t)tree->n - 1; /* node 1 of the subtree is the next of the tree */

    for (size_t i = 1; i < grown->n; i++) {
        tree_sums sums = tree_node_sums(grown, i);
        if (add_node(tree, &sums) == UINT32_MAX)
            return pt_fail_nomem(err, "the nodes of a tree");
    }
    for (size_t i = 0; i < grown->n; i++) {
        tree_node n = grown->nodes[i];
        n.left += n.left ? shift : 0;
        n.right += n.right ? shift : 0;
        tree->nodes[i ? shift + i : at] = n;
    }
    return PT_OK;
}

static pt_rc grow_roots(tree_grown *tree, const grower *g, const span *roots, size_t n, pt_err *err)
{
    unsigned threads = pt_pool_threads(g->pool);
    below b = {g, pt_zalloc(threads, sizeof *b.workers), tree, roots, pt_zalloc(n + 1, sizeof *b.grown)};
    pt_rc rc = b.workers && b.grown ? pt_pool_run(g->pool, n, grow_root, &b, err) : pt_fail_nomem(err, "a tree");

    for (size_t i = 0; rc == PT_OK && i < n; i++)
        rc = graft(tree, roots[i].node, &b.grown[i], err);
    for (size_t i = 0; b.grown && i < n; i++)
        tree_grown_free(&b.grown[i]);
    for (size_t i = 0; b.workers && i < threads; i++)
        worker_free(&b.workers[i]);
    free(b.grown);
    free(b.workers);
    return rc;
}

/* --- large nodes: all workers at a level -------------------------------------------------------------------------------- */

/* A node that was split, and its children; the root is an only child. */
typedef struct family {
    span kids[2];
    size_t n;
    size_t small; /* which kid has fewer rows */
} family;

typedef struct span_list {
    span *items;
    size_t n, cap;
} span_list;

typedef struct level {
    const grower *g;
    tree_grown *tree;
    family *families;
    size_t n, cap;
    tree_split *best; /* a group of columns of a kid of a family */
    size_t cap_best;
    tree_scratch **scratch; /* of each worker */
    span_list ready;        /* spans to be split */
    span_list small;        /* roots of what each worker grows by itself */
    size_t *chunk_first;    /* where the chunks of a ready span begin; one more */
    int64_t *sums;          /* of the left rows of a chunk */
    size_t cap_first, cap_sums;
} level;

static size_t groups_of(const grower *g)
{
    return (g->r->columns + GROUP - 1) / GROUP;
}

static bool add_span(span_list *list, const span *s)
{
    if (!pt_grow(&list->items, &list->cap, list->n + 1, sizeof *list->items))
        return false;
    list->items[list->n++] = *s;
    return true;
}

/* The cells of one group of columns of both kids. */
static void fill_cells(const grower *g, family *f, uint32_t from, uint32_t to)
{
    size_t at = (size_t)from * TREE_CODES * g->r->words, n = (size_t)(to - from) * TREE_CODES * g->r->words;
    const span *small = &f->kids[f->small], *large = &f->kids[f->n - 1 - f->small];

    if (f->n == 2 && !small->cells) {
        tree_take_cells(large->cells + at, g->r, records_of(g, small), small->n, from, to);
        return;
    }
    memset(small->cells + at, 0, n * sizeof *small->cells);
    tree_add_cells(small->cells + at, g->r, records_of(g, small), small->n, from, to);
    for (size_t i = 0; f->n == 2 && large->cells && i < n; i++)
        large->cells[at + i] -= small->cells[at + i];
}

static pt_rc scan_family(void *arg, size_t index, unsigned number, pt_err *err)
{
    level *l = arg;
    const grower *g = l->g;
    size_t groups = groups_of(g);
    family *f = &l->families[index / groups];
    uint32_t from = (uint32_t)(index % groups * GROUP);
    uint32_t to = from + GROUP < g->r->columns ? from + GROUP : g->r->columns;

    if (!l->scratch[number])
        PT_TRY(tree_scratch_new(&l->scratch[number], g->r, err));
    if (!g->r->wide)
        fill_cells(g, f, from, to);
    for (size_t k = 0; k < f->n; k++) {
        span *s = &f->kids[k];
        tree_split *best = &l->best[(index / groups * 2 + k) * groups + index % groups];
        tree_sums sums = tree_node_sums(l->tree, s->node);
        *best = (tree_split){.score = -INFINITY};
        if (s->cells)
            tree_scan_cells(best, g->r, s->cells + (size_t)from * TREE_CODES * g->r->words, from, to, &sums, g->limits,
                            l->scratch[number]);
        else if (g->r->wide && s->n >= g->small)
            tree_scan_records(best, g->r, records_of(g, s), s->n, from, to, &sums, g->limits, l->scratch[number]);
    }
    return PT_OK;
}

/* Takes the best of the groups, and keeps what is worth splitting. */
static pt_rc choose_splits(level *l, pt_err *err)
{
    size_t groups = groups_of(l->g);

    l->ready.n = 0;
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->families[i].n; k++) {
            span *s = &l->families[i].kids[k];
            s->best = (tree_split){.score = -INFINITY};
            for (size_t group = 0; group < groups; group++)
                if (l->best[(i * 2 + k) * groups + group].score > s->best.score)
                    s->best = l->best[(i * 2 + k) * groups + group];
            if (!accept(l->g, l->tree, s)) {
                free(s->cells);
                s->cells = NULL;
            } else if (!add_span(&l->ready, s)) {
                return pt_fail_nomem(err, "a tree");
            } else {
                s->cells = NULL; /* the copy has them */
            }
        }
    return PT_OK;
}

/* Which ready span a chunk is of, and which rows. */
static const span *chunk_at(const level *l, size_t chunk, size_t *from, size_t *n)
{
    size_t i = 0;

    while (l->chunk_first[i + 1] <= chunk)
        i++;
    const span *s = &l->ready.items[i];
    *from = (chunk - l->chunk_first[i]) * CHUNK;
    *n = s->n - *from < CHUNK ? s->n - *from : CHUNK;
    return s;
}

static pt_rc sum_chunk(void *arg, size_t chunk, unsigned number, pt_err *err)
{
    level *l = arg;
    size_t from, n;
    const span *s = chunk_at(l, chunk, &from, &n);

    (void)number, (void)err;
    tree_sum(l->sums + chunk * l->tree->words, l->g->r, records_of(l->g, s) + from * l->g->r->stride, n,
             &l->tree->nodes[s->node]);
    return PT_OK;
}

static pt_rc move_chunk(void *arg, size_t chunk, unsigned number, pt_err *err)
{
    level *l = arg;
    size_t from, n, left = 0, all = 0, stride = l->g->r->stride;
    const span *s = chunk_at(l, chunk, &from, &n);
    size_t first = chunk - from / CHUNK, last = first + (s->n + CHUNK - 1) / CHUNK;

    (void)number, (void)err;
    for (size_t c = first; c < last; c++) {
        left += c < chunk ? (size_t)l->sums[c * l->tree->words] : 0;
        all += (size_t)l->sums[c * l->tree->words];
    }
    unsigned char *to = l->g->places[!s->moved] + s->at * stride;
    move_records(to + left * stride, to + (all + from - left) * stride, records_of(l->g, s) + from * stride, n, l->g->r,
                 &l->tree->nodes[s->node]);
    return PT_OK;
}

static pt_rc count_chunks(level *l, pt_err *err)
{
    size_t words = l->tree->words;

    if (!pt_grow(&l->chunk_first, &l->cap_first, l->ready.n + 1, sizeof *l->chunk_first))
        return pt_fail_nomem(err, "a tree");
    l->chunk_first[0] = 0;
    for (size_t i = 0; i < l->ready.n; i++)
        l->chunk_first[i + 1] = l->chunk_first[i] + (l->ready.items[i].n + CHUNK - 1) / CHUNK;
    /* One more: room for the sums of a right child. */
    if (!pt_grow(&l->sums, &l->cap_sums, (l->chunk_first[l->ready.n] + 1) * words, sizeof *l->sums))
        return pt_fail_nomem(err, "a tree");
    memset(l->sums, 0, l->chunk_first[l->ready.n] * words * sizeof *l->sums);
    return PT_OK;
}

/* The family that a split made: who goes on at the next level, who is grown by one worker, who is a leaf. The cells of the
 * parent are the larger kid's. */
static pt_rc add_family(level *l, const span *parent, pt_err *err)
{
    const grower *g = l->g;
    family f = {{child_of(parent, l->tree, false), child_of(parent, l->tree, true)}, 2, 0};
    int64_t *cells = parent->cells;
    bool goes_on[2];

    f.small = f.kids[0].n <= f.kids[1].n ? 0 : 1;
    for (size_t k = 0; k < 2; k++) {
        bool open = is_open(g, l->tree, f.kids[k].node, f.kids[k].depth);
        goes_on[k] = open && f.kids[k].n >= g->small;
        if (open && !goes_on[k] && !add_span(&l->small, &f.kids[k])) {
            free(cells);
            return pt_fail_nomem(err, "a tree");
        }
    }
    if (!goes_on[0] && !goes_on[1]) {
        free(cells);
        return PT_OK;
    }
    if (!pt_grow(&l->families, &l->cap, l->n + 1, sizeof *l->families)) {
        free(cells);
        return pt_fail_nomem(err, "a tree");
    }
    family *to = &l->families[l->n++];
    *to = f;
    if (g->r->wide)
        return PT_OK;
    if (goes_on[!f.small])
        to->kids[!f.small].cells = cells;
    else
        free(cells);
    if (goes_on[f.small] && !(to->kids[f.small].cells = pt_alloc64(1, cells_bytes(g->r))))
        return pt_fail_nomem(err, "a tree");
    return PT_OK;
}

static pt_rc next_level(level *l, pt_err *err)
{
    size_t words = l->tree->words;
    pt_rc rc = PT_OK;

    l->n = 0;
    for (size_t i = 0; i < l->ready.n; i++) {
        span *s = &l->ready.items[i];
        int64_t *left = l->sums + l->chunk_first[i] * words, *right = l->sums + l->chunk_first[l->ready.n] * words;
        for (size_t c = l->chunk_first[i] + 1; c < l->chunk_first[i + 1]; c++)
            for (size_t w = 0; w < words; w++)
                left[w] += l->sums[c * words + w];
        if (rc == PT_OK)
            rc = add_children(l->tree, s->node, left, right, err);
        if (rc == PT_OK)
            rc = add_family(l, s, err);
        else
            free(s->cells);
        s->cells = NULL;
    }
    return rc;
}

static pt_rc grow_level(level *l, pt_err *err)
{
    const grower *g = l->g;
    size_t groups = groups_of(g);

    if (g->stop->cancelled && g->stop->cancelled(g->stop->context))
        return pt_fail(err, PT_ECANCELED, "learning was stopped");
    if (!pt_grow(&l->best, &l->cap_best, l->n * 2 * groups, sizeof *l->best))
        return pt_fail_nomem(err, "a tree");
    PT_TRY(pt_pool_run(g->pool, l->n * groups, scan_family, l, err));
    PT_TRY(choose_splits(l, err));
    PT_TRY(count_chunks(l, err));
    PT_TRY(pt_pool_run(g->pool, l->chunk_first[l->ready.n], sum_chunk, l, err));
    PT_TRY(pt_pool_run(g->pool, l->chunk_first[l->ready.n], move_chunk, l, err));
    return next_level(l, err);
}

static void level_free(level *l)
{
    for (size_t i = 0; i < l->n; i++)
        for (size_t k = 0; k < l->families[i].n; k++)
            free(l->families[i].kids[k].cells);
    for (size_t i = 0; i < l->ready.n; i++)
        free(l->ready.items[i].cells);
    for (size_t i = 0; l->scratch && i < pt_pool_threads(l->g->pool); i++)
        tree_scratch_free(l->scratch[i]);
    free(l->families);
    free(l->best);
    free(l->scratch);
    free(l->ready.items);
    free(l->small.items);
    free(l->chunk_first);
    free(l->sums);
}

/* The root: of a family of its own, or at once one worker's. */
static pt_rc begin(level *l, pt_err *err)
{
    const grower *g = l->g;
    span root = {.n = g->r->rows, .best = {.score = -INFINITY}};
    int64_t *sums = pt_zalloc(l->tree->words, sizeof *sums);

    l->scratch = pt_zalloc(pt_pool_threads(g->pool), sizeof *l->scratch);
    if (!sums || !l->scratch) {
        free(sums);
        return pt_fail_nomem(err, "a tree");
    }
    tree_sum(sums, g->r, records_of(g, &root), root.n, NULL);
    tree_sums s = {sums[0], sums[1], sums[2], sums + 3};
    root.node = add_node(l->tree, &s);
    free(sums);
    if (root.node == UINT32_MAX)
        return pt_fail_nomem(err, "a tree");
    if (!is_open(g, l->tree, root.node, 0))
        return PT_OK;
    if (root.n < g->small)
        return add_span(&l->small, &root) ? PT_OK : pt_fail_nomem(err, "a tree");
    if (!pt_grow(&l->families, &l->cap, 1, sizeof *l->families) ||
        (!g->r->wide && !(root.cells = pt_alloc64(1, cells_bytes(g->r)))))
        return pt_fail_nomem(err, "a tree");
    l->families[l->n++] = (family){.kids = {root}, .n = 1};
    return PT_OK;
}

/* Nodes of fewer rows are small: then the cells of a level fit into a quarter of a gigabyte. */
static size_t small_rows(const tree_rows *r)
{
    size_t by_share = r->rows / 64, by_cells = (size_t)((double)r->rows * (double)cells_bytes(r) / 0x1p28);
    size_t most = by_share > by_cells ? by_share : by_cells;

    return most > SMALL ? most : SMALL;
}

pt_rc tree_grow(tree_grown *out, tree_rows *r, const tree_limits *limits, const tree_stop *stop, pt_pool *pool,
                pt_err *err)
{
    unsigned char *spare = pt_alloc64(r->rows + 1, r->stride);
    grower g = {r, {r->records, spare}, limits, stop, pool, 0, small_rows(r)};
    level l = {.g = &g, .tree = out};

    *out = (tree_grown){.words = 3 + (r->kind == TREE_CLASSES ? r->classes : 0)};
    if (!spare)
        return pt_fail_nomem(err, "the rows of a tree");
    pt_rc rc = begin(&l, err);
    if (rc == PT_OK)
        g.weight = (double)tree_node_sums(out, 0).weight;
    while (rc == PT_OK && l.n)
        rc = grow_level(&l, err);
    if (rc == PT_OK)
        rc = grow_roots(out, &g, l.small.items, l.small.n, err);
    level_free(&l);
    free(spare);
    return rc;
}
