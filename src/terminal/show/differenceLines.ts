// The differences between two releases: artifact and configuration, old and new.
import type { Release, ReleaseDifference } from '../../model/release.ts';
import { formatBytes } from '../../model/byteSize.ts';
import { shortId } from '../../protocol/words/format.ts';
import { toned } from '../screen/line.ts';
import type { Line } from '../screen/line.ts';

/** If both releases are available, files are shown with digests and sizes. */
export function differenceLines(
  { version, files, variables }: ReleaseDifference,
  releases?: { readonly from: Release; readonly to: Release },
): readonly Line[] {
  if (!version && files.length === 0 && variables.length === 0) return [[toned('dim', 'nothing differs')]];
  return [
    version ? ['version   ', ...fromTo(version.from, version.to)] : [toned('dim', 'version   the same')],
    ...files.map(({ path, change }): Line => [
      `file      ${path} `,
      toned('dim', change),
      ...(releases ? [' ', ...fromTo(fileIn(releases.from, path), fileIn(releases.to, path))] : []),
    ]),
    ...variables.map(({ name, from, to }): Line => [
      `variable  ${name} `,
      ...fromTo(from ?? 'not set', to ?? 'not set'),
    ]),
    ...(files.length + variables.length === 0 ? [[toned('dim', 'configuration the same')]] : []),
  ];
}

function fromTo(from: string, to: string): Line {
  return [toned('bad', from), ' → ', toned('good', to)];
}

function fileIn({ configuration }: Release, path: string): string {
  const file = configuration.files.find(one => one.path === path);
  return file ? `${shortId(file.digest)} (${formatBytes(file.sizeBytes)})` : 'absent';
}
