"""Guards of a request's arrows: what must hold beyond stage and role; each names the field it is about."""

from __future__ import annotations

from domain.clock import running
from domain.errors import Refused
from domain.item import TESTED, Outcome, check_verdict
from domain.office import Role
from domain.request import Request, Stage
from domain.request_parts import RScene, acting_opd, item_of, numbers_of, tested_items, verdict_of
from domain.rule import ClockKind


def needs_note(request: Request, scene: RScene) -> None:
    if not scene.act.note.strip():
        raise Refused("note", "alasan wajib ditulis")


def day_is_possible(request: Request, scene: RScene) -> None:
    """The fact lies neither in the future nor before the request came in."""
    if scene.act.day > scene.act.today:
        raise Refused("on", f"tanggal {scene.act.day} masih di depan")
    if scene.act.day < request.received_on:
        raise Refused("on", f"tanggal {scene.act.day} sebelum permohonan diterima ({request.received_on})")


def is_complete(request: Request, scene: RScene) -> None:
    if request.complete_on is None:
        raise Refused("tahap", "kelengkapan belum diperiksa; catat dulu «Nyatakan lengkap»")


def not_yet_complete(request: Request, scene: RScene) -> None:
    if request.complete_on is not None:
        raise Refused("tahap", f"sudah dinyatakan lengkap pada {request.complete_on}")


def papers_are_there(request: Request, scene: RScene) -> None:
    if request.faults:
        raise Refused(
            "kelengkapan",
            "masih kurang: " + "; ".join(request.faults) + ". Perbaiki isian register, atau minta pemohon"
            " melengkapi",
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
    opd = acting_opd(request, scene.act)
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
            "outcome",
            "pengecualian harus melalui uji konsekuensi; gunakan «Usulkan dikecualikan» (UU Pasal 19)",
        )
    if outcome is Outcome.NOT_DOCUMENTED and not act.note.strip():
        raise Refused("note", "jelaskan mengapa belum dikuasai atau didokumentasikan")
    if outcome is Outcome.ALREADY_PUBLISHED and not act.note.strip():
        raise Refused("note", "sebutkan tempat informasi itu dipublikasikan")
    numbers_of(request, act)


def is_not_under_test(request: Request, scene: RScene) -> None:
    """While a test is open, answers come in for the other items; what is tested waits for its verdict."""
    if request.stage is not Stage.LEGAL_REVIEW:
        return
    for no in numbers_of(request, scene.act):
        item = item_of(request, no)
        if item.needs_test or (item.verdict is not None and not item.verdict.approved_by):
            raise Refused("item", f"butir {no} sedang diuji; jawabannya menunggu hasil uji konsekuensi")


def no_exemption_stands(request: Request, scene: RScene) -> None:
    """What a test decided changes by a new test only (PERKI 1/2021 Pasal 53)."""
    for no in numbers_of(request, scene.act):
        verdict = item_of(request, no).verdict
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
    check_verdict(verdict_of(act), today=act.today)
    for item in tested_items(request, act):
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
