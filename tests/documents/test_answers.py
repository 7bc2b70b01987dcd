"""Answers besides the documents' examples: what their pages, samples and clients have seen."""

from dataclasses import replace

import pytest

from studio.models import Job
from tests.documents.aimlapi import Aimlapi
from tests.documents.octopusx import Octopusx
from tests.documents.runware import Runware
from tests.documents.transend import SLOWLY, Transend
from tests.documents.trinetra import Trinetra
from tests.servers import said

# What each document says of an order that says nothing.
DEFAULTS = {
    Aimlapi: {"duration": 5},
    Trinetra: {"duration": 5, "aspect_ratio": "9:16", "mode": "std", "cfg_scale": 0.5},
    Octopusx: {},
    Runware: {
        "outputType": "URL", "outputFormat": "MP4", "outputQuality": 95, "numberResults": 1,
        "duration": 5, "CFGScale": 0.5, "deliveryMethod": "async",
        "safety": {"checkContent": False},
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", DEFAULTS)
class TestPlainOrder:
    def test_says_the_document_s_defaults_or_nothing(self, order, kind):
        with kind() as server:
            code, _, err = order(server)
            assert (code, server.refusals) == (0, []), err
        [sent] = server.orders
        documented = DEFAULTS[kind]
        assert {name: sent[name] for name in documented if name in sent}.items() <= (
            documented.items()
        )


# Status words of each document, of its older samples, and one that nobody knows.
WORDS = [
    (Aimlapi, ("queued", "waiting", "active", "generating", "completed")),
    (Aimlapi, ("polishing", "completed")),
    (Trinetra, ("queued", "running", "processing", "polishing", "succeeded")),
    (Octopusx, ("queued", "in_progress", "processing", "polishing", "completed")),
    (Transend, ("queued", "processing", "polishing", "succeeded")),
]


class TestStatusWord:
    @pytest.mark.parametrize(("kind", "words"), WORDS)
    def test_means_that_it_is_under_way(self, order, kind, words):
        scene = ["--scene", "SCENE"] if kind is Transend else []
        with kind() as server:
            server.states = words
            code, told, err = order(server, *scene, prompt=f"A door opens {SLOWLY}.")
        assert (code, told["status"]) == (0, "succeeded"), err


class Ending:
    """A strict provider whose tasks end as `end` says, instead of with a film."""

    end = staticmethod(dict)


class AimlapiEnd(Ending, Aimlapi):
    def ended(self, task):
        return super().ended(task) | self.end()


class TrinetraEnd(Ending, Trinetra):
    def job(self, job):
        return said({"id": job["id"], "model": "kling-v2.5"} | self.end())


class OctopusxEnd(Ending, Octopusx):
    def video(self, task):
        return said(self.object_(task, "processing", 50) | self.end())


FACE = "Could not detect face in the image"
DETAIL = {"loc": ["body", "image_url"], "msg": FACE, "type": "face_detection_error", "input": "x"}
# How a task ended, and what the reason says.
ENDS = [
    (AimlapiEnd, {"status": "error", "error": {"detail": [DETAIL]}, "video": None, "meta": None},
     FACE),
    (AimlapiEnd, {"status": "error", "error": {"name": "Error", "message": "Busy."},
                  "video": None, "meta": None}, "Busy."),
    (TrinetraEnd, {"status": "failed", "error": {"code": "internal", "message": "Out of order."},
                   "credits_charged": 0}, "Out of order."),
    (TrinetraEnd, {"status": "cancelled", "credits_charged": 0}, "Trinetra"),
    (OctopusxEnd, {"status": "failed", "error": {"code": "ModelGenerateFailed",
                                                 "message": "No luck."}}, "No luck."),
    (OctopusxEnd, {"status": "cancelled"}, "cancelled"),
]  # fmt: skip


class TestEnd:
    @pytest.mark.parametrize(("kind", "end", "reason"), ENDS)
    def test_without_a_film_says_why_and_costs_nothing(self, order, kind, end, reason):
        with kind() as server:
            server.end = lambda: end
            code, told, _ = order(server)
        assert (code, told["status"]) == (1, "failed")
        assert reason in told["error"]
        assert Job.objects.get().category != "moderation"
        assert (told["credits"]["held"], told["credits"]["charged"]) == (0, 0)

    @pytest.mark.parametrize(
        ("meta", "charged"), [(None, 35), ({"usage": {"tokens_used": 660_000}}, 33)]
    )
    def test_says_its_cost_by_an_older_name_or_is_charged_as_quoted(self, order, meta, charged):
        """The schema of November 2025 has tokens_used; that of 2026 says of credits_used that it is
        "the number of tokens consumed"."""
        with AimlapiEnd() as server:
            server.end = lambda: {"meta": meta}
            code, told, err = order(server)
        assert code == 0, err
        assert (told["credits"]["quoted"], told["credits"]["charged"]) == (35, charged)


class RunwarePart(Runware):
    """Of several results the last is refused, and the others come."""

    def get_response(self, asked):
        data, errors = super().get_response(asked)
        if len(data) > 1 and all(item["status"] == "success" for item in data):
            about = {"taskType": "videoInference", "taskUUID": asked["taskUUID"]}
            code = {"code": "contentPolicyViolation", "message": "One was too much."}
            return data[:-1], [{**code, "status": "error", **about}]
        return data, errors


# The codes of refused content that Runware's own client knows (runware-sdk 1.8.0).
CONTENT = (
    "contentPolicyViolation", "providerContentPolicyViolation", "sensitiveContentDetected",
    "unsafeContentDetected", "nsfwContentDetected", "promptBlocked", "imageBlocked",
    "moderationFailed",
)  # fmt: skip


class RunwareModerates(Runware):
    """Refuses for what is shown, with one of its codes: the order itself, or its result later."""

    at_once = True
    code = ""

    def refused(self, task):
        error = {"code": self.code, "message": "Not this.", "taskType": "videoInference"}
        return [], [{**error, "status": "error", "taskUUID": task["taskUUID"]}]

    def create(self, task):
        return self.refused(task) if self.at_once else super().create(task)

    def get_response(self, asked):
        return self.refused(asked)


class RunwareAtOnce(Runware):
    """Acknowledges with nothing, which one of its clients has seen."""

    def create(self, task):
        return [], super().create(task)[1]


class RunwarePoor(Runware):
    """Says that there is no money with a code alone, under the usual HTTP status."""

    status = 200

    def create(self, task):
        error = {"code": "insufficientCredits", "message": "Insufficient credits."}
        return [], [{**error, "taskType": "videoInference", "taskUUID": task["taskUUID"]}]

    def call(self, asked, place):
        return replace(super().call(asked, place), status=self.status)


class TestRunware:
    def test_some_results_of_several_are_takes_and_are_paid(self, order):
        with RunwarePart() as server:
            code, told, err = order(server, "--count", "3")
        assert code == 0, err
        assert [take["seed"] for take in told["takes"]] == [923927480, 923927481]
        assert told["credits"] == {"quoted": 105, "held": 0, "charged": 70, "released": 35}

    @pytest.mark.parametrize("at_once", [True, False])
    @pytest.mark.parametrize("code", CONTENT)
    def test_refused_content_is_known_by_its_code(self, order, code, at_once):
        with RunwareModerates() as server:
            server.code, server.at_once = code, at_once
            shot, told, _ = order(server)
        assert (shot, told["status"]) == (1, "failed")
        assert Job.objects.get().category == "moderation"
        assert (told["credits"]["held"], told["credits"]["charged"]) == (0, 0)

    def test_empty_acknowledgement_is_one(self, order):
        with RunwareAtOnce() as server:
            code, _, err = order(server)
        assert code == 0, err

    @pytest.mark.parametrize("status", [200, 400, 402])
    def test_no_money_is_known_by_its_code(self, order, status):
        with RunwarePoor() as server:
            server.status = status
            code, told, _ = order(server)
        assert (code, told["status"]) == (1, "queued")
        assert "money" in told["error"]
