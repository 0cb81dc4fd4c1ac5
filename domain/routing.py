"""Who probably holds what was asked for: OPDs proposed by the words they keep, with the words as reasons.

A proposal only. The coordinator forwards (PERKI 1/2021 Pasal 12), unless the city lets the system do so;
a wrong guess costs a re-routing and never the applicant's time (Q-17).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from domain.office import Opd

#: A unit named outright weighs more than the words that others keep, once and not per mention.
NAMED: Final = 12.0
#: A kecamatan or kelurahan is mostly named as the place where, not as the holder.
NAMED_AS_PLACE: Final = 1.5
PLACES: Final = frozenset({"kecamatan", "kelurahan"})
#: The parent was named: a sub-unit that keeps the matter is meant even more than the parent itself.
SHARE_FROM_PARENT: Final = 0.9
#: The subject line speaks for every item, but less than the item's own words.
SHARE_FROM_SUBJECT: Final = 0.5
#: A candidate needs this share of the best one's score for an item.
WORTH_PROPOSING: Final = 0.4
MOST_PER_ITEM: Final = 3
#: A letter names this many of the words that speak for a unit.
MOST_REASONS: Final = 4
#: What a first word must be for the name's beginning alone ("Dinas Pendidikan") to mean the unit.
KINDS_OF_UNIT: Final = frozenset({"dinas", "badan", "bagian"})
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TAIL: Final = re.compile(r",| dan | Sekretariat Daerah")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An OPD that probably holds some of the items.

    Attributes:
        items: numbers of the items.
        because: the words of the request that speak for it, strongest first.
        score: only to compare the candidates of one request.
    """

    opd: str
    items: tuple[int, ...]
    because: tuple[str, ...]
    score: float

    @property
    def reason(self) -> str:
        """Why it is proposed, for people: the part of a sentence that follows "karena"."""
        words = [f"“{word}”" for word in self.because[:MOST_REASONS]]
        listed = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} dan {words[-1]}"
        return f"permohonan menyebut {listed}"


@dataclass(frozen=True, slots=True)
class _Hit:
    phrase: Phrase
    keys: frozenset[str]
    is_name: bool = False
    share: float = 1.0

    @property
    def weight(self) -> float:
        """Longer phrases say more; a phrase that many units keep says little about each."""
        if self.is_name:
            return self.share * (NAMED_AS_PLACE if self.phrase[0] in PLACES else NAMED)
        return self.share * (len(self.phrase) + 1) / sqrt(len(self.keys))


def candidates(items: Mapping[int, str], opds: Iterable[Opd], *, subject: str = "") -> tuple[Candidate, ...]:
    """The units that probably hold the items, best first; empty when no word is known.

    Args:
        items: what is asked for, by item number.
        opds: the units tasks may go to on that day.
        subject: the request's subject line; it speaks for every item.
    """
    units = {opd.key: opd for opd in opds}
    phrases = _phrases_of(units.values())
    shared = [replace(hit, share=SHARE_FROM_SUBJECT) for hit in _hits(subject, phrases)]
    scores: dict[str, dict[int, float]] = defaultdict(dict)
    reasons: dict[str, dict[Phrase, float]] = defaultdict(dict)
    for number, text in items.items():
        hits = {hit.phrase: hit for hit in (*shared, *_hits(text, phrases))}
        for key, score in _best(hits.values(), units):
            scores[key][number] = score
            reasons[key] |= {hit.phrase: hit.weight for hit in hits.values() if _speaks_for(hit, units[key])}
    found = [_candidate(key, scores[key], reasons[key]) for key in scores]
    return tuple(sorted(found, key=lambda one: (-one.score, one.opd)))


def _candidate(key: str, scores: Mapping[int, float], reasons: Mapping[Phrase, float]) -> Candidate:
    strongest_first = sorted(reasons, key=lambda phrase: (-reasons[phrase], phrase))
    because = tuple(" ".join(phrase) for phrase in strongest_first)
    return Candidate(key, tuple(sorted(scores)), because, round(sum(scores.values()), 3))


def _best(hits: Iterable[_Hit], units: Mapping[str, Opd]) -> list[tuple[str, float]]:
    """The few best units of one item with their scores."""
    found = list(hits)
    named = _named(found)
    scores: dict[str, float] = defaultdict(float)
    for hit in found:
        if not hit.is_name:
            for key in hit.keys:
                scores[key] += hit.weight
    for key in scores:
        if key not in named:
            scores[key] += SHARE_FROM_PARENT * named.get(units[key].parent, 0.0)
    for key, weight in named.items():
        scores[key] += weight
    return _clear_leaders(scores, named)


def _named(hits: Iterable[_Hit]) -> dict[str, float]:
    """The units named outright; a name counts once, however often and in whatever form it stands."""
    weights: dict[str, float] = {}
    for hit in hits:
        if hit.is_name:
            weights |= {key: max(hit.weight, weights.get(key, 0.0)) for key in hit.keys}
    return weights


def _clear_leaders(scores: Mapping[str, float], named: Container[str]) -> list[tuple[str, float]]:
    ranked = sorted(scores.items(), key=lambda one: (-one[1], one[0] not in named, one[0]))
    # Where more units tie than are proposed, choosing among them would be a throw of dice.
    dice = ranked[MOST_PER_ITEM][1] if len(ranked) > MOST_PER_ITEM else 0.0
    return [
        one for one in ranked[:MOST_PER_ITEM] if one[1] > dice and one[1] >= WORTH_PROPOSING * ranked[0][1]
    ]


def _speaks_for(hit: _Hit, opd: Opd) -> bool:
    return opd.key in hit.keys or (hit.is_name and opd.parent in hit.keys)


def _words(text: str) -> Phrase:
    return tuple(_WORD.findall(text.casefold()))


def _hits(text: str, phrases: Mapping[Phrase, _Hit]) -> Iterator[_Hit]:
    """Each known phrase of the text once; the longest at a place hides the shorter ones inside it."""
    words = _words(text)
    longest = max(map(len, phrases), default=0)
    seen: set[Phrase] = set()
    at = 0
    while at < len(words):
        sizes = range(min(longest, len(words) - at), 0, -1)
        found = next((phrase for size in sizes if (phrase := words[at : at + size]) in phrases), None)
        if found and found not in seen:
            seen.add(found)
            yield phrases[found]
        at += len(found) if found else 1


def _phrases_of(opds: Iterable[Opd]) -> dict[Phrase, _Hit]:
    """Every phrase that speaks for units: names first, then what they keep."""
    names: dict[Phrase, set[str]] = defaultdict(set)
    kept: dict[Phrase, set[str]] = defaultdict(set)
    for opd in opds:
        for phrase in _names_of(opd):
            names[phrase].add(opd.key)
        for subject in opd.subjects:
            kept[_words(subject)].add(opd.key)
    # A beginning that several units share names none of them.
    outright = {phrase: keys for phrase, keys in names.items() if len(keys) == 1}
    hits = {phrase: _Hit(phrase, frozenset(keys)) for phrase, keys in kept.items() if phrase}
    return hits | {phrase: _Hit(phrase, frozenset(keys), is_name=True) for phrase, keys in outright.items()}


def _names_of(opd: Opd) -> set[Phrase]:
    """Key, full names old and new, and the beginning people use: Dinas Pendidikan (dan Kebudayaan)."""
    names = {_words(opd.key), _words(_CAMEL.sub(" ", opd.key))}
    for name in (opd.name, *(former for _, former in opd.former_names)):
        names.add(_words(name))
        beginning = _words(_TAIL.split(name)[0])
        if len(beginning) > 1 and beginning[0] in KINDS_OF_UNIT:
            names.add(beginning)
    return names
