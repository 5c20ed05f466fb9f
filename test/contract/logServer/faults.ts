// The fault matrix of a server that gives log lines.
import type { TestContext } from 'node:test';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { fail } from '../../../src/model/failure.ts';
import type { LogsSource } from '../../../src/model/healthSource.ts';
import { testFaultMatrix, type MatrixStage } from '../faults/faultMatrix.ts';
import type { Transport } from '../faults/vendors.ts';
import type { LogStage } from './stage.ts';

export interface LogServerFaults<Source extends LogsSource, Options> extends LogStage<Source, Options> {
  /** The vendor's name as its failures begin with it. */
  readonly vendor: string;
  /** The request that gives a page, as `METHOD /path`. */
  readonly page: string;
  /** Ten times what a page holds is read too. */
  readonly linesPerPage: number;
}

export function testLogServerFaults<Source extends LogsSource, Options>(
  server: LogServerFaults<Source, Options>,
): void {
  const { vendor, page, linesPerPage } = server;
  testFaultMatrix({
    title: `${vendor}, logs`,
    vendor: 'other',
    names: new RegExp(`^${vendor}, "app logs": `),
    start: (context, transport) => startReading(server, context, transport),
    steps: [{ name: 'page', match: page }],
    data: {
      'vendor clock 5 min ahead': { faults: [{ kind: 'vendorClock', seconds: 300 }], passes: true },
      'vendor clock 5 min behind': { faults: [{ kind: 'vendorClock', seconds: -300 }], passes: true },
      'node clocks 5 min ahead': { faults: [{ kind: 'skew', seconds: 300 }], passes: false },
      'node clocks 5 min behind': { faults: [{ kind: 'skew', seconds: -300 }], passes: false },
      'delivered twice': { faults: [{ kind: 'duplicates' }], passes: true },
      'delivered late': { faults: [{ kind: 'lateData', seconds: 30 }], passes: true, again: true },
      'ten times the page': {
        faults: [],
        passes: true,
        transport: 'in process',
        start: (context, transport) => startReading(server, context, transport, 10 * linesPerPage - 25),
      },
    },
  });
}

/** `more`: so many lines on top of the known ones, in the last seconds of the window. */
async function startReading<Source extends LogsSource, Options>(
  { vendor, setStage, read, assertAllLines }: LogServerFaults<Source, Options>,
  context: TestContext,
  transport: Transport,
  more = 0,
): Promise<MatrixStage> {
  const stage = await setStage(context, transport);
  let lines: readonly LogLine[] = [];
  for (let i = 0; i < more; i++)
    stage.vendors.telemetry.addLog({
      atMs: stage.request.toMs - 8_000 + Math.floor((8_000 * i) / more),
      node: 'prod-1',
      category: 'shop',
      text: `INFO more ${i}`,
    });
  return {
    vendors: stage.vendors,
    async run() {
      const found = await read(stage);
      if (!found.result.ok) return { data: 'none', failure: found.result.failure };
      lines = [...lines, ...found.lines];
      if (lines.length === 0)
        return {
          data: 'none',
          failure: fail('no-data', `${vendor}, "app logs": no node said anything in the window.`).failure,
        };
      try {
        assertAllLines(lines, more);
        return { data: 'right' };
      } catch (error) {
        return { data: 'wrong', found: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}
