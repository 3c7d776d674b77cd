#!/usr/bin/env python3
# Makes the reference results in test_baselines.c by scikit-learn's GaussianNB. Needs numpy and scikit-learn.
import numpy as np
from sklearn.naive_bayes import GaussianNB
from reference import examples

x, y, w = examples(300, 4, 3, 9)
p = GaussianNB().fit(x.astype(np.float64), y, w.astype(np.float64)).predict_proba(x[:4].astype(np.float64))
print(", ".join("%.8g" % v for v in p.ravel()))
