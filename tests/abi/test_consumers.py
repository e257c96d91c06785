#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Programs of users, built against what is installed: shared and static by pkg-config, and as a meson subproject."""
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "house"))
import house  # noqa: E402

CC = os.environ.get("CC", "cc").split()
HERE = house.TOP / "tests/abi"
SAID = re.compile(r"\d+\.\d+\.\d+ RE 4711 O2C_E_FORMATS_UNKNOWN")
FOLDER = tempfile.TemporaryDirectory()
ROOT = pathlib.Path(FOLDER.name)
# What the consumer sees of the machine must not point back into this build.
ENV = {name: value for name, value in os.environ.items() if name not in ("DESTDIR", "PKG_CONFIG_PATH", "LD_LIBRARY_PATH", "CFLAGS", "LDFLAGS")}
QUICK = ["-Doptimization=0", "-Ddebug=false", "-Ddefault_library=both", "-Dtool=false"]


def run(*command, cwd=ROOT, **env):
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**ENV, **env}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError("\n".join([" ".join(map(str, command))] + (done.stdout + done.stderr).splitlines()[-12:]))
    return done.stdout


@functools.lru_cache(maxsize=None)
def prefix():
    """The libraries in both flavors, installed below a folder of their own."""
    run("meson", "setup", ROOT / "build", house.TOP, "--prefix", ROOT / "prefix", "--libdir", "lib", *QUICK)
    run("meson", "install", "-C", ROOT / "build")
    return ROOT / "prefix"


def flags(where, *words):
    # Where static archives stand alone, the system's own libraries still come shared: Debian's list for libxml2 is longer.
    return run("pkg-config", *words, PKG_CONFIG_PATH=str(where / "lib/pkgconfig")).split()


def needed(library):
    return set(re.findall(r"\(NEEDED\).*\[(.*?)\]", run("readelf", "-d", library)))


def attempt(steps):
    """Runs the steps; the last gives what a consumer said, or the list of what is wrong."""
    try:
        said = steps()
    except RuntimeError as error:
        return str(error).splitlines()
    return said if isinstance(said, list) else [] if SAID.fullmatch(said.strip()) else [f"the consumer said {said!r}"]


def abi__a_consumer_links_the_shared_libraries_by_pkg_config():
    def steps():
        where = prefix()
        run(*CC, "-std=c11", HERE / "consumer.c", "-o", "shared", *flags(where, "--cflags", "--libs", "libo2c-formats"))
        return run(ROOT / "shared", LD_LIBRARY_PATH=str(where / "lib"))
    return attempt(steps)


def abi__a_consumer_links_the_archives_by_pkg_config():
    def steps():
        where = ROOT / "archives"
        shutil.copytree(prefix(), where, ignore=shutil.ignore_patterns("*.so*"))
        for path in (where / "lib/pkgconfig").glob("*.pc"):
            path.write_text(path.read_text().replace(str(prefix()), str(where)))
        words = flags(where, "--cflags", "--libs", "libo2c-formats") + flags(where, "--libs", "libxml-2.0", "zlib", "jansson")
        run(*CC, "-std=c11", HERE / "consumer.c", "-o", "static", *words)
        return run(ROOT / "static")
    return attempt(steps)


def abi__a_consumer_keeps_the_library_as_a_meson_subproject():
    def steps():
        user = ROOT / "user"
        (user / "subprojects").mkdir(parents=True)
        shutil.copy(HERE / "consumer.c", user)
        shutil.copy(HERE / "consumer.meson", user / "meson.build")
        (user / "subprojects/libo2c").symlink_to(house.TOP)
        run("meson", "setup", "build", *QUICK[:2], "--wrap-mode=forcefallback", cwd=user)
        run("ninja", "-C", "build", "shared", "static", cwd=user)
        if any("o2c" in name for name in needed(user / "build/static")):
            raise RuntimeError("the static consumer needs a shared libo2c")
        return run(user / "build/static") if SAID.match(run(user / "build/shared")) else "the shared one said nothing"
    return attempt(steps)


def abi__libo2c_needs_libc_only_and_formats_three_readers():
    def steps():
        wrong = []
        for library, allowed in (("libo2c.so", set()), ("libo2c-formats.so", {"libxml2", "libz", "libjansson"})):
            names = {name.split(".so")[0] for name in needed(prefix() / "lib" / library)}
            names = {name for name in names if name != "libc" and not name.startswith("ld-linux")}
            wrong += [] if names == allowed else [f"{library} needs {sorted(names)}, not {sorted(allowed)}"]
        return wrong
    return attempt(steps)


def abi__sonames_name_the_first_generation():
    def steps():
        libraries = {name: run("readelf", "-d", prefix() / "lib" / f"{name}.so") for name in ("libo2c", "libo2c-formats")}
        found = {name: re.findall(r"\(SONAME\).*\[(.*?)\]", text) for name, text in libraries.items()}
        return [f"{name}: {said}" for name, said in found.items() if said != [f"{name}.so.0"]]
    return attempt(steps)


if __name__ == "__main__":
    house.run(abi__a_consumer_links_the_shared_libraries_by_pkg_config, abi__a_consumer_links_the_archives_by_pkg_config,
              abi__a_consumer_keeps_the_library_as_a_meson_subproject, abi__libo2c_needs_libc_only_and_formats_three_readers,
              abi__sonames_name_the_first_generation)
