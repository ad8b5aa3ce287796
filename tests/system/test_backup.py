"""A copy made under load is a data directory of its own: all that was acknowledged before is in
it, and a server that goes on from it keeps every promise."""

import dataclasses
import random
import re
import shutil
import threading
import time
import unittest
from collections import Counter
from pathlib import Path

from .company import Company
from .harness import eventually
from .messages import due_at, read_messages
from .operator import Operator
from .test_crash import PromiseTest
from .traffic import Promise, Worker, hire, promises, run_for, surprises

SEED = random.SystemRandom().randrange(1_000_000)


def as_promised_now(workers: list[Worker]) -> list[Promise]:
    return [dataclasses.replace(p, must_show=list(p.must_show)) for p in promises(workers)]


class Backup(PromiseTest):
    def test_what_was_acknowledged_before_a_backup_is_in_it(self):
        node = self.start_node("old", DISPATCH_COURIER_LOST_AFTER="1h")
        workers = [Worker(n, SEED, hire(Company(node), 5)) for n in range(4)]
        stop = threading.Event()
        threads = run_for(node, workers, stop)
        time.sleep(1)
        stop.set()
        self.end_all(threads)
        before = as_promised_now(workers)
        stop.clear()
        threads = run_for(node, workers, stop)
        copy = Operator(node).back_up()
        time.sleep(0.5)
        node.kill9()
        self.end_all(threads)
        self.nothing(surprises(workers), "while a copy was made")
        self.assertEqual(copy.parent, node.data_dir / "backups")
        self.assertEqual([p.name for p in copy.parent.iterdir()], [copy.name])

        again = self.new_node("again", DISPATCH_COURIER_LOST_AFTER="1h")
        again.data_dir = copy
        head = self.entries(self.verify_journal(again, "of the copy"))
        # What was told in the meantime is known by the file alone.
        shutil.copy(node.message_file, again.message_file)
        told = len(read_messages(again.message_file))
        again.start()
        company = Company(again)
        self.assertGreater(len(before), 20)
        for promise in before:
            self.nothing(promise.kept_by(company), "in the copy")
        self.no_assignment_broken(company, "in the copy")
        self.no_wait_in_vain(company, "in the copy")
        eventually(lambda: self.told_once(again.message_file, told, head, company, before) or True)
        again.kill9()
        self.verify_journal(again, "after going on from the copy")

    def entries(self, said: str) -> int:
        """How many entries there are: all of them are the pickup service's."""
        return int(re.search(r"(\d+) entries", said)[1])

    def told_once(self, file: Path, lines: int, head: int, company: Company,
                  calls: list[Promise]) -> None:
        """Each message that is due was told by one of the two servers. What the old one told of
        entries beyond the copy is another story's."""
        messages = read_messages(file)
        told = Counter((m.call, m.position) for m in messages[:lines] if m.position <= head)
        told += Counter((m.call, m.position) for m in messages[lines:])
        due = Counter((call.number, position) for call in calls
                      for position, _ in due_at(company.history(call.number)))
        of_calls = {call.number for call in calls}
        told = Counter({m: n for m, n in told.items() if m[0] in of_calls})
        self.assertEqual(told - due, Counter(), f"told once too often; SEED={SEED}")
        self.assertEqual(due - told, Counter(), f"not told; SEED={SEED}")


if __name__ == "__main__":
    unittest.main()
