/* Ages and genders of customers: the age x gender pyramid. */
#ifndef PT_APP_PYRAMID_H
#define PT_APP_PYRAMID_H

#include "app/crowds.h"

/* What every answer of rfm, flow, regions, channels and pyramid begins with. */
typedef struct pt_grid_head {
    const char *text;            /* the condition in canonical form; "": all customers */
    uint64_t members, customers; /* of the condition, and all */
    int64_t as_of;
    uint32_t min_group; /* groups that are smaller are not shown, nor what would tell their size (docs/grids.md) */
    uint64_t hidden;    /* how many groups that is */
    bool small;         /* the members are such a group: nothing but their number is set */
} pt_grid_head;

typedef enum pt_pyramid_side { PT_PYRAMID_LEFT, PT_PYRAMID_RIGHT, PT_PYRAMID_OTHER, PT_PYRAMID_SIDES } pt_pyramid_side;

typedef struct pt_pyramid_band {
    pt_sv value;                       /* of the age tag; ptr NULL: see missing, low and high */
    bool missing;                      /* those without an age; the last */
    int low, high;                     /* years, both included, of a tag that is a number; -1: open */
    uint64_t counts[PT_PYRAMID_SIDES]; /* left, right, and those of another value or none; 0 when hidden */
    bool hidden[PT_PYRAMID_SIDES];
} pt_pyramid_band;

typedef struct pt_pyramid {
    pt_grid_head head;
    int age, gender; /* tags */
    pt_sv sides[2];  /* the values of the gender tag that stand left and right; ptr NULL: nobody has one */
    uint64_t counts[PT_PYRAMID_SIDES]; /* members of each side; 0 when hidden */
    bool hidden[PT_PYRAMID_SIDES];
    const pt_pyramid_band *bands; /* the youngest first */
    size_t n_bands;
} pt_pyramid;

typedef struct pt_pyramid_options {
    pt_crowd_options crowd;
    pt_sv age, gender; /* tags; empty: those that answer age_band (or age), and gender */
} pt_pyramid_options;

/* PT_ENOTFOUND when a tag is not there; problems in the condition go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_pyramid(pt_pyramid *out, pt_app *app, pt_sv condition, const pt_pyramid_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err);

#endif
