#ifndef PT_FORM_DATE_H
#define PT_FORM_DATE_H

#include "form/form_int.h"

/* The time of day after a date, if there is one, and its offset; passes over what it reads. clock.c */
pt_form_rc form_read_time(pt_moment *m, form_reader *r);

#endif
