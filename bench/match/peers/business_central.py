# SPDX-License-Identifier: Apache-2.0
"""Business Central's payment reconciliation journal, from its description.

Every line is held against every open entry of the ledger dated on or before it: related party {full, partial, no}, document {multiple,
yes, no}, entries with the amount within the tolerance {one, multiple, none} over all customers. The best of its rules decides; High
rules post, the top four at once and the others by default after review, which is counted as automatic here too (kinder than the default).
Party full = equal bank account, or a name nearness of 95 and unique. Nearness = Σ of longest common substrings of four or more ÷ the shorter name.
Document = the number with borders in the upper-cased text, four characters or more. Two numbers in the text: entries by due day until the money is gone.
"""
import bisect
import re

# party, document, amount → rank (the lower the better); what is not listed is not High.
HIGH = [("full", "multiple", "one"), ("full", "multiple", "multiple"), ("full", "yes", "one"), ("full", "yes", "multiple"),
        ("partial", "multiple", "one"), ("partial", "multiple", "multiple"), ("partial", "yes", "one"), ("full", "no", "one"),
        ("no", "multiple", "one"), ("no", "multiple", "multiple")]
WORD = re.compile(r"[0-9A-Z]+(?:[-/.][0-9A-Z]+)*")
TOLERANCE_PPM = 0

names, amounts = {}, {"changes": None, "sorted": []}


def nearness(a, b):
    """Longest common substrings of at least four, again and again, over the shorter of both."""
    a, b = a.upper(), b.upper()
    short, total = min(len(a), len(b)), 0
    while a and b:
        best, at, other = 0, 0, 0
        row = [0] * (len(b) + 1)
        for i, x in enumerate(a):
            last = 0
            for j, y in enumerate(b):
                row[j + 1], last = (last + 1 if x == y else 0), row[j + 1]
                if row[j + 1] > best:
                    best, at, other = row[j + 1], i + 1, j + 1
        if best < 4:
            break
        total += best
        a, b = a[:at - best] + "\0" + a[at:], b[:other - best] + "\1" + b[other:]
    return 100 * total // short if short else 0


def party(book, payment):
    """(customer, full or partial)"""
    found = book.customer_of(payment.account)
    if found or not payment.name:
        return found, "full"
    if payment.name not in names:
        words = {word for word in payment.name.upper().split() if len(word) >= 4}
        scores = sorted(((nearness(payment.name, name), key) for key, name in book.names.items()
                         if words & set(name.upper().split()) or len(book.names) < 2000), reverse=True)[:2]
        full = bool(scores) and scores[0][0] >= 95 and (len(scores) == 1 or scores[1][0] < 95)
        names[payment.name] = (scores[0][1] if scores and scores[0][0] >= 70 else None, "full" if full else "partial")
    return names[payment.name]


def amount_count(book, payment):
    """Entries of the whole ledger with the amount, within the tolerance."""
    if amounts["changes"] != book.changes:
        amounts["changes"] = book.changes
        amounts["sorted"] = sorted(item.open for item in book.items.values() if item.open > 0)
    slack = payment.amount * TOLERANCE_PPM // 1000000
    return bisect.bisect_right(amounts["sorted"], payment.amount + slack) - bisect.bisect_left(amounts["sorted"], payment.amount - slack)


def answer(book, payment):
    who, kind = party(book, payment)
    text = payment.text.upper()
    cited = [item for word in dict.fromkeys(WORD.findall(text)) if len(word) >= 4 for item in book.by_document.get(word, ()) if item.open > 0]
    cited = [item for item in cited if item.currency == payment.currency]
    hits = amount_count(book, payment)
    scored = []
    for item in {item.key: item for item in cited + (book.pool(who, payment.currency) if who else [])}.values():
        if item.open <= 0 or item.known > payment.day:
            continue
        document = "no" if item not in cited else "multiple" if len(cited) > 1 else "yes"
        fits = item.open == payment.amount or item.open - item.discount(payment.day) == payment.amount
        amount = "none" if not fits else "one" if hits == 1 else "multiple"
        if document == "multiple" and sum(row.open for row in cited) == payment.amount:
            amount = "one"
        rule = (kind if item.account == who else "no", document, amount)
        scored.append((HIGH.index(rule) if rule in HIGH else 99, item.due, item.key, item))
    if not scored:
        return [], False
    best = min(scored)
    if len(cited) < 2 or best[0] == 99:
        return [(best[3], min(best[3].open, payment.amount))], best[0] != 99
    lines, left = [], payment.amount
    for item in sorted(cited, key=lambda row: (row.due, row.key)):
        if left > 0:
            lines.append((item, min(item.open, left)))
            left -= item.open
    return lines, True
