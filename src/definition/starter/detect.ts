// Finds facts about a service in the files of its repository. Each finding has its file and line.
import type { Finding, FindingKind, ProjectFiles } from '../../model/starter.ts';
import { findInManifest } from './manifests.ts';

/** True if a file with this name may contain facts about the service; no other file is opened. */
export function isProjectFile(name: string): boolean {
  const last = name.slice(name.lastIndexOf('/') + 1);
  return (
    last === 'package.json' ||
    /^(?:[\w-]+\.)?Dockerfile$|^Jenkinsfile$/.test(last) ||
    (/\.ya?ml$/.test(last) && !name.startsWith('.backstop/')) ||
    /\.service$/.test(last)
  );
}

const mostFindings = 500;

export function detect({ names, texts }: ProjectFiles): readonly Finding[] {
  const read = [...texts].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [
    ...read.flatMap(([file, text]) => findInFile(file, text)),
    ...findLogs(names),
    ...names.filter(isDeployScript).map(name => ({ kind: 'script' as const, value: name, file: name, line: 1 })),
    ...names
      .filter(name => /^config\/[\w.-]+\.(?:json|ya?ml|toml|env|properties|conf)$/.test(name))
      .map(name => ({ kind: 'configuration' as const, value: name, file: name, line: 1 })),
  ].slice(0, mostFindings);
}

/** `scripts/deploy.sh` is where the stub goes: a script there is kept, and cannot be called by the stub. */
function isDeployScript(name: string): boolean {
  return (
    name !== 'scripts/deploy.sh' &&
    /^(?:(?:bin|ci|deploy|ops|scripts?|tools)\/)?deploy(?:\.(?:sh|bash|py|mjs|js|rb))?$/.test(name)
  );
}

function findInFile(file: string, text: string): readonly Finding[] {
  const last = file.slice(file.lastIndexOf('/') + 1);
  if (last === 'package.json') return file === last ? findInPackage(file, text) : [];
  if (/Dockerfile$/.test(last)) return findInDockerfile(file, text);
  if (last === 'Jenkinsfile') return findByLine(file, text, jenkinsForms);
  if (/\.service$/.test(last)) return findInUnit(file, text);
  if (/^\.github\/workflows\//.test(file)) return findByLine(file, text, workflowForms);
  return findInManifest(file, text);
}

type Forms = readonly (readonly [FindingKind, RegExp])[];
const jenkinsForms: Forms = [
  ['platform', /^\s{0,9}(pipeline|node)\b[^{]{0,80}\{/],
  ['job', /^\s{0,40}stage\s{0,9}\(?\s{0,9}['"]([^'"]{1,80})['"]/],
];
const workflowForms: Forms = [['job', /^name:\s{0,9}['"]?([^'"#]{1,80})/]];

/** Returns the first group of each form, line by line; for a platform, its name. */
function findByLine(file: string, text: string, forms: Forms): readonly Finding[] {
  return text.split('\n').flatMap((line, at) =>
    forms.flatMap(([kind, form]) => {
      const value = form.exec(line.slice(0, 400))?.[1]?.trim();
      return value ? [{ kind, value: kind === 'platform' ? 'jenkins' : value, file, line: at + 1 }] : [];
    }),
  );
}

function findInPackage(file: string, text: string): readonly Finding[] {
  const lines = text.split('\n');
  const at = lines.findIndex(line => /^\s{0,9}"name"\s{0,9}:/.test(line));
  const name = at < 0 ? undefined : /"name"\s{0,9}:\s{0,9}"([^"]{1,214})"/.exec(lines[at]!.slice(0, 400))?.[1];
  return name ? [{ kind: 'service', value: name.replace(/^@[^/]*\//, ''), file, line: at + 1 }] : [];
}

function findInDockerfile(file: string, text: string): readonly Finding[] {
  // A line that ends in a backslash continues on the next one. A finding gets the number of the first line.
  const found: Finding[] = [];
  let command = '',
    from = 1;
  for (const [at, line] of text.split('\n').entries()) {
    if (command === '') from = at + 1;
    command += line.slice(0, 1_000);
    if (line.trimEnd().endsWith('\\') && command.length < 4_000) continue;
    const port = /^\s{0,9}EXPOSE\s{1,9}(\d{1,5})/i.exec(command)?.[1];
    if (port) found.push({ kind: 'port', value: port, file, line: from });
    const health = /^\s{0,9}HEALTHCHECK\s.{0,2000}?https?:\/\/[^/\s'"]{1,200}(\/[\w./-]{0,200})/i.exec(command)?.[1];
    if (health) found.push({ kind: 'health', value: health, file, line: from });
    command = '';
  }
  return found;
}

function findInUnit(file: string, text: string): readonly Finding[] {
  const line = text.split('\n').findIndex(one => one.trim() === '[Service]') + 1;
  if (line === 0) return [];
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/@?\.service$/, '');
  return [
    { kind: 'platform', value: 'systemd', file, line },
    { kind: 'service', value: name, file, line },
  ];
}

/** Log files whose folder or file name is the name of a node: `logs/web-1/shop.log`, `logs/web-1.log`. */
function findLogs(names: readonly string[]): readonly Finding[] {
  const found = names.flatMap(file => {
    const inFolder = /^((?:[\w.-]+\/){0,4}?logs?)\/([\w.-]{1,60})\/[\w.-]{1,100}\.log$/.exec(file);
    if (inFolder) return [{ file, pattern: `${inFolder[1]}/{node}/*.log`, node: inFolder[2]! }];
    const named = /^((?:[\w.-]+\/){0,4}?logs?)\/([\w-]{1,60})\.log$/.exec(file);
    return named ? [{ file, pattern: `${named[1]}/{node}.log`, node: named[2]! }] : [];
  });
  const [first] = found;
  if (!first) return [];
  const alike = found.filter(({ pattern }) => pattern === first.pattern);
  const nodes = new Map(alike.map(({ node, file }) => [node, file]));
  return [
    { kind: 'logs', value: first.pattern, file: first.file, line: 1 },
    ...[...nodes].map(([value, file]): Finding => ({ kind: 'node', value, file, line: 1 })),
  ];
}
