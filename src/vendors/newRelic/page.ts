// The address of New Relic's query builder with a query in it.
import { toBase64 } from '../../model/redact.ts';
import type { AskedQuery } from '../vendor.ts';
import type { NewRelicConnection } from './options.ts';

/** Of the regions whose pages are known. */
const hosts: Readonly<Record<string, string>> = {
  'api.newrelic.com': 'one.newrelic.com',
  'api.eu.newrelic.com': 'one.eu.newrelic.com',
};

/** The query names its nodes and its time itself. Of several that were asked at once, it is the first. */
export function queryBuilderPage({ connection, text }: AskedQuery): string | undefined {
  const host = hosts[/^https:\/\/([^/]+)\//.exec(connection.url)?.[1] ?? ''];
  if (host === undefined) return undefined;
  const pane = JSON.stringify({
    nerdletId: 'data-exploration.query-builder',
    initialActiveInterface: 'nrqlEditor',
    initialAccountId: (connection as NewRelicConnection).options.account,
    initialNrqlValue: text.split('\n', 1)[0],
    isViewingQuery: true,
  });
  return `https://${host}/launcher/data-exploration.query-builder?pane=${encodeURIComponent(toBase64(asciiOf(pane)))}`;
}

/** JSON may escape every character. */
function asciiOf(json: string): Uint8Array {
  const ascii = json.replace(/[^ -~]/g, one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Uint8Array.from(ascii, one => one.charCodeAt(0));
}
