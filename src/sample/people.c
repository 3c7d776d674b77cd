/* People that do not exist, as they are found in Chinese files. */
#include "sample/sample_int.h"

static const sample_place places[] = {
    {"110101", "北京"}, {"310115", "上海"},   {"440106", "广州"}, {"440305", "深圳"}, {"330106", "杭州"},
    {"510107", "成都"}, {"420106", "武汉"},   {"320106", "南京"}, {"500112", "重庆"}, {"610113", "西安"},
    {"320508", "苏州"}, {"120101", "天津"},   {"430104", "长沙"}, {"410105", "郑州"}, {"370202", "青岛"},
    {"210102", "沈阳"}, {"230103", "哈尔滨"}, {"530102", "昆明"}, {"350102", "福州"}, {"350203", "厦门"},
    {"340104", "合肥"}, {"370102", "济南"},   {"210202", "大连"}, {"330203", "宁波"},
};

static const char *const surnames[] = {"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴",   "周",  "徐",
                                       "孙", "马", "朱", "胡", "郭", "何", "高", "林", "罗",   "郑",  "梁",
                                       "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "欧阳", "诸葛"};
static const char *const men[] = {"伟",   "强",   "磊",   "军",   "勇",   "杰",   "涛",   "明",
                                  "超",   "刚",   "建国", "志强", "文博", "浩然", "子轩", "宇航",
                                  "俊杰", "建华", "海涛", "思远", "家豪", "天佑"};
static const char *const women[] = {"芳",   "娜",   "静",   "敏",   "丽",   "艳",   "娟",   "霞",
                                    "秀英", "桂英", "欣怡", "雨桐", "梓涵", "诗涵", "佳怡", "晓燕",
                                    "玉兰", "美玲", "雪梅", "若曦", "婉婷", "思琪"};
/* Latin letters of the surnames, for addresses. */
static const char *const letters[] = {"wang", "li",   "zhang", "liu",  "chen",  "yang",  "huang",  "zhao",
                                      "wu",   "zhou", "xu",    "sun",  "ma",    "zhu",   "hu",     "guo",
                                      "he",   "gao",  "lin",   "luo",  "zheng", "liang", "xie",    "song",
                                      "tang", "xu",   "han",   "feng", "deng",  "cao",   "ouyang", "zhuge"};
static const char *const prefixes[] = {"131", "135", "136", "138", "139", "150", "152", "158", "166", "170",
                                       "177", "180", "185", "186", "188", "189", "191", "198", "199"};

char sample_id_check(const char *digits)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    for (int i = 0; i < 17; i++)
        sum += (digits[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

char sample_credit_check(const char *signs)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I, O, S, V, Z */
    int sum = 0, power = 1;

    for (int i = 0; i < 17; i++) {
        const char *at = strchr(alphabet, signs[i]);
        sum += (int)(at - alphabet) * power;
        power = power * 3 % 31;
    }
    return alphabet[(31 - sum % 31) % 31];
}

const sample_place *sample_pick_place(pt_rng *r)
{
    return &SAMPLE_PICK(r, places);
}

/* Places, birthdays and serial numbers are counted through one after the other, so that no id card comes twice; the
 * birthdays (of 1950 to 2006) in steps of a number prime to their count, so that neighbours have nothing in common. */
static void make_id_card(sample_person *p, uint64_t number)
{
    enum { BIRTHDAYS = 20749, STEP = 7919 }; /* primes */
    uint64_t k = number / PT_COUNT(places);
    unsigned serial = (unsigned)(1 + k / BIRTHDAYS * 2 % 998 + (p->female ? 1 : 0));
    int32_t y, m, d;

    p->place = &places[number % PT_COUNT(places)];
    p->birthday = pt_date_from_civil(1950, 1, 1) + (int32_t)((k * STEP + number) % BIRTHDAYS);
    pt_date_to_civil(&y, &m, &d, p->birthday);
    snprintf(p->id_card, sizeof p->id_card, "%.6s%04u%02u%02u%03u", p->place->code, (unsigned)y % 10000,
             (unsigned)m % 100, (unsigned)d % 100, serial % 1000);
    p->id_card[17] = sample_id_check(p->id_card);
    p->id_card[18] = '\0';
}

void sample_make_person(sample_person *out, uint64_t number, pt_rng *r)
{
    const uint64_t most = 99999989, step = 38503711; /* the largest prime below 10^8, and a number prime to it */
    size_t surname = pt_rng_below(r, PT_COUNT(surnames));

    out->female = sample_chance(r, 490);
    snprintf(out->name, sizeof out->name, "%s%s", surnames[surname],
             out->female ? SAMPLE_PICK(r, women) : SAMPLE_PICK(r, men));
    make_id_card(out, number);
    unsigned tail = (unsigned)((number * step + 20240601) % most);
    snprintf(out->mobile, sizeof out->mobile, "%.3s%08u", SAMPLE_PICK(r, prefixes), tail % 100000000);
    snprintf(out->email, sizeof out->email, "%s%08u@example.com", letters[surname], tail % 100000000);
}
