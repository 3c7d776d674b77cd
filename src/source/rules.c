/* What rules do to values: the functions that SQL calls, what they learn from a column, and the examples they keep. */
#include "source/rules.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/intern.h"
#include "base/utf8.h"

enum { MOST_EXAMPLES = 3, LONGEST_EXAMPLE = 120 /* bytes */ };

/* Of all texts that were changed those whose hashes are lowest: the same ones however the rows were shared out. */
typedef struct example {
    uint64_t hash;
    char *before, *after; /* after NULL: missing */
} example;

struct pt_rewriter {
    pt_conversion declared;                  /* convert: as written */
    const pt_conversion *_Atomic conversion; /* with what the file taught; what it points to is never changed */
    const pt_clean_rule *map;
    pt_intern *from;        /* map: texts of its pairs */
    const char **values;    /* by code of `from`, from 1: the new value; NULL: missing. In the run's arena */
    pt_intern *to;          /* map: the new values, which `otherwise` leaves alone */
    bool masked;            /* examples are of people */
    _Atomic unsigned hints; /* pt_hint of all values of the file */
    _Atomic uint64_t worst; /* a text with a higher hash is no example */
    atomic_bool closed;
    pthread_mutex_t guard; /* of all below */
    example examples[MOST_EXAMPLES];
    size_t n_examples;
    bool nomem;
};

/* --- examples ---------------------------------------------------------------------------------------------------------- */

/* Letters and digits but for the first become stars; what stands between them shows the form. */
static void add_masked(pt_str *out, pt_sv text)
{
    bool first = true;

    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        int32_t cp = pt_utf8_next(text, &at);
        bool says = cp < 0 || pt_utf8_is_letter(cp) || pt_utf8_is_digit(cp);
        if (says && !first)
            pt_str_addc(out, '*');
        else
            pt_str_addn(out, text.ptr + from, at - from);
        first &= !says;
    }
}

static char *keep_text(pt_sv text, bool masked)
{
    pt_str s = {0};
    bool cut = text.len > LONGEST_EXAMPLE;

    if (cut)
        text.len = LONGEST_EXAMPLE;
    while (cut && text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80)
        text.len--;
    if (masked)
        add_masked(&s, text);
    else
        pt_str_addsv(&s, text);
    pt_str_add(&s, cut ? "\xE2\x80\xA6" : "");
    if (s.failed)
        pt_str_free(&s);
    return s.ptr;
}

static void free_example(example *e)
{
    free(e->before);
    free(e->after);
}

/* Puts a new example in its place, the lowest hash first; the last gives way. */
static void insert_example(pt_rewriter *w, example e)
{
    size_t at = w->n_examples;

    if (w->n_examples == MOST_EXAMPLES)
        free_example(&w->examples[--at]);
    else
        w->n_examples++;
    for (; at > 0 && w->examples[at - 1].hash > e.hash; at--)
        w->examples[at] = w->examples[at - 1];
    w->examples[at] = e;
    if (w->n_examples == MOST_EXAMPLES)
        atomic_store_explicit(&w->worst, w->examples[MOST_EXAMPLES - 1].hash, memory_order_relaxed);
}

static void keep_example(pt_rewriter *w, uint64_t hash, pt_sv before, const pt_sv *after)
{
    example e = {.hash = hash};

    for (size_t i = 0; i < w->n_examples; i++)
        if (w->examples[i].hash == hash)
            return;
    e.before = keep_text(before, w->masked);
    e.after = after ? keep_text(*after, w->masked) : NULL;
    if (e.before && (e.after || !after)) {
        insert_example(w, e);
    } else {
        free_example(&e);
        w->nomem = true;
    }
}

static void note_example(pt_rewriter *w, pt_sv before, const pt_sv *after)
{
    uint64_t hash = pt_hash64(before.ptr, before.len);

    if (hash >= atomic_load_explicit(&w->worst, memory_order_relaxed))
        return;
    pthread_mutex_lock(&w->guard);
    if (hash < atomic_load_explicit(&w->worst, memory_order_relaxed))
        keep_example(w, hash, before, after);
    pthread_mutex_unlock(&w->guard);
}

static void drop_examples(pt_rewriter *w)
{
    pthread_mutex_lock(&w->guard);
    for (size_t i = 0; i < w->n_examples; i++)
        free_example(&w->examples[i]);
    w->n_examples = 0;
    atomic_store(&w->worst, UINT64_MAX);
    pthread_mutex_unlock(&w->guard);
}

/* --- the functions ------------------------------------------------------------------------------------------------------ */

static void note_hint(pt_rewriter *w, unsigned hint)
{
    if (hint & ~atomic_load_explicit(&w->hints, memory_order_relaxed))
        atomic_fetch_or_explicit(&w->hints, hint, memory_order_relaxed);
}

/* SQL sees a function's context as read only; what it counts does not change what it returns. */
static pt_rewriter *rewriter_of(const void *ctx)
{
    union {
        const void *in;
        pt_rewriter *out;
    } u = {ctx};

    return u.out;
}

static bool call_convert(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    pt_rewriter *w = rewriter_of(ctx);
    pt_sv text = *(const pt_sv *)in, *result = out;
    unsigned hint;

    if (w->closed)
        return false;
    const pt_conversion *c = atomic_load_explicit(&w->conversion, memory_order_acquire);
    pt_form_rc rc = pt_conversion_study(result, &hint, c, text, scratch);
    note_hint(w, hint);
    if (scratch->failed)
        return false;
    if (rc == PT_FORM_OK) {
        if (!pt_sv_eq(*result, text))
            note_example(w, text, result->len ? result : NULL);
        return result->len > 0;
    }
    if (c->otherwise == PT_ELSE_MISSING)
        note_example(w, text, NULL);
    *result = text;
    return c->otherwise == PT_ELSE_KEEP;
}

static bool call_why(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    pt_rewriter *w = rewriter_of(ctx);
    pt_form_rc rc = PT_FORM_NOT;
    pt_sv result;

    if (!w->closed)
        rc = pt_conversion_apply(&result, atomic_load_explicit(&w->conversion, memory_order_acquire),
                                 *(const pt_sv *)in, scratch);
    *(double *)out = rc;
    return true;
}

static bool call_map(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    pt_rewriter *w = rewriter_of(ctx);
    pt_sv text = *(const pt_sv *)in, *result = out;

    (void)scratch;
    if (w->closed)
        return false;
    uint32_t code = pt_intern_find(w->from, text);
    *result = text;
    if (!code && (!w->map->has_otherwise || pt_intern_find(w->to, text)))
        return true;
    const char *to = code ? w->values[code] : w->map->otherwise;
    *result = pt_sv_trim(pt_sv_of(to));
    if (!pt_sv_eq(*result, text))
        note_example(w, text, result->len ? result : NULL);
    return result->len > 0;
}

/* --- making them -------------------------------------------------------------------------------------------------------- */

static void close_rewriter(pt_rewriter *w)
{
    w->closed = true; /* what it borrows from the project may go now */
    drop_examples(w);
    pt_intern_free(w->from);
    pt_intern_free(w->to);
    w->from = w->to = NULL;
}

static void free_rewriter(void *ptr)
{
    pt_rewriter *w = ptr;

    close_rewriter(w);
    pthread_mutex_destroy(&w->guard);
    free(w);
}

/* Whether the values of a column are of people: declared so, or they identify customers. */
static bool is_personal(const pt_source *s, const char *column)
{
    for (size_t i = 0; i < s->n_file_columns; i++) {
        const pt_source_column *c = &s->columns[i];
        bool same = strcmp(c->name, column) == 0 || (c->from && strcmp(c->from, column) == 0);
        if (same && c->sensitivity && strcmp(c->sensitivity, "none") != 0)
            return true;
    }
    for (size_t i = 0; i < s->n_identifiers; i++)
        if (strstr(s->identifiers[i].column, column))
            return true;
    return false;
}

/* The first pair of a text counts: spaces around it do not tell two apart. */
static bool fill_map(pt_rewriter *w, const pt_clean_rule *rule, pt_arena *arena)
{
    w->map = rule;
    w->from = pt_intern_new();
    w->to = pt_intern_new();
    w->values = PT_NEW_ARRAY(arena, const char *, rule->n_pairs + 1);
    if (!w->from || !w->to || !w->values)
        return false;
    for (size_t i = 0; i < rule->n_pairs; i++) {
        pt_sv to = pt_sv_trim(pt_sv_of(rule->pairs[i].to));
        uint32_t before = pt_intern_count(w->from);
        uint32_t code = pt_intern_add(w->from, pt_sv_trim(pt_sv_of(rule->pairs[i].from)));
        if (!code || (to.len && !pt_intern_add(w->to, to)))
            return false;
        if (code > before)
            w->values[code] = rule->pairs[i].to;
    }
    return true;
}

static pt_rc new_rewriter(pt_rewriter **out, const pt_read_run *run, const pt_clean_rule *rule, pt_err *err)
{
    pt_rewriter *w = pt_zalloc(1, sizeof *w);
    pt_conversion_fault fault;

    if (!w || pthread_mutex_init(&w->guard, NULL) != 0) {
        free(w);
        return pt_fail_nomem(err, "a rule of cleaning");
    }
    atomic_init(&w->worst, UINT64_MAX);
    pt_rc rc = PT_OK;
    if (rule->kind == PT_CLEAN_MAP)
        rc = fill_map(w, rule, run->arena) ? PT_OK : pt_fail_nomem(err, "a rule of cleaning");
    else if (!pt_conversion_open(&w->declared, pt_sv_of(rule->converter), &fault))
        rc = pt_fail(err, PT_EINVAL, "%s", fault.message); /* only where no project was checked */
    if (rc != PT_OK) {
        free_rewriter(w);
        return rc;
    }
    w->conversion = &w->declared;
    w->masked = w->declared.personal || is_personal(run->source, rule->column);
    *out = w;
    return PT_OK;
}

/* Functions live as long as the store, so each run's have names of their own. `why` looks into the same rewriter, which
 * the first function owns. */
static pt_rc define_rule(pt_read_rule *r, pt_read_run *run, pt_err *err)
{
    static atomic_uint_least64_t counter;
    uint64_t n = atomic_fetch_add(&counter, 1);
    bool map = r->rule->kind == PT_CLEAN_MAP;

    r->function = pt_arena_printf(run->arena, "pt_rule_%" PRIu64, n);
    r->why = map ? NULL : pt_arena_printf(run->arena, "pt_rule_why_%" PRIu64, n);
    if (!r->function || (!map && !r->why))
        return pt_fail_nomem(err, "a rule of cleaning");
    PT_TRY(new_rewriter(&r->rewriter, run, r->rule, err));
    pt_rewriter *w = r->rewriter;
    r->otherwise = w->declared.otherwise;
    r->is_date = !map && w->declared.kind == PT_CONVERT_DATE;
    pt_function f = {r->function, PT_TYPE_TEXT, PT_TYPE_TEXT, map ? call_map : call_convert, w, free_rewriter};
    pt_rc rc = pt_conn_define(run->conn, &f, err); /* takes w */
    if (rc != PT_OK)
        r->rewriter = NULL;
    if (rc != PT_OK || map)
        return rc;
    return pt_conn_define(run->conn, &(pt_function){r->why, PT_TYPE_TEXT, PT_TYPE_NUMBER, call_why, w, NULL}, err);
}

pt_rc pt_rules_open(pt_read_run *run, pt_err *err)
{
    const pt_source *s = run->source;

    run->rules = PT_NEW_ARRAY(run->arena, pt_read_rule, s->n_clean);
    if (!run->rules)
        return pt_fail_nomem(err, "rules of cleaning");
    for (size_t i = 0; i < s->n_clean; i++) {
        if (!pt_clean_reads(&s->clean[i]))
            continue;
        pt_read_rule *r = &run->rules[run->n_rules++];
        *r = (pt_read_rule){.rule = &s->clean[i], .number = (uint32_t)i};
        PT_TRY(define_rule(r, run, err));
    }
    return PT_OK;
}

void pt_rules_begin(pt_read_run *run)
{
    for (size_t i = 0; i < run->n_rules; i++) {
        pt_rewriter *w = run->rules[i].rewriter;
        drop_examples(w);
        atomic_store(&w->hints, 0);
        w->conversion = &w->declared;
    }
}

pt_rc pt_rules_learn(bool *learned, pt_read_run *run, pt_err *err)
{
    *learned = false;
    for (size_t i = 0; i < run->n_rules; i++) {
        pt_rewriter *w = run->rules[i].rewriter;
        pt_conversion c = *w->conversion;
        if (w->map || !pt_conversion_learn(&c, atomic_load(&w->hints)))
            continue;
        pt_conversion *kept = PT_NEW(run->arena, pt_conversion);
        if (!kept)
            return pt_fail_nomem(err, "a rule of cleaning");
        *kept = c;
        atomic_store_explicit(&w->conversion, kept, memory_order_release);
        *learned = true;
    }
    for (size_t i = 0; *learned && i < run->n_rules; i++)
        drop_examples(run->rules[i].rewriter);
    return PT_OK;
}

void pt_rules_close(pt_read_run *run)
{
    for (size_t i = 0; i < run->n_rules; i++)
        if (run->rules[i].rewriter)
            close_rewriter(run->rules[i].rewriter);
}

const char *pt_rules_reason(const pt_read_rule *rule, pt_form_rc rc, pt_arena *arena)
{
    static const char *const reasons[PT_FORM_RC_COUNT] = {
        [PT_FORM_NOT] = "not of this form",
        [PT_FORM_AMBIGUOUS] = "it has several readings",
        [PT_FORM_RANGE] = "there is no such value",
        [PT_FORM_CHECKSUM] = "a wrong check digit",
    };

    return pt_arena_printf(arena, "%s: %s", rule->rule->text, reasons[rc]);
}

/* --- what was done ------------------------------------------------------------------------------------------------------ */

static void add_bit(pt_sql *q, size_t rule, unsigned bit)
{
    size_t word = rule / RULES_A_WORD;

    pt_str_addf(&q->text,
                ", CAST(count(*) FILTER (WHERE _reject IS NULL AND _cleaned%zu & %" PRIu64 " <> 0) AS UBIGINT)", word,
                UINT64_C(1) << (rule % RULES_A_WORD * 2 + bit));
}

/* Rows refused by a rule: its problems in the plan. */
static void add_refused(pt_sql *q, const pt_plan *plan, size_t rule)
{
    pt_sql_kw(q, ", CAST(count(*) FILTER (WHERE _reject IN (0");
    for (size_t i = 0; i < plan->n_problems; i++)
        if (plan->problems[i].rule == rule + 1)
            pt_str_addf(&q->text, ", %zu", i + 1);
    pt_sql_kw(q, ")) AS UBIGINT)");
}

static pt_rc count_rows(uint64_t *counts, const pt_reading *r, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur;
    const pt_rows *rows;
    size_t n = r->run->n_rules;

    pt_sql_kw(&q, "SELECT 0");
    for (size_t i = 0; i < n; i++) {
        add_bit(&q, i, 0);
        add_bit(&q, i, 1);
        add_refused(&q, r->plan, i);
    }
    pt_sql_kw(&q, "FROM raw.");
    pt_sql_ident(&q, r->in->table);
    pt_rc rc = pt_query(&cur, r->run->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    rc = pt_cursor_next(&rows, cur, err);
    for (size_t i = 0; rc == PT_OK && rows && i < n * 3; i++)
        counts[i] = *(const uint64_t *)rows->cells[i + 1].data;
    pt_cursor_close(cur);
    return rc;
}

static pt_rc write_counts(const pt_reading *r, const uint64_t *counts, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, r->run->conn, "meta", "table_rules", err));
    for (size_t i = 0; i < r->run->n_rules; i++) {
        pt_append_text(a, pt_sv_of(r->in->table));
        pt_append_int(a, r->run->rules[i].number);
        pt_append_text(a, pt_sv_of(r->run->rules[i].rule->text));
        for (size_t k = 0; k < 3; k++)
            pt_append_int(a, counts ? (int64_t)counts[i * 3 + k] : 0);
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

static void append_examples(pt_appender *a, const char *table, const pt_read_rule *r)
{
    pt_rewriter *w = r->rewriter;

    pthread_mutex_lock(&w->guard);
    for (size_t k = 0; k < w->n_examples; k++) {
        pt_append_text(a, pt_sv_of(table));
        pt_append_int(a, r->number);
        pt_append_int(a, (int64_t)(w->examples[k].hash >> 1));
        pt_append_text(a, pt_sv_of(w->examples[k].before));
        pt_append_text(a, pt_sv_of(w->examples[k].after));
        pt_append_end_row(a);
    }
    pthread_mutex_unlock(&w->guard);
}

static pt_rc write_examples(const pt_reading *r, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, r->run->conn, "meta", "table_examples", err));
    for (size_t i = 0; i < r->run->n_rules; i++)
        append_examples(a, r->in->table, &r->run->rules[i]);
    return pt_appender_close(a, err);
}

static bool short_of_memory(pt_rewriter *w)
{
    pthread_mutex_lock(&w->guard);
    bool nomem = w->nomem;
    pthread_mutex_unlock(&w->guard);
    return nomem;
}

pt_rc pt_rules_write(const pt_reading *r, pt_err *err)
{
    size_t n = r->run->n_rules;
    bool rows = r->plan != NULL;

    for (size_t i = 0; i < n; i++)
        if (short_of_memory(r->run->rules[i].rewriter))
            return pt_fail_nomem(err, "examples of cleaning");
    if (n == 0)
        return PT_OK;
    uint64_t *counts = pt_zalloc(n * 3, sizeof *counts);
    pt_rc rc = counts ? PT_OK : pt_fail_nomem(err, "counts of cleaning");
    if (rc == PT_OK && rows)
        rc = count_rows(counts, r, err);
    if (rc == PT_OK)
        rc = write_counts(r, counts, err);
    free(counts);
    return rc == PT_OK ? write_examples(r, err) : rc;
}
