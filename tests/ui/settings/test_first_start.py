"""The first questions, by keys alone: a shop of one's own, or a till of a shop there is already."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from posapp.domain.staff import Role
from posapp.sandbox.server import Running
from posapp.store.store import Identity
from posapp.ui.settings.first_start import Step
from tests.drivers.settings import shown
from tests.helpers.builders import a_shop
from tests.helpers.postgres import postgres_server, postgres_url
from tests.helpers.stores import a_store_at
from tests.helpers.till import PUBLIC, SECRET, till_file
from tests.ui.settings.conftest import AskQuestions, Questions

__all__ = ["postgres_server", "postgres_url"]

pytestmark = pytest.mark.qt_log_ignore("does not support (raise|grabbing)")

NOBODY = "http://127.0.0.1:9"
PLACE = {
    "shop_name": "Hafen & Kiefer",
    "line1": "Elbchaussee 1",
    "postal_code": "22765",
    "city": "Hamburg",
    "public_ip": "203.0.113.9",
}
OLGA = {"staff_name": "Olga Owner", "pin": "2468", "pin_again": "2468"}


def right(service: Running, **other: str) -> dict[str, str]:
    """What fits this service."""
    facts = {
        "secret_key": SECRET,
        "public_key": PUBLIC,
        "api_url": service.url,
        "js_url": service.js_url,
    }
    return facts | other


async def as_far_as(asked: Questions, step: Step, service: Running) -> None:
    """Answer well until this is asked."""
    asked.at.answer(**right(service))
    await asked.at.on()
    if step > Step.DATA:
        await asked.at.on()
    if step > Step.SHOP:
        asked.at.answer(country="Germany")
        asked.at.answer(**PLACE)
        await asked.at.on()
    asked.at.expect_step(step)


async def test_four_questions_make_a_shop_by_keys_alone(
    questions_of: AskQuestions, service: Running
) -> None:
    async with questions_of() as asked:
        at = asked.at
        at.expect_step(Step.SERVICE)
        for value in (SECRET, PUBLIC, service.url, service.js_url):
            at.retype(value)
            at.press("Return")  # to the next field, and from the last one on
        await at.rest()
        at.expect_step(Step.DATA)
        at.expect_says("Digital River answers (test: no real money")
        at.press("Return")  # on this computer
        await at.rest()
        at.expect_step(Step.SHOP)
        at.keys("Hafen & Kiefer")
        at.press("Tab")
        at.retype("Front")
        at.answer(country="Germany")
        assert (at.shown("currency"), at.shown("price_basis")) == ("EUR · Euro", "include tax")
        assert at.shown("locale") == "German (Germany)"
        at.answer(**PLACE, delivery_1_name="Standard", delivery_1_price="4.90")
        await at.on()
        at.expect_step(Step.PERSON)
        for value in ("Olga Owner", "2468", "2468"):
            at.keys(value)
            at.press("Return")
        await at.rest()
        (seed,) = asked.seeds
        assert seed is not None
        assert (seed.shop.name, seed.shop.till, seed.shop.currency) == (
            "Hafen & Kiefer",
            "Front",
            "EUR",
        )
        assert [option.name for option in seed.shop.shipping] == ["Standard"]
        ((olga, pin),) = seed.staff
        assert (olga.name, olga.role, pin) == ("Olga Owner", Role.ADMIN, "2468")
        told = till_file(asked.folder)
        assert (told.in_force.training, told.in_force.api_url) == (False, service.url)
        assert await told.secret() == SECRET


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"secret_key": ""}, "secret_key", "Secret key is missing."),
        ({"secret_key": "my key"}, "secret_key", "Secret keys start sk_"),
        ({"public_key": ""}, "public_key", "Public key is missing."),
        ({"public_key": "pk_live_1"}, "public_key", "One key is for tests"),
        ({"api_url": "http://api.example.com"}, "api_url", "Only https:// addresses"),
        ({"js_url": "ftp://js.example.com"}, "js_url", "Only https:// addresses"),
    ],
)
async def test_a_bad_key_is_told_under_its_field(
    questions_of: AskQuestions, service: Running, wrong: dict[str, str], field: str, words: str
) -> None:
    async with questions_of() as asked:
        asked.at.answer(**right(service, **wrong))
        await asked.at.on()
        asked.at.expect_step(Step.SERVICE)
        await asked.at.expect_error(field, words)
        asked.at.answer(**right(service))
        await asked.at.on()
        asked.at.expect_step(Step.DATA)
        assert asked.is_untouched


async def test_a_service_that_is_away_or_takes_no_such_key_is_told_and_the_rest_kept(
    questions_of: AskQuestions, service: Running
) -> None:
    async with questions_of() as asked:
        asked.at.answer(**right(service, api_url=NOBODY))
        await asked.at.on()
        asked.at.expect_step(Step.SERVICE)
        asked.at.expect_says("No answer from that address")
        assert asked.at.shown("secret_key") == "●" * len(SECRET)
        asked.at.answer(api_url=service.url, secret_key="sk_test_wrong")
        await asked.at.on()
        asked.at.expect_says("Digital River does not accept this key")
        asked.at.answer(secret_key=SECRET, js_url=f"{service.url}/v1/none")
        await asked.at.on()
        asked.at.expect_says("no payment form at that address")
        assert asked.is_untouched


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"shop_name": ""}, "shop_name", "Shop name is missing."),
        ({"till": " "}, "till", "This till is missing."),
        ({"postal_code": "1"}, "postal_code", "not a postal code"),
        ({"public_ip": "127.0.0.1"}, "public_ip", "only inside your network"),
        ({"delivery_1_price": "free"}, "delivery_1_name", "Name of delivery 1 is missing."),
        ({"delivery_1_name": "A", "delivery_1_price": "free"}, "delivery_1_price", "not a price"),
    ],
)
async def test_a_bad_fact_of_the_shop_is_told_and_scrolled_to(
    questions_of: AskQuestions, service: Running, wrong: dict[str, str], field: str, words: str
) -> None:
    async with questions_of(size=(1024, 620)) as asked:
        await as_far_as(asked, Step.SHOP, service)
        await asked.at.choose_country("Germany")
        asked.at.answer(**(PLACE | wrong))
        await asked.at.on()
        asked.at.expect_step(Step.SHOP)
        await asked.at.expect_error(field, words)


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"staff_name": " "}, "staff_name", "Name is missing."),
        ({"pin": "12"}, "pin", "A PIN has four digits."),
        ({"pin": "abcd"}, "pin", "A PIN has four digits."),
        ({"pin_again": "2469"}, "pin_again", "The two PINs differ."),
    ],
)
async def test_a_bad_pin_is_told_and_opens_nothing(
    questions_of: AskQuestions, service: Running, wrong: dict[str, str], field: str, words: str
) -> None:
    async with questions_of() as asked:
        await as_far_as(asked, Step.PERSON, service)
        asked.at.answer(**(OLGA | wrong))
        await asked.at.on()
        await asked.at.expect_error(field, words)
        assert (asked.seeds, asked.is_untouched) == ([], True)
        asked.at.answer(**OLGA)
        await asked.at.on()
        assert len(asked.seeds) == 1


async def test_back_and_forth_keeps_every_answer(
    questions_of: AskQuestions, service: Running
) -> None:
    async with questions_of() as asked:
        await as_far_as(asked, Step.PERSON, service)
        asked.at.answer(**OLGA)
        for step in (Step.SHOP, Step.DATA, Step.SERVICE):
            await asked.at.back()
            asked.at.expect_step(step)
        assert asked.at.shown("secret_key") == "●" * len(SECRET)
        for step in (Step.DATA, Step.SHOP, Step.PERSON):
            await asked.at.on()
            asked.at.expect_step(step)
        assert shown(asked.at.questions.forms[Step.SHOP], "shop_name") == "Hafen & Kiefer"
        assert asked.at.shown("staff_name") == "Olga Owner"
        await asked.at.on()
        assert len(asked.seeds) == 1


async def test_leaving_keeps_nothing(questions_of: AskQuestions, service: Running) -> None:
    async with questions_of() as asked:
        await as_far_as(asked, Step.PERSON, service)
        asked.at.answer(**OLGA)
        for _step in range(3):
            await asked.at.back()
        assert asked.left == []
        await asked.at.back()
        assert (asked.left, asked.seeds, asked.is_untouched) == ([True], [], True)


# ── a database ──────────────────────────────────────────────────────────────────────────────────


async def test_a_till_joins_the_shop_a_database_holds(
    questions_of: AskQuestions, service: Running, postgres_url: str, tmp_path: Path
) -> None:
    store = await a_store_at(tmp_path / "first", postgres_url, Identity("test", "one"))
    await store.shared.write(lambda tx: tx.shop.save(a_shop(name="Hafen & Kiefer")))
    await store.close()
    async with questions_of() as asked:
        await as_far_as(asked, Step.DATA, service)
        asked.at.answer(database_url=postgres_url)
        await asked.at.on()
        assert asked.seeds == [None]  # neither shop nor people are asked for
        assert till_file(asked.folder).in_force.database_url == postgres_url


async def test_an_empty_database_is_told_and_the_shop_asked_for(
    questions_of: AskQuestions, service: Running, postgres_url: str
) -> None:
    async with questions_of() as asked:
        await as_far_as(asked, Step.DATA, service)
        asked.at.answer(database_url=postgres_url)
        await asked.at.on()
        asked.at.expect_step(Step.SHOP)
        asked.at.expect_says("The database answers.")
        assert asked.is_untouched


async def test_a_database_of_the_other_mode_or_none_at_all_is_told(
    questions_of: AskQuestions, service: Running, postgres_url: str, tmp_path: Path
) -> None:
    store = await a_store_at(tmp_path / "first", postgres_url, Identity("live", "one"))
    await store.shared.write(lambda tx: tx.shop.save(a_shop()))
    await store.close()
    async with questions_of() as asked:
        await as_far_as(asked, Step.DATA, service)
        asked.at.answer(database_url=postgres_url)
        await asked.at.on()
        asked.at.expect_says("It says: it holds the orders of live mode.")
        asked.at.answer(database_url="postgresql://user@127.0.0.1:9/shop")
        await asked.at.on()
        asked.at.expect_says("The database cannot be used")
        asked.at.expect_step(Step.DATA)
        assert (asked.seeds, asked.is_untouched) == ([], True)


async def test_the_password_of_a_database_named_before_is_hidden_from_whoever_asks(
    questions_of: AskQuestions, service: Running, tmp_path: Path
) -> None:
    url = "postgresql://till:hush-hush@127.0.0.1:9/shop"
    await till_file(tmp_path / "till").change(database_url=url)
    async with questions_of() as asked:
        await as_far_as(asked, Step.DATA, service)
        assert asked.at.shown("database_url") == "postgresql://till:••••@127.0.0.1:9/shop"
        asked.at.keys("x")  # another database: the dots no longer stand for the password
        await asked.at.on()
        asked.at.expect_says("The database cannot be used")
        assert "hush" not in asked.at.questions.banner.body.text()


# ── while an answer is awaited ──────────────────────────────────────────────────────────────────


async def test_f12_twice_asks_once_and_skips_nothing(
    questions_of: AskQuestions, service: Running
) -> None:
    async with questions_of() as asked:
        asked.at.answer(**right(service))
        for key in ("F12", "F12", "Return", "F12"):
            asked.at.press(key)
        await asked.at.rest()
        asked.at.expect_step(Step.DATA)


async def test_esc_while_an_answer_is_awaited_gives_it_up(
    questions_of: AskQuestions, service: Running
) -> None:
    async with questions_of() as asked:
        await as_far_as(asked, Step.DATA, service)
        asked.at.answer(database_url="postgresql://user@127.0.0.1:9/shop")
        asked.at.press("F12")
        asked.at.press("Esc")
        await asked.at.rest()
        asked.at.expect_step(Step.SERVICE)
        assert not asked.at.questions.banner.isVisible()
        assert asked.at.questions.next_button.isEnabled()
        await asked.at.on()
        asked.at.expect_step(Step.DATA)


async def test_what_is_being_kept_is_not_torn_apart(
    questions_of: AskQuestions, service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with questions_of() as asked:
        await as_far_as(asked, Step.PERSON, service)
        asked.at.answer(**OLGA)
        gate = asyncio.Event()
        desk = asked.at.questions._desk
        real = type(desk).finish

        async def slow(*arguments: object) -> object:
            await gate.wait()
            return await real(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(type(desk), "finish", slow)
        for key in ("F12", "Esc", "F12", "Esc"):
            asked.at.press(key)
        asked.at.expect_step(Step.PERSON)
        gate.set()
        await asked.at.rest()
        assert (len(asked.seeds), asked.left) == (1, [])


async def test_a_folder_that_cannot_be_written_is_told_and_can_be_tried_again(
    questions_of: AskQuestions, service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with questions_of() as asked:
        await as_far_as(asked, Step.PERSON, service)
        asked.at.answer(**OLGA)

        async def full(*_arguments: object, **_named: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as broken:
            broken.setattr("posapp.usecases.till_file.TillFile.take", full)
            await asked.at.on()
        asked.at.expect_step(Step.PERSON)
        assert asked.at.questions.banner.isVisible()
        assert (asked.seeds, asked.is_untouched) == ([], True)
        await asked.at.back()
        await asked.at.on()
        await asked.at.on()
        assert len(asked.seeds) == 1


# ── fixed outside ───────────────────────────────────────────────────────────────────────────────


async def test_what_the_environment_fixes_is_shown_closed_and_the_rest_asked(
    questions_of: AskQuestions, service: Running
) -> None:
    environ = {
        "POSAPP_API_URL": service.url,
        "POSAPP_JS_URL": service.js_url,
        "POSAPP_PUBLIC_KEY": PUBLIC,
    }
    async with questions_of(environ=environ) as asked:
        form = asked.at.questions.form
        assert asked.at.shown("api_url") == service.url
        assert form.field("api_url").note.text() == "Set by POSAPP_API_URL"
        assert form.field("secret_key").editor.hasFocus()
        asked.at.keys(SECRET)
        asked.at.press("F12")
        await asked.at.rest()
        asked.at.expect_step(Step.DATA)


async def test_keys_wholly_set_outside_need_one_key_press(
    questions_of: AskQuestions, service: Running
) -> None:
    environ = {
        "POSAPP_API_URL": service.url,
        "POSAPP_JS_URL": service.js_url,
        "POSAPP_PUBLIC_KEY": PUBLIC,
        "POSAPP_API_KEY": SECRET,
    }
    async with questions_of(environ=environ) as asked:
        await asked.at.on()
        asked.at.expect_step(Step.DATA)
        await asked.at.back()
        await asked.at.back()
        assert asked.left == [True]
