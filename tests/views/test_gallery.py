"""The wall as its readers get it."""

import pytest

from tests.factories import make_job, make_member
from studio.core.status import JobStatus

pytestmark = pytest.mark.django_db


class TestWall:
    def test_every_state(self, client):
        member = make_member()
        for status in JobStatus:
            make_job(status, author=member)
        client.force_login(member.user)
        answer = client.get("/")
        assert answer.status_code == 200
        print(answer.content.decode())
