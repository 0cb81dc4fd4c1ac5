"""Who asks: the applicant's identity and what is missing from it.

A missing or malformed paper never turns a request away: it is registered, numbered and marked
incomplete with the fault named (UU 14/2008 Pasal 22 ayat (4); PERKI 1/2021 Pasal 27, 29, 33).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from domain.errors import Refused
from domain.text import clean_line


class ApplicantKind(StrEnum):
    """PERKI 1/2021 Pasal 27."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    LEGAL_ENTITY = "legal_entity"


class Channel(StrEnum):
    """How the request came in; oral ones are written down by the desk (UU Pasal 22 ayat (3))."""

    ONLINE = "online"
    WALK_IN = "walk_in"
    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"


CHANNEL_SHOWN_AS: Final = {
    Channel.ONLINE: "Daring",
    Channel.WALK_IN: "Datang langsung",
    Channel.LETTER: "Surat",
    Channel.EMAIL: "E-mail",
    Channel.PHONE: "Telepon",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Personal data of an applicant; kept only under the person's key.

    Attributes:
        nik: 16 digits, for individuals and for those who gave a group its power.
        deed_number: the SK pengesahan of a legal entity.
        id_document: which proof of identity was shown (KTP, surat keterangan Dukcapil, akta).
        proxy_name: who acts for the applicant, with a special power of attorney.
    """

    name: str
    email: str = ""
    phone: str = ""
    address: str = ""
    nik: str = ""
    deed_number: str = ""
    id_document: str = ""
    occupation: str = ""
    proxy_name: str = ""
    power_of_attorney: bool = False
    purpose: str = ""


FIELDS: Final = tuple(Identity.__dataclass_fields__)
_LIMITS: Final = {"name": 200, "address": 500, "purpose": 2000}
_EMAIL: Final = re.compile(r"[^@\s<>,;:\"\\()\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])")


def checked(identity: Identity) -> Identity:
    """The identity with each line trimmed.

    Raises:
        Refused: a field is too long, has line breaks or direction marks, or the e-mail is no address.
    """
    values: dict[str, object] = {}
    for name in FIELDS:
        value = getattr(identity, name)
        if isinstance(value, str):
            value = clean_line(name, value, longest=_LIMITS.get(name, 254), breaks=name == "purpose")
        values[name] = value
    cleaned = Identity(**values)  # type: ignore[arg-type]
    if not cleaned.name:
        raise Refused("name", "nama pemohon harus diisi")
    if cleaned.email and not _EMAIL.fullmatch(cleaned.email):
        raise Refused("email", "bukan alamat e-mail yang sah")
    return cleaned


def nik_fault(nik: str) -> str | None:
    """What is wrong with the form of a NIK, or None.

    Sixteen digits; digits 7 to 12 are the birth date, with 40 added to the day for women. There is
    no check digit.
    """
    if not re.fullmatch(r"[0-9]{16}", nik):
        return "NIK harus 16 angka"
    if nik[:2] == "00" or nik[12:] == "0000":
        return "NIK tidak sah: kode wilayah atau nomor urut nol"
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day -= 40 if day > 40 else 0
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return None
    return "NIK tidak sah: bagian tanggal lahir tidak mungkin"


def papers_missing(kind: ApplicantKind, identity: Identity) -> tuple[str, ...]:
    """What PERKI 1/2021 Pasal 27 and 29 ask for and this applicant has not given, in words."""
    missing: list[str] = []
    if kind is ApplicantKind.LEGAL_ENTITY:
        if not identity.deed_number:
            missing.append("nomor SK pengesahan badan hukum (PERKI 1/2021 Pasal 27 ayat (4), 29 ayat (5))")
    elif not identity.nik:
        missing.append("NIK (PERKI 1/2021 Pasal 29 ayat (5))")
    elif fault := nik_fault(identity.nik):
        missing.append(f"{fault} (PERKI 1/2021 Pasal 29 ayat (5))")
    if not identity.id_document:
        wanted = (
            "salinan akta pendirian yang disahkan"
            if kind is ApplicantKind.LEGAL_ENTITY
            else "salinan KTP atau surat keterangan kependudukan"
        )
        missing.append(f"{wanted} (PERKI 1/2021 Pasal 27)")
    if (kind is ApplicantKind.GROUP or identity.proxy_name) and not identity.power_of_attorney:
        article = "ayat (5)" if kind is ApplicantKind.GROUP else "ayat (7)"
        missing.append(f"surat kuasa khusus bermeterai (PERKI 1/2021 Pasal 27 {article})")
    if not identity.address:
        missing.append("alamat (PERKI 1/2021 Pasal 29 ayat (5))")
    if not (identity.email or identity.phone):
        missing.append("nomor telepon atau alamat e-mail (PERKI 1/2021 Pasal 29 ayat (5))")
    if not identity.purpose:
        missing.append("tujuan penggunaan informasi (UU 14/2008 Pasal 4 ayat (3))")
    return tuple(missing)
