/* The engine's CSV reader and csv.c must read the same rows from the same bytes: which of them reads a file depends on
 * what is wrong with it, and must not show. Random files, most of them broken. */
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/source.h"
#include "support/test.h"

static void add_piece(pt_str *out, pt_rng *rng)
{
    static const char *const pieces[] = {
        "x",    "y1",           " ", "  ", ",",  ",",  ",",     "\"",      "\"",       "\"\"", "\n", "\n",  "\n",
        "\r\n", "\xE5\xAE\xA2", "'", "#",  "\t", "NA", "\"q\"", "\"a,b\"", "\"a\nb\"", ";",    "\\", "\\\""};

    pt_str_add(out, pieces[pt_rng_below(rng, PT_COUNT(pieces))]);
}

/* A well-formed row of three fields, or noise. */
static void add_row(pt_str *out, pt_rng *rng)
{
    static const char *const fields[] = {"",           "a",   "bb c",    "\"q\"",    "\"a,b\"", "\"a\nb\"",
                                         "\"x\"\"y\"", " s ", " \"t\" ", "5\" nail", "NA",      "\xE5\xAE\xA2",
                                         "'",          "#z",  "\"\"",    "\\",       "\"\\\"",  "a\tb"};

    if (pt_rng_below(rng, 12) == 0) {
        for (uint64_t n = 1 + pt_rng_below(rng, 8); n; n--)
            add_piece(out, rng);
    } else {
        for (int i = 0; i < 3; i++)
            pt_str_addf(out, "%s%s", i ? "," : "", fields[pt_rng_below(rng, PT_COUNT(fields))]);
    }
    pt_str_add(out, "\n");
}

static void read_as(test_project *t, const char *const *missing, size_t n, pt_str *out)
{
    t->sources[0].missing_text = missing;
    t->sources[0].n_missing_text = n;
    t->sources[0].hash.hi++;
    test_read_ok(t, 0);
    pt_str_add(out, test_rows(t, "SELECT * FROM raw.orders"));
    pt_str_add(out, "---\n");
    pt_str_add(out, test_rows(t, "SELECT line, reason, raw FROM meta.quarantine ORDER BY line"));
}

TEST(source_csv__both_readers_agree_on_random_files)
{
    static const char *const plain[] = {"NA"}, *const careful[] = {"NA",
                                                                   "no, never"}; /* a delimiter: not for the engine */
    test_project t;
    pt_rng rng;
    pt_str file = {0}, fast = {0}, slow = {0};
    const char *rounds = getenv("ROUNDS");

    test_project_open(&t);
    t.sources[0].kind = PT_SOURCE_RECORD;
    TEST_COLUMNS(&t, 0, "a text", "b text", "c text");
    pt_rng_seed(&rng, 2024);
    for (int round = 0; round < (rounds ? strtol(rounds, NULL, 10) : 40); round++) {
        pt_str_clear(&file);
        pt_str_clear(&fast);
        pt_str_clear(&slow);
        pt_str_add(&file, "a,b,c\n");
        for (uint64_t n = pt_rng_below(&rng, 6); n; n--)
            add_row(&file, &rng);
        test_write("orders.csv", file.ptr, file.len);
        read_as(&t, plain, 1, &fast);
        read_as(&t, careful, 2, &slow);
        if (strcmp(pt_str_cstr(&fast), pt_str_cstr(&slow)) != 0)
            test_fail(__FILE__, __LINE__, "round %d: the file\n%s\nis read as\n%s\nby one and\n%s\nby the other", round,
                      file.ptr, pt_str_cstr(&fast), pt_str_cstr(&slow));
    }
    pt_str_free(&file);
    pt_str_free(&fast);
    pt_str_free(&slow);
    test_project_close(&t);
}
