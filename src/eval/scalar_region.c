/* Chinese administrative divisions by their six-digit codes (GB/T 2260): two digits each for province, city, district. */
#include "eval/scalar.h"

static const struct {
    char code[3];
    const char *zh, *en;
} provinces[] = {
    {"11", "北京", "Beijing"},
    {"12", "天津", "Tianjin"},
    {"13", "河北", "Hebei"},
    {"14", "山西", "Shanxi"},
    {"15", "内蒙古", "Inner Mongolia"},
    {"21", "辽宁", "Liaoning"},
    {"22", "吉林", "Jilin"},
    {"23", "黑龙江", "Heilongjiang"},
    {"31", "上海", "Shanghai"},
    {"32", "江苏", "Jiangsu"},
    {"33", "浙江", "Zhejiang"},
    {"34", "安徽", "Anhui"},
    {"35", "福建", "Fujian"},
    {"36", "江西", "Jiangxi"},
    {"37", "山东", "Shandong"},
    {"41", "河南", "Henan"},
    {"42", "湖北", "Hubei"},
    {"43", "湖南", "Hunan"},
    {"44", "广东", "Guangdong"},
    {"45", "广西", "Guangxi"},
    {"46", "海南", "Hainan"},
    {"50", "重庆", "Chongqing"},
    {"51", "四川", "Sichuan"},
    {"52", "贵州", "Guizhou"},
    {"53", "云南", "Yunnan"},
    {"54", "西藏", "Tibet"},
    {"61", "陕西", "Shaanxi"},
    {"62", "甘肃", "Gansu"},
    {"63", "青海", "Qinghai"},
    {"64", "宁夏", "Ningxia"},
    {"65", "新疆", "Xinjiang"},
    {"71", "台湾", "Taiwan"},
    {"81", "香港", "Hong Kong"},
    {"82", "澳门", "Macao"},
};

/* The province of a code, or -1 when it is none. */
static int province_of(pt_sv code)
{
    if (code.len != 6)
        return -1;
    for (size_t i = 0; i < 6; i++)
        if (code.ptr[i] < '0' || code.ptr[i] > '9')
            return -1;
    for (size_t i = 0; i < PT_COUNT(provinces); i++)
        if (memcmp(provinces[i].code, code.ptr, 2) == 0)
            return (int)i;
    return -1;
}

static bool is_province(pt_sv code)
{
    return memcmp(code.ptr + 2, "0000", 4) == 0;
}

static bool is_city(pt_sv code)
{
    return memcmp(code.ptr + 4, "00", 2) == 0;
}

/* What a function says of a valid code, in buf when it has to be put together; len 0 for missing. */
static pt_sv answer(pt_fn fn, pt_sv code, int province, bool english, char buf[6])
{
    size_t kept = fn == PT_FN_PROVINCE_OF ? 2 : 4;

    switch (fn) {
    case PT_FN_REGION_LEVEL:
        return is_province(code) ? PT_SV("province") : is_city(code) ? PT_SV("city") : PT_SV("district");
    case PT_FN_PROVINCE_NAME: return pt_sv_of(english ? provinces[province].en : provinces[province].zh);
    default:
        if (fn == PT_FN_CITY_OF && is_province(code))
            return (pt_sv){"", 0};
        memset(buf, '0', 6);
        memcpy(buf, code.ptr, kept);
        return (pt_sv){buf, 6};
    }
}

static uint32_t region_row(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, pt_sv code)
{
    char buf[6];
    int province = province_of(code);
    bool english = op->n_args > 1 && pt_sv_eq(column_text(args[1], pt_column_code(args[1], 0)), PT_SV("en"));

    if (province < 0)
        return PT_CODE_MISSING;
    pt_sv text = answer(op->node->u.fn, code, province, english, buf);
    return text.len ? slot_intern(e, out, text) : PT_CODE_MISSING;
}

static RUNNER(run_region)
{
    uint32_t *o = slot_room(e, out, n, sizeof *o);
    code_memo *m = slot_memo(e, out, 0, 1, args[0]->dict);

    for (size_t i = 0; o && m && i < n; i++) {
        uint32_t code = pt_column_code(args[0], i);
        /* Kept plus one: 0 is a text not met yet. */
        if (code && !m->values[code])
            m->values[code] = region_row(e, op, out, args, column_text(args[0], code)) + 1;
        o[i] = code ? m->values[code] - 1 : PT_CODE_MISSING;
    }
}

op_run region_runner(pt_fn fn)
{
    switch (fn) {
    case PT_FN_REGION_LEVEL:
    case PT_FN_PROVINCE_OF:
    case PT_FN_CITY_OF:
    case PT_FN_PROVINCE_NAME: return run_region;
    default: return NULL;
    }
}
