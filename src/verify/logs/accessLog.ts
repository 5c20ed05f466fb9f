// Lines of a web server's access log (Common and Combined Log Format): what was asked for, and how the answer was. The rest differs from line to line.
import type { Severity } from '../../model/evidence.ts';
import { hole } from './tokens.ts';

export interface WebRequest {
  readonly method: string;
  /** What the application names; parts that differ from request to request are holes. */
  readonly path: string;
  /** `2xx` to `5xx`. */
  readonly status: string;
}

const accessLine =
  /^(?:\S+ )?\S+ \S+ \S+ \[[^\]]{10,40}\] "([A-Z]{3,10}) (\S{1,4000})(?: HTTP\/[\d.]+)?" ([1-5])\d\d (?:\d+|-)(?:\s|$)/;
const leastShare = 0.3;

/** Whether a source's lines are, for a good part, those of an access log. */
export function isAccessLog(sample: readonly string[]): boolean {
  return sample.filter(line => accessLine.test(line)).length >= Math.max(1, leastShare * sample.length);
}

/** Undefined for any other line. */
export function readAccess(text: string): WebRequest | undefined {
  const found = accessLine.exec(text);
  return found ? { method: found[1]!, path: pathOf(found[2]!), status: `${found[3]!}xx` } : undefined;
}

const mostParts = 6,
  longestPart = 32,
  version = /^v\d{1,2}$/;

/** `/items/17/photo.4f2a.jpg?size=2` is `/items/<*>/<*>.jpg`. */
function pathOf(target: string): string {
  const parts = target.replace(/[?#].*$/, '').split('/');
  const named = parts.slice(0, mostParts).map((part, index) => {
    if (version.test(part) || (part.length <= longestPart && !/[\d%<>]/.test(part))) return part;
    const [, ending = ''] = index === parts.length - 1 ? (/(\.[a-z]{2,5})$/.exec(part) ?? []) : [];
    return `${hole}${ending}`;
  });
  return parts.length > mostParts ? [...named, hole].join('/') : named.join('/');
}

/** Only the server's own failure is an error: anybody may ask for what is not there. */
export function severityOfStatus(status: string): Severity {
  return status === '5xx' ? 'error' : 'info';
}
