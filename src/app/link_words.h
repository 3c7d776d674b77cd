/* What levels of comparisons say, in words of both languages. */
#ifndef PT_APP_LINK_WORDS_H
#define PT_APP_LINK_WORDS_H

#include "app/linking.h"
#include "app/model_card.h"

/* "one is masked and fits", "掩码后一致"; PT_LINK_NULL: a value is missing. In the arena. */
pt_rc pt_link_level_text(pt_card_text *out, const pt_linking *l, size_t comparison, uint8_t level, pt_arena *arena,
                         pt_err *err);
/* Of programs: "same", "masked", "different", "missing". */
const char *pt_link_level_name(const pt_linking *l, size_t comparison, uint8_t level);
/* A sentence in both languages with {0}, {1}, ... filled in. In the arena. */
pt_rc pt_link_say(pt_card_text *out, const char *en, const char *zh, const pt_card_text *args, size_t n,
                  pt_arena *arena, pt_err *err);
#define PT_LINK_SAY(out, en, zh, arena, err, ...)                       \
    pt_link_say((out), (en), (zh), (const pt_card_text[]){__VA_ARGS__}, \
                sizeof((const pt_card_text[]){__VA_ARGS__}) / sizeof(pt_card_text), (arena), (err))

#endif
