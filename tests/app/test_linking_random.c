/* Random records and random decisions about them, through builds: the order of rows and sources changes nothing; what was decided and
 * undone leaves no trace; the same decisions in an empty data directory give the same customers. */
#include <stdlib.h>

#include "app/hands.h"
#include "app/linking.h"
#include "base/io.h"
#include "base/rng.h"
#include "support/data_dir.h"
#include "support/invented.h"
#include "support/project.h"
#include "support/test.h"

enum { RECORDS = 160, TRIALS = 2, STEPS = 6, MOST_IDENTIFIERS = 3 };

static pt_err err;

/* --- projects ---------------------------------------------------------------------------------------------------------------- */

static const char columns[] = "  columns: {name: text, gender: text, birth_date: text, phone: text, email: text,"
                              " province: text, city: text, address: text}\n";

/* Sources are read in the order of their files' names: `turned`, the callers' comes first. */
static void write_sources(bool turned)
{
    char text[1000], path[400];

    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/sources/%s.yaml", test_dir(), i ? "a" : "z");
        pt_remove_tree(path, &err);
    }
    snprintf(text, sizeof text, "members:\n  from: members.csv\n  kind: record\n  customer: {member: id}\n%s", columns);
    write_project_file(turned ? "sources/z.yaml" : "sources/a.yaml", text);
    snprintf(text, sizeof text, "callers:\n  from: callers.csv\n  kind: record\n  customer: {caller: id}\n%s", columns);
    write_project_file(turned ? "sources/a.yaml" : "sources/z.yaml", text);
}

static void write_project(void)
{
    write_project_file("portrait.yaml", "name: people\n");
    write_project_file("identity.yaml", "types:\n  member: {priority: 1}\n  caller: {priority: 2}\n"
                                        "link: {auto: 0.9, review: 0.2}\npurposes: {ads: 0.3, letters: exact}\n"
                                        "circles: {household: {same: [address, phone]}}\n");
    write_project_file("tags/tags.yaml", "calls: count(callers)\ncity: {value: last(members.city)}\n"
                                         "household_size: household.size\n");
    write_sources(false);
}

static void shuffle(const char **lines, uint32_t n, pt_rng *rng)
{
    for (uint32_t i = n; i > 1; i--) {
        uint32_t k = (uint32_t)pt_rng_below(rng, i);
        const char *swap = lines[k];
        lines[k] = lines[i - 1];
        lines[i - 1] = swap;
    }
}

static void write_lines(const char *path, const char **lines, uint32_t n)
{
    pt_str text = {0};

    pt_str_add(&text, "id,name,gender,birth_date,phone,email,province,city,address\n");
    for (uint32_t i = 0; i < n; i++)
        pt_str_add(&text, lines[i]);
    write_project_file(path, pt_str_cstr(&text));
    pt_str_free(&text);
}

static const char *field_of(const invented_record *r, const char *name)
{
    const invented_field *fields;
    size_t n = invented_fields(&fields, INVENTED_CHINESE);

    for (size_t f = 0; f < n; f++)
        if (strcmp(fields[f].name, name) == 0)
            return r->text[f];
    return "";
}

/* The same records of `seed` in another order; every second one is of a caller. */
static void write_records(uint64_t seed, uint64_t order)
{
    static const char *const names[] = {"name",  "gender",   "birth_date", "phone",
                                        "email", "province", "city",       "address"};
    invented *g = invented_new(INVENTED_CHINESE, RECORDS, seed);
    const char *lines[2][RECORDS];
    uint32_t n[2] = {0, 0};
    pt_arena *arena = pt_arena_new(0);
    invented_record r;
    pt_str line = {0};
    pt_rng rng;

    CHECK(g && arena);
    for (uint32_t i = 0; invented_next(g, &r); i++) {
        pt_str_clear(&line);
        pt_str_addf(&line, "%c%u", i % 2 ? 'c' : 'm', i);
        for (size_t c = 0; c < PT_COUNT(names); c++)
            pt_str_addf(&line, ",\"%s\"", field_of(&r, names[c]));
        pt_str_addc(&line, '\n');
        lines[i % 2][n[i % 2]++] = pt_arena_strdup(arena, pt_str_cstr(&line));
    }
    pt_rng_seed(&rng, order);
    for (int s = 0; s < 2; s++) {
        if (order)
            shuffle(lines[s], n[s], &rng);
        write_lines(s ? "callers.csv" : "members.csv", lines[s], n[s]);
    }
    invented_free(g);
    pt_str_free(&line);
    pt_arena_free(arena);
}

static void build(unsigned threads)
{
    pt_arena *arena = pt_arena_new(0);
    pt_build_result result;
    pt_app *app;

    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    CHECK_OK(pt_app_build(&result, app, &(pt_build_options){.threads = threads}, arena, &err));
    pt_arena_free(arena);
    pt_app_close(app);
}

/* --- what came out ----------------------------------------------------------------------------------------------------------- */

static const char members[] = "SELECT type, value, CAST(ordinal AS DOUBLE) FROM identity.members ORDER BY ALL";
/* Who is with whom, whatever the customers are called; of which two it is likely, for which purposes. (Which of several equally strong
 * pairs stands for two customers follows from the order of sources.) */
static const char groups[] =
    "WITH first AS (SELECT ordinal, min(value) AS name FROM identity.members GROUP BY ordinal),"
    " named AS (SELECT m.type, m.value, f.name FROM identity.members m JOIN first f USING (ordinal))"
    " SELECT 'of', value, name FROM named"
    " UNION ALL SELECT 'likely', least(a.name, b.name) || ' ' || greatest(a.name, b.name), CAST(score AS VARCHAR)"
    " FROM identity.likely l JOIN named a ON a.type = l.a_type AND a.value = l.a_value"
    " JOIN named b ON b.type = l.b_type AND b.value = l.b_value"
    " UNION ALL SELECT purpose, a.name, b.name FROM identity.same_person s JOIN first a USING (ordinal)"
    " JOIN first b ON b.ordinal = s.person"
    " UNION ALL SELECT purpose, type, value FROM identity.withheld ORDER BY ALL";

static void check_same(const char *sql, const char *want, const char *when, uint64_t trial)
{
    char *got = data_dir_ask(sql);

    if (strcmp(got, want) != 0)
        test_fail(__FILE__, __LINE__, "trial %llu: customers are not the same %s", (unsigned long long)trial, when);
    free(got);
}

TEST(linking_random__order_of_rows_and_sources_changes_nothing)
{
    write_project();
    for (uint64_t trial = 1; trial <= TRIALS; trial++) {
        write_sources(false);
        write_records(trial, 0);
        build(1);
        char *want = data_dir_ask(members), *want_groups = data_dir_ask(groups);
        CHECK(strlen(want) > RECORDS * 10);
        data_dir_remove();
        write_sources(trial % 2);
        write_records(trial, trial + 100);
        build(2);
        check_same(members, want, "for another order of rows", trial);
        check_same(groups, want_groups, "for another order of rows", trial);
        data_dir_remove();
        free(want);
        free(want_groups);
    }
}

/* --- decisions --------------------------------------------------------------------------------------------------------------- */

typedef struct deciding {
    pt_rng rng;
    uint32_t numbers[4 * STEPS]; /* of decisions that are no undoing */
    bool undone[4 * STEPS];
    size_t n;
} deciding;

/* PT_OK, or a refusal that says why: a random decision need not make sense. */
static bool decide(uint32_t *number, const pt_hand_request *q)
{
    pt_arena *arena = pt_arena_new(0);
    pt_hand_result result = {0};
    pt_app *app;

    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    pt_rc rc = pt_app_hand(&result, app, q, arena, &err);
    *number = result.number;
    pt_arena_free(arena);
    pt_app_close(app);
    CHECK(rc == PT_OK || rc == PT_EINVAL || rc == PT_ENOTFOUND);
    return rc == PT_OK;
}

/* A record at random, as an identifier; in `out`. */
static const char *somebody(deciding *d, char out[16])
{
    uint32_t i = (uint32_t)pt_rng_below(&d->rng, RECORDS);

    snprintf(out, 16, "%c%u", i % 2 ? 'c' : 'm', i);
    return out;
}

/* Identifiers of a random customer that has several. */
static size_t of_one_customer(deciding *d, char out[MOST_IDENTIFIERS][16])
{
    char *rows = data_dir_ask("SELECT string_agg(value, ' ' ORDER BY value) FROM identity.members GROUP BY ordinal"
                              " HAVING count(*) > 1 ORDER BY min(value)");
    size_t lines = 0, n = 0;
    char *at = rows;

    for (const char *c = rows; *c; c++)
        lines += *c == '\n';
    for (uint64_t skip = lines ? pt_rng_below(&d->rng, lines) : 0; skip > 0; skip--)
        at = strchr(at, '\n') + 1;
    for (char *word = strtok(at, " \n"); lines && word && n < 2; word = strtok(NULL, " \n"))
        snprintf(out[n++], 16, "%s", word);
    free(rows);
    return n;
}

static bool toggle(deciding *d)
{
    size_t which = (size_t)pt_rng_below(&d->rng, d->n);
    uint32_t number;

    /* What is undone stays so: undoing an undoing is a decision of its own, tried where one is taken back at once. */
    if (d->undone[which])
        return false;
    CHECK(decide(&number, &(pt_hand_request){.act = PT_HAND_UNDO, .undoes = d->numbers[which], .by = PT_SV("Ada")}));
    return d->undone[which] = true;
}

/* One random decision; false when it was none. */
static bool step(deciding *d)
{
    char texts[MOST_IDENTIFIERS][16];
    const char *args[] = {texts[0], texts[1]};
    pt_hand_request q = {.args = args, .n_args = 2, .by = PT_SV("Ada"), .why = PT_SV("chance")};
    uint64_t kind = pt_rng_below(&d->rng, 4);

    if (kind == 3)
        return d->n && toggle(d);
    q.act = kind == 0 ? PT_HAND_MERGE : kind == 1 ? PT_HAND_SPLIT : PT_HAND_PIN;
    if (q.act == PT_HAND_SPLIT && of_one_customer(d, texts) < 2)
        return false;
    if (q.act != PT_HAND_SPLIT)
        somebody(d, texts[0]);
    if (q.act == PT_HAND_MERGE)
        somebody(d, texts[1]);
    q.n_args = q.act == PT_HAND_PIN ? 1 : 2;
    if (!decide(&d->numbers[d->n], &q))
        return false;
    d->undone[d->n++] = false;
    return true;
}

/* The decision just made, undone, and made again: as it was, and as it became. */
static void undo_and_redo(deciding *d, const char *before, uint64_t trial)
{
    char *after = data_dir_ask(members);
    uint32_t number, again;

    CHECK(decide(&number, &(pt_hand_request){.act = PT_HAND_UNDO, .undoes = d->numbers[d->n - 1], .by = PT_SV("Ada")}));
    build(2);
    check_same(members, before, "after undoing", trial);
    CHECK(decide(&again, &(pt_hand_request){.act = PT_HAND_UNDO, .undoes = number, .by = PT_SV("Ada")}));
    build(1);
    check_same(members, after, "after undoing the undoing", trial);
    free(after);
}

/* Decisions that stand, of the store, into an empty data directory. */
static void build_anew(const deciding *d)
{
    pt_str sql = {0};

    pt_str_addf(&sql, "COPY (FROM identity.decisions WHERE decision IN (0");
    for (size_t i = 0; i < d->n; i++)
        if (!d->undone[i])
            pt_str_addf(&sql, ", %u", d->numbers[i]);
    pt_str_addf(&sql, ")) TO '%s/decisions.parquet'", test_dir());
    data_dir_exec(pt_str_cstr(&sql));
    data_dir_remove();
    build(2);
    pt_str_clear(&sql);
    pt_str_addf(&sql, "INSERT INTO identity.decisions FROM '%s/decisions.parquet'", test_dir());
    data_dir_exec(pt_str_cstr(&sql));
    build(2);
    pt_str_free(&sql);
}

TEST(linking_random__decisions_leave_nothing_but_what_they_say)
{
    write_project();
    for (uint64_t trial = 1; trial <= TRIALS; trial++) {
        deciding d = {.n = 0};
        pt_rng_seed(&d.rng, trial);
        write_records(trial + 50, trial);
        build(2);
        char *first = data_dir_ask(members);
        for (int i = 0; i < STEPS; i++) {
            size_t had = d.n;
            char *before = data_dir_ask(members);
            if (step(&d)) {
                build(2);
                if (d.n > had && i % 3 == 0)
                    undo_and_redo(&d, before, trial);
            }
            free(before);
        }
        CHECK(d.n >= 2);
        char *want = data_dir_ask(groups);
        for (size_t i = 0; i < d.n; i++)
            if (!d.undone[i]) {
                uint32_t number;
                CHECK(decide(&number,
                             &(pt_hand_request){.act = PT_HAND_UNDO, .undoes = d.numbers[i], .by = PT_SV("Ada")}));
            }
        build(2);
        check_same(members, first, "once all is undone", trial);
        build_anew(&d);
        check_same(groups, want, "in an empty data directory", trial);
        data_dir_remove();
        free(first);
        free(want);
    }
}
