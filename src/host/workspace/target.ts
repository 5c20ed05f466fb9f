// The target of a command, whether it comes from a tree node, code lens, notification, link or the command palette.

export interface Target {
  /** Path of the workspace folder. */
  readonly folder?: string;
  /** Path of the pipeline file, relative to the folder. */
  readonly file?: string;
  readonly runId?: string;
  readonly stage?: string;
  /** The key of a hook call. */
  readonly step?: string;
  readonly environment?: string;
  readonly service?: string;
  readonly release?: string;
  readonly question?: string;
  /** The answer, if the view that invoked the command already asked for it. */
  readonly comment?: string;
}

const fields = [
  'folder',
  'file',
  'runId',
  'stage',
  'step',
  'environment',
  'service',
  'release',
  'question',
  'comment',
] as const;

/** Any extension can invoke a command with any argument, so only strings under known names are accepted. */
export function readTarget(given: unknown): Target {
  const holder = isRecord(given) && isRecord(given['target']) ? given['target'] : given;
  if (!isRecord(holder)) return {};
  return Object.fromEntries(
    fields.flatMap(name => {
      const value = Object.hasOwn(holder, name) ? holder[name] : undefined;
      return typeof value === 'string' && value.length <= 4096 ? [[name, value]] : [];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
