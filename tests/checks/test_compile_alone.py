#!/usr/bin/env python3
"""compile_alone finds what does not compile alone, wherever a change may have broken it."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from compile_alone import Checker, files_to_check


class CompileAlone(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="pickup-")
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name).resolve()
        (self.root / "build").mkdir()
        (self.root / "domain").mkdir()

    def write(self, name: str, text: str) -> Path:
        (self.root / name).write_text(text, encoding="utf-8")
        return Path(name)

    def test_what_a_change_may_have_broken_is_checked(self):
        a = self.write("domain/a.hpp", "#pragma once\n")
        b = self.write("domain/b.hpp", '#pragma once\n#include "domain/a.hpp"\n')
        c = self.write("domain/c.hpp", '#pragma once\n#include "domain/b.hpp"\n')
        d = self.write("domain/d.hpp", '#pragma once\n#include "domain/gone.hpp"\n')
        e = self.write("domain/e.cpp", '#include "domain/c.hpp"\n')
        for changed, expected in (
            ({"domain/a.hpp"}, [a, b, c]),
            ({"domain/c.hpp"}, [c]),
            ({"domain/e.cpp"}, [e]),
            ({"domain/gone.hpp"}, [d]),  # deleted, or renamed
            ({"domain/CMakeLists.txt", "domain/e.cpp"}, [a, b, c, d, e]),
            ({"cmake/FindCAF.cmake"}, [a, b, c, d]),
            (set(), []),
            (None, [a, b, c, d, e]),
        ):
            with self.subTest(changed):
                self.assertEqual(files_to_check(changed, [a, b, c, d, e], self.root), expected)

    def test_what_forgets_an_include_or_its_guard_is_found(self):
        self.write("build/compile_commands.json", json.dumps([
            {"directory": str(self.root / "build"),
             "file": str(self.root / "build/domain/unity.cxx"),
             "command": f"c++ -I{self.root} -include pch.hxx -o x.o -c unity.cxx"}]))
        good = self.write("domain/good.hpp", "#pragma once\n#include <string>\nstd::string f();\n")
        forgot = self.write("domain/forgot.hpp", "#pragma once\nstd::string f();\n")
        twice = self.write("domain/twice.hpp", "struct twice {};\n")
        source = self.write("domain/source.cpp", "struct source {};\nstd::string f();\n")
        checker = Checker(self.root / "build", self.root)
        self.assertEqual(checker.problem_of(good), "")
        self.assertIn("std::string", checker.problem_of(forgot))
        self.assertIn("redefinition", checker.problem_of(twice))
        said = checker.problem_of(source)
        self.assertIn("std::string", said)
        self.assertNotIn("redefinition", said)


if __name__ == "__main__":
    unittest.main()
