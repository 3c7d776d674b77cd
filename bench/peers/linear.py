# linear.py WHAT DATA TARGET ROWS COLUMNS C GAMMA TOLERANCE: support vector machines and logistic regression. DATA is float32, column by
# column; TARGET float32, 0 or 1.
# peer NAME SECONDS support=... bias=...   or   peer NAME SECONDS weight=...
import ctypes as ct
import ctypes.util
import sys
import time

import numpy as np

what, data, target = sys.argv[1:4]
rows, columns = int(sys.argv[4]), int(sys.argv[5])
c, gamma, tolerance = map(float, sys.argv[6:])
x = np.ascontiguousarray(np.fromfile(data, np.float32).reshape(columns, rows).T.astype(np.float64))
y = np.fromfile(target, np.float32).astype(np.float64)


def timed(times, fit):
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        m = fit()
        seconds.append(time.perf_counter() - start)
    return m, sorted(seconds)[len(seconds) // 2]


def libsvm():
    """The C library itself, as svm.h declares it."""
    class Node(ct.Structure):
        _fields_ = [("index", ct.c_int), ("value", ct.c_double)]

    class Problem(ct.Structure):
        _fields_ = [("l", ct.c_int), ("y", ct.c_void_p), ("x", ct.c_void_p)]

    class Parameter(ct.Structure):
        _fields_ = [("svm_type", ct.c_int), ("kernel_type", ct.c_int), ("degree", ct.c_int), ("gamma", ct.c_double),
                    ("coef0", ct.c_double), ("cache_size", ct.c_double), ("eps", ct.c_double), ("C", ct.c_double),
                    ("nr_weight", ct.c_int), ("weight_label", ct.c_void_p), ("weight", ct.c_void_p),
                    ("nu", ct.c_double), ("p", ct.c_double), ("shrinking", ct.c_int), ("probability", ct.c_int)]

    name = ctypes.util.find_library("svm")
    if not name:
        print("libsvm is not installed")
        return
    lib = ct.CDLL(name)
    marks = [("prob_density_marks", ct.c_void_p)] if ct.c_int.in_dll(lib, "libsvm_version").value >= 331 else []

    class Model(ct.Structure):
        _fields_ = [("param", Parameter), ("nr_class", ct.c_int), ("l", ct.c_int), ("SV", ct.c_void_p),
                    ("sv_coef", ct.c_void_p), ("rho", ct.POINTER(ct.c_double)), ("probA", ct.c_void_p),
                    ("probB", ct.c_void_p)] + marks + [("sv_indices", ct.c_void_p), ("label", ct.POINTER(ct.c_int))]

    nodes = np.zeros((rows, columns + 1), dtype=[("index", "i4"), ("pad", "i4"), ("value", "f8")])
    nodes["index"][:, :columns] = np.arange(1, columns + 1)
    nodes["index"][:, columns] = -1
    nodes["value"][:, :columns] = x
    pointers = nodes.ctypes.data + np.arange(rows, dtype=np.uint64) * np.uint64(nodes.strides[0])
    signs = np.where(y == 1, 1.0, -1.0)
    problem = Problem(rows, signs.ctypes.data, pointers.ctypes.data)
    parameter = Parameter(0, 2, 3, gamma, 0, 200, tolerance, c, 0, None, None, 0.5, 0.1, 1, 0)
    silent = ct.CFUNCTYPE(None, ct.c_char_p)(lambda text: None)
    lib.svm_set_print_string_function(silent)
    lib.svm_train.restype = ct.POINTER(Model)
    model, seconds = timed(1, lambda: lib.svm_train(ct.byref(problem), ct.byref(parameter)))
    m = model.contents
    bias = -m.rho[0] * (1 if m.label[0] == 1 else -1)
    print("peer libsvm %.5f support=%d bias=%.9g" % (seconds, m.l, bias), flush=True)


def svc(name, SVC):
    m, seconds = timed(1, lambda: SVC(C=c, gamma=gamma, tol=tolerance).fit(x, y))
    print("peer %s %.5f support=%d bias=%.9g" % (name, seconds, len(m.support_), np.ravel(m.intercept_)[0]), flush=True)


if what == "svm_rbf":
    libsvm()
    import sklearn.svm
    svc("scikit-learn", sklearn.svm.SVC)
    try:
        from sklearnex.svm import SVC
        svc("sklearnex", SVC)
    except ImportError:
        print("sklearnex is not installed")
elif what == "svm_linear":
    from sklearn.svm import LinearSVC
    # liblinear, as scikit-learn ships it, on the primal (the dual takes a hundred times as long here); it penalises the intercept too,
    # hardly when that is written large
    m, seconds = timed(1, lambda: LinearSVC(C=c, dual=False, tol=1e-4, intercept_scaling=10).fit(x, y))
    print("peer liblinear %.5f weight=%.9g" % (seconds, m.coef_[0, 0]), flush=True)
else:
    from sklearn.linear_model import LogisticRegression
    for solver in ("lbfgs", "newton-cholesky"):
        m, seconds = timed(3, lambda: LogisticRegression(C=c, solver=solver, tol=1e-6, max_iter=1000).fit(x, y))
        print("peer scikit-learn_%s %.5f weight=%.9g" % (solver, seconds, m.coef_[0, 0]), flush=True)
