"""What is held of every line of a bill while it is read, as small as can be."""

from array import array
from bisect import bisect_left


class SeenJobs:
    """Jobs that have a line, with whether that gives something back: two bits for each job there is."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, job: int, *, credit: bool) -> None:
        place, bit = divmod(2 * job + credit, 8)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        self._bits[place] |= 1 << bit

    def has(self, job: int, *, credit: bool) -> bool:
        place, bit = divmod(2 * job + credit, 8)
        return place < len(self._bits) and bool(self._bits[place] >> bit & 1)


class Names:
    """Whether a name was added, in 8 bytes each: of a million names and a million others, one in
    twenty million times one is mistaken, and nobody can choose which, as the hashes are salted.
    """

    def __init__(self) -> None:
        self._hashes = array("q")
        self._sorted = True

    def add(self, name: str) -> None:
        self._hashes.append(hash(name))
        self._sorted = False

    def __contains__(self, name: str) -> bool:
        if not self._sorted:
            self._hashes = array("q", sorted(self._hashes))
            self._sorted = True
        wanted = hash(name)
        place = bisect_left(self._hashes, wanted)
        return place < len(self._hashes) and self._hashes[place] == wanted
