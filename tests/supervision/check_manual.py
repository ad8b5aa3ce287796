#!/usr/bin/env python3
"""Checks the example of docs/supervision.md: it is the file that is built, and prints what it says.

Usage: check_manual.py EXAMPLE_PROGRAM      (in the project's root)
"""

import re
import subprocess
import sys
from pathlib import Path


def main() -> int:
    manual = Path("docs/supervision.md").read_text(encoding="utf-8")
    source = Path("tests/supervision/example.cpp").read_text(encoding="utf-8")
    code = re.search(r"```cpp\n(.*?)```", manual, re.DOTALL)
    output = re.search(r"```text\n(.*?)```", manual, re.DOTALL)
    if not code or code[1] != source:
        print("docs/supervision.md: the example is not the text of tests/supervision/example.cpp")
        return 1
    printed = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True,
                             timeout=30).stdout
    if not output or output[1] != printed:
        print(f"docs/supervision.md: the example prints\n{printed}")
        return 1
    print("the manual's example is built, runs, and prints what the manual says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
