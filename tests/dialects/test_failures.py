"""Whose fault a failure is, by each provider's own codes, and by its words where it has none."""

import pytest

from studio.core.wire import Verdict
from studio.dialects.aimlapi.wire import Aimlapi
from studio.dialects.octopusx.wire import Octopusx
from studio.dialects.runware.wire import Runware
from studio.dialects.transend.wire import Transend
from studio.dialects.trinetra.wire import Trinetra
from tests.dialects.contract import answer

NAME = "7a723eb1-3e53-4876-b27a-770592d51b81"


def aimlapi(name, message="No."):
    return Aimlapi(), {"id": NAME, "status": "error", "error": {"name": name, "message": message}}


def trinetra(code, message="No.", status="failed"):
    return Trinetra(), {"id": NAME, "status": status, "error": {"code": code, "message": message}}


def octopusx(code, message="No."):
    error = {"code": code, "message": message}
    return Octopusx(), {"id": NAME, "status": "failed", "error": error}


def runware(code, message="No."):
    error = {"code": code, "message": message, "status": "error", "taskUUID": NAME}
    return Runware(), {"data": [], "errors": [{**error, "taskType": "videoInference"}]}


def transend(code, message="No."):
    error = {"code": code, "message": message}
    return Transend(), {"task_id": NAME, "status": "failed", "error": error}


FAILED = {
    "moderation": [
        aimlapi("Error", "Failure to pass the risk control system"),
        aimlapi(1301),
        trinetra("1301"),
        trinetra("x", "Blocked by moderation"),
        octopusx("ContentModerationFailed"),
        octopusx("InvalidParameter.VoilationContent"),
        runware("providerContentPolicyViolation"),
        transend("content_moderation"),
    ],
    "provider": [
        aimlapi("Error", "Generation timeout"),
        aimlapi(504, "Gateway"),
        aimlapi("", ""),
        trinetra("5002"),
        trinetra("internal_error"),
        trinetra("", "", "expired"),
        trinetra("x", "Service temporarily unavailable"),
        octopusx("TaskTimeout"),
        octopusx("ModelGenerateFailed"),
        octopusx("ResourceInsufficient"),
        octopusx("OperationCanceled"),
        runware("timeoutProvider"),
        runware("inferenceError"),
        transend("worker", "Internal server error"),
        transend("", ""),
    ],
    "rejected": [
        aimlapi("face_detection_error"),
        aimlapi("1201"),
        trinetra("1201"),
        trinetra("x", "Image too small"),
        octopusx("InvalidParameter.MediaFormat"),
        octopusx("InvalidParameterValue"),
        runware("invalidFrameImages"),
        transend("constraint_violation"),
        transend("409", "Joint elbow is too fast: timeout of the solver"),
    ],
}
ROWS = [(category, *row) for category, rows in FAILED.items() for row in rows]


@pytest.mark.parametrize(("category", "dialect", "body"), ROWS)
def test_failure_is_of_the_kind_its_code_or_words_say(category, dialect, body):
    update = dialect.read_poll(answer(200, body), [NAME])[NAME]
    assert (update.verdict, update.category) == (Verdict.FAILED, category)
    assert update.reason
    assert not update.charge
    assert "No." in update.raw or not any("No." in str(part) for part in body.values())
    if category == "moderation":
        assert "content moderation" in update.reason
