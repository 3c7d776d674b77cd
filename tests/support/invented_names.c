/* Names by how frequent they are. Western: family names as the United States counted them in 2010 (in hundred thousandths of all
 * people), first names roughly as those born from 1940 to 2000 were named. Chinese: family names as the ministry of public security
 * gives them for 2020, in ten thousandths, rounded. Beyond the tables a name is as frequent as its rank says (Zipf), and made up. */
#include <string.h>

#include "support/invented_int.h"

typedef struct share {
    const char *name;
    uint32_t share;
} share;

static const char *pick_share(const share *all, size_t n, uint64_t of, pt_rng *r)
{
    uint64_t at = pt_rng_below(r, of);

    for (size_t i = 0; i < n; i++) {
        if (at < all[i].share)
            return all[i].name;
        at -= all[i].share;
    }
    return NULL;
}

/* A rank from `first` to first * 2^octaves, half as often each time it doubles. */
static uint64_t pick_rank(uint64_t first, unsigned octaves, pt_rng *r)
{
    uint64_t from = first << pt_rng_below(r, octaves);

    return from - first + pt_rng_below(r, from);
}

/* --- Western names ----------------------------------------------------------------------------------------------------------- */

static const share western_families[] = {
    {"smith", 828},    {"johnson", 655},   {"williams", 551},  {"brown", 487},    {"jones", 483},     {"garcia", 395},
    {"miller", 394},   {"davis", 378},     {"rodriguez", 371}, {"martinez", 359}, {"hernandez", 354}, {"lopez", 297},
    {"gonzalez", 285}, {"wilson", 272},    {"anderson", 266},  {"thomas", 256},   {"taylor", 255},    {"moore", 246},
    {"jackson", 240},  {"martin", 238},    {"lee", 235},       {"perez", 231},    {"thompson", 225},  {"white", 224},
    {"harris", 212},   {"sanchez", 208},   {"clark", 191},     {"ramirez", 189},  {"lewis", 180},     {"robinson", 180},
    {"walker", 177},   {"young", 164},     {"allen", 164},     {"king", 158},     {"wright", 156},    {"scott", 149},
    {"torres", 148},   {"nguyen", 148},    {"hill", 147},      {"flores", 147},   {"green", 146},     {"adams", 145},
    {"nelson", 144},   {"baker", 142},     {"hall", 138},      {"rivera", 133},   {"campbell", 131},  {"mitchell", 130},
    {"carter", 128},   {"roberts", 128},   {"gomez", 124},     {"phillips", 122}, {"evans", 121},     {"turner", 118},
    {"diaz", 118},     {"parker", 117},    {"cruz", 116},      {"edwards", 115},  {"collins", 115},   {"reyes", 111},
    {"stewart", 110},  {"morris", 108},    {"morales", 106},   {"murphy", 105},   {"cook", 103},      {"rogers", 103},
    {"gutierrez", 98}, {"ortiz", 97},      {"morgan", 97},     {"cooper", 95},    {"peterson", 95},   {"bailey", 94},
    {"reed", 94},      {"kelly", 93},      {"howard", 92},     {"ramos", 90},     {"kim", 89},        {"cox", 88},
    {"ward", 88},      {"richardson", 88}, {"watson", 87},     {"brooks", 87},    {"chavez", 86},     {"wood", 85},
    {"james", 84},     {"bennett", 83},    {"gray", 83},       {"mendoza", 82},   {"ruiz", 81},       {"hughes", 80},
    {"price", 79},     {"alvarez", 79},    {"castillo", 79},   {"sanders", 78},   {"patel", 78},      {"myers", 77},
    {"long", 76},      {"ross", 75},       {"foster", 75},     {"jimenez", 74}};

/* In thousandths of those of the sex. */
static const share men[] = {
    {"james", 31},   {"michael", 30},  {"robert", 28},  {"john", 28},        {"david", 25},   {"william", 22},
    {"richard", 16}, {"joseph", 15},   {"thomas", 15},  {"christopher", 14}, {"charles", 13}, {"daniel", 13},
    {"matthew", 11}, {"anthony", 10},  {"mark", 10},    {"donald", 9},       {"steven", 9},   {"andrew", 9},
    {"paul", 9},     {"joshua", 9},    {"kenneth", 8},  {"kevin", 8},        {"brian", 8},    {"timothy", 7},
    {"ronald", 7},   {"george", 7},    {"jason", 7},    {"edward", 7},       {"jeffrey", 7},  {"ryan", 7},
    {"jacob", 6},    {"gary", 6},      {"nicholas", 6}, {"eric", 6},         {"jonathan", 6}, {"stephen", 6},
    {"larry", 5},    {"justin", 5},    {"scott", 5},    {"brandon", 5},      {"benjamin", 5}, {"samuel", 5},
    {"gregory", 5},  {"alexander", 5}, {"patrick", 4},  {"frank", 4},        {"raymond", 4},  {"jack", 4},
    {"dennis", 4},   {"jerry", 4},     {"tyler", 4},    {"aaron", 4},        {"jose", 4},     {"adam", 4},
    {"nathan", 3},   {"henry", 3}};

static const share women[] = {
    {"mary", 20},     {"patricia", 12}, {"jennifer", 12}, {"linda", 11},   {"elizabeth", 11}, {"barbara", 10},
    {"susan", 9},     {"jessica", 9},   {"sarah", 9},     {"karen", 8},    {"lisa", 8},       {"nancy", 7},
    {"betty", 6},     {"sandra", 7},    {"margaret", 6},  {"ashley", 6},   {"kimberly", 6},   {"emily", 6},
    {"donna", 6},     {"michelle", 6},  {"carol", 6},     {"amanda", 6},   {"melissa", 5},    {"deborah", 5},
    {"stephanie", 5}, {"rebecca", 5},   {"sharon", 5},    {"laura", 5},    {"cynthia", 5},    {"dorothy", 4},
    {"amy", 4},       {"kathleen", 4},  {"angela", 4},    {"shirley", 4},  {"brenda", 4},     {"emma", 4},
    {"anna", 4},      {"pamela", 4},    {"nicole", 4},    {"samantha", 4}, {"katherine", 4},  {"christine", 4},
    {"helen", 4},     {"debra", 4},     {"rachel", 4},    {"carolyn", 3},  {"janet", 3},      {"maria", 3},
    {"catherine", 3}, {"heather", 3},   {"diane", 3},     {"olivia", 3},   {"julie", 3},      {"joyce", 3},
    {"victoria", 3},  {"ruth", 3}};

static const char *const starts[] = {"al",  "bar", "ben", "bra", "cal", "car", "col", "cra", "dal", "del",
                                     "don", "dra", "el",  "fal", "fer", "gar", "gil", "gre", "hal", "har",
                                     "hol", "ken", "kir", "lan", "lin", "mac", "mar", "mel", "nor", "or",
                                     "pat", "per", "ral", "ros", "sal", "ste", "tal", "tre", "wal", "wes"};
static const char *const middles[] = {"",   "a",  "be", "bi", "co", "da", "de", "di", "do", "en",
                                      "er", "fi", "ga", "ge", "in", "ka", "ki", "la", "le", "li",
                                      "lo", "ma", "me", "mi", "na", "ne", "ni", "o",  "ra", "re",
                                      "ri", "ro", "sa", "se", "si", "ta", "te", "ti", "va", "vi"};
static const char *const family_ends[] = {
    "by",   "cott", "den",  "der",  "dorf",  "er",    "ers",  "feld",  "field", "ford",   "ham",   "house", "ing",
    "kamp", "land", "ley",  "low",  "man",   "mann",  "mer",  "more",  "ner",   "ning",   "rick",  "son",   "stein",
    "ston", "ter",  "ton",  "wick", "wood",  "worth", "bach", "berg",  "bert",  "bridge", "burn",  "bury",  "dell",
    "don",  "ell",  "ez",   "gard", "gate",  "gren",  "hart", "hurst", "ini",   "ito",    "kin",   "kins",  "lin",
    "mark", "mont", "nard", "ona",  "owski", "ridge", "sey",  "shaw",  "strom", "vale",   "ville", "zano"};
static const char *const men_ends[] = {"an",  "bert", "don", "er",  "ford", "ian", "ic",  "ik",  "in", "ius",
                                       "lan", "mar",  "mon", "ney", "ric",  "ron", "son", "ton", "us", "vin"};
static const char *const women_ends[] = {"a",  "bel", "bell", "da", "elle", "ena", "essa", "etta", "ia", "ica",
                                         "ie", "ina", "issa", "la", "lyn",  "na",  "ora",  "ra",   "ta", "yn"};

/* The name of a rank: neighbours in rank are not neighbours in the alphabet. */
static void make_name(invented_text out, uint64_t rank, const char *const *ends, size_t n_ends)
{
    const uint64_t step = 1000003; /* prime: every name comes once */
    uint64_t n = PT_COUNT(starts) * PT_COUNT(middles) * n_ends, at = rank * step % n;

    snprintf(out, INVENTED_TEXT, "%s%s%s", starts[at % PT_COUNT(starts)],
             middles[at / PT_COUNT(starts) % PT_COUNT(middles)], ends[at / PT_COUNT(starts) / PT_COUNT(middles)]);
}

void invented_western_family(invented_text out, pt_rng *r)
{
    const char *name = pick_share(western_families, PT_COUNT(western_families), 100000, r);

    if (name)
        snprintf(out, INVENTED_TEXT, "%s", name);
    else
        make_name(out, pick_rank(100, 10, r), family_ends, PT_COUNT(family_ends));
}

void invented_western_given(invented_text out, bool female, pt_rng *r)
{
    const char *name = female ? pick_share(women, PT_COUNT(women), 480, r) : pick_share(men, PT_COUNT(men), 560, r);

    if (name)
        snprintf(out, INVENTED_TEXT, "%s", name);
    else if (female)
        make_name(out, pick_rank(60, 6, r), women_ends, PT_COUNT(women_ends));
    else
        make_name(out, pick_rank(60, 6, r), men_ends, PT_COUNT(men_ends));
}

bool invented_nickname(invented_text name)
{
    static const char *const pairs[][2] = {
        {"robert", "bob"},     {"william", "bill"},   {"james", "jim"},      {"michael", "mike"},
        {"john", "jack"},      {"richard", "rick"},   {"joseph", "joe"},     {"thomas", "tom"},
        {"charles", "chuck"},  {"daniel", "dan"},     {"matthew", "matt"},   {"anthony", "tony"},
        {"edward", "ted"},     {"samuel", "sam"},     {"steven", "steve"},   {"kenneth", "ken"},
        {"timothy", "tim"},    {"jeffrey", "jeff"},   {"gregory", "greg"},   {"andrew", "andy"},
        {"patricia", "pat"},   {"jennifer", "jenny"}, {"elizabeth", "liz"},  {"barbara", "barb"},
        {"susan", "sue"},      {"jessica", "jess"},   {"margaret", "peggy"}, {"kimberly", "kim"},
        {"deborah", "debbie"}, {"rebecca", "becky"},  {"katherine", "kate"}, {"samantha", "sam"},
        {"victoria", "vicky"}, {"nicholas", "nick"},  {"benjamin", "ben"}};

    for (size_t i = 0; i < PT_COUNT(pairs); i++)
        if (strcmp(name, pairs[i][0]) == 0) {
            snprintf(name, INVENTED_TEXT, "%s", pairs[i][1]);
            return true;
        }
    return false;
}

/* Cities are as frequent as their rank says, like their inhabitants. */
void invented_city(invented_text out, pt_rng *r)
{
    static const char *const ends[] = {"ton", "ville", "field", "burg", "ford", "haven", "port", "dale"};

    make_name(out, pick_rank(8, 9, r), ends, PT_COUNT(ends));
}

void invented_street(invented_text out, pt_rng *r)
{
    static const char *const kinds[] = {"street", "avenue", "road", "lane", "drive", "court"};
    static const char *const common[] = {"main",    "church", "oak",    "park",   "maple",  "cedar", "washington",
                                         "lake",    "hill",   "walnut", "pine",   "second", "third", "elm",
                                         "lincoln", "river",  "ridge",  "sunset", "mill",   "spring"};
    invented_text name;
    uint64_t house = 1 + pt_rng_below(r, 400);

    if (invented_chance(r, 400))
        snprintf(name, sizeof name, "%s", INVENTED_PICK(r, common));
    else
        invented_western_family(name, r);
    snprintf(out, INVENTED_TEXT, "%u %.40s %s", (unsigned)house, name, INVENTED_PICK(r, kinds));
}
