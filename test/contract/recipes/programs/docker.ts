// Stands in for docker: each Compose project is one small server of its own, with its version and its configuration.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { option, readState, unknownCall, words, writeState, type Deployed } from './state.ts';

type Container = Deployed & { readonly running: string; readonly pid: number };
const state = readState<{ readonly deployed: Record<string, Container> }>({ deployed: {} });
const { VERSION: version = '', CONFIG: file = '', PORT: port = '', RUNNING: running = '' } = process.env;

const server = `require('node:http').createServer((request, response) => response.end('${version}'))
  .listen(${port || 0}, '127.0.0.1')`;

async function isUp(): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
  return (await answer?.text()) === version;
}

async function up(project: string): Promise<void> {
  const before = state.deployed[project];
  if (before) process.kill(before.pid);
  const child = spawn(process.execPath, ['-e', server], { detached: true, stdio: 'ignore' });
  child.unref();
  const configuration = readFileSync(file, 'utf8');
  state.deployed[project] = { version, configuration, running, pid: child.pid ?? 0 };
  writeState(state);
  while (!(await isUp())) {
    // The port is free a moment after the old container has gone.
    if (child.exitCode !== null) return up(project);
    await setTimeout(20);
  }
}

const [verb] = words;
if (verb === 'compose') await up(option('--project-name'));
else if (verb === 'ps') console.log(/project=([\w-]+)/.exec(words.join(' '))?.[1]);
else if (verb === 'inspect') console.log(state.deployed[words.at(-1)!]?.running);
else unknownCall();
