// The files that `backstop init` and New Pipeline… write: a pipeline with canary phases and verification, and stubs.
import type {
  Offered,
  OfferedSignal,
  Signal,
  SourceKeys,
  StarterBackend,
  StarterChoices,
  StarterFile,
} from '../../model/starter.ts';
import { stubScripts } from './stubScripts.ts';

export function starterFiles(choices: StarterChoices): readonly StarterFile[] {
  const path = `.backstop/pipelines/${choices.service}.yaml`;
  return [{ path, text: pipelineText(choices), isExecutable: false }, ...stubScripts(choices)];
}

/** Writes any text as a YAML value on one line. */
function yamlText(text: string): string {
  return /^[A-Za-z][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : `'${text.replaceAll(/[\u0000-\u001f\u007f]/g, ' ').replaceAll("'", "''")}'`;
}

function pipelineText(choices: StarterChoices): string {
  const { service, nodes, configuration, backend } = choices;
  return [
    `# How ${service} gets to production: in phases, each verified, and rolled back if it is bad.`,
    '# Hover, completion and quick fixes of your editor know every key.',
    'version: 1',
    `service: ${yamlText(service)}`,
    ...(configuration.length > 0
      ? [
          '# A release is its version and these files: a rollback restores both.',
          `configuration: { files: [${configuration.map(yamlText).join(', ')}] }`,
        ]
      : []),
    ...(backend === undefined ? [] : ['connections:', `  metrics: ${backend.text}`]),
    'environments:',
    ...inventedLines(choices),
    `  production: { nodes: [${nodes.map(yamlText).join(', ')}] }`,
    'hooks:',
    '  # Your own programs. Backstop passes the version, the nodes and the configuration in BACKSTOP_ variables.',
    '  deploy: { command: [./scripts/deploy.sh], timeout: 15m }',
    '  check: { command: [./scripts/check.sh], timeout: 1m }',
    ...sourceLines(choices),
    'stages:',
    '  - stage: Production',
    '    environment: production',
    '    canary:',
    '      deploy: deploy',
    '      rollback: deploy',
    '      check: check',
    '      phases:',
    ...choices.phases.map(share => `        - { nodes: ${share}%, settle: ${settleOf(choices.durationS)}s }`),
    ...verificationLines(choices),
    '',
  ].join('\n');
}

function inventedLines({ areNodesInvented, platform }: StarterChoices): readonly string[] {
  if (!areNodesInvented) return [];
  const isPods = ['argo', 'flagger', 'helm', 'kubernetes'].includes(platform);
  return [
    '  # These names are made up. Write those of your nodes, as the scripts, logs and metrics name them.',
    ...(isPods
      ? ['  # Pods have new names with each release: let a command list them, as in `nodes: { command: [...] }`.']
      : []),
  ];
}

/** What a service needs to warm up, but never the larger part of the wait. */
function settleOf(durationS: number): number {
  return Math.max(1, Math.min(60, Math.floor(durationS / 20)));
}

function verificationLines(choices: StarterChoices): readonly string[] {
  const { durationS } = choices;
  if (!hasSource(choices)) return [];
  // A short verification must be evaluated more often than the default, and a rollback needs no longer check.
  const interval = durationS < 300 ? `, interval: ${Math.max(1, Math.floor(durationS / 20))}s` : '';
  const proof = durationS < 120 ? `, proof: ${Math.floor(durationS / 2)}s` : '';
  return [`    verification: { duration: ${durationText(durationS)}${interval}${proof} }`];
}

function durationText(seconds: number): string {
  return seconds % 60 === 0 && seconds > 60 ? `${seconds / 60}m` : `${seconds}s`;
}

function hasSource({ logs, metrics, backend, offered }: StarterChoices): boolean {
  return logs !== undefined || metrics.length > 0 || (backend !== undefined && keysOf(backend, offered) !== undefined);
}

function sourceLines(choices: StarterChoices): readonly string[] {
  const { logs, metrics, backend, offered } = choices;
  if (!hasSource(choices))
    return [
      '# Nothing is verified yet. Add a health source, such as log files or a program that prints metrics:',
      '# healthSources:',
      "#   quality: { files: { logs: 'logs/{node}/*.log' } }",
    ];
  return [
    'healthSources:',
    ...(logs === undefined
      ? []
      : [
          '  # Lines of the new release that the old one never wrote are found here.',
          `  quality: { files: { logs: ${yamlText(logs)} } }`,
        ]),
    ...(metrics.length === 0 ? [] : endpointLines(choices)),
    ...(backend === undefined ? [] : [...backendLines(backend, offered), ...queryLines(choices)]),
  ];
}

/** Keys of the health source besides its metrics; undefined if there is nothing to suggest. */
function keysOf({ usual }: StarterBackend, offered: Offered | undefined): SourceKeys | undefined {
  return offered && offered.signals.length > 0 ? offered.source : usual;
}

function backendLines(backend: StarterBackend, offered: Offered | undefined): readonly string[] {
  const keys = keysOf(backend, offered);
  if (keys === undefined)
    return ['  # No metrics of the service are known: add a health source that uses the connection.'];
  return [
    '  traffic:',
    `    ${backend.vendor}:`,
    '      connection: metrics',
    ...Object.entries(keys).map(([key, value]) => `      ${key}: ${yamlValue(value)}`),
    ...(keys === backend.usual ? [] : offeredLines(offered!)),
  ];
}

/** The metrics that the server has for the service. */
function offeredLines({ signals }: Offered): readonly string[] {
  return [
    '      metrics:',
    ...signals.map(signal => {
      const asked = Object.entries(signal.keys).map(([key, value]) => `${key}: ${yamlValue(value)}`);
      return `        ${metricLine(signal, signals, asked.join(', '))}`;
    }),
  ];
}

function yamlValue(value: SourceKeys[string]): string {
  if (typeof value === 'string') return yamlText(value);
  if (Array.isArray(value)) return `[${value.map(yamlText).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, text]) => `${yamlText(key)}: ${yamlText(text as string)}`)
    .join(', ')} }`;
}

/** Queries of other tools usually sum over the nodes; the user has to decide how to distinguish the nodes. */
function queryLines({ queries }: StarterChoices): readonly string[] {
  return queries.flatMap(({ value, file, line }) => [
    `      # A query of ${commentText(file)}:${line}. As a metric here its result must keep the label of the node:`,
    `      #   ${commentText(value)}`,
  ]);
}

function commentText(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
    .slice(0, 400);
}

function endpointLines({ metrics, signals }: StarterChoices): readonly string[] {
  const [address = ''] = metrics;
  const isOne = metrics.length === 1 && address.includes('{node}');
  const program = isOne ? `[curl, -fsS, --max-time, '5', ${yamlText(address)}]` : `[./scripts/metrics.sh, '{node}']`;
  const known = signals.length > 0;
  return [
    '  performance:',
    '    command:',
    `      values: ${program}`,
    ...(known ? [] : ['      # The endpoint was not read: put the names here that it has.']),
    '      metrics:',
    ...(known ? signals : usualSignals).map(
      signal => `        ${metricLine(signal, known ? signals : usualSignals, `series: ${yamlText(signal.series)}`)}`,
    ),
  ];
}

const usualSignals: readonly Signal[] = [
  { role: 'requests', series: 'http_requests_total', kind: 'count', bounds: [], sample: '' },
  { role: 'errors', series: 'http_requests_total{code=~"5.."}', kind: 'count', bounds: [], sample: '' },
];

function metricLine(
  { role, kind, bounds, unit }: Omit<OfferedSignal, 'keys'>,
  all: readonly Pick<Signal, 'role'>[],
  source: string,
): string {
  const keys = [
    source,
    ...(kind === 'gauge' ? [] : [`kind: ${kind}`]),
    ...(bounds.length > 0 ? [`bounds: [${bounds.join(', ')}]`] : []),
    ...(unit === undefined ? [] : [`unit: ${unit}`]),
    ...(role === 'requests' ? ['direction: either'] : []),
    ...(role === 'errors' && all.some(one => one.role === 'requests') ? ['per: requests'] : []),
  ];
  return `${role}: { ${keys.join(', ')} }`;
}
