"""The Prefect server of an installation: one process on loopback, started and stopped by us.

Imports nothing heavy, so that a caller can start the server before it pays for importing Prefect.
"""

from __future__ import annotations

import os
import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Final

import certifi

from tasks.child import Child
from tasks.failures import MustAct, TryAgain

HOST: Final = "127.0.0.1"
CHECKS_PER_SECOND: Final = 10
_PEM_BEGINS: Final = "-----BEGIN CERTIFICATE-----"
_PEM_ENDS: Final = "-----END CERTIFICATE-----"

# Why each one is set: docs/prefect.md.
_CLIENT: Final = {
    "DO_NOT_TRACK": "1",
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
}
_SERVER: Final = {
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_SERVER_LEVEL": "WARNING",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_CSRF_PROTECTION_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "true",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(90 * 24 * 3600),
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT__SERVER_FINAL": "1",
}


class PortTaken(MustAct):
    """Something else listens on the port the server should have; a person must choose another."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port

    def __str__(self) -> str:
        return f"Port {self.port} sudah dipakai program lain; pilih port lain dengan PPID_PREFECT_PORT."


class ServerNotReady(TryAgain):
    """The server ended or gave no answer in time; *log* is where it says why."""

    def __init__(self, port: int, log: Path) -> None:
        super().__init__(port, log)
        self.port, self.log = port, log

    def __str__(self) -> str:
        return f"Server Prefect di port {self.port} tidak siap; lihat {self.log}"


class PrefectServer:
    """One server process with its files under *home*; blocking calls, for the process that composes.

    Args:
        database_url: SQLAlchemy URL with an async driver; SQLite under *home* when None.
    """

    def __init__(self, home: Path, port: int, database_url: str | None = None) -> None:
        self._home = home.resolve()
        self._port = port
        self._database_url = database_url
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """Address of the page for people, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    @property
    def api_url(self) -> str:
        """Address of the API, as PREFECT_API_URL wants it."""
        return f"{self.url}/api"

    @property
    def log(self) -> Path:
        """File that holds what the server prints."""
        return self._home / "server.log"

    def env(self) -> dict[str, str]:
        """Environment for every process or thread that talks to this server."""
        return {
            **_CLIENT,
            "PREFECT_HOME": str(self._home),
            "PREFECT_API_URL": self.api_url,
            "PREFECT_API_SSL_CERT_FILE": str(self._one_certificate()),
        }

    def _one_certificate(self) -> Path:
        """A file with a single certificate authority, for clients that speak plain HTTP on loopback anyway.

        Prefect opens several clients a pass and each reads all of certifi's, a tenth of the pass.
        """
        path = self._home / "one-certificate.pem"
        if not path.exists():
            bundle = Path(certifi.where()).read_text(encoding="ascii", errors="ignore")
            self._home.mkdir(parents=True, exist_ok=True)
            path.write_text(bundle[bundle.index(_PEM_BEGINS) : bundle.index(_PEM_ENDS)] + _PEM_ENDS + "\n")
        return path

    def start(self) -> None:
        """Start the process; returns at once, `wait_ready` waits.

        Raises:
            PortTaken: another process listens there already.
        """
        _refuse_taken(self._port)
        self._home.mkdir(parents=True, exist_ok=True)
        command = ["-m", "tasks.prefect_process", str(self._port)]
        self._child = Child(command, self._server_env(), self.log)
        self._child.start()

    def wait_ready(self, timeout_seconds: float = 60.0) -> None:
        """Return once the API answers.

        Raises:
            PortTaken: the process ended and something else answers on its port.
            ServerNotReady: the process ended, or no answer in time.
        """
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            if not self.is_running():
                _refuse_taken(self._port)
                break
            if _answers(f"{self.api_url}/health"):
                return
            time.sleep(1 / CHECKS_PER_SECOND)
        raise ServerNotReady(self._port, self.log)

    @property
    def exit_code(self) -> int | None:
        """How the process we started ended; None while it lives."""
        return self._child.exit_code if self._child is not None else None

    @property
    def pid(self) -> int | None:
        """Process id of what we started; None before `start`."""
        return self._child.pid if self._child is not None else None

    def is_running(self) -> bool:
        """Tell whether the process we started is alive."""
        return self._child is not None and self._child.is_running()

    def stop(self) -> None:
        """End the process we started, and only that: ask, wait, then kill. Safe to repeat."""
        if self._child is not None:
            self._child.stop()

    def _server_env(self) -> dict[str, str]:
        # Settings of another Prefect on this machine must not reach ours.
        env = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
        env |= _SERVER | {
            "PREFECT_HOME": str(self._home),
            "PREFECT_SERVER_API_HOST": HOST,
            "PREFECT_SERVER_API_PORT": str(self._port),
        }
        if self._database_url:
            env["PREFECT_SERVER_DATABASE_CONNECTION_URL"] = self._database_url
        return env


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortTaken(port) from error


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - loopback address of ours
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
