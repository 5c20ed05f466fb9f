// The files of the workspace that the frames of stack traces name. A path from a log is only compared, never opened.
import * as vscode from 'vscode';
import { bestFile } from '../../protocol/words/stackFrames.ts';

const mostAlike = 50,
  elsewhere = '**/{node_modules,.git,dist,build,target,out}/**';

export interface SourceFiles {
  /** Returns those of the files that the workspace has. */
  present(files: readonly string[]): Promise<readonly string[]>;
  open(file: string, line: number): Promise<void>;
}

export function findSourceFiles(): SourceFiles {
  const known = new Map<string, Promise<vscode.Uri | undefined>>();
  function find(file: string): Promise<vscode.Uri | undefined> {
    const found = known.get(file) ?? search(file);
    known.set(file, found);
    return found;
  }
  return {
    async present(files) {
      const found = await Promise.all(files.map(find));
      return files.filter((_, index) => found[index] !== undefined);
    },
    async open(file, line) {
      const uri = await find(file);
      if (!uri) return;
      const at = new vscode.Position(Math.max(0, line - 1), 0);
      await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
    },
  };
}

async function search(file: string): Promise<vscode.Uri | undefined> {
  const name = file.split('/').at(-1) ?? '';
  if (!/^[\w$.@+-]+$/.test(name)) return undefined;
  const uris = await vscode.workspace.findFiles(`**/${name}`, elsewhere, mostAlike),
    best = bestFile(
      file,
      uris.map(({ path }) => path),
    );
  return uris.find(({ path }) => path === best);
}
