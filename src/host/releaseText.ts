// A release as text that a diff editor can compare: artifact, files and variables, one on each line.
import type { LedgerEntry, Release } from '../model/release.ts';
import { formatBytes } from '../model/byteSize.ts';
import { formatMoment, shortId } from '../protocol/format.ts';
import { plainLine } from '../protocol/plainText.ts';
import { standingWord } from '../protocol/sentences.ts';

export function releaseText({ service, artifact, configuration }: Release): string {
  const variables = Object.entries(configuration.variables).sort(([left], [right]) => left < right ? -1 : 1);
  return [
    `service        ${plainLine(service, 200)}`,
    `version        ${plainLine(artifact.version, 200)}`,
    ...(artifact.build ? [`build          ${plainLine(artifact.build.job, 200)} #${artifact.build.number}`, `build address  ${plainLine(artifact.build.url, 500)}`] : []),
    ...(artifact.build?.file ? [`artifact       ${plainLine(artifact.build.file.path, 400)} ${plainLine(artifact.build.file.fingerprint ?? '(no fingerprint)', 40)}`] : []),
    `configuration  ${shortId(configuration.digest)}`,
    ...configuration.files.map(file => `file           ${plainLine(file.path, 400)} ${shortId(file.digest)} ${formatBytes(file.sizeBytes)}`),
    ...variables.map(([name, value]) => `variable       ${plainLine(name, 200)} = ${plainLine(value, 1000)}`),
    '',
  ].join('\n');
}

/** For a pick list: version, standing and moment. */
export function describeRelease(release: Release, ledger: readonly LedgerEntry[]): { readonly label: string; readonly description: string } {
  const entry = ledger.findLast(one => one.release === release.id);
  return {
    label: `${plainLine(release.artifact.version, 80)} (${shortId(release.id)})`,
    description: entry ? `${standingWord(entry.standing)} · ${plainLine(entry.environment, 60)} · ${formatMoment(entry.at)}` : formatMoment(release.createdAt),
  };
}
