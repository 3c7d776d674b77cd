#include "cli/text.h"

static const char *const texts[PT_TEXT_COUNT][2] = {
#define X(name, en, zh) [PT_TEXT_##name] = {en, zh},
#include "cli/text_list.h"
#undef X
};

pt_lang_id pt_lang_parse(const char *locale)
{
    return locale && pt_sv_has_prefix(pt_sv_of(locale), "zh") ? PT_ZH : PT_EN;
}

const char *pt_lang_code(pt_lang_id lang)
{
    return lang == PT_ZH ? "zh" : "en";
}

const char *pt_text_get(pt_lang_id lang, pt_text id)
{
    return texts[id][lang];
}

void pt_say(pt_str *out, pt_lang_id lang, pt_text id, const char *const *args, size_t n)
{
    pt_str_fill(out, texts[id][lang], args, n);
}
