#!/usr/bin/env python3
"""Checks which folder includes what: data flows http -> actors -> storage, domain under all.

Prints a line for every include that breaks the rule, as a compiler would:
    storage/codec.cpp:7: storage may not include "actors/protocol.hpp"
Exits with 1 when there was one. Usage: include_rules.py [ROOT]
"""

import re
import sys
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from sources import cpp_files

# A library is known by how its headers' names begin.
LIBRARIES = {
    "caf/": "caf",
    "rocksdb/": "rocksdb",
    "s2/": "s2",
    "boost/fiber/": "boost.fiber",
    "httplib.h": "httplib",
    "simdjson.h": "simdjson",
    "rapidjson/": "rapidjson",
    "spdlog/": "spdlog",
    "openssl/": "openssl",
    "toml++/": "toml++",
    "CLI/": "cli11",
    "catch2/": "catch2",
}
SYSTEM_PREFIXES = ("sys/", "netinet/", "arpa/", "linux/")

# What would bring I/O, a clock of its own, threads or chance into pure code.
IMPURE = frozenset({
    "atomic", "condition_variable", "cstdio", "ctime", "filesystem", "fstream", "future",
    "iostream", "mutex", "random", "shared_mutex", "thread",
})



@dataclass(frozen=True)
class Rule:
    """What one part may include; itself and the standard library always."""

    who: str
    files: frozenset[str] = frozenset()  # patterns of project files
    libraries: frozenset[str] = frozenset()
    pure: bool = False


def rule(who: str, files: str = "", libraries: str = "", pure: bool = False) -> Rule:
    return Rule(who, frozenset(files.split()), frozenset(libraries.split()), pure)


# The first pattern that fits a file decides. The faces come before their folders: what includes
# a face must not get the folder's libraries with it.
RULES: tuple[tuple[str, Rule], ...] = (
    ("actors/gateway.hpp", rule("actors/gateway.hpp", "domain/* actors/metric.hpp")),
    ("actors/operation.hpp", rule("actors/operation.hpp", "domain/*")),
    ("actors/inspection.hpp", rule("actors/inspection.hpp", "domain/* actors/operation.hpp")),
    ("actors/metric.hpp", rule("actors/metric.hpp", "supervision/duration_histogram.hpp")),
    ("*/options.hpp", rule("an options header", "domain/* */options.hpp")),
    ("domain/*", rule("domain", "domain/*", "s2", pure=True)),
    ("supervision/*", rule("supervision", "supervision/*", "caf")),
    ("storage/*", rule("storage", "storage/* domain/*", "rocksdb system")),
    ("notify/*", rule("notify", "notify/* domain/* storage/entry.hpp storage/delivery.hpp",
                      "httplib simdjson rapidjson openssl system")),
    ("actors/*", rule("actors", "actors/* domain/* notify/* storage/* supervision/*",
                      "caf boost.fiber spdlog system")),
    ("http/*", rule("http", "http/* domain/* actors/gateway.hpp actors/inspection.hpp "
                            "actors/metric.hpp actors/operation.hpp "
                            "supervision/duration_histogram.hpp",
                    "httplib simdjson rapidjson boost.fiber spdlog openssl system")),
    ("config/*", rule("config", "config/* */options.hpp domain/call.hpp domain/overloaded.hpp "
                                "domain/result.hpp domain/time.hpp domain/service_areas.hpp "
                                "notify/templates.hpp",
                      "toml++ simdjson system")),
    ("app/*", rule("app", "*", " ".join([*LIBRARIES.values(), "system"]))),
)

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def library_of(header: str) -> str:
    """The library a header in angle brackets belongs to."""
    for prefix, library in LIBRARIES.items():
        if header.startswith(prefix):
            return library
    if header.startswith(SYSTEM_PREFIXES) or ("/" not in header and header.endswith(".h")):
        return "system"
    return "std" if "/" not in header else "an unknown library"


def allows(who: Rule, bracket: str, header: str) -> bool:
    if bracket == '"':
        return any(fnmatch(header, pattern) for pattern in who.files)
    library = library_of(header)
    if library == "std":
        return not (who.pure and header in IMPURE)
    return library in who.libraries


def violations(root: Path) -> list[str]:
    """Every include under `root` that breaks its file's rule."""
    found = []
    for path in cpp_files(root):
        who = next((r for pattern, r in RULES if fnmatch(path.as_posix(), pattern)), None)
        if who is None:
            continue  # tests and benchmarks may look at everything
        lines = (root / path).read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            match = INCLUDE.match(line)
            if match and not allows(who, *match.groups()):
                shown = f'"{match[2]}"' if match[1] == '"' else f"<{match[2]}>"
                found.append(f"{path}:{number}: {who.who} may not include {shown}")
    return found


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    found = violations(root)
    print("\n".join(found) or f"include rules: {len(cpp_files(root))} files keep them")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
