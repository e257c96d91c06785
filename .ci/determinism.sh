#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The same files give the same bytes whatever the compiler, the optimization, the locale and the time zone.
#   sh .ci/determinism.sh [ITEMS STATEMENT]     default: the sample of examples/sample
set -eu
cd "$(dirname "$0")/.."
items=${1:-examples/sample/items.csv}
statement=${2:-$(find examples/sample -name '*.xml' | sort | head -n 1)}
customers=
[ -f "$(dirname "$items")/customers.csv" ] && customers="--customers $(dirname "$items")/customers.csv"

# check NAME CC OPTIMIZATION LOCALE ZONE: prints the sum of what the tool says.
check() {
    folder=build/ci-det-$1
    [ -f "$folder/build.ninja" ] || CC=$2 meson setup "$folder" -Doptimization="$3" >/dev/null
    ninja -C "$folder" >/dev/null
    # shellcheck disable=SC2086 # empty or two words
    LC_ALL=$4 TZ=$5 "$folder/examples/o2c/o2c" match --items "$items" $customers --statement "$statement" --format json --summary |
        sha256sum | cut -d ' ' -f 1
}

first=
for way in "gcc-o0 gcc 0 C UTC" "gcc-o2 gcc 2 C.UTF-8 Pacific/Kiritimati" "gcc-o3 gcc 3 C America/St_Johns" "clang-o2 clang 2 C UTC"; do
    # shellcheck disable=SC2086 # five words
    set -- $way
    command -v "$2" >/dev/null 2>&1 || { echo "$1: left out, there is no $2"; continue; }
    sum=$(check "$@")
    echo "$1 $sum"
    [ -n "$first" ] || first=$sum
    [ "$sum" = "$first" ] || { echo "the result of $1 differs"; exit 1; }
done
echo "the same bytes everywhere"
