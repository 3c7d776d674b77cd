/* XGBoost's model out of Universal Binary JSON (ubjson.org; numbers big-endian). Only what trees are made of is read; whatever else a
 * version writes is passed over. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "model/xgboost_int.h"

enum { DEEPEST = 32 }; /* of objects in objects */

typedef struct ubj {
    const unsigned char *at, *end;
    bool failed;
} ubj;

/* --- values ----------------------------------------------------------------------------------------------------------- */

static uint64_t get_bits(ubj *u, size_t bytes)
{
    uint64_t bits = 0;

    if (u->failed || (size_t)(u->end - u->at) < bytes) {
        u->failed = true;
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        bits = bits << 8 | *u->at++;
    return bits;
}

static char get_marker(ubj *u)
{
    return (char)get_bits(u, 1);
}

static size_t width_of(char type)
{
    switch (type) {
    case 'i':
    case 'U': return 1;
    case 'I': return 2;
    case 'l':
    case 'd': return 4;
    case 'L':
    case 'D': return 8;
    default: return 0;
    }
}

static double get_number(ubj *u, char type)
{
    uint64_t bits = get_bits(u, width_of(type));
    uint32_t low = (uint32_t)bits;
    float single;
    double whole;

    switch (type) {
    case 'i': return (int8_t)bits;
    case 'U': return (uint8_t)bits;
    case 'I': return (int16_t)bits;
    case 'l': return (int32_t)bits;
    case 'L': return (double)(int64_t)bits;
    case 'd': memcpy(&single, &low, sizeof single); return (double)single;
    case 'D': memcpy(&whole, &bits, sizeof whole); return whole;
    case 'T': return 1;
    case 'F': return 0;
    default: u->failed = true; return 0;
    }
}

/* A length, with its type before it. */
static size_t get_length(ubj *u)
{
    double n = get_number(u, get_marker(u));

    if (!(n >= 0 && n <= (double)(u->end - u->at)))
        u->failed = true;
    return u->failed ? 0 : (size_t)n;
}

static pt_sv get_key(ubj *u)
{
    size_t n = get_length(u);
    pt_sv key = {(const char *)u->at, n};

    u->at += n;
    return key;
}

/* The head of an array: *type is the type of all items, or 0 where each says its own. Without a count it ends with ']'. */
static size_t get_array(ubj *u, char *type, bool *counted)
{
    *type = 0;
    *counted = false;
    if (u->at < u->end && *u->at == '$') {
        u->at++;
        *type = get_marker(u);
        u->failed |= width_of(*type) == 0;
    }
    if (u->at >= u->end || *u->at != '#') {
        u->failed |= *type != 0;
        return SIZE_MAX;
    }
    u->at++;
    *counted = true;
    return get_length(u);
}

static bool at_end(ubj *u, char bracket)
{
    if (!u->failed && u->at < u->end && *u->at == (unsigned char)bracket) {
        u->at++;
        return true;
    }
    return u->failed || u->at >= u->end;
}

static void skip(ubj *u, char marker, unsigned depth)
{
    char type;
    bool counted;

    if (depth > DEEPEST) {
        u->failed = true;
    } else if (marker == 'S') {
        get_key(u);
    } else if (marker == '{') {
        while (!at_end(u, '}')) {
            get_key(u);
            skip(u, get_marker(u), depth + 1);
        }
    } else if (marker == '[') {
        size_t n = get_array(u, &type, &counted);
        size_t width = width_of(type);
        if (width && (size_t)(u->end - u->at) / width < n)
            u->failed = true;
        else if (width)
            u->at += n * width;
        for (size_t i = 0; !type && !u->failed && (counted ? i < n : !at_end(u, ']')); i++)
            skip(u, get_marker(u), depth + 1);
    } else if (marker != 'Z' && marker != 'T' && marker != 'F') {
        get_number(u, marker);
    }
}

/* Goes into the object at hand, to the value of a key; false where there is none. */
static bool enter(ubj *u, const char *name)
{
    if (get_marker(u) != '{')
        u->failed = true;
    while (!at_end(u, '}')) {
        if (pt_sv_eq(get_key(u), pt_sv_of(name)))
            return !u->failed;
        skip(u, get_marker(u), 0);
    }
    return false;
}

/* --- trees ------------------------------------------------------------------------------------------------------------ */

enum { LEFT, RIGHT, COLUMN, SPLIT, MISSING_LEFT, COVER, GAIN, PARTS };

static const char *const part_names[PARTS] = {"left_children", "right_children", "split_indices", "split_conditions",
                                              "default_left",  "sum_hessian",    "loss_changes"};

typedef struct boosted {
    double *part[PARTS];
    size_t cap[PARTS], n[PARTS];
    uint32_t *order; /* which node lies where, level by level */
    size_t cap_order;
} boosted;

static void boosted_free(boosted *t)
{
    for (size_t p = 0; p < PARTS; p++)
        free(t->part[p]);
    free(t->order);
}

static void get_numbers(ubj *u, double **out, size_t *cap, size_t *n)
{
    char type;
    bool counted;

    *n = 0;
    if (get_marker(u) != '[')
        u->failed = true;
    size_t count = u->failed ? 0 : get_array(u, &type, &counted);
    while (!u->failed && (counted ? *n < count : !at_end(u, ']'))) {
        if (!pt_grow(out, cap, *n + 1, sizeof **out)) {
            u->failed = true;
            return;
        }
        double v = get_number(u, type ? type : get_marker(u));
        (*out)[(*n)++] = v;
    }
}

static void get_tree(ubj *u, boosted *t)
{
    memset(t->n, 0, sizeof t->n);
    while (!at_end(u, '}')) {
        pt_sv key = get_key(u);
        size_t p = 0;
        while (p < PARTS && !pt_sv_eq(key, pt_sv_of(part_names[p])))
            p++;
        if (p < PARTS)
            get_numbers(u, &t->part[p], &t->cap[p], &t->n[p]);
        else
            skip(u, get_marker(u), 0);
    }
    for (size_t p = 0; p < PARTS; p++)
        u->failed |= t->n[p] == 0 || t->n[p] != t->n[0];
}

static bool is_leaf(const boosted *t, uint32_t i)
{
    return t->part[LEFT][i] < 0;
}

/* Level by level; nodes that a pruned tree no longer reaches are left out. */
static bool put_in_order(boosted *t, size_t *n, const pt_forest *shape)
{
    size_t most = t->n[0];

    *n = 1;
    if (!pt_grow(&t->order, &t->cap_order, most + 1, sizeof *t->order))
        return false;
    t->order[0] = 0;
    for (size_t at = 0; at < *n; at++) {
        uint32_t i = t->order[at];
        double left = t->part[LEFT][i], right = t->part[RIGHT][i];
        if (left < 0)
            continue;
        if (!(left < (double)most && right >= 0 && right < (double)most) || *n + 2 > most ||
            !(t->part[COLUMN][i] >= 0 && t->part[COLUMN][i] < (double)shape->columns))
            return false;
        t->order[(*n)++] = (uint32_t)left;
        t->order[(*n)++] = (uint32_t)right;
    }
    return true;
}

static bool add_tree(pt_forest *f, uint32_t number, const boosted *t, size_t n)
{
    uint32_t next = 1, level_end = 1, depth = 0, first = f->first[number];

    for (uint32_t at = 0; at < n; at++) {
        uint32_t i = t->order[at], column = (uint32_t)t->part[COLUMN][i];
        float number_of = (float)t->part[SPLIT][i], cover = (float)t->part[COVER][i];
        if (at == level_end) {
            level_end = next;
            depth++;
        }
        double gain = t->part[GAIN][i];
        if (!isfinite(number_of) || !isfinite(cover) || !(gain <= FLT_MAX))
            return false;
        f->cover[first + at] = cover > FLT_MIN ? cover : FLT_MIN;
        if (is_leaf(t, i)) {
            f->nodes[first + at] = (pt_node){INFINITY, PT_NODE_MISSING_LEFT, at, number_of};
            continue;
        }
        f->nodes[first + at] =
            (pt_node){number_of, column | (t->part[MISSING_LEFT][i] > 0 ? PT_NODE_MISSING_LEFT : 0), next, 0};
        f->importance[column] += gain > 0 ? gain : 0;
        next += 2;
    }
    f->first[number + 1] = first + (uint32_t)n;
    f->depth[number] = (uint8_t)depth;
    return depth <= PT_FOREST_DEPTH;
}

/* Twice over the trees: to count their nodes, then to keep them. */
static void read_trees(ubj *u, boosted *t, pt_forest *f, bool keep)
{
    char type;
    bool counted;
    size_t n = 0, count = get_array(u, &type, &counted);

    u->failed |= type != 0;
    for (uint32_t i = 0; i < f->n_trees && !u->failed && (counted ? i < count : !at_end(u, ']')); i++) {
        if (get_marker(u) != '{')
            u->failed = true;
        if (u->failed)
            return;
        get_tree(u, t);
        if (u->failed || !put_in_order(t, &n, f) || (keep && !add_tree(f, i, t, n)))
            u->failed = true;
        f->n_nodes += keep ? 0 : (uint32_t)n;
    }
}

static bool enter_trees(ubj *u)
{
    return enter(u, "learner") && enter(u, "gradient_booster") && enter(u, "model") && enter(u, "trees") &&
           get_marker(u) == '[';
}

static pt_rc fail_read(pt_err *err)
{
    return pt_fail(err, PT_EENGINE, "XGBoost's model is not as its versions 1.7 and later write it");
}

pt_rc xgboost_read(pt_forest **out, const pt_forest *shape, size_t rounds, pt_sv bytes, pt_err *err)
{
    const unsigned char *begin = (const unsigned char *)bytes.ptr;
    ubj u = {begin, begin + bytes.len, false};
    pt_forest counted = *shape, *f = NULL;
    boosted t = {0};
    pt_rc rc = PT_OK;

    counted.width = 1;
    counted.n_trees = (uint32_t)(rounds * (shape->link == PT_LINK_SOFTMAX ? shape->outputs : 1));
    counted.n_nodes = 0;
    ubj trees = u;
    if (!enter_trees(&u)) {
        rc = fail_read(err);
    } else {
        trees = u;
        read_trees(&u, &t, &counted, false);
        rc = u.failed ? fail_read(err) : pt_forest_new(&f, &counted, err);
    }
    if (rc == PT_OK)
        read_trees(&trees, &t, f, true);
    if (rc == PT_OK && (trees.failed || f->first[f->n_trees] != f->n_nodes))
        rc = fail_read(err);
    boosted_free(&t);
    if (rc != PT_OK) {
        pt_forest_free(f);
        return rc;
    }
    pt_forest_scale_importance(f);
    *out = f;
    return PT_OK;
}
