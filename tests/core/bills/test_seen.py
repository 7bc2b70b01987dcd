import tracemalloc

from studio.core.bills.seen import Names, SeenJobs

MANY = 100_000


def kept_by(act):
    """Bytes that are held after it."""
    tracemalloc.start()
    result = act()
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert result is not None
    return size


def test_each_job_and_sign_is_known_for_itself():
    seen = SeenJobs()
    seen.add(7, credit=False)
    seen.add(3, credit=True)
    known = [
        (job, credit)
        for job in range(20)
        for credit in (False, True)
        if seen.has(job, credit=credit)
    ]
    assert known == [(3, True), (7, False)]
    assert not seen.has(10**9, credit=True)


def test_a_job_costs_two_bits():
    def fill():
        seen = SeenJobs()
        for job in range(MANY):
            seen.add(job, credit=False)
        return seen

    assert kept_by(fill) < MANY / 4 * 1.2 + 1000  # bytearrays grow by an eighth


def test_names_are_found_after_others_came():
    names = Names()
    assert "a" not in names
    for name in ("b", "a", "c"):
        names.add(name)
        assert name in names
    assert [name for name in ("", "a", "d", "ab") if name in names] == ["a"]


def test_a_name_costs_eight_bytes():
    def fill():
        names = Names()
        for number in range(MANY):
            names.add(f"name {number}")
        assert "name 5" in names
        return names

    assert kept_by(fill) < 8 * MANY * 1.2 + 1000
