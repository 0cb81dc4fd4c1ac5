"""How a case is named on the run board; the board itself is tested on a real server in tests/flows."""

from __future__ import annotations

from datetime import date

from tasks.runs import RunView


def test_names_sort_by_date_then_closed_then_without_a_date() -> None:
    soon = RunView("002-PPID-TS-2026", date(2026, 11, 26), "Diterima")
    late = RunView("001-PPID-TS-2026", date(2026, 12, 8), "Menunggu jawaban OPD")
    closed = RunView("003-PPID-TS-2026", date(2026, 1, 2), "Selesai", closed=True)
    undated = RunView("004-PPID-TS-2026", None, "Dijawab")

    assert sorted(view.name for view in (undated, closed, late, soon)) == [
        "2026-11-26 · 002-PPID-TS-2026",
        "2026-12-08 · 001-PPID-TS-2026",
        "selesai · 003-PPID-TS-2026",
        "tanpa tanggal · 004-PPID-TS-2026",
    ]
