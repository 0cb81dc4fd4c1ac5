"""Guards and steps of a request's arrows: what must hold, and what changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from domain import arrow, clock
from domain.act import Act
from domain.arrow import Scene
from domain.clock import Clock, Clocks, latest, running
from domain.errors import Refused
from domain.item import TESTED, Item, Outcome, Proposal, Verdict, change, check_verdict
from domain.office import Role
from domain.request import (
    Assignment,
    Request,
    Stage,
    TaskState,
    settle_assignments,
    with_assignment,
)
from domain.rule import ClockKind

RScene = Scene[Request]

#: The steps that get more time with the applicant's notice; completeness and forwarding never wait for it.
EXTENDED_STEPS: Final = (ClockKind.OPD_ANSWER, ClockKind.REVIEW, ClockKind.DRAFTING)
Step = arrow.Step[Request]
Guard = arrow.Guard[Request]

# --- guards -------------------------------------------------------------------------------------


def needs_note(request: Request, scene: RScene) -> None:
    if not scene.act.note.strip():
        raise Refused("note", "alasan wajib ditulis")


def names_self(request: Request, scene: RScene) -> None:
    """Where two people must differ, both must be known."""
    if not scene.act.by.name:
        raise Refused("as", "sebutkan siapa yang bertindak (--as NAMA)")


def day_is_possible(request: Request, scene: RScene) -> None:
    """The fact lies neither in the future nor before the request came in."""
    if scene.act.day > scene.act.today:
        raise Refused("on", f"tanggal {scene.act.day} masih di depan")
    if scene.act.day < request.received_on:
        raise Refused("on", f"tanggal {scene.act.day} sebelum permohonan diterima ({request.received_on})")


def is_complete(request: Request, scene: RScene) -> None:
    if request.complete_on is None:
        raise Refused("tahap", "kelengkapan belum diperiksa; catat dulu dengan «record_complete»")


def not_yet_complete(request: Request, scene: RScene) -> None:
    if request.complete_on is not None:
        raise Refused("tahap", f"sudah dinyatakan lengkap pada {request.complete_on}")


def papers_are_there(request: Request, scene: RScene) -> None:
    if request.faults:
        raise Refused(
            "kelengkapan",
            "masih kurang: " + "; ".join(request.faults) + ". Perbaiki register (correct) atau minta pemohon"
            " melengkapi (ask_completion)",
        )


def opds_are_known(request: Request, scene: RScene) -> None:
    act = scene.act
    if not act.opds:
        raise Refused("opd", "sebutkan sedikitnya satu OPD")
    for key in act.opds:
        opd = scene.book.office.opd(key)
        if opd is None:
            raise Refused("opd", f"OPD «{key}» tidak dikenal di opd.yaml")
        if not opd.is_active(act.today):
            raise Refused("opd", f"OPD «{key}» tidak aktif pada {act.today}")
        if request.assignment(key) is not None:
            raise Refused("opd", f"OPD «{key}» sudah memegang tugas pada permohonan ini")


def names_opds(request: Request, scene: RScene) -> None:
    if not scene.act.opds:
        raise Refused("opd", "sebutkan OPD yang dimaksud; untuk pengalihan: OPD asal, lalu OPD tujuan")


def items_are_known(request: Request, scene: RScene) -> None:
    known = {item.no for item in request.items}
    for no in scene.act.items:
        if no not in known:
            raise Refused("item", f"butir {no} tidak ada; yang ada: {', '.join(map(str, sorted(known)))}")


def opd_holds_a_task(request: Request, scene: RScene) -> None:
    opd = _acting_opd(request, scene.act)
    part = request.assignment(opd)
    if part is None:
        raise Refused("opd", f"OPD «{opd}» tidak memegang tugas terbuka pada permohonan ini")
    outside = [no for no in scene.act.items if no not in part.items]
    if outside:
        raise Refused("item", f"butir {outside[0]} bukan bagian OPD «{opd}»")


def answer_is_allowed(request: Request, scene: RScene) -> None:
    """An OPD answers its own part; the coordinator answers what no OPD holds any more."""
    act = scene.act
    if act.by.role is Role.OPD or act.opds:
        opd_holds_a_task(request, scene)
    outcome = act.outcome or Outcome.OPEN
    if outcome in TESTED:
        raise Refused(
            "outcome", "pengecualian harus melalui uji konsekuensi; gunakan «propose_exemption» (UU Pasal 19)"
        )
    if outcome is Outcome.NOT_DOCUMENTED and not act.note.strip():
        raise Refused("note", "jelaskan mengapa belum dikuasai atau didokumentasikan")
    if outcome is Outcome.ALREADY_PUBLISHED and not act.note.strip():
        raise Refused("note", "sebutkan tempat informasi itu dipublikasikan")
    _numbers(request, act)


def is_not_under_test(request: Request, scene: RScene) -> None:
    """While a test is open, answers come in for the other items; what is tested waits for its verdict."""
    if request.stage is not Stage.LEGAL_REVIEW:
        return
    for no in _numbers(request, scene.act):
        item = _item(request, no)
        if item.needs_test or (item.verdict is not None and not item.verdict.approved_by):
            raise Refused("item", f"butir {no} sedang diuji; jawabannya menunggu hasil uji konsekuensi")


def no_exemption_stands(request: Request, scene: RScene) -> None:
    """What a test decided changes by a new test only (PERKI 1/2021 Pasal 53)."""
    for no in _numbers(request, scene.act):
        verdict = _item(request, no).verdict
        if verdict is not None and verdict.approved_by and verdict.outcome in TESTED:
            raise Refused(
                "item",
                f"butir {no} sudah diputus melalui uji konsekuensi; ubah dengan uji baru (PERKI Pasal 53)",
            )


def names_ground(request: Request, scene: RScene) -> None:
    if scene.act.ground is None:
        raise Refused("ground", "sebutkan huruf Pasal 17 UU 14/2008 (17a–17j)")
    needs_note(request, scene)


def asks_for_days(request: Request, scene: RScene) -> None:
    days = scene.act.days
    if days is None or not 1 <= days <= 10:
        raise Refused("days", "sebutkan 1 sampai 10 hari kerja")


def verdict_is_lawful(request: Request, scene: RScene) -> None:
    act = scene.act
    if act.outcome is None:
        raise Refused("outcome", "sebutkan hasil: open, partly, atau exempt")
    if act.outcome not in {Outcome.OPEN, Outcome.PARTLY, Outcome.EXEMPT}:
        raise Refused("outcome", "uji konsekuensi hanya menghasilkan open, partly, atau exempt")
    check_verdict(_verdict(act), today=act.today)
    for item in _tested_items(request, act):
        if item.verdict is not None and item.verdict.approved_by:
            raise Refused("item", f"hasil uji butir {item.no} sudah disetujui")


def every_item_has_a_verdict(request: Request, scene: RScene) -> None:
    for item in request.items:
        if item.needs_test and item.verdict is None:
            raise Refused("item", f"butir {item.no} belum ada hasil ujinya")
    if not any(item.verdict for item in request.items):
        raise Refused("item", "belum ada hasil uji yang dapat disetujui")


def approver_did_not_draft(request: Request, scene: RScene) -> None:
    """Whoever drafted may not approve, even while acting for the approver."""
    name = scene.act.by.name
    for item in request.items:
        if item.verdict is not None and name and item.verdict.drafted_by == name:
            raise Refused("as", f"{name} menyusun hasil uji butir {item.no}, jadi tidak boleh menyetujuinya")


def not_extended_before(request: Request, scene: RScene) -> None:
    if request.extended_on is not None:
        raise Refused(
            "perpanjangan", "sudah diperpanjang satu kali dan tidak boleh lagi (UU Pasal 22 ayat (8))"
        )
    if scene.act.extension is None:
        raise Refused(
            "extension",
            "sebutkan salah satu dari dua alasan: not_yet_held atau not_yet_decided (PERKI 1/2021 Pasal 36)",
        )
    if running(request.clocks, ClockKind.NOTICE) is None:
        raise Refused("tahap", "tenggat pemberitahuan tidak berjalan, jadi tidak ada yang diperpanjang")


def every_item_is_answered(request: Request, scene: RScene) -> None:
    for item in request.items:
        if item.outcome is None:
            raise Refused("item", f"butir {item.no} belum dijawab")
        if item.outcome in TESTED and (item.verdict is None or not item.verdict.approved_by):
            raise Refused(
                "item", f"pengecualian butir {item.no} belum disetujui Atasan PPID (PERKI Pasal 10)"
            )


def nothing_runs_beside(request: Request, scene: RScene) -> None:
    """No objection or dispute of the family is open, and the applicant's windows are past."""
    for other in scene.family:
        if other.number != request.number and other.stage != "closed":
            raise Refused("berkas", f"{other.number} masih terbuka")
    window = running(request.clocks, ClockKind.OBJECTION_WINDOW)
    if window is not None and scene.act.today <= window.due_on:
        raise Refused("tanggal", f"pemohon masih dapat mengajukan keberatan sampai {window.due_on}")


def correction_is_overdue(request: Request, scene: RScene) -> None:
    waiting = running(request.clocks, ClockKind.CORRECTION)
    if waiting is not None and scene.act.today <= waiting.due_on:
        raise Refused("tanggal", f"pemohon masih dapat melengkapi sampai {waiting.due_on}")


def statutory_day_has_passed(request: Request, scene: RScene) -> None:
    notice = running(request.clocks, ClockKind.NOTICE)
    if notice is None or scene.act.today <= notice.due_on:
        raise Refused("tanggal", "hari terakhir pemberitahuan belum lewat")
    if request.unanswered_on is not None:
        raise Refused("tahap", f"sudah dicatat tidak dijawab pada {request.unanswered_on}")


def has_amount(request: Request, scene: RScene) -> None:
    amount = scene.act.amount_idr
    if amount is None or not 0 <= amount <= 100_000_000:
        raise Refused("amount", "sebutkan biaya dalam rupiah, 0 sampai 100.000.000")


def has_future_day(request: Request, scene: RScene) -> None:
    if scene.act.until is None or scene.act.until < scene.act.today:
        raise Refused("until", "sebutkan tanggal hari ini atau sesudahnya")


def names_other(request: Request, scene: RScene) -> None:
    if not scene.act.other.strip():
        raise Refused("other", "sebutkan nomor berkas, nama putusan, atau surat yang dimaksud")


def has_changes(request: Request, scene: RScene) -> None:
    if not scene.act.changes:
        raise Refused("field", "sebutkan isian yang diperbaiki")
    needs_note(request, scene)


# --- steps --------------------------------------------------------------------------------------


def declare_complete(request: Request, scene: RScene) -> Request:
    return replace(request, complete_on=scene.act.day)


def ask_completion(request: Request, scene: RScene) -> Request:
    """The applicant's three days run from receipt; until proof comes, from the presumed day (R-S33.3)."""
    act, book = scene.act, scene.book
    presumed = book.presumed_receipt(act.today, received_on=request.received_on)
    window = book.start_clock(ClockKind.CORRECTION, presumed, received_on=request.received_on)
    return replace(request, asked_on=act.today, clocks=clock.put(request.clocks, window))


def complete(request: Request, scene: RScene) -> Request:
    """The applicant handed in what was missing; out of *lapsed* the statutory period starts anew."""
    act, book = scene.act, scene.book
    clocks = clock.meet(request.clocks, ClockKind.CORRECTION, act.at)
    if running(clocks, ClockKind.NOTICE) is None:
        again = book.start_clock(ClockKind.NOTICE, act.day, received_on=request.received_on)
        clocks = clock.put(clocks, again)
    return replace(request, clocks=clocks, faults=(), complete_on=None)


def propose(request: Request, scene: RScene) -> Request:
    return replace(request, proposed=scene.act.proposed, routed_on=scene.act.today)


def forward(request: Request, scene: RScene) -> Request:
    """Each OPD gets the items named, or those proposed for it, or all; and a clock of its own."""
    act, clocks = scene.act, request.clocks
    added: list[Assignment] = []
    for key in act.opds:
        added.append(Assignment(key, _items_for(request, key, act.items), act.today))
        clocks = clock.put(clocks, _opd_clock(request, scene, key))
    return replace(request, assignments=(*request.assignments, *added), clocks=clocks)


def reroute(request: Request, scene: RScene) -> Request:
    """From the first OPD named to the others; the statutory clock never notices (Q-17)."""
    source, *targets = scene.act.opds
    part = request.assignment(source)
    if part is None:
        raise Refused("opd", f"OPD «{source}» tidak memegang tugas terbuka")
    moved = with_assignment(request, source, state=TaskState.MOVED)
    moved = replace(moved, clocks=clock.end(moved.clocks, scene.act.at, ClockKind.OPD_ANSWER, key=source))
    numbers = scene.act.items or tuple(no for no in part.items if not _item(request, no).is_settled)
    act = replace(scene.act, opds=tuple(targets), items=numbers)
    inner = replace(scene, act=act)
    opds_are_known(moved, inner)
    return forward(moved, inner)


def take_over(request: Request, scene: RScene) -> Request:
    """The coordinator answers in the OPD's place; its clock goes on, so Atasan still learns of it."""
    for key in scene.act.opds:
        if request.assignment(key) is None:
            raise Refused("opd", f"OPD «{key}» tidak memegang tugas terbuka")
        request = with_assignment(request, key, state=TaskState.TAKEN_OVER)
    return request


def accept(request: Request, scene: RScene) -> Request:
    return with_assignment(request, _acting_opd(request, scene.act), state=TaskState.ACCEPTED)


def not_ours(request: Request, scene: RScene) -> Request:
    return with_assignment(request, _acting_opd(request, scene.act), state=TaskState.NOT_OURS)


def ask_time(request: Request, scene: RScene) -> Request:
    return with_assignment(request, _acting_opd(request, scene.act), asked_days=scene.act.days)


def give_time(request: Request, scene: RScene) -> Request:
    """Move the OPD's own date, never past the statutory one less the later steps."""
    act, book = scene.act, scene.book
    key = act.opds[0] if act.opds else ""
    current = running(request.clocks, ClockKind.OPD_ANSWER, key)
    part = request.assignment(key)
    if current is None or part is None:
        raise Refused("opd", f"OPD «{key}» tidak memegang tugas terbuka")
    days = act.days or part.asked_days or 0
    asks_for_days(request, replace(scene, act=replace(act, days=days)))
    wished = book.rung_day(current.due_on, days)
    cap = book.cap_for(ClockKind.OPD_ANSWER, request.clocks, received_on=request.received_on)
    due_on = max(min(wished, cap) if cap else wished, current.due_on)
    if due_on == current.due_on:
        raise Refused(
            "days", "tidak ada ruang lagi sebelum hari terakhir pemberitahuan; pertimbangkan perpanjangan"
        )
    moved = _redated(current, due_on, scene)
    return replace(
        with_assignment(request, key, asked_days=None),
        clocks=tuple(moved if c is current else c for c in request.clocks),
    )


def answer(request: Request, scene: RScene) -> Request:
    """Give the items named (or all open ones of the part) an outcome."""
    act = scene.act
    outcome = act.outcome or Outcome.OPEN
    by = act.by.opd or (act.opds[0] if act.opds else "PPID")
    items = change(
        request.items,
        _numbers(request, act),
        outcome=outcome,
        answered_by=by,
        note=act.note,
        holder=act.holder,
        documents=act.documents,
        available_on=act.until if outcome is Outcome.NOT_DOCUMENTED else None,
        proposal=None,
        verdict=None,
    )
    return _after_answer(replace(request, items=items), scene)


def not_held(request: Request, scene: RScene) -> Request:
    return answer(request, replace(scene, act=replace(scene.act, outcome=Outcome.NOT_HELD)))


def out_of_reach(request: Request, scene: RScene) -> Request:
    return answer(request, replace(scene, act=replace(scene.act, outcome=Outcome.NOT_DOCUMENTED)))


def propose_exemption(request: Request, scene: RScene) -> Request:
    act = scene.act
    if act.ground is None:
        raise Refused("ground", "sebutkan huruf Pasal 17 UU 14/2008 (17a–17j)")
    proposal = Proposal(act.ground, act.note, act.by.opd or "PPID")
    numbers = _numbers(request, act)
    items = change(
        request.items, numbers, proposal=proposal, verdict=None, outcome=None, documents=act.documents
    )
    return _after_answer(replace(request, items=items), scene)


def open_test(request: Request, scene: RScene) -> Request:
    """The worksheet is open; the review's clock runs from the first opening."""
    clocks = request.clocks
    if running(clocks, ClockKind.REVIEW) is None:
        cap = scene.book.cap_for(ClockKind.REVIEW, clocks, received_on=request.received_on)
        started = scene.book.start_clock(
            ClockKind.REVIEW, scene.act.today, received_on=request.received_on, cap=cap
        )
        clocks = clock.put(clocks, started)
    return replace(request, test_opened_on=request.test_opened_on or scene.act.today, clocks=clocks)


def record_verdict(request: Request, scene: RScene) -> Request:
    """The verdict per item; of a partly open one only the blacked-out copies named here go out (R-S50)."""
    act = scene.act
    numbers = [item.no for item in _tested_items(request, act)]
    items = change(request.items, numbers, verdict=_verdict(act))
    if act.outcome is Outcome.PARTLY:
        items = change(items, numbers, documents=act.documents)
    return replace(request, items=items)


def approve(request: Request, scene: RScene) -> Request:
    """Each verdict becomes the item's outcome (R-S10.2e/f)."""
    name = scene.act.by.name or Role.ATASAN
    items = tuple(_approved(item, name) for item in request.items)
    return replace(request, items=items, approved_on=scene.act.today)


def send_back(request: Request, scene: RScene) -> Request:
    items = tuple(
        replace(item, verdict=None) if item.verdict and not item.verdict.approved_by else item
        for item in request.items
    )
    return replace(request, items=items)


def extend(request: Request, scene: RScene) -> Request:
    """Seven further working days from the first last day, once; the first date stays on the clock."""
    act, book = scene.act, scene.book
    current = running(request.clocks, ClockKind.NOTICE)
    if current is None:
        raise Refused("tahap", "tenggat pemberitahuan tidak berjalan")
    further = book.rule("extension", on=request.received_on)
    moved = _redated(current, book.due(further, current.due_on), scene)
    clocks = tuple(moved if c is current else c for c in request.clocks)
    return replace(
        request,
        clocks=_steps_extended(request, clocks, further.length, scene),
        extended_on=act.today,
        extension_ground=str(act.extension),
    )


def _steps_extended(request: Request, clocks: Clocks, days: int, scene: RScene) -> Clocks:
    """The running steps gain the same days, as far as those after them leave room; none loses any.

    A part that was taken over is the coordinator's own: that OPD was late, and its clock stays as it is.
    """
    waiting = {a.opd for a in request.open_assignments if a.state is not TaskState.TAKEN_OVER}
    book, changed = scene.book, []
    for one in clocks:
        stretched = one.kind in (ClockKind.REVIEW, ClockKind.DRAFTING) or one.key in waiting
        if one.is_running and one.kind in EXTENDED_STEPS and stretched:
            cap = book.cap_for(one.kind, clocks, received_on=request.received_on)
            wished = book.rung_day(one.due_on, days)
            due_on = max(min(wished, cap) if cap else wished, one.due_on)
            one = one if due_on == one.due_on else _redated(one, due_on, scene)
        changed.append(one)
    return tuple(changed)


def compile_draft(request: Request, scene: RScene) -> Request:
    return replace(
        request,
        compiled_on=scene.act.today,
        draft=scene.act.documents[0] if scene.act.documents else request.draft,
    )


def sign_notice(request: Request, scene: RScene) -> Request:
    act, book = scene.act, scene.book
    promised = act.until
    if promised is None and request.wants_copy:
        promised = book.due(book.rule(ClockKind.HANDOVER, on=request.received_on), act.today)
    return replace(
        request,
        noticed_at=act.at,
        signed_by=act.by.name,
        cost_idr=act.amount_idr if act.amount_idr is not None else request.cost_idr,
        promised_on=promised,
    )


def send_bundle(request: Request, scene: RScene) -> Request:
    return replace(request, bundle_sent_on=request.bundle_sent_on or scene.act.today)


def mark_sent(request: Request, scene: RScene) -> Request:
    """The relay took the notice, or the desk sent it: the duty is met, the applicant's window opens."""
    act = scene.act
    if request.noticed_at is None or request.notice_sent_at is not None:
        return request
    sent_on = act.day
    presumed = scene.book.presumed_receipt(sent_on, received_on=request.received_on)
    clocks = clock.meet(request.clocks, ClockKind.NOTICE, act.at)
    request = replace(request, notice_sent_at=act.at, clocks=clocks)
    return _open_objection_window(request, scene, request.notice_received_on or presumed)


def mark_bounced(request: Request, scene: RScene) -> Request:
    """The notice came back: the duty is open again (DESIGN 7)."""
    if request.notice_sent_at is None or not scene.act.other.endswith(":notice"):
        return request
    return replace(request, notice_sent_at=None, clocks=clock.reopen(request.clocks, ClockKind.NOTICE))


def record_receipt(request: Request, scene: RScene) -> Request:
    """Proof of the day a letter reached the applicant; windows count from it."""
    act = scene.act
    if request.stage is Stage.INCOMPLETE:
        window = scene.book.start_clock(ClockKind.CORRECTION, act.day, received_on=request.received_on)
        return replace(request, clocks=clock.put(request.clocks, window))
    if request.noticed_at is None:
        raise Refused("tahap", "belum ada pemberitahuan yang dapat diterima pemohon")
    request = replace(request, notice_received_on=act.day)
    return _open_objection_window(request, scene, act.day)


def record_unanswered(request: Request, scene: RScene) -> Request:
    """Day 11 has come without a notice: reasons c and g exist from today (Q-13)."""
    request = replace(request, unanswered_on=scene.act.today)
    notice = latest(request.clocks, ClockKind.NOTICE)
    found = scene.book.rung_day(notice.due_on, 1) if notice else scene.act.today
    return _open_objection_window(request, scene, found)


def cost_note(request: Request, scene: RScene) -> Request:
    act, book = scene.act, scene.book
    promised = act.until or request.promised_on
    if promised is None or promised < act.today:
        promised = book.due(book.rule(ClockKind.HANDOVER, on=request.received_on), act.today)
    promise = book.dated_clock(ClockKind.HANDOVER, act.today, promised, law="PERKI 1/2021 Pasal 35 dan 37")
    return replace(
        request,
        cost_idr=act.amount_idr if act.amount_idr is not None else 0,
        promised_on=promised,
        clocks=clock.put(request.clocks, promise),
    )


def pay(request: Request, scene: RScene) -> Request:
    return replace(request, paid_on=scene.act.day)


def hand_over(request: Request, scene: RScene) -> Request:
    if request.cost_idr and request.paid_on is None:
        raise Refused("pembayaran", f"biaya Rp{request.cost_idr:,} belum dicatat lunas".replace(",", "."))
    return send_bundle(replace(request, handed_over_on=scene.act.day), scene)


def order(request: Request, scene: RScene) -> Request:
    """A granted objection or an order of the Commission: what must be done, by its own date."""
    act, book = scene.act, scene.book
    due_on = act.until or book.due(book.rule(ClockKind.FULFILMENT, on=request.received_on), act.today)
    duty = book.dated_clock(ClockKind.FULFILMENT, act.today, due_on, law=act.other)
    return replace(request, ordered_by=act.other, fulfilled_on=None, clocks=clock.put(request.clocks, duty))


def suspend_order(request: Request, scene: RScene) -> Request:
    return replace(request, ordered_by="")


def fulfil(request: Request, scene: RScene) -> Request:
    items = request.items
    if scene.act.documents:
        numbers = scene.act.items or tuple(item.no for item in items)
        items = change(items, numbers, documents=scene.act.documents, outcome=Outcome.OPEN)
    return replace(request, fulfilled_on=scene.act.day, items=items)


def link(request: Request, scene: RScene) -> Request:
    if scene.act.other == request.number:
        raise Refused("other", "permohonan tidak dapat ditautkan pada dirinya sendiri")
    return replace(request, duplicates=tuple(dict.fromkeys((*request.duplicates, scene.act.other))))


def close_because(request: Request, scene: RScene) -> Request:
    return replace(request, closed_because=scene.act.action)


def correct(request: Request, scene: RScene) -> Request:
    """Mend an entry of the register that is not personal; personal ones change under the person's key.

    A corrected day of receipt moves the statutory date, as it must.
    """
    changes = dict(scene.act.changes)
    if "subject" in changes:
        request = replace(request, subject=changes["subject"])
    if "received_on" in changes:
        request = _correct_receipt(request, scene, _day(changes["received_on"]))
    return request


# --- parts --------------------------------------------------------------------------------------


def _correct_receipt(request: Request, scene: RScene, received_on: date) -> Request:
    if received_on > scene.act.today:
        raise Refused("received_on", "tanggal masih di depan")
    current = running(request.clocks, ClockKind.NOTICE)
    request = replace(request, received_on=received_on)
    if current is None:
        return request
    fresh = scene.book.start_clock(ClockKind.NOTICE, received_on, received_on=received_on)
    moved = replace(_redated(current, fresh.due_on, scene), start_on=received_on, first_due_on=fresh.due_on)
    return replace(request, clocks=tuple(moved if c is current else c for c in request.clocks))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("received_on", f"«{text}» bukan tanggal; tulis seperti 2026-03-02") from None


def _redated(current: Clock, due_on: date, scene: RScene) -> Clock:
    fired = scene.book.rungs_behind(current, due_on, scene.act.today)
    fresh = scene.book.dated_clock(current.kind, current.start_on, due_on, law=current.law)
    return clock.redate(current, due_on, fired=fired, provisional=fresh.provisional)


def _open_objection_window(request: Request, scene: RScene, found_on: date) -> Request:
    window = scene.book.start_clock(ClockKind.OBJECTION_WINDOW, found_on, received_on=request.received_on)
    return replace(request, clocks=clock.put(request.clocks, window))


def _opd_clock(request: Request, scene: RScene, key: str) -> Clock:
    cap = scene.book.cap_for(ClockKind.OPD_ANSWER, request.clocks, received_on=request.received_on)
    return scene.book.start_clock(
        ClockKind.OPD_ANSWER, scene.act.today, received_on=request.received_on, key=key, cap=cap
    )


def _items_for(request: Request, key: str, named: tuple[int, ...]) -> tuple[int, ...]:
    if named:
        return named
    proposed = next((p.items for p in request.proposed if p.opd == key), ())
    return proposed or tuple(item.no for item in request.items)


def _item(request: Request, no: int) -> Item:
    return next(item for item in request.items if item.no == no)


def _acting_opd(request: Request, act: Act) -> str:
    key = act.by.opd or (act.opds[0] if act.opds else "")
    if not key:
        raise Refused("opd", "sebutkan OPD yang bertindak")
    return key


def _numbers(request: Request, act: Act) -> tuple[int, ...]:
    """The items an answer is about: those named, else the open ones of the part, else all open ones."""
    if act.items:
        return act.items
    key = act.by.opd or (act.opds[0] if act.opds else "")
    part = request.assignment(key) if key else None
    pool = part.items if part is not None else tuple(item.no for item in request.items)
    open_ones = tuple(no for no in pool if not _item(request, no).is_settled)
    if not open_ones:
        raise Refused("item", "semua butir sudah dijawab; sebutkan butir yang hendak diganti")
    return open_ones


def _tested_items(request: Request, act: Act) -> tuple[Item, ...]:
    if act.items:
        return tuple(item for item in request.items if item.no in act.items)
    return tuple(item for item in request.items if item.needs_test)


def _verdict(act: Act) -> Verdict:
    return Verdict(
        outcome=act.outcome or Outcome.OPEN,
        reason=act.note.strip(),
        drafted_by=act.by.name,
        ground=act.ground,
        basis=act.basis,
        until=act.until,
        permanent=act.permanent,
    )


def _approved(item: Item, name: str) -> Item:
    if item.verdict is None or item.verdict.approved_by:
        return item
    return replace(item, verdict=replace(item.verdict, approved_by=name), outcome=item.verdict.outcome)


def _after_answer(request: Request, scene: RScene) -> Request:
    """Parts whose items are all settled are closed: a done one meets its clock, a released one ends it."""
    settled = settle_assignments(request)
    clocks = settled.clocks
    open_keys = {a.opd for a in settled.open_assignments}
    for part in settled.assignments:
        if part.opd in open_keys:
            continue
        if part.state is TaskState.DONE:
            clocks = clock.meet(clocks, ClockKind.OPD_ANSWER, scene.act.at, key=part.opd)
        elif part.state is TaskState.RELEASED:
            clocks = clock.end(clocks, scene.act.at, ClockKind.OPD_ANSWER, key=part.opd)
    return replace(settled, clocks=clocks)
