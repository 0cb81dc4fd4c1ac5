"""Guards of a dispute's arrows: what must hold beyond stage and role; each names the field it is about."""

from __future__ import annotations

from domain.act import ObjectionReason, Ruling
from domain.clock import running
from domain.dispute import Dispute, DScene, Party, dossier_may_go
from domain.errors import Refused
from domain.rule import ClockKind


def needs_note(dispute: Dispute, scene: DScene) -> None:
    if not scene.act.note.strip():
        raise Refused("note", "keterangan wajib ditulis")


def day_is_possible(dispute: Dispute, scene: DScene) -> None:
    if scene.act.day > scene.act.today:
        raise Refused("on", f"tanggal {scene.act.day} masih di depan")
    if scene.act.day < dispute.received_on:
        raise Refused("on", f"tanggal {scene.act.day} sebelum sengketa diberitahukan ({dispute.received_on})")


def has_ki_number(dispute: Dispute, scene: DScene) -> None:
    if not scene.act.other.strip():
        raise Refused("other", "sebutkan nomor register Komisi Informasi")


def may_be_mediated(dispute: Dispute, scene: DScene) -> None:
    if not dispute.goes_to_mediation:
        raise Refused("tahap", "alasan a (pengecualian) langsung ke ajudikasi (PERKI 1/2013 Pasal 29)")


def is_about_an_exemption(dispute: Dispute, scene: DScene) -> None:
    if ObjectionReason.A not in dispute.reasons:
        raise Refused("tahap", "alasan b–g dimediasi lebih dahulu (PERKI 1/2013 Pasal 29)")


def not_extended_before(dispute: Dispute, scene: DScene) -> None:
    if dispute.mediation_extended_on is not None:
        raise Refused("perpanjangan", "mediasi hanya dapat diperpanjang satu kali (PERKI 1/2013 Pasal 41)")
    if running(dispute.clocks, ClockKind.MEDIATION) is None:
        raise Refused("tahap", "waktu mediasi tidak berjalan")


def hearing_lies_ahead(dispute: Dispute, scene: DScene) -> None:
    if scene.act.until is None or scene.act.until < scene.act.today:
        raise Refused("until", "sebutkan hari sidang, hari ini atau sesudahnya")


def answer_still_helps(dispute: Dispute, scene: DScene) -> None:
    day_is_possible(dispute, scene)
    if dispute.answered_on is not None:
        raise Refused("tahap", f"jawaban tertulis sudah diserahkan pada {dispute.answered_on}")


def conclusions_are_due(dispute: Dispute, scene: DScene) -> None:
    day_is_possible(dispute, scene)
    if dispute.decision_hearing_on is None:
        raise Refused("tahap", "hari sidang pembacaan putusan belum dicatat")


def is_ruled(dispute: Dispute, scene: DScene) -> None:
    """The decision is one of three, its order is written down, and its date is possible."""
    act = scene.act
    if act.ruling not in {Ruling.GRANTED, Ruling.PARTLY, Ruling.REJECTED}:
        raise Refused("ruling", "sebutkan putusan: granted, partly, atau rejected")
    _order_is_possible(dispute, scene)


def is_agreed(dispute: Dispute, scene: DScene) -> None:
    if scene.act.ruling not in {None, Ruling.AGREEMENT}:
        raise Refused("ruling", "mediasi hanya berakhir dengan kesepakatan atau gagal")
    _order_is_possible(dispute, scene)


def decision_is_read(dispute: Dispute, scene: DScene) -> None:
    day_is_possible(dispute, scene)
    if dispute.ruling is Ruling.AGREEMENT:
        raise Refused("tahap", "kesepakatan mediasi mengikat sejak dibuat; tidak ada salinan yang ditunggu")
    if dispute.decision_received_on is not None:
        raise Refused("tahap", f"salinan putusan sudah diterima pada {dispute.decision_received_on}")
    if dispute.decided_on is not None and scene.act.day < dispute.decided_on:
        raise Refused("on", f"tanggal {scene.act.day} sebelum putusan dibacakan ({dispute.decided_on})")


def is_not_final(dispute: Dispute, scene: DScene) -> None:
    """A mediated agreement is final and binding (UU 14/2008 Pasal 39); decisions go to court."""
    if dispute.ruling is Ruling.AGREEMENT:
        raise Refused("tahap", "kesepakatan mediasi bersifat final dan mengikat (UU 14/2008 Pasal 39)")
    if scene.act.other not in set(Party):
        raise Refused("other", "sebutkan pihak yang mengajukan: applicant atau city")


def has_an_order(dispute: Dispute, scene: DScene) -> None:
    day_is_possible(dispute, scene)
    if not dispute.is_ordered:
        raise Refused("tahap", "putusan ini tidak memerintahkan apa pun kepada badan publik")


def dossier_is_wanted(dispute: Dispute, scene: DScene) -> None:
    if not dispute.ki_number:
        raise Refused("ki_number", "nomor register Komisi Informasi belum dicatat")
    if dispute.dossier_released_on is not None:
        raise Refused("tahap", f"berkas sudah dilepas pada {dispute.dossier_released_on}")


def nothing_is_left(dispute: Dispute, scene: DScene) -> None:
    """The decision is known to be final, and what it orders is done."""
    if running(dispute.clocks, ClockKind.COMPLIANCE) is not None:
        raise Refused("tahap", "putusan belum dilaksanakan")
    for kind in (ClockKind.APPEAL, ClockKind.CASSATION):
        window = running(dispute.clocks, kind)
        if window is not None and scene.act.today <= window.due_on:
            raise Refused("tanggal", f"putusan masih dapat dibawa ke pengadilan sampai {window.due_on}")
    if dispute.ruling is not Ruling.AGREEMENT and dispute.decision_received_on is None:
        raise Refused("tahap", "hari salinan putusan diterima belum dicatat")


def may_have_a_dossier(dispute: Dispute, scene: DScene) -> None:
    if not dossier_may_go(dispute):
        raise Refused("tahap", "berkas belum dilepas oleh Atasan PPID")


def _order_is_possible(dispute: Dispute, scene: DScene) -> None:
    needs_note(dispute, scene)
    day_is_possible(dispute, scene)
    if scene.act.until is not None and scene.act.until < scene.act.day:
        raise Refused("until", "tanggal pelaksanaan tidak mungkin sebelum putusan")
