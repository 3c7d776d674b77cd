/* The words by which names and labels tell of what the law protects, and those that no customer should be called.
 * Kinds: PIPL art. 28 (biometrics, religion, specific identity, medical and health, financial accounts, location tracks,
 * minors under 14), GDPR art. 9 and 10 (racial or ethnic origin, political opinions, religious or philosophical beliefs,
 * union membership, genetic and biometric data, health, sex life; criminal convictions). Words are chosen so that everyday
 * names are left alone: `health food`, `device fingerprint`, `gender`, `card_number` of a loyalty card. */
#include "base/utf8.h"
#include "project/lint.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
static const char *const none[] = {NULL};

const pt_sensitive_kind pt_sensitive_kinds[] = {
    {"religion",
     LIST("religion", "religious", "muslim", "christian", "buddhist", "catholic", "hindu", "jewish", "islam"),
     LIST("宗教", "佛教", "基督教", "天主教", "伊斯兰", "穆斯林", "信教"), none},
    {"ethnicity",
     LIST("ethnicity", "ethnic", "ethnic group", "racial", "race and ethnicity", "customer race", "nationality"),
     LIST("民族", "种族", "族裔", "国籍"), LIST("民族风", "民族乐", "民族品牌", "民族服装", "民族舞")},
    {"health",
     LIST("health status", "health condition", "health record", "medical history", "medical record", "disease",
          "illness", "diagnosis", "diagnosed", "pregnant", "pregnancy", "disability", "disabled person", "hiv",
          "cancer", "diabetes", "diabetic", "depression", "depressed", "medication", "mental health",
          "chronic patient"),
     LIST("健康状况", "健康状态", "健康信息", "病史", "病历", "疾病", "患病", "患者", "诊断", "怀孕", "孕期", "残疾",
          "慢性病", "糖尿病", "高血压", "抑郁", "用药", "艾滋", "癌症", "肿瘤"),
     LIST("疾病险", "great depression", "故障诊断", "设备诊断", "网络诊断")},
    {"biometrics",
     LIST("fingerprint", "face id", "facial recognition", "faceprint", "iris scan", "voiceprint", "biometric",
          "biometrics", "dna", "genetic", "genome"),
     LIST("指纹", "人脸", "虹膜", "声纹", "基因", "生物识别", "掌纹"),
     LIST("device fingerprint", "browser fingerprint", "fingerprint id of device", "设备指纹", "浏览器指纹", "转基因")},
    {"sexual life",
     LIST("sexual", "sexuality", "sexual orientation", "sex life", "lgbt", "gay", "lesbian", "homosexual", "bisexual"),
     LIST("性取向", "性生活", "性倾向", "同性恋", "双性恋"), none},
    {"political opinion",
     LIST("political", "politics", "party member", "party membership", "political party", "voting intention"),
     LIST("政治面貌", "政治观点", "政治倾向", "政治立场", "党员", "党派", "群众面貌"), none},
    {"criminal record", LIST("criminal", "criminal record", "conviction", "prison"),
     LIST("犯罪", "前科", "刑事", "服刑"), none},
    {"union membership", LIST("trade union", "union member", "union membership"), LIST("工会会员", "工会成员"), none},
    {"precise location", LIST("gps", "latitude", "longitude", "location track", "home coordinates"),
     LIST("行踪", "轨迹", "经纬度", "经度", "纬度", "实时位置", "精确位置"), LIST("成长轨迹", "行为轨迹", "购买轨迹")},
    {"financial accounts",
     LIST("bank account number", "bank account no", "bank card number", "bank card no", "credit card number",
          "credit card no", "iban", "card cvv", "account password"),
     LIST("银行卡号", "银行账号", "银行帐号", "银行账户号", "信用卡号", "借记卡号", "支付密码"), none},
    {"children under 14", LIST("under 14", "minor under 14", "child id number", "children under 14"),
     LIST("14岁以下", "不满14", "不满十四", "未满14", "未满十四", "十四岁以下", "14周岁以下", "儿童个人信息"), none},
    {NULL, NULL, NULL, NULL},
};

/* What no customer should be called, in a file or on a screen. */
static const char *const insulting_words[] = {"idiot",
                                              "idiots",
                                              "moron",
                                              "morons",
                                              "stupid",
                                              "loser",
                                              "losers",
                                              "retard",
                                              "retards",
                                              "scum",
                                              "cheapskate",
                                              "cheapskates",
                                              "deadbeat",
                                              "deadbeats",
                                              "sucker",
                                              "suckers",
                                              "dumb",
                                              "bitch",
                                              "poor people",
                                              "poor customer",
                                              "poor person",
                                              "white trash",
                                              "ugly people",
                                              "old hag",
                                              "fatso",
                                              "cripple",
                                              "low quality people",
                                              "trash customer",
                                              NULL};
static const char *const insulting_terms[] = {
    "穷人",     "穷鬼",   "穷客户",   "屌丝",     "傻子",     "傻客户", "傻瓜客户", "傻逼",   "蠢货",     "蠢客户",
    "笨蛋",     "笨客户", "垃圾客户", "垃圾用户", "废物客户", "人渣",   "贱人",     "贱民",   "土包子",   "乡巴佬",
    "刁民",     "泼妇",   "老不死",   "弱智",     "脑残",     "智障",   "低端人口", "残废",   "娘炮",     "死胖子",
    "韭菜客户", "冤大头", "肥羊客户", "杀熟",     "黑鬼",     "蛮子",   "扶不上墙", "吝啬鬼", "老赖客户", NULL};

/* --- matching ----------------------------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lowered(char c)
{
    return is_letter(c) ? (char)(c | 0x20) : c;
}

static bool is_of_word(char c)
{
    return is_letter(c) || pt_is_digit(c);
}

/* Whether a word may begin or end between two neighbours: what is neither an ASCII letter nor a digit divides, and so does a turn
 * from letters to digits. */
static bool divides(char before, char after)
{
    return !is_of_word(before) || !is_of_word(after) || is_letter(before) != is_letter(after);
}

/* Whether `wanted` begins here, with whatever stands in the text where `wanted` has a space. */
static bool begins_with(const char *at, const char *wanted)
{
    for (; *wanted; wanted++) {
        if (*wanted != ' ' && lowered(*at) != *wanted)
            return false;
        if (*wanted != ' ') {
            at++;
            continue;
        }
        if (!divides(at[-1], *at))
            return false;
        while (*at && !is_of_word(*at))
            at++;
    }
    return divides(at[-1], *at);
}

/* Allocates nothing: a word that is overlooked because memory ran out would be allowed. */
static bool has_word(const char *text, const char *wanted)
{
    for (const char *at = text; *at; at++)
        if (lowered(*at) == *wanted && (at == text || divides(at[-1], *at)) && begins_with(at, wanted))
            return true;
    return false;
}

/* Whether the place [at, at + n) of the text is inside one of the texts that mean something else. */
static bool is_excused(const char *text, const char *at, size_t n, const char *const *but)
{
    for (; *but; but++)
        for (const char *p = text; (p = strstr(p, *but)); p++)
            if (p <= at && p + strlen(*but) >= at + n)
                return true;
    return false;
}

static bool has_term(const char *text, const char *term, const char *const *but)
{
    for (const char *p = text; (p = strstr(p, term)); p++)
        if (!is_excused(text, p, strlen(term), but))
            return true;
    return false;
}

static bool has_excused_word(const char *text, const char *const *but)
{
    for (; *but; but++)
        if ((unsigned char)**but < 0x80 && has_word(text, *but))
            return true;
    return false;
}

const pt_sensitive_kind *pt_text_sensitive(const char *text)
{
    for (const pt_sensitive_kind *k = pt_sensitive_kinds; k->name; k++) {
        bool excused = has_excused_word(text, k->but);
        for (const char *const *w = k->words; *w; w++)
            if (!excused && has_word(text, *w))
                return k;
        for (const char *const *t = k->terms; *t; t++)
            if (has_term(text, *t, k->but))
                return k;
    }
    return NULL;
}

const char *pt_text_insult(const char *text)
{
    for (const char *const *w = insulting_words; *w; w++)
        if (has_word(text, *w))
            return *w;
    for (const char *const *t = insulting_terms; *t; t++)
        if (strstr(text, *t))
            return *t;
    return NULL;
}
