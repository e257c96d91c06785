#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The page of the day, and the conversions: well formed, self-contained, safe, complete."""
import csv
import io
import json
import subprocess
import sys
from html.parser import HTMLParser

from tool import ITEMS, SAMPLE, SAMPLE_FILES, SOURCE, Folder, camt, holds, main, payments, run, same

EMPTY = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links, self.ids, self.text, self.classes, self.marks = [], {}, [], set(), [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        attributes = dict(attrs)
        for name, value in attrs:
            assert not name.startswith("on"), f"{tag} {name}"
            if name in ("href", "src", "action", "srcset", "data"):
                self.links.append(value)
            if name == "id":
                assert value not in self.ids, f"id {value} twice"
                self.ids.add(value)
        self.classes.append((tag, attributes.get("class", "")))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)
        if self.open[-1:] == ["mark"]:
            self.marks.append(data)


def report(*words):
    folder = Folder()
    path = folder.path / "day.html"
    result = run("match", *words, "--report", path, "--format", "json")
    assert result.code == 0, result.err
    raw = path.read_text(encoding="utf-8")
    page = Page()
    page.feed(raw)
    page.close()
    return page, raw, payments(result.objects())


def report__is_well_formed_and_self_contained():
    page, raw, _ = report(*SAMPLE_FILES)
    same(page.open, [])
    holds("script" not in page.tags and "iframe" not in page.tags and "img" not in page.tags, page.tags)
    holds("http:" not in raw and "https:" not in raw and "url(" not in raw and "@import" not in raw, "something is fetched")
    for link in page.links:
        holds(link.startswith("#") and link[1:] in page.ids | {"parked"} | {name for name in page.ids}, f"link {link}")
    holds("prefers-color-scheme:dark" in raw and "@media print" in raw and "max-width" in raw, "themes")


def report__has_a_card_for_every_payment_that_is_not_routed():
    page, raw, rows = report(*SAMPLE_FILES)
    wanted = {f"p{at}" for at, row in enumerate(rows, 1) if row["kind"] in ("APPLY", "ON_ACCOUNT", "UNIDENTIFIED")}
    same({name for name in page.ids if name[0] == "p" and name[1:].isdigit()}, wanted)
    text = "".join(page.text)
    for row in rows:
        if row["kind"] == "APPLY":
            holds(row["sentence"] in text, row["sentence"])


def report__marks_the_bytes_that_the_evidence_names():
    page, _, rows = report(*SAMPLE_FILES)
    marked = set(page.marks)
    for row in rows:
        text = row["payment"]["text"].encode()
        spans = [(e["at"], e["len"]) for e in row["evidence"] if e["len"] and e["code"] == "REF_EXACT"]
        for at, size in spans[:1] if len(spans) == 1 else []:
            span = text[at:at + size].decode()
            holds(any(span in mark for mark in marked), f"{span!r} is not marked")


def report__payers_words_stay_words():
    folder = Folder()
    evil = "&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=y&gt; &quot;&apos; INV-100234 \u202e"
    bank = folder.write("bank.xml", camt([("1000.00", "&lt;b&gt;Evil&lt;/b&gt; &amp; Co", [evil])]))
    page, raw, _ = report("--items", folder.write("items.csv", ITEMS), "--statement", bank)
    same(page.open, [])
    holds("script" not in page.tags and "img" not in page.tags and "b" not in [tag for tag, kind in page.classes if kind], page.tags)
    holds("\u202e" not in raw and "<script" not in raw, "payer's markup came through")
    holds("<script>alert(1)</script>" in "".join(page.text), "payer's words are gone")


def report__a_day_without_payments_is_a_page():
    folder = Folder()
    page, _, rows = report("--items", folder.write("items.csv", ITEMS), "--statement", folder.write("bank.xml", camt([])))
    same([page.open, rows], [[], []])


def rows_of(result):
    return list(csv.DictReader(io.StringIO(result.out)))


def convert__csv_and_json_lines_hold_the_same_rows():
    path = SAMPLE / "bank.camt053.xml"
    table, lines = run("convert", path), run("convert", path, "--to", "jsonl")
    same([table.code, lines.code], [0, 0], table.err + lines.err)
    entries = [row["entry"] for row in lines.objects() if "entry" in row]
    rows = rows_of(table)
    same(len(rows), len(entries))
    same(len([row for row in rows if row["level"] == "booked"]), (path.read_text(encoding="utf-8")).count("<Ntry>"))
    for row, entry in zip(rows, entries):
        same([row["amount"], row["currency"], row["statement"], int(row["at"])], [entry["amount"], entry["currency"], entry["statement"], entry["at"]])
        same(row["text"].lstrip("'"), "\n".join(entry["text"]))


def convert__each_statement_says_whether_it_ties():
    rows = [row["statement"] for row in run("convert", SAMPLE / "bank.camt053.xml", "--to", "jsonl").objects() if "statement" in row]
    same([(row["id"], row["tie"]) for row in rows], [("NW-2026-0043", "OK"), ("NW-2026-0044", "OK"), ("NW-2026-0045", "MISMATCH")])


def convert__cells_cannot_run_and_numbers_stay_numbers():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("10.00", "=HYPERLINK(1)", ["@SUM(A1)", "x,y"]), ("-12.30", "+49 4141", ["\uff1d1", 'say "hi"'])]))
    rows = [row for row in rows_of(run("convert", bank)) if row["name"]]
    same([row["name"] for row in rows if row["name"]][:2], ["'=HYPERLINK(1)", "'+49 4141"])
    texts = [row["text"] for row in rows]
    holds("'@SUM(A1)\nx,y" in texts and "'\uff1d1\nsay \"hi\"" in texts, texts)
    holds("-12.30" in [row["amount"] for row in rows], rows)
    holds(all(not row["amount"].startswith("'") for row in rows), "an amount became text")


def convert__an_error_is_the_last_line():
    folder = Folder()
    bank = folder.write("bad.xml", camt([("10.00", "A", ["x"])] * 3)[:-60])
    table, lines = run("convert", bank), run("convert", bank, "--to", "jsonl")
    same([table.code, lines.code], [3, 3])
    rows = list(csv.reader(io.StringIO(table.out)))
    same(rows[-1][5], "ERROR")
    same({len(row) for row in rows}, {24})
    same(list(lines.objects()[-1]), ["error"])
    holds("byte" in table.err and "remedy" in table.err, table.err)


def convert__output_is_whole_or_not_there():
    folder = Folder()
    target = folder.path / "lines.csv"
    same(run("convert", SAMPLE / "bank.camt053.xml", "--output", target).code, 0)
    same(target.read_bytes().decode(), run("convert", SAMPLE / "bank.camt053.xml").out)
    before = target.read_bytes()
    bad = folder.write("bad.xml", camt([("10.00", "A", ["x"])])[:-60])
    same(run("convert", bad, "--output", target).code, 3)
    same(target.read_bytes(), before)
    same(sorted(path.name for path in folder.path.iterdir()), ["bad.xml", "lines.csv"])


def convert__long_files_need_no_more_memory():
    folder = Folder()
    small, large = (folder.write(f"{n}.xml", camt([("1.00", "Name GmbH", [f"text {at}"]) for at in range(n)])) for n in (200, 30000))
    peaks = []
    for path, count in ((small, 200), (large, 30000)):
        code = ("import resource, subprocess, sys\n"
                "done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)\n"
                "print(done.returncode, done.stdout.count(b'booked'), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
        done = subprocess.run([sys.executable, "-c", code, sys.argv[1], "convert", path], capture_output=True, check=True)
        status, rows, peak = map(int, done.stdout.split())
        same(status, 0)
        holds(rows >= count, f"{rows} rows")
        peaks.append(peak)
    holds(peaks[1] <= peaks[0] + 24 * 1024, f"peak memory in KiB: {peaks}")


def convert__mt940_reads_too():
    folder = Folder()
    text = (":20:STARTUMS\r\n:25:20010020/1234567\r\n:28C:00001/001\r\n:60F:C260202EUR100,00\r\n:61:2602030203CR250,00NTRFNONREF//B1\r\n"
            ":86:166?00GUTSCHRIFT?20SVWZ+INV-100235?32MUSTERMANN\r\n:62F:C260203EUR350,00\r\n-\r\n")
    rows = run("convert", folder.write("day.sta", text), "--to", "jsonl")
    same(rows.code, 0, rows.err)
    same([row["entry"]["amount"] for row in rows.objects() if "entry" in row], ["250.00"])
    same([row["statement"]["tie"] for row in rows.objects() if "statement" in row], ["OK"])


def sample__is_what_its_generator_writes():
    folder = Folder()
    done = subprocess.run([sys.executable, "-B", SAMPLE / "generate.py", folder.path], capture_output=True, check=False)
    same(done.returncode, 0, done.stderr.decode())
    names = sorted(path.name for path in folder.path.iterdir())
    same(names, ["bank.camt053.xml", "customers.csv", "items.csv", "remittance.csv", "truth.csv"])
    for name in names:
        same((folder.path / name).read_bytes(), (SAMPLE / name).read_bytes(), name)


def sample__is_as_large_as_promised():
    with open(SAMPLE / "items.csv", encoding="utf-8") as file:
        holds(len([row for row in csv.DictReader(file) if row["kind"] != "closed"]) >= 300, "items")
    with open(SAMPLE / "customers.csv", encoding="utf-8") as file:
        holds(len(list(csv.DictReader(file))) >= 40, "customers")
    holds((SAMPLE / "bank.camt053.xml").read_text(encoding="utf-8").count("<TxDtls>") >= 60, "payments")


def advisor__in_c_answers_in_words():
    if len(sys.argv) < 3:
        raise AssertionError("the path of the example is missing")
    done = subprocess.run([sys.argv[2]], capture_output=True, check=False)
    same(done.returncode, 0, done.stderr.decode())
    out = done.stdout.decode()
    holds("apply" in out and "INV-100234 1000.00" in out and "INV-100235 250.00" in out, out)
    for name in ("advisor.c",):
        holds(len((SOURCE / "examples" / name).read_text(encoding="utf-8").splitlines()) <= 120, f"{name} is long")


def json__is_ascii_safe_about_what_acts():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1000.00", "A\u202eB", ["INV-100234 \u2028 \u0085 \U0001F600"])]))
    result = run("match", "--items", folder.write("items.csv", ITEMS), "--statement", bank, "--format", "json")
    same(result.code, 0, result.err)
    holds("\u202e" not in result.out and "\u2028" not in result.out, "acts on a screen")
    same(len(result.out.splitlines()), 1)
    holds("\U0001F600" in json.loads(result.out)["payment"]["text"], result.out)


if __name__ == "__main__":
    sys.exit(main([row for name, row in list(globals().items()) if "__" in name and not name.startswith("__")]))
