"""What people may type for roles and actions: the code's word, or the Indonesian one."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain.act import WIB
from domain.errors import Refused, RoleNotPermitted
from domain.office import ROLE_SHOWN_AS, Actor, Role

#: Who may take a request or an objection in.
TAKE_IN: Final = frozenset({Role.APPLICANT, Role.DESK, Role.COORDINATOR})

ROLES: Final = {
    **{str(role): role for role in Role},
    "pemohon": Role.APPLICANT,
    "petugas": Role.DESK,
    "ppid": Role.COORDINATOR,
    "koordinator": Role.COORDINATOR,
    "hukum": Role.LEGAL,
    "tim": Role.LEGAL,
    "sekda": Role.ATASAN,
    "ki": Role.COMMISSION,
    "komisi": Role.COMMISSION,
    "sistem": Role.SYSTEM,
}

ACTIONS: Final = {
    "lengkap": "record_complete",
    "minta_kelengkapan": "ask_completion",
    "lengkapi": "complete",
    "teruskan": "forward",
    "alihkan": "reroute",
    "ambil_alih": "take_over",
    "terima": "accept",
    "jawab": "answer",
    "tidak_dikuasai": "not_held",
    "bukan_kewenangan": "not_ours",
    "usul_kecualikan": "propose_exemption",
    "minta_waktu": "ask_time",
    "beri_waktu": "give_time",
    "belum_dikuasai": "out_of_reach",
    "buka_uji": "open_test",
    "catat_uji": "record_verdict",
    "setujui": "approve",
    "kembalikan": "send_back",
    "perpanjang": "extend",
    "kirim_pemberitahuan": "send_notice",
    "catat_terkirim": "record_sent",
    "catat_terima": "record_receipt",
    "biaya": "cost_note",
    "bayar": "pay",
    "serahkan": "hand_over",
    "cabut": "withdraw",
    "tautkan": "link",
    "laksanakan": "fulfil",
    "tutup": "close",
    "buka_kembali": "reopen",
    "perbaiki": "correct",
    "keberatan": "object",
    "sengketa": "register_dispute",
    "gugur": "lapse",
    "usulkan_opd": "propose_opds",
    "susun_konsep": "compile",
    "kirim_dokumen": "send_bundle",
    "catat_kembali": "record_bounce",
    "perintahkan": "order",
    "serahkan_ke_atasan": "pass_to_atasan",
    "lepas_eskalasi": "release_escalation",
    "catat_nomor_ki": "record_ki_number",
    "mulai_mediasi": "start_mediation",
    "perpanjang_mediasi": "extend_mediation",
    "catat_sepakat": "agree",
    "mediasi_gagal": "fail_mediation",
    "mulai_ajudikasi": "start_adjudication",
    "tetapkan_sidang": "set_hearing",
    "serahkan_jawaban": "submit_answer",
    "tetapkan_sidang_putusan": "set_decision_hearing",
    "serahkan_kesimpulan": "submit_conclusions",
    "catat_putusan": "decide",
    "terima_putusan": "receive_decision",
    "bawa_ke_pengadilan": "appeal",
    "catat_putusan_pengadilan": "court_decide",
    "patuhi_putusan": "comply",
    "lepas_berkas": "release_dossier",
    "lampirkan_berkas": "attach_dossier",
    "serahkan_dikecualikan": "release_exempt",
    "kirim_jawaban": "send_answer",
}
#: The Indonesian word of each action; the system's own actions have none.
WORD_OF: Final = {action: word for word, action in ACTIONS.items()}


def role_named(word: str) -> Role:
    """The role somebody named.

    Raises:
        Refused: nobody has that role.
    """
    role = ROLES.get(word.strip().lower())
    if role is None:
        raise Refused("--by", f"peran «{word}» tidak dikenal; yang ada: {', '.join(str(r) for r in Role)}")
    return role


def action_named(word: str) -> str:
    """The action somebody named; unknown words pass, the case's own table knows them best."""
    plain = word.strip().lower().replace("-", "_")
    return ACTIONS.get(plain, plain)


def permitted(action: str, role: Role, name: str, may: frozenset[Role]) -> Actor:
    """Who acts, where no table of arrows asks for the role.

    Args:
        action: what it is called, for the refusal.

    Raises:
        RoleNotPermitted: the role has no business with it.
    """
    if role not in may:
        raise RoleNotPermitted(action, ROLE_SHOWN_AS[role], tuple(sorted(ROLE_SHOWN_AS[one] for one in may)))
    return Actor(role, name)


def in_jakarta(instant: str) -> str:
    """The instant as people read it, in WIB.

    Args:
        instant: ISO 8601 with its zone.
    """
    return datetime.fromisoformat(instant).astimezone(WIB).strftime("%Y-%m-%d %H.%M WIB")


def days_left(working_days: int) -> str:
    """The working days up to a last day, as a table shows them; a passed one is said, not signed."""
    return f"lewat {-working_days}" if working_days < 0 else str(working_days)
