#include "base/io.h"
#include "form/form.h"
#include "support/test.h"

static const char *read_region(const char *text, pt_region_level level)
{
    static const char *const names[] = {"ok", "not", "ambiguous", "range", "checksum"};
    static char buf[16];
    pt_str scratch = {0};
    uint32_t code = 0;
    pt_form_rc rc = pt_form_region(&code, pt_sv_of(text), level, &scratch);

    CHECK(!scratch.failed);
    pt_str_free(&scratch);
    snprintf(buf, sizeof buf, "%06u", code);
    return rc == PT_FORM_OK ? buf : names[rc];
}

static void check_all(const char *const (*cases)[2], size_t n, pt_region_level level)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(read_region(cases[i][0], level), cases[i][1]) != 0)
            test_fail(__FILE__, __LINE__, "'%s' is %s, not %s", cases[i][0], read_region(cases[i][0], level),
                      cases[i][1]);
}

/* Codes as in GB/T 2260 and the statistics bureau's tables. */
TEST(form_region__names_and_addresses)
{
    static const char *const cases[][2] = {
        {"北京", "110000"},
        {"北京市", "110000"},
        {"内蒙", "150000"},
        {"内蒙古", "150000"},
        {"内蒙古自治区", "150000"},
        {"广西", "450000"},
        {"新疆维吾尔自治区", "650000"},
        {"黑龙江省", "230000"},
        {"香港", "810000"},
        {"台湾省", "710000"},
        {"吉林", "220000"},
        {"吉林市", "220200"},
        {"吉林省吉林市", "220200"},
        {"深圳", "440300"},
        {"深圳市", "440300"},
        {"延边", "222400"},
        {"延边朝鲜族自治州", "222400"},
        {"巴音郭楞", "652800"},
        {"大理白族自治州大理市", "532901"},
        {"广东省深圳市南山区粤海街道科技园1号", "440305"},
        {"广东深圳南山", "440305"},
        {"广东省 深圳市 南山区", "440305"},
        {"广东省-深圳市-南山区", "440305"},
        {"广东/深圳/南山区", "440305"},
        {"中国广东省深圳市南山区", "440305"},
        {"广东省南山区", "440305"},
        {"深圳市南山区", "440305"},
        {"深圳南山区科技园", "440305"},
        {"北京市朝阳区建国路", "110105"},
        {"北京市北京市朝阳区", "110105"},
        {"北京市市辖区朝阳区", "110105"},
        {"北京朝阳", "110105"},
        {"重庆市垫江县", "500231"},
        {"廣東省深圳市", "440300"},
        {"湖北省仙桃市", "429004"},
        {"海南", "460000"},
        {"青海省海南藏族自治州", "632500"},
        {"朝阳市双塔区", "211302"},
        {"辽宁省朝阳县", "211321"},
        {"昆山", "320583"},
        {"苏州市昆山市", "320583"},
        {"南山区", "ambiguous"},
        {"朝阳区", "ambiguous"},
        {"朝阳", "ambiguous"},
        {"鼓楼区", "ambiguous"},
        {"江苏省鼓楼区", "320000"},
        {"上海路5号", "not"},
        {"南京东路100号", "not"},
        {"广东人", "not"},
        {"深圳某公司", "not"},
        {"Beijing", "not"},
        {"京", "not"},
        {"", "not"},
        {"市辖区", "not"},
        {"440305", "440305"},
        {"4403", "440300"},
        {"44", "440000"},
        {"110100", "110100"},
        {"440305007", "440305"},
        {"990000", "range"},
        {"440399", "range"},
        {"44030", "not"},
    };
    check_all(cases, PT_COUNT(cases), PT_REGION_ANY);
}

TEST(form_region__at_a_level)
{
    static const char *const provinces[][2] = {{"广东省深圳市南山区", "440000"},
                                               {"北京", "110000"},
                                               {"440305", "440000"}},
                             *const cities[][2] = {{"广东省深圳市南山区", "440300"},
                                                   {"北京市朝阳区", "110100"},
                                                   {"北京", "110100"},
                                                   {"广东", "ambiguous"},
                                                   {"重庆市垫江县", "500200"}},
                             *const districts[][2] = {{"广东省深圳市南山区", "440305"}, {"深圳", "ambiguous"}};

    check_all(provinces, PT_COUNT(provinces), PT_REGION_PROVINCE);
    check_all(cities, PT_COUNT(cities), PT_REGION_CITY);
    check_all(districts, PT_COUNT(districts), PT_REGION_DISTRICT);
    CHECK_STR(pt_region_name(440305), "南山区");
    CHECK(!pt_region_name(999999));
}

/* Every division, by its own name behind those it lies in, is found; against the tables of shared data. */
TEST(form_region__every_division_in_full)
{
    const char *shared = test_shared_data();
    char path[400], provinces[100][40] = {{0}}, cities[10000][64] = {{0}};
    pt_arena *a = pt_arena_new(0);
    pt_err err = {0};
    size_t found = 0;
    static const struct {
        const char *file;
        unsigned scale;
    } files[] = {{"provinces.csv", 10000}, {"cities.csv", 100}, {"areas.csv", 1}};

    if (!shared)
        test_skip("the real data of shared/ is not here");
    for (size_t f = 0; f < PT_COUNT(files); f++) {
        pt_sv text;
        snprintf(path, sizeof path, "%s/cn_divisions/%s", shared, files[f].file);
        CHECK_OK(pt_read_file(&text, path, 0, a, &err));
        for (char *save = NULL, *line = strtok_r(pt_arena_strndup(a, text.ptr, text.len), "\n", &save); line;
             line = strtok_r(NULL, "\n", &save)) {
            char name[128] = "", full[400], want[16];
            unsigned code = 0;
            if (sscanf(line, "%u,\"%127[^\"]\"", &code, name) != 2)
                continue;
            bool placeholder = strcmp(name, "市辖区") == 0 || strcmp(name, "县") == 0 || strstr(name, "直辖县级");
            if (f == 0)
                snprintf(provinces[code], sizeof provinces[0], "%s", name);
            if (f == 1 && !placeholder)
                snprintf(cities[code], sizeof cities[0], "%.63s", name);
            if (placeholder)
                continue;
            code *= files[f].scale;
            snprintf(full, sizeof full, "%s%s%s", f > 0 ? provinces[code / 10000] : "", f > 1 ? cities[code / 100] : "",
                     name);
            snprintf(want, sizeof want, "%06u", code);
            if (strcmp(read_region(full, PT_REGION_ANY), want) != 0)
                test_fail(__FILE__, __LINE__, "%s is %s, not %s", full, read_region(full, PT_REGION_ANY), want);
            CHECK_STR(pt_region_name(code), name);
            found++;
        }
    }
    CHECK(found > 3300);
    pt_arena_free(a);
}
