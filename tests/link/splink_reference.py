#!/usr/bin/env python3
"""What Splink learns of invented persons, and what it makes of pairs: for test_splink.c.

    python3 splink_reference.py > splink_reference.h        (Splink 5.0.0 on DuckDB 2.0.0)

The persons are made here, of a generator with a fixed seed. u is counted over all pairs; m is learned by expectation and
maximisation in two sessions, from stated starting values, until nothing moves. Term frequencies adjust weights of pairs, not learning
(estimate_without_term_frequencies), and birth dates, phones are compared by Damerau and Levenshtein's distance. m of a level is the
mean of the sessions that tell of it (Splink: the median, which of two is the same).
"""
import logging
import random

import duckdb
import splink
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.getLogger("splink").setLevel(logging.ERROR)
RECORDS, PERSONS, PRIOR, SHOWN = 420, 170, 0.005, 200
COLUMNS = ["first_name", "surname", "birth_date", "phone", "city"]
BLOCKS = [("first_name", "surname"), ("birth_date",)]
GIVEN = "anna anne hanna maria marie mario jon john jonas karl carl carla erik erika lena lene paul paula".split()
FAMILY = "bergholm bergholt lindqvarn lindqvist ostermark ostermann valdemo valdema kroneby kronebo tresk treskow".split()
CITY = ["norby", "norby", "norby", "sudal", "sudal", "vestholm", "ostvik", "midhavn"]


def mistype(rng, text):
    at = rng.randrange(len(text) - 1)
    kind = rng.randrange(3)
    letters = "0123456789" if text[at].isdigit() else "aeinorst"
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2:]
    if kind == 1:
        return text[:at] + text[at + 1:]
    return text[:at] + rng.choice(letters) + text[at + 1:]


def date(rng):
    return [rng.randrange(1950, 2000), rng.randrange(1, 13), rng.randrange(1, 29)]


def make(rng):
    persons = []
    for _ in range(PERSONS):
        persons.append([rng.choice(GIVEN), rng.choice(FAMILY), date(rng), "".join(rng.choices("0123456789", k=7)),
                        rng.choice(CITY)])
    records = []
    for i in range(RECORDS):
        person = i if i < PERSONS else rng.randrange(PERSONS)
        given, family, (year, month, day), phone, city = persons[person]
        if rng.random() < 0.1:
            given = mistype(rng, given)
        if rng.random() < 0.1:
            family = mistype(rng, family)
        if rng.random() < 0.08:
            day = rng.randrange(1, 29)
        if rng.random() < 0.05:
            month = rng.randrange(1, 13)
        if rng.random() < 0.03:
            year, month, day = date(rng)
        for _ in range(rng.choice([0, 0, 0, 0, 0, 0, 0, 0, 1, 2])):
            phone = mistype(rng, phone)
        if rng.random() < 0.2:
            phone = "".join(rng.choices("0123456789", k=7))
        if rng.random() < 0.25:
            city = rng.choice(CITY)
        values = [given, family, f"{year}-{month:02}-{day:02}", phone, city]
        records.append([None if rng.random() < share else v for v, share in zip(values, (0.03, 0.03, 0.1, 0.2, 0.1))])
    return records


def starting(levels):
    """m to begin with: 0.9 of the first level, the rest shared alike."""
    for i, level in enumerate(levels):
        level.configure(m_probability=0.9 if i == 0 else 0.1 / (len(levels) - 1))
    return levels


def comparison(column, between, frequent):
    exact = cll.ExactMatchLevel(column, term_frequency_adjustments=frequent)
    levels = starting([exact] + between + [cll.ElseLevel()])
    return cl.CustomComparison(output_column_name=column, comparison_levels=[cll.NullLevel(column)] + levels)


def comparisons():
    days = [cll.AbsoluteDateDifferenceLevel("birth_date", input_is_string=True, threshold=n, metric=m)
            for n, m in ((1, "month"), (1, "year"))]
    return [
        comparison("first_name", [cll.JaroWinklerLevel("first_name", t) for t in (0.92, 0.8)], True),
        comparison("surname", [cll.JaroWinklerLevel("surname", 0.9)], False),
        comparison("birth_date", [cll.DamerauLevenshteinLevel("birth_date", 1)] + days, False),
        comparison("phone", [cll.DamerauLevenshteinLevel("phone", n) for n in (1, 2)], False),
        comparison("city", [], True),
    ]


def train(records):
    con = duckdb.connect()
    con.execute("CREATE TABLE persons (unique_id INTEGER, " + ", ".join(f"{c} VARCHAR" for c in COLUMNS) + ")")
    con.executemany("INSERT INTO persons VALUES (?, ?, ?, ?, ?, ?)", [[i] + r for i, r in enumerate(records)])
    api = DuckDBAPI(connection=con)
    settings = SettingsCreator(
        link_type="dedupe_only",
        probability_two_random_records_match=PRIOR,
        comparisons=comparisons(),
        blocking_rules_to_generate_predictions=[block_on(c) for c in ("surname", "birth_date", "phone")],
        em_convergence=1e-12,
        max_iterations=5000,
        retain_intermediate_calculation_columns=True,
    )
    linker = Linker(api.register("persons"), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e9, min_count_per_level=None, num_chunks=1)
    for rule in BLOCKS:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), estimate_without_term_frequencies=True)
    return con, linker


def quoted(value):
    return '"%s"' % (value or "")


def print_levels(name, linker, of):
    print(f"static const double {name}[][SPLINK_LEVELS] = {{")
    for c in linker._settings_obj.comparisons:
        print("    {%s}," % ", ".join("%.17g" % of(level) for level in c._comparison_levels_excluding_null))
    print("};")


def choose(rows):
    """Each level of each column is shown, then whatever comes."""
    shown, seen = [], set()
    for row in rows:
        levels = set(enumerate(row[4:]))
        if not levels <= seen:
            shown.append(row)
            seen |= levels
    return shown + [row for row in rows if row not in shown][:SHOWN - len(shown)]


def print_pairs(con, linker):
    predicted = linker.inference.predict(threshold_match_probability=0).physical_name
    levels = ", ".join(f"gamma_{c}" for c in COLUMNS)
    rows = con.sql(f"""
        SELECT least(unique_id_l, unique_id_r) AS a, greatest(unique_id_l, unique_id_r) AS b, match_weight,
               mw_tf_adj_first_name + mw_tf_adj_city, {levels}
        FROM {predicted} ORDER BY a * 7919 % 1009, b""").fetchall()
    rows = choose(rows)
    sizes = [len(c._comparison_levels_excluding_null) for c in linker._settings_obj.comparisons]
    print("/* Levels count from the strongest; -1: a value is missing. */")
    print("static const splink_pair splink_pairs[] = {")
    for a, b, weight, frequency, *gammas in sorted(rows):
        found = ", ".join(str(-1 if g < 0 else n - 1 - g) for n, g in zip(sizes, gammas))
        print(f"    {{{a}, {b}, {weight:.17g}, {frequency:.17g}, {{{found}}}}},")
    print("};")


def main():
    records = make(random.Random(20260601))
    con, linker = train(records)
    print(f"/* Made by splink_reference.py with Splink {splink.__version__}, DuckDB {duckdb.__version__}: persons who do not exist. */")
    print(f"#define SPLINK_PRIOR {PRIOR}")
    print("static const char *const splink_records[][SPLINK_COLUMNS] = {")
    for r in records:
        print("    {%s}," % ", ".join(map(quoted, r)))
    print("};")
    print_levels("splink_u", linker, lambda level: level.u_probability)
    print_levels("splink_m", linker, lambda level: level.m_probability)
    print_pairs(con, linker)


if __name__ == "__main__":
    main()
