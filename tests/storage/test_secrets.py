import pytest

from studio.core.errors import StorageFailed
from studio.storage.secrets import decrypt, encrypt

KEY = "sk-canary-0123456789"


class TestEncrypt:
    def test_comes_back(self):
        assert decrypt(encrypt(KEY)) == KEY

    def test_says_nothing_to_who_reads_the_row(self):
        token = encrypt(KEY)
        assert KEY not in token
        assert token != encrypt(KEY)

    def test_takes_any_text(self):
        assert decrypt(encrypt("Schlüssel 鍵")) == "Schlüssel 鍵"


class TestRotation:
    def test_former_key_still_reads(self, settings):
        settings.SECRET_KEY = "old" * 20
        token = encrypt(KEY)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["older" * 9, "old" * 20]
        assert decrypt(token) == KEY

    def test_present_key_writes(self, settings):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, ["old" * 20]
        token = encrypt(KEY)
        settings.SECRET_KEY_FALLBACKS = []
        assert decrypt(token) == KEY

    def test_lost_key_is_said_with_what_to_do(self, settings):
        token = encrypt(KEY)
        settings.SECRET_KEY = "new" * 20
        with pytest.raises(StorageFailed, match="DAILIES_SECRET_KEY_FALLBACKS") as caught:
            decrypt(token)
        assert KEY not in str(caught.value)

    @pytest.mark.parametrize("token", ["", "no token", "gAAAAA", "鍵"])
    def test_damaged_row(self, token):
        with pytest.raises(StorageFailed):
            decrypt(token)

    def test_changed_row_is_noticed(self):
        token = encrypt(KEY)
        with pytest.raises(StorageFailed):
            decrypt(token[:-8] + "AAAAAAA=")
