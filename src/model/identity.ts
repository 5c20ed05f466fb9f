// The identity of a service across repositories. A service belongs to the repository of its pipeline file, so two
// repositories can each have a service with the same name.

/** Where a pipeline file lives. */
export interface Repository {
  /** Its Git remote, normalised and without credentials; without a remote, the folder. */
  readonly name: string;
  /** An absolute path; repositories without a remote are identified by it. */
  readonly folder: string;
}

/** The part of a pipeline that distinguishes it from those of other repositories. */
export interface Identified {
  readonly service: string;
  /** Absent if no repository was looked up, and in the journals of older versions. */
  readonly identity?: string;
}

/** The key under which the store has releases, nodes, leases and learned log events. */
export function identityOf({ identity, service }: Identified): string {
  return identity ?? service;
}

/** Names of services never contain the separator. */
const separator = '@';

export function identityIn(service: string, repository: string): string {
  return service + separator + repository;
}

/** The name that people gave the service. */
export function plainService(identity: string): string {
  return identity.split(separator, 1)[0]!;
}

/** Undefined for identities of older versions, which used the bare name of a service. */
export function repositoryIn(identity: string): string | undefined {
  const at = identity.indexOf(separator);
  return at < 0 ? undefined : identity.slice(at + 1);
}

/** The name of a lease as people know it: the service and the environment, which has no slash. */
export function plainLease(name: string): string {
  const slash = name.lastIndexOf('/');
  return slash < 0 ? name : plainService(name.slice(0, slash)) + name.slice(slash);
}

/**
 * One name for all the addresses of a repository: `git@host:team/shop.git` and `https://user:token@host/team/shop` are
 * both `host/team/shop`. Credentials, queries and the ports of SSH are left out. Undefined for an empty address.
 */
export function normaliseRemote(address: string): string | undefined {
  const text = address.trim();
  const isLocal = /^(?:file:|[\\/.~]|[A-Za-z]:[\\/])/i.test(text);
  if (isLocal) return withoutEnding(text.replace(/^file:\/\//i, '').replaceAll('\\', '/'));
  const url = /^([a-z][a-z0-9+.-]*):\/\/(?:[^/?#]*@)?([^/?#]*)([^?#]*)/i.exec(text);
  if (url) return hostAndPath(url[2]!.replace(portOf(url[1]!), ''), url[3]!);
  const scp = /^(?:[^/]*@)?(\[[^\]]*\]|[^:/]+):(.*)$/.exec(text);
  return scp ? hostAndPath(scp[1]!, scp[2]!) : withoutEnding(text);
}

/** A default port, which does not distinguish servers. */
function portOf(scheme: string): RegExp {
  switch (scheme.toLowerCase()) {
    case 'https':
      return /:443$/;
    case 'http':
      return /:80$/;
    default:
      return /:\d*$/;
  }
}

function hostAndPath(host: string, path: string): string | undefined {
  const rest = withoutEnding(path.replace(/^\/+/, ''));
  return rest === undefined ? undefined : `${host.toLowerCase()}/${rest}`;
}

function withoutEnding(path: string): string | undefined {
  const rest = path.replace(/\/+$/, '').replace(/\.git$/i, '');
  return rest === '' ? undefined : rest;
}
