/* Which tag of a project plays a part: the one that is named, else the one that answers a template of the catalogue, by its name
 * or by `template:` (docs/catalogue.md). */
#ifndef PT_APP_TAG_FOR_H
#define PT_APP_TAG_FOR_H

#include "project/project.h"

/* The tag that answers a template; -1 when none does. */
int pt_tag_for(const pt_project *p, const char *template);
/* The tag of that name; PT_ENOTFOUND, with the nearest, when there is none. */
pt_rc pt_tag_named(int *out, const pt_project *p, pt_sv name, pt_err *err);

enum { PT_TAG_PART_TEMPLATES = 4 };

/* A part to be played. */
typedef struct pt_tag_part {
    pt_sv given;                                        /* a tag's name; empty: by template */
    const char *const templates[PT_TAG_PART_TEMPLATES]; /* the best first; the first is what a hint proposes to add */
    const char *option;                                 /* how the user names one: "--recency" */
} pt_tag_part;

/* PT_ENOTFOUND with what would help when no tag plays the part. */
pt_rc pt_tag_play(int *out, const pt_project *p, const pt_tag_part *part, pt_err *err);

/* Puts values of a tag into the order that people expect: of its tiers where it has some, else by the first number in them
 * ("Under 15K", "15-24K", ...), else by their bytes. `rank[i]` becomes the place of `values[i]`. */
pt_rc pt_tag_order(uint32_t *rank, const pt_project *p, uint32_t tag, const pt_sv *values, size_t n, pt_arena *arena,
                   pt_err *err);

#endif
