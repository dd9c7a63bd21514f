"""What the rules read: a tree's files and their syntax. Never Git, which need not be there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# Made by tools, never part of the project.
_NOT_OURS = frozenset({"__pycache__", "build", "dist", "out", "htmlcov"})
_TEXT = frozenset(
    ".css .html .js .json .lock .md .mako .py .qss .svg .toml .txt .yaml .yml .cfg .ini .sh".split()
)


def files(root: Path, under: str = ".", *suffixes: str) -> Iterator[Path]:
    """Yield the project's files below `under`, those with one of the suffixes if any is named."""
    start = root / under
    if start.is_file():
        yield start
        return
    for path in sorted(start.iterdir()) if start.is_dir() else ():
        if path.is_symlink() or path.name in _NOT_OURS or path.name.endswith(".egg-info"):
            continue
        if path.is_dir():
            if not path.name.startswith(".") or path.name == ".ci":
                yield from files(root, str(path.relative_to(root)), *suffixes)
        elif not suffixes or path.suffix in suffixes:
            yield path


def texts(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield every text file of the project with its content."""
    for path in files(root):
        if path.suffix in _TEXT or path.name in ("run", ".gitignore", "LICENSE"):
            yield path, path.read_text(encoding="utf-8")


def trees(root: Path, under: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every Python file below `under` with its syntax tree."""
    for path in files(root, under, ".py"):
        yield path, ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(root: Path, path: Path, node: ast.AST | int) -> str:
    """Return file:line for a message."""
    line = node if isinstance(node, int) else getattr(node, "lineno", 1)
    return f"{path.relative_to(root).as_posix()}:{line}"


def dotted(node: ast.expr) -> str:
    """Return a name such as `time.sleep` for an expression of names, else its last part."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = dotted(node.value)
        return f"{left}.{node.attr}" if left else node.attr
    return ""
