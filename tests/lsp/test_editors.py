"""`klint lsp` and editors with what each of them can do, which pytest-lsp has recorded from them."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import make_test_lsp_client

pytestmark = pytest.mark.slow  # each starts a process

LAYER = """\
import keras


class Gate(keras.layers.Layer):
    def call(self, inputs):
        return inputs.numpy()
"""
PLACE = types.Range(types.Position(5, 15), types.Position(5, 15))


def registers(can: types.ClientCapabilities) -> bool:
    """Whether an editor looks after files that it is asked to."""
    files = can.workspace and can.workspace.did_change_watched_files
    return bool(files and files.dynamic_registration)


async def told(client: LanguageClient, uri: str) -> list[object]:
    await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return [each.code for each in client.diagnostics[uri]]


async def edited(client: LanguageClient, uri: str) -> None:
    """Open a document, look at it, and type. The client warns where the server sends what the editor cannot take."""
    document = types.TextDocumentIdentifier(uri)
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, types.LanguageKind.Python, 0, LAYER))
    )
    assert "KLL112" in await told(client, uri)
    hover = await client.text_document_hover_async(types.HoverParams(document, PLACE.start))
    assert hover is not None
    context = types.CodeActionContext(client.diagnostics[uri])
    actions = await client.text_document_code_action_async(types.CodeActionParams(document, PLACE, context))
    assert any("silence" in each.title for each in actions or ())
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(1, uri),
            [types.TextDocumentContentChangeWholeDocument(LAYER.replace(".numpy()", " * 2"))],
        )
    )
    assert "KLL112" not in await told(client, uri)


@pytest.mark.parametrize("editor", ["visual_studio_code", "neovim", "neovim@v0.8", "emacs"])
def test_an_editor_is_served_as_it_can_be(editor: str, tmp_path: Path) -> None:
    async def session() -> None:
        client, watched = make_test_lsp_client(), list[str]()

        def register(params: types.RegistrationParams) -> None:
            watched.extend(each.method for each in params.registrations)

        client.feature(types.CLIENT_REGISTER_CAPABILITY)(register)
        can = client_capabilities(editor)
        await client.start_io(sys.executable, "-m", "keras_layer_lint", "lsp")
        folder = types.WorkspaceFolder(tmp_path.as_uri(), tmp_path.name)
        params = types.InitializeParams(can, workspace_folders=[folder])
        await client.initialize_session(params)
        try:
            await edited(client, (tmp_path / "layers.py").as_uri())
        finally:
            await client.shutdown_session()
            await client.stop()  # type: ignore[no-untyped-call]
        assert client.error is None
        assert watched == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES] * registers(can)
        assert client.messages == []

    asyncio.run(asyncio.wait_for(session(), 60))
