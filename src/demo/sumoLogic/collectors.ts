// Sumo Logic's collectors: the list in pages, and each by its id. Clients read them to find their account's deployment.
import { jsonResponse, type DemoRequest, type DemoResponse } from '../servers/httpServer.ts';

const collectors = [
  {
    id: 1579,
    name: 'storefront',
    timeZone: 'Etc/UTC',
    fields: {},
    collectorType: 'Hosted',
    collectorVersion: '',
    alive: true,
    lastSeenAlive: 1_700_000_000_000,
    links: [{ rel: 'sources', href: '/v1/collectors/1579/sources' }],
  },
];
const usualLimit = 1_000;

/** `id` absent: the list. undefined: the id is unknown. */
export function answerCollectors(request: DemoRequest, id: string | undefined): DemoResponse | undefined {
  if (id === undefined) {
    const offset = countIn(request, 'offset', 0);
    return jsonResponse(200, { collectors: collectors.slice(offset, offset + countIn(request, 'limit', usualLimit)) });
  }
  const collector = collectors.find(one => String(one.id) === id);
  return collector && jsonResponse(200, { collector }, { ETag: `"${collector.id}"` });
}

function countIn({ query }: DemoRequest, name: string, otherwise: number): number {
  const text = query.get(name) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}
