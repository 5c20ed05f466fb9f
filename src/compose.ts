// The object graph of phases and adapters, by hand, in reading order.
import { join } from 'node:path';
import { createWorkerAnalysis } from './adapters/analysis.ts';
import { createArtifacts } from './adapters/artifacts.ts';
import { createConfigurations } from './adapters/configurations.ts';
import { environmentCredentials, type Credentials } from './adapters/credentials.ts';
import { createHealthSources } from './adapters/healthSources.ts';
import { openHistory } from './adapters/history.ts';
import { backstopHome, createHome, historyFile, pruneRunFolders } from './adapters/home.ts';
import { createHooks } from './adapters/hooks.ts';
import { createHttp } from './adapters/http.ts';
import { runHttpHook } from './adapters/httpHook.ts';
import { runJenkinsHook } from './adapters/jenkinsHook.ts';
import { createMarkers } from './adapters/markers.ts';
import { createIds, systemClock } from './adapters/time.ts';
import { createEngine } from './engine.ts';
import type { Engine } from './model/engine.ts';
import { succeed, type Result } from './model/failure.ts';
import type { Log } from './model/ports.ts';
import { createRedactor } from './model/redact.ts';

export interface EngineOptions {
  /** The workspace folder: configuration files and hooks are relative to it. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where worker.js and supervisor.js lie. */
  readonly bundles: string;
  /** Default: the environment's BACKSTOP_CREDENTIAL_ variables. */
  readonly credentials?: Credentials;
  readonly log: Log;
}

/** Output of hooks and written-out configurations are kept for a month. */
const keptMs = 30 * 24 * 3_600_000;

/** Fails where the store cannot be opened; starts nothing else. */
export function composeEngine({ folder, env, bundles, credentials = environmentCredentials(env), log }: EngineOptions): Result<Engine> {
  const home = createHome(backstopHome(env, process.platform));
  if (!home.ok) return home;
  const history = openHistory(historyFile(home.value));
  if (!history.ok) return history;
  const clock = systemClock;
  pruneRunFolders(home.value, clock.now() - keptMs).catch((error: unknown) => log.warn(`Old run folders could not be removed: ${String(error)}`));
  const outside = { http: createHttp(), clock, credentials };
  const secrets = Object.entries(env).flatMap(([name, value]) => name.startsWith('BACKSTOP_CREDENTIAL_') && value ? [value] : []);
  const engine = createEngine({
    clock, log,
    ids: createIds(clock),
    history: history.value,
    configurations: createConfigurations({ folder, home: home.value, blobs: history.value }),
    hooks: createHooks({
      folder, env, clock, home: home.value, supervisorPath: join(bundles, 'supervisor.js'), execPath: process.execPath, redact: createRedactor(secrets), credentials,
      runHttp: (request, signal) => runHttpHook(outside, request, signal), runJenkins: (request, signal) => runJenkinsHook(outside, request, signal),
    }),
    healthSources: createHealthSources(outside),
    markers: createMarkers(outside),
    artifacts: createArtifacts(outside),
    analysis: createWorkerAnalysis(join(bundles, 'worker.js')),
  });
  return succeed({
    ...engine,
    async close() {
      await engine.close();
      history.value.close();
    },
  });
}
