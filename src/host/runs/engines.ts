// The engines of this window, one for each folder, created on first use. In an untrusted folder, the engine only reads.
import { fail, succeed, type Result } from '../../model/failure.ts';
import type { Engine } from '../../model/runs/engine.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { HostUse } from '../../model/hostUse.ts';
import type { Inspection } from '../../model/evidence/inspection.ts';
import type { Pipeline } from '../../model/pipeline.ts';
import type { Starter } from '../../model/starter.ts';
import type { VendorDefinition } from '../../vendors/vendor.ts';

export interface HostEngine extends Engine {
  readonly inspection: Inspection;
  readonly hosts: {
    unbound(pipeline: Pipeline): readonly HostUse[];
    allow(use: HostUse): void;
  };
}

export interface Engines {
  /** The engine of a folder; without a folder, an engine that only reads the store. */
  open(folder?: string): Promise<Result<HostEngine>>;
  parse: (...given: Parameters<Engine['parse']>) => Promise<ReturnType<Engine['parse']>>;
  vendors: () => Promise<readonly VendorDefinition[]>;
  /** For a folder without a pipeline; it needs no engine. */
  starter: (folder: string) => Promise<Starter>;
  /** Facts about this installation, redacted. Needs no engine, and works with a broken store. */
  diagnose: () => Promise<Result<Diagnosis>>;
  onOpen(listener: (engine: HostEngine) => void): void;
  close(): Promise<void>;
}

export interface EngineSource {
  compose(folder: string): Result<HostEngine>;
  parse: Engine['parse'];
  diagnose(): Promise<Result<Diagnosis>>;
  readonly vendors: readonly VendorDefinition[];
  starter(folder: string): Starter;
}

export interface EnginesOptions {
  /** Loads the engine's code. */
  readonly load: () => Promise<EngineSource>;
  /** Reads the credentials into memory, since the engine asks for them synchronously. */
  readonly prepare: () => Promise<void>;
  readonly isTrusted: () => boolean;
  readonly emptyFolder: string;
  readonly untrusted: string;
  /** Asks the user, once for each credential and host that a workspace names. */
  readonly askForHost: (use: HostUse) => Promise<boolean>;
}

export function createEngines({
  load,
  prepare,
  isTrusted,
  emptyFolder,
  untrusted,
  askForHost,
}: EnginesOptions): Engines {
  const engines = new Map<string, Promise<Result<HostEngine>>>();
  const listeners: ((engine: HostEngine) => void)[] = [];
  let source: Promise<EngineSource> | undefined;
  const loaded = (): Promise<EngineSource> => (source ??= load());

  async function make(folder: string): Promise<Result<HostEngine>> {
    const [{ compose }] = await Promise.all([loaded(), prepare()]);
    const composed = compose(folder);
    if (!composed.ok) {
      engines.delete(folder);
      return composed;
    }
    const engine = guard(composed.value, isTrusted, untrusted, askForHost);
    for (const listener of listeners) listener(engine);
    return succeed(engine);
  }
  return {
    open(folder = emptyFolder) {
      const known = engines.get(folder) ?? make(folder);
      engines.set(folder, known);
      return known;
    },
    parse: async (text, file) => (await loaded()).parse(text, file),
    vendors: async () => (await loaded()).vendors,
    async starter(folder) {
      const [source] = await Promise.all([loaded(), prepare()]);
      return source.starter(folder);
    },
    async diagnose() {
      const [source] = await Promise.all([loaded(), prepare()]);
      return source.diagnose();
    },
    onOpen(listener) {
      listeners.push(listener);
    },
    async close() {
      const opened = await Promise.all(engines.values());
      engines.clear();
      await Promise.all(
        opened.map(async one => {
          if (one.ok) await one.value.close();
        }),
      );
    },
  };
}

/** In an untrusted workspace, no hook runs and no address from the workspace is used. */
function guard(
  engine: HostEngine,
  isTrusted: () => boolean,
  untrusted: string,
  askForHost: EnginesOptions['askForHost'],
): HostEngine {
  /** A host that the user does not allow is refused with a reason before anything is sent. */
  const consent = async (pipeline: Pipeline): Promise<void> => {
    for (const use of engine.hosts.unbound(pipeline)) if (await askForHost(use)) engine.hosts.allow(use);
  };
  const asking =
    <Given extends { readonly pipeline: Pipeline }, T>(work: (request: Given) => Promise<Result<T>>) =>
    async (request: Given): Promise<Result<T>> => {
      await consent(request.pipeline);
      return work(request);
    };
  const trusted =
    <Given extends readonly unknown[], T>(work: (...given: Given) => Promise<Result<T>>) =>
    (...given: Given): Promise<Result<T>> =>
      isTrusted() ? work(...given) : Promise.resolve(fail('refused', untrusted));
  return {
    ...engine,
    dryRun: trusted(asking(engine.dryRun)),
    start: trusted(asking(engine.start)),
    resume: trusted(engine.resume),
    rollBack: trusted(asking(engine.rollBack)),
    adopt: trusted(asking(engine.adopt)),
    mark: trusted(engine.mark),
    unmark: trusted(engine.unmark),
    pin: trusted(engine.pin),
    unpin: trusted(engine.unpin),
    checkSources: async (...given) => {
      if (!isTrusted()) return [];
      await consent(given[0]);
      return engine.checkSources(...given);
    },
    comparisons: async pipeline => (isTrusted() ? engine.comparisons(pipeline) : []),
    instruct: trusted(engine.instruct),
    inspection: {
      ...engine.inspection,
      builds: trusted(engine.inspection.builds),
    },
  };
}
