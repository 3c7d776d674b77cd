#include "app/link_find.h"

#include <stdlib.h>

#include "source/source.h"

struct pt_link_find {
    const pt_linking *linking;
    const pt_directory *directory;
    pt_finder *customers;        /* NULL without a directory */
    pt_normalizer **normalizers; /* by type of the project */
    uint32_t *first;             /* by code of an identifier's value: its first record */
    uint32_t *next;              /* by record: the next one with the same value, of whatever type */
    pt_str scratch;
};

static void index_records(pt_link_find *f)
{
    const pt_linking *l = f->linking;

    for (uint32_t c = 0; c <= pt_intern_count(l->identifiers); c++)
        f->first[c] = PT_ID_NONE;
    for (uint32_t i = l->n; i-- > 0;) {
        f->next[i] = f->first[l->identifier[i]];
        f->first[l->identifier[i]] = i;
    }
}

static pt_rc open_parts(pt_link_find *f, pt_err *err)
{
    const pt_identity_config *config = &f->linking->project->identity;

    f->normalizers = pt_zalloc(config->n_types + 1, sizeof *f->normalizers);
    f->first = pt_alloc64((size_t)pt_intern_count(f->linking->identifiers) + 1, sizeof *f->first);
    f->next = pt_alloc64((size_t)f->linking->n + 1, sizeof *f->next);
    if (!f->normalizers || !f->first || !f->next)
        return pt_fail_nomem(err, "a search for records");
    for (size_t t = 0; t < config->n_types; t++)
        PT_TRY(pt_normalizer_new(&f->normalizers[t], &config->types[t], err));
    index_records(f);
    return f->directory ? pt_finder_new(&f->customers, f->linking->project, f->directory, err) : PT_OK;
}

pt_rc pt_link_find_new(pt_link_find **out, const pt_linking *l, const pt_directory *d, pt_err *err)
{
    pt_link_find *f = pt_zalloc(1, sizeof *f);

    *out = NULL;
    if (!f)
        return pt_fail_nomem(err, "a search for records");
    f->linking = l;
    f->directory = d;
    pt_rc rc = open_parts(f, err);
    if (rc == PT_OK)
        *out = f;
    else
        pt_link_find_free(f);
    return rc;
}

void pt_link_find_free(pt_link_find *f)
{
    if (!f)
        return;
    for (size_t t = 0; f->normalizers && t < f->linking->project->identity.n_types; t++)
        pt_normalizer_free(f->normalizers[t]);
    pt_finder_free(f->customers);
    free(f->normalizers);
    free(f->first);
    free(f->next);
    pt_str_free(&f->scratch);
    free(f);
}

const pt_linking *pt_link_find_linking(const pt_link_find *f)
{
    return f->linking;
}

/* --- records by their strongest identifier ------------------------------------------------------------------------------------- */

/* From `record` on, of those with the same value the first that has this type. */
static uint32_t of_type(const pt_link_find *f, uint32_t record, size_t type)
{
    while (record != PT_ID_NONE && f->linking->type[record] != type)
        record = f->next[record];
    return record;
}

static pt_rc find_value(uint32_t *record, pt_link_find *f, size_t type, pt_sv value, pt_err *err)
{
    *record = PT_ID_NONE;
    pt_str_clear(&f->scratch);
    if (pt_normalizer_apply(&value, f->normalizers[type], value, &f->scratch)) {
        uint32_t code = pt_intern_find(f->linking->identifiers, value);
        *record = code ? of_type(f, f->first[code], type) : PT_ID_NONE;
    }
    return pt_str_check(&f->scratch, err);
}

static int type_of(const pt_link_find *f, pt_sv name)
{
    const pt_identity_config *config = &f->linking->project->identity;

    for (size_t t = 0; t < config->n_types; t++)
        if (pt_sv_eq(name, pt_sv_of(config->types[t].name)))
            return (int)t;
    return -1;
}

static bool is_number(const pt_link_find *f, pt_sv who, uint32_t *record)
{
    int64_t number;

    if (who.len < 2 || who.ptr[0] != '#' || !pt_parse_int64(&number, (pt_sv){who.ptr + 1, who.len - 1}))
        return false;
    *record = number >= 0 && number < f->linking->n ? (uint32_t)number : PT_ID_NONE;
    return true;
}

pt_rc pt_link_find_first(uint32_t *record, pt_link_find *f, pt_sv who, pt_err *err)
{
    pt_sv name = pt_sv_trim(who);
    const char *colon = name.len ? memchr(name.ptr, ':', name.len) : NULL;
    int type = colon ? type_of(f, (pt_sv){name.ptr, (size_t)(colon - name.ptr)}) : -1;

    *record = PT_ID_NONE;
    if (!name.len || is_number(f, name, record))
        return PT_OK;
    if (type >= 0)
        PT_TRY(find_value(record, f, (size_t)type, (pt_sv){colon + 1, name.len - (size_t)(colon + 1 - name.ptr)}, err));
    for (size_t t = 0; *record == PT_ID_NONE && t < f->linking->project->identity.n_types; t++)
        PT_TRY(find_value(record, f, t, name, err));
    return PT_OK;
}

uint32_t pt_link_find_next(const pt_link_find *f, uint32_t record)
{
    return of_type(f, f->next[record], f->linking->type[record]);
}

uint32_t pt_link_find_unit(const pt_link_find *f, uint32_t record)
{
    return of_type(f, f->first[f->linking->identifier[record]], f->linking->type[record]);
}

/* --- all that a name may mean ---------------------------------------------------------------------------------------------------- */

typedef struct records_found {
    uint32_t *items;
    size_t n, cap;
} records_found;

static pt_rc add_all(records_found *out, const pt_link_find *f, uint32_t record, pt_err *err)
{
    for (; record != PT_ID_NONE; record = pt_link_find_next(f, record)) {
        if (!pt_grow(&out->items, &out->cap, out->n + 1, sizeof *out->items))
            return pt_fail_nomem(err, "records of a customer");
        out->items[out->n++] = record;
    }
    return PT_OK;
}

static pt_rc add_customer(records_found *out, pt_link_find *f, uint32_t ordinal, pt_err *err)
{
    uint32_t type, record;
    pt_sv value;

    for (uint32_t k = 0; pt_directory_identifier(f->directory, ordinal, k, &type, &value); k++) {
        int number = type_of(f, pt_sv_of(pt_directory_type_name(f->directory, type)));
        uint32_t code = number < 0 ? 0 : pt_intern_find(f->linking->identifiers, value);
        record = code ? of_type(f, f->first[code], (size_t)number) : PT_ID_NONE;
        PT_TRY(add_all(out, f, record, err));
    }
    return pt_directory_damage(f->directory, err);
}

static pt_rc find_all(records_found *out, pt_link_find *f, pt_sv who, pt_err *err)
{
    uint32_t record, ordinal = PT_ID_NONE;

    PT_TRY(pt_link_find_first(&record, f, who, err));
    if (record != PT_ID_NONE)
        record = pt_link_find_unit(f, record);
    PT_TRY(add_all(out, f, record, err));
    if (out->n || !f->customers)
        return PT_OK;
    PT_TRY(pt_finder_any(&ordinal, f->customers, who, err));
    return ordinal == PT_ID_NONE ? PT_OK : add_customer(out, f, ordinal, err);
}

pt_rc pt_link_find_all(const uint32_t **records, size_t *n, pt_link_find *f, pt_sv who, pt_arena *arena, pt_err *err)
{
    records_found found = {0};
    pt_rc rc = find_all(&found, f, who, err);
    uint32_t *kept = rc == PT_OK ? PT_NEW_ARRAY(arena, uint32_t, found.n + 1) : NULL;

    if (rc == PT_OK && !kept)
        rc = pt_fail_nomem(err, "records of a customer");
    if (kept && found.n)
        memcpy(kept, found.items, found.n * sizeof *kept);
    *records = kept;
    *n = kept ? found.n : 0;
    free(found.items);
    return rc;
}

const char *pt_link_name(const pt_linking *l, uint32_t record, pt_arena *arena)
{
    uint32_t type;
    pt_sv value = pt_linking_identifier(l, record, &type);

    return pt_arena_printf(arena, "%s:%.*s", l->project->identity.types[type].name, (int)value.len, value.ptr);
}
