// Installs real VS Codes for the tests, on demand, from the npm registry alone, into the git-ignored `.vscode-test/`.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { editions, newest, type Edition } from './editions.ts';

export interface InstalledEditor {
  readonly edition: Edition;
  /** Node.js of the major version that the editor wants. */
  readonly node: string;
  /** The script that starts the editor's server. */
  readonly entry: string;
}

const root = join(import.meta.dirname, '..', '..', '.vscode-test');
const longestStepMs = 300_000;

/** Does nothing where the same versions are already there. Throws with npm's own words when npm fails. */
export async function installEditor(edition: Edition): Promise<InstalledEditor> {
  const node = await installNode(edition.node);
  const folder = join(root, edition.vscode);
  const server = join(folder, 'node_modules', 'code-server');
  const installed: InstalledEditor = { edition, node, entry: join(server, 'out', 'node', 'entry.js') };
  const mark = join(folder, 'installed.txt');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === edition.codeServer) return installed;
  process.stderr.write(
    `Installing VS Code ${edition.vscode} (code-server ${edition.codeServer}) into .vscode-test/ ...\n`,
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Without scripts nothing native is compiled; the two installs after it are what the skipped script would have done.
  await npm(node, folder, ['install', '--prefix', folder, '--ignore-scripts', `code-server@${edition.codeServer}`]);
  const vscode = join(server, 'lib', 'vscode');
  for (const part of [vscode, join(vscode, 'extensions')])
    await npm(node, part, ['install', '--omit=dev', '--ignore-scripts']);
  if (edition !== newest) lendSearchProgram(await installEditor(newest), vscode);
  writeFileSync(mark, edition.codeServer);
  return installed;
}

/** An older VS Code gets its file search from a script that downloads it elsewhere; the newest has it in a package. */
function lendSearchProgram({ entry }: InstalledEditor, vscode: string): void {
  const universal = join(
    dirname(entry),
    '..',
    '..',
    'lib',
    'vscode',
    'node_modules',
    '@vscode',
    'ripgrep-universal',
    'bin',
  );
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const target = join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
  mkdirSync(target, { recursive: true });
  copyFileSync(join(universal, `${process.platform}-${process.arch}`, name), join(target, name));
}

/** The project's own Node.js serves where it is of that version. */
async function installNode(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const folder = join(root, `node-${major}`);
  const path = join(folder, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(path)) return path;
  process.stderr.write(`Installing Node.js ${major} into .vscode-test/ ...\n`);
  mkdirSync(folder, { recursive: true });
  await npm(process.execPath, folder, ['install', '--prefix', folder, `node@${major}`]);
  return path;
}

async function npm(node: string, folder: string, words: readonly string[]): Promise<void> {
  const output: string[] = [];
  const program = spawn('npm', [...words, '--no-audit', '--no-fund', '--no-save', '--loglevel=error'], {
    cwd: folder,
    env: environmentFor(node),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: longestStepMs,
    shell: process.platform === 'win32',
  });
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  program.once('error', reject).once('close', resolve);
  const status = await promise;
  if (status !== 0) throw new Error(`npm ${words.join(' ')} ended with ${status}:\n${output.join('').slice(-2000)}`);
}

/** Inside `npm run`, npm tells its children which package they belong to; this npm works elsewhere. */
function environmentFor(node: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|command|config_(local_)?prefix)/i.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` };
}

if (process.argv[1] === import.meta.filename) {
  for (const edition of editions)
    process.stdout.write(`VS Code ${edition.vscode}: ${(await installEditor(edition)).entry}\n`);
}
