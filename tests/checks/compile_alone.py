#!/usr/bin/env python3
"""Checks that files compile alone: a header, even twice, since it includes what it needs behind
a guard, and a source, which the build compiles together with others.

Usage: compile_alone.py BUILD_DIR [--all]
Checks the sources that changed since the commit that scripts/tidy compares with, and the headers
that changed or include what did; every header, when how things are built changed. --all checks
every file, in about ten minutes. A source that got its include from a header which has it no
more is seen with --all, or by a build of the preset dev.

The flags are those of the build, from BUILD_DIR/compile_commands.json. What a file that passed
consisted of (its text and that of all it includes) is remembered in BUILD_DIR, so that a repeat
compiles only what changed.
"""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))
from changes import ROOT, changed_lines, default_base
from sources import cpp_files

# What of a compile command concerns its own file, not how headers are read; a precompiled header
# has to go because it would lend a header the includes it forgot.
DROPPED_WITH_VALUE = {"-o", "-c", "-include", "-MF", "-MT", "-MQ"}
DROPPED = {"-MD", "-MMD", "-Winvalid-pch"}

# By these names the build, and what it finds, is described.
BUILD_FILES = ("CMakeLists.txt", ".cmake", "CMakePresets.json", "scripts/setup")


def flags_by_folder(build_dir: Path, root: Path) -> dict[str, list[str]]:
    """The compiler and its flags for each top-level folder that is built."""
    flags: dict[str, list[str]] = {}
    for entry in json.loads((build_dir / "compile_commands.json").read_text(encoding="utf-8")):
        file = Path(entry["file"])
        # What the build puts together or generates lies in a folder of the same name.
        folder = file.relative_to(build_dir if build_dir in file.parents else root).parts[0]
        kept = bare_flags(shlex.split(entry["command"]))
        # The richest command of a folder: one of its targets may not see every library.
        if len(kept) > len(flags.get(folder, [])):
            flags[folder] = kept
    return flags


def bare_flags(command: list[str]) -> list[str]:
    if Path(command[0]).name == "ccache":
        command = command[1:]
    kept, skip = [], False
    for word in command:
        if skip or word in DROPPED or word in DROPPED_WITH_VALUE:
            skip = not skip and word in DROPPED_WITH_VALUE
        else:
            kept.append(word)
    return kept


@lru_cache(maxsize=None)
def digest(file: str) -> str:
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()
    except OSError:
        return "gone"


def fingerprint(flags: list[str], dependencies: list[str]) -> str:
    parts = [*flags, *dependencies, *map(digest, dependencies)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def dependencies_of(rule: str) -> list[str]:
    """The files named by a make rule as `g++ -MD` writes it."""
    names = re.sub(r"^[^:]*:", "", rule).replace("\\\n", " ").split()
    return sorted(name for name in names if name != "-")


class Checker:
    """Compiles files and remembers which passed. Its methods may run in several threads."""

    def __init__(self, build_dir: Path, root: Path):
        self.root = root
        self.flags = flags_by_folder(build_dir, root)
        self.any_flags = max(self.flags.values(), key=len)
        self.cache = build_dir / "compile_alone"
        self.cache.mkdir(exist_ok=True)

    def problem_of(self, file: Path) -> str:
        """What the compiler says of a file; empty when it compiles alone."""
        flags = self.flags.get(file.parts[0], self.any_flags)
        known = self.cache / (str(file).replace("/", "__") + ".json")
        if known.exists():
            seen = json.loads(known.read_text(encoding="utf-8"))
            if seen["fingerprint"] == fingerprint(flags, seen["dependencies"]):
                return ""
        rule = known.with_suffix(".d")
        include = f'#include "{file}"\n' * (2 if file.suffix == ".hpp" else 1)
        compiled = subprocess.run(
            [*flags, "-fsyntax-only", "-MD", "-MF", str(rule), "-MT", "file", "-x", "c++", "-"],
            input=include, cwd=self.root, capture_output=True, text=True, check=False)
        if compiled.returncode != 0:
            known.unlink(missing_ok=True)
            return compiled.stderr
        dependencies = dependencies_of(rule.read_text(encoding="utf-8"))
        known.write_text(json.dumps({"dependencies": dependencies,
                                     "fingerprint": fingerprint(flags, dependencies)}),
                         encoding="utf-8")
        return ""


def reached_by(changed: set[str], headers: list[Path], root: Path) -> list[Path]:
    """The headers that are among the changed files or include one, however deep."""
    users: dict[str, list[str]] = {}
    for header in map(str, headers):
        text = (root / header).read_text(encoding="utf-8")
        for used in re.findall(r'^#include "(.+)"$', text, re.MULTILINE):
            users.setdefault(used, []).append(header)
    reached, ahead = set(), list(changed)
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead += users.get(name, [])
    return [header for header in headers if str(header) in reached]


def files_to_check(changed: set[str] | None, files: list[Path], root: Path) -> list[Path]:
    """Those of all files that a change may have broken; all of them when nothing is known of it."""
    if changed is None:
        return files
    headers = [file for file in files if file.suffix == ".hpp"]
    if not any(name.endswith(BUILD_FILES) for name in changed):
        headers = reached_by(changed, headers, root)
    return headers + [file for file in files if file.suffix == ".cpp" and str(file) in changed]


def main() -> int:
    build_dir = Path(sys.argv[1]).resolve()
    files = cpp_files(ROOT)
    changed = None
    if "--all" not in sys.argv[2:]:
        base, meaning = default_base()
        lines = changed_lines(base, (".hpp", ".cpp", *BUILD_FILES))
        if lines is not None:  # else there is no repository that could tell
            print(f"compile alone: what changed since {base[:12]} ({meaning})")
            changed = set(lines)
    chosen = files_to_check(changed, files, ROOT)
    checker = Checker(build_dir, ROOT)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = list(pool.map(checker.problem_of, chosen))
    for file, problem in zip(chosen, problems):
        if problem:
            print(f"{file} does not compile alone:\n{problem}")
    failed = sum(map(bool, problems))
    print(f"compile alone: {len(chosen) - failed} of {len(chosen)} files; there are {len(files)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
