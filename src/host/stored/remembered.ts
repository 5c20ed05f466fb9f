// Remembers the values that the user last typed for a pipeline, to offer them again.
import type { Memory } from '../runs/ownRuns.ts';

export interface LastDeployment {
  readonly version?: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** True if the values were prepared, not typed, so that only the summary needs to be shown. */
  readonly isPrepared?: boolean;
}

/** A file below the extension's global storage. */
export const rememberedFile = 'remembered.json';

export interface Remembered {
  last(folder: string, file: string): LastDeployment;
  keep(folder: string, file: string, deployment: LastDeployment): Promise<void>;
}

export function rememberDeployments(memory: Memory): Remembered {
  const keyOf = (folder: string, file: string): string => `deployment:${JSON.stringify([folder, file])}`;
  return {
    last(folder, file) {
      const value = memory.get(keyOf(folder, file)) as Partial<LastDeployment> | undefined;
      return {
        ...(typeof value?.version === 'string' && { version: value.version }),
        inputs: value?.inputs ?? {},
        ...(value?.isPrepared === true && { isPrepared: true }),
      };
    },
    async keep(folder, file, deployment) {
      await memory.update(keyOf(folder, file), deployment);
    },
  };
}
