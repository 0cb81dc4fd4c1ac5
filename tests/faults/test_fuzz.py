"""Whatever stands in a policy file or in an address field, the answer is a plain one."""

from __future__ import annotations

import shutil
from datetime import date
from email import message_from_bytes
from email import policy as email_policy
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import config
from config.faults import ConfigFaults
from config.loader import load_policy
from tasks.letters import Rendered
from tasks.mail_errors import AddressUnusable
from tasks.mail_message import OutgoingMail, as_message
from tests.tasks.city import march

FOLDER = Path(config.__file__).parent
FILES = ("deadlines.yaml", "ladders.yaml", "opd.yaml", "people.yaml", "calendar/2026.yaml")
JUNK = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "&a [*a]",
            "- ",
            ": :",
            "\t",
            "!!python/object:os.system",
            "0o7",
            "9" * 400,
            "2026-13-40",
            "~",
            "{",
            "é\u202e",
        ]
    ),
    st.binary(max_size=20).map(lambda raw: raw.decode("latin-1")),
)


@pytest.mark.parametrize("examples", [25, pytest.param(600, marks=pytest.mark.long)])
def test_a_damaged_policy_loads_or_names_its_faults(tmp_path, examples):
    shutil.copytree(FOLDER, tmp_path / "policy", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    folder = tmp_path / "policy"
    whole = {name: (folder / name).read_text(encoding="utf-8") for name in FILES}

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(name=st.sampled_from(FILES), where=st.floats(0, 1), length=st.integers(0, 60), junk=JUNK)
    def damaged(name, where, length, junk):
        text = whole[name]
        start = int(where * len(text))
        try:
            (folder / name).write_text(text[:start] + junk + text[start + length :], encoding="utf-8")
            load_policy(folder, on=date(2026, 3, 2))
        except ConfigFaults as faults:
            assert faults.faults
            assert all(str(fault) for fault in faults.faults)
        finally:
            (folder / name).write_text(text, encoding="utf-8")

    damaged()


def a_mail(*to: str) -> OutgoingMail:
    return OutgoingMail(
        key="001-PPID-TS-2026:receipt",
        number="001/PPID-TS/2026",
        to=to,
        rendered=Rendered("Tanda terima", "Isi.", "<p>Isi.</p>"),
        from_addr="ppid@tangsel.example",
        sent_at=march(2),
    )


BETWEEN = (",", ";", "\r\n", "\0", " ", "<", ">", "\u202e")
ADDRESS = st.one_of(
    st.text(max_size=80),
    st.emails(),
    st.builds("{}@{}".format, st.text(max_size=30), st.text(max_size=30)),
    st.builds(
        "{}{}{}".format,
        st.emails(),
        st.sampled_from([",", ";", "\r\n", "\0", " ", "<", ">", "\u202e"]),
        st.emails(),
    ),
)


@given(ADDRESS)
@example('"a@b"@c.example')
@example("a@b.example\nBcc: c@d.example")
def test_an_address_is_one_address_in_the_message_or_refused(address):
    try:
        raw = as_message(a_mail(address))
    except AddressUnusable:
        return
    message = message_from_bytes(raw, policy=email_policy.default)

    assert [found for _, found in getaddresses([message["To"]])] == [address]
    assert message.keys() == message_from_bytes(as_message(a_mail("a@b.example"))).keys()
