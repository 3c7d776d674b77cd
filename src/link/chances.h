/* How likely another person has a name, a reading, a part of a name. Part of pt_link_add_field. */
#ifndef PT_LINK_CHANCES_H
#define PT_LINK_CHANCES_H

#include "link/kinds.h"

/* Sets the chances of a person field's columns: names, readings, parts of names, and what those sound like. */
pt_rc link_name_chances(pt_link_setup *s, const pt_link_field *f, pt_err *err);

#endif
