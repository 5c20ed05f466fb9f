// A cluster of the run panel in the editor: as a read-only document, or beside the nearest known cluster.
import * as vscode from 'vscode';
import { plainLine } from '../../protocol/words/plainText.ts';
import type { PlacedCluster } from '../../protocol/snapshot/snapshotCluster.ts';
import { clusterText } from './clusterText.ts';
import type { HostServices } from '../hostServices.ts';
import type { RunFollower } from '../panel/runFollower.ts';
import { t } from '../../protocol/words/translate.ts';

export async function openCluster(
  { documents }: HostServices,
  runId: string,
  placed: PlacedCluster | undefined,
): Promise<void> {
  if (placed)
    await documents.show(`/cluster/${runId}/${titleOf(placed)}.txt`, () =>
      Promise.resolve(clusterText(placed.cluster)),
    );
}

export async function compareCluster(
  { documents }: HostServices,
  runId: string,
  follower: Pick<RunFollower, 'find' | 'nearestOf'>,
  id: string,
): Promise<void> {
  const placed = follower.find(id),
    nearest = placed?.cluster.nearest;
  if (!placed || !nearest) return;
  const known = follower.nearestOf(id);
  const left = documents.make(`/cluster/${runId}/${known ? titleOf(known) : t('Nearest Known')}.txt`, () =>
    Promise.resolve(known ? clusterText(known.cluster) : `${plainLine(nearest.template)}\n`),
  );
  const right = documents.make(`/cluster/${runId}/${titleOf(placed)}.txt`, () =>
    Promise.resolve(clusterText(placed.cluster)),
  );
  await vscode.commands.executeCommand('vscode.diff', left, right, t('{0} and the Nearest Known', titleOf(placed)));
}

/** The name of the tab: the letter or first words of the cluster, without characters that are not allowed in a path. */
function titleOf({ letter, cluster }: PlacedCluster): string {
  const words = plainLine(cluster.template, 60)
    .replace(/[/\\:*?"<>|#%]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return [letter && t('Log event {0}', letter), words].filter(Boolean).join(' ');
}
