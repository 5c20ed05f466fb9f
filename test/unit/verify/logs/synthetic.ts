// A made-up service's log for the tests: templates of the test's own, seeded chance, nothing taken from real systems.
import type { LogLine } from '../../../../src/model/evidence/evidence.ts';

/** A seeded source of numbers in [0, 1) (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const statements = [
  'INFO  [worker-#] shop.cart.CartService - Added item # to cart # in # ms',
  'INFO  [worker-#] shop.cart.CartService - Removed item # from cart #',
  'DEBUG [worker-#] shop.price.Quotes - Quote for item # is # cents, tier gold',
  'INFO  [http-#] shop.web.Access - GET /api/items/# status=# took # ms',
  'WARN  [worker-#] shop.stock.Client - Slow answer from 10.0.#.#:80# after # ms',
  'ERROR [worker-#] shop.mail.Sender - Could not deliver message # to smtp#.mail.local',
  'INFO  [sched-#] shop.jobs.Nightly - Job reindex finished, # documents',
  'INFO  [worker-#] shop.login.Sessions - Session # opened for user alice',
];

export function stamp(atMs: number): string {
  return new Date(atMs).toISOString().replace('T', ' ').replace('Z', '');
}

export function fill(statement: string, random: () => number): string {
  return statement.replaceAll('#', () => String(Math.floor(random() * 9000) + 1));
}

export interface Traffic {
  readonly seed: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly nodes: readonly string[];
  readonly perNodeAndSecond: number;
  readonly burst?: number;
}

/** Ordinary lines, `burst` of the same statement at a time. */
export function ordinaryLines({ seed, fromMs, toMs, nodes, perNodeAndSecond, burst = 1 }: Traffic): LogLine[] {
  const random = seeded(seed),
    lines: LogLine[] = [];
  const count = Math.round((((toMs - fromMs) / 1000) * perNodeAndSecond) / burst);
  for (const node of nodes) {
    for (let i = 0; i < count; i++) {
      const atMs = fromMs + Math.floor(random() * (toMs - fromMs));
      const statement = statements[Math.min(statements.length - 1, Math.floor(random() ** 1.5 * statements.length))]!;
      const size = burst === 1 ? 1 : 1 + Math.floor(random() * (2 * burst - 1));
      for (let k = 0; k < size; k++)
        lines.push({
          atMs: atMs + k,
          node,
          text: `${stamp(atMs + k)} ${fill(statement, random)}`,
          id: `${node} ${seed} ${i} ${k}`,
        });
    }
  }
  return lines.sort((a, b) => a.atMs - b.atMs);
}

export const startMs = Date.UTC(2024, 4, 6, 12),
  minuteMs = 60_000;

export function nodeNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}-${i + 1}`);
}
