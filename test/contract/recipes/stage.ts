// A recipe in a folder of its own, whose scripts run as hooks do, with stand-ins for the programs that are not here.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { delimiter, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { root } from '../../unit/documentSet.ts';
import type { Deployed } from './programs/state.ts';

export interface Call {
  readonly version: string;
  readonly nodes: readonly string[];
  /** The text of its configuration file. */
  readonly configuration: string;
  readonly purpose?: 'deploy' | 'rollback';
}

export interface RecipeStage {
  readonly folder: string;
  /** In front of all others on the path of the scripts. */
  readonly programs: string;
  run(script: 'deploy' | 'check', call: Call): Promise<{ readonly status: number; readonly told: string }>;
  /** By node, as the stand-ins know it. */
  deployed(): Readonly<Record<string, Deployed>>;
}

export interface StageOptions {
  /** Each runs `programs/NAME.ts`. */
  readonly standIns?: readonly string[];
  /** By the folder. */
  readonly variables?: (folder: string) => Readonly<Record<string, string>>;
}

export function setRecipe(context: TestContext, recipe: string, options: StageOptions = {}): RecipeStage {
  const { standIns = [], variables = () => ({}) } = options;
  const folder = mkdtempSync(join(tmpdir(), `backstop-recipe-${recipe}-`));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  cpSync(join(root, 'media/recipes', recipe), folder, { recursive: true });
  const programs = join(folder, 'programs'),
    state = join(folder, 'state');
  for (const one of [programs, state]) mkdirSync(one);
  for (const name of ['state', ...standIns]) writePlain(state, name);
  for (const name of standIns)
    writeProgram(
      join(programs, name),
      `RECIPE_PROGRAM=${name} exec '${process.execPath}' '${join(state, name)}.mjs' "$@"`,
    );
  return {
    folder,
    programs,
    run: (script, call) =>
      new Promise(resolve => {
        const env = {
          ...process.env,
          PATH: [programs, dirname(process.execPath), process.env['PATH']].join(delimiter),
          RECIPE_STATE: state,
          RECIPE_YAML: import.meta.resolve('yaml'),
          ...variables(folder),
          ...hookVariablesOf(folder, call),
        };
        const file = join(folder, `scripts/${script}.sh`);
        execFile(file, { cwd: folder, env, timeout: 30_000 }, (error, out, err) =>
          resolve({ status: error === null ? 0 : Number(error.code ?? -1), told: out + err }),
        );
      }),
    deployed() {
      const file = join(state, 'state.json');
      if (!existsSync(file)) return {};
      const { deployed } = JSON.parse(readFileSync(file, 'utf8')) as { deployed: Record<string, Deployed> };
      return deployed;
    },
  };
}

/** As plain JavaScript, which starts in a fraction of the time. */
function writePlain(folder: string, name: string): void {
  const text = stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'programs', `${name}.ts`), 'utf8'));
  writeFileSync(join(folder, `${name}.mjs`), text.replace("'./state.ts'", "'./state.mjs'"));
}

export function writeProgram(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

function hookVariablesOf(folder: string, { version, nodes, configuration, purpose = 'deploy' }: Call) {
  const digest = createHash('sha256').update(configuration).digest('hex');
  const kept = join(folder, 'configurations', digest);
  mkdirSync(join(kept, 'config'), { recursive: true });
  const name = existsSync(join(folder, 'config/shop.env')) ? 'shop.env' : 'shop.json';
  writeFileSync(join(kept, 'config', name), configuration);
  return {
    BACKSTOP_VERSION: version,
    BACKSTOP_NODES: nodes.join(','),
    BACKSTOP_CONFIG_DIR: kept,
    BACKSTOP_CONFIG_DIGEST: digest,
    BACKSTOP_RELEASE: createHash('sha256').update(`${version} ${digest}`).digest('hex'),
    BACKSTOP_PURPOSE: purpose,
  };
}
