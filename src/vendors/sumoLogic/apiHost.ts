// Where a Sumo Logic account lives: its API's base address, and where a deployment that is not the account's own sends
// its callers.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';

/**
 * `https://api.us2.sumologic.com`, with or without `/api` or `/api/v1`, as the base that paths like `/search/jobs` are
 * put behind.
 */
export function sumoBase(url: string): string {
  const trimmed = url.replace(/\/+$/, '');
  if (/\/v\d$/.test(trimmed)) return trimmed;
  return trimmed.endsWith('/api') ? `${trimmed}/v1` : `${trimmed}/api/v1`;
}

/**
 * The base that a redirect (301 with the full address of the asked path) points to. Credentials follow it, so it must
 * stay with the
 * vendor: by https under sumologic.com, or on the same host and port; never from https to http.
 */
export function redirectedBase(base: string, path: string, location: string | undefined): Result<string> {
  const from = new URL(base);
  const target = location !== undefined && URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (!target)
    return fail('bad-answer', `Sumo Logic at ${from.host} sends elsewhere without saying where.`, {
      hint: "Set the connection's url to the API endpoint of your deployment.",
    });
  if (!staysWithVendor(from, target)) {
    return fail(
      'refused',
      `Sumo Logic at ${from.host} sends to ${target.host}, which is not followed with a credential.`,
      { hint: "Set the connection's url to the API endpoint of your deployment." },
    );
  }
  const asked = path.split('?')[0]!;
  const targetPath = target.pathname.replace(/\/+$/, '');
  return succeed(
    targetPath.endsWith(asked) ? `${target.origin}${targetPath.slice(0, -asked.length)}` : sumoBase(target.origin),
  );
}

function staysWithVendor(from: URL, to: URL): boolean {
  if (to.protocol === 'https:' && isVendors(to.hostname)) return true;
  if (from.protocol === 'https:' && to.protocol !== 'https:') return false;
  return from.host === to.host;
}

function isVendors(host: string): boolean {
  return host === 'sumologic.com' || host.endsWith('.sumologic.com');
}
