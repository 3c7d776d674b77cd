/* Groups by hand and against scikit-learn (measures.py beside this file). */
#include "model/measures_clusters.h"

#include <math.h>

#include "support/test.h"

/* Points 0, 1 and 10, 12 on a line: silhouettes 1 - 1/11, 1 - 1/10, 1 - 2/9.5, 1 - 2/11.5. */
TEST(model_clusters__silhouette_by_hand)
{
    pt_err err;
    pt_pool *pool;
    pt_measured m;
    double overlap;
    const pt_matrix x = {(const float[]){0, 1, 10, 12}, 4, 1, 4};
    const double want = (1 - 1 / 11.0 + 1 - 1 / 10.0 + 1 - 2 / 9.5 + 1 - 2 / 11.5) / 4;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    CHECK_OK(pt_silhouette(&m, &x, (const int32_t[]){0, 0, 1, 1}, pool, &err));
    CHECK(fabs(m.value - want) < 1e-12);
    CHECK(m.low < m.value && m.value < m.high);
    CHECK_OK(pt_davies_bouldin(&overlap, &x, (const int32_t[]){0, 0, 1, 1}, &err));
    CHECK(fabs(overlap - 1.5 / 10.5) < 1e-12); /* widths 0.5 and 1, 10.5 apart */
    CHECK_OK(pt_silhouette(&m, &x, (const int32_t[]){0, 0, 0, 0}, pool, &err));
    CHECK(isnan(m.value));
    CHECK_OK(pt_silhouette(&m, &x, (const int32_t[]){0, 0, -1, -1}, pool, &err));
    CHECK(isnan(m.value));
    pt_pool_free(pool);
}

enum { N = 120 };

static float points[3 * N];
static int32_t group[N];

static pt_matrix cloud(void)
{
    for (int i = 0; i < N; i++) {
        group[i] = i % 4;
        points[i] = (float)((i * 37) % 101) / 10 + (float)(i % 4) * 5;
        points[N + i] = (float)((i * 53) % 97) / 10 - (float)(i % 4) * 3;
        points[2 * N + i] = (float)((i * 29) % 89) / 10;
    }
    return (pt_matrix){points, N, 3, N};
}

TEST(model_clusters__are_those_of_scikit_learn)
{
    pt_err err;
    pt_pool *pool;
    pt_measured m;
    double value;
    int32_t other[N];
    const pt_matrix x = cloud();

    for (unsigned threads = 1; threads <= 5; threads += 4) {
        CHECK_OK(pt_pool_new(&pool, threads, &err));
        CHECK_OK(pt_silhouette(&m, &x, group, pool, &err));
        CHECK(fabs(m.value - 0.103985162801) < 1e-6);
        pt_pool_free(pool);
    }
    CHECK_OK(pt_davies_bouldin(&value, &x, group, &err));
    CHECK(fabs(value - 1.66173932874) < 1e-6);
    for (int i = 0; i < N; i++)
        other[i] = (i * i + i / 3) % 4 < 2 ? group[i] : 3 - group[i] / 2;
    CHECK_OK(pt_adjusted_rand(&value, group, other, N, &err));
    CHECK(fabs(value - 0.461538461538) < 1e-9);
}

TEST(model_clusters__adjusted_rand_knows_no_names)
{
    pt_err err;
    double value;

    CHECK_OK(pt_adjusted_rand(&value, (const int32_t[]){0, 0, 1, 1, -1}, (const int32_t[]){5, 5, -1, -1, 2}, 5, &err));
    CHECK_DOUBLE(value, 1);
    CHECK_OK(pt_adjusted_rand(&value, (const int32_t[]){0, 0, 1, 1}, (const int32_t[]){0, 1, 0, 1}, 4, &err));
    CHECK(fabs(value + 0.5) < 1e-12); /* pairs: 0 together in both, 2 in each, 2 * 2 / 6 by chance */
}
