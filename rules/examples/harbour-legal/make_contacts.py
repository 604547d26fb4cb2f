"""
Write the sample contacts and matters of Harbour Legal: as Actionstep would send them, and as
Legal Accounting would send them back.

    python make_contacts.py

It always gives the same bytes. Everything special comes first in each file, one thing a line,
and the rest is the ordinary day of a law practice. All names are invented; phone numbers and
addresses are from the ranges kept for stories.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

SEED = 20260702
PARTICIPANTS = 60
ACTIONS = 40
FOLDER = Path(__file__).parent
SAMPLES = FOLDER / "samples"

FIRST = ("Odile", "Jonah", "Mei", "Tariq", "Ingrid", "Rafael", "Nkechi", "Søren", "Bridget", "Anil")
LAST = ("Brandt", "Ackroyd", "Tarrant", "Whitcombe", "O'Dea", "van der Laan", "Müller", "Castellan")
COMPANIES = ("Marlow Street", "Castellan Holdings", "Whitcombe & Daly", "Pier Nine", "Tidewater")
STREETS = ("14 Marlow Street", "3 Quay Lane", "201 George Row", "7/88 Harbour Parade")
CITIES = (("Sydney", "NSW", "2000"), ("Parramatta", "NSW", "2150"), ("Darwin", "NT", "0800"))
SUBJECTS = ("sale of land", "lease", "shareholders' agreement", "estate", "defamation", "appeal")
ASSIGNED = (1101, 1102, 1103, "1104")

Thing = dict[str, object]


def person(number: int, dice: random.Random) -> Thing:
    """Return a person that goes through."""
    first, last = dice.choice(FIRST), dice.choice(LAST)
    city, region, code = dice.choice(CITIES)
    return {
        "id": 7000 + number if number % 3 else str(7000 + number),  # a number, or a text
        "displayName": f"{last}, {first}",
        "isCompany": "F",
        "companyName": None,
        "salutation": dice.choice(("Ms", "Mr", "Dr", None, "")),
        "firstName": first,
        "middleName": dice.choice((None, "", "J", "Maria")),
        "lastName": last,
        "suffix": None,
        "preferredName": None,
        "reference": str(1000 + number),
        "importExternalReference": None,
        "physicalAddressLine1": dice.choice(STREETS),
        "physicalAddressLine2": "",
        "physicalCity": city,
        "physicalStateProvince": region,
        "physicalCounty": None,
        "physicalPostCode": code,
        "mailingAddressLine1": None,
        "phone1Label": dice.choice(("Business", "Office", "Work")),
        "phone1Country": 61,
        "phone1Area": 2,
        "phone1Number": f"5550 {number:04}",
        "phone1Notes": None,
        "phone2Label": dice.choice(("Mobile", "Cell")),
        "phone2Number": f"0491 570 {number:03}",
        "email": f"client{number}@mail.example",
        "createdTimestamp": "2026-07-01T10:23:57+10:00",
        "links": {"physicalCountry": "AU", "mailingCountry": None, "division": 1},
    }


def company(number: int, dice: random.Random) -> Thing:
    """Return a company that goes through."""
    name = f"{dice.choice(COMPANIES)} Pty Ltd"
    nothing = dict.fromkeys(("salutation", "firstName", "middleName", "lastName", "suffix"))
    return person(number, dice) | nothing | {
        "displayName": name, "companyName": name, "isCompany": "T",
        "taxNumber": f"99 000 {number:03} 000", "website": "https://marlow.example",
    }  # fmt: skip


#: One thing a line: how else Actionstep writes it, what is dropped with a warning, what is refused.
CONTACTS: Sequence[Mapping[str, object]] = (
    {"reference": None},  # Legal Accounting gives the number
    {"reference": ""},
    {"reference": "10*7"},  # refused: a star
    {"reference": "10 08"},  # refused: a blank
    {"physicalCounty": "Cumberland"},  # told: no field for it
    {"sms": "0491 570 110"},  # told
    {"phone3Label": "Business", "phone3Number": "5550 0199"},  # told: a second business number
    {"phone3Label": "Home", "phone3Number": "5550 0198", "fax": "5550 0197"},
    {"phone3Label": "Ski hut", "phone3Number": "5550 0196", "phone3Notes": "winter only"},
    {"phone1Label": "Home", "phone2Label": "Home"},  # told: the second home number
    {"mailingAddressLine1": "PO Box 12", "mailingCity": "Sydney", "mailingPostCode": "2001",
     "links.mailingCountry": "au"},
    {"email": " Client.Eleven@Mail.Example"},
    {"email": ""},
    {"isCompany": None},
    {"suffix": "KC", "preferredName": "Billie", "occupation": "Judge"},
    {"birthTimestamp": "1970-02-11T00:00:00+10:00"},
    {"createdByEmail": "amelia.hart@harbourlegal.example"},
    {"createdByEmail": "helen.ford@harbourlegal.example"},  # may not record time: sent all the same
    {"createdByEmail": "marcus.bell@harbourlegal.example"},  # refused: disabled
    {"createdByEmail": "nobody@harbourlegal.example"},  # refused: not known
    {"links.physicalCountry": "Australia"},  # refused: not two letters
    {"createdTimestamp": "2026-07-10", "importExternalReference": "OLD-4711"},
)  # fmt: skip


def participants() -> Iterator[Thing]:
    """Yield the participants."""
    dice = random.Random(SEED)
    for number in range(1, PARTICIPANTS + 1):
        made = (company if number % 4 == 0 else person)(number, dice)
        special = CONTACTS[number - 1] if number <= len(CONTACTS) else {}
        yield changed(made, special)


def party(place: int, role: str, number: int) -> Thing:
    """Return a party of a matter: the participant of that number."""
    return {
        "participantNumber": place,
        "participantType": role,
        "participant": 7000 + number,
        "reference": str(1000 + number),
        "displayName": f"Participant {number}",
    }


def matter(number: int, dice: random.Random) -> Thing:
    """Return a matter with one client that goes through."""
    client = dice.randrange(23, PARTICIPANTS + 1)
    return {
        "id": 5200 + number if number % 3 else str(5200 + number),
        "name": f"{dice.choice(LAST)}: {dice.choice(SUBJECTS)}",
        "reference": f"HL-2026-{100 + number:04}",
        "priority": None,
        "status": "Active",
        "createdTimestamp": f"2026-07-{dice.randrange(1, 31):02}",
        "isDeleted": "F",
        "importExternalReference": "",
        "parties": [party(1, "Client", client)],
        "links": {"assignedTo": dice.choice(ASSIGNED), "division": 1, "actionType": 44},
    }


TWO = [party(2, "Client", 24), party(1, "Client", 31), party(3, "Opponent", 40)]
THREE = [party(1, "Client", 25), party(2, "Client", 26), party(3, "Witness", 41),
         party(4, "Client", 27)]  # fmt: skip
UNSENT = [party(1, "Client", 26), {**party(2, "Client", 1), "reference": None}]

#: One thing a line: split files, what is left out, what is refused.
MATTERS: Sequence[Mapping[str, object]] = (
    {},
    {"parties": TWO},  # the first in order is the primary client, not the first in the list
    {"parties": THREE},
    {"parties": [party(1, "Client", 28), party(2, "Godmother", 42)]},  # a role of the firm's own
    {"links.assignedTo": None},
    {"createdTimestamp": "2026-07-08 20:49:15+10:00"},
    {"reference": "HL-2025-0788", "status": "Closed"},
    {"status": "Inactive"},
    {"reference": None},  # Legal Accounting gives the number
    {"status": "Template"},  # left out
    {"isDeleted": "T"},  # left out
    {"parties": [party(1, "Opponent", 40)]},  # refused: no client
    {"parties": []},
    {"reference": "see old file"},  # refused: the reference was used for something else
    {"parties": [party(1, "Client", 1)]},  # waits: the client was never sent
    {"parties": UNSENT},  # refused: a member was never sent
    {"links.assignedTo": 1999},  # refused: nobody knows the lawyer
    {"createdByEmail": "marcus.bell@harbourlegal.example"},  # refused: disabled
)


def actions() -> Iterator[Thing]:
    """Yield the matters."""
    dice = random.Random(SEED)
    for number in range(1, ACTIONS + 1):
        special = MATTERS[number - 1] if number <= len(MATTERS) else {}
        yield changed(matter(number, dice), special)


def known_contacts() -> Iterator[tuple[str, str]]:
    """Yield our ids and theirs, of the contacts that were sent before."""
    for number in range(23, PARTICIPANTS + 1):
        yield f"actionstep-participant-{7000 + number}", str(40000 + number)


#: What Legal Accounting sends back: contacts edited or made there, and its hidden group.
CONTACTS_BACK: Sequence[Mapping[str, object]] = (
    {},
    {"ExternalId": None, "ContactNumber": "1061"},  # made there
    {"ContactType": "Company", "CompanyName": "Pier Nine Pty Ltd", "DisplayName": "Pier Nine"},
    {"ContactType": "Group", "DisplayName": "Brandt and others"},  # left out: the hidden group
    {"HomePhone": "5550 0301", "OtherPhone": "+44 5550 0302", "Fax": "+61 (2) 5550 0303"},
    {"MainAddress": None, "Email": None, "WorkPhone": None},
    {"AdditionalAddress": {"Line1": "PO Box 31", "City": "Darwin", "Country": "AU"}},
)
CASEFILES_BACK: Sequence[Mapping[str, object]] = (
    {},
    {"ExternalId": None},  # left out: matters are made in practice management
    {"Client": {"Id": 49001, "ContactType": "Group", "DisplayName": "Brandt and others"},
     "PrimaryContact": {"Id": 40031, "ContactNumber": "1031"},
     "SplitBilling": [{"ContactNumber": "1024", "Percent": 40}]},
    {"SplitBilling": [{"ContactNumber": "1024"}, {"ContactNumber": "1025"}]},
    {"SplitBilling": [{"ContactNumber": "1024", "Percent": 70},
                      {"ContactNumber": "1025", "Percent": 40}]},  # refused: over 100
    {"Client": {"Id": 49002, "ContactType": "Group"}},  # refused: nobody behind the group
    {"Status": "Closed", "OpenDate": None},
    {"StaffAssigned": [], "StaffResponsible": ["priya.raman@harbourlegal.example"]},
)  # fmt: skip


def contacts_back() -> Iterator[Thing]:
    """Yield contacts as Legal Accounting has them."""
    for number, changes in enumerate(CONTACTS_BACK, start=30):
        plain: Thing = {
            "Id": 40000 + number,
            "ExternalId": f"actionstep-participant-{7000 + number}",
            "ContactNumber": str(1000 + number),
            "ContactType": "Person",
            "DisplayName": f"Brandt, Odile {number}",
            "FirstName": "Odile",
            "LastName": "Brandt",
            "Email": f"client{number}@mail.example",
            "WorkPhone": f"+61 (2) 5550 {number:04}",
            "MainAddress": {"Line1": "3 Quay Lane", "City": "Sydney", "Country": "AU"},
        }
        yield changed(plain, changes)


def casefiles_back() -> Iterator[Thing]:
    """Yield files as Legal Accounting has them."""
    for number, changes in enumerate(CASEFILES_BACK, start=1):
        plain: Thing = {
            "Id": 60000 + number,
            "ExternalId": f"actionstep-action-{5200 + number}",
            "CasefileNumber": f"HL-2026-{100 + number:04}",
            "Description": "Brandt: estate",
            "OpenDate": "2026-07-05",
            "Status": "Open",
            "Client": {"Id": 40030, "ContactNumber": "1030", "ContactType": "Person"},
            "StaffAssigned": ["amelia.hart@harbourlegal.example"],
            "StaffResponsible": ["amelia.hart@harbourlegal.example"],
        }
        yield changed(plain, changes)


def changed(thing: Thing, changes: Mapping[str, object]) -> Thing:
    """Return a thing with changes; a dotted name is a member of `links`."""
    made = {**thing, "links": {**links}} if isinstance(links := thing.get("links"), dict) else thing
    result = dict(made)
    for name, value in changes.items():
        place, _, member = name.rpartition(".")
        target = result[place] if place else result
        assert isinstance(target, dict)
        target[member] = value
    return {name: value for name, value in result.items() if name not in _GONE or value is not None}


#: Legal Accounting leaves these out rather than writing a null.
_GONE = ("ExternalId", "MainAddress")


def files() -> Mapping[str, str]:
    """Return the text of every file by its name, below the firm's folder."""
    made = {
        "participants": [*participants()], "actions": [*actions()],
        "soluno_contacts": [*contacts_back()], "soluno_files": [*casefiles_back()],
    }  # fmt: skip
    texts = {f"samples/{name}.ndjson": lines(things) for name, things in made.items()}
    known = "".join(f"{ours},{theirs}\n" for ours, theirs in known_contacts())
    return {**texts, "soluno_contacts.csv": f"id,contact_id\n{known}"}


def lines(things: Sequence[Thing]) -> str:
    """Return things as JSON, one a line."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in things)


if __name__ == "__main__":
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
