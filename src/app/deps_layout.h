/* Where the boxes of a part of the graph stand: in layers from left (files) to right (what uses them), few crossings, lines
 * that bend only between layers. Sizes are in pixels of an SVG. */
#ifndef PT_APP_DEPS_LAYOUT_H
#define PT_APP_DEPS_LAYOUT_H

#include "app/deps.h"

enum { PT_LAYOUT_MOST_IN_LAYER = 24 }; /* more are folded into one box */

typedef struct pt_layout_box {
    int64_t node;    /* in the graph; -1: `folded` nodes of one layer and kind, or a place where a line passes */
    uint32_t folded; /* how many nodes the box stands for; 0: one or none */
    pt_dep_kind kind;
    bool passes; /* no box: a line passes here */
    uint32_t layer;
    double x, y, width, height; /* left, top */
} pt_layout_box;

typedef struct pt_layout_line {
    uint32_t from, to; /* boxes of neighbouring layers */
} pt_layout_line;

typedef struct pt_layout {
    const pt_layout_box *boxes;
    uint32_t n_boxes;
    const pt_layout_line *lines;
    uint32_t n_lines;
    double width, height;
} pt_layout;

/* Of the nodes in focus. `widths`: by node, what its text needs; `fold_width`: of a box for many. */
pt_rc pt_layout_make(pt_layout *out, const pt_deps *d, const pt_deps_focus *f, const double *widths, double fold_width,
                     pt_arena *arena, pt_err *err);

#endif
