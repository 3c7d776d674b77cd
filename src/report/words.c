#include "report/words.h"

#include <math.h>
#include <stdio.h>

static const char *const texts[PT_WORD_COUNT][2] = {
#define X(name, en, zh) [PT_WORD_##name] = {en, zh},
#include "report/words_list.h"
#undef X
};

pt_words pt_words_in(const char *lang, const pt_project *project, pt_arena *arena)
{
    bool zh = strcmp(lang, "zh") == 0;

    return (pt_words){.project = project, .lang = zh ? "zh" : "en", .zh = zh, .arena = arena};
}

pt_rc pt_words_check(const pt_words *w, pt_err *err)
{
    return w->failed ? pt_fail_nomem(err, "the report") : PT_OK;
}

const char *pt_word_text(const pt_words *w, pt_word word)
{
    return texts[word][w->zh];
}

static const char *keep(pt_words *w, const char *text)
{
    w->failed |= !text;
    return text ? text : "";
}

const char *pt_words_copy(pt_words *w, const pt_str *text)
{
    pt_str own = *text;
    const char *copy = own.failed ? NULL : pt_arena_strndup(w->arena, pt_str_cstr(&own), own.len);

    pt_str_free(&own);
    return keep(w, copy);
}

const char *pt_words_fill(pt_words *w, const char *sentence, const char *const *args, size_t n)
{
    pt_str text = {0};

    pt_str_fill(&text, sentence, args, n);
    return pt_words_copy(w, &text);
}

const char *pt_words_count(pt_words *w, uint64_t n)
{
    char buf[32];

    return keep(w, pt_arena_strdup(w->arena, pt_format_count(buf, n)));
}

const char *pt_words_share(pt_words *w, double share)
{
    if (isnan(share))
        return "";
    return keep(w, pt_arena_printf(w->arena, "%.1f%%", 100 * share));
}

const char *pt_words_about(pt_words *w, double share)
{
    double percent = 100 * share;

    if (isnan(share))
        return "";
    if (percent > 0 && percent < 0.1)
        return w->zh ? "不到0.1%" : "under 0.1%";
    return keep(w, pt_arena_printf(w->arena, percent < 9.95 && percent > 0 ? "%.1f%%" : "%.0f%%", percent));
}

const char *pt_words_index(pt_words *w, double index)
{
    return isnan(index) ? "" : keep(w, pt_arena_printf(w->arena, "%.0f", index));
}

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};

const char *pt_words_day(pt_words *w, int64_t instant)
{
    pt_civil t;
    const char *day;

    pt_zone_civil(&t, w->project->zone, instant);
    if (w->zh)
        day = pt_arena_printf(w->arena, "%d年%d月%d日", t.year, t.month, t.day);
    else
        day = pt_arena_printf(w->arena, "%d %s %d", t.day, months[t.month - 1], t.year);
    if (day && (t.hour || t.minute))
        day = pt_arena_printf(w->arena, "%s %02d:%02d", day, t.hour, t.minute);
    return keep(w, day);
}

const char *pt_words_tag(const pt_words *w, uint32_t tag)
{
    const pt_tag *t = &w->project->tags[tag];

    return pt_label_text(&t->label, w->lang, t->name);
}

const char *pt_words_figure(pt_words *w, uint32_t tag, double v)
{
    pt_render_style style = {.project = w->project, .lang = w->lang};
    pt_str text = {0};

    pt_render_figure(&text, &style, tag, v);
    return pt_words_copy(w, &text);
}

/* "true" and "false" of a bool tag as people say them; else the value's label. */
static const char *value_text(pt_words *w, uint32_t tag, pt_sv text)
{
    pt_render_style style = {.project = w->project, .lang = w->lang};
    pt_sv label = pt_render_label(&style, (int)tag, text);

    if (w->project->module->types[tag] == PT_TYPE_BOOL && label.ptr == text.ptr)
        return pt_sv_eq(text, PT_SV("true")) ? PT_WORD(w, YES) : PT_WORD(w, NO);
    return keep(w, pt_arena_strndup(w->arena, label.ptr, label.len));
}

/* A bound of ranges: whole amounts need no cents, and the unit stands once. */
static const char *range_bound(pt_words *w, uint32_t tag, double v, bool unit)
{
    const char *text = pt_words_figure(w, tag, v), *cents = strstr(text, ".00 ");

    if (!cents || w->project->module->types[tag] != PT_TYPE_MONEY)
        return text;
    return keep(w, pt_arena_printf(w->arena, "%.*s%s", (int)(cents - text), text, unit ? cents + 3 : ""));
}

const char *pt_words_value(pt_words *w, uint32_t tag, const pt_bar *bar)
{
    if (bar->text.ptr)
        return value_text(w, tag, bar->text);
    if (bar->low == bar->high)
        return pt_words_figure(w, tag, bar->low);
    const char *low = range_bound(w, tag, bar->low, isinf(bar->high)), *high = range_bound(w, tag, bar->high, true);
    if (isinf(bar->low))
        return PT_WORDS(w, RANGE_BELOW, high);
    return isinf(bar->high) ? PT_WORDS(w, RANGE_FROM, low) : PT_WORDS(w, RANGE, low, high);
}
