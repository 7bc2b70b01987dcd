import pytest

from studio import checks
from studio.settings import mail_server


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


class TestMail:
    def found(self, settings, **changes):
        usual = {
            "EMAIL_URL": "smtp://mail.example", "MAIL_IS_ON": True, "EMAIL_HOST": "mail.example",
            "DEFAULT_FROM_EMAIL": "dailies@studio.example", "PUBLIC_URL": "https://studio.example",
        }  # fmt: skip
        for name, value in {**usual, **changes}.items():
            setattr(settings, name, value)
        return [(error.id, error.msg) for error in checks.mail()]

    def test_all_that_it_needs(self, settings):
        assert self.found(settings) == []

    def test_off(self, settings):
        assert self.found(settings, MAIL_IS_ON=False, EMAIL_URL="", PUBLIC_URL="") == []

    @pytest.mark.parametrize("url", ["mail.example:587", "https://mail.example", "smtp://"])
    def test_anything_else_names_the_setting(self, settings, url):
        host = mail_server(url)["host"]
        ((name, said),) = self.found(settings, EMAIL_URL=url, EMAIL_HOST=host)
        assert (name, "DAILIES_EMAIL_URL" in said) == ("studio.E005", True)

    @pytest.mark.parametrize(
        ("missing", "variable"),
        [("DEFAULT_FROM_EMAIL", "DAILIES_EMAIL_FROM"), ("PUBLIC_URL", "DAILIES_PUBLIC_URL")],
    )
    def test_what_goes_with_it(self, settings, missing, variable):
        ((name, said),) = self.found(settings, **{missing: ""})
        assert (name, variable in said) == ("studio.E006", True)

    @pytest.mark.parametrize(
        ("url", "parts"),
        [
            (
                "smtp://ana%40x.example:p%3Aw@h:25/?tls=1",
                ("h", 25, "ana@x.example", "p:w", True, False),
            ),
            ("smtp://h", ("h", 587, "", "", False, False)),
            ("smtps://h/?tls=1", ("h", 465, "", "", False, True)),
            ("smtp://h:port", ("", 587, "", "", False, False)),
            ("", ("", 587, "", "", False, False)),
        ],
    )
    def test_is_read_from_one_address(self, url, parts):
        assert tuple(mail_server(url).values()) == parts
