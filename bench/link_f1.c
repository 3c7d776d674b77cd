/* How well linking finds persons, with defaults alone, beside Splink. Each figure three times: f1_SET_pairs of pairs at the best
 * threshold, f1_SET_groups of groups at the best threshold, f1_SET_auto of groups at probability 0.95, chosen without the truth; f1_SET
 * is the one that is asked for of this set. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "link/compete.h"
#include "peers/python.h"
#include "support/link_sets.h"

#define AUTO 0.95

typedef struct found {
    link_quality pairs, groups, automatic;
    double seconds;
} found;

static link_people *read_set(const link_set *set)
{
    link_people *p = link_set_read(set, "../shared/data", DEPS_DATA);

    p = p ? p : link_set_read(set, "../../shared/data", DEPS_DATA);
    if (!p)
        fprintf(stderr, "bench: the records of %s are not here (deps/install bench)\n", set->name);
    return p;
}

static pt_rc groups_at(link_quality *q, const link_people *p, const pt_link_model *m, const pt_link_setup *s,
                       pt_link_pair *pairs, size_t n, double at, pt_err *err)
{
    uint32_t *group = PT_NEW_ARRAY(p->arena, uint32_t, (size_t)p->n + 1);

    PT_TRY(pt_link_cluster(group, m, &s->table.records, NULL, pairs, n, at, NULL, err));
    *q = link_groups_f1(p, group);
    q->at = at;
    return PT_OK;
}

/* From columns to groups at AUTO is timed; looking for the best thresholds is not. */
static pt_rc find(found *f, const link_set *set, link_people *p, pt_link_setup *s, pt_pool *pool, pt_err *err)
{
    pt_link_training t = {.seed = 1, .pool = pool};
    pt_link_model m;
    pt_link_blocks *b;
    pt_link_pair *pairs = NULL;
    double start = bench_now();
    size_t n;

    PT_TRY(link_set_up(s, set, p, err));
    PT_TRY(pt_link_learn(&m, s, &t, err));
    PT_TRY(pt_link_blocks_new(&b, &s->table.records, s->rules, s->n_rules, 0, pool, err));
    pt_rc rc = pt_link_propose(&pairs, &n, &m, &s->table.records, b, NULL, -6, pool, err);
    if (rc == PT_OK)
        rc = groups_at(&f->automatic, p, &m, s, pairs, n, log2(AUTO / (1 - AUTO)), err);
    f->seconds = bench_now() - start;
    for (double at = -6; rc == PT_OK && at < 20; at += 0.5) {
        link_quality q;
        rc = groups_at(&q, p, &m, s, pairs, n, at, err);
        f->groups = q.f1 > f->groups.f1 ? q : f->groups;
    }
    if (rc == PT_OK)
        f->pairs = link_best_f1(p, pairs, n);
    free(pairs);
    pt_link_blocks_free(b);
    return rc;
}

/* The values as we write them alike, in a file for the peer: what is compared is then how persons are told apart, not who reads a
 * date better. Columns are named by their kinds; a second one of a kind is place_2. */
static pt_rc write_records(char path[512], const bench_env *env, const link_set *set, const link_people *p,
                           const pt_link_setup *s)
{
    pt_str csv = {0};
    size_t n_fields = 0, seen[PT_LINK_KINDS] = {0};

    pt_str_add(&csv, "unique_id,source,truth");
    for (; n_fields < LINK_SET_FIELDS && set->fields[n_fields].field; n_fields++) {
        pt_link_kind kind = set->fields[n_fields].kind;
        pt_str_addf(&csv, ",%s", pt_link_kind_name(kind));
        if (seen[kind]++)
            pt_str_addf(&csv, "_%zu", seen[kind]);
    }
    for (uint32_t i = 0; i < p->n; i++) {
        pt_str_addf(&csv, "\n%u,%u,%u", i, set->files[1] ? p->source[i] : 0, p->person[i]);
        for (size_t f = 0; f < n_fields; f++) {
            const pt_link_column *c = &s->table.columns[s->fields[f].column];
            pt_str_addc(&csv, ',');
            if (c->codes[i])
                pt_str_addsv(&csv, s->table.texts[s->fields[f].column][c->codes[i]]);
        }
    }
    pt_str_addc(&csv, '\n');
    if (csv.failed)
        return PT_ENOMEM;
    bench_raw(path, env, "link_f1.csv", csv.ptr, csv.len);
    pt_str_free(&csv);
    return PT_OK;
}

enum { FORMS = 2 };

static void line(const char *set, const char *suffix, link_quality q, const bench_python_run *peers, size_t n,
                 const char *key)
{
    char name[64], peer[160] = "";
    double best = 0;

    snprintf(name, sizeof name, "f1_%s%s", set, suffix);
    for (size_t i = 0; i < n; i++) {
        double value = bench_python_value(&peers[i], key);
        snprintf(peer + strlen(peer), sizeof peer - strlen(peer), "%s%s:%.4f", i ? "," : "", peers[i].name, value);
        best = fmax(best, value);
    }
    printf("# %s: precision %.4f recall %.4f at %.2f bits\n", name, q.precision, q.recall, q.at);
    bench_line(name, q.f1, "F1", best > 0 ? q.f1 / best : 0, n ? peer : "-");
}

static void report(const char *name, const found *f, const bench_python_run *peers, size_t n, bool of_pairs)
{
    printf("# %s: %.3f s from texts to groups\n", name, f->seconds);
    line(name, "", of_pairs ? f->pairs : f->automatic, peers, n, of_pairs ? "pairs" : "auto");
    line(name, "_pairs", f->pairs, peers, n, "pairs");
    line(name, "_groups", f->groups, peers, n, "groups");
    line(name, "_auto", f->automatic, peers, n, "auto");
}

static void measure(const bench_env *env, const char *set_name, const char *name, bool of_pairs)
{
    static const char *const forms[FORMS] = {"default", "tuned"};
    const link_set *set = link_set_find(set_name);
    link_people *p = read_set(set);
    bench_python_run peers[FORMS];
    pt_link_setup *s = p ? PT_NEW(p->arena, pt_link_setup) : NULL;
    pt_pool *pool = NULL;
    pt_err err = {0};
    found f = {.seconds = 0};
    char path[512];
    size_t n = 0;

    if (!p)
        return;
    pt_rc rc = s ? pt_latin_open(&s->latin, &err) : pt_fail_nomem(&err, "the benchmark");
    if (rc == PT_OK)
        rc = pt_pool_new(&pool, 0, &err);
    if (rc == PT_OK)
        rc = find(&f, set, p, s, pool, &err);
    if (rc == PT_OK)
        rc = write_records(path, env, set, p, s);
    for (size_t i = 0; rc == PT_OK && i < FORMS; i++)
        n += bench_python(&peers[n], 1, env, "splink_f1.py", (const char *const[]){path, forms[i], NULL});
    if (rc == PT_OK)
        report(name, &f, peers, n, of_pairs);
    else
        fprintf(stderr, "bench: %s\n", err.msg);
    pt_pool_free(pool);
    if (s)
        pt_latin_free(s->latin);
    link_people_free(p);
}

void bench_f1_fake1000(const bench_env *env)
{
    measure(env, "fake_1000", "fake1000", true);
}

void bench_f1_febrl1(const bench_env *env)
{
    measure(env, "febrl1", "febrl1", false);
}

void bench_f1_febrl3(const bench_env *env)
{
    measure(env, "febrl3", "febrl3", false);
}

void bench_f1_febrl4(const bench_env *env)
{
    measure(env, "febrl4", "febrl4", false);
}

void bench_f1_cn_er_dev(const bench_env *env)
{
    measure(env, "cn_er_dev", "cn_er_dev", false);
}
