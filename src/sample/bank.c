/* A bank's files: who its customers say they are, what they hold, what they do, whether they pay, and what others know
 * of them. Each kind of customer lives differently; nobody is told which kind a customer is. */
#include "sample/sample_int.h"

enum {
    CUSTOMERS,
    ACCOUNTS,
    PRODUCTS,
    BALANCES,
    TRANSACTIONS,
    BILLS,
    REPAYMENTS,
    LIMITS,
    BUREAU,
    APP,
    SERVICE,
    CONTACTS
};

static const char *const files[][2] = {
    [CUSTOMERS] = {"customers.csv", "customer_no,name,id_card,mobile,education,occupation,annual_income,branch,manager,"
                                    "joined_on,risk_grade,updated_at"},
    [ACCOUNTS] = {"accounts.csv", "account_no,customer_no,product_code,opened_on,closed_on"},
    [PRODUCTS] = {"products.csv", "product_code,product_name,family,risk_level,annual_rate"},
    [BALANCES] = {"balances.csv", "account_no,customer_no,product_code,day,balance"},
    [TRANSACTIONS] = {"transactions.csv", "txn_no,account_no,customer_no,at,kind,channel,amount,merchant"},
    [BILLS] = {"bills.csv", "bill_no,customer_no,product_code,due_on,amount"},
    [REPAYMENTS] = {"repayments.csv", "bill_no,customer_no,product_code,due_on,paid_on,amount"},
    [LIMITS] = {"limits.csv", "customer_no,day,credit_limit,used"},
    [BUREAU] = {"bureau.csv", "id_card,queried_at,score,inquiries_6m,other_lenders"},
    [APP] = {"app_events.csv", "mobile,at,event,device,platform"},
    [SERVICE] = {"service.csv", "mobile,at,kind,topic,satisfaction"},
    [CONTACTS] = {"manager_contacts.csv", "customer_no,at,way,outcome"},
};
enum { FILES = PT_COUNT(files) };

typedef struct kind {
    int share;                                            /* of 1000 customers */
    int64_t income[2];                                    /* yuan a year */
    int spends[2];                                        /* transactions a month */
    int app;                                              /* sessions a month, at most */
    int card, time_deposit, fund, wealth, mortgage, loan; /* of 1000 that hold one */
    const char *const *jobs;                              /* ends with NULL */
} kind;

static const char *const salaried_jobs[] = {"工程师", "教师", "公务员", "医生", "职员", "销售", "会计", NULL};
static const char *const owner_jobs[] = {"个体工商户", "企业主", NULL};
static const char *const retired_jobs[] = {"退休", NULL};
static const char *const student_jobs[] = {"学生", NULL};
static const char *const wealthy_jobs[] = {"企业主", "企业高管", "自由职业", NULL};
static const kind kinds[] = {
    {450, {60000, 300000}, {4, 9}, 10, 650, 200, 300, 150, 300, 120, salaried_jobs},
    {180, {150000, 800000}, {6, 14}, 8, 550, 150, 200, 200, 250, 350, owner_jobs},
    {170, {36000, 120000}, {1, 4}, 2, 60, 600, 60, 250, 20, 5, retired_jobs},
    {120, {6000, 30000}, {3, 9}, 14, 150, 10, 120, 10, 0, 60, student_jobs},
    {80, {500000, 3000000}, {5, 12}, 6, 800, 400, 600, 800, 400, 50, wealthy_jobs},
};

typedef enum payer { PAYS, PAYS_LATE, STOPS_PAYING } payer;

typedef struct customer {
    sample_person who;
    const kind *kind;
    char no[16], device[20];
    int64_t income; /* yuan a year */
    int joined;     /* day of the data; below 0 for old customers */
    int gone;       /* month from which nothing happens any more; SAMPLE_MONTHS: never */
    payer payer;
} customer;

typedef struct bank {
    sample_file files[FILES];
    pt_rng r;
    uint64_t number; /* of the customer */
    customer c;
    unsigned accounts, transactions, bills; /* of this customer so far */
} bank;

/* --- who ---------------------------------------------------------------------------------------------------------- */

static const kind *pick_kind(pt_rng *r, int32_t birthday)
{
    int age = (pt_date_from_civil(2024, 12, 31) - birthday) / 365;
    int64_t at = sample_between(r, 0, 999);

    if (age < 24)
        return &kinds[3];
    if (age >= 60)
        return at < 850 ? &kinds[2] : &kinds[4];
    for (size_t i = 0; i < PT_COUNT(kinds); i++) {
        if (i == 2 || i == 3)
            continue;
        at -= kinds[i].share * 1000 / 710; /* the rest share what the young and the old leave */
        if (at < 0)
            return &kinds[i];
    }
    return &kinds[0];
}

static void make_customer(bank *b, uint64_t seed)
{
    customer *c = &b->c;
    pt_rng *r = &b->r;

    sample_rng(r, seed, b->number);
    sample_make_person(&c->who, b->number, r);
    c->kind = pick_kind(r, c->who.birthday);
    snprintf(c->no, sizeof c->no, "B%07llu", (unsigned long long)(b->number + 1) % 10000000);
    /* About one customer in sixty logs in on one and the same device: a gang. */
    snprintf(c->device, sizeof c->device, "d%08llx",
             (unsigned long long)(b->number % 250 == 7 || sample_chance(r, 12) ? 0xbadULL : pt_rng_u64(r) >> 32));
    c->income = sample_between(r, c->kind->income[0] / 1000, c->kind->income[1] / 1000) * 1000;
    c->joined = (int)sample_between(r, -2500, 400);
    c->gone = sample_chance(r, 120) ? (int)sample_between(r, 6, 16) : SAMPLE_MONTHS;
    c->payer = sample_chance(r, 900) ? PAYS : sample_chance(r, 800) ? PAYS_LATE : STOPS_PAYING;
    b->accounts = b->transactions = b->bills = 0;
}

/* 120000 is also written 12万, ¥120,000 and in full width. */
static const char *income_text(sample_text out, const customer *c, pt_rng *r)
{
    if (sample_chance(r, 80))
        return "";
    if (sample_chance(r, 5))
        return "99999999"; /* somebody typed what the form accepted */
    if (sample_chance(r, 150)) {
        snprintf(out, sizeof(sample_text), "%lld.%lld万", (long long)c->income / 10000,
                 (long long)c->income / 1000 % 10);
        return out;
    }
    return sample_money_loosely(out, c->income * 100, r);
}

static void write_master(bank *b, int32_t updated, const char *mobile, const char *occupation)
{
    static const char *const schools[] = {"本科", "大学本科", "Bachelor", "硕士", "研究生",
                                          "大专", "高中",     "初中",     "博士", ""};
    static const char *const grades[] = {"C1", "C2", "C3", "C4", "C5"};
    customer *c = &b->c;
    pt_rng *r = &b->r;
    const char *school = SAMPLE_PICK(r, schools), *grade = SAMPLE_PICK(r, grades);
    sample_text income, joined, updated_at;
    char id[19];

    memcpy(id, c->who.id_card, sizeof id);
    if (sample_chance(r, 10)) /* one digit wrong: the check digit tells */
        id[16] = id[16] == '9' ? '0' : (char)(id[16] + 1);
    else if (id[17] == 'X' && sample_chance(r, 300))
        id[17] = 'x';
    sample_date_loosely(joined, sample_first_day() + c->joined, r);
    sample_time(updated_at, updated, (int)sample_between(r, 28800, 64800));
    const char *space = sample_chance(r, 30) ? " " : "";
    sample_row(&b->files[CUSTOMERS], "%s,%s%s,%s,%s,%s,%s,%s,%s,M%02u,%s,%s,%s", c->no, space, c->who.name, id, mobile,
               school, occupation, income_text(income, c, r), c->who.place->city, (unsigned)(b->number % 20 + 1),
               joined, grade, updated_at);
}

/* A household's phone, a masked one, none: what is in the file for the mobile number. */
static const char *mobile_text(sample_text out, bank *b)
{
    if (sample_chance(&b->r, 20))
        return "";
    if (sample_chance(&b->r, 8))
        return "13800000000"; /* the number that clerks type when they have none */
    return sample_phone_loosely(out, b->c.who.mobile, &b->r);
}

static void write_customer(bank *b)
{
    customer *c = &b->c;
    size_t jobs = 0;
    sample_text mobile;
    int32_t updated = sample_first_day() + (c->joined > 0 ? c->joined : 0);

    while (c->kind->jobs[jobs])
        jobs++;
    if (sample_chance(&b->r, 25)) /* an older version of the row, which was never taken out */
        write_master(b, updated, mobile_text(mobile, b), "待业");
    write_master(b, updated + 30, mobile_text(mobile, b), c->kind->jobs[pt_rng_below(&b->r, jobs)]);
}

/* --- what they hold ----------------------------------------------------------------------------------------------- */

static const char *const products[][5] = {
    {"P01", "活期存款", "deposit", "1", "0.10"},
    {"P02", "整存整取一年", "time_deposit", "1", "1.35"},
    {"P03", "稳健理财90天", "wealth", "2", "2.60"},
    {"P04", "沪深300指数基金", "fund", "4", "0"},
    {"P05", "债券基金", "fund", "3", "0"},
    {"P06", "个人住房贷款", "mortgage", "1", "3.45"},
    {"P07", "消费贷", "loan", "1", "4.80"},
    {"P08", "标准信用卡", "credit_card", "1", "18.25"},
    {"P09", "白金信用卡", "credit_card", "1", "18.25"},
    {"P10", "终身寿险", "insurance", "1", "0"},
};

static void write_products(bank *b)
{
    for (size_t i = 0; i < PT_COUNT(products); i++)
        sample_row(&b->files[PRODUCTS], "%s,%s,%s,%s,%s", products[i][0], products[i][1], products[i][2],
                   products[i][3], products[i][4]);
}

/* Month-end balances of one account: around `level` yuan, growing or shrinking by up to a tenth a month. */
static void write_balances(bank *b, const char *account, const char *product, int64_t level, int opened)
{
    int drift = (int)sample_between(&b->r, -60, 80);
    sample_text day, money;

    for (int m = 6; m < SAMPLE_MONTHS; m++) {
        int32_t end = sample_month(m + 1, 1) - 1;
        level += level * (drift + sample_between(&b->r, -40, 40)) / 1000;
        if (b->c.gone < SAMPLE_MONTHS && m >= b->c.gone - 2)
            level -= level / 4; /* money leaves before its owner does */
        if (end >= sample_first_day() + opened)
            sample_row(&b->files[BALANCES], "%s,%s,%s,%s,%s", account, b->c.no, product, sample_date(day, end),
                       sample_money(money, level * 100 + sample_between(&b->r, 0, 99)));
    }
}

/* `level`: what is on it, in yuan; below 0: nothing is kept there. */
static void open_account(bank *b, const char *product, int64_t level)
{
    customer *c = &b->c;
    char account[24];
    int opened = c->joined + (b->accounts ? (int)sample_between(&b->r, 0, 150) : 0);
    int32_t closed = sample_month(c->gone, 15);
    sample_text opened_on, closed_on;

    snprintf(account, sizeof account, "62%s%02u", c->no + 1, ++b->accounts % 100);
    bool shut = c->gone < SAMPLE_MONTHS && closed > sample_first_day() + opened && sample_chance(&b->r, 400);
    sample_row(&b->files[ACCOUNTS], "%s,%s,%s,%s,%s", account, c->no, product,
               sample_date(opened_on, sample_first_day() + opened), shut ? sample_date(closed_on, closed) : "");
    if (level >= 0)
        write_balances(b, account, product, level, opened);
}

/* Bills are due on the 20th of each month. Who pays late pays some bills days or weeks after that; who stops paying
 * does so some months before the end. */
static void write_bills(bank *b, const char *product, int64_t low, int64_t high)
{
    customer *c = &b->c;
    int stops = c->payer == STOPS_PAYING ? (int)sample_between(&b->r, 9, 16) : SAMPLE_MONTHS;
    sample_text due_on, paid_on, money;

    for (int m = c->joined > 0 ? c->joined / 30 + 2 : 0; m < SAMPLE_MONTHS; m++) {
        int32_t due = sample_month(m, 20);
        int64_t cents = sample_between(&b->r, low * 100, high * 100);
        bool late = c->payer != PAYS && sample_chance(&b->r, 350);
        int32_t paid = due + (int32_t)(late ? sample_between(&b->r, 1, 70) : sample_between(&b->r, -5, 0));
        char bill[24];
        snprintf(bill, sizeof bill, "L%s%03u", c->no + 1, ++b->bills % 1000);
        sample_date(due_on, due);
        sample_row(&b->files[BILLS], "%s,%s,%s,%s,%s", bill, c->no, product, due_on, sample_money(money, cents));
        if (m < stops && paid < sample_month(SAMPLE_MONTHS, 1))
            sample_row(&b->files[REPAYMENTS], "%s,%s,%s,%s,%s,%s", bill, c->no, product, due_on,
                       sample_date(paid_on, paid), money);
    }
}

static void write_limits(bank *b, int64_t limit)
{
    int most = b->c.payer == PAYS ? 60 : 98;
    sample_text day;

    for (int m = 0; m < SAMPLE_MONTHS; m++)
        sample_row(&b->files[LIMITS], "%s,%s,%lld,%lld", b->c.no, sample_date(day, sample_month(m, 1)),
                   (long long)limit, (long long)(limit * sample_between(&b->r, most / 4, most) / 100));
}

static void write_credit(bank *b)
{
    customer *c = &b->c;
    int64_t income = c->income;

    if (sample_chance(&b->r, c->kind->card)) {
        open_account(b, income > 300000 ? "P09" : "P08", -1);
        write_bills(b, income > 300000 ? "P09" : "P08", income / 60, income / 24);
        write_limits(b, income / 5000 * 1000 + 3000);
    }
    if (sample_chance(&b->r, c->kind->mortgage)) {
        open_account(b, "P06", -1);
        write_bills(b, "P06", income / 40, income / 40);
    }
    if (sample_chance(&b->r, c->kind->loan)) {
        open_account(b, "P07", -1);
        write_bills(b, "P07", income / 80, income / 60);
    }
}

static void write_holdings(bank *b)
{
    const kind *k = b->c.kind;
    pt_rng *r = &b->r;
    int64_t yuan = b->c.income;

    open_account(b, "P01", yuan / sample_between(r, 3, 40));
    if (sample_chance(r, k->time_deposit))
        open_account(b, "P02", yuan * sample_between(r, 2, 30) / 10);
    if (sample_chance(r, k->wealth))
        open_account(b, "P03", yuan * sample_between(r, 2, 25) / 10);
    if (sample_chance(r, k->fund)) {
        const char *fund = sample_chance(r, 500) ? "P04" : "P05";
        open_account(b, fund, yuan * sample_between(r, 1, 12) / 10);
    }
    if (sample_chance(r, 80))
        open_account(b, "P10", -1);
    write_credit(b);
}

/* --- what they do ------------------------------------------------------------------------------------------------- */

/* Each system names the same channel its own way. */
static const char *const channels[] = {"APP", "app", "手机银行", "APP",        "网银",
                                       "WEB", "ATM", "柜台",     "第三方支付", "第三方支付"};

static void write_transaction(bank *b, int32_t day, const char *what, const char *merchant, int64_t cents)
{
    pt_rng *r = &b->r;
    const char *channel = SAMPLE_PICK(r, channels);
    int seconds = (int)sample_between(r, 7 * 3600, 23 * 3600 - 1);
    int times = sample_chance(r, 6) ? 2 : 1; /* a file was loaded twice */
    sample_text at, money;

    sample_money_loosely(money, cents, r);
    if (sample_chance(r, 3))
        money[0] = '\0';
    else if (sample_chance(r, 2))
        sample_money(money, cents * 10000); /* cents taken for yuan, and again */
    sample_time(at, day, seconds);
    if (sample_chance(r, 2))
        memcpy(at, "2024-02-30", 10);
    b->transactions++;
    for (int i = 0; i < times; i++)
        sample_row(&b->files[TRANSACTIONS], "T%s%05u,62%s01,%s,%s,%s,%s,%s,%s", b->c.no + 1, b->transactions % 100000,
                   b->c.no + 1, b->c.no, at, what, channel, money, merchant);
}

static int32_t any_day(pt_rng *r, int month)
{
    int32_t first = sample_month(month, 1);

    return first + (int32_t)sample_between(r, 0, sample_month(month + 1, 1) - first - 1);
}

static void write_month(bank *b, int month)
{
    static const char *const shops[] = {"超市", "餐饮", "餐饮", "交通", "网购", "网购", "医疗", "教育", "旅游", "加油"};
    pt_rng *r = &b->r;
    const kind *k = b->c.kind;
    int32_t first = sample_month(month, 1);
    int64_t n = sample_between(r, k->spends[0], k->spends[1]), monthly = b->c.income / 12;

    if (first < sample_first_day() + b->c.joined)
        return;
    if (k->jobs == salaried_jobs || k->jobs == retired_jobs)
        write_transaction(b, first + 9, k->jobs == retired_jobs ? "养老金" : "工资", "", monthly * 90);
    for (int64_t i = 0; i < n; i++) {
        int32_t day = any_day(r, month);
        const char *shop = SAMPLE_PICK(r, shops);
        if (sample_chance(r, 750))
            write_transaction(b, day, "消费", shop, sample_between(r, 800, monthly * 20));
        else if (sample_chance(r, 700))
            write_transaction(b, day, "转账", "", sample_between(r, 10, monthly / 100 + 20) * 10000);
        else
            write_transaction(b, day, "取现", "", sample_between(r, 1, 50) * 10000);
    }
}

static void write_app(bank *b, int month)
{
    static const char *const pages[] = {"view_balance", "view_balance", "transfer", "view_wealth",
                                        "view_fund",    "view_loan",    "bill",     "coupon"};
    pt_rng *r = &b->r;
    const char *platform = sample_chance(r, 600) ? "android" : "ios";
    int64_t sessions = sample_between(r, 0, b->c.kind->app);
    sample_text at;

    for (int64_t i = 0; i < sessions; i++) {
        int32_t day = any_day(r, month);
        int seconds = (int)sample_between(r, 6 * 3600, 23 * 3600);
        const char *page = SAMPLE_PICK(r, pages);
        int pause = (int)sample_between(r, 4, 240);
        sample_row(&b->files[APP], "%s,%s,login,%s,%s", b->c.who.mobile, sample_time(at, day, seconds), b->c.device,
                   platform);
        sample_row(&b->files[APP], "%s,%s,%s,%s,%s", b->c.who.mobile, sample_time(at, day, seconds + pause), page,
                   b->c.device, platform);
        if (strcmp(page, "view_loan") == 0 && sample_chance(r, 250))
            sample_row(&b->files[APP], "%s,%s,apply_loan,%s,%s", b->c.who.mobile,
                       sample_time(at, day, seconds + 2 * pause), b->c.device, platform);
    }
}

static void write_service(bank *b)
{
    static const char *const topics[] = {"信用卡", "转账限额", "理财到期", "手续费", "APP故障", "利率"};
    pt_rng *r = &b->r;
    sample_text at;

    for (int64_t i = sample_between(r, -3, b->c.gone < SAMPLE_MONTHS ? 4 : 2); i > 0; i--) {
        int month = (int)sample_between(r, 0, b->c.gone - 1);
        bool complaint = sample_chance(r, b->c.gone < SAMPLE_MONTHS ? 600 : 200);
        const char *topic = SAMPLE_PICK(r, topics);
        int32_t day = any_day(r, month);
        char satisfied[12] = "";
        if (sample_chance(r, 700))
            snprintf(satisfied, sizeof satisfied, "%d", (int)sample_between(r, complaint ? 1 : 3, complaint ? 3 : 5));
        sample_time(at, day, (int)sample_between(r, 28800, 75600));
        sample_row(&b->files[SERVICE], "%s,%s,%s,%s,%s", b->c.who.mobile, at, complaint ? "投诉" : "咨询", topic,
                   satisfied);
    }
}

static void write_contacts(bank *b)
{
    static const char *const ways[] = {"电话", "微信", "面访", "短信"};
    static const char *const outcomes[] = {"成交", "有意向", "再联系", "未接通", "拒绝"};
    pt_rng *r = &b->r;
    sample_text at;

    for (int64_t i = sample_between(r, 0, b->c.kind->wealth / 150); i > 0; i--) {
        int month = (int)sample_between(r, 6, 17);
        int32_t day = any_day(r, month);
        const char *way = SAMPLE_PICK(r, ways), *outcome = SAMPLE_PICK(r, outcomes);
        sample_time(at, day, (int)sample_between(r, 32400, 64800));
        sample_row(&b->files[CONTACTS], "%s,%s,%s,%s", b->c.no, at, way, outcome);
    }
}

/* What the credit bureau knows. Some files have 0, N/A or 9999 where there is no score. */
static void write_bureau(bank *b)
{
    static const char *const none[] = {"", "N/A", "0", "9999"};
    static const int level[] = {[PAYS] = 730, [PAYS_LATE] = 630, [STOPS_PAYING] = 560};
    pt_rng *r = &b->r;
    sample_text at;
    char score[12];

    if (!sample_chance(r, 750))
        return;
    for (int month = (int)sample_between(r, 2, 8); month < SAMPLE_MONTHS; month += 6) {
        int inquiries = (int)sample_between(r, 0, b->c.payer == PAYS ? 3 : 12);
        int lenders = (int)sample_between(r, 0, b->c.payer == PAYS ? 2 : 6);
        if (sample_chance(r, 40))
            snprintf(score, sizeof score, "%s", SAMPLE_PICK(r, none));
        else
            snprintf(score, sizeof score, "%d", level[b->c.payer] + (int)sample_between(r, -70, 70));
        sample_row(&b->files[BUREAU], "%s,%s,%s,%d,%d", b->c.who.id_card, sample_time(at, sample_month(month, 5), 7200),
                   score, inquiries, lenders);
    }
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void write_life(bank *b)
{
    write_customer(b);
    write_holdings(b);
    for (int month = 0; month < b->c.gone; month++) {
        write_month(b, month);
        write_app(b, month);
    }
    write_service(b);
    write_contacts(b);
    write_bureau(b);
}

/* Rows that are no customers at all: somebody tried the system out. */
static void write_tests(bank *b)
{
    for (int i = 1; i <= 3; i++)
        sample_row(&b->files[CUSTOMERS], "T%07d,测试账户%d,,13800000000,,,,总行,M00,2023-07-01,C1,2024-01-01 09:00:00",
                   i, i);
}

pt_rc sample_bank(const char *dir, uint64_t customers, uint64_t seed, pt_err *err)
{
    bank b = {0};

    PT_TRY(sample_open(b.files, files, FILES, dir, err));
    write_products(&b);
    write_tests(&b);
    for (b.number = 0; b.number < customers; b.number++) {
        make_customer(&b, seed);
        write_life(&b);
    }
    return sample_close(b.files, FILES, PT_OK, err);
}
