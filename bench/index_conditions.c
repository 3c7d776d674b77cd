/* Random conditions over the population, as text of the portrait language and as SQL. */
#include "index_data.h"

#include <stdio.h>

enum { LEAVES = 5 };

/* How five leaves may hang together; digits are leaves, - before one says "not". */
static const char *const shapes[] = {"1 and 2 and 3 and 4 and 5",    "1 and 2 and (3 or 4) and 5",
                                     "(1 or 2) and (3 or 4) and -5", "1 and 2 and 3 and -(4 or 5)",
                                     "(1 and 2 and 3) or (4 and 5)", "1 and (2 or 3 or 4) and -5",
                                     "(1 or 2 or 3) and 4 and 5",    "1 and -2 and 3 and (4 or -5)"};

/* The same as functions, & and | of two. */
static const char *const functions[] = {"&(1,&(2,&(3,&(4,5))))",   "&(1,&(2,&(|(3,4),5)))",  "&(|(1,2),&(|(3,4),-5))",
                                        "&(1,&(2,&(3,&(-4,-5))))", "|(&(1,&(2,3)),&(4,5))",  "&(1,&(|(2,|(3,4)),-5))",
                                        "&(|(1,|(2,3)),&(4,5))",   "&(1,&(-2,&(3,|(4,-5))))"};

typedef struct leaf_text {
    char text[80], sql[120], bitmap[64], without[128];
} leaf_text;

static uint32_t pick_tag(pt_rng *rng, bool number)
{
    for (;;) {
        uint32_t tag = (uint32_t)pt_rng_below(rng, POPULATION_TAGS);
        const population_tag *t = &population_tags()[tag];
        if (t->kind != POPULATION_LIST && (t->kind >= POPULATION_COUNT) == number)
            return tag;
    }
}

/* Half of the values are those of a random customer, so frequent ones; half are any. */
static uint32_t pick_value(pt_rng *rng, const population_tag *t, uint32_t rows)
{
    uint32_t code = pt_rng_below(rng, 2) ? population_code(t, (uint32_t)pt_rng_below(rng, rows)) : 0;

    return code ? code : 1 + (uint32_t)pt_rng_below(rng, t->values);
}

/* The value's bitmap, and that of those who have another value. */
static void make_bitmaps(leaf_text *out, const population_tag *t, uint32_t code)
{
    snprintf(out->bitmap, sizeof out->bitmap, "%s_%u", t->name, code);
    snprintf(out->without, sizeof out->without, "bitmapAndnot(%s_0, %s_%u)", t->name, t->name, code);
}

static void make_category(leaf_text *out, pt_rng *rng, const population_tag *t, uint32_t rows)
{
    uint32_t code = pick_value(rng, t, rows);

    if (t->kind == POPULATION_BOOL) {
        snprintf(out->text, sizeof out->text, "%s = %s", t->name, code == 2 ? "true" : "false");
        snprintf(out->sql, sizeof out->sql, "%s = %u", t->name, code);
    } else {
        snprintf(out->text, sizeof out->text, "%s = \"v%03u\"", t->name, code);
        snprintf(out->sql, sizeof out->sql, "%s = %u", t->name, code);
    }
    make_bitmaps(out, t, code);
}

static void make_number(leaf_text *out, pt_rng *rng, const population_tag *t)
{
    unsigned most = t->kind == POPULATION_COUNT ? 12 : t->kind == POPULATION_DAYS ? 365 : 300;
    unsigned low = (unsigned)pt_rng_below(rng, most), high = low + 1 + (unsigned)pt_rng_below(rng, most);
    unsigned unit = t->kind == POPULATION_MONEY ? 100 : 1; /* the peers have whole cents */
    const char *op = pt_rng_below(rng, 2) ? ">=" : "<";

    if (pt_rng_below(rng, 3) == 0) {
        snprintf(out->text, sizeof out->text, "%s between %u and %u", t->name, low, high);
        snprintf(out->sql, sizeof out->sql, "%s BETWEEN %u AND %u", t->name, low * unit, high * unit);
    } else {
        snprintf(out->text, sizeof out->text, "%s %s %u", t->name, op, low);
        snprintf(out->sql, sizeof out->sql, "%s %s %u", t->name, op, low * unit);
    }
}

static void add_shape(char *out, size_t size, const char *shape, const leaf_text *leaves, bool sql)
{
    size_t n = 0;

    for (const char *at = shape; *at && n + 128 < size; at++)
        if (*at >= '1' && *at <= '5')
            n += (size_t)snprintf(out + n, size - n, "%s", sql ? leaves[*at - '1'].sql : leaves[*at - '1'].text);
        else if (*at == '-')
            n += (size_t)snprintf(out + n, size - n, "not ");
        else
            out[n++] = *at;
    out[n] = '\0';
}

static void add_functions(char *out, size_t size, const char *shape, const leaf_text *leaves)
{
    size_t n = 0;

    for (const char *at = shape; *at && n + 160 < size; at++)
        if (*at == '-')
            n += (size_t)snprintf(out + n, size - n, "%s", leaves[*++at - '1'].without);
        else if (*at >= '1' && *at <= '5')
            n += (size_t)snprintf(out + n, size - n, "%s", leaves[*at - '1'].bitmap);
        else if (*at == '&' || *at == '|')
            n += (size_t)snprintf(out + n, size - n, "%s", *at == '&' ? "bitmapAnd" : "bitmapOr");
        else
            out[n++] = *at;
    out[n] = '\0';
}

void bench_condition_make(bench_condition *out, pt_rng *rng, uint32_t rows, unsigned numbers)
{
    leaf_text leaves[LEAVES] = {0};
    uint64_t which = numbers ? 1 + pt_rng_below(rng, PT_COUNT(shapes) - 1) : pt_rng_below(rng, PT_COUNT(shapes));
    unsigned at = (unsigned)pt_rng_below(rng, LEAVES); /* where the numbers begin */

    for (unsigned i = 0; i < LEAVES; i++) {
        bool number = (i + LEAVES - at) % LEAVES < numbers;
        out->tags[i] = pick_tag(rng, number);
        const population_tag *t = &population_tags()[out->tags[i]];
        if (number)
            make_number(&leaves[i], rng, t);
        else
            make_category(&leaves[i], rng, t, rows);
    }
    add_shape(out->text, sizeof out->text, shapes[which], leaves, false);
    add_shape(out->sql, sizeof out->sql, shapes[which], leaves, true);
    if (!numbers)
        add_functions(out->bitmaps, sizeof out->bitmaps, functions[which], leaves);
}
