#include "support/link_sets.h"

#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/io.h"

#define FEBRL                                                                                        \
    {"given_name", PT_LINK_GIVEN}, {"surname", PT_LINK_FAMILY}, {"date_of_birth", PT_LINK_BIRTH},    \
        {"soc_sec_id", PT_LINK_NUMBERED}, {"address_1", PT_LINK_ADDRESS}, {"suburb", PT_LINK_PLACE}, \
        {"postcode", PT_LINK_POSTCODE}, {"state", PT_LINK_CATEGORY},                                 \
    {                                                                                                \
        "street_number", PT_LINK_CATEGORY                                                            \
    }

const link_set link_sets[LINK_SETS] = {
    {.name = "fake_1000",
     .shared = true,
     .files = {"fake_1000/fake_1000.csv"},
     .truth = "cluster",
     .fields = {{"first_name", PT_LINK_GIVEN},
                {"surname", PT_LINK_FAMILY},
                {"dob", PT_LINK_BIRTH},
                {"city", PT_LINK_PLACE},
                {"email", PT_LINK_EMAIL}}},
    {.name = "febrl1",
     .shared = true,
     .files = {"febrl1/dataset1.csv"},
     .truth = "rec_id",
     .numbered = true,
     .fields = {FEBRL}},
    {.name = "febrl3", .files = {"febrl/dataset3.csv"}, .truth = "rec_id", .numbered = true, .fields = {FEBRL}},
    {.name = "febrl4",
     .files = {"febrl/dataset4a.csv", "febrl/dataset4b.csv"},
     .truth = "rec_id",
     .numbered = true,
     .fields = {FEBRL}},
    {.name = "cn_er_dev",
     .shared = true,
     .files = {"cn_er_dev/records.csv"},
     .fields = {{"name", PT_LINK_PERSON},
                {"gender", PT_LINK_GENDER},
                {"birth_date", PT_LINK_BIRTH},
                {"phone", PT_LINK_PHONE},
                {"email", PT_LINK_EMAIL},
                {"openid", PT_LINK_NUMBERED},
                {"province", PT_LINK_PLACE},
                {"city", PT_LINK_PLACE},
                {"district", PT_LINK_PLACE},
                {"address", PT_LINK_ADDRESS},
                {"member_no", PT_LINK_NUMBERED}}}};

const link_set *link_set_find(const char *name)
{
    for (size_t i = 0; i < LINK_SETS; i++)
        if (strcmp(link_sets[i].name, name) == 0)
            return &link_sets[i];
    return NULL;
}

static pt_sv number_in(pt_sv id)
{
    size_t from = 0, end;

    while (from < id.len && !pt_is_digit(id.ptr[from]))
        from++;
    for (end = from; end < id.len && pt_is_digit(id.ptr[end]);)
        end++;
    return (pt_sv){id.ptr + from, end - from};
}

/* record_id,entity_id in a file of its own. */
static bool read_truth(link_people *p, const char *path)
{
    link_people *t = link_people_read(&path, 1);

    if (!t)
        return false;
    size_t id = link_people_field(p, "record_id"), of = link_people_field(t, "record_id");
    pt_intern *in = pt_intern_new();
    link_people_truth(t, "entity_id", NULL);
    p->person = PT_NEW_ARRAY(p->arena, uint32_t, p->n);
    for (uint32_t i = 0; i < t->n; i++)
        pt_intern_add(in, t->values[i * t->n_fields + of]); /* numbered from 1 in order */
    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t row = pt_intern_find(in, p->values[i * p->n_fields + id]);
        p->person[i] = row ? t->person[row - 1] : UINT32_MAX;
    }
    pt_intern_free(in);
    link_people_free(t);
    return true;
}

link_people *link_set_read(const link_set *set, const char *shared, const char *deps)
{
    const char *folder = set->shared ? shared : deps, *paths[2];
    size_t n = set->files[1] ? 2 : 1;
    pt_arena *arena = folder ? pt_arena_new(0) : NULL;
    link_people *p = NULL;

    for (size_t i = 0; arena && i < n; i++)
        paths[i] = pt_path_join(arena, folder, set->files[i]);
    if (arena)
        p = link_people_read(paths, n);
    if (p && set->truth) {
        link_people_truth(p, set->truth, set->numbered ? number_in : NULL);
    } else if (p && !read_truth(p, pt_path_join(arena, folder, "cn_er_dev/truth.csv"))) {
        link_people_free(p);
        p = NULL;
    }
    pt_arena_free(arena);
    return p;
}

pt_rc link_set_up(pt_link_setup *s, const link_set *set, link_people *p, pt_err *err)
{
    pt_sv *values = PT_NEW_ARRAY(p->arena, pt_sv, (size_t)p->n + 1);

    s->table.arena = p->arena;
    for (size_t f = 0; f < LINK_SET_FIELDS && set->fields[f].field; f++) {
        size_t field = link_people_field(p, set->fields[f].field);
        for (uint32_t i = 0; i < p->n; i++)
            values[i] = p->values[i * p->n_fields + field];
        PT_TRY(pt_link_add_field(s, set->fields[f].field, set->fields[f].kind, values, p->n, err));
    }
    if (set->files[1]) {
        s->table.records.source = p->source;
        s->table.records.between = true;
        s->table.records.clean = 3;
    }
    return pt_link_set_up(s, err);
}
