// What is deployed, across repositories: a service belongs to the repository of its pipeline file, so that two
// repositories may each have a service of the same name.

/** Where a pipeline file lives. */
export interface Repository {
  /** Its Git remote, normalised and without credentials; without a remote, the folder. */
  readonly name: string;
  /** Absolute; a repository without a remote was known by it. */
  readonly folder: string;
}

/** A pipeline as it must be known to be told from those of other repositories. */
export interface Identified {
  readonly service: string;
  /** Absent in a pipeline that no repository was looked up for, and in the journals of an older Backstop. */
  readonly identity?: string;
}

/** What the store keeps releases, nodes, leases and learned log events under. */
export function identityOf({ identity, service }: Identified): string {
  return identity ?? service;
}

/** The name of a service never contains the separator. */
const separator = '@';

export function identityIn(service: string, repository: string): string {
  return service + separator + repository;
}

/** The name that people gave the service. */
export function plainService(identity: string): string {
  return identity.split(separator, 1)[0]!;
}

/** Undefined for an identity of an older Backstop, which knew a service by its bare name. */
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

/** A port that says nothing of which server is meant. */
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
