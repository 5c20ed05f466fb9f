// What Jenkins' documents say of builds and of what waits in the queue.
import type { BuildResult } from './options.ts';
import { listMember, member, numberMember, textMember } from '../transport/decode/json.decode.ts';

export interface JenkinsBuild {
  readonly number: number;
  readonly url: string;
  readonly building: boolean;
  readonly result: BuildResult | null;
  readonly displayName: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly parameters: ReadonlyMap<string, string>;
  /** Paths of what it kept; empty where they were not asked for. */
  readonly artifacts: readonly string[];
  /** md5 (hex) by the name of the file, where Jenkins recorded one. */
  readonly fingerprints: ReadonlyMap<string, string>;
}

export interface QueueItem {
  readonly cancelled: boolean;
  readonly why?: string;
  readonly buildNumber?: number;
}

const results: readonly BuildResult[] = ['SUCCESS', 'UNSTABLE', 'FAILURE', 'NOT_BUILT', 'ABORTED'];

export function buildOf(value: unknown): JenkinsBuild | undefined {
  const number = numberMember(value, 'number');
  if (number === undefined) return undefined;
  const result = textMember(value, 'result');
  return {
    number,
    url: textMember(value, 'url') ?? '',
    building: member(value, 'building') === true,
    result: results.find(one => one === result) ?? null,
    displayName: textMember(value, 'displayName') ?? `#${number}`,
    startedAtMs: numberMember(value, 'timestamp') ?? 0,
    durationMs: numberMember(value, 'duration') ?? 0,
    parameters: parametersOf(value),
    artifacts: listMember(value, 'artifacts').flatMap(one => textMember(one, 'relativePath') ?? []),
    fingerprints: fingerprintsOf(value),
  };
}

/** Two files of one name with different content have no fingerprint that could be told apart. */
function fingerprintsOf(value: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const one of listMember(value, 'fingerprint')) {
    const name = textMember(one, 'fileName')?.split('/').at(-1),
      hash = textMember(one, 'hash');
    if (name !== undefined && hash !== undefined && /^[0-9a-f]{32}$/.test(hash))
      found.set(name, found.has(name) && found.get(name) !== hash ? '' : hash);
  }
  return found;
}

/** Parameters of a build or of a queue item. */
export function parametersOf(value: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const parameter of listMember(value, 'actions').flatMap(action => listMember(action, 'parameters'))) {
    const name = textMember(parameter, 'name'),
      content = member(parameter, 'value');
    if (
      name !== undefined &&
      (typeof content === 'string' || typeof content === 'number' || typeof content === 'boolean')
    )
      found.set(name, String(content));
  }
  return found;
}

export function queueItemOf(value: unknown): QueueItem {
  const why = textMember(value, 'why'),
    buildNumber = numberMember(member(value, 'executable'), 'number');
  return {
    cancelled: member(value, 'cancelled') === true,
    ...(why !== undefined && { why: why.slice(0, 300) }),
    ...(buildNumber !== undefined && { buildNumber }),
  };
}
