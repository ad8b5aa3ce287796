"""The include check itself is checked: a rule that lets everything pass would stay green."""

import tempfile
import unittest
from pathlib import Path

from include_rules import violations


class IncludeRules(unittest.TestCase):
    def check(self, path: str, *lines: str) -> list[str]:
        """What the check says of a tree with this one file."""
        with tempfile.TemporaryDirectory() as root:
            file = Path(root, path)
            file.parent.mkdir(parents=True)
            file.write_text("\n".join(lines), encoding="utf-8")
            return violations(Path(root))

    def refused(self, path: str, include: str) -> None:
        self.assertEqual(len(self.check(path, f"#include {include}")), 1, f"{path}: {include}")

    def accepted(self, path: str, include: str) -> None:
        self.assertEqual(self.check(path, f"#include {include}"), [], f"{path}: {include}")

    def test_a_violation_names_file_line_and_header(self):
        found = self.check("storage/codec.cpp", "// the format", '#include "domain/call.hpp"',
                           '#include "actors/protocol.hpp"')
        self.assertEqual(
            found, ['storage/codec.cpp:3: storage may not include "actors/protocol.hpp"'])

    def test_data_flows_one_way(self):
        self.refused("domain/call.cpp", '"storage/journal.hpp"')
        self.refused("supervision/supervisor.hpp", '"domain/call.hpp"')
        self.refused("storage/journal.cpp", '"http/server.hpp"')
        self.refused("actors/ledger.cpp", '"http/server.hpp"')
        self.refused("http/routes.cpp", '"storage/journal.hpp"')
        self.refused("config/load.cpp", '"domain/board.hpp"')
        self.refused("notify/outbox.cpp", '"storage/journal.hpp"')
        self.refused("notify/outbox.cpp", '"actors/messages.hpp"')
        self.accepted("actors/ledger.cpp", '"storage/journal.hpp"')
        self.accepted("config/load.cpp", '"http/options.hpp"')
        self.accepted("actors/notifier.cpp", '"notify/outbox.hpp"')
        self.accepted("notify/wire.cpp", '"storage/delivery.hpp"')
        self.accepted("app/main.cpp", '"storage/journal.hpp"')

    def test_http_knows_the_actors_by_their_gateway_only(self):
        self.accepted("http/routes.cpp", '"actors/gateway.hpp"')
        self.refused("http/routes.cpp", '"actors/options.hpp"')

    def test_the_faces_bring_nothing_but_domain(self):
        self.accepted("actors/gateway.hpp", '"domain/call.hpp"')
        self.refused("actors/gateway.hpp", '"actors/protocol.hpp"')
        self.refused("actors/gateway.hpp", "<caf/all.hpp>")
        self.refused("storage/options.hpp", "<rocksdb/db.h>")

    def test_libraries_stay_where_they_belong(self):
        for path in ("domain/call.hpp", "storage/journal.hpp", "http/server.hpp"):
            self.refused(path, "<caf/actor.hpp>")
        self.refused("actors/ledger.cpp", "<rocksdb/db.h>")
        self.refused("domain/call.cpp", "<sys/socket.h>")
        self.refused("http/server.cpp", "<boost/asio.hpp>")
        self.accepted("domain/position.cpp", "<s2/s2latlng.h>")
        self.accepted("app/pickupd.cpp", "<CLI/CLI.hpp>")

    def test_domain_stays_pure(self):
        self.refused("domain/ranking.cpp", "<random>")
        self.refused("domain/ranking.cpp", "<thread>")
        self.accepted("domain/ranking.cpp", "<vector>")

    def test_an_include_is_named_from_the_root(self):
        self.refused("storage/codec.cpp", '"codec.hpp"')


if __name__ == "__main__":
    unittest.main()
