// Logs that name their columns in a line of their own: W3C extended (IIS, CloudFront) and Zeek.
import { requestOf } from './accessLog.ts';
import type { Reading } from './reading.ts';
import { severityOfStatus } from '../text/severity.ts';

/**
 * Which column of a line holds what; -1 where none does. w3.org/TR/WD-logfile, docs.zeek.org/en/master/log-formats.html
 */
export interface Columns {
  readonly count: number;
  readonly method: number;
  readonly path: number;
  readonly status: number;
  readonly separator: RegExp;
}

const mostColumns = 200;

/** The columns that a `#Fields:` line names; undefined for any other line. */
export function readW3cFields(text: string): Columns | undefined {
  const found = /^#[Ff]ields:?\s(.{1,4000})/.exec(text);
  if (!found) return undefined;
  const isTabbed = text.includes('\t'),
    names = found[1]!.trim().split(isTabbed ? '\t' : /\s+/, mostColumns);
  const at = (...wanted: readonly string[]): number => names.findIndex(name => wanted.includes(name));
  return {
    count: names.length,
    method: at('cs-method', 'method'),
    path: at('cs-uri-stem', 'uri'),
    status: at('sc-status', 'status_code'),
    separator: isTabbed ? /\t/ : /\s+/,
  };
}

/** The request that a line tells of by its columns; undefined where it has others. */
export function requestOfColumns(
  text: string,
  { count, method, path, status, separator }: Columns,
): Reading | undefined {
  if (status < 0 || text[0] === '#') return undefined;
  const values = text.trimEnd().split(separator, mostColumns);
  if (values.length !== count) return undefined;
  const request = requestOf(values[method] ?? '', values[path] ?? '', Number(values[status]));
  return request && { text: '', level: severityOfStatus(request.status), logger: '', request };
}
