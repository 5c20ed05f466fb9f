// The runs that this workspace has started, and their folders, so that they are resumed after a reload or a crash.

export interface OwnRuns {
  folderOf(runId: string): string | undefined;
  list(): readonly { readonly runId: string; readonly folder: string }[];
  add(runId: string, folder: string): Promise<void>;
  remove(runId: string): Promise<void>;
}

/** The editor's storage for this workspace. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const key = 'ownRuns';
const kept = 50;

export function keepOwnRuns(memory: Memory): OwnRuns {
  const read = (): Readonly<Record<string, string>> => {
    const value = memory.get(key);
    return Object.fromEntries(
      Object.entries(typeof value === 'object' && value !== null ? value : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    );
  };
  return {
    folderOf: runId => read()[runId],
    list: () => Object.entries(read()).map(([runId, folder]) => ({ runId, folder })),
    async add(runId, folder) {
      await memory.update(key, Object.fromEntries([...Object.entries(read()), [runId, folder]].slice(-kept)));
    },
    async remove(runId) {
      await memory.update(key, Object.fromEntries(Object.entries(read()).filter(([id]) => id !== runId)));
    },
  };
}
