#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PostgreSQL on a private socket: regular expression and join in one query, and the join alone on references extracted before.

    postgres.py ledger FOLDER SOLVE_NS     FOLDER holds items.tsv and payments.tsv of match_bench --write; two JSON lines
    postgres.py names FOLDER QUERY_NS      FOLDER holds names.tsv and queries.tsv of names_bench --write; one JSON line

A server is started for the run in a temporary folder: no network, no parallel plan, everything in shared buffers, tables analyzed, each
query run three times and the fastest taken. Where no server is installed it says so and answers nothing.
"""
import getpass
import json
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile
import time

from extract import items_of, judge, payments_of, tokens

SETTINGS = {"listen_addresses": "''", "shared_buffers": "'1GB'", "work_mem": "'1GB'", "maintenance_work_mem": "'512MB'", "jit": "off", "fsync": "off",
            "max_parallel_workers_per_gather": "0", "autovacuum": "off", "synchronous_commit": "off"}
PATTERN = r"((?:INV|RE)?[-/ .]?2026[-/ .]?\d{8}(?!\d)|(?<!\d)\d{9}(?!\d))"
REGEX = f"""SELECT DISTINCT p.payment, p.amount, k.item, i.open FROM payment p CROSS JOIN LATERAL regexp_matches(p.text, '{PATTERN}', 'gi') m
            JOIN key k ON k.key = upper(translate(m[1], '-/ .', '')) JOIN item i ON i.item = k.item"""
JOIN = "SELECT DISTINCT r.payment, r.amount, k.item, i.open FROM reference r JOIN key k ON k.key = r.key JOIN item i ON i.item = k.item"
ANSWERS = "SELECT payment, string_agg(item::text, ',') AS items FROM ({}) hits GROUP BY payment, amount HAVING sum(open) = amount"


def binaries():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")) if pathlib.Path("/usr/lib/postgresql").exists() else []
    path = found[-1] if found else shutil.which("postgres")
    return pathlib.Path(path).parent if path else None


class Server:
    """Root may not run a server: it becomes the user that the package brought."""

    def __init__(self, where):
        self.user = "postgres" if os.geteuid() == 0 else getpass.getuser()
        self.where, self.folder = where, tempfile.mkdtemp(prefix="o2c-pg-")
        account = pwd.getpwnam(self.user)
        os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.call("initdb", "-D", self.folder + "/data", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        settings = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        self.call("pg_ctl", "-D", self.folder + "/data", "-w", "-l", self.folder + "/log", "-o", f"-k {self.folder} {settings}", "start")

    def call(self, program, *words, stdin=None):
        done = subprocess.run([str(self.where / program), *words], input=stdin, capture_output=True, text=True, check=False, cwd=self.folder,
                              **({"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}))
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr[-2000:]}")
        return done.stdout

    def sql(self, text, stdin=None):
        return self.call("psql", "-X", "-q", "-A", "-t", "-h", self.folder, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", text, stdin=stdin)

    def load(self, table, rows):
        self.sql(f"COPY {table} FROM STDIN", "".join("\t".join(map(str, row)) + "\n" for row in rows))

    def seconds(self, query, runs=3):
        """Fastest of several runs, as the server itself measures it."""
        plans = (json.loads(self.sql(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}"))[0] for _ in range(runs))
        return min(plan["Execution Time"] for plan in plans) / 1e3

    def close(self):
        try:
            self.call("pg_ctl", "-D", self.folder + "/data", "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)


def ledger(server, folder, ours):
    server.sql("CREATE TABLE item (item int, open bigint); CREATE TABLE key (key text, item int);"
               "CREATE TABLE payment (payment int, amount bigint, text text); CREATE TABLE reference (payment int, amount bigint, key text)")
    rows = list(items_of(folder))
    server.load("item", ((item, amount) for item, amount, _ in rows))
    server.load("key", {key: (key, item) for item, _, keys in rows for key in keys}.values())
    payments = [(payment, amount, text) for payment, amount, _, text in payments_of(folder)]
    server.load("payment", payments)
    server.load("reference", ((payment, amount, key) for payment, amount, text in payments for key in tokens(text)))
    server.sql("CREATE INDEX ON key (key); CREATE INDEX ON item (item); ANALYZE")
    for words, query in (("regex and join, one query", REGEX), ("join, references extracted before", JOIN)):
        query = ANSWERS.format(query)
        spent = server.seconds(query) / len(payments) * 1e9
        answers = (line.split("|") for line in server.sql(query).splitlines())
        right, wrong = judge({int(payment): sorted(map(int, items.split(","))) for payment, items in answers}, folder)
        print(json.dumps({"what": "peer", "peer": f"PostgreSQL {words}", "payments": len(payments), "right": right, "wrong": wrong,
                          "ns": round(spent), "solve_ns": round(ours), "ratio": round(spent / ours, 2)}), flush=True)


def names(server, folder, ours):
    read = lambda name: [line.rstrip("\n").split("\t") for line in open(f"{folder}/{name}", encoding="utf-8")]
    server.sql("CREATE EXTENSION pg_trgm; CREATE TABLE name (account text, name text)")
    server.load("name", read("names.tsv"))
    server.sql("CREATE INDEX ON name USING gin (name gin_trgm_ops); ANALYZE; ALTER DATABASE postgres SET pg_trgm.similarity_threshold = 0.5")
    queries, right, asked = read("queries.tsv")[:200], 0, 0
    script = "".join(f"SELECT coalesce((SELECT account FROM name WHERE name % '{q}' ORDER BY similarity(name, '{q}') DESC, account LIMIT 1), '-');\n"
                     for q in (row[1].replace("'", "''") for row in queries))
    spent = []
    for _ in range(3):
        start = time.perf_counter()
        said = server.call("psql", "-X", "-q", "-A", "-t", "-h", server.folder, "-d", "postgres", stdin=script).split("\n")
        spent.append(time.perf_counter() - start)
    asked = len(queries)
    right = sum(1 for row, answer in zip(queries, said) if row[0] == answer)
    each = min(spent) / asked * 1e9
    print(json.dumps({"what": "peer", "peer": "PostgreSQL pg_trgm GIN, % 0.5", "queries": asked, "right": right, "ns": round(each), "our_ns": round(ours),
                      "ratio": round(each / ours, 2)}))


def main():
    where = binaries()
    if where is None:
        print("postgres.py: skipped, no PostgreSQL server is installed (Debian: postgresql, postgresql-contrib)", file=sys.stderr)
        return
    server = Server(where)
    try:
        {"ledger": ledger, "names": names}[sys.argv[1]](server, sys.argv[2], float(sys.argv[3]))
    finally:
        server.close()


main()
