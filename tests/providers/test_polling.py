import os
import threading
import time

import pytest

from studio.core.errors import (
    KeyRejected,
    ProviderBusy,
    ProviderConfused,
    ProviderError,
    ProviderUnavailable,
)
from studio.core.wire import Request, Update, Verdict
from studio.providers import polling
from tests.providers.answers import HTML, nobody_listens
from tests.providers.plain import KEY, Plain, remote
from tests.servers import Reply, Server, said

pytestmark = pytest.mark.usefixtures("loopback")

RUNNING = {"status": "running", "links": []}


def ids_in(asked):
    return asked.path.split("ids=")[1].split("%2C")


def running(asked):
    return said(dict.fromkeys(ids_in(asked), RUNNING))


def names(count):
    return [f"order-{number}" for number in range(count)]


class TestPollMany:
    def test_every_order_gets_its_update(self, tmp_path):
        def answer(asked):
            (one,) = ids_in(asked)
            return said({one: {"status": "succeeded", "links": [f"https://cdn.example/{one}"]}})

        with Server(answer) as server:
            answers = remote(server.url, tmp_path).poll_many(names(30))
        assert list(answers) == names(30)
        for one, update in answers.items():
            assert update.verdict == Verdict.SUCCEEDED
            assert update.results[0].links == {"video": f"https://cdn.example/{one}"}
        assert {asked.headers["authorization"] for asked in server.asked} == {f"Bearer {KEY}"}

    def test_nothing_to_ask(self, tmp_path):
        assert remote("http://127.0.0.1", tmp_path).poll_many([]) == {}

    @pytest.mark.parametrize(("batch", "requests"), [(1, 10), (4, 3), (50, 1)])
    def test_asks_for_as_many_at_once_as_the_dialect_can(self, tmp_path, batch, requests):
        with Server(running) as server:
            answers = remote(server.url, tmp_path, Plain(batch=batch)).poll_many(names(10))
        assert all(update.verdict == Verdict.RUNNING for update in answers.values())
        assert len(server.asked) == requests

    def test_an_order_twice_is_asked_for_once(self, tmp_path):
        with Server(running) as server:
            assert list(remote(server.url, tmp_path).poll_many(["a", "a"])) == ["a"]
        assert len(server.asked) == 1

    @pytest.mark.parametrize(
        ("reply", "error"),
        [
            (Reply(cut=0), ProviderUnavailable),
            (Reply(cut=0, reset=True), ProviderUnavailable),
            (Reply(body=b'{"order-3"', cut=5), ProviderUnavailable),
            (Reply(raw=b"SSH-2.0\r\n"), ProviderUnavailable),
            (said({}, 503), ProviderUnavailable),
            (said({}, 401), KeyRejected),
            (HTML, ProviderConfused),
            (said({"order-3": 7}), ProviderConfused),
            (said({"order-3": {"status": "dancing", "links": []}}), ProviderConfused),
            (said({"somebody-else": RUNNING}), ProviderConfused),
            (said(None), ProviderConfused),
            (Reply(body=b"[" * 100_000), ProviderConfused),
            (Reply(body=(b"x" * 100_000 for _ in range(1000))), ProviderConfused),
        ],
    )
    def test_failing_request_fails_only_its_own_order(self, tmp_path, reply, error):
        def answer(asked):
            return reply if "order-3" in asked.path else running(asked)

        with Server(answer) as server:
            answers = remote(server.url, tmp_path).poll_many(names(6))
        assert type(answers.pop("order-3")) is error
        assert len(answers) == 5
        assert all(isinstance(update, Update) for update in answers.values())

    def test_no_answer_in_time_fails_only_its_own_order(self, tmp_path):
        class Impatient(Plain):
            def write_poll(self, remote_ids):
                return Request(
                    method="GET", path="/o", query={"ids": remote_ids[0]}, read_seconds=0.2
                )

        never = Reply(until=threading.Event())
        with Server(lambda asked: never if "-1" in asked.path else running(asked)) as server:
            answers = remote(server.url, tmp_path, Impatient()).poll_many(names(3))
        assert type(answers["order-1"]) is ProviderUnavailable
        assert isinstance(answers["order-2"], Update)

    def test_asked_for_a_pause_it_stops_at_once(self, tmp_path, monkeypatch):
        monkeypatch.setattr(polling, "CONNECTIONS", 1)
        slow_down = said({}, 429, headers={"retry-after": "11"})
        with Server(lambda asked: slow_down if "-3" in asked.path else running(asked)) as server:
            answers = remote(server.url, tmp_path).poll_many(names(50))
        assert len(server.asked) == 4
        assert [type(answer) for answer in answers.values()] == [Update] * 3 + [ProviderBusy] * 47
        assert {answers[one].retry_after for one in names(50)[3:]} == {11}

    def test_a_round_ends_in_its_time(self, tmp_path, monkeypatch):
        monkeypatch.setattr(polling, "ROUND_SECONDS", 0.3)
        never = Reply(until=threading.Event())
        with Server(lambda asked: never if "-0" in asked.path else running(asked)) as server:
            began = time.monotonic()
            answers = remote(server.url, tmp_path).poll_many(names(3))
            assert time.monotonic() - began < 3
        assert type(answers["order-0"]) is ProviderUnavailable
        assert isinstance(answers["order-2"], Update)

    @pytest.mark.parametrize(
        "address",
        [nobody_listens, lambda _: "http://10.0.0.1", lambda _: "https://nobody.invalid",
         lambda _: "https://mixed.example", lambda _: "plain.example"],
    )  # fmt: skip
    def test_provider_that_can_not_be_reached(self, tmp_path, names, address):
        answers = remote(address(None), tmp_path).poll_many(["a", "b"])
        assert [type(answer) for answer in answers.values()] == [ProviderUnavailable] * 2

    def test_without_a_key_nothing_is_asked(self, tmp_path):
        with Server(running) as server:
            answers = remote(server.url, tmp_path, key="").poll_many(["a"])
        assert type(answers["a"]) is KeyRejected
        assert server.asked == []

    def test_redirect_is_no_answer(self, tmp_path):
        with Server(lambda _: Reply(status=302, headers={"location": "/x"})) as server:
            answers = remote(server.url, tmp_path).poll_many(["a"])
        assert isinstance(answers["a"], ProviderError)
        assert len(server.asked) == 1

    def test_names_are_sent_as_they_are(self, tmp_path):
        odd = "60ac:klingai/v2.5%2F ä+&?#"

        def answer(asked):
            assert asked.path == "/orders?ids=60ac%3Aklingai%2Fv2.5%252F%20%C3%A4%2B%26%3F%23"
            return said({odd: RUNNING})

        with Server(answer) as server:
            assert isinstance(remote(server.url, tmp_path).poll_many([odd])[odd], Update)


class TestOtherAddresses:
    class Unsure(Plain):
        def other_polls(self, remote_ids):
            return [
                Request(method="GET", path=path, query={"ids": remote_ids[0]})
                for path in ("/second", "/third")
            ]

    def asked(self, folder, knows):
        def answer(asked):
            return running(asked) if asked.path.startswith(knows) else said({}, 404)

        with Server(answer) as server:
            answers = remote(server.url, folder, self.Unsure()).poll_many(["a"])
        return answers["a"], [asked.path.split("?")[0] for asked in server.asked]

    def test_the_usual_one_comes_first(self, tmp_path):
        answer, paths = self.asked(tmp_path, "/orders")
        assert isinstance(answer, Update)
        assert paths == ["/orders"]

    def test_the_next_is_asked_where_nothing_is_there(self, tmp_path):
        answer, paths = self.asked(tmp_path, "/second")
        assert isinstance(answer, Update)
        assert paths == ["/orders", "/second"]

    def test_the_last_answer_counts_when_nobody_knows(self, tmp_path):
        answer, paths = self.asked(tmp_path, "/nowhere")
        assert isinstance(answer, ProviderError)
        assert paths == ["/orders", "/second", "/third"]


class TestConnections:
    def test_are_kept_between_rounds(self, tmp_path, monkeypatch):
        monkeypatch.setattr(polling, "CONNECTIONS", 3)
        with Server(running) as server:
            provider = remote(server.url, tmp_path)
            for _ in range(4):
                provider.poll_many(names(9))
            assert server.connections <= 3
        assert len(server.asked) == 36

    def test_one_that_was_closed_meanwhile_is_no_failure(self, tmp_path):
        class Posting(Plain):
            def write_poll(self, remote_ids):
                return Request(method="POST", path="/poll?ids=" + remote_ids[0], json=[])

        with Server(running) as server:
            provider = remote(server.url, tmp_path, Posting())
            assert isinstance(provider.poll("a"), Update)
            server.hang_up()
            assert isinstance(provider.poll("b"), Update)

    def test_threads_ask_at_the_same_time(self, tmp_path):
        found = []
        polling._askers.clear()  # they also race to make the first one
        with Server(running) as server:
            provider = remote(server.url, tmp_path)
            threads = [
                threading.Thread(target=lambda: found.append(provider.poll_many(names(40))))
                for _ in range(5)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(20)
        assert len(found) == 5
        assert all(isinstance(update, Update) for one in found for update in one.values())

    def test_forked_child_asks_with_a_thread_of_its_own(self, tmp_path):
        with Server(running) as server:
            provider = remote(server.url, tmp_path)
            assert isinstance(provider.poll("a"), Update)
            child = os.fork()
            if not child:
                answered = isinstance(provider.poll_many(["b"])["b"], Update)
                os._exit(0 if answered else 1)
            assert os.waitpid(child, 0)[1] == 0
            assert isinstance(provider.poll("c"), Update)


class TestPoll:
    def test_answers_or_raises(self, tmp_path):
        with Server(running) as server:
            assert remote(server.url, tmp_path).poll("a").verdict == Verdict.RUNNING
        with Server(lambda _: said({}, 500)) as server, pytest.raises(ProviderUnavailable):
            remote(server.url, tmp_path).poll("a")
