"""Why a set-up stopped, in one sentence a person can act on. Never a traceback."""

from __future__ import annotations

import errno
from collections.abc import Sequence

_NO_SPACE = ("no space left on device", "os error 28", "not enough free space")
_WRONG_HASH = ("do not match the hashes", "hash mismatch", "have no hashes")
_NO_TRUST = ("certificate verify failed", "invalid peer certificate", "sslerror")
_NO_NETWORK = (
    "failed to establish a new connection",
    "temporary failure in name resolution",
    "temporary failure resolving",
    "name or service not known",
    "could not resolve",
    "network is unreachable",
    "connection refused",
    "connection reset",
    "connecttimeouterror",
    "readtimeouterror",
    "proxyerror",
    "dns error",
    "failed to fetch",
    "error sending request",
    "client error (connect)",
    "connection broken",
)
_NO_WRITE = ("read-only file system", "permission denied", "os error 13", "os error 30")
_NO_WHEEL = ("no matching distribution", "could not find a version", "no solution found")


class SetUpFailed(Exception):
    """The environment could not be made; `str()` is the whole message for a person."""


def explain_output(lines: Sequence[str], doing: str) -> SetUpFailed:
    """Turn what a failed installer printed into a sentence; `doing` names the step it was at."""
    text = "\n".join(lines).lower()
    if _any(_NO_SPACE, text):
        return disk_full(doing)
    if _any(_WRONG_HASH, text):
        return SetUpFailed(
            f"{doing}: a download is not the file that the lock names, so it was not installed. "
            "Empty the package cache (pip cache purge) and start again; if it happens again, "
            "tell whoever runs your package index."
        )
    if _any(_NO_TRUST, text):
        return SetUpFailed(
            f"{doing}: the package index answered with a certificate this computer does not "
            "trust. Check the date of the computer and the proxy's certificate (PIP_CERT, "
            "SSL_CERT_FILE), then start again; what was downloaded is kept."
        )
    if _any(_NO_NETWORK, text):
        return no_network(doing)
    if _any(_NO_WRITE, text):
        return SetUpFailed(
            f"{doing}: a file could not be written ({_last(lines)}). Nothing half-made is used. "
            "Make the folder writable for you and start again."
        )
    if _any(_NO_WHEEL, text):
        return SetUpFailed(
            f"{doing}: the package index has no ready-made package for this Python or this "
            f"computer ({_last(lines)}). Use Python 3.11, 3.12 or 3.13 on a common 64-bit system."
        )
    return SetUpFailed(f"{doing} did not work: {_last(lines)}. Nothing half-made is used.")


def explain_os_error(error: OSError, folder: str) -> SetUpFailed:
    """Turn a refused file operation into a sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full("Set-up")
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return SetUpFailed(
            f"posapp keeps its environment in {folder}, and this folder cannot be written "
            f"({error.strerror}). Copy posapp to a folder of your own and start it there."
        )
    return SetUpFailed(f"Set-up stopped at {error.filename or folder}: {error.strerror or error}.")


def disk_full(doing: str) -> SetUpFailed:
    return SetUpFailed(
        f"{doing}: the disk is full. posapp needs about 1.5 GB for its environment. "
        "Nothing half-made is used; free some space and start again."
    )


def no_network(doing: str) -> SetUpFailed:
    return SetUpFailed(
        f"{doing}: the network or the package index could not be reached. Connect this computer "
        "(behind a proxy: set HTTPS_PROXY) and start again; what was downloaded is kept."
    )


def _any(patterns: Sequence[str], text: str) -> bool:
    return any(pattern in text for pattern in patterns)


def _last(lines: Sequence[str]) -> str:
    """Return the line that says most: the last one that speaks of an error, else the last."""
    spoken = [line.strip() for line in lines if line.strip()]
    errors = [line for line in spoken if "error" in line.lower()]
    return (errors or spoken or ["it said nothing"])[-1][:300].rstrip(".")
