"""pickupctl, driven as operators and their scripts do, against the real server."""

import json
import os
import pty
import select
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .company import Company, CompanyTest
from .harness import BIN, OPERATOR_TOKEN, eventually
from .operator import Actor, Operator

OK, REFUSED, USAGE, NO_INPUT, UNREACHABLE, IO_ERROR, BUSY, NO_PERMISSION = (
    0, 1, 64, 66, 69, 74, 75, 77)

LISTS = ("tree", "actor ledger", "top --interval 100ms", "calls", "couriers", "restarts",
         "rejects", "dead-letters", "audit", "breakers")


class Ctl(CompanyTest):
    def command(self, *arguments: object) -> list[str]:
        return [str(BIN / "pickupctl"), *map(str, arguments)]

    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items()
                 if not name.startswith("PICKUP") and name != "NO_COLOR"}
        return clean | {"PICKUPCTL_SERVER": f"http://127.0.0.1:{self.node.operator_port}",
                        "PICKUPCTL_API": f"http://127.0.0.1:{self.node.port}",
                        "PICKUPD_OPERATOR_TOKEN": OPERATOR_TOKEN, "USER": "kim"}

    def run_ctl(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess:
        return subprocess.run(self.command(*arguments), env=self.environment() | environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False)

    def ctl(self, *arguments: object) -> str:
        """What it prints; it must succeed."""
        done = self.run_ctl(*arguments)
        self.assertEqual(done.returncode, OK, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def ctl_json(self, *arguments: object) -> Any:
        return json.loads(self.ctl(*arguments, "--json"))

    def ends_with(self, code: int, *arguments: object, **environment: str) -> str:
        """How it says so; it must end with this code."""
        done = self.run_ctl(*arguments, **environment)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        self.assertTrue(done.stderr.startswith("pickupctl: "), done.stderr)
        return done.stderr

    def begin(self, *arguments: object) -> subprocess.Popen:
        """Starts one that goes on until it is interrupted, or has nothing more to tell."""
        process = subprocess.Popen(self.command(*arguments), env=self.environment(), text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def interrupt(self, process: subprocess.Popen, code: int = OK) -> str:
        """Presses Ctrl-C; what was printed since."""
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
        self.assertEqual(process.returncode, code, rest + errors)
        return rest

    def begin_in_vain(self, *arguments: object) -> subprocess.Popen:
        """Starts one whose first request is heard and never answered."""
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        where = f"http://127.0.0.1:{silent.getsockname()[1]}"
        process = self.begin(*arguments, "--server", where, "--api", where)
        silent.settimeout(20)
        heard, _ = silent.accept()
        self.addCleanup(heard.close)
        self.assertTrue(heard.recv(1))
        return process


class Looking(Ctl):
    def test_every_list_is_a_table_for_people_and_json_for_scripts(self):
        self.pickup.new_courier()
        self.pickup.new_call()
        for words in LISTS:
            with self.subTest(words):
                self.assertTrue(self.ctl(*words.split()).strip())
                self.assertIsInstance(self.ctl_json(*words.split()), dict)

    def test_columns_line_up_although_hangul_is_wide(self):
        self.pickup.new_courier(name="기사 한글")
        self.pickup.new_courier(name="kim")
        lines = self.ctl("couriers").splitlines()
        column = lines[0].index("state")
        hangul, latin = (next(line for line in lines if name in line) for name in ("한글", "kim"))
        self.assertEqual(latin.index("free"), column)
        self.assertEqual(hangul.index("free"), column - len("기사한글"))

    def test_couriers_are_found_by_what_they_do_and_what_they_are_called(self):
        found = self.pickup.new_courier(name="기사 한글")["id"]
        self.pickup.new_courier(name="기사 다른", onShift=False)
        self.pickup.new_courier(name="kim")
        listed = self.ctl_json("couriers", "--state", "free", "--q", "기사")
        self.assertEqual([courier["id"] for courier in listed["couriers"]], [found])
        self.assertEqual(listed["total"], 1)

    def test_a_call_shows_its_steps_and_why_its_courier_came(self):
        near = self.pickup.new_courier(name="가까운 기사")["id"]
        call = self.pickup.new_call()["id"]
        shown = self.ctl("call", call)
        self.assertIn("CONFIRMED", shown)
        self.assertIn("PickupAssigned", shown)
        self.assertNotIn("01012345678", shown)
        self.assertIn("chosen", self.ctl("call", call, "--explain"))
        self.assertEqual(self.ctl_json("call", call, "--explain")["explanations"][0]["courierId"],
                         near)

    def test_lists_take_the_filters_of_the_server(self):
        canceled = self.pickup.new_call()["id"]
        self.pickup.cancel(canceled)
        self.pickup.new_call()
        self.taxi.new_call()
        found = self.ctl_json("calls", "--status", "호출취소")
        self.assertEqual([c["id"] for c in found["calls"]], [canceled])
        self.assertEqual(self.ctl_json("calls", "--size", 1)["total"], 2)
        self.assertIn("taxi", self.ctl("call", "taxi:1"))
        self.assertIn("taxi", self.ctl("call", 1, "--service", "taxi"))

    def test_following_a_call_ends_with_it(self):
        call = self.pickup.new_call()["id"]
        following = self.begin("call", call, "--follow")
        self.assertIn("POST /pickupcalls", following.stdout.readline())
        self.assertIn("PickupCalled", following.stdout.readline())
        self.pickup.cancel(call)
        rest, _ = following.communicate(timeout=20)
        self.assertIn("PickupCallCancelled", rest)
        self.assertEqual(following.returncode, OK)

    def test_a_trace_prints_messages_as_they_come_and_is_forgotten_at_the_end(self):
        courier = self.pickup.new_courier()["id"]
        tracing = self.begin("trace", "courier", courier, "--json")
        traces = eventually(lambda: Operator(self.node).get("/admin/traces")["traces"])
        self.assertEqual(traces[0]["id"], str(courier))
        self.pickup.new_call()
        message = json.loads(tracing.stdout.readline())
        self.assertIn("message", message)
        self.interrupt(tracing)
        self.assertEqual(Operator(self.node).get("/admin/traces")["traces"], [])

    def test_a_trace_prints_a_message_when_it_has_been_handled_and_asks_for_no_more_of_it(self):
        def message(name: str, took: float | None) -> dict[str, Any]:
            return {"at": "2026-11-23T09:00:00.000Z", "actor": {"kind": "courier", "id": "1"},
                    "message": name, "about": [], "waitMs": 0.1, "tookMs": took, "failed": False}

        a, b, c = message("a", 1), message("b", 2), message("c", None)
        looks = [[a, message("b", None)], [b, c], [c]]
        asked = []

        class Traces(BaseHTTPRequestHandler):
            def answer(self, code: int, body: dict[str, Any]) -> None:
                self.send_response(code)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def do_POST(self) -> None:
                self.answer(201, {"n": 1})

            def do_GET(self) -> None:
                asked.append(self.path)
                self.answer(200, {"messages": looks[len(asked) - 1], "done": len(asked) == 3})

            def do_DELETE(self) -> None:
                self.answer(200, {})

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Traces)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever).start()
        lines = self.ctl("trace", "courier", 1, "--server",
                         f"http://127.0.0.1:{server.server_port}").splitlines()
        self.assertEqual([line.split()[3] for line in lines], ["a", "b", "c"])
        self.assertIn("under way", lines[2])
        self.assertEqual(asked, ["/admin/traces/1", "/admin/traces/1?after=1",
                                 "/admin/traces/1?after=2"])


class Steering(Ctl):
    def test_calls_and_couriers_are_made_and_ended(self):
        courier = self.ctl_json("courier", "add", "--name", "새 기사", "--tel", "01000000009",
                                "--at", "37.5665,126.9780", "--class", "under10kg",
                                "--capacity", 2)
        self.assertEqual((courier["classes"], courier["capacity"]), (["under10kg"], 2))
        taxi = self.ctl_json("courier", "add", "--name", "택시", "--tel", "01000000008",
                             "--service", "taxi", "--class", "standard", "--class", "deluxe")
        self.assertEqual(taxi["classes"], ["standard", "deluxe"])
        call = self.ctl_json("call", "new", "--tel", "01012345678", "--location", "시청",
                             "--class", "under10kg", "--cost", 9000, "--memo", "문 앞")
        self.assertEqual((call["status"], call["cost"], call["memo"]), ("호출확정", 9000, "문 앞"))
        self.ctl("call", "cancel", call["id"], "--reason", "그만")
        self.assertEqual(self.pickup.call(call["id"])["phase"], "CANCELED")
        self.ctl("courier", "off-shift", courier["id"])
        self.assertFalse(self.pickup.courier(courier["id"])["onShift"])
        self.ctl("courier", "on-shift", courier["id"])
        self.assertTrue(self.pickup.courier(courier["id"])["onShift"])

    def test_a_service_counts_wherever_it_is_given(self):
        mine = self.pickup.new_call()["id"]
        other = self.taxi.new_call()["id"]
        self.assertEqual(mine, other)
        self.ctl("call", "--service", "taxi", "cancel", other)
        self.assertEqual(self.taxi.call(other)["phase"], "CANCELED")
        self.assertNotEqual(self.pickup.call(mine)["phase"], "CANCELED")
        self.assertEqual(self.ctl_json("call", "--service", "taxi", "new", "--tel",
                                       "01012345678")["service"], "taxi")

    def test_a_reassigned_call_goes_to_somebody_else(self):
        first = self.pickup.new_courier(capacity=1)["id"]
        call = self.pickup.new_call()["id"]
        second = self.pickup.new_courier(capacity=1)["id"]
        self.assertEqual(self.pickup.confirmed(call)["courier"]["id"], first)
        self.ctl("reassign", call, "--reason", "too slow")
        self.assertEqual(self.pickup.confirmed(call)["courier"]["id"], second)

    def test_stages_and_breakers_do_as_told(self):
        self.ctl("pause", "assign")
        self.pickup.new_courier()
        self.assertEqual(self.pickup.new_call()["status"], "호출중")
        self.ctl("resume", "assign")
        self.pickup.confirmed(1)
        self.ctl("breakers", "admission:taxi", "trip")
        states = {b["name"]: b["state"] for b in self.ctl_json("breakers")["breakers"]}
        self.assertNotEqual(states["admission:taxi"], "closed")
        self.ctl("breakers", "admission:taxi", "reset")
        self.taxi.new_call()

    def test_a_killed_actor_comes_back_and_its_story_is_told(self):
        courier = self.pickup.new_courier()["id"]
        done = self.ctl("kill", f"courier:{courier}")
        self.assertTrue(done.startswith(f"kill courier {courier}: done"), done)
        eventually(lambda: f"courier {courier}" in self.ctl("restarts"))
        # By whom it was ordered; no other restart led to it.
        self.assertRegex(self.ctl("restarts"), f"courier {courier} +restarts +kim +-  ")
        self.ctl("restart", "dispatcher", "pickup")
        self.pickup.new_call()

    def test_a_courier_in_quarantine_is_shown_as_such_and_restarted(self):
        courier = f"courier:{self.pickup.new_courier()['id']}"

        def state() -> str:
            return self.ctl_json("actor", courier)["state"]

        def quarantined() -> bool:
            if state() != "quarantined":
                self.run_ctl("kill", courier)
            return state() == "quarantined"

        self.assertTrue(eventually(quarantined))
        self.assertIn("quarantined", self.ctl("actor", courier))
        self.ends_with(REFUSED, "kill", courier)
        self.assertIn("another chance", self.ctl("restart", courier, "--dry-run"))
        self.ctl("restart", courier)
        call = self.pickup.new_call()["id"]
        eventually(lambda: self.ctl_json("call", call)["call"]["status"] == "호출확정")

    def test_a_dry_run_tells_what_would_happen_and_does_nothing(self):
        self.pickup.new_courier()
        before = self.ctl_json("restarts")["restarts"]
        told = self.ctl("kill", "dispatcher", "pickup", "--dry-run")
        self.assertIn("would be done", told)
        self.assertGreater(len(told.splitlines()), 1)
        self.assertEqual(self.ctl_json("restarts")["restarts"], before)
        self.assertEqual(self.ctl_json("audit")["actions"], [])

    def test_what_is_done_stands_in_the_audit_under_the_name_of_who_did_it(self):
        self.ctl("pause", "assign", "--operator", "김 운영")
        self.ctl("resume", "assign")
        self.assertEqual([(a["operator"], a["action"])
                          for a in self.ctl_json("audit")["actions"]],
                         [("kim", "resume"), ("김 운영", "pause")])

    def test_a_backup_made_while_the_server_runs_is_restored_to_another_directory(self):
        call = self.pickup.new_call()
        backup = self.ctl_json("backup")["path"]
        self.pickup.new_call()
        restored = self.scratch / "restored"
        self.ctl("restore", backup, restored)
        self.ends_with(USAGE, "restore", backup, restored)
        self.assertEqual(self.node.terminate(), OK)
        self.assertIn("0 violations", self.ctl("journal", "verify", restored))
        other = self.start_node("restored")
        self.assertEqual([c["id"] for c in Company(other).all("/pickupcalls")], [call["id"]])

    def test_a_drained_server_ends_in_order(self):
        self.ctl("drain")
        self.assertEqual(self.node.process.wait(10), OK)

    def test_on_a_terminal_an_order_shows_its_effects_and_asks(self):
        self.pickup.new_courier()
        kill = ("kill", "dispatcher", "pickup")
        self.assertEqual(self.on_a_terminal(*kill, turns=["[y/N]", "n\n"])[0], REFUSED)
        self.assertEqual(self.ctl_json("audit")["actions"], [])
        code, shown = self.on_a_terminal(*kill, turns=["[y/N]", "y\n"])
        self.assertEqual(code, OK, shown)
        self.assertIn("kill dispatcher pickup? [y/N]", shown)
        self.assertLess(shown.index("  its supervisor root starts it again"),
                        shown.index("[y/N]"))
        self.assertEqual(self.ctl_json("audit")["actions"][0]["action"], "kill")

    def test_top_follows_the_keys_until_q(self):
        self.pickup.new_courier()
        code, shown = self.on_a_terminal(
            "top", "--interval", "100ms",
            turns=["courier 1 ", "s", "sorts: depth", "k", "shows: call", "q"])
        self.assertEqual(code, OK, shown[-2000:])

    def test_top_marks_who_hangs(self):
        courier = self.pickup.new_courier()["id"]
        self.assertNotIn("! courier", self.ctl("top", "--interval", "100ms"))
        actor = Actor("courier", str(courier))
        self.assertTrue(Operator(self.node).disturb(actor, "hang", 20_000))
        self.begin("courier", "off-shift", courier, "--yes")  # the message at which it does
        eventually(lambda: f"! courier {courier} " in self.ctl("top", "--interval", "100ms",
                                                               "--sort", "running"))
        code, shown = self.on_a_terminal("top", "--interval", "100ms",
                                         turns=["\x1b[1;31m! courier", "q"])
        self.assertEqual(code, OK, shown[-2000:])

    def on_a_terminal(self, *arguments: str, turns: list[str]) -> tuple[int, str]:
        """Runs it on a terminal, where what must be seen and what is then typed take turns."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(BIN / "pickupctl", self.command(*arguments), self.environment())
        shown = b""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if turns and turns[0].encode() in shown:
                os.write(terminal, turns[1].encode())
                turns = turns[2:]
            if select.select([terminal], [], [], 0.1)[0]:
                try:
                    shown += os.read(terminal, 65536)
                except OSError:
                    break  # it has ended
        os.close(terminal)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return code, shown.decode(errors="replace")


class Ending(Ctl):
    def test_the_exit_code_says_what_went_wrong(self):
        self.assertIn("nonsense", self.ends_with(USAGE, "nonsense"))
        self.assertIn("--nam", self.ends_with(USAGE, "courier", "add", "--nam", "x"))
        self.ends_with(USAGE, "kill")
        self.ends_with(USAGE, "call", "x")
        self.ends_with(USAGE, "pause", "everything")
        self.assertIn("999", self.ends_with(REFUSED, "call", 999))
        self.assertIn("token", self.ends_with(NO_PERMISSION, "tree", PICKUPD_OPERATOR_TOKEN="no"))
        self.assertIn("cannot connect", self.ends_with(
            UNREACHABLE, "tree", PICKUPCTL_SERVER="http://127.0.0.1:1"))
        self.ends_with(NO_INPUT, "journal", "verify", self.scratch)
        self.ends_with(BUSY, "journal", "dump", self.node.data_dir)

    def test_help_tells_the_exit_codes(self):
        self.assertIn("77  no permission", self.ctl("--help"))

    def test_the_token_is_found_in_the_data_directory(self):
        (self.scratch / "operator.token").write_text(OPERATOR_TOKEN + "\n", encoding="utf-8")
        found = self.run_ctl("tree", "--data-dir", self.scratch, PICKUPD_OPERATOR_TOKEN="")
        self.assertEqual(found.returncode, OK, found.stderr)
        named = {"PICKUPD_OPERATOR_TOKEN": "", "PICKUPD_STORAGE_DATA_DIR": str(self.scratch)}
        self.assertEqual(self.run_ctl("tree", **named).returncode, OK)

    def test_the_token_is_not_told_to_another_machine_unless_its_directory_is_typed(self):
        (self.scratch / "operator.token").write_text(OPERATOR_TOKEN + "\n", encoding="utf-8")
        # Every address of a machine but the loopback ones could be another's.
        other = {"PICKUPD_OPERATOR_TOKEN": "", "PICKUPD_STORAGE_DATA_DIR": str(self.scratch),
                 "PICKUPCTL_SERVER": f"http://0.0.0.0:{self.node.operator_port}"}
        self.ends_with(NO_PERMISSION, "tree", **other)
        found = self.run_ctl("tree", "--data-dir", self.scratch, **other)
        self.assertEqual(found.returncode, OK, found.stderr)

    def test_what_could_not_be_printed_is_an_error_but_a_reader_who_leaves_is_none(self):
        for words in ("--help", "completion bash", "tree"):
            with self.subTest(words), open("/dev/full", "wb") as full:
                lost = subprocess.run(self.command(*words.split()), env=self.environment(),
                                      stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
                                      check=False)
                self.assertEqual(lost.returncode, IO_ERROR)
                # Of what was lost before the end, nobody knows why.
                self.assertRegex(lost.stderr, "No space left on device|some of it was lost")
        for ignored in (False, True):
            with self.subTest(ignored=ignored):
                leaving = subprocess.Popen(
                    self.command("completion", "fish"), stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE, restore_signals=not ignored)
                leaving.stdout.close()
                self.assertEqual(leaving.stderr.read(), b"")
                leaving.stderr.close()
                self.assertNotEqual(leaving.wait(20), IO_ERROR)

    def test_bash_completes_commands_options_and_their_values(self):
        for typed, completed in (("jou", "journal"), ("journal du", "dump"),
                                 ("call --ex", "--explain"), ("call new --te", "--tel"),
                                 ("journal dump --unm", "--unmask"), ("tree --js", "--json"),
                                 ("pause man", "manage"), ("kill dis", "dispatcher"),
                                 ("top --sort hi", "highWater"),
                                 ("calls --status 호출확", "호출확정")):
            words = ["pickupctl", *typed.split()]
            script = (self.ctl("completion", "bash")
                      + f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}\n"
                      + "_pickupctl; echo \"${COMPREPLY[@]}\"")
            done = subprocess.run(["bash", "-c", script], capture_output=True, text=True,
                                  timeout=20, check=True)
            self.assertEqual(done.stdout.strip(), completed, typed)


class Journal(Ctl):
    def test_every_entry_is_told_with_numbers_masked_unless_asked_otherwise(self):
        self.pickup.new_courier()
        self.pickup.new_call()
        self.pickup.cancel(1)
        self.taxi.new_call(tel="01099998888")
        self.ctl("pause", "assign")
        self.assertEqual(self.node.terminate(), OK)
        where = self.node.data_dir
        lines = self.ctl("journal", "dump", where).splitlines()
        self.assertTrue(any("PickupCallCancelled" in line for line in lines), lines)
        self.assertTrue(any("operator kim: pause" in line for line in lines), lines)
        self.assertNotIn("01099998888", "".join(lines))
        self.assertIn("01099998888", self.ctl("journal", "dump", where, "--unmask"))
        entries = [json.loads(line)
                   for line in self.ctl("journal", "dump", where, "--json").splitlines()]
        self.assertEqual(len(entries), len(lines))
        of_the_call = self.ctl("journal", "dump", where, "--call", 1).splitlines()
        self.assertEqual(len(of_the_call),
                         sum(e.get("call") == 1 and e["service"] == "pickup" for e in entries))
        self.assertEqual(self.ctl("journal", "dump", where, "--shard", "taxi/0").splitlines(),
                         [line for line in lines if line.startswith("taxi/0:")])
        later = self.ctl("journal", "dump", where, "--shard", "pickup/0", "--from", 3)
        self.assertTrue(later.startswith("pickup/0:3 "), later)
        self.assertIn("0 violations", self.ctl("journal", "verify", where))
        self.assertIn("1 explanations: 0 violations", self.ctl("explain", "--verify", where))
        with open("/dev/full", "wb") as full:
            lost = subprocess.run(self.command("journal", "dump", where), stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        self.assertEqual(lost.returncode, IO_ERROR)
        self.assertEqual(lost.stderr,
                         "pickupctl: write: standard output: No space left on device\n")
        report = self.ctl_json("journal", "verify", where)
        self.assertEqual((report["entries"], report["calls"], report["violations"]),
                         (len(lines), 2, []))
        self.assertEqual(self.ctl_json("explain", "--verify", where), report)


    def test_looking_at_a_journal_changes_nothing_in_its_directory(self):
        self.pickup.new_courier()
        self.pickup.new_call()
        self.assertEqual(self.node.terminate(), OK)
        where = self.node.data_dir

        def footprint() -> dict[str, tuple]:
            return {str(path): (path.stat().st_mtime_ns, path.is_file() and path.read_bytes())
                    for path in [where, *where.rglob("*")]}

        before = footprint()
        self.assertIn("0 violations", self.ctl("journal", "verify", where))
        self.assertIn("PickupAssigned", self.ctl("journal", "dump", where))
        self.ctl("explain", "--verify", where)
        self.assertEqual(footprint(), before)
        shutil.rmtree(where / "db")
        self.assertIn("db/CURRENT is missing",
                      self.ends_with(NO_INPUT, "journal", "verify", where))
        self.assertFalse((where / "db").exists())


class Interrupting(Ctl):
    def test_ctrl_c_ends_what_waits_for_an_answer(self):
        for words in ("call 1 --follow", "trace courier 1"):
            with self.subTest(words):
                self.assertEqual(self.interrupt(self.begin_in_vain(*words.split())), "")

    def test_a_signal_given_again_ends_it_at_once(self):
        waiting = self.begin_in_vain("load")
        begun = time.monotonic()

        def ended() -> bool:
            waiting.send_signal(signal.SIGINT)
            return waiting.poll() is not None

        eventually(ended)
        self.assertEqual(waiting.returncode, -signal.SIGINT)
        self.assertLess(time.monotonic() - begun, 1.5)


class City(Ctl):
    def load(self, *arguments: object) -> list[str]:
        return ["load", "--couriers", "20", "--rate", "30/s", "--day", "20s", "--seed", "7",
                *map(str, arguments)]

    def test_a_simulated_city_ends_in_order_and_its_couriers_come_again(self):
        for _ in range(2):
            seconds = [json.loads(line)
                       for line in self.ctl(*self.load("--for", "3s", "--json")).splitlines()]
            in_all = seconds[-1]
            self.assertGreaterEqual(len(seconds), 3)
            self.assertGreater(in_all["made"], 10)
            self.assertGreater(in_all["completed"], 0)
            self.assertGreater(in_all["p99Ms"], 0)
            self.assertEqual((in_all["open"], in_all["unanswered"]), (0, 0))
            self.assertEqual(in_all["made"], in_all["completed"] + in_all["canceled"]
                             + in_all["endedOtherwise"])
            couriers = self.pickup.all("/couriers")
            self.assertEqual(len(couriers), 20)
            self.assertEqual({(c["onShift"], c["load"]) for c in couriers}, {(False, 0)})

    def test_a_simulated_city_ends_in_order_when_interrupted(self):
        loading = self.begin(*self.load())
        self.assertIn("20 couriers", loading.stdout.readline())
        self.assertIn("made", loading.stdout.readline())
        self.assertIn("in all:", self.interrupt(loading))
        self.assertEqual({c["onShift"] for c in self.pickup.all("/couriers")}, {False})

    def test_a_simulated_city_ends_when_its_server_is_gone_or_hangs(self):
        for disaster in (signal.SIGKILL, signal.SIGSTOP):
            with self.subTest(disaster):
                loading = self.begin(*self.load())
                self.assertIn("20 couriers", loading.stdout.readline())
                self.assertIn("made", loading.stdout.readline())
                self.node.process.send_signal(disaster)
                self.assertIn("in all:", self.interrupt(loading, UNREACHABLE))
                self.node.kill9()
                self.node.start()


if __name__ == "__main__":
    unittest.main()
