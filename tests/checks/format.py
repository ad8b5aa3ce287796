#!/usr/bin/env python3
"""Checks that clang-format would leave every C++ file as it is. Usage: format.py [ROOT]"""

import re
import subprocess
import sys
from pathlib import Path

from sources import cpp_files


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    files = [str(path) for path in cpp_files(root)]
    check = ["clang-format", "--dry-run", "-Werror", *files]
    said = subprocess.run(check, cwd=root, check=False, capture_output=True, text=True)
    if said.returncode != 0:
        # One line a file: the places are clang-format's business.
        unlike = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", said.stderr, re.MULTILINE)))
        print("clang-format would change:", *unlike or [said.stderr], sep="\n  ")
        print("to mend: clang-format -i FILE...")
        return 1
    print(f"format: {len(files)} files are as clang-format has them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
