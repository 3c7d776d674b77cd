#!/usr/bin/env python3
# Makes the tables in test_kmeans.c. Needs numpy and scikit-learn; nothing else in the repository does.
import numpy as np
from sklearn.cluster import KMeans


def data(rows, columns):
    """As `numbered` in test_kmeans.c: three lumps."""
    out, state = np.zeros((rows, columns), np.float32), 1
    for r in range(rows):
        for c in range(columns):
            state = (state * 1103515245 + 12345) % 2**31
            out[r, c] = np.float32((state >> 8) % 1000 / np.float32(256) + r % 3 * 2)
    return out


print("k-means from the first k rows: rows, columns, k, inertia, iterations, sizes")
for rows, columns, k in [(300, 2, 3), (1000, 5, 7), (3000, 9, 20), (2000, 3, 64)]:
    x = data(rows, columns).astype(np.float64)
    m = KMeans(k, init=x[:k], n_init=1, tol=0, max_iter=1000).fit(x)
    print("    {%d, %d, %d, %.12g, {%s}}," % (rows, columns, k, m.inertia_, ", ".join(map(str, np.bincount(m.labels_)))))


def first_core_numbers(m):
    """Clusters renumbered by their first core row, core rows only."""
    core = np.zeros(len(m.labels_), bool)
    core[m.core_sample_indices_] = True
    order = {}
    for l in m.labels_[core]:
        order.setdefault(l, len(order))
    sizes = np.bincount([order[l] for l in m.labels_[core]]) if core.any() else []
    return core.sum(), len(order), (m.labels_ < 0).sum(), sorted(sizes, reverse=True)[:6]


from sklearn.cluster import DBSCAN

print("DBSCAN: rows, columns, eps, least, core rows, clusters, noise, core rows of the largest clusters")
for rows, columns, eps, least in [(3000, 2, 0.08, 5), (3000, 3, 0.3, 6), (1500, 6, 1.2, 8), (2000, 1, 0.001, 3)]:
    m = DBSCAN(eps=eps, min_samples=least).fit(data(rows, columns).astype(np.float64))
    core, clusters, noise, sizes = first_core_numbers(m)
    print("    {%d, %d, %g, %d, %d, %d, %d, {%s}}," % (rows, columns, eps, least, core, clusters, noise,
                                                      ", ".join(map(str, sizes))))


from sklearn.cluster import HDBSCAN


def lumps(rows, columns, spread):
    """As `lumps` in test_hdbscan.c: three lumps made tighter, every tenth row strewn about."""
    x = data(rows, columns).astype(np.float64)
    for r in range(rows):
        if r % 10:
            x[r] = x[r] * spread
        x[r] += r % 3 * 2
    return x.astype(np.float32).astype(np.float64)


print("HDBSCAN: rows, columns, spread, least, near, clusters, noise, sum of probabilities, largest clusters")
for rows, columns, spread, least, near in [(600, 2, .25, 15, 15), (900, 3, .25, 10, 8), (500, 2, .5, 5, 3), (400, 1, .1, 8, 8)]:
    m = HDBSCAN(min_cluster_size=least, min_samples=near, copy=True).fit(lumps(rows, columns, spread))
    found = m.labels_[m.labels_ >= 0]
    print("    {%d, %d, %g, %d, %d, %d, %d, %.9g, {%s}}," % (
        rows, columns, spread, least, near, m.labels_.max() + 1, (m.labels_ < 0).sum(), m.probabilities_.sum(),
        ", ".join(map(str, sorted(np.bincount(found), reverse=True)[:6]))))
