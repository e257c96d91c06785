#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the command o2c and runs it on a day at a small distributor: text on the screen, a page in build/quickstart/report.html.
# On Debian 12 with root or sudo it installs what is missing; elsewhere it says what is. May be run again at any time.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
build=$root/build/quickstart
log=$build.log
packages="gcc meson ninja-build pkg-config libxml2-dev zlib1g-dev libjansson-dev libc6-dev"

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "quickstart: $1"
    shift
    for line in "$@"; do say "  $line"; done
    exit 1
}

# Is what a package brings there, whoever installed it?
have() { command -v "$1" >/dev/null 2>&1; }
have_library() { have pkg-config && pkg-config --exists "$1"; }
missing() {
    have gcc || have cc || printf 'gcc libc6-dev '
    have meson || printf 'meson '
    have ninja || have ninja-build || printf 'ninja-build '
    have pkg-config || printf 'pkg-config '
    have_library libxml-2.0 || printf 'libxml2-dev '
    have_library zlib || printf 'zlib1g-dev '
    have_library 'jansson >= 2.13' || printf 'libjansson-dev '
}

install_missing() {
    need=$(missing)
    [ -n "$need" ] || return 0
    have apt-get || fail "these are missing: $need" "Install them with the package manager of this system, then run this again." \
        "On Debian they are called: $packages"
    if [ "$(id -u)" -eq 0 ]; then
        asroot=
    elif have sudo; then
        asroot=sudo
    else
        fail "these packages are missing: $need" "Run as root: apt-get install $need"
    fi
    say "Installing: $need"
    {
        $asroot env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
            $asroot env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $need
    } >>"$log" 2>&1 || fail "the packages could not be installed" "The messages are in $log." "By hand: apt-get install $need"
    need=$(missing)
    [ -z "$need" ] || fail "still missing after the installation: $need" "The messages are in $log."
}

build_tool() {
    if [ ! -f "$build/build.ninja" ]; then
        say "Building libo2c and the command o2c ..."
        meson setup "$build" "$root" --buildtype=release -Dtests=false -Dbench=false >>"$log" 2>&1 ||
            fail "the build could not be set up" "The messages are in $log."
    fi
    ninja -C "$build" examples/o2c/o2c >>"$log" 2>&1 || meson compile -C "$build" >>"$log" 2>&1 ||
        fail "the build failed" "The messages are in $log." "If the folder is of an older state: rm -r $build, then run this again."
    ln -sf examples/o2c/o2c "$build/o2c"
}

mkdir -p "$root/build"
: >"$log"
install_missing
build_tool
sample=$root/examples/sample
"$build/o2c" match --items "$sample/items.csv" --customers "$sample/customers.csv" --remittance "$sample/remittance.csv" \
    --statement "$sample/bank.camt053.xml" --fee 15.00 --report "$build/report.html"

cat <<END

The page to keep open:   $build/report.html
One payment in depth:    build/quickstart/o2c explain --payment 1 --items examples/sample/items.csv \\
                           --customers examples/sample/customers.csv --statement examples/sample/bank.camt053.xml
Your own files:          build/quickstart/o2c match --items items.csv --statement bank.xml
                         (items.csv needs the columns customer,document,currency,open_amount,due_date)
More:                    build/quickstart/o2c help match
END
