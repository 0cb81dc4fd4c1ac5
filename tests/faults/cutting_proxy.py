"""Stands between a program and its PostgreSQL and cuts the line where it is told to."""

from __future__ import annotations

import selectors
import socket
import threading
from pathlib import Path

_SOCKET = ".s.PGSQL.5432"


class CuttingProxy:
    """A socket in *folder* that leads to the server's; `cut_after_commit` loses the answer to one commit.

    Args:
        server: the folder of the server's own socket.
    """

    def __init__(self, folder: Path, server: Path) -> None:
        self.cuts, self._armed, self._refuses = 0, False, False
        self._server = server / _SOCKET
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._ear.bind(str(folder / _SOCKET))
        self._ear.listen()
        threading.Thread(target=self._listen, daemon=True).start()

    def cut_after_commit(self, *, for_good: bool = False) -> None:
        """The next commit reaches the server, its answer nobody; *for_good*, nor does anything after it."""
        self._armed, self._refuses = True, for_good

    def close(self) -> None:
        """Take no further connections."""
        self._ear.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._ear.accept()
            except OSError:
                return
            if self._refuses and self.cuts:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            server.connect(str(self._server))
            threading.Thread(target=self._pass_on, args=(client, server), daemon=True).start()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with client, server, selectors.DefaultSelector() as both:
            both.register(client, selectors.EVENT_READ, server)
            both.register(server, selectors.EVENT_READ, client)
            while True:
                for ready, _ in both.select():
                    said = ready.fileobj.recv(65536)
                    if not said:
                        return
                    ready.data.sendall(said)
                    if ready.fileobj is client and self._armed and b"COMMIT" in said:
                        self._armed = False
                        server.recv(65536)  # the answer: from here on the commit stands
                        self.cuts += 1
                        return
