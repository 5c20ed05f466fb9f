// Turns findings into suggested choices, which the user interfaces show as defaults.
import { platforms, type Finding, type FindingKind, type StarterChoices } from '../../model/starter.ts';

const usualNodes = 5,
  mostNodes = 50,
  usualDurationS = 600,
  longestDurationS = 3_600;

export function suggest(findings: readonly Finding[], folder: string): StarterChoices {
  const all = (kind: FindingKind): readonly string[] =>
    findings.filter(finding => finding.kind === kind).map(({ value }) => value);
  const first = (kind: FindingKind): string | undefined => all(kind)[0];
  const platform = platforms.find(one => all('platform').includes(one)) ?? 'script';
  const service = serviceName(first('service') ?? folder);
  const nodes = all('node').filter(isNodeName).slice(0, mostNodes);
  const replicas = Number(first('replicas'));
  const count = Number.isInteger(replicas) && replicas > 1 ? Math.min(replicas, mostNodes) : usualNodes;
  const logs = first('logs');
  const ownScript = first('script');
  const server = first('server');
  const port = Number(first('port'));
  return {
    service,
    platform,
    nodes: nodes.length > 0 ? nodes : Array.from({ length: count }, (_, at) => `${service}-${at + 1}`),
    ...(nodes.length === 0 && { areNodesInvented: true as const }),
    configuration: all('configuration').slice(0, 20),
    ...(ownScript !== undefined && { ownScript }),
    ...(server !== undefined && { server }),
    ...(logs !== undefined && { logs }),
    metrics: all('metrics').slice(0, 1),
    phases: phasesOf(all('phase').map(Number), nodes.length || count),
    durationS: durationOf(all('wait')),
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : 8080,
    health: all('health').find(path => /^\/[\w./-]{0,200}$/.test(path)) ?? '/health',
    signals: [],
    queries: findings.filter(({ kind }) => kind === 'query').slice(0, 20),
  };
}

/** A valid name of a service: lower-case letters, digits and dashes. */
export function serviceName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-0-9]+|-+$/g, '');
  return name.slice(0, 60) || 'service';
}

function isNodeName(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._:@-]{0,252}$/.test(text);
}

/** Shares of which each reaches more nodes than the one before; the last reaches all nodes. */
export function phasesOf(weights: readonly number[], nodes: number): readonly number[] {
  const steps = [...weights.filter(weight => weight > 0 && weight < 100), 100];
  const wanted = steps.length > 1 ? steps.toSorted((one, other) => one - other) : [20, 50, 100];
  const reached = new Map<number, number>();
  // Of several shares that reach the same number of nodes, the last is kept, so that 100 % stays the last phase.
  for (const share of wanted) reached.set(Math.ceil((share * nodes) / 100), share);
  return [...reached.values()];
}

/** The choices with other nodes than those suggested, without phases that would upgrade no further node. */
export function withNodes(choices: StarterChoices, nodes: readonly string[]): StarterChoices {
  const { areNodesInvented: _, ...rest } = choices;
  const isSame = nodes.join() === choices.nodes.join();
  return { ...(isSame ? choices : rest), nodes, phases: phasesOf(choices.phases, nodes.length) };
}

const unitS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** The longest pause of the other tool, within the limits of a usual verification. */
function durationOf(waits: readonly string[]): number {
  const seconds = waits.map(wait => {
    const [, amount, unit = 's'] = /^(\d{1,6})(s|m|h)?$/.exec(wait) ?? [];
    return Number(amount ?? 0) * unitS[unit]!;
  });
  const longest = Math.max(0, ...seconds);
  return longest === 0 ? usualDurationS : Math.min(longestDurationS, Math.max(60, longest));
}
