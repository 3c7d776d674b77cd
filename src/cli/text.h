/* Every sentence the program says to a person, in English and Chinese. Placeholders {0}, {1}, ... are filled by pt_say, so
 * that a translation may order them as its grammar wants; tests/cli holds both languages to the same set. */
#ifndef PT_CLI_TEXT_H
#define PT_CLI_TEXT_H

#include "base/str.h"

typedef enum pt_lang_id { PT_EN, PT_ZH } pt_lang_id;

/* The catalogue is src/cli/text_list.h: X(name, english, chinese). */
typedef enum pt_text {
#define X(name, en, zh) PT_TEXT_##name,
#include "cli/text_list.h"
#undef X
    PT_TEXT_COUNT
} pt_text;

/* "zh", "zh_CN.UTF-8", "zh-Hans" are Chinese; all else is English. NULL is English. */
pt_lang_id pt_lang_parse(const char *locale);
const char *pt_lang_code(pt_lang_id lang); /* "en", "zh" */
const char *pt_text_get(pt_lang_id lang, pt_text id);
/* Appends the sentence with {i} replaced by args[i]; a placeholder past n stays as it is. */
void pt_say(pt_str *out, pt_lang_id lang, pt_text id, const char *const *args, size_t n);

/* pt_say with the arguments listed: PT_SAY(out, lang, CHECK_OK, name, count). At least one argument. */
#define PT_SAY(out, lang, id, ...)                                          \
    pt_say((out), (lang), PT_TEXT_##id, (const char *const[]){__VA_ARGS__}, \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

#endif
