// What is the same for every server: a cancelled read, the hint where no node is found, and for log lines the borders
// of pages.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import type { Result } from '../../../src/model/failure.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import type { LogsSource } from '../../../src/model/healthSource.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import type { Transport, Vendors } from '../faults/vendors.ts';
import { stageLines, type LogStage, type Stage } from './stage.ts';

/** How a suite sets its stage and reads from it. */
interface ReadStage<Set> {
  setStage(context: TestContext, transport: Transport): Promise<Set>;
  read(set: Set, signal: AbortSignal): Promise<{ readonly result: Result<unknown> }>;
}

export function testCancelledRead<Set extends { readonly vendors: Vendors }>(stage: ReadStage<Set>): void {
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

/** What `check-sources` says of a source whose nodes nobody knows: its problems, message and hint of the first. */
export async function askForUnknownNodes({
  vendors,
  request,
}: {
  readonly vendors: Vendors;
  readonly request: ReadRequest;
}): Promise<{ readonly problems: number; readonly message?: string; readonly hint?: string | undefined }> {
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
  const { problems } = found!,
    failure = problems[0]?.failure;
  return { problems: problems.length, ...(failure && { message: failure.message, hint: failure.hint }) };
}

/** The same stage with another source. */
export function withSource<Source extends LogsSource>(stage: Stage<Source>, change: Partial<Source>): Stage<Source> {
  return { ...stage, request: { ...stage.request, source: { ...stage.request.source, ...change } } };
}

/** Lines beside those of the stage: their number, over how many ms of its end, and how many texts they have. */
export type PageBorder = readonly [name: string, lines: number, moments: number, texts: number];

export function testPageBorders<Source extends LogsSource, Options>(
  stage: LogStage<Source, Options>,
  borders: readonly PageBorder[],
): void {
  for (const [name, lines, moments, texts] of borders)
    test(`${name}: no line is lost and none is counted twice`, async context => {
      const set = await stage.setStage(context, 'in process');
      addLines(set, lines, moments, texts);
      const found = await stage.read(set);
      assert.ok(found.result.ok, JSON.stringify(found.result));
      assert.equal(found.lines.length, stageLines + lines);
      assert.equal(countIds(found.lines), stageLines + lines);
    });
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
