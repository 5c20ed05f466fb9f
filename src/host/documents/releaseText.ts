// A release as text for a diff editor: artifact, files and variables, one per line.
import type { Build } from '../../model/ports.ts';
import type { LedgerEntry, Release } from '../../model/release.ts';
import { joinParts, formatMoment, formatSize, shortId } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { t } from '../../protocol/words/translate.ts';
import { standingWord } from '../../protocol/words/words.ts';

/** The length of the longest name in the first column. */
const longestName = 13;

export function releaseText({ service, artifact, configuration }: Release): string {
  const variables = Object.entries(configuration.variables).sort(([left], [right]) => (left < right ? -1 : 1));
  const row = (name: string, value: string): string => `${name.padEnd(longestName)}  ${value}`;
  const { build } = artifact;
  return [
    row(t('service'), plainLine(service, 200)),
    row(t('version'), plainLine(artifact.version, 200)),
    ...(build
      ? [
          row(t('build'), `${plainLine(build.job, 200)} #${build.number}`),
          row(t('build address'), plainLine(build.url, 500)),
        ]
      : []),
    ...(build?.file
      ? [row(t('artifact'), joinParts([plainLine(build.file.path, 400), fingerprintText(build.file.fingerprint)], ' '))]
      : []),
    row(t('configuration'), shortId(configuration.digest)),
    ...configuration.files.map(file =>
      row(t('file'), `${plainLine(file.path, 400)} ${shortId(file.digest)} ${formatSize(file.sizeBytes)}`),
    ),
    ...variables.map(([name, value]) => row(t('variable'), `${plainLine(name, 200)} = ${plainLine(value, 1000)}`)),
    '',
  ].join('\n');
}

/** For a pick list: version, status and time. */
export function describeRelease(
  release: Release,
  ledger: readonly LedgerEntry[],
): { readonly label: string; readonly description: string } {
  const entry = ledger.findLast(one => one.release === release.id);
  return {
    label: `${plainLine(release.artifact.version, 80)} (${shortId(release.id)})`,
    description: entry
      ? `${standingWord(entry.standing)} · ${plainLine(entry.environment, 60)} · ${formatMoment(entry.at)}`
      : formatMoment(release.createdAt),
  };
}

/** Empty for a version of which no build is known. */
export function describeBuild({ artifact: { build }, startedAtMs }: Build): string {
  if (!build) return '';
  const job = plainLine(build.job, 200);
  return startedAtMs === undefined
    ? t('Build #{0} of {1}', build.number, job)
    : t('Build #{0} of {1}, {2}.', build.number, job, formatMoment(startedAtMs));
}

function fingerprintText(fingerprint: string | undefined): string {
  return fingerprint === undefined ? `(${t('no fingerprint')})` : plainLine(fingerprint, 40);
}
