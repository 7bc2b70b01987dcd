import pytest

from studio import checks


class TestPrivateNetworks:
    def test_networks_of_both_kinds(self, settings):
        settings.ALLOW_PRIVATE = ["10.1.0.0/16", "127.0.0.1", "fd00::/8", "10.0.0.1/8"]
        assert checks.private_networks() == []

    @pytest.mark.parametrize("text", ["localhost", "10.0.0.0/99", "10.0.0", "*"])
    def test_anything_else_names_the_setting(self, settings, text):
        settings.ALLOW_PRIVATE = ["10.0.0.0/8", text]
        (error,) = checks.private_networks()
        assert error.id == "studio.E004"
        assert text in error.msg
        assert "DAILIES_ALLOW_PRIVATE" in error.hint
