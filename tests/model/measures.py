#!/usr/bin/env python3
# Makes the numbers in test_measures.c with scikit-learn (1.9) and NumPy; the variance of AUC is DeLong's, pair by pair.
import numpy as np
from scipy import stats
from sklearn import metrics as m

n = 200
i = np.arange(n)
score = ((i * 37 + 11) % 50 / np.float32(50)).astype(np.float32)  # many ties
hit = ((i * i * 13 + i * 7) % 101 < 101 * (0.2 + 0.5 * score.astype(float))).astype(int)
p = score.astype(float)
said = p > 0.5


def ece(conf, right):
    bins = np.clip((conf.astype(float) * 10).astype(int), 0, 9)
    return sum(abs(conf[bins == b].sum() - right[bins == b].sum()) for b in range(10)) / len(conf)


def delong(score, hit):
    pos, neg = score[hit == 1], score[hit == 0]
    psi = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    return psi.mean(1).var(ddof=1) / len(pos) + psi.mean(0).var(ddof=1) / len(neg)


rows = [("auc", m.roc_auc_score(hit, p)), ("pr_auc", m.average_precision_score(hit, p)),
        ("log_loss", m.log_loss(hit, np.clip(p, 1e-15, 1 - 1e-15))), ("brier", m.brier_score_loss(hit, p)),
        ("ece", ece(score, hit.astype(float))),
        ("ks", stats.ks_2samp(score[hit == 1], score[hit == 0]).statistic), ("accuracy", m.accuracy_score(hit, said)),
        ("precision", m.precision_score(hit, said)), ("recall", m.recall_score(hit, said)), ("f1", m.f1_score(hit, said))]
for name, v in rows:
    print('    {"%s", %.12g},' % (name, v))
print("delong error", "%.12g" % np.sqrt(delong(score, hit)))

k = np.arange(3)
weights = (1 + (i[:, None] * (k[None, :] + 3) * 31) % 23).astype(np.float32)
probability = (weights / weights.sum(1, keepdims=True)).astype(np.float32)
actual = (i * i + 3 * i) % 7 % 3
meant = probability.argmax(1)
pr, re, f1, _ = m.precision_recall_fscore_support(actual, meant, average="macro")
exact = probability.astype(float)
one_hot = np.eye(3)[actual]
rows = [("auc", np.mean([m.roc_auc_score(actual == c, exact[:, c]) for c in k])),
        ("pr_auc", np.mean([m.average_precision_score(actual == c, exact[:, c]) for c in k])),
        ("log_loss", m.log_loss(actual, exact)), ("brier", ((exact - one_hot) ** 2).sum(1).mean()),
        ("ece", ece(probability.max(1), (meant == actual).astype(float))),
        ("accuracy", m.accuracy_score(actual, meant)), ("precision", pr), ("recall", re), ("f1", f1)]
print("several classes")
for name, v in rows:
    print('    {"%s", %.12g},' % (name, v))

value = (i * 17 % 41).astype(np.float32)
guess = (value + (i * 29 % 13) - np.float32(6)).astype(np.float32)
nonzero = value != 0
print("values")
for name, v in [("rmse", m.root_mean_squared_error(value, guess)), ("mae", m.mean_absolute_error(value, guess)),
                ("mape", m.mean_absolute_percentage_error(value[nonzero], guess[nonzero])), ("r2", m.r2_score(value, guess))]:
    print('    {"%s", %.12g},' % (name, v))

n = 120
i = np.arange(n)
f = np.float32
group = i % 4
x = np.stack([((i * 37) % 101).astype(f) / f(10) + (i % 4).astype(f) * f(5), ((i * 53) % 97).astype(f) / f(10) - (i % 4).astype(f) * f(3),
              ((i * 29) % 89).astype(f) / f(10)], 1)
other = np.where((i * i + i // 3) % 4 < 2, group, 3 - group // 2)
print("clusters")
print("silhouette %.12g" % m.silhouette_score(x.astype(float), group))
print("davies_bouldin %.12g" % m.davies_bouldin_score(x.astype(float), group))
print("adjusted_rand %.12g" % m.adjusted_rand_score(group, other))
