# splink_f1.py RECORDS FORM: how well Splink (DuckDB) finds the persons of RECORDS, a CSV with unique_id, source, truth and columns named
# by what they are (given, family, person, birth, phone, email, numbered, address, place, postcode, gender, category; a second one of a
# kind is place_2), their values written alike as we do. More than one source: pairs are between sources alone, and each is clean.
#
#   default  the comparison library's comparison for each column as it comes; block_on each column that identifies; threshold 0.95
#   tuned    as its own guides advise: frequency adjustments, names compared together, our own blocking rules, u from ten million pairs
#
# peer splink_FORM SECONDS pairs=F1 pairs_at=BITS groups=F1 groups_at=BITS auto=F1: best of all thresholds, and at probability 0.95
import logging
import math
import sys
import time
from collections import Counter

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

path, form = sys.argv[1:3]
tuned = form == "tuned"
logging.disable(logging.WARNING)

con = duckdb.connect()
con.execute(f"CREATE TABLE records AS SELECT * FROM read_csv('{path}', all_varchar=true, header=true)")
columns = [c[0] for c in con.execute("DESCRIBE records").fetchall()]
fields = [c for c in columns if c not in ("unique_id", "source", "truth")]
truth = dict(con.execute("SELECT unique_id, truth FROM records").fetchall())
sources = [s for (s,) in con.execute("SELECT DISTINCT source FROM records ORDER BY 1").fetchall()]
linking = len(sources) > 1


def kind(field):
    return field.split("_")[0]


def has(name):
    return name in fields


def comparison(field):
    k = kind(field)
    by_frequency = tuned and k in ("person", "given", "family", "phone", "address", "place", "postcode")
    if k in ("person", "given", "family"):
        c = cl.NameComparison(field)
    elif k == "birth":
        c = cl.DateOfBirthComparison(field, input_is_string=True)
    elif k == "email":
        c = cl.EmailComparison(field)
    elif k in ("phone", "numbered"):
        c = cl.DamerauLevenshteinAtThresholds(field, [1, 2])
    elif k in ("address", "words"):
        c = cl.JaroWinklerAtThresholds(field, [0.92, 0.8])
    elif k == "place" and tuned:
        c = cl.JaroWinklerAtThresholds(field, [0.92, 0.8])
    elif k == "postcode" and tuned:
        c = cl.DamerauLevenshteinAtThresholds(field, [1])
    else:
        c = cl.ExactMatch(field)
    return c.configure(term_frequency_adjustments=True) if by_frequency else c


def one_of_places(places):
    """District, city and province tell of the same: one comparison, the narrowest first."""
    distinct = {p: con.execute(f"SELECT count(DISTINCT {p}) FROM records").fetchall()[0][0] for p in places}
    narrow = sorted(places, key=lambda p: -distinct[p])
    missing = " OR ".join(f"{p}_l IS NULL OR {p}_r IS NULL" for p in narrow[-1:])
    levels = [cll.CustomLevel(missing, "missing").configure(is_null_level=True)]
    levels += [cll.ExactMatchLevel(p) for p in narrow] + [cll.ElseLevel()]
    return cl.CustomComparison(levels, output_column_name="region")


def comparisons():
    rest = list(fields)
    out = []
    if tuned and has("given") and has("family"):
        out.append(cl.ForenameSurnameComparison("given", "family", forename_surname_concat_col_name="whole_name"))
        rest = [f for f in rest if f not in ("given", "family")]
    places = [f for f in rest if kind(f) == "place"]
    if tuned and len(places) > 1:
        out.append(one_of_places(places))
        rest = [f for f in rest if f not in places]
    return out + [comparison(f) for f in rest]


def single(kinds):
    return [block_on(f) for f in fields if kind(f) in kinds]


def rules():
    if not tuned:
        names = [block_on("given", "family")] if has("given") and has("family") else []
        return single(("person", "phone", "email", "numbered", "birth")) + names
    found = single(("phone", "email", "numbered", "person", "birth", "address"))
    if has("given") and has("family"):
        found += [block_on("given", "family"), block_on("substr(given, 1, 3)", "substr(family, 1, 3)")]
        for a in ("given", "family"):
            if has("birth"):
                found.append(block_on(f"substr({a}, 1, 2)", "substr(birth, 1, 4)"))
            if has("postcode"):
                found.append(block_on(f"substr({a}, 1, 2)", "postcode"))
            if has("place"):
                found.append(block_on(f"substr({a}, 1, 2)", "place"))
        found += [block_on("given"), block_on("family")]
    if has("person"):
        found += [block_on("substr(person, 1, 1)")]  # the family name of Chinese names
    return found + single(("place", "postcode"))


def training():
    found = [block_on(f) for f in fields if kind(f) in ("email", "numbered", "birth", "person", "phone")]
    if has("given") and has("family"):
        found.append(block_on("given", "family"))
    return found


def sure():
    found = single(("email", "numbered"))
    for name in (["person"], ["given", "family"]):
        if all(has(n) for n in name):
            found += [block_on(*name, other) for other in ("birth", "phone") if has(other)]
    return found


def predict():
    api = DuckDBAPI(connection=con)
    if has("given") and has("family"):
        con.execute("CREATE OR REPLACE VIEW named AS SELECT *, given || ' ' || family AS whole_name FROM records")
    else:
        con.execute("CREATE OR REPLACE VIEW named AS SELECT * FROM records")
    tables = []
    for s in sources:
        con.execute(f"CREATE OR REPLACE TABLE of_{s} AS SELECT * EXCLUDE (truth, source) FROM named WHERE source = '{s}'")
        tables.append(api.register(f"of_{s}", dataset_display_name=f"source_{s}"))
    settings = SettingsCreator(link_type="link_only" if linking else "dedupe_only", comparisons=comparisons(),
                               blocking_rules_to_generate_predictions=rules())
    linker = Linker(tables if linking else tables[0], settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(sure(), recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7 if tuned else 1e6, seed=1)
    for rule in training():
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        except Exception as e:  # a rule whose pairs it cannot learn from
            print("#", str(e).split("\n")[0][:100], flush=True)
    found = linker.inference.predict(threshold_match_weight=-10)
    rows = con.execute(f"SELECT unique_id_l, unique_id_r, match_weight FROM {found.physical_name}").fetchall()
    return rows


def f1(found, right, all_right):
    return 2 * right / (found + all_right) if found + all_right else 0.0


def pairs_in(groups):
    return sum(n * (n - 1) // 2 for n in groups.values())


def true_pairs():
    if not linking:
        return pairs_in(Counter(truth.values()))
    by_source = [Counter(t for (t,) in con.execute(f"SELECT truth FROM records WHERE source = '{s}'").fetchall()) for s in sources]
    return sum(by_source[0][t] * by_source[1][t] for t in by_source[0])


def best_pairs(rows, all_right):
    best, right = (0.0, 0.0), 0
    for i, (a, b, w) in enumerate(rows):
        right += truth[a] == truth[b]
        if i + 1 == len(rows) or rows[i + 1][2] != w:
            best = max(best, (f1(i + 1, right, all_right), w))
    return best


def groups(rows, least):
    """Connected components, or where sources are clean the strongest first, each record once."""
    parent = {r: r for r in truth}
    taken = set()

    def root(r):
        while parent[r] != r:
            parent[r] = parent[parent[r]]
            r = parent[r]
        return r

    for a, b, w in rows:
        if w < least:
            break
        if linking and (a in taken or b in taken):
            continue
        taken.update((a, b))
        parent[root(a)] = root(b)
    both = Counter((root(r), truth[r]) for r in truth)
    return f1(pairs_in(Counter(root(r) for r in truth)), pairs_in(both), pairs_in(Counter(truth.values())))


start = time.perf_counter()
rows = sorted(predict(), key=lambda r: -r[2])
seconds = time.perf_counter() - start
at_best, bits = best_pairs(rows, true_pairs())
group, group_bits = max((groups(rows, b / 2), b / 2) for b in range(-12, 40))
auto = groups(rows, math.log2(0.95 / 0.05))
print("peer splink_%s %.3f pairs=%.4f pairs_at=%.2f groups=%.4f groups_at=%.2f auto=%.4f" %
      (form, seconds, at_best, bits, group, group_bits, auto), flush=True)
