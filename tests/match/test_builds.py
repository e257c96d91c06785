# SPDX-License-Identifier: Apache-2.0
"""The same desk solved by the library as two compilers build it, without and with optimization, with and without SIMD: one digest.

Every build compiles base, record, registry and match and one small program, and nothing else. What is not installed is skipped by name; a
compiler that is there and cannot build the library fails the test. `--write` writes the digests of the answers that are
committed beside this file.
"""
import concurrent.futures
import glob
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.environ.get("O2C_SOURCE", os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
GOLDEN = os.path.join(SOURCE, "tests", "match", "steady.txt")
BUILDS = [("gcc", ["-O0"]), ("gcc", ["-O3"]), ("gcc", ["-O3", "-DO2C_SCALAR"]), ("clang", ["-O0"]), ("clang", ["-O3"])]


def sources():
    rooms = ("base", "record", "registry", "registry/generated", "match")
    found = [path for room in rooms for path in sorted(glob.glob(os.path.join(SOURCE, "lib", room, "*.c")))]
    return found + [os.path.join(SOURCE, "tests", "match", name) for name in ("steady.c", "steady_main.c")]


def compile_one(job):
    compiler, flags, path, out = job
    command = ([shutil.which("ccache")] if shutil.which("ccache") else []) + [compiler, "-std=c11", "-w", "-c"] + flags
    command += ["-I" + os.path.join(SOURCE, "include"), "-I" + os.path.join(SOURCE, "lib"), path, "-o", out]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return "" if done.returncode == 0 else done.stdout


def build(compiler, flags, folder, pool):
    objects = [os.path.join(folder, "%d.o" % i) for i in range(len(sources()))]
    jobs = [(compiler, flags, path, out) for path, out in zip(sources(), objects)]
    errors = [text for text in pool.map(compile_one, jobs) if text]
    if errors:
        return None, errors[0]
    program = os.path.join(folder, "steady")
    linked = subprocess.run([compiler] + objects + ["-o", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if linked.returncode:
        return None, linked.stdout
    return subprocess.run([program], stdout=subprocess.PIPE, check=True, text=True).stdout, ""


def golden():
    with open(GOLDEN, encoding="ascii") as file:
        return file.read()


def main():
    answers = {}
    print("1..%d" % (len(BUILDS) + 1))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number, (compiler, flags) in enumerate(BUILDS, 1):
            name = "builds__%s" % "_".join([compiler] + [flag.strip("-") for flag in flags])
            if not shutil.which(compiler):
                print("ok %d - %s # SKIP %s is not installed" % (number, name, compiler))
                continue
            with tempfile.TemporaryDirectory() as folder:
                answers[name], why = build(compiler, flags, folder, pool)
            same = answers[name] is not None and answers[name] == next(iter(answers.values()))
            print("%s %d - %s_gives_the_digests_of_the_first" % ("ok" if same else "not ok", number, name))
            for line in ("" if same else why or answers[name]).splitlines()[:10]:
                print("# " + line)
    first = "".join(line.split()[1] + "\n" for line in (next(iter(answers.values()), None) or "").splitlines())
    if "--write" in sys.argv[1:] and first:
        with open(GOLDEN, "w", encoding="ascii") as file:
            file.write(first)
    kept = first == golden()
    print("%s %d - builds__the_answers_are_the_committed_ones" % ("ok" if kept else "not ok", len(BUILDS) + 1))
    if not kept:
        print("# an answer changed: if that is meant, run tests/match/test_builds.py --write and say why in the commit")
    return 0 if kept and len(set(answers.values())) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
