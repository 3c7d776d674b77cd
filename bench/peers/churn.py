# churn.py TRAIN TEST FEATURES: the modelling part of bench/churn.c with scikit-learn and XGBoost: rows of two days (float32, column by
# column, the target last); imputed, scaled, five folds of logistic regression and of 100 boosted trees compared by log loss, the
# better one fitted on all rows and measured on the later day. peer NAME SECONDS auc=...
import sys
import time

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

columns = int(sys.argv[3])


def read(path):
    v = np.fromfile(path, np.float32)
    v = v.reshape(columns + 1, v.size // (columns + 1))
    return np.ascontiguousarray(v[:-1].T), v[-1]


started = time.perf_counter()
x, y = read(sys.argv[1])
later, truth = read(sys.argv[2])
models = {
    "logistic": lambda: make_pipeline(SimpleImputer(add_indicator=True), StandardScaler(), LogisticRegression(max_iter=200)),
    "xgboost": lambda: XGBClassifier(n_estimators=100, max_depth=6, learning_rate=0.1, tree_method="hist", n_jobs=2),
}
losses = {name: 0.0 for name in models}
for fit, held in StratifiedKFold(5, shuffle=True, random_state=1).split(x, y):
    for name, make in models.items():
        losses[name] += log_loss(y[held], make().fit(x[fit], y[fit]).predict_proba(x[held])[:, 1])
best = min(losses, key=losses.get)
auc = roc_auc_score(truth, models[best]().fit(x, y).predict_proba(later)[:, 1])
print("peer scikit-learn_xgboost %.1f auc=%.4f rows=%d" % (time.perf_counter() - started, auc, len(y)), flush=True)
