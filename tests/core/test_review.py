"""What a project's rule makes of decisions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core.review import ReviewStatus, Rule, Verdict, status_of

A, C, R = Verdict.APPROVE, Verdict.CHANGES, Verdict.REJECT
S = ReviewStatus
TWO_OF_THREE = Rule(needed=2, voters=3)

CASES = [
    ([], Rule(), S.REVIEW),
    ([A], Rule(), S.APPROVED),
    ([C], Rule(), S.CHANGES),
    ([R], Rule(), S.REJECTED),
    ([A, R], Rule(), S.REJECTED),  # the newest word with enough agreement counts
    ([R, A], Rule(), S.APPROVED),
    ([A], TWO_OF_THREE, S.REVIEW),
    ([A, C], TWO_OF_THREE, S.REVIEW),
    ([A, C, A], TWO_OF_THREE, S.APPROVED),
    ([C, R], TWO_OF_THREE, S.CHANGES),
    ([R, R], TWO_OF_THREE, S.REJECTED),
    ([A, A, R], TWO_OF_THREE, S.APPROVED),
    ([A, C, R], TWO_OF_THREE, S.CHANGES),
    ([A, C], Rule(needed=2, voters=2), S.CHANGES),  # all have spoken, and do not agree
    ([A, C], Rule(needed=2), S.REVIEW),  # somebody else may still speak
]


@pytest.mark.parametrize(("verdicts", "rule", "status"), CASES)
def test_a_rule_makes_a_status_of_verdicts(verdicts, rule, status):
    assert status_of(verdicts, rule) == status


@given(st.lists(st.sampled_from(Verdict)), st.integers(1, 5))
def test_nothing_is_approved_without_enough_approvals(verdicts, needed):
    status = status_of(verdicts, Rule(needed=needed))
    if status == S.APPROVED:
        assert verdicts.count(A) >= needed
    if status == S.REJECTED:
        assert verdicts.count(R) >= needed
    if max(map(verdicts.count, Verdict), default=0) < needed and len(verdicts) < needed:
        assert status == S.REVIEW
