/* What tells clusters apart, by hand. */
#include "model/cluster_profile.h"

#include <math.h>

#include "support/test.h"

TEST(model_cluster_profile__differences_by_hand)
{
    /* Rows 0-3 spend 9 of {1, 9}, rows 4-7 spend 1; row 8 is of no cluster. */
    const float spend[] = {9, 9, 9, 9, 1, 1, 1, 1, NAN};
    const uint32_t city[] = {0, 0, 0, 1, 1, 1, 1, 1, PT_NO_CODE}, items[] = {1, 0, 1, 1};
    const uint64_t offsets[] = {0, 1, 3, 4, 4, 4, 4, 4, 4, 4};
    const int32_t group[] = {0, 0, 0, 0, 1, 1, 1, 1, -1};
    static const char *const cities[] = {"Beijing", "Wuhan"}, *const goods[] = {"tea", "wine"};
    const pt_feature features[] = {
        {.name = "spend", .kind = PT_FEATURE_NUMBER, .numbers = spend},
        {.name = "city", .kind = PT_FEATURE_CATEGORY, .names = cities, .n_names = 2, .codes = city},
        {.name = "aside", .kind = PT_FEATURE_NUMBER, .numbers = spend, .aside = true},
        {.name = "likes", .kind = PT_FEATURE_LIST, .names = goods, .n_names = 2, .offsets = offsets, .items = items},
    };
    pt_table t = {.rows = 9, .n_features = 4, .features = features};
    pt_arena *arena = pt_arena_new(0);
    pt_cluster_profile *p;
    pt_err err = {0};

    CHECK(arena);
    CHECK_OK(pt_cluster_profiles(&p, 2, &t, group, arena, &err));
    CHECK_INT(p[0].rows, 4);
    CHECK_INT(p[1].rows, 4);
    CHECK_INT(p[0].n_traits, 3);
    /* Three of four are in Beijing and have wine, none of the five others: 2 asin(sqrt 0.75) = 2 pi / 3; spend is 8 apart, its deviation is 4. */
    CHECK_INT(p[0].traits[0].feature, 1);
    CHECK_INT(p[0].traits[0].name, 0);
    CHECK(fabs(p[0].traits[0].effect - 2 * 3.14159265358979 / 3) < 1e-12);
    CHECK_DOUBLE(p[0].traits[0].inside, 0.75);
    CHECK_INT(p[0].traits[1].feature, 3); /* as far apart: of equals the first feature comes first */
    CHECK_INT(p[0].traits[1].name, 1);
    CHECK_INT(p[0].traits[2].feature, 0);
    CHECK_INT(p[0].traits[2].name, PT_NO_CODE);
    CHECK_DOUBLE(p[0].traits[2].effect, 2);
    CHECK_DOUBLE(p[0].traits[2].inside, 9);
    CHECK_DOUBLE(p[0].traits[2].outside, 1);
    CHECK(p[1].traits[0].effect < 0 || p[1].traits[0].feature == 1);
    pt_arena_free(arena);
}

TEST(model_cluster_profile__alike_clusters_have_no_traits)
{
    float spend[400];
    int32_t group[400];
    const pt_feature features[] = {{.name = "spend", .kind = PT_FEATURE_NUMBER, .numbers = spend}};
    pt_table t = {.rows = 400, .n_features = 1, .features = features};
    pt_arena *arena = pt_arena_new(0);
    pt_cluster_profile *p;
    pt_err err = {0};

    for (int i = 0; i < 400; i++) {
        spend[i] = (float)(i % 20);
        group[i] = i / 20 % 3; /* the fourth of four has nobody */
    }
    CHECK(arena);
    CHECK_OK(pt_cluster_profiles(&p, 4, &t, group, arena, &err));
    for (int g = 0; g < 4; g++)
        CHECK_INT(p[g].n_traits, 0);
    CHECK_INT(p[3].rows, 0);
    for (int i = 0; i < 400; i++)
        spend[i] = 5;
    CHECK_OK(pt_cluster_profiles(&p, 4, &t, group, arena, &err));
    CHECK_INT(p[0].n_traits, 0);
    pt_arena_free(arena);
}
