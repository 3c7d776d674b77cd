#include "app/tag_for.h"

#include <stdlib.h>

int pt_tag_for(const pt_project *p, const char *template)
{
    int named = pt_project_find_tag(p, pt_sv_of(template));

    for (size_t t = 0; t < p->n_tags && named < 0; t++)
        if (p->tags[t].stands_for && strcmp(p->tags[t].stands_for, template) == 0)
            return (int)t;
    return named;
}

pt_rc pt_tag_named(int *out, const pt_project *p, pt_sv name, pt_err *err)
{
    *out = pt_project_find_tag(p, name);
    if (*out >= 0)
        return PT_OK;
    const char **names = pt_zalloc(p->n_tags + 1, sizeof *names);
    if (!names)
        return pt_fail_nomem(err, "a tag");
    for (size_t t = 0; t < p->n_tags; t++)
        names[t] = p->tags[t].name;
    int near = pt_nearest(name, names, p->n_tags);
    free(names);
    pt_fail(err, PT_ENOTFOUND, "there is no tag '%.*s'", (int)name.len, name.ptr);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", p->tags[near].name) : PT_ENOTFOUND;
}

pt_rc pt_tag_play(int *out, const pt_project *p, const pt_tag_part *part, pt_err *err)
{
    const char *wanted = part->templates[0];

    if (part->given.len)
        return pt_tag_named(out, p, part->given, err);
    *out = -1;
    for (size_t i = 0; i < PT_TAG_PART_TEMPLATES && part->templates[i] && *out < 0; i++)
        *out = pt_tag_for(p, part->templates[i]);
    if (*out >= 0)
        return PT_OK;
    pt_fail(err, PT_ENOTFOUND, "no tag of the project is '%s', and none answers that template", wanted);
    return pt_err_hint(err, "portrait add %s, or %s with a tag that says it", wanted, part->option);
}

/* --- order of values ------------------------------------------------------------------------------------------------------- */

typedef struct place {
    pt_sv text;
    size_t tier;   /* SIZE_MAX: of no tier */
    double number; /* the first in the text; infinite when there is none */
    bool begins;   /* the text begins with it: "15-24K", not "Under 15K" */
    uint32_t at;
} place;

static double first_number(pt_sv text, bool *begins)
{
    double n = 0;
    size_t i = 0;

    while (i < text.len && !pt_is_digit(text.ptr[i]))
        i++;
    *begins = i == 0;
    if (i == text.len)
        return (double)INFINITY;
    for (; i < text.len && pt_is_digit(text.ptr[i]); i++)
        n = n * 10 + (text.ptr[i] - '0');
    return n;
}

static int by_place(const void *left, const void *right)
{
    const place *a = left, *b = right;

    if (a->tier != b->tier)
        return a->tier < b->tier ? -1 : 1;
    if (a->tier != SIZE_MAX)
        return 0;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    if (a->begins != b->begins)
        return a->begins ? 1 : -1;
    return pt_sv_cmp(a->text, b->text);
}

static size_t tier_of(const pt_lang_tag *tag, pt_sv text)
{
    for (size_t i = 0; i < tag->n_tiers; i++)
        if (pt_sv_eq(pt_sv_of(tag->tiers[i].label), text))
            return i;
    return SIZE_MAX;
}

pt_rc pt_tag_order(uint32_t *rank, const pt_project *p, uint32_t tag, const pt_sv *values, size_t n, pt_arena *arena,
                   pt_err *err)
{
    place *places = PT_NEW_ARRAY(arena, place, n + 1);

    if (!places)
        return pt_fail_nomem(err, "the values of a tag");
    for (size_t i = 0; i < n; i++) {
        places[i] = (place){.text = values[i], .tier = tier_of(&p->catalog.tags[tag], values[i]), .at = (uint32_t)i};
        places[i].number = first_number(values[i], &places[i].begins);
    }
    qsort(places, n, sizeof *places, by_place);
    for (size_t i = 0; i < n; i++)
        rank[places[i].at] = (uint32_t)i;
    return PT_OK;
}
