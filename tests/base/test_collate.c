#include "base/collate.h"

#include "base/rng.h"
#include "support/test.h"

static const char *ordered(const char *const *words, size_t n, const char *lang)
{
    static char line[400];
    pt_sv texts[20];
    uint32_t order[20];
    pt_err err;
    size_t at = 0;

    for (size_t i = 0; i < n; i++)
        texts[i] = pt_sv_of(words[i]);
    CHECK_OK(pt_collate_order(order, texts, n, lang, &err));
    for (size_t i = 0; i < n; i++)
        at += (size_t)snprintf(line + at, sizeof line - at, "%s%s", i ? " " : "", words[order[i]]);
    return line;
}

TEST(base_collate__chinese_by_pinyin)
{
    /* Bytes would give 北京 广州 张 李 深圳 王 陈. */
    static const char *const names[] = {"张", "王", "李", "陈", "北京", "深圳", "广州"}, /* pinyin */
        *const numbered[] = {"第10组", "第2组", "第1组"};

    CHECK_STR(ordered(names, PT_COUNT(names), "zh"), "北京 陈 广州 李 深圳 王 张");
    CHECK_STR(ordered(numbered, PT_COUNT(numbered), "zh"), "第1组 第2组 第10组");
}

TEST(base_collate__english_by_alphabet)
{
    static const char *const words[] = {"zebra", "apple", "Banana", "éclair", "Apple", "item 10", "item 9"};

    CHECK_STR(ordered(words, PT_COUNT(words), "en"), "apple Apple Banana éclair item 9 item 10 zebra");
}

/* A total order, whatever the bytes: 0 only for equal texts, and turned round for turned arguments. */
TEST(base_collate__orders_any_bytes)
{
    pt_rng rng;
    pt_collator *c;
    pt_err err;
    char a[8], b[8];

    CHECK_OK(pt_collator_open(&c, "zh", &err));
    pt_rng_seed(&rng, 1);
    for (int i = 0; i < 20000; i++) {
        size_t n = pt_rng_below(&rng, 8), m = pt_rng_below(&rng, 8);
        for (size_t k = 0; k < 8; k++) {
            a[k] = (char)pt_rng_u64(&rng);
            b[k] = (char)pt_rng_u64(&rng);
        }
        int ab = pt_collate(c, (pt_sv){a, n}, (pt_sv){b, m}), ba = pt_collate(c, (pt_sv){b, m}, (pt_sv){a, n});
        CHECK((ab > 0) == (ba < 0) && (ab < 0) == (ba > 0));
        CHECK((ab == 0) == pt_sv_eq((pt_sv){a, n}, (pt_sv){b, m}));
    }
    pt_collator_free(c);
    pt_collator_free(NULL);
}
