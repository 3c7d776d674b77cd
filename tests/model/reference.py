#!/usr/bin/env python3
# Makes the reference results in test_logistic.c: the same examples as tests/model/learn.c makes, fitted by scikit-learn to a
# tolerance far below what is compared. Needs numpy and scikit-learn >= 1.8; nothing else in the repository does.
import numpy as np
from sklearn.linear_model import LogisticRegression


class Lcg:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return np.float32(self.state >> 40) / np.float32(16777216)


def examples(rows, columns, classes, seed):
    g, f = Lcg(seed), np.float32
    x, y, w = np.zeros((rows, columns), f), np.zeros(rows, f), np.zeros(rows, f)
    for r in range(rows):
        score = f(0)
        for c in range(columns):
            x[r, c] = g.next() * f(2) - f(1)
            if c < 4:
                score += x[r, c] * f(4 >> c) / f(4)
        score += g.next() - f(0.5)
        at = np.floor((score + f(1)) * f(classes) / f(2)) if classes else 0
        y[r] = score if classes == 0 else min(max(at, 0), classes - 1)
        w[r] = g.next() + f(0.5)
    return x, y, w


def show(name, values):
    print("static const double %s[] = {%s};" % (name, ", ".join("%.9g" % v for v in np.ravel(values))))


def fit(name, classes, weighted, **settings):
    x, y, w = examples(300, 6, classes, 11)
    solver = "saga" if settings.get("l1_ratio", 0) > 0 else ("newton-cholesky" if classes == 2 else "newton-cg")
    m = LogisticRegression(solver=solver, tol=1e-14, max_iter=200000, **settings)
    m.fit(x.astype(np.float64), y, w.astype(np.float64) if weighted else None)
    show(name, np.hstack([m.coef_, m.intercept_[:, None]]))


if __name__ == "__main__":
    fit("binary_l2", 2, False, C=1)
    fit("binary_l2_weighted", 2, True, C=10)
    fit("binary_l1", 2, False, C=0.1, l1_ratio=1)
    fit("binary_elastic_net", 2, True, C=0.2, l1_ratio=0.3)
    fit("three_l2", 3, True, C=1)
    fit("three_l1", 3, False, C=0.2, l1_ratio=1)
