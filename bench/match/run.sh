#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Matching and its peer on the same data, one after the other; JSON lines.
#     sh bench/match/run.sh BUILD [ITEMS]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$1
count=${2:-1000000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
"$build/bench/match/match_bench" --items "$count" --payments "$count" --write "$folder" | tee "$folder/lines"
ours=$(sed -n 's/.*"solve_ns":\([0-9]*\).*/\1/p' "$folder/lines")
python3 "$here/peers/cpython.py" "$folder" "$ours"
