"""What a message to a person is made of, and the words for fields. Never decides when to show
one.
"""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.customer import FieldProblem
from posapp.domain.words import tr
from posapp.ui.kit.theme import Tone


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads: what happened (`title`), what was kept and what to do (`body`).

    `can_retry`: doing the same again may help and does no harm. `reference` is for the help desk.
    `field` names the field to go back to. `to_shopper` is what may be read out to the buyer.
    """

    title: str
    body: str
    tone: Tone = Tone.PROBLEM
    can_retry: bool = False
    reference: str = ""
    field: str = ""
    to_shopper: str = ""


def bug(reference: str = "") -> Message:
    """Return the message for a fault of ours."""
    return Message(
        tr("Something went wrong in the program"),
        tr(
            "What you entered is kept. Try once more; if it happens again, tell the help desk what "
            "you were doing."
        ),
        can_retry=True,
        reference=reference,
    )


def field_label(field: str) -> str:
    """Return a field's name as the forms show it; the service's own names are understood too."""
    name = field.rpartition(".")[2]
    labels = {
        "given_name": tr("First name"),
        "family_name": tr("Last name"),
        "name": tr("Name"),
        "email": tr("E-mail"),
        "phone": tr("Phone"),
        "organization": tr("Company"),
        "line1": tr("Street and number"),
        "line2": tr("Flat, floor"),
        "city": tr("City"),
        "postal_code": tr("Postal code"),
        "postalCode": tr("Postal code"),
        "state": tr("State"),
        "country": tr("Country"),
        "address": tr("Address"),
        "value": tr("Tax number"),
        "skuId": tr("Product"),
        "sku": tr("Product"),
        "price": tr("Price"),
        "barcode": tr("Barcode"),
        "kind": tr("Kind"),
        "tax_code": tr("Tax code"),
        "country_of_origin": tr("Made in"),
        "hs_code": tr("Customs code"),
        "part_number": tr("Part number"),
        "weight_g": tr("Weight in grams"),
        "quantity": tr("Quantity"),
        "shipTo": tr("Delivery address"),
        "billTo": tr("Billing address"),
        "currency": tr("Currency"),
        "shop_name": tr("Shop name"),
        "till": tr("This till"),
        **{f"delivery_{at}_name": tr("Name of delivery {number}", number=at) for at in (1, 2, 3)},
        "public_ip": tr("Public internet address"),
        "secret_key": tr("Secret key"),
        "public_key": tr("Public key"),
        "api_url": tr("Address of the service"),
        "js_url": tr("Address of the payment form"),
        "staff_name": tr("Name"),
        "role": tr("Role"),
        "active": tr("Works here"),
        "theme": tr("Colours"),
        "text_scale": tr("Text size"),
        "density": tr("Buttons for"),
        "locale": tr("Language of the papers"),
        "price_basis": tr("Prices"),
        "pin": tr("PIN"),
        "pin_again": tr("PIN again"),
    }
    return labels.get(name, name.replace("_", " ") or tr("a field"))


def field_problem(field: str, problem: str) -> str:
    """Return the sentence that stands under a field."""
    label = field_label(field)
    sentences = {
        FieldProblem.MISSING: tr("{field} is missing.", field=label),
        FieldProblem.BAD_POSTAL_CODE: tr("This is not a postal code of that country."),
        FieldProblem.BAD_STATE: tr("Choose a state or province of that country."),
        FieldProblem.BAD_EMAIL: tr("This is not an e-mail address. Example: name@example.com"),
        FieldProblem.BAD_PHONE: tr("This is not a phone number. Start with + and the country."),
        FieldProblem.BAD_TAX_ID: tr("This is not a tax number of that country."),
        FieldProblem.BAD_COUNTRY: tr("Choose a country from the list."),
        FieldProblem.BAD_CURRENCY: tr("Choose a currency from the list."),
        FieldProblem.BAD_SKU: tr("Only letters, digits, dots and dashes, and no space."),
        FieldProblem.BAD_WEIGHT: tr("The weight is in whole grams, such as 380."),
        FieldProblem.BAD_KIND: tr("Write physical or digital."),
        FieldProblem.TWICE: tr("Another line has this number already."),
        FieldProblem.BAD_PRICE: tr("This is not a price, such as 5.90."),
        FieldProblem.BAD_IP: tr("This is not an internet address, such as 198.51.100.7."),
        FieldProblem.PRIVATE_IP: tr(
            "This address exists only inside your network. Ask for “what is my IP” in a browser."
        ),
        FieldProblem.BAD_KEY: tr("This is not such a key. Secret keys start sk_, public ones pk_."),
        FieldProblem.OTHER_MODE: tr("One key is for tests and the other is live. Use a pair."),
        FieldProblem.KEY_AGAIN: tr("Type the secret key again: it goes to another address now."),
        FieldProblem.BAD_URL: tr("Only https:// addresses are safe for keys."),
        FieldProblem.BAD_PIN: tr("A PIN has four digits."),
        FieldProblem.OPEN_QUOTE: tr(
            "A quotation mark is never closed: from this line on the file cannot be read."
        ),
        FieldProblem.PIN_DIFFERS: tr("The two PINs differ."),
        FieldProblem.TAKEN: tr("Somebody has this name already."),
        FieldProblem.BAD_VALUE: tr("Digital River does not accept this. Check it with the buyer."),
    }
    known = problem in set(FieldProblem)
    return sentences[FieldProblem(problem) if known else FieldProblem.BAD_VALUE]
