// The nodes of an environment as a command lists them: names and further facts. The text is untrusted.
import { fail, succeed, type Result } from '../failure.ts';

/** The current state of a node. */
export interface ListedNode {
  readonly name: string;
  /** The release that it runs, as the artifact spells it. */
  readonly version?: string;
  /** Its share of the traffic, in any unit. */
  readonly weight?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Lists the nodes of an environment whose pipeline names a command for it. Never throws. */
export interface NodeLists {
  list(request: NodeListRequest, signal: AbortSignal): Promise<Result<readonly ListedNode[]>>;
}
export interface NodeListRequest {
  readonly environment: string;
  readonly command: NodesCommand;
  /** The BACKSTOP_ variables. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface NodesCommand {
  /** Program and arguments, run without a shell. */
  readonly command: readonly string[];
  /** Relative to the workspace folder. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Variables of Backstop's own environment that the command gets in addition to the usual ones. */
  readonly environment: readonly string[];
  readonly timeoutMs: number;
}

/** An answer of the command, as the run journals it. */
export type NodesEvent =
  | {
      readonly type: 'nodes-listed';
      readonly key: string;
      readonly stage: string;
      readonly environment: string;
      readonly nodes: readonly ListedNode[];
    }
  /** The nodes of a phase after their upgrade. */
  | {
      readonly type: 'sides-found';
      readonly stage: string;
      readonly phase: number;
      readonly nodes: readonly string[];
      readonly canaryNodes: readonly string[];
      readonly baselineNodes: readonly string[];
    };

const mostNodes = 10_000,
  mostLabels = 64,
  longestText = 253;
const nodeForm = /^[A-Za-z0-9_][A-Za-z0-9._:@-]{0,252}$/;
const asItShouldBe =
  'It prints a JSON list of names, or of objects with `name` and, where known, `version`, `weight` and `labels`; ' +
  'or one such object a line.';

/** `whose` names the command in failures. An entry that cannot be parsed is an error; it is never skipped. */
export function readNodeList(text: string, whose: string): Result<readonly ListedNode[]> {
  const items = readItems(text.replace(/^\uFEFF/, ''));
  if (!items) return refuse(whose, 'printed neither a JSON list nor JSON lines.');
  if (items.length === 0) return refuse(whose, 'listed no node.');
  if (items.length > mostNodes) return refuse(whose, `listed ${items.length} nodes; at most ${mostNodes} are allowed.`);
  const nodes: ListedNode[] = [],
    names = new Map<string, string>();
  for (const [index, item] of items.entries()) {
    const node = readNode(item);
    if (typeof node === 'string') return refuse(whose, `listed something as node ${index + 1} that ${node}`);
    const other = names.get(node.name.toLowerCase());
    if (other !== undefined)
      return refuse(whose, `listed node ${node.name} twice${other === node.name ? '' : ` (${other})`}.`);
    names.set(node.name.toLowerCase(), node.name);
    nodes.push(node);
  }
  return succeed(nodes);
}

function refuse(whose: string, what: string): Result<never> {
  return fail('bad-answer', `${whose} ${what}`, { hint: asItShouldBe });
}

/** A JSON list, or one JSON value per line. A single object counts as one line. */
function readItems(text: string): readonly unknown[] | undefined {
  const whole = parse(text);
  if (whole) return Array.isArray(whole.value) ? (whole.value as unknown[]) : [whole.value];
  const lines = text.split('\n').filter(line => line.trim() !== '');
  const parsed = lines.map(parse).filter(line => line !== undefined);
  return parsed.length === lines.length ? parsed.map(({ value }) => value) : undefined;
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The node, or the end of a sentence that says what is wrong. */
function readNode(item: unknown): ListedNode | string {
  if (typeof item === 'string') return readNode({ name: item });
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'is neither a name nor an object.';
  const own = new Map<string, unknown>(Object.entries(item));
  const name = own.get('name'),
    version = known(own.get('version')),
    weight = known(own.get('weight')),
    labels = known(own.get('labels'));
  if (typeof name !== 'string') return 'has no `name`.';
  if (!nodeForm.test(name))
    return 'has a `name` with other characters than letters, digits, dots, dashes, underscores, colons and @ signs.';
  if (version !== undefined && !isPlainText(version)) return `has a \`version\` that is no plain text (${name}).`;
  if (weight !== undefined && !(typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)))
    return `has a \`weight\` that is no number from 0 on (${name}).`;
  const read = labels === undefined ? {} : readLabels(labels);
  if (!read) return `has \`labels\` that are no short texts by name (${name}).`;
  return {
    name,
    ...(version !== undefined && { version }),
    ...(weight !== undefined && { weight }),
    ...(Object.keys(read).length > 0 && { labels: read }),
  };
}

/** Spellings that tools print for "none". */
function known(value: unknown): unknown {
  return value === null || value === '' ? undefined : value;
}

function readLabels(labels: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) return undefined;
  const entries = Object.entries(labels);
  const isFine =
    entries.length <= mostLabels &&
    entries.every(([key, value]) => isPlainText(key) && (value === '' || isPlainText(value)));
  return isFine ? (Object.fromEntries(entries) as Record<string, string>) : undefined;
}

function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= longestText && /^[^\p{C}]+$/u.test(value);
}
