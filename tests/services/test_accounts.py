"""Keys and limits of providers: who may set them, what is stored of them, what a new key starts."""

import pytest

from studio.core.errors import KeyRejected, NotAllowed, StudioError
from studio.models import Lane, StoredAccount
from studio.providers import registry, remote
from studio.services import accounts
from studio.services.accounts import Change
from tests.factories import make_member

pytestmark = pytest.mark.django_db
KEY = "sk-canary-4f2a"


@pytest.fixture
def admin():
    return make_member("admin")


@pytest.fixture
def runware():
    return registry.all_providers()["runware"]


def change(**values):
    return Change(**{"key": "", "base_url": "", "slots": None, "enabled": True, **values})


class TestChange:
    def test_the_key_is_stored_encrypted_and_used(self, admin, runware):
        accounts.change(admin, runware, change(key=KEY))
        row = StoredAccount.objects.get(provider="runware")
        assert KEY not in row.key
        assert row.last_four == "4f2a"
        assert runware.account().key == KEY

    def test_an_empty_key_keeps_the_one_there_is(self, admin, runware):
        accounts.change(admin, runware, change(key=KEY))
        accounts.change(admin, runware, change(slots=7))
        assert runware.account().key == KEY

    def test_the_lane_has_the_new_slots_at_once(self, admin, runware):
        accounts.change(admin, runware, change(slots=7))
        assert Lane.objects.get(provider="runware").slots == 7

    def test_a_new_key_ends_the_pause_for_the_old_one(self, admin, runware):
        Lane.objects.create(provider="runware", slots=1, pause="key", paused_for="No.")
        accounts.change(admin, runware, change(key=KEY))
        assert Lane.objects.get(provider="runware").pause == ""

    def test_it_does_not_end_the_pause_of_an_admin(self, admin, runware):
        Lane.objects.create(provider="runware", slots=1, pause="admin", paused_for="Later.")
        accounts.change(admin, runware, change(key=KEY))
        assert Lane.objects.get(provider="runware").pause == "admin"

    def test_the_environment_comes_first(self, admin, runware, settings):
        accounts.change(admin, runware, change(key=KEY, base_url="https://a.example"))
        settings.PROVIDERS = {
            **settings.PROVIDERS,
            "runware": {"key": "from-outside", "slots": None},
        }
        found = runware.account()
        assert (found.key, found.base_url) == ("from-outside", "https://a.example")

    def test_an_admin_of_another_team_may_not(self, admin, runware):
        with pytest.raises(NotAllowed):
            accounts.change(make_member("admin"), runware, change(key=KEY))

    def test_a_removed_key_is_gone(self, admin, runware):
        accounts.change(admin, runware, change(key=KEY))
        accounts.remove_key(admin, runware)
        assert runware.account().key == ""
        assert StoredAccount.objects.get(provider="runware").last_four == ""


class TestTest:
    def test_without_a_key_it_says_what_is_needed(self, admin, runware):
        with pytest.raises(StudioError, match="RUNWARE_API_KEY"):
            accounts.test(admin, [runware])

    def test_a_key_that_works_is_noted_and_the_lane_goes_on(self, admin, runware, monkeypatch):
        accounts.change(admin, runware, change(key=KEY))
        Lane.objects.filter(provider="runware").update(pause="money", paused_for="Empty.")
        monkeypatch.setattr(
            type(runware),
            "test",
            lambda _self: remote.Tested(answer="12.50 USD left", milliseconds=240),
        )
        answer = accounts.test(admin, [runware])["runware"]
        row = StoredAccount.objects.get(provider="runware")
        assert (answer.passed, row.test_passed, row.test_answer) == (True, True, "12.50 USD left")
        assert Lane.objects.get(provider="runware").pause == ""

    def test_a_key_that_does_not_is_noted_in_words(self, admin, runware, monkeypatch):
        def refuse(_self):
            raise KeyRejected("Runware does not accept the key.", raw=KEY)

        accounts.change(admin, runware, change(key=KEY))
        monkeypatch.setattr(type(runware), "test", refuse)
        answer = accounts.test(admin, [runware])["runware"]
        row = StoredAccount.objects.get(provider="runware")
        assert (answer.passed, row.test_passed) == (False, False)
        assert KEY not in row.test_answer
