// What Sumo Logic's SDK for Python sends, and what it reads of the answers: its cookies, its empty parameters, its
// texts for booleans, its own way to page and to poll.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestContext } from 'node:test';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import type { Faults } from '../../../src/demo/faults/faults.ts';
import { listen } from '../../../src/demo/servers/httpServer.ts';
import type { DemoServers } from '../../../src/demo/servers/demoServers.ts';
import { createSumoLogicServer, vendorLimits } from '../../../src/demo/sumoLogic/server.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';
import { startDemoProgram } from '../demoServers.ts';

let servers: DemoServers;
const cleanups: (() => unknown)[] = [];
before(async () => {
  servers = await startDemoProgram({
    after: work => {
      cleanups.push(work as () => unknown);
    },
  });
});
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

type Params = Readonly<Record<string, string | number | null>>;
interface Page {
  readonly fields: readonly { readonly name: string }[];
  readonly messages: readonly { readonly map: Readonly<Record<string, string>> }[];
  readonly records: readonly { readonly map: Readonly<Record<string, string>> }[];
}
interface Status {
  readonly state: string;
  readonly messageCount: number;
  readonly recordCount: number;
  readonly pendingErrors: readonly string[];
}

/**
 * As the SDK's session: one jar of cookies for everything, the same headers on every request, parameters without a
 * value left out, redirects followed as `requests` does.
 */
function openSession({ endpoint, accessId, accessKey }: DemoServers['sumoLogic']) {
  const jar = new Map<string, string>();
  let refused = 0;
  async function once(method: string, url: string, data?: unknown): Promise<Response> {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      ...(data !== undefined && { body: JSON.stringify(data) }),
      headers: {
        Authorization: `Basic ${Buffer.from(`${accessId}:${accessKey}`).toString('base64')}`,
        'content-type': 'application/json',
        accept: 'application/json',
        'User-Agent': 'python-requests/2.28.1',
        'Accept-Encoding': 'gzip, deflate',
        ...(jar.size > 0 && { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      jar.set(name!, value!);
    }
    if (response.status !== 301) return response;
    // `requests` repeats a GET, and turns a POST into one.
    return once('GET', response.headers.get('location')!);
  }
  /** 429 and failures of the server are asked again, ten times at most, each after a longer wait. */
  async function call(
    method: string,
    path: string,
    { params = {}, data }: { readonly params?: Params; readonly data?: unknown } = {},
  ): Promise<Response> {
    const given = Object.entries(params)
      .filter(([, value]) => value !== null)
      .map(([name, value]): [string, string] => [name, String(value)]);
    const url = `${endpoint}${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`;
    for (let tries = 1; ; tries++) {
      const response = await once(method, url, data);
      if (response.ok || tries === 10 || (response.status !== 429 && response.status < 500)) return response;
      refused += 1;
      await new Promise(resolve => {
        setTimeout(resolve, 125 * 2 ** (tries - 1));
      });
    }
  }
  const json = async <T>(response: Response): Promise<T> => {
    assert.ok(response.ok, `${response.status} ${await response.clone().text()}`);
    return (await response.json()) as T;
  };
  return {
    call,
    refusedSoFar: () => refused,
    createJob: async (data: object) =>
      json<{ readonly id: string; readonly link: unknown }>(await call('POST', '/v1/search/jobs', { data })),
    status: async (id: string) => json<Status>(await call('GET', `/v1/search/jobs/${id}`)),
    page: async (id: string, kind: 'messages' | 'records', params: Params) =>
      json<Page>(await call('GET', `/v1/search/jobs/${id}/${kind}`, { params })),
    remove: async (id: string) => json<unknown>(await call('DELETE', `/v1/search/jobs/${id}`)),
    get: async <T>(path: string, params: Params = {}) => json<T>(await call('GET', path, { params })),
    post: async <T>(path: string, data: unknown) => json<T>(await call('POST', path, { data })),
  };
}
type Session = ReturnType<typeof openSession>;

/**
 * `search_job_messages_sync`: polls without a pause until it is done, and pages by ten thousand, once more than needed.
 */
async function readAll(
  session: Session,
  kind: 'messages' | 'records',
  job: object,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const { id } = await session.createJob(job);
  let status = await session.status(id);
  while (status.state !== 'DONE GATHERING RESULTS') {
    assert.notEqual(status.state, 'CANCELLED');
    status = await session.status(id);
  }
  assert.deepEqual(status.pendingErrors, []);
  const rows: Readonly<Record<string, string>>[] = [];
  const pages = Math.floor((kind === 'messages' ? status.messageCount : status.recordCount) / 10_000) + 1;
  for (let page = 0; page < pages; page++)
    rows.push(...(await session.page(id, kind, { limit: 10_000, offset: page * 10_000 }))[kind].map(({ map }) => map));
  assert.deepEqual(await session.remove(id), { id });
  return rows;
}

const lastMinutes = (): { readonly from: string; readonly to: string } => ({
  from: String(Date.now() - 4 * 60_000),
  to: String(Date.now() - 60_000),
});

test(
  "a search job as each of the SDK's versions creates it: " + 'no receipt time, null, and the name of a boolean',
  async context => {
    const { session } = await startServer(context),
      query = '_sourceCategory=prod/storefront';
    for (const more of [
      {},
      { byReceiptTime: null },
      { byReceiptTime: 'False' },
      { byReceiptTime: 'None' },
      { byReceiptTime: false, autoParsingMode: 'AutoParse' },
    ]) {
      assert.deepEqual(
        (await readAll(session, 'messages', { query, ...lastMinutes(), timeZone: 'UTC', ...more })).map(
          row => row['_raw'],
        ),
        ['INFO 2', 'INFO 1', 'INFO 0'],
        JSON.stringify(more),
      );
    }
  },
);

test(
  'messages come whole to a client that polls without a pause: it is refused for asking too often, waits, ' +
    'and comes through',
  { timeout: 60_000 },
  async () => {
    const session = openSession(servers.sumoLogic);
    const rows = await readAll(session, 'messages', {
      query: '_sourceCategory=prod/storefront',
      ...lastMinutes(),
      timeZone: 'UTC',
      byReceiptTime: null,
    });
    assert.ok(
      rows.length > 100 && session.refusedSoFar() > 0,
      `${rows.length} rows, ${session.refusedSoFar()} refusals`,
    );
    for (const row of rows)
      assert.ok(
        Object.values(row).every(value => typeof value === 'string') &&
          /^\d{13}$/.test(row['_messagetime']!) &&
          /^\d{13}$/.test(row['_receipttime']!),
        JSON.stringify(row),
      );
  },
);

test(
  'records are counted and paged alike, and a job without a limit for its page is refused by name',
  { timeout: 60_000 },
  async () => {
    const session = openSession(servers.sumoLogic),
      job = {
        query: '_sourceCategory=prod/storefront | count by _sourceHost',
        ...lastMinutes(),
        timeZone: 'America/Los_Angeles',
        byReceiptTime: 'False',
      };
    const rows = await readAll(session, 'records', job);
    assert.ok(rows.length > 1 && rows.every(row => Number(row['_count']) > 0), JSON.stringify(rows));
    const { id } = await session.createJob(job);
    // `search_job_messages(job)`: its limit is None, which is not sent.
    const refused = await session.call('GET', `/v1/search/jobs/${id}/messages`, { params: { limit: null, offset: 0 } });
    assert.deepEqual([refused.status, ((await refused.json()) as { code: string }).code], [400, 'limit.missing']);
  },
);

test(
  'the collectors are listed to their end, and each comes with the tag that an update needs',
  { timeout: 60_000 },
  async () => {
    const session = openSession(servers.sumoLogic);
    const names: string[] = [];
    let page: readonly { readonly id: number; readonly name: string }[];
    // `get_collectors_sync`: until a page is not full.
    do {
      page = (
        await session.get<{ readonly collectors: typeof page }>('/v1/collectors', { limit: 1, offset: names.length })
      ).collectors;
      names.push(...page.map(({ name }) => name));
    } while (page.length === 1);
    assert.deepEqual(names, ['storefront']);
    const {
      collectors: [first],
    } = await session.get<{ readonly collectors: typeof page }>('/v1/collectors', { limit: null, offset: null });
    const one = await session.call('GET', `/v1/collectors/${first!.id}`);
    assert.deepEqual(
      [((await one.json()) as { collector: { name: string } }).collector.name, one.headers.has('etag')],
      ['storefront', true],
    );
  },
);

test(
  'search_metrics: one query in the older form, with its points and what they come to',
  { timeout: 60_000 },
  async () => {
    const session = openSession(servers.sumoLogic),
      { from, to } = lastMinutes();
    type Results = {
      readonly error: boolean;
      readonly response: readonly {
        readonly rowId: string;
        readonly results: readonly {
          readonly metric: { readonly dimensions: readonly { readonly key: string; readonly value: string }[] };
          readonly horAggs: Readonly<Record<string, number>>;
          readonly datapoints: { readonly timestamp: readonly number[]; readonly value: readonly number[] };
        }[];
      }[];
    };
    const { error, response } = await session.post<Results>('/v1/metrics/results', {
      query: [{ query: 'metric=CPU_Total _sourceCategory=prod/storefront', rowId: 'A' }],
      startTime: Number(from),
      endTime: Number(to),
      requestedDataPoints: 600,
      maxDataPoints: 800,
    });
    assert.deepEqual([error, response.map(({ rowId }) => rowId)], [false, ['A']]);
    for (const {
      metric,
      horAggs,
      datapoints: { timestamp, value },
    } of response[0]!.results) {
      assert.ok(
        metric.dimensions.some(({ key, value: host }) => key === '_sourceHost' && host.startsWith('prod')) &&
          timestamp.length > 0 &&
          timestamp.length <= 300,
      );
      assert.deepEqual(
        [horAggs['count'], horAggs['latest'], horAggs['max'], timestamp.length],
        [value.length, value.at(-1), Math.max(...value), value.length],
      );
    }
    assert.ok(response[0]!.results.length > 1);
    const wrong = await session.post<Results & { readonly errorMessage: string }>('/v1/metrics/results', {
      query: [{ query: 'metric=(', rowId: 'A' }],
      startTime: Number(from),
      endTime: Number(to),
    });
    assert.deepEqual([wrong.error, wrong.response], [true, []]);
  },
);

/** A server of its own, whose faults and rate are ours. */
async function startServer(context: TestContext): Promise<{ readonly session: Session; readonly faults: Faults }> {
  const faults = createFaults(Date.now),
    telemetry = createTelemetry(),
    access = { accessId: 'suSDK', accessKey: 'sdkKEY' };
  const { url, close } = await listen(
    createSumoLogicServer({
      telemetry,
      now: Date.now,
      sleep: () => Promise.resolve(),
      faults,
      ...access,
      pace: { startMs: 0, gatherMs: 0 },
      limits: { ...vendorLimits, requestsPerSec: 1_000 },
    }).handle,
  );
  context.after(close);
  for (let i = 0; i < 3; i++)
    telemetry.addLog({
      atMs: Date.now() - 120_000 + i,
      node: 'prod-1',
      category: 'prod/storefront',
      text: `INFO ${i}`,
    });
  return { faults, session: openSession({ endpoint: `${url}/api`, ...access }) };
}

test("the session's one cookie serves all of its jobs", async context => {
  const { session } = await startServer(context),
    job = { query: '*', ...lastMinutes(), timeZone: 'UTC', byReceiptTime: 'False' };
  const { id } = await session.createJob(job),
    second = await session.createJob(job);
  assert.deepEqual(
    [(await session.status(id)).state, (await session.status(second.id)).state],
    ['DONE GATHERING RESULTS', 'DONE GATHERING RESULTS'],
  );
});

test(
  "a GET that is sent to the account's deployment arrives; " + 'a POST arrives as a GET, which is no search job',
  async context => {
    const { session, faults } = await startServer(context);
    faults.set({ sumoLogic: [{ kind: 'wrongDeployment', times: 1 }] });
    assert.equal(
      (await session.get<{ readonly collectors: readonly unknown[] }>('/v1/collectors')).collectors.length,
      1,
    );
    faults.set({ sumoLogic: [{ kind: 'wrongDeployment', times: 1 }] });
    assert.equal(
      (
        await session.call('POST', '/v1/search/jobs', {
          data: { query: '*', ...lastMinutes(), timeZone: 'UTC', byReceiptTime: null },
        })
      ).status,
      405,
    );
  },
);
