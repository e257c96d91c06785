# SPDX-License-Identifier: Apache-2.0
"""The static ledger of match_bench --write as tables: what a careful script takes for a reference, and who answered right."""
import re

NUMBER = re.compile(r"(?:INV|RE)?[-/ .]?2026[-/ .]?\d{8}(?!\d)|(?<!\d)\d{9}(?!\d)", re.IGNORECASE)
SQUEEZE = str.maketrans("", "", "-/ .")


def items_of(folder):
    """(item, amount, keys) of every item: its number squeezed, and without its letters."""
    with open(folder + "/items.tsv", encoding="ascii") as file:
        for item, line in enumerate(file):
            document, amount = line.rstrip("\n").split("\t")
            full = document.translate(SQUEEZE).upper()
            yield item, int(amount), dict.fromkeys((full, full.lstrip("INVRE")))


def payments_of(folder):
    """(payment, amount, truth, text)"""
    with open(folder + "/payments.tsv", encoding="ascii") as file:
        for payment, line in enumerate(file):
            amount, truth, text = line.rstrip("\n").split("\t")
            yield payment, int(amount), truth, text


def tokens(text):
    return dict.fromkeys(token.translate(SQUEEZE).upper() for token in NUMBER.findall(text))


def judge(answers, folder):
    """answers: {payment: sorted list of items}; (right, wrong)."""
    right = sum(1 for payment, _, truth, _ in payments_of(folder)
                if payment in answers and answers[payment] == sorted(int(item) for item in truth.split(",")))
    return right, len(answers) - right
