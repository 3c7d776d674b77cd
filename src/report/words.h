/* The words of a report, in one language. Texts lie in the arena. */
#ifndef PT_REPORT_WORDS_H
#define PT_REPORT_WORDS_H

#include "app/app.h"
#include "app/render.h"

/* The catalogue is src/report/words_list.h: X(name, english, chinese). */
typedef enum pt_word {
#define X(name, en, zh) PT_WORD_##name,
#include "report/words_list.h"
#undef X
    PT_WORD_COUNT
} pt_word;

/* Memory that runs short shows in `failed`, and texts are "" from then on: say in series, check once. */
typedef struct pt_words {
    const pt_project *project;
    const char *lang;
    bool zh, failed;
    pt_arena *arena;
} pt_words;

pt_words pt_words_in(const char *lang, const pt_project *project, pt_arena *arena);
pt_rc pt_words_check(const pt_words *w, pt_err *err);

const char *pt_word_text(const pt_words *w, pt_word word); /* as it is written in the catalogue */
const char *pt_words_fill(pt_words *w, const char *sentence, const char *const *args, size_t n);
#define PT_WORDS(w, word, ...)                                                                \
    pt_words_fill((w), pt_word_text((w), PT_WORD_##word), (const char *const[]){__VA_ARGS__}, \
                  sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
#define PT_WORD(w, word) pt_word_text((w), PT_WORD_##word)

const char *pt_words_copy(pt_words *w, const pt_str *text); /* frees `text` */
const char *pt_words_count(pt_words *w, uint64_t n);        /* "1,234" */
const char *pt_words_share(pt_words *w, double share);      /* 0.623 is "62.3%"; "" for NaN */
const char *pt_words_about(pt_words *w, double share);      /* for sentences: "62%", "3.4%" */
const char *pt_words_index(pt_words *w, double index);      /* "184" */
const char *pt_words_day(pt_words *w,
                         int64_t instant); /* "1 January 2018", "2018年1月1日"; the time when it is not midnight */
const char *pt_words_tag(const pt_words *w, uint32_t tag); /* its label */
const char *pt_words_figure(pt_words *w, uint32_t tag, double v);
/* The name of a value, or of a range of numbers. */
const char *pt_words_value(pt_words *w, uint32_t tag, const pt_bar *bar);

#endif
