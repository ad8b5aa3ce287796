"""Finds the project's C++ files, the same way for every check."""

from pathlib import Path

# Walking folders by name, not `git ls-files`: a file not yet added is checked too, and so is a
# source archive without a repository.
FOLDERS = (
    "domain", "supervision", "storage", "notify", "actors", "http", "config", "app", "tests", "bench",
)


def cpp_files(root: Path, suffixes: tuple[str, ...] = (".hpp", ".cpp")) -> list[Path]:
    """The C++ files under `root`, relative to it, sorted."""
    found = (
        path.relative_to(root)
        for folder in FOLDERS
        for path in (root / folder).rglob("*")
        if path.suffix in suffixes
    )
    return sorted(found)
