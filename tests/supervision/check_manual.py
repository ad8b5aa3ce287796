#!/usr/bin/env python3
"""Checks the examples of docs/supervision.md: each is the file that is built, and prints what it says.

Usage: check_manual.py SOURCE PROGRAM ...      (in the project's root, in the manual's order)
"""

import re
import subprocess
import sys
from pathlib import Path


def main() -> int:
    manual = Path("docs/supervision.md").read_text(encoding="utf-8")
    codes = re.findall(r"```cpp\n(.*?)```", manual, re.DOTALL)
    outputs = re.findall(r"```text\n(.*?)```", manual, re.DOTALL)
    examples = list(zip(sys.argv[1::2], sys.argv[2::2]))
    if not len(codes) == len(outputs) == len(examples):
        print(f"docs/supervision.md: {len(codes)} examples and {len(outputs)} outputs, "
              f"{len(examples)} programs are built")
        return 1
    for (source, program), code, output in zip(examples, codes, outputs):
        if code != Path(source).read_text(encoding="utf-8"):
            print(f"docs/supervision.md: an example is not the text of {source}")
            return 1
        printed = subprocess.run([program], capture_output=True, text=True, check=True,
                                 timeout=30).stdout
        if output != printed:
            print(f"docs/supervision.md: {source} prints\n{printed}")
            return 1
    print("the manual's examples are built, run, and print what the manual says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
