#!/usr/bin/env python3
# Makes the tables in test_effect.c, ../base/test_chances.c, test_cross_table.c and test_interaction.c. Tests and chances are SciPy's; Cliff's
# delta and its variance are counted pair by pair, as Cliff (1993) defines them; the variance of an interaction comes from
# numerical derivatives. Needs scipy >= 1.11 and numpy; nothing else in the repository does.
import math
import numpy as np
from scipy import stats
from scipy.special import gammaln

Z = stats.norm.ppf(0.975)
GROUPS = [  # counts by value 0, 1, 2, ... of two groups
    ([3, 5, 2, 0], [1, 4, 6, 2]),
    ([0, 0, 30, 12, 5, 1], [25, 40, 20, 5, 0, 0]),
    ([50, 20, 10, 5, 2, 1, 1, 0, 0, 3], [80, 20, 9, 4, 0, 1, 0, 0, 0, 0]),
    ([2, 1], [1, 2]),
    ([400, 300, 200, 100], [100, 200, 300, 400]),
]


def number(x):
    return "NAN" if math.isnan(x) else "%.15g" % x


def effect(a, b):
    na, nb = len(a), len(b)
    f = na + nb - 2
    pooled = math.sqrt((((a - a.mean()) ** 2).sum() + ((b - b.mean()) ** 2).sum()) / f)
    d = (a.mean() - b.mean()) / pooled
    j = math.exp(gammaln(f / 2) - gammaln((f - 1) / 2)) / math.sqrt(f / 2)
    error = j * math.sqrt((na + nb) / (na * nb) + d * d / (2 * (na + nb)))
    signs = np.sign(a[:, None] - b[None, :])
    delta = signs.mean()
    rows, columns = signs.mean(axis=1), signs.mean(axis=0)
    v = (nb**2 * ((rows - delta) ** 2).sum() + na**2 * ((columns - delta) ** 2).sum() - ((signs - delta) ** 2).sum())
    v = max(v / (na * nb * (na - 1) * (nb - 1)), (1 - delta**2) / (na * nb - 1))
    e = Z * math.sqrt(v)
    width, whole = e * math.sqrt((1 - delta**2) ** 2 + e * e), 1 - delta**2 + e * e
    return [j * d, j * d - Z * error, j * d + Z * error, (signs > 0).mean() + (signs == 0).mean() / 2, delta,
            (delta - delta**3 - width) / whole, (delta - delta**3 + width) / whole,
            stats.ttest_ind(a, b, equal_var=False).pvalue,
            stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=True).pvalue]


print("effect: counts of a; of b; d, low, high, superiority, delta, low, high, Welch, Mann-Whitney")
for x, y in GROUPS:
    a, b = np.repeat(np.arange(len(x)), x).astype(float), np.repeat(np.arange(len(y)), y).astype(float)
    print("    {%d, {%s}, {%s}, {%s}}," % (len(x), ", ".join(map(str, x)), ", ".join(map(str, y)),
                                           ", ".join(map(number, effect(a, b)))))

print("Student: t, freedom, p")
for t, f in [(0, 5), (1, 1), (2.5, 3.7), (-2.5, 3.7), (4, 30), (12, 8), (0.3, 1000.5), (6, 250000), (40, 1e6), (1.96, 1e12)]:
    print("    {%r, %r, %.15g}," % (t, f, 2 * stats.t.sf(abs(t), f)))
print("beta: a, b, x, chance")
for a, b, x in [(0.5, 0.5, 0.3), (2, 3, 0.5), (30, 4, 0.9), (1e-3, 5, 0.01), (400, 300, 0.6), (7.5, 0.2, 0.999)]:
    print("    {%r, %r, %r, %.15g}," % (a, b, x, stats.beta.cdf(x, a, b)))
print("chi-square: x, freedom, p")
for x, f in [(0, 1), (3.84, 1), (0.5, 2), (10, 4), (100, 121), (150, 121), (30, 3), (900, 20), (2000, 121)]:
    print("    {%r, %r, %.15g}," % (x, f, stats.chi2.sf(x, f)))

TABLES = [[[30, 10], [20, 40]], [[12, 5, 9], [4, 14, 6]], [[100, 200, 300], [110, 190, 310], [90, 205, 290]],
          [[3, 0, 5, 1], [0, 8, 2, 2], [4, 1, 0, 9]]]
print("crosstab: rows, columns, counts; chi-square, p, freedom, V, corrected V, least expected; adjusted residual of (0, 0), TGI")
for t in TABLES:
    o = np.array(t, float)
    n, (r, c) = o.sum(), o.shape
    chi, p, f, expected = stats.chi2_contingency(o, correction=False)
    v = stats.contingency.association(o.astype(int), method="cramer")
    fair = max(0, chi / n - f / (n - 1))
    rr, cc = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    residual = (o[0, 0] - expected[0, 0]) / math.sqrt(
        expected[0, 0] * (1 - o[0].sum() / n) * (1 - o[:, 0].sum() / n))
    print("    {%d, %d, {%s}, %s}," % (r, c, ", ".join("{" + ", ".join("%d" % x for x in row) + "}" for row in t),
                                       ", ".join(map(number, [chi, p, f, v, math.sqrt(fair / (min(rr, cc) - 1)),
                                                              expected.min(), residual, 100 * o[0, 0] / expected[0, 0]]))))


def log_gain(p, r, w):
    def dependence(q):
        return math.log(q[0]) - math.log(q[0] + q[1]) - math.log(q[0] + q[2])
    return dependence(p) - dependence(w * p + (1 - w) * r)


def spread(f, at):  # of f(shares of a multinomial sample of one), by numerical slopes
    h = 1e-6
    slopes = np.array([(f(at + h * np.eye(4)[i]) - f(at - h * np.eye(4)[i])) / (2 * h) for i in range(4)])
    return (at * slopes**2).sum() - (at * slopes).sum() ** 2


PAIRS = [((1000, 300, 200, 120), (9000, 1800, 900, 200), False), ((500, 100, 100, 20), (500, 100, 100, 20), False),
         ((1000, 300, 200, 120), (9000, 1800, 900, 200), True), ((80, 40, 50, 30), (60, 20, 30, 8), True)]
print("interaction: segment n a b both; rest; apart; gain, low, high, p (to six digits)")
for s, o, apart in PAIRS:
    cells = [np.array([ab, a - ab, b - ab, n - a - b + ab]) / n for n, a, b, ab in (s, o)]
    w = 0 if apart else s[0] / (s[0] + o[0])
    g = log_gain(cells[0], cells[1], w)
    error = math.sqrt(spread(lambda p: log_gain(p, cells[1], w), cells[0]) / s[0] +
                      spread(lambda r: log_gain(cells[0], r, w), cells[1]) / o[0])
    print("    {{%s}, {%s}, %s, %.9g, %.9g, %.9g, %.9g}," % (", ".join(map(str, s)), ", ".join(map(str, o)), str(apart).lower(),
          math.exp(g), math.exp(g - Z * error), math.exp(g + Z * error), 2 * stats.norm.sf(abs(g / error))))

APART = [(30, 100, 170, 900), (0, 50, 20, 950), (7, 12, 0, 18), (40, 400, 40, 800)]
print("contrast apart: with, members, base with, base; tgi, low, high, p")
for x, n, k, m in APART:
    add = 0.5 if 0 in (x, k) else 0
    p1, p2, n1, n2 = (x + add) / (n + 2 * add), (k + add) / (m + 2 * add), n + 2 * add, m + 2 * add
    width = Z * math.sqrt((1 - p1) / (n1 * p1) + (1 - p2) / (n2 * p2))
    table = [[x, n - x], [k, m - k]]
    chi = stats.chi2_contingency(table, correction=False)
    p = stats.fisher_exact(table)[1] if chi[3].min() < 5 else chi[1]
    low = 0 if x == 0 else 100 * p1 / p2 * math.exp(-width)
    print("    {%d, %d, %d, %d, %s, %.15g, %s, %.15g}," % (x, n, k, m, "INFINITY" if k == 0 else "%.15g" % (100 * (x / n) / (k / m)),
          low, "INFINITY" if k == 0 else "%.15g" % (100 * p1 / p2 * math.exp(width)), p))
