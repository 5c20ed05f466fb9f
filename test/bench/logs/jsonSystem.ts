// A program that logs objects, as pino does: some dozen statements, most of them of every request, each with values of
// its own.
import { createDraw } from './redraw.ts';

type Draw = (below: number) => number;
type Statement = (draw: Draw) => Readonly<Record<string, unknown>>;

const hex = (draw: Draw, digits: number): string =>
  Array.from({ length: digits }, () => draw(16).toString(16)).join('');
const name = (draw: Draw): string => ['amber', 'birch', 'cedar', 'dune', 'elm', 'fjord'][draw(6)]!;
const address = (draw: Draw): string => `10.${draw(8)}.${draw(256)}.${draw(256)}`;

/** How often a statement is written beside what it writes. */
const statements: readonly (readonly [share: number, level: number, write: Statement])[] = [
  [
    30,
    30,
    draw => ({
      req: {
        id: hex(draw, 16),
        method: 'GET',
        url: `/api/items/${draw(100_000)}?page=${draw(40)}`,
        remoteAddress: address(draw),
      },
      res: { statusCode: 200 },
      responseTime: draw(900),
      msg: 'request completed',
    }),
  ],
  [
    20,
    30,
    draw => ({
      reqId: hex(draw, 16),
      userId: draw(1e6),
      cart: { items: draw(12), total: draw(1e5) / 100 },
      msg: 'cart priced',
    }),
  ],
  [10, 20, draw => ({ key: `session:${hex(draw, 24)}`, ttl: draw(3600), hit: draw(2) === 0, msg: 'cache lookup' })],
  [
    10,
    30,
    draw => ({ topic: `orders.${name(draw)}`, partition: draw(24), offset: draw(1e9), msg: 'message consumed' }),
  ],
  [
    8,
    30,
    draw => ({ msg: `order ${draw(1e7)} placed by customer ${draw(1e6)} for ${(draw(1e6) / 100).toFixed(2)} EUR` }),
  ],
  [
    6,
    30,
    draw => ({
      query: 'select * from stock where sku = $1',
      rows: draw(50),
      durationMs: draw(200),
      msg: 'query finished',
    }),
  ],
  [5, 30, draw => ({ job: `reindex-${name(draw)}`, took: draw(60_000), msg: 'job finished' })],
  [4, 40, draw => ({ provider: name(draw), attempt: 1 + draw(3), delay: draw(5000), msg: 'provider slow, retrying' })],
  [3, 30, draw => ({ heap: { used: draw(2e9), total: 2e9 }, uptime: draw(1e6), msg: 'heartbeat' })],
  [
    2,
    30,
    draw => ({
      trace_id: hex(draw, 32),
      span_id: hex(draw, 16),
      msg: `stock of ${name(draw)}-${draw(999)} reserved until ${draw(1e6)}`,
    }),
  ],
  [
    1,
    50,
    draw => ({
      err: { type: 'Error', message: `socket hang up at ${address(draw)}`, code: 'ECONNRESET' },
      msg: 'payment call failed',
    }),
  ],
  [1, 40, draw => ({ limit: 1000, used: draw(1000), client: address(draw), msg: 'rate limit nearly reached' })],
];

export function writeObjects(count: number): readonly string[] {
  const draw = createDraw(),
    whole = statements.reduce((sum, [share]) => sum + share, 0);
  return Array.from({ length: count }, (_, i) => {
    let left = draw(whole);
    const [, level, write] = statements.find(([share]) => (left -= share) < 0)!;
    return JSON.stringify({
      level,
      time: 1_700_000_000_000 + i * 3,
      pid: 41,
      hostname: `web-${draw(4)}`,
      ...write(draw),
    });
  });
}
