# SPDX-License-Identifier: Apache-2.0
"""Odoo's reconciliation model (up to 18, and its community port), from its description.

Tokens of the text are cut at blanks, reduced to digits, and kept from four on; an item is a candidate when its number's digits equal a
token. More hits come first, then older due days; items of the last 18 months only. A single item of exactly the amount wins; else items
fill the payment, oldest first, until it is covered. The discounted amounts are tried when they fit perfectly. Too little is accepted
within a tolerance (here 0.5 %), too much always. Without a hit all items of the partner are candidates, and nothing is automatic.
The partner is handed to it. naked = True counts claims without a hit as automatic, to show what the greedy fill alone is worth.
"""
import re

DIGITS = re.compile(r"\D")


def tokens(text):
    return {digits for digits in (DIGITS.sub("", word) for word in text.split()) if len(digits) >= 4}


def fill(items, amount, value):
    """Oldest first until the amount is covered; (lines, verdict)."""
    lines, left = [], amount
    for item in items:
        if left <= 0:
            break
        if item.open > 0:
            lines.append((item, min(value(item), left)))
            left -= value(item)
    return lines, -left


def choose(items, payment):
    single = [item for item in items if item.open == payment.amount]
    if single:
        return [(single[0], payment.amount)], True
    lines, over = fill(items, payment.amount, lambda item: item.open - item.discount(payment.day))
    if over == 0 and lines:
        return lines, True
    lines, over = fill(items, payment.amount, lambda item: item.open)
    return lines, bool(lines) and (over <= 0 or over <= payment.amount * 5 // 1000)


def answer(book, payment, naked=False):
    pool = [item for item in book.pool(payment.payer, payment.currency) if item.known > payment.day - 548]
    words = tokens(payment.text)
    hits = [item for item in pool if DIGITS.sub("", item.document) in words]
    lines, good = choose(hits or pool, payment)
    return lines, good and (bool(hits) or naked)
