import pytest
from django.db import connection

from studio.models import StoredAccount
from studio.models.accounts import forget, stored
from studio.providers.accounts import Account, account_of

pytestmark = pytest.mark.django_db

KEY = "sk-canary-0123456789abcdef"


def keep(provider="runware", *, key=KEY, **fields):
    row = StoredAccount(provider=provider, **fields)
    row.lock_up(key)
    row.save()
    return row


class TestStoredAccount:
    def test_nothing_is_said_where_nothing_is_stored(self):
        assert stored("runware") == {}
        assert account_of("runware") == Account()

    def test_says_what_was_set(self):
        keep(base_url="https://gateway.example", slots=7, enabled=False)
        account = account_of("runware")
        assert account == Account(
            key=KEY, base_url="https://gateway.example", slots=7, enabled=False
        )
        assert account_of("transend") == Account()

    def test_key_is_not_readable_in_the_database(self):
        keep()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM studio_storedaccount")
            (row,) = cursor.fetchall()
        assert KEY not in repr(row)
        assert "cdef" in row

    @pytest.mark.parametrize("key", ["", "short-key"])
    def test_last_four_of_a_short_key_would_say_too_much(self, key):
        assert keep(key=key).last_four == ""

    def test_change_counts_at_once(self):
        row = keep()
        assert account_of("runware").key == KEY
        row.lock_up("another-key-0123456789")
        row.save()
        assert account_of("runware").key == "another-key-0123456789"
        row.lock_up("")
        row.save()
        assert account_of("runware").key == ""

    def test_change_elsewhere_counts_soon(self, monkeypatch):
        keep(slots=1)
        assert account_of("runware").slots == 1
        StoredAccount.objects.update(slots=2)
        monkeypatch.setattr("studio.models.accounts.FRESH_SECONDS", 0.001)
        assert account_of("runware").slots == 2

    def test_asking_often_costs_one_query(self, django_assert_num_queries):
        keep()
        forget()
        with django_assert_num_queries(1):
            for _ in range(50):
                account_of("runware"), account_of("transend")


class TestEnvironment:
    def test_comes_first(self, settings):
        keep(base_url="https://gateway.example", slots=7, enabled=True)
        outside = {"key": "from-outside", "base_url": "", "slots": 2, "enabled": False}
        settings.PROVIDERS = {"runware": outside}
        account = account_of("runware")
        assert (account.key, account.slots, account.enabled) == ("from-outside", 2, False)
        assert account.base_url == "https://gateway.example"


class TestRotation:
    def test_rows_stay_readable_while_the_secret_is_replaced(self, settings):
        keep()
        former = settings.SECRET_KEY
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, [former]
        forget()
        assert account_of("runware").key == KEY

    def test_lost_secret_is_logged_and_leaves_no_key(self, settings, caplog):
        keep(slots=7)
        settings.SECRET_KEY = "another " * 8
        forget()
        assert account_of("runware") == Account(slots=7)
        assert "DAILIES_SECRET_KEY_FALLBACKS" in caplog.text
        assert KEY not in caplog.text
