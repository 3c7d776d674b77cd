/* Faults planted one at a time into clean data are found, each by its own kind of finding; the clean data has none. */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/io.h"
#include "base/rng.h"
#include "form/form.h"
#include "support/quality.h"
#include "support/test.h"

enum { MEMBERS = 400, ORDERS = 3000, DAYS = 182 };

static const char project_yaml[] = "name: shop\ntime_zone: Asia/Shanghai\n";
static const char members_yaml[] = "products:\n"
                                   "  from: products.csv\n"
                                   "  kind: reference\n"
                                   "  columns: {sku: text, category: category}\n"
                                   "members:\n"
                                   "  from: members.csv\n"
                                   "  kind: record\n"
                                   "  customer: {user_id: user}\n"
                                   "  columns: {name: text, phone: text, email: text, id_card: text, birthday: date, "
                                   "age: number, gender: category, city: category,"
                                   " note: text, joined: date, points: number}\n"
                                   "survey:\n"
                                   "  from: survey.csv\n"
                                   "  kind: record\n"
                                   "  customer: {user_id: user}\n"
                                   "  columns: {city: category}\n";
static const char orders_yaml[] = "orders:\n"
                                  "  from: orders*.csv\n"
                                  "  kind: event\n"
                                  "  time: at\n"
                                  "  customer: {user_id: user}\n"
                                  "  columns: {order_id: text, sku: text, price: money, quantity: number, amount: "
                                  "money, channel: category, store: category,"
                                  " district: category, paid_at: instant, device_id: text, weight: number}\n";

/* --- clean data ------------------------------------------------------------------------------------------------------------ */

typedef struct member {
    char user[16], name[40], phone[24], email[48], card[20], birthday[16], age[12], gender[24], city[48], note[120],
        joined[16], points[16];
} member;

typedef struct order {
    char order_id[24], user[16], sku[16], price[24], quantity[16], amount[24], channel[32], store[32], district[32],
        paid_at[32], device[32], weight[24], at[32];
    int file;
} order;

typedef struct shop {
    member members[MEMBERS];
    order orders[ORDERS + 400];
    char survey[MEMBERS][48];
    char products[100][2][24];
    int n_orders, n_products;
} shop;

static void set(char *out, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The new text may be made from the old one. */
static void set(char *out, size_t size, const char *fmt, ...)
{
    char text[200];
    va_list ap;

    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    CHECK(n >= 0 && (size_t)n < size);
    memcpy(out, text, (size_t)n + 1);
}
#define SET(field, ...) set((field), sizeof(field), __VA_ARGS__)

static const char *pick(pt_rng *r, const char *const *words, size_t n)
{
    return words[pt_rng_below(r, n)];
}

static double normal(pt_rng *r)
{
    return sqrt(-2 * log(1 - pt_rng_double(r))) * cos(6.283185307179586 * pt_rng_double(r));
}

static void make_card(char out[20], pt_rng *r, int year, int month, int day)
{
    set(out, 20, "110101%04d%02d%02d%03u", year, month, day, (unsigned)pt_rng_below(r, 999));
    out[17] = pt_id_card_check(out);
    out[18] = '\0';
}

static const char *const cities[] = {"Beijing", "Shanghai", "Guangzhou", "Shenzhen", "Chengdu"};

static void make_member(member *m, pt_rng *r, int i)
{
    static const char *const first[] = {"Anna", "Bernd", "Carla", "Dmitri", "Elena", "Farid", "Greta", "Henrik"};
    static const char *const last[] = {"Adler",   "Baum",  "Castro", "Doyle", "Evans",
                                       "Fischer", "Gupta", "Hansen", "Ito",   "Jensen"};
    static const char *const notes[] = {"prefers mornings", "call before delivery", "likes the blue one",
                                        "gift wrapping please", "leave at the door"};
    int year = 1955 + (int)pt_rng_below(r, 50), month = 1 + (int)pt_rng_below(r, 12),
        day = 1 + (int)pt_rng_below(r, 28);

    *m = (member){.user = ""};
    SET(m->user, "u%04d", i);
    SET(m->name, "%s %s", pick(r, first, 8), pick(r, last, 10));
    SET(m->phone, "139%08d", 21340000 + 7919 * i % 60000000);
    SET(m->email, "member%d@mail.cn", i);
    make_card(m->card, r, year, month, day);
    SET(m->birthday, "%04d-%02d-%02d", year, month, day);
    SET(m->age, "%d", 2023 - year);
    SET(m->gender, "%s", pt_rng_below(r, 2) ? "female" : "male");
    SET(m->city, "%s", pick(r, cities, 5));
    SET(m->note, "%s", pick(r, notes, 5));
    SET(m->joined, "20%02d-%02d-%02d", 15 + (int)pt_rng_below(r, 8), 1 + (int)pt_rng_below(r, 12),
        1 + (int)pt_rng_below(r, 28));
    SET(m->points, "%u", (unsigned)pt_rng_below(r, 5000));
}

static void make_order(order *o, pt_rng *r, int i)
{
    static const char *const channels[] = {"mobile app", "website", "store"};
    static const char *const stores[][2] = {{"North Gate", "north"}, {"Station", "north"}, {"Market", "south"},
                                            {"Harbour", "south"},    {"Old Town", "west"}, {"Airport", "west"}};
    int cents = 100 + (int)(3000 * exp(1.3 * normal(r))), quantity = 2 + (int)pt_rng_below(r, 4);
    int minute = 9 * 60 + (int)pt_rng_below(r, 12 * 60), second = 1 + (int)pt_rng_below(r, 59),
        store = (int)pt_rng_below(r, 6);
    char day[40];

    *o = (order){.file = i * 4 / ORDERS};
    pt_date_format(day, 19723 + i * DAYS / ORDERS);
    SET(o->order_id, "R%06d", 100000 + i);
    SET(o->user, "u%04u", (unsigned)pt_rng_below(r, MEMBERS));
    SET(o->sku, "s%02u", (unsigned)pt_rng_below(r, 80));
    SET(o->price, "%d.%02d", cents / 100, cents % 100);
    SET(o->quantity, "%d", quantity);
    SET(o->amount, "%d.%02d", cents * quantity / 100, cents * quantity % 100);
    SET(o->channel, "%s", pick(r, channels, 3));
    SET(o->store, "%s", stores[store][0]);
    SET(o->district, "%s", stores[store][1]);
    SET(o->device, "d%s", o->user + 1);
    SET(o->weight, "%.3f", 1 + 4 * pt_rng_double(r));
    SET(o->at, "%s %02d:%02d:%02d", day, minute / 60, minute % 60, second);
    minute += 1 + (int)pt_rng_below(r, 50);
    SET(o->paid_at, "%s %02d:%02d:%02d", day, minute / 60, minute % 60, second);
}

static void make_shop(shop *s)
{
    pt_rng r;

    pt_rng_seed(&r, 42);
    *s = (shop){.n_orders = ORDERS, .n_products = 80};
    for (int i = 0; i < MEMBERS; i++) {
        make_member(&s->members[i], &r, i);
        SET(s->survey[i], "%s", s->members[i].city);
    }
    for (int i = 0; i < 80; i++) {
        SET(s->products[i][0], "s%02d", i);
        SET(s->products[i][1], "%s", i % 3 ? "food" : "tools");
    }
    for (int i = 0; i < ORDERS; i++)
        make_order(&s->orders[i], &r, i);
}

/* --- files ------------------------------------------------------------------------------------------------------------------- */

static void write_members(const shop *s)
{
    pt_str out = {0};

    pt_str_add(&out, "user,name,phone,email,id_card,birthday,age,gender,city,note,joined,points\n");
    for (int i = 0; i < MEMBERS; i++) {
        const member *m = &s->members[i];
        pt_str_addf(&out, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", m->user, m->name, m->phone, m->email, m->card,
                    m->birthday, m->age, m->gender, m->city, m->note, m->joined, m->points);
    }
    write_project_file("members.csv", pt_str_cstr(&out));
    pt_str_clear(&out);
    pt_str_add(&out, "user,city\n");
    for (int i = 0; i < MEMBERS; i++)
        pt_str_addf(&out, "%s,%s\n", s->members[i].user, s->survey[i]);
    write_project_file("survey.csv", pt_str_cstr(&out));
    pt_str_clear(&out);
    pt_str_add(&out, "sku,category\n");
    for (int i = 0; i < s->n_products; i++)
        pt_str_addf(&out, "%s,%s\n", s->products[i][0], s->products[i][1]);
    write_project_file("products.csv", pt_str_cstr(&out));
    pt_str_free(&out);
}

static void write_orders(const shop *s, int file)
{
    pt_str out = {0};
    char name[32];

    pt_str_add(&out, "order_id,user,sku,price,quantity,amount,channel,store,district,paid_at,device_id,weight,at\n");
    for (int i = 0; i < s->n_orders; i++) {
        const order *o = &s->orders[i];
        if (o->file == file)
            pt_str_addf(&out, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", o->order_id, o->user, o->sku, o->price,
                        o->quantity, o->amount, o->channel, o->store, o->district, o->paid_at, o->device, o->weight,
                        o->at);
    }
    SET(name, "orders-%d.csv", file);
    write_project_file(name, pt_str_cstr(&out));
    pt_str_free(&out);
}

static void write_shop(const shop *s)
{
    write_project_file("portrait.yaml", project_yaml);
    write_project_file("sources/members.yaml", members_yaml);
    write_project_file("sources/orders.yaml", orders_yaml);
    write_members(s);
    for (int file = 0; file < 4; file++)
        write_orders(s, file);
}

/* --- faults ------------------------------------------------------------------------------------------------------------------- */

#define FOR_MEMBERS(s, every) for (member *m = (s)->members + 3; m < (s)->members + MEMBERS; m += (every))
#define FOR_ORDERS(s, every) for (order *o = (s)->orders + 3; o < (s)->orders + (s)->n_orders; o += (every))

/* Each changes as little as a real fault would. */

static void plant_missing(shop *s)
{
    FOR_MEMBERS(s, 5)
    SET(m->email, "%s", "");
}

static void plant_empty(shop *s)
{
    FOR_MEMBERS(s, 1)
    m->note[0] = '\0';
    for (int i = 0; i < 3; i++)
        s->members[i].note[0] = '\0';
}

static void plant_placeholder(shop *s)
{
    FOR_MEMBERS(s, 90)
    SET(m->city, "N/A");
}

static void plant_missing_days(shop *s)
{
    FOR_ORDERS(s, 1)
    if (strncmp(o->at, "2024-03-1", 9) == 0)
        o->channel[0] = '\0';
}

static void plant_quarantined(shop *s)
{
    FOR_ORDERS(s, 60)
    SET(o->quantity, "many");
}

static void plant_duplicate_rows(shop *s)
{
    for (int i = 0; i < 6; i++)
        s->orders[s->n_orders++] = s->orders[500 * i];
}

static void plant_duplicate_key(shop *s)
{
    FOR_ORDERS(s, 900)
    SET(o->order_id, "R100007");
}

static void plant_duplicate_key_2(shop *s)
{
    SET(s->products[80][0], "s07");
    SET(s->products[80][1], "food");
    s->n_products++;
}

static void plant_copied_block(shop *s)
{
    for (int i = 0; i < 40; i++) {
        order o = s->orders[60 + i];
        SET(o.order_id, "R9%05d", i);
        SET(o.at, "2024-06-2%d 1%d:%02d:33", i % 9, i % 10, i % 60);
        SET(o.paid_at, "%.16s:59", o.at);
        o.file = 0;
        s->orders[s->n_orders++] = o;
    }
}

static void plant_bad_phone(shop *s)
{
    FOR_MEMBERS(s, 90)
    SET(m->phone, "1391234");
}

static void plant_bad_email(shop *s)
{
    FOR_MEMBERS(s, 90)
    SET(m->email, "member.mail.cn");
}

static void plant_bad_id_card(shop *s)
{
    FOR_MEMBERS(s, 90)
    m->card[17] = m->card[17] == '1' ? '2' : '1';
}

static void plant_odd_shape(shop *s)
{
    FOR_ORDERS(s, 700)
    SET(o->order_id, "temp-%s", o->user);
}

static void plant_negative(shop *s)
{
    FOR_ORDERS(s, 400)
    {
        SET(o->amount, "-12.50");
    }
}

static void plant_extreme(shop *s)
{
    FOR_ORDERS(s, 900)
    SET(o->weight, "3200");
}

static void plant_implausible_age(shop *s)
{
    FOR_MEMBERS(s, 150)
    SET(m->age, "230");
}

static void plant_implausible_birth(shop *s)
{
    FOR_MEMBERS(s, 150)
    SET(m->birthday, "1890-05-05");
}

static void plant_orphan(shop *s)
{
    FOR_ORDERS(s, 500)
    SET(o->sku, "s99");
}

static void plant_time_order(shop *s)
{
    FOR_ORDERS(s, 700)
    SET(o->paid_at, "%.11s08:00:07", o->at);
}

static void plant_arithmetic(shop *s)
{
    FOR_ORDERS(s, 500)
    SET(o->amount, "77.77");
}

static void plant_truncated(shop *s)
{
    FOR_MEMBERS(s, 2)
    SET(m->note, "%.*s", 14 + (int)(m - s->members) % 3 * 13, "a long remark that somebody wrote down here");
    FOR_MEMBERS(s, 3)
    {
        char all[80];
        SET(all,
            "%d and much more was said "
            "than the field can hold",
            (int)(m - s->members));
        SET(m->note, "%.40s", all);
    }
    for (int i = 0; i < MEMBERS; i += 2)
        SET(s->members[i].note, "%d short", i);
}

static void plant_mojibake(shop *s)
{
    FOR_MEMBERS(s, 150)
    SET(m->name, "ä¸­æ–‡");
}

static void plant_mojibake_2(shop *s)
{
    FOR_MEMBERS(s, 150)
    SET(m->note, "锟斤拷");
}

static void plant_markup(shop *s)
{
    FOR_MEMBERS(s, 150)
    SET(m->note, "fish &amp; chips<br/>");
}

static void plant_invisible(shop *s)
{
    FOR_MEMBERS(s, 150)
    SET(m->note, "door\xE2\x80\x8B bell");
}

static void plant_variants(shop *s)
{
    FOR_ORDERS(s, 300)
    SET(o->channel, "Mobile-App");
}

static void plant_variants_2(shop *s)
{
    FOR_MEMBERS(s, 90)
    SET(m->city, "ＢＥＩＪＩＮＧ");
}

static void plant_typos(shop *s)
{
    SET(s->members[7].city, "Shangai");
    for (int i = 10; i < 300; i++)
        SET(s->members[i].city, "Shanghai");
}

static void plant_mixed_units(shop *s)
{
    FOR_ORDERS(s, 25)
    {
        double w = 1 + (double)((o - s->orders) % 37) / 9;
        SET(o->weight, "%.0f", 1000 * w);
    }
}

static void plant_file_shift(shop *s)
{
    FOR_ORDERS(s, 1)
    if (o->file == 2)
        SET(o->weight, "%d", 1000 + (int)((o - s->orders) % 4000));
}

static void plant_conflict(shop *s)
{
    FOR_MEMBERS(s, 40)
    SET(s->survey[m - s->members], "Tianjin");
}

static void plant_changed(shop *s)
{
    SET(s->members[9].user, "u0005");
    SET(s->members[9].gender, "%s", s->members[5].gender[0] == 'm' ? "female" : "male");
}

static void plant_dependency(shop *s)
{
    FOR_ORDERS(s, 600)
    SET(o->district, "%s", o->district[0] == 'n' ? "west" : "north");
}

static void plant_midnight(shop *s)
{
    FOR_ORDERS(s, 40)
    SET(o->at, "%.11s00:00:00", o->at);
}

static void plant_default_value(shop *s)
{
    FOR_MEMBERS(s, 8)
    SET(m->joined, "2020-02-02");
}

static void plant_sentinel(shop *s)
{
    FOR_MEMBERS(s, 60)
    SET(m->points, "999999");
}

static void plant_sentinel_2(shop *s)
{
    FOR_MEMBERS(s, 60)
    SET(m->age, "-1");
}

static void plant_sentinel_3(shop *s)
{
    FOR_MEMBERS(s, 60)
    SET(m->birthday, "1900-01-01");
}

static void plant_future(shop *s)
{
    FOR_MEMBERS(s, 190)
    SET(m->joined, "2031-07-07");
}

static void plant_future_2(shop *s)
{
    SET(s->orders[99].at, "2029-01-01 12:00:01");
}

static void plant_isolated_time(shop *s)
{
    SET(s->orders[99].at, "2009-02-03 12:00:01");
}

static void plant_test_value(shop *s)
{
    SET(s->members[20].name, "test");
    SET(s->members[21].name, "测试");
}

static void plant_test_value_2(shop *s)
{
    SET(s->members[20].phone, "13800138000");
}

static void plant_test_value_3(shop *s)
{
    SET(s->members[20].email, "aaaa@mail.cn");
}

static void plant_mashed(shop *s)
{
    SET(s->members[20].name, "asdfgh");
    SET(s->members[21].name, "aaaaaa");
}

static void plant_volume(shop *s)
{
    for (int i = 0; i < 200; i++) {
        SET(s->orders[1500 + i].user, "u0077");
        SET(s->orders[1500 + i].device, "d0077");
        SET(s->orders[1500 + i].at, "2024-04-05 %02d:%02d:05", 9 + i / 50, i % 50);
        SET(s->orders[1500 + i].paid_at, "2024-04-05 20:%02d:05", i % 50);
    }
}

static void plant_burst(shop *s)
{
    for (int i = 0; i < 14; i++) {
        SET(s->orders[1500 + i].user, "u0077");
        SET(s->orders[1500 + i].device, "d0077");
        SET(s->orders[1500 + i].at, "2024-04-05 10:00:%02d", 1 + i % 10);
    }
}

static void plant_regular(shop *s)
{
    for (int i = 0; i < 30; i++) {
        SET(s->orders[1500 + i].user, "u0077");
        SET(s->orders[1500 + i].device, "d0077");
        SET(s->orders[1500 + i].at, "2024-04-05 %02d:%02d:00", 9 + i * 7 / 60, i * 7 % 60);
        SET(s->orders[1500 + i].paid_at, "2024-04-05 20:%02d:05", i);
    }
}

static void plant_shared(shop *s)
{
    FOR_ORDERS(s, 200)
    SET(o->device, "d0001");
}

static void plant_round(shop *s)
{
    FOR_ORDERS(s, 3)
    {
        SET(o->amount, "%d00", 1 + (int)((o - s->orders) % 40));
    }
}

static void plant_benford(shop *s)
{
    FOR_ORDERS(s, 1)
    if (o->price[0] == '1')
        o->price[0] = '7';
}

static void plant_stale(shop *s)
{
    s->n_orders = ORDERS * 3 / 4;
}

static void plant_gap_days(shop *s)
{
    FOR_ORDERS(s, 1)
    if (strncmp(o->at, "2024-05-07", 10) == 0)
        SET(o->at, "2024-05-08 10:11:12");
}

static void plant_odd_days(shop *s)
{
    for (int i = 0; i < 300; i++) {
        order o = s->orders[i * 9];
        SET(o.order_id, "R2%05d", i);
        SET(o.at, "2024-05-07 %02d:%02d:%02d", 9 + i % 12, i % 60, i % 59);
        SET(o.paid_at, "2024-05-07 22:00:%02d", i % 60);
        s->orders[s->n_orders++] = o;
    }
}

static void plant_constant(shop *s)
{
    FOR_ORDERS(s, 1)
    SET(o->channel, "website");
    for (int i = 0; i < 3; i++)
        SET(s->orders[i].channel, "website");
}

static const struct fault {
    const char *kind, *source, *column;
    void (*plant)(shop *s);
} faults[] = {
    {"missing", "members", "email", plant_missing},
    {"empty", "members", "note", plant_empty},
    {"placeholder", "members", "city", plant_placeholder},
    {"missing_days", "orders", "channel", plant_missing_days},
    {"quarantined", "orders", NULL, plant_quarantined},
    {"duplicate_rows", "orders", NULL, plant_duplicate_rows},
    {"duplicate_key", "orders", "order_id", plant_duplicate_key},
    {"duplicate_key", "products", "sku", plant_duplicate_key_2},
    {"copied_block", "orders", NULL, plant_copied_block},
    {"bad_phone", "members", "phone", plant_bad_phone},
    {"bad_email", "members", "email", plant_bad_email},
    {"bad_id_card", "members", "id_card", plant_bad_id_card},
    {"odd_shape", "orders", "order_id", plant_odd_shape},
    {"negative", "orders", "amount", plant_negative},
    {"extreme", "orders", "weight", plant_extreme},
    {"implausible_age", "members", "age", plant_implausible_age},
    {"implausible_birth", "members", "birthday", plant_implausible_birth},
    {"orphan", "orders", "sku", plant_orphan},
    {"time_order", "orders", "time", plant_time_order},
    {"arithmetic", "orders", "amount", plant_arithmetic},
    {"truncated", "members", "note", plant_truncated},
    {"mojibake", "members", "name", plant_mojibake},
    {"mojibake", "members", "note", plant_mojibake_2},
    {"markup", "members", "note", plant_markup},
    {"invisible", "members", "note", plant_invisible},
    {"variants", "orders", "channel", plant_variants},
    {"variants", "members", "city", plant_variants_2},
    {"typos", "members", "city", plant_typos},
    {"mixed_units", "orders", "weight", plant_mixed_units},
    {"file_shift", "orders", "weight", plant_file_shift},
    {"conflict", "survey", "city", plant_conflict},
    {"changed", "members", "gender", plant_changed},
    {"dependency", "orders", "district", plant_dependency},
    {"midnight", "orders", "time", plant_midnight},
    {"default_value", "members", "joined", plant_default_value},
    {"sentinel", "members", "points", plant_sentinel},
    {"sentinel", "members", "age", plant_sentinel_2},
    {"sentinel", "members", "birthday", plant_sentinel_3},
    {"future", "members", "joined", plant_future},
    {"future", "orders", "time", plant_future_2},
    {"isolated_time", "orders", "time", plant_isolated_time},
    {"test_value", "members", "name", plant_test_value},
    {"test_value", "members", "phone", plant_test_value_2},
    {"test_value", "members", "email", plant_test_value_3},
    {"mashed", "members", "name", plant_mashed},
    {"volume", "orders", "customer.user_id", plant_volume},
    {"burst", "orders", "customer.user_id", plant_burst},
    {"regular", "orders", "customer.user_id", plant_regular},
    {"shared", "orders", "device_id", plant_shared},
    {"round", "orders", "amount", plant_round},
    {"benford", "orders", "price", plant_benford},
    {"stale", "orders", NULL, plant_stale},
    {"gap_days", "orders", NULL, plant_gap_days},
    {"odd_days", "orders", NULL, plant_odd_days},
    {"constant", "orders", "channel", plant_constant},
};

/* --- the claim ---------------------------------------------------------------------------------------------------------------- */

static shop the_shop; /* too large for the stack */

static void examine(examined *e, const char *only)
{
    write_shop(&the_shop);
    examine_source(e, "2024-07-01T12:00:00", only);
}

TEST(quality_planted__clean_data_has_no_finding)
{
    examined e;

    make_shop(&the_shop);
    examine(&e, NULL);
    CHECK_STR(examined_text(&e), "");
    for (size_t s = 0; s < e.loaded.project->n_sources; s++)
        CHECK_DOUBLE(e.sources[s].score, 100);
    examine_close(&e);
}

TEST(quality_planted__each_fault_is_found)
{
    CHECK(PT_COUNT(faults) >= 30);
    for (size_t i = 0; i < PT_COUNT(faults); i++) {
        const struct fault *f = &faults[i];
        examined e;
        make_shop(&the_shop);
        f->plant(&the_shop);
        examine(&e, f->source);
        if (!examined_finding(&e, f->source, f->kind, f->column))
            test_fail(__FILE__, __LINE__, "%s of %s.%s is not found, only:\n%s", f->kind, f->source,
                      f->column ? f->column : "", examined_text(&e));
        CHECK(examined_source(&e, f->source)->score < 100);
        examine_close(&e);
    }
}
