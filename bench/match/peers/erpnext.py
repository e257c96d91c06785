# SPDX-License-Identifier: Apache-2.0
"""ERPNext's bank reconciliation, from its description.

The party is the one whose bank account is equal, else the name with a token_set_ratio above 80 over all names; an equal best pair gives
up. Every open voucher of the party, and every one of the amount, has the rank 1 + reference equal + party equal + amount equal. It
reconciles by itself only when the reference is equal. A reference is equal when one word of the text is the document's number, which is
kinder than the product: that compares one reference field. One voucher a payment.
"""
try:
    from rapidfuzz import fuzz, process
except ImportError:
    fuzz = process = None

known = {}


def party(book, payment):
    found = book.customer_of(payment.account)
    if found or not payment.name or process is None:
        return found
    if payment.name not in known:
        best = process.extract(payment.name, book.names, scorer=fuzz.token_set_ratio, score_cutoff=80.0001, limit=2)
        known[payment.name] = best[0][2] if best and (len(best) == 1 or best[0][1] > best[1][1]) else None
    return known[payment.name]


def answer(book, payment):
    who = party(book, payment)
    words = set(payment.text.split())
    best, rank = None, (0, 0, 0)
    cited = [item for word in words for item in book.by_document.get(word, ())]
    for item in cited + (book.pool(who, payment.currency) if who else []):
        if item.open <= 0 or item.currency != payment.currency:
            continue
        now = (1 + (item.document in words) + (item.account == who) + (item.open == payment.amount), -item.due, -item.place)
        if now > rank or best is None:
            best, rank = item, now
    if best is None:
        return [], False
    return [(best, min(best.open, payment.amount))], best.document in words
