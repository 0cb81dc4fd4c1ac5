"""Every refusal crosses a process border whole and reads as a sentence in Bahasa Indonesia."""

import inspect
import pickle
from datetime import date

import pytest

from domain import errors
from domain.calendar import DateOutOfReach

EXAMPLES = [
    errors.NoRuleInForce("notice", date(2009, 1, 1)),
    errors.WrongStage("pay", "registered", ("withdraw",)),
    errors.RoleNotPermitted("approve", "desk", ("Atasan PPID",)),
    errors.UnknownAction("hapus", ("withdraw",)),
    errors.Refused("note", "alasan wajib ditulis"),
    errors.StaleFacts("001/PPID-TS/2026", 1, 2),
    errors.CaseNotFound("001/PPID-TS/2026"),
    errors.CaseExists("001/PPID-TS/2026"),
    DateOutOfReach(date(2026, 1, 1), 99_999),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_a_refusal_survives_pickling_with_its_fields_and_its_sentence(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 our own bytes

    assert type(copy) is type(error)
    assert (str(copy), copy.args, vars(copy)) == (str(error), error.args, vars(error))


def test_every_refusal_of_the_family_is_tried_here():
    named = {
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.DomainError) and cls is not errors.DomainError
    }

    assert named <= {type(error) for error in EXAMPLES}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_a_refusal_is_one_line_and_names_what_it_is_about(error):
    text = str(error)

    assert text and "\n" not in text and str(error.args[0]) in text
