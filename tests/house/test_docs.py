#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""House test of what is written about the library (TAP; the standard library of Python alone).

Checks: every public call says thread, since and its statuses; every public type and code list has a comment; every relative link
resolves; the README names its two commands; every symbol that a page names exists; docs/errors.md and the policy table are what the registry says;
tables of records and limits are whole; examples in C compile.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

TOP = pathlib.Path(os.environ.get("O2C_SOURCE") or pathlib.Path(__file__).resolve().parent.parent.parent)
HEADERS = sorted((TOP / "include/o2c").glob("*.h"))
SKIPPED_FOLDERS = {".git", "build", "subprojects", ".venv", "node_modules"}
COMMANDS = ["sh examples/quickstart.sh", "sh tests/run.sh"]
# A page may speak of a symbol that is planned or was proposed when the same line links the issue or decision it belongs to.
PLANNED = re.compile(r"\bissue\b|\(not built\)", re.IGNORECASE)
# Reviews and decisions tell what was proposed at the time; they are records, not documentation.
RECORDS = ("docs/reviews/", "docs/decisions/")


def read(path):
    return path.read_text(encoding="utf-8")


def pages():
    for folder, names, files in os.walk(TOP):
        names[:] = [n for n in names if n not in SKIPPED_FOLDERS and not n.startswith("build")]
        for file in files:
            if file.endswith(".md"):
                yield pathlib.Path(folder, file)


def split_comments(text):
    """Yields (comment, code that follows up to the next comment)."""
    parts = re.split(r"(/\*.*?\*/)", text, flags=re.DOTALL)
    for i in range(1, len(parts), 2):
        yield parts[i], parts[i + 1] if i + 1 < len(parts) else ""


def calls():
    """Every public call as (header, name, its comment, its declaration)."""
    for header in HEADERS:
        text = re.sub(r"^[ \t]*#.*$", "", read(header), flags=re.MULTILINE)
        comment, code = "", ""
        for part in re.split(r"(/\*.*?\*/)", text, flags=re.DOTALL):
            if part.startswith("/*"):
                if not part.startswith("/**<"):
                    comment = part if part.startswith("/**") else ""
                continue
            for match in re.finditer(r"O2C_API\s+([^;]*?)\b(o2c_\w+)\s*\(([^;]*)\)\s*;", part, flags=re.DOTALL):
                yield header.name, match.group(2), comment, match.group(0)
                comment = ""


def check_calls():
    wrong = []
    for header, name, comment, declaration in calls():
        missing = [word for word in ("Thread:", "@since") if word not in comment]
        answers_status = re.search(r"O2C_API\s+o2c_status\s", declaration)
        names_status = re.search(r"O2C_(OK|E_\w+)|[Ss]tatuses|@return\s+as\s+|\bAs\s+o2c_\w+\(\)", comment)
        if answers_status and not names_status:
            missing.append("statuses")
        if missing:
            wrong.append(f"{header}: {name}() does not say: {', '.join(missing)}")
    return wrong


def check_types():
    wrong = []
    for header in HEADERS:
        text = read(header)
        commented = set()
        for comment, code in split_comments(text):
            if comment.startswith("/**") and not comment.startswith("/**<"):
                match = re.match(r"\s*typedef\s+(?:struct\s+(o2c_\w+)|\w+\s+\(?\*?(o2c_\w+)|\w+\s+(o2c_\w+))", code)
                if match:
                    commented.add(next(g for g in match.groups() if g))
        for match in re.finditer(r"^typedef\s+(?:struct\s+(o2c_\w+)|\w+\s+\(\*(o2c_\w+)\)|\w+\s+(o2c_\w+))", text, flags=re.MULTILINE):
            name = next(g for g in match.groups() if g)
            if name not in commented:
                wrong.append(f"{header.name}: type {name} has no comment")
    return wrong


def check_links():
    wrong = []
    for page in pages():
        text = re.sub(r"```.*?```", "", read(page), flags=re.DOTALL)
        text = re.sub(r"`[^`\n]*`", "", text)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target) or target.startswith("#"):
                continue
            path = page.parent / target.split("#")[0]
            if not path.exists():
                wrong.append(f"{page.relative_to(TOP)}: the link {target} leads nowhere")
    return wrong


def check_readme():
    if not (TOP / "README.md").exists():
        return ["README.md is missing"]
    text = read(TOP / "README.md")
    wrong = [f"README.md does not name the command: {command}" for command in COMMANDS if command not in text]
    for command in COMMANDS:
        script = TOP / command.split()[1]
        if not script.exists():
            wrong.append(f"README.md names {command}, and there is no such file")
    return wrong


def known_symbols():
    known = set()
    for header in HEADERS:
        known.update(re.findall(r"\b[oO]2[cC]_\w+", read(header)))
    return known


def check_symbols():
    known = known_symbols()
    families = {"O2C_POLICY_MATCH", "O2C_TABLE"}
    wrong = []
    for page in pages():
        name = page.relative_to(TOP).as_posix()
        if name.startswith(RECORDS):
            continue
        for number, line in enumerate(read(page).splitlines(), 1):
            if PLANNED.search(line):
                continue
            for symbol in re.findall(r"\b(o2c_\w+|O2C_\w+)", line):
                if symbol in known or symbol in families or symbol.startswith(("o2c__", "O2C__")):
                    continue
                # A family is written with an ellipsis behind its common beginning: o2c_match_pool_put_…
                if symbol.endswith("_") and any(one.startswith(symbol) for one in known):
                    continue
                wrong.append(f"{name}:{number}: there is no public symbol {symbol}")
    return wrong


def check_errors_page():
    done = subprocess.run([sys.executable, str(TOP / "docs/generate_errors.py"), "--check"], capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else [done.stdout.strip() or done.stderr.strip()]


def fields_of(struct):
    text = read(TOP / "include/o2c/record.h")
    body = re.search(r"typedef struct " + struct + r" \{(.*?)\n\} " + struct + ";", text, flags=re.DOTALL).group(1)
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)
    names = []
    for line in body.split(";"):
        names.extend(re.sub(r"\[.*?\]", "", part).split()[-1] for part in line.split(",") if part.split())
    return names


def check_record_pages():
    pages_of = {"open_item": ["o2c_open_item"], "payment": ["o2c_payment"], "proposal": ["o2c_proposal"], "line": ["o2c_line"],
                "remittance": ["o2c_remittance", "o2c_remittance_line"]}
    wrong = []
    for page, structs in pages_of.items():
        text = read(TOP / "docs/records" / f"{page}.md")
        for struct in structs:
            names = fields_of(struct)
            if len(names) < 10:
                wrong.append(f"the fields of {struct} were not found")
            wrong.extend(f"docs/records/{page}.md does not speak of {struct}.{name}" for name in names if f"`{name}`" not in text)
    return wrong


def check_limits_page():
    text = read(TOP / "include/o2c/base.h")
    body = re.search(r"typedef struct o2c_limits \{(.*?)\} o2c_limits;", text, flags=re.DOTALL).group(1)
    names = re.findall(r"\b(\w+_max);", body)
    page = read(TOP / "docs/rooms/base.md")
    return [f"docs/rooms/base.md does not name the limit {name}" for name in names if f"`{name}`" not in page]


def check_readme_output():
    tool = pathlib.Path(os.environ.get("O2C_BUILD", "")) / "examples/o2c/o2c"
    blocks = re.findall(r"```text\n(.*?)```", read(TOP / "README.md"), flags=re.DOTALL)
    if not blocks:
        return ["README.md shows no output of the tool"]
    if not os.environ.get("O2C_BUILD") or not tool.exists():
        print("# the tool is not built here: its output in README.md was not compared")
        return []
    sample = TOP / "examples/sample"
    command = [str(tool), "match", "--items", str(sample / "items.csv"), "--customers", str(sample / "customers.csv"), "--remittance",
               str(sample / "remittance.csv"), "--statement", str(sample / "bank.camt053.xml"), "--fee", "15.00"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        return [f"o2c match on the sample answers {done.returncode}: {done.stderr.decode(errors='replace').strip()}"]
    said = done.stdout.decode()
    return [f"README.md shows what o2c does not say:\n# {part}" for block in blocks for part in block.strip("\n").split("\n\n") if part not in said]


def check_filled_pages():
    build = os.environ.get("O2C_BUILD", "")
    if not build or not (pathlib.Path(build) / "examples/o2c/o2c").exists():
        print("# the tool is not built here: what the pages show of it was not compared")
        return []
    library = pathlib.Path(build) / "lib/libo2c.so"
    if library.exists() and b"libasan" in library.read_bytes():
        print("# a sanitized library cannot be loaded into Python: what the pages show was not compared")
        return []
    done = subprocess.run([sys.executable, "-B", str(TOP / "docs/fill.py"), build, "--check"], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def check_routing_rules():
    source = TOP / "lib/match/prepare.h"
    rules = re.findall(r"O2C__RULE_(\w+) = (\d+)", read(source)) if source.exists() else []
    text = read(TOP / "docs/rooms/match.md")
    wrong = [f"docs/rooms/match.md does not speak of rule {number} ({name})" for name, number in rules
             if f"| {number} |" not in text and f"(rule {number})" not in text]
    return wrong if rules else ["the routing rules were not found"]


def check_c_examples():
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if not compiler:
        return []
    wrong, found = [], 0
    for page in ("README.md", "docs/quickguide.md"):
        for block in re.findall(r"```c\n(.*?)```", read(TOP / page), flags=re.DOTALL):
            found += 1
            command = [compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{TOP}/include", "-x", "c", "-"]
            done = subprocess.run(command, input=block, capture_output=True, text=True, check=False)
            if done.returncode:
                wrong.extend([f"{page}: an example does not compile"] + done.stderr.splitlines()[:5])
    return wrong if found else ["no C example was found"]


def check_pages_exist():
    wanted = ["README.md", "CONTRIBUTING.md", "CHANGES.md", "docs/quickguide.md", "docs/architecture.md", "docs/words.md", "docs/errors.md"]
    for line in read(TOP / "lib/FLOORS").splitlines():
        room = line.split("#")[0].split()
        if len(room) == 2 and room[1] != "registry":
            wanted.append(f"docs/rooms/{room[1]}.md")
    return [f"the page {path} is missing" for path in wanted if not (TOP / path).exists()]


def check_something_was_read():
    wrong = []
    exported = set()
    for symbol_map in sorted((TOP / "lib").glob("*.map")):
        exported.update(re.findall(r"^\s+(o2c_\w+);", read(symbol_map), flags=re.MULTILINE))
    unread = sorted(exported - {name for _, name, _, _ in calls()})
    if unread or not exported:
        wrong.append(f"exported calls this test did not find in a header: {', '.join(unread) or 'all'}")
    if len(list(pages())) < 10:
        wrong.append("hardly any page was found")
    return wrong


TESTS = [
    ("docs__this_test_reads_headers_and_pages", check_something_was_read),
    ("docs__every_public_call_says_thread_since_and_statuses", check_calls),
    ("docs__every_public_type_has_a_comment", check_types),
    ("docs__every_relative_link_leads_somewhere", check_links),
    ("docs__readme_names_both_commands", check_readme),
    ("docs__every_symbol_named_exists", check_symbols),
    ("docs__errors_and_policy_are_what_the_registry_says", check_errors_page),
    ("docs__every_room_has_its_page", check_pages_exist),
    ("docs__every_c_example_compiles", check_c_examples),
    ("docs__pages_show_what_their_commands_print", check_filled_pages),
    ("docs__every_routing_rule_is_on_its_page", check_routing_rules),
    ("docs__readme_shows_what_the_tool_says", check_readme_output),
    ("docs__every_field_of_a_record_is_on_its_page", check_record_pages),
    ("docs__every_limit_is_on_its_page", check_limits_page),
]


def main():
    print(f"1..{len(TESTS)}")
    failed = 0
    for number, (name, check) in enumerate(TESTS, 1):
        wrong = check()
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {name}")
        for line in wrong:
            print(f"# {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
