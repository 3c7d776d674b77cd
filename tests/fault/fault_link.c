/* Linking while memory runs out: it says so, or gives what it gives with enough of it; nothing is left behind (ASan tells). */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "fault/inject.h"
#include "link/apply.h"
#include "link/chain.h"
#include "link/changes.h"
#include "link/compete.h"
#include "link/count.h"
#include "link/evaluate.h"
#include "link/learn.h"
#include "link/online.h"
#include "link/review.h"
#include "link/split.h"
#include "link/supervise.h"
#include "support/test.h"

enum { RECORDS = 36, FIELDS = 13, LARGEST = 5, MOST = 10 };

static pt_latin *latin;
static pt_pool *pool;
static uint64_t answer; /* of the run before: what was found */

static const pt_link_kind kinds[FIELDS] = {PT_LINK_PERSON,   PT_LINK_GIVEN,    PT_LINK_FAMILY,    PT_LINK_BIRTH,
                                           PT_LINK_PHONE,    PT_LINK_EMAIL,    PT_LINK_ADDRESS,   PT_LINK_PLACE,
                                           PT_LINK_NUMBERED, PT_LINK_LATITUDE, PT_LINK_LONGITUDE, PT_LINK_LIST,
                                           PT_LINK_WORDS};

/* Twelve persons, of each three records: as it is, with an error, and in other words. */
static const char *text_of(char *out, size_t size, pt_link_kind kind, unsigned record)
{
    static const char *const persons[] = {"张丹", "李建国", "王芳", "欧阳娜娜", "Bill Smith", "Anna Müller"};
    static const char *const spoken[] = {"Zhang Dan", "李建国先生",    "王 芳",
                                         "歐陽娜娜",  "William Smyth", "Mueller Anna"};
    static const char *const given[] = {"Bill", "William", "Kate"}, *const family[] = {"Smith", "Smyth", "O'Neil"};
    unsigned person = record / 3, way = record % 3;

    switch (kind) {
    case PT_LINK_PERSON: return way == 2 ? spoken[person % 6] : persons[person % 6];
    case PT_LINK_GIVEN: return person % 4 ? given[(person + way) % 3] : "";
    case PT_LINK_FAMILY: return family[person % 3];
    case PT_LINK_BIRTH: snprintf(out, size, "19%02u-0%u-1%u", 50 + person, 1 + person % 9, way == 1); break;
    case PT_LINK_PHONE: snprintf(out, size, way == 2 ? "138****%04u" : "1380000%04u", person / 2); break;
    case PT_LINK_EMAIL: snprintf(out, size, way ? "p%u.x@gmail.com" : "p%ux@gmail.com", person); break;
    case PT_LINK_ADDRESS: snprintf(out, size, "杭州市西湖区文三路%u号%u栋", person, way); break;
    case PT_LINK_PLACE: return person % 2 ? "杭州市" : "成都市";
    case PT_LINK_NUMBERED: return record == 3 ? "440305199005170027" : "";
    case PT_LINK_LATITUDE: snprintf(out, size, "31.2%u", person); break;
    case PT_LINK_LONGITUDE: snprintf(out, size, "121.4%u", way); break;
    case PT_LINK_LIST: snprintf(out, size, "chess; c%u; w%u", person, way); break;
    default: snprintf(out, size, "Hill Street %u", person); break;
    }
    return out;
}

static void values_of(pt_sv values[FIELDS], char texts[FIELDS][64], unsigned record)
{
    for (size_t f = 0; f < FIELDS; f++)
        values[f] = pt_sv_of(text_of(texts[f], sizeof texts[f], kinds[f], record));
}

static pt_rc add_fields(pt_link_setup *s, pt_err *err)
{
    static char texts[RECORDS][FIELDS][64];
    static pt_sv rows[RECORDS][FIELDS], column[RECORDS];

    for (unsigned i = 0; i < RECORDS; i++)
        values_of(rows[i], texts[i], i);
    for (size_t f = 0; f < FIELDS; f++) {
        for (unsigned i = 0; i < RECORDS; i++)
            column[i] = rows[i][f];
        PT_TRY(pt_link_add_field(s, pt_link_kind_name(kinds[f]), kinds[f], column, RECORDS, err));
    }
    return PT_OK;
}

static int field_called(void *ctx, pt_sv source, pt_sv column)
{
    (void)ctx, (void)source;
    for (int f = 0; f < FIELDS; f++)
        if (pt_sv_eq(column, pt_sv_of(pt_link_kind_name(kinds[f]))))
            return f;
    return -1;
}

/* Rules and levels as a project writes them. */
static pt_rc apply_words(pt_link_setup *s, pt_err *err)
{
    static const char *const keys[] = {"soundex(family) + year(birth)", "qgrams(user(email), 2)",
                                       "prefix(pinyin(person), 4)", "sorted(words(words))", "region(address)"};
    const pt_link_naming naming = {NULL, field_called};
    const pt_link_level_rule *level;
    const pt_link_expr *e;
    pt_diags diags;
    pt_rc rc = PT_OK;

    pt_diags_init(&diags, s->table.arena);
    for (size_t i = 0; rc == PT_OK && i < PT_COUNT(keys); i++)
        if ((rc = pt_link_read_expr(&e, pt_sv_of(keys[i]), (pt_place){0}, &diags, s->table.arena, err)) == PT_OK)
            rc = pt_link_apply_keys(s, s->rules, &s->n_rules, keys[i], e, &naming, err);
    if (rc == PT_OK)
        rc = pt_link_read_level(&level, PT_SV("edits 1 of letters(user(email)) and same of year(birth)"), (pt_place){0},
                                &diags, s->table.arena, err);
    if (rc == PT_OK)
        rc = pt_link_apply_wish(s, 5, &(pt_link_wish){&level, 1, 1, -1}, &naming, err);
    pt_diags_free(&diags);
    return rc;
}

static pt_rc set_up(pt_link_setup *s, pt_err *err)
{
    PT_TRY(add_fields(s, err));
    PT_TRY(pt_link_set_up(s, err));
    PT_TRY(apply_words(s, err));
    for (size_t r = 0; r < s->n_rules; r++)
        PT_TRY(pt_link_split(s, &s->rules[r], LARGEST, err));
    return PT_OK;
}

static void see(const void *bytes, size_t n)
{
    answer = pt_hash64_seed(bytes, n, answer);
}

/* What follows from pairs: questions, chains, how well it agrees with the truth, what labels teach. */
static pt_rc look(pt_link_setup *s, pt_link_model *model, const uint32_t *group, const pt_link_pair *pairs, size_t n,
                  pt_err *err)
{
    static const pt_link_label labels[] = {{0, 1, true}, {3, 5, true}, {0, 33, false}};
    const pt_link_records *records = &s->table.records;
    pt_arena *arena = s->table.arena;
    uint32_t entity[RECORDS], alone[RECORDS];
    pt_link_truth truth = {.n = RECORDS, .entity = entity};
    pt_link_question *questions;
    pt_link_agreement sums;
    pt_link_between between;
    pt_link_changes changes;
    pt_link_faults faults;
    pt_link_curve curve;
    pt_link_pair *steps;
    size_t count;

    for (uint32_t i = 0; i < RECORDS; i++) {
        entity[i] = i / 3;
        alone[i] = i;
    }
    PT_TRY(pt_link_questions(&questions, &count, group, RECORDS, pairs, n, -30, NULL, 0, arena, err));
    see(questions, count ? sizeof *questions : 0);
    PT_TRY(pt_link_chain(&steps, &count, NULL, RECORDS, pairs, n, 0, RECORDS - 1, arena, err));
    see(steps, count * sizeof *steps);
    PT_TRY(pt_link_between_groups(&between, model, records, group, 0, RECORDS - 1, err));
    PT_TRY(pt_link_changes_of(&changes, alone, group, RECORDS, arena, err));
    PT_TRY(pt_link_curve_of(&curve, &truth, NULL, pairs, n, arena, err));
    PT_TRY(pt_link_agreement_of(&sums, &truth, group, 1, err));
    PT_TRY(pt_link_faults_of(&faults, &truth, &sums, group, pairs, n, 2, 5, arena, err));
    PT_TRY(pt_link_learn_labels(model, records, labels, PT_COUNT(labels), err));
    see(&between.mean, sizeof between.mean);
    see(&changes.joined, sizeof changes.joined);
    see(&sums.pairs.value.f1, sizeof sums.pairs.value.f1);
    see(faults.n, sizeof faults.n);
    see(model->m[0], sizeof model->m[0]);
    return PT_OK;
}

static pt_rc link_blocks(pt_link_setup *s, pt_link_model *model, pt_link_blocks *b, pt_err *err)
{
    const pt_link_records *records = &s->table.records;
    uint32_t group[RECORDS], start[RECORDS];
    pt_link_known known = {.start = start};
    pt_link_pair *pairs = NULL, *kept = NULL;
    size_t n = 0;

    for (uint32_t i = 0; i < RECORDS; i++)
        start[i] = i == 4 ? 3 : i;
    pt_rc rc = pt_link_propose(&pairs, &n, model, records, b, &known, -20, pool, err);
    if (rc == PT_OK && !(kept = malloc(n * sizeof *kept + 1)))
        rc = pt_fail_nomem(err, "a copy");
    if (rc == PT_OK) {
        memcpy(kept, pairs, n * sizeof *kept);
        see(pairs, n * sizeof *pairs);
        rc = pt_link_cluster(group, model, records, &known, pairs, n, 3, pool, err);
    }
    if (rc == PT_OK) {
        CHECK(n > RECORDS / 2);
        see(group, sizeof group);
        rc = look(s, model, group, kept, n, err);
    }
    free(pairs);
    free(kept);
    return rc;
}

static pt_rc link_all(pt_link_setup *s, pt_err *err)
{
    pt_link_training t = {.pool = pool, .seed = 1, .iterations = 5};
    pt_link_counts counts;
    pt_link_model model;
    pt_link_blocks *b;

    PT_TRY(set_up(s, err));
    PT_TRY(pt_link_count(&counts, s, LARGEST, pool, err));
    PT_TRY(pt_link_learn(&model, s, &t, err));
    PT_TRY(pt_link_blocks_new(&b, &s->table.records, s->rules, s->n_rules, LARGEST, pool, err));
    pt_rc rc = link_blocks(s, &model, b, err);
    pt_link_blocks_free(b);
    return rc;
}

/* --- one record at a time ---------------------------------------------------------------------------------------------------- */

static pt_link_setup *resident;
static pt_link_model resident_model;

static pt_rc again(void *ctx, pt_link_setup *s, pt_err *err)
{
    (void)ctx;
    PT_TRY(pt_link_set_up(s, err));
    return apply_words(s, err);
}

static pt_rc ask(pt_link_query *q, pt_err *err)
{
    char texts[FIELDS][64];
    pt_sv values[FIELDS];
    pt_link_match matches[MOST];
    uint32_t record;
    size_t n;

    for (unsigned i = 0; i < 3; i++) {
        values_of(values, texts, 7 * i);
        values[0] = PT_SV("张 丹先生 of another name");
        PT_TRY(pt_link_resolve(q, values, matches, MOST, &n, err));
        for (size_t k = 0; k < n; k++)
            see(&matches[k].record, sizeof matches[k].record);
        PT_TRY(pt_link_online_add(q, values, &record, err));
        values_of(values, texts, 7 * i + 1);
        values[6] = PT_SV("上海市浦东新区世纪大道88号");
        PT_TRY(pt_link_online_change(q, record, values, err));
        if (i)
            PT_TRY(pt_link_online_remove(q, record, err));
    }
    return PT_OK;
}

static pt_rc resolve(pt_link_setup *unused, pt_err *err)
{
    pt_link_online_options options = {.queries = 2, .room = 8, .least = -20, .set_up = again};
    pt_link_online *o;
    pt_link_query *q = NULL;

    (void)unused;
    PT_TRY(pt_link_online_new(&o, resident, &resident_model, NULL, &options, pool, err));
    pt_rc rc = pt_link_query_new(&q, o, err);
    if (rc == PT_OK)
        rc = ask(q, err);
    pt_link_query_free(q);
    pt_link_online_free(o);
    return rc;
}

/* --- under ------------------------------------------------------------------------------------------------------------------- */

static pt_rc work(pt_rc (*fn)(pt_link_setup *, pt_err *), pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_link_setup *s = arena ? PT_NEW(arena, pt_link_setup) : NULL;
    pt_rc rc = s ? PT_OK : pt_fail_nomem(err, "a setup");

    answer = 0;
    if (s) {
        s->table.arena = arena;
        s->latin = latin;
        rc = fn(s, err);
    }
    pt_arena_free(arena);
    return rc;
}

static void without_memory(pt_rc (*fn)(pt_link_setup *, pt_err *))
{
    pt_err err = {0};
    bool failed = true;

    CHECK_OK(work(fn, &err));
    uint64_t right = answer;
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        err = (pt_err){0};
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = work(fn, &err);
        failed = inject_end();
        if (rc != PT_OK ? rc != PT_ENOMEM || !failed || !err.msg[0] : answer != right)
            test_fail(__FILE__, __LINE__, "allocation %lu failed, and the result is %s, %s", n, pt_rc_name(rc),
                      answer == right ? "the right one" : "another one");
    }
    CHECK_OK(work(fn, &err));
    CHECK_INT(answer, right);
}

static void open_shared(void)
{
    pt_err err = {0};

    CHECK_OK(pt_latin_open(&latin, &err));
    CHECK_OK(pt_pool_new(&pool, 1, &err));
}

static void close_shared(void)
{
    pt_latin_free(latin);
    pt_pool_free(pool);
}

TEST(fault_link__running_out_of_memory_is_said)
{
    open_shared();
    without_memory(link_all);
    close_shared();
}

TEST(fault_link__also_while_one_record_is_resolved)
{
    pt_err err = {0};
    pt_link_training t = {.seed = 1, .iterations = 5};

    open_shared();
    pt_arena *arena = pt_arena_new(0);
    resident = PT_NEW(arena, pt_link_setup);
    resident->table.arena = arena;
    resident->latin = latin;
    t.pool = pool;
    CHECK_OK(set_up(resident, &err));
    CHECK_OK(pt_link_learn(&resident_model, resident, &t, &err));
    without_memory(resolve);
    pt_arena_free(arena);
    close_shared();
}

TEST(fault_link__latin_forms_without_memory)
{
    pt_err err = {0};
    bool failed = true;

    for (unsigned long n = 1; failed; n++) {
        pt_latin *l = NULL;
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = pt_latin_open(&l, &err);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_ENOMEM : PT_OK);
        pt_latin_free(rc == PT_OK ? l : NULL);
    }
}
