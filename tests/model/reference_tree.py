#!/usr/bin/env python3
# Makes the reference results in test_tree.c: the same examples as tests/model/learn.c makes, as scikit-learn's trees see them.
# Needs numpy and scikit-learn >= 1.8; nothing else in the repository does.
import numpy as np
from reference import examples
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor


def nodes(tree, name):
    """Level by level: column (-1: a leaf), split, then what the node says."""
    t, order = tree.tree_, [0]
    for i in order:
        if t.children_left[i] >= 0:
            order += [t.children_left[i], t.children_right[i]]
    print("static const reference_node by_%s[] = {" % name)
    for i in order:
        leaf = t.children_left[i] < 0
        v = t.value[i][0]
        value = v[0] if len(v) == 1 else v[1] / v.sum()
        print("    {%d, %.9g, %.9g}," % (-1 if leaf else t.feature[i], 0 if leaf else t.threshold[i], value))
    print("};")


def tree(name, classes, weighted, missing, **settings):
    x, y, w = examples(600, 5, classes, 3)
    if missing:
        x[np.arange(600) % 5 == 1, 0] = np.nan
    kind = DecisionTreeClassifier if classes else DecisionTreeRegressor
    m = kind(random_state=0, **settings).fit(x, y, w if weighted else None)
    nodes(m, name)
    return m, x, y, w


if __name__ == "__main__":
    tree("gini", 2, False, False, max_depth=4, min_samples_leaf=9)
    tree("entropy", 2, True, False, criterion="entropy", max_depth=4, min_samples_leaf=9)
    tree("squares", 0, True, False, max_depth=4, min_samples_leaf=9)
    tree("gaps", 2, False, True, max_depth=4, min_samples_leaf=9)
    tree("classes", 3, True, False, max_depth=4, min_samples_leaf=9)
    m, x, y, w = tree("unused", 2, False, False, max_depth=6, min_samples_leaf=3)
    path = m.cost_complexity_pruning_path(x, y)
    for a in path.ccp_alphas[1::5]:
        a = a * 1.0001
        n = DecisionTreeClassifier(random_state=0, max_depth=6, min_samples_leaf=3, ccp_alpha=a).fit(x, y).get_n_leaves()
        print("    {%.9g, %d}," % (a, n))
