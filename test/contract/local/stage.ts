// The stage of the contract tests of health sources without an account: a workspace folder with real files and
// programs, and the ports and decoders that read them.
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { createMachine } from '../../../src/adapters/program.ts';
import { systemClock } from '../../../src/adapters/time.ts';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import type { Answer, LogLine, MetricPoint } from '../../../src/model/evidence/evidence.ts';
import type { Measured } from '../../../src/model/evidence/verification.ts';
import type { ReadSummary } from '../../../src/model/evidence/analysis.ts';
import type { Failure } from '../../../src/model/failure.ts';
import { fail, succeed } from '../../../src/model/failure.ts';
import type { Outside } from '../../../src/model/outside.ts';
import { connectionOf } from '../../../src/model/pipeline.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { Clock } from '../../../src/model/ports.ts';
import { decoders } from '../../../src/vendors/decoders.decode.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createLocalBudget } from '../../fakes/localBudget.ts';

export const nodes = ['node-1', 'node-2'];

/** A pipeline with one health source, written as YAML in one line. */
export function pipelineWith(source: string): Pipeline {
  const { pipeline, problems } = parsePipeline(
    `version: 1
service: shop
environments: { production: { nodes: [${nodes.join(', ')}] } }
hooks: { deploy: { command: [./deploy.sh] }, rollback: { command: [./rollback.sh] } }
healthSources:
  local: ${source}
stages:
  - stage: Production
    environment: production
    canary: { deploy: deploy, rollback: rollback, phases: [{ nodes: 50% }, { nodes: 100% }] }
    verification: { sources: [local] }
`,
    'shop.yaml',
  );
  if (!pipeline) throw new Error(JSON.stringify(problems));
  return pipeline;
}

export interface Read {
  readonly lines: readonly LogLine[];
  readonly points: readonly MetricPoint[];
  readonly answers: readonly Answer[];
  readonly summary?: ReadSummary;
  readonly failure?: Failure;
}

export interface Stage {
  readonly folder: string;
  /** The time of day; programs and time-outs are not affected. */
  now: number;
  write(name: string, text: string | Uint8Array, changedAtMs?: number): void;
  read(window?: {
    readonly fromMs?: number;
    readonly toMs?: number;
    readonly intervalMs?: number;
    readonly measured?: Measured;
    /** Nodes, or versions where the sides are told apart by them. */
    readonly names?: readonly string[];
  }): Promise<Read>;
  readonly outside: Outside;
  readonly pipeline: Pipeline;
}

export function setStage(
  context: TestContext,
  source: string,
  { env = { PATH: process.env['PATH'] }, startMs = Date.UTC(2026, 0, 30, 12) }: StageSettings = {},
): Stage {
  const folder = mkdtempSync(join(tmpdir(), 'backstop-local-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const pipeline = pipelineWith(source);
  const clock: Clock = { ...systemClock, now: () => stage.now };
  const credentials = {
    get: (name: string) => (name === 'known' ? succeed('s3cret-value') : fail('unauthorized', `No ${name}.`)),
  };
  const outside: Outside = {
    clock,
    credentials,
    budget: createLocalBudget(context, clock),
    http: { request: () => Promise.reject(new Error('nothing is asked over HTTP')) },
    machine: createMachine({ folder, env, clock, credentials }),
  };
  const sources = createHealthSources(outside);
  const stage: Stage = {
    folder,
    now: startMs,
    outside,
    pipeline,
    write(name, text, changedAtMs = stage.now) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
      utimesSync(join(folder, name), changedAtMs / 1_000, changedAtMs / 1_000);
    },
    async read({ fromMs = stage.now - 60_000, toMs = stage.now, intervalMs = 10_000, measured, names = nodes } = {}) {
      const lines: LogLine[] = [],
        points: MetricPoint[] = [],
        answers: Answer[] = [];
      const health = pipeline.healthSources['local']!;
      const answer = await sources.read(
        {
          source: health,
          connection: connectionOf(pipeline, health),
          nodes: names,
          fromMs,
          toMs,
          intervalMs,
          ...(measured && { measured }),
        },
        page => {
          const decoded = decoders[page.decoder]!(page.bytes, page.context);
          if (!decoded.ok) return Promise.resolve(decoded);
          lines.push(...(decoded.value.lines ?? []));
          points.push(...(decoded.value.points ?? []));
          answers.push(...(decoded.value.answers ?? []));
          return Promise.resolve(succeed({ rows: decoded.value.rows }));
        },
        new AbortController().signal,
      );
      const read = { lines, points, answers };
      return answer.ok ? { ...read, summary: answer.value } : { ...read, failure: answer.failure };
    },
  };
  return stage;
}
interface StageSettings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly startMs?: number;
}

export function at(ms: number): string {
  return new Date(ms).toISOString();
}
