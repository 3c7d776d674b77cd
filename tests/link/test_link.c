/* Linking persons of real sets with the truth known, with nothing said but what the columns are. */
#include "link/link.h"

#include <math.h>
#include <stdlib.h>

#include "base/intern.h"
#include "link/kinds.h"
#include "support/link_people.h"
#include "support/test.h"

typedef struct told {
    const char *field;
    pt_link_kind kind;
} told;

typedef struct outcome {
    link_quality pairs, clusters;
} outcome;

static void show(const link_people *p, const pt_link_setup *s, const pt_link_model *m, const pt_link_blocks *b,
                 const pt_link_pair *pairs, size_t n)
{
    for (size_t r = 0; r < s->n_rules; r++) {
        const pt_link_block_report *report = pt_link_blocks_report(b, r);
        printf("  rule %s: %llu pairs, %llu new, largest block %llu, crowded %llu\n", s->rules[r].name,
               (unsigned long long)report->pairs, (unsigned long long)report->new_pairs,
               (unsigned long long)report->largest, (unsigned long long)report->crowded);
    }
    for (size_t k = 0; k < m->n_comparisons; k++)
        for (uint32_t l = 0; l <= m->comparisons[k].n_levels; l++)
            printf("  %s %u m %.5f u %.6f w %.2f%s\n", m->comparisons[k].name, l, m->m[k][l], m->u[k][l],
                   log2(m->m[k][l] / m->u[k][l]), m->trained[k] ? "" : " (preset)");
    if (getenv("LINK_ERRORS")) {
        double at = strtod(getenv("LINK_ERRORS"), NULL);
        int shown[2] = {0};
        for (size_t i = 0; i < n; i++) {
            bool same = p->person[pairs[i].a] == p->person[pairs[i].b], linked = (double)pairs[i].weight >= at;
            if (same == linked || shown[same]++ > 25)
                continue;
            printf("%s %.1f\n", same ? "MISSED" : "WRONG", (double)pairs[i].weight);
            for (int side = 0; side < 2; side++) {
                uint32_t r = side ? pairs[i].b : pairs[i].a;
                printf("    ");
                for (size_t f = 0; f < p->n_fields; f++)
                    printf("%.*s | ", (int)p->values[r * p->n_fields + f].len, p->values[r * p->n_fields + f].ptr);
                printf("\n");
            }
        }
    }
    for (double at = -4; at < 14; at += 1) {
        link_quality c = link_cluster_f1(p, pairs, n, at);
        printf("  at %.0f clusters F1 %.4f P %.4f R %.4f\n", at, c.f1, c.precision, c.recall);
    }
}

/* The truth of the Chinese records is in a file of its own. */
static void chinese_truth(link_people *p)
{
    link_people *t = link_people_read("cn_er_dev/truth.csv");
    size_t id = link_people_field(p, "record_id"), of = link_people_field(t, "record_id");
    pt_intern *in = pt_intern_new();

    link_people_truth(t, "entity_id", NULL);
    p->person = PT_NEW_ARRAY(p->arena, uint32_t, p->n);
    for (uint32_t i = 0; i < t->n; i++)
        CHECK_INT(pt_intern_add(in, t->values[i * t->n_fields + of]), i + 1);
    for (uint32_t i = 0; i < p->n; i++)
        p->person[i] = t->person[pt_intern_find(in, p->values[i * p->n_fields + id]) - 1];
    pt_intern_free(in);
    link_people_free(t);
}

static outcome link_file(const char *file, const char *truth, pt_sv (*of)(pt_sv), const told *fields, size_t n_fields)
{
    link_people *p = link_people_read(file);
    pt_link_setup *s = PT_NEW(p->arena, pt_link_setup);
    pt_sv *values = PT_NEW_ARRAY(p->arena, pt_sv, p->n);
    pt_link_training t = {.seed = 1, .random_pairs = 2000000};
    pt_link_model model;
    pt_link_blocks *b;
    pt_link_pair *pairs;
    pt_err err = {0};
    uint64_t sure = 0;
    size_t n;

    if (truth)
        link_people_truth(p, truth, of);
    else
        chinese_truth(p);
    s->table.arena = p->arena;
    CHECK_INT(pt_latin_open(&s->latin, NULL), PT_OK);
    CHECK_INT(pt_pool_new(&t.pool, 0, NULL), PT_OK);
    for (size_t f = 0; f < n_fields; f++) {
        size_t field = link_people_field(p, fields[f].field);
        for (uint32_t i = 0; i < p->n; i++)
            values[i] = p->values[i * p->n_fields + field];
        CHECK_INT(pt_link_add_field(s, fields[f].field, fields[f].kind, values, p->n, &err), PT_OK);
    }
    CHECK_INT(pt_link_set_up(s, &err), PT_OK);
    model = (pt_link_model){.n_comparisons = s->n_fields, .comparisons = s->comparisons};
    CHECK_INT(pt_link_check(&model, &s->table.records, &err), PT_OK);
    CHECK_INT(pt_link_blocks_new(&b, &s->table.records, s->sure, s->n_sure, 0, t.pool, &err), PT_OK);
    pt_link_preset(&model);
    model.prior = 0.5; /* nothing is scored yet: the walk counts pairs */
    CHECK_INT(pt_link_score(&pairs, &n, &model, &s->table.records, b, -INFINITY, t.pool, &err), PT_OK);
    sure = n;
    free(pairs);
    pt_link_blocks_free(b);
    model.prior = pt_link_prior(sure, 0.7, p->n);
    CHECK_INT(pt_link_learn_u(&model, &s->table.records, &t, &err), PT_OK);
    CHECK_INT(pt_link_blocks_new(&b, &s->table.records, s->training, s->n_training, 0, t.pool, &err), PT_OK);
    CHECK_INT(pt_link_learn_m(&model, &s->table.records, b, &t, &err), PT_OK);
    pt_link_blocks_free(b);
    CHECK_INT(pt_link_blocks_new(&b, &s->table.records, s->rules, s->n_rules, 0, t.pool, &err), PT_OK);
    CHECK_INT(pt_link_score(&pairs, &n, &model, &s->table.records, b, -10, t.pool, &err), PT_OK);
    outcome o = {.pairs = link_best_f1(p, pairs, n)};
    uint32_t *group = PT_NEW_ARRAY(p->arena, uint32_t, p->n);
    for (double at = -6; at < 20; at += 0.5) {
        CHECK_INT(pt_link_cluster(group, &model, &s->table.records, pairs, n, at, &err), PT_OK);
        link_quality c = link_groups_f1(p, group);
        c.at = at;
        if (getenv("LINK_SHOW"))
            printf("  at %.1f groups F1 %.4f P %.4f R %.4f\n", at, c.f1, c.precision, c.recall);
        o.clusters = c.f1 > o.clusters.f1 ? c : o.clusters;
    }
    if (getenv("LINK_SHOW")) {
        printf("%s: prior %g\n", file, model.prior);
        show(p, s, &model, b, pairs, n);
    }
    if (getenv("LINK_SHOW") || getenv("LINK_F1"))
        printf("%s: pairs F1 %.4f P %.4f R %.4f at %.2f; clusters F1 %.4f P %.4f R %.4f at %.2f\n", file, o.pairs.f1,
               o.pairs.precision, o.pairs.recall, o.pairs.at, o.clusters.f1, o.clusters.precision, o.clusters.recall,
               o.clusters.at);
    free(pairs);
    pt_link_blocks_free(b);
    pt_pool_free(t.pool);
    pt_latin_free(s->latin);
    link_people_free(p);
    return o;
}

TEST(link_people__of_fake_1000_are_found)
{
    static const told fields[] = {{"first_name", PT_LINK_GIVEN},
                                  {"surname", PT_LINK_FAMILY},
                                  {"dob", PT_LINK_BIRTH},
                                  {"city", PT_LINK_PLACE},
                                  {"email", PT_LINK_EMAIL}};

    CHECK(link_file("fake_1000/fake_1000.csv", "cluster", NULL, fields, PT_COUNT(fields)).pairs.f1 >= 0.9);
}

/* rec-223-org and rec-223-dup-0 are one person. */
static pt_sv number_of(pt_sv id)
{
    size_t from = 4, end = 4;

    while (end < id.len && pt_is_digit(id.ptr[end]))
        end++;
    return (pt_sv){id.ptr + from, end - from};
}

TEST(link_people__of_febrl1_are_found)
{
    static const told fields[] = {
        {"given_name", PT_LINK_GIVEN},    {"surname", PT_LINK_FAMILY},    {"date_of_birth", PT_LINK_BIRTH},
        {"soc_sec_id", PT_LINK_NUMBERED}, {"address_1", PT_LINK_ADDRESS}, {"suburb", PT_LINK_PLACE},
        {"postcode", PT_LINK_POSTCODE},   {"state", PT_LINK_CATEGORY},    {"street_number", PT_LINK_CATEGORY}};

    CHECK(link_file("febrl1/dataset1.csv", "rec_id", number_of, fields, PT_COUNT(fields)).pairs.f1 >= 0.998);
}

TEST(link_people__of_chinese_records_are_found)
{
    static const told fields[] = {
        {"name", PT_LINK_PERSON},     {"gender", PT_LINK_GENDER},     {"birth_date", PT_LINK_BIRTH},
        {"phone", PT_LINK_PHONE},     {"email", PT_LINK_EMAIL},       {"openid", PT_LINK_NUMBERED},
        {"province", PT_LINK_PLACE},  {"city", PT_LINK_PLACE},        {"district", PT_LINK_PLACE},
        {"address", PT_LINK_ADDRESS}, {"member_no", PT_LINK_NUMBERED}};

    CHECK(link_file("cn_er_dev/records.csv", NULL, NULL, fields, PT_COUNT(fields)).clusters.f1 >= 0.93);
}
