// The fleet's own HTTP API: releases, deployments, added lines, scenarios and the vendors' faults.
import type { Result } from '../../model/failure.ts';
import { fail, succeed } from '../../model/failure.ts';
import { digestConfiguration, type ConfigurationContent } from './configurationDigest.ts';
import type { Faults } from '../faults/faults.ts';
import type { Fleet } from './fleet.ts';
import { jsonResponse, type DemoRequest, type DemoResponse, type Handler } from '../servers/httpServer.ts';
import { createScenario, isScenarioName, scenarioNames } from '../story/scenarios.ts';
import type { NodeRelease } from './simulatedNode.ts';

export interface FleetServerSettings {
  readonly fleet: Fleet;
  readonly faults: Faults;
  readonly now: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly answer: (
    settings: FleetServerSettings,
    request: DemoRequest,
    body: Readonly<Record<string, unknown>>,
  ) => DemoResponse | Promise<DemoResponse>;
}

const largestLineCharacters = 1024 * 1024;

const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/nodes', { method: 'GET', answer: listNodes }],
  ['/anomaly', { method: 'GET', answer: sayAnomaly }],
  ['/deploy', { method: 'POST', answer: deploy }],
  ['/lines', { method: 'POST', answer: addLine }],
  ['/scenario', { method: 'POST', answer: setScenario }],
  ['/faults', { method: 'POST', answer: setFaults }],
]);

export function createFleetHandler(settings: FleetServerSettings): Handler {
  return async request => {
    const route = routes.get(request.path);
    if (!route)
      return problem(
        404,
        `There is no ${request.path}. Known: ` +
          `${[...routes].map(([path, { method }]) => `${method} ${path}`).join(', ')}.`,
      );
    if (request.method !== route.method)
      return jsonResponse(
        405,
        { error: `${request.path} takes ${route.method}, not ${request.method}.` },
        { Allow: route.method },
      );
    if (route.method === 'GET') return route.answer(settings, request, {});
    const body = parseBody(request.body);
    return body ? route.answer(settings, request, body) : problem(400, 'The body must be one JSON object.');
  };
}

function listNodes({ fleet, now }: FleetServerSettings, { query }: DemoRequest): DemoResponse {
  const environment = query.get('environment') ?? 'production';
  const nodes = fleet.nodes(environment, now());
  return nodes.length > 0
    ? jsonResponse(200, nodes)
    : problem(404, `There is no environment "${environment}". Known: ${fleet.environments().join(', ')}.`);
}

/** `firstAnomalyMs` is null until something anomalous is emitted. */
function sayAnomaly({ fleet }: FleetServerSettings): DemoResponse {
  const { name, seed } = fleet.scenario();
  return jsonResponse(200, { scenario: name, seed, firstAnomalyMs: fleet.firstAnomalyMs() ?? null });
}

/** Answers once the node serves the release. */
async function deploy(
  { fleet, faults, now, sleep }: FleetServerSettings,
  _request: DemoRequest,
  body: Readonly<Record<string, unknown>>,
): Promise<DemoResponse> {
  const { node } = body;
  const release = readRelease(body);
  if (!release.ok) return problem(400, release.failure.message);
  if (typeof node !== 'string') return problem(400, 'node must be the name of a node.');
  const started = fleet.deploy(node, release.value, now());
  if (!started) return problem(404, `There is no node "${node}".`);
  if (fleet.isStruck() && fleet.scenario().backendsFail) takeBackendsDown(faults);
  await sleep(started.servingFromMs - now());
  return jsonResponse(200, { node, ...release.value, servingFromMs: started.servingFromMs });
}

/** New Relic reports that it is down, Sumo Logic does not answer. */
function takeBackendsDown(faults: Faults): void {
  faults.set({ newRelic: [{ kind: 'status', status: 503 }], sumoLogic: [{ kind: 'down' }] });
}

function addLine(
  { fleet, now }: FleetServerSettings,
  _request: DemoRequest,
  { node, line }: Readonly<Record<string, unknown>>,
): DemoResponse {
  if (typeof node !== 'string' || typeof line !== 'string') return problem(400, 'node and line must be texts.');
  if (line.length > largestLineCharacters)
    return problem(400, `line has ${line.length} characters; at most ${largestLineCharacters} are taken.`);
  const atMs = now();
  return fleet.addLine(node, line, atMs)
    ? jsonResponse(200, { node, atMs })
    : problem(404, `There is no node "${node}".`);
}

function setScenario(
  { fleet, faults }: FleetServerSettings,
  _request: DemoRequest,
  { name, seed = 1 }: Readonly<Record<string, unknown>>,
): DemoResponse {
  if (!isScenarioName(name)) return problem(400, `name must be one of ${scenarioNames.join(', ')}.`);
  if (!Number.isSafeInteger(seed)) return problem(400, 'seed must be a whole number.');
  fleet.setScenario(createScenario(name, seed as number));
  faults.set({});
  return jsonResponse(200, { name, seed });
}

function setFaults(
  { faults }: FleetServerSettings,
  _request: DemoRequest,
  body: Readonly<Record<string, unknown>>,
): DemoResponse {
  const set = faults.set(body);
  return set.ok ? jsonResponse(200, { faults: body }) : problem(400, set.failure.message);
}

/** `configuration` is its content, `{files: {path: text}, variables: {name: text}}`, or a digest of it. */
function readRelease({ version, configuration }: Readonly<Record<string, unknown>>): Result<NodeRelease> {
  if (typeof version !== 'string' || !/^[\w.+-]{1,100}$/.test(version))
    return fail('invalid', 'version must be a text of letters, digits, dots, plus and minus signs.');
  if (typeof configuration === 'string' && /^[0-9a-f]{6,128}$/.test(configuration))
    return succeed({ version, configuration });
  if (isContent(configuration)) return succeed({ version, configuration: digestConfiguration(configuration) });
  return fail(
    'invalid',
    'configuration must be {"files": {PATH: TEXT}, "variables": {NAME: TEXT}} or a digest in hexadecimal.',
  );
}

function isContent(value: unknown): value is ConfigurationContent {
  return isObject(value) && isTexts(value['files']) && isTexts(value['variables']);
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every(one => typeof one === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function problem(status: number, error: string): DemoResponse {
  return jsonResponse(status, { error });
}
