#include "app/pyramid.h"

#include <stdlib.h>

#include "app/grid_int.h"

typedef struct drawing {
    pt_pyramid *out;
    pt_crowd_query *query;
    const pt_column *age, *gender;
    pt_crowd_cells cells;     /* ages by genders */
    pt_pyramid_side *side_of; /* by code of the gender */
    pt_pyramid_band *bands;
    size_t *band_of; /* by code of the age */
    size_t n_bands;  /* those without an age included: the last */
    bool others;     /* somebody has a third value: not all of the other side are unknown */
} drawing;

/* The bands of the catalogue's age_band, for a tag that is a number. */
static const int bounds[] = {18, 25, 30, 35, 40, 50, 60};

/* --- which value stands where --------------------------------------------------------------------------------------------- */

/* 0 for what means male, 1 for what means female, -1 for anything else (catalogue/tags/basic.yaml reads the same words). */
static int side_by_word(pt_sv text)
{
    static const char *const words[2][6] = {{"male", "Male", "M", "m", "男", "男性"},
                                            {"female", "Female", "F", "f", "女", "女性"}};

    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < PT_COUNT(words[side]); i++)
            if (pt_sv_eq(text, pt_sv_of(words[side][i])))
                return side;
    return -1;
}

static void set_side(drawing *d, uint32_t code, int side)
{
    d->out->sides[side] = pt_crowd_value(d->cells.column_index, d->gender, code).text;
    d->side_of[code] = (pt_pyramid_side)side;
}

/* The value that most customers have, of those that stand nowhere yet; 0 when there is none. */
static uint32_t most_frequent(const drawing *d)
{
    const uint64_t *base = pt_tagindex_counts(d->cells.column_index);
    uint32_t best = 0;

    for (uint32_t code = 1; code < d->cells.columns; code++)
        if (d->side_of[code] == PT_PYRAMID_OTHER && base[code] && (!best || base[code] > base[best]))
            best = code;
    return best;
}

/* By what values mean where some mean a gender; of other values (married, single) the two that most customers have. */
static pt_rc choose_sides(drawing *d, pt_err *err)
{
    bool meant = false;

    if (!(d->side_of = PT_NEW_ARRAY(d->query->arena, pt_pyramid_side, d->cells.columns)))
        return pt_fail_nomem(err, "a pyramid");
    for (uint32_t code = 0; code < d->cells.columns; code++)
        d->side_of[code] = PT_PYRAMID_OTHER;
    for (uint32_t code = 1; code < d->cells.columns; code++) {
        int side = side_by_word(pt_crowd_value(d->cells.column_index, d->gender, code).text);
        if (side >= 0 && !d->out->sides[side].ptr)
            set_side(d, code, side);
        meant |= side >= 0;
    }
    for (int side = 0; side < 2 && !meant; side++) {
        uint32_t code = most_frequent(d);
        if (code)
            set_side(d, code, side);
    }
    return PT_OK;
}

static size_t band_of_years(double years)
{
    size_t band = 0;

    while (band < PT_COUNT(bounds) && years >= bounds[band])
        band++;
    return band;
}

static pt_rc band_numbers(drawing *d, pt_err *err)
{
    enum { BANDS = PT_COUNT(bounds) + 1 };

    d->n_bands = BANDS + 1;
    if (!(d->bands = PT_NEW_ARRAY(d->query->arena, pt_pyramid_band, d->n_bands)))
        return pt_fail_nomem(err, "a pyramid");
    for (size_t b = 0; b < BANDS; b++)
        d->bands[b] = (pt_pyramid_band){.low = b ? bounds[b - 1] : -1, .high = b < BANDS - 1 ? bounds[b] - 1 : -1};
    for (uint32_t code = 1; code < d->cells.rows; code++) {
        pt_crowd_part range = pt_crowd_value(d->cells.row_index, d->age, code);
        d->band_of[code] = band_of_years(range.low);
        if (d->band_of[code] != band_of_years(range.high)) {
            pt_fail(err, PT_EINVAL, "tag '%s' has too many values for bands of age",
                    d->query->view->project->tags[d->out->age].name);
            return pt_err_hint(err, "portrait add age_band");
        }
    }
    return PT_OK;
}

static pt_rc band_texts(drawing *d, pt_err *err)
{
    pt_arena *arena = d->query->arena;
    size_t n = d->cells.rows - 1;
    pt_sv *values = PT_NEW_ARRAY(arena, pt_sv, n);
    uint32_t *rank = PT_NEW_ARRAY(arena, uint32_t, n);

    d->n_bands = n + 1;
    d->bands = PT_NEW_ARRAY(arena, pt_pyramid_band, d->n_bands);
    if (!values || !rank || !d->bands)
        return pt_fail_nomem(err, "a pyramid");
    for (uint32_t code = 1; code <= n; code++)
        values[code - 1] = pt_crowd_value(d->cells.row_index, d->age, code).text;
    PT_TRY(pt_tag_order(rank, d->query->view->project, (uint32_t)d->out->age, values, n, arena, err));
    for (uint32_t code = 1; code <= n; code++) {
        d->band_of[code] = rank[code - 1];
        d->bands[rank[code - 1]] = (pt_pyramid_band){.value = values[code - 1], .low = -1, .high = -1};
    }
    return PT_OK;
}

static pt_rc make_bands(drawing *d, pt_err *err)
{
    pt_type type = d->age->type;

    if (!(d->band_of = PT_NEW_ARRAY(d->query->arena, size_t, d->cells.rows)))
        return pt_fail_nomem(err, "a pyramid");
    if (type == PT_TYPE_NUMBER)
        PT_TRY(band_numbers(d, err));
    else
        PT_TRY(band_texts(d, err));
    d->band_of[0] = d->n_bands - 1;
    d->bands[d->n_bands - 1] = (pt_pyramid_band){.missing = true, .low = -1, .high = -1};
    return PT_OK;
}

/* --- counting -------------------------------------------------------------------------------------------------------------- */

static void fill_bands(drawing *d)
{
    for (size_t row = 0; row < d->cells.rows; row++)
        for (size_t column = 0; column < d->cells.columns; column++) {
            uint64_t n = d->cells.counts[row * d->cells.columns + column];
            pt_pyramid_side side = d->side_of[column];
            d->bands[d->band_of[row]].counts[side] += n;
            d->out->counts[side] += n;
            d->others |= side == PT_PYRAMID_OTHER && column && n;
        }
}

static uint64_t in_band(const pt_pyramid_band *b)
{
    return b->counts[PT_PYRAMID_LEFT] + b->counts[PT_PYRAMID_RIGHT] + b->counts[PT_PYRAMID_OTHER];
}

/* Empty bands are kept between others, so that the picture has no jump, and left out at both ends. */
static void cut_ends(drawing *d)
{
    size_t first = 0, last = d->n_bands - 1, n;

    while (first < last && !in_band(&d->bands[first]))
        first++;
    while (last > first && !in_band(&d->bands[last - 1]))
        last--;
    n = last - first;
    memmove(d->bands, d->bands + first, n * sizeof *d->bands);
    if (in_band(&d->bands[d->n_bands - 1]))
        d->bands[n++] = d->bands[d->n_bands - 1];
    d->n_bands = n;
}

/* The bands of a side are parts of it, the sides parts of all members. */
static pt_rc hide_small(drawing *d, pt_err *err)
{
    pt_pyramid *out = d->out;
    uint64_t sides[PT_PYRAMID_SIDES], *parts = PT_NEW_ARRAY(d->query->arena, uint64_t, d->n_bands);
    bool *hidden = PT_NEW_ARRAY(d->query->arena, bool, d->n_bands);

    if (!parts || !hidden)
        return pt_fail_nomem(err, "a pyramid");
    memcpy(sides, out->counts, sizeof sides);
    if (!d->others)
        sides[PT_PYRAMID_OTHER] = 0;
    pt_grid_hide(&out->head, out->hidden, sides, NULL, PT_PYRAMID_SIDES);
    for (size_t side = 0; side < PT_PYRAMID_SIDES; side++) {
        for (size_t b = 0; b < d->n_bands; b++) {
            bool unknown = d->bands[b].missing && side == PT_PYRAMID_OTHER && !d->others;
            parts[b] = unknown ? 0 : d->bands[b].counts[side];
            hidden[b] = out->hidden[side] && parts[b];
        }
        pt_grid_hide(&out->head, hidden, parts, NULL, d->n_bands);
        for (size_t b = 0; b < d->n_bands; b++)
            if ((d->bands[b].hidden[side] = hidden[b]))
                d->bands[b].counts[side] = 0;
        if (out->hidden[side])
            out->counts[side] = 0;
    }
    return PT_OK;
}

static pt_rc choose_tags(pt_pyramid *out, const pt_project *p, const pt_pyramid_options *options, pt_err *err)
{
    const pt_tag_part age = {options->age, {"age_band", "age"}, "--age"};
    const pt_tag_part gender = {options->gender, {"gender"}, "--gender"};

    PT_TRY(pt_tag_play(&out->age, p, &age, err));
    return pt_tag_play(&out->gender, p, &gender, err);
}

static pt_rc draw(drawing *d, pt_err *err)
{
    pt_pyramid *out = d->out;

    PT_TRY(pt_grid_column(&d->age, d->query, out->age, err));
    if (d->age->type != PT_TYPE_NUMBER)
        PT_TRY(pt_grid_texts(&d->age, d->query, out->age, err));
    PT_TRY(pt_grid_texts(&d->gender, d->query, out->gender, err));
    PT_TRY(pt_crowd_cross(&d->cells, d->query, (uint32_t)out->age, (uint32_t)out->gender, err));
    PT_TRY(choose_sides(d, err));
    PT_TRY(make_bands(d, err));
    fill_bands(d);
    cut_ends(d);
    PT_TRY(hide_small(d, err));
    out->bands = d->bands;
    out->n_bands = d->n_bands;
    return PT_OK;
}

pt_rc pt_app_pyramid(pt_pyramid *out, pt_app *app, pt_sv condition, const pt_pyramid_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err)
{
    drawing d = {.out = out};

    *out = (pt_pyramid){.age = -1, .gender = -1};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(choose_tags(out, pt_app_project(app), options, err));
    PT_TRY(pt_grid_open(&out->head, &d.query, app, condition, &options->crowd, diags, arena, err));
    return out->head.small ? PT_OK : draw(&d, err);
}
