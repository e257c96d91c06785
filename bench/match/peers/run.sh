#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every peer on the files the library was measured with; JSON lines. What cannot be installed is skipped with a message.
#     sh bench/match/peers/run.sh BUILD [small]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
ledger=1000000 world=50000 seed=9001 names=100000 seconds=300
[ "${2:-}" = small ] && ledger=100000 world=10000 names=20000 seconds=20
say() { printf 'peers: %s\n' "$*" >&2; }

install_debian() {
    command -v apt-get >/dev/null 2>&1 || return 1
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root="sudo -n"
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || install_debian postgresql postgresql-contrib || say "PostgreSQL cannot be installed: skipped"
command -v cbc >/dev/null 2>&1 || install_debian coinor-cbc || say "CBC cannot be installed: skipped"
python=$build/peers/bin/python
if ! "$python" -c 'import rapidfuzz, ortools' >/dev/null 2>&1; then
    python3 -m venv "$build/peers" >/dev/null 2>&1 || { install_debian python3-venv && python3 -m venv "$build/peers" >/dev/null 2>&1; } || true
    "$python" -m pip install -q -r "$here/requirements.txt" >/dev/null 2>&1 || say "rapidfuzz and OR-tools cannot be installed: skipped"
fi
[ -x "$python" ] || python=python3

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
chmod 755 "$folder"
match=$build/bench/match

# A static ledger, references with exact amounts: throughput of regular expressions, dictionaries and joins.
"$match/match_bench" --items "$ledger" --payments "$ledger" --write "$folder" | tee "$folder/lines"
ours=$(sed -n 's/.*"solve_ns":\([0-9]*\).*/\1/p' "$folder/lines")
for peer in cpython.py sqlite.py; do python3 "$here/$peer" "$folder" "$ours"; done
python3 "$here/postgres.py" ledger "$folder" "$ours" || say "PostgreSQL failed"

# Subset sums, and names.
if [ -x "$match/subset_bench" ]; then
    "$match/subset_bench" --write "$folder/subsets.tsv" >/dev/null && "$python" "$here/subsets.py" "$folder/subsets.tsv" 10
fi
if [ -x "$match/names_bench" ]; then
    "$match/names_bench" --names "$names" --write "$folder" | tee "$folder/names"
    ours=$(sed -n 's/.*"query_ns":\([0-9]*\).*/\1/p' "$folder/names")
    python3 "$here/postgres.py" names "$folder" "$ours" || say "pg_trgm failed"
    "$python" "$here/fuzzy_names.py" "$folder" "$ours"
fi

# A year of a market: the published rules of products, and ours, scored by one scorer.
mkdir "$folder/world"
"$match/o2c-match-gen" --seed "$seed" --items "$world" --mix mix --out "$folder/world" >/dev/null
"$python" "$here/rules.py" "$folder/world" "$folder" "$seconds" >"$folder/rules"
cat "$folder/rules"
"$match/match_bench" --scenario mix --items "$world" --seed "$seed" --write-answers "$folder/libo2c.csv" --json |
    sed 's/^{/{"what":"peer_curve",/'
for answers in "$folder"/*.csv; do
    [ -x "$match/o2c-match-score" ] || break
    name=$(basename "$answers" .csv)
    "$match/o2c-match-score" --world "$folder/world" --answers "$answers" --json | sed "s/^{/{\"what\":\"peer_score\",\"peer\":\"$name\",/"
done
