#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds with warnings as errors and runs every suite, plain and under AddressSanitizer and UndefinedBehaviorSanitizer.
# Installs what it needs on Debian (root or sudo). The last line is "N passed, N failed, N skipped".
#
#   sh tests/run.sh            both builds: build/test and build/asan
#   sh tests/run.sh plain      one of them: plain or asan
set -u
cd "$(dirname "$0")/.." || exit 2
LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
export LC_ALL PYTHONDONTWRITEBYTECODE
PACKAGES="gcc g++ libc6-dev meson ninja-build pkg-config libxml2-dev zlib1g-dev libjansson-dev libcunit1-dev python3 binutils"

say() {
    printf '%s\n' "$*" >&2
}

have_all() {
    for tool in gcc g++ meson ninja pkg-config python3 nm readelf; do
        command -v "$tool" >/dev/null 2>&1 || return 1
    done
    pkg-config --exists 'libxml-2.0 >= 2.9.10' zlib 'jansson >= 2.13' cunit
}

install_packages() {
    command -v apt-get >/dev/null 2>&1 || { say "run.sh: this is no Debian; please install: $PACKAGES"; return 1; }
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || { say "run.sh: as root, please: apt-get install $PACKAGES"; return 1; }
        as_root="sudo"
        # Nobody can type a password where there is no terminal.
        [ -t 0 ] || as_root="sudo -n"
        $as_root true || { say "run.sh: sudo was refused; as root, please: apt-get install $PACKAGES"; return 1; }
    fi
    say "installing from Debian: $PACKAGES"
    log=$(mktemp) || return 1
    # An old list of packages is often good enough, and offline it is all there is.
    if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >"$log" 2>&1 </dev/null; then
        if ! { $as_root apt-get update -qq >"$log" 2>&1 </dev/null &&
               $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >>"$log" 2>&1 </dev/null; }; then
            tail -n 5 "$log" >&2
            rm -f "$log"
            say "run.sh: the packages could not be installed (is this machine offline?): $PACKAGES"
            return 1
        fi
    fi
    rm -f "$log"
}

# build NAME OPTION… : configures and builds build/NAME; the log is shown only when something is wrong.
build() {
    folder=build/$1
    shift
    mkdir -p "$folder"
    if [ -f "$folder/build.ninja" ] && meson setup --reconfigure "$folder" -Dtests=true -Dwerror=true "$@" >"$folder.log" 2>&1; then
        :
    else
        rm -rf "$folder"
        meson setup "$folder" -Dtests=true -Dwerror=true "$@" >"$folder.log" 2>&1 || { tail -n 30 "$folder.log" >&2; return 1; }
    fi
    rm -f "$folder/meson-logs/testlog.json"
    ninja -C "$folder" >"$folder.log" 2>&1 || { grep -A 6 -E '^FAILED|error:|undefined reference' "$folder.log" | head -n 60 >&2; return 1; }
}

suites() {
    folder=build/$1
    meson test -C "$folder" --no-rebuild --timeout-multiplier "$2" >"$folder.test.log" 2>&1 </dev/null
    [ -s "$folder/meson-logs/testlog.json" ] || { tail -n 30 "$folder.test.log" >&2; return 1; }
}

have_all || install_packages || { echo "0 passed, 1 failed"; exit 2; }
mkdir -p build
broken=0
folders=
for way in ${1:-plain asan}; do
    case $way in
    plain)
        say "build/test: warnings are errors"
        name=test
        build test && suites test 2 || broken=$((broken + 1))
        ;;
    asan)
        say "build/asan: AddressSanitizer, UndefinedBehaviorSanitizer, LeakSanitizer"
        name=asan
        ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
        export ASAN_OPTIONS UBSAN_OPTIONS
        build asan -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1 && suites asan 5 || broken=$((broken + 1))
        ;;
    *)
        say "run.sh: $way is neither plain nor asan"
        exit 2
        ;;
    esac
    folders="$folders build/$name"
done
# shellcheck disable=SC2086 # a list of folders without blanks
python3 tests/count.py --broken "$broken" $folders
