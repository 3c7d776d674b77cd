/* What identity cards and mail addresses give away. Part of kinds.c and crossing.c. */
#ifndef PT_LINK_EVIDENCE_H
#define PT_LINK_EVIDENCE_H

#include "link/kinds.h"

/* A mail address without what its owner may write or leave out at will: the tag after '+', and the dots of Gmail. Nothing for what is
 * no address. */
void link_add_mail(pt_str *out, pt_sv value);
/* An identity card of China with its eighteen characters, the 'x' small; false for what is none, or mistyped. */
bool link_add_id_card(pt_str *out, pt_sv value);

/* Birth and gender, where a record has none, from identity cards among its numbers; fields for them where there are none. */
pt_rc link_fill_from_id_cards(pt_link_setup *s, pt_err *err);

#endif
