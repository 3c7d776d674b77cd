/* A project whose customers the test makes up: who they are, where they come from, when they bought and for how much. */
#ifndef TESTS_SUPPORT_PEOPLE_H
#define TESTS_SUPPORT_PEOPLE_H

#include "support/shop.h"

/* Columns of people.csv: id,gender,age,country,province,city,county,channel,sub_channel,campaign. An empty field is missing. */
typedef struct test_people {
    pt_str people, orders; /* lines of the two files */
    unsigned n;            /* customers so far: their ids are p1, p2, ... */
} test_people;

/* `n` customers with these fields: "male,31,CN,浙江省,杭州市,,web,search,spring". */
void test_people_add(test_people *t, unsigned n, const char *fields);
/* An order of customer `person` (1..n). `day` as "2024-05-01". */
void test_people_order(test_people *t, unsigned person, const char *day, double amount);
/* Writes the project to the test's folder, builds it as of 2025-01-01, and frees `t`. The minimum group is 10. */
pt_app *test_people_build(test_people *t);

#endif
