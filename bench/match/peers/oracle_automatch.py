# SPDX-License-Identifier: Apache-2.0
"""Oracle's AutoMatch, from its description.

Blanks and signs are stripped on both sides; the similarity of two numbers is 1 − changes ÷ length. Customer, transaction and amount are
weighed (here 30, 40, 30: the description names no figures); from the combined threshold (85) on a receipt is applied by itself, from the
minimum (70) on recommended. Each word of the text with four characters or more takes its best open transaction of the customer; a wrong
neighbor's number scores 90 %. The customer is found by bank account, else it is handed over (AutoLockbox finds it by other means).
"""
import re

try:
    from rapidfuzz.distance import Levenshtein
except ImportError:
    Levenshtein = None

STRIP = re.compile(r"[^0-9A-Z]")
WEIGHTS = (30, 40, 30)
COMBINED, MINIMUM = 85.0, 70.0


def changes(a, b):
    """Levenshtein's distance."""
    if Levenshtein:
        return Levenshtein.distance(a, b)
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def similarity(a, b):
    longest = max(len(a), len(b))
    return 100.0 * (1 - changes(a, b) / longest) if longest else 0.0


def best_of(word, pool):
    found, score = None, MINIMUM
    for item in pool:
        number = STRIP.sub("", item.document.upper())
        if abs(len(number) - len(word)) * 100 > (100 - MINIMUM) * max(len(number), len(word)):
            continue
        now = 100.0 if number == word else similarity(word, number)
        if now > score:
            found, score = item, now
    return found, score


def answer(book, payment):
    who = book.customer_of(payment.account)
    customer = 100.0 if who else 70.0
    pool = [item for item in book.pool(who or payment.payer, payment.currency) if item.open > 0]
    words = {STRIP.sub("", word.upper()) for word in payment.text.split()}
    found = {}
    for word in sorted(words):
        if len(word) >= 4 and any(c.isdigit() for c in word):
            item, score = best_of(word, pool)
            if item is not None and score > found.get(item.key, (None, 0.0))[1]:
                found[item.key] = (item, score)
    chosen = [row[0] for row in found.values()]
    total = sum(item.open for item in chosen)
    if not chosen:
        return [], False
    net = sum(item.open - item.discount(payment.day) for item in chosen)
    amount = 100.0 if payment.amount in (total, net) else max(0.0, 100.0 - 100.0 * abs(payment.amount - total) / max(total, 1))
    score = (WEIGHTS[0] * customer + WEIGHTS[1] * min(row[1] for row in found.values()) + WEIGHTS[2] * amount) / 100
    lines, left = [], payment.amount
    for item in sorted(chosen, key=lambda row: (row.due, row.key)):
        if left > 0:
            lines.append((item, min(item.open, left)))
            left -= item.open
    return (lines, score >= COMBINED) if score >= MINIMUM else ([], False)
