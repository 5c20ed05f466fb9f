// What is the same for every server that gives log lines: a cancelled read, and the hint where no node is found.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import type { LogsSource } from '../../../src/model/healthSource.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import type { Vendors } from '../faults/vendors.ts';
import type { LogStage, Stage } from './stage.ts';

export function testCancelledRead<Source extends LogsSource, Options>(stage: LogStage<Source, Options>): void {
  test('a cancelled read ends as cancelled', async context => {
    const set = await stage.setStage(context, 'in process');
    set.vendors.fail({ kind: 'hang' });
    const controller = new AbortController();
    const reading = stage.read(set, controller.signal);
    await set.vendors.clock.drive(set.vendors.clock.sleep(1_000));
    controller.abort();
    const { result } = await reading;
    assert.ok(!result.ok && result.failure.kind === 'cancelled', JSON.stringify(result));
  });
}

/** What `check-sources` says of a source whose nodes nobody knows: message and hint of its first problem. */
export async function askForUnknownNodes({
  vendors,
  request,
}: {
  readonly vendors: Vendors;
  readonly request: ReadRequest;
}): Promise<{ readonly message?: string; readonly hint?: string | undefined }> {
  const pipeline = {
    connections: { [request.source.connection ?? '']: request.connection },
    healthSources: { evidence: request.source },
    environments: { production: { name: 'production', nodes: ['web-1', 'web-2'], whenBusy: 'queue' } },
    hooks: {},
    stages: [],
    artifact: { kind: 'version' },
  } as unknown as Pipeline;
  const checks = createSourceChecks({
    ...vendors,
    healthSources: createHealthSources(vendors),
    markers: createMarkers(vendors),
  });
  const [found] = await vendors.clock.drive(
    checks.check({ pipeline, isNew: () => false }, () => undefined, new AbortController().signal),
  );
  const failure = found!.problems[0]?.failure;
  return failure ? { message: failure.message, hint: failure.hint } : {};
}

/** The same stage with another source. */
export function withSource<Source extends LogsSource>(stage: Stage<Source>, change: Partial<Source>): Stage<Source> {
  return { ...stage, request: { ...stage.request, source: { ...stage.request.source, ...change } } };
}

export function countIds(lines: readonly LogLine[]): number {
  return new Set(lines.map(({ id }) => id)).size;
}

/** `count` lines of both nodes, evenly over the last `moments` ms of the window. */
export function addLines(
  { vendors, request }: { readonly vendors: Vendors; readonly request: ReadRequest },
  count: number,
  moments: number,
  texts = count,
): void {
  for (let i = 0; i < count; i++)
    vendors.telemetry.addLog({
      atMs: request.toMs - moments + Math.floor((moments * i) / count),
      node: i % 3 === 0 ? 'prod-1' : 'prod-2',
      category: 'shop',
      text: `more ${i % texts}`,
    });
}
