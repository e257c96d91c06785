#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every suite under AddressSanitizer and UndefinedBehaviorSanitizer, from a clean build folder.
set -eu
cd "$(dirname "$0")/.."
rm -rf build/asan
exec sh tests/run.sh asan
