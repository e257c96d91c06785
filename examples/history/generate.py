#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Half a year of an invented wholesaler: items, customers, payments and what clerks cleared. Same seed, same bytes.

  python3 examples/history/generate.py [FOLDER]
"""
import csv
import datetime
import pathlib
import random
import sys

FIRST = datetime.date(2026, 1, 5)
DAYS = 182
NAMES = ["Adler Maschinenbau", "Brandt & Sohn", "Corvin Foods", "Delta Pumpen", "Eberle Bau", "Falk Logistik", "Garnet Retail", "Hollis Paper",
         "Ihle Dental", "Jansen Garten", "Kolb Optik", "Lindner Holz", "Marten Textil", "Norden Kaffee", "Opitz Elektro", "Pfaff Druck"]


def money(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


class Past:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.items, self.payments, self.cleared, self.open = [], [], [], {c: [] for c in range(len(NAMES))}
        self.number = 40012300

    def invoice(self, customer, day):
        self.number += self.random.randint(1, 9)
        cents = self.random.choice([4990, 12900, 24900]) if self.random.random() < .15 else self.random.randint(1500, 900000)
        item = {"key": f"1000{self.number}", "document": str(self.number), "customer": f"C{customer:02d}", "day": day, "amount": cents, "closed": None,
                "discount": day + datetime.timedelta(days=10) if customer % 4 == 0 else None}
        self.items.append(item)
        self.open[customer].append(item)

    def chosen(self, customer, day):
        due = [i for i in self.open[customer] if i["day"] <= day - datetime.timedelta(days=self.random.randint(5, 28))]
        if not due:
            return []
        count = min(len(due), self.random.choice([1, 1, 1, 1, 2, 2, 3, 5]))
        first = 0 if self.random.random() < .7 else self.random.randrange(len(due) - count + 1)
        return due[first:first + count]

    def pay(self, customer, day):
        items, r = self.chosen(customer, day), self.random
        if not items:
            return
        key, amount, rows = f"P{len(self.payments) + 1:05d}", 0, []
        for item in items:
            off = item["amount"] * 2 // 100 if item["discount"] and day <= item["discount"] else 0
            rows.append([item, item["amount"] - off, off])
            amount += item["amount"] - off
        style = r.random()
        text = " ".join(i["document"] for i in items) if style < .55 else "Rechnung " + ", ".join(i["document"] for i in items) if style < .75 else ""
        account = f"DE{10 + customer}50010517{customer:010d}" if r.random() < .96 else ""
        self.payments.append([key, day.isoformat(), "EUR", money(amount), account, NAMES[customer], text or "Zahlung, danke"])
        booked = day + datetime.timedelta(days=r.choice([0, 0, 0, 1, 3]))
        for item, applied, off in rows:
            self.open[customer].remove(item)
            item["closed"] = booked
            self.cleared.append([key, item["key"], money(applied), money(off), booked.isoformat()])

    def run(self):
        for step in range(DAYS):
            day = FIRST + datetime.timedelta(days=step)
            if day.weekday() > 4:
                continue
            for customer in range(len(NAMES)):
                for _ in range(self.random.choice([0, 0, 1, 1, 2])):
                    self.invoice(customer, day)
                if self.random.random() < .45:
                    self.pay(customer, day)
        return self

    def item_rows(self):
        for i in self.items:
            closed = i["closed"]
            yield [i["customer"], i["key"], i["document"], "EUR", "closed" if closed else "invoice", money(0 if closed else i["amount"]),
                   money(i["amount"]), i["day"].isoformat(), (i["day"] + datetime.timedelta(days=30)).isoformat(),
                   closed.isoformat() if closed else "", i["discount"].isoformat() if i["discount"] else "", "2" if i["discount"] else ""]


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header.split(","))
        out.writerows(rows)


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    past = Past(20260105).run()
    write(folder / "items.csv", "customer,key,document,currency,kind,open_amount,original_amount,document_date,due_date,closed_on,discount1_until,"
          "discount1_percent", past.item_rows())
    write(folder / "customers.csv", "customer,name,bank_accounts",
          [[f"C{c:02d}", name, f"DE{10 + c}50010517{c:010d}"] for c, name in enumerate(NAMES)])
    write(folder / "payments.csv", "payment,value_date,currency,amount,payer_account,payer_name,text", past.payments)
    write(folder / "cleared.csv", "payment,item,applied,discount,cleared_on", past.cleared)


if __name__ == "__main__":
    main()
