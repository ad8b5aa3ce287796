"""What survives kill -9, and what a data directory that is not right leads to."""

import hashlib
import subprocess
import time
import unittest
from pathlib import Path

from .company import Company, CompanyTest, north_of
from .harness import SHIPPED_CONFIG, Node, NodeTest, eventually, run

# RocksDB's own diary and the lock are no data.
NOT_DATA = {"LOCK", "LOG"}


def fingerprint(directory: Path, kind: str = "*") -> dict[str, str]:
    """What a directory holds: the hash of every file of data."""
    return {str(file.relative_to(directory)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(directory.rglob(kind))
            if file.is_file() and file.name not in NOT_DATA and not file.name.startswith("LOG.old")}


class Restart(CompanyTest):
    SETTINGS = {"DISPATCH_COURIER_LOST_AFTER": "1h"}

    def test_calls_couriers_and_assignments_are_as_they_were(self):
        courier = self.pickup.new_courier(capacity=3, vehicle="서울 1가 1")
        self.pickup.change_courier(courier["id"], name="새이름")
        calls = [self.pickup.new_call() for _ in range(5)]
        self.pickup.cancel(calls[0]["id"])
        self.pickup.job(courier["id"], calls[1]["id"], "arrived")
        self.pickup.job(courier["id"], calls[2]["id"], "decline")
        self.pickup.confirmed(calls[4]["id"])
        paths = ("/pickupmanages", "/pickupcalls", "/pickupassigns")
        before = [self.pickup.all(path) for path in paths]
        histories = [self.pickup.history(call["id"]) for call in calls]
        self.restart()
        self.assertEqual([self.pickup.all(path) for path in paths], before)
        self.assertEqual([self.pickup.history(call["id"]) for call in calls], histories)
        after = self.pickup.courier(courier["id"])
        self.assertEqual((after["name"], after["vehicle"], after["capacity"]),
                         ("새이름", "서울 1가 1", 3))
        self.assertEqual(after["load"], sum(a["live"] for a in self.pickup.all("/pickupassigns")))

    def test_ids_go_on_counting(self):
        first = self.pickup.new_call()
        courier = self.pickup.new_courier()
        self.restart()
        self.assertEqual(self.pickup.new_call()["id"], first["id"] + 1)
        self.assertEqual(self.pickup.new_courier()["id"], courier["id"] + 1)

    def test_capacity_promised_before_is_still_taken(self):
        self.pickup.new_courier(capacity=1)
        self.pickup.new_call()
        self.restart()
        self.assertEqual(self.pickup.new_call()["status"], "호출중")

    def test_who_declined_is_still_not_asked_again(self):
        courier = self.pickup.new_courier()
        call = self.pickup.new_call()
        self.pickup.job(courier["id"], call["id"], "decline")
        self.restart()
        self.pickup.locate(courier["id"], north_of(0))
        self.assertEqual(self.pickup.call(call["id"])["status"], "호출중")

    def test_last_places_are_found_again(self):
        courier = self.pickup.new_courier()
        self.pickup.locate(courier["id"], north_of(15_000))
        far = self.pickup.courier(courier["id"])
        time.sleep(2.5)  # places are written about once a second, and nothing tells when
        self.restart()
        after = self.pickup.courier(courier["id"])
        self.assertEqual((after["lat"], after["lng"]), (far["lat"], far["lng"]))
        self.assertAlmostEqual(self.pickup.new_call()["courier"]["distance"], 15_000, delta=30)

    def test_waiting_calls_find_a_courier_in_their_order(self):
        calls = [self.pickup.new_call() for _ in range(2)]
        self.restart()
        courier = self.pickup.new_courier(capacity=1)
        for call in calls:
            self.pickup.confirmed(call["id"])
            self.pickup.finish(courier["id"], call["id"])


class Waiting(CompanyTest):
    SETTINGS = {"DISPATCH_MAX_WAIT": "3s", "DISPATCH_COURIER_LOST_AFTER": "1s"}

    def test_what_waited_while_the_node_was_down_expires_by_its_own_clock(self):
        call = self.pickup.new_call()
        self.node.kill9()
        time.sleep(3.1)
        self.node.start()
        company = Company(self.node)
        eventually(lambda: company.call(call["id"])["phase"] == "UNFULFILLED", within=2)

    def test_a_waiting_call_is_matched_before_it_expires(self):
        # A silent courier gets no job; a restart starts the clock of silence anew. So at the
        # start there is a free courier, and a call whose time has passed.
        courier = self.pickup.new_courier()
        self.pickup.locate(courier["id"], north_of(0))
        released = self.pickup.new_call()
        eventually(lambda: self.pickup.call(released["id"])["status"] == "호출중")
        waiting = self.pickup.new_call()
        self.assertEqual(waiting["status"], "호출중")
        self.node.kill9()
        time.sleep(3.1)
        self.node.start()
        self.assertEqual(Company(self.node).confirmed(waiting["id"])["courier"]["id"],
                         courier["id"])


class DataDirectories(NodeTest):
    """A directory that is not right is refused, and left as it is."""

    def filled(self, calls: int = 300) -> Node:
        """A node that was killed with some calls in its journal."""
        node = self.start_node()
        company = Company(node)
        company.new_courier(capacity=1000)
        for number in range(calls):
            company.new_call(memo=f"{number:04d}" * 20)
        node.kill9()
        return node

    def refused(self, directory: Path, *words: str, unchanged: str = "*") -> None:
        before = fingerprint(directory, unchanged)
        done = run("--config", SHIPPED_CONFIG, "--listen", "127.0.0.1:0", "--data-dir", directory)
        said = done.stdout + done.stderr
        self.assertGreater(done.returncode, 0, f"a crash or a start, not a refusal:\n{said}")
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn("listening on", said)
        self.assertEqual(fingerprint(directory, unchanged), before)

    def database_files(self, node: Node, suffix: str) -> list[Path]:
        files = [f for f in node.data_dir.rglob(f"*{suffix}") if f.stem.isdigit()]
        self.assertTrue(files, f"no {suffix} file")
        return sorted(files, key=lambda file: file.stat().st_size)

    def overwrite_middle(self, file: Path, count: int = 64) -> None:
        with file.open("r+b") as data:
            data.seek(file.stat().st_size // 2)
            data.write(b"\xa5" * count)

    def test_one_in_use_is_refused_and_its_owner_goes_on(self):
        node = self.start_node()
        done = run("--config", SHIPPED_CONFIG, "--listen", "127.0.0.1:0",
                   "--data-dir", node.data_dir)
        self.assertGreater(done.returncode, 0)
        self.assertIn(str(node.data_dir), done.stdout + done.stderr)
        self.assertIn("in use", done.stdout + done.stderr)
        Company(node).new_call()

    def test_one_of_a_newer_format_is_refused(self):
        node = self.filled(calls=1)
        marker = node.data_dir / "FORMAT"
        marker.write_text("pickupd data format 99\n")
        self.refused(node.data_dir, str(node.data_dir), "99")

    def test_an_unreadable_format_is_refused(self):
        node = self.filled(calls=1)
        (node.data_dir / "FORMAT").write_text("?")
        self.refused(node.data_dir, "FORMAT")

    def test_a_log_damaged_in_its_middle_is_refused(self):
        node = self.filled()
        self.overwrite_middle(self.database_files(node, ".log")[-1])
        self.refused(node.data_dir, str(node.data_dir))

    def test_a_damaged_table_is_refused(self):
        node = self.filled()
        node.start()  # recovery turns the log into tables
        node.kill9()
        for table in self.database_files(node, ".sst"):
            with self.subTest(table=table.name):
                whole = table.read_bytes()
                self.overwrite_middle(table, len(whole) // 4)
                # The database tidies up its log when it opens; its tables stay as they are.
                self.refused(node.data_dir, str(node.data_dir), unchanged=table.name)
                table.write_bytes(whole)

    def test_a_torn_last_write_loses_at_most_that_write(self):
        for cut in (1, 5, 20):
            with self.subTest(cut=cut):
                node = self.new_node(f"torn-{cut}").start()
                company = Company(node)
                company.new_courier(capacity=1000)
                calls = [company.new_call() for _ in range(20)]
                node.kill9()
                log = self.database_files(node, ".log")[-1]
                with log.open("r+b") as data:
                    data.truncate(log.stat().st_size - cut)
                node.start()
                company = Company(node)
                listed = {call["id"]: call for call in company.all("/pickupcalls")}
                for call in calls[:-1]:
                    self.assertEqual(listed[call["id"]], call)
                company.new_call()
                node.kill9()

    def test_a_directory_that_cannot_be_made_is_refused(self):
        file = self.scratch / "file"
        file.write_text("")
        done = run("--config", SHIPPED_CONFIG, "--listen", "127.0.0.1:0",
                   "--data-dir", file / "data")
        self.assertGreater(done.returncode, 0)
        self.assertIn(str(file), done.stdout + done.stderr)


class Starting(NodeTest):
    def test_a_second_server_on_the_same_port_is_refused(self):
        node = self.start_node()
        done = run("--config", SHIPPED_CONFIG, "--listen", f"127.0.0.1:{node.port}",
                   "--data-dir", self.scratch / "other")
        self.assertGreater(done.returncode, 0)
        self.assertIn(str(node.port), done.stdout + done.stderr)
        self.assertEqual(Company(node).client.get("/readyz").status, 200)

    def test_the_shipped_configuration_is_good(self):
        done = run("--config", SHIPPED_CONFIG, "--check-config")
        self.assertEqual(done.returncode, 0, done.stderr)

    def checked(self, text: str, **settings: str) -> subprocess.CompletedProcess:
        file = self.scratch / "pickupd.toml"
        file.write_text(text)
        return run("--config", file, "--check-config", **settings)

    def test_what_is_wrong_in_a_configuration_is_named(self):
        for text, name in (("[dispatch]\nmax_wate = '1s'", "max_wate"), ("[dipsatch]", "dipsatch"),
                           ("[dispatch]\nmax_wait = '-1s'", "max_wait"),
                           ("[dispatch]\nmax_wait = 'soon'", "max_wait"),
                           ("[http]\nconnections = 0", "connections"), ("[http", "pickupd.toml")):
            done = self.checked(text)
            self.assertGreater(done.returncode, 0, text)
            self.assertIn(name, done.stdout + done.stderr, text)

    def test_the_environment_is_checked_too(self):
        for name, value in (("DISPATCH_MAX_WAIT", "soon"), ("DISPATCH_MAX_WATE", "1s")):
            done = self.checked("", **{name: value})
            self.assertGreater(done.returncode, 0, name)
            self.assertIn(name.split("_", 1)[1].lower(), (done.stdout + done.stderr).lower())

    def test_checking_touches_nothing(self):
        run("--config", SHIPPED_CONFIG, "--check-config", "--data-dir", self.scratch / "data")
        self.assertFalse((self.scratch / "data").exists())

    def test_relative_paths_are_resolved_against_the_file(self):
        file = self.scratch / "etc" / "pickupd.toml"
        file.parent.mkdir()
        file.write_text("[storage]\ndata_dir = '../state'\n")
        node = self.new_node()
        node.data_dir = None
        node.start(config=file)
        self.assertTrue((self.scratch / "state").is_dir())

    def test_demo_couriers_come_to_a_new_directory_only(self):
        node = self.start_node(DEMO_COURIERS="true")
        company = Company(node)
        couriers = company.all("/couriers")
        self.assertEqual(sorted(c["service"] for c in couriers), ["pickup"] * 6 + ["taxi"] * 6)
        self.assertEqual({c["capacity"] for c in couriers}, {1_000_000})
        self.assertEqual(company.client.delete(f"/couriers/{couriers[0]['id']}").status, 204)
        node.kill9()
        node.start()
        self.assertEqual(len(Company(node).all("/couriers")), 11)


if __name__ == "__main__":
    unittest.main()
