/* The files of a company that sells software to companies: who they are, who works there, how far along each is, what
 * was signed, invoiced and paid, how the software is used, what went wrong. */
#include "sample/sample_int.h"

enum { COMPANIES, PEOPLE, STAGES, VISITS, CONTRACTS, INVOICES, PAYMENTS, USAGE, TICKETS };

static const char *const files[][2] = {
    [COMPANIES] = {"companies.csv",
                   "company_id,name,credit_code,industry,employees,city,founded_on,capital,channel,updated_at"},
    [PEOPLE] = {"people.csv", "contact_id,company_id,name,mobile,email,title,role,birthday,since,left_on"},
    [STAGES] = {"stages.csv", "company_id,at,stage,seller"},
    [VISITS] = {"visits.csv", "company_id,contact_id,at,kind,seller,minutes,outcome"},
    [CONTRACTS] = {"contracts.csv", "contract_no,company_id,signed_on,starts_on,ends_on,product,seats,amount"},
    [INVOICES] = {"invoices.csv", "invoice_no,company_id,issued_on,due_on,amount"},
    [PAYMENTS] = {"payments.csv", "invoice_no,company_id,issued_on,due_on,paid_on,amount"},
    [USAGE] = {"usage.csv", "email,day,feature,actions"},
    [TICKETS] = {"tickets.csv", "ticket_no,email,opened_at,severity,topic,reply_minutes,satisfaction"},
};
enum { FILES = PT_COUNT(files), MOST_PEOPLE = 12, LEAVES = 458 /* the day on which those go who leave */ };

typedef struct contact {
    sample_person who;
    char id[16];
    const char *title, *role;
    int since; /* day of the data */
    bool left;
} contact;

/* How a company's story goes: how far it came, and when (days of the data). */
typedef struct story {
    int lead, opportunity, trial, signed_on, lost; /* SAMPLE_DAYS or later: not yet */
    bool renews, slow_payer;
} story;

typedef struct company {
    char id[16], name[96], code[19];
    const char *industry, *seller;
    const sample_place *place;
    int64_t employees;
    contact people[MOST_PEOPLE];
    int n_people;
    story story;
} company;

typedef struct b2b {
    sample_file files[FILES];
    pt_rng r;
    uint64_t number;
    company c;
    unsigned papers; /* contracts and invoices so far */
} b2b;

/* --- who ---------------------------------------------------------------------------------------------------------- */

/* 91 (a company), its district, an organisation code of "MA", six signs and its check digit (GB 11714), a check
 * digit. */
static void make_credit_code(char out[19], const char *district, uint64_t number)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    static const int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    char organisation[10] = "MA";
    int sum = 0;

    number = number * 7919 + 1234567;
    for (int i = 7; i >= 2; i--, number /= 31)
        organisation[i] = alphabet[number % 31];
    for (int i = 0; i < 8; i++)
        sum += (organisation[i] <= '9' ? organisation[i] - '0' : organisation[i] - 'A' + 10) * weights[i];
    organisation[8] = "0X987654321"[sum % 11];
    snprintf(out, 19, "91%.6s%.9s", district, organisation);
    out[17] = sample_credit_check(out);
    out[18] = '\0';
}

static void make_story(story *s, pt_rng *r)
{
    int ends = (int)sample_between(r, 0, 999);

    s->lead = (int)sample_between(r, -200, 450);
    s->opportunity = ends < 850 ? s->lead + (int)sample_between(r, 5, 60) : SAMPLE_DAYS;
    s->trial = ends < 650 ? s->opportunity + (int)sample_between(r, 10, 60) : SAMPLE_DAYS;
    s->signed_on = ends < 500 ? s->trial + (int)sample_between(r, 10, 50) : SAMPLE_DAYS;
    s->renews = ends < 350;
    s->lost = ends < 350   ? SAMPLE_DAYS
              : ends < 500 ? s->signed_on + 365
              : ends % 2   ? s->lead + (int)sample_between(r, 90, 300)
                           : SAMPLE_DAYS;
    s->slow_payer = sample_chance(r, 200);
}

static void make_people(company *c, uint64_t number, pt_rng *r)
{
    /* Who decides, who pays, who buys, who uses, who opens doors and who keeps them shut. */
    static const char *const posts[][2] = {
        {"总经理", "决策者"},   {"CIO", "决策者"},    {"财务总监", "把关者"},
        {"采购经理", "采购者"}, {"IT主管", "影响者"}, {"业务主管", "使用者"},
        {"业务员", "使用者"},   {"法务", "把关者"},   {"总经理助理", "发起者"},
    };

    c->n_people = (int)sample_between(r, 1, c->employees < 100 ? 4 : c->employees < 500 ? 8 : MOST_PEOPLE);
    for (int i = 0; i < c->n_people; i++) {
        contact *p = &c->people[i];
        size_t post = (size_t)sample_between(r, 0, (int64_t)PT_COUNT(posts) - 1);
        sample_make_person(&p->who, number * MOST_PEOPLE + (uint64_t)i, r);
        snprintf(p->id, sizeof p->id, "K%07u", (unsigned)(number * MOST_PEOPLE + (uint64_t)i + 1) % 10000000);
        p->title = posts[post][0];
        p->role = sample_chance(r, 120) ? "" : posts[post][1]; /* nobody asked */
        p->since = c->story.lead + (int)sample_between(r, 0, 120);
        p->left = sample_chance(r, 80);
    }
}

static void make_company(b2b *b, uint64_t seed)
{
    static const char *const brands[] = {"华信", "宏远", "金鼎", "瑞达", "天成", "博雅", "中联", "恒通",
                                         "新锐", "启明", "万象", "东方", "盛世", "卓越", "鑫源", "远景"};
    static const char *const trades[][2] = {
        {"制造业", "机械"},     {"制造业", "电子"},     {"信息技术", "软件"}, {"信息技术", "网络科技"},
        {"金融业", "融资租赁"}, {"批发零售", "商贸"},   {"物流", "物流"},     {"医疗", "医疗器械"},
        {"教育", "教育科技"},   {"建筑业", "建筑工程"},
    };
    static const char *const sellers[] = {"赵敏", "钱进", "孙莉", "李想", "周舟", "吴桐"};
    static const int64_t sizes[][2] = {{5, 19}, {20, 99}, {20, 99}, {100, 499}, {100, 499}, {500, 1999}, {2000, 20000}};
    company *c = &b->c;
    pt_rng *r = &b->r;

    sample_rng(r, seed, b->number);
    const char *const *trade = SAMPLE_PICK(r, trades);
    const int64_t *size = SAMPLE_PICK(r, sizes);
    const char *brand = SAMPLE_PICK(r, brands);
    c->place = sample_pick_place(r);
    c->industry = trade[0];
    c->employees = sample_between(r, size[0], size[1]);
    c->seller = SAMPLE_PICK(r, sellers);
    snprintf(c->id, sizeof c->id, "E%06u", (unsigned)(b->number + 1) % 1000000);
    snprintf(c->name, sizeof c->name, "%s%s%s有限公司", c->place->city, brand, trade[1]);
    make_credit_code(c->code, c->place->code, b->number);
    make_story(&c->story, r);
    make_people(c, b->number, r);
    b->papers = 0;
}

/* What the industry is called: one thing, several words. */
static const char *industry_text(const char *industry, pt_rng *r)
{
    static const char *const words[] = {"IT", "互联网", "软件和信息技术服务业", "信息技术"};

    if (sample_chance(r, 30))
        return "";
    return strcmp(industry, "信息技术") == 0 ? SAMPLE_PICK(r, words) : industry;
}

static void write_master(b2b *b, const char *id, const char *name)
{
    static const char *const channels[] = {"展会", "官网", "老客户介绍", "电话", "渠道伙伴"};
    static const char *const written[] = {"%lld", "%lld", "%lld人", "约%lld人"};
    company *c = &b->c;
    pt_rng *r = &b->r;
    sample_text employees, founded, capital, updated;
    const char *industry = industry_text(c->industry, r), *channel = SAMPLE_PICK(r, channels);
    int64_t wan = sample_between(r, 1, 50) * (c->employees < 100 ? 10 : 200);

    /* The format is one of the literals above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(employees, sizeof employees, SAMPLE_PICK(r, written), (long long)c->employees);
#pragma GCC diagnostic pop
    sample_date_loosely(founded, pt_date_from_civil(2000, 1, 1) + (int32_t)sample_between(r, 0, 8000), r);
    if (sample_chance(r, 600))
        snprintf(capital, sizeof capital, "%lld万", (long long)wan);
    else
        sample_money_loosely(capital, wan * 1000000, r);
    sample_time(updated, sample_first_day() + (c->story.lead > 0 ? c->story.lead : 0), 36000);
    sample_row(&b->files[COMPANIES], "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s", id, name, c->code, industry, employees,
               c->place->city, founded, capital, channel, updated);
}

/* Two sellers entered one company, each under a number of its own: only the credit code tells. */
static void write_twin(b2b *b)
{
    char id[16], name[120];

    snprintf(id, sizeof id, "E9%05u", (unsigned)(b->number + 1) % 100000);
    snprintf(name, sizeof name, "%s（集团）", b->c.name);
    write_master(b, id, name);
    sample_text at;
    sample_row(&b->files[STAGES], "%s,%s,线索,钱进", id, sample_time(at, sample_first_day() + 20, 40000));
}

static void write_people(b2b *b)
{
    company *c = &b->c;
    sample_text mobile, birthday, since, left;

    for (int i = 0; i < c->n_people; i++) {
        contact *p = &c->people[i];
        sample_phone_loosely(mobile, p->who.mobile, &b->r);
        sample_date(birthday, p->who.birthday);
        sample_date_loosely(since, sample_first_day() + (p->since > 0 ? p->since : 0), &b->r);
        sample_row(&b->files[PEOPLE], "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s", p->id, c->id, p->who.name, mobile, p->who.email,
                   p->title, p->role, birthday, since, p->left ? sample_date(left, sample_first_day() + LEAVES) : "");
    }
}

/* --- the story ---------------------------------------------------------------------------------------------------- */

static void write_stage(b2b *b, int day, const char *stage)
{
    sample_text at;

    if (day < SAMPLE_DAYS)
        sample_row(&b->files[STAGES], "%s,%s,%s,%s", b->c.id,
                   sample_time(at, sample_first_day() + day, 36000 + (int)(b->number % 3600)), stage, b->c.seller);
}

static void write_stages(b2b *b)
{
    const story *s = &b->c.story;

    write_stage(b, s->lead, "线索");
    write_stage(b, s->opportunity, "商机");
    write_stage(b, s->trial, "试用");
    write_stage(b, s->signed_on, "签约");
    if (s->renews)
        write_stage(b, s->signed_on + 350, "续约");
    write_stage(b, s->lost, "流失");
}

static void write_visits(b2b *b)
{
    static const char *const kinds[] = {"拜访", "电话", "演示", "电话", "微信", "会议"};
    static const char *const outcomes[] = {"积极", "一般", "一般", "消极", "推进"};
    const story *s = &b->c.story;
    pt_rng *r = &b->r;
    int ends = s->lost < SAMPLE_DAYS ? s->lost : SAMPLE_DAYS;
    sample_text at;

    for (int day = s->lead < 0 ? 0 : s->lead; day < ends;
         day += (int)sample_between(r, 5, s->signed_on < day ? 60 : 30)) {
        const contact *p = &b->c.people[sample_between(r, 0, b->c.n_people - 1)];
        const char *kind = SAMPLE_PICK(r, kinds), *outcome = SAMPLE_PICK(r, outcomes);
        int minutes = (int)sample_between(r, 5, 120);
        sample_time(at, sample_first_day() + day, (int)sample_between(r, 9 * 3600, 18 * 3600));
        sample_row(&b->files[VISITS], "%s,%s,%s,%s,%s,%d,%s", b->c.id, p->id, at, kind, b->c.seller, minutes, outcome);
    }
}

/* Four invoices a year; slow payers pay weeks late, or not yet. */
static void write_invoices(b2b *b, int32_t starts, int64_t cents)
{
    pt_rng *r = &b->r;
    int32_t end = sample_first_day() + SAMPLE_DAYS;
    sample_text issued, due, paid, money;

    for (int quarter = 0; quarter < 4; quarter++) {
        int32_t day = starts + quarter * 91;
        int32_t late =
            day + 30 + (int32_t)(b->c.story.slow_payer ? sample_between(r, 5, 120) : sample_between(r, -25, 0));
        if (day >= end)
            return;
        sample_date(issued, day);
        sample_date(due, day + 30);
        sample_money(money, cents / 4);
        sample_row(&b->files[INVOICES], "F%s%02u,%s,%s,%s,%s", b->c.id + 1, ++b->papers % 100, b->c.id, issued, due,
                   money);
        if (late < end)
            sample_row(&b->files[PAYMENTS], "F%s%02u,%s,%s,%s,%s,%s", b->c.id + 1, b->papers % 100, b->c.id, issued,
                       due, sample_date(paid, late), money);
    }
}

static void write_contract(b2b *b, int day, int64_t seats)
{
    static const char *const products[] = {"CRM标准版", "CRM企业版", "数据分析"};
    pt_rng *r = &b->r;
    int32_t signed_on = sample_first_day() + day, starts = signed_on + 7;
    const char *product = SAMPLE_PICK(r, products);
    int64_t cents = seats * sample_between(r, 900, 1500) * 100;
    sample_text signed_text, starts_text, ends_text, money;

    if (day >= SAMPLE_DAYS)
        return;
    sample_date(signed_text, signed_on);
    sample_date(starts_text, starts);
    sample_date(ends_text, starts + 364);
    sample_money_loosely(money, cents, r);
    for (int i = sample_chance(r, 20) ? 2 : 1; i > 0; i--) /* now and then entered twice */
        sample_row(&b->files[CONTRACTS], "H%s-%d,%s,%s,%s,%s,%s,%lld,%s", b->c.id + 1, day, b->c.id, signed_text,
                   starts_text, ends_text, product, (long long)seats, money);
    write_invoices(b, starts, cents);
}

static void write_usage(b2b *b, const contact *p, int from, int to)
{
    static const char *const features[] = {"客户管理", "客户管理", "报表", "合同", "审批", "导入", "接口"};
    pt_rng *r = &b->r;
    bool fading = b->c.story.lost < SAMPLE_DAYS || sample_chance(r, 150);
    sample_text day;

    for (int at = from; at < to && at < SAMPLE_DAYS;
         at += (int)sample_between(r, 2, 9 + (fading ? (at - from) / 12 : 0))) {
        const char *feature = SAMPLE_PICK(r, features);
        sample_row(&b->files[USAGE], "%s,%s,%s,%d", p->who.email, sample_date(day, sample_first_day() + at), feature,
                   (int)sample_between(r, 1, 60));
        if (sample_chance(r, 15))
            sample_row(&b->files[USAGE], "%s,%s,登录,1", p->who.email, day);
    }
}

static void write_tickets(b2b *b, const contact *p, int from, int to)
{
    static const char *const topics[] = {"登录", "数据导入", "报表错误", "权限", "性能", "发票"};
    static const char *const levels[] = {"低", "低", "中", "中", "高", "紧急"};
    pt_rng *r = &b->r;
    sample_text at;

    for (int64_t i = sample_between(r, -1, b->c.story.lost < SAMPLE_DAYS ? 5 : 3); i > 0; i--) {
        int32_t day = sample_first_day() + (int32_t)sample_between(r, from, to - 1);
        const char *topic = SAMPLE_PICK(r, topics), *level = SAMPLE_PICK(r, levels);
        int reply = (int)sample_between(r, 2, 600);
        char satisfied[12] = "";
        if (sample_chance(r, 650))
            snprintf(satisfied, sizeof satisfied, "%d",
                     (int)sample_between(r, reply > 300 ? 1 : 3, reply > 300 ? 3 : 5));
        sample_time(at, day, (int)sample_between(r, 8 * 3600, 20 * 3600));
        b->papers++;
        if (day < sample_first_day() + SAMPLE_DAYS)
            sample_row(&b->files[TICKETS], "G%s%03u,%s,%s,%s,%s,%d,%s", b->c.id + 1, b->papers % 1000, p->who.email, at,
                       level, topic, reply, satisfied);
    }
}

static void write_life(b2b *b)
{
    company *c = &b->c;
    const story *s = &c->story;
    int from = s->trial < 0 ? 0 : s->trial, to = s->lost < SAMPLE_DAYS ? s->lost : SAMPLE_DAYS;
    int64_t seats = 5 + c->employees / sample_between(&b->r, 5, 20);

    write_stages(b);
    write_visits(b);
    write_contract(b, s->signed_on, seats);
    if (s->renews)
        write_contract(b, s->signed_on + 350, seats + sample_between(&b->r, 0, seats / 2));
    if (from >= to || from >= SAMPLE_DAYS)
        return;
    for (int i = 0; i < c->n_people; i++) {
        if (strcmp(c->people[i].role, "把关者") == 0)
            continue; /* they read contracts and use nothing */
        write_usage(b, &c->people[i], from, c->people[i].left && to > LEAVES ? LEAVES : to);
        write_tickets(b, &c->people[i], from, to);
    }
}

pt_rc sample_b2b(const char *dir, uint64_t customers, uint64_t seed, pt_err *err)
{
    b2b b = {0};

    PT_TRY(sample_open(b.files, files, FILES, dir, err));
    for (b.number = 0; b.number < customers; b.number++) {
        make_company(&b, seed);
        write_master(&b, b.c.id, b.c.name);
        if (b.number % 30 == 11)
            write_twin(&b);
        write_people(&b);
        write_life(&b);
    }
    return sample_close(b.files, FILES, PT_OK, err);
}
