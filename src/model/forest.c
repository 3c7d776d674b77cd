/* Forests: memory, bytes, what each column counts. */
#include "model/forest.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "model/blob.h"

enum { VERSION = 1, MOST_TREES = 1 << 20, MOST_NODES = 1 << 28, MOST_OUTPUTS = 1 << 16 };

/* A node in bytes says which of these it is. */
enum { NODE_LEAF = 1, NODE_MISSING_LEFT = 2, NODE_NO_SPLIT = 4, NODE_KINDS = 8 };

void pt_forest_free(void *model)
{
    pt_forest *f = model;

    if (!f)
        return;
    free(f->first);
    free(f->depth);
    free(f->nodes);
    free(f->cover);
    free(f->leaf);
    free(f->leaves);
    free(f->importance);
    free(f);
}

pt_rc pt_forest_new(pt_forest **out, const pt_forest *shape, pt_err *err)
{
    pt_forest *f = pt_zalloc(1, sizeof *f);
    bool able = f != NULL;

    if (able) {
        *f = *shape;
        f->first = pt_zalloc((size_t)f->n_trees + 1, sizeof *f->first);
        f->depth = pt_zalloc((size_t)f->n_trees + 1, sizeof *f->depth);
        f->nodes = pt_zalloc((size_t)f->n_nodes + 1, sizeof *f->nodes);
        f->cover = pt_zalloc((size_t)f->n_nodes + 1, sizeof *f->cover);
        f->leaf = f->width > 1 ? pt_zalloc((size_t)f->n_nodes + 1, sizeof *f->leaf) : NULL;
        f->leaves = f->width > 1 ? pt_zalloc((size_t)f->n_leaves * f->width + 1, sizeof *f->leaves) : NULL;
        f->importance = pt_zalloc((size_t)f->columns + 1, sizeof *f->importance);
        able =
            f->first && f->depth && f->nodes && f->cover && f->importance && (f->width == 1 || (f->leaf && f->leaves));
    }
    if (!able) {
        pt_forest_free(f);
        return pt_fail_nomem(err, "a forest");
    }
    *out = f;
    return PT_OK;
}

void pt_forest_scale_importance(pt_forest *f)
{
    double sum = 0;

    for (size_t c = 0; c < f->columns; c++)
        sum += f->importance[c];
    for (size_t c = 0; c < f->columns; c++)
        f->importance[c] = sum > 0 ? f->importance[c] / sum : 0;
}

size_t pt_forest_outputs(const void *model)
{
    const pt_forest *f = model;

    return f->outputs;
}

pt_rc pt_forest_importance(double *out, const void *model, pt_err *err)
{
    const pt_forest *f = model;

    (void)err;
    memcpy(out, f->importance, f->columns * sizeof *out);
    return PT_OK;
}

/* --- bytes ---------------------------------------------------------------------------------------------------------- */

static uint32_t kind_of(const pt_forest *f, const pt_node *tree, uint32_t i)
{
    (void)f;
    if (pt_node_is_leaf(tree, i))
        return NODE_LEAF;
    return (tree[i].column & PT_NODE_MISSING_LEFT ? NODE_MISSING_LEFT : 0) | (isinf(tree[i].split) ? NODE_NO_SPLIT : 0);
}

static void put_tree(pt_str *out, const pt_forest *f, uint32_t t)
{
    const pt_node *tree = f->nodes + f->first[t];
    uint32_t n = f->first[t + 1] - f->first[t];

    pt_blob_put_count(out, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t words[2] = {kind_of(f, tree, i), 0};
        float numbers[2] = {tree[i].split, f->cover[f->first[t] + i]};
        if (words[0] & NODE_LEAF)
            numbers[0] = f->width == 1 ? tree[i].value : 0;
        else if (words[0] & NODE_NO_SPLIT)
            numbers[0] = 0;
        words[1] = words[0] & NODE_LEAF ? (f->width > 1 ? f->leaf[f->first[t] + i] : 0) : pt_node_column(&tree[i]);
        pt_blob_put_codes(out, words, 2);
        pt_blob_put_floats(out, numbers, 2);
    }
}

pt_rc pt_forest_save(pt_str *out, const void *model, pt_err *err)
{
    const pt_forest *f = model;

    pt_blob_begin(out, "TREE", VERSION);
    pt_blob_put_count(out, f->link);
    pt_blob_put_count(out, f->columns);
    pt_blob_put_count(out, f->outputs);
    pt_blob_put_count(out, f->width);
    pt_blob_put_count(out, f->n_trees);
    pt_blob_put_count(out, f->n_nodes);
    pt_blob_put_count(out, f->n_leaves);
    pt_blob_put_number(out, (double)f->base);
    for (uint32_t t = 0; t < f->n_trees; t++)
        put_tree(out, f, t);
    if (f->width > 1)
        pt_blob_put_floats(out, f->leaves, (size_t)f->n_leaves * f->width);
    pt_blob_put_numbers(out, f->importance, f->columns);
    return pt_str_check(out, err);
}

static bool is_shape(const pt_forest *f)
{
    bool several = f->link == PT_LINK_SHARE ? f->outputs > 2 : false;

    if (f->link >= PT_LINK_COUNT || f->width != (several ? f->outputs : 1))
        return false;
    if (f->link == PT_LINK_VALUE)
        return f->outputs == 1;
    if (f->link == PT_LINK_SOFTMAX)
        return f->outputs > 2 && f->n_trees % f->outputs == 0;
    return f->outputs >= 2 && (several || f->outputs == 2);
}

static pt_forest get_shape(pt_blob *b, pt_sv bytes)
{
    pt_forest f = {0};

    f.link = (pt_link)pt_blob_count(b, 0, PT_LINK_COUNT - 1);
    f.columns = (uint32_t)pt_blob_count(b, 1, bytes.len);
    f.outputs = (uint32_t)pt_blob_count(b, 1, MOST_OUTPUTS);
    f.width = (uint32_t)pt_blob_count(b, 1, f.outputs);
    f.n_trees = (uint32_t)pt_blob_count(b, 0, MOST_TREES);
    f.n_nodes = (uint32_t)pt_blob_count(b, f.n_trees, bytes.len < MOST_NODES ? bytes.len : MOST_NODES);
    f.n_leaves = (uint32_t)pt_blob_count(b, 0, f.width > 1 ? f.n_nodes : 0);
    f.base = (float)pt_blob_number(b, -FLT_MAX, FLT_MAX);
    /* Fewer bytes than this many leaves have are damage: nothing is allocated for it. */
    if (!is_shape(&f) || (uint64_t)f.n_leaves * f.width > bytes.len || f.n_trees > bytes.len)
        pt_blob_refuse(b);
    return f;
}

/* A node; *next is where the next pair of children lies. */
static void get_node(pt_forest *f, pt_blob *b, uint32_t t, uint32_t i, uint32_t n, uint32_t *next)
{
    pt_node *node = &f->nodes[f->first[t] + i];
    uint32_t words[2] = {0};
    float numbers[2] = {0};

    pt_frame_get(&b->cursor, words, sizeof words);
    pt_frame_get(&b->cursor, numbers, sizeof numbers);
    bool leaf = words[0] & NODE_LEAF;
    uint32_t below = !leaf ? f->columns : f->width > 1 ? f->n_leaves : 1;
    if (words[0] >= NODE_KINDS || words[1] >= below || !isfinite(numbers[0]) || !isfinite(numbers[1]) ||
        !(numbers[1] > 0) || (!leaf && (*next > n || n - *next < 2))) {
        pt_blob_refuse(b);
        return;
    }
    f->cover[f->first[t] + i] = numbers[1];
    if (leaf) {
        *node = (pt_node){INFINITY, PT_NODE_MISSING_LEFT, i, f->width == 1 ? numbers[0] : 0};
        if (f->width > 1)
            f->leaf[f->first[t] + i] = words[1];
        return;
    }
    node->split = words[0] & NODE_NO_SPLIT ? INFINITY : numbers[0];
    node->column = words[1] | (words[0] & NODE_MISSING_LEFT ? PT_NODE_MISSING_LEFT : 0);
    node->left = *next;
    *next += 2;
}

/* Children lie level by level, so that counting them as they come finds each node one parent. */
static void get_tree(pt_forest *f, pt_blob *b, uint32_t t)
{
    uint32_t n = (uint32_t)pt_blob_count(b, 1, f->n_nodes - f->first[t]);
    uint32_t next = 1, level_end = 1, depth = 0;

    f->first[t + 1] = f->first[t] + n;
    for (uint32_t i = 0; i < n && !b->cursor.failed; i++) {
        if (i >= next || depth > PT_FOREST_DEPTH)
            pt_blob_refuse(b);
        if (i == level_end) {
            level_end = next;
            depth++;
        }
        get_node(f, b, t, i, n, &next);
    }
    if (next != n || depth > PT_FOREST_DEPTH)
        pt_blob_refuse(b);
    f->depth[t] = (uint8_t)depth;
}

static void get_numbers(pt_forest *f, pt_blob *b)
{
    if (f->width > 1)
        pt_frame_get(&b->cursor, f->leaves, (size_t)f->n_leaves * f->width * sizeof *f->leaves);
    for (size_t i = 0; f->width > 1 && i < (size_t)f->n_leaves * f->width; i++)
        if (!(f->leaves[i] >= 0 && f->leaves[i] <= 1))
            pt_blob_refuse(b);
    for (size_t c = 0; c < f->columns; c++)
        f->importance[c] = pt_blob_number(b, 0, 2);
}

pt_rc pt_forest_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    pt_forest *f = NULL;

    *model = NULL;
    pt_blob_open(&b, bytes, "TREE", VERSION);
    pt_forest shape = get_shape(&b, bytes);
    if (b.cursor.failed)
        return pt_blob_end(&b, "tree", err);
    PT_TRY(pt_forest_new(&f, &shape, err));
    for (uint32_t t = 0; t < f->n_trees && !b.cursor.failed; t++)
        get_tree(f, &b, t);
    if (!b.cursor.failed && f->first[f->n_trees] != f->n_nodes)
        pt_blob_refuse(&b);
    if (!b.cursor.failed)
        get_numbers(f, &b);
    pt_rc rc = pt_blob_end(&b, "tree", err);
    if (rc != PT_OK)
        pt_forest_free(f);
    else
        *model = f;
    return rc;
}
