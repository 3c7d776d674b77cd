# BG/NBD and Gamma-Gamma of the customers that bench/clv_fit.c wrote: scipy with the same likelihoods, equal customers counted once
# (which lifetimes does not do), with the gradient by automatic differentiation as lifetimes has it, and by Nelder and Mead as its
# older versions did; and lifetimes itself.
import sys
import time
import types

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

x, last, age = (np.fromfile(p, np.uint32).astype(float) for p in sys.argv[1:4])
mean = np.fromfile(sys.argv[4])
last, age = last / 7, age / 7


def bgnbd(logs, x, last, age, count):
    r, alpha, a, b = np.exp(logs)
    at_least = np.where(x > 0, x, 1)
    whole = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    alive = -(r + x) * np.log(alpha + age)
    gone = np.where(x > 0, np.log(a) - np.log(b + at_least - 1) - (r + x) * np.log(alpha + last), -np.inf)
    return -(count * (whole + np.logaddexp(alive, gone))).sum() / count.sum()


def gamma_gamma(logs, x, mean):
    p, q, v = np.exp(logs)
    return -(gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(mean) + p * x * np.log(x) -
             (p * x + q) * np.log(v + x * mean)).sum() / len(x)


def by_scipy(method):
    started = time.perf_counter()
    rows, count = np.unique(np.stack([x, last, age]), axis=1, return_counts=True)
    first = minimize(bgnbd, np.log([1, 5, 1, 3]), (*rows, count), method=method, options={"maxiter": 2000})
    some = x > 0
    second = minimize(gamma_gamma, np.log([1, 2, mean[some].mean()]), (x[some], mean[some]), method=method,
                      options={"maxiter": 2000})
    likelihood = -first.fun * len(x) - second.fun * some.sum()
    print("peer scipy_%s %.3f likelihood=%.6f evaluations=%d" %
          (method.lower(), time.perf_counter() - started, likelihood, first.nfev + second.nfev), flush=True)


def by_lifetimes():
    # Its data sets ask for pkg_resources, which new setuptools no longer have; the models do not.
    sys.modules.setdefault("pkg_resources", types.SimpleNamespace(resource_filename=None))
    from lifetimes import BetaGeoFitter, GammaGammaFitter
    started = time.perf_counter()
    first = BetaGeoFitter().fit(x, last, age)
    some = x > 0
    second = GammaGammaFitter().fit(x[some], mean[some])
    print("peer lifetimes %.3f likelihood=%.6f" %
          (time.perf_counter() - started,
           -bgnbd(np.log(first.params_), x, last, age, np.ones_like(x)) * len(x) -
           gamma_gamma(np.log(second.params_), x[some], mean[some]) * some.sum()), flush=True)


by_scipy("L-BFGS-B")
by_scipy("Nelder-Mead")
try:
    by_lifetimes()
except Exception as failure:  # an old package against new numpy
    print("# lifetimes:", failure)
