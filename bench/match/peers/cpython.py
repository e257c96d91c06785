#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a good script does: one compiled expression, one dictionary, and the sum of the numbers found. No payer, no weights, no posterior.

    cpython.py FOLDER SOLVE_NS     FOLDER holds items.tsv and payments.tsv of match_bench --write; prints one JSON line with the ratio
"""
import json
import re
import sys
import time

NUMBER = re.compile(r'(?:INV|RE)?[-/ .]?2026[-/ .]?\d{8}(?!\d)|(?<!\d)\d{9}(?!\d)', re.IGNORECASE)
SQUEEZE = str.maketrans('', '', '-/ .')


def load(folder):
    """Numbers, squeezed and also without their letters, to (item, amount)."""
    items = {}
    with open(folder + '/items.tsv', encoding='ascii') as file:
        for item, line in enumerate(file):
            document, amount = line.rstrip('\n').split('\t')
            full = document.translate(SQUEEZE).upper()
            items[full] = items[full.lstrip('INVRE')] = (item, int(amount))
    with open(folder + '/payments.tsv', encoding='ascii') as file:
        rows = [line.rstrip('\n').split('\t') for line in file]
    return items, [(int(amount), truth, text) for amount, truth, text in rows]


def match(items, payments):
    """Items whose numbers stand in the text and add up to the amount; None where they do not."""
    answers = []
    find, get = NUMBER.findall, items.get
    for amount, _, text in payments:
        found, total = [], 0
        for token in find(text):
            hit = get(token.translate(SQUEEZE).upper())
            if hit and hit[0] not in found:
                found.append(hit[0])
                total += hit[1]
        answers.append(found if found and total == amount else None)
    return answers


def main():
    """Loads outside the clock; the clock is processor time, as in match_bench."""
    folder, ours = sys.argv[1], float(sys.argv[2])
    items, payments = load(folder)
    start = time.process_time()
    answers = match(items, payments)
    spent = (time.process_time() - start) / len(payments) * 1e9
    right = sum(1 for answer, row in zip(answers, payments) if answer and sorted(answer) == [int(item) for item in row[1].split(',')])
    wrong = sum(1 for answer in answers if answer) - right
    print(json.dumps({'what': 'peer', 'peer': 'CPython re+dict', 'payments': len(payments), 'right': right, 'wrong': wrong,
                      'ns': round(spent), 'solve_ns': round(ours), 'ratio': round(spent / ours, 2)}))


main()
