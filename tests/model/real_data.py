#!/usr/bin/env python3
# Makes the table in test_real_data.c: scikit-learn (1.9) on real data, read in place. Row i is held out in fold i % 5; figures are
# means over the folds. Usage: real_data.py FOLDER (the folder of the shared data sets)
import sys

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_auc_score, silhouette_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

folder = sys.argv[1]


def shoppers():
    t = pd.read_csv(folder + "/online_shoppers/online_shoppers_intention.csv")
    names = ["Month", "VisitorType"]
    t["Weekend"] = t["Weekend"].astype(float)
    return t.drop(columns=["Revenue"]), t["Revenue"].astype(int).to_numpy(), names


def campaign():
    t = pd.read_csv(folder + "/marketing_campaign/marketing_campaign.csv", sep=";", encoding="utf-8-sig")
    return t.drop(columns=["Response", "ID", "Dt_Customer", "Z_CostContact", "Z_Revenue"]), t["Response"].to_numpy(), ["Education", "Marital_Status"]


def retail():
    t = pd.read_csv(folder + "/online_retail/online_retail.csv.gz")
    t = t[t["CustomerID"].notna() & (t["Quantity"] > 0) & (t["UnitPrice"] > 0)]
    t["amount"] = t["Quantity"] * t["UnitPrice"]
    day = pd.to_datetime(t["InvoiceDate"])
    cut = pd.Timestamp("2011-06-01")
    before, after = t[day < cut], t[day >= cut]
    g = before.groupby("CustomerID")
    days = day[day < cut].dt.normalize().groupby(before["CustomerID"])
    x = pd.DataFrame({"recency": (cut - days.max()).dt.days, "tenure": (cut - days.min()).dt.days, "orders": g["InvoiceNo"].nunique(),
                      "lines": g.size(), "spend": g["amount"].sum(), "quantity": g["Quantity"].sum()}).sort_index()
    return x.reset_index(drop=True), x.index.isin(after["CustomerID"].unique()).astype(int), []


def prepared(x, names, scale):
    numbers = [c for c in x.columns if c not in names]
    steps = [SimpleImputer(strategy="median", add_indicator=True)] + ([StandardScaler()] if scale else [])
    return ColumnTransformer([("numbers", make_pipeline(*steps), numbers), ("names", OneHotEncoder(handle_unknown="ignore"), names)],
                             sparse_threshold=0)


methods = [("logistic", True, lambda: LogisticRegression(C=1, max_iter=5000)), ("tree", False, lambda: DecisionTreeClassifier(max_depth=5, random_state=0)),
           ("naive_bayes", True, lambda: GaussianNB()), ("knn", True, lambda: KNeighborsClassifier(15)),
           ("svm", True, lambda: SVC(C=1, gamma="auto"))]
for name, data in [("online_shoppers", shoppers), ("marketing_campaign", campaign), ("online_retail", retail)]:
    x, y, names = data()
    fold = np.arange(len(y)) % 5
    for method, scale, make in methods:
        if method in ("svm", "knn") and name == "online_shoppers":
            continue
        auc, f1 = [], []
        for f in range(5):
            model = make_pipeline(prepared(x, names, scale), make()).fit(x[fold != f], y[fold != f])
            held = x[fold == f]
            p = model.decision_function(held) if method == "svm" else model.predict_proba(held)[:, 1]
            auc.append(roc_auc_score(y[fold == f], p))
            f1.append(f1_score(y[fold == f], model.predict(held)))
        print('    {"%s", "%s", %d, %d, %.6f, %.6f},' % (name, method, len(y), y.sum(), np.mean(auc), np.mean(f1)))

t = pd.read_csv(folder + "/cc_general/CC_GENERAL.csv").drop(columns=["CUST_ID"])
x = StandardScaler().fit_transform(SimpleImputer(strategy="median").fit_transform(t))
for k in (3, 4, 7):
    m = KMeans(k, n_init=50, random_state=0).fit(x)
    print("    {%d, %.6f, %.4f}," % (k, silhouette_score(x, m.labels_), m.inertia_))
