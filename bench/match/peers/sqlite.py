#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SQLite in memory: the join on references that were extracted before, the sum of the items found equal to the amount.

    sqlite.py FOLDER SOLVE_NS     FOLDER holds items.tsv and payments.tsv of match_bench --write; one JSON line
"""
import json
import sqlite3
import sys
import time

from extract import items_of, judge, payments_of, tokens

ANSWERS = """SELECT payment, group_concat(item) FROM (SELECT DISTINCT r.payment, r.amount, k.item, i.open FROM reference r
             JOIN key k ON k.key = r.key JOIN item i ON i.item = k.item) GROUP BY payment, amount HAVING sum(open) = amount"""


def main():
    folder, ours = sys.argv[1], float(sys.argv[2])
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE item (item INTEGER PRIMARY KEY, open INTEGER)")
    base.execute("CREATE TABLE key (key TEXT PRIMARY KEY, item INTEGER) WITHOUT ROWID")
    base.execute("CREATE TABLE reference (payment INTEGER, amount INTEGER, key TEXT)")
    rows = list(items_of(folder))
    base.executemany("INSERT INTO item VALUES (?, ?)", ((item, amount) for item, amount, _ in rows))
    base.executemany("INSERT OR IGNORE INTO key VALUES (?, ?)", ((key, item) for item, _, keys in rows for key in keys))
    count = 0
    for payment, amount, _, text in payments_of(folder):
        base.executemany("INSERT INTO reference VALUES (?, ?, ?)", ((payment, amount, key) for key in tokens(text)))
        count += 1
    base.execute("ANALYZE")
    start = time.process_time()
    answers = base.execute(ANSWERS).fetchall()
    spent = (time.process_time() - start) / count * 1e9
    right, wrong = judge({payment: sorted(map(int, items.split(","))) for payment, items in answers}, folder)
    print(json.dumps({"what": "peer", "peer": f"SQLite {sqlite3.sqlite_version} join, references extracted before", "payments": count, "right": right,
                      "wrong": wrong, "ns": round(spent), "solve_ns": round(ours), "ratio": round(spent / ours, 2)}))


main()
