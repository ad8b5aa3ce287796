"""The real pickupd with the configuration of the pod: it takes it, and answers every probe."""

import unittest
from pathlib import Path

from system.client import Client
from system.harness import NodeTest, run

from .deployment import KUSTOMIZATIONS, Objects, final_stage, objects_of


def settings_of(objects: Objects) -> dict[str, str]:
    """The pod's variables without PICKUPD_, as the harness takes them."""
    return {name.removeprefix("PICKUPD_"): value for name, value in objects.environment.items()}


class Configuration(NodeTest):
    def mount_config(self, objects: Objects) -> Path:
        """The ConfigMap as the pod finds it; the file that the image's entry point names."""
        entry = final_stage()[-1]
        self.assertEqual((entry.name, *entry.words[:2]),
                         ("ENTRYPOINT", "[/usr/local/bin/pickupd,", "--config,"))
        file = Path(entry.words[2].rstrip("]"))
        mount = next(m for m in objects.container["volumeMounts"] if m["name"] == "config")
        self.assertEqual(str(file.parent), mount["mountPath"])
        directory = self.scratch / objects.container["image"].replace(":", "-")
        directory.mkdir()
        for name, text in objects.one("ConfigMap")["data"].items():
            (directory / name).write_text(text, encoding="utf-8")
        return directory / file.name

    def test_every_option_of_the_pod_is_one_that_pickupd_takes(self):
        for kustomization in KUSTOMIZATIONS:
            with self.subTest(kustomization):
                objects = objects_of(kustomization)
                checked = run("--check-config", "--config", self.mount_config(objects),
                              **settings_of(objects))
                self.assertEqual(checked.returncode, 0, checked.stderr)
                self.assertIn("listening on 0.0.0.0:8080, data in /var/lib/pickupd",
                              checked.stdout)

    def test_an_option_that_pickupd_does_not_know_would_be_found(self):
        objects = objects_of("k8s/base")
        checked = run("--check-config", "--config", self.mount_config(objects),
                      **settings_of(objects), DISPATCH_SPEED="high")
        self.assertEqual(checked.returncode, 78)
        self.assertIn("PICKUPD_DISPATCH_SPEED: no such option", checked.stderr)

    def test_every_probe_asks_for_a_path_and_port_that_are_there(self):
        for kustomization in KUSTOMIZATIONS:
            with self.subTest(kustomization):
                self.check_probes(objects_of(kustomization))

    def check_probes(self, objects: Objects) -> None:
        settings = settings_of(objects)
        listens = {settings["HTTP_LISTEN"].split(":")[1]: "customers",
                   settings["OPERATOR_LISTEN"].split(":")[1]: "operators"}
        # Only the addresses and the directory are this test's own.
        del settings["HTTP_LISTEN"], settings["STORAGE_DATA_DIR"]
        settings["OPERATOR_LISTEN"] = "127.0.0.1:0"
        node = self.new_node(objects.container["image"], **settings)
        node.start(self.mount_config(objects))
        ports = {"customers": node.port, "operators": node.operator_port}

        container_ports = {p["name"]: str(p["containerPort"]) for p in objects.container["ports"]}
        self.assertEqual(sorted(container_ports.values()), sorted(listens))
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            get = objects.container[probe]["httpGet"]
            client = Client(ports[listens[container_ports[get["port"]]]])
            self.assertEqual(client.get(get["path"]).status, 200, probe)
            self.assertEqual(client.get(get["path"] + "y").status, 404, "would pass with any path")
            client.close()
        self.assertEqual(node.terminate(), 0)


if __name__ == "__main__":
    unittest.main()
