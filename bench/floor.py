"""The floor: the least a plain asyncio program with the same durability can do.

A thread that writes in group commits (SQLite in WAL with `synchronous=FULL`, or PostgreSQL), an outbox in
the same transaction, one SMTP connection kept open with the three commands of a letter in one packet.
No rules, no encryption, no journal's hashes, no templates; a crash may send a chunk of letters twice.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from time import perf_counter, process_time
from typing import Any, Final

import psycopg

from bench.places import SQLITE, Place
from bench.sink import Sink

_TABLES: Final = (
    "CREATE TABLE f_cases (id INTEGER PRIMARY KEY, version INTEGER NOT NULL, state TEXT NOT NULL)",
    "CREATE TABLE f_events (case_id INTEGER, seq INTEGER, facts TEXT, PRIMARY KEY (case_id, seq))",
    "CREATE TABLE f_letters (key TEXT PRIMARY KEY, rcpt TEXT NOT NULL, body TEXT NOT NULL, sent INTEGER)",
    "CREATE INDEX f_ready ON f_letters (key) WHERE sent IS NULL",
    "CREATE TABLE f_clocks (case_id INTEGER PRIMARY KEY, due TEXT NOT NULL, fired INTEGER)",
    "CREATE INDEX f_due ON f_clocks (due) WHERE fired IS NULL",
)
_STATE: Final = '{"stage": "forwarded", "clocks": [' + ", ".join(['{"due": "2026-03-13"}'] * 4) + "]}"
_BODY: Final = "Yth. pemohon,\r\n\r\n" + "Permohonan Saudara kami catat dan kami teruskan.\r\n" * 20
_LARGEST_BATCH: Final = 64
#: Its database on SQLite.
FILE: Final = "floor.sqlite"

Rows = Sequence[tuple[str, str, str]]


def worded(db: str, statement: str) -> str:
    """The statement with the mark for a value that the driver of *db* reads."""
    return statement if db == SQLITE else statement.replace("?", "%s")


class Floor:
    """The plain program; `act` writes one event and its letters, the sender does the rest."""

    def __init__(self, place: Place, sink: Sink | None) -> None:
        self.place, self.sink = place, sink
        self._jobs: queue.SimpleQueue[tuple[Callable[[Any], None], Future[None]] | None] = queue.SimpleQueue()
        self._owed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._reads = self.connect(place)

    async def act(self, case: int, seq: int, letters: Rows) -> None:
        """One durable act with the letters it owes: (key, recipient, body)."""

        def job(cursor: Any) -> None:
            if seq == 1:
                cursor.execute(self.sql("INSERT INTO f_cases VALUES (?, 1, ?)"), (case, _STATE))
            else:
                cursor.execute(self.sql("SELECT state FROM f_cases WHERE id = ?"), (case,)).fetchone()
                cursor.execute(
                    self.sql("UPDATE f_cases SET version = ?, state = ? WHERE id = ?"), (seq, _STATE, case)
                )
            cursor.execute(self.sql("INSERT INTO f_events VALUES (?, ?, ?)"), (case, seq, _STATE[:120]))
            for letter in letters:
                cursor.execute(self.sql("INSERT INTO f_letters VALUES (?, ?, ?, NULL)"), letter)

        await self.write(job)
        if letters:
            self._owed.set()

    async def write(self, job: Callable[[Any], None]) -> None:
        """Do *job* in the next group commit; returns once it is durable."""
        future: Future[None] = Future()
        self._jobs.put((job, future))
        await asyncio.wrap_future(future)

    async def mark(self, keys: Sequence[tuple[str]]) -> None:
        """Mark letters as sent, durably."""
        update = self.sql("UPDATE f_letters SET sent = 1 WHERE key = ?")
        await self.write(lambda cursor: cursor.executemany(update, keys))

    async def load_clocks(self, rows: Sequence[tuple[int, str]]) -> None:
        """Write clocks, each a case and its due day."""
        insert = self.sql("INSERT INTO f_clocks VALUES (?, ?, NULL)")
        await self.write(lambda cursor: cursor.executemany(insert, rows))

    def due(self, day: str) -> list[tuple[int]]:
        """The cases whose clock is due, by the index."""
        query = self.sql("SELECT case_id FROM f_clocks WHERE due <= ? AND fired IS NULL")
        found: list[tuple[int]] = self._reads.execute(query, (day,)).fetchall()
        self._reads.rollback()
        return found

    def owe(self) -> None:
        """Tell the sender that letters were written."""
        self._owed.set()

    @staticmethod
    def connect(place: Place) -> Any:
        """A connection of the plain program; durable, and its file on SQLite beside ours."""
        if place.db != SQLITE:
            return psycopg.connect(place.url)
        connection = sqlite3.connect(place.home / FILE, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def sql(self, statement: str) -> str:
        """The statement with the driver's own mark for a value."""
        return worded(self.place.db, statement)

    def _write(self) -> None:
        connection = self.connect(self.place)
        cursor = connection.cursor()
        for statement in _TABLES:
            cursor.execute(statement)
        connection.commit()
        while (first := self._jobs.get()) is not None:
            batch = [first]
            while len(batch) < _LARGEST_BATCH and not self._jobs.empty():
                following = self._jobs.get()
                if following is None:
                    return
                batch.append(following)
            for job, _ in batch:
                job(cursor)
            connection.commit()
            for _, future in batch:
                future.set_result(None)

    async def _send(self) -> None:
        if self.sink is None:
            return
        reader, writer = await asyncio.open_connection("127.0.0.1", self.sink.port)
        await reader.readline()
        writer.write(b"EHLO floor\r\n")
        while (await reader.readline())[3:4] != b" ":
            pass
        query = "SELECT key, rcpt, body FROM f_letters WHERE sent IS NULL LIMIT 200"
        while True:
            await self._owed.wait()
            self._owed.clear()
            while rows := self._reads.execute(query).fetchall():
                self._reads.rollback()
                for key, rcpt, body in rows:
                    head = (
                        f"From: ppid@kota.example\r\nTo: {rcpt}\r\nMessage-ID: <{key}@kota.example>\r\n\r\n"
                    )
                    envelope = f"MAIL FROM:<ppid@kota.example>\r\nRCPT TO:<{rcpt}>\r\nDATA\r\n"
                    writer.write(envelope.encode())
                    for _ in range(3):
                        await reader.readline()
                    writer.write((head + body + "\r\n.\r\n").encode())
                    await reader.readline()
                await self.mark([(key,) for key, _, _ in rows])
            self._reads.rollback()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The program at work."""
        self._thread.start()
        await self.write(lambda cursor: None)
        sending = asyncio.create_task(self._send())
        try:
            yield
        finally:
            sending.cancel()
            self._jobs.put(None)
            self._thread.join()
            self._reads.close()


def letters_of(case: int, seq: int, count: int) -> Rows:
    """As many letters as an act owes, keys never twice."""
    return [(f"{case}-{seq}-{i}", f"pemohon{case}@pemohon.example", _BODY) for i in range(count)]


async def cases(
    place: Place, sink: Sink, count: int, at_once: int, letters: Sequence[int]
) -> tuple[float, float]:
    """The same acts as CASE, without rules: (cases per second, CPU ms per case).

    Args:
        letters: how many letters each of a case's acts owes.
    """
    floor = Floor(place, sink)
    turns = iter(range(1, count + 1))

    async def one_after_another() -> None:
        for case in turns:
            for seq, owed in enumerate(letters, start=1):
                await floor.act(case, seq, letters_of(case, seq, owed))

    sink.clear()
    async with floor.running():
        began, cpu = perf_counter(), process_time()
        await asyncio.gather(*(one_after_another() for _ in range(at_once)))
        await asyncio.to_thread(sink.wait, count * sum(letters))
        seconds, used = perf_counter() - began, process_time() - cpu
    return count / seconds, used / count * 1000


async def event_to_mail(place: Place, sink: Sink, count: int, pause: float) -> list[float]:
    """Milliseconds from an act to its letter at the sink, one act at a time."""
    floor = Floor(place, sink)
    taken = []
    async with floor.running():
        for case in range(1, count + 1):
            sink.clear()
            began = perf_counter()
            await floor.act(case, 1, letters_of(case, 1, 1))
            await asyncio.to_thread(sink.wait, 1)
            taken.append((sink.seen()[0][0] - began) * 1000)
            await asyncio.sleep(pause)
    return taken


async def morning(place: Place, sink: Sink, open_count: int, due_count: int) -> float:
    """Seconds from 08.00 to the last of *due_count* reminders at the sink, with that many requests open."""
    floor = Floor(place, sink)
    async with floor.running():
        rows = [
            (case, "2026-03-13" if case <= due_count else "2026-04-01") for case in range(1, open_count + 1)
        ]
        await floor.load_clocks(rows)
        sink.clear()
        began = perf_counter()
        fired = floor.sql("UPDATE f_clocks SET fired = 1 WHERE case_id = ?")
        owed = floor.sql("INSERT INTO f_letters VALUES (?, ?, ?, NULL)")
        due = floor.due("2026-03-13")
        for start in range(0, len(due), 500):
            chunk = due[start : start + 500]
            mails = [letters_of(case, 1, 1)[0] for (case,) in chunk]

            def job(cursor: Any, chunk: Any = chunk, mails: Any = mails) -> None:
                cursor.executemany(fired, chunk)
                cursor.executemany(owed, mails)

            await floor.write(job)
            floor.owe()
        await asyncio.to_thread(sink.wait, due_count)
        return sink.seen()[-1][0] - began
