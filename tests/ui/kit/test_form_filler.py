"""Filling a form that nobody here wrote: frames in frames, shadow roots, watchful frameworks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile

from posapp.ui.kit.form_filler import FormFiller
from tests.helpers.waiting import emitted

pytestmark = pytest.mark.usefixtures("qapp")

INNER = """
<input name='pan' style='display:none' value='decoy'><input name='pan' id='real'>
<select id='month'><option>01<option>12</select><textarea id='note'></textarea>
<input type='checkbox' id='terms'><div id='host'></div>
<button id='pay' disabled onclick='document.title = values()'>Pay</button>
<script>
  const root = document.getElementById('host').attachShadow({mode: 'open'});
  root.innerHTML = "<input id='cvv'>";
  const seen = [];
  document.addEventListener('input', (e) => {
    seen.push(e.target.id);
    document.getElementById('pay').disabled = false;
  });
  function values() {
    return [real.value, month.value, note.value, terms.checked, root.querySelector('#cvv').value]
      .join('|') + '|' + seen.length;
  }
  // a framework that overrides the value of its own input, as React does
  let kept = '';
  Object.defineProperty(real, 'value', {
    get: () => kept,
    set: () => { throw new Error('only through events'); },
  });
  const base = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
  real.addEventListener('input', () => { kept = base.get.call(real); });
</script>
"""


def framed(html: str, depth: int) -> str:
    for _ in range(depth):
        inner = html.replace("&", "&amp;").replace('"', "&quot;")
        html = f'<iframe width="400" height="300" srcdoc="{inner}"></iframe>'
    return html


@asynccontextmanager
async def page_with(html: str) -> AsyncIterator[QWebEnginePage]:
    profile = QWebEngineProfile()
    page = QWebEnginePage(profile)
    loaded = emitted(page.loadFinished)
    page.setHtml(html)
    await loaded
    try:
        yield page
    finally:
        from shiboken6 import delete

        delete(page)
        delete(profile)


async def fill(filler: FormFiller, selector: str, value: str) -> bool:
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    filler.fill(selector, value, done.set_result)
    return await done


async def press(filler: FormFiller, selector: str) -> bool:
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    filler.press(selector, done.set_result)
    return await done


@pytest.mark.parametrize("depth", [0, 1, 3])
async def test_every_field_is_found_however_deep(depth: int) -> None:
    async with page_with(framed(INNER, depth)) as page:
        filler = FormFiller(page)
        assert await fill(filler, "[name=pan]", "4444222233331111")
        assert await fill(filler, "#month", "12")
        assert await fill(filler, "#note", 'a "quoted" \\ </script> note')
        assert await fill(filler, "#terms", "yes")
        assert await fill(filler, "#cvv", "123")
        assert await press(filler, "#pay")
        done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        inner = list(filler.frames())[-1]
        inner.runJavaScript("document.title", done.set_result)
        told = str(await done).split("|")
        assert told[:5] == ["4444222233331111", "12", 'a "quoted" \\ </script> note', "true", "123"]
        assert int(told[5]) >= 5


async def test_a_box_is_ticked_once_and_can_be_cleared() -> None:
    async with page_with(
        "<input type='checkbox' id='a' onclick='n++'><script>var n = 0</script>"
    ) as page:
        filler = FormFiller(page)
        for value in ("on", "yes", "no", "0"):
            assert await fill(filler, "#a", value)
        done: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        page.runJavaScript("a.checked + ' ' + n", done.set_result)
        assert await done == "false 2"


async def test_a_field_that_comes_late_is_waited_for() -> None:
    late = (
        "<script>setTimeout(() => { document.body.innerHTML = '<input id=\"x\">' }, 150)</script>"
    )
    async with page_with(f"<body>{late}") as page:
        assert await fill(FormFiller(page), "#x", "1")


async def test_what_is_not_there_is_said_after_a_while() -> None:
    async with page_with("<button id='off' disabled>x</button>") as page:
        filler = FormFiller(page, limit_s=0.2)
        assert not await fill(filler, "#missing", "1")
        assert not await press(filler, "#off")
