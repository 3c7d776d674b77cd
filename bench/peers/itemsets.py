# itemsets.py OFFSETS ITEMS SUPPORT: frequent itemsets by PyFIM, Borgelt's C code. Sets are counted by size and not made into Python
# objects (report "#"); of each time that of a call that finds nothing is taken away: reading Python's lists. PyFIM counts on one
# thread.
# peer NAME SECONDS sets=... whole=...
import sys
import time

import fim
import numpy as np

offsets, items, support = np.fromfile(sys.argv[1], np.uint64), np.fromfile(sys.argv[2], np.uint32), int(sys.argv[3])
baskets = [items[offsets[i]:offsets[i + 1]].tolist() for i in range(len(offsets) - 1)]


def median(work):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return sorted(times)[2]


nothing = median(lambda: fim.eclat(baskets, supp=-len(baskets), report="#"))
for name in ("eclat", "fpgrowth"):
    find = getattr(fim, name)
    sets = sum(find(baskets, supp=-support, report="#").values())
    whole = median(lambda: find(baskets, supp=-support, report="#"))
    print("peer %s %.6f sets=%d whole=%.6f" % (name, whole - nothing, sets, whole), flush=True)
