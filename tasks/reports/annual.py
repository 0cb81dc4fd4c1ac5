"""The yearly report of information service: its chapters from the figures and from what people wrote.

Law: UU 14/2008 Pasal 12; PERKI 1/2021 Pasal 56–58 (R-12, R-S56).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from config.report import YearText
from domain.act import REASON_SHOWN_AS, RULING_SHOWN_AS, ObjectionReason, Ruling
from domain.clock import CLOCK_SHOWN_AS
from domain.identity import CHANNEL_SHOWN_AS, ApplicantKind
from domain.item import GROUND_SHOWN_AS, Ground
from domain.ladder import Recipient
from domain.office import Office
from domain.result import RESULT_SHOWN_AS, Result
from domain.rule import ClockKind
from tasks.reports.layout import Line, Report, Section, Table
from tasks.reports.tally import Tally
from tasks.words import MONTHS, rupiah, short_date

UNWRITTEN: Final = "Belum diisi (config/report.yaml)."
APPLICANT_SHOWN_AS: Final = {
    ApplicantKind.INDIVIDUAL: "Perorangan",
    ApplicantKind.GROUP: "Kelompok orang",
    ApplicantKind.LEGAL_ENTITY: "Badan hukum",
}
OWNER_SHOWN_AS: Final = {
    Recipient.DESK: "Petugas Pelayanan Informasi",
    Recipient.COORDINATOR: "PPID",
    Recipient.OPD: "PPID Pelaksana (OPD)",
    Recipient.LEGAL: "Bagian Hukum / Tim Pertimbangan",
    Recipient.ATASAN: "Atasan PPID",
}
OBJECTION_OUTCOMES: Final = {
    "granted": "Dikabulkan",
    "rejected": "Ditolak",
    "unanswered": "Tidak ditanggapi; diteruskan ke Komisi Informasi",
    "withdrawn": "Dicabut pemohon",
    "pending": "Dalam proses",
}
_COUNT: Final = ("Jumlah",)
_DAYS: Final = ("Median", "90 % dalam", "Berkas")


@dataclass(frozen=True, slots=True)
class YearTotal:
    """A year beside the one reported: from the case files, or imported with its source."""

    year: int
    requests: int
    source: str = ""


def annual_report(
    year: int,
    tally: Tally,
    text: YearText,
    office: Office,
    others: Sequence[YearTotal],
    *,
    today: date,
    sample: bool,
) -> Report:
    """The report of that year as it stands today."""
    return Report(
        title="Laporan Layanan Informasi Publik",
        period=f"Tahun {year}",
        office=office.city,
        sample=sample,
        made_on=short_date(today),
        sections=(
            _overview(tally),
            Section("Gambaran umum kebijakan", "PERKI 1/2021 Pasal 57", _written(text.policy)),
            _implementation(text),
            _service(tally, office, others),
            _disputes(tally),
            _lateness(tally, office),
            Section("Kendala", "PERKI 1/2021 Pasal 57", _obstacles(tally, text, office), brief=True),
            Section(
                "Rekomendasi dan rencana tindak lanjut",
                "PERKI 1/2021 Pasal 57",
                _written(text.recommendations),
                brief=True,
            ),
        ),
        missing=_missing(text),
    )


# --- chapters -----------------------------------------------------------------------------------


def _overview(tally: Tally) -> Section:
    lines = (
        _line(tally, "Permohonan", "requests"),
        _line(tally, "Pemberitahuan tertulis dikirim", "answered"),
        _line(tally, "– dalam 10 hari kerja", "answered.within.10"),
        _line(tally, "– dalam 11 sampai 17 hari kerja", "answered.within.17"),
        _line(tally, "– lebih lama", "answered.later"),
        Line("Median waktu jawab (hari kerja)", tally.median("time.answer"), "time.answer.median"),
        Line("90 % dijawab dalam (hari kerja)", tally.p90("time.answer"), "time.answer.p90"),
        *(_line(tally, RESULT_SHOWN_AS[result], f"result.{result}") for result in Result),
        _line(tally, "Keberatan", "objections"),
        _line(tally, "Sengketa", "disputes"),
    )
    table = Table("Angka pokok", _COUNT, lines)
    return Section("Ringkasan", "UU 14/2008 Pasal 12", tables=(table,), brief=True)


def _implementation(text: YearText) -> Section:
    budget = rupiah(text.budget_idr) if text.budget_idr is not None else UNWRITTEN
    told = (
        "Sarana dan prasarana: " + ("; ".join(text.facilities) + "." if text.facilities else UNWRITTEN),
        "Sumber daya manusia: " + (text.staff or UNWRITTEN),
        f"Anggaran: {budget} {text.budget_note}".strip(),
    )
    return Section("Gambaran umum pelaksanaan", "PERKI 1/2021 Pasal 57", told)


def _service(tally: Tally, office: Office, others: Sequence[YearTotal]) -> Section:
    by_result = tuple(_line(tally, RESULT_SHOWN_AS[result], f"result.{result}") for result in Result)
    tables = (
        Table("Permohonan menurut bulan pendaftaran", _COUNT, _months(tally), chart=True),
        Table("Permohonan menurut saluran", _COUNT, _named(tally, "requests.channel.", CHANNEL_SHOWN_AS)),
        Table(
            "Permohonan menurut jenis pemohon",
            _COUNT,
            _named(tally, "requests.applicant.", APPLICANT_SHOWN_AS),
        ),
        Table(
            "Permohonan menurut OPD",
            _COUNT,
            _opds(tally, "requests.opd.", office),
            chart=True,
            note="Permohonan yang diteruskan kepada beberapa OPD dihitung pada setiap OPD itu.",
        ),
        Table("Permohonan menurut hasil", _COUNT, by_result, chart=True),
        Table(
            "Waktu menjawab menurut hasil (hari kerja sejak diterima)",
            _DAYS,
            _times(tally),
            note="Hari diterima adalah hari ke-0; cuti bersama tidak dihitung. Diukur sampai "
            "pemberitahuan tertulis terkirim.",
        ),
        Table("Ketepatan waktu menjawab", _COUNT, _punctuality(tally), chart=True),
        Table(
            "Alasan penolakan menurut Pasal 17 UU 14/2008",
            _COUNT,
            _grounds(tally),
            note="Permohonan yang ditolak atau dikabulkan sebagian; satu dapat memuat beberapa alasan.",
        ),
        Table("Permohonan dari tahun ke tahun", ("Jumlah", "Sumber"), _years(others), chart=True),
    )
    return Section(
        "Rincian pelayanan informasi publik", "UU 14/2008 Pasal 12; PERKI 1/2021 Pasal 57", (), tables
    )


def _disputes(tally: Tally) -> Section:
    reasons = tuple(
        _line(tally, f"{reason}. {REASON_SHOWN_AS[reason]}", f"objections.reason.{reason}")
        for reason in ObjectionReason
    )
    outcomes = tuple(
        _line(tally, shown, f"objections.outcome.{outcome}") for outcome, shown in OBJECTION_OUTCOMES.items()
    )
    answered = Line(
        "Median waktu tanggapan (hari kerja)", tally.median("time.objection"), "time.objection.median"
    )
    ends = (
        _line(tally, "Sengketa di Komisi Informasi", "disputes"),
        _line(tally, "– dimediasi", "disputes.path.mediation"),
        _line(tally, "– langsung ajudikasi", "disputes.path.adjudication"),
        *(_line(tally, RULING_SHOWN_AS[ruling], f"disputes.ruling.{ruling}") for ruling in Ruling),
        _line(tally, "Berakhir tanpa putusan", "disputes.ended_without_ruling"),
        _line(tally, "Dalam proses", "disputes.pending"),
        _line(tally, "Dibawa ke pengadilan", "disputes.court"),
        _line(tally, "Putusan atau kesepakatan dilaksanakan", "disputes.complied"),
    )
    return Section(
        "Rincian penyelesaian sengketa",
        "PERKI 1/2021 Pasal 57; UU 14/2008 Pasal 35–50",
        tables=(
            Table("Keberatan menurut alasan (Pasal 35 ayat (1))", _COUNT, reasons, chart=True),
            Table("Keberatan menurut hasil", _COUNT, (*outcomes, answered)),
            Table("Sengketa", _COUNT, ends),
        ),
    )


def _lateness(tally: Tally, office: Office) -> Section:
    owners = tuple(
        Line(
            shown,
            tally.of(f"late.owner.{owner}"),
            f"late.owner.{owner}",
            (tally.median(f"late.days.{owner}"), tally.p90(f"late.days.{owner}")),
        )
        for owner, shown in OWNER_SHOWN_AS.items()
    )
    allocate = Line(
        "Sejak diterima sampai diteruskan ke OPD",
        tally.median("time.allocate"),
        "time.allocate.median",
        (tally.p90("time.allocate"), len(tally.spans.get("time.allocate", ()))),
    )
    clocks = _named(tally, "late.clock.", {str(kind): CLOCK_SHOWN_AS[kind] for kind in ClockKind})
    return Section(
        "Waktu penerusan dan keterlambatan",
        "UU 14/2008 Pasal 12",
        ("Dihitung dari tenggat yang tercatat; tenggat Pemohon dan Komisi Informasi tidak termasuk.",),
        (
            Table("Waktu meneruskan (hari kerja)", _DAYS, (allocate,)),
            Table(
                "Keterlambatan menurut pemegang tenggat",
                ("Tenggat terlewat", "Median hari kerja terlambat", "90 % dalam"),
                owners,
                chart=True,
            ),
            Table("Keterlambatan menurut tenggat", _COUNT, clocks),
            Table("Keterlambatan jawaban menurut OPD", _COUNT, _opds(tally, "late.opd.", office)),
        ),
    )


def _obstacles(tally: Tally, text: YearText, office: Office) -> tuple[str, ...]:
    told = list(text.obstacles)
    slowest = _opds(tally, "late.opd.", office)[:3]
    if slowest:
        names = "; ".join(f"{line.label} ({line.value})" for line in slowest)
        told.append(f"Menurut catatan tenggat, jawaban OPD paling sering terlambat: {names}.")
    if unanswered := tally.of("answered.later") + tally.of("result.unanswered"):
        told.append(f"{unanswered} permohonan tidak dijawab dalam 17 hari kerja.")
    return tuple(told) if text.obstacles else (UNWRITTEN, *told)


# --- tables -------------------------------------------------------------------------------------


def _line(tally: Tally, label: str, figure: str) -> Line:
    return Line(label, tally.of(figure), figure)


def _months(tally: Tally) -> tuple[Line, ...]:
    return tuple(
        _line(tally, name, f"requests.month.{index:02d}") for index, name in enumerate(MONTHS, start=1)
    )


def _named(tally: Tally, prefix: str, shown: Mapping[Any, str]) -> tuple[Line, ...]:
    names = {str(key): value for key, value in shown.items()}
    if prefix.startswith("requests."):
        return tuple(_line(tally, value, f"{prefix}{key}") for key, value in names.items())
    return tuple(_line(tally, names.get(key, key), f"{prefix}{key}") for key in tally.under(prefix))


def _opds(tally: Tally, prefix: str, office: Office) -> tuple[Line, ...]:
    lines = []
    for key in tally.under(prefix):
        opd = office.opd(key)
        name = "Belum atau tidak diteruskan" if key == "-" else (opd.name if opd else key)
        lines.append(_line(tally, name, f"{prefix}{key}"))
    return tuple(lines)


def _times(tally: Tally) -> tuple[Line, ...]:
    def line(label: str, key: str) -> Line:
        counted = len(tally.spans.get(key, ()))
        return Line(label, tally.median(key), f"{key}.median", (tally.p90(key), counted))

    answered = (Result.GRANTED, Result.PARTLY, Result.REFUSED, Result.NOT_HELD)
    return (
        *(line(RESULT_SHOWN_AS[result], f"time.answer.{result}") for result in answered),
        line("Semua", "time.answer"),
    )


def _punctuality(tally: Tally) -> tuple[Line, ...]:
    return (
        _line(tally, "Dalam 10 hari kerja", "answered.within.10"),
        _line(tally, "Dalam 11–17 hari kerja", "answered.within.17"),
        _line(tally, "Lebih dari 17 hari kerja", "answered.later"),
        _line(tally, "Tidak ditanggapi", "result.unanswered"),
    )


def _grounds(tally: Tally) -> tuple[Line, ...]:
    return tuple(
        _line(tally, f"{ground[2:]}. {GROUND_SHOWN_AS[Ground(ground)]}", f"refused.ground.{ground}")
        for ground in sorted(tally.under("refused.ground."))
    )


def _years(others: Iterable[YearTotal]) -> tuple[Line, ...]:
    return tuple(
        Line(str(one.year), one.requests, more=(one.source or "berkas perkara",))
        for one in sorted(others, key=lambda one: one.year)
    )


def _written(paragraphs: Sequence[str]) -> tuple[str, ...]:
    return tuple(paragraphs) or (UNWRITTEN,)


def _missing(text: YearText) -> tuple[str, ...]:
    fields = {
        "kebijakan (policy)": text.policy,
        "sarana (facilities)": text.facilities,
        "sumber daya manusia (staff)": text.staff,
        "anggaran (budget_idr)": text.budget_idr is not None,
        "kendala (obstacles)": text.obstacles,
        "rekomendasi (recommendations)": text.recommendations,
    }
    return tuple(name for name, value in fields.items() if not value)
