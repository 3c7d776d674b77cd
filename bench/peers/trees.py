# trees.py WHAT X Y ROWS ALL COLUMNS DEPTH: WHAT is tree, tree_xgb or forest. X is float32, column by column, of which the first ROWS
# are learned from and the rest are fresh. peer NAME SECONDS accuracy=...
import sys
import time

import numpy as np

what, x_path, y_path, rows, all_rows, columns, depth = sys.argv[1:4] + [int(a) for a in sys.argv[4:]]
x = np.ascontiguousarray(np.fromfile(x_path, np.float32).reshape(columns, all_rows).T)
y = np.fromfile(y_path, np.float32)
train, fresh = slice(0, rows), slice(rows, all_rows)


def median(run, times=3):
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[times // 2], result


def tree():
    from sklearn.tree import DecisionTreeClassifier
    seconds, m = median(lambda: DecisionTreeClassifier(max_depth=depth, random_state=0).fit(x[train], y[train]))
    print("peer scikit-learn %.5f accuracy=%.5f" % (seconds, m.score(x[fresh], y[fresh])), flush=True)


def tree_xgb():
    import xgboost as xgb
    for threads in (1, 2):
        settings = dict(max_depth=depth, tree_method="hist", objective="binary:logistic", nthread=threads, eta=1)
        for name, Matrix in (("quantile", xgb.QuantileDMatrix), ("plain", xgb.DMatrix)):
            seconds, m = median(lambda: xgb.train(settings, Matrix(x[train], y[train], nthread=threads), 1))
            right = ((m.predict(xgb.DMatrix(x[fresh])) > 0.5) == (y[fresh] > 0.5)).mean()
            print("peer xgboost_%s_%d %.5f accuracy=%.5f" % (name, threads, seconds, right), flush=True)


def forest():
    import xgboost as xgb
    d = xgb.DMatrix(x[train], y[train])
    m = xgb.train(dict(max_depth=6, eta=0.1, tree_method="hist", objective="binary:logistic", nthread=2), d, 100)
    for threads in (1, 2):
        m.set_param({"nthread": threads})
        seconds, _ = median(lambda: m.inplace_predict(x[train]))
        print("peer xgboost_score_%d %.5f" % (threads, seconds), flush=True)
    m.set_param({"nthread": 2})
    part = xgb.DMatrix(x[:15000])
    seconds, _ = median(lambda: m.predict(part, pred_contribs=True), 1)
    print("peer xgboost_explain_2 %.5f rows=15000, counted ten times" % (seconds * 10), flush=True)


{"tree": tree, "tree_xgb": tree_xgb, "forest": forest}[what]()
