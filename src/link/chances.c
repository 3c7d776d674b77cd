/* A name is as likely as its family name times its given name. Counts of whole names cannot tell: of a rare one nearly all are the
 * person's own records. Shares are counted among distinct whole names, so that records of one person count once. What is written in
 * Latin letters is as likely as it sounds: Zhang Wei stands for 张伟, 张威 and 章炜. */
#include "link/chances.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/intern.h"
#include "base/utf8.h"
#include "link/name.h"

/* Bits by which a name may be rarer than one record of all: a sample does not show how rare rare names are. */
enum { RAREST = 4 };

enum { FAMILY, GIVEN, FAMILY_SOUND, GIVEN_SOUND, CHARACTER, SYLLABLE, TALLIES };

/* Texts, and among how many distinct names each was seen. */
typedef struct tally {
    pt_intern *texts;
    double *counts; /* by code */
    size_t cap;
} tally;

typedef struct naming {
    const pt_link_table *table;
    const pt_link_field *field;
    uint32_t given, family_sound, given_sound; /* columns */
    uint32_t *record;                          /* by name: one that has it */
    tally tallies[TALLIES];
    double names; /* distinct whole ones */
    double least; /* the least chance */
} naming;

static bool tally_add(tally *t, pt_sv text)
{
    uint32_t held = pt_intern_count(t->texts), code = text.len ? pt_intern_add(t->texts, text) : 0;

    if (!code)
        return !text.len;
    if (!pt_grow(&t->counts, &t->cap, (size_t)code + 1, sizeof *t->counts))
        return false;
    t->counts[code] = code > held ? 1 : t->counts[code] + 1;
    return true;
}

static double share(const naming *x, int which, pt_sv text)
{
    uint32_t code = text.len ? pt_intern_find(x->tallies[which].texts, text) : 0;

    return code ? x->tallies[which].counts[code] / x->names : 0;
}

static pt_sv text_in(const naming *x, uint32_t column, uint32_t name)
{
    uint32_t code = x->table->columns[column].codes[x->record[name]];

    return code ? x->table->texts[column][code] : (pt_sv){0};
}

/* The next character, or with `blank` the next word; nothing at the end. */
static pt_sv next_piece(pt_sv text, size_t *at, bool blank)
{
    size_t from = *at;

    if (!blank) {
        if (from < text.len)
            pt_utf8_next(text, at);
        return (pt_sv){text.ptr + from, *at - from};
    }
    while (from < text.len && text.ptr[from] == ' ')
        from++;
    for (*at = from; *at < text.len && text.ptr[*at] != ' ';)
        ++*at;
    return (pt_sv){text.ptr + from, *at - from};
}

static bool count_pieces(tally *t, pt_sv text, bool blank)
{
    size_t at = 0;

    for (pt_sv piece; (piece = next_piece(text, &at, blank)).len;)
        if (!tally_add(t, piece))
            return false;
    return true;
}

/* Syllables in one: "guo dong" is "guodong", as Latin letters have it. */
static pt_sv joined(pt_str *room, pt_sv text)
{
    pt_str_clear(room);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != ' ')
            pt_str_addc(room, text.ptr[i]);
    return (pt_sv){pt_str_cstr(room), room->len};
}

static bool count_name(naming *x, uint32_t name, pt_str *room)
{
    pt_sv family = text_in(x, x->field->family, name), given = text_in(x, x->given, name),
          sound = text_in(x, x->given_sound, name);

    if (!family.len || !given.len)
        return true;
    x->names++;
    return tally_add(&x->tallies[FAMILY], family) && tally_add(&x->tallies[GIVEN], given) &&
           tally_add(&x->tallies[FAMILY_SOUND], joined(room, text_in(x, x->family_sound, name))) &&
           tally_add(&x->tallies[GIVEN_SOUND], joined(room, sound)) &&
           count_pieces(&x->tallies[CHARACTER], given, false) && count_pieces(&x->tallies[SYLLABLE], sound, true) &&
           !room->failed;
}

/* --- chances ----------------------------------------------------------------------------------------------------------------- */

/* As it sounds; of Latin letters in both orders, since Chinese put either name first. `rooms`: two to write in. */
static double chance_of_sound(const naming *x, uint32_t name, pt_str rooms[2])
{
    pt_sv family = joined(&rooms[0], text_in(x, x->family_sound, name)),
          given = joined(&rooms[1], text_in(x, x->given_sound, name));
    double chance = share(x, FAMILY_SOUND, family) * share(x, GIVEN_SOUND, given),
           turned = share(x, FAMILY_SOUND, given) * share(x, GIVEN_SOUND, family);

    return fmax(chance, turned);
}

/* "张*": the family's share; "*丹*": the share of given names with it. */
static double chance_of_part(const naming *x, pt_sv part)
{
    pt_sv known = part.ptr[0] == '*' ? (pt_sv){part.ptr + 1, part.len - 2} : (pt_sv){part.ptr, part.len - 1};

    return share(x, part.ptr[0] == '*' ? CHARACTER : FAMILY, known);
}

static double chance_of_spoken_part(const naming *x, pt_sv part)
{
    if (part.len > 2 && part.ptr[0] == '|')
        return share(x, FAMILY_SOUND, (pt_sv){part.ptr + 1, part.len - 2});
    return share(x, SYLLABLE, part);
}

static bool has_letters_beyond_latin(pt_sv text)
{
    for (size_t at = 0; at < text.len;)
        if (pt_utf8_next(text, &at) >= 0x2E80) /* scripts of East Asia */
            return true;
    return false;
}

static void set_chances(const naming *x, float *of_name, float *of_sound, float *of_part, float *of_spoken,
                        pt_str rooms[2])
{
    const pt_link_field *f = x->field;
    const pt_link_column *columns = x->table->columns, *name = &columns[f->column];

    for (uint32_t v = 1; v <= name->n_values; v++) {
        uint32_t r = x->record[v], sound = columns[f->reading].codes[r], part = columns[f->hint].codes[r],
                 spoken = columns[f->spoken_hint].codes[r];
        pt_sv text = x->table->texts[f->column][v], family = text_in(x, f->family, v), given = text_in(x, x->given, v);
        double heard = chance_of_sound(x, v, rooms), chance = part ? chance_of_part(x, text)
                                                              : has_letters_beyond_latin(text)
                                                                  ? share(x, FAMILY, family) * share(x, GIVEN, given)
                                                                  : heard;
        of_name[v] = (float)fmax(chance > 0 ? chance : (double)name->counts[v] / x->table->records.n, x->least);
        if (sound)
            of_sound[sound] = fmaxf(of_sound[sound], (float)fmax(heard, (double)of_name[v]));
        if (part)
            of_part[part] = of_name[v];
        if (spoken)
            of_spoken[spoken] =
                (float)fmax(chance_of_spoken_part(x, x->table->texts[f->spoken_hint][spoken]), x->least);
    }
}

static pt_rc find_chances(naming *x, pt_link_table *t, pt_err *err)
{
    const pt_link_field *f = x->field;
    const pt_link_column *name = &t->columns[f->column];
    uint32_t columns[] = {f->column, f->reading, f->hint, f->spoken_hint};
    float *chances[PT_COUNT(columns)];
    pt_str rooms[2] = {{0}, {0}};
    bool counted = true;

    x->record = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)name->n_values + 1);
    counted = x->record != NULL;
    for (size_t i = 0; i < PT_COUNT(columns); i++) {
        chances[i] = PT_NEW_ARRAY(t->arena, float, (size_t)t->columns[columns[i]].n_values + 1);
        counted &= chances[i] != NULL;
    }
    for (uint32_t i = 0; counted && i < t->records.n; i++)
        x->record[name->codes[i]] = i;
    for (uint32_t v = 1; counted && v <= name->n_values; v++)
        counted = count_name(x, v, &rooms[0]);
    x->least = exp2(-RAREST) / fmax(t->records.n, 1);
    if (counted)
        set_chances(x, chances[0], chances[1], chances[2], chances[3], rooms);
    counted = counted && !rooms[0].failed && !rooms[1].failed;
    for (size_t i = 0; i < PT_COUNT(rooms); i++)
        pt_str_free(&rooms[i]);
    if (!counted)
        return pt_fail_nomem(err, "a column of records");
    for (size_t i = 0; i < PT_COUNT(columns); i++)
        t->columns[columns[i]].chances = chances[i];
    return PT_OK;
}

/* --- columns ----------------------------------------------------------------------------------------------------------------- */

static void given_of(void *ctx, pt_str *out, pt_sv value)
{
    (void)ctx;
    pt_name_given(out, value);
}

static void sound_of(void *ctx, pt_str *out, pt_sv value)
{
    pt_latin_add(ctx, out, value);
}

pt_rc link_name_chances(pt_link_setup *s, const pt_link_field *f, pt_err *err)
{
    naming x = {.table = &s->table, .field = f};
    pt_link_derivation sound = {"sound", .ctx = s->latin, .text = sound_of, .sharing = PT_LINK_ASCII_THREADS},
                       given = {"given name", .text = given_of, .sharing = PT_LINK_ANY_THREADS};
    size_t columns = s->table.records.n_columns;
    pt_rc rc = PT_OK;

    PT_TRY(pt_link_derive(&s->table, f->column, &given, &x.given, err));
    PT_TRY(pt_link_derive(&s->table, f->family, &sound, &x.family_sound, err));
    PT_TRY(pt_link_derive(&s->table, x.given, &sound, &x.given_sound, err));
    for (size_t i = 0; rc == PT_OK && i < TALLIES; i++)
        if (!(x.tallies[i].texts = pt_intern_new()))
            rc = pt_fail_nomem(err, "a column of records");
    if (rc == PT_OK)
        rc = find_chances(&x, &s->table, err);
    for (size_t i = 0; i < TALLIES; i++) {
        pt_intern_free(x.tallies[i].texts);
        free(x.tallies[i].counts);
    }
    s->table.records.n_columns = columns; /* nothing else asks for the three */
    return rc;
}
