#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""o2c backtest: the example of half a year as JSON, text and page; what is refused; the model it learns is taken by o2c match."""
import hashlib
import json
import re
import subprocess
import sys

from tool import ITEMS, SOURCE, Folder, camt, holds, main, run, same

PAST = SOURCE / "examples" / "history"
LISTS = ["--items", PAST / "items.csv", "--customers", PAST / "customers.csv", "--payments", PAST / "payments.csv", "--cleared", PAST / "cleared.csv"]


def example__is_what_its_generator_writes():
    folder = Folder()
    subprocess.run([sys.executable, "-B", PAST / "generate.py", folder.path], check=True)
    for name in ("items.csv", "customers.csv", "payments.csv", "cleared.csv"):
        same((folder.path / name).read_bytes(), (PAST / name).read_bytes(), name)


def json__every_payment_has_its_truth_and_the_summary_adds_up():
    result = run("backtest", *LISTS, "--format", "json")
    same(result.code, 0, result.err)
    rows = result.objects()
    summary, rows = rows[-1]["summary"], rows[:-1]
    same(len(rows), len((PAST / "payments.csv").read_text().splitlines()) - 1, "one object a payment")
    same(len(rows), summary["customer_payments"], "payments of the summary")
    same(sum(len(row["truth"]) for row in rows), len((PAST / "cleared.csv").read_text().splitlines()) - 1, "every clearing stands once")
    days = [row["payment"]["value_date"] for row in rows]
    same(days, sorted(days), "in order of time")
    for row in rows:
        ours = sorted((line["item"], line["paid"]) for line in row["lines"])
        truth = sorted((line["item"], line["applied"]) for line in row["truth"])
        if row["agreement"] == "SAME":
            same(ours, truth, row["payment"]["key"])
            same(row["agrees"], True, row["payment"]["key"])
        elif row["agreement"] == "DIFFERENT":
            holds(ours != truth or any(line["discount"] != "0.00" for line in row["lines"]), row["payment"]["key"])
            same(row["agrees"], False, row["payment"]["key"])
    policy = next(rate for rate in summary["rates"] if rate["list"] == "POLICY")
    same(policy["payments_auto"], sum(row["band"] == "AUTO" for row in rows), "automatic payments")
    same(policy["lines_wrong"], 0, "nothing automatic is wrong here")
    holds(policy["payments_auto"] > len(rows) // 2, "more than half is automatic")
    holds(policy["bound_ppm"] > 0, "no bound is zero")
    same(sum(month["payments"] for month in summary["months"] if month["list"] == "POLICY"), len(rows), "months add up")
    same(len(summary["curve"]), 21, "bars")
    same([c["bar_ppm"] for c in summary["curve"]][-1], 1000000, "the last bar")


def text__names_rates_classes_and_months():
    result = run("backtest", *LISTS)
    same(result.code, 0, result.err)
    for word in ("AUTOMATIC", "shipped classes", "all releasable classes", "m03/known/own/only_fit", "needs", "2026-03", "at most"):
        holds(word in result.out, f"no {word!r} in {result.out}")
    holds("\033" not in result.out, "colors without a terminal")


def page__is_self_contained_and_says_what_the_summary_says():
    folder = Folder()
    page, again = folder.path / "year.html", folder.path / "again.html"
    summary = run("backtest", *LISTS, "--format", "json", "--report", page).objects()[-1]["summary"]
    run("backtest", *LISTS, "--report", again)
    text = page.read_text()
    same(text, again.read_text(), "the same lists give the same page")
    holds(text.startswith("<!DOCTYPE html>") and text.rstrip().endswith("</html>"), "whole")
    holds(not re.search(r"<script|https?://|url\(", text), "nothing is fetched, nothing runs")
    same(len(re.findall(r"<circle ", text)), sum(1 for bar in summary["curve"] if bar["lines_judged"]), "a dot for each bar with judged lines")
    same(text.count("<svg"), text.count("</svg>"), "svg")
    holds(f"{summary['customer_payments']}" in text, "payments")
    holds(summary["answers"][:16] in text, "digest of the answers")


def learned__the_model_is_bytes_that_match_takes():
    folder = Folder()
    one, two = folder.path / "one.bin", folder.path / "two.bin"
    summary = run("backtest", *LISTS, "--format", "json", "--model-out", one).objects()[-1]["summary"]
    run("backtest", *LISTS, "--model-out", two)
    same(hashlib.sha256(one.read_bytes()).hexdigest(), hashlib.sha256(two.read_bytes()).hexdigest(), "equal histories, equal models")
    holds(summary["first_model"] != summary["last_model"], "something was learned")
    items, bank = folder.write("items.csv", ITEMS), folder.write("bank.xml", camt([("1000.00", "A", ["INV-100234"])]))
    same(run("match", "--items", items, "--statement", bank, "--model", one).code, 0, "match with the model")
    broken = folder.write("broken.bin", one.read_bytes()[:-7])
    same(run("match", "--items", items, "--statement", bank, "--model", broken).code, 3, "a cut model")
    same(run("backtest", *LISTS, "--model", one, "--format", "json").code, 0, "a model to begin with")


def policy__of_a_file_changes_what_is_automatic():
    folder = Folder()
    never = folder.write("never.json", '{"match": {"auto_limit": 0}}')
    check = run("check-policy", never)
    if check.code != 0:
        never = folder.write("never.json", '{"match": {"auto_limit_minor": 0}}')
    summary = run("backtest", *LISTS, "--policy", never, "--format", "json").objects()[-1]["summary"]
    same([rate["payments_auto"] for rate in summary["rates"]], [0, 0, 0], "nothing is automatic")
    same(run("backtest", *LISTS, "--policy", folder.write("bad.json", "{")).code, 3, "no JSON")


def refused__lists_say_line_field_and_reason():
    folder = Folder()
    cases = [("payments", "payment,value_date,currency,amount\nP1,2026-02-30,EUR,10.00\n", "value_date"),
             ("payments", "payment,value_date,currency,amount\nP1,2026-02-03,EUR,10.00\nP1,2026-02-03,EUR,10.00\n", "payment"),
             ("payments", "payment,value_date,currency\nP1,2026-02-03,EUR\n", "amount"),
             ("cleared", "payment,item,applied\nP1,,10.00\n", "item"),
             ("cleared", "payment,item,applied\nP1,I1,ten\n", "applied"),
             ("cleared", "payment,item,applied,closes\nP1,I1,10.00,perhaps\n", "closes")]
    for which, content, field in cases:
        words = list(LISTS)
        words[words.index(f"--{which}") + 1] = folder.write(f"{which}.csv", content)
        result = run("backtest", *words)
        same(result.code, 3, result.err)
        holds(field in result.err, f"no {field} in {result.err}")
        same(result.out, "", "no output before the lists are read")


def threads__any_number_writes_the_same_bytes():
    """The payments of each month on one day, so that a day is more than one thread works on at a time."""
    folder = Folder()
    lines = (PAST / "payments.csv").read_text().splitlines()
    at = lines[0].split(",").index("value_date")
    rows = [line.split(",") for line in lines[1:]]
    for row in rows:
        row[at] = row[at][:8] + "28"
    holds(max(sum(row[at] == day for row in rows) for day in {row[at] for row in rows}) > 100, "days with many payments")
    words = list(LISTS)
    words[words.index("--payments") + 1] = folder.write("payments.csv", "\n".join([lines[0]] + [",".join(row) for row in rows]) + "\n")
    written = []
    for threads in ("1", "2", "7"):
        model, page = folder.path / f"{threads}.bin", folder.path / f"{threads}.html"
        result = run("backtest", *words, "--format", "json", "--threads", threads, "--model-out", model, "--report", page)
        same(result.code, 0, result.err)
        written.append((result.out, model.read_bytes(), page.read_bytes()))
    holds(any(row["lines"] for row in map(json.loads, written[0][0].splitlines()[:-1])), "something is proposed")
    same(written[1:], written[:1] * 2, "answers, summary, model and page")
    same(written[0][0], run("backtest", *words, "--format", "json").out, "one thread unless said otherwise")


def clerks_err(folder):
    """Every eighth pair of clearings of different payments of one customer is exchanged: same amounts, the other's document."""
    rows = (PAST / "cleared.csv").read_text().splitlines()
    head, rows = rows[0].split(","), [row.split(",") for row in rows[1:]]
    item = head.index("item")
    for at in range(400, len(rows) - 1, 8):
        rows[at][item], rows[at + 1][item] = rows[at + 1][item], rows[at][item]
    path = folder.path / "cleared.csv"
    path.write_text("\n".join(",".join(row) for row in [head] + rows) + "\n")
    return LISTS[:-1] + [path]


def judged__what_a_person_said_of_the_first_of_the_draw_lowers_the_bound():
    folder = Folder()
    words, judged = clerks_err(folder), folder.path / "judged.csv"
    before = run("backtest", *words, "--format", "json").objects()[-1]["summary"]
    found = before["disagreements"]
    holds(found["payments"] > 3, "the clerks of this past err")
    same((found["drawn"], found["against_bound_ppm"], len(found["to_judge"])), (0, 1000000, min(60, found["payments"])), "nobody judged")
    judged.write_text("payment,verdict\n" + "".join(f"{key},ours\n" for key in found["to_judge"]))
    after = run("backtest", *words, "--judged", judged, "--format", "json").objects()[-1]["summary"]
    same(after["answers"], before["answers"], "no day knows what was judged later")
    same((after["disagreements"]["drawn"], after["disagreements"]["against"]), (len(found["to_judge"]), 0), "judged")
    bounds = [next(rate["bound_ppm"] for rate in summary["rates"] if rate["list"] == "POLICY") for summary in (before, after)]
    holds(bounds[1] < bounds[0], f"the bound is lower: {bounds}")
    holds("Judge them in this order" in run("backtest", *words).out, "the text says what to do")
    holds("were judged" in run("backtest", *words, "--judged", judged, "--report", folder.path / "j.html").out
          or "judged: the first" in run("backtest", *words, "--judged", judged).out, "the text says what was judged")
    judged.write_text("payment,verdict\nP1,perhaps\n")
    refused = run("backtest", *words, "--judged", judged)
    same(refused.code, 3, refused.err)
    holds("judged.csv" in refused.err and "verdict" in refused.err, refused.err)


def usage__what_is_missing_is_said():
    for left_out in ("--items", "--payments", "--cleared"):
        at = LISTS.index(left_out)
        result = run("backtest", *LISTS[:at], *LISTS[at + 2:])
        same(result.code, 2, left_out)
        holds(left_out in result.err, f"{left_out} is not named in {result.err}")
    same(run("backtest", *LISTS, "bank.xml").code, 2, "a word too many")
    same(run("match", *LISTS).code, 2, "options of another verb")
    for threads in ("0", "65", "two", "2x", "-1", "", "99999999999999999999"):
        result = run("backtest", *LISTS, f"--threads={threads}")
        same(result.code, 2, threads)
        holds("--threads" in result.err, result.err)


if __name__ == "__main__":
    sys.exit(main([example__is_what_its_generator_writes, json__every_payment_has_its_truth_and_the_summary_adds_up, text__names_rates_classes_and_months,
                   page__is_self_contained_and_says_what_the_summary_says, learned__the_model_is_bytes_that_match_takes,
                   policy__of_a_file_changes_what_is_automatic, refused__lists_say_line_field_and_reason,
                   threads__any_number_writes_the_same_bytes,
                   judged__what_a_person_said_of_the_first_of_the_draw_lowers_the_bound, usage__what_is_missing_is_said]))
