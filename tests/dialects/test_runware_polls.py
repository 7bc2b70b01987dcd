import uuid
from typing import Any

import pytest

from studio.core.errors import (
    KeyRejected,
    OutOfMoney,
    ProviderBusy,
    ProviderConfused,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
)
from studio.core.wire import Verdict
from tests.dialects.contract import answer
from tests.dialects.runware_tasks import (
    FIRST,
    OTHER,
    REFERENCE,
    RUNS,
    RUNWARE,
    SECOND,
    failed,
    item,
    made,
    poll,
    polled,
)


class TestReadPoll:
    def test_takes_are_finished_when_none_is_under_way(self) -> None:
        update = polled(made(1, seed=7), made(2, seed=8))
        assert update.verdict == Verdict.SUCCEEDED
        assert [result.seed for result in update.results] == [7, 8]
        assert update.charge == 700_000
        assert update.reason == update.category == ""

    def test_two_done_one_refused_and_one_under_way_is_running(self) -> None:
        update = polled(made(1), RUNS, made(2), errors=[failed()])
        assert update.verdict == Verdict.RUNNING
        assert update.results == ()

    def test_partial_success_names_what_was_refused_and_costs_what_was_made(self) -> None:
        update = polled(made(1), made(2), made(3, cost=0.36), errors=[failed()])
        assert update.verdict == Verdict.SUCCEEDED
        assert [result.index for result in update.results] == [0, 1, 2]
        assert update.reason == "1 of 4 takes was not made. The picture is too small."
        assert update.category == "rejected"
        assert update.charge == 1_060_000

    def test_same_reason_is_given_once(self) -> None:
        update = polled(made(), errors=[failed(), failed(), failed("promptBlocked")])
        assert update.reason.startswith("3 of 4 takes were not made. The picture is too small. ")
        assert update.reason.count("too small") == 1
        assert "moderation" in update.reason

    def test_all_refused_has_failed_and_costs_nothing(self) -> None:
        update = polled(errors=[failed(), failed()])
        assert (update.verdict, update.charge) == (Verdict.FAILED, 0)
        assert update.reason == "The picture is too small."

    def test_refused_but_charged_costs_what_it_says(self) -> None:
        update = polled(made(), errors=[failed(cost=0.1), failed()])
        assert update.charge == 450_000
        assert polled(errors=[failed(cost=0.1)]).charge == 100_000

    @pytest.mark.parametrize("cost", [None, "much", True, -0.35, float("inf"), [], {}])
    def test_cost_that_is_none_is_unknown_not_free(self, cost: Any) -> None:
        assert polled(made(cost=cost)).charge is None
        assert polled(made(), errors=[failed(cost=cost)]).charge is None

    def test_cost_that_is_left_out_is_unknown(self) -> None:
        bare = made()
        del bare["cost"]
        assert polled(made(), bare).charge is None

    CATEGORIES = (
        ("validationFailed", "rejected"),
        ("invalidInputs", "rejected"),
        ("neverSeenBefore", "rejected"),
        ("providerContentPolicyViolation", "moderation"),
        ("sensitiveContentDetected", "moderation"),
        ("moderationFailed", "moderation"),
        ("imageBlocked", "moderation"),
        ("insufficientCredits", "money"),
        ("timeoutProvider", "provider"),
        ("inferenceError", "provider"),
        ("taskFailed", "provider"),
        ("taskCancelled", "provider"),
        ("providerError", "provider"),
        ("noAvailableServer", "provider"),
        ("providerAuthenticationFailed", "provider"),
    )

    @pytest.mark.parametrize(("code", "category"), CATEGORIES)
    def test_failure_is_of_the_kind_its_code_says(self, code: str, category: str) -> None:
        update = polled(errors=[failed(code)])
        assert (update.verdict, update.category) == (Verdict.FAILED, category)
        assert code in update.raw

    def test_failure_inside_the_data_counts_too(self) -> None:
        wrapped = item(status="error", error={"code": "promptBlocked", "message": "No."})
        assert polled(wrapped).category == "moderation"
        assert polled(wrapped, RUNS).verdict == Verdict.RUNNING
        assert polled(wrapped, made()).reason.startswith("1 of 2 takes was not made.")

    @pytest.mark.parametrize("status", [200, 400, 402, 404])
    def test_failure_counts_whatever_status_carries_it(self, status: int) -> None:
        assert poll({"errors": [failed()]}, status=status)[FIRST].verdict == Verdict.FAILED

    def test_older_answers_leave_the_status_out(self) -> None:
        for code in ("inferenceError", "noAvailableServer", "rateLimitExceeded"):
            bare = item(code=code, message="No.")
            assert polled(errors=[bare]).verdict == Verdict.FAILED

    UNPROVEN = (
        failed("taskFailedOrNotFound"),
        failed("taskNotFound"),
        failed("taskExpired"),
        {"code": "invalidTaskUUID", "taskType": "getResponse", "taskUUID": FIRST},
    )

    @pytest.mark.parametrize("error", UNPROVEN)
    def test_task_that_is_not_there_may_just_be_young(self, error: dict[str, Any]) -> None:
        update = poll({"errors": [error]}, status=404)[FIRST]
        assert update.verdict == Verdict.RUNNING
        assert error["code"] in update.raw

    @pytest.mark.parametrize("word", ["processing", "pending", "queued", "toString", "", 7, [], {}])
    def test_any_other_status_is_under_way(self, word: Any) -> None:
        assert polled(made() | {"status": word}).verdict == Verdict.RUNNING

    def test_task_that_nobody_speaks_of_has_no_update(self) -> None:
        assert poll({"data": []}) == {}
        assert set(poll({"data": [made(), item(SECOND, status="processing")]}, FIRST, OTHER)) == {
            FIRST
        }

    def test_batch_keeps_tasks_apart(self) -> None:
        body = {
            "data": [made(), item(SECOND, status="processing")],
            "errors": [failed() | {"taskUUID": OTHER}],
        }
        updates = poll(body, FIRST, SECOND, OTHER)
        assert {name: update.verdict for name, update in updates.items()} == {
            FIRST: Verdict.SUCCEEDED, SECOND: Verdict.RUNNING, OTHER: Verdict.FAILED,
        }  # fmt: skip
        assert SECOND not in updates[FIRST].raw

    def test_progress_is_the_mean_of_all_takes(self) -> None:
        assert polled(RUNS | {"progress": 40}, made()).progress == 70
        assert polled(RUNS | {"progress": 40}, RUNS).progress == 20
        assert polled(RUNS).progress is None
        assert polled(RUNS | {"progress": "40"}).progress is None

    TROUBLE = (
        (401, {"errors": [{"code": "invalidApiKey", "taskUUID": FIRST}]}, KeyRejected),
        (200, {"errors": [{"code": "invalidApiKey", "taskUUID": FIRST}]}, KeyRejected),
        (200, {"data": [made()], "errors": [{"code": "rateLimitExceeded"}]}, ProviderBusy),
        (429, {"errors": [failed()]}, ProviderBusy),
        (403, {"errors": [{"code": "odd"}]}, KeyRejected),
        (402, {"errors": [{"code": "odd"}]}, OutOfMoney),
        (500, {"errors": [failed()]}, ProviderUnavailable),
        (504, None, ProviderUnavailable),
        (400, {"errors": [{"code": "invalidTaskType"}]}, ProviderConfused),
        (200, {"errors": [{"code": "odd"}]}, ProviderConfused),
        (404, None, ProviderConfused),
    )  # fmt: skip

    @pytest.mark.parametrize(("status", "body", "kind"), TROUBLE)
    def test_refused_poll_is_no_verdict(
        self, status: int, body: Any, kind: type[ProviderError]
    ) -> None:
        with pytest.raises(ProviderError) as caught:
            poll(body, status=status)
        assert type(caught.value) is kind

    def test_poll_asks_for_all_in_one_request(self) -> None:
        asked = [{"taskType": "getResponse", "taskUUID": one} for one in (FIRST, SECOND)]
        assert RUNWARE.write_poll([FIRST, SECOND]).json == asked


class TestUpload:
    def test_picture_goes_as_it_is_under_a_new_name(self) -> None:
        picture = "data:image/png;base64,AA"
        tasks = [
            RUNWARE.write_upload("first_frame", picture, REFERENCE).json[0] for _try in range(2)
        ]
        assert {(one["taskType"], one["image"]) for one in tasks} == {("imageUpload", picture)}
        names = {one["taskUUID"] for one in tasks}
        assert len(names) == 2
        assert all(uuid.UUID(name).version == 4 for name in names)

    @pytest.mark.parametrize("shape", [lambda one: one, lambda one: [one]])
    def test_name_is_read_from_object_and_list(self, shape: Any) -> None:
        uploaded = {"taskType": "imageUpload", "taskUUID": OTHER, "imageUUID": SECOND}
        assert RUNWARE.read_upload(answer(200, {"data": shape(uploaded)})) == SECOND

    @pytest.mark.parametrize("body", [{"data": []}, {"data": {"imageUUID": ""}}, {}, None])
    def test_answer_without_a_name_is_confusing(self, body: Any) -> None:
        with pytest.raises(ProviderConfused):
            RUNWARE.read_upload(answer(200, body))

    def test_refused_picture_says_why(self) -> None:
        body = {"errors": [{"code": "invalidImage", "message": "The picture is too small."}]}
        with pytest.raises(ProviderRejected, match=r"too small\."):
            RUNWARE.read_upload(answer(200, body))


class TestKey:
    def test_test_asks_for_the_account(self) -> None:
        (asked,) = RUNWARE.write_test().json
        assert uuid.UUID(asked.pop("taskUUID")).version == 4
        assert asked == {"taskType": "accountManagement", "operation": "getDetails"}

    BALANCES = (
        ({"balance": 2450.75}, "2,450.75 USD left"),
        ({"balance": 0}, "0.00 USD left"),
        ({"balance": {"amount": 1}}, ""),
        ({"balance": True}, ""),
        ({}, ""),
    )

    @pytest.mark.parametrize(("details", "words"), BALANCES)
    def test_what_is_left_is_told_where_it_is_known(
        self, details: dict[str, Any], words: str
    ) -> None:
        assert RUNWARE.read_test(answer(200, {"data": [details]})) == words


class TestReadCallback:
    BODIES = (
        made(),
        [made()],
        {"data": [made()]},
        {"data": made()},
        {"errors": [failed()]},
        {"error": {"code": "odd"}, "taskUUID": FIRST},
    )

    @pytest.mark.parametrize("body", BODIES)
    def test_task_is_named_in_every_shape(self, body: Any) -> None:
        assert RUNWARE.read_callback(body) == FIRST

    @pytest.mark.parametrize("body", [None, 7, "x", [], {}, {"taskUUID": 7}, {"data": [None]}])
    def test_anything_else_names_none(self, body: Any) -> None:
        assert RUNWARE.read_callback(body) == ""
