"""Settings from the environment: production asks for more, and every fault names its variable."""

from pathlib import Path

import pytest

from config.settings import SettingsUnusable, Tls, settings_from

PRODUCTION = {"PPID_SMTP_HOST": "surel.kota.example", "PPID_SECRET_KEY": "k" * 32}


def test_nothing_set_gives_the_embedded_defaults() -> None:
    settings = settings_from({})

    assert settings.home == Path.cwd() / "var"
    assert settings.database_url == f"sqlite:///{Path.cwd() / 'var' / 'ppid.sqlite'}"
    assert (settings.config / "deadlines.yaml").is_file()
    assert settings.smtp is None
    assert not settings.is_production


def test_the_relay_is_given_as_many_letters_at_once_as_it_takes() -> None:
    smtp = settings_from({**PRODUCTION, "PPID_SMTP_CONNECTIONS": "4"}).smtp
    assert smtp is not None
    assert smtp.connections == 4


def test_an_smtp_host_makes_it_production() -> None:
    settings = settings_from(PRODUCTION)

    assert settings.is_production
    assert settings.smtp is not None
    assert (settings.smtp.port, settings.smtp.tls) == (587, Tls.STARTTLS)


@pytest.mark.parametrize(("tls", "port"), [("none", 25), ("starttls", 587), ("tls", 465), ("TLS", 465)])
def test_each_kind_of_protection_has_its_usual_port(tls: str, port: int) -> None:
    smtp = settings_from({**PRODUCTION, "PPID_SMTP_TLS": tls}).smtp

    assert smtp is not None
    assert smtp.port == port


@pytest.mark.parametrize(
    ("environ", "variable"),
    [
        ({"PPID_SMTP_HOST": "surel.example"}, "PPID_SECRET_KEY"),
        ({**PRODUCTION, "PPID_SECRET_KEY": "pendek"}, "PPID_SECRET_KEY"),
        ({**PRODUCTION, "PPID_CLOCK": "2026-03-13"}, "PPID_CLOCK"),
        ({**PRODUCTION, "PPID_SMTP_PORT": "0"}, "PPID_SMTP_PORT"),
        ({**PRODUCTION, "PPID_SMTP_PORT": "smtp"}, "PPID_SMTP_PORT"),
        ({**PRODUCTION, "PPID_SMTP_TLS": "ya"}, "PPID_SMTP_TLS"),
        ({**PRODUCTION, "PPID_SMTP_FROM": "a@b.example\r\nBcc: c@d.example"}, "PPID_SMTP_FROM"),
        ({**PRODUCTION, "PPID_SMTP_FROM": "ppid"}, "PPID_SMTP_FROM"),
        ({**PRODUCTION, "PPID_SMTP_USER": "ppid"}, "PPID_SMTP_PASSWORD"),
        ({**PRODUCTION, "PPID_SMTP_HOST": "smtp://surel.example"}, "PPID_SMTP_HOST"),
        (
            {**PRODUCTION, "PPID_SMTP_TLS": "none", "PPID_SMTP_USER": "u", "PPID_SMTP_PASSWORD": "p"},
            "PPID_SMTP_TLS",
        ),
        ({**PRODUCTION, "PPID_SMTP_CONNECTIONS": "0"}, "PPID_SMTP_CONNECTIONS"),
        ({**PRODUCTION, "PPID_SMTP_CONNECTIONS": "200"}, "PPID_SMTP_CONNECTIONS"),
        ({**PRODUCTION, "PPID_SMTP_CONNECTIONS": "banyak"}, "PPID_SMTP_CONNECTIONS"),
        ({"PPID_SMTP_CONNECTIONS": "4"}, "PPID_SMTP_CONNECTIONS"),
        ({"PPID_SMTP_PORT": "25"}, "PPID_SMTP_PORT"),
        ({"PPID_DATABASE_URL": "mysql://db"}, "PPID_DATABASE_URL"),
        ({"PPID_PUBLIC_URL": "ppid.kota.example"}, "PPID_PUBLIC_URL"),
        ({"PPID_PUBLIC_URL": "https://[x"}, "PPID_PUBLIC_URL"),
    ],
)
def test_a_fault_names_its_variable_and_what_to_do(environ: dict[str, str], variable: str) -> None:
    with pytest.raises(SettingsUnusable) as refused:
        settings_from(environ)

    (fault,) = refused.value.faults
    assert fault.variable == variable
    assert fault.hint


def test_all_faults_come_at_once() -> None:
    with pytest.raises(SettingsUnusable) as refused:
        settings_from(
            {"PPID_SMTP_HOST": "x", "PPID_SMTP_PORT": "x", "PPID_CLOCK": "x", "PPID_PUBLIC_URL": "x"}
        )

    assert len(refused.value.faults) == 4


def test_secrets_do_not_show_in_a_traceback() -> None:
    secrets = {"PPID_SMTP_USER": "ppid", "PPID_SMTP_PASSWORD": "rahasia1"}
    database = {"PPID_DATABASE_URL": "postgresql+psycopg://ppid:rahasia2@db/ppid"}
    shown = repr(settings_from({**PRODUCTION, **secrets, **database}))

    assert "rahasia" not in shown
    assert "k" * 32 not in shown


def test_the_public_address_has_no_slash_at_its_end() -> None:
    assert settings_from({"PPID_PUBLIC_URL": "https://ppid.kota.example/"}).public_url.endswith("example")
