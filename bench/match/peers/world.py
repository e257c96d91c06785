# SPDX-License-Identifier: Apache-2.0
"""The generator's files as a peer sees them: day by day, with the ledger as people had left it the evening before.

A peer is a function answer(book, payment) → [(item, applied_minor)], auto. All peers get the same book; what a rule of theirs cannot
find (the payer) is handed to them where their description says so.
"""
import csv
import datetime
import pathlib
import time


def minor(text):
    """Decimal text with at most two digits behind the point, exactly."""
    whole, _, part = text.lstrip("-").partition(".")
    value = int(whole or 0) * 100 + int((part + "00")[:2])
    return -value if text.startswith("-") else value


def day(text):
    return datetime.date.fromisoformat(text).toordinal() if text else 0


class Item:
    """An open item; open_minor follows what people cleared."""
    __slots__ = ("key", "account", "document", "currency", "company", "open", "original", "known", "due", "until", "rate", "disputed", "place")

    def __init__(self, row, place):
        self.key, self.account, self.document = row["key"] or row["document"], row["customer"], row["document"]
        self.currency, self.company, self.place = row["currency"], row.get("company", ""), place
        self.original = minor(row.get("original_amount") or row["open_amount"])
        self.open, self.known, self.due = self.original, day(row.get("document_date", "")), day(row["due_date"])
        self.until, self.rate = day(row.get("discount1_until", "")), float(row.get("discount1_percent") or 0)
        self.disputed = (row.get("disputed") or "").lower() in ("yes", "true", "1", "x")

    def discount(self, on):
        """Cash discount still earned on that day, in minor units."""
        return round(self.open * self.rate / 100) if self.rate and on <= self.until else 0


class Payment:
    __slots__ = ("key", "day", "currency", "amount", "company", "account", "name", "text", "payer", "number")

    def __init__(self, row, payer, number):
        self.key, self.day, self.currency, self.amount = row["payment"], day(row["value_date"]), row["currency"], minor(row["amount"])
        self.company, self.account, self.name = row.get("company", ""), row.get("payer_account", ""), row.get("payer_name", "")
        self.text, self.payer, self.number = row.get("text", "").replace("\n", " "), payer, number


class Book:
    """What is open today: by customer in the order (due, key), and by document number."""

    def __init__(self, customers):
        self.names = {row["customer"]: row["name"] for row in customers}
        self.accounts = {}
        for row in customers:
            for number in filter(None, (row.get("bank_accounts") or "").split("|")):
                self.accounts.setdefault(number, set()).add(row["customer"])
        self.items, self.by_customer, self.by_document = {}, {}, {}
        self.changes = 0

    def add(self, item):
        self.items[item.key] = item
        self.by_customer.setdefault(item.account, {})[item.key] = item
        self.by_document.setdefault(item.document, []).append(item)
        self.changes += 1

    def clear(self, key, amount):
        """People cleared so much of an item; at nothing it leaves the book."""
        item = self.items.get(key)
        if item is None:
            return
        item.open -= amount
        if item.open == 0 or (item.open < 0) != (item.original < 0):
            del self.items[key], self.by_customer[item.account][key]
            self.by_document[item.document].remove(item)
        self.changes += 1

    def pool(self, customer, currency):
        rows = (item for item in self.by_customer.get(customer, {}).values() if item.currency == currency)
        return sorted(rows, key=lambda item: (item.due, item.key))

    def customer_of(self, account):
        """The one customer of a bank account, else nothing."""
        found = self.accounts.get(account, ())
        return next(iter(found)) if len(found) == 1 else None


class World:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        read = lambda name: list(csv.DictReader(open(folder / name, encoding="utf-8", newline="")))
        self.items = sorted((Item(row, i) for i, row in enumerate(read("items.csv")) if row["kind"] != "closed"), key=lambda item: item.known)
        self.customers = read("customers.csv")
        payers = {row["payment"]: row["payer"] for row in read("labels.csv")}
        self.payments = [Payment(row, payers.get(row["payment"], ""), i) for i, row in enumerate(read("payments.csv"))]
        self.cleared = sorted(((day(row["cleared_on"]), row["item"], minor(row["applied"]) + minor(row.get("discount") or "0"))
                               for row in read("cleared.csv")), key=lambda row: row[0])

    def replay(self, answer, seconds=None):
        """Rows (payment, item, applied, auto) of every payment, and the processor time that the peer itself took; stops after so many."""
        book, rows, spent, item, clearing, at = Book(self.customers), [], 0.0, 0, 0, 0
        while at < len(self.payments):
            today = self.payments[at].day
            while clearing < len(self.cleared) and self.cleared[clearing][0] < today:
                book.clear(*self.cleared[clearing][1:])
                clearing += 1
            while item < len(self.items) and self.items[item].known <= today:
                book.add(self.items[item])
                item += 1
            start = time.process_time()
            while at < len(self.payments) and self.payments[at].day == today:
                lines, auto = answer(book, self.payments[at])
                rows += [(self.payments[at].key, found.key, applied, int(auto)) for found, applied in lines]
                at += 1
            spent += time.process_time() - start
            if seconds and spent > seconds:
                break
        return rows, at, spent


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(("payment", "item", "applied", "auto"))
        for payment, item, applied, auto in rows:
            sign = "-" if applied < 0 else ""
            out.writerow((payment, item, f"{sign}{abs(applied) // 100}.{abs(applied) % 100:02}", auto))
