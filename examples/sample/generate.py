#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A day at a small distributor: items.csv, customers.csv, remittance.csv, bank.camt053.xml and truth.csv, always the same bytes.

Everything is invented: names, numbers and banks. truth.csv says which items each payment was made for; nothing but the tests
reads it. Standard library only. Usage: generate.py [folder]
"""
import csv
import io
import random
import sys
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from people import CUSTOMERS, STRANGERS, iban

DAY = date(2026, 3, 2)
OURS = iban("DE", "990010000004711001")
OURS_CHF = iban("DE", "990010000004711002")
OURS_SECOND = iban("DE", "990010000004711003")
COLUMNS = ["key", "customer", "document", "kind", "currency", "open_amount", "original_amount", "document_date", "due_date",
           "discount1_until", "discount1_percent", "references", "po", "order", "delivery", "statement", "disputed", "closed_on"]


def money(cents):
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def german(cents):
    whole = f"{abs(cents) // 100:,}".replace(",", ".")
    return f"{whole},{abs(cents) % 100:02d}"


def rf_reference(body):
    digits = "".join(str(int(c, 36)) for c in body + "RF00")
    return f"RF{98 - int(digits) % 97:02d}{body}"


class Items:
    """Open and closed items; a scenario takes the ones it pays, so that no two of them fight by accident."""

    def __init__(self, rng):
        self.rng, self.rows, self.free, self.next = rng, [], {}, {"RE": 104001, "GU": 70011}

    def add(self, customer, cents, age, kind="invoice", currency="EUR", terms=30, discount=None, prefix="RE", number=None, **more):
        number = number or f"{prefix}-{self.next[prefix]}"
        if number.startswith(prefix + "-") and prefix in self.next:
            self.next[prefix] += 1
        day = DAY - timedelta(days=age)
        row = dict.fromkeys(COLUMNS, "")
        row.update(key=f"1000-{number}-2026", customer=customer, document=number, kind=kind, currency=currency, open_amount=money(cents),
                   original_amount=money(cents), document_date=day.isoformat(), due_date=(day + timedelta(days=terms)).isoformat())
        if discount:
            row.update(discount1_percent=discount[0], discount1_until=(day + timedelta(days=discount[1])).isoformat())
        row.update(more)
        row["cents"] = cents
        self.rows.append(row)
        if kind == "invoice" and not row["disputed"] and currency == "EUR":
            self.free.setdefault(customer, []).append(row)
        return row

    def take(self, customer, count=1, at=0):
        rows = self.free[customer][at:at + count]
        assert len(rows) == count, f"{customer} has too few items"
        del self.free[customer][at:at + count]
        return rows


def price(rng):
    """Sums of a distributor: pieces times a list price, plus 19 % tax."""
    net = sum(rng.choice([1, 1, 2, 3, 4, 5, 6, 10, 12, 24]) * rng.choice([895, 1249, 1990, 3450, 4780, 7425, 11990, 18650, 26700, 41900])
              for _ in range(rng.randint(1, 5)))
    return (net + 3990 if net < 5000 else net) * 119 // 100


def fill_items(items, rng):
    for at, customer in enumerate(CUSTOMERS):
        for n in range(rng.choice([4, 5, 6, 7, 8, 9, 10, 12]) if at < 6 else rng.choice([4, 5, 6, 7, 8, 9])):
            age = rng.randint(2, 75)
            discount = ("2", 14) if at % 3 == 0 else ("3", 10) if at % 3 == 1 and n % 2 else None
            more = {"delivery": f"LS{550000 + len(items.rows)}"}
            if at % 4 == 0:
                more["po"] = f"BE{4500 + at}{100 + n}"
            if at % 5 == 2:
                more["references"] = rf_reference(f"{104001 + len(items.rows)}K{customer['number']}")
            items.add(customer["number"], price(rng), age, discount=discount, **more)
    for rows in items.free.values():
        rows.sort(key=lambda row: (row["due_date"], row["key"]))


class Bank:
    """Entries of one statement, in the order of booking."""

    def __init__(self, statement, account, currency, opening, claim=None):
        self.statement, self.account, self.currency, self.opening, self.claim = statement, account, currency, opening, claim
        self.entries, self.sum = [], 0

    def book(self, cents, details, scenario, code="PMNT/RCDT/ESCT", note="", reversal=False, value=DAY, charges=0):
        number = len(self.entries) + 1
        self.entries.append(dict(number=number, cents=cents, details=details, scenario=scenario, code=code, note=note, reversal=reversal,
                                 value=value, charges=charges))
        self.sum += cents

    def pay(self, scenario, payer, cents, texts, rows=(), account=None, structured=(), end_to_end="NOTPROVIDED", charges=0, value=DAY):
        detail = dict(cents=cents, name=payer["name"], account=account or payer["iban"], texts=[texts] if isinstance(texts, str) else texts,
                      structured=structured, end_to_end=end_to_end, rows=rows, charges=charges)
        self.book(cents, [detail], scenario, value=value)


def tag(name, text, depth, attributes=""):
    return f"{' ' * depth}<{name}{attributes}>{escape(text)}</{name}>\n"


def structured_xml(ref, depth):
    pad = " " * depth
    if isinstance(ref, str):
        return (f"{pad}<Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>{escape(ref)}</Ref></CdtrRefInf></Strd>\n")
    adjust = (f"<AdjstmntAmtAndRsn><Amt Ccy=\"EUR\">{money(ref['deduction'])}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Rsn>{ref['code']}</Rsn>"
              f"<AddtlInf>{escape(ref['words'])}</AddtlInf></AdjstmntAmtAndRsn>") if ref.get("deduction") else ""
    return (f"{pad}<Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>{ref['document']}</Nb></RfrdDocInf>"
            f"<RfrdDocAmt><DuePyblAmt Ccy=\"EUR\">{money(ref['due'])}</DuePyblAmt>{adjust}"
            f"<RmtdAmt Ccy=\"EUR\">{money(ref['paid'])}</RmtdAmt></RfrdDocAmt></Strd>\n")


def detail_xml(bank, entry, detail, order):
    side = "CRDT" if detail["cents"] >= 0 else "DBIT"
    party, account = ("Dbtr", "DbtrAcct") if (side == "CRDT") != entry["reversal"] else ("Cdtr", "CdtrAcct")
    out = "    <TxDtls>\n     <Refs>"
    out += f"<AcctSvcrRef>{bank.statement[-4:]}{entry['number']:04d}{order:02d}</AcctSvcrRef><EndToEndId>{escape(detail['end_to_end'])}</EndToEndId></Refs>\n"
    out += f"     <Amt Ccy=\"{bank.currency}\">{money(abs(detail['cents']))}</Amt>\n     <CdtDbtInd>{side}</CdtDbtInd>\n"
    if detail["charges"]:
        out += f"     <Chrgs><Rcrd><Amt Ccy=\"{bank.currency}\">{money(detail['charges'])}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Br>SHAR</Br></Rcrd></Chrgs>\n"
    out += f"     <RltdPties><{party}><Pty><Nm>{escape(detail['name'])}</Nm></Pty></{party}>"
    if detail["account"]:
        out += f"<{account}><Id><IBAN>{detail['account']}</IBAN></Id></{account}>"
    out += "</RltdPties>\n"
    if detail["texts"] or detail["structured"]:
        out += "     <RmtInf>\n" + "".join(tag("Ustrd", text, 6) for text in detail["texts"] if text)
        out += "".join(structured_xml(ref, 6) for ref in detail["structured"]) + "     </RmtInf>\n"
    if detail.get("return"):
        out += f"     <RtrInf><Rsn><Cd>{detail['return']}</Cd></Rsn></RtrInf>\n"
    return out + "    </TxDtls>\n"


def entry_xml(bank, entry):
    domain, family, sub = entry["code"].split("/")
    out = "  <Ntry>\n" + tag("NtryRef", f"{entry['number']}", 3)
    out += f"   <Amt Ccy=\"{bank.currency}\">{money(abs(entry['cents']))}</Amt>\n" + tag("CdtDbtInd", "CRDT" if entry["cents"] >= 0 else "DBIT", 3)
    if entry["reversal"]:
        out += tag("RvslInd", "true", 3)
    out += f"   <Sts><Cd>BOOK</Cd></Sts>\n   <BookgDt><Dt>{DAY}</Dt></BookgDt>\n   <ValDt><Dt>{entry['value']}</Dt></ValDt>\n"
    out += tag("AcctSvcrRef", f"NB{bank.statement[-4:]}{entry['number']:05d}", 3)
    out += f"   <BkTxCd><Domn><Cd>{domain}</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>{sub}</SubFmlyCd></Fmly></Domn></BkTxCd>\n"
    if entry["details"]:
        batch = f"    <Btch><NbOfTxs>{len(entry['details'])}</NbOfTxs></Btch>\n" if len(entry["details"]) > 1 else ""
        out += "   <NtryDtls>\n" + batch
        out += "".join(detail_xml(bank, entry, detail, i) for i, detail in enumerate(entry["details"])) + "   </NtryDtls>\n"
    if entry["note"]:
        out += tag("AddtlNtryInf", entry["note"], 3)
    return out + "  </Ntry>\n"


def balance_xml(code, cents, currency, day):
    return (f"  <Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"{currency}\">{money(abs(cents))}</Amt>"
            f"<CdtDbtInd>{'CRDT' if cents >= 0 else 'DBIT'}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n")


def statement_xml(bank, number):
    closing = bank.opening + bank.sum if bank.claim is None else bank.claim
    out = " <Stmt>\n" + tag("Id", bank.statement, 2) + tag("ElctrncSeqNb", str(number), 2) + tag("CreDtTm", f"{DAY}T21:04:00", 2)
    out += f"  <Acct><Id><IBAN>{bank.account}</IBAN></Id><Ccy>{bank.currency}</Ccy><Ownr><Nm>Nordwind Haustechnik Großhandel GmbH</Nm></Ownr></Acct>\n"
    out += balance_xml("OPBD", bank.opening, bank.currency, DAY - timedelta(days=3)) + balance_xml("CLBD", closing, bank.currency, DAY)
    return out + "".join(entry_xml(bank, entry) for entry in bank.entries) + " </Stmt>\n"


def bank_xml(banks):
    out = '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">\n<BkToCstmrStmt>\n'
    out += f" <GrpHdr><MsgId>NORDWIND-{DAY:%Y%m%d}</MsgId><CreDtTm>{DAY}T21:05:00</CreDtTm></GrpHdr>\n"
    return out + "".join(statement_xml(bank, 43 + i) for i, bank in enumerate(banks)) + "</BkToCstmrStmt>\n</Document>\n"


def csv_text(columns, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def customer_rows():
    for customer in CUSTOMERS:
        yield dict(customer=customer["number"], name=customer["name"], parent=customer.get("parent", ""),
                   pays_for="|".join(customer.get("pays_for", [])), bank_accounts="|".join([customer["iban"]] + customer.get("more", [])),
                   aliases="|".join(customer.get("aliases", [])))


def truth_rows(banks):
    for bank in banks:
        for entry in bank.entries:
            for order, detail in enumerate(entry["details"] or [dict(rows=(), cents=entry["cents"])]):
                yield dict(statement=bank.statement, entry=entry["number"], detail=order, amount=money(detail["cents"]),
                           scenario=entry["scenario"], items="|".join(row["key"] for row in detail["rows"]))


def main():
    from scenarios import advice_rows, play
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    rng = random.Random(20260302)
    items = Items(rng)
    fill_items(items, rng)
    main_account = Bank("NW-2026-0043", OURS, "EUR", 18423317)
    chf = Bank("NW-2026-0044", OURS_CHF, "CHF", 2210450)
    second = Bank("NW-2026-0045", OURS_SECOND, "EUR", 915000)
    play(items, main_account, chf, second, rng)
    second.claim = second.opening + second.sum + 27000
    banks = [main_account, chf, second]
    rows = sorted(items.rows, key=lambda row: row["document"])
    files = {"items.csv": csv_text(COLUMNS, rows),
             "customers.csv": csv_text(["customer", "name", "parent", "pays_for", "bank_accounts", "aliases"], customer_rows()),
             "remittance.csv": csv_text(["remittance", "payer", "payment_reference", "date", "currency", "document", "gross", "discount",
                                         "deduction", "reason", "paid"], advice_rows()),
             "bank.camt053.xml": bank_xml(banks),
             "truth.csv": csv_text(["statement", "entry", "detail", "amount", "scenario", "items"], truth_rows(banks))}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
