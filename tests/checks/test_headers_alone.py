#!/usr/bin/env python3
"""headers_alone finds what does not compile alone, and looks wherever a change may have broken it."""

import json
import tempfile
import unittest
from pathlib import Path

from headers_alone import Checker, reached_by


class HeadersAlone(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="pickup-")
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name).resolve()
        (self.root / "build").mkdir()
        (self.root / "domain").mkdir()

    def write(self, name: str, text: str) -> Path:
        (self.root / name).write_text(text, encoding="utf-8")
        return Path(name)

    def test_a_header_is_checked_when_anything_it_includes_changed(self):
        a = self.write("domain/a.hpp", "#pragma once\n")
        b = self.write("domain/b.hpp", '#pragma once\n#include "domain/a.hpp"\n')
        c = self.write("domain/c.hpp", '#pragma once\n#include "domain/b.hpp"\n')
        d = self.write("domain/d.hpp", "#pragma once\n")
        every = [a, b, c, d]
        self.assertEqual(reached_by({"domain/a.hpp"}, every, self.root), [a, b, c])
        self.assertEqual(reached_by({"domain/c.hpp", "README.md"}, every, self.root), [c])

    def test_what_forgets_an_include_or_its_guard_is_found(self):
        self.write("build/compile_commands.json", json.dumps([
            {"directory": str(self.root / "build"), "file": str(self.root / "build/domain/unity.cxx"),
             "command": f"c++ -I{self.root} -include pch.hxx -o x.o -c unity.cxx"}]))
        good = self.write("domain/good.hpp", "#pragma once\n#include <string>\nstd::string f();\n")
        forgot = self.write("domain/forgot.hpp", "#pragma once\nstd::string f();\n")
        twice = self.write("domain/twice.hpp", "struct twice {};\n")
        checker = Checker(self.root / "build", self.root)
        self.assertEqual(checker.problem_of(good), "")
        self.assertIn("std::string", checker.problem_of(forgot))
        self.assertIn("redefinition", checker.problem_of(twice))


if __name__ == "__main__":
    unittest.main()
