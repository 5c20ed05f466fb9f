// `backstop init`: finds what it can, asks for the rest, and writes a pipeline with stub scripts.
import { basename } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Finding, Starter, StarterChoices, StarterFile } from '../../model/starter.ts';
import { formatList } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { readAddresses } from '../addressList.ts';
import { done, type Command, type CommandContext } from '../command.ts';
import { parseNumber } from '../commandLine.ts';
import { exitStatus } from '../exitStatus.ts';
import { toned } from '../screen/line.ts';

export const init: Command = {
  name: 'init',
  group: 'Start here',
  summary: 'Writes a first pipeline with canary phases and verification, and stub scripts, for this folder.',
  usage: '[--service NAME] [--nodes A,B] [--logs PATH] [--metrics URL...] [--backend SERVER] [--yes]',
  details: [
    'It reads package.json, Dockerfile, Compose files, Kubernetes manifests, Helm charts, Argo Rollouts, Flagger, ' +
      'Jenkinsfile, GitHub workflows, systemd units and the names of log files and deploy scripts, and prints what ' +
      'it finds with file and line.',
    'With --backend, it asks a server for the metrics and labels of the service. The best metrics for requests, ' +
      'errors, latency and saturation are shown with a sample of each, and written into the pipeline.',
    'SERVER is a connection in the form of the pipeline file, only its kind, or KIND=https://... with its address. ' +
      'The credential that it names is read from its environment variable, as for all commands.',
    'In a terminal, it asks questions and suggests what it found as answers. With --yes, or without a terminal, it ' +
      'uses the suggestions. It never overwrites a file.',
    'The scripts fail until you have added how a release gets to a node and how a node is checked. If all addresses ' +
      'of metrics are on this machine, you only need to add how the program starts.',
  ],
  positional: { name: '', minimum: 0, maximum: 0 },
  options: {
    service: { type: 'string', value: 'NAME', text: 'Name of the service.' },
    nodes: { type: 'string', value: 'A,B', text: 'Nodes in production, separated by commas.' },
    logs: { type: 'string', value: 'PATH', text: 'Log files in this folder, such as logs/{node}/*.log.' },
    metrics: {
      type: 'string',
      value: 'URL',
      multiple: true,
      text:
        'Address of the metrics, with {node} for the name of the node. Or one address for each node, in the same ' +
        "order: repeat the option, or use a range, such as 'http://127.0.0.1:{8081..8085}/metrics'.",
    },
    backend: { type: 'string', value: 'SERVER', text: 'Server that has the metrics of the service.' },
    duration: { type: 'string', value: 'SECONDS', text: 'How long each phase is verified.' },
    yes: { type: 'boolean', short: 'y', text: 'Does not ask.' },
  },
  statuses: { 0: 'written, or it already existed', 3: 'an answer is wrong, or a file cannot be written' },
  examples: [
    'backstop init',
    "backstop init --yes --nodes web-1,web-2 --logs 'logs/{node}/*.log' --metrics 'http://{node}:8080/metrics'",
  ],
  run,
};

async function run(context: CommandContext): Promise<Result<number>> {
  const { dependencies, output } = context;
  const starter = await dependencies.starter();
  const findings = starter.detect(dependencies.cwd);
  for (const line of findingLines(findings)) output.line([toned('dim', line)]);
  const given = readOptions(context, starter, starter.suggest(findings, basename(dependencies.cwd)));
  if (!given.ok) return given;
  const asked = await askAll(context, starter, given.value);
  if (!asked.ok) return asked;
  const checked = check(asked.value);
  if (!checked.ok) return checked;
  const measured = await withSignals(context, starter, checked.value);
  const choices = await withOffered(context, starter, measured);
  const files = starter.files(choices);
  const written = starter.write(dependencies.cwd, files);
  if (!written.ok) return written;
  for (const { path } of files)
    output.line(
      written.value.includes(path) ? [toned('good', 'wrote '), path] : ['kept  ', path, ' (it already existed)'],
    );
  for (const line of nextSteps(choices, files, written.value)) output.line([line]);
  return done(exitStatus.good);
}

const mostShown = 20;

function findingLines(findings: readonly Finding[]): readonly string[] {
  const told = findings.filter(({ kind }) => kind !== 'job' && kind !== 'wait');
  const lines = told
    .slice(0, mostShown)
    .map(({ kind, value, file, line }) => plainLine(`found ${kind} ${value}  ${file}:${line}`, 160));
  return told.length > mostShown ? [...lines, `and ${told.length - mostShown} more`] : lines;
}

function readOptions({ given }: CommandContext, starter: Starter, suggested: StarterChoices): Result<StarterChoices> {
  const nodes = given.text('nodes');
  const seconds = given.text('duration');
  const durationS = seconds === undefined ? undefined : parseNumber(seconds, '--duration', durationRange);
  if (durationS?.ok === false) return durationS;
  const logs = given.text('logs') ?? suggested.logs;
  const service = given.text('service') ?? suggested.service;
  const typed = given.text('backend');
  const backend = typed === undefined ? undefined : starter.connect(typed, service);
  if (backend?.ok === false) return backend;
  const choices: StarterChoices = {
    ...suggested,
    service,
    ...(logs !== undefined && { logs }),
    ...(given.list('metrics').length > 0 && { metrics: given.list('metrics').flatMap(readAddresses) }),
    ...(backend && { backend: backend.value }),
    ...(durationS && { durationS: durationS.value }),
  };
  return succeed(nodes === undefined ? choices : starter.withNodes(choices, splitList(nodes)));
}
const durationRange = { minimum: 10, maximum: 86_400, whole: true };

function splitList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

type Ask = (question: string, fallback: string) => Promise<string>;

/** Without a terminal, or with --yes, the suggestions are the answers. */
async function askAll(
  { given, dependencies: { stdin, stdout, onInterrupt } }: CommandContext,
  starter: Starter,
  suggested: StarterChoices,
): Promise<Result<StarterChoices>> {
  if (given.flag('yes') || !stdin.isTTY || !stdout.isTTY) return succeed(suggested);
  const questions = createInterface({ input: stdin });
  const end = onInterrupt(() => questions.close());
  // Lines pasted ahead of their question wait here.
  const lines = questions[Symbol.asyncIterator]();
  let isClosed = false;
  const ask: Ask = async (question, fallback) => {
    if (isClosed) return '';
    stdout.write(`${question} [${plainLine(fallback || 'none', 200)}] `);
    const { done: ended, value } = await lines.next();
    isClosed = ended === true;
    return (isClosed ? '' : String(value).trim()) || fallback;
  };
  try {
    const service = await ask('Name of the service?', suggested.service);
    const nodes = splitList(await ask('Nodes in production, separated by commas?', suggested.nodes.join(',')));
    const logs = await ask('Log files, with {node} for the node?', suggested.logs ?? '');
    const metrics = await ask(
      'Address of the metrics, with {node}, or one for each node, such as http://127.0.0.1:{8081..8085}/metrics?',
      suggested.metrics.join(' '),
    );
    const backend = await askBackend(ask, starter, suggested.backend?.text ?? '');
    const seconds = await ask('How long is each phase verified, in seconds?', String(suggested.durationS));
    if (isClosed) return fail('cancelled', 'Nothing was written.');
    const durationS = parseNumber(seconds, 'How long each phase is verified', durationRange);
    if (!durationS.ok) return durationS;
    const connected = isNone(backend) ? undefined : starter.connect(backend, service);
    if (connected?.ok === false) return connected;
    const { logs: _logs, backend: _backend, ...rest } = suggested;
    const answered: StarterChoices = {
      ...rest,
      service,
      metrics: isNone(metrics) ? [] : readAddresses(metrics),
      durationS: durationS.value,
      ...(!isNone(logs) && { logs }),
      ...(connected && { backend: connected.value }),
    };
    return succeed(starter.withNodes(answered, nodes));
  } finally {
    questions.close();
    end();
  }
}

/** If the user types only the kind of a server, the connection that its vendor suggests is offered for editing. */
async function askBackend(ask: Ask, { backends }: Starter, suggested: string): Promise<string> {
  const kinds = backends.map(({ kind }) => kind);
  const answer = await ask(
    `Server with its metrics: ${formatList(kinds, kinds.length)}, or KIND=https://... with its address?`,
    suggested,
  );
  const known = backends.find(({ kind }) => kind === answer);
  return known ? ask('Connection?', known.connection) : answer;
}

function isNone(answer: string): boolean {
  return answer === '' || answer === 'none' || answer === '-';
}

/** Refuses answers that would make the pipeline file invalid or a path lead outside the folder. */
function check(choices: StarterChoices): Result<StarterChoices> {
  const { service, nodes, logs, metrics } = choices;
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(service))
    return fail('invalid', `A service has lower-case letters, digits and dashes, found "${plainLine(service, 80)}".`);
  const wrong = nodes.find(node => !/^[A-Za-z0-9_][A-Za-z0-9._:@-]{0,252}$/.test(node));
  if (wrong !== undefined || nodes.length === 0)
    return fail('invalid', `A node has no spaces and no quotes, found "${plainLine(wrong ?? '', 80)}".`);
  if (new Set(nodes).size < nodes.length) return fail('invalid', 'Two nodes have the same name.');
  if (logs !== undefined && !/^(?![/\\])(?!.*(?:^|\/)\.\.(?:\/|$))[^\\\0]{1,500}$/.test(logs))
    return fail('invalid', `Log files are in this folder, found "${plainLine(logs, 80)}".`);
  const strange = metrics.find(address => !/^https?:\/\/[^\s@'"`$\\]{1,500}$/.test(address));
  if (strange !== undefined)
    return fail('invalid', `An address begins with http:// or https://, found "${plainLine(strange, 80)}".`);
  if (metrics.length > 1 && metrics.length !== nodes.length)
    return fail('invalid', `There are ${nodes.length} nodes and ${metrics.length} addresses of metrics.`, {
      hint: 'Give one address with {node}, or one for each node.',
    });
  return succeed(choices);
}

/** Reads the metrics of the first node; the others are assumed to have the same ones. */
async function withSignals(
  { dependencies: { onInterrupt }, output }: CommandContext,
  starter: Starter,
  choices: StarterChoices,
): Promise<StarterChoices> {
  const [address] = choices.metrics;
  if (address === undefined) return choices;
  const stop = new AbortController();
  const end = onInterrupt(() => stop.abort());
  const answer = await starter.signals(address.replaceAll('{node}', choices.nodes[0]!), stop.signal);
  end();
  if (!answer.ok) {
    output.failure(answer.failure);
    output.line(['The pipeline has the usual names of metrics instead; correct them if the service has others.']);
    return choices;
  }
  for (const { role, sample } of answer.value) output.line([`${role}: `, toned('dim', plainLine(sample, 200))]);
  return { ...choices, signals: answer.value };
}

/** Asks the server which labels and metrics it has for the service. */
async function withOffered(
  { dependencies: { onInterrupt }, output }: CommandContext,
  starter: Starter,
  choices: StarterChoices,
): Promise<StarterChoices> {
  if (choices.backend === undefined) return choices;
  const stop = new AbortController();
  const end = onInterrupt(() => stop.abort());
  const answer = await starter.offered(choices, choices.backend, stop.signal);
  end();
  if (!answer.ok) {
    output.failure(answer.failure);
    return choices;
  }
  const { where, node, nodes, labels, signals } = answer.value;
  const listed = (names: readonly string[]): string => plainLine(formatList(names, 8), 200);
  const named = labels.length === 0 ? ' is known there' : ` has the labels ${listed(labels)}`;
  output.line([plainLine(where, 200), toned('dim', named)]);
  output.line([`${node}: `, toned('dim', listed(nodes))]);
  for (const { role, sample } of signals) output.line([`${role}: `, toned('dim', plainLine(sample, 200))]);
  return { ...choices, offered: answer.value };
}

function nextSteps(
  choices: StarterChoices,
  files: readonly StarterFile[],
  written: readonly string[],
): readonly string[] {
  const { service, nodes, phases, areNodesInvented } = choices;
  const stubs = files.filter(({ text, path }) => text.includes('is a stub') && written.includes(path));
  const kept = files.filter(({ isExecutable, path }) => isExecutable && !written.includes(path));
  const fill = stubs.length === 0 ? 'Next:' : `Next: fill in ${pathsOf(stubs)}, then`;
  return [
    '',
    `${service} reaches ${formatList(nodes, 5)} in ${phases.length} phases (${phases.join(' %, ')} %).`,
    ...(areNodesInvented
      ? [`The names of the nodes are made up: write yours into .backstop/pipelines/${service}.yaml.`]
      : []),
    ...unmeasured(choices),
    ...(kept.length === 0
      ? []
      : [
          `Kept: ${pathsOf(kept)}. Backstop passes the version and the nodes in BACKSTOP_VERSION and BACKSTOP_NODES, ` +
            'not as arguments.',
        ]),
    fill,
    '  backstop check-sources',
    `  backstop adopt ${service} -e production --version WHAT-RUNS-NOW --unchecked`,
    `  backstop run ${service} --version NEW`,
  ];
}

function pathsOf(files: readonly StarterFile[]): string {
  return formatList(
    files.map(({ path }) => path),
    5,
  );
}

/** Whatever has no source is not verified, which a person should know before the first release. */
function unmeasured({ logs, metrics, backend, server }: StarterChoices): readonly string[] {
  const hasMetrics = metrics.length > 0 || backend !== undefined;
  return [
    ...(logs === undefined ? ['No log files were found, so no logs are verified. Name them with --logs.'] : []),
    ...(hasMetrics
      ? []
      : [
          'No metrics are verified. Give the address of an endpoint with --metrics, or a server with --backend' +
            (server === undefined ? '.' : `, such as --backend ${server}`),
        ]),
  ];
}
