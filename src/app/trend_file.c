#include "app/trend_file.h"

#include <stdlib.h>

#include "app/filter_int.h"
#include "base/hash.h"
#include "base/time.h"

static const char magic[] = "portrait trend 1\n", sum_word[] = "checksum\t";
enum { SUM_DIGITS = 32, SUM_TAIL = sizeof sum_word - 1 + SUM_DIGITS + 1, MOST_FIELDS = 16 };

/* --- writing ------------------------------------------------------------------------------------------------------------- */

static void put_count(pt_str *out, uint64_t n)
{
    pt_str_addf(out, "\t%llu", (unsigned long long)n);
}

static void put_number(pt_str *out, double v)
{
    char buf[32];

    pt_str_addc(out, '\t');
    pt_str_addn(out, buf, pt_format_double(buf, v));
}

static void put_text(pt_str *out, pt_sv text)
{
    pt_str_addc(out, '\t');
    pt_rows_escape(out, text);
}

static void write_tag(pt_str *out, const pt_trend_tag *t)
{
    pt_str_add(out, "tag");
    put_text(out, pt_sv_of(t->name));
    pt_str_addf(out, "\t%s", pt_type_name(t->type));
    put_count(out, t->known);
    put_count(out, t->others);
    for (size_t i = 0; t->ordered && i < PT_TREND_FIGURES; i++)
        put_number(out, t->figures[i]);
    pt_str_addc(out, '\n');
    for (size_t i = 0; i < t->n_values; i++) {
        pt_str_add(out, "value");
        put_count(out, t->values[i].count);
        put_text(out, t->values[i].text);
        pt_str_addc(out, '\n');
    }
}

static void write_state(pt_str *out, const pt_trend_state *s)
{
    char buf[64];

    pt_str_addf(out, "state\t%s", pt_instant_format(buf, s->as_of, pt_zone_utc()));
    put_count(out, s->customers);
    pt_str_addc(out, '\n');
    for (size_t i = 0; i < s->n_tags; i++)
        write_tag(out, &s->tags[i]);
    for (size_t i = 0; i < s->n_segments; i++) {
        pt_str_add(out, "segment");
        put_text(out, pt_sv_of(s->segments[i].name));
        put_count(out, s->segments[i].members);
        pt_str_addc(out, '\n');
    }
    for (size_t i = 0; i < s->n_scores; i++) {
        pt_str_add(out, "quality");
        put_text(out, pt_sv_of(s->scores[i].source));
        put_number(out, s->scores[i].score);
        pt_str_addc(out, '\n');
    }
}

void pt_trend_write(pt_str *out, const pt_trend_state *states, size_t n, bool recomputed)
{
    char hex[SUM_DIGITS + 1];
    size_t begin = out->len;

    pt_str_add(out, magic);
    pt_str_addf(out, "recomputed\t%d\n", recomputed);
    for (size_t i = 0; i < n; i++)
        write_state(out, &states[i]);
    pt_hash128_hex(hex, pt_hash128_of(pt_str_cstr(out) + begin, out->len - begin));
    pt_str_addf(out, "%s%s\n", sum_word, hex);
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

typedef struct reading {
    const pt_trend_wish *wish;
    pt_arena *arena;
    pt_str room;
    pt_trend_state *states;
    pt_trend_tag *tags;
    pt_trend_value *values;
    pt_trend_size *segments;
    pt_trend_score *scores;
    size_t n_states, n_tags, most_tags, n_values, n_segments, n_scores;
    bool wanted; /* values are of the last tag that is kept */
    bool nomem;
} reading;

typedef struct line_fields {
    pt_sv at[MOST_FIELDS];
    size_t n;
} line_fields;

static bool next_line(pt_sv *rest, line_fields *f)
{
    const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;

    f->n = 0;
    if (!end)
        return false;
    for (const char *at = rest->ptr; at <= end && f->n < MOST_FIELDS; f->n++) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        f->at[f->n] = (pt_sv){at, (size_t)((tab ? tab : end) - at)};
        at = tab ? tab + 1 : end + 1;
    }
    rest->len -= (size_t)(end + 1 - rest->ptr);
    rest->ptr = end + 1;
    return true;
}

static bool is_word(const line_fields *f, const char *word)
{
    return pt_sv_eq(f->at[0], pt_sv_of(word));
}

static bool read_count(uint64_t *out, pt_sv field)
{
    int64_t n;

    if (!pt_parse_int64(&n, field) || n < 0)
        return false;
    *out = (uint64_t)n;
    return true;
}

static const char *read_text(reading *r, pt_sv field, size_t *length)
{
    pt_sv text;

    if (!pt_rows_unescape(&text, field, &r->room))
        return NULL;
    const char *copy = pt_arena_strndup(r->arena, text.ptr, text.len);
    r->nomem |= !copy;
    *length = text.len;
    return copy;
}

static bool read_state(reading *r, const line_fields *f)
{
    pt_trend_state *s = &r->states[r->n_states++];

    *s = (pt_trend_state){
        .tags = r->tags + r->n_tags, .segments = r->segments + r->n_segments, .scores = r->scores + r->n_scores};
    r->wanted = false;
    return f->n == 3 && pt_instant_parse(&s->as_of, f->at[1], pt_zone_utc()) && read_count(&s->customers, f->at[2]);
}

static bool read_tag(reading *r, const line_fields *f)
{
    pt_trend_tag *t = &r->tags[r->n_tags];
    bool ordered = f->n == 5 + PT_TREND_FIGURES;
    size_t length;

    if (!r->n_states || (f->n != 5 && !ordered))
        return false;
    *t = (pt_trend_tag){.ordered = ordered, .values = r->values + r->n_values};
    if (!pt_type_parse(&t->type, f->at[2]) || !read_count(&t->known, f->at[3]) || !read_count(&t->others, f->at[4]))
        return false;
    for (size_t i = 0; ordered && i < PT_TREND_FIGURES; i++)
        if (!pt_parse_double(&t->figures[i], f->at[5 + i]))
            return false;
    if (!(t->name = read_text(r, f->at[1], &length)))
        return false;
    r->wanted = r->wish->tag && strcmp(t->name, r->wish->tag) == 0;
    if (r->wanted && r->n_tags == r->most_tags)
        return false;
    if (r->wanted) {
        r->n_tags++;
        r->states[r->n_states - 1].n_tags++;
    }
    return true;
}

static bool read_value(reading *r, const line_fields *f)
{
    pt_trend_value *v = &r->values[r->n_values];

    if (!r->n_states || f->n != 3 || !read_count(&v->count, f->at[1]))
        return false;
    if (!r->wanted)
        return true;
    if (!(v->text.ptr = read_text(r, f->at[2], &v->text.len)))
        return false;
    r->n_values++;
    r->tags[r->n_tags - 1].n_values++;
    return true;
}

static bool read_segment(reading *r, const line_fields *f)
{
    pt_trend_size *s = &r->segments[r->n_segments];
    size_t length;

    if (!r->n_states || f->n != 3 || !(s->name = read_text(r, f->at[1], &length)) || !read_count(&s->members, f->at[2]))
        return false;
    r->n_segments++;
    r->states[r->n_states - 1].n_segments++;
    return true;
}

static bool read_score(reading *r, const line_fields *f)
{
    pt_trend_score *s = &r->scores[r->n_scores];
    size_t length;

    if (!r->n_states || f->n != 3 || !(s->source = read_text(r, f->at[1], &length)) ||
        !pt_parse_double(&s->score, f->at[2]))
        return false;
    r->n_scores++;
    r->states[r->n_states - 1].n_scores++;
    return true;
}

static bool read_line(reading *r, const line_fields *f)
{
    return is_word(f, "tag")       ? read_tag(r, f)
           : is_word(f, "value")   ? read_value(r, f)
           : is_word(f, "state")   ? read_state(r, f)
           : is_word(f, "segment") ? read_segment(r, f)
           : is_word(f, "quality") ? read_score(r, f)
                                   : false;
}

/* How many lines begin with each word: what there is room for. */
static bool make_room(reading *r, pt_sv body)
{
    size_t states = 0, tags = 0, values = 1, segments = 1, scores = 1;
    line_fields f;

    while (next_line(&body, &f)) {
        states += is_word(&f, "state");
        tags += is_word(&f, "tag") && r->wish->tag && f.n > 1 && pt_sv_eq(f.at[1], pt_sv_of(r->wish->tag));
        values += is_word(&f, "value");
        segments += is_word(&f, "segment");
        scores += is_word(&f, "quality");
    }
    values = r->wish->tag ? values : 1;
    r->states = PT_NEW_ARRAY(r->arena, pt_trend_state, states);
    r->tags =
        PT_NEW_ARRAY(r->arena, pt_trend_tag, tags + 1); /* one more: it is filled before it is known to be wanted */
    r->most_tags = tags;
    r->values = PT_NEW_ARRAY(r->arena, pt_trend_value, values);
    r->segments = PT_NEW_ARRAY(r->arena, pt_trend_size, segments);
    r->scores = PT_NEW_ARRAY(r->arena, pt_trend_score, scores);
    return r->states && r->tags && r->values && r->segments && r->scores;
}

static pt_rc not_a_trend(pt_err *err)
{
    return pt_fail(err, PT_ECORRUPT, "the file is not a trend as `portrait build` writes them");
}

/* *body: the lines between the head and the checksum. */
static pt_rc check_text(pt_sv *body, bool *recomputed, pt_sv text, pt_err *err)
{
    size_t head = sizeof magic - 1;
    char hex[SUM_DIGITS + 1];
    line_fields f;

    if (text.len < head + SUM_TAIL || memcmp(text.ptr, magic, head) != 0)
        return not_a_trend(err);
    const char *sum = text.ptr + text.len - SUM_TAIL;
    pt_hash128_hex(hex, pt_hash128_of(text.ptr, text.len - SUM_TAIL));
    if (memcmp(sum, sum_word, sizeof sum_word - 1) != 0 || memcmp(sum + sizeof sum_word - 1, hex, SUM_DIGITS) != 0 ||
        text.ptr[text.len - 1] != '\n')
        return pt_fail(err, PT_ECORRUPT, "the trend does not have the checksum it ends with");
    *body = (pt_sv){text.ptr + head, text.len - head - SUM_TAIL};
    if (!next_line(body, &f) || !is_word(&f, "recomputed") || f.n != 2)
        return not_a_trend(err);
    *recomputed = pt_sv_eq(f.at[1], PT_SV("1"));
    return PT_OK;
}

pt_rc pt_trend_read(const pt_trend_state **out, size_t *n, bool *recomputed, pt_sv text, const pt_trend_wish *wish,
                    pt_arena *arena, pt_err *err)
{
    reading r = {.wish = wish, .arena = arena};
    bool sound = true;
    line_fields f;
    pt_sv body;

    PT_TRY(check_text(&body, recomputed, text, err));
    if (!make_room(&r, body))
        return pt_fail_nomem(err, "a trend");
    while (sound && next_line(&body, &f))
        sound = read_line(&r, &f);
    r.nomem |= r.room.failed;
    pt_str_free(&r.room);
    if (r.nomem)
        return pt_fail_nomem(err, "a trend");
    *out = r.states;
    *n = r.n_states;
    return sound && body.len == 0 ? PT_OK : not_a_trend(err);
}
