// What every adapter must come through: each fault at each step of its work, once and for good, in one table of how it
// ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Fault, Vendor } from '../../../src/demo/faults/fault.ts';
import { listen } from '../../../src/demo/servers/httpServer.ts';
import type { Failure } from '../../../src/model/failure.ts';
import { secretValues } from './vendors.ts';
import type { Transport, Vendors } from './vendors.ts';

/**
 * One request of the adapter's work. `match`: a text that its method and path, or its body, hold and no other step's
 * do.
 */
export interface Step {
  readonly name: string;
  readonly match: string;
  /** A text that only other steps' hold. */
  readonly unless?: string;
  /** False: it may have been done although the answer got lost, so it is not asked again on a doubt. Default true. */
  readonly repeatable?: boolean;
}

/** What one run of the adapter's whole work came to. `none`: "could not measure", with its cause. */
export type Ending =
  | { readonly data: 'right' }
  | { readonly data: 'wrong'; readonly found: string }
  | { readonly data: 'none'; readonly failure: Failure };

export interface MatrixStage {
  readonly vendors: Vendors;
  /** Faults that stand in every row, such as a slow query, so that there is progress to ask for. */
  readonly faults?: readonly Fault[];
  run(): Promise<Ending>;
  /** What else was said or kept beside the ending, such as a log or a store: credentials are searched for in it. */
  said?(): unknown;
}

export interface MatrixPlan {
  readonly title: string;
  readonly vendor: Vendor;
  readonly steps: readonly Step[];
  /** Sets the stage anew; the work has not begun. */
  start(context: TestContext, transport: Transport): Promise<MatrixStage>;
  /** What every failure's message must name. */
  readonly names: RegExp;
  /** How this vendor alone fails a request, met at every step. */
  readonly atSteps?: readonly MatrixFault[];
  readonly data: DataRows | ShownElsewhere;
  /** Faults of this vendor alone that belong to no step. */
  readonly more?: readonly MatrixFault[];
}

/** What may be wrong with the data however well every request is answered: a row of every adapter. */
const dataFaults = [
  'vendor clock 5 min ahead',
  'vendor clock 5 min behind',
  'node clocks 5 min ahead',
  'node clocks 5 min behind',
  'delivered twice',
  'delivered late',
  'ten times the page',
] as const;
type DataRows = Readonly<Record<(typeof dataFaults)[number], Omit<MatrixFault, 'name'> | NoMeaning>>;
/** Why it cannot happen to this adapter. */
interface NoMeaning {
  readonly noMeaning: string;
}
/** The title of the plan whose table has these rows: this one is another part of the same work. */
interface ShownElsewhere {
  readonly shownIn: string;
}

export interface MatrixFault {
  readonly name: string;
  readonly faults: readonly Fault[];
  /** Met once, at a repeatable step, it costs time and no data. */
  readonly passes: boolean;
  /** Hours of waiting belong on the virtual clock, bytes on the wire over sockets. Default: over sockets. */
  readonly transport?: Transport;
  /** The work is done once more when the fault is gone, as the next look does; what both brought counts. */
  readonly again?: boolean;
  /** A stage of its own, such as one with ten times the data. */
  readonly start?: MatrixPlan['start'];
}

const statuses: readonly (readonly [status: number, passes: boolean])[] = [
  [400, false],
  [401, false],
  [403, false],
  [404, false],
  [405, false],
  [408, true],
  [409, false],
  [415, false],
  [429, true],
  [500, true],
  [502, true],
  [503, true],
  [504, true],
];

/** `elsewhere`: address of a server that no request may ever reach. */
function requestFaults(elsewhere: string): readonly MatrixFault[] {
  return [
    ...statuses.map(([status, passes]): MatrixFault => ({
      name: `HTTP ${status}`,
      faults: [{ kind: 'status', status }],
      passes,
    })),
    { name: 'HTTP 429, Retry-After 3 s', faults: [{ kind: 'status', status: 429, retryAfterSec: 3 }], passes: true },
    { name: 'no answer', faults: [{ kind: 'hang' }], passes: true, transport: 'in process' },
    { name: 'slow drip', faults: [{ kind: 'drip', bytesPerSec: 1 }], passes: true, transport: 'in process' },
    { name: 'dropped connection', faults: [{ kind: 'drop' }], passes: true },
    { name: 'done, its answer lost', faults: [{ kind: 'lostAnswer' }], passes: true },
    { name: 'truncated answer', faults: [{ kind: 'malformed' }], passes: true },
    { name: 'wrong content type', faults: [{ kind: 'contentType', value: 'text/plain' }], passes: true },
    { name: 'a page of HTML', faults: [{ kind: 'page' }], passes: true },
    ...[301, 302, 307].map((status): MatrixFault => ({
      name: `HTTP ${status} to another host`,
      faults: [{ kind: 'redirect', to: elsewhere, status }],
      passes: false,
    })),
  ];
}

interface Row {
  readonly step: string;
  readonly fault: string;
  readonly once: string;
  readonly always: string;
  readonly complaints: readonly string[];
}

/**
 * Registers the test: every cell is right data or "could not measure" with its cause, and no credential is found
 * anywhere.
 */
export function testFaultMatrix(plan: MatrixPlan): void {
  test(`${plan.title}: every fault at every step ends in right data or in "could not measure"`, async context => {
    const strays: string[] = [];
    const elsewhere = await listen(request => {
      strays.push(JSON.stringify(request));
      return Promise.resolve({ status: 200, headers: {}, body: '{}' });
    });
    context.after(() => elsewhere.close());
    const rows: Row[] = [];
    for (const step of plan.steps)
      for (const fault of [...requestFaults(elsewhere.url), ...(plan.atSteps ?? [])])
        rows.push(await playRow(context, plan, fault, step));
    for (const fault of dataFaults) rows.push(await playDataRow(context, plan, fault));
    for (const fault of plan.more ?? []) rows.push(await playRow(context, plan, fault));
    const table = writeTable(rows).replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'http://vendor');
    for (const line of table.split('\n')) context.diagnostic(line);
    assert.deepEqual(
      rows.flatMap(row => row.complaints),
      [],
    );
    assert.deepEqual(strays, [], 'a request went to another host');
  });
}

async function playRow(context: TestContext, plan: MatrixPlan, fault: MatrixFault, step?: Step): Promise<Row> {
  const atStep = (one: Fault): Fault =>
    step ? { ...one, match: step.match, ...(step.unless !== undefined && { unless: step.unless }) } : one;
  const once = await play(
    context,
    plan,
    fault,
    fault.faults.map(one => (step ? { ...atStep(one), times: 1 } : one)),
  );
  const always = step ? await play(context, plan, fault, fault.faults.map(atStep)) : undefined;
  const name = `${step?.name ?? 'data'}, ${fault.name}`;
  const mustPass = fault.passes && (step?.repeatable ?? true);
  return {
    step: step?.name ?? 'data',
    fault: fault.name,
    once: once.cell,
    always: always?.cell ?? '',
    complaints: [
      ...[once, always].flatMap(cell => cell?.complaints.map(complaint => `${name}: ${complaint}`) ?? []),
      ...(mustPass && once.data !== 'right' ? [`${name}: met once, it should have cost only time; ${once.cell}`] : []),
    ],
  };
}

function playDataRow(context: TestContext, plan: MatrixPlan, name: (typeof dataFaults)[number]): Row | Promise<Row> {
  const row = 'shownIn' in plan.data ? `see "${plan.data.shownIn}"` : plan.data[name];
  if (typeof row !== 'string' && !('noMeaning' in row)) return playRow(context, plan, { name, ...row });
  return {
    step: 'data',
    fault: name,
    once: typeof row === 'string' ? row : `no meaning: ${row.noMeaning}`,
    always: '',
    complaints: [],
  };
}

async function play(
  context: TestContext,
  plan: MatrixPlan,
  { transport = 'over sockets', again = false, start = plan.start }: MatrixFault,
  faults: readonly Fault[],
) {
  const stage = await start(context, transport);
  stage.vendors.fail(...faults, ...(stage.faults ?? []));
  const startMs = stage.vendors.clock.now();
  let ending = await stage.vendors.clock.drive(stage.run());
  if (again) {
    stage.vendors.fail();
    ending = await stage.vendors.clock.drive(stage.run());
  }
  const tookMs = stage.vendors.clock.now() - startMs;
  const complaints = findSecrets({ ending, said: stage.said?.(), requests: stage.vendors.requests }).map(
    secret => `a credential is told: ${secret.slice(0, 4)}...`,
  );
  if (ending.data === 'wrong') complaints.push(`wrong data: ${ending.found}`);
  if (ending.data === 'none' && !plan.names.test(ending.failure.message))
    complaints.push(`the failure does not say what failed: ${ending.failure.message}`);
  return { data: ending.data, cell: writeEnding(ending, tookMs), complaints };
}

/** The credentials that stand in what was said, plain, base64 or percent-encoded. */
export function findSecrets(said: unknown): readonly string[] {
  const text = typeof said === 'string' ? said : (JSON.stringify(said) ?? '');
  return secretValues.filter(secret =>
    [secret, Buffer.from(secret).toString('base64').slice(0, -4), encodeURIComponent(secret)].some(form =>
      text.includes(form),
    ),
  );
}

function writeEnding(ending: Ending, tookMs: number): string {
  const after = tookMs > 0 ? ` after ${(tookMs / 1000).toFixed(1)} s` : '';
  switch (ending.data) {
    case 'right':
      return `right data${after}`;
    case 'wrong':
      return `WRONG DATA${after}`;
    case 'none':
      return `could not measure${after} (${ending.failure.kind}): ${ending.failure.message}`;
    default:
      throw ending satisfies never;
  }
}

function writeTable(rows: readonly Row[]): string {
  const columns = ['step', 'fault', 'once', 'always'] as const;
  const heads = { step: 'step', fault: 'fault', once: 'met once', always: 'for good' };
  const widths = columns.map(column => Math.max(heads[column].length, ...rows.map(row => row[column].length)));
  return [heads, ...rows]
    .map(row =>
      columns
        .map((column, index) => row[column].padEnd(widths[index]!))
        .join(' | ')
        .trimEnd(),
    )
    .join('\n');
}
