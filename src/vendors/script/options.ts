// What a script holds beside what every measurement has.
import type { MeasurementSource } from '../../model/healthSource.ts';

export const vendor = 'script';

export type ScriptSource = MeasurementSource & {
  readonly options: {
    /** Program and arguments; one text with `shell`. */
    readonly command: readonly string[];
    readonly shell: boolean;
    readonly directory: string;
    readonly variables: Readonly<Record<string, string>>;
    readonly environment: readonly string[];
    readonly timeoutMs: number;
    /** What its exit code says; 0 passes. */
    readonly exitCodes: { readonly fail: number; readonly inconclusive: number };
  };
};
