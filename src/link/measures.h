/* Kinds of columns that are measured and not read: numbers, locations, lists. Part of kinds.c. */
#ifndef PT_LINK_MEASURES_H
#define PT_LINK_MEASURES_H

#include "link/kinds.h"

/* Values written alike; nothing for what is none. */
void link_add_number(pt_str *out, pt_sv value);
void link_add_degrees(pt_str *out, pt_sv value, double most); /* from -most to most */
void link_add_location(pt_str *out, pt_sv value);             /* "31.230400,121.473700" */
void link_add_list(pt_str *out, pt_sv value);                 /* each item once, in order: "climbing|tennis" */

/* What tests need of a field's column: numbers, coordinates, items. */
pt_rc link_add_measures(pt_link_setup *s, pt_link_field *f, pt_err *err);

#endif
