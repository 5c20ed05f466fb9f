// Reads a specification of faults: the kinds that each vendor supports, and the members of each kind.
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Fault, FaultKind, Vendor } from './fault.ts';

const common: readonly FaultKind[] = [
  'status',
  'malformed',
  'slow',
  'hang',
  'drip',
  'contentType',
  'page',
  'redirect',
  'drop',
  'lostAnswer',
  'down',
  'authFlap',
];
const stored: readonly FaultKind[] = ['lateData', 'skew', 'vendorClock', 'duplicates', 'noData'];
const kindsOf: Readonly<Record<Vendor, readonly FaultKind[]>> = {
  newRelic: [...common, 'graphqlErrors', 'slowQuery', 'numericQueryIds', 'olderSchema', ...stored],
  sumoLogic: [
    ...common,
    'expireJob',
    'loseCookie',
    'shortPages',
    'wrongDeployment',
    'incompleteMetrics',
    'warning',
    ...stored,
  ],
  jenkins: [...common, 'lateData', 'vendorClock', 'duplicates'],
  other: [...common, ...stored],
};

/** Fails with the first mistake in it. */
export function checkSpecification(specification: unknown): Result<Record<Vendor, readonly Fault[]>> {
  if (!isObject(specification))
    return invalid('faults', 'an object like {"newRelic": [{"kind": "status", "status": 429}]}', specification);
  const checked: Record<Vendor, Fault[]> = { newRelic: [], sumoLogic: [], jenkins: [], other: [] };
  for (const [vendor, list] of Object.entries(specification)) {
    if (!Object.hasOwn(kindsOf, vendor))
      return fail('invalid', `faults: unknown vendor '${vendor}'; allowed: ${Object.keys(kindsOf).join(', ')}`);
    if (!Array.isArray(list)) return invalid(`faults.${vendor}`, 'a list of faults', list);
    for (const [index, fault] of list.entries()) {
      const problem = checkFault(vendor as Vendor, `faults.${vendor}[${index}]`, fault);
      if (problem) return problem;
      checked[vendor as Vendor].push(fault as Fault);
    }
  }
  return succeed(checked);
}

type Check = { readonly test: (value: unknown) => boolean; readonly wanted: string; readonly required?: boolean };
const positiveWhole: Check = {
  test: value => Number.isInteger(value) && (value as number) > 0,
  wanted: 'a whole number above 0',
};
const notNegative: Check = {
  test: value => Number.isFinite(value) && (value as number) >= 0,
  wanted: 'a number, 0 or more',
};
const text: Check = { test: value => typeof value === 'string' && value !== '', wanted: 'a text' };
const texts: Check = { test: value => Array.isArray(value) && value.every(text.test), wanted: 'a list of node names' };
const errorStatus: Check = {
  test: value => Number.isInteger(value) && (value as number) >= 400 && (value as number) <= 599,
  wanted: 'an HTTP status from 400 to 599',
};
const required = (check: Check): Check => ({ ...check, required: true });

const number: Check = { test: value => Number.isFinite(value), wanted: 'a number' };
const share: Check = {
  test: value => Number.isFinite(value) && (value as number) > 0 && (value as number) <= 1,
  wanted: 'a share above 0, up to 1',
};
const redirectStatus: Check = {
  test: value => [301, 302, 303, 307, 308].includes(value as number),
  wanted: '301, 302, 303, 307 or 308',
};
const localServer: Check = {
  test: value => typeof value === 'string' && /^http:\/\/(127\.0\.0\.1|localhost):\d+$/.test(value),
  wanted: 'a server of this machine, like http://127.0.0.1:8080',
};
const ofRequests = { times: positiveWhole, match: text, unless: text, share };

const membersOf: Readonly<Record<FaultKind, Readonly<Record<string, Check>>>> = {
  status: { status: required(errorStatus), retryAfterSec: notNegative, ...ofRequests },
  graphqlErrors: { errorClass: required(text), message: text, ...ofRequests },
  malformed: ofRequests,
  slow: { delayMs: required(notNegative), ...ofRequests },
  hang: ofRequests,
  drip: { bytesPerSec: required(positiveWhole), ...ofRequests },
  contentType: { value: required(text), ...ofRequests },
  page: ofRequests,
  redirect: { to: required(localServer), status: redirectStatus, ...ofRequests },
  drop: ofRequests,
  lostAnswer: ofRequests,
  down: ofRequests,
  authFlap: ofRequests,
  slowQuery: { durationMs: required(notNegative), ...ofRequests },
  numericQueryIds: ofRequests,
  olderSchema: ofRequests,
  expireJob: ofRequests,
  loseCookie: ofRequests,
  shortPages: { rows: required(positiveWhole), ...ofRequests },
  wrongDeployment: ofRequests,
  incompleteMetrics: ofRequests,
  warning: { message: required(text), ...ofRequests },
  lateData: { seconds: required(notNegative) },
  skew: { seconds: required(number) },
  vendorClock: { seconds: required(number) },
  duplicates: {},
  noData: { nodes: texts, fromMs: notNegative },
};

function checkFault(vendor: Vendor, at: string, fault: unknown): ReturnType<typeof fail> | undefined {
  if (!isObject(fault)) return invalid(at, 'an object with a kind', fault);
  const kind = kindsOf[vendor].find(known => known === fault['kind']);
  if (!kind) return invalid(`${at}.kind`, `one of ${kindsOf[vendor].join(', ')}`, fault['kind']);
  const checks = membersOf[kind];
  for (const [member, value] of Object.entries(fault)) {
    if (member === 'kind') continue;
    if (!Object.hasOwn(checks, member))
      return fail(
        'invalid',
        `${at}: '${member}' is not a member of ${kind}; allowed: ${Object.keys(checks).join(', ')}`,
      );
    if (!checks[member]!.test(value)) return invalid(`${at}.${member}`, checks[member]!.wanted, value);
  }
  const missing = Object.entries(checks).find(([member, check]) => check.required && !Object.hasOwn(fault, member));
  return missing && invalid(`${at}.${missing[0]}`, missing[1].wanted, undefined);
}

function invalid(at: string, wanted: string, found: unknown): ReturnType<typeof fail> {
  return fail(
    'invalid',
    `${at}: expected ${wanted}, found ${found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 80)}`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
