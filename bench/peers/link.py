"""Splink on its DuckDB backend over the persons of bench/link_data.c: from the Parquet file to clusters, and F1.

usage: link.py whole FILE FORM... [pairs=OURS]   FORM: default (rules and comparisons as its tutorials have them), tuned (term
                                                 frequencies, more random pairs, more sessions)

The clusters of the best threshold count, and their time alone. `scored` is blocking and scoring, `pairs` what was scored. OURS is a CSV file
of pairs (a, b, weight in bits) at even odds or better: common, only_ours, only_theirs are set against Splink's.
"""
import logging
import os
import resource
import sys
import time

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.getLogger("splink").setLevel(logging.ERROR)
RULES = [
    ("birth_date",),
    ("email",),
    ("phone",),
    ("first_name", "surname"),
    ("surname", "postcode"),
    ("surname", "city"),
    ("address", "postcode"),
]
SURE = [("first_name", "surname", "birth_date"), ("email",)]


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def cpu():
    """Seconds of all threads: what the run takes whoever else is at work."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def f1(con, clusters):
    """Of all pairs inside clusters."""
    return con.sql(
        f"""
        WITH c AS (SELECT cluster_id, person FROM {clusters})
        SELECT (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM c GROUP BY cluster_id)),
               (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM c GROUP BY person)),
               (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM c GROUP BY cluster_id, person))
        """
    ).fetchall()[0]


def count_pairs(con):
    """Pairs of the rules, each once, as Splink scores them."""
    pairs, met = 0, []
    for rule in RULES:
        same = " AND ".join(f"a.{c} = b.{c}" for c in rule)
        new = "".join(f" AND NOT coalesce({m}, false)" for m in met)
        pairs += con.sql(f"SELECT count(*) FROM persons a JOIN persons b ON {same} AND a.id < b.id{new}").fetchall()[0][0]
        met.append(f"({same})")
    return pairs


def match_sets(con, predicted, ours):
    """Pairs of both, of either; and of those of one side how many are within a bit, within three, of even odds."""
    if not ours:
        return ""
    counts = con.sql(
        f"""
        WITH theirs AS (SELECT least(id_l, id_r) AS a, greatest(id_l, id_r) AS b, match_weight AS w FROM {predicted}),
             ours AS (SELECT a, b, weight AS w FROM read_csv('{ours}'))
        SELECT count(*) FILTER (o.w IS NOT NULL AND t.w IS NOT NULL),
               count(*) FILTER (t.w IS NULL), count(*) FILTER (t.w IS NULL AND o.w < 1), count(*) FILTER (t.w IS NULL AND o.w < 3),
               count(*) FILTER (o.w IS NULL), count(*) FILTER (o.w IS NULL AND t.w < 1), count(*) FILTER (o.w IS NULL AND t.w < 3),
               median(t.w - o.w)
        FROM ours o FULL JOIN theirs t USING (a, b)
        """
    ).fetchall()[0]
    names = ("common", "only_ours", "only_ours_1", "only_ours_3", "only_theirs", "only_theirs_1", "only_theirs_3", "heavier")
    return "".join(f" {n}={c:.6g}" if n == "heavier" else f" {n}={c}" for n, c in zip(names, counts))


def comparisons(form):
    tf = {"term_frequency_adjustments": True}
    names = (
        [cl.NameComparison(c).configure(**tf) for c in ("first_name", "surname")]
        if form == "tuned"
        else [cl.NameComparison(c) for c in ("first_name", "surname")]
    )
    places = [cl.ExactMatch(c) for c in ("city", "postcode")]
    return names + [
        cl.DateOfBirthComparison("birth_date", input_is_string=True),
        cl.DamerauLevenshteinAtThresholds("phone", [1, 2]),
        cl.EmailComparison("email"),
        cl.JaroWinklerAtThresholds("address", [0.92, 0.8]),
    ] + ([c.configure(**tf) for c in places] if form == "tuned" else places)


def connect():
    con = duckdb.connect()
    con.execute(f"SET threads = {os.cpu_count()}")
    return con


def whole(file, form, ours):
    start = time.time()
    con = connect()
    con.execute(f"CREATE TABLE persons AS SELECT * FROM read_parquet('{file}')")
    api = DuckDBAPI(connection=con)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons(form),
        blocking_rules_to_generate_predictions=[block_on(*r) for r in RULES],
        unique_id_column_name="id",
        additional_columns_to_retain=["person"],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker(api.register("persons"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on(*r) for r in SURE], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7 if form == "tuned" else 1e6, seed=1)
    sessions = [("first_name", "surname"), ("birth_date",)]
    for rule in sessions + ([("email",), ("phone",)] if form == "tuned" else []):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    trained = time.time()
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    scored = time.time()
    best = (0, 0, 0, 0, 0)
    for bits in (0, 4.25, 7, 10, 14, 17, 20, 24, 28, 32):
        before = time.time()
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_weight=bits)
        seconds = time.time() - before
        found, truth, right = f1(con, clusters.physical_name)
        best = max(best, (2 * right / (found + truth), right / found, right / truth, bits, seconds))
    pairs = predicted.as_duckdbpyrelation().count("*").fetchall()[0][0]
    print(
        f"peer splink_{form} {scored - start + best[4]:.3f} f1={best[0]:.5f} precision={best[1]:.5f} recall={best[2]:.5f}"
        f" bits={best[3]} trained={trained - start:.2f} scored={scored - trained:.2f} clustered={best[4]:.2f}"
        f" cpu={cpu():.0f} pairs={count_pairs(con)} kept={pairs} mb={peak():.0f}"
        f"{match_sets(con, predicted.physical_name, ours)}",
        flush=True,
    )


if __name__ == "__main__":
    mode, path = sys.argv[1:3]
    if mode == "whole":
        ours = [a[len("pairs="):] for a in sys.argv[3:] if a.startswith("pairs=")]
        for form in sys.argv[3:]:
            if not form.startswith("pairs="):
                whole(path, form, ours[0] if ours else None)
