"""Sentences for what can go wrong with what we remember (`store.errors`): one case for each
class.
"""

from __future__ import annotations

from posapp.domain.words import tr
from posapp.store import errors as e
from posapp.store.errors import StoreError, Trouble
from posapp.ui.kit.theme import Tone
from posapp.ui.messages.message import Message, bug


def explain_store(error: StoreError) -> Message:
    """Return the sentence for a store that did not do its work."""
    match error:
        case e.StoreBusy():
            return Message(
                tr("The database is busy"),
                tr("Nothing was lost. Press the key again in a moment."),
                Tone.WAIT,
                can_retry=True,
            )
        case e.StoreAway():
            return Message(
                tr("The shop’s database does not answer"),
                tr(
                    "The sale in hand is safe on this till and can be finished. Orders and "
                    "customers come back with the database."
                ),
                Tone.WAIT,
                can_retry=True,
            )
        case e.StoreUnusable():
            return _unusable(error)
        case e.StoreTooNew() | e.WrongStore() | e.StoreInUse():
            return _refused(error)
        case e.ResourceTaken():
            return Message(
                tr("Something about this is still being sent"),
                tr("Nothing was sent twice. Wait until that has ended, then press the key again."),
                Tone.WAIT,
                can_retry=True,
            )
        case e.ChangedElsewhere():
            return Message(
                tr("Somebody else has changed this"),
                tr("Your change was not saved. Look how it stands now, then decide again."),
                Tone.WAIT,
                can_retry=True,
            )
        case _:
            return bug()


def _unusable(error: e.StoreUnusable) -> Message:
    bodies = {
        Trouble.DISK_FULL: tr("The disk is full. Make room, then press the key again."),
        Trouble.READ_ONLY: tr("The file may not be written. An administrator must give the right."),
        Trouble.DAMAGED: tr("The file is damaged. Stop selling and call the help desk."),
        Trouble.CANNOT_OPEN: tr("It cannot be opened. An administrator must look at the path."),
        Trouble.FAULT: tr("It refused the work. Try once more, then call the help desk."),
    }
    return Message(
        tr("This could not be saved"),
        tr("What was saved before is safe. {trouble}", trouble=bodies[error.trouble]),
        can_retry=error.trouble in (Trouble.DISK_FULL, Trouble.FAULT),
    )


def _refused(error: StoreError) -> Message:
    match error:
        case e.StoreTooNew():
            return Message(
                tr("The shop’s database is newer than this program"),
                tr("Nothing was touched. Update the program on this till, then start it again."),
            )
        case e.WrongStore(what="account"):
            return Message(
                tr("The orders kept here are of another Digital River account"),
                tr(
                    "With these keys they cannot be followed. Nothing was touched. Press F10 and "
                    "enter keys of that account, or another database."
                ),
            )
        case e.WrongStore():
            return Message(
                tr("This database belongs to another shop or mode"),
                tr(
                    "It holds {found}, this till is set up for {expected}. Nothing was touched. "
                    "Press F10 and name the right database.",
                    found=error.found,
                    expected=error.expected,
                ),
            )
        case _:
            return Message(
                tr("The program is already running on these files"),
                tr("Nothing was touched. Use the window that is open, or close it first."),
                Tone.WAIT,
            )
