#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""rapidfuzz over every name: the usual way to find a payer by name, and nearly exhaustive recall.

    fuzzy_names.py FOLDER QUERY_NS     FOLDER holds names.tsv (account, name) and queries.tsv (account, name as the bank wrote it)
"""
import json
import sys
import time

try:
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import JaroWinkler
except ImportError:
    fuzz = None


def main():
    if fuzz is None:
        print("fuzzy_names.py: skipped, the package rapidfuzz is not there", file=sys.stderr)
        return
    folder, ours = sys.argv[1], float(sys.argv[2])
    read = lambda name: [line.rstrip("\n").split("\t") for line in open(f"{folder}/{name}", encoding="utf-8")]
    names, queries = read("names.tsv"), read("queries.tsv")[:100]
    texts = [row[1] for row in names]
    for words, scorer in (("token_set_ratio", fuzz.token_set_ratio), ("Jaro-Winkler", JaroWinkler.normalized_similarity)):
        start = time.process_time()
        found = [process.extractOne(row[1], texts, scorer=scorer) for row in queries]
        spent = (time.process_time() - start) / len(queries) * 1e9
        right = sum(1 for row, best in zip(queries, found) if best and names[best[2]][0] == row[0])
        print(json.dumps({"what": "peer", "peer": f"rapidfuzz {words}, every name", "queries": len(queries), "right": right, "ns": round(spent),
                          "our_ns": round(ours), "ratio": round(spent / ours, 1)}), flush=True)


main()
