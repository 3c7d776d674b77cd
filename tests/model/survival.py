#!/usr/bin/env python3
# Makes the figures in test_survival.c with lifelines 0.30.3 (Kaplan-Meier, log-rank, Cox with Efron's ties, concordance) and
# the partial likelihood with Breslow's ties written out with numpy and maximised by scipy. The rows are those of `invent` in
# test_survival.c. Nothing else in the repository needs these packages.
import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import concordance_index
from scipy.optimize import minimize

N = 120
i = np.arange(N)
x = np.stack([(i * 37) % 101 / 10, (i * 61) % 17, (i % 3 == 0).astype(float)], axis=1).astype(np.float32).astype(float)
time = 1.0 + ((i * i * 7 + i * 13) % 50) + np.floor(x[:, 0])
happened = ((i * 29) % 7 != 0).astype(int)
group = (i % 4).astype(int)


def show(values):
    return ", ".join("%.12g" % v for v in np.ravel(values))


km = KaplanMeierFitter().fit(time, happened)
at = [3, 10.5, 25, 40, 58]
ci = km.confidence_interval_survival_function_
steps = ci.index.values
rows = [np.searchsorted(steps, t, side="right") - 1 for t in at]
print("survival at", at, show(km.predict(at)))
print("low", show(ci.iloc[rows, 0]))
print("high", show(ci.iloc[rows, 1]))
print("median", km.median_survival_time_)
test = multivariate_logrank_test(time, group, happened)
print("log-rank", show([test.test_statistic, test.p_value]))
two = multivariate_logrank_test(time, group % 2, happened)
print("log-rank of two", show([two.test_statistic, two.p_value]))

frame = pd.DataFrame(x, columns=["a", "b", "c"]).assign(time=time, happened=happened)
cox = CoxPHFitter().fit(frame, "time", "happened", fit_options={"precision": 1e-12})
print("Efron: coefficients, errors", show(cox.params_), show(cox.standard_errors_))
null = cox.log_likelihood_ - cox.log_likelihood_ratio_test().test_statistic / 2
print("likelihood, null", show([cox.log_likelihood_, null]))
print("concordance", show([concordance_index(time, -cox.predict_partial_hazard(frame), happened)]))
print("survival of rows 0, 7, 50 at 10 and 30", show(cox.predict_survival_function(frame.iloc[[0, 7, 50]], times=[10, 30]).values.T))


def breslow(beta):
    score = x @ beta
    value = 0
    for t in np.unique(time[happened == 1]):
        dead = (time == t) & (happened == 1)
        value += score[dead].sum() - dead.sum() * np.log(np.exp(score[time >= t]).sum())
    return -value


fit = minimize(breslow, np.zeros(3), method="BFGS", options={"gtol": 1e-9})
print("Breslow: coefficients", show(fit.x), "likelihood", show([-fit.fun]))
