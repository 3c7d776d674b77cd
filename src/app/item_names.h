/* What people call the items that recommending models give: tags hold the items' ids, the models in use know their names. */
#ifndef PT_APP_ITEM_NAMES_H
#define PT_APP_ITEM_NAMES_H

#include "project/project.h"

typedef struct pt_item_names pt_item_names;

/* Of the versions in use; a version that cannot be read has none. In the arena. */
pt_rc pt_item_names_open(const pt_item_names **out, const pt_project *p, pt_arena *arena, pt_err *err);
/* "EGGS 981760"; the item itself when nothing is known of it, or the tag is of no such model. NULL names are fine. */
pt_sv pt_item_name(const pt_item_names *names, const pt_tag *tag, pt_sv item);

#endif
