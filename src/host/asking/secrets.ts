// Credentials in SecretStorage, read into memory at the start and on every change, since the engine asks synchronously.
import type * as vscode from 'vscode';

export interface Secrets {
  /** Reads all stored credentials. */
  load(): Promise<void>;
  /** The credential of this folder, otherwise the one for all folders. */
  get(folder: string, name: string): string | undefined;
  has(folder: string, name: string): boolean;
  values(): readonly string[];
  /** Without a folder, the value applies to all folders. An empty value removes the credential. */
  set(name: string, value: string, folder?: string): Promise<void>;
  onChange(listener: () => void): void;
}

const prefix = 'credential:';

export function keepSecrets(storage: Pick<vscode.SecretStorage, 'keys' | 'get' | 'store' | 'delete' | 'onDidChange'>): {
  readonly secrets: Secrets;
  dispose(): void;
} {
  const values = new Map<string, string>();
  const listeners: (() => void)[] = [];
  let loading: Promise<void> | undefined;
  async function readAll(): Promise<void> {
    const keys = (await storage.keys()).filter(key => key.startsWith(prefix));
    await Promise.all(keys.map(read));
  }
  async function read(key: string): Promise<void> {
    const value = await storage.get(key);
    if (value) values.set(key, value);
    else values.delete(key);
  }
  const subscription = storage.onDidChange(({ key }) => {
    if (key.startsWith(prefix))
      void read(key).then(() => {
        for (const listener of listeners) listener();
      });
  });
  const find = (folder: string, name: string): string | undefined =>
    values.get(keyOf(name, folder)) ?? values.get(keyOf(name));
  return {
    secrets: {
      load: () => (loading ??= readAll()),
      get: find,
      has: (folder, name) => find(folder, name) !== undefined,
      values: () => [...values.values()],
      async set(name, value, folder) {
        const key = keyOf(name, folder);
        if (value === '') await storage.delete(key);
        else await storage.store(key, value);
        await read(key);
        for (const listener of listeners) listener();
      },
      onChange(listener) {
        listeners.push(listener);
      },
    },
    dispose() {
      subscription.dispose();
    },
  };
}

function keyOf(name: string, folder?: string): string {
  return folder === undefined ? `${prefix}${name}` : `${prefix}${JSON.stringify([folder, name])}`;
}
