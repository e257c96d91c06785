#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Words of the command line, and inputs that are refused: exit codes, and messages that say where, why and what to do."""
import gzip
import sys

from tool import ITEMS, SOURCE, Folder, camt, holds, main, run, same


def usage__what_cannot_be_understood_exits_2():
    folder = Folder()
    items, bank = folder.write("items.csv", ITEMS), folder.write("bank.xml", camt([("1000.00", "A", ["INV-100234"])]))
    both = ["--items", items, "--statement", bank]
    for words in ([], ["mach"], ["match"], ["match", "--items", items], ["match", "--statement", bank], ["match", *both, "--as-of", "03.02.2026"],
                  ["match", *both, "--as-of"], ["match", *both, "--format", "xml"], ["match", *both, "--unknown"], ["match", *both, "--summary"],
                  ["match", *both, "--summary=yes", "--format", "json"], ["match", *both, "--payment", "1"], ["match", *both, "--short-pay", "never"],
                  ["match", *both, "--tolerance", "1,00"], ["match", *both, "--tolerance", "-1.00"], ["match", *both, "--grace", "-1"],
                  ["match", *both, "--grace", "5000"], ["match", *both, "--fee", "0.00"], ["match", *both, "--fee", "x"],
                  ["match", *both, "--rate", "USD/EUR"], ["match", *both, "--rate", "USD/USD=1"], ["match", *both, "--rate", "USD/EUR=0"],
                  ["match", *both, "--rate", "USD/QQQ=1"], ["match", *both, "--rate", "USD/EUR=.92", "--rate", "USD/EUR=.93"],
                  ["match", *both, "--profile", "klingon"], ["match", *both, "--our-account", "DE37"], ["match", "--items", "-", "--statement", "-"],
                  ["explain", *both], ["explain", *both, "--payment", "nobody"], ["explain", *both, "--payment", "2"], ["convert"],
                  ["convert", bank, "--to", "xlsx"], ["convert", bank, "--items", items]):
        result = run(*words)
        same(result.code, 2, words)
        holds(result.err.startswith("o2c: "), f"{words}: {result.err}")
        holds("remedy" in result.err, f"{words}: no remedy in {result.err}")
        same(result.out, "", words)


def help__teaches_by_example():
    for words, wanted in ((["help"], "o2c match"), (["--help"], "o2c explain"), (["match", "--help"], "customer,document,currency,open_amount,due_date"),
                          (["help", "explain"], "--payment"), (["convert", "-h"], "--output"), (["version"], "0.1.0")):
        result = run(*words)
        same(result.code, 0, words)
        holds(wanted in result.out, f"{words}: no {wanted}")
        same(result.err, "", words)


def manual__names_every_option():
    manual = (SOURCE / "examples/o2c/o2c.1").read_text().replace("\\-", "-")
    source = (SOURCE / "examples/o2c/options.c").read_text()
    names = [line.split('"')[1] for line in source.splitlines() if line.strip().startswith('{ "--') and "VERB" not in line]
    holds(len(names) > 15, "the table of options was not found")
    for name in names:
        holds(name in manual, f"{name} is not in the manual")
        holds(any(name in run("help", verb).out for verb in ("match", "explain", "backtest", "convert", "check-policy")), f"{name} is not in the help")


def refused(words, *wanted, stdin=b"", code=3):
    result = run(*words, stdin=stdin)
    same(result.code, code, f"{words}: {result.err}")
    for word in wanted:
        holds(word in result.err, f"no {word!r} in {result.err!r}")
    return result


def refused__item_lists_say_line_field_reason_and_remedy():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1000.00", "A", ["INV-100234"])]))
    cases = [("C1,INV-1,EUR,12.345,2026-02-04", ["open_amount"]), ("C1,INV-1,EUR,10.00,2026-02-30", ["due_date"]),
             ("C1,INV-1,EUX,10.00,2026-02-04", ["currency"]), (",INV-1,EUR,10.00,2026-02-04", ["customer"])]
    for line, wanted in cases:
        items = folder.write("bad.csv", "customer,document,currency,open_amount,due_date\nC0,INV-0,EUR,1.00,2026-02-01\n" + line + "\n")
        result = refused(["match", "--items", items, "--statement", bank], "bad.csv", "line 3", "byte", "reason", "remedy", *wanted)
        same(result.out, "", line)


def refused__a_missing_column_is_named():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1.00", "A", ["x"])]))
    items = folder.write("items.csv", "customer,document,currency,open_amount\nC1,INV-1,EUR,1.00\n")
    refused(["match", "--items", items, "--statement", bank], "due_date", "O2C_E_FORMATS_COLUMN")


def refused__a_positive_credit_memo():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1.00", "A", ["x"])]))
    items = folder.write("items.csv", "customer,document,currency,open_amount,due_date,kind\nC1,CM-1,EUR,5.00,2026-02-04,credit_memo\n")
    refused(["match", "--items", items, "--statement", bank], "line 2", "remedy")


def refused__a_repeated_key_names_both_lines():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1.00", "A", ["x"])]))
    items = folder.write("items.csv", ITEMS + "C9,INV-100235,EUR,7.00,2026-02-04\n")
    result = refused(["match", "--items", items, "--statement", bank], "O2C_E_FORMATS_REPEATED")
    holds("3" in result.err.split("reason")[1] and "5" in result.err, f"both lines in {result.err!r}")


def refused__a_key_in_two_lists():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1.00", "A", ["x"])]))
    one, two = folder.write("one.csv", ITEMS), folder.write("two.csv", ITEMS)
    refused(["match", "--items", one, "--items", two, "--statement", bank], "INV-100234")


def refused__bank_files_say_offset_and_reason():
    folder = Folder()
    items = folder.write("items.csv", ITEMS)
    good = camt([("1000.00", "A", ["INV-100234"])])
    cut = good[:len(good) // 2]
    cases = {"cut.xml": cut, "amount.xml": good.replace("1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>", "1x0</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>"),
             "doctype.xml": good.replace("<Document", "<!DOCTYPE a [<!ENTITY b 'c'>]><Document"), "tags.xml": good.replace("</Ntry>", "</Entry>")}
    for name, content in cases.items():
        bank = folder.write(name, content)
        result = refused(["match", "--items", items, "--statement", bank], name, "byte", "reason", "remedy")
        same(result.out, "", name)
    refused(["match", "--items", items, "--statement", folder.write("empty", "")], "empty")
    refused(["match", "--items", items, "--statement", folder.write("what.bin", bytes(range(256)) * 8)], "what.bin")
    refused(["match", "--items", items, "--statement", folder.path / "absent.xml"], "absent.xml")


def refused__one_bad_file_of_two_stops_the_run():
    folder = Folder()
    items = folder.write("items.csv", ITEMS)
    good = folder.write("good.xml", camt([("1000.00", "A", ["INV-100234"])]))
    bad = folder.write("bad.xml", camt([("1000.00", "A", ["INV-100234"])])[:-40])
    result = refused(["match", "--items", items, "--statement", good, bad], "bad.xml")
    same(result.out, "")


def refused__hostile_text_does_not_reach_the_terminal():
    folder = Folder()
    bank = folder.write("bank.xml", camt([("1.00", "A", ["x"])]))
    items = folder.write("items.csv", "customer,document,currency,open_amount,due_date\nC1,I,EUR,\x9b31m1\u202e,2026-02-04\n")
    result = refused(["match", "--items", items, "--statement", bank], "remedy")
    holds("\x1b" not in result.err and "\u202e" not in result.err and "\x9b" not in result.err, ascii(result.err))


def stdin__takes_any_one_input():
    folder = Folder()
    items, bank = folder.write("items.csv", ITEMS), folder.write("bank.xml", camt([("1000.00", "A", ["INV-100234"])]))
    plain = run("match", "--items", items, "--statement", bank, "--format", "json")
    same(plain.code, 0, plain.err)
    same(run("match", "--items", items, "--statement", "-", "--format", "json", stdin=bank.read_bytes()).out, plain.out, "bank file")
    same(run("match", "--items", "-", "--statement", bank, "--format", "json", stdin=items.read_bytes()).out, plain.out, "items")
    same(run("match", "--items", items, "--statement", "-", "--format", "json", stdin=gzip.compress(bank.read_bytes(), mtime=0)).out, plain.out, "gzip")


def output__a_full_disk_is_not_success():
    folder = Folder()
    items, bank = folder.write("items.csv", ITEMS), folder.write("bank.xml", camt([("1000.00", "A", ["INV-100234"])]))
    same(run("match", "--items", items, "--statement", bank, "--report", folder.path / "absent" / "day.html").code, 4)
    same(run("convert", bank, "--output", folder.path / "absent" / "lines.csv").code, 4)


if __name__ == "__main__":
    sys.exit(main([row for name, row in list(globals().items()) if "__" in name and not name.startswith("__")]))
