/* Linking of a project while memory and disk run out: every failure is said, nothing of it is left in the store, and what was
 * published stays. */
#include <stdlib.h>
#include <string.h>

#include "app/hands.h"
#include "app/link_evaluate.h"
#include "app/link_explain.h"
#include "app/link_review.h"
#include "app/link_shadow.h"
#include "app/purposes.h"
#include "app/stage_resolve.h"
#include "base/hash.h"
#include "base/io.h"
#include "fault/inject.h"
#include "support/test.h"

static const char identity[] = "types:\n  member: {priority: 1}\n  caller: {priority: 2}\n"
                               "link:\n  auto: 0.9995\n  review: 0.01\n  train: labels\n"
                               "  blocking: [soundex(family(name)) + year(birthday)]\n"
                               "  comparisons: {email: [same, jaro_winkler 0.92, edits 1 of user(email)]}\n"
                               "purposes: {ads: 0.5, letters: exact}\n"
                               "circles: {household: {same: [address, phone]}}\n";

static pt_err err;
static char shop[4096], labels[4200], answers[4200];
static uint64_t answer; /* what the work found */

/* Each run is a whole command: more sparing than inject_step. */
static unsigned long step_after(unsigned long n)
{
    return n < 16 ? 1 : n / 4;
}

static void write_in(const char *path, const char *text)
{
    char full[8192];

    snprintf(full, sizeof full, "%s/%s", shop, path);
    CHECK_OK(pt_write_file(full, text, strlen(text), &err));
}

static pt_rc build(void)
{
    pt_arena *arena = pt_arena_new(0);
    pt_build_result result;
    pt_app *app = NULL;

    CHECK(arena);
    pt_rc rc = pt_app_open(&app, shop, &err);
    if (rc == PT_OK)
        rc = pt_app_build(&result, app, &(pt_build_options){.threads = 1}, arena, &err);
    pt_arena_free(arena);
    pt_app_close(app);
    return rc;
}

/* Invented people, built; two decisions. */
static void make_people(void)
{
    static const char *const pair[] = {"M0001", "M0003"};
    pt_arena *arena = pt_arena_new(0);
    pt_hand_result decided;
    char command[16384];
    pt_app *app;

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    snprintf(shop, sizeof shop, "%s/people", test_dir());
    snprintf(labels, sizeof labels, "%s/truth.csv", shop);
    snprintf(answers, sizeof answers, "%s/answers.csv", shop);
    snprintf(command, sizeof command, "sh '%s/tests/support/make_people.sh' '%s' 24", test_source_dir(), shop);
    CHECK_INT(system(command), 0); /* NOLINT(cert-env33-c): the command is the test's own text */
    write_in("identity.yaml", identity);
    write_in("answers.csv", "a,b,same\nM0002,M0004,no\nM0005,M0006,yes\n");
    CHECK_OK(build());
    CHECK_OK(pt_app_open(&app, shop, &err));
    CHECK_OK(pt_app_hand(
        &decided, app,
        &(pt_hand_request){.act = PT_HAND_MERGE, .args = pair, .n_args = 2, .by = PT_SV("Ada"), .why = PT_SV("known")},
        arena, &err));
    pt_arena_free(arena);
    pt_app_close(app);
    CHECK_OK(build());
}

static void see(const void *bytes, size_t n)
{
    answer = pt_hash64_seed(bytes, n, answer);
}

static void see_text(const char *text)
{
    see(text, text ? strlen(text) : 0);
}

/* --- what commands do -------------------------------------------------------------------------------------------------------- */

typedef struct session {
    pt_app *app;
    pt_arena *arena;
    pt_linking *l;
    pt_link_find *find;
    pt_linking_options options;
} session;

typedef pt_rc work_fn(session *s);

static pt_rc open_session(session *s, pt_linking_step until)
{
    pt_linking_run_options run = {.threads = 1, .until = until};

    PT_TRY(pt_pool_new(&s->options.pool, 1, &err));
    PT_TRY(pt_app_linking(&s->l, s->app, &run, &err));
    return pt_link_find_new(&s->find, s->l, NULL, &err);
}

static pt_rc work(work_fn *fn)
{
    session s = {.arena = pt_arena_new(0)};
    pt_rc rc = s.arena ? pt_app_open(&s.app, shop, &err) : pt_fail_nomem(&err, "an arena");

    answer = 0;
    if (rc == PT_OK)
        rc = fn(&s);
    pt_link_find_free(s.find);
    pt_linking_free(s.l);
    pt_pool_free(s.options.pool);
    pt_arena_free(s.arena);
    pt_app_close(s.app);
    return rc;
}

static pt_rc summarise(session *s)
{
    pt_linking_summary summary = {0};
    pt_link_explainer *x;
    const pt_link_pair *edges;
    size_t n;
    char *rule = NULL;

    PT_TRY(open_session(s, PT_LINKING_GROUP));
    PT_TRY(pt_linking_summarise(&summary, s->l, s->arena, &err));
    PT_TRY(pt_linking_edges(&edges, &n, s->l, s->arena, &err));
    CHECK(n > 0);
    PT_TRY(pt_link_explainer_new(&x, &s->l->model, &s->l->setup.table.records, &err));
    pt_rc rc = pt_linking_rule(&rule, s->l, x, edges[0].a, edges[0].b, s->arena, &err);
    pt_link_explainer_free(x);
    PT_TRY(rc);
    see(&summary, sizeof summary);
    see(edges, n * sizeof *edges);
    see_text(rule);
    return PT_OK;
}

static pt_rc explain(session *s)
{
    pt_link_explanation e;

    PT_TRY(open_session(s, PT_LINKING_GROUP));
    PT_TRY(pt_link_explain_pair(&e, s->l, s->find, NULL, PT_SV("M0001"), PT_SV("member:M0003"), s->arena, &err));
    see(&e.total, sizeof e.total);
    for (size_t i = 0; i < e.n; i++) {
        see_text(e.steps[i].what.zh);
        see_text(e.steps[i].note.en);
        see_text(e.steps[i].a);
    }
    for (size_t i = 0; i < e.n_rules; i++)
        see_text(e.rules[i]);
    for (size_t i = 0; i < e.n_sentences; i++)
        see_text(e.sentences[i].en);
    return PT_OK;
}

static pt_rc evaluate(session *s)
{
    pt_link_evaluation e;

    PT_TRY(open_session(s, PT_LINKING_TRAIN));
    PT_TRY(pt_link_evaluate(&e, s->l, &s->options, s->find, labels, s->arena, &err));
    see(&e.groups.clusters, sizeof e.groups.clusters);
    see(&e.best, sizeof e.best);
    return PT_OK;
}

static pt_rc answer_questions(session *s, pt_link_review *r)
{
    pt_link_changes changes;
    pt_link_label *rows;
    pt_str csv = {0};
    size_t n;

    const pt_link_question *q = pt_link_review_questions(r, &n);
    pt_link_review_csv(&csv, s->l, q, n);
    pt_rc rc = pt_str_check(&csv, &err);
    see(csv.ptr, csv.len);
    pt_str_free(&csv);
    PT_TRY(rc);
    CHECK(pt_link_review_next(r));
    PT_TRY(pt_link_review_answer(r, true, 9, &err));
    PT_TRY(pt_link_review_read(&rows, &n, answers, s->find, s->arena, &err));
    for (size_t i = 0; i < n; i++)
        PT_TRY(pt_link_review_add(r, rows[i].a, rows[i].b, rows[i].same, 10, &err));
    PT_TRY(pt_link_review_changes(&changes, r, s->l, &s->options, s->arena, &err));
    see(&changes.merged, sizeof changes.merged);
    see(&changes.split, sizeof changes.split);
    return PT_OK;
}

static pt_rc review(session *s)
{
    pt_link_review *r;

    PT_TRY(open_session(s, PT_LINKING_GROUP));
    PT_TRY(pt_link_review_new(&r, s->l, &err));
    pt_rc rc = answer_questions(s, r);
    pt_link_review_free(r);
    return rc;
}

static pt_rc shadow(session *s)
{
    pt_link_shadow x = {0};
    pt_rc rc = pt_app_link_shadow(
        &x, s->app, &(pt_link_shadow_request){.automatic = 0.95, .column = "phone", .threads = 1}, s->arena, &err);

    if (rc == PT_OK) {
        see(&x.changes.split, sizeof x.changes.split);
        see(&x.linked_after, sizeof x.linked_after);
    }
    pt_linking_free(x.before);
    pt_linking_free(x.after);
    return rc;
}

/* What a decision would change, nothing being decided. */
static pt_rc by_hand(session *s)
{
    static const char *const split[] = {"M0001", "M0003"};
    pt_hand_request q = {.act = PT_HAND_SPLIT, .args = split, .n_args = 2, .by = PT_SV("Ada"), .dry_run = true};
    pt_hand_result r;
    pt_hand_list list;

    PT_TRY(pt_app_hand(&r, s->app, &q, s->arena, &err));
    see(&r.number, sizeof r.number);
    see(&r.n_rows, sizeof r.n_rows);
    see(&r.change.n_after, sizeof r.change.n_after);
    q = (pt_hand_request){.act = PT_HAND_UNDO, .undoes = 1, .by = PT_SV("Ada"), .dry_run = true};
    PT_TRY(pt_app_hand(&r, s->app, &q, s->arena, &err));
    see(&r.change.n_after, sizeof r.change.n_after);
    PT_TRY(pt_app_hands(&list, s->app, s->arena, &err));
    see(&list.n, sizeof list.n);
    return PT_OK;
}

static pt_rc for_purpose(session *s)
{
    pt_purpose_view v = {0};
    uint64_t members = 0xFFFF;
    pt_rc rc = pt_purpose_open(&v, pt_app_project(s->app), "letters", 16, s->arena, &err);

    if (rc == PT_OK) {
        pt_purpose_once_each(&v, &members);
        see(&members, sizeof members);
    }
    pt_purpose_close(&v);
    return rc;
}

static void without_memory(work_fn *fn)
{
    bool failed = true;

    make_people();
    CHECK_OK(work(fn));
    uint64_t right = answer;
    CHECK(right);
    for (unsigned long n = 1; failed; n += step_after(n)) {
        err = (pt_err){0};
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = work(fn);
        failed = inject_end();
        if (rc != PT_OK ? rc != PT_ENOMEM || !failed || !err.msg[0] : answer != right)
            test_fail(__FILE__, __LINE__, "allocation %lu failed, and the result is %s '%s', %s", n, pt_rc_name(rc),
                      err.msg, answer == right ? "the right one" : "another one");
    }
}

TEST(fault_linking__of_a_project_says_that_memory_ran_out)
{
    without_memory(summarise);
}

TEST(fault_linking__explain_says_it)
{
    without_memory(explain);
}

TEST(fault_linking__evaluate_says_it)
{
    without_memory(evaluate);
}

TEST(fault_linking__review_says_it)
{
    without_memory(review);
}

TEST(fault_linking__shadow_says_it)
{
    without_memory(shadow);
}

TEST(fault_linking__what_is_done_by_hand_says_it)
{
    without_memory(by_hand);
}

TEST(fault_linking__purposes_say_it)
{
    without_memory(for_purpose);
}

/* --- pairs in a file --------------------------------------------------------------------------------------------------------- */

static void export_on_full_disk(const session *s, const char *folder, const char *ending)
{
    char path[8192];
    bool failed = true;

    snprintf(path, sizeof path, "%s/pairs.%s", folder, ending);
    for (unsigned long n = 1; failed; n += step_after(n)) {
        inject_at(INJECT_DISK_FULL, n);
        pt_rc rc = pt_linking_export(s->l, path, s->arena, &err);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_EIO : PT_OK);
        if (failed)
            CHECK_STR(inject_folder(folder), "");
    }
    CHECK_OK(pt_remove_tree(path, &err));
}

static pt_rc export_all(session *s)
{
    char folder[4200];

    snprintf(folder, sizeof folder, "%s/out", shop);
    CHECK_OK(pt_mkdirs(folder, &err));
    PT_TRY(open_session(s, PT_LINKING_GROUP));
    export_on_full_disk(s, folder, "csv");
    export_on_full_disk(s, folder, "parquet");
    return PT_OK;
}

TEST(fault_linking__pairs_are_written_whole_or_not_at_all)
{
    make_people();
    CHECK_OK(work(export_all));
}

/* --- the stage of a build ---------------------------------------------------------------------------------------------------- */

typedef struct staging {
    pt_store *store;
    pt_conn *c;
    pt_data_dir *d;
    pt_app *app;
    pt_pool *pool;
} staging;

static void open_stage(staging *x)
{
    char path[8192];

    make_people();
    CHECK_OK(pt_app_open(&x->app, shop, &err));
    snprintf(path, sizeof path, "%s", pt_app_project(x->app)->data_dir);
    CHECK_OK(pt_data_dir_open(&x->d, path, &err));
    strncat(path, "/store.duckdb", sizeof path - strlen(path) - 1);
    CHECK_OK(pt_store_open(&x->store, &(pt_store_options){.path = path, .threads = 1}, &err));
    CHECK_OK(pt_conn_open(&x->c, x->store, &err));
    CHECK_OK(pt_pool_new(&x->pool, 1, &err));
}

static void close_stage(staging *x)
{
    pt_pool_free(x->pool);
    pt_conn_close(x->c);
    pt_store_close(x->store);
    pt_data_dir_close(x->d);
    pt_app_close(x->app);
}

static uint64_t state_of(pt_conn *c)
{
    pt_sql q = {0};
    int64_t n = -1;

    pt_sql_kw(&q,
              "SELECT CAST(hash(list(x ORDER BY x)) >> 1 AS BIGINT) FROM (SELECT hash(a_type, a_value, b_type, b_value,"
              " score, rule) AS x FROM identity.standing UNION ALL SELECT hash(type, value, ordinal) FROM"
              " identity.members UNION ALL SELECT hash(a_value, b_value, score) FROM identity.likely UNION ALL"
              " SELECT hash(purpose, ordinal, person) FROM identity.same_person UNION ALL SELECT hash(purpose, type,"
              " value) FROM identity.withheld)");
    CHECK_OK(pt_query_int(&n, c, &q, &err));
    pt_sql_free(&q);
    return (uint64_t)n;
}

static pt_rc resolve(staging *x)
{
    pt_resolve_stats stats;
    pt_draft *draft;

    PT_TRY(pt_draft_new(&draft, x->d, &err));
    pt_rc rc =
        pt_stage_resolve(&stats, pt_app_project(x->app), x->c, draft, &(pt_linking_options){.pool = x->pool}, &err);
    pt_draft_free(draft);
    return rc;
}

/* The stage does it all anew when the hash of its inputs is another one. */
static void resolve_under(inject_kind kind, pt_rc expected)
{
    staging x;
    bool failed = true;

    open_stage(&x);
    uint64_t before = state_of(x.c);
    for (unsigned long n = 1; failed; n += step_after(n)) {
        CHECK_OK(pt_exec_text(
            x.c, "UPDATE identity.builds SET inputs = 'another' WHERE build = (SELECT max(build) FROM identity.builds)",
            &err));
        inject_at(kind, n);
        pt_rc rc = resolve(&x);
        failed = inject_end();
        CHECK_INT(rc, failed ? expected : PT_OK);
        CHECK_INT(state_of(x.c), before);
    }
    close_stage(&x);
}

TEST(fault_linking__builds_say_that_memory_ran_out)
{
    resolve_under(INJECT_MEMORY, PT_ENOMEM);
}

TEST(fault_linking__builds_say_that_the_disk_is_full)
{
    resolve_under(INJECT_DISK_FULL, PT_EIO);
}
