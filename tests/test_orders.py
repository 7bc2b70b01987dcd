import pytest

from studio import orders
from studio.core.errors import InvalidOrder
from studio.core.orders import Order
from studio.core.spec import Capability, Kind, Param
from studio.ledger import team_budget
from studio.models import Asset, AssetKind, Job
from studio.providers import registry
from studio.providers.base import Provider
from studio.services import jobs, uploads
from tests.factories import make_member, make_order, make_price, make_project, make_team
from tests.sellers import BLOCKED
from tests.storage import models


class TestCheck:
    def test_fills_in_defaults_and_a_seed(self, db):
        bare = make_order(seed=None, quality=None, prompt="  A door.  ")
        whole = orders.check(make_team().pk, bare)
        assert whole.prompt == "A door."
        assert whole.settings["quality"] == 95
        assert 0 <= whole.settings["seed"] < orders.SEED_LIMIT

    def test_keeps_the_seed_that_was_asked_for(self, db):
        assert orders.check(make_team().pk, make_order(seed=0)).settings["seed"] == 0


class TestProvider:
    """What stands in the way at the provider is said before anything is stored."""

    def test_without_its_key_it_is_not_asked(self, sellers, db):
        order = Order(provider="locked", model="locked-1", prompt="A door.")
        with pytest.raises(InvalidOrder, match="Locked has no key"):
            orders.check(make_team().pk, order)

    def test_a_file_that_it_can_not_get_is_named_with_the_reason(self, sellers, db):
        sellers["lab"].blocked = BLOCKED
        order = Order(provider="lab", model="lab-film", prompt="A door.", first_frame=1)
        with pytest.raises(InvalidOrder) as raised:
            orders.check(make_team().pk, order)
        assert ("first_frame", BLOCKED) in [(p.field, p.message) for p in raised.value.problems]


class TestPictures:
    """What the model says about its frames is held against the picture itself, before any money."""

    def checked(self, size, **files):
        member = make_member()
        make_price(provider="lab", credits_per_second=0)
        asset = Asset.objects.create(
            team=member.team, kind=AssetKind.UPLOAD, path="1/a/b.png", name="door.png", size=1,
            sha256="1", content_type="image/png", width=size[0], height=size[1],
        )  # fmt: skip
        frames = dict.fromkeys(files or ["first_frame"], asset.pk)
        order = Order(provider="lab", model="lab-film", prompt="A door.", **frames)
        return member, order

    def test_one_that_it_does_not_take_is_refused_with_field_rule_and_fix(self, sellers, db):
        member, order = self.checked((320, 99), first_frame=1, last_frame=1)
        with pytest.raises(InvalidOrder) as raised:
            jobs.order(member, make_project(member.team), order)
        said = "must have at least 100 pixels a side; “door.png” has 320 × 99. Make it another size"
        told = {problem.field: problem.message for problem in raised.value.problems}
        assert list(told) == ["first_frame", "last_frame"]
        assert told["first_frame"].startswith(f"First frame {said}")
        assert told["last_frame"].startswith(f"Last frame {said}")
        assert not Job.objects.exists()
        assert team_budget(member.team).held == 0

    def test_one_that_it_takes_is_ordered(self, sellers, db):
        member, order = self.checked((320, 100))
        assert orders.check(member.team_id, order).first_frame == order.first_frame

    def test_what_may_be_refused_is_advice_and_no_problem(self, sellers, db):
        member, order = self.checked((320, 100))
        (advice,) = orders.advised(member.team_id, order)
        assert (advice.field, advice.message) == (
            "first_frame",
            "First frame “door.png” has 320 × 100 and may be refused: "
            "Lab elsewhere takes sides of 1:2 to 2:1.",
        )
        assert orders.advised(*self.second((200, 100))) == []

    def second(self, size):
        Asset.objects.update(width=size[0], height=size[1])
        asset = Asset.objects.get()
        order = Order(provider="lab", model="lab-film", prompt="A door.", first_frame=asset.pk)
        return asset.team_id, order


class Mover(Provider):
    """Takes a scene and a motion, as a simulation does."""

    slug = "mover"
    label = "Mover"
    capabilities = (
        Capability(
            provider="mover", model="mover-1", label="Mover", scene=True,
            params=(Param(name="motion", label="Motion", kind=Kind.MOTION),),
        ),
    )  # fmt: skip


class TestScene:
    @pytest.fixture
    def member(self, db, monkeypatch):
        monkeypatch.setattr(registry, "all_providers", lambda: {"mover": Mover()})
        return make_member()

    @pytest.fixture
    def added(self, member, tmp_path):
        def add(data, name="cell.glb"):
            path = tmp_path / name
            path.write_bytes(data)
            return uploads.add_at(member, "scene", path).pk

        return add

    @staticmethod
    def order(scene, *joints):
        curves = [{"name": name, "angles": [[0, 0.2], [1, 0.4]]} for name in joints]
        settings = {"motion": {"joints": curves}} if joints else {}
        return Order(provider="mover", model="mover-1", prompt="", scene=scene, settings=settings)

    @staticmethod
    def problems(member, order):
        with pytest.raises(InvalidOrder) as refused:
            orders.check(member.team_id, order)
        return [(problem.field, problem.message) for problem in refused.value.problems]

    def test_a_scene_of_the_team_whose_joints_move_is_fine(self, member, added):
        order = self.order(added(models.glb()), "elbow", "wrist")
        assert orders.check(member.team_id, order).scene == order.scene

    @pytest.mark.parametrize("key", [10**9, 10**30, 0, -1, "1", True])
    def test_a_scene_that_is_not_there(self, member, key):
        words = "The scene is not in this team's scenes; add it again."
        assert self.problems(member, self.order(key)) == [("scene", words)]

    def test_neither_another_teams_scene_nor_a_picture_is_one(self, member, added):
        stranger = make_member()
        assert self.problems(stranger, self.order(added(models.glb())))[0][0] == "scene"
        picture = Asset.objects.create(team=member.team, kind=AssetKind.UPLOAD, sha256="x", size=1)
        assert self.problems(member, self.order(picture.pk))[0][0] == "scene"

    def test_a_joint_that_it_does_not_have_is_named_with_those_it_has(self, member, added):
        order = self.order(added(models.glb()), "elbow", "Elbow", "knee")
        there = "it has “base”, “shoulder”, “elbow”, “wrist”."
        assert self.problems(member, order) == [
            ("motion", f"The scene has no joint “Elbow”; {there}"),
            ("motion", f"The scene has no joint “knee”; {there}"),
        ]

    def test_of_many_joints_only_some_are_listed(self, member, added):
        scene = added(models.glb([{"name": f"n{number}"} for number in range(50)]))
        ((_, sentence),) = self.problems(member, self.order(scene, "knee"))
        assert sentence.endswith("“n18”, “n19” and 30 more.")

    def test_a_scene_without_names_has_no_joint_to_move(self, member, added):
        ((_, sentence),) = self.problems(member, self.order(added(models.glb([{}])), "knee"))
        assert sentence == "The scene has no joint “knee”; it has no nodes with names."

    def test_a_node_that_is_no_joint_may_be_moved_all_the_same(self, member, added):
        scene = added(models.glb(skins=[{"joints": [1, 2]}]))
        assert orders.check(member.team_id, self.order(scene, "wrist"))

    def test_of_fbx_the_joints_are_left_to_the_provider(self, member, added):
        assert orders.check(member.team_id, self.order(added(models.fbx(), "a.fbx"), "knee"))

    def test_a_stored_scene_whose_file_is_gone_is_a_sentence(self, member, added, settings):
        scene = added(models.glb([{"name": "gone"}]))
        next(path for path in settings.MEDIA_ROOT.rglob("*.glb")).unlink()
        words = "The scene can not be read any more; add it again."
        assert self.problems(member, self.order(scene, "gone")) == [("scene", words)]


class TestWhatTheStudioLacks:
    """What a studio lacks is said before any money is held."""

    def refused(self, monkeypatch, *, file_problem="", needs=""):
        class Far(Mover):
            def file_problem(self, able, name):
                return f"{name} {file_problem}" if file_problem else ""

        Far.needs = needs
        monkeypatch.setattr(registry, "all_providers", lambda: {"mover": Far()})
        scene = Asset.objects.create(
            team=make_team(), kind=AssetKind.SCENE, path="1/a.glb", sha256="a", size=1,
            content_type="model/gltf-binary",
        )  # fmt: skip
        order = Order(provider="mover", model="mover-1", prompt="", scene=scene.pk)
        with pytest.raises(InvalidOrder) as caught:
            orders.check(scene.team_id, order)
        return [(problem.field, problem.message) for problem in caught.value.problems]

    def test_key_is_missing(self, db, monkeypatch):
        sentence = "Mover needs a key: set MOVER_API_KEY or add it on the settings page."
        assert self.refused(monkeypatch, needs=sentence) == [("provider", sentence)]

    def test_file_that_can_not_get_there(self, db, monkeypatch):
        found = self.refused(monkeypatch, file_problem="has no way there.")
        assert found == [("scene", "scene has no way there.")]
