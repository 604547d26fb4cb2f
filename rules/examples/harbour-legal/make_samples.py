"""
Write the sample time entries and users of Harbour Legal, as Actionstep would send them.

    python make_samples.py [COUNT]        (200, unless you say another count; at least 51)

The same count gives the same bytes, and a smaller one, down to 60, the first lines of a larger.
Every billing behaviour, every quirk of the payload and every reason to skip or refuse is in the
first 60 entries; the rest is the ordinary day of a law practice.
All names are invented. Amounts are exact decimals from here to the file: there is no float.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

COUNT = 200
FIRST = 60
SEED = 20260701
SAMPLES = Path(__file__).parent / "samples"
FIRST_DAY = date(2026, 7, 1)
DAYS = 31

#: Actionstep id of a timekeeper → usual rate.
TIMEKEEPERS = {1101: "620.00", 1102: "485.00", 1103: "365.50", 1104: "195.00"}
MATTERS = (5201, 5202, 5203, 5204, 5205, 5206)

NARRATIVES = (
    "Telephone attendance on client regarding settlement date and outstanding searches",
    "Drafting contract for sale of land, 14 Marlow Street, and vendor's statement",
    "Perusing and considering reply from Whitcombe & Daly; advising client by email",
    "Conference with counsel (Ms Farrow) on prospects of the interlocutory application",
    "Reviewing discovery, documents 1 to 214; noting privileged correspondence",
    "Preparing affidavit of Mr Jonah Ackroyd; settling annexures",
    "Attending directions hearing, Federal Circuit Court; reporting to client",
    "Research: limitation of actions, latent defects, section 14C",
    "Advising on shareholders' agreement: drag-along, pre-emption and deadlock",
    "Considering probate requisition; drafting response for the executor",
    "Attending to stamping and lodgement of transfer; letter to bank “as agreed”",
    "Mediation, Tarrant v Castellan Holdings Pty Ltd; preparing heads of agreement",
    "Preparing brief to counsel",
    "Letter to Müller & Søn A/S about service abroad",
    "Review of lease: outgoings, make-good and option to renew",
    "Meeting with Mrs Odile Brandt about her will and enduring power of attorney",
)
TASKS = (None, None, None, "L120", "L210", "L320", "")
ACTIVITIES = (None, None, None, "A101", "A103", "A106", "A107")

Entry = dict[str, object]


def ordinary(number: int, dice: random.Random) -> Entry:
    """Return a billable entry that goes through."""
    owner = dice.choice(tuple(TIMEKEEPERS))
    day = FIRST_DAY + timedelta(days=dice.randrange(DAYS))
    hours = Decimal(dice.randrange(1, 45)) / 10
    rate = Decimal(TIMEKEEPERS[owner])
    return {
        "id": 880000 + number if number % 4 else str(880000 + number),  # a number, or a text
        "timestampDate": f"{day}T00:00:00+10:00",
        "description": dice.choice(NARRATIVES),
        "actualHours": hours,
        "billableHours": hours,
        "createdTimestamp": f"{day} 17:{dice.randrange(10, 60)}:00+10:00",
        "startTime": dice.choice((None, "", "09:00:00", "13:30:00")),
        "timerStatus": dice.choice((None, "Stopped", "Locked")),
        "billingBehavior": "Bill",
        "rateUnitPrice": rate,
        "rateSource": "Timekeeper",
        "billableAmountType": "Calculated",
        "billableAmount": None,
        "isBillable": "T",
        "importExternalReference": None,
        "billStatus": "Unbilled",
        "links": {
            "action": dice.choice(MATTERS),
            "owner": owner,
            "createdBy": owner,
            "task": None,
            "utbmsTaskCode": dice.choice(TASKS),
            "utbmsActivityCode": dice.choice(ACTIVITIES),
        },
    }


def varied(number: int, dice: random.Random) -> Entry:
    """Return an ordinary entry, or one that behaves or is spelled otherwise; all go through."""
    entry = ordinary(number, dice)
    plain: tuple[Mapping[str, object], ...] = ({},) * 60
    variations = (*BEHAVIOURS, *QUIRKS, *plain)
    return changed(entry, dice.choice(variations))


#: The entry that stands alone in `time_entry.json`.
HIDDEN = ("T", "Hide")

#: Every behaviour of the vendor's table, in every spelling.
BEHAVIOURS: Sequence[Mapping[str, object]] = (
    {"billingBehavior": "Bill"},
    {"billingBehavior": "Hide"},
    {"billingBehavior": "Hide", "billableAmount": Decimal("0.00")},
    {"billingBehavior": "No charge"},
    {"billingBehavior": "No Charge"},
    {"isBillable": "F", "billingBehavior": "Bill", "billStatus": "Non-billable"},
    {"isBillable": "F", "billingBehavior": "Hide"},
    {"isBillable": "F", "billingBehavior": "No charge"},
    {"isBillable": "F", "billingBehavior": None},
    {"isBillable": "F", "billingBehavior": ""},
    {"billingBehavior": None},
    {"billingBehavior": ""},
)

#: How else Actionstep writes what means the same, and where a rate may come from.
QUIRKS: Sequence[Mapping[str, object]] = (
    {"links.action": "5202", "links.owner": "1103", "links.createdBy": "1107"},  # ids as texts
    {"timestampDate": "2026-07-09 00:00:00+10:00"},
    {"timestampDate": "2026-07-08T14:00:00+00:00"},  # midnight in Sydney, written in Greenwich
    {"timestampDate": "2026-07-16T08:45:00+10:00"},  # not midnight: warned
    {"createdTimestamp": "2026-07-10"},
    {"createdTimestamp": None, "description": None},
    {"description": "", "startTime": ""},
    {"billableHours": None},
    {"actualHours": Decimal("0.25"), "billableHours": Decimal("0.25")},
    {"actualHours": Decimal("1.1667"), "billableHours": Decimal("1.1667")},
    {"rateUnitPrice": None, "rateSource": None, "links.action": 5202},  # rate of the file
    {"rateUnitPrice": None, "rateSource": None, "links.action": 5203},  # rate of the client
    {"rateUnitPrice": None, "rateSource": None, "links.action": 5204},  # both: the file wins
    {"rateUnitPrice": None, "rateSource": None, "links.action": 5201},  # the fee earner's own
    {"rateUnitPrice": Decimal("333.3333"), "rateSource": "Custom"},
    {"rateSource": "Bulk custom rate", "importExternalReference": "OLD-4711"},
    {
        "description": "Fixed fee: preparing caveat and lodging it",
        "billableAmountType": "Fixed",
        "billableAmount": Decimal("450.00"),
        "rateUnitPrice": None,
        "rateSource": None,
    },
    {"timerStartedClientTimestamp": "2026-07-14 10:02:11+10:00", "timerDurationSeconds": 2520},
    {"links.utbmsTimekeeperCode": "PT", "links.utbmsTaskCode": "L120"},
)

#: Left out on purpose: the run counts them under their reason.
SKIPPED: Sequence[Mapping[str, object]] = (
    {"billStatus": "Draft", "sentTimestamp": "2026-07-06 18:30:00+10:00"},  # already_sent
    {"billStatus": "Draft", "sentTimestamp": "2026-07-06T18:30:04+10:00"},
    {"timestampDate": "2026-06-30T00:00:00+10:00"},  # pre_integration
    {"timestampDate": "2026-06-18 00:00:00+10:00", "billStatus": None},
    {"billStatus": "Draft"},  # locked
    {"billStatus": "Billed"},
    {"timerStatus": "Running", "billableHours": None},  # still_running
    {"timerStatus": "Paused"},
)

#: Refused, with a reason that a bookkeeper can act on.
REFUSED: Sequence[Mapping[str, object]] = (
    {"links.owner": 1105},  # another e-mail in Legal Accounting
    {"links.owner": None},  # no timekeeper
    {"links.owner": 1106},  # disabled
    {"links.owner": 1107},  # records no time
    {"links.action": 5208},  # no such file in Legal Accounting
    {"links.action": 5209},  # a matter without File Reference
    {"links.action": "5999"},  # a matter that the firm's list does not have
    {"links.action": 5207},  # a closed file
    {"isBillable": None},  # neither billable nor not
    {"timestampDate": "31/07/2026"},  # not a stamp
    {"billableAmountType": "Fixed", "billableAmount": None},  # a fixed amount that is missing
    {"links.action": 5207, "links.owner": 1106},  # two reasons at once
)


def changed(entry: Entry, changes: Mapping[str, object]) -> Entry:
    """Return the entry with the changes; a dotted name is a member of `links`."""
    links = entry["links"]
    assert isinstance(links, dict)
    result: Entry = {**entry, "links": dict(links)}
    for name, value in changes.items():
        place, _, member = name.rpartition(".")
        target = result[place] if place else result
        assert isinstance(target, dict)
        target[member] = value
    if "billableAmount" not in changes:
        result["billableAmount"] = computed_amount(result)
    return result


def computed_amount(entry: Entry) -> Decimal | None:
    """Return what Actionstep shows as the amount: hours to bill times rate."""
    hours, rate = entry["billableHours"] or entry["actualHours"], entry["rateUnitPrice"]
    if not isinstance(hours, Decimal) or not isinstance(rate, Decimal):
        return None
    return (hours * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


def entries(count: int) -> Iterator[Entry]:
    """Yield the entries, the special ones spread among the ordinary ones."""
    dice = random.Random(SEED)
    special = [*BEHAVIOURS, *QUIRKS, *SKIPPED, *REFUSED]
    plain = max(0, min(count, FIRST) - len(special))
    rest: list[Mapping[str, object] | None] = [*special, *([None] * plain)][:count]
    dice.shuffle(rest)
    # The first one is at no charge: rules/README.md looks at it.
    first = rest.index({"billingBehavior": "No charge"})
    rest[0], rest[first] = rest[first], rest[0]
    rest += [None] * (count - len(rest))
    for number, changes in enumerate(rest, start=1):
        if changes is None:
            yield varied(number, dice)
        else:
            yield changed(ordinary(number, dice), changes)


#: The people of the firm as Actionstep lists them: id, first and last name, e-mail, active.
PEOPLE = (
    (1101, "Amelia", "Hart", "amelia.hart@harbourlegal.example", "T"),
    (1102, "Daniel", "Okafor", "Daniel.Okafor@harbourlegal.example ", "T"),
    (1103, "Priya", "Raman", "priya.raman@harbourlegal.example", "T"),
    ("1104", "Tom", "Whitlam", "tom.whitlam@harbourlegal.example", "T"),
    (1105, "Grace", "Liu", "grace.liu@harbourlegal.example", "T"),
    (1106, "Marcus", "Bell", "marcus.bell@harbourlegal.example", "F"),
    ("1107", None, "", "helen.ford@harbourlegal.example", "T"),
)


def users() -> Iterator[Entry]:
    """Yield the users; the last one has no participant."""
    for key, first, last, email, active in PEOPLE:
        yield {
            "id": key,
            "emailAddress": email,
            "isActive": active,
            "isCurrent": "T" if key == 1101 else "F",
            "hasAuthority": None,
            "displayName": f"{last}, {first}" if first else "",
            "firstName": first,
            "middleName": None,
            "lastName": last,
            "displayInitials": f"{first[0]}{last[0]}" if first else None,
            "links": {
                "defaultRate": 31,
                "division": 1,
                "participant": int(key) + 4000 if first else None,
                "role": "12",
            },
        }


def as_json(value: object) -> str:
    """Return JSON text; a decimal keeps every digit, which `json.dumps` cannot do."""
    match value:
        case dict():
            members = (f"{json.dumps(name)}: {as_json(each)}" for name, each in value.items())
            return "{" + ", ".join(members) + "}"
        case list():
            return "[" + ", ".join(map(as_json, value)) + "]"
        case Decimal():
            return format(value, "f")
        case _:
            return json.dumps(value, ensure_ascii=False)


def files(count: int) -> Mapping[str, str]:
    """Return the text of every sample file by its name."""
    made = list(entries(count))
    # As the API answers: the name of the resource, and under it one record or a list of them.
    hidden = next(each for each in made if (each["isBillable"], each["billingBehavior"]) == HIDDEN)
    people = ",\n  ".join(as_json(each) for each in users())
    return {
        "time_entries.ndjson": "".join(as_json(each) + "\n" for each in made),
        "time_entry.json": as_json({"timeentries": hidden}) + "\n",
        "users.json": f'{{"users": [\n  {people}\n]}}\n',
    }


if __name__ == "__main__":
    SAMPLES.mkdir(exist_ok=True)
    for name, text in files(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT).items():
        (SAMPLES / name).write_text(text, encoding="utf-8", newline="\n")
