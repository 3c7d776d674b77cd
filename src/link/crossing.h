/* What columns tell of each other: a title of the gender, a mail address of the phone or the name, an address of the region. Part of
 * pt_link_set_up. */
#ifndef PT_LINK_CROSSING_H
#define PT_LINK_CROSSING_H

#include "link/kinds.h"

/* Gender and phone get values that other columns give away; fields of region and of names in mail addresses are added where the
 * columns for them are there. */
pt_rc link_cross_fields(pt_link_setup *s, pt_err *err);
/* What follows from the values of a field, after its column was set anew. kinds.c */
pt_rc link_add_derived(pt_link_setup *s, pt_link_field *f, pt_err *err);
pt_link_field *link_new_field(pt_link_setup *s, pt_link_kind kind);  /* NULL: no room */
pt_link_field *link_find_field(pt_link_setup *s, pt_link_kind kind); /* the first of the kind; NULL for none */

#endif
