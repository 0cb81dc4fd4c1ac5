"""What differs from one machine to the next, from the environment: places, relay, keys.

Production means an SMTP host is set. Everything the agency decides stands in its files, not here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from config.folder import config_folder
from domain.errors import DomainError

SHORTEST_KEY: Final = 32
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_ADDRESS: Final = re.compile(r"[^@\s<>,;:\"\\()\[\]]+@[A-Za-z0-9.-]+")


class Tls(StrEnum):
    """How the connection to the relay is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


#: Letters handed to the relay at the same time: common relays take 20 or 50 connections from one client.
USUAL_CONNECTIONS: Final = 16
MOST_CONNECTIONS: Final = 64
USUAL_PORT: Final = {Tls.NONE: 25, Tls.STARTTLS: 587, Tls.TLS: 465}


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The relay letters go through.

    Attributes:
        sender: the sender of every letter; empty means the PPID's mailbox in `people.yaml`.
        ca_file: certificates to trust instead of the system's, as a PEM file; empty means the system's.
        connections: how many at most are opened to it.
    """

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    ca_file: str = ""
    connections: int = USUAL_CONNECTIONS


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this process.

    Attributes:
        home: where the embedded defaults keep database, mail and keys.
        database_url: an SQLAlchemy URL.
        config: the folder of the agency's files.
        public_url: where applicants and OPDs reach the portal, without a slash at its end; empty means
            there is none yet, and mails carry no links.
        secret_key: empty means one is made on first start under *home* (never in production).
        clock: a fixed instant for trials, read by `tasks/clock.py`; empty means the real time.
        smtp: None means the embedded mailbox.
    """

    home: Path
    database_url: str = field(repr=False)
    config: Path
    public_url: str = ""
    secret_key: str = field(default="", repr=False)
    clock: str = ""
    smtp: SmtpSettings | None = None

    @property
    def is_production(self) -> bool:
        """Letters leave the house."""
        return self.smtp is not None


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One variable that cannot stand, and what to do."""

    variable: str
    hint: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.hint}"


class SettingsUnusable(DomainError):
    """The environment cannot be used; ``faults`` lists everything found."""

    def __init__(self, faults: tuple[SettingFault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def settings_from(environ: Mapping[str, str]) -> Settings:
    """The settings in *environ*; relative paths are taken from the current folder.

    Raises:
        SettingsUnusable: every variable that is malformed, missing or not allowed in production.
    """
    reader = _Reader(environ)
    home = Path(reader.text("HOME") or "var").expanduser().absolute()
    settings = Settings(
        home=home,
        database_url=reader.database_url() or f"sqlite:///{home / 'ppid.sqlite'}",
        config=config_folder(environ).absolute(),
        public_url=reader.public_url(),
        secret_key=reader.text("SECRET_KEY"),
        clock=reader.text("CLOCK"),
        smtp=reader.smtp(),
    )
    reader.check_production(settings)
    if reader.faults:
        raise SettingsUnusable(tuple(reader.faults))
    return settings


class _Reader:
    """Takes the variables one by one and remembers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[SettingFault] = []

    def fault(self, name: str, hint: str) -> None:
        self.faults.append(SettingFault(f"PPID_{name}", hint))

    def text(self, name: str) -> str:
        value = self.environ.get(f"PPID_{name}", "").strip()
        if any(character < " " or character == "\x7f" for character in value):
            self.fault(name, "berisi ganti baris atau karakter kendali; tulis dalam satu baris")
            return ""
        return value

    def database_url(self) -> str:
        url = self.text("DATABASE_URL")
        if url and not re.match(r"(sqlite|postgresql)(\+\w+)?://", url):
            hint = "harus URL SQLAlchemy, misalnya postgresql+psycopg://ppid@db/ppid; kosongkan untuk SQLite"
            self.fault("DATABASE_URL", hint)
        return url

    def public_url(self) -> str:
        url = self.text("PUBLIC_URL").rstrip("/")
        if not url:
            return ""
        try:
            parts = urlsplit(url)
            sound = (
                parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
            )
        except ValueError:  # a bracket or port that is none
            sound = False
        if not sound or " " in url:
            self.fault("PUBLIC_URL", "harus alamat lengkap, misalnya https://ppid.kota.example")
        return url

    def smtp(self) -> SmtpSettings | None:
        host = self.text("SMTP_HOST")
        if not host:
            self._check_no_stray_smtp()
            return None
        tls = self._tls()
        smtp = SmtpSettings(
            host=host,
            port=self._port(tls),
            tls=tls,
            user=self.text("SMTP_USER"),
            password=self.text("SMTP_PASSWORD"),
            sender=self.text("SMTP_FROM"),
            ca_file=self.text("SMTP_CA_FILE"),
            connections=self._connections(),
        )
        self._check_smtp(smtp)
        return smtp

    def check_production(self, settings: Settings) -> None:
        if settings.smtp is None:
            return
        if not settings.secret_key:
            hint = f"wajib bila PPID_SMTP_HOST diisi; isi {SHORTEST_KEY} huruf acak atau lebih"
            self.fault("SECRET_KEY", hint)
        elif len(settings.secret_key) < SHORTEST_KEY:
            self.fault("SECRET_KEY", f"terlalu pendek; paling sedikit {SHORTEST_KEY} huruf acak")
        if settings.clock:
            self.fault("CLOCK", "hanya untuk percobaan; hapus, karena PPID_SMTP_HOST diisi")

    def _check_no_stray_smtp(self) -> None:
        for name in ("PORT", "TLS", "USER", "PASSWORD", "FROM", "CA_FILE", "CONNECTIONS"):
            if self.environ.get(f"PPID_SMTP_{name}", "").strip():
                self.fault(f"SMTP_{name}", "diisi tanpa PPID_SMTP_HOST; isi juga host-nya atau hapus ini")

    def _tls(self) -> Tls:
        chosen = self.text("SMTP_TLS").lower() or Tls.STARTTLS
        if chosen not in tuple(Tls):
            self.fault("SMTP_TLS", "harus none, starttls, atau tls")
            return Tls.STARTTLS
        return Tls(chosen)

    def _port(self, tls: Tls) -> int:
        port = self.text("SMTP_PORT")
        if not port:
            return USUAL_PORT[tls]
        if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65535:
            self.fault("SMTP_PORT", f"harus bilangan 1 sampai 65535; biasanya {USUAL_PORT[tls]}")
            return USUAL_PORT[tls]
        return int(port)

    def _connections(self) -> int:
        text = self.text("SMTP_CONNECTIONS") or str(USUAL_CONNECTIONS)
        if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= MOST_CONNECTIONS:
            self.fault("SMTP_CONNECTIONS", f"harus bilangan 1 sampai {MOST_CONNECTIONS}")
            return USUAL_CONNECTIONS
        return int(text)

    def _check_smtp(self, smtp: SmtpSettings) -> None:
        if not re.fullmatch(r"[A-Za-z0-9._:\[\]-]+", smtp.host):
            self.fault("SMTP_HOST", "harus nama host saja, tanpa skema dan port")
        if smtp.sender and not _ADDRESS.fullmatch(smtp.sender):
            self.fault("SMTP_FROM", "bukan alamat surel yang sah")
        if bool(smtp.user) != bool(smtp.password):
            self.fault("SMTP_PASSWORD" if smtp.user else "SMTP_USER", "isi nama pengguna dan sandi berdua")
        if smtp.user and smtp.tls is Tls.NONE and smtp.host not in LOOPBACK:
            self.fault("SMTP_TLS", "none akan mengirim sandi tanpa enkripsi; pakai starttls atau tls")
