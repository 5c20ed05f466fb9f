// Answers questions of the host outside of runs. It only reads, through the same adapters that a run uses.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../model/failure.ts';
import type { Inspection } from '../model/evidence/inspection.ts';
import { connectionOf } from '../model/pipeline.ts';
import type { Artifacts, Configurations } from '../model/ports.ts';
import type { Redactor } from '../model/redact.ts';
import { hookFolder } from './store/home.ts';

export interface InspectionOptions {
  readonly home: string;
  readonly artifacts: Artifacts;
  readonly configurations: Configurations;
  readonly redact: Redactor;
}

const largestOutputBytes = 1_000_000;

export function createInspection(options: InspectionOptions): Inspection {
  const { artifacts, configurations } = options;
  return {
    async builds(pipeline, limit) {
      const { artifact } = pipeline;
      if (artifact.kind !== 'build')
        return fail('invalid', `The versions of ${pipeline.name} are given at the start of a run; nothing lists them.`);
      return artifacts.list(artifact, connectionOf(pipeline, artifact), limit, new AbortController().signal);
    },
    async commits(pipeline, range) {
      const { artifact } = pipeline;
      if (artifact.kind !== 'build' || !artifacts.commits)
        return fail(
          'invalid',
          `The artifact of ${pipeline.name} does not come from a build server that keeps commits.`,
        );
      return artifacts.commits(artifact, connectionOf(pipeline, artifact), range, new AbortController().signal);
    },
    configurationFile: digest => configurations.read(digest),
    hookOutput: (runId, callKey) => readOutput(options, runId, callKey),
  };
}

/** The supervisor's file is a list of frames: a mark, a length, and that many bytes. */
async function readOutput({ home, redact }: InspectionOptions, runId: string, callKey: string): Promise<string> {
  const path = join(hookFolder(home, runId, callKey), 'output.log');
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size === 0 || size > 16 * largestOutputBytes) return '';
  const bytes = await readFile(path).catch(() => undefined);
  if (!bytes) return '';
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) break;
    const length = Number(bytes.toString('latin1', at, end).split(' ')[1]) || 0;
    pieces.push(bytes.subarray(end + 1, end + 1 + length));
    at = end + 1 + length;
  }
  return redact(Buffer.concat(pieces).subarray(-largestOutputBytes).toString('utf8'));
}
