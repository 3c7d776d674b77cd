#!/usr/bin/env python3
# Makes the reference results in test_svm.c by scikit-learn, whose SVC and SVR are libsvm, to a tolerance far below what is
# compared. Needs numpy and scikit-learn; nothing else in the repository does.
import numpy as np
from sklearn.svm import SVC, SVR
from reference import Lcg, examples


def ring(rows, columns, seed):
    g, f = Lcg(seed), np.float32
    x, y = np.zeros((rows, columns), f), np.zeros(rows, f)
    for r in range(rows):
        squares = f(0)
        for c in range(columns):
            x[r, c] = g.next() * f(2) - f(1)
            squares += x[r, c] * x[r, c]
        y[r] = squares + (g.next() - f(0.5)) * f(0.2) < f(columns) / f(3)
    return x, y


def show(name, m, x):
    d = m.decision_function(x[:5]) if hasattr(m, "decision_function") else m.predict(x[:5])
    print('    {"%s", %d, %.9g, {%s}},' % (name, len(m.support_), m.intercept_[0], ", ".join("%.9g" % v for v in d)))


x, y = ring(400, 3, 5)
x = x.astype(np.float64)
w = 0.5 + (np.arange(400) % 3)
exact = dict(tol=1e-9, cache_size=200)
show("rbf", SVC(C=2, gamma=0.8, **exact).fit(x, y), x)
show("polynomial", SVC(C=0.5, kernel="poly", degree=2, gamma=0.5, coef0=1, **exact).fit(x, y), x)
show("weighted", SVC(C=2, gamma=0.8, **exact).fit(x, y, w), x)
a, b, _ = examples(300, 4, 2, 9)
show("linear", SVC(C=1, kernel="linear", **exact).fit(a.astype(np.float64), b), a.astype(np.float64))
x, y, _ = examples(300, 4, 0, 9)
show("regression", SVR(C=1, gamma=0.5, epsilon=0.1, **exact).fit(x.astype(np.float64), y.astype(np.float64)), x.astype(np.float64))
