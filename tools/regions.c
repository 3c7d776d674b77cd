/* regions OUT FOLDER: writes OUT, a C file with the administrative divisions of China from the tables of china-division
 * (provinces.csv, cities.csv, areas.csv in FOLDER). Runs while the program is built. What is worked out here: six-digit
 * codes, the part of a name that stands for the whole (广西 of 广西壮族自治区), and the order by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8000, LONGEST = 128, CHAR = 3 /* bytes of a Chinese character */ };

typedef struct region {
    unsigned code;
    char name[LONGEST];
    size_t stem; /* bytes */
} region;

static region regions[MOST];
static size_t n_regions;

/* --- names ------------------------------------------------------------------------------------------------------------ */

static int cut(const char *name, size_t *n, const char *end)
{
    size_t m = strlen(end);

    if (*n < m + (size_t)2 * CHAR || memcmp(name + *n - m, end, m) != 0)
        return 0;
    *n -= m;
    return 1;
}

static void cut_peoples(const char *name, size_t *n)
{
    static const char *const peoples[] = {
        "各族", "蒙古族", "回族",     "藏族",   "维吾尔", "苗族",   "彝族",     "壮族",   "布依族",   "朝鲜族",
        "满族", "侗族",   "瑶族",     "白族",   "土家族", "哈尼族", "哈萨克族", "傣族",   "黎族",     "傈僳族",
        "佤族", "畲族",   "拉祜族",   "水族",   "东乡族", "纳西族", "景颇族",   "土族",   "达斡尔族", "仫佬族",
        "羌族", "布朗族", "撒拉族",   "毛南族", "仡佬族", "普米族", "怒族",     "保安族", "裕固族",   "独龙族",
        "蒙古", "哈萨克", "柯尔克孜", "塔吉克", "锡伯",   "壮",     "回"};

    for (size_t i = 0; i < sizeof peoples / sizeof *peoples; i++)
        if (cut(name, n, peoples[i]))
            i = (size_t)-1; /* several peoples: from the start again */
}

static size_t stem_of(const char *name)
{
    static const char *const ends[] = {"特别行政区", "省",   "市", "地区", "盟", "林区",
                                       "新区",       "矿区", "区", "县",   "旗"};
    size_t n = strlen(name);

    if (cut(name, &n, "自治区") || cut(name, &n, "自治州") || cut(name, &n, "自治县") || cut(name, &n, "自治旗")) {
        cut_peoples(name, &n);
        return n;
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (cut(name, &n, ends[i]))
            break;
    return n;
}

/* --- the tables --------------------------------------------------------------------------------------------------------- */

static void add(unsigned code, const char *name)
{
    region *r = &regions[n_regions++];

    if (n_regions == MOST || strlen(name) >= LONGEST) {
        fprintf(stderr, "regions: more or longer names than expected at %u\n", code);
        exit(1);
    }
    r->code = code;
    strcpy(r->name, name);
    r->stem = stem_of(name);
}

/* code,"name",... */
static void read_table(const char *folder, const char *file, unsigned scale)
{
    char path[4096], line[1024];

    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *in = fopen(path, "r");
    if (!in) {
        perror(path);
        exit(1);
    }
    while (fgets(line, sizeof line, in)) {
        char *name = strchr(line, '"'), *end = name ? strchr(name + 1, '"') : NULL;
        if (!end)
            continue; /* the header */
        *end = '\0';
        add((unsigned)strtoul(line, NULL, 10) * scale, name + 1);
    }
    fclose(in);
}

/* 110100 is 市辖区: a level without a place of its own. Its code is valid, its name means nothing. */
static int is_placeholder(const region *r)
{
    return strcmp(r->name, "市辖区") == 0 || strcmp(r->name, "县") == 0 || strstr(r->name, "直辖县级行政区划");
}

static int by_code(const void *a, const void *b)
{
    const region *x = a, *y = b;

    return (x->code > y->code) - (x->code < y->code);
}

/* A city without districts (东莞) stands in the table of districts too, as its own. */
static void drop_repeats(void)
{
    size_t n = 0;

    for (size_t i = 0; i < n_regions; i++)
        if (n == 0 || regions[n - 1].code != regions[i].code)
            regions[n++] = regions[i];
    n_regions = n;
}

static int by_name(const void *a, const void *b)
{
    const region *x = &regions[*(const size_t *)a], *y = &regions[*(const size_t *)b];
    int c = strcmp(x->name, y->name);

    return c ? c : by_code(x, y);
}

/* The first two characters as a number, in the order of the bytes. */
static unsigned long long head_of(const char *name)
{
    unsigned long long head = 0;

    for (int i = 0; i < 2 * CHAR; i++)
        head = head << 8 | (unsigned char)name[i];
    return head;
}

static void write_out(FILE *out)
{
    static size_t order[MOST];
    size_t n = 0;

    fprintf(out, "/* Made by tools/regions.c from the tables of china-division (MIT licence). */\n"
                 "#include \"form/region_table.h\"\n\nconst region_row region_rows[] = {\n");
    for (size_t i = 0; i < n_regions; i++) {
        int place = !is_placeholder(&regions[i]);
        fprintf(out, "    {%u, \"%s\", %zu, %zu},\n", regions[i].code, regions[i].name, strlen(regions[i].name),
                place ? regions[i].stem : 0);
        if (place)
            order[n++] = i;
    }
    fprintf(out, "};\nconst size_t region_count = %zu;\n\nconst uint16_t regions_by_name[] = {", n_regions);
    qsort(order, n, sizeof *order, by_name);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%zu,", i % 16 ? " " : "\n    ", order[i]);
    fprintf(out, "\n};\nconst size_t regions_by_name_count = %zu;\n\nconst uint64_t regions_by_name_head[] = {", n);
    for (size_t i = 0; i < n; i++)
        fprintf(out, "%s%llu,", i % 8 ? " " : "\n    ", head_of(regions[order[i]].name));
    fprintf(out, "\n};\n");
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: regions OUT FOLDER\n");
        return 2;
    }
    read_table(argv[2], "provinces.csv", 10000);
    read_table(argv[2], "cities.csv", 100);
    read_table(argv[2], "areas.csv", 1);
    /* GB/T 2260 has these three; the tables leave them to other files. */
    add(710000, "台湾省");
    add(810000, "香港特别行政区");
    add(820000, "澳门特别行政区");
    qsort(regions, n_regions, sizeof *regions, by_code);
    drop_repeats();
    FILE *out = fopen(argv[1], "w");
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    write_out(out);
    return fclose(out) ? 1 : 0;
}
