// Lists the versions that a program prints.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { Artifacts, Build } from '../../model/ports.ts';
import type { CommandArtifact } from './options.ts';

/** Ten thousand versions, in whole lines. */
const mostBytes = 1_048_576,
  longestVersion = 200,
  longestQuote = 80;

export function createCommandArtifacts({ machine }: Outside): Artifacts {
  return {
    async list(given, _, limit, signal) {
      if (!machine) return fail('refused', 'Versions: no program is run here.');
      const { options } = given as CommandArtifact;
      const ran = await machine.runProgram(
        { ...options, title: 'Versions', values: {}, withErrors: false, mostBytes },
        signal,
      );
      if (!ran.ok) return ran;
      const whose = `Versions: its program "${options.command[0]}"`;
      if (ran.value.cut > 0) return fail('bad-answer', `${whose} printed more than ${mostBytes / 1_048_576} MB.`);
      return readVersions(new TextDecoder('utf-8').decode(ran.value.bytes), whose, limit);
    },
  };
}

/** The newest first, as it prints them; each once. What is no version is refused, never left out. */
export function readVersions(text: string, whose: string, limit: number): Result<readonly Build[]> {
  const versions = new Set<string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (versions.size >= limit) break;
    const version = line.trim();
    if (version === '') continue;
    if (version.length > longestVersion || /[\s\p{C}]/u.test(version))
      return fail('bad-answer', `${whose} printed line ${index + 1}, which is no version: "${plainQuote(version)}".`, {
        hint: 'Let it print nothing but versions, one a line, the newest first.',
      });
    versions.add(version);
  }
  return succeed([...versions].map(version => ({ artifact: { version }, standing: 'passed' })));
}

function plainQuote(text: string): string {
  const line = text.replaceAll(/[\s\p{C}]+/gu, ' ');
  return line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line;
}
