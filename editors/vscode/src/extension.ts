/** Starts `klint lsp` of the chosen interpreter. All that klint knows is on the other side. */
import { PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

const SECTION = "klint";
let client: LanguageClient | undefined;
/** One start after the other: settings and interpreters may change while one is under way. */
let starting: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const python = await PythonExtension.api();
  const restart = () => (starting = starting.then(() => start(python)));
  context.subscriptions.push(
    vscode.commands.registerCommand("klint.restart", restart),
    python.environments.onDidChangeActiveEnvironmentPath(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION)) {
        void restart();
      }
    }),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await stop();
}

async function start(python: PythonExtension): Promise<void> {
  await stop();
  const settings = vscode.workspace.getConfiguration(SECTION);
  if (!settings.get<boolean>("enable", true)) {
    return;
  }
  const server: ServerOptions = {
    command: await interpreter(python, settings),
    args: ["-m", "keras_layer_lint", "lsp"],
  };
  const options: LanguageClientOptions = {
    documentSelector: [{ scheme: "file", language: "python" }],
  };
  client = new LanguageClient(SECTION, "klint", server, options);
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const help = `pip install 'keras-layer-lint[lsp]' for ${server.command}`;
    void vscode.window.showErrorMessage(`klint could not be started (${String(error)}): ${help}`);
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

/** The Python that has klint: as the settings say, else the one that is chosen for the first folder. */
async function interpreter(python: PythonExtension, settings: vscode.WorkspaceConfiguration): Promise<string> {
  const told = settings.get<string>("interpreter", "");
  if (told) {
    return told;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = python.environments.getActiveEnvironmentPath(folder);
  const environment = await python.environments.resolveEnvironment(chosen);
  return environment?.executable.uri?.fsPath ?? "python3";
}
