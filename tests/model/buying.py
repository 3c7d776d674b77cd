#!/usr/bin/env python3
# Makes the tables in test_special.c and test_buying.c: special functions by mpmath with 40 digits; the likelihoods, chances of
# being alive and conditional expectations of BG/NBD and Pareto/NBD by the published formulas with hypergeometric functions, which
# src/model does not use for Pareto/NBD. Needs mpmath; nothing else in the repository does.
import mpmath as mp

mp.mp.dps = 40


def show(x):
    return mp.nstr(x, 17)


print("special: x, ln gamma, digamma, trigamma")
for x in ["1e-6", "0.1", "0.5", "1", "1.4616321449683623", "2", "9.99", "10", "123.456", "1e6"]:
    v = mp.mpf(float(x))
    print("    {%s, %s, %s, %s}," % (x, show(mp.loggamma(v)), show(mp.digamma(v)), show(mp.psi(1, v))))
print("hypergeometric: a, b, c, z, value")
for a, b, c, z in [("2.243", "4.426", "4.219", "0.47"), ("0.243", "2.426", "2.219", "0.99"), ("30.5", "12.25", "11.75", "0.6"),
                   ("0.5", "0.3", "-0.4", "0.5"), ("100.25", "102.5", "101.3", "0.3"), ("0.01", "0.02", "0.03", "0.5"),
                   ("3", "1e-3", "2", "0.999"), ("5", "7", "6.5", "0"), ("250", "260", "255", "0.9")]:
    v = mp.hyp2f1(*(mp.mpf(float(t)) for t in (a, b, c, z)))
    print("    {%s, %s, %s, %s, %s}," % (a, b, c, z, show(v)))

CUSTOMERS = [(0, 0, 40), (2, 30.25, 38.75), (1, 1.5, 39), (26, 30.875, 31), (3, 2, 30), (120, 35, 38), (7, 5, 5)]


def bgnbd(p, x, last, age, time):
    r, alpha, a, b = (mp.mpf(v) for v in p)
    both = (alpha + age) ** -(r + x)
    if x > 0:
        both += a / (b + x - 1) * (alpha + last) ** -(r + x)
    whole = (mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) + mp.loggamma(a + b) + mp.loggamma(b + x) -
             mp.loggamma(b) - mp.loggamma(a + b + x) + mp.log(both))
    alive = (alpha + age) ** -(r + x) / both
    f = mp.hyp2f1(r + x, b + x, a + b + x - 1, time / (alpha + age + time))
    more = (a + b + x - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + time)) ** (r + x) * f)
    return whole, alive, alive * more


def pareto(p, x, last, age, time):
    r, alpha, s, beta = (mp.mpf(v) for v in p)
    n = r + s + x
    large, small, second = (alpha, beta, s + 1) if alpha >= beta else (beta, alpha, r + x)
    a0 = (mp.hyp2f1(n, second, n + 1, (large - small) / (large + last)) / (large + last) ** n -
          mp.hyp2f1(n, second, n + 1, (large - small) / (large + age)) / (large + age) ** n)
    living = (alpha + age) ** -(r + x) * (beta + age) ** -s
    whole = (mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) + s * mp.log(beta) + mp.log(living + s / n * a0))
    alive = living / (living + s / n * a0)
    return whole, alive, alive * (r + x) * (beta + age) / ((alpha + age) * (s - 1)) * (
        1 - ((beta + age) / (beta + age + time)) ** (s - 1))


print("customers: model, parameters, x, last, age, time, log-likelihood, alive, expected")
for name, f, parameters in [("bgnbd", bgnbd, [(0.243, 4.414, 0.793, 2.426), (2.5, 11.25, 1.5, 0.25), (0.05, 100, 0.01, 3)]),
                            ("pareto_nbd", pareto, [(0.553, 10.578, 0.606, 11.669), (2.5, 1.25, 0.25, 80), (0.5, 300, 3, 0.5)])]:
    for p in parameters:
        for i, c in enumerate(CUSTOMERS):
            time = mp.mpf([39, 1, 250][i % 3])
            print("    {&pt_%s, {%s}, {%s}, %s, %s}," % (name, ", ".join(map(str, p)), ", ".join(map(str, c)), show(time),
                                                       ", ".join(map(show, f(p, *c, time)))))

SPENT = [(1, 20), (2, 35.5), (7, 12.25), (40, 80), (1, 0.5)]
print("gamma-gamma: p, q, v, log-likelihood of all")
for p, q, v in [(6.25, 3.74, 15.44), (0.5, 20, 300)]:
    p, q, v = mp.mpf(p), mp.mpf(q), mp.mpf(v)
    print("    {{%s, %s, %s}, %s}," % (show(p), show(q), show(v), show(sum(
        mp.loggamma(p * x + q) - mp.loggamma(p * x) - mp.loggamma(q) + q * mp.log(v) + (p * x - 1) * mp.log(m) + p * x * mp.log(x) -
        (p * x + q) * mp.log(v + x * m) for x, m in ((mp.mpf(a), mp.mpf(b)) for a, b in SPENT)))))
