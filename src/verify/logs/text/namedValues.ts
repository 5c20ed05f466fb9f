// Finds the values that a pipeline names: those that matter become part of a line's event, those that never matter do
// not.
import type { NamedValues } from '../../../model/pipeline.ts';

export interface ValueReader {
  /** `exit code: 137` for each value of the line that matters, in the order of their names. */
  watched(line: string): readonly string[];
  /** The text with `<*>` for each value that never matters. */
  withoutIgnored(text: string): string;
}

const hole = '<*>',
  longestRead = 4_000;

/** undefined where nothing is named. */
export function createValueReader({ watch, ignore }: NamedValues): ValueReader | undefined {
  if (watch.length + ignore.length === 0) return undefined;
  const watching = watch.map(name => ({ name, pattern: patternOf(name) })),
    ignoring = ignore.map(patternOf);
  return {
    watched(line) {
      const read = line.slice(0, longestRead);
      return watching.flatMap(({ name, pattern }) =>
        [...read.matchAll(pattern)].map(({ 3: value = '' }) => `${name}: ${value}`),
      );
    },
    withoutIgnored: text =>
      ignoring.reduce((read, pattern) => read.replace(pattern, (_, name, between) => `${name}${between}${hole}`), text),
  };
}

/**
 * `exit code` finds `exit code 137`, `exit_code=137`, `"exitCode": 137` and `Exit-Code: "137"`: its words in any case,
 * with at most one character between them, and a value behind `=`, a colon, `is` or a space.
 */
function patternOf(name: string): RegExp {
  const words = name.split(/[\s_.-]+/).filter(word => word !== '');
  const escaped = words.map(word => word.replaceAll(/[^\p{L}\p{N}]/gu, '\\$&')).join('[\\s_.-]?');
  return new RegExp(
    `(?<![\\p{L}\\p{N}])(${escaped})(["']? {0,3}(?:[=:] {0,3}|is | )["']?)([^\\s"',;|()[\\]{}<>]{1,64})`,
    'giu',
  );
}
