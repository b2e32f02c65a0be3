"""Groups that don't chain: average link over scored pairs, bound by what people decided.

Two groups are joined where the *mean* score over all pairs between them is above a limit, the best two groups first.
One pair that looks alike doesn't join two groups whose other members differ. Ties are broken by number, so equal
scores give equal groups. Members that must be together start together; members that must be apart are never joined.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

Pair = tuple[int, int]
"""Two members by number, the lesser first."""


def groups(
    count: int,
    scores: Mapping[Pair, float],
    *,
    limit: float,
    unknown: float,
    together: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
) -> list[list[int]]:
    """The members 0 … count-1 in groups, each sorted, in order of their first. `unknown` scores pairs not listed."""
    made = _Groups(count, scores, limit=limit, unknown=unknown, apart=apart)
    for a, b in sorted(set(together)):
        made.force(a, b)
    made.join_all()
    return sorted(sorted(g) for g in made.members.values())


class _Groups:
    """Groups under way: `between[a][b]` is the sum of the known scores between groups a and b, and their number."""

    def __init__(
        self, count: int, scores: Mapping[Pair, float], *, limit: float, unknown: float, apart: Iterable[Pair]
    ) -> None:
        self.limit, self.unknown = limit, unknown
        self.members: dict[int, list[int]] = {n: [n] for n in range(count)}
        self.between: dict[int, dict[int, tuple[float, int]]] = {n: {} for n in range(count)}
        for (a, b), score in sorted(scores.items()):
            self.between[a][b] = self.between[b][a] = (score, 1)
        self.apart: dict[int, set[int]] = {n: set() for n in range(count)}
        for a, b in apart:
            self.apart[a].add(b)
            self.apart[b].add(a)

    def mean(self, a: int, b: int) -> float:
        total, known = self.between[a][b]
        pairs = len(self.members[a]) * len(self.members[b])
        return (total + self.unknown * (pairs - known)) / pairs

    def force(self, a: int, b: int) -> None:
        """Joins the groups of members `a` and `b`, whatever their score, unless someone holds them apart."""
        a, b = self._group(a), self._group(b)
        if a != b and b not in self.apart[a]:
            self._join(min(a, b), max(a, b))

    def join_all(self) -> None:
        waiting = [(-self.mean(a, b), a, b) for a in self.between for b in self.between[a] if a < b]
        waiting = [w for w in waiting if -w[0] > self.limit]
        heapq.heapify(waiting)
        while waiting:
            score, a, b = heapq.heappop(waiting)
            if a not in self.members or b not in self.members or b in self.apart[a] or b not in self.between[a]:
                continue
            if -score != self.mean(a, b):  # one of the two has grown since; its newer score waits too
                continue
            self._join(a, b)
            for other in self.between[a]:
                mean = self.mean(a, other)
                if mean > self.limit:
                    heapq.heappush(waiting, (-mean, min(a, other), max(a, other)))

    def _group(self, member: int) -> int:
        return next(g for g, members in self.members.items() if member in members)

    def _join(self, a: int, b: int) -> None:
        self.members[a] += self.members.pop(b)
        for other, (total, known) in self.between.pop(b).items():
            del self.between[other][b]
            if other != a:
                had, number = self.between[a].get(other, (0.0, 0))
                self.between[a][other] = self.between[other][a] = (had + total, number + known)
        for other in self.apart.pop(b):
            self.apart[other].discard(b)
            self.apart[other].add(a)
            self.apart[a].add(other)


def connected(count: int, edges: Iterable[Pair]) -> list[int]:
    """For each of 0 … count-1 the least number that it is connected with by a chain of `edges`."""
    least = list(range(count))

    def root(n: int) -> int:
        while least[n] != n:
            least[n] = least[least[n]]
            n = least[n]
        return n

    for a, b in edges:
        a, b = root(a), root(b)
        if a != b:
            least[max(a, b)] = min(a, b)
    return [root(n) for n in range(count)]


def spanning(members: Sequence[int], scores: Mapping[Pair, float]) -> list[Pair]:
    """The pairs that hold `members` together with the highest scores: one fewer than members, if all are connected."""
    wanted = set(members)
    ranked = sorted((-s, p) for p, s in scores.items() if p[0] in wanted and p[1] in wanted)
    number = {m: n for n, m in enumerate(sorted(wanted))}
    least = list(range(len(number)))
    kept = []
    for _, (a, b) in ranked:
        x, y = _find(least, number[a]), _find(least, number[b])
        if x != y:
            least[max(x, y)] = min(x, y)
            kept.append((a, b))
    return kept


def _find(least: list[int], n: int) -> int:
    while least[n] != n:
        n = least[n]
    return n
