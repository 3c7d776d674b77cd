/* Random questions about random events, asked twice: in the portrait language and in SQL. tests/oracle/test_oracle.c puts
 * both answers side by side: the evaluator's and DuckDB's. */
#ifndef TESTS_ORACLE_CASES_H
#define TESTS_ORACLE_CASES_H

#include "base/rng.h"
#include "base/str.h"

enum { ORACLE_CUSTOMERS = 40, ORACLE_MOST_EVENTS = 24 };

/* 2024-03-31T18:30:00Z: not on a day boundary anywhere used, and near a change of clocks in Europe. */
#define ORACLE_AS_OF (INT64_C(1711909800) * 1000000)
#define ORACLE_ZONE "Europe/London"

typedef struct oracle_event {
    uint32_t customer;
    int64_t time;     /* microseconds; many ties, some after the as-of, some exactly on window edges */
    int64_t amount;   /* money units, PT_I64_MISSING when missing */
    double quantity;  /* multiples of 1/4, so that sums are exact; NaN when missing */
    int32_t category; /* 0 missing, 1.. "a", "b", "中", "d'q" */
    int32_t day;      /* PT_I32_MISSING when missing */
    int8_t flag;      /* 0, 1, 2 missing */
} oracle_event;

extern const char *const oracle_categories[]; /* NULL ends */

/* A condition: comparisons joined by and/or/not. */
typedef struct oracle_cond {
    enum {
        COND_CATEGORY,
        COND_AMOUNT,
        COND_QUANTITY,
        COND_DAY,
        COND_FLAG,
        COND_IN,
        COND_BETWEEN,
        COND_MISSING,
        COND_NOT,
        COND_AND,
        COND_OR
    } kind;
    int op;    /* = != < <= > >= */
    int value; /* index of a constant */
    struct oracle_cond *a, *b;
} oracle_cond;

typedef struct oracle_case {
    int fn;            /* index into oracle_functions */
    oracle_cond *cond; /* NULL: no where */
    enum { WIN_ALL, WIN_WITHIN, WIN_SINCE, WIN_BETWEEN_DAYS, WIN_BETWEEN_AGO } window;
    int days, days2; /* of the window */
} oracle_case;

typedef struct oracle_function {
    const char *portrait; /* with %s for "where ... within ..." */
    const char *
        sql; /* an aggregate over e(customer, seq, time, rn, amount, quantity, category, day, flag); `units` is amount in 1/10,000 */
    enum {
        ANSWER_INT,
        ANSWER_MONEY,
        ANSWER_DOUBLE,
        ANSWER_TEXT,
        ANSWER_TIME,
        ANSWER_DATE,
        ANSWER_BOOL,
        ANSWER_LIST
    } answer;
    double tolerance; /* relative; 0: exact */
} oracle_function;

extern const oracle_function oracle_functions[];
extern const size_t oracle_function_count;

oracle_case oracle_random_case(pt_rng *r, pt_arena *a);
size_t oracle_random_events(oracle_event *out, pt_rng *r); /* at most CUSTOMERS x MOST_EVENTS; in order of arrival */
void oracle_portrait(pt_str *out, const oracle_case *c);
/* SELECT customer, answer for every customer 0..CUSTOMERS-1 in order. */
void oracle_sql(pt_str *out, const oracle_case *c);
/* The i-th (0..3) simpler form of a case; false where that simplification does not apply. */
enum { ORACLE_SIMPLER = 4 };
bool oracle_simpler(oracle_case *out, const oracle_case *c, int i);

#endif
