#include "app/deps_layout.h"

#include <stdlib.h>

enum { BOX_HEIGHT = 26, GAP = 10, PASS_HEIGHT = 4, LAYER_GAP = 70, MARGIN = 20, SWEEPS = 12, PULLS = 24 };
#define NO_BOX UINT32_MAX

typedef struct maker {
    const pt_deps *d;
    const pt_deps_focus *f;
    const double *widths;
    double fold_width;
    pt_arena *arena;
    uint32_t *layer;  /* by node */
    uint32_t *box_of; /* by node */
    uint32_t n_layers;
    pt_layout_box *boxes;
    size_t n, cap;
    pt_layout_line *lines;
    size_t n_lines, cap_lines;
    uint32_t **order;  /* by layer: boxes from top to bottom */
    uint32_t *n_order; /* by layer */
    double *key;       /* by box: where its neighbours would have it */
    uint32_t *place;   /* by box: in its layer */
    bool nomem;        /* sticky */
} maker;

static bool shown(const maker *m, uint32_t node)
{
    return m->f->asked[node] || m->f->above[node] || m->f->below[node];
}

/* --- layers ------------------------------------------------------------------------------------------------------- */

/* The longest way from a node without inputs; a node met again on the way (a circle) counts as none. */
static uint32_t depth_of(maker *m, uint32_t node, uint8_t *state)
{
    uint32_t depth = 0;

    if (state[node] == 2)
        return m->layer[node];
    state[node] = 1;
    for (uint32_t k = m->d->in_begin[node]; k < m->d->in_begin[node + 1]; k++) {
        uint32_t from = m->d->in[k];
        if (!shown(m, from) || state[from] == 1)
            continue;
        uint32_t below = depth_of(m, from, state) + 1;
        depth = below > depth ? below : depth;
    }
    state[node] = 2;
    return m->layer[node] = depth;
}

/* Files to the left of all else, and everything as far right as what uses it allows: lines become short. */
static void pull_right(maker *m)
{
    for (uint32_t round = 0; round < m->n_layers; round++) {
        for (uint32_t i = 0; i < m->d->n_nodes; i++) {
            uint32_t nearest = UINT32_MAX;
            if (!shown(m, i) || m->f->asked[i] || m->d->nodes[i].kind == PT_DEP_FILE)
                continue;
            for (uint32_t k = m->d->out_begin[i]; k < m->d->out_begin[i + 1]; k++)
                if (shown(m, m->d->out[k]) && m->layer[m->d->out[k]] < nearest)
                    nearest = m->layer[m->d->out[k]];
            if (nearest != UINT32_MAX && nearest > m->layer[i] + 1)
                m->layer[i] = nearest - 1;
        }
    }
}

static void assign_layers(maker *m)
{
    uint8_t *state = PT_NEW_ARRAY(m->arena, uint8_t, m->d->n_nodes);

    m->layer = PT_NEW_ARRAY(m->arena, uint32_t, m->d->n_nodes);
    m->nomem |= !state || !m->layer;
    for (uint32_t i = 0; !m->nomem && i < m->d->n_nodes; i++) {
        if (!shown(m, i))
            continue;
        uint32_t depth = depth_of(m, i, state);
        m->n_layers = depth + 1 > m->n_layers ? depth + 1 : m->n_layers;
    }
    if (!m->nomem)
        pull_right(m);
}

/* --- boxes -------------------------------------------------------------------------------------------------------- */

static uint32_t add_box(maker *m, pt_layout_box box)
{
    m->nomem |= !pt_grow(&m->boxes, &m->cap, m->n + 1, sizeof *m->boxes);
    if (m->nomem)
        return 0;
    m->boxes[m->n] = box;
    return (uint32_t)m->n++;
}

static uint32_t degree(const maker *m, uint32_t node)
{
    return m->d->in_begin[node + 1] - m->d->in_begin[node] + m->d->out_begin[node + 1] - m->d->out_begin[node];
}

/* How many nodes of a layer have more lines, or as many and come first: those that keep a box of their own. */
static uint32_t rank_in_layer(const maker *m, uint32_t node)
{
    uint32_t rank = 0;

    for (uint32_t i = 0; i < m->d->n_nodes; i++)
        if (i != node && shown(m, i) && m->layer[i] == m->layer[node] &&
            (degree(m, i) > degree(m, node) || (degree(m, i) == degree(m, node) && i < node)))
            rank++;
    return rank;
}

static uint32_t fold_box(maker *m, uint32_t layer, pt_dep_kind kind)
{
    for (uint32_t b = 0; b < m->n; b++)
        if (m->boxes[b].folded && m->boxes[b].layer == layer && m->boxes[b].kind == kind)
            return b;
    return add_box(
        m, (pt_layout_box){.node = -1, .kind = kind, .layer = layer, .width = m->fold_width, .height = BOX_HEIGHT});
}

static void add_boxes(maker *m)
{
    m->box_of = PT_NEW_ARRAY(m->arena, uint32_t, m->d->n_nodes);
    m->nomem |= !m->box_of;
    for (uint32_t i = 0; !m->nomem && i < m->d->n_nodes; i++) {
        if (!shown(m, i))
            continue;
        if (m->f->asked[i] || rank_in_layer(m, i) < PT_LAYOUT_MOST_IN_LAYER) {
            m->box_of[i] = add_box(m, (pt_layout_box){.node = i,
                                                      .kind = m->d->nodes[i].kind,
                                                      .layer = m->layer[i],
                                                      .width = m->widths[i],
                                                      .height = BOX_HEIGHT});
        } else {
            m->box_of[i] = fold_box(m, m->layer[i], m->d->nodes[i].kind);
            if (!m->nomem)
                m->boxes[m->box_of[i]].folded++;
        }
    }
}

static void add_line(maker *m, uint32_t from, uint32_t to)
{
    for (size_t i = 0; i < m->n_lines; i++)
        if (m->lines[i].from == from && m->lines[i].to == to)
            return;
    m->nomem |= !pt_grow(&m->lines, &m->cap_lines, m->n_lines + 1, sizeof *m->lines);
    if (!m->nomem)
        m->lines[m->n_lines++] = (pt_layout_line){from, to};
}

/* A line over several layers passes through each on its way; lines from one box to one layer share their way as far as
 * they go. */
static void add_path(maker *m, uint32_t from, uint32_t to, uint32_t *shared)
{
    uint32_t at = from;

    for (uint32_t layer = m->boxes[from].layer + 1; layer < m->boxes[to].layer && !m->nomem; layer++) {
        uint32_t *pass = &shared[layer];
        if (*pass == NO_BOX)
            *pass = add_box(m, (pt_layout_box){.node = -1, .passes = true, .layer = layer, .height = PASS_HEIGHT});
        if (m->nomem)
            return;
        add_line(m, at, *pass);
        at = *pass;
    }
    add_line(m, at, to);
}

static void add_lines(maker *m)
{
    size_t n_boxes = m->n, cells = n_boxes * m->n_layers;
    uint32_t *shared = PT_NEW_ARRAY(m->arena, uint32_t, cells); /* by box and layer: where its lines pass */

    m->nomem |= !shared;
    for (size_t i = 0; !m->nomem && i < cells; i++)
        shared[i] = NO_BOX;
    for (uint32_t i = 0; i < m->d->n_nodes && !m->nomem; i++) {
        if (!shown(m, i))
            continue;
        for (uint32_t k = m->d->out_begin[i]; k < m->d->out_begin[i + 1]; k++) {
            uint32_t to = m->d->out[k];
            if (shown(m, to) && m->layer[i] < m->layer[to])
                add_path(m, m->box_of[i], m->box_of[to], shared + (size_t)m->box_of[i] * m->n_layers);
        }
    }
}

/* --- order in each layer ------------------------------------------------------------------------------------------ */

static void start_order(maker *m)
{
    m->order = PT_NEW_ARRAY(m->arena, uint32_t *, m->n_layers);
    m->n_order = PT_NEW_ARRAY(m->arena, uint32_t, m->n_layers);
    m->key = PT_NEW_ARRAY(m->arena, double, m->n);
    m->place = PT_NEW_ARRAY(m->arena, uint32_t, m->n);
    m->nomem |= !m->order || !m->n_order || !m->key || !m->place;
    for (uint32_t l = 0; l < m->n_layers && !m->nomem; l++)
        m->nomem |= !(m->order[l] = PT_NEW_ARRAY(m->arena, uint32_t, m->n));
    for (uint32_t b = 0; b < m->n && !m->nomem; b++) {
        uint32_t layer = m->boxes[b].layer;
        m->place[b] = m->n_order[layer];
        m->order[layer][m->n_order[layer]++] = b;
    }
}

static int by_key(const void *left, const void *right, void *ctx)
{
    const maker *m = ctx;
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    if (m->key[a] != m->key[b])
        return m->key[a] < m->key[b] ? -1 : 1;
    return (m->place[a] > m->place[b]) - (m->place[a] < m->place[b]);
}

/* The mean place of a box's neighbours on one side; its own where it has none. */
static void weigh(maker *m, uint32_t layer, bool from_left)
{
    for (uint32_t i = 0; i < m->n_order[layer]; i++) {
        uint32_t b = m->order[layer][i], n = 0;
        double sum = 0;
        for (size_t k = 0; k < m->n_lines; k++) {
            uint32_t mine = from_left ? m->lines[k].to : m->lines[k].from;
            uint32_t other = from_left ? m->lines[k].from : m->lines[k].to;
            if (mine == b) {
                sum += m->place[other];
                n++;
            }
        }
        m->key[b] = n ? sum / n : m->place[b];
    }
}

static void sort_layer(maker *m, uint32_t layer, bool from_left)
{
    weigh(m, layer, from_left);
    qsort_r(m->order[layer], m->n_order[layer], sizeof(uint32_t), by_key, m);
    for (uint32_t i = 0; i < m->n_order[layer]; i++)
        m->place[m->order[layer][i]] = i;
}

static void sort_layers(maker *m)
{
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        bool from_left = sweep % 2 == 0;
        for (uint32_t l = 0; l < m->n_layers; l++)
            sort_layer(m, from_left ? l : m->n_layers - 1 - l, from_left);
    }
}

/* --- places ------------------------------------------------------------------------------------------------------- */

static double middle(const pt_layout_box *b)
{
    return b->y + b->height / 2;
}

/* Boxes move towards the mean of their neighbours, as far as those above and below leave room. */
static void pull_layer(maker *m, uint32_t layer)
{
    uint32_t n = m->n_order[layer];

    for (uint32_t i = 0; i < n; i++) {
        pt_layout_box *b = &m->boxes[m->order[layer][i]];
        double sum = 0;
        uint32_t lines = 0;
        for (size_t k = 0; k < m->n_lines; k++) {
            const pt_layout_line *line = &m->lines[k];
            bool from = line->from == m->order[layer][i], to = line->to == m->order[layer][i];
            if (from || to) {
                sum += middle(&m->boxes[from ? line->to : line->from]);
                lines++;
            }
        }
        if (!lines)
            continue;
        double want = sum / lines - b->height / 2;
        const pt_layout_box *above = i ? &m->boxes[m->order[layer][i - 1]] : NULL;
        const pt_layout_box *below = i + 1 < n ? &m->boxes[m->order[layer][i + 1]] : NULL;
        if (above && want < above->y + above->height + GAP)
            want = above->y + above->height + GAP;
        if (below && want + b->height + GAP > below->y)
            want = below->y - GAP - b->height;
        if (!above || want >= above->y + above->height + GAP)
            b->y = want;
    }
}

static void place_layers(maker *m)
{
    double x = MARGIN, highest = 0;

    for (uint32_t l = 0; l < m->n_layers; l++) {
        double y = 0, width = 0;
        for (uint32_t i = 0; i < m->n_order[l]; i++) {
            pt_layout_box *b = &m->boxes[m->order[l][i]];
            b->y = y;
            y += b->height + GAP;
            b->x = x;
            width = b->width > width ? b->width : width;
        }
        for (uint32_t i = 0; i < m->n_order[l]; i++)
            m->boxes[m->order[l][i]].width = width;
        x += width + LAYER_GAP;
        highest = y > highest ? y : highest;
    }
    for (uint32_t l = 0; l < m->n_layers; l++) {
        const pt_layout_box *last = m->n_order[l] ? &m->boxes[m->order[l][m->n_order[l] - 1]] : NULL;
        double shift = last ? (highest - (last->y + last->height + GAP)) / 2 : 0;
        for (uint32_t i = 0; i < m->n_order[l]; i++)
            m->boxes[m->order[l][i]].y += shift;
    }
    for (int pull = 0; pull < PULLS; pull++)
        for (uint32_t l = 0; l < m->n_layers; l++)
            pull_layer(m, pull % 2 ? m->n_layers - 1 - l : l);
}

static void measure(pt_layout *out, maker *m)
{
    double top = 0, bottom = 0;

    for (size_t i = 0; i < m->n; i++)
        top = i == 0 || m->boxes[i].y < top ? m->boxes[i].y : top;
    for (size_t i = 0; i < m->n; i++) {
        pt_layout_box *b = &m->boxes[i];
        b->y += MARGIN - top;
        bottom = b->y + b->height > bottom ? b->y + b->height : bottom;
        out->width = b->x + b->width > out->width ? b->x + b->width : out->width;
    }
    out->width += MARGIN;
    out->height = bottom + MARGIN;
}

static void run(pt_layout *out, maker *m)
{
    assign_layers(m);
    if (!m->nomem)
        add_boxes(m);
    if (!m->nomem)
        add_lines(m);
    if (!m->nomem)
        start_order(m);
    if (m->nomem)
        return;
    sort_layers(m);
    place_layers(m);
    measure(out, m);
}

pt_rc pt_layout_make(pt_layout *out, const pt_deps *d, const pt_deps_focus *f, const double *widths, double fold_width,
                     pt_arena *arena, pt_err *err)
{
    maker m = {.d = d, .f = f, .widths = widths, .fold_width = fold_width, .arena = arena};

    *out = (pt_layout){0};
    run(out, &m);
    pt_layout_box *boxes = m.nomem ? NULL : PT_NEW_ARRAY(arena, pt_layout_box, m.n);
    pt_layout_line *lines = m.nomem ? NULL : PT_NEW_ARRAY(arena, pt_layout_line, m.n_lines);
    if (boxes && m.n)
        memcpy(boxes, m.boxes, m.n * sizeof *boxes);
    if (lines && m.n_lines)
        memcpy(lines, m.lines, m.n_lines * sizeof *lines);
    free(m.boxes);
    free(m.lines);
    if (!boxes || !lines)
        return pt_fail_nomem(err, "the picture");
    out->boxes = boxes;
    out->n_boxes = (uint32_t)m.n;
    out->lines = lines;
    out->n_lines = (uint32_t)m.n_lines;
    return PT_OK;
}
