/* Chinese names and places: the sources are told in invented_names.c. */
#include <string.h>

#include "support/invented_int.h"

typedef struct family {
    invented_sign sign;
    uint32_t share; /* in ten thousandths of all people */
} family;

static const family families[] = {
    {{"王", "wang", NULL}, 725},     {{"李", "li", NULL}, 719},        {{"张", "zhang", "張"}, 683},
    {{"刘", "liu", "劉"}, 538},      {{"陈", "chen", "陳"}, 453},      {{"杨", "yang", "楊"}, 308},
    {{"赵", "zhao", "趙"}, 229},     {{"黄", "huang", "黃"}, 223},     {{"周", "zhou", NULL}, 212},
    {{"吴", "wu", "吳"}, 205},       {{"徐", "xu", NULL}, 167},        {{"孙", "sun", "孫"}, 154},
    {{"胡", "hu", NULL}, 131},       {{"朱", "zhu", NULL}, 126},       {{"高", "gao", NULL}, 121},
    {{"林", "lin", NULL}, 118},      {{"何", "he", NULL}, 117},        {{"郭", "guo", NULL}, 115},
    {{"马", "ma", "馬"}, 105},       {{"罗", "luo", "羅"}, 95},        {{"梁", "liang", NULL}, 84},
    {{"宋", "song", NULL}, 81},      {{"郑", "zheng", "鄭"}, 78},      {{"谢", "xie", "謝"}, 76},
    {{"韩", "han", "韓"}, 68},       {{"唐", "tang", NULL}, 65},       {{"冯", "feng", "馮"}, 64},
    {{"于", "yu", NULL}, 62},        {{"董", "dong", NULL}, 61},       {{"萧", "xiao", "蕭"}, 59},
    {{"程", "cheng", NULL}, 57},     {{"曹", "cao", NULL}, 57},        {{"袁", "yuan", NULL}, 54},
    {{"邓", "deng", "鄧"}, 54},      {{"许", "xu", "許"}, 54},         {{"傅", "fu", NULL}, 51},
    {{"沈", "shen", NULL}, 50},      {{"曾", "zeng", NULL}, 50},       {{"彭", "peng", NULL}, 49},
    {{"吕", "lü", "呂"}, 47},        {{"苏", "su", "蘇"}, 46},         {{"卢", "lu", "盧"}, 46},
    {{"蒋", "jiang", "蔣"}, 45},     {{"蔡", "cai", NULL}, 44},        {{"贾", "jia", "賈"}, 42},
    {{"丁", "ding", NULL}, 42},      {{"魏", "wei", NULL}, 41},        {{"薛", "xue", NULL}, 40},
    {{"叶", "ye", "葉"}, 40},        {{"阎", "yan", "閻"}, 39},        {{"余", "yu", NULL}, 38},
    {{"潘", "pan", NULL}, 37},       {{"杜", "du", NULL}, 36},         {{"戴", "dai", NULL}, 35},
    {{"夏", "xia", NULL}, 34},       {{"钟", "zhong", "鍾"}, 34},      {{"汪", "wang", NULL}, 33},
    {{"田", "tian", NULL}, 33},      {{"任", "ren", NULL}, 32},        {{"姜", "jiang", NULL}, 31},
    {{"范", "fan", NULL}, 30},       {{"方", "fang", NULL}, 30},       {{"石", "shi", NULL}, 30},
    {{"姚", "yao", NULL}, 29},       {{"谭", "tan", "譚"}, 28},        {{"廖", "liao", NULL}, 28},
    {{"邹", "zou", "鄒"}, 27},       {{"熊", "xiong", NULL}, 26},      {{"金", "jin", NULL}, 26},
    {{"陆", "lu", "陸"}, 25},        {{"郝", "hao", NULL}, 24},        {{"孔", "kong", NULL}, 23},
    {{"白", "bai", NULL}, 23},       {{"崔", "cui", NULL}, 22},        {{"康", "kang", NULL}, 21},
    {{"毛", "mao", NULL}, 20},       {{"邱", "qiu", NULL}, 20},        {{"秦", "qin", NULL}, 20},
    {{"江", "jiang", NULL}, 19},     {{"史", "shi", NULL}, 19},        {{"顾", "gu", "顧"}, 19},
    {{"侯", "hou", NULL}, 18},       {{"邵", "shao", NULL}, 18},       {{"孟", "meng", NULL}, 18},
    {{"龙", "long", "龍"}, 17},      {{"万", "wan", "萬"}, 17},        {{"段", "duan", NULL}, 16},
    {{"雷", "lei", NULL}, 16},       {{"钱", "qian", "錢"}, 16},       {{"汤", "tang", "湯"}, 15},
    {{"尹", "yin", NULL}, 15},       {{"黎", "li", NULL}, 15},         {{"易", "yi", NULL}, 14},
    {{"常", "chang", NULL}, 14},     {{"武", "wu", NULL}, 14},         {{"乔", "qiao", "喬"}, 13},
    {{"贺", "he", "賀"}, 13},        {{"赖", "lai", "賴"}, 13},        {{"龚", "gong", "龔"}, 12},
    {{"欧阳", "ouyang", "歐陽"}, 8}, {{"上官", "shangguan", NULL}, 1}, {{"诸葛", "zhuge", "諸葛"}, 1}};

/* Characters of given names, the more frequent first. */
static const invented_sign mens[] = {
    {"伟", "wei", "偉"},   {"明", "ming", NULL}, {"军", "jun", "軍"},   {"建", "jian", NULL}, {"国", "guo", "國"},
    {"强", "qiang", NULL}, {"杰", "jie", NULL},  {"华", "hua", "華"},   {"志", "zhi", NULL},  {"文", "wen", NULL},
    {"勇", "yong", NULL},  {"平", "ping", NULL}, {"磊", "lei", NULL},   {"涛", "tao", "濤"},  {"超", "chao", NULL},
    {"峰", "feng", NULL},  {"鹏", "peng", "鵬"}, {"辉", "hui", "輝"},   {"俊", "jun", NULL},  {"浩", "hao", NULL},
    {"宇", "yu", NULL},    {"林", "lin", NULL},  {"斌", "bin", NULL},   {"海", "hai", NULL},  {"刚", "gang", "剛"},
    {"波", "bo", NULL},    {"东", "dong", "東"}, {"飞", "fei", "飛"},   {"子", "zi", NULL},   {"轩", "xuan", "軒"},
    {"龙", "long", "龍"},  {"凯", "kai", "凱"},  {"晨", "chen", NULL},  {"天", "tian", NULL}, {"家", "jia", NULL},
    {"豪", "hao", NULL},   {"瑞", "rui", NULL},  {"博", "bo", NULL},    {"毅", "yi", NULL},   {"荣", "rong", "榮"},
    {"成", "cheng", NULL}, {"新", "xin", NULL},  {"立", "li", NULL},    {"德", "de", NULL},   {"清", "qing", NULL},
    {"云", "yun", "雲"},   {"昊", "hao", NULL},  {"振", "zhen", NULL},  {"永", "yong", NULL}, {"健", "jian", NULL},
    {"庆", "qing", "慶"},  {"利", "li", NULL},   {"诚", "cheng", "誠"}, {"玮", "wei", "瑋"},  {"阳", "yang", "陽"},
    {"一", "yi", NULL},    {"鸣", "ming", "鳴"}, {"锋", "feng", "鋒"},  {"恒", "heng", NULL}, {"骏", "jun", "駿"}};

static const invented_sign womens[] = {
    {"丽", "li", "麗"},   {"芳", "fang", NULL}, {"敏", "min", NULL},  {"静", "jing", "靜"}, {"秀", "xiu", NULL},
    {"英", "ying", NULL}, {"娟", "juan", NULL}, {"艳", "yan", "艷"},  {"玲", "ling", NULL}, {"燕", "yan", NULL},
    {"红", "hong", "紅"}, {"霞", "xia", NULL},  {"梅", "mei", NULL},  {"娜", "na", NULL},   {"玉", "yu", NULL},
    {"兰", "lan", "蘭"},  {"晓", "xiao", "曉"}, {"婷", "ting", NULL}, {"雪", "xue", NULL},  {"慧", "hui", NULL},
    {"莹", "ying", "瑩"}, {"倩", "qian", NULL}, {"洁", "jie", "潔"},  {"欣", "xin", NULL},  {"佳", "jia", NULL},
    {"雨", "yu", NULL},   {"琳", "lin", NULL},  {"萍", "ping", NULL}, {"桂", "gui", NULL},  {"珍", "zhen", NULL},
    {"凤", "feng", "鳳"}, {"淑", "shu", NULL},  {"月", "yue", NULL},  {"文", "wen", NULL},  {"思", "si", NULL},
    {"梦", "meng", "夢"}, {"涵", "han", NULL},  {"怡", "yi", NULL},   {"诗", "shi", "詩"},  {"瑶", "yao", NULL},
    {"颖", "ying", "穎"}, {"琴", "qin", NULL},  {"丹", "dan", NULL},  {"蕾", "lei", NULL},  {"璐", "lu", NULL},
    {"宁", "ning", "寧"}, {"云", "yun", "雲"},  {"彤", "tong", NULL}, {"薇", "wei", NULL},  {"露", "lu", NULL},
    {"美", "mei", NULL},  {"华", "hua", "華"},  {"珊", "shan", NULL}, {"君", "jun", NULL},  {"媛", "yuan", NULL},
    {"岚", "lan", "嵐"},  {"悦", "yue", NULL},  {"黛", "dai", NULL},  {"蓉", "rong", NULL}, {"馨", "xin", NULL}};

const invented_sign *invented_chinese_family(pt_rng *r)
{
    uint64_t at = pt_rng_below(r, 10000);

    for (size_t i = 0; i < PT_COUNT(families); i++) {
        if (at < families[i].share)
            return &families[i].sign;
        at -= families[i].share;
    }
    return &families[40 + pt_rng_below(r, PT_COUNT(families) - 40)].sign; /* the rest: spread over the less frequent */
}

/* The smaller of two numbers: those at the front come more often. */
static size_t pick_front(size_t n, pt_rng *r)
{
    uint64_t a = pt_rng_below(r, n), b = pt_rng_below(r, n);

    return a < b ? a : b;
}

void invented_chinese_name(invented_chinese *out, bool female, pt_rng *r)
{
    const invented_sign *all = female ? womens : mens;

    out->n_given = invented_chance(r, 170) ? 1 : 2;
    out->given[0] = &all[pick_front(PT_COUNT(mens), r)];
    out->given[1] = &all[pick_front(PT_COUNT(womens), r)];
}

static const invented_sign *alike(const invented_sign *all, size_t n, const invented_sign *s, size_t from)
{
    for (size_t i = 0; i < n; i++) {
        const invented_sign *x = &all[(from + i) % n];
        if (strcmp(x->pinyin, s->pinyin) == 0 && strcmp(x->text, s->text) != 0)
            return x;
    }
    return NULL;
}

const invented_sign *invented_homophone(const invented_sign *s, pt_rng *r)
{
    size_t from = pt_rng_below(r, PT_COUNT(mens));
    const invented_sign *x = alike(mens, PT_COUNT(mens), s, from);

    return x ? x : alike(womens, PT_COUNT(womens), s, from);
}

const invented_region *invented_chinese_region(pt_rng *r)
{
    static const invented_region regions[] = {{"上海市", "上海市", {"浦东新区", "徐汇区", "静安区", "闵行区"}, "021"},
                                              {"北京市", "北京市", {"朝阳区", "海淀区", "西城区", "丰台区"}, "010"},
                                              {"广东省", "广州市", {"天河区", "越秀区", "海珠区", "白云区"}, "020"},
                                              {"广东省", "深圳市", {"福田区", "南山区", "宝安区", "罗湖区"}, "0755"},
                                              {"四川省", "成都市", {"武侯区", "锦江区", "青羊区", "成华区"}, "028"},
                                              {"浙江省", "杭州市", {"西湖区", "上城区", "滨江区", "余杭区"}, "0571"},
                                              {"湖北省", "武汉市", {"武昌区", "洪山区", "江汉区", "汉阳区"}, "027"},
                                              {"重庆市", "重庆市", {"渝中区", "江北区", "渝北区", "沙坪坝区"}, "023"},
                                              {"江苏省", "南京市", {"玄武区", "鼓楼区", "秦淮区", "江宁区"}, "025"},
                                              {"江苏省", "苏州市", {"姑苏区", "吴中区", "虎丘区", "相城区"}, "0512"},
                                              {"陕西省", "西安市", {"雁塔区", "碑林区", "未央区", "莲湖区"}, "029"},
                                              {"天津市", "天津市", {"和平区", "南开区", "河西区", "河东区"}, "022"},
                                              {"湖南省", "长沙市", {"岳麓区", "芙蓉区", "天心区", "雨花区"}, "0731"},
                                              {"河南省", "郑州市", {"金水区", "二七区", "中原区", "惠济区"}, "0371"},
                                              {"山东省", "青岛市", {"市南区", "市北区", "崂山区", "黄岛区"}, "0532"},
                                              {"山东省", "济南市", {"历下区", "市中区", "槐荫区", "天桥区"}, "0531"},
                                              {"辽宁省", "沈阳市", {"和平区", "沈河区", "皇姑区", "铁西区"}, "024"},
                                              {"福建省", "厦门市", {"思明区", "湖里区", "集美区", "同安区"}, "0592"},
                                              {"云南省", "昆明市", {"五华区", "盘龙区", "官渡区", "西山区"}, "0871"},
                                              {"安徽省", "合肥市", {"庐阳区", "蜀山区", "包河区", "瑶海区"}, "0551"}};

    return &regions[pick_front(PT_COUNT(regions), r)];
}

const char *invented_chinese_road(pt_rng *r)
{
    static const char *const roads[] = {
        "人民路", "中山路", "解放路", "建设路", "和平路", "新华路",   "长江路", "黄河路", "文化路", "胜利路",
        "北京路", "南京路", "学府路", "科技路", "滨河路", "迎宾大道", "青年路", "光明路", "工业路", "东风路",
        "朝阳路", "育才路", "友谊路", "幸福路", "环城路", "体育路",   "公园路", "花园路", "振兴路", "泰山路"};

    return INVENTED_PICK(r, roads);
}
