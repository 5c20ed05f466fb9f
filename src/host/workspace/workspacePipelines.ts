// The pipeline files of all workspace folders, read by the engine's own parser and kept up to date as files change.
import * as fs from 'node:fs';
import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { identityOf } from '../../model/identity.ts';
import type { Engine } from '../../model/runs/engine.ts';
import { readRegularFile } from '../../model/regularFile.ts';
import { yieldToEventLoop } from '../yieldToEventLoop.ts';
import type { PipelineFile } from './pipelineFile.ts';

export const pipelinePattern = '.backstop/pipelines/*.{yaml,yml}';

export interface WorkspacePipelines extends vscode.Disposable {
  list(): readonly PipelineFile[];
  /** Reads the current content of the file. */
  read(folder: string, file: string): Promise<PipelineFile | undefined>;
  /**
   * The file of a run: the same file in the same folder, otherwise one with the same name. `service` is the identity
   * that it must have.
   */
  find(wanted: WantedPipeline): PipelineFile | undefined;
  refresh(): Promise<void>;
  readonly onChange: vscode.Event<void>;
}

interface WantedPipeline {
  readonly folder?: string;
  readonly file?: string;
  readonly name?: string;
  readonly service?: string;
}

type Parse = (...given: Parameters<Engine['parse']>) => Promise<ReturnType<Engine['parse']>>;

export function watchPipelines(
  parse: Parse,
  /** Undefined until the store is open. */
  identify: () => Engine['identify'] | undefined,
): WorkspacePipelines {
  let files: readonly PipelineFile[] = [];
  const changed = new vscode.EventEmitter<void>();
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${pipelinePattern}`);
  let pending: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(pending);
    pending = setTimeout(() => void refresh(), 150);
  };
  async function refresh(): Promise<void> {
    files = await readAll(parse);
    changed.fire();
  }
  const identified = (found: PipelineFile): PipelineFile => {
    try {
      const pipeline = found.pipeline && identify()?.(found.pipeline, found.folder);
      return pipeline ? { ...found, pipeline } : found;
    } catch {
      // The function that needs the store reports that it cannot be read.
      return found;
    }
  };
  const list = (): readonly PipelineFile[] => files.map(identified);
  const subscriptions = [
    changed,
    watcher,
    watcher.onDidChange(later),
    watcher.onDidCreate(later),
    watcher.onDidDelete(later),
    vscode.workspace.onDidChangeWorkspaceFolders(later),
  ];
  return {
    list,
    async read(path, file) {
      const folders = vscode.workspace.workspaceFolders ?? [],
        folder = folders.find(one => one.uri.fsPath === path);
      const found =
        folder && (await readFile(parse, folder, vscode.Uri.joinPath(folder.uri, file), folders.length > 1));
      return found && identified(found);
    },
    find: wanted => findPipeline(list(), wanted),
    refresh,
    onChange: changed.event,
    dispose() {
      clearTimeout(pending);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** The pipeline files of all folders, by folder and name. */
async function readAll(parse: Parse): Promise<readonly PipelineFile[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found: PipelineFile[] = [];
  for (const folder of folders) {
    for (const uri of await vscode.workspace.findFiles(
      new vscode.RelativePattern(folder, pipelinePattern),
      undefined,
      200,
    )) {
      const file = await readFile(parse, folder, uri, folders.length > 1);
      if (file) found.push(file);
      await yieldToEventLoop();
    }
  }
  return found.sort((left, right) => left.folder.localeCompare(right.folder) || left.file.localeCompare(right.file));
}

async function readFile(
  parse: Parse,
  folder: vscode.WorkspaceFolder,
  uri: vscode.Uri,
  named: boolean,
): Promise<PipelineFile | undefined> {
  const file = relative(folder.uri.fsPath, uri.fsPath).split(sep).join('/');
  const bytes = await readBytes(folder, uri);
  if (!bytes) return undefined;
  const { pipeline, problems } = await parse(new TextDecoder().decode(bytes), file);
  return {
    folder: folder.uri.fsPath,
    ...(named && { folderName: folder.name }),
    file,
    ...(pipeline && { pipeline }),
    errors: problems.filter(({ severity }) => severity === 'error').length,
  };
}

function findPipeline(
  files: readonly PipelineFile[],
  { folder, file, name, service }: WantedPipeline,
): PipelineFile | undefined {
  const own = files.filter(
    ({ pipeline, ...one }) =>
      (folder === undefined || one.folder === folder) &&
      (service === undefined || pipeline === undefined || identityOf(pipeline) === service),
  );
  return (
    own.find(one => one.file === file && (name === undefined || one.pipeline?.name === name)) ??
    own.find(one => name !== undefined && one.pipeline?.name === name)
  );
}

const largestBytes = 16_000_000;

/** A repository can contain links and pipes. Only regular files of the folder are read. */
async function readBytes(folder: vscode.WorkspaceFolder, uri: vscode.Uri): Promise<Uint8Array | undefined> {
  if (uri.scheme !== 'file') return Promise.resolve(vscode.workspace.fs.readFile(uri)).catch(() => undefined);
  const read = readRegularFile(fs, uri.fsPath, largestBytes, folder.uri.fsPath);
  return 'bytes' in read ? read.bytes : undefined;
}
