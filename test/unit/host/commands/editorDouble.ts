// Stands for the editor's API in the unit tests of commands: it has every name, records what a person would see, and
// its person leaves every question.
import { globSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';

/** What a person sees of a command. */
export type Effect = 'asks' | 'opens' | 'copies' | 'says' | 'refuses' | 'sends' | 'works' | 'lists';

export interface Seen {
  readonly effects: { readonly effect: Effect; readonly text: string }[];
  /** Context keys that are set. */
  readonly keys: Record<string, unknown>;
  /** Closes what was opened. */
  readonly closers: (() => void)[];
}

export const seen: Seen = { effects: [], keys: {}, closers: [] };

export function see(effect: Effect, text = ''): void {
  seen.effects.push({ effect, text });
}

const root = join(import.meta.dirname, '../../../..');

/** Any name of it is there, may be called and constructed, and says nothing. */
export function anything(answers: Readonly<Record<string, unknown>> = {}): unknown {
  return new Proxy(function nothing() {}, {
    get(target, name) {
      if (name === 'prototype') return target.prototype;
      if (name === Symbol.toPrimitive) return () => '';
      if (typeof name === 'symbol' || name === 'then') return undefined;
      return Object.hasOwn(answers, name) ? answers[name] : anything();
    },
    apply: () => anything(),
    construct: () => anything() as object,
  });
}

/** A list with nothing in it refuses as much as a message does. */
function makeInput(isList: boolean): unknown {
  const input = {
    items: isList ? [] : [{}],
    selectedItems: [],
    busy: false,
    onDidAccept() {},
    onDidChangeValue() {},
    onDidTriggerButton() {},
    onDidHide: (leave: () => void) => setImmediate(leave),
    hide() {},
    dispose() {},
    show() {
      if (input.items.length > 0 || input.busy) see('asks');
      else see('refuses', 'with an empty list');
    },
  };
  return input;
}
const shownPanel = (): unknown => {
  see('opens');
  return anything({
    active: true,
    onDidDispose: (close: () => void) => {
      seen.closers.push(close);
      return anything();
    },
    reveal: () => see('opens'),
    webview: anything({ cspSource: 'self', asWebviewUri: () => ({ toString: () => 'panel.js' }) }),
  });
};
const editor: Readonly<Record<string, unknown>> = {
  window: anything({
    createQuickPick: () => makeInput(true),
    createInputBox: () => makeInput(false),
    createWebviewPanel: shownPanel,
    showSaveDialog: () => Promise.resolve(see('asks')),
    showOpenDialog: () => Promise.resolve(see('asks')),
    showTextDocument: () => Promise.resolve(see('opens')),
    withProgress: () => {
      see('works');
      return Promise.resolve({ ok: false, failure: { message: 'left' } });
    },
  }),
  commands: anything({
    executeCommand: (id: string, key: string, value: unknown) => {
      if (id === 'setContext') seen.keys[key] = value;
      else see('opens', id);
      return Promise.resolve();
    },
  }),
  env: anything({
    clipboard: { writeText: () => Promise.resolve(see('copies')) },
    uriScheme: 'vscode',
    language: 'en',
  }),
  l10n: { bundle: undefined },
  workspace: anything({ workspaceFolders: [{ name: 'shop', uri: anything({ path: '/shop', fsPath: '/shop' }) }] }),
  QuickPickItemKind: { Separator: -1 },
};

/** Modules that are imported from here on get it in place of the editor. */
export function takePlaceOfEditor(): void {
  const names = new Set(
    globSync('src/host/**/*.ts', { cwd: root }).flatMap(file =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/\bvscode\.([A-Za-z][A-Za-z0-9]*)/g)].map(
        ([, name]) => name!,
      ),
    ),
  );
  Object.assign(globalThis, {
    editorDouble: Object.fromEntries([...names].map(name => [name, editor[name] ?? anything()])),
  });
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url: 'double:vscode', shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === 'double:vscode'
        ? {
            format: 'module',
            shortCircuit: true,
            source: [...names].map(name => `export const ${name} = globalThis.editorDouble.${name};`).join('\n'),
          }
        : next(url, context),
  });
}
