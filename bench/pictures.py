#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the pictures of docs/pictures from the JSON lines that bench/run.sh keeps; the standard library of Python alone.

    pictures.py RESULTS OUT     RESULTS: a folder of *.jsonl. The last line of each scenario, size and peer counts. Same lines, same bytes.

The lines that were drawn are written beside the pictures (OUT/figures.jsonl): whoever has them draws the same pictures.
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
.end{text-anchor:end}.middle{text-anchor:middle}.grid{stroke:var(--grid)}.bar{stroke:var(--soft);stroke-dasharray:4 4}.lead{stroke:var(--soft);stroke-width:.75}
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
        self.taken, self.labels = [], []
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
        self.occupy([(self.x(x), self.y(y)) for x, y in points])
        self.parts.append(f'<path class="{kind}" d="M' + "L".join(f"{self.x(x)},{self.y(y)}" for x, y in points) + '"/>')

    def band(self, points):
        self.parts.append('<polygon class="band" points="' + " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points) + '"/>')

    def dot(self, x, y, kind, radius=4):
        self.taken.append((self.x(x) - radius, self.y(y) - radius, self.x(x) + radius, self.y(y) + radius))
        self.parts.append(f'<circle class="{kind}" cx="{self.x(x)}" cy="{self.y(y)}" r="{radius}"/>')

    def bar(self, x):
        self.parts.append(f'<line class="bar" x1="{self.x(x)}" x2="{self.x(x)}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        self.occupy([(self.x(x), TOP), (self.x(x), HEIGHT - BOTTOM)])

    def occupy(self, points):
        """A line is a row of small boxes that no label may cover."""
        for (x1, y1), (x2, y2) in zip(points, points[1:]):
            steps = int(max(abs(x2 - x1), abs(y2 - y1)) // 4) + 1
            for i in range(steps + 1):
                x, y = x1 + (x2 - x1) * i / steps, y1 + (y2 - y1) * i / steps
                self.taken.append((x - 2, y - 2, x + 2, y + 2))

    def label(self, x, y, text, kind):
        """Text beside a point; it is placed when everything else stands."""
        self.labels.append((self.x(x), self.y(y), text, kind))

    def place(self):
        """Each label where it covers least of what stands: right, left, above and below of its point, then further off with a line to it."""
        for x, y, text, kind in self.labels:
            width, best = LETTER * len(text), None
            for off in (0, 18, 34, 50, 66, 82):
                for at, anchor, base in ((x + 10, "", y + 4.5 - off), (x - 10, " end", y + 4.5 - off), (x + 10, "", y + 4.5 + off),
                                         (x - 10, " end", y + 4.5 + off), (x, " middle", y - 12 - off), (x, " middle", y + 22 + off)):
                    left = at - {"": 0, " end": width, " middle": width / 2}[anchor]
                    box = (left, base - 12, left + width, base + 4)
                    if left < LEFT + 2 or left + width > WIDTH - 4 or base - 12 < TOP - 8 or base > HEIGHT - BOTTOM - 2:
                        continue
                    cover = sum(overlap(box, other) for other in self.taken)
                    if best is None or cover < best[0]:
                        best = (cover, off, at, anchor, base, box)
                if best and best[0] == 0:
                    break
            _, off, at, anchor, base, box = best
            if off > 18:
                near = min(max(x, box[0]), box[2])
                self.parts.append(f'<line class="lead" x1="{x}" y1="{y}" x2="{round(near, 1)}" y2="{round(base + 3 if base < y else base - 12, 1)}"/>')
            self.taken.append(box)
            self.text(round(at, 1), round(base, 1), text, kind + anchor)
        self.labels = []

    def write(self, path):
        self.place()
        path.write_text("\n".join(self.parts) + "\n</svg>\n", encoding="utf-8")


LETTER = 7.0  # width of a letter at 13 px, on the wide side


def overlap(a, b):
    """Area that two boxes share."""
    return max(0, min(a[2], b[2]) - max(a[0], b[0])) * max(0, min(a[3], b[3]) - max(a[1], b[1]))


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
        return []
    mix = max(mixes, key=lambda row: row["payments"])
    picture = Picture("Posted without a person, and how much of that is wrong",
                      f"{number(mix['payments'])} payments of the mix, seed {mix['seed']}; dots: seen wrong; line: at most so much wrong (95 %)",
                      (0, 1), (LEAST, MOST), y_log=True)
    picture.axes(RATE_TICKS, ERROR_TICKS, "share of identifiable payments that would post at a bar, every class released", "wrong among them")
    curve(picture, mix["curve"])
    for point in mix["curve"]:
        if point["bar_ppm"] == 995000 and point["auto"]:
            rate, _, most = errors(point)
            picture.bar(rate)
            picture.dot(rate, most, "two", 5)
            picture.label(rate, most, f"bar 99.5 %: {rate * 100:.1f} % posted", "two")
    rate, most = mix["auto_rate_ppm"] / 1e6, max(1 - mix["precision_low_ppm"] / 1e6, LEAST)
    picture.dot(rate, most, "three", 5)
    picture.label(rate, most, f"released classes: {rate * 100:.1f} %, {number(mix['auto_wrong'])} wrong", "three")
    picture.write(out / "precision.svg")
    return [mix]


def draw_scaling(rows, out):
    """Time of one payment against the number of items; of runs of nearly one size the last counts, and stands at its own size."""
    last = {}
    for row in rows:
        if row.get("scenario") in ("exact", "free", "mix") and row.get("threads") == 1 and row.get("ns_per_payment") and row.get("history_ppm") != 0:
            last[row["scenario"], round(math.log10(row["items"]))] = row
    if not last:
        return []
    spent = [row["ns_per_payment"] for row in last.values()]
    span = (10 ** math.floor(math.log10(min(spent))), 10 ** math.ceil(math.log10(max(spent))))
    picture = Picture("Time per payment while the ledger grows", "one core, whole decision with evidence; both axes in powers of ten", (1e3, 1e7), span, True, True)
    ticks = [(10 ** n, f"{10 ** n:,} ns" if n < 3 else f"{10 ** (n - 3):,} µs") for n in range(round(math.log10(span[0])), round(math.log10(span[1])) + 1)]
    picture.axes([(10 ** n, number(10 ** n)) for n in range(3, 8)], ticks, "open items", "per payment")
    names = {"exact": "references alone", "free": "140 bytes of text", "mix": "the mix, a year day by day"}
    for (scenario, name), kind in zip(names.items(), ("one", "three", "two")):
        points = sorted((row["items"], row["ns_per_payment"]) for (of, _), row in last.items() if of == scenario)
        if len(points) > 1:
            picture.path(points, kind)
        for items, spent in points:
            picture.dot(items, spent, kind)
        if points:
            picture.label(*points[-1], name, kind)
    picture.write(out / "scaling.svg")
    return list(last.values())


def draw_peers(rows, out):
    """Published rules of other systems, and ours, on the same files and by the same scorer."""
    peers = {row["peer"]: row for row in rows if row.get("what") == "peer_score"}
    if not peers:
        return []
    size = max(row["payments"] for row in peers.values())
    picture = Picture("Same files, same scorer: posted, and wrong among it",
                      f"{number(size)} payments of the mix, each by its own rules; best is low and to the right; the floor: none wrong", (0, 1), (LEAST, 1), y_log=True)
    picture.axes(RATE_TICKS, [(1, "100 %")] + ERROR_TICKS, "share of identifiable payments posted", "wrong among what was posted")
    for name in sorted(peers):
        row = peers[name]
        if not row["auto"]:
            continue
        wrong, kind = max(row["auto_wrong"] / row["auto"], LEAST), "one" if name.startswith("libo2c") else "two"
        rate = row["auto_rate_ppm"] / 1e6
        picture.dot(rate, wrong, kind, 6 if kind == "one" else 4)
        picture.label(rate, wrong, f"{name} ({number(row['auto_wrong'])} wrong)", kind)
    picture.write(out / "peers.svg")
    return list(peers.values())


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


def ours_at_rate(curve, rate_ppm):
    """Share wrong at our highest bar that posts as much; None when no bar does."""
    shares = [point["wrong"] / point["auto"] for point in curve if point["auto"] and point["rate_ppm"] >= rate_ppm]
    return min(shares) if shares else None


def ours_at_wrong(curve, share):
    """The most that we post at a bar where no more is wrong."""
    rates = [point["rate_ppm"] for point in curve if point["auto"] and point["wrong"] / point["auto"] <= share]
    return max(rates) if rates else None


def peer_rows(rows):
    """Each peer by its own rules, and what our bars give at its rate and at its precision; where we lose it stands here as well."""
    curves = [row["curve"] for row in rows if row.get("what") == "peer_curve" and row.get("curve")]
    peers = {row["peer"]: row for row in rows if row.get("what") == "peer_score"}
    percent = lambda share, digits: "never" if share is None else f"{share:.{digits}f}"
    for name in sorted(peers):
        row, us = peers[name], ["", ""]
        if curves and row["auto"] and not name.startswith("libo2c"):
            share, rate = ours_at_rate(curves[-1], row["auto_rate_ppm"]), ours_at_wrong(curves[-1], row["auto_wrong"] / row["auto"])
            us = [percent(share and share * 100, 3) if share != 0 else "0.000", percent(rate and rate / 1e4, 2)]
        yield [name, number(row["payments"]), number(row["auto"]), number(row["auto_wrong"]), f"{row['auto_rate_ppm'] / 1e4:.2f}",
               f"{row['auto_wrong'] / row['auto'] * 100:.3f}" if row["auto"] else ""] + us


def peer_table(rows):
    """Correctness of the rules of others on one world, then speed, in Markdown; nothing when no peer ran."""
    text = []
    scores = list(peer_rows(rows))
    if scores:
        head = ["peer", "payments", "posted", "wrong", "posted % of identifiable", "wrong %", "ours: wrong % at this rate", "ours: posted % at this share wrong"]
        text += ["", "Ours at a rate or at a share wrong: every class released, the bar chosen among 21.", "",
                 "| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(row) + " |" for row in scores]
    speed = {}
    for row in rows:
        if row.get("what") == "peer" and row.get("ratio"):
            size = f", {row['items']} items, sets of {row['most']}" if "items" in row and "most" in row else ""
            speed[row["peer"] + size] = row
    if speed:
        text += ["", "| peer | ns | ours ns | times ours | right |", "|---|---|---|---|---|"]
        for name, row in speed.items():
            right = row.get("right", row.get("found", ""))
            text.append(f"| {name} | {number(row['ns'])} | {number(row.get('our_ns', row.get('solve_ns', 0)))} | {row['ratio']} | {right} of "
                        f"{row.get('payments', row.get('queries', row.get('instances', '')))} |")
    return "\n".join(text) + "\n" if text else ""


def main():
    """Draws what the lines allow, and prints the table."""
    rows, out = lines_of(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    drawn = draw_precision(rows, out) + draw_scaling(rows, out) + draw_peers(rows, out)
    kept = [{name: value for name, value in row.items() if name == "curve" or not isinstance(value, (list, dict))} for row in drawn]
    figures = dict.fromkeys(json.dumps(row, separators=(",", ":")) + "\n" for row in kept)
    (out / "figures.jsonl").write_text("".join(figures), encoding="utf-8")
    sys.stdout.write(table(rows) + peer_table(rows))


if __name__ == "__main__":
    main()
