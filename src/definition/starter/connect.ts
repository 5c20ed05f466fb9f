// Reads a connection that a person typed, with the rules of the pipeline file.
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { BackendKind, StarterBackend } from '../../model/starter.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';
import { parsePipeline } from '../parsePipeline.ts';

/**
 * `typed` is `{ KIND: { ... } }` as in the file, `KIND` for the connection that the vendor suggests, or `KIND=ADDRESS`.
 * `backends`: the vendors whose servers can be asked for metrics.
 */
export function readConnection(
  typed: string,
  service: string,
  backends: readonly BackendKind[],
  definitions: readonly VendorDefinition[],
): Result<StarterBackend> {
  const text = spellOut(typed.trim(), backends);
  const { pipeline, problems } = parsePipeline(pipelineWith(text), 'connection');
  const [problem] = problems.filter(({ severity }) => severity === 'error');
  const connection = pipeline?.connections['metrics'];
  const kinds = backends.map(({ kind }) => kind).join(', ');
  if (problem || !connection || !/^\{.*\}$/.test(text))
    return fail('invalid', `"${typed.slice(0, 200)}" is no connection. ${problem?.message ?? ''}`.trim(), {
      hint: `Write a kind (${kinds}), a kind and an address as KIND=https://..., or { KIND: { ... } } as in the file.`,
    });
  const usual = definitions.find(({ kind }) => kind === connection.vendor)?.source?.usual?.(service);
  return backends.some(({ kind }) => kind === connection.vendor)
    ? succeed({ vendor: connection.vendor, text, connection, ...(usual && { usual }) })
    : fail('invalid', `A server of ${connection.vendor} cannot be asked what it has.`, {
        hint: `These can: ${kinds}.`,
      });
}

function spellOut(typed: string, backends: readonly BackendKind[]): string {
  const [, kind, address] = /^(\w+)(?:\s*[=\s]\s*(https?:\/\/[^\s'"{}]+))?$/.exec(typed) ?? [];
  const known = backends.find(one => one.kind === kind);
  if (!known) return typed;
  return address === undefined ? known.connection : `{ ${known.kind}: { url: '${address}' } }`;
}

function pipelineWith(connection: string): string {
  return [
    'version: 1',
    'service: any',
    'connections:',
    `  metrics: ${connection.replaceAll(/[\r\n]+/g, ' ')}`,
    'environments: { any: { nodes: [any] } }',
    'hooks: { any: { command: [any] } }',
    'stages: [{ stage: Any, environment: any, steps: [any] }]',
  ].join('\n');
}
