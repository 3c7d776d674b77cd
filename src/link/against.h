/* How much records of one person have against each other. Pure. */
#ifndef PT_LINK_AGAINST_H
#define PT_LINK_AGAINST_H

#include "link/link.h"

/* Bits, at most 0: of a hundred pairs of one person one has this or more against it, as the model says of pairs whose values are all
 * known. What is missing speaks against nobody, so that pairs of records with less in them have less. */
double link_most_against(const pt_link_model *model);

#endif
