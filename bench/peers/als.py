# als.py OFFSETS ITEMS CONFIDENCE START LISTS N_ITEMS FACTORS ITERATIONS N_LISTS: implicit's ALS from the same factors. The best ten
# items of the first customers go to LISTS. SECONDS is of one iteration.
# peer NAME SECONDS loss=...
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as implicit advises
import numpy as np
import scipy.sparse as sp
from implicit.cpu import _als
from implicit.cpu.als import AlternatingLeastSquares

offsets, items, confidence, start = (np.fromfile(p, t) for p, t in
                                     zip(sys.argv[1:5], (np.uint64, np.uint32, np.float32, np.float32)))
n_items, factors, iterations, n_lists = map(int, sys.argv[6:10])
users = len(offsets) - 1
table = sp.csr_matrix((confidence, items.astype(np.int32), offsets.astype(np.int32)), shape=(users, n_items))
start = start.reshape(-1, factors)
for threads in (1, 2):
    times = []
    for _ in range(3):
        model = AlternatingLeastSquares(factors=factors, regularization=0.01, alpha=1.0, iterations=iterations,
                                        num_threads=threads)
        model.user_factors, model.item_factors = start[:users].copy(), start[users:].copy()
        begin = time.perf_counter()
        model.fit(table, show_progress=False)
        times.append((time.perf_counter() - begin) / iterations)
    loss = _als.calculate_loss(table, model.user_factors, model.item_factors, 0.01)
    print("peer implicit_%d %.6f loss=%.9g" % (threads, sorted(times)[1], loss), flush=True)
scores = model.user_factors[:n_lists] @ model.item_factors.T
np.argsort(-scores, axis=1, kind="stable")[:, :10].astype(np.uint32).tofile(sys.argv[5])
