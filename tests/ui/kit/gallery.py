"""Renders every part of the kit in every theme to PNG, for a person to look at:
`python -m tests.ui.kit.gallery OUT`.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QRadioButton, QWidget

from posapp.domain.money import Money
from posapp.ui.kit import theme
from posapp.ui.kit.actions import Action, KeysOverlay
from posapp.ui.kit.address_form import AddressField, AddressForm
from posapp.ui.kit.banner import Banner
from posapp.ui.kit.busy import BusyOverlay
from posapp.ui.kit.buttons import Button, Kind, Size
from posapp.ui.kit.dialogs import Question
from posapp.ui.kit.empty import EmptyState
from posapp.ui.kit.fields import Field, MoneyEdit, QuantityEdit, ScanEdit
from posapp.ui.kit.mode_frame import Mode, ModeFrame
from posapp.ui.kit.palette import Find, Palette
from posapp.ui.kit.panels import Card, Detail, DetailRows, Rule, column, holder, row
from posapp.ui.kit.rail import Rail, RailItem
from posapp.ui.kit.release_light import Light, ReleaseLight
from posapp.ui.kit.spinner import Spinner
from posapp.ui.kit.status_bar import StatusBar, StatusChip
from posapp.ui.kit.step_bar import StepBar
from posapp.ui.kit.table import Align, CellKind, Column, RowsModel
from posapp.ui.kit.table_view import TableView
from posapp.ui.kit.texts import Amount, IconLabel, Pill, Text
from posapp.ui.kit.theme import Density, Tone, Type
from posapp.ui.kit.timeline import Entry, Timeline
from tests.helpers.running import RecordingRunner
from tests.helpers.screens import SIZES, save


@dataclass(frozen=True, slots=True)
class Row:
    number: str
    state: str
    tone: Tone
    icon: str
    customer: str
    total: str
    age: str


ROWS = [
    Row("231388420336", "Ready", Tone.READY, "fulfil", "Nina Okafor", "€48.79", "2 min"),
    Row(
        "231388420299",
        "In review",
        Tone.WAIT,
        "hold_goods",
        "Baptiste Moreau",
        "€1,204.00",
        "14 min",
    ),
    Row("231388420271", "Sending", Tone.INFO, "outbox", "Sakura Tanaka", "¥6,480", "21 min"),
    Row("231388420265", "Blocked", Tone.PROBLEM, "do_not_release", "J. Smith", "€89.00", "1 h"),
    Row("231388420244", "Complete", Tone.DONE, "check", "Amélie Dubois-Lefèvre", "€12.00", "3 h"),
    Row(
        "231388420198", "Waiting for payment", Tone.WAIT, "waiting", "Kasper Holm", "€310.00", "1 d"
    ),
]
COLUMNS: tuple[Column[Row], ...] = (
    Column(
        "State",
        lambda r: r.state,
        tone=lambda r: r.tone,
        icon=lambda r: r.icon,
        kind=CellKind.STATUS,
        width=24,
    ),
    Column("Order", lambda r: r.number, kind=CellKind.STRONG, width=15),
    Column("Customer", lambda r: r.customer, width=0),
    Column("Total", lambda r: r.total, align=Align.END, kind=CellKind.MONEY, width=12),
    Column("Age", lambda r: r.age, align=Align.END, kind=CellKind.MUTED, width=9),
)


def a_table() -> TableView:
    model = RowsModel(COLUMNS, key=lambda r: r.number)
    model.set_rows(ROWS)
    table = TableView(model, name="orders_table")
    table.choose("231388420299")
    return table


def buttons() -> Card:
    lines = []
    for kind in Kind:
        off = Button("Disabled", name="off", kind=kind)
        off.setEnabled(False)
        busy = Button("Working", name="busy", kind=kind)
        busy.set_busy(True)
        lines.append(
            row(
                Button("Customer", name="next", kind=kind, key="F12", bind=False),
                Button("Fulfil", name="fulfil", kind=kind, icon="fulfil"),
                off,
                busy,
                Button("", name="icon", kind=kind, icon="refresh"),
                Button("Small", name="small", kind=kind, size=Size.SMALL),
                1,
            )
        )
    big = Button(
        "Pay €48.79", name="pay", kind=Kind.PRIMARY, key="F12", bind=False, size=Size.LARGE
    )
    return Card("Buttons").add(*lines, big)


def fields() -> Card:
    amount = MoneyEdit("EUR", "de_DE", name="amount")
    amount.set_amount(Money(123450, "EUR"))
    wrong = Field("Postal code", QLineEdit("ABC"), name="postal")
    wrong.set_error("A German postal code has five digits, such as 10115.")
    off = QLineEdit("Not now")
    off.setEnabled(False)
    check = QCheckBox("I have read the terms aloud")
    check.setChecked(True)
    radio = QRadioButton("Ship later")
    radio.setChecked(True)
    return Card("Fields").add(
        ScanEdit("Scan, or search by name or SKU", name="scan"),
        row(
            Field("E-mail", QLineEdit("nina@example.test"), hint="The receipt goes here."),
            wrong,
            gap=2,
        ),
        row(
            Field("Amount", amount),
            Field("Quantity", QuantityEdit(2, name="quantity")),
            Field("Phone", off, is_required=False),
            gap=2,
        ),
        row(check, QCheckBox("Gift"), radio, QRadioButton("Take away now"), 1, gap=2),
    )


def an_address() -> Card:
    form = AddressForm(
        (
            AddressField(
                "country", "Country", choices=(("DE", "Germany"), ("US", "United States"))
            ),
            AddressField("given", "Given name", span=3),
            AddressField("family", "Family name", span=3),
            AddressField("line1", "Street and number"),
            AddressField("postal", "Postal code", span=2),
            AddressField("city", "City", span=4),
        )
    )
    form.set_values({"country": "DE", "given": "Nina", "family": "Okafor", "postal": "1011"})
    form.set_errors({"postal": "Five digits, such as 10115."})
    return Card("Address").add(form)


def messages() -> Card:
    made = []
    for tone, title, body, action in (
        (
            Tone.PROBLEM,
            "No answer from Digital River for 20 s",
            "The customer has not been told anything and nothing was handed over. "
            "Press F5 to check the sale, or F6 to hold it.",
            "Check the sale",
        ),
        (
            Tone.WAIT,
            "Stale for 4 minutes: showing 10:12",
            "Orders may have changed since. We try again every 10 seconds.",
            "",
        ),
        (Tone.READY, "Order accepted", "The receipt is printing.", ""),
        (
            Tone.INFO,
            "Two parts",
            "Take-away and shipping go to different addresses, so this sale has two orders.",
            "See why",
        ),
    ):
        banner = Banner(name=f"banner_{tone}")
        banner.say(title, body, tone=tone, action=action)
        made.append(banner)
    return Card("Messages").add(*made)


def lights() -> QWidget:
    made = []
    for light, reason in (
        (Light.GREEN, "Accepted at 10:14. Payment is captured when the goods go."),
        (Light.AMBER, "Digital River is reviewing this order. Keep the goods."),
        (Light.RED, "The bank declined the payment. Nothing was taken."),
        (Light.GREY, "The last answer is 4 minutes old. Press F5 to read it again."),
    ):
        lamp = ReleaseLight()
        lamp.set_light(light, reason)
        made.append(lamp)
    return holder(column(*made, gap=1))


def a_basket() -> Card:
    totals = DetailRows(
        (
            Detail("Subtotal", "€41.00", is_amount=True),
            Detail("Discount", "−€4.10", is_amount=True, tone=Tone.READY),
            Detail("VAT 19 %", "€7.01", is_amount=True),
        )
    )
    lines = []
    for name, sku, count, price in (
        ("Widget, blue", "WID-BLU", 2, "€20.00"),
        ("Cable 2 m", "CAB-2M", 1, "€5.00"),
    ):
        words = column(
            Text(name, Type.STRONG), Text(f"{sku} · take away", Type.CAPTION, muted=True), gap=0.25
        )
        lines.append(
            row(words, 1, QuantityEdit(count, name="q"), Amount(price, Type.STRONG), gap=1.5)
        )
    return Card("Basket", tools=[Pill("2 lines", Tone.NEUTRAL, icon="sell")]).add(
        *lines,
        1,
        Rule(),
        totals,
        row(Text("Total", Type.TITLE), 1, Amount("€48.79", Type.AMOUNT)),
        row(
            Button("Hold", name="hold", icon="hold", key="F6", bind=False),
            Button("Customer", name="go", kind=Kind.PRIMARY, key="F12", bind=False),
        ),
    )


def a_timeline() -> Card:
    line = Timeline()
    line.show_entries(
        (
            Entry(
                "10:16",
                "Charge captured",
                "€48.79 taken from the card ending 4242",
                "card",
                Tone.READY,
            ),
            Entry(
                "10:15", "Fulfilled", "2 of 2 lines, DHL 00340434161094042557", "ship", Tone.READY
            ),
            Entry("10:14", "Accepted", "", "release", Tone.INFO),
            Entry(
                "10:13",
                "Held for review",
                "Digital River decides; this took 58 s",
                "hold_goods",
                Tone.WAIT,
            ),
            Entry("10:12", "Note by Mara", "Customer will come back for the cable.", "note"),
        )
    )
    return Card("What happened").add(line)


def pills() -> Card:
    return Card("States").add(
        row(*[Pill(tone.value.capitalize(), tone) for tone in Tone], 1),
        row(*[Pill(tone.value.capitalize(), tone, solid=True) for tone in Tone], 1),
        row(Spinner(), Text("Asking Digital River…", muted=True), 1),
    )


def types() -> Card:
    return Card("Type").add(*[Text(f"{kind.value}: 1,234.50 Quick", kind) for kind in Type])


def shell(content: QWidget, mode: Mode, title: str) -> ModeFrame:
    rail = Rail(
        (
            RailItem("sale", "Sell", "sell", "Alt+1"),
            RailItem("orders", "Orders", "orders", "Alt+2"),
            RailItem("review", "Review", "review", "Alt+3"),
            RailItem("reports", "Reports", "reports", "Alt+4"),
            RailItem("settings", "Settings", "settings", "Alt+5"),
        ),
        foot=(RailItem("lock", "Lock", "lock"),),
    )
    rail.set_current("sale")
    rail.set_count("orders", 12)
    rail.set_count("review", 3, Tone.PROBLEM)
    top = holder(
        row(
            Text(title, Type.TITLE),
            1,
            IconLabel("shop"),
            Text("River Street · Till 2", muted=True),
            IconLabel("person"),
            Text("Mara K.", Type.STRONG),
            Button(
                "Go to anything",
                name="palette",
                kind=Kind.QUIET,
                key="Ctrl+K",
                bind=False,
                size=Size.SMALL,
            ),
            margins=1,
        ),
        ground="surface",
    )
    bar = StatusBar(
        (
            StatusChip("feed", "live, 2 s", name="feed_chip", tone=Tone.READY),
            StatusChip("outbox", "2 sending", name="outbox_chip"),
        ),
        (
            StatusChip("printer", "no printer", name="printer_chip", tone=Tone.WAIT),
            StatusChip("database", "this till", name="database_chip"),
            StatusChip("keyboard", "F1 keys", name="keys_chip"),
        ),
    )
    inner = column(top, Rule(), content, bar, gap=0)
    inner.setStretch(2, 1)
    line = row(rail, holder(inner, ground="window"), gap=0)
    line.setStretch(1, 1)
    return ModeFrame(holder(line), mode)


def sale_page() -> QWidget:
    steps = StepBar(("Cart", "Customer", "Checkout", "Payment", "Review", "Done"))
    steps.set_current(1)
    left = Card(padding=1).add(ScanEdit("Scan, or search by name or SKU", name="scan"), a_table())
    body = row(left, a_basket(), gap=2)
    body.setStretch(0, 3)
    body.setStretch(1, 2)
    page = column(steps, body, gap=2, margins=2)
    page.setStretch(1, 1)
    return holder(page)


def parts_page() -> QWidget:
    left = column(buttons(), pills(), types(), 1, gap=2)
    middle = column(fields(), an_address(), 1, gap=2)
    right = column(lights(), 1, gap=2)
    return holder(row(left, middle, right, gap=2, margins=2))


def words_page() -> QWidget:
    empty = Card().add(
        EmptyState(
            "orders",
            "Nothing to ship",
            "Orders appear here as soon as Digital River accepts them.",
            action="Show all orders",
            key="Ctrl+6",
        )
    )
    tables = column(a_table(), empty, gap=2)
    return holder(row(messages(), a_timeline(), tables, gap=2, margins=2))


def overlays(window: QWidget, out: Path, stem: str) -> None:
    question = Question(
        window,
        "Cancel 2 of Widget, blue?",
        "€20.00 will not be captured. The customer is told by e-mail. This cannot be taken back.",
        yes="Cancel 2",
        tone=Tone.WAIT,
        is_destructive=True,
    )
    question.open()
    save(window, out / f"{stem}-question.png", over=question)
    question.close()
    actions = [
        Action("search", "Search items", print, "F2", group="Sale"),
        Action("hold", "Hold the sale", print, "F6", group="Sale"),
        Action("recall", "Recall a sale", print, "F7", group="Sale"),
        Action("pay", "Go on", print, "F12", group="Sale"),
        Action("palette", "Go to anything", print, "Ctrl+K", group="Everywhere"),
        Action("lock", "Lock the till", print, "Ctrl+L", group="Everywhere"),
    ]
    keys = KeysOverlay(window, actions)
    keys.open()
    save(window, out / f"{stem}-keys.png", over=keys)
    keys.close()

    class Everything:
        name = "Everything"

        def find(self, text: str) -> list[Find]:
            return [
                Find("1", "Hold the sale", print, icon="hold", key="F6"),
                Find("2", "Order 231388420336", print, "Nina Okafor", "orders", "Order"),
                Find("3", "Nina Okafor", print, "nina@example.test", "customer", "Customer"),
                Find("4", "Widget, blue", print, "WID-BLU", "product", "Product"),
            ]

    palette = Palette(window, RecordingRunner(), [Everything()])
    palette.open()
    save(window, out / f"{stem}-palette.png", over=palette)
    palette.close()
    veil = BusyOverlay(
        window.findChild(QWidget, "page") or window,
        "Asking Digital River…",
        detail="Nothing is lost if you leave.",
        leave="Leave",
    )
    veil.start()
    save(window, out / f"{stem}-busy.png")
    veil.deleteLater()


def main(out: Path) -> int:
    """Write the pictures to `out`."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    out.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:]
    pages = {
        "sale": (sale_page, Mode.TRAINING),
        "parts": (parts_page, Mode.TEST),
        "words": (words_page, Mode.LIVE),
    }
    looks = [
        (name, scale, density)
        for name in theme.BUILT_IN
        for scale, density in ((1.0, Density.MOUSE),)
    ]
    looks.append(("light", 1.5, Density.TOUCH))
    for name, scale, density in looks:
        theme.apply(app, theme.load(name), scale=scale, density=density)
        for page, (build, mode) in pages.items():
            for size in SIZES:
                stem = f"{page}-{name}{'' if scale == 1 else f'-{scale}'}-{size[0]}"
                if wanted and not any(word in stem for word in wanted):
                    continue
                content = build()
                content.setObjectName("page")
                window = shell(content, mode, "Sell")
                window.resize(*size)
                save(window, out / f"{stem}.png")
                if page == "sale" and size == SIZES[0]:
                    overlays(window, out, stem)
                window.close()
                window.deleteLater()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "gallery")))
