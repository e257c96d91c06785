# SPDX-License-Identifier: Apache-2.0
"""Reads every camt file of the corpus with camt_dump and holds the answers to the facts of its manifest. Speaks TAP.

    corpus_camt.py CAMT_DUMP CORPUS

Files whose facts a peer's parser confirmed must agree in every number; of the others a difference is told, not failed.
"""
import csv
import json
import pathlib
import subprocess
import sys
from decimal import Decimal

DIGITS = {"JPY": 0}


def minor(text, currency):
    return int(Decimal(text).scaleb(DIGITS.get(currency, 2)))


def dump(tool, path):
    """The answer of camt_dump: (the file's line, the lines of its statements), or how it died."""
    run = subprocess.run([tool, str(path)], capture_output=True, text=True, timeout=60)
    if run.returncode != 0 or run.stderr:
        return None, f"exit {run.returncode}: {run.stderr[:200]}"
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return lines[0], lines[1:]


def differences_of_statement(fact, read):
    """Names of the facts that the reader does not repeat."""
    wrong = []
    expected = [[code[:7], currency, minor(amount, currency)] for code, currency, amount in fact["balances"]]
    if expected != read["balances"]:
        wrong.append(f"balances {expected} read {read['balances']}")
    for name in ("account", "id"):
        if fact[name] != read[name]:
            wrong.append(f"{name} {fact[name]!r} read {read[name]!r}")
    if fact["entries"] != read["booked"]:
        wrong.append(f"entries {fact['entries']} read {read['booked']}")
    credit = sum(amount for amount, _ in read["amounts"] if amount > 0)
    debit = -sum(amount for amount, _ in read["amounts"] if amount < 0)
    currency = read["amounts"][0][1] if read["amounts"] else "EUR"
    for name, value in (("sum_credit", credit), ("sum_debit", debit)):
        if minor(fact[name], currency) != value:
            wrong.append(f"{name} {fact[name]} read {value}")
    tie = {True: 1, False: 2}.get(fact.get("balances_tie"))
    if len({balance[1] for balance in fact["balances"]}) > 1:
        tie = None  # the manifest subtracts EUR from SEK; the reader says NOT_CHECKABLE
    if tie is not None and tie != read["tie"]:
        wrong.append(f"tie {tie} read {read['tie']}")
    return wrong


def differences(facts, file, statements):
    if len(facts["statements"]) != len(statements):
        return [f"{len(facts['statements'])} statements, read {len(statements)}"]
    wrong = []
    for fact, read in zip(facts["statements"], statements):
        wrong += differences_of_statement(fact, read)
    transactions = sum(fact["txdtls"] for fact in facts["statements"])
    if transactions != file["transactions"]:
        wrong.append(f"transactions {transactions} read {file['transactions']}")
    return wrong


def check(tool, corpus, row):
    """(passed, comments) of one file."""
    facts = json.loads(row["facts"])
    file, statements = dump(tool, corpus / row["file"])
    if file is None:
        return False, [statements]
    if file["status"] != "O2C_OK":
        refusal = f"refused: {file['status']} at byte {file['offset']}, {file['field']}: {file['message']}"
        return row["peer_check"] != "agree" and bool(file["message"]), [refusal]
    wrong = differences(facts, file, statements)
    return row["peer_check"] != "agree" or not wrong, wrong


def main():
    tool, corpus = sys.argv[1], pathlib.Path(sys.argv[2])
    if not (corpus / "MANIFEST.tsv").is_file():
        print("1..0 # SKIP no corpus beside the project")
        return
    csv.field_size_limit(10 ** 9)
    with open(corpus / "MANIFEST.tsv", encoding="utf-8", newline="") as manifest:
        rows = [row for row in csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE)
                if row["file"].startswith("iso20022/camt/") and row["facts"]]
    print(f"1..{len(rows)}")
    for number, row in enumerate(rows, 1):
        passed, comments = check(tool, corpus, row)
        print(f"{'ok' if passed else 'not ok'} {number} - {row['peer_check'] or 'none'}: {row['file']}")
        for comment in comments:
            print(f"# {comment}")


if __name__ == "__main__":
    main()
