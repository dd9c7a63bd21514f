"""The settings as an administrator works them, by keys: read, change, take back, keep."""

from __future__ import annotations

import asyncio

import pytest

from posapp.config.settings import Density, Theme
from posapp.domain.errors import NotAllowed
from posapp.domain.money import Money
from posapp.domain.shop import Mode
from posapp.domain.staff import Role, StaffId
from posapp.sandbox.server import Running
from posapp.ui.settings.database_page import masked, unmasked
from tests.drivers.settings import said, shown
from tests.helpers.till import PUBLIC, SECRET, keys_to
from tests.ui.settings.conftest import Office, OpenOffice

# the list of choices opens over the window; the off-screen platform can neither raise it nor grab
pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)")

NOBODY = "http://127.0.0.1:9"


def right(service: Running) -> dict[str, str]:
    """What an administrator types for this service."""
    return {
        "secret_key": SECRET,
        "public_key": PUBLIC,
        "api_url": service.url,
        "js_url": service.js_url,
    }


# ── the shop ────────────────────────────────────────────────────────────────────────────────────


async def test_the_shop_is_read_changed_and_kept(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        assert office.at.shown("country") == "United States"
        assert not office.at.can_save()
        office.at.fill(office.at.page.form, shop_name="Harbour East", delivery_1_price="7.50")
        assert office.at.can_save()
        await office.at.save()
        await office.at.expect_offers_opening("The shop is saved.")
        kept = await office.desk.shop()
        assert kept is not None
        assert kept.name == office.at.shown("shop_name") == "Harbour East"
        assert kept.shipping[0].price == Money(750, "USD")
        assert not office.at.can_save()


async def test_another_currency_leaves_the_products_without_a_price_in_it_and_says_so(
    office_of: OpenOffice,
) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        office.at.fill(office.at.page.form, currency="EUR · Euro")
        await office.at.save()
        await office.at.expect_offers_opening("Its products are still priced in USD")


async def test_esc_takes_back_what_was_typed(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        before = office.at.values()
        office.at.fill(office.at.page.form, shop_name="", public_ip="10.0.0.1")
        await office.at.save()
        await office.at.expect_error("shop_name", "Shop name is missing.")
        office.at.press("Esc")
        await office.at.rest()
        assert office.at.values() == before
        assert office.at.page.form.field("shop_name").error == ""
        assert not office.at.can_save()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("shop_name", "", "Shop name is missing."),
        ("line1", "", "Street and number is missing."),
        ("postal_code", "SW1A", "not a postal code of that country"),
        ("public_ip", "192.168.0.4", "only inside your network"),
        ("public_ip", "harbour", "not an internet address"),
        ("delivery_1_price", "cheap", "not a price"),
        ("delivery_1_name", "", "Name of delivery 1 is missing."),
    ],
)
async def test_what_is_wrong_stands_under_its_field_and_is_in_view(
    office_of: OpenOffice, field: str, typed: str, words: str
) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        office.at.screen.resize(1000, 560)
        before = await office.desk.shop()
        office.at.fill(office.at.page.form, **{field: typed})
        office.at.page.form.field("shop_name").editor.setFocus()
        await office.at.save()
        await office.at.expect_error(field, words)
        assert office.at.shown(field) == typed
        assert await office.desk.shop() == before
        assert office.at.can_save()


async def test_another_country_asks_for_its_own_address(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        office.at.fill(office.at.page.form, shop_name="Hafen & Kiefer", country="Germany")
        assert "state" not in office.at.values()
        assert office.at.shown("shop_name") == "Hafen & Kiefer"
        office.at.fill(office.at.page.form, postal_code="22765", city="Hamburg")
        await office.at.save()
        await office.at.expect_offers_opening("The shop is saved.")
        kept = await office.desk.shop()
        assert kept is not None
        assert (kept.address.country, kept.address.state) == ("DE", "")


async def test_a_choice_that_is_none_is_told(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        office.at.type_choice(office.at.page.form, "price_basis", "maybe")
        await office.at.save()
        await office.at.expect_error("price_basis", "Prices is missing.")
        office.at.type_choice(office.at.page.form, "price_basis", "incl")
        assert office.at.shown("price_basis") == "include tax"
        await office.at.save()
        shop = await office.desk.shop()
        assert shop is not None
        assert shop.tax_inclusive


async def test_the_list_that_opens_while_a_choice_is_typed_is_not_in_the_way(
    office_of: OpenOffice,
) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        office.at.type_choice(office.at.page.form, "country", "german", with_list=True)
        assert office.at.shown("country") == "Germany"
        assert "state" not in office.at.values()


async def test_what_was_typed_waits_while_another_page_is_looked_at(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        office.at.fill(office.at.page.form, shop_name="Harbour East")
        await office.at.open("till_page")
        await office.at.open("shop_page")
        assert office.at.shown("shop_name") == "Harbour East"
        assert office.at.can_save()


async def test_what_somebody_else_typed_is_gone(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("service_page")
        office.at.fill(office.at.page.form, secret_key="sk_test_of_ada")
        office.shop.sign_in("mara")
        office.shop.desks.present.enter(None)
        office.at.screen.hide()
        office.shop.desks.present.enter(
            await office.shop.session.store.shared.read(lambda tx: tx.staff.get("ada"))
        )
        office.at.screen.show()
        await office.at.rest()
        assert office.at.values()["secret_key"] == "sk_test_of_ada"  # she has come back herself
        office.at.screen.hide()
        other = office.shop.sign_in("cleo")
        office.shop.desks.present.enter(type(other)(other.id, other.name, Role.ADMIN))
        office.at.screen.show()
        await office.at.rest()
        assert office.at.values()["secret_key"] == ""
        assert not office.at.can_save()


# ── while the page is at work ───────────────────────────────────────────────────────────────────


async def test_f12_twice_keeps_once(office_of: OpenOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        kept = counted(office, monkeypatch)
        office.at.fill(office.at.page.form, shop_name="Harbour East")
        office.at.press("F12")
        office.at.press("F12")
        office.at.page.form.submitted.emit()
        office.at.page.form.field("delivery_3_price").editor.setFocus()
        office.at.press("Return")
        await office.at.rest()
        assert len(kept) == 1


async def test_what_is_typed_while_the_page_is_at_work_is_not_lost(
    office_of: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        kept = counted(office, monkeypatch)
        office.at.fill(office.at.page.form, shop_name="Harbour East")
        office.at.press("F12")
        office.at.fill(office.at.page.form, city="Duluth")
        office.at.press("F12")  # nothing yet: the first is still under way
        await office.at.rest()
        assert (len(kept), office.at.shown("city")) == (1, "Duluth")
        assert office.at.can_save()
        await office.at.save()
        shop = await office.desk.shop()
        assert shop is not None
        assert (shop.name, shop.address.city) == ("Harbour East", "Duluth")


async def test_esc_while_the_page_is_at_work_shows_what_was_kept(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("shop_page")
        office.at.fill(office.at.page.form, shop_name="Harbour East")
        office.at.press("F12")
        office.at.press("Esc")
        await office.at.rest()
        assert office.at.shown("shop_name") == "Harbour East"
        assert not office.at.can_save()


def counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Count how often the shop is kept."""
    kept: list[object] = []
    real = type(office.desk).change_shop

    async def slow(self: object, shop: object) -> None:
        kept.append(shop)
        await asyncio.sleep(0)
        await real(self, shop)  # type: ignore[arg-type]

    monkeypatch.setattr(type(office.desk), "change_shop", slow)
    return kept


# ── this till ───────────────────────────────────────────────────────────────────────────────────


async def test_the_looks_change_at_once_and_a_name_at_the_next_opening(
    office_of: OpenOffice,
) -> None:
    async with office_of() as office:
        await office.at.open("till_page")
        assert office.at.shown("theme") == "as the computer"
        office.at.fill(office.at.page.form, theme="dark", text_scale="150 %", density="fingers")
        await office.at.save()
        await office.at.expect_says("Saved.")
        assert (office.kept.theme, office.kept.text_scale) == (Theme.DARK, 150)
        assert office.dressed[-1].density is Density.TOUCH
        assert not office.at.screen.banner.isVisible()
        office.at.fill(office.at.page.form, till="Till 2")
        await office.at.save()
        await office.at.expect_offers_opening("Saved.")
        assert office.kept.till == "Till 2"
        office.at.press("F10")
        assert office.reopened == [True]


async def test_a_till_needs_a_name(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("till_page")
        office.at.fill(office.at.page.form, till="  ")
        await office.at.save()
        await office.at.expect_error("till", "This till is missing.")
        assert office.kept.till == "Till 1"


async def test_what_a_flag_fixes_is_closed_and_the_rest_can_be_saved(
    office_of: OpenOffice,
) -> None:
    async with office_of(flags={"theme": "dark", "text_scale": 130}) as office:
        await office.at.open("till_page")
        form = office.at.page.form
        assert office.at.shown("theme") == "dark"
        assert not form.field("theme").editor.isEnabled()
        assert form.field("theme").note.text() == "Set by --theme"
        office.at.fill(form, till="Till 2", density="fingers")
        await office.at.save()
        await office.at.expect_offers_opening("Saved.")
        assert (office.kept.till, office.kept.theme) == ("Till 2", Theme.SYSTEM)
        assert office.dressed[-1].theme is Theme.DARK
        assert office.dressed[-1].text_scale == 130


# ── the service ─────────────────────────────────────────────────────────────────────────────────


async def test_keys_are_tried_and_kept_and_never_shown(
    office_of: OpenOffice, service: Running
) -> None:
    async with office_of() as office:
        await office.at.open("service_page")
        office.at.fill(office.at.page.form, **right(service))
        assert office.at.shown("secret_key") == "●" * len(SECRET)
        office.at.press("F9")
        await office.at.rest()
        await office.at.expect_says("Digital River answers (test: no real money")
        assert office.kept.training  # trying keeps nothing
        await office.at.save()
        await office.at.expect_offers_opening("The keys are saved.")
        assert not office.kept.training
        assert office.at.values()["secret_key"] == ""
        assert "One is kept" in office.at.page.form.field("secret_key").note.text()


async def test_nobody_at_the_address_is_told_at_its_field(
    office_of: OpenOffice, service: Running
) -> None:
    async with office_of() as office:
        await office.at.open("service_page")
        office.at.fill(office.at.page.form, **(right(service) | {"api_url": NOBODY}))
        await office.at.save()
        await office.at.expect_says("No answer from that address")
        await office.at.expect_says("What you typed is kept.")
        assert office.at.page.form.field("api_url").editor.hasFocus()
        assert office.at.values()["secret_key"] == SECRET
        assert office.kept.training
        office.at.fill(office.at.page.form, api_url=service.url, js_url=NOBODY)
        await office.at.save()
        assert office.at.page.form.field("js_url").editor.hasFocus()
        office.at.fill(office.at.page.form, js_url=f"{service.url}/v1/none")
        await office.at.save()
        await office.at.expect_says("no payment form at that address")


async def test_a_wrong_key_is_told(office_of: OpenOffice, service: Running) -> None:
    async with office_of() as office:
        await office.at.open("service_page")
        office.at.fill(office.at.page.form, **(right(service) | {"secret_key": "sk_test_wrong"}))
        await office.at.save()
        await office.at.expect_says("Digital River does not accept this key")
        office.at.fill(office.at.page.form, secret_key="wrong")
        await office.at.save()
        await office.at.expect_error("secret_key", "Secret keys start sk_")
        office.at.fill(office.at.page.form, secret_key="sk_live_1")
        await office.at.save()
        await office.at.expect_error("public_key", "One key is for tests and the other is live.")
        assert office.kept.training


async def test_the_key_held_is_not_sent_to_an_address_just_typed(
    office_of: OpenOffice, service: Running
) -> None:
    async with office_of() as office:
        await office.at.open("service_page")
        office.at.fill(office.at.page.form, **right(service))
        await office.at.save()
        office.at.fill(office.at.page.form, api_url="https://collects.example")
        await office.at.save()
        await office.at.expect_error("secret_key", "Type the secret key again")
        assert office.kept.api_url == service.url


async def test_keys_that_show_none_of_our_orders_are_asked_about(
    office_of: OpenOffice, service: Running
) -> None:
    async with office_of(mode=Mode.TEST) as office:
        await office.shop.sold()  # at another service than the one whose keys are typed now
        await office.at.open("service_page")
        office.at.fill(office.at.page.form, **right(service))
        await office.at.save()
        await office.at.answer("Esc")
        assert office.kept.training
        assert office.at.can_save()
        await office.at.save()
        await office.at.answer("Y")
        await office.at.rest()
        await office.at.expect_offers_opening("The keys are saved.")
        assert not office.kept.training


async def test_from_test_to_live_asks_nothing_about_accounts(
    office_of: OpenOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office_of(mode=Mode.TEST) as office:
        await office.shop.sold()

        async def answers(_self: object, _keys: object) -> None:
            return None

        monkeypatch.setattr(type(office.desk), "try_keys", answers)
        await office.at.open("service_page")
        office.at.fill(office.at.page.form, secret_key="sk_live_1", public_key="pk_live_1")
        await office.at.save()
        await office.at.expect_offers_opening("The keys are saved.")
        assert not office.kept.training
        assert office.kept.public_key == "pk_live_1"


async def test_back_to_practising_keeps_keys_and_what_was_typed(
    office_of: OpenOffice, service: Running
) -> None:
    environ = {"POSAPP_API_KEY": SECRET}
    async with office_of(environ=environ) as office:
        await office.desk.use_keys(keys_to(service))
        office.desk.till.in_force = office.kept
        await office.at.open("service_page")
        assert not office.at.page.form.field("secret_key").editor.isEnabled()
        assert office.at.page.form.field("secret_key").note.text() == "Set by POSAPP_API_KEY"
        office.at.fill(office.at.page.form, public_key="pk_test_other")
        office.at.press("F8")
        await office.at.rest()
        await office.at.expect_offers_opening("The till goes to training.")
        assert office.kept.training
        assert office.at.shown("public_key") == "pk_test_other"


async def test_what_the_environment_fixes_stays_closed_after_an_error(
    office_of: OpenOffice, service: Running
) -> None:
    environ = {"POSAPP_API_URL": service.url, "POSAPP_JS_URL": service.js_url}
    async with office_of(environ=environ) as office:
        await office.at.open("service_page")
        form = office.at.page.form
        assert office.at.shown("api_url") == service.url
        office.at.fill(form, secret_key="wrong", public_key=PUBLIC)
        await office.at.save()
        await office.at.expect_error("secret_key", "Secret keys start sk_")
        assert not form.field("api_url").editor.isEnabled()
        assert form.field("api_url").note.text() == "Set by POSAPP_API_URL"
        office.at.fill(form, secret_key=SECRET)
        await office.at.save()
        await office.at.expect_offers_opening("The keys are saved.")
        assert office.kept.api_url != service.url  # it stays outside


# ── the database ────────────────────────────────────────────────────────────────────────────────

URL = "postgresql://till:hush-hush@127.0.0.1:9/shop"


async def test_the_password_of_the_database_is_never_shown(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.desk.till.change(database_url=URL)
        await office.at.open("database_page")
        assert office.at.shown("database_url") == "postgresql://till:••••@127.0.0.1:9/shop"
        office.at.press("F9")
        await office.at.rest()
        await office.at.expect_says("The database cannot be used")
        assert "hush" not in said(office.at.page.banner)
        assert office.kept.database_url == URL


async def test_a_database_that_does_not_answer_is_not_kept(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open("database_page")
        office.at.fill(office.at.page.form, database_url="our database")
        await office.at.save()
        await office.at.expect_says("the database address cannot be read.")
        assert office.at.page.form.field("database_url").editor.hasFocus()
        assert office.kept.database_url == ""
        office.at.press("Esc")
        await office.at.rest()
        assert office.at.shown("database_url") == ""


async def test_a_database_fixed_outside_is_shown_without_its_password(
    office_of: OpenOffice,
) -> None:
    async with office_of(environ={"POSAPP_DATABASE_URL": URL}) as office:
        await office.at.open("database_page")
        assert office.at.shown("database_url") == "postgresql://till:••••@127.0.0.1:9/shop"
        field = office.at.page.form.field("database_url")
        assert (field.editor.isEnabled(), field.note.text()) == (
            False,
            "Set by POSAPP_DATABASE_URL",
        )
        assert not office.at.can_save()


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("postgresql://u:pw@host/db", "postgresql://u:••••@host/db"),
        ("postgresql://u:p:a@s/s@host:5432/db?x=1", "postgresql://u:••••@host:5432/db?x=1"),
        ("postgresql:///db?host=/tmp&password=pw&x=1", "postgresql:///db?host=/tmp&password=••••&x=1"),
        ("postgresql://u@host:5432/db", "postgresql://u@host:5432/db"),
        ("", ""),
    ],
)  # fmt: skip
def test_dots_stand_for_the_password_and_come_back_as_it(url: str, seen: str) -> None:
    assert masked(url) == seen
    assert unmasked(seen, url) == url
    other = seen.replace("host", "other")
    assert unmasked(other, url) == url.replace("host", "other")


# ── people ──────────────────────────────────────────────────────────────────────────────────────


async def test_somebody_is_taken_on_by_keys_alone(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open_people()
        sheet = await office.at.somebody_new()
        office.at.keys("Nell New")
        office.at.press("Tab")
        office.at.keys("Man")
        office.at.press("Tab")
        for pin in ("5678", "5679"):
            office.at.keys(pin)
            office.at.press("Tab")
        office.at.press("F12")
        expect_text(sheet.form.field("pin_again").error, "The two PINs differ.")
        assert shown(sheet.form, "pin") == "●●●●"
        office.at.retype("5678")
        office.at.press("Return")  # Enter in the last field stores
        await office.at.gone(type(sheet))
        await office.at.rest()
        nell = next(one for one in office.at.people if one.name == "Nell New")
        assert nell.role is Role.MANAGER
        assert (await office.shop.desks.staff.sign_in(nell.id, "5678")).name == "Nell New"


async def test_a_name_that_is_taken_is_told_under_it(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open_people()
        sheet = await office.at.somebody_new()
        office.at.fill(sheet.form, staff_name=office.at.people[0].name, pin="1", pin_again="1")
        office.at.press("F12")
        expect_text(sheet.form.field("pin").error, "A PIN has four digits.")
        office.at.fill(sheet.form, pin="1234", pin_again="1234")
        office.at.press("F12")
        await office.at.rest()
        expect_text(sheet.form.field("staff_name").error, "Somebody has this name already.")
        assert sheet.isVisible()
        office.at.press("Esc")
        await office.at.gone(type(sheet))


async def test_enter_twice_takes_somebody_on_once(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open_people()
        before = len(office.at.people)
        sheet = await office.at.somebody_new()
        office.at.fill(sheet.form, staff_name="Nell New", pin="5678", pin_again="5678")
        for key in ("Return", "Return", "F12", "F12"):
            office.at.press(key)
        await office.at.gone(type(sheet))
        await office.at.rest()
        assert len(office.at.people) == before + 1


async def test_somebody_leaves_and_keeps_their_name_in_the_list(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open_people()
        cleo = next(one for one in office.at.people if one.id == "cleo")
        sheet = await office.at.person(cleo.name)
        assert shown(sheet.form, "pin") == ""
        office.at.fill(sheet.form, active="no longer")
        office.at.press("F12")
        await office.at.gone(type(sheet))
        await office.at.rest()
        assert not next(one for one in office.at.people if one.id == "cleo").active
        assert StaffId("cleo") not in {one.id for one in await office.shop.desks.staff.names()}


async def test_the_last_administrator_stays_one(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open_people()
        ada = next(one for one in office.at.people if one.id == "ada")
        sheet = await office.at.person(ada.name)
        office.at.fill(sheet.form, role="Clerk: sells and hands over")
        office.at.press("F12")
        await office.at.says(sheet.banner, "Somebody must be administrator")
        office.at.press("Esc")
        await office.at.gone(type(sheet))
        assert office.locked == []


async def test_who_gives_the_right_away_has_to_sign_in_anew(office_of: OpenOffice) -> None:
    async with office_of() as office:
        await office.at.open_people()
        roles = {"mara": "Administrator: everything", "ada": "Clerk: sells and hands over"}
        for who, role in roles.items():
            person = next(one for one in office.at.people if one.id == who)
            sheet = await office.at.person(person.name)
            office.at.fill(sheet.form, role=role)
            office.at.press("F12")
            await office.at.gone(type(sheet))
            await office.at.rest()
        assert office.locked == [True]
        with pytest.raises(NotAllowed):
            await office.desk.state()


async def test_a_manager_who_gets_here_is_told_and_sees_nothing(office_of: OpenOffice) -> None:
    async with office_of("mara") as office:
        await office.at.open("service_page")
        assert "What you typed is kept." in said(office.at.page.banner)
        assert office.at.values() == {}
        assert office.kept.training


def expect_text(found: str, wanted: str) -> None:
    assert found == wanted
