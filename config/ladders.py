"""From `ladders.yaml` to reminder ladders; a rung that could never fire or reach anybody is a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from config.models import LadderEntry, LaddersFile, RungEntry
from config.source import Entry, Source
from config.yamlfile import Where
from domain.ladder import OWNER_OF, Effect, Ladders, Recipient, Rung, Via
from domain.rule import ClockKind, Direction, Rule, Unit

#: Where an effect has a meaning; a reminder has one everywhere.
CLOCKS_OF: Final[Mapping[Effect, frozenset[ClockKind]]] = {
    Effect.TAKE_OVER: frozenset({ClockKind.OPD_ANSWER}),
    Effect.RECORD_UNANSWERED: frozenset({ClockKind.NOTICE}),
    Effect.ESCALATE: frozenset({ClockKind.OBJECTION_ANSWER}),
    Effect.LAPSE: frozenset({ClockKind.CORRECTION}),
    Effect.CLOSE: frozenset({ClockKind.OBJECTION_WINDOW, ClockKind.DISPUTE_WINDOW}),
}
#: After these nothing of the clock is left, so no later rung can fire.
ENDS_THE_CLOCK: Final = frozenset({Effect.LAPSE, Effect.CLOSE})
#: What a missed day means by law may not be left out of the ladder.
MUST_HAVE: Final = {
    ClockKind.NOTICE: (Effect.RECORD_UNANSWERED, "UU 14/2008 Pasal 35 ayat (1) huruf c"),
    ClockKind.OBJECTION_ANSWER: (Effect.ESCALATE, "UU 14/2008 Pasal 37; PERKI 1/2013 Pasal 13 huruf b"),
}
#: Their day is named by a promise or an order, so the rule's length does not bound a rung.
DAY_IS_NAMED: Final = frozenset({ClockKind.HANDOVER, ClockKind.FULFILMENT, ClockKind.COMPLIANCE})
STRETCHED_BY: Final = {ClockKind.NOTICE: "extension", ClockKind.MEDIATION: "mediation_extension"}
_DAYS_IN: Final = {Unit.WORKING_DAY: 1, Unit.CALENDAR_DAY: 1, Unit.MONTH: 23, Unit.HOUR: 1}
_OF_AN_OPD: Final = frozenset({Recipient.OPD, Recipient.OPD_HEAD})


def ladders_from(source: Source, rules: Iterable[Rule]) -> Ladders | None:
    """The ladders of the file; None when its first part is at fault."""
    top = source.without_list(LaddersFile, "ladders")
    entries = source.entries("ladders", LadderEntry)
    known = tuple(rules)
    rungs: dict[ClockKind, tuple[Rung, ...]] = {}
    for entry in entries:
        clock = entry.value.clock
        if clock in rungs:
            source.fault((*entry.at, "clock"), f"tangga untuk «{clock}» sudah ada")
            continue
        _check_rungs(source, entry, _longest(clock, known))
        in_order = sorted(entry.value.rungs, key=lambda rung: rung.offset)
        rungs[clock] = tuple(Rung(one.offset, tuple(one.to), one.effect, one.via) for one in in_order)
    _check_nothing_lacks(source, rungs)
    return Ladders(rungs, top.commission, top.digest) if top else None


def _longest(clock: ClockKind, rules: tuple[Rule, ...]) -> int | None:
    """The most working days before its last day on which the clock can be running; None without bound."""
    of_clock = [rule for rule in rules if rule.name == clock]
    unbounded = clock in DAY_IS_NAMED or any(rule.direction is Direction.BEFORE for rule in of_clock)
    if not of_clock or unbounded:
        return None
    stretch = [rule for rule in rules if rule.name == STRETCHED_BY.get(clock)]
    return max(map(_in_days, of_clock)) + max(map(_in_days, stretch), default=0)


def _in_days(rule: Rule) -> int:
    return rule.length * _DAYS_IN[rule.unit]


def _check_rungs(source: Source, entry: Entry[LadderEntry], longest: int | None) -> None:
    clock = entry.value.clock
    ends_at = min((r.offset for r in entry.value.rungs if r.effect in ENDS_THE_CLOCK), default=None)
    seen_offsets: set[int] = set()
    seen_effects: set[Effect] = set()
    for index, rung in enumerate(entry.value.rungs):
        at: Where = (*entry.at, "rungs", index)
        if rung.offset in seen_offsets:
            source.fault((*at, "offset"), f"anak tangga {rung.offset:+d} sudah ada")
        if longest is not None and -rung.offset > longest:
            message = f"tidak akan pernah terjadi: «{clock}» hanya {longest} hari kerja"
            source.fault((*at, "offset"), message)
        if ends_at is not None and rung.offset > ends_at:
            message = f"tidak akan pernah terjadi: «{clock}» sudah berakhir pada {ends_at:+d}"
            source.fault((*at, "offset"), message)
        if rung.effect is not Effect.REMIND and rung.effect in seen_effects:
            source.fault((*at, "effect"), f"{rung.effect} hanya boleh satu kali dalam satu tangga")
        seen_offsets.add(rung.offset)
        seen_effects.add(rung.effect)
        _check_effect(source, at, clock, rung)
        _check_recipients(source, at, clock, rung)


def _check_effect(source: Source, at: Where, clock: ClockKind, rung: RungEntry) -> None:
    if rung.effect is Effect.REMIND:
        return
    meant_for = CLOCKS_OF[rung.effect]
    if clock not in meant_for:
        message = f"{rung.effect} tidak berarti pada «{clock}»; hanya untuk {', '.join(sorted(meant_for))}"
        source.fault((*at, "effect"), message)
    if rung.offset < 1:
        message = f"{rung.effect} baru boleh sesudah hari terakhir lewat (offset +1 atau lebih)"
        source.fault((*at, "offset"), message)


def _check_recipients(source: Source, at: Where, clock: ClockKind, rung: RungEntry) -> None:
    where = (*at, "to")
    to = {OWNER_OF[clock] if one is Recipient.OWNER else one for one in rung.to}
    if len(set(rung.to)) < len(rung.to):
        source.fault(where, "penerima disebut dua kali")
    if not to and rung.effect is Effect.REMIND:
        source.fault(where, "anak tangga tanpa penerima")
    if to & _OF_AN_OPD and clock is not ClockKind.OPD_ANSWER:
        source.fault(where, f"«{clock}» bukan tenggat satu OPD; penerima opd dan opd_head tidak dikenal")
    if Recipient.COMMISSION in to and rung.effect is not Effect.ESCALATE:
        source.fault(where, "Komisi Informasi hanya menerima surat dari effect: escalate")
    if Recipient.APPLICANT in to and rung.effect is Effect.REMIND:
        source.fault(where, "pemohon tidak menerima pengingat internal; ia diberi tahu oleh effect")
    if rung.via is Via.DIGEST and (to - _OF_AN_OPD or rung.effect is not Effect.REMIND):
        source.fault((*at, "via"), "digest hanya untuk pengingat kepada opd atau opd_head")


def _check_nothing_lacks(source: Source, rungs: Mapping[ClockKind, tuple[Rung, ...]]) -> None:
    for clock, (effect, law) in MUST_HAVE.items():
        if not any(rung.effect is effect for rung in rungs.get(clock, ())):
            source.fault(("ladders",), f"tangga «{clock}» harus memuat effect: {effect}", law)
