# SPDX-License-Identifier: Apache-2.0
"""The troubles of the day, one function a kind; the id is the one of the benchmark's scenarios."""
from datetime import timedelta

from generate import DAY, german, money
from people import BY_NAME, CUSTOMERS, NEW_ACCOUNT, SHARED_ACCOUNT, STRANGERS

ADVICE = []


def who(name):
    return BY_NAME[name]


def number(row):
    return row["document"]


def total(rows):
    return sum(row["cents"] for row in rows)


def largest(items, customer):
    rows = items.free[customer]
    return rows.index(max(rows, key=lambda row: row["cents"]))


def discounted(row, percent):
    return row["cents"] - (row["cents"] * percent + 50) // 100


def exact(items, bank, rng):
    for i in (0, 3, 5, 8, 10, 13, 20, 23, 26, 31):
        payer = CUSTOMERS[i]
        row, = items.take(payer["number"])
        bank.pay("S01 exact reference", payer, row["cents"], number(row), [row])


def free_text(items, bank, rng):
    forms = ["Zahlung Rechnung {n} vom {d} Kd.-Nr. {c}", "Rg. {n} / {a} EUR / vielen Dank", "Rechnungsnummer:{n} Datum:{d}",
             "Wir zahlen {n}, Tel. 04141 104377 bei Rueckfragen", "FACTURE {n} DU {d}", "betaling factuur {n} klant {c}",
             "Zaplata za fakture {n} z dnia {d}", "Betalning faktura {n}, order 220417", "{n} Lieferung Februar, Ihr Zeichen AB/2026-02"]
    for i, form in zip((1, 4, 6, 9, 27, 24, 28, 39, 11), forms):
        payer = CUSTOMERS[i]
        row, = items.take(payer["number"])
        day = row["document_date"]
        text = form.format(n=number(row), d=f"{day[8:]}.{day[5:7]}.{day[:4]}", c=payer["number"], a=german(row["cents"]))
        bank.pay("S02 reference inside free text", payer, row["cents"], text, [row])
    row, = items.take(CUSTOMERS[14]["number"])
    bank.pay("S11 decoys and hostile text", CUSTOMERS[14], row["cents"], f"=SUMME(A1:A9) <b>{number(row)}</b> PO 104999 'sofort' & danke", [row])


def damaged(items, bank, rng):
    row, = items.take("10013")
    bank.pay("S03 one digit substituted", who("Kaltwasser Anlagenbau AG"), row["cents"], "Rechnung RE-" + number(row)[3:5] + "9" + number(row)[6:], [row])
    row, = items.take("10014", at=1)
    text = number(row)
    bank.pay("S04 transposition", CUSTOMERS[13], row["cents"], "Rg " + text[:4] + text[5] + text[4] + text[6:], [row])
    row, = items.take("10015")
    bank.pay("S05 OCR confusion", CUSTOMERS[14], row["cents"], "Rechnung " + number(row).replace("0", "O", 1), [row])
    row, = items.take("10020", at=1)
    bank.pay("S06 truncated", CUSTOMERS[19], row["cents"], "ZAHLUNG LT. IHRER RECHNUNG RE-" + number(row)[3:8], [row])
    row, = items.take("10021")
    bank.pay("S07 leading zeros", CUSTOMERS[20], row["cents"], "0000" + number(row)[3:], [row])
    row, = items.take("10022")
    bank.pay("S07 prefix lost", CUSTOMERS[21], row["cents"], "Rechnung " + number(row)[3:], [row])
    row, = items.take("10023")
    pieces = ["Zahlung der Rechnung Nummer " + number(row)[:7], number(row)[7:] + " Lieferung Baustelle Sued"]
    bank.pay("S08 split over line breaks", CUSTOMERS[22], row["cents"], pieces, [row])
    row, = items.take("10025", at=1)
    bank.pay("S08 split over line breaks", CUSTOMERS[24], row["cents"], ["FACTUUR RE-", number(row)[3:]], [row])


def lists(items, bank, rng):
    rows = items.take("10002", 3)
    bank.pay("S09 list", CUSTOMERS[1], total(rows), "Rechnungen " + ", ".join(number(row) for row in rows), rows)
    rows = items.take("10005", 2)
    bank.pay("S09 list", CUSTOMERS[4], total(rows), f"{number(rows[0])} + {number(rows[1])[3:]}", rows)
    fresh = [items.add("10029", cents, 12) for cents in (41822, 99365, 18799)]
    items.free["10029"] = [row for row in items.free["10029"] if row not in fresh]
    last = number(fresh[2])[3:]
    bank.pay("S09 range", CUSTOMERS[28], total(fresh), f"{number(fresh[0])} bis {last}", fresh)
    fresh = [items.add("10030", cents, 20) for cents in (77350, 12495)]
    items.free["10030"] = [row for row in items.free["10030"] if row not in fresh]
    bank.pay("S09 short list", CUSTOMERS[29], total(fresh), f"{number(fresh[0])}/{number(fresh[1])[-2:]}", fresh)


def structured(items, bank, rng):
    for i in (2, 7, 12):
        row, = items.take(CUSTOMERS[i]["number"])
        bank.pay("S10 structured reference", CUSTOMERS[i], row["cents"], [], [row], structured=[row["references"]])
    row, = items.take("10018")
    bank.pay("S10 damaged structured reference", CUSTOMERS[17], row["cents"], [], [row], structured=[row["references"][:-1] + "7"])


def naked(items, bank, rng):
    for i, text in ((7, "Zahlung"), (16, ""), (32, "Abschlag"), (35, "Paiement"), (43, "Danke")):
        row, = items.take(CUSTOMERS[i]["number"], at=2)
        bank.pay("S12 single item, naked", CUSTOMERS[i], row["cents"], text, [row])
    for i, count in ((8, 2), (36, 3), (40, 2)):
        rows = items.take(CUSTOMERS[i]["number"], count)
        bank.pay("S13 several, naked, one run", CUSTOMERS[i], total(rows), "Sammelzahlung", rows)
    rows = items.take("10038") + items.take("10038", at=2)
    bank.pay("S14 several, naked, scattered", CUSTOMERS[37], total(rows), "Pagamento", rows)


def differences(items, bank, rng):
    row, = items.take("10003", at=largest(items, "10003"))
    bank.pay("S15 short, round amount", CUSTOMERS[2], row["cents"] - row["cents"] % 10000, number(row), [row])
    row, = items.take("10033")
    bank.pay("S15 short, percent", CUSTOMERS[32], row["cents"] - row["cents"] * 5 // 100, f"Faktura {number(row)} minus 5 procent", [row])
    row, = items.take("10034")
    cut = 4760
    bank.pay("S15 short, reason code", CUSTOMERS[33], row["cents"] - cut, [], [row],
             structured=[dict(document=number(row), due=row["cents"], paid=row["cents"] - cut, deduction=cut, code="04", words="Bruch bei Lieferung")])
    row, = items.take("10027", at=largest(items, "10027"))
    bank.pay("S15 short, no reason", CUSTOMERS[26], row["cents"] - 1285, f"Reglement {number(row)}", [row])
    row, = items.take("10031")
    bank.pay("S15 small difference", CUSTOMERS[30], row["cents"] - 7, f"faktura {number(row)}", [row])
    for i, days, percent, kind in ((0, 0, 2, "S16 discount earned"), (3, 0, 2, "S16 discount earned"), (6, -2, 2, "S16 discount too late")):
        payer = CUSTOMERS[i]
        row = items.add(payer["number"], 118405 + 7113 * i, 14 - days, discount=(str(percent), 14))
        items.free[payer["number"]].remove(row)
        bank.pay(kind, payer, discounted(row, percent), f"{number(row)} abzgl. {percent}% Skonto", [row])
    rows = [items.add("10010", 83419, 9, discount=("2", 14)), items.add("10010", 61285, 40)]
    items.free["10010"] = [row for row in items.free["10010"] if row not in rows]
    bank.pay("S16 discount on some", CUSTOMERS[9], discounted(rows[0], 2) + rows[1]["cents"], f"{number(rows[0])} {number(rows[1])}", rows)
    row, = items.take("10028", at=1)
    bank.pay("S17 bank fee in the file", CUSTOMERS[27], row["cents"] - 1200, f"Facture {number(row)}", [row], charges=1200)
    row, = items.take("10039")
    bank.pay("S17 bank fee, listed", CUSTOMERS[38], row["cents"] - 1500, f"Facture {number(row)}", [row])
    row, = items.take("10024")
    bank.pay("S25 over-paid", CUSTOMERS[23], row["cents"] + 5000, f"factuur {number(row)}", [row])


def relations(items, bank, rng):
    holding = who("Hansen Bau Holding GmbH")
    rows = items.take("10017") + items.take("10019")
    bank.pay("S21 parent pays for children", holding, total(rows), f"{number(rows[0])} {number(rows[1])}", rows)
    row, = items.take("10018")
    bank.pay("S21 parent pays for a child, naked", holding, row["cents"], "Konzernzahlung", [row])
    row, = items.take("10015")
    bank.pay("S21 one-way payer", who("Energie Süderelbe GmbH"), row["cents"], f"fuer Solar Kehdingen {number(row)}", [row])
    row, = items.take("10026")
    bank.pay("S21 neighbor pays", who("De Vries Sanitair B.V."), row["cents"], f"factuur {number(row)} Zwaan", [row])
    row, = items.take("10032")
    bank.pay("S22 third party", STRANGERS["factor"], row["cents"], f"Forderungsankauf Soerensen VVS {number(row)}", [row])
    row, = items.take("10037")
    bank.pay("S22 payer without a tie", who("Autohof Geest GmbH"), row["cents"], f"{number(row)}", [row])
    row, = items.take("10041")
    bank.pay("S22 shared account, reference decides", dict(name="Servicezentrum Marsch", iban=SHARED_ACCOUNT), row["cents"], f"Rechnung {number(row)}", [row])
    row, = items.take("10042")
    bank.pay("S33 new account, alias", dict(name="ZENTRALKASSE NORDHEIDE", iban=NEW_ACCOUNT), row["cents"], f"{number(row)}", [row])
    row, = items.take("10042")
    bank.pay("S33 new account, naked", dict(name="ZENTRALKASSE NORDHEIDE", iban=NEW_ACCOUNT), row["cents"], "Rechnung Februar", [row])
    row, = items.take("10001", at=1)
    bank.pay("S12 name only, umlauts written out", dict(name="MUELLER UND SOEHNE GMBH", iban=""), row["cents"], "Ueberweisung", [row])


def special(items, bank, rng):
    credit = items.add("10012", -24990, 18, kind="credit_memo", prefix="GU")
    rows = items.take("10012", 2) + [credit]
    bank.pay("S24 credit memo netted", CUSTOMERS[11], total(rows), f"{number(rows[0])} {number(rows[1])} abzgl. {number(credit)}", rows)
    credit = items.add("10044", -11900, 25, kind="credit_memo", prefix="GU")
    rows = items.take("10044", 1) + [credit]
    bank.pay("S24 credit memo netted, naked", CUSTOMERS[43], total(rows), "Zahlung abzgl. Gutschrift", rows)
    deposit = items.add("10034", 150000, 3, kind="deposit_request", number="AB-20451", order="AB-20451")
    bank.pay("S23 prepayment", CUSTOMERS[33], 150000, "Anzahlung Auftrag AB-20451", [deposit])
    bank.pay("S23 on account", CUSTOMERS[18], 250000, "Akonto laut Telefonat", [])
    closed = items.add("10009", 0, 70, kind="closed", closed_on=str(DAY - timedelta(days=21)), original_amount="964.18")
    bank.pay("S31 closed document paid again", CUSTOMERS[8], 96418, f"Rechnung {number(closed)}", [])
    row, = items.take("10016")
    bank.pay("S28 two payments, one item", who("Hansen Bau Holding GmbH"), row["cents"], f"{number(row)}", [row], end_to_end="HB-20260302-11")
    bank.pay("S28 two payments, one item", who("Hansen Bau Holding GmbH"), row["cents"], f"{number(row)}", [row], end_to_end="HB-20260302-12")
    row = items.add("10043", 73899, 33, disputed="yes")
    bank.pay("S35 disputed item", CUSTOMERS[42], row["cents"], f"{number(row)} unter Vorbehalt", [row])
    right, wrong = items.take("10036")[0], items.free["10035"][0]
    bank.pay("S27 wrong reference, right amount", CUSTOMERS[35], right["cents"], f"Facture {number(wrong)}", [right])
    row, = items.take("10035")
    bank.pay("S27 right reference, wrong amount", CUSTOMERS[34], row["cents"] // 2 + 137, f"{number(row)}", [row])
    row, = items.take("10005")
    bank.pay("S02 purchase order", CUSTOMERS[4], row["cents"], f"Bestellung {row['po']}", [row])
    row, = items.take("10040")
    bank.pay("S02 delivery note", CUSTOMERS[39], row["cents"], f"foljesedel {row['delivery']}", [row])
    bank.pay("S23 unknown payer", STRANGERS["private"], 12345, "Danke fuer die schnelle Hilfe", [])
    bank.pay("S23 unknown payer", STRANGERS["unknown"], 91345, "Rechnung 2026-77", [])


def advised(items, bank, rng):
    payer = who("Stadtwerke Moorhusen AöR")
    rows = [items.add(payer["number"], price, 30 + n) for n, price in enumerate((214319, 88060, 45220, 130305, 9996, 67354, 21420, 301784))]
    items.free[payer["number"]] = [row for row in items.free[payer["number"]] if row not in rows]
    paid = 0
    for row in rows:
        cut = 2142 if row is rows[2] else 0
        paid += row["cents"] - cut
        ADVICE.append(dict(remittance="AV-2026-118", payer=payer["number"], payment_reference="SWM-2026-118", date=str(DAY - timedelta(days=1)),
                           currency="EUR", document=number(row), gross=money(row["cents"]), discount="", deduction=money(cut) if cut else "",
                           reason="Preis laut Rahmenvertrag" if cut else "", paid=money(row["cents"] - cut)))
    bank.pay("S26 remittance advice", payer, paid, "Avis AV-2026-118", rows, end_to_end="SWM-2026-118")


def batch(items, bank, rng):
    details = []
    for i in (20, 21, 22):
        row, = items.take(CUSTOMERS[i]["number"], at=1)
        details.append(dict(cents=row["cents"], name=CUSTOMERS[i]["name"], account=CUSTOMERS[i]["iban"], texts=[f"Rechnung {number(row)}"],
                            structured=[], end_to_end="NOTPROVIDED", rows=[row], charges=0))
    bank.book(sum(detail["cents"] for detail in details), details, "S01 batch entry with details", note="SAMMELGUTSCHRIFT")


def out(bank, cents, payee, texts, scenario, code="PMNT/ICDT/ESCT", **more):
    detail = dict(cents=-cents, name=payee["name"], account=payee["iban"], texts=[texts], structured=[], end_to_end="NOTPROVIDED", rows=(), charges=0)
    detail.update(more)
    bank.book(-cents, [detail], scenario, code=code)


def not_receivable(items, bank, rng):
    out(bank, 1438720, STRANGERS["supplier"], "Rechnung 88120 Armaturen", "debit")
    out(bank, 391400, STRANGERS["tax"], "USt Januar 2026", "debit, tax")
    bank.book(-2490, [], "bank fee", code="ACMT/MDOP/CHRG", note="Kontofuehrung und Buchungsposten Februar")
    bank.book(311, [], "interest", code="ACMT/MCOP/INTR", note="Guthabenzinsen")
    out(bank, 52360, CUSTOMERS[25], "Ruecklastschrift RE-103870", "returned direct debit", code="PMNT/IDDT/UPDD", **{"return": "AM04"})


def other_accounts(items, chf, second, rng):
    row = items.add("10034", 184250, 21, currency="CHF")
    chf.pay("S01 exact reference", CUSTOMERS[33], row["cents"], number(row), [row])
    row, = items.take("10035")
    chf.pay("S18 foreign currency", CUSTOMERS[34], row["cents"], f"Rechnung {number(row)}", [row])
    for name in ("Petersen Installationen", "Gebr. Fährmann OHG", "Campingplatz Wattblick"):
        row, = items.take(who(name)["number"], at=1)
        second.pay("S36 statement that does not tie", who(name), row["cents"], number(row), [row])


def play(items, bank, chf, second, rng):
    for act in (not_receivable, exact, free_text, damaged, lists, structured, naked, differences, relations, special, advised, batch):
        act(items, bank, rng)
    order = bank.entries[:]
    rng.shuffle(order)
    for place, entry in enumerate(order):
        entry["number"] = place + 1
    bank.entries[:] = order
    other_accounts(items, chf, second, rng)
    ADVICE.append(dict(ADVICE[-1], remittance="AV-2026-121", document="RE-999999", payment_reference="SWM-2026-121", gross="10.00", paid="10.00"))


def advice_rows():
    return ADVICE
