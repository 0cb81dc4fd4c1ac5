"""A commit stands and its answer is lost on the way: it is done once, and nobody is told otherwise."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from domain.office import Role
from tasks.store.engine import AnswerLost
from tasks.store.schema import cases
from tests.faults.cutting_proxy import CuttingProxy
from tests.tasks.city import PEOPLE, City
from tests.tasks.store_check import faults_in


@pytest.fixture
def cut_off(postgresql_url, tmp_path_factory):
    """An office whose line to PostgreSQL can be cut, and what cuts it."""
    url = make_url(postgresql_url)
    folder = tmp_path_factory.mktemp("s")
    proxy = CuttingProxy(folder, server=Path(str(url.query["host"])))
    through = url.update_query_dict({"host": str(folder)}).render_as_string(hide_password=False)
    with City(through, tmp_path_factory.mktemp("h")) as city:
        yield city, proxy
    proxy.close()


def numbers(city):
    return [row.number for row in city.rows(cases)]


def test_a_filing_whose_answer_was_lost_has_one_number(cut_off):
    city, proxy = cut_off
    city.register(PEOPLE[0])
    proxy.cut_after_commit()

    number = city.register(PEOPLE[1])

    assert proxy.cuts == 1
    assert numbers(city) == ["001/PPID-TS/2026", number]
    assert faults_in(city.engine, city.seal_log) == []


def test_an_act_whose_answer_was_lost_is_told_as_done(cut_off):
    city, proxy = cut_off
    number = city.register()
    proxy.cut_after_commit()

    done = city.do(number, "record_complete", Role.DESK)

    assert (proxy.cuts, done.action, done.version) == (1, "record_complete", 2)
    assert city.case(number).version == 2
    assert faults_in(city.engine, city.seal_log) == []


def test_where_nobody_can_be_asked_the_caller_is_told_to_look_first(cut_off):
    city, proxy = cut_off
    proxy.cut_after_commit(for_good=True)

    with pytest.raises(AnswerLost, match="belum pasti"):
        city.register()

    assert proxy.cuts == 1
