/* Columns without any value. */
#ifndef PT_APP_MISSING_H
#define PT_APP_MISSING_H

#include "base/err.h"
#include "base/mem.h"
#include "base/type.h"

/* In the arena; of texts and lists with a dictionary of none. */
pt_rc pt_missing_column(pt_column *out, pt_type type, size_t rows, pt_arena *arena, pt_err *err);

#endif
