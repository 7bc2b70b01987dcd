"""Signatures as Standard Webhooks has them: its own vector, its own library, and two secrets."""

import base64
import os
import random
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from studio.core import signatures

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"


def test_vector_of_the_document():
    signed = signatures.sign(SECRET, id=ID, timestamp=1614265330, body=b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


class TestAgainstTheLibrary:
    def test_both_sign_the_same(self):
        dice = random.Random(7)
        for _ in range(1000):
            secret = signatures.new_secret()
            # It signs text alone, so the body is some.
            body = "".join(
                chr(dice.choice([65, 34, 228, 0x1F600])) for _ in range(dice.randint(0, 80))
            )
            moment = datetime.fromtimestamp(dice.randint(1, 2**31), UTC)
            theirs = Webhook(secret).sign(ID, moment, body)
            ours = signatures.sign(
                secret, id=ID, timestamp=int(moment.timestamp()), body=body.encode()
            )
            assert ours == theirs

    @pytest.mark.parametrize("known", [0, 1])
    def test_a_receiver_with_either_secret_accepts_both_while_one_is_replaced(self, known):
        secrets = [signatures.new_secret(), signatures.new_secret()]
        now = int(datetime.now(UTC).timestamp())
        headers = signatures.headers(secrets, id=ID, timestamp=now, body=b'{"a":1}')
        assert Webhook(secrets[known]).verify('{"a":1}', headers) == {"a": 1}
        with pytest.raises(WebhookVerificationError):
            Webhook(signatures.new_secret()).verify('{"a":1}', headers)
        with pytest.raises(WebhookVerificationError):
            Webhook(secrets[known]).verify('{"a":2}', headers)


def test_secrets_are_long_and_their_own():
    made = {signatures.new_secret() for _ in range(100)}
    assert len(made) == 100
    for secret in made:
        assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64


def test_bodies_are_signed_as_bytes():
    body = os.urandom(200)
    assert signatures.sign(SECRET, id=ID, timestamp=1, body=body).startswith("v1,")
