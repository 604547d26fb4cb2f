"""The records and payloads of the mappings as Structs, for the program written with msgspec."""

from __future__ import annotations

from decimal import Decimal

from msgspec import UNSET, Struct, UnsetType, field

__all__ = [
    "AddressOut", "ContactIn", "ContactOut", "ContactRef", "InvoiceIn", "InvoiceOut", "LineOut",
    "PhoneOut", "Reject", "Sales", "Terms", "TimeIn", "TimeOut",
]  # fmt: skip


class TimeIn(Struct, gc=False):
    id: str
    matter_ref: str
    user_email: str
    date: str
    hours: Decimal
    rate: Decimal
    billable: bool
    updated_at: str
    bill_behaviour: str | None = None
    narrative: str | None = None
    description: str | None = None
    activity_code: str | None = None


class TimeOut(Struct, rename="pascal", gc=False, omit_defaults=False):
    external_id: str
    file_number: str
    client_code: str
    timekeeper_id: int
    timekeeper_initials: str
    work_date: str
    units: int
    hours: str
    rate: str
    amount: str
    billing_type: str
    narrative: str
    modified: str
    source: str = "actionstep"
    activity_code: str | UnsetType = UNSET


class Reject(Struct, gc=False):
    reject: str = field(name="_reject")
    external_id: str = field(name="ExternalId")


class Phone(Struct, gc=False):
    type: str
    number: str


class Address(Struct, gc=False):
    kind: str
    line1: str
    city: str | None = None
    line2: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: str | None = None


class ContactIn(Struct):
    id: str
    type: str
    name: str
    is_client: bool
    is_supplier: bool
    archived: bool
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phones: list[Phone] = []
    addresses: list[Address] = []
    tax_number: str | None = None
    account_number: str | None = None
    terms_days: int | None = None
    bank_account: str | None = None


class PhoneOut(Struct, rename="pascal", gc=False):
    phone_type: str
    phone_number: str


class AddressOut(Struct, rename="pascal", gc=False):
    address_type: str
    address_line1: str = field(name="AddressLine1")
    city: str | None
    country: str
    address_line2: str | UnsetType = field(name="AddressLine2", default=UNSET)
    region: str | UnsetType = UNSET
    postal_code: str | UnsetType = UNSET


class Sales(Struct, rename="pascal", gc=False):
    day: int
    type: str = "DAYSAFTERBILLDATE"


class Terms(Struct, rename="pascal", gc=False):
    sales: Sales


class ContactOut(Struct, rename="pascal"):
    contact_number: str
    name: str
    contact_status: str
    is_customer: bool
    is_supplier: bool
    phones: list[PhoneOut]
    addresses: list[AddressOut]
    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    email_address: str | UnsetType = UNSET
    account_number: str | UnsetType = UNSET
    tax_number: str | UnsetType = UNSET
    bank_account_details: str | UnsetType = UNSET
    payment_terms: Terms | UnsetType = UNSET


class Line(Struct, gc=False):
    gl_code: str
    tax_code: str
    quantity: Decimal
    unit_price: Decimal


class InvoiceIn(Struct):
    id: str
    number: str
    contact_id: str
    matter_ref: str
    date: str
    currency: str
    status: str
    lines: list[Line]
    terms_days: int | None = None
    reference: str | None = None


class LineOut(Struct, rename="pascal", gc=False):
    account_code: str
    tax_type: str
    description: str
    unit_amount: str
    line_amount: str
    tax_amount: str
    quantity: str = "1"


class ContactRef(Struct, rename="pascal", gc=False):
    contact_number: str


class InvoiceOut(Struct, rename="pascal"):
    invoice_number: str
    contact: ContactRef
    date: str
    due_date: str
    status: str
    currency_code: str
    reference: str
    line_items: list[LineOut]
    sub_total: str
    total_tax: str
    total: str
    type: str = "ACCREC"
    line_amount_types: str = "Exclusive"
