# SPDX-License-Identifier: Apache-2.0
"""Facts of the MT files of the corpus, one a line: file, trust, name, value. Read by test_corpus_mt.c.

trust: agree = a parser of somebody else gives the same numbers; else what the manifest says of it.
"""
import csv
import json
import sys

csv.field_size_limit(1 << 30)


def decimal(value):
    """Plain decimal text: "1E+2" and "-0" never reach the C program."""
    return str(value)


def facts_of(row):
    facts = json.loads(row["facts"]) if row["facts"] else {}
    tags = facts.get("tags", {})
    yield "begins", "1" if tags.get("20") else "0"
    statements = facts.get("statements", [])
    if tags.get("20"):
        yield "count", str(facts.get("statements_total", len(statements)))
        for index, statement in enumerate(statements):
            yield f"entries.{index}", str(statement["entries"])
            yield f"credit.{index}", decimal(statement["sum_credit"])
            yield f"debit.{index}", decimal(statement["sum_debit"])
            if "balances_tie" in statement:
                yield f"tie.{index}", "1" if statement["balances_tie"] else "2"
            for tag in ("60F", "60M", "62F", "62M", "64"):
                if tag in statement:
                    yield f"balance.{index}.{tag}", decimal(statement[tag][2])


def peer_facts_of(row):
    peer = json.loads(row["peer_expected"]) if row["peer_expected"] else {}
    if "sum_amount_signed" in peer:
        yield "peer.transactions", str(peer["transactions"])
        yield "peer.sum", decimal(peer["sum_amount_signed"])
        for name, tag in (("final_opening_balance", "60F"), ("final_closing_balance", "62F"), ("available_balance", "64"),
                          ("intermediate_opening_balance", "60M"), ("intermediate_closing_balance", "62M")):
            if name in peer:
                yield f"peer.last.{tag}", decimal(peer[name][1])
    for index, statement in enumerate(peer.get("statements", []) if "sum_amount_signed" not in peer else []):
        yield f"peer.open.{index}", decimal(statement["open"])
        yield f"peer.close.{index}", decimal(statement["close"])
        yield f"peer.n.{index}", str(statement["n"])


def main(path):
    with open(path, encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row["file"].startswith("swift_mt/"):
                continue
            trust = (row["peer_check"] or "none").split("(")[0].replace(" ", "_")
            for name, value in facts_of(row):
                print(row["file"], trust, name, value, sep="\t")
            for name, value in peer_facts_of(row):
                print(row["file"], trust, name, value, sep="\t")


main(sys.argv[1])
