# kmeans.py DATA INITIAL ROWS COLUMNS K ITERATIONS: k-means from the same centres. DATA is float32, column by column; INITIAL row by row.
# peer NAME SECONDS inertia=... iterations=...; the inertia is worked out in double precision from the labels.
import sys
import time

import numpy as np
from threadpoolctl import threadpool_limits

data, initial, rows, columns, k, iterations = sys.argv[1:3] + [int(a) for a in sys.argv[3:]]
x = np.ascontiguousarray(np.fromfile(data, np.float32).reshape(columns, rows).T)
centres = np.fromfile(initial, np.float32).reshape(k, columns)


def inertia(m):
    """Of the centres and clusters found: scikit-learn's own figure is a sum in single precision."""
    return ((x.astype(np.float64) - np.asarray(m.cluster_centers_, np.float64)[m.labels_]) ** 2).sum()


def run(name, KMeans):
    for threads in (1, 2):
        with threadpool_limits(threads):
            times = []
            for _ in range(3):
                start = time.perf_counter()
                m = KMeans(k, init=centres, n_init=1, max_iter=iterations, algorithm="lloyd").fit(x)
                times.append(time.perf_counter() - start)
        print("peer %s_%d %.5f inertia=%.12g iterations=%d" % (name, threads, sorted(times)[1], inertia(m), m.n_iter_),
              flush=True)


import sklearn.cluster
run("scikit-learn", sklearn.cluster.KMeans)
try:
    from sklearnex.cluster import KMeans
    run("sklearnex", KMeans)
except ImportError:
    print("sklearnex is not installed")
