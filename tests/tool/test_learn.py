#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""o2c learn: what match writes people fill in, what they filled in is learned, and nothing else is; precision from the blind rows alone."""
import csv
import io
import sys

from tool import SAMPLE_FILES, Folder, holds, main, run, same

folder = Folder()
HEAD = "payment,item,verdict,right,source,date,class,error_ppb,confidence_ppm,would_auto\n"


def list_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text())))


def written(name, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return folder.write(name, out.getvalue())


def sample_list():
    path = folder.path / "day.csv"
    answers = run("match", *SAMPLE_FILES, "--feedback-out", path, "--format", "json")
    same(answers.code, 0, answers.err)
    return answers.objects(), list_of(path)


def match__writes_a_row_for_each_line_as_the_answer_said_it():
    answers, rows = sample_list()
    lines = [(one["payment"]["key"], line) for one in answers if "payment" in one for line in one["lines"]]
    own = [row for row in rows if row["class"]]
    same(len(own), len(lines), "a row for each line")
    for row, (payment, line) in zip(own, lines):
        same((row["payment"], row["item"], row["class"]), (payment, line["item"], line["class"]))
        same((int(row["error_ppb"]), int(row["confidence_ppm"])), (line["error_ppb"], line["confidence_ppm"]))
        same((row["verdict"], row["right"], row["source"]), ("", "", "shown"), "nobody has judged it")
    holds(any(row["would_auto"] == "yes" for row in own) and any(row["would_auto"] == "no" for row in own), "both kinds")


def learn__silence_teaches_nothing():
    sample_list()
    result = run("learn", folder.path / "day.csv", "--model-out", folder.path / "same.bin")
    same(result.code, 0, result.err)
    holds(result.out.startswith("0 judged rows, 0 changes\n") and "nothing is said of precision" in result.out, result.out)
    again = run("learn", folder.path / "day.csv", "--model", folder.path / "same.bin", "--model-out", folder.path / "again.bin")
    same(again.code, 0, again.err)
    same((folder.path / "again.bin").read_bytes(), (folder.path / "same.bin").read_bytes(), "not a byte")


def learn__what_people_filled_in_is_in_the_next_answer():
    """A bank account that nobody's list knows: the payer stands by his name alone; once confirmed the account knows him."""
    items = folder.write("items.csv", "customer,document,currency,open_amount,due_date\nC1,INV-100234,EUR,1000.00,2026-02-04\nC1,INV-100239,EUR,70.10,2026-02-04\n")
    names = folder.write("customers.csv", "customer,name\nC1,Nordlicht Handels GmbH\n")
    bank = "payment,value_date,currency,amount,payer_account,payer_name,text\nP{0},2026-02-0{0},EUR,{1},DE89370400440532013000,Nordlicht Handels,{2}\n"
    head = ["match", "--items", items, "--customers", names, "--statement"]
    first = run(*head, folder.write("bank.csv", bank.format(3, "1000.00", "INV-100234")), "--feedback-out", folder.path / "f.csv")
    same(first.code, 0, first.err)
    rows = list_of(folder.path / "f.csv")
    same([row["payer_account"] for row in rows], ["DE89370400440532013000"])
    rows[0]["verdict"] = "confirmed"
    result = run("learn", written("g.csv", rows), "--model-out", folder.path / "m.bin")
    holds("confirmed bank_account DE89370400440532013000 of C1" in result.out, result.out)
    holds("learned bank_account" not in result.out, "one line for both")
    second = [*head, folder.write("bank2.csv", bank.format(4, "70.10", "thank you")), "--format", "json"]
    before, after = run(*second).objects()[0], run(*second, "--model", folder.path / "m.bin").objects()[0]
    same((before["lines"][0]["class"].split("/")[1], after["lines"][0]["class"].split("/")[1]), ("NAME", "KNOWN"))


def csh_17_the_third_payment_is_read_as_the_customer_writes():
    """He writes the last four digits of our numbers, and two documents have one amount."""
    head = "customer,document,currency,open_amount,due_date\n"
    items = folder.write("shapes.csv", head + "".join(f"C1,4072{n},EUR,{n % 3 + 5}00.00,2026-02-{n % 9 + 1:02}\n" for n in range(1230, 1236)))
    names = folder.write("shapers.csv", "customer,name,bank_accounts\nC1,Nordlicht Handels GmbH,DE02120300000000202051\n")
    bank = "payment,value_date,currency,amount,payer_account,payer_name,text\n"
    bank += "".join(f"P{n},2026-02-0{n},EUR,{n + 4}00.00,DE02120300000000202051,Nordlicht,RG {n + 1229}\n" for n in range(1, 4))
    answers = ["match", "--items", items, "--customers", names, "--statement", folder.write("b.csv", bank)]

    def answered(name, *model):
        result = run(*answers, *model, "--feedback-out", folder.path / name)
        same(result.code, 0, result.err)
        return {row["text"]: row for row in list_of(folder.path / name) if row["class"]}

    before = answered("s.csv")
    same(before["RG 1232"]["document"], "40721235", "the older of two that no posting can tell apart")
    for text in ("RG 1230", "RG 1231"):
        before[text].update(document="4072" + text[3:], verdict="modified", right="yes", **{"class": ""})
    result = run("learn", written("t.csv", list(before.values())), "--model-out", folder.path / "shapes.bin")
    holds("confirmed reference_shape last 4 digits of C1" in result.out, result.out + result.err)
    after = answered("u.csv", "--model", folder.path / "shapes.bin")["RG 1232"]
    same((after["document"], after["class"].split("/")[0]), ("40721232", "M12"))
    holds(int(after["learned_row"]) >= 1 << 63, "what a reversal would revoke")


def ca_51_precision_is_printed_from_the_blind_rows_alone():
    blind = "P{0},I{0},{1},,blind,2026-03-02,M03/KNOWN/OWN/ONLY_FIT,100,999000,yes\n"
    text = HEAD + "".join(blind.format(i, "confirmed" if i else "rejected") for i in range(500))
    shown = "".join(f"Q{i},I{i},confirmed,,shown,2026-03-02,M03/KNOWN/OWN/ONLY_FIT,100,999000,yes\n" for i in range(900))
    posted = "".join(f"R{i},I{i},posted,,erp,2026-03-02,,,,\n" for i in range(40)) + "R7,I7,reversed,,erp,2026-03-02,,,,\n"
    one = run("learn", folder.write("blind.csv", text), "--format", "json").objects()[-1]["summary"]
    all_of_them = run("learn", folder.write("blind.csv", text), folder.write("more.csv", HEAD + shown + posted), "--format", "json")
    summary = all_of_them.objects()[-1]["summary"]
    for found in (one, summary):
        same((found["sample_lines"], found["sample_wrong"], found["precision_ppm"], found["bound_ppm"]), (500, 1, 998000, 9453), found)
    same((summary["posted"], summary["corrected"]), (40, 1), "the rate of corrections stands apart")
    words = run("learn", folder.path / "blind.csv").out
    holds("499 of 500 lines right, precision 99.8000 %; with 95 % certainty at most 0.9453 % are wrong" in words, words)


def learn__what_a_customer_keeps_back_is_counted_from_several_lists():
    """Twice 5.00 short of what he owed; a model that knows it is another model than one that saw the same payments in full."""
    head = "payment,item,customer,verdict,date,owed,differed,currency,ended,pool,set,runs,oldest\n"
    short = "P{0},I{0},C1,confirmed,2026-03-02,{1},5.00,EUR,x7,6,2,1,yes\n"
    full = "P{0},I{0},C1,confirmed,2026-03-02,{1},0.00,EUR,x0,6,2,1,yes\n"
    for name, row in (("short", short), ("full", full)):
        files = [folder.write(f"{name}{i}.csv", head + row.format(i, f"{700 + i}.40")) for i in range(2)]
        result = run("learn", *files, "--model-out", folder.path / f"{name}.bin")
        holds(result.out.startswith("2 judged rows"), result.out + result.err)
        turned = run("learn", *files[::-1], "--model-out", folder.path / "turned.bin")
        same(turned.code, 0, turned.err)
        same((folder.path / "turned.bin").read_bytes(), (folder.path / f"{name}.bin").read_bytes(), "lists of one day have no order")
    holds((folder.path / "short.bin").read_bytes() != (folder.path / "full.bin").read_bytes(), "it was counted")
    for cell, words in ((short.replace("5.00", "900.00"), "at least what differed"), (short.replace("x7", "x9"), "none of x0 to x8"),
                        (short.replace(",6,2,1,", ",1,2,1,"), "such a set")):
        result = run("learn", folder.write("bad.csv", head + cell.format(1, "700.40")))
        holds(result.code == 3 and words in result.err, result.err)


def learn__refuses_a_row_with_its_place_and_writes_no_model():
    bad = {
        "P1,I1,agreed,,,2026-03-02,,,,\n": ("line 2", "verdict"),
        "P1,I1,modified,,,2026-03-02,,,,\n": ("right is empty", "stay as it was proposed"),
        "P1,I1,confirmed,yes,,2026-03-02,,,,\n": ("right belongs to modified",),
        "P1,I1,confirmed,,,,,,,\n": ("date is empty",),
        "P1,I1,confirmed,,,2026-03-02,M13,,,\n": ("M13/KNOWN/OWN/ONLY_FIT",),
        "P1,I1,confirmed,,,2026-03-02,,1000000001,,\n": ("error_ppb", "too large"),
        "P1,I1,confirmed,,,2026-03-02,,,-1,\n": ("confidence_ppm", "no number"),
        ",I1,confirmed,,,2026-03-02,,,,\n": ("payment is empty",),
    }
    for row, words in bad.items():
        result = run("learn", folder.write("bad.csv", HEAD + row), "--model-out", folder.path / "none.bin")
        same(result.code, 3, row)
        for word in words:
            holds(word in result.err, f"{row} {word}: {result.err}")
    holds(not (folder.path / "none.bin").exists(), "no model of a list that was refused")
    same(run("learn").code, 2)


if __name__ == "__main__":
    sys.exit(main([row for name, row in list(globals().items()) if ("__" in name or name.startswith(("ca_", "csh_"))) and not name.startswith("__")]))
