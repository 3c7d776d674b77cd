#!/usr/bin/env python3
"""Writes als_reference.h: what `implicit` 0.7.3 makes of a small table from given factors. Run with a Python that has it."""
import os
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np
import scipy.sparse as sp
from implicit.cpu import _als
from implicit.cpu.als import AlternatingLeastSquares

USERS, ITEMS, FACTORS, ITERATIONS = 40, 30, 5, 6


def chance(n):
    """The same numbers as chance() of test_als.c: a linear congruential generator."""
    out, state = [], 1
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append((state >> 40) / 2**24)
    return np.array(out, dtype=np.float64)


numbers = chance(USERS * ITEMS + (USERS + ITEMS) * FACTORS)
table = np.zeros((USERS, ITEMS), dtype=np.float32)
for u in range(USERS):
    for i in range(ITEMS):
        x = numbers[u * ITEMS + i]
        if x < (0.5 if u % 3 == i % 3 else 0.06):
            table[u, i] = 1 + int(x * 1000) % 7
start = (numbers[USERS * ITEMS:] * 0.1).astype(np.float32)
model = AlternatingLeastSquares(factors=FACTORS, regularization=0.05, alpha=1.0, iterations=ITERATIONS, num_threads=1)
model.user_factors = start[: USERS * FACTORS].reshape(USERS, FACTORS).copy()
model.item_factors = start[USERS * FACTORS:].reshape(ITEMS, FACTORS).copy()
rows = sp.csr_matrix(table)
model.fit(rows, show_progress=False)
loss = _als.calculate_loss(rows, model.user_factors, model.item_factors, 0.05)
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "als_reference.h"), "w") as f:
    f.write("/* By als.py, from implicit 0.7.3. */\n")
    f.write(f"static const double reference_loss = {loss:.9g};\n")
    f.write("static const float reference_items[] = {\n")
    for row in model.item_factors:
        f.write("    " + ", ".join(f"{v:.9g}f" if "." in f"{v:.9g}" else f"{v:.9g}.0f" for v in row) + ",\n")
    f.write("};\nstatic const float reference_customers[] = {\n")
    for row in model.user_factors:
        f.write("    " + ", ".join(f"{v:.9g}f" if "." in f"{v:.9g}" else f"{v:.9g}.0f" for v in row) + ",\n")
    f.write("};\n")
