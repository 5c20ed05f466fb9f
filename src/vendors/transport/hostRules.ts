// To which hosts a credential may go: to the vendors' own, to this machine, and to those that a person has allowed for
// it; a repository alone decides nothing.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Failure } from '../../model/failure.ts';
import type { HostUse } from '../../model/hostUse.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import type { Credentials } from '../../model/outside.ts';
import type { Http } from '../../model/outside.ts';

export interface HostRules {
  /** Why a request is not sent; with the name of the credential that it would bear. */
  refuse(url: string, credential?: string): Failure | undefined;
  /** What of a pipeline nobody has allowed yet. */
  unbound(pipeline: Pipeline): readonly HostUse[];
  /** From now on, in all windows and terminals of this user. */
  allow(use: HostUse): void;
}

/**
 * `file`: the user's own, beside the store: `{ "CREDENTIAL": ["HOST", ...] }`. `allowed`: hosts for every credential,
 * for this process. `vendorDomains`: the vendors' own.
 */
export function createHostRules(
  file: string,
  allowed: readonly string[] = [],
  vendorDomains: readonly string[] = [],
): HostRules {
  const isAllowed = (credential: string | undefined, host: string): boolean =>
    allowed.includes(host) || (credential !== undefined && (readAllowed(file)[credential] ?? []).includes(host));
  const refuse: HostRules['refuse'] = (url, credential) => {
    const name = hostName(url);
    // Whoever sends it says what is wrong with it.
    if (name === undefined || isAllowed(credential, name)) return undefined;
    const { hostname, protocol, origin } = new URL(url);
    if (isLinkLocal(hostname))
      return refusal(
        `${origin} was not asked: addresses of the machine's own network and of a cloud's metadata are refused.`,
        `If you mean it, allow it with --allow-host ${name}`,
      );
    if (credential === undefined || isLoopback(hostname)) return undefined;
    const how =
      `Allow it for this call with --allow-host ${name}, or for ever with { "${credential}": ` +
      `["${name}"] } in ${file}.`;
    if (protocol === 'http:')
      return refusal(
        `The credential "${credential}" was not sent to ${origin}: anyone on the network could read it.`,
        `Use https. ${how}`,
      );
    return vendorDomains.some(domain => hostname === domain || hostname.endsWith(`.${domain}`))
      ? undefined
      : refusal(
          `The credential "${credential}" was not sent to ${name}: a pipeline names this host, ` +
            'and nobody has allowed it yet.',
          how,
        );
  };
  return {
    refuse,
    unbound(pipeline) {
      const uses = usesOf(pipeline).flatMap(({ credential, url }) => {
        const host = hostName(url);
        return host !== undefined && refuse(url, credential) ? [{ credential, host }] : [];
      });
      return [...new Map(uses.map(use => [JSON.stringify(use), use])).values()];
    },
    allow({ credential, host }) {
      const known = readAllowed(file);
      const content = { ...known, [credential]: [...new Set([...(known[credential] ?? []), host])] };
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.${process.pid}`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.${process.pid}`, file);
    },
  };
}

/** A credential is asked for with the address that it is for. */
export function bindCredentials(credentials: Credentials, rules: HostRules): Credentials {
  return {
    get(name, url) {
      const refused = url === undefined ? undefined : rules.refuse(url, name);
      return refused ? { ok: false, failure: refused } : credentials.get(name);
    },
  };
}

/** Also what bears no credential is not sent to the addresses that nobody means. */
export function guardHttp(http: Http, rules: HostRules): Http {
  return {
    request(request) {
      const refused = rules.refuse(request.url);
      return refused ? Promise.resolve({ ok: false, failure: refused, sent: false }) : http.request(request);
    },
  };
}

function refusal(message: string, hint: string): Failure {
  return { kind: 'refused', message, hint };
}

/**
 * `ci.example.com:8443`; without https the scheme too, so that a host that is allowed is not thereby allowed in clear.
 */
function hostName(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, origin } = new URL(url);
  return protocol === 'https:' ? host : protocol === 'http:' ? origin : undefined;
}

function isLoopback(hostname: string): boolean {
  return /^(?:127\.\d+\.\d+\.\d+|\[::1\]|(?:.+\.)?localhost)$/.test(hostname);
}

/**
 * Link-local addresses, as numbers too (URL writes them all in this way), and the metadata services of clouds that have
 * another one.
 */
function isLinkLocal(hostname: string): boolean {
  return (
    /^169\.254\./.test(hostname) ||
    /^\[(?:fe[89ab][0-9a-f]:|::ffff:a9fe:|fd00:ec2::254\])/.test(hostname) ||
    ['metadata.google.internal', 'metadata', '100.100.100.200', '192.0.0.192'].includes(hostname.replace(/\.$/, ''))
  );
}

/** Hosts that a run puts together only later are asked for when they are used. */
function usesOf({ connections, hooks }: Pipeline): readonly { readonly credential: string; readonly url: string }[] {
  return [
    ...Object.values(connections).flatMap(named),
    ...Object.values(hooks).flatMap(hook =>
      hook.kind === 'http' && !/^[a-z]+:\/\/[^/?#]*\$/i.test(hook.url) ? named(hook) : [],
    ),
  ];
}

function named({ credential, url }: { readonly credential?: string; readonly url: string }) {
  return credential === undefined ? [] : [{ credential, url }];
}

function readAllowed(file: string): Readonly<Record<string, readonly string[]>> {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(
      Object.entries(read).flatMap(([credential, hosts]) =>
        Array.isArray(hosts) ? [[credential, hosts.map(String)]] : [],
      ),
    );
  } catch {
    // There is none, or a person is writing it: nothing is allowed by it.
    return {};
  }
}
