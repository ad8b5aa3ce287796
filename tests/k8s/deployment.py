"""Reads k8s/: the objects as kubectl would apply them, and the Dockerfile."""

import re
import shlex
import subprocess
from base64 import b64decode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = ROOT / "k8s/Dockerfile"
KUSTOMIZATIONS = ("k8s/base", "k8s/overlays/local")


class Objects(list):
    """The objects of one kustomization."""

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [o for o in self if o["kind"] == kind]

    def one(self, kind: str, name: str = "") -> dict[str, Any]:
        found = [o for o in self.of(kind) if name in ("", o["metadata"]["name"])]
        assert len(found) == 1, f"{kind} {name}: expected one, found {len(found)}"
        return found[0]

    @property
    def pod(self) -> dict[str, Any]:
        return self.one("StatefulSet")["spec"]["template"]["spec"]

    @property
    def container(self) -> dict[str, Any]:
        containers = self.pod["containers"]
        assert len(containers) == 1, containers
        return containers[0]

    @property
    def environment(self) -> dict[str, str]:
        """What the container's process finds: the image's variables, under the Secret's and the
        pod's. A Secret that is not among the objects is whoever deploys it's own."""
        secret = {}
        for source in self.container["envFrom"]:
            for o in self.of("Secret"):
                if o["metadata"]["name"] == source["secretRef"]["name"]:
                    secret |= decoded(o["data"])
        pod = {variable["name"]: variable["value"] for variable in self.container["env"]}
        return image_environment() | secret | pod


def decoded(data: dict[str, str]) -> dict[str, str]:
    return {name: b64decode(value).decode() for name, value in data.items()}


def build(directory: Path) -> Objects:
    """The objects that `kubectl apply -k` would send; needs neither a cluster nor a network."""
    said = subprocess.run(["kubectl", "kustomize", str(directory)], capture_output=True, text=True,
                          timeout=60, check=False)
    if said.returncode != 0:
        raise AssertionError(f"kubectl kustomize {directory}:\n{said.stderr}")
    return Objects(o for o in yaml.safe_load_all(said.stdout) if o)


@lru_cache(maxsize=None)
def objects_of(kustomization: str) -> Objects:
    return build(ROOT / kustomization)


@dataclass(frozen=True)
class Instruction:
    """One instruction of a Dockerfile: `RUN --mount=… scripts/setup`."""

    name: str
    flags: tuple[str, ...]
    words: tuple[str, ...]


@lru_cache(maxsize=None)
def instructions() -> tuple[Instruction, ...]:
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip():
            name, *words = shlex.split(line)
            flags = tuple(w for w in words if w.startswith("--") and name != "ENTRYPOINT")
            if name == "RUN":  # only what stands before the command
                flags = tuple(w for w in flags if w.startswith("--mount"))
            found.append(Instruction(name, flags, tuple(w for w in words if w not in flags)))
    return tuple(found)


def final_stage() -> tuple[Instruction, ...]:
    start = max(i for i, step in enumerate(instructions()) if step.name == "FROM")
    return instructions()[start:]


def image_environment() -> dict[str, str]:
    return dict(word.split("=", 1) for step in final_stage() if step.name == "ENV"
                for word in step.words)
