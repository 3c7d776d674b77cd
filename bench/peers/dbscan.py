# dbscan.py DATA ROWS COLUMNS EPS LEAST: DATA is float32, column by column. peer NAME SECONDS core=... clusters=... partition=...: the
# sum of row * cluster over core rows, clusters numbered by their first core row.
import sys
import time

import numpy as np

data, rows, columns, eps, least = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])
x = np.ascontiguousarray(np.fromfile(data, np.float32).reshape(columns, rows).T).astype(np.float64)


def run(name, DBSCAN, jobs):
    start = time.perf_counter()
    m = DBSCAN(eps=eps, min_samples=least, n_jobs=jobs).fit(x)
    seconds = time.perf_counter() - start
    core = np.sort(m.core_sample_indices_)
    labels = m.labels_[core]
    names, first = np.unique(labels, return_index=True)
    number = np.empty(len(names), np.int64)
    number[np.argsort(first)] = np.arange(len(names))
    own = number[np.searchsorted(names, labels)]
    print("peer %s %.4f core=%d clusters=%d partition=%d" % (name, seconds, len(core), len(names), (own * core).sum()),
          flush=True)


import sklearn.cluster
run("scikit-learn_1", sklearn.cluster.DBSCAN, 1)
run("scikit-learn_2", sklearn.cluster.DBSCAN, 2)
try:
    from sklearnex.cluster import DBSCAN
    run("sklearnex", DBSCAN, 2)
except ImportError:
    print("sklearnex is not installed")
