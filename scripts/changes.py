"""What a change touches, for the checks that look at nothing else."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def git(*arguments: str) -> str | None:
    """What git prints; None when it refuses."""
    said = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True,
                          check=False)
    return said.stdout.strip() if said.returncode == 0 else None


def default_base() -> tuple[str, str]:
    """A commit to compare with, and what it is."""
    head = git("rev-parse", "HEAD")
    fork = git("merge-base", "HEAD", "origin/main")
    if fork and fork != head:
        return fork, "where this branch left origin/main"
    before = git("rev-parse", "--verify", "--quiet", "HEAD~1")
    if before:
        return before, "the commit before"
    return "HEAD", "the only commit this checkout has: just what is not committed is checked"


def changed_lines(base: str, suffixes: tuple[str, ...]) -> dict[str, int] | None:
    """How many lines of each file with such a name are not as in `base`, which None says is no
    commit. Deleted files are among them; a renamed one is there under both names."""
    counts = git("diff", "--numstat", "--no-renames", "-z", base)
    if counts is None:
        return None
    lines = {}
    for row in filter(None, counts.split("\0")):
        added, removed, name = row.split("\t")
        if name.endswith(suffixes):
            lines[name] = sum(int(n) for n in (added, removed) if n != "-")
    untracked = git("ls-files", "--others", "--exclude-standard", "-z") or ""
    for name in filter(None, untracked.split("\0")):
        if name.endswith(suffixes) and (ROOT / name).is_file():
            lines[name] = len((ROOT / name).read_bytes().splitlines())
    return lines
