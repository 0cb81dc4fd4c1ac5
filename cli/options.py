"""What several commands share on the command line: a group of commands, and options with their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeVar

from cyclopts import App, Group, Parameter

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Parameter(consume_multiple=True, negative=())]
Flag = Annotated[bool, Parameter(negative=())]

By = Annotated[
    str,
    Parameter(help="Peran: petugas (desk), ppid (coordinator), opd, hukum (legal), sekda (atasan)."),
]
As = Annotated[str, Parameter(name="--as", help="Kunci Anda di people.yaml, misalnya loket atau ppid.")]
Json = Annotated[bool, Parameter(name="--json", negative=(), help="Keluaran JSON untuk mesin.")]

Number = Annotated[str, Parameter(help="Nomor berkas, misalnya 001/PPID-TS/2026.")]
Action = Annotated[
    str, Parameter(help="Tindakan, misalnya teruskan (forward); yang keliru dijawab dengan daftar.")
]

# The facts of an act; which of them an action needs is said when one is missing.
Opds = Annotated[Many[str], Parameter(help="Kunci OPD di opd.yaml, misalnya Dikbud; boleh beberapa.")]
Items = Annotated[Many[int], Parameter(help="Nomor butir; boleh beberapa.")]
Note = Annotated[str, Parameter(help="Alasan atau keterangan.")]
Attach = Annotated[Many[Path], Parameter(help="Berkas yang dilampirkan; boleh beberapa.")]
On = Annotated[str, Parameter(help="Tanggal kejadian, misalnya 2026-03-02; bawaan hari ini.")]
Outcome = Annotated[str, Parameter(help="Hasil uji: open, partly, exempt.")]
Ground = Annotated[str, Parameter(help="Alasan pengecualian, 17a sampai 17j.")]
Basis = Annotated[str, Parameter(help="Undang-undang yang menjadi dasar.")]
Until = Annotated[str, Parameter(help="Sampai tanggal, misalnya 2028-12-31.")]
Permanent = Annotated[Flag, Parameter(help="Dikecualikan tanpa akhir; tidak untuk 17a sampai 17f.")]
Holder = Annotated[str, Parameter(help="Badan publik yang menguasai informasi itu.")]
Days = Annotated[int | None, Parameter(help="Hari kerja yang diminta atau diberikan.")]
Amount = Annotated[int | None, Parameter(help="Biaya dalam rupiah.")]
ExtensionOf = Annotated[str, Parameter(help="Alasan perpanjangan: not_yet_held atau not_yet_decided.")]
Reasons = Annotated[Many[str], Parameter(help="Alasan keberatan, huruf a sampai g; boleh beberapa.")]
Granted = Annotated[Flag, Parameter(help="Keberatan dikabulkan.")]
Rejected = Annotated[Flag, Parameter(help="Keberatan ditolak.")]
RulingOf = Annotated[str, Parameter(help="Isi putusan; yang keliru dijawab dengan daftar.")]
Other = Annotated[str, Parameter(help="Nomor lain: permohonan serupa, register Komisi, atau perkara.")]
Changes = Annotated[Many[str], Parameter(name="--set", help="Perbaikan isian=nilai; boleh beberapa.")]
Via = Annotated[str, Parameter(help="Saluran keberatan: online, walk_in, letter, email, phone.")]
Version = Annotated[int | None, Parameter(help="Tolak bila berkas sudah bukan versi ini.")]


def commands_below(name: str, told: str) -> App:
    """The commands below `ppid NAME`, with their help's headings in Bahasa Indonesia.

    Args:
        told: what they are for, in one line.
    """
    return App(
        name=name,
        help=told,
        result_action="return_value",
        default_parameter=Parameter(show_default=False),  # most are empty; the help says what matters
        group_commands=Group("Perintah"),
        group_arguments=Group("Isian"),
        group_parameters=Group("Pilihan"),
    )
