/* Short forms of Western first names: Bill is William, Peggy is Margaret. */
#ifndef PT_LINK_NICKNAME_H
#define PT_LINK_NICKNAME_H

#include "base/str.h"

/* Which names a first name in lower case may stand for, itself among them, as numbers that are equal for equal names: Alex is
 * Alexander, Alexandra and Alex. Writes at most `most`, returns how many. */
size_t link_names_meant(uint32_t *out, size_t most, pt_sv given);

#endif
