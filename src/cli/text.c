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
    const char *s = texts[id][lang], *brace;

    while ((brace = strchr(s, '{'))) {
        bool filled = brace[1] >= '0' && brace[1] <= '9' && brace[2] == '}' && (size_t)(brace[1] - '0') < n;
        pt_str_addn(out, s, (size_t)(brace - s));
        if (filled)
            pt_str_add(out, args[brace[1] - '0']);
        else
            pt_str_addc(out, '{');
        s = brace + (filled ? 3 : 1);
    }
    pt_str_add(out, s);
}
