// What those who hand lines on put before them, found in the bytes of a line: the container runtime's prefix and
// syslog's priority.

import { readStructured } from './structured.ts';

/**
 * `2016-10-06T00:17:09.669794202Z stdout F `, the format of the Container Runtime Interface
 * (github.com/kubernetes/design-proposals-archive, kubelet-cri-logging.md).
 */
const streams = ['stdout ', 'stderr '].map(name => Uint8Array.from(name, letter => letter.charCodeAt(0)));
const longestTime = 40;

/**
 * Where the line inside begins; 0 where there is no such prefix, negative where what is inside goes on in the next
 * line.
 */
export function endOfRuntimePrefix(bytes: Uint8Array, from: number): number {
  if (bytes[from + 4] !== 45 || bytes[from + 10] !== 84 || bytes[from + 13] !== 58) return 0;
  let at = from + 19;
  while (bytes[at] !== 32) if (bytes[at] === undefined || bytes[at]! < 32 || ++at > from + longestTime) return 0;
  at++;
  if (!streams.some(name => name.every((code, i) => bytes[at + i] === code))) return 0;
  const tag = bytes[at + 7];
  if ((tag !== 70 && tag !== 80) || (bytes[at + 8] !== 32 && bytes[at + 8] !== 58 && bytes[at + 8] !== 10)) return 0;
  let next = at + 8;
  // Tags may follow one another between colons.
  while (bytes[next] !== 32 && bytes[next] !== 10) next++;
  const start = bytes[next] === 10 ? next : next + 1;
  return tag === 80 ? -start : start;
}

/**
 * The prefixes of tools that show the lines of several programs together: service, pod or process. Sources:
 * docs.docker.com/reference/cli/docker/compose/logs, kubernetes.io/docs/reference/kubectl (`logs --prefix`),
 * github.com/ddollar/foreman, pm2.keymetrics.io/docs/usage/log-management.
 */
const collectors: readonly RegExp[] = [
  // docker compose: `web-1  | message`
  /^[\w.-]{1,60}[-_]\d{1,3} {1,40}\| /,
  // kubectl: `[pod/web-7c9d5/app] message`
  /^\[pod\/[\w.-]{1,253}\/[\w.-]{1,63}\] /,
  // foreman: `10:00:00 web.1  | message`
  /^\d\d:\d\d:\d\d [\w-]{1,40}\.\d{1,3} {1,40}\| /,
  // pm2: `0|shop  | message`
  /^\d{1,4}\|[\w.-]{1,60} {0,40}\| /,
];

const collectedShare = 0.9;

/** The prefix of the tool that nearly every line of the sample comes from, if any. */
export function findCollector(sample: readonly string[]): RegExp | undefined {
  return collectors.find(
    pattern => sample.filter(line => pattern.test(line)).length >= Math.max(2, collectedShare * sample.length),
  );
}

/**
 * A priority between angle brackets, at the very beginning: RFC 3164 and 5424, and sd-daemon(3) and the kernel's `<3>`.
 */
export interface Priority {
  /** Facility times 8 and severity; -1 where there is none. */
  value: number;
  /** Where the line inside begins: RFC 5424's is read with what stands before its version. */
  start: number;
}

const mostDigits = 3;

export function readPriority(bytes: Uint8Array, from: number, priority: Priority): void {
  priority.value = -1;
  let at = from + 1,
    value = 0;
  for (; at <= from + mostDigits && bytes[at]! >= 48 && bytes[at]! <= 57; at++) value = value * 10 + bytes[at]! - 48;
  if (at === from + 1 || bytes[at] !== 62 || value > 191) return;
  priority.value = value;
  const isVersioned = bytes[at + 1] === 49 && bytes[at + 2] === 32;
  priority.start = isVersioned ? from : at + 1;
}

const runtimePrefix = /^\d{4}-\d\d-\d\dT\d\d:\S{1,30} (?:stdout|stderr) [FP]\S* /,
  priorityPrefix = /^<\d{1,3}>(?!1 )/,
  /** The keys of what hands lines on (`isHandedOn`), or a character by its number, which may be one of theirs. */
  mayHandOn = /"(?:log|MESSAGE)"|\\u/;

/** The line that a program wrote, for learning how it writes; undefined for an object, whose fields say all. */
export function unwrapped(text: string, collector: RegExp | undefined): string | undefined {
  const line = (collector ? text.replace(collector, '') : text).replace(runtimePrefix, '').replace(priorityPrefix, '');
  if (!line.startsWith('{')) return line;
  if (!mayHandOn.test(line)) return undefined;
  const [reading] = readStructured(line) ?? [];
  return reading?.isHandedOn ? reading.text.split('\n', 1)[0] : undefined;
}
