#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The proposals of the sample and of small files: shape, sums, spans, parked statements, the text and the JSON beside each other."""
import csv
import re
import sys
from decimal import Decimal

from tool import ITEMS, SAMPLE, SAMPLE_FILES, Folder, camt, holds, main, payments, run, same, statement_xml

PAYMENT = ["key", "account", "amount", "currency", "value_date", "payer", "text"]
PROPOSAL = ["payment", "band", "kind", "label", "confidence_ppm", "certificate", "lines", "rest", "evidence", "alternatives", "sentence"]
PARTS = ["discount", "discount_tolerance", "tolerance", "charge", "withholding", "rounding", "deduction"]
LINE = ["item", "document", "customer", "paid", *PARTS, "reason", "close", "cleared", "remaining", "confidence_ppm", "error_ppb", "class_error_ppm",
        "class", "band", "certificate"]
EVIDENCE = ["code", "item", "at", "len", "thousandths", "weight_mnat"]
PARKED = ["statement", "account", "reason", "opening", "sum", "closing", "payments", "amount"]
FUNNEL = ["not_receivable", "auto", "proposed", "on_account", "unidentified", "parked"]
_sample = {}


def sample(*more):
    if more not in _sample:
        result = run("match", *SAMPLE_FILES, "--format", "json", *more)
        assert result.code == 0, result.err
        _sample[more] = result.objects()
    return _sample[more]


def items():
    with open(SAMPLE / "items.csv", encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def amounts(row):
    return [row["payment"]["amount"], *(line[part] for line in row["lines"] for part in ["paid", "cleared", "remaining", *PARTS]),
            *(rest["amount"] for rest in row["rest"])]


def json__each_object_has_exactly_the_documented_keys():
    rows = payments(sample())
    holds(len(rows) >= 60, f"{len(rows)} payments")
    for row in rows:
        same(list(row), PROPOSAL)
        same(list(row["payment"]), PAYMENT)
        for line in row["lines"]:
            same(list(line), LINE)
        for rest in row["rest"]:
            same(list(rest), ["kind", "amount"])
            holds(rest["kind"] in ("on_account", "refund_request", "unapplied"), rest)
        for evidence in row["evidence"]:
            same(list(evidence), EVIDENCE)
    for row in sample():
        if "parked" in row:
            same(list(row["parked"]), PARKED)
        holds(list(row)[0] in ("payment", "parked"), row)


def json__words_are_of_the_documented_sets_and_amounts_are_decimal_strings():
    for row in payments(sample()):
        holds(row["band"] in ("AUTO", "PROPOSE", "NONE"), row["band"])
        holds(row["kind"] in ("APPLY", "ON_ACCOUNT", "UNIDENTIFIED", "NOT_AR", "DUPLICATE", "AWAITING_DETAIL"), row["kind"])
        for amount in amounts(row):
            holds(isinstance(amount, str) and re.fullmatch(r"-?\d+\.\d\d", amount), amount)
        holds(re.fullmatch(r"\d{4}-\d\d-\d\d", row["payment"]["value_date"]), row["payment"])
        for line in row["lines"]:
            holds(line["close"] in ("FULL", "PARTIAL", "RESIDUAL", "NONE"), line)
            holds(0 <= line["confidence_ppm"] <= 1000000, line)
        holds(row["sentence"], "no sentence")


def json__payment_numbers_are_those_of_the_weakest_line():
    for row in payments(sample()):
        if not row["lines"]:
            same([row["label"], row["confidence_ppm"], row["certificate"]], [None, None, None])
            continue
        weakest = min(line["confidence_ppm"] for line in row["lines"])
        same(row["confidence_ppm"], weakest, row["payment"]["key"])
        holds(row["certificate"] in {line["certificate"] for line in row["lines"] if line["confidence_ppm"] == weakest}, row["certificate"])
        same(row["band"] == "AUTO", all(line["band"] == "AUTO" for line in row["lines"]), row["payment"]["key"])


def conserve__every_cent_of_every_payment_has_a_place():
    for row in payments(sample()):
        rest = sum(Decimal(rest["amount"]) for rest in row["rest"])
        paid = sum(Decimal(line["paid"]) for line in row["lines"])
        if row["kind"] in ("APPLY", "ON_ACCOUNT", "UNIDENTIFIED"):
            stated = paid + rest - Decimal(row["payment"]["amount"])
            holds(stated in (0, Decimal("12.00")), f"{row['payment']['key']}: {paid} + {rest} is not {row['payment']['amount']}")
        for line in row["lines"]:
            same(Decimal(line["cleared"]), Decimal(line["paid"]) + sum(Decimal(line[part]) for part in PARTS), line["document"])


def conserve__no_item_is_paid_beyond_what_is_open():
    rows, cleared = items(), {}
    for row in payments(sample()):
        for line in row["lines"]:
            holds(line["item"] in rows, f"{line['item']} is not in the list")
            cleared[line["item"]] = cleared.get(line["item"], 0) + Decimal(line["cleared"])
            same(Decimal(line["remaining"]), Decimal(rows[line["item"]]["open_amount"]) - Decimal(line["cleared"]), line["item"])
    for key, amount in cleared.items():
        open_amount = Decimal(rows[key]["open_amount"])
        holds(min(0, open_amount) <= amount <= max(0, open_amount), f"{key}: {amount} of {open_amount}")


def evidence__spans_hold_the_bytes_they_claim():
    seen = 0
    for row in payments(sample()):
        text = row["payment"]["text"].encode()
        for evidence in row["evidence"]:
            if evidence["len"] == 0:
                continue
            holds(evidence["at"] + evidence["len"] <= len(text), f"{evidence} beyond {text!r}")
            span = text[evidence["at"]:evidence["at"] + evidence["len"]].decode()
            if evidence["code"] == "REF_EXACT" and evidence["item"]:
                number = re.sub(r"\D", "", items()[evidence["item"]]["document"])
                holds(number in re.sub(r"\D", "", span), f"{span!r} is not {evidence['item']}")
                seen += 1
    holds(seen >= 15, f"only {seen} exact references were seen")


def sample__what_posts_itself_is_what_was_meant():
    with open(SAMPLE / "truth.csv", encoding="utf-8", newline="") as file:
        truth = [row for row in csv.DictReader(file) if row["statement"] != "NW-2026-0045"]
    rows = payments(sample())
    same(len(rows), len(truth), "a row of truth for every payment")
    automatic = 0
    for row, meant in zip(rows, truth):
        same(Decimal(row["payment"]["amount"]), Decimal(meant["amount"]), meant["entry"])
        for line in row["lines"]:
            if line["band"] == "AUTO":
                automatic += 1
                holds(line["item"] in meant["items"].split("|"), f"{meant['scenario']}: {line['item']} was not meant")
    holds(automatic >= 20, f"only {automatic} automatic lines")


def sample__money_out_fees_and_returns_are_not_receivable():
    rows = [row for row in payments(sample()) if Decimal(row["payment"]["amount"]) < 0]
    same(len(rows), 4)
    for row in rows:
        same([row["kind"], row["band"], row["lines"]], ["NOT_AR", "NONE", []])


def parked__a_statement_that_does_not_tie_stands_in_place_of_its_payments():
    rows = [row["parked"] for row in sample() if "parked" in row]
    same(len(rows), 1)
    parked = rows[0]
    same([parked["statement"], parked["reason"], parked["payments"]], ["NW-2026-0045", "MISMATCH", 3])
    holds(Decimal(parked["opening"]) + Decimal(parked["sum"]) != Decimal(parked["closing"]), "it ties")
    same(parked["amount"], parked["sum"])
    holds(not any("NW-2026-0045" in row["payment"]["key"] for row in payments(sample())), "its payments were answered")


def parked__the_neighbors_go_on_in_input_order():
    folder = Folder()
    path = folder.write("items.csv", ITEMS)
    middle = statement_xml([("250.00", "A", ["INV-100235"])], "1.00", "9.99", "DE41990000007301184063", "S2")
    bank = camt([("1000.00", "A", ["INV-100234"])]).replace("</BkToCstmrStmt>", middle + statement_xml(
        [("800.00", "B", ["INV-200017"])], "0.00", "800.00", "DE43990000007301275886", "S3") + "</BkToCstmrStmt>")
    rows = run("match", "--items", path, "--statement", folder.write("bank.xml", bank), "--format", "json").objects()
    same([list(row)[0] for row in rows], ["payment", "parked", "payment"])
    same(rows[1]["parked"]["statement"], "S2")


def parked__accept_mismatch_takes_it_in():
    before, after = sample(), sample("--accept-mismatch")
    same(len([row for row in after if "parked" in row]), 0)
    same(len(payments(after)), len(payments(before)) + 3)


def duplicate__the_same_file_twice_brings_no_new_payment():
    folder = Folder()
    path, content = folder.write("items.csv", ITEMS), camt([("1000.00", "A", ["INV-100234"]), ("250.00", "A", ["INV-100235"])])
    one, two = folder.write("one.xml", content), folder.write("two.xml", content)
    alone = payments(run("match", "--items", path, "--statement", one, "--format", "json").objects())
    both = payments(run("match", "--items", path, "--statement", one, "--statement", two, "--format", "json").objects())
    same([row["kind"] for row in both[2:]], ["DUPLICATE", "DUPLICATE"])
    same(both[:2], alone)


def determinism__order_of_the_lists_changes_nothing():
    folder = Folder()
    lines = (SAMPLE / "items.csv").read_text(encoding="utf-8").splitlines()
    turned = folder.write("items.csv", "\n".join([lines[0], *reversed(lines[1:])]) + "\n")
    words = [turned if word == str(SAMPLE / "items.csv") else word for word in SAMPLE_FILES]
    same(run("match", *words, "--format", "json").objects(), sample())


def columns__stand_in_any_order():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1000.00", "A", ["INV-100234"])]))
    rows = list(csv.reader(ITEMS.splitlines()))
    turned = "\n".join(",".join(reversed(row)) for row in rows) + "\n"
    plain = run("match", "--items", folder.write("a.csv", ITEMS), "--statement", bank, "--format", "json")
    same(run("match", "--items", folder.write("b.csv", turned), "--statement", bank, "--format", "json").out, plain.out)


def key__is_the_document_unless_given_and_comes_back_as_it_was():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1000.00", "A", ["INV-100234"])]))
    plain = payments(run("match", "--items", folder.write("a.csv", ITEMS), "--statement", bank, "--format", "json").objects())
    same([line["item"] for line in plain[0]["lines"]], ["INV-100234"])
    keyed = "\n".join(f"{line},{'key' if at == 0 else f'1000/49000{at} é'}" for at, line in enumerate(ITEMS.splitlines())) + "\n"
    rows = payments(run("match", "--items", folder.write("b.csv", keyed), "--statement", bank, "--format", "json").objects())
    same([(line["item"], line["document"]) for line in rows[0]["lines"]], [("1000/490001 é", "INV-100234")])


def company__several_need_a_word_and_an_unknown_account_is_parked():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1000.00", "A", ["INV-100234"])]))
    one = folder.write("one.csv", "\n".join(line + (",company" if at == 0 else ",1000") for at, line in enumerate(ITEMS.splitlines())) + "\n")
    several = folder.write("two.csv", "\n".join(line + (",company" if at == 0 else f",{at}000") for at, line in enumerate(ITEMS.splitlines())) + "\n")
    same([row["kind"] for row in payments(run("match", "--items", one, "--statement", bank, "--format", "json").objects())], ["APPLY"])
    result = run("match", "--items", several, "--statement", bank)
    same(result.code, 2)
    holds("--our-account" in result.err, result.err)
    rows = run("match", "--items", several, "--statement", bank, "--format", "json", "--our-account", "DE99=1000").objects()
    same([row["parked"]["reason"] for row in rows], ["ACCOUNT_UNKNOWN"])
    rows = run("match", "--items", several, "--statement", bank, "--format", "json", "--our-account", "DE37990000007301000417=1000").objects()
    same([row["lines"][0]["item"] for row in rows], ["INV-100234"])


def as_of__never_changes_with_the_clock():
    words = [*SAMPLE_FILES, "--format", "json", "--summary"]
    same(run("match", *words).objects()[-1]["summary"]["as_of"], "2026-03-02")
    same(run("match", *words, "--as-of", "2026-03-09").objects()[-1]["summary"]["as_of"], "2026-03-09")


def number(text):
    return Decimal(text.replace(",", ""))


def summary__counts_what_the_objects_say():
    rows = sample("--summary")
    same(rows[:-1], sample(), "the summary only adds an object")
    summary = rows[-1]["summary"]
    same(summary["payments"], len(payments(rows)))
    same(summary["parked_statements"], 1)
    for totals in summary["currencies"]:
        mine = [row for row in payments(rows) if row["payment"]["currency"] == totals["currency"]]
        for name in ("band", "kind"):
            for word, total in totals[name].items():
                same(total["payments"], len([row for row in mine if row[name] == word]), (totals["currency"], word))
                same(Decimal(total["amount"]), sum(Decimal(row["payment"]["amount"]) for row in mine if row[name] == word), word)
        same(list(totals["funnel"]), FUNNEL)
        same(sum(totals["funnel"][word]["payments"] for word in FUNNEL if word != "parked"), len(mine))


def summary__the_text_says_the_same():
    result = run("match", *SAMPLE_FILES)
    same(result.code, 0, result.err)
    holds("\x1b" not in result.out, "colors without a terminal")
    summary = sample("--summary")[-1]["summary"]
    for word in FUNNEL:
        line = next(line for line in result.out.splitlines() if line.strip().startswith(word.replace("_", " ")) and not line.startswith("      "))
        numbers = re.findall(r"-?[\d,]+(?:\.\d\d)?", line[17:])
        same(int(numbers[0]), sum(totals["funnel"][word]["payments"] for totals in summary["currencies"]), word)
        amounts_wanted = [Decimal(totals["funnel"][word]["amount"]) for totals in summary["currencies"]]
        same([number(text) for text in numbers[1:1 + len(amounts_wanted)]], amounts_wanted, word)


def text__has_a_block_for_every_payment_with_its_sentence():
    out = run("match", *SAMPLE_FILES).out
    flat = " ".join(out.split())
    for at, row in enumerate(payments(sample()), 1):
        holds(re.search(rf"^ *{at}  {row['payment']['value_date']}  ", out, re.M), f"no block {at}")
        if row["kind"] == "APPLY":
            holds(" ".join(row["sentence"].split()) in flat, row["sentence"])


def explain__goes_into_depth_by_key_and_by_number():
    rows = payments(sample())
    at = next(i for i, row in enumerate(rows) if row["band"] == "PROPOSE" and len(row["alternatives"]) and row["lines"])
    by_key = run("explain", *SAMPLE_FILES, "--payment", rows[at]["payment"]["key"])
    same(by_key.code, 0, by_key.err)
    same(run("explain", *SAMPLE_FILES, "--payment", at + 1).out, by_key.out)
    for words in (rows[at]["sentence"], "What the bank wrote", "Where the money goes", "Evidence", "Other explanations", "Why it is not automatic",
                  "What would make it automatic", rows[at]["lines"][0]["document"]):
        holds(" ".join(words.split()) in " ".join(by_key.out.split()), f"no {words!r}")


def explain__works_for_every_payment():
    for at in range(1, len(payments(sample())) + 1, 7):
        same(run("explain", *SAMPLE_FILES, "--payment", at).code, 0, at)


def policy__a_known_fee_is_a_charge_and_not_a_short_pay():
    folder = Folder()
    files = ["--items", folder.write("items.csv", ITEMS), "--statement", folder.write("bank.xml", camt([("975.00", "A", ["INV-100234"])])), "--format", "json"]
    line = payments(run("match", *files, "--fee", "25.00").objects())[0]["lines"][0]
    same([line["charge"], line["remaining"], line["close"]], ["25.00", "0.00", "FULL"])
    line = payments(run("match", *files).objects())[0]["lines"][0]
    same([line["charge"], line["remaining"], line["close"]], ["0.00", "25.00", "PARTIAL"])
    line = payments(run("match", *files, "--short-pay", "residual").objects())[0]["lines"][0]
    same([line["deduction"], line["remaining"], line["close"], line["reason"]], ["25.00", "0.00", "RESIDUAL", "UNCODED"])


def expected__a_promised_part_is_what_an_odd_amount_without_text_is_for():
    folder = Folder()
    files = ["--items", folder.write("items.csv", ITEMS), "--customers",
             folder.write("c.csv", "customer,name,bank_accounts\nC1,Acme,DE02120300000000202051\nC2,Other,\n"), "--format", "json"]
    pay = "payment,value_date,currency,amount,payer_account\nP1,2026-02-03,EUR,411.17,DE02120300000000202051\n"
    files += ["--statement", folder.write("pay.csv", pay)]
    said = folder.write("expected.csv", "expected,customer,amount,currency,item,date,origin\nW1,C1,411.17,EUR,INV-100234,2026-02-05,promise\n")
    before, after = (payments(run("match", *files, *more).objects())[0] for more in ([], ["--expected", said]))
    same(before["lines"], [])
    line = after["lines"][0]
    same([line["document"], line["paid"], line["remaining"], after["label"], after["band"]], ["INV-100234", "411.17", "588.83", "M08", "PROPOSE"])


def expected__a_list_that_cannot_be_read_names_its_line():
    folder = Folder()
    files = ["--items", folder.write("items.csv", ITEMS), "--statement", folder.write("bank.xml", camt([("1.00", "A", ["x"])]))]
    for text, words in (("W1,C1,0,EUR,I,", "amount must be above zero"), ("W1,C1,1,EUR,,", "item is empty"), ("W1,C1,1,EUR,I,hope", "origin is not one"),
                        ("W1,C1,1,EUR,I,\nW1,C1,2,EUR,I,", "'W1' stands in line 2 and in line 3")):
        result = run("match", *files, "--expected", folder.write("e.csv", "expected,customer,amount,currency,item,origin\n" + text + "\n"))
        holds(result.code not in (0, 2), result.code)
        holds(words in result.err, result.err)


def currency__what_was_ordered_in_the_items_currency_is_paid_and_posts_where_the_policy_lets_it():
    folder = Folder()
    ordered = camt([("917.50", "A", ["INV-100234"])]).replace("<RltdPties>", '<AmtDtls><InstdAmt><Amt Ccy="USD">1000.00</Amt></InstdAmt></AmtDtls><RltdPties>')
    files = ["--items", folder.write("items.csv", ITEMS.replace("EUR", "USD")), "--format", "json"]
    bank = ["--statement", folder.write("bank.xml", ordered)]
    row = payments(run("match", *files, *bank).objects())[0]
    line = row["lines"][0]
    same([line["paid"], line["currency"], line["paid_in_payment_currency"], line["fx"]], ["1000.00", "USD", "917.50", "0.00"])
    same([line["rate_numerator"], line["rate_denominator"], line["cleared"], row["band"]], [91750, 100000, "1000.00", "PROPOSE"])
    policy = folder.write("policy.json", '{"match": {"cross_currency": true}}')
    row = payments(run("match", *files, *bank, "--policy", policy, "--rate", "USD/EUR=0.92").objects())[0]
    same([row["band"], row["lines"][0]["fx"]], ["AUTO", "-2.50"])
    listed = folder.write("pay.csv", "payment,value_date,currency,amount,text,instructed_amount,instructed_currency\n"
                          "P1,2026-02-03,EUR,917.50,INV-100234,1000.00,USD\n")
    row = payments(run("match", *files, "--statement", listed, "--policy", policy).objects())[0]
    same([row["band"], row["lines"][0]["paid"]], ["AUTO", "1000.00"])


def currency__at_the_hosts_rate_it_is_a_proposal_whatever_the_policy_says():
    folder = Folder()
    files = ["--items", folder.write("items.csv", ITEMS.replace("EUR", "USD")), "--statement",
             folder.write("bank.xml", camt([("917.50", "A", ["INV-100234"])])), "--format", "json", "--policy",
             folder.write("policy.json", '{"match": {"cross_currency": true}}')]
    same(payments(run("match", *files).objects())[0]["lines"], [])
    row = payments(run("match", *files, "--rate", "USD/EUR=0.92").objects())[0]
    same([row["band"], row["lines"][0]["paid"], row["lines"][0]["paid_in_payment_currency"]], ["PROPOSE", "1000.00", "917.50"])
    same(payments(run("match", *files, "--rate", "USD/EUR=0.95").objects())[0]["lines"], [])


def remittances__one_advice_over_two_payments_of_a_statement():
    folder = Folder()
    lines = [("INV-100234", "1000.00"), ("INV-100235", "250.00"), ("INV-100236", "412.37"), ("INV-100237", "188.93")]
    items = ITEMS + "".join(f"C1,{document},EUR,{paid},2026-02-1{at}\n" for at, (document, paid) in enumerate(lines) if at > 1)
    advice = "remittance,payer,date,currency,document,paid\n" + "".join(f"R-17,C1,2026-02-02,EUR,{document},{paid}\n" for document, paid in lines)
    files = ["--items", folder.write("items.csv", items), "--customers", folder.write("customers.csv", "customer,name\nC1,Acme Tools GmbH\n"),
             "--remittance", folder.write("advice.csv", advice)]
    bank = folder.write("bank.xml", camt([("1188.93", "Acme Tools GmbH", ["thank you"]), ("662.37", "ACME Tools GmbH", ["thank you"])]))
    rows = payments(run("match", *files, "--statement", bank, "--format", "json").objects())
    same([[line["document"] for line in row["lines"]] for row in rows], [["INV-100234", "INV-100237"], ["INV-100235", "INV-100236"]])
    same([row["rest"] for row in rows], [[], []])
    same([row["label"] for row in rows], ["M02", "M02"])
    for row, place in zip(rows, ["first", "second"]):
        holds(f"this payment is the {place} of two that pay remittance advice R-17; paid by C1" in row["sentence"], row["sentence"])
    apart = folder.write("bank.xml", camt([("1188.93", "Acme Tools GmbH", ["thank you"]), ("662.30", "Acme Tools GmbH", ["thank you"])]))
    rows = payments(run("match", *files, "--statement", apart, "--format", "json").objects())
    holds(all(row["band"] != "AUTO" for row in rows), "the sum does not tie")


if __name__ == "__main__":
    sys.exit(main([row for name, row in list(globals().items()) if "__" in name and not name.startswith("__")]))
