// Turns a template such as `order {order} took {ms:10-90} ms` into a line as the storefront writes it, with values that
// vary.
import type { Random } from './random.ts';

export type Level = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** What one log statement of the storefront looks like. */
export interface LogStatement {
  readonly level: Level;
  readonly logger: string;
  /** Name of the thread pool; the thread's number varies. */
  readonly thread: string;
  readonly message: string;
  /** Stack trace: `at` frames and `Caused by:` lines, without indentation. */
  readonly trace?: readonly string[];
}

const regions = ['eu-west', 'eu-north', 'us-east', 'ap-south'];
const words = {
  region: regions,
  provider: ['klarna', 'adyen', 'paypal', 'stripe'],
  currency: ['EUR', 'SEK', 'GBP', 'USD', 'PLN', 'CHF'],
  country: ['DE', 'SE', 'FR', 'PL', 'NL', 'AT', 'GB'],
  path: [
    '/',
    '/p/sofa',
    '/p/lamp',
    '/cart',
    '/search',
    '/checkout',
    '/account/orders',
    '/api/v2/prices',
    '/api/v2/stock',
  ],
  cache: ['price', 'product', 'stock', 'session', 'category'],
  query: ['findStockBySku', 'loadCart', 'listOrders', 'findPriceRules', 'searchFacets'],
  carrier: ['dhl', 'ups', 'postnord', 'dpd'],
  coupon: ['WELCOME10', 'SUMMER26', 'VIP', 'FREESHIP', 'BLACKWEEK'],
  browser: ['Chrome', 'Safari', 'Firefox', 'Edge'],
} as const satisfies Record<string, readonly string[]>;

const values: Readonly<Record<string, (random: Random, low: number, high: number) => string | number>> = {
  order: random => random.whole(88_000_000, 89_999_999),
  customer: random => random.whole(100_000, 999_999),
  sku: random => `${random.whole(10, 99)}-${random.whole(1000, 9999)}`,
  warehouse: random => `${random.pick(['DE', 'SE', 'PL', 'NL'])}-0${random.whole(1, 9)}`,
  uuid: random => hexadecimal(random, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  hex: (random, length) => hexadecimal(random, length || 8),
  ip: random => `10.${random.whole(12, 19)}.${random.whole(0, 255)}.${random.whole(1, 254)}`,
  money: random => `${random.whole(4, 899)}.${String(random.whole(0, 99)).padStart(2, '0')}`,
  key: random =>
    `${random.pick(words.cache)}:${random.pick(regions)}:${random.whole(10, 99)}-${random.whole(1000, 9999)}`,
  int: (random, low, high) => random.whole(low, high),
  ms: (random, low, high) => Math.round(low * (high / low) ** random.next()),
  date: random =>
    `2026-${String(random.whole(1, 12)).padStart(2, '0')}-${String(random.whole(1, 28)).padStart(2, '0')}`,
  ...Object.fromEntries(
    Object.entries(words).map(([name, list]) => [name, (random: Random) => random.pick<string>(list)]),
  ),
};

const placeholder = /\{([a-z]+)(?::(\d+)(?:-(\d+))?)?\}/g;

type Part = string | ((random: Random) => string | number);
const prepared = new Map<string, readonly Part[]>();

/** Replaces `{name}`, `{name:N}` and `{name:LOW-HIGH}`; an unknown name is a mistake in the catalogue. */
export function fillIn(template: string, random: Random): string {
  let parts = prepared.get(template);
  if (!parts) prepared.set(template, (parts = prepare(template)));
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : part(random);
  return text;
}

function prepare(template: string): readonly Part[] {
  const parts: Part[] = [];
  let done = 0;
  for (const match of template.matchAll(placeholder)) {
    const [whole, name = '', low = '0', high = low] = match;
    const value = values[name];
    if (!value) throw new Error(`The template "${template}" uses ${whole}, which is no known value.`);
    parts.push(template.slice(done, match.index), random => value(random, Number(low), Number(high)));
    done = match.index + whole.length;
  }
  return [...parts, template.slice(done)];
}

/** `2026-11-23 14:02:11.482 WARN  [checkout-7] c.s.checkout.CheckoutFlow - ...`, with the trace on lines of its own. */
export function writeLine(statement: LogStatement, atMs: number, random: Random): string {
  const time = new Date(Math.floor(atMs)).toISOString().slice(0, 23).replace('T', ' ');
  const thread = statement.thread === 'main' ? 'main' : `${statement.thread}-${random.whole(1, 16)}`;
  const first =
    `${time} ${statement.level.padEnd(5)} [${thread}] ` + `${statement.logger} - ${fillIn(statement.message, random)}`;
  return [first, ...(statement.trace ?? []).map(line => indent(fillIn(line, random)))].join('\n');
}

/** The words of a statement that never vary, without level and logger. */
export function constantWords(statement: LogStatement): ReadonlySet<string> {
  const text = [statement.message, ...(statement.trace ?? [])].join(' ').replace(placeholder, ' ');
  return new Set(text.match(/[A-Za-z]{3,}/g) ?? []);
}

function indent(line: string): string {
  return line.startsWith('at ') || line.startsWith('... ') ? `\t${line}` : line;
}

function hexadecimal(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += random.whole(0, 0xffff_ffff).toString(16).padStart(8, '0');
  return text.slice(0, length);
}
