// Builds the object graph of phases and adapters by hand, in reading order.
import { join } from 'node:path';
import { createWorkerAnalysis } from './adapters/analysis.ts';
import { createArtifacts } from './vendors/artifacts.ts';
import { createBudget } from './vendors/transport/budget.ts';
import { createConfigurations } from './adapters/files/configurations.ts';
import { environmentCredentials } from './vendors/transport/credentials.ts';
import { type Credentials, type Outside } from './model/outside.ts';
import type { CommandHook } from './adapters/hooks/commandHookInvocation.ts';
import { createFeedbackFile } from './adapters/files/feedbackFile.ts';
import { readProject, writeNewFiles } from './adapters/files/projectFiles.ts';
import { findRepository } from './adapters/files/repository.ts';
import { createHealthSources } from './vendors/healthSources.ts';
import { openHistory, type OpenHistory } from './adapters/store/history.ts';
import { shortPatienceMs } from './adapters/store/file/historyStore.ts';
import { openBudgetStore, type OpenBudget } from './adapters/store/historyBudget.ts';
import { allowedHostsFile, backstopHome, createHome, historyFile, pruneRunFolders } from './adapters/store/home.ts';
import { programFailure } from './adapters/hooks/hookProgram.ts';
import { createGuardian } from './adapters/guardianProcess.ts';
import { createHooks, whileOwner, type HooksContext } from './adapters/hooks/hooks.ts';
import { bindCredentials, createHostRules, guardHttp, type HostRules } from './vendors/transport/hostRules.ts';
import { createHttp } from './vendors/transport/http.ts';
import { runHttpHook } from './vendors/transport/httpHook.ts';
import { diagnose } from './adapters/diagnosis.ts';
import { createInspection } from './adapters/inspection.ts';
import { createDiscovery } from './vendors/discovery.ts';
import { vendorPorts } from './vendors/ports.ts';
import { readEndpoint } from './vendors/transport/metricsEndpoint.ts';
import { runJobHook } from './vendors/jobHooks.ts';
import { definitions, secretForms, vendorDomains } from './vendors/definitions.ts';
import { createNodeLists } from './adapters/nodeCommand.ts';
import { createMachine } from './adapters/program.ts';
import { turnToStart } from './adapters/hooks/startTurns.ts';
import { createMarkers } from './vendors/markers.ts';
import {
  redactArtifacts,
  redactHealthSources,
  redactHook,
  redactMarkers,
  redactNodeLists,
  redactSourceChecks,
} from './adapters/redactedPorts.ts';
import { createSourceChecks } from './vendors/sourceChecks.ts';
import { collectorSecrets, createTelemetry, endpointVariable } from './adapters/telemetry/telemetry.ts';
import { createStoreTools } from './adapters/store/tools/storeTools.ts';
import { createIds, systemClock } from './adapters/time.ts';
import { parseFeedback } from './definition/parseFeedback.ts';
import { parsePipeline } from './definition/parsePipeline.ts';
import { detect, isProjectFile } from './definition/starter/detect.ts';
import { readConnection } from './definition/starter/connect.ts';
import { rank, rankSignals } from './definition/starter/signals.ts';
import { starterFiles } from './definition/starter/starterFiles.ts';
import { suggest, withNodes } from './definition/starter/suggest.ts';
import { createEngine } from './engine.ts';
import type { Diagnosis } from './model/diagnosis.ts';
import type { Engine } from './model/runs/engine.ts';
import { describeFailure, succeed, type Failure, type Result } from './model/failure.ts';
import type { Inspection } from './model/evidence/inspection.ts';
import type { HookRequest, Hooks, Log, Ports } from './model/ports.ts';
import { createRedactor, type Redactor } from './model/redact.ts';
import type { Starter } from './model/starter.ts';
import type { StoreTools } from './model/storeTools.ts';

export interface EngineOptions {
  /** The workspace folder; paths of configuration files and hooks are relative to it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of worker.js and supervisor.js. */
  readonly bundles: string;
  /** Default: the BACKSTOP_CREDENTIAL_ variables of the environment. */
  readonly credentials?: Credentials;
  /** Additional credential values to redact, which do not come from the environment. Called again each time. */
  readonly secrets?: () => readonly string[];
  readonly log: Log;
  /** Hosts to which every credential may be sent in this process. */
  readonly allowHosts?: readonly string[];
  /**
   * How long a call to the store may block the thread while another process has locked it. Runs wait longer, without
   * blocking.
   */
  readonly patienceMs?: number;
  /** Reports something that the user must know: a rebuilt store, or runs that cannot be sent to their collector. */
  readonly notice?: (failure: Failure) => void;
}

/** The output of hooks and written-out configurations are kept for 30 days. */
const keptMs = 30 * 24 * 3_600_000;

/** A terminal has no other work, and the user waits for it. */
const terminalPatienceMs = 1_000;

/** Checks the text of a pipeline file without an engine, so that it works even if the store is broken. */
export const parse: Engine['parse'] = parsePipeline;
export { parseFeedback, shortPatienceMs };

/** The vendors' definitions for the host. */
export const vendors = definitions;

const backends = definitions.flatMap(({ kind, title, connection }) =>
  connection && vendorPorts[kind]?.discover ? [{ kind, title, connection: connection.starter }] : [],
);

/** For a repository without a pipeline; needs no store. */
export function composeStarter(env: EngineOptions['env'], credentials = environmentCredentials(env)): Starter {
  const http = createHttp();
  const discover = createDiscovery({
    http,
    clock: systemClock,
    credentials,
    allowedHosts: allowedHostsFile(backstopHome(env, process.platform)),
    vendorDomains,
  });
  return {
    detect: folder => detect(readProject(folder, isProjectFile)),
    async signals(address, signal) {
      const samples = await readEndpoint({ http, clock: systemClock }, address, signal);
      return samples.ok ? succeed(rankSignals(samples.value)) : samples;
    },
    backends,
    connect: (text, service) => readConnection(text, service, backends, definitions),
    offered: ({ service, nodes }, { connection }, signal) => discover({ connection, service, nodes, rank }, signal),
    suggest,
    withNodes,
    files: starterFiles,
    write: writeNewFiles,
  };
}

export interface ComposedEngine extends Engine {
  readonly inspection: Inspection;
  readonly hosts: Pick<HostRules, 'unbound' | 'allow'>;
}

/** Opens the store; fails if that is impossible. Starts nothing else. */
export function composeEngine(options: EngineOptions): Result<ComposedEngine> {
  const { folder, env, bundles, log, credentials = environmentCredentials(env), secrets = () => [] } = options;
  const { allowHosts = [], notice = (failure: Failure) => log.warn(describeFailure(failure)) } = options;
  const stores = openStores(options, notice);
  if (!stores.ok) return stores;
  const { home, history, budgets } = stores.value;
  const clock = systemClock;
  const ownSecrets = secretsOf(env);
  const known = (): readonly string[] => [...ownSecrets, ...secrets()];
  const redactor = (): Redactor => createRedactor(known(), secretForms);
  const redact: Redactor = Object.assign((text: string) => redactor()(text), { stream: () => redactor().stream() });
  const hosts = createHostRules(allowedHostsFile(home), allowHosts, vendorDomains);
  const outside = {
    http: guardHttp(createHttp(turnToStart), hosts),
    clock,
    credentials: bindCredentials(credentials, hosts),
    budget: createBudget(budgets, clock),
    machine: createMachine({ folder, env, clock, credentials }),
  };
  const artifacts = redactArtifacts(createArtifacts(outside), redact);
  const configurations = createConfigurations({ folder, home, blobs: history });
  const place = { folder, env, home, credentials, execPath: process.execPath };
  const engine = createEngine({
    clock,
    log,
    ids: createIds(clock),
    history,
    configurations,
    repository: (of = folder) => findRepository(of),
    hooks: composeHooks({ ...place, clock, redact, secrets: known }, outside, bundles),
    feedback: createFeedbackFile(folder),
    ...(env['BACKSTOP_GUARD'] !== 'off' && {
      guardian: createGuardian({ ...place, allowHosts, program: join(bundles, 'cli.js') }),
    }),
    nodeLists: redactNodeLists(createNodeLists(outside.machine.runProgram), redact),
    ...composeSources(outside, redact, hook => programFailure(hook, folder, env['PATH'] ?? '')),
    artifacts,
    analysis: createWorkerAnalysis(join(bundles, 'worker.js'), known, secretForms),
  });
  const refuse = (url: string): Failure | undefined => hosts.refuse(url, endpointVariable);
  const telemetry = createTelemetry({ env, http: outside.http, history, clock, notice, redact, refuse });
  if (telemetry) engine.watch(telemetry);
  return succeed({
    ...engine,
    hosts,
    inspection: createInspection({ home, artifacts, configurations, redact }),
    async close() {
      await engine.close();
      await telemetry?.close();
      history.close();
      budgets.close();
    },
  });
}

interface OpenStores {
  readonly home: string;
  readonly history: OpenHistory;
  readonly budgets: OpenBudget;
}

/** Opens the folder, the history and the request budgets, and removes the output of old runs. */
function openStores(
  { env, log, patienceMs = terminalPatienceMs }: EngineOptions,
  notice: (failure: Failure) => void,
): Result<OpenStores> {
  const home = createHome(backstopHome(env, process.platform));
  if (!home.ok) return home;
  const { now, monotonicMs: steady } = systemClock;
  const history = openHistory(historyFile(home.value), now, { steady, patienceMs });
  if (!history.ok) return history;
  const budgets = openBudgetStore(historyFile(home.value), undefined, undefined, { patienceMs });
  if (!budgets.ok) return budgets;
  for (const failure of history.value.takeNotices()) notice(failure);
  pruneRunFolders(home.value, now() - keptMs).catch((error: unknown) =>
    log.warn(`Old run folders could not be removed: ${String(error)}`),
  );
  return succeed({ home: home.value, history: history.value, budgets: budgets.value });
}

/** Hooks send requests that change something only while their run owns the environment. */
function composeHooks(
  place: Omit<HooksContext, 'supervisorPath' | 'secretForms' | 'runHttp' | 'runJob'>,
  outside: Outside,
  bundles: string,
): Hooks {
  const { redact } = place;
  const guarded = ({ mayAct }: HookRequest) => ({ ...outside, http: whileOwner(outside.http, mayAct) });
  return createHooks({
    ...place,
    supervisorPath: join(bundles, 'supervisor.js'),
    secretForms,
    runHttp: redactHook((request, signal) => runHttpHook(guarded(request), request, signal), redact),
    runJob: redactHook((request, signal) => runJobHook(guarded(request), request, signal), redact),
  });
}

/** What reads, marks and checks the systems that a pipeline names. */
function composeSources(
  outside: Outside,
  redact: Redactor,
  hookProblem: (hook: CommandHook) => Failure | undefined,
): Pick<Ports, 'healthSources' | 'markers' | 'sourceChecks'> {
  const healthSources = redactHealthSources(createHealthSources(outside), redact),
    markers = redactMarkers(createMarkers(outside), redact);
  const sourceChecks = createSourceChecks({ ...outside, healthSources, markers, hookProblem });
  return { healthSources, markers, sourceChecks: redactSourceChecks(sourceChecks, redact) };
}

/** Opens nothing yet: `doctor` must be able to report why the store cannot be opened. */
export function composeStoreTools(
  env: EngineOptions['env'],
  secrets: readonly string[] = [],
  options: { readonly patienceMs?: number } = {},
): Result<StoreTools> {
  const home = createHome(backstopHome(env, process.platform));
  if (!home.ok) return home;
  const redact = createRedactor([...secretsOf(env), ...secrets], secretForms);
  return succeed(createStoreTools(historyFile(home.value), () => systemClock.now(), redact, options));
}

/** For an editor, whose thread must not wait. */
export async function composeDiagnosis(
  env: EngineOptions['env'],
  secrets: readonly string[],
): Promise<Result<Diagnosis>> {
  const tools = composeStoreTools(env, secrets, { patienceMs: shortPatienceMs });
  return tools.ok ? succeed(await diagnose(tools.value, env, systemClock)) : tools;
}

function secretsOf(env: EngineOptions['env']): readonly string[] {
  const credentials = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith('BACKSTOP_CREDENTIAL_') && value ? [value] : [],
  );
  return [...credentials, ...collectorSecrets(env)];
}
