"""The server: what an editor asks, and what it is told."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from keras_layer_lint import __version__
from keras_layer_lint.diagnostic import Diagnostic, Fix
from keras_layer_lint.explain import find_pages
from keras_layer_lint.lsp.linting import Found, Linting
from keras_layer_lint.lsp.protocol import SOURCE, Text, touches
from keras_layer_lint.processes import STACK_SIZE, own

PAUSE = 0.15
"""Seconds without another change, after which a text is linted."""
REST = 1.0
"""Seconds without another change, after which all of a text is linted of which only some was."""
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.{SOURCE}"
_KINDS = [types.CodeActionKind.QuickFix, FIX_ALL]
_WATCHED = "**/{*.py,*klint*.json,klint.toml,.klint.toml,pyproject.toml,requirements*.txt,setup.cfg,setup.py}"
"""What decides, on disk, what there is to say of other files."""

Done = TypeVar("Done")


@dataclass(slots=True)
class Open:
    """A document that the editor shows: what was found in which version of it."""

    version: int | None = None
    found: Found = field(default_factory=Found)
    waiting: asyncio.Task[None] | None = None


class Server(LanguageServer):
    """Texts are linted one after the other, in a thread that has a stack for deep code."""

    def __init__(self) -> None:
        super().__init__("klint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Incremental)
        self.linting = Linting()
        self.open: dict[str, Open] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="klint")
        self._told: set[str] = set()

    async def work(self, function: Callable[..., Done], *arguments: object) -> Done:
        """Call a function where texts are linted."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, function, *arguments)

    def text(self, uri: str) -> Text:
        """A document as the editor shows it."""
        document = self.workspace.get_text_document(uri)
        return Text(uri, document.source, self.workspace.position_codec)

    def place(self, uri: str) -> tuple[Path, Path | None] | None:
        """The file of a document, and the folder which the editor has opened; None where it is no file."""
        name = to_fs_path(uri)
        if name is None:
            return None
        path = Path(name)
        folders = [Path(opened) for each in self.workspace.folders.values() if (opened := to_fs_path(each.uri))]
        within = [folder for folder in folders if path.is_relative_to(folder)]
        return path, max(within, key=lambda folder: len(folder.parts), default=None)

    def lint_soon(self, uri: str, pause: float = PAUSE) -> None:
        """Lint a document once nothing more is typed."""
        document = self.open.setdefault(uri, Open())
        if document.waiting is not None:
            document.waiting.cancel()
        document.waiting = asyncio.ensure_future(self._lint(uri, document, pause))

    async def _lint(self, uri: str, document: Open, pause: float) -> None:
        await asyncio.sleep(pause)
        if await self._lint_now(uri, document, whole=False):
            await asyncio.sleep(REST)
            await self._lint_now(uri, document, whole=True)

    async def _lint_now(self, uri: str, document: Open, *, whole: bool) -> bool:
        """Lint a document, and tell what was found, where it is something else; whether only some of it was linted."""
        place = self.place(uri)
        if place is None:
            return False
        text, version = self.text(uri), self.workspace.get_text_document(uri).version
        found = await self.work(partial(self.linting.lint, whole=whole), text.source, *place)
        self._worker.submit(self.linting.tidy)
        if self.open.get(uri) is not document or self.workspace.get_text_document(uri).version != version:
            return False  # it was closed, or has changed meanwhile and is linted again
        is_told = document.version == version and document.found.diagnostics == found.diagnostics
        document.version, document.found = version, found
        self._tell(found)
        if not is_told:
            shown = [text.diagnostic(each) for each in found.diagnostics]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, shown, version))
        return found.is_partly

    def _tell(self, found: Found) -> None:
        """Say once what klint failed on."""
        for message in found.errors:
            if message not in self._told:
                self._told.add(message)
                self.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"klint: {message}"))

    def close(self, uri: str) -> None:
        """Forget a document, and what was said of it."""
        document = self.open.pop(uri, None)
        if document is not None and document.waiting is not None:
            document.waiting.cancel()
        if (place := self.place(uri)) is not None:
            self._worker.submit(self.linting.close, place[0])
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    def lint_all(self) -> None:
        """What is on disk has changed: it may say something else of each document."""
        self._worker.submit(self.linting.forget)
        self._told.clear()
        for uri in self.open:
            self.lint_soon(uri)

    def found_in(self, uri: str, place: types.Range) -> list[tuple[Diagnostic, types.Diagnostic]]:
        """What was found at a place, in the document as it is now."""
        document, text = self.open.get(uri), self.text(uri)
        if document is None or document.version != self.workspace.get_text_document(uri).version:
            return []
        shown = [(each, text.diagnostic(each)) for each in document.found.diagnostics]
        return [(each, diagnostic) for each, diagnostic in shown if touches(diagnostic.range, place)]


def server() -> Server:
    """A server with all that it answers to."""
    made = Server()

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
        server.lint_soon(params.text_document.uri, pause=0)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
        server.lint_soon(params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
        server.lint_all()

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
        server.close(params.text_document.uri)

    @made.feature(types.INITIALIZED)
    async def initialized(server: Server, params: types.InitializedParams) -> None:
        await _watch(server)

    @made.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files_changed(server: Server, params: types.DidChangeWatchedFilesParams) -> None:
        server.lint_all()

    @made.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders_changed(server: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
        server.lint_all()

    @made.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(server: Server, params: types.HoverParams) -> types.Hover | None:
        place = types.Range(params.position, params.position)
        found = [each for each, _ in server.found_in(params.text_document.uri, place)]
        texts = dict.fromkeys(page.text for page in find_pages([each.code for each in found]))
        if not texts:
            return None
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(texts)))

    @made.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(_KINDS, resolve_provider=True))
    async def actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        return await _actions(server, params)

    @made.feature(types.CODE_ACTION_RESOLVE)
    async def resolved(server: Server, action: types.CodeAction) -> types.CodeAction:
        return await _resolved(server, action)

    return made


async def _watch(server: Server) -> None:
    """Ask the editor to tell of files that change on disk, where it can."""
    workspace = server.client_capabilities.workspace
    can = workspace and workspace.did_change_watched_files
    if not can or not can.dynamic_registration:
        return
    options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(_WATCHED)])
    wanted = types.Registration("klint-files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
    await server.client_register_capability_async(types.RegistrationParams([wanted]))


async def _actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """The fixes at a place, comments that silence what is said there, and all safe fixes of the document."""
    uri, only = params.text_document.uri, params.context.only
    found: list[types.CodeAction] = []
    if _wants(only, types.CodeActionKind.QuickFix.value):
        text, pairs = server.text(uri), server.found_in(uri, params.range)
        fixed = await server.work(server.linting.with_fixes, [each for each, _ in pairs], text.source)
        for each, (_, diagnostic) in zip(fixed, pairs, strict=True):
            if each.fix is not None:
                found.append(_fix(text, each.code, each.fix, diagnostic))
        found += [_silence(uri, diagnostic) for _, diagnostic in pairs]
    if _wants(only, FIX_ALL):
        found.append(types.CodeAction("klint: fix all that is safe to fix", kind=FIX_ALL, data={"uri": uri}))
    return found


def _wants(only: Sequence[types.CodeActionKind | str] | None, kind: str) -> bool:
    """Whether an editor asks for a kind of actions: without a list it asks for all."""
    names = [each.value if isinstance(each, types.CodeActionKind) else each for each in only or []]
    return only is None or any(kind == name or kind.startswith(f"{name}.") for name in names)


def _fix(text: Text, code: str, fix: Fix, diagnostic: types.Diagnostic) -> types.CodeAction:
    is_safe = fix.applicability == "safe"
    return types.CodeAction(
        title=f"{code}: {fix.message}" + ("" if is_safe else " (unsafe)"),
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        is_preferred=is_safe or None,
        edit=text.edits(fix.edits),
    )


def _silence(uri: str, diagnostic: types.Diagnostic) -> types.CodeAction:
    place = diagnostic.range.start
    return types.CodeAction(
        title=f"{diagnostic.code}: silence it here with a comment",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        data={"uri": uri, "code": diagnostic.code, "line": place.line, "character": place.character},
    )


async def _resolved(server: Server, action: types.CodeAction) -> types.CodeAction:
    """An action with its edits, which are found out for the one that is chosen."""
    data = action.data
    if not isinstance(data, dict) or action.edit is not None or (place := server.place(data["uri"])) is None:
        return action
    text = server.text(data["uri"])
    after: str | None
    if "code" in data:
        start = types.Position(data["line"], data["character"])
        pairs = server.found_in(data["uri"], types.Range(start, start))
        meant = [each for each, shown in pairs if each.code == data["code"] and shown.range.start == start]
        after = await server.work(server.linting.silenced, text.source, *place, meant[0]) if meant else None
    else:
        after = await server.work(server.linting.fixed, text.source, *place)
    if after is not None:
        action.edit = text.becoming(after)
    return action


def serve() -> None:
    """Serve one editor on standard input and output, until it ends."""
    own()
    gc.disable()  # garbage is collected when an edit has been answered, not before
    threading.stack_size(STACK_SIZE)
    server().start_io()
