#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Integer programs on the subset sums of subset_bench --write: OR-tools CP-SAT (counts solutions up to two) and CBC (finds one).

    subsets.py FILE [SECONDS]     FILE: size, most items, target, amounts (comma), our nanoseconds for the whole solve and for the search alone;
                                  tab between. One JSON line a group and solver: a solver does what the search does, and no more

Each instance has SECONDS (10) at most. A solver knows nothing of payers, priors or short payments: it answers "which x_i of 0 and 1 give
Σ a_i x_i = T with at most s of them", and for CP-SAT whether there is a second one.
"""
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

try:
    from ortools.sat.python import cp_model
except ImportError:
    cp_model = None


def read(path):
    groups = {}
    for line in open(path, encoding="ascii"):
        size, most, target, amounts, ours, search = line.split("\t")
        groups.setdefault((int(size), int(most)), []).append((int(target), [int(a) for a in amounts.split(",")], float(ours), float(search)))
    return groups


def fits(chosen, target, amounts, most):
    return chosen is not None and len(chosen) <= most and sum(amounts[i] for i in chosen) == target


def cp_sat(target, amounts, most, seconds):
    """(a solution or None, seconds of the solver itself)"""
    model = cp_model.CpModel()
    x = [model.new_bool_var(str(i)) for i in range(len(amounts))]
    model.add(sum(a * v for a, v in zip(amounts, x)) == target)
    model.add(sum(x) <= most)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 1
    start, first = time.perf_counter(), None
    for _ in range(2):
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        taken = [i for i, v in enumerate(x) if solver.value(v)]
        first = first or taken
        model.add_bool_or([v.negated() if i in taken else v for i, v in enumerate(x)])
    return first, time.perf_counter() - start


def cbc(target, amounts, most, seconds):
    with tempfile.TemporaryDirectory() as folder:
        problem, answer = pathlib.Path(folder) / "p.lp", pathlib.Path(folder) / "p.txt"
        terms = "\n + ".join(f"{a} x{i}" for i, a in enumerate(amounts))
        names = "\n + ".join(f"x{i}" for i in range(len(amounts)))
        problem.write_text(f"Minimize\n obj: {names}\nSubject To\n sum: {terms} = {target}\n most: {names} <= {most}\nBinary\n"
                           + "\n".join(f" x{i}" for i in range(len(amounts))) + "\nEnd\n")
        start = time.perf_counter()
        subprocess.run(["cbc", str(problem), "sec", str(seconds), "solve", "solution", str(answer)], capture_output=True, check=False)
        spent = time.perf_counter() - start
        lines = answer.read_text().splitlines() if answer.exists() else ["Infeasible"]
        if not lines[0].startswith("Optimal"):
            return None, spent
        return [int(words[1][1:]) for words in map(str.split, lines[1:]) if float(words[2]) > 0.5], spent


def main():
    groups, seconds = read(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    solvers = [("OR-tools CP-SAT, up to two solutions", cp_sat)] if cp_model else []
    if not cp_model:
        print("subsets.py: CP-SAT skipped, the package ortools is not there", file=sys.stderr)
    if shutil.which("cbc"):
        solvers.append(("CBC, one solution", cbc))
    else:
        print("subsets.py: CBC skipped, it is not installed (Debian: coinor-cbc)", file=sys.stderr)
    for (size, most), rows in sorted(groups.items()):
        for name, solve in solvers:
            times, found = [], 0
            for target, amounts, *_ in rows[:5]:
                chosen, spent = solve(target, amounts, most, seconds)
                times.append(spent)
                found += fits(chosen, target, amounts, most)
            ours, search = (statistics.median(row[column] for row in rows) for column in (2, 3))
            middle = statistics.median(times) * 1e9
            print(json.dumps({"what": "peer", "peer": name, "items": size, "most": most, "instances": len(times), "found": found, "ns": round(middle),
                              "our_ns": round(ours), "ratio": round(middle / ours), "our_search_ns": round(search),
                              "search_ratio": round(middle / search)}), flush=True)


main()
