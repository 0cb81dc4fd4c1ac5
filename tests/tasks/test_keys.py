"""Keys: what is sealed for one person opens with that person's key, in its own place, and nowhere else."""

import pytest

from tasks.keys import Keyring, PersonErased, SecretUnusable, secret_from_file

from .city import SECRET


def test_what_was_sealed_opens_with_its_person_and_place_only():
    keys = Keyring(SECRET)
    one, other = keys.new_person(), keys.new_person()
    sealed = keys.seal(one.id, one.wrapped_key, b"rahasia", "identity:1")

    assert keys.open(one.id, one.wrapped_key, sealed, "identity:1") == b"rahasia"
    with pytest.raises(SecretUnusable):
        keys.open(one.id, one.wrapped_key, sealed, "identity:2")
    with pytest.raises(SecretUnusable):
        keys.open(other.id, other.wrapped_key, sealed, "identity:1")


def test_the_same_text_is_never_sealed_alike():
    keys = Keyring(SECRET)
    person = keys.new_person()

    assert len({keys.seal(person.id, person.wrapped_key, b"x", "a") for _ in range(8)}) == 8


def test_without_its_key_a_person_is_erased_even_from_memory():
    keys = Keyring(SECRET)
    person = keys.new_person()
    sealed = keys.seal(person.id, person.wrapped_key, b"x", "a")

    with pytest.raises(PersonErased):
        keys.open(person.id, None, sealed, "a")


def test_another_secret_opens_nothing_and_finds_nobody():
    keys, other = Keyring(SECRET), Keyring("x" * 40)
    person = keys.new_person()
    sealed = keys.seal(person.id, person.wrapped_key, b"x", "a")

    with pytest.raises(SecretUnusable):
        other.open(person.id, person.wrapped_key, sealed, "a")
    assert keys.blind_index("3674") != other.blind_index("3674")


def test_the_blind_index_ignores_case_and_blanks_around():
    keys = Keyring(SECRET)

    assert keys.blind_index(" Ratna@Pemohon.example ") == keys.blind_index("ratna@pemohon.example")
    assert "ratna" not in keys.blind_index("ratna@pemohon.example")


def test_a_short_secret_is_refused():
    with pytest.raises(SecretUnusable):
        Keyring("pendek")


def test_the_embedded_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "home" / "secret.key"

    made = secret_from_file(path)

    assert secret_from_file(path) == made
    assert len(made) >= 32
    assert path.stat().st_mode & 0o077 == 0
