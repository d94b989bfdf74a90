"""Find clauses by the words of a question: BM25 over words and character pairs."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.clauses import Clause, ClauseKind
from bot.knowledge.words import pairs, synonyms, words

_K1, _B = 1.2, 0.6
_PAIR, _SYNONYM, _HEADING = 0.35, 0.5, 2
# A clause up to this length is one unit of search; a longer one is searched by its parts.
_UNIT = 500


@dataclass(frozen=True)
class Hit:
    """A clause found; `share` is how much of the question's telling words it holds, from 0 to 1, `held` how many."""

    clause: Clause
    score: float
    share: float
    held: int


class Index:
    """The clauses of one policy, made ready for search."""

    def __init__(self, root: Clause) -> None:
        self.clauses = _units(root)
        self._counts = [_terms(clause) for clause in self.clauses]
        self._lengths = [sum(count.values()) or 1 for count in self._counts]
        self._mean = sum(self._lengths) / max(len(self._lengths), 1)
        self._held: dict[int, frozenset[str]] = {}
        self._spread = Counter(term for count in self._counts for term in count)
        self._rarest = math.log(1 + (len(self.clauses) - 0.5) / 1.5)

    def search(self, question: str, limit: int = 5) -> list[Hit]:
        """Give the best clauses first; clauses that share no word with the question are left out."""
        query = _query(question)
        hits = [
            Hit(clause, self._score(query, number), *self._share(question, number))
            for number, clause in enumerate(self.clauses)
        ]
        return sorted((hit for hit in hits if hit.score > 0), key=lambda hit: -hit.score)[:limit]

    def sharpest(self, question: str, clause: Clause) -> Clause:
        """Give the smallest part of a clause that alone holds every word of the question, at least the clause."""
        part = self._only(question, clause.children)
        return clause if part is None or part.sole_paragraph else self.sharpest(question, part)

    def neighbour(self, question: str, clause: Clause) -> Clause:
        """Give the one beside it in a list that holds every word of the question where the clause holds none."""
        if clause.parent is None or clause.parent_is_top or clause.kind in {ClauseKind.PARAGRAPH, ClauseKind.GROUP}:
            return clause
        if self._terms_of(clause) & set(words(question)):
            return clause
        return self._only(question, [c for c in clause.parent.children if c.kind is clause.kind]) or clause

    def _only(self, question: str, clauses: Sequence[Clause]) -> Clause | None:
        told = set(words(question))
        # A table isn't shown without its heading.
        found = [c for c in clauses if told and c.kind is not ClauseKind.TABLE and told <= self._terms_of(c)]
        return found[0] if len(found) == 1 else None

    def similarity(self, question: str, clause: Clause) -> float:
        """Give how near one clause is to the question, from 0 to 1, wherever it lies in the tree."""
        query = _query(question)
        held = self._terms_of(clause)
        weights = {term: weight * self._weight(term) for term, weight in query.items()}
        return sum(weight for term, weight in weights.items() if term in held) / (sum(weights.values()) or 1)

    def _terms_of(self, clause: Clause) -> frozenset[str]:
        held = self._held.get(id(clause))
        if held is None:
            held = self._held[id(clause)] = frozenset(_terms(clause))
        return held

    def _weight(self, term: str) -> float:
        spread = self._spread.get(term, 0)
        return math.log(1 + (len(self.clauses) - spread + 0.5) / (spread + 0.5))

    def _score(self, query: dict[str, float], number: int) -> float:
        counts, length = self._counts[number], self._lengths[number]
        total = 0.0
        for term, weight in query.items():
            if count := counts.get(term, 0):
                norm = count * (_K1 + 1) / (count + _K1 * (1 - _B + _B * length / self._mean))
                total += weight * self._weight(term) * norm
        return total

    def _share(self, question: str, number: int) -> tuple[float, int]:
        """Weigh and count only what the customer said: a synonym proves nothing."""
        told = set(words(question))
        held = [word for word in told if word in self._counts[number]]
        # A word that this policy never uses tells its clauses apart no better than one that it uses once.
        total = sum(min(self._weight(word), self._rarest) for word in told)
        return (sum(self._weight(word) for word in held) / total if total else 0.0), len(held)


def _query(question: str) -> dict[str, float]:
    query: dict[str, float] = {}
    for term in synonyms(question):
        query[term] = _SYNONYM
    for pair in pairs(question):
        query[f"#{pair}"] = _PAIR
    for word in words(question):
        query[word] = 1.0
    return query


def _terms(clause: Clause) -> Counter[str]:
    """Count the terms of a clause; the headings above it belong to what it says."""
    counts: Counter[str] = Counter()
    headings = [clause.heading, *(above.heading for above in clause.ancestors() if above.kind is not ClauseKind.TITLE)]
    for text, weight in [(clause.text, 1), *((heading, _HEADING) for heading in headings if heading)]:
        for word in words(text):
            counts[word] += weight
        for pair in pairs(text):
            counts[f"#{pair}"] += weight
    return counts


def _units(root: Clause) -> Sequence[Clause]:
    found: list[Clause] = []
    for child in root.children:
        if child.kind is ClauseKind.TITLE or child.is_chapter:
            found.extend(_units(child))
        elif child.kind is ClauseKind.TABLE:
            found.extend(child.children or [child])
        elif child.children and len(child.text) > _UNIT:
            found.extend([child, *_units(child)] if len(child.text) <= 2 * _UNIT else _units(child))
        else:
            found.append(child)
    return found
