/* How names sound in English. */
#ifndef PT_LINK_SOUND_H
#define PT_LINK_SOUND_H

#include "base/str.h"

/* Appends the Soundex code (Russell 1918) of a text in lower case: "smith" is "s530". Of other scripts nothing. */
void link_add_soundex(pt_str *out, pt_sv text);

#endif
