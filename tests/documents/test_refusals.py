"""What a document forbids is refused before money; what a provider refuses costs nothing."""

import pytest

from studio import ledger
from studio.core.money import MICRO
from studio.models import Asset, Job, Lane, LedgerEntry
from tests.documents.aimlapi import IMAGE, Aimlapi
from tests.documents.octopusx import Octopusx
from tests.documents.provider import FORBIDDEN
from tests.documents.runware import Runware
from tests.documents.transend import Transend
from tests.documents.trinetra import Trinetra

SERVERS = (Aimlapi, Trinetra, Octopusx, Runware, Transend)
# Flags that a document forbids, and what the sentence must say: the field and what is allowed.
FORBIDS = [
    (Aimlapi, ["--duration", "7"], ["Duration", "5 or 10", "7"]),
    (Aimlapi, ["--duration", "5.5"], ["Duration", "5 or 10"]),
    (Aimlapi, ["--aspect", "4:3"], ["--aspect", "16:9, 9:16 or 1:1", "4:3"]),
    (Aimlapi, ["--cfg", "1.1"], ["CFG scale", "0 to 1"]),
    (Aimlapi, ["--route", "other"], ["Route", "kling"]),
    (Aimlapi, ["--last-frame", "FIRST"], ["last frame"]),
    (Aimlapi, ["--model", IMAGE], ["first frame", "needs"]),
    (Aimlapi, ["--model", IMAGE, "--first-frame", "FIRST", "--aspect", "1:1"], ["aspect"]),
    (Trinetra, ["--duration", "10", "--first-frame", "FIRST", "--last-frame", "LAST"],
     ["ast frame", "5 s"]),
    (Trinetra, ["--last-frame", "LAST"], ["last frame needs a first frame"]),
    (Trinetra, ["--duration", "11"], ["Duration", "1 to 10 s"]),
    (Trinetra, ["--resolution", "4k"], ["Resolution", "720p or 1080p"]),
    (Trinetra, ["--mode", "max"], ["Mode", "std or pro"]),
    (Trinetra, ["--cfg", "-0.1"], ["CFG scale", "0 to 1"]),
    (Trinetra, ["--camera", "pan=11", "--camera-type", "simple"], ["Camera", "pan", "-10 to 10"]),
    (Octopusx, ["--model", "Kling-2.5", "--duration", "15"], ["Duration", "10"]),
    (Octopusx, ["--model", "Kling-9"], ["Model", "Kling-2.5"]),
    (Octopusx, ["--resolution", "4k"], ["Resolution", "720p or 1080p"]),
    (Octopusx, ["--scene-type", "opera"], ["Scene type", "lip_sync"]),
    (Octopusx, ["--motion-level", "max"], ["Motion level", "std or pro"]),
    (Octopusx, ["--reference-video", "dance.mp4"], ["Reference video", "https://"]),
    (Octopusx, ["--file-infos", "{"], ["File infos", "JSON"]),
    (Runware, ["--resolution", "1080p"], ["esolution", "720p"]),
    (Runware, ["--duration", "7"], ["Duration", "5 or 10"]),
    (Runware, ["--count", "5"], ["--count", "1 to 4"]),
    (Runware, ["--format", "gif"], ["Format", "mp4, webm or mov"]),
    (Runware, ["--quality", "19"], ["Quality", "20 to 99"]),
    (Runware, ["--cfg", "0.725"], ["CFG scale", "0.01"]),
    (Runware, ["--ttl", "59"], ["--ttl", "at least 60"]),
    (Runware, ["--negative-prompt", "x"], ["Negative prompt", "2 to 2,500"]),
    (Runware, ["--safety", "some", "--safety-check", "yes"], ["Safety", "none, fast or full"]),
    (Runware, ["--upload-endpoint", "s3://bucket"], ["--upload-endpoint", "https://"]),
    (Runware, ["--last-frame", "LAST"], ["last frame needs a first frame"]),
    (Runware, ["--first-frame", "SMALL"], ["First frame", "300 to 2,048 pixels", "320 × 180"]),
    (Runware, ["--first-frame", "FIRST", "--last-frame", "LARGE"],
     ["Last frame", "300 to 2,048 pixels", "2,400 × 1,200"]),
    (Transend, ["--scene", "OBJ"], ["Scene", ".glb", ".fbx"]),
    (Transend, [], ["Scene is needed", ".glb or .fbx"]),
    (Transend, ["--scene", "SCENE", "--sensors", "rgb,lidar"], ["Sensors", "lidar", "depth"]),
    (Transend, ["--scene", "SCENE", "--frame-rate", "0"], ["Frame rate", "1 to 240"]),
    (Transend, ["--scene", "SCENE", "--aspect", "16:9"], ["aspect"]),
    (Transend, ["--scene", "SCENE", "--motion", "LATE"], ["Motion", "fraction"]),
]  # fmt: skip


def books(admin):
    budget = ledger.team_budget(admin.team)
    return budget.available // MICRO, budget.held // MICRO, budget.spent // MICRO


@pytest.mark.parametrize(("kind", "flags", "words"), FORBIDS, ids=lambda part: str(part)[:40])
class TestForbiddenByTheDocument:
    def test_is_refused_in_one_sentence_and_nothing_is_sent_or_held(
        self, order, admin, kind, flags, words
    ):
        entries = LedgerEntry.objects.count()
        with kind() as server:
            code, told, err = order(server, *flags)
            assert server.asked == []
        assert (code, told["job"], told["status"]) == (2, None, "refused")
        assert err == f"{told['error']}\n"
        assert len(err.splitlines()) == 1
        assert [word for word in words if word not in err] == []
        assert (Job.objects.count(), Asset.objects.count()) == (0, 0)
        assert LedgerEntry.objects.count() == entries


def needed(kind):
    return ["--scene", "SCENE"] if kind is Transend else []


@pytest.mark.parametrize("kind", SERVERS)
class TestBlockedAtTheProvider:
    """The lane waits for an admin, and the order with it: its money stays on hold."""

    def check(self, server, answer, words):
        code, told, err = answer
        assert (code, told["status"], told["takes"]) == (1, "queued", [])
        assert [word for word in words if word not in told["error"]] == []
        assert told["credits"]["held"] == told["credits"]["quoted"] > 0
        assert Lane.objects.paused().get().provider == server.slug
        assert server.orders == []
        assert err == ""

    def test_wrong_key_pauses_the_lane_and_shoot_says_so(self, order, kind):
        with kind() as server:
            self.check(server, order(server, *needed(kind), key="another"), ["key"])

    def test_no_money_there_pauses_the_lane_and_shoot_says_so(self, order, kind):
        with kind(money=False) as server:
            self.check(server, order(server, *needed(kind)), ["money"])


@pytest.mark.parametrize("kind", [Aimlapi, Trinetra, Octopusx, Runware])
class TestModeratedAtTheProvider:
    def test_fails_with_a_reason_and_costs_nothing(self, order, admin, kind):
        before = books(admin)
        with kind() as server:
            code, told, _ = order(server, prompt=f"It shows {FORBIDDEN}.")
            assert len(server.orders) == 1
        assert (code, told["status"]) == (1, "failed")
        assert Job.objects.get().category == "moderation"
        assert told["error"]
        amounts = told["credits"]
        assert (amounts["held"], amounts["charged"]) == (0, 0)
        assert amounts["released"] == amounts["quoted"] > 0
        assert books(admin) == before


class TestConstraintViolation:
    """TransendAI's 409: “Reduce joint speeds or relax motion bounds.”"""

    def test_fails_with_a_reason_and_costs_nothing(self, order, admin):
        before = books(admin)
        flags = ["--scene", "SCENE", "--constraints", '{"joint_speed_rad": 0}']
        with Transend() as server:
            code, told, _ = order(server, *flags)
        assert (code, told["status"]) == (1, "failed")
        assert "onstraint" in told["error"]
        assert books(admin) == before
