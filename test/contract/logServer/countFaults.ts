// The fault matrix of a server that counts log lines: how many there are, and their groups.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Decode } from '../../../src/model/evidence/analysis.ts';
import { sliceWidth, type CountedSide, type CountedWindow } from '../../../src/model/evidence/counts.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { LogsSource } from '../../../src/model/healthSource.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { testFaultMatrix, type Ending, type Step } from '../faults/faultMatrix.ts';
import { stageLines, type LogStage, type Stage } from './stage.ts';

export interface CountFaults<Source extends LogsSource, Options> extends Pick<LogStage<Source, Options>, 'setStage'> {
  /** The vendor's name as its failures begin with it. */
  readonly vendor: string;
  readonly decode: Decode;
  readonly steps: readonly Step[];
  /** Of the server. */
  readonly options?: Partial<Options>;
  /** Of the connection. */
  readonly connection?: object;
}

const canaryNodes = ['prod-1'],
  canaryLines = Math.floor(stageLines / 2);

export function testCountFaults<Source extends LogsSource, Options>(counting: CountFaults<Source, Options>): void {
  const { vendor, steps, setStage, options, connection } = counting;
  testFaultMatrix({
    title: `${vendor}, counts of lines`,
    vendor: 'other',
    names: new RegExp(`^${vendor}, "app logs": `),
    steps,
    data: { shownIn: `${vendor}, logs` },
    async start(context: TestContext, transport) {
      const stage = await setStage(context, transport, options);
      const { request } = stage,
        asked = { ...request, connection: { ...request.connection, ...(connection && { options: connection }) } };
      return { vendors: stage.vendors, run: () => countOnce(counting.decode, { ...stage, request: asked }) };
    },
  });
}

async function countOnce(decode: Decode, { vendors, request }: Stage<LogsSource>): Promise<Ending> {
  const counter = createHealthSources(vendors).counterOf!(request)!,
    signal = new AbortController().signal;
  const probed = await counter.probe(request, signal);
  if (!probed.ok) return { data: 'none', failure: probed.failure };
  let window: CountedWindow | undefined;
  const counted = await counter.count(
    { ...request, part: 'sides', canaryNodes, sliceMs: sliceWidth(request.toMs - request.fromMs) },
    page => {
      const decoded = decode(page.bytes, page.context);
      if (decoded.ok) window = decoded.value.counts;
      return Promise.resolve(decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded);
    },
    signal,
  );
  if (!counted.ok) return { data: 'none', failure: counted.failure };
  try {
    const paces = probed.value.paces.map(({ node, lines }) => [node, lines]).sort();
    assert.deepEqual(paces, [
      ['prod-1', canaryLines],
      ['prod-2', stageLines - canaryLines],
    ]);
    assertCounts(window);
    return { data: 'right' };
  } catch (error) {
    return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
  }
}

/** Two groups: the numbered lines, and the one of the canary that is like no other. */
function assertCounts(window: CountedWindow | undefined): void {
  assert.equal(window?.total, stageLines);
  const told = window.groups.map(({ canary, baseline }) => [tell(canary), tell(baseline)]);
  assert.deepEqual(
    told.sort(([one], [other]) => Number(other![0]) - Number(one![0])),
    [
      [
        [canaryLines - 1, canaryLines - 1, { 'prod-1': canaryLines - 1 }, 'line'],
        [stageLines - canaryLines, stageLines - canaryLines, { 'prod-2': stageLines - canaryLines }, 'line'],
      ],
      [
        [1, 1, { 'prod-1': 1 }, 'boom'],
        [0, 0, {}, undefined],
      ],
    ],
  );
}

function tell({ lines, slices, nodes, sample }: CountedSide) {
  const inSlices = slices.reduce((sum, [, more]) => sum + more, 0);
  return [lines, inSlices, nodes, sample === undefined ? undefined : /line|boom/.exec(sample)?.[0]];
}
