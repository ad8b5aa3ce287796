"""What the customer is told, once and in order."""

import unittest

from .company import CompanyTest, north_of
from .harness import eventually
from .messages import due, keeps_to, names_by_call, read_messages


class Messages(CompanyTest):
    def told(self, call: int, service: str = "pickup") -> list[str]:
        return names_by_call(read_messages(self.node.message_file), service).get(call, [])

    def tells(self, call: int, *names: str) -> None:
        eventually(lambda: self.assertEqual(self.told(call), list(names)) or True)

    def test_a_call_confirmed_at_once_says_only_that(self):
        courier = self.pickup.new_courier(name="김기사")
        call = self.pickup.new_call({"X-Correlation-Id": "order-5"}, tel="010-1234-5678")
        self.tells(call["id"], "CONFIRMED")
        message = read_messages(self.node.message_file)[0]
        self.assertEqual(message.correlation_id, "order-5")
        self.assertEqual("".join(filter(str.isdigit, message.tel)), "01012345678")
        self.assertIn("김기사", message.text)
        self.pickup.finish(courier["id"], call["id"])
        self.tells(call["id"], "CONFIRMED", "ARRIVED", "PICKED_UP", "COMPLETED")

    def test_a_waiting_call_is_received_then_confirmed(self):
        call = self.pickup.new_call()
        self.tells(call["id"], "RECEIVED")
        self.pickup.new_courier()
        self.tells(call["id"], "RECEIVED", "CONFIRMED")

    def test_another_courier_is_told_and_going_back_to_waiting_is_not(self):
        first = self.pickup.new_courier()
        call = self.pickup.new_call()
        self.tells(call["id"], "CONFIRMED")
        self.pickup.job(first["id"], call["id"], "decline")
        self.pickup.new_courier()
        self.tells(call["id"], "CONFIRMED", "REASSIGNED")

    def test_every_end_is_told(self):
        courier = self.pickup.new_courier()
        canceled, failed = self.pickup.new_call(), self.pickup.new_call()
        self.tells(failed["id"], "CONFIRMED")
        self.pickup.cancel(canceled["id"])
        self.pickup.job(courier["id"], failed["id"], "failed")
        self.tells(canceled["id"], "CONFIRMED", "CANCELED")
        self.tells(failed["id"], "CONFIRMED", "FAILED")

    def test_services_do_not_mix(self):
        parcel, taxi = self.pickup.new_call(), self.taxi.new_call()
        self.tells(parcel["id"], "RECEIVED")
        self.assertEqual(parcel["id"], taxi["id"])
        eventually(lambda: self.told(taxi["id"], "taxi") == ["RECEIVED"])

    def test_the_log_masks_the_number_the_file_shows_it(self):
        call = self.pickup.new_call(tel="01098765432")
        self.tells(call["id"], "RECEIVED")
        self.assertEqual(read_messages(self.node.message_file)[0].tel, "01098765432")
        self.assertNotIn("98765432", self.node.log())

    def test_a_restart_goes_on_without_gap_or_repeat(self):
        courier = self.pickup.new_courier(capacity=100)
        numbers = []
        for _ in range(3):
            for _ in range(20):
                call = self.pickup.new_call(**north_of(5))
                self.pickup.job(courier["id"], call["id"], "arrived")
                numbers.append(call["id"])
            self.restart()
        for number in numbers:
            wanted = due(self.pickup.history(number))
            eventually(lambda: self.assertTrue(keeps_to(self.told(number), wanted),
                                               (number, self.told(number), wanted)) or True)
        intents = [message.intent for message in read_messages(self.node.message_file)]
        self.assertEqual(len(intents), len(set(intents)))


if __name__ == "__main__":
    unittest.main()
