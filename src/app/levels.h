/* Where customers are and where they come from: counts by tags that divide each other, country > province > city > county, channel >
 * sub-channel > campaign. */
#ifndef PT_APP_LEVELS_H
#define PT_APP_LEVELS_H

#include "app/pyramid.h"

enum { PT_LEVELS_MOST = 4 };

/* The members that have one value of a level's tag, and the values above it. */
typedef struct pt_level_node {
    pt_sv value;    /* ptr NULL: without a value at this level */
    unsigned depth; /* 0: the highest level */
    int parent;     /* its node, -1 at the highest level */
    uint64_t members, base;
    double tgi; /* share of members / share of all x 100; NaN without members */
} pt_level_node;

typedef struct pt_levels {
    pt_grid_head head;
    int tags[PT_LEVELS_MOST]; /* by depth */
    unsigned n_tags;
    const pt_level_node *nodes; /* each before those below it; siblings by members, those without a value last */
    size_t n_nodes;
} pt_levels;

typedef enum pt_region_level {
    PT_REGION_COUNTRY,
    PT_REGION_PROVINCE,
    PT_REGION_CITY,
    PT_REGION_COUNTY,
    PT_REGION_ANY /* provinces where the project knows them, else the highest level it knows */
} pt_region_level;

typedef struct pt_levels_options {
    pt_crowd_options crowd;
    pt_sv tags[PT_LEVELS_MOST]; /* by level; empty: those that answer the catalogue's templates */
    pt_region_level level;      /* regions: down to this one */
} pt_levels_options;

/* Levels that the project has no tag for are left out; PT_ENOTFOUND when the one asked for has none, or all have none. */
pt_rc pt_app_regions(pt_levels *out, pt_app *app, pt_sv condition, const pt_levels_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err);
pt_rc pt_app_channels(pt_levels *out, pt_app *app, pt_sv condition, const pt_levels_options *options, pt_diags *diags,
                      pt_arena *arena, pt_err *err);

#endif
