"""The image: built by the scripts a person runs, with what pickupd is linked with and no more."""

import re
import subprocess
import unittest
from functools import lru_cache
from pathlib import Path
from typing import Iterable

from system.harness import BIN

from .deployment import ROOT, final_stage, image_environment, instructions, objects_of


def output_of(*command: object) -> str:
    said = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60,
                          check=True)
    return said.stdout


def packages_of(libraries: Iterable[str]) -> dict[str, str]:
    """The Debian package of each of these files."""
    # /lib is a link to /usr/lib; dpkg knows some files by the one, some by the other.
    real = {file: str(Path(file).resolve()) for file in libraries}
    names = {file.removeprefix("/usr") for file in real.values()} | set(real.values())
    found = subprocess.run(["dpkg", "--search", *names], capture_output=True, text=True,
                           timeout=60, check=False)  # fails when one is not known
    owners = {file: package.split(":")[0]
              for package, file in re.findall(r"^(\S+): (\S+)$", found.stdout, re.MULTILINE)}
    return {file: owners.get(name) or owners[name.removeprefix("/usr")]
            for file, name in real.items()}


def libraries_of(program: Path) -> dict[str, str]:
    """Every shared library that a program loads: its name and file."""
    return dict(re.findall(r"^\s+(\S+) => (/\S+)", output_of("ldd", program), re.MULTILINE))


def linked_with(program: Path) -> set[str]:
    """The names of the libraries that a program itself asks for."""
    return set(re.findall(r"NEEDED +(\S+)", output_of("objdump", "-p", program)))


@lru_cache(maxsize=None)
def installed_packages() -> dict[str, set[str]]:
    """Every package on this machine, with the names in its dependencies."""
    lines = output_of("dpkg-query", "--show",
                      "--showformat=${Package}\t${Depends}, ${Pre-Depends}\n").splitlines()
    return {package: set(re.findall(r"(?:^|[,|] *)([a-z0-9][a-z0-9+.-]+)", depends))
            for package, depends in (line.split("\t") for line in lines)}


def with_dependencies(packages: set[str]) -> set[str]:
    """The packages that are installed with these."""
    known = installed_packages()
    todo, found = set(packages), set()
    while todo:
        package = todo.pop()
        found.add(package)
        todo |= (known[package] & known.keys()) - found
    return found


def runtime_packages() -> set[str]:
    setup = (ROOT / "scripts/setup").read_text(encoding="utf-8")
    return set(re.search(r"^runtime=\((.*?)^\)", setup, re.MULTILINE | re.DOTALL)[1].split())


class Dockerfile(unittest.TestCase):
    def test_every_step_is_a_script_of_ours(self):
        commands = [step.words for step in instructions() if step.name == "RUN"]
        self.assertEqual(commands, [("scripts/setup",), ("scripts/build",),
                                    ("/scripts/setup", "--runtime")])
        for script in ("setup", "build"):
            self.assertTrue((ROOT / "scripts" / script).stat().st_mode & 0o100, script)

    def test_what_is_copied_is_there_and_not_ignored(self):
        ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
        for step in instructions():
            if step.name != "COPY" or "--from=build" in step.flags:
                continue
            for source in step.words[:-1]:
                self.assertTrue((ROOT / source).exists(), source)
                self.assertNotIn(source.split("/")[0], ignored)

    def test_what_is_built_is_what_is_copied(self):
        built = re.search(r"--target ((?:\w+ )+)",
                          (ROOT / "scripts/build").read_text(encoding="utf-8"))[1].split()
        copied = [w for step in final_stage() if "--from=build" in step.flags
                  for w in step.words[:-1]]
        self.assertEqual(copied, [*(f"/src/build/release/bin/{program}" for program in built),
                                  "/src/console/dist"])

    def test_its_configuration_is_that_of_the_pod(self):
        copied = [Path(w).name for step in final_stage() for w in step.words[:-1]
                  if step.name == "COPY" and w.startswith("config/")]
        self.assertEqual(set(copied), set(objects_of("k8s/base").one("ConfigMap")["data"]))

    def test_it_runs_as_the_user_the_pod_says(self):
        user = next(step.words[0] for step in final_stage() if step.name == "USER")
        security = objects_of("k8s/base").pod["securityContext"]
        self.assertEqual(user, f"{security['runAsUser']}:{security['runAsGroup']}")

    def test_it_exposes_the_ports_that_it_listens_on(self):
        exposed = next(step.words for step in final_stage() if step.name == "EXPOSE")
        listens = [value.split(":")[1] for name, value in image_environment().items()
                   if name.endswith("_LISTEN")]
        self.assertEqual(list(exposed), listens)


class RuntimePackages(unittest.TestCase):
    def test_they_bring_every_library_that_is_loaded(self):
        there = with_dependencies(runtime_packages())
        for program in ("pickupd", "pickupctl"):
            for file, package in packages_of(libraries_of(BIN / program).values()).items():
                self.assertIn(package, there, f"{program} loads {file}")

    def test_each_is_linked_with_or_explained(self):
        files = libraries_of(BIN / "pickupd") | libraries_of(BIN / "pickupctl")
        names = linked_with(BIN / "pickupd") | linked_with(BIN / "pickupctl")
        used = set(packages_of(files[name] for name in names).values())
        # The image's base has libc; nothing is linked with certificates.
        self.assertEqual(runtime_packages(), used - {"libc6"} | {"ca-certificates"})


if __name__ == "__main__":
    unittest.main()
