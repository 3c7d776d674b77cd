/* Shared inside sample/: files of rows, and people. */
#ifndef PT_SAMPLE_SAMPLE_INT_H
#define PT_SAMPLE_SAMPLE_INT_H

#include "base/io.h"
#include "base/rng.h"
#include "base/time.h"
#include "sample/sample.h"

/* The first day of the data and the number of its days: 1 July 2023 to 31 December 2024. */
enum { SAMPLE_DAYS = 550, SAMPLE_MONTHS = 18 };
int32_t sample_first_day(void);
int32_t sample_month(int month, int day); /* month 0 is July 2023 */

/* --- files -------------------------------------------------------------------------------------------------------- */

/* Comma-separated files of one data set. What fails is kept and reported by close. */
typedef struct sample_file {
    pt_writer *writer;
} sample_file;

/* Opens n files named names[i] in `dir`, each with its header. */
pt_rc sample_open(sample_file *files, const char *const (*names)[2], size_t n, const char *dir, pt_err *err);
void sample_row(sample_file *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Frees all; with rc not PT_OK the files are removed. */
pt_rc sample_close(sample_file *files, size_t n, pt_rc rc, pt_err *err);

/* --- chance ------------------------------------------------------------------------------------------------------- */

/* Random numbers of one customer: independent of how many there are. C leaves the order of a call's arguments open, so
 * no call has two arguments that draw. */
void sample_rng(pt_rng *out, uint64_t seed, uint64_t customer);
int64_t sample_between(pt_rng *r, int64_t low, int64_t high); /* both included */
bool sample_chance(pt_rng *r, int per_thousand);
#define SAMPLE_PICK(r, array) ((array)[pt_rng_below((r), PT_COUNT(array))])

/* --- how things are written --------------------------------------------------------------------------------------- */

typedef char sample_text[96];

const char *sample_date(sample_text out, int32_t day);
/* One of the forms that people write a day in. */
const char *sample_date_loosely(sample_text out, int32_t day, pt_rng *r);
/* A second of that day, in local time. */
const char *sample_time(sample_text out, int32_t day, int seconds);
/* Cents as an amount of money, now and then with separators, a currency sign or full-width digits. */
const char *sample_money(sample_text out, int64_t cents);
const char *sample_money_loosely(sample_text out, int64_t cents, pt_rng *r);
const char *sample_phone_loosely(sample_text out, const char *mobile, pt_rng *r);

/* --- people and companies ----------------------------------------------------------------------------------------- */

typedef struct sample_place {
    const char *code; /* GB/T 2260 */
    const char *city;
} sample_place;

typedef struct sample_person {
    char name[32], id_card[19], mobile[12], email[40];
    int32_t birthday;
    bool female;
    const sample_place *place;
} sample_person;

/* Two persons of different numbers share neither id card nor mobile. */
void sample_make_person(sample_person *out, uint64_t number, pt_rng *r);
const sample_place *sample_pick_place(pt_rng *r);
/* The check digit of 17 digits (GB 11643) and of the 17 signs of a unified social credit code (GB 32100). */
char sample_id_check(const char *digits);
char sample_credit_check(const char *signs);

pt_rc sample_bank(const char *dir, uint64_t customers, uint64_t seed, pt_err *err);
pt_rc sample_b2b(const char *dir, uint64_t customers, uint64_t seed, pt_err *err);

#endif
