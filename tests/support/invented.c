#include "support/invented.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "support/invented_int.h"

enum { MOST_MEMBERS = 5, MOST_RECORDS = 12 };

static const invented_field western_fields[] = {{"first_name", PT_LINK_GIVEN}, {"surname", PT_LINK_FAMILY},
                                                {"birth_date", PT_LINK_BIRTH}, {"phone", PT_LINK_PHONE},
                                                {"email", PT_LINK_EMAIL},      {"address", PT_LINK_ADDRESS},
                                                {"city", PT_LINK_PLACE},       {"postcode", PT_LINK_POSTCODE}};
enum { W_GIVEN, W_FAMILY, W_BIRTH, W_PHONE, W_EMAIL, W_ADDRESS, W_CITY, W_POSTCODE };

static const invented_field chinese_fields[] = {
    {"name", PT_LINK_PERSON}, {"gender", PT_LINK_GENDER},  {"birth_date", PT_LINK_BIRTH},
    {"phone", PT_LINK_PHONE}, {"email", PT_LINK_EMAIL},    {"province", PT_LINK_PLACE},
    {"city", PT_LINK_PLACE},  {"district", PT_LINK_PLACE}, {"address", PT_LINK_ADDRESS}};
enum { C_NAME, C_GENDER, C_BIRTH, C_PHONE, C_EMAIL, C_PROVINCE, C_CITY, C_DISTRICT, C_ADDRESS };

size_t invented_fields(const invented_field **out, invented_kind kind)
{
    *out = kind == INVENTED_CHINESE ? chinese_fields : western_fields;
    return kind == INVENTED_CHINESE ? PT_COUNT(chinese_fields) : PT_COUNT(western_fields);
}

/* --- the truth --------------------------------------------------------------------------------------------------------------- */

typedef struct home {
    invented_text address, city, postcode; /* Chinese: road and house, nothing, nothing */
    const invented_region *region;
    unsigned district;
} home;

typedef struct household {
    unsigned members, records[MOST_MEMBERS];
    home home;
    invented_text family; /* Western */
    const invented_sign *chinese_family;
    invented_text phone;
    int32_t parent_born; /* day of the first adult's birth */
} household;

typedef struct person {
    const household *household;
    bool female;
    home homes[2]; /* now and before */
    invented_text given, family, phones[2], emails[2];
    invented_chinese name;
    int32_t born;
} person;

/* The random numbers of one thing: which follows from the numbers of what it is part of. */
static pt_rng rng_of(uint64_t seed, uint64_t number, uint64_t part)
{
    pt_rng r;

    pt_rng_seed(&r, pt_mix64(seed ^ pt_mix64(number + 1) ^ pt_mix64(~part)));
    return r;
}

/* Half of all persons have one record, few have many. */
static unsigned draw_records(pt_rng *r)
{
    unsigned n = 1;

    while (n < MOST_RECORDS && invented_chance(r, n == 1 ? 500 : 420))
        n++;
    return n;
}

static unsigned draw_members(pt_rng *r)
{
    static const unsigned of_ten[] = {1, 1, 1, 1, 2, 2, 2, 3, 4, 5};

    return INVENTED_PICK(r, of_ten);
}

static void draw_home(home *out, invented_kind kind, pt_rng *r)
{
    if (kind == INVENTED_WESTERN) {
        invented_street(out->address, r);
        invented_city(out->city, r);
        /* A city's postcodes are beside each other. */
        uint64_t town = pt_hash64(out->city, strlen(out->city)) % 9900;
        snprintf(out->postcode, sizeof out->postcode, "%05u", (unsigned)(town * 10 + pt_rng_below(r, 10)));
        return;
    }
    out->region = invented_chinese_region(r);
    out->district = (unsigned)pt_rng_below(r, PT_COUNT(out->region->districts));
    const char *road = invented_chinese_road(r);
    unsigned house = 1 + (unsigned)pt_rng_below(r, 500), building = 1 + (unsigned)pt_rng_below(r, 30),
             floor = 1 + (unsigned)pt_rng_below(r, 28), room = 1 + (unsigned)pt_rng_below(r, 6);
    snprintf(out->address, sizeof out->address, "%s%u号%u栋%u%02u室", road, house, building, floor, room);
}

static void draw_phone(invented_text out, invented_kind kind, pt_rng *r)
{
    static const char *const mobile[] = {"130", "133", "135", "136", "137", "138", "139", "150",
                                         "151", "152", "158", "159", "176", "180", "186", "189"};

    unsigned number = (unsigned)pt_rng_below(r, 100000000);
    if (kind == INVENTED_CHINESE)
        snprintf(out, INVENTED_TEXT, "%s%08u", INVENTED_PICK(r, mobile), number);
    else
        snprintf(out, INVENTED_TEXT, "%03u%07u", 201 + (unsigned)pt_rng_below(r, 788), number % 10000000);
}

static void draw_household(household *h, invented_kind kind, uint64_t seed, uint64_t number)
{
    pt_rng r = rng_of(seed, number, 0);

    h->members = draw_members(&r);
    for (unsigned i = 0; i < h->members; i++)
        h->records[i] = draw_records(&r);
    draw_home(&h->home, kind, &r);
    invented_western_family(h->family, &r);
    h->chinese_family = invented_chinese_family(&r);
    draw_phone(h->phone, kind, &r);
    unsigned years = h->members > 2 ? 45 : 65; /* children are born 20 to 40 years later */
    h->parent_born = pt_date_from_civil(1940, 1, 1) + (int32_t)pt_rng_below(&r, years * 365);
}

/* A mail address, of which there is one in the world: `number` is nobody else's. Western names as they are, Chinese ones by their
 * reading. */
static void draw_email(invented_text out, const person *p, uint64_t number, invented_kind kind, pt_rng *r)
{
    static const char *const western[] = {"gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com"};
    static const char *const chinese[] = {"qq.com", "163.com", "126.com", "sina.com", "foxmail.com"};
    const char *host = kind == INVENTED_CHINESE ? INVENTED_PICK(r, chinese) : INVENTED_PICK(r, western);
    unsigned form = (unsigned)pt_rng_below(r, 5);
    unsigned long long n = number;
    invented_text given, family;

    snprintf(given, sizeof given, "%s", p->given);
    snprintf(family, sizeof family, "%s", p->family);
    if (kind == INVENTED_CHINESE) {
        const char *last = p->name.family->pinyin;
        snprintf(given, sizeof given, "%s%s", p->name.given[0]->pinyin,
                 p->name.n_given > 1 ? p->name.given[1]->pinyin : "");
        snprintf(family, sizeof family, "%s", strcmp(last, "lü") == 0 ? "lv" : last);
    }
    switch (form) {
    case 0: snprintf(out, INVENTED_TEXT, "%.30s.%.30s%llu@%s", given, family, n, host); break;
    case 1: snprintf(out, INVENTED_TEXT, "%.30s%.30s_%llu@%s", given, family, n, host); break;
    case 2: snprintf(out, INVENTED_TEXT, "%.1s%.30s-%llu@%s", given, family, n, host); break;
    case 3: snprintf(out, INVENTED_TEXT, "%.30s_%.30s.%llu@%s", family, given, n, host); break;
    default: snprintf(out, INVENTED_TEXT, "%llu@%s", 1000000 + n, host); break;
    }
}

static void draw_names(person *p, unsigned member, invented_kind kind, pt_rng *r)
{
    const household *h = p->household;
    bool other = member == 1 ? invented_chance(r, kind == INVENTED_CHINESE ? 950 : 250) : invented_chance(r, 80);

    if (kind == INVENTED_CHINESE) {
        invented_chinese_name(&p->name, p->female, r);
        p->name.family = other ? invented_chinese_family(r) : h->chinese_family;
        return;
    }
    invented_western_given(p->given, p->female, r);
    if (other)
        invented_western_family(p->family, r);
    else
        snprintf(p->family, sizeof p->family, "%s", h->family);
}

/* Members 0 and 1 are of an age, the others their children. */
static void draw_person(person *p, const household *h, unsigned member, invented_kind kind, uint64_t seed,
                        uint64_t number)
{
    pt_rng r = rng_of(seed, number, 1 + member);

    *p = (person){.household = h};
    p->female = member < 2 ? member : invented_chance(&r, 490);
    if (h->members == 1)
        p->female = invented_chance(&r, 510);
    p->born = member == 0   ? h->parent_born
              : member == 1 ? h->parent_born + (int32_t)pt_rng_below(&r, 3650) - 1460
                            : h->parent_born + 20 * 365 + (int32_t)pt_rng_below(&r, 20 * 365);
    draw_names(p, member, kind, &r);
    p->homes[0] = h->home;
    if (invented_chance(&r, 180))
        draw_home(&p->homes[1], kind, &r);
    else
        p->homes[1] = h->home;
    for (int i = 0; i < 2; i++) {
        if (invented_chance(&r, i ? 800 : 250))
            snprintf(p->phones[i], sizeof p->phones[i], "%s", i ? p->phones[0] : h->phone);
        else
            draw_phone(p->phones[i], kind, &r);
        if (i && invented_chance(&r, 750))
            snprintf(p->emails[i], sizeof p->emails[i], "%s", p->emails[0]);
        else
            draw_email(p->emails[i], p, 2 * (number * MOST_MEMBERS + member) + (uint64_t)i, kind, &r);
    }
}

/* --- records ----------------------------------------------------------------------------------------------------------------- */

/* How badly a record was written: errors come together. In a thousand, times the chance of each. */
typedef struct writer {
    pt_rng r;
    unsigned care;
} writer;

static bool errs(writer *w, unsigned per_ten_thousand)
{
    return pt_rng_below(&w->r, 10000000) < (uint64_t)per_ten_thousand * w->care;
}

typedef struct habit {
    unsigned missing, mistyped; /* in ten thousand */
    bool digits;
} habit;

static void spoil(char (*text)[INVENTED_TEXT], const habit *habits, size_t n, writer *w)
{
    for (size_t i = 0; i < n; i++) {
        if (errs(w, habits[i].mistyped))
            habits[i].digits ? invented_mistype_digits(text[i], &w->r) : invented_mistype(text[i], &w->r);
        if (errs(w, habits[i].missing))
            text[i][0] = '\0';
    }
}

static void write_birth(invented_text out, int32_t born, writer *w)
{
    int32_t year, month, day;

    pt_date_to_civil(&year, &month, &day, born);
    if (errs(w, 100) && day <= 12) { /* 05/04 taken for 04/05 */
        int32_t swap = day;
        day = month, month = swap;
    }
    if (errs(w, 80))
        year += pt_rng_below(&w->r, 2) ? 1 : -1;
    if (errs(w, 60))
        day = month = 1;
    snprintf(out, INVENTED_TEXT, "%04d-%02d-%02d", year, month, day);
}

static void write_western(invented_record *out, const person *p, writer *w)
{
    static const habit habits[] = {{100, 600, false},  {50, 500, false},   {800, 250, true},  {2000, 200, true},
                                   {2500, 300, false}, {1000, 600, false}, {500, 300, false}, {1000, 200, true}};
    const home *h = &p->homes[invented_chance(&w->r, 350)];
    invented_text other;

    snprintf(out->text[W_GIVEN], INVENTED_TEXT, "%s", p->given);
    snprintf(out->text[W_FAMILY], INVENTED_TEXT, "%s", p->family);
    if (errs(w, 500))
        invented_nickname(out->text[W_GIVEN]);
    if (errs(w, 80))
        out->text[W_GIVEN][1] = '\0';
    if (errs(w, 100)) {
        memcpy(other, out->text[W_GIVEN], sizeof other);
        memcpy(out->text[W_GIVEN], out->text[W_FAMILY], sizeof other);
        memcpy(out->text[W_FAMILY], other, sizeof other);
    }
    write_birth(out->text[W_BIRTH], p->born, w);
    snprintf(out->text[W_PHONE], INVENTED_TEXT, "%s", p->phones[invented_chance(&w->r, 350)]);
    snprintf(out->text[W_EMAIL], INVENTED_TEXT, "%s", p->emails[invented_chance(&w->r, 350)]);
    snprintf(out->text[W_ADDRESS], INVENTED_TEXT, "%s", h->address);
    snprintf(out->text[W_CITY], INVENTED_TEXT, "%s", h->city);
    snprintf(out->text[W_POSTCODE], INVENTED_TEXT, "%s", h->postcode);
    spoil(out->text, habits, PT_COUNT(habits), w);
}

/* 张丹, 張丹, Zhang Dan, 章丹's homophones, 张女士. */
static void write_chinese_name(invented_text out, const person *p, writer *w)
{
    const invented_sign *signs[3] = {p->name.family, p->name.given[0], p->name.given[1]};
    size_t n = 1 + p->name.n_given;
    bool traditional = errs(w, 150), letters = errs(w, 200), title = errs(w, 200);

    if (errs(w, 300)) {
        size_t at = 1 + pt_rng_below(&w->r, n - 1);
        const invented_sign *other = invented_homophone(signs[at], &w->r);
        signs[at] = other ? other : signs[at];
    }
    out[0] = '\0';
    for (size_t i = 0; i < (title ? 1 : n); i++) {
        size_t used = strlen(out);
        snprintf(out + used, INVENTED_TEXT - used, "%s%s", letters && i == 1 ? " " : "",
                 letters                                ? signs[i]->pinyin
                 : traditional && signs[i]->traditional ? signs[i]->traditional
                                                        : signs[i]->text);
    }
    if (title && !letters)
        strncat(out, p->female ? "女士" : "先生", INVENTED_TEXT - strlen(out) - 1);
}

static void write_chinese_phone(invented_text out, const char *phone, writer *w)
{
    if (errs(w, 300))
        snprintf(out, INVENTED_TEXT, "+86 %.3s %.4s %.4s", phone, phone + 3, phone + 7);
    else if (errs(w, 200))
        snprintf(out, INVENTED_TEXT, "%.3s****%.4s", phone, phone + 7);
    else
        snprintf(out, INVENTED_TEXT, "%s", phone);
}

static void write_chinese(invented_record *out, const person *p, writer *w)
{
    static const habit habits[] = {{50, 150, false},  {2000, 0, false},   {2500, 250, true},
                                   {1200, 200, true}, {4000, 300, false}, {800, 0, false},
                                   {800, 0, false},   {1500, 0, false},   {2000, 500, false}};
    const home *h = &p->homes[invented_chance(&w->r, 350)];
    const invented_region *at = h->region;

    write_chinese_name(out->text[C_NAME], p, w);
    snprintf(out->text[C_GENDER], INVENTED_TEXT, "%s", p->female != errs(w, 50) ? "女" : "男");
    write_birth(out->text[C_BIRTH], p->born, w);
    write_chinese_phone(out->text[C_PHONE], p->phones[invented_chance(&w->r, 350)], w);
    snprintf(out->text[C_EMAIL], INVENTED_TEXT, "%s", p->emails[invented_chance(&w->r, 350)]);
    snprintf(out->text[C_PROVINCE], INVENTED_TEXT, "%s", at->province);
    snprintf(out->text[C_CITY], INVENTED_TEXT, "%s", at->city);
    snprintf(out->text[C_DISTRICT], INVENTED_TEXT, "%s", at->districts[h->district]);
    snprintf(out->text[C_ADDRESS], INVENTED_TEXT, "%s%s", errs(w, 3000) ? at->districts[h->district] : "", h->address);
    spoil(out->text, habits, PT_COUNT(habits), w);
}

static void write_record(invented_record *out, const person *p, invented_kind kind, uint64_t seed, uint64_t record)
{
    writer w = {.r = rng_of(seed ^ UINT64_C(0x9E3779B97F4A7C15), out->person, record)};

    w.care = invented_chance(&w.r, 250) ? 2500 : 500;
    if (kind == INVENTED_CHINESE)
        write_chinese(out, p, &w);
    else
        write_western(out, p, &w);
}

/* --- one after the other ----------------------------------------------------------------------------------------------------- */

struct invented {
    invented_kind kind;
    uint64_t seed, households, left;
    uint64_t at;     /* household, by its place in this pass */
    unsigned pass;   /* which records of each person */
    unsigned member; /* who is next */
    household household;
    uint64_t stride; /* households come in another order in each pass */
};

/* Households whose persons have `records` records in all, or a few more. */
static uint64_t count_households(uint64_t records, uint64_t seed)
{
    uint64_t households = 0;

    for (uint64_t n = 0; n < records; households++) {
        pt_rng r = rng_of(seed, households, 0);
        unsigned members = draw_members(&r);
        for (unsigned i = 0; i < members; i++)
            n += draw_records(&r);
    }
    return households;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b, b = rest;
    }
    return a;
}

static uint64_t household_at(const invented *g)
{
    return (uint64_t)((unsigned __int128)(g->at + g->pass) * g->stride % g->households);
}

static void start_pass(invented *g)
{
    g->at = 0;
    g->member = 0;
    g->stride = pt_mix64(g->seed + g->pass) % g->households;
    while (gcd(g->stride, g->households) != 1)
        g->stride++;
    draw_household(&g->household, g->kind, g->seed, household_at(g));
}

invented *invented_new(invented_kind kind, uint64_t records, uint64_t seed)
{
    invented *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    *g = (invented){.kind = kind, .seed = seed, .left = records, .households = count_households(records, seed)};
    if (g->households)
        start_pass(g);
    return g;
}

void invented_free(invented *g)
{
    free(g);
}

static void step(invented *g)
{
    g->member++;
    if (g->member < g->household.members)
        return;
    g->member = 0;
    if (++g->at < g->households) {
        draw_household(&g->household, g->kind, g->seed, household_at(g));
        return;
    }
    g->pass++;
    start_pass(g);
}

bool invented_next(invented *g, invented_record *out)
{
    person p;

    if (!g->left)
        return false;
    while (g->household.records[g->member] <= g->pass)
        step(g);
    g->left--;
    *out = (invented_record){.person = household_at(g) * MOST_MEMBERS + g->member};
    draw_person(&p, &g->household, g->member, g->kind, g->seed, household_at(g));
    write_record(out, &p, g->kind, g->seed, g->pass);
    step(g);
    return true;
}

bool invented_write(FILE *file, invented_kind kind, uint64_t records, uint64_t seed)
{
    const invented_field *fields;
    size_t n = invented_fields(&fields, kind);
    invented *g = invented_new(kind, records, seed);
    invented_record record;

    if (!g)
        return false;
    fputs("id", file);
    for (size_t f = 0; f < n; f++)
        fprintf(file, ",%s", fields[f].name);
    fputs(",person\n", file);
    for (uint64_t id = 0; invented_next(g, &record); id++) {
        fprintf(file, "%llu", (unsigned long long)id);
        for (size_t f = 0; f < n; f++)
            fprintf(file, ",%s", record.text[f]); /* no value has a comma or a quote */
        fprintf(file, ",%llu\n", (unsigned long long)record.person);
    }
    invented_free(g);
    return !ferror(file);
}
