// The vscode:// links that mails, chats and build servers can contain, and their targets.

export type Link = { readonly kind: 'run' | 'approval'; readonly run: string };

/** The address that opens a run. `scheme` is that of the editor. */
export function runLink(scheme: string, extension: string, run: string): string {
  return `${scheme}://${extension}/run/${encodeURIComponent(run)}`;
}

/** Parses `/run/12` or `/approval/01J...`; undefined for anything else. */
export function parseLink(path: string): Link | undefined {
  const match = /^\/(run|approval)\/([A-Za-z0-9][A-Za-z0-9_.-]{0,99})\/?$/.exec(path);
  return match ? { kind: match[1] as Link['kind'], run: match[2]! } : undefined;
}
