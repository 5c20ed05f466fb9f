// What the look at a service of all vendors shares: which label names the nodes, and how a sample is written.
import { fail, type Result } from '../../model/failure.ts';
import type { Candidate } from '../../model/starter.ts';
import { listed } from './text/listed.ts';

/** For a look a person waits. */
export const lookMs = 10_000;

/**
 * The label that tells the nodes apart: one that has a name of theirs, otherwise the first of `usual` that has several
 * values, otherwise the first that has one. `valuesOf` has the values of a label.
 */
export function nodeLabelOf(
  usual: readonly string[],
  valuesOf: (label: string) => readonly string[],
  nodes: readonly string[],
): string | undefined {
  return (
    usual.find(label => valuesOf(label).some(value => nodes.includes(value))) ??
    usual.find(label => valuesOf(label).length > 1) ??
    usual.find(label => valuesOf(label).length > 0)
  );
}

/** Names of the labels that any of them has. */
export function labelNames(candidates: readonly Candidate[]): readonly string[] {
  return [...new Set(candidates.flatMap(({ labels }) => [...labels.keys()]))].toSorted();
}

/** Each value of a label once, in the order in which they come. */
export function labelValues(candidates: readonly Candidate[], label: string): readonly string[] {
  return [...new Set(candidates.flatMap(({ labels }) => labels.get(label) ?? []))];
}

/** `http.requests 12 on web-1`; without a value it says so. */
export function sampleOf(name: string, value: number | undefined, node?: string): string {
  if (value === undefined) return `${name} (no value in the last minutes)`;
  return `${name} ${Number(value.toPrecision(6))}${node === undefined ? '' : ` on ${node}`}`;
}

/** `asked` says where it was looked for, `known` what the server has instead. */
export function nothingOf(
  service: string,
  asked: string,
  known: { readonly what: string; readonly names: readonly string[] },
): Result<never> {
  return fail('not-found', `${asked} "${service}".`, {
    hint:
      known.names.length === 0
        ? 'Change the health source in the pipeline file.'
        : `${known.what} ${listed(known.names)}.`,
  });
}
