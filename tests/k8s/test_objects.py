"""The objects: understood by Kubernetes, fitting together, and as safe as they claim."""

import copy
import re
import shutil
import tempfile
import unittest
from pathlib import Path

from kubernetes.utils.quantity import parse_quantity

from .api_schema import problems_of
from .deployment import KUSTOMIZATIONS, ROOT, build, objects_of


def selects(selector: dict[str, str], labels: dict[str, str]) -> bool:
    return bool(selector) and selector.items() <= labels.items()


class Schema(unittest.TestCase):
    def test_kubernetes_knows_every_field_of_every_object(self):
        for kustomization in KUSTOMIZATIONS:
            for thing in objects_of(kustomization):
                with self.subTest(kustomization, kind=thing["kind"]):
                    self.assertEqual(problems_of(thing), [])

    def test_the_check_sees_what_is_wrong(self):
        good = objects_of("k8s/base").one("StatefulSet")

        def with_mistake(make) -> str:
            bad = copy.deepcopy(good)
            make(bad)
            return "\n".join(problems_of(bad))

        def container(o):
            return o["spec"]["template"]["spec"]["containers"][0]

        self.assertIn("readinesProbe: no such field",
                      with_mistake(lambda o: container(o).update(readinesProbe={})))
        self.assertIn("replicas: must be int, got '1'",
                      with_mistake(lambda o: o["spec"].update(replicas="1")))
        self.assertIn("`service_name`", with_mistake(lambda o: o["spec"].pop("serviceName")))
        self.assertIn("env: must be a list", with_mistake(lambda o: container(o).update(env={})))
        self.assertIn("ports: is empty", with_mistake(lambda o: container(o).update(ports=None)))
        self.assertIn("v1 has no kind StatefulSet",
                      with_mistake(lambda o: o.update(apiVersion="v1")))


class Deployed:
    """What holds of every kustomization; `kustomization` is set by the classes below."""

    kustomization = ""

    def setUp(self):
        self.objects = objects_of(self.kustomization)
        self.pod = self.objects.pod
        self.container = self.objects.container
        self.labels = self.objects.one("StatefulSet")["spec"]["template"]["metadata"]["labels"]

    def test_there_is_one_of_everything_a_node_needs(self):
        kinds = [o["kind"] for o in self.objects if o["kind"] != "Secret"]
        self.assertEqual(sorted(kinds), ["ConfigMap", "NetworkPolicy", "PodDisruptionBudget",
                                         "Service", "Service", "ServiceAccount", "StatefulSet"])

    def test_selectors_select_the_pod(self):
        for service in self.objects.of("Service"):
            self.assertTrue(selects(service["spec"]["selector"], self.labels), service)
        for kind, field in (("StatefulSet", "selector"), ("PodDisruptionBudget", "selector"),
                            ("NetworkPolicy", "podSelector")):
            selector = self.objects.one(kind)["spec"][field]
            self.assertTrue(selects(selector["matchLabels"], self.labels), kind)

    def test_every_port_that_is_named_is_one_of_the_pod(self):
        names = {port["name"] for port in self.container["ports"]}
        for service in self.objects.of("Service"):
            for port in service["spec"]["ports"]:
                self.assertIn(port["targetPort"], names)
        for rule in self.objects.one("NetworkPolicy")["spec"]["ingress"]:
            for port in rule["ports"]:
                self.assertIn(port["port"], names)

    def test_the_pod_is_named_by_a_headless_service(self):
        name = self.objects.one("StatefulSet")["spec"]["serviceName"]
        service = self.objects.one("Service", name)
        self.assertEqual(service["spec"]["clusterIP"], "None")

    def test_what_is_mounted_is_there(self):
        claims = self.objects.one("StatefulSet")["spec"]["volumeClaimTemplates"]
        there = {v["name"] for v in self.pod["volumes"]} | {c["metadata"]["name"] for c in claims}
        self.assertEqual({m["name"] for m in self.container["volumeMounts"]}, there)
        for volume in self.pod["volumes"]:
            self.objects.one("ConfigMap", volume["configMap"]["name"])

    def test_only_the_data_can_be_written(self):
        self.assertTrue(self.container["securityContext"]["readOnlyRootFilesystem"])
        writable = [m for m in self.container["volumeMounts"] if not m.get("readOnly")]
        self.assertEqual([m["mountPath"] for m in writable],
                         [self.objects.environment["PICKUPD_STORAGE_DATA_DIR"]])

    def test_the_process_may_do_nothing_it_does_not_need(self):
        security = self.pod["securityContext"]
        self.assertTrue(security["runAsNonRoot"])
        self.assertGreater(security["runAsUser"], 0)
        self.assertEqual(security["fsGroup"], security["runAsGroup"])
        self.assertEqual(security["seccompProfile"], {"type": "RuntimeDefault"})
        self.assertFalse(self.container["securityContext"]["allowPrivilegeEscalation"])
        self.assertEqual(self.container["securityContext"]["capabilities"], {"drop": ["ALL"]})
        self.assertFalse(self.pod["automountServiceAccountToken"])
        self.assertFalse(self.objects.one("ServiceAccount")["automountServiceAccountToken"])

    def test_memory_is_requested_as_it_is_limited(self):
        resources = self.container["resources"]
        self.assertEqual(*(parse_quantity(resources[which]["memory"])
                           for which in ("requests", "limits")))

    def test_the_grace_period_covers_pre_stop_and_pickupds_own_deadline(self):
        source = (ROOT / "app/pickupd.cpp").read_text(encoding="utf-8")
        deadline = int(re.search(r"stop_limit = (\d+)ms;", source)[1]) / 1000
        command = self.container["lifecycle"]["preStop"]["exec"]["command"]
        self.assertEqual(command[0], "sleep")
        self.assertGreaterEqual(self.pod["terminationGracePeriodSeconds"],
                                int(command[1]) + deadline)

    def test_operators_do_not_come_through_the_service_of_the_customers(self):
        ports = self.objects.one("Service", "pickupd")["spec"]["ports"]
        self.assertEqual([port["targetPort"] for port in ports], ["api"])


class Base(Deployed, unittest.TestCase):
    kustomization = "k8s/base"

    def test_the_secret_is_whoever_deploys_its_own(self):
        self.assertEqual(self.objects.of("Secret"), [])
        self.assertEqual(self.container["envFrom"], [{"secretRef": {"name": "pickupd-secrets"}}])

    def test_nothing_is_reachable_from_outside_the_cluster(self):
        for service in self.objects.of("Service"):
            self.assertEqual(service["spec"].get("type", "ClusterIP"), "ClusterIP")
        for rule in self.objects.one("NetworkPolicy")["spec"]["ingress"]:
            for source in rule["from"]:
                self.assertIn("namespaceSelector", source)

    def test_no_customer_is_given_a_demo_courier(self):
        self.assertEqual(self.objects.environment["PICKUPD_DEMO_COURIERS"], "false")

    def test_the_image_is_the_version_that_is_built(self):
        project = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
        version = re.search(r"VERSION (\d+\.\d+\.\d+)", project)[1]
        self.assertEqual(self.container["image"], f"pickupcenter:{version}")


class Local(Deployed, unittest.TestCase):
    kustomization = "k8s/overlays/local"

    def test_the_image_comes_from_this_machine(self):
        self.assertEqual(self.container["image"], "pickupcenter:local")
        self.assertEqual(self.container["imagePullPolicy"], "Never")

    def test_its_secret_is_among_the_objects(self):
        name = self.container["envFrom"][0]["secretRef"]["name"]
        self.assertEqual(self.objects.one("Secret")["metadata"]["name"], name)


class OverlayOfYourOwn(unittest.TestCase):
    def test_the_one_in_the_manual_works(self):
        manual = (ROOT / "k8s/README.md").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory(prefix="pickup-") as scratch:
            for folder in ("k8s", "config"):
                shutil.copytree(ROOT / folder, Path(scratch, folder))
            own = Path(scratch, "k8s/overlays/own")
            own.mkdir()
            (own / "pickupd.toml").write_text('log.level = "warn"\n', encoding="utf-8")
            (own / "kustomization.yaml").write_text(
                re.search(r"```yaml\n(.*?)```", manual, re.DOTALL)[1], encoding="utf-8")
            objects = build(own)
        self.assertEqual(objects.container["image"],
                         "registry.example.com/dispatch/pickupcenter:0.1.0")
        config = objects.one("ConfigMap")
        self.assertEqual(config["data"]["pickupd.toml"], 'log.level = "warn"\n')
        self.assertEqual(objects.pod["volumes"][0]["configMap"]["name"],
                         config["metadata"]["name"])


if __name__ == "__main__":
    unittest.main()
