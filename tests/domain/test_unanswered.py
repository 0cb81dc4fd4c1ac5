"""Day eleven without a notice."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Refused
from domain.office import SYSTEM
from domain.request import Stage
from tests.domain.builders import LAST_DAY, PPID, a_request, clock_of, take


def test_no_answer_is_recorded_from_day_eleven_on_and_not_before():
    with pytest.raises(Refused, match="belum lewat"):
        take(a_request(), "record_unanswered", SYSTEM, LAST_DAY)

    request = take(a_request(), "record_unanswered", SYSTEM, date(2026, 3, 17))
    assert clock_of(request, "objection_window").start_on == date(2026, 3, 17)


def test_no_answer_is_recorded_once():
    request = take(a_request(), "record_unanswered", SYSTEM, date(2026, 3, 17))

    with pytest.raises(Refused, match="2026-03-17"):
        take(request, "record_unanswered", SYSTEM, date(2026, 3, 25))


def test_a_late_answer_stays_possible_and_gives_the_applicant_the_later_window():
    late = take(a_request(Stage.DRAFTING), "record_unanswered", SYSTEM, date(2026, 3, 17))
    signed = take(late, "send_notice", PPID, date(2026, 3, 25))
    sent = take(signed, "record_sent", SYSTEM, date(2026, 3, 25))

    assert clock_of(sent, "objection_window").due_on > clock_of(late, "objection_window").due_on
