/* Whether a model's own figures show that it is better than what needs no learning: guessing, the mean of all, the most popular
 * items. One that does not is kept, but no build uses it unless somebody says so (docs/models.md, "Stored models"). */
#ifndef PT_APP_MODEL_DOUBT_H
#define PT_APP_MODEL_DOUBT_H

#include "app/model_card.h"

enum { PT_MODEL_FEWEST_MEASURED = 20 }; /* customers: figures of fewer prove nothing */

/* *doubtful, and then a warning that says why comes first among the card's sentences. `measured` is on how many customers the figures
 * of the last part rest; 0: not known. Models without a figure that has a baseline are not doubted. */
pt_rc pt_model_doubt(bool *doubtful, pt_card *card, size_t measured, pt_arena *arena, pt_err *err);

#endif
