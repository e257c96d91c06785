#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes fold_table.c: how each code point folds, from the Unicode data that Python carries.

A code point is kept (letters, numbers, vowel signs), dropped (accents, full stops, apostrophes, invisible characters), mapped
(compatibility forms, case, accents), or, if the table does not name it, a blank. Kept and mapped ones are ranges with a stride,
so that whole alphabets are one row; the rest of the mappings are strings. ASCII has its own table.

The mapping of a letter with an umlaut keeps U+0308 (and U+030A for å): the folder writes AE or A for it, one for each variant.
"""
import os
import sys
import unicodedata as u

UMLAUT, RING = "\u0308", "\u030a"
# Letters that Unicode does not decompose but people write with plain ones.
LETTERS = {"ß": "SS", "ẞ": "SS", "Æ": "AE", "Ø": "O" + UMLAUT, "Œ": "OE", "Ð": "D", "Đ": "D", "Þ": "TH", "Ł": "L", "Ħ": "H", "Ŧ": "T",
           "ı": "I", "ĸ": "K", "Ŋ": "N", "ſ": "S", "Ɖ": "D", "Ɨ": "I", "Ƶ": "Z", "Ǥ": "G"}
STOPS = ".'`´‘’ʼʹ′‛＇"
LEGAL = """GMBH MBH AG KG OHG UG SE EK LTD LIMITED PLC LLP LP INC INCORPORATED LLC CORP CORPORATION CO COMPANY SA SAS SARL SPA SRL
           BV NV AB OY AS APS"""
JOINERS = "AND UND ET"
IGNORED = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0} | set(range(0x180B, 0x1810)) | set(range(0xFE00, 0xFE10)) \
    | set(range(0xE0000, 0xE1000))


def is_hangul(code):
    """Syllables are taken apart by arithmetic, not by table (Unicode 3.12)."""
    return 0xAC00 <= code <= 0xD7A3


def kept(char):
    return u.category(char)[0] in "LN" or (u.category(char)[0] == "M" and not u.combining(char))


def plain(char):
    """One character after compatibility forms and case: capitals, accents apart."""
    text = u.normalize("NFKC", char).upper()
    text = "".join(LETTERS.get(c, c) for c in text)
    text = u.normalize("NFD", "".join(LETTERS.get(c, c) for c in text.upper()))
    return "".join(str(u.decimal(c)) if u.category(c) == "Nd" else LETTERS.get(c, c) for c in text)


def strip(text):
    """Drops accents. An umlaut stays behind A, O, U and a ring behind A, whatever accents stand between."""
    out, base, marked = "", "", False
    for c in text:
        if u.combining(c):
            if not marked and ((c == UMLAUT and base in "AOU") or (c == RING and base == "A")) and base:
                out, marked = out + c, True
            continue
        if ord(c) in IGNORED or u.category(c) == "Cf" or c in STOPS:
            continue
        base, marked = c, False
        out += c if kept(c) else " "
    return out


def fold(code):
    """None = blank, "" = dropped, else what it becomes."""
    char = chr(code)
    if u.category(char) in ("Cs", "Cn", "Co", "Cc"):
        return None
    if char in STOPS or code in IGNORED or u.category(char) == "Cf" or u.combining(char):
        return ""
    text = strip(plain(char))
    while True:
        again = "".join(strip(plain(c)) if c not in (" ", UMLAUT, RING) else c for c in text)
        if again == text:
            break
        text = again
    if not text.strip() or len(text.encode()) > 3 * len(char.encode()):
        return None
    return text


def tables():
    """Ranges (first, last, stride, delta), drops (first, last), strings (code, text).

    At most one range begins inside another, so a search looks at the row it finds and the one before.
    """
    ranges, drops, strings = [], [], []
    for code in range(0x80, 0x110000):
        if is_hangul(code):
            continue
        text = fold(code)
        if text is None:
            continue
        if text == "":
            if drops and drops[-1][1] == code - 1:
                drops[-1][1] = code
            else:
                drops.append([code, code])
        elif len(text) == 1 and text != " ":
            add_range(ranges, code, ord(text) - code)
        else:
            strings.append((code, text))
    return ranges, drops, strings


def add_range(ranges, code, delta):
    """Runs of equal delta grow with stride 1; a run that alternates with another (Āā Ăă …) grows with stride 2."""
    for row in ranges[-2:][::-1]:
        if row[3] != delta:
            continue
        if row[1] + row[2] == code or (row[0] == row[1] and code - row[0] in (1, 2)):
            row[2] = code - row[1]
            row[1] = code
            return
    ranges.append([code, code, 1, delta])


def cells(items, per):
    return "\n".join("    " + " ".join(items[i:i + per]) for i in range(0, len(items), per))


def check(ranges, drops, strings):
    """Every result folds to itself, and every range answers what fold() says."""
    said = {}
    assert ranges == sorted(ranges)
    for first, last, stride, delta in ranges:
        assert (last - first) // stride < 65535
        for code in range(first, last + 1, stride):
            assert code not in said
            said[code] = chr(code + delta)
    said.update(strings)
    for first, last in drops:
        said.update({code: "" for code in range(first, last + 1)})
    for code in range(0x80, 0x110000):
        if not is_hangul(code):
            assert said.get(code) == fold(code), hex(code)
    for code, text in said.items():
        for c in text:
            plain = c in (" ", UMLAUT, RING) or is_hangul(ord(c)) or (c.isascii() and c.isalnum() and not c.islower())
            assert plain or said.get(ord(c)) == c, hex(code)


def escape(text):
    return "".join(c if c.isascii() else "".join("\\%03o" % b for b in c.encode()) for c in text)


def text():
    ranges, drops, strings = tables()
    check(ranges, drops, strings)
    heap, places = "", []
    for code, value in strings:
        at = heap.find(value)
        if at < 0:
            at, heap = len(heap), heap + value
        places.append((code, len(heap[:at].encode()), len(value.encode())))
    rows = ["{ 0x%X, %d, %d, %d }," % (first, delta, (last - first) // stride + 1, stride) for first, last, stride, delta in ranges]
    lines = [escape(heap[i:i + 24]) for i in range(0, len(heap), 24)]
    words = [("LEGAL", LEGAL.split()), ("JOINER", JOINERS.split())]
    out = ["/* SPDX-License-Identifier: Apache-2.0 */",
           "/* Generated by lib/record/generate_fold.py from Unicode %s; do not edit. */" % u.unidata_version,
           '#include "record/fold.h"', "", "const struct o2c__fold_range o2c__fold_ranges[] = {", cells(rows, 4), "};",
           "const uint32_t o2c__fold_range_count = %d;" % len(rows), "", "const struct o2c__fold_drop o2c__fold_drops[] = {",
           cells(["{ 0x%X, 0x%X }," % tuple(row) for row in drops], 6), "};", "const uint32_t o2c__fold_drop_count = %d;" % len(drops), "",
           "const struct o2c__fold_string o2c__fold_strings[] = {", cells(["{ 0x%X, %d, %d }," % row for row in places], 6), "};",
           "const uint32_t o2c__fold_string_count = %d;" % len(places), "", "const char o2c__fold_heap[] ="]
    out += ['    "%s"' % line for line in lines]
    out[-1] += ";"
    out += ["", "const char *const o2c__fold_words[] = {", cells(['"%s",' % w for _, group in words for w in group], 10), "};",
            "const uint32_t o2c__fold_word_count = %d;" % sum(len(group) for _, group in words)]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fold_table.c")
    if sys.argv[1:] == ["--check"]:
        committed = open(path).read()
        if "from Unicode %s;" % u.unidata_version not in committed:
            print("SKIP: this Python carries Unicode %s" % u.unidata_version)
            sys.exit(77)
        sys.exit(0 if committed == text() else "fold_table.c is not what generate_fold.py writes")
    result = text()
    open(path, "w").write(result)
