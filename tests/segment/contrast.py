#!/usr/bin/env python3
# Makes the table in test_contrast.c: p by SciPy, the interval by the delta method as contrast.h describes it, q by SciPy's
# false_discovery_control. Needs scipy >= 1.11; nothing else in the repository does.
import math
from scipy import stats

CASES = [(30, 100, 200, 1000), (3, 10, 8, 100), (0, 50, 20, 1000), (7, 12, 9, 30), (1, 3, 1, 10), (160, 1000, 1400, 10000),
         (12000, 100000, 1000000, 10000000), (2, 40, 2, 400), (51, 100, 500, 1000)]
ps = []
for x, n, k, all_ in CASES:
    table = [[x, n - x], [k - x, (all_ - n) - (k - x)]]
    chi = stats.chi2_contingency(table, correction=False)
    p = stats.fisher_exact(table)[1] if chi[3].min() < 5 else chi[1]
    ps.append(p)
    tgi = 100 * (x / n) / (k / all_)
    if x == 0:
        z = stats.norm.ppf(0.975)
        low, high = 0, 100 * (z * z / (n + z * z)) / (k / all_)
    else:
        h = 0.5 if k == x else 0
        n2, r2 = n + 2 * h, all_ - n + 2 * h
        w, p1, p2 = n2 / (n2 + r2), (x + h) / n2, (k - x + h) / r2
        share = w * p1 + (1 - w) * p2
        v = (1 / p1 - w / share) ** 2 * p1 * (1 - p1) / n2 + ((1 - w) / share) ** 2 * p2 * (1 - p2) / r2
        width = stats.norm.ppf(0.975) * math.sqrt(v)
        low, high = tgi * math.exp(-width), min(tgi * math.exp(width), 100 * all_ / n)
    print("    {%d, %d, %d, %d, %.15g, %.15g, %.15g, %.15g, Q}," % (x, n, k, all_, tgi, low, high, p))
print([("%.15g" % q) for q in stats.false_discovery_control(ps)])
