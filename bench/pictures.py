#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the pictures of docs/pictures from the JSON lines that bench/run.sh keeps; the standard library of Python alone.

    pictures.py RESULTS OUT     RESULTS: a folder of *.jsonl. The last line of each scenario, size and peer counts. Same lines, same bytes.
"""
import json
import math
import pathlib
import sys

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 92, 52, 92, 64
STYLE = """<style>
svg{--back:#fff;--ink:#1c2430;--soft:#667085;--grid:#e4e7ec;--one:#0b6bcb;--two:#c2410c;--three:#047857;--band:#0b6bcb22}
@media(prefers-color-scheme:dark){svg{--back:#0f1720;--ink:#e6eaf0;--soft:#98a2b3;--grid:#273140;--one:#6cb6ff;--two:#fb923c;--three:#4ade80;--band:#6cb6ff2b}}
text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--ink)}
.title{font-size:18px;font-weight:600}.soft{fill:var(--soft)}.small{font-size:12px}
.end{text-anchor:end}.middle{text-anchor:middle}.grid{stroke:var(--grid)}.bar{stroke:var(--soft);stroke-dasharray:4 4}
.one{fill:var(--one);stroke:var(--one)}.two{fill:var(--two);stroke:var(--two)}.three{fill:var(--three);stroke:var(--three)}
path{fill:none;stroke-width:2.5}path.one,path.two,path.three{fill:none}
.band{fill:var(--band);stroke:none}.back{fill:var(--back)}text.one,text.two,text.three{stroke:none}
</style>"""


def lines_of(folder):
    """Every JSON object of the folder, files by name, lines in order."""
    rows = []
    for path in sorted(pathlib.Path(folder).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("{"):
                rows.append(json.loads(line))
    return rows


def escape(text):
    return str(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Picture:
    """A frame with a title, two axes, and what is drawn between them."""

    def __init__(self, title, under, x_range, y_range, x_log=False, y_log=False):
        self.parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">', STYLE,
                      f'<rect class="back" width="{WIDTH}" height="{HEIGHT}" rx="10"/>']
        self.x_range, self.y_range, self.x_log, self.y_log = x_range, y_range, x_log, y_log
        self.text(24, 34, title, "title")
        self.text(24, 57, under, "soft")

    @staticmethod
    def part(value, low, high, log):
        if log:
            value, low, high = math.log10(value), math.log10(low), math.log10(high)
        return min(max((value - low) / (high - low), 0), 1)

    def x(self, value):
        return round(LEFT + self.part(value, *self.x_range, self.x_log) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value):
        return round(HEIGHT - BOTTOM - self.part(value, *self.y_range, self.y_log) * (HEIGHT - TOP - BOTTOM), 1)

    def text(self, x, y, text, kind=""):
        self.parts.append(f'<text x="{x}" y="{y}" class="{kind}">{escape(text)}</text>')

    def axes(self, x_ticks, y_ticks, x_name, y_name):
        for value, name in y_ticks:
            self.parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{self.y(value)}" y2="{self.y(value)}"/>')
            self.text(LEFT - 10, self.y(value) + 4.5, name, "end soft small")
        for value, name in x_ticks:
            self.parts.append(f'<line class="grid" x1="{self.x(value)}" x2="{self.x(value)}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
            self.text(self.x(value), HEIGHT - BOTTOM + 20, name, "middle soft small")
        self.text(LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 16, x_name, "middle soft")
        self.text(24, TOP - 12, y_name, "soft small")

    def path(self, points, kind):
        self.parts.append(f'<path class="{kind}" d="M' + "L".join(f"{self.x(x)},{self.y(y)}" for x, y in points) + '"/>')

    def band(self, points):
        self.parts.append('<polygon class="band" points="' + " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points) + '"/>')

    def dot(self, x, y, kind, radius=4):
        self.parts.append(f'<circle class="{kind}" cx="{self.x(x)}" cy="{self.y(y)}" r="{radius}"/>')

    def write(self, path):
        path.write_text("\n".join(self.parts) + "\n</svg>\n", encoding="utf-8")


ERROR_TICKS = [(1e-1, "10 %"), (1e-2, "1 %"), (1e-3, "0.1 %"), (1e-4, "0.01 %"), (1e-5, "0.001 %")]
RATE_TICKS = [(share / 100, f"{share} %") for share in (0, 20, 40, 60, 80, 100)]
LEAST, MOST = 1e-5, .5


def number(value):
    return f"{value:,}"


def errors(point):
    """Rate, share that was wrong, and the share it may be at most (95 %)."""
    wrong = point["wrong"] / point["auto"] if point["auto"] else 0
    return point["rate_ppm"] / 1e6, max(wrong, LEAST), max(1 - point["precision_low_ppm"] / 1e6, LEAST)


def curve(picture, points):
    """The curve with its band: from the share seen wrong to its upper bound. Bars without answers are left out."""
    rows = [errors(point) for point in points if point["auto"]]
    if len(rows) < 2:
        return
    picture.band([(rate, seen) for rate, seen, _ in rows] + [(rate, most) for rate, _, most in reversed(rows)])
    picture.path([(rate, most) for rate, _, most in rows], "one")
    for rate, seen, _ in rows:
        picture.dot(rate, seen, "one", 3)


def draw_precision(rows, out):
    """How much is posted, and how much of it is wrong, at 21 bars."""
    mixes = [row for row in rows if row.get("scenario") == "mix" and row.get("curve") and row.get("history_ppm")]
    if not mixes:
        return
    mix = max(mixes, key=lambda row: row["payments"])
    picture = Picture("Posted without a person, and how much of that is wrong",
                      f"{number(mix['payments'])} payments of the mix, seed {mix['seed']}; dots: seen wrong; line: at most so much wrong (95 %)",
                      (0, 1), (LEAST, MOST), y_log=True)
    picture.axes(RATE_TICKS, ERROR_TICKS, "share of identifiable payments that would post at a bar, every class released", "wrong among them")
    curve(picture, mix["curve"])
    for point in mix["curve"]:
        if point["bar_ppm"] == 995000 and point["auto"]:
            rate, _, most = errors(point)
            picture.parts.append(f'<line class="bar" x1="{picture.x(rate)}" x2="{picture.x(rate)}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
            picture.dot(rate, most, "two", 5)
            picture.text(picture.x(rate) - 10, picture.y(most) - 12, f"bar 99.5 %: {rate * 100:.1f} % posted", "end two")
    rate = mix["auto_rate_ppm"] / 1e6
    picture.dot(rate, max(1 - mix["precision_low_ppm"] / 1e6, LEAST), "three", 5)
    picture.text(min(picture.x(rate) + 10, WIDTH - 190), picture.y(max(1 - mix["precision_low_ppm"] / 1e6, LEAST)) + 22,
                 f"released classes: {rate * 100:.1f} %, {number(mix['auto_wrong'])} wrong", "three")
    picture.write(out / "precision.svg")


def draw_scaling(rows, out):
    """Time of one payment against the number of items."""
    last = {}
    for row in rows:
        if row.get("scenario") in ("exact", "free", "mix") and row.get("threads") == 1 and row.get("ns_per_payment"):
            last[row["scenario"], 10 ** round(math.log10(row["items"]))] = row["ns_per_payment"]
    if not last:
        return
    slow, fast = max(last.values()), min(last.values())
    span = (10 ** math.floor(math.log10(fast)), 10 ** math.ceil(math.log10(slow)))
    picture = Picture("Time per payment while the ledger grows", "one core, whole decision with evidence; both axes in powers of ten", (1e3, 1e7), span, True, True)
    ticks = [(10 ** n, f"{10 ** n:,} ns" if n < 3 else f"{10 ** (n - 3):,} µs") for n in range(round(math.log10(span[0])), round(math.log10(span[1])) + 1)]
    picture.axes([(10 ** n, number(10 ** n)) for n in range(3, 8)], ticks, "open items", "per payment")
    names = {"exact": "references alone", "free": "140 bytes of text", "mix": "the mix, a year day by day"}
    for (scenario, name), kind in zip(names.items(), ("one", "three", "two")):
        points = sorted((items, spent) for (row, items), spent in last.items() if row == scenario)
        if len(points) > 1:
            picture.path(points, kind)
        for items, spent in points:
            picture.dot(items, spent, kind)
        if points:
            items, spent = points[-1]
            picture.text(min(picture.x(items) + 10, WIDTH - RIGHT - 4), picture.y(spent) - 10, name, kind + (" end" if picture.x(items) > WIDTH - 200 else ""))
    picture.write(out / "scaling.svg")


def draw_peers(rows, out):
    """Published rules of other systems, and ours, on the same files and by the same scorer."""
    peers = {}
    for row in rows:
        if row.get("what") == "peer_score":
            peers[row["peer"]] = row
    if not peers:
        return
    size = max(row["payments"] for row in peers.values())
    picture = Picture("Same files, same scorer: posted, and wrong among it",
                      f"{number(size)} payments of the mix; each by its own rules; best is low and to the right; none wrong stands on the floor", (0, 1), (LEAST, 1), y_log=True)
    picture.axes(RATE_TICKS, [(1, "100 %")] + ERROR_TICKS, "share of identifiable payments posted", "wrong among what was posted")
    for name in sorted(peers):
        row = peers[name]
        if not row["auto"]:
            continue
        wrong, kind = max(row["auto_wrong"] / row["auto"], LEAST), "one" if name.startswith("libo2c") else "two"
        rate = row["auto_rate_ppm"] / 1e6
        picture.dot(rate, wrong, kind, 6 if kind == "one" else 4)
        end = picture.x(rate) > WIDTH - 180
        picture.text(picture.x(rate) + (-10 if end else 10), picture.y(wrong) + 4.5, f"{name} ({number(row['auto_wrong'])} wrong)", kind + (" end" if end else ""))
    picture.write(out / "peers.svg")


def table(rows):
    """The last line of every scenario, size and seed as Markdown."""
    head = ["scenario", "items", "payments", "seed", "threads", "payments/s", "p50 µs", "p99 µs", "auto %", "lines %", "right %", "at least %", "wrong",
            "abstained %", "ECE %", "bytes/item"]
    last = {}
    for row in rows:
        if "scenario" in row and "output_sha256" in row:
            name = row["scenario"] + (", shipped list" if row.get("history_ppm") == 0 else "")
            last[name, row["items"], row["seed"], row["threads"]] = row
    text = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for key in sorted(last):
        row = last[key]
        share = [f"{row[name] / 1e4:.3f}" for name in ("auto_rate_ppm", "line_auto_rate_ppm", "precision_ppm", "precision_low_ppm")]
        text.append("| " + " | ".join([key[0], number(row["items"]), number(row["payments"]), str(row["seed"]), str(row["threads"]),
                    number(row["payments_per_s"]), str(row["p50_us"]), str(row["p99_us"])] + share +
                    [number(row["auto_wrong"]), f"{row['abstain_correct_ppm'] / 1e4:.3f}", f"{row['ece_ppm'] / 1e4:.3f}", str(row["bytes_per_item"])]) + " |")
    return "\n".join(text) + "\n"


def main():
    """Draws what the lines allow, and prints the table."""
    rows, out = lines_of(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    draw_precision(rows, out)
    draw_scaling(rows, out)
    draw_peers(rows, out)
    sys.stdout.write(table(rows))


if __name__ == "__main__":
    main()
