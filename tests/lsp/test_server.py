"""`klint lsp` with a real client, as an editor speaks to it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from keras_layer_lint.lsp.server import FIX_ALL
from tests.conftest import Run

pytestmark = pytest.mark.slow  # each starts a process

LAYER = """\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def get_config(self):
        return {}

    def call(self, inputs):
        text = "\N{GRINNING FACE}"; value = inputs.numpy()
        return value
"""
NUMPY_LINE = 12


class Client(LanguageClient):
    """An editor that can do what the server may ask of it."""

    def __init__(self) -> None:
        super().__init__("test", "1")
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: list[str] = []
        self.watched: list[types.Registration] = []

        def show(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        def register(params: types.RegistrationParams) -> None:
            self.watched += params.registrations

        def tell(params: types.PublishDiagnosticsParams) -> None:
            self.told.put_nowait(params)

        self.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(tell)
        self.feature(types.WINDOW_SHOW_MESSAGE)(show)
        self.feature(types.CLIENT_REGISTER_CAPABILITY)(register)


CAPABILITIES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    )
)


@asynccontextmanager
async def server(folder: Path) -> AsyncIterator[Client]:
    client = Client()
    await client.start_io(sys.executable, "-m", "keras_layer_lint", "lsp")
    opened = [types.WorkspaceFolder(folder.as_uri(), folder.name)]
    await client.initialize_async(types.InitializeParams(CAPABILITIES, workspace_folders=opened))
    client.initialized(types.InitializedParams())
    yield client
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]


class Editor:
    """One document in an editor."""

    def __init__(self, client: Client, path: Path) -> None:
        self.client = client
        self.uri = path.as_uri()
        self.text = ""
        self.version = 0

    async def open(self, text: str) -> list[types.Diagnostic]:
        self.text = text
        item = types.TextDocumentItem(self.uri, types.LanguageKind.Python, self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.told()

    async def type(self, before: str, after: str) -> list[types.Diagnostic]:
        """Put one text in the place of another, as a change of that place."""
        start = self.text.index(before)
        place = types.Range(self.position(start), self.position(start + len(before)))
        self.text = self.text.replace(before, after, 1)
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.version, self.uri),
                [types.TextDocumentContentChangePartial(place, after)],
            )
        )
        return await self.told()

    def position(self, offset: int) -> types.Position:
        """A place, in UTF-16 as the protocol has it."""
        lines = self.text[:offset].split("\n")
        return types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)

    async def told(self) -> list[types.Diagnostic]:
        """What is said of the version that is shown."""
        while True:
            told = await self.client.told.get()
            if told.uri == self.uri and told.version == self.version:
                return list(told.diagnostics)

    async def actions(self, place: types.Range, *only: str) -> list[types.CodeAction]:
        context = types.CodeActionContext([], only=list(only) or None)
        params = types.CodeActionParams(types.TextDocumentIdentifier(self.uri), place, context)
        found = await self.client.text_document_code_action_async(params)
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    async def after(self, action: types.CodeAction) -> str:
        """The text with an action done."""
        if action.edit is None:
            action = await self.client.code_action_resolve_async(action)
        assert action.edit is not None
        assert action.edit.changes is not None
        lines = self.text.splitlines(keepends=True)
        starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
        text = self.text
        edits = sorted(
            action.edit.changes[self.uri], key=lambda each: (each.range.start.line, each.range.start.character)
        )
        for edit in reversed(edits):
            first = starts[edit.range.start.line] + edit.range.start.character
            last = starts[edit.range.end.line] + edit.range.end.character
            text = text[:first] + edit.new_text + text[last:]
        return text


def in_editor(path: Path, do: Callable[[Editor], Awaitable[None]]) -> None:
    async def session() -> None:
        async with server(path.parent) as client:
            await do(Editor(client, path))

    asyncio.run(asyncio.wait_for(session(), 60))


def codes(found: list[types.Diagnostic]) -> list[object]:
    return [each.code for each in found]


def test_diagnostics_follow_what_is_typed(tmp_path: Path) -> None:
    async def do(editor: Editor) -> None:
        found = await editor.open(LAYER)
        assert {"KLL112", "KLL302"} <= set(codes(found))
        (numpy,) = (each for each in found if each.code == "KLL112")
        assert numpy.range.start == types.Position(NUMPY_LINE, len('        text = "xx"; value = '))  # UTF-16
        assert numpy.severity is types.DiagnosticSeverity.Error
        assert numpy.code_description is not None
        assert numpy.code_description.href.endswith("KLL112-tensor-to-host.md")
        assert "KLL112" not in codes(await editor.type("inputs.numpy()", "inputs"))
        assert "KLL112" in codes(await editor.type("value = inputs", "value = inputs.numpy()"))

    in_editor(tmp_path / "gate.py", do)


EAGER = """\
import tensorflow as tf


class One(tf.keras.metrics.Metric):
    def update_state(self, y_true, y_pred, sample_weight=None):
        return y_pred.numpy()


class Two(tf.keras.Model):
    def prepare(self):
        pass
"""


def test_what_an_edit_touches_from_afar_follows(tmp_path: Path) -> None:
    """`Two` does not name `One`: what it asks for is seen once all is linted."""

    async def do(editor: Editor) -> None:
        assert "KLL112" in codes(await editor.open(EAGER))
        assert "KLL112" in codes(await editor.type("        pass", "        tf.config.run_functions_eagerly(True)"))
        assert "KLL112" not in codes(await editor.told())

    in_editor(tmp_path / "metric.py", do)


def test_hover_shows_the_page(tmp_path: Path) -> None:
    async def do(editor: Editor) -> None:
        (numpy,) = (each for each in await editor.open(LAYER) if each.code == "KLL112")
        at = types.HoverParams(types.TextDocumentIdentifier(editor.uri), numpy.range.start)
        hover = await editor.client.text_document_hover_async(at)
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.value.startswith("# KLL112")
        nowhere = types.HoverParams(types.TextDocumentIdentifier(editor.uri), types.Position(0, 0))
        assert await editor.client.text_document_hover_async(nowhere) is None

    in_editor(tmp_path / "gate.py", do)


def test_fixes_and_comments(tmp_path: Path) -> None:
    plain = LAYER.replace("\N{GRINNING FACE}", "")

    async def do(editor: Editor) -> None:
        (config,) = (each for each in await editor.open(plain) if each.code == "KLL302")
        actions = await editor.actions(config.range, "quickfix")
        fix, silence = (each for each in actions if each.title.startswith("KLL302"))
        assert list(fix.diagnostics or ()) == [config]
        assert '"units": self.units' in await editor.after(fix)
        assert "# klint: ignore[KLL302]" in await editor.after(silence)
        everywhere = types.Range(types.Position(0, 0), types.Position(len(plain.splitlines()), 0))
        (fix_all,) = await editor.actions(everywhere, "source.fixAll")
        assert fix_all.kind == FIX_ALL
        assert "return super().get_config()" in await editor.after(fix_all)

    in_editor(tmp_path / "gate.py", do)


def test_configuration_is_read_and_read_again(tmp_path: Path) -> None:
    (tmp_path / "klint.toml").write_text('ignore = ["KLL112"]\n', encoding="utf-8")

    async def do(editor: Editor) -> None:
        assert "KLL112" not in codes(await editor.open(LAYER))
        (tmp_path / "klint.toml").write_text('ignore = ["KLL302"]\n', encoding="utf-8")
        event = types.FileEvent((tmp_path / "klint.toml").as_uri(), types.FileChangeType.Changed)
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        assert "KLL112" in codes(await editor.told())
        (tmp_path / "klint.toml").write_text('exclude = ["gate.py"]\n', encoding="utf-8")
        (tmp_path / "gate.py").write_text(LAYER, encoding="utf-8")
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(editor.uri)))
        assert await editor.told() == []

    in_editor(tmp_path / "gate.py", do)


def test_what_the_baseline_knows_is_not_shown(tmp_path: Path, klint: Callable[..., Run]) -> None:
    path = tmp_path / "gate.py"
    path.write_text(LAYER, encoding="utf-8")
    (tmp_path / "klint.toml").write_text('baseline = "known.json"\n', encoding="utf-8")
    assert klint("gate.py", "--write-baseline").code == 0

    async def do(editor: Editor) -> None:
        assert await editor.open(LAYER) == []
        assert codes(await editor.type("value = inputs", "value = 1 + inputs")) == ["KLL112"]
        assert await editor.type("value = 1 + inputs", "value = inputs") == []
        (tmp_path / "known.json").write_text("{}", encoding="utf-8")
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(editor.uri)))
        while not editor.client.messages:
            await asyncio.sleep(0.05)
        assert "known.json: is no baseline" in editor.client.messages[0]

    in_editor(path, do)


def test_a_wrong_configuration_is_told(tmp_path: Path) -> None:
    (tmp_path / "klint.toml").write_text('ignor = ["KLL112"]\n', encoding="utf-8")

    async def do(editor: Editor) -> None:
        assert await editor.open(LAYER) == []
        (message,) = editor.client.messages
        assert "klint.toml:1" in message

    in_editor(tmp_path / "gate.py", do)


def test_broken_text_costs_nothing(tmp_path: Path) -> None:
    async def do(editor: Editor) -> None:
        assert codes(await editor.open("class A(keras.layers.Layer:\n    def call(self\n")) == ["KLL001"]
        assert "KLL112" in codes(await editor.type(editor.text, LAYER))

    in_editor(tmp_path / "gate.py", do)
