#!/usr/bin/env python3
"""scripts/tidy looks at what changed, and at nothing else; in repositories made for the test."""

import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

CLEAN = "int* find() { return nullptr; }\n"
BAD = "int* find() { return 0; }\n"
CONFIG = "Checks: '-*,modernize-use-nullptr'\nWarningsAsErrors: '*'\n"


class Tidy(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="pickup-")
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name).resolve()
        self.write(".clang-tidy", CONFIG)
        self.write(".gitignore", "/build/\n")
        (self.root / "scripts").mkdir()
        for name in ("tidy", "changes.py"):
            shutil.copy(SCRIPTS / name, self.root / "scripts" / name)
        # As the build has it: a precompiled header that clang cannot read, and g++'s warnings.
        self.write("build/release/compile_commands.json", json.dumps([
            {"directory": str(self.root / "build/release"), "file": str(self.root / name),
             "command": f"c++ -I{self.root} -include pch.hxx -Winvalid-pch -Wno-of-gcc"
                        f" -o x.o -c {self.root / name}"}
            for name in ("domain/a.cpp", "domain/b.cpp", "http/c.cpp")]))
        for name in ("domain/a.cpp", "domain/b.cpp", "http/c.cpp"):
            self.write(name, CLEAN)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *arguments],
                       cwd=self.root, check=True)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "change")

    def tidy(self, *arguments: str) -> tuple[int, str]:
        said = subprocess.run([sys.executable, self.root / "scripts/tidy", *arguments],
                              capture_output=True, text=True, check=False)
        return said.returncode, said.stdout + said.stderr

    def test_what_the_last_commit_changed_is_checked(self):
        self.write("domain/a.cpp", BAD)
        self.commit()
        code, said = self.tidy()
        self.assertEqual(code, 1)
        self.assertIn("(the commit before)", said)
        self.assertIn("domain/a.cpp:1:22: error: use nullptr", said)
        self.assertIn("0 of 1 files are clean", said)

    def test_what_changed_earlier_is_not(self):
        self.write("domain/a.cpp", BAD)
        self.commit()
        self.write("domain/b.cpp", CLEAN + "// more\n")
        self.commit()
        self.assertEqual(self.tidy()[0], 0)
        self.assertEqual(self.tidy("HEAD~2")[0], 1)
        self.assertEqual(self.tidy("--all")[0], 1)

    def test_a_branch_is_checked_from_where_it_left_main(self):
        self.git("update-ref", "refs/remotes/origin/main", "HEAD")
        self.write("domain/a.cpp", BAD)
        self.commit()
        self.write("domain/b.cpp", "// more\n")
        self.commit()
        code, said = self.tidy()
        self.assertEqual(code, 1)
        self.assertIn("2 files differ", said)
        self.assertIn("where this branch left origin/main", said)

    def test_what_is_not_committed_is_checked_even_in_a_checkout_of_one_commit(self):
        code, said = self.tidy()
        self.assertEqual((code, "the only commit" in said), (0, True), said)
        self.write("domain/a.cpp", BAD)
        self.assertEqual(self.tidy()[0], 1)

    def test_a_header_is_checked_through_its_own_file_or_one_of_its_folder(self):
        self.write("domain/a.hpp", "#pragma once\ninline " + BAD.replace("find", "a"))
        self.write("domain/other.hpp", "#pragma once\ninline " + BAD.replace("find", "b"))
        self.write("http/c.cpp", '#include "domain/other.hpp"\n')
        self.write("domain/a.cpp", '#include "domain/a.hpp"\n')
        self.write("domain/b.cpp", '#include "domain/other.hpp"\n')
        self.git("add", "--all")
        code, said = self.tidy("--most", "2")
        self.assertEqual(code, 1)
        self.assertIn("domain/a.hpp:2:26: error: use nullptr", said)
        self.assertIn("domain/other.hpp:2:26: error: use nullptr", said)
        self.assertIn("left out, as changed less:\n  http/c.cpp", said)

    def test_what_the_build_puts_together_is_checked_file_by_file(self):
        unit = self.root / "build/release/domain/Unity/unity_0_cxx.cxx"
        self.write(str(unit.relative_to(self.root)),
                   "".join(f'#include "{self.root}/domain/{name}.cpp"\n\n' for name in "ab"))
        self.write("build/release/compile_commands.json", json.dumps([
            {"directory": str(self.root / "build/release"), "file": str(unit),
             "command": f"c++ -I{self.root} -o unity.o -c {unit}"}]))
        self.write("domain/a.cpp", BAD)
        code, said = self.tidy("--all")
        self.assertEqual(code, 1)
        self.assertIn("domain/a.cpp:1:22: error: use nullptr", said)
        self.assertIn("1 of 2 files are clean", said)

    def test_files_of_any_name_and_kind_may_lie_about(self):
        self.write("한글.cpp", CLEAN)
        self.write("한글.hpp", CLEAN)
        (self.root / "gone.cpp").symlink_to("nowhere")
        self.git("init", "--quiet", "nested.cpp")
        (self.root / "domain/b.cpp").unlink()
        self.write("domain/a.cpp", BAD)
        code, said = self.tidy()
        self.assertEqual(code, 1)
        self.assertIn("domain/a.cpp:1:22: error: use nullptr", said)
        self.assertIn("0 of 1 files are clean", said)

    def test_a_library_that_clang_cannot_read_is_said_and_blames_nobody(self):
        with tempfile.TemporaryDirectory(prefix="pickup-library-") as library:
            Path(library, "broken.hpp").write_text("int f() { return g(); }\n", encoding="utf-8")
            self.write("domain/a.cpp", f'#include "{library}/broken.hpp"\n' + CLEAN)
            code, said = self.tidy()
        self.assertEqual(code, 0, said)
        self.assertIn("domain/a.cpp: left out, since clang cannot read", said)
        self.write("domain/a.cpp", "int f() { return g(); }\n")
        self.assertEqual(self.tidy()[0], 1, "our own code is not excused")

    def test_an_unknown_commit_is_refused(self):
        code, said = self.tidy("no-such-branch")
        self.assertEqual(code, 1)
        self.assertIn("compare with no-such-branch: there is no such commit", said)


if __name__ == "__main__":
    unittest.main()
