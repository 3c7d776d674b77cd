#include "app/filter.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "app/base_stats.h"
#include "app/filter_int.h"
#include "app/generation.h"
#include "app/render.h"
#include "base/io.h"
#include "base/utf8.h"

enum {
    BATCH_CUSTOMERS = 1024,
    BATCH_EVENTS = 8192,
    READ_BYTES = 1 << 20,
    WRITE_BYTES = 1 << 16,
    MOST_LINE = 64 << 20, /* bytes of one line */
    MOST_SEEN = 1 << 22,  /* customers remembered to notice one that comes twice; later ones are not */
};

/* Customers whose rows have ended: open addressing over 128-bit hashes, never more than half full. */
typedef struct seen_set {
    pt_hash128 *slots; /* lo | hi == 0: free */
    size_t cap, n;
} seen_set;

typedef struct filter {
    const pt_filter_options *options;
    pt_filter_stats *stats;
    const pt_project *project;
    pt_arena *arena;
    pt_program *program;
    pt_eval *eval;
    pt_rows_source *sources; /* by source number */
    pt_events *events;       /* by source number: the batch */
    pt_rows_scratch scratch;
    size_t last_source; /* rows of one source tend to follow each other */

    pt_str ids; /* the batch's customer ids as they came (still escaped), end to end */
    size_t id_ends[BATCH_CUSTOMERS + 1];
    uint64_t identities[BATCH_CUSTOMERS];
    size_t n_customers; /* in the batch, the current one included */
    bool open;          /* the last of them is still getting rows */
    size_t n_events;
    seen_set seen;

    char *buffer; /* input: bytes [from, to) are not yet taken */
    size_t buffer_cap, from, to;
    bool ended;
    pt_str out;
} filter;

/* --- which tags a pipe can compute -------------------------------------------------------------------------------- */

/* Tags in the order of the module, each after those it uses: one pass settles all. */
pt_rc pt_filter_tags(const uint32_t **out, size_t *n, const pt_project *p, pt_arena *arena, pt_err *err)
{
    bool *queried = PT_NEW_ARRAY(arena, bool, p->n_tags);
    uint32_t *tags = PT_NEW_ARRAY(arena, uint32_t, p->n_tags);
    pt_uses uses;

    if (!queried || !tags)
        return pt_fail_nomem(err, "the tags");
    for (size_t i = 0; i < p->n_tags; i++) {
        uint32_t tag = p->module->order[i];
        queried[tag] = p->catalog.tags[tag].external;
        if (queried[tag])
            continue;
        PT_TRY(pt_lang_uses(&uses, p->module->tags[tag], arena, err));
        for (size_t k = 0; k < uses.n_tags; k++)
            queried[tag] |= queried[uses.tags[k]];
    }
    *n = 0;
    for (uint32_t i = 0; i < p->n_tags; i++)
        if (!queried[i])
            tags[(*n)++] = i;
    *out = tags;
    return PT_OK;
}

/* --- what it knows of the base ------------------------------------------------------------------------------------- */

enum { MOST_BASE = 256 << 20 }; /* bytes of the file */

/* The text of the current generation's file; empty where nothing was built. */
static pt_rc current_base(pt_sv *out, const pt_project *p, pt_arena *arena, pt_err *err)
{
    pt_generation *g;
    pt_rc rc = pt_generation_open(&g, p->data_dir, NULL, err);

    *out = (pt_sv){"", 0};
    if (rc == PT_ENOTFOUND) {
        *err = (pt_err){0};
        return PT_OK;
    }
    if (rc != PT_OK)
        return rc;
    rc = pt_generation_base(out, g, arena, err);
    pt_generation_close(g);
    return rc;
}

pt_rc pt_filter_base(const pt_base_set **out, const pt_app *app, const char *path, pt_arena *arena, pt_err *err)
{
    pt_base_file *file = PT_NEW(arena, pt_base_file);
    pt_sv text;

    if (!file)
        return pt_fail_nomem(err, "the statistics of the base");
    PT_TRY(pt_app_sound(app, err));
    if (path)
        PT_TRY(pt_read_file(&text, path, MOST_BASE, arena, err));
    else
        PT_TRY(current_base(&text, app->project, arena, err));
    PT_TRY(pt_view_named(pt_base_read(file, text, app->project, arena, err), path ? path : PT_FILE_BASE, err));
    *out = &file->set;
    return PT_OK;
}

/* A tag must not come out missing because nobody said what it needs. */
static pt_rc check_base(filter *f, pt_err *err)
{
    const pt_filter_options *o = f->options;
    const pt_node *const *needs;
    pt_str text = {0};
    size_t n;

    PT_TRY(pt_base_needs(&needs, &n, f->project, o->tags, o->n_tags, NULL, f->arena, err));
    for (size_t i = 0; i < n; i++) {
        if (o->base && pt_base_find(o->base, needs[i]))
            continue;
        pt_lang_print(&text, needs[i], &f->project->catalog);
        pt_fail(err, PT_EINVAL, "the value of %s is not known here", pt_str_cstr(&text));
        pt_str_free(&text);
        return pt_err_hint(err, "give it with --base FILE: base.txt of a generation that `portrait build` made");
    }
    return PT_OK;
}

/* --- customers that have ended ------------------------------------------------------------------------------------ */

static pt_hash128 *seen_slot(pt_hash128 *slots, size_t cap, pt_hash128 h)
{
    size_t i = (size_t)h.lo & (cap - 1);

    while ((slots[i].lo | slots[i].hi) && (slots[i].lo != h.lo || slots[i].hi != h.hi))
        i = (i + 1) & (cap - 1);
    return &slots[i];
}

static pt_rc seen_grow(seen_set *s, pt_err *err)
{
    size_t cap = s->cap ? s->cap * 2 : 4096;
    pt_hash128 *slots = pt_zalloc(cap, sizeof *slots);

    if (!slots)
        return pt_fail_nomem(err, "the customers seen");
    for (size_t i = 0; i < s->cap; i++)
        if (s->slots[i].lo | s->slots[i].hi)
            *seen_slot(slots, cap, s->slots[i]) = s->slots[i];
    free(s->slots);
    s->slots = slots;
    s->cap = cap;
    return PT_OK;
}

/* Remembers a customer; *again when it was there already. */
static pt_rc seen_add(bool *again, seen_set *s, pt_sv id, pt_err *err)
{
    pt_hash128 h = pt_hash128_of(id.ptr, id.len);

    if (!(h.lo | h.hi))
        h.lo = 1;
    if (s->n < MOST_SEEN && 2 * (s->n + 1) > s->cap)
        PT_TRY(seen_grow(s, err));
    pt_hash128 *slot = seen_slot(s->slots, s->cap, h);
    *again = slot->lo | slot->hi;
    if (!*again && s->n < MOST_SEEN) {
        *slot = h;
        s->n++;
    }
    return PT_OK;
}

/* --- output ------------------------------------------------------------------------------------------------------- */

static pt_rc write_out(filter *f, pt_err *err)
{
    PT_TRY(pt_str_check(&f->out, err));
    PT_TRY(f->options->write(f->options->ctx, f->out.ptr, f->out.len, err));
    pt_str_clear(&f->out);
    return PT_OK;
}

static void put_header(filter *f)
{
    pt_str_add(&f->out, "customer");
    for (size_t i = 0; i < f->options->n_tags; i++)
        pt_str_addf(&f->out, "\t%s", f->project->tags[f->options->tags[i]].name);
    pt_str_addc(&f->out, '\n');
}

static pt_sv batch_id(const filter *f, size_t i)
{
    return (pt_sv){f->ids.ptr + f->id_ends[i], f->id_ends[i + 1] - f->id_ends[i]};
}

static void put_tsv(filter *f, size_t row)
{
    pt_str_addsv(&f->out, batch_id(f, row));
    for (size_t i = 0; i < f->options->n_tags; i++) {
        pt_str_addc(&f->out, '\t');
        pt_render_tsv(&f->out, pt_eval_tag(f->eval, i), row, f->project->zone);
    }
    pt_str_addc(&f->out, '\n');
}

static void put_json(filter *f, size_t row)
{
    pt_json j;
    pt_sv id;

    pt_rows_unescape(&id, batch_id(f, row), &f->scratch.text);
    pt_json_init(&j, &f->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_text(&j, "customer", id);
    pt_json_put_open(&j, "tags", '{');
    for (size_t i = 0; i < f->options->n_tags; i++) {
        pt_json_key(&j, f->project->tags[f->options->tags[i]].name);
        pt_render_json(&j, pt_eval_tag(f->eval, i), row, f->project->zone);
    }
    pt_json_close(&j, '}');
    pt_json_close(&j, '}');
    pt_str_addc(&f->out, '\n');
}

/* --- batches ------------------------------------------------------------------------------------------------------ */

static pt_rc end_customer(filter *f, pt_err *err)
{
    if (!f->open)
        return PT_OK;
    for (size_t s = 0; s < f->project->n_sources; s++)
        PT_TRY(pt_rows_end_customer(&f->sources[s], f->n_customers - 1, &f->scratch, err));
    f->open = false;
    return PT_OK;
}

static pt_rc flush_batch(filter *f, pt_err *err)
{
    bool forget = false;

    if (!f->n_customers)
        return PT_OK;
    for (size_t s = 0; s < f->project->n_sources; s++)
        f->events[s] = pt_rows_events(&f->sources[s]);
    pt_batch batch = {.n_customers = f->n_customers, .sources = f->events, .identities = f->identities};
    PT_TRY(pt_eval_run(f->eval, &batch, err));
    for (size_t row = 0; row < f->n_customers; row++) {
        if (f->options->json)
            put_json(f, row);
        else
            put_tsv(f, row);
        if (f->out.len >= WRITE_BYTES)
            PT_TRY(write_out(f, err));
    }
    for (size_t s = 0; s < f->project->n_sources; s++)
        forget |= pt_rows_clear(&f->sources[s]);
    if (forget)
        pt_eval_forget(f->eval);
    f->stats->customers += f->n_customers;
    f->n_customers = f->n_events = 0;
    pt_str_clear(&f->ids);
    return PT_OK;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static pt_rc begin_customer(filter *f, pt_sv id, pt_err *err)
{
    pt_sv plain;
    bool again;

    if (!id.len || !pt_rows_unescape(&plain, id, &f->scratch.text))
        return pt_fail(err, PT_EINVAL, "the customer is empty or wrongly escaped");
    if (pt_utf8_valid(plain) != plain.len)
        return pt_fail(err, PT_EINVAL, "the customer is not UTF-8");
    PT_TRY(seen_add(&again, &f->seen, plain, err));
    if (again)
        return pt_fail(err, PT_EINVAL, "this customer's rows had already ended: rows must be grouped by customer");
    PT_TRY(end_customer(f, err));
    if (f->n_customers == BATCH_CUSTOMERS || f->n_events >= BATCH_EVENTS)
        PT_TRY(flush_batch(f, err));
    f->id_ends[f->n_customers] = f->ids.len;
    f->identities[f->n_customers] = pt_hash64(plain.ptr, plain.len);
    pt_str_addsv(&f->ids, id);
    f->id_ends[++f->n_customers] = f->ids.len;
    f->open = true;
    return pt_str_check(&f->ids, err);
}

static pt_rc find_source(size_t *out, filter *f, pt_sv name, pt_err *err)
{
    int i = (int)f->last_source;

    if (!pt_sv_eq(pt_sv_of(f->project->sources[i].name), name))
        i = pt_project_find_source(f->project, name);
    if (i < 0)
        return pt_fail(err, PT_EINVAL, "unknown source '%.*s'", name.len < 64 ? (int)name.len : 64, name.ptr);
    pt_source_kind kind = f->project->sources[i].kind;
    if (kind != PT_SOURCE_EVENT && kind != PT_SOURCE_RECORD)
        return pt_fail(err, PT_EINVAL, "source '%s' has no events", f->project->sources[i].name);
    *out = f->last_source = (size_t)i;
    return PT_OK;
}

static pt_rc take_line(filter *f, pt_sv line, pt_err *err)
{
    const char *tab = memchr(line.ptr, '\t', line.len), *end = line.ptr + line.len;
    const char *second = tab ? memchr(tab + 1, '\t', (size_t)(end - tab - 1)) : NULL;
    size_t source = 0;

    if (!second)
        return pt_fail(err, PT_EINVAL, "expected customer, source, time and columns, separated by tabs");
    pt_sv id = {line.ptr, (size_t)(tab - line.ptr)};
    PT_TRY(find_source(&source, f, (pt_sv){tab + 1, (size_t)(second - tab - 1)}, err));
    if (!f->open || !pt_sv_eq(id, batch_id(f, f->n_customers - 1)))
        PT_TRY(begin_customer(f, id, err));
    PT_TRY(pt_rows_add(&f->sources[source], (pt_sv){second + 1, (size_t)(end - second - 1)}, &f->scratch, err));
    f->n_events++;
    return PT_OK;
}

/* Only what is wrong with a line may be skipped; a failure of the system ends the run. */
static pt_rc bad_line(filter *f, pt_rc rc, pt_err *err)
{
    pt_filter_stats *s = f->stats;

    if (rc != PT_EINVAL)
        return rc;
    pt_err_at(err, "input", (int)(s->lines < INT32_MAX ? s->lines : INT32_MAX), 0);
    if (!s->bad++)
        s->first_bad = *err;
    return f->options->skip_bad ? PT_OK : rc;
}

/* --- input -------------------------------------------------------------------------------------------------------- */

/* Moves what is left of the buffer to its front and reads more behind it. */
static pt_rc fill(filter *f, pt_err *err)
{
    size_t got, left = f->to - f->from;

    if (left)
        memmove(f->buffer, f->buffer + f->from, left);
    f->from = 0;
    f->to = left;
    if (left >= MOST_LINE)
        return pt_fail(err, PT_EIO, "line %llu is longer than 64 MiB", (unsigned long long)f->stats->lines + 1);
    if (!pt_grow(&f->buffer, &f->buffer_cap, left + READ_BYTES, 1))
        return pt_fail_nomem(err, "the input");
    PT_TRY(f->options->read(f->options->ctx, f->buffer + left, f->buffer_cap - left, &got, err));
    f->to += got;
    f->ended = got == 0;
    return PT_OK;
}

/* The next line without its end; ptr NULL at the end of the input. */
static pt_rc next_line(pt_sv *line, filter *f, pt_err *err)
{
    size_t searched = 0;

    for (;;) {
        char *start = f->buffer + f->from, *end = NULL;
        if (f->to - f->from > searched)
            end = memchr(start + searched, '\n', f->to - f->from - searched);
        if (!end && !f->ended) {
            searched = f->to - f->from;
            PT_TRY(fill(f, err));
            continue;
        }
        size_t len = end ? (size_t)(end - start) : f->to - f->from;
        f->from += len + (end ? 1 : 0);
        *line = end || len ? (pt_sv){start, len} : (pt_sv){NULL, 0};
        if (line->len && start[len - 1] == '\r')
            line->len--;
        return PT_OK;
    }
}

static pt_rc run(filter *f, pt_err *err)
{
    pt_sv line;

    if (f->options->header && !f->options->json)
        put_header(f);
    for (;;) {
        PT_TRY(next_line(&line, f, err));
        if (!line.ptr)
            break;
        f->stats->lines++;
        pt_rc rc = take_line(f, line, err);
        if (rc != PT_OK)
            PT_TRY(bad_line(f, rc, err));
    }
    PT_TRY(end_customer(f, err));
    PT_TRY(flush_batch(f, err));
    return f->out.len ? write_out(f, err) : PT_OK;
}

/* --- setting up --------------------------------------------------------------------------------------------------- */

static pt_rc set_up(filter *f, pt_err *err)
{
    const pt_project *p = f->project;
    pt_eval_options options = {.as_of = f->options->as_of, .zone = p->zone, .base = f->options->base};

    PT_TRY(check_base(f, err));
    f->scratch.zone = p->zone;
    f->sources = PT_NEW_ARRAY(f->arena, pt_rows_source, p->n_sources);
    f->events = PT_NEW_ARRAY(f->arena, pt_events, p->n_sources);
    if (!f->sources || !f->events || !p->n_sources)
        return p->n_sources ? pt_fail_nomem(err, "the sources") : pt_fail(err, PT_EINVAL, "the project has no sources");
    PT_TRY(pt_program_build(&f->program, p->module, f->options->tags, f->options->n_tags, err));
    PT_TRY(pt_eval_new(&f->eval, f->program, &options, err));
    for (uint32_t s = 0; s < p->n_sources; s++)
        PT_TRY(pt_rows_init(&f->sources[s], s, &p->sources[s], f->program, BATCH_CUSTOMERS, f->arena, err));
    return PT_OK;
}

static void tear_down(filter *f)
{
    for (size_t s = 0; f->sources && s < f->project->n_sources; s++)
        if (f->sources[s].source)
            pt_rows_free(&f->sources[s]);
    pt_eval_free(f->eval);
    pt_program_free(f->program);
    pt_str_free(&f->scratch.text);
    free(f->scratch.order);
    free(f->scratch.gather);
    free(f->seen.slots);
    free(f->buffer);
    pt_str_free(&f->ids);
    pt_str_free(&f->out);
    pt_arena_free(f->arena);
    free(f);
}

pt_rc pt_app_filter(pt_filter_stats *stats, const pt_app *app, const pt_filter_options *options, pt_err *err)
{
    filter *f;
    pt_rc rc;

    *stats = (pt_filter_stats){0};
    PT_TRY(pt_app_sound(app, err));
    if (!(f = pt_zalloc(1, sizeof *f)))
        return pt_fail_nomem(err, "the filter");
    f->options = options;
    f->stats = stats;
    f->project = app->project;
    if (!(f->arena = pt_arena_new(0)))
        rc = pt_fail_nomem(err, "the filter");
    else if ((rc = set_up(f, err)) == PT_OK)
        rc = run(f, err);
    tear_down(f);
    return rc;
}
