/* convert: nanoseconds a value for the conversions of cleaning, on values as files have them: mostly plain, some not. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "form/conversion.h"

enum { VALUES = 1 << 16, ROUNDS = 16, LONGEST = 96 };

static const struct {
    const char *name, *words;
    const char *usual, *odd[4]; /* what seven and one of eight values look like; # is a random digit */
} kinds[] = {
    {"number_plain", "number", "##.##", {"##.##", "##.##", "##.##", "##.##"}},
    {"number_mixed", "number", "##.##", {"¥1,###.##", "1.#万", "三万五千", "(1##.#)"}},
    {"date_iso", "date", "201#-0#-1#", {"201#-0#-1#", "201#-0#-1#", "201#-0#-1#", "201#-0#-1#"}},
    {"date_mixed", "date", "201#-0#-1#", {"201#年1月1#日", "1#/31/201#", "Jan 1#, 201#", "201#-01-1# 下午3:05"}},
    {"phone_plain", "phone_cn", "138########", {"138########", "138########", "138########", "138########"}},
    {"phone_mixed",
     "phone_cn",
     "138########",
     {"+86 138-####-####", "010-6#######", "１３８########", "0086138########"}},
    {"id_card",
     "id_card",
     "110105491231###",
     {"110105491231###", "110105491231###", "110105491231###", "11010549123100#"}},
    {"region", "region", "广东省深圳市南山区", {"北京", "内蒙古", "上海市浦东新区张江路#号", "江苏南京"}},
    {"simplified", "simplified", "张伟", {"張偉", "王小明", "劉憶蓮", "一目瞭然"}},
};
static char texts[VALUES][LONGEST];
static size_t kind; /* measured next; set before the child is made */

static void fill(const char *pattern, char *out, pt_rng *rng)
{
    for (; *pattern; pattern++)
        *out++ = *pattern == '#' ? (char)('1' + pt_rng_below(rng, 9)) : *pattern;
    *out = '\0';
}

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    double seconds[9];
    pt_conversion c;
    pt_conversion_fault fault;
    pt_str scratch = {0};
    pt_rng rng;
    size_t converted = 0;
    pt_sv result;

    if (!pt_conversion_open(&c, pt_sv_of(kinds[kind].words), &fault))
        return pt_fail(err, PT_EINTERNAL, "%s", fault.message);
    pt_rng_seed(&rng, kind);
    for (size_t i = 0; i < VALUES; i++)
        fill(pt_rng_below(&rng, 8) ? kinds[kind].usual : kinds[kind].odd[pt_rng_below(&rng, 4)], texts[i], &rng);
    for (int run = 0; run < env->runs && run < 9; run++) {
        double start = bench_now();
        for (int round = 0; round < ROUNDS; round++)
            for (size_t i = 0; i < VALUES; i++)
                converted += pt_conversion_apply(&result, &c, pt_sv_of(texts[i]), &scratch) == PT_FORM_OK;
        seconds[run] = bench_now() - start;
    }
    out->seconds = bench_median(seconds, (size_t)(env->runs < 9 ? env->runs : 9));
    out->bytes = (double)converted; /* so that the work is not thrown away */
    (void)rows;
    pt_rc rc = pt_str_check(&scratch, err);
    pt_str_free(&scratch);
    return rc;
}

void bench_convert(const bench_env *env)
{
    char name[64];

    for (kind = 0; kind < PT_COUNT(kinds); kind++) {
        bench_result r = bench_child(env, measure, VALUES);
        snprintf(name, sizeof name, "convert_%s", kinds[kind].name);
        bench_line(name, r.seconds / VALUES / ROUNDS * 1e9, "ns", 0, NULL);
    }
}
