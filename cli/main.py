"""The `ppid` command: one table of commands, loaded only when called, and one policy of exit codes.

0 done · 1 a rule, value or check says no · 2 wrong command line · 3 something outside failed, try again.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final, NamedTuple

from cyclopts import App, CycloptsError, Group
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from config.faults import ConfigFaults
from domain.errors import DomainError
from tasks.failures import MustAct, TryAgain

OK: Final = 0
REFUSED: Final = 1
WRONG_COMMAND_LINE: Final = 2
OUTSIDE_FAILED: Final = 3


class Command(NamedTuple):
    """A command: *target* is ``module:function``, or ``module:App`` for one with commands below it."""

    name: str
    target: str
    help: str


# Add a command here. Its module is imported only when the command is called, so that
# `ppid --help` and `ppid deadline` stay quick: they never import Prefect or SQLAlchemy.
COMMANDS: Final = (
    Command("up", "cli.up:up", "Jalankan layanan."),
    Command("demo", "cli.demo:demo", "Peragakan satu musim permohonan dengan jam tiruan."),
    Command("request", "cli.request:app", "Daftarkan, lihat, dan tindak permohonan."),
    Command("assistance", "cli.assistance:app", "Bantuan kedinasan antarbadan publik."),
    Command("deadline", "cli.deadline:deadline", "Hitung batas waktu dalam hari kerja."),
    Command("calendar", "cli.calendar:app", "Periksa kalender hari kerja."),
    Command("status", "cli.status:status", "Keadaan kantor sekilas."),
    Command("user", "cli.user:app", "Pengguna yang boleh bertindak."),
    Command("rules", "cli.rules:app", "Periksa, pratinjau, dan terapkan aturan."),
    Command("watch", "cli.watch:watch", "Sapu tenggat sekali."),
    Command("dossier", "cli.dossier:dossier", "Susun berkas untuk Komisi Informasi."),
    Command("letter", "cli.letter:app", "Lihat, buat, dan periksa surat (PDF)."),
    Command("register", "cli.register:app", "Lihat dan cetak register."),
    Command("report", "cli.report:app", "Laporan tahunan dan tabel OPD."),
    Command("import", "cli.history:app", "Impor register lama."),
    Command("mail", "cli.mail:app", "Surat masuk dan surat yang tertahan."),
    Command("verify", "cli.verify:verify", "Periksa keutuhan jurnal."),
    Command("backup", "cli.backup:backup", "Salin seluruh berkas selagi layanan berjalan."),
    Command("runs", "cli.runs:app", "Susun ulang daftar di Prefect."),
)

# What a command may raise when something outside this programme fails; the caller may try again.
OUTSIDE_FAILURES: Final[tuple[type[Exception], ...]] = (OSError, TryAgain)


def build_app(commands: Sequence[Command] = COMMANDS) -> App:
    """The command line with all *commands* registered and none imported."""
    app = App(
        name="ppid",
        help="Permohonan informasi publik Kota Tangerang Selatan: batas waktu, pengingat, surat.",
        usage="ppid PERINTAH [PILIHAN]",
        version=lambda: version("ppid-tangsel"),
        group_commands=Group("Perintah"),
        group_arguments=Group("Isian"),
        group_parameters=Group("Pilihan"),
        result_action="return_value",
    )
    app["--help"].help = "Tampilkan bantuan ini."
    app["--version"].help = "Tampilkan versi."
    for command in commands:
        app.command(command.target, name=command.name, help=command.help)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: this process's) and give its exit code; faults go to stderr."""
    app = build_app()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = app(words, exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CoercionError as error:
        return _say(_as_sentence(error), REFUSED)
    except CycloptsError as error:
        return _say(f"{_as_sentence(error)} Lihat: ppid --help", WRONG_COMMAND_LINE)
    except (DomainError, ConfigFaults, MustAct) as error:
        return _say(str(error), REFUSED)
    except BrokenPipeError:
        # The reader of a pipe has seen enough (ppid ... | head); nothing is left to say to it.
        sys.stdout = None
        return OK
    except OUTSIDE_FAILURES as error:
        told = (
            str(error)
            if isinstance(error, TryAgain)
            else f"Gagal karena sesuatu di luar program; coba lagi. ({error})"
        )
        return _say(told, OUTSIDE_FAILED)
    return code if isinstance(code, int) else OK


def _say(message: str, code: int) -> int:
    print(message, file=sys.stderr)
    return code


def _expected(error: CoercionError) -> str:
    """What could stand there, where that is short to say."""
    if error.argument is None:
        return ""
    if choices := error.argument.get_choices(force=True):
        return f"; yang ada: {', '.join(choices)}"
    hint = str(error.argument.hint)
    return (
        "; tulis tanggal seperti 2026-03-02" if "date" in hint else "; tulis angka" if "int" in hint else ""
    )


def _as_sentence(error: CycloptsError) -> str:
    name = error.argument.name if error.argument else ""
    words = " ".join(error.unused_tokens or ())
    match error:
        case CoercionError():
            value = error.token.value if error.token else ""
            return f"{name}: nilai {value!r} tidak dapat dibaca{_expected(error)}."
        case UnknownOptionError():
            return f"Pilihan {error.token.keyword or error.token.value} tidak dikenal."
        case UnknownCommandError():
            return f"Perintah {words} tidak dikenal."
        case UnusedCliTokensError():
            return f"Isian berlebih: {words}."
        case MissingArgumentError():
            return f"{name} wajib diisi."
        case _:
            return str(error)
