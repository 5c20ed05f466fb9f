// Rows of nodes that a command lists: how many there are, what they run, and which came and went.
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { formatCount, joinParts } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { t } from '../words/translate.ts';
import type { RowMemory, RowParts } from './rowParts.ts';
import { names } from './rowWords.ts';

export function listedNodes(
  { environment, nodes }: RunEvent & { type: 'nodes-listed' },
  memory: RowMemory,
): readonly RowParts[] {
  const before = memory.nodes.get(environment),
    now = nodes.map(({ name }) => name);
  memory.nodes.set(environment, now);
  const gone = before?.filter(name => !now.includes(name)) ?? [],
    added = before ? now.filter(name => !before.includes(name)) : [];
  const versions = [...Map.groupBy(nodes, ({ version = '?' }) => version)].map(
    ([version, those]) => `${plainLine(version, 40)} × ${those.length}`,
  );
  const said = nodes.some(({ version }) => version !== undefined) ? ` (${versions.join(', ')})` : '';
  return [
    {
      level: gone.length + added.length > 0 ? 'normal' : 'detail',
      text: joinParts(
        [
          `${plainLine(environment, 80)}: ${formatCount(nodes.length, 'node')}${said}`,
          gone.length > 0 && t('gone: {0}', names(gone)),
          added.length > 0 && t('new: {0}', names(added)),
        ],
        '; ',
      ),
    },
  ];
}

export function foundSides({ canaryNodes, baselineNodes }: RunEvent & { type: 'sides-found' }): readonly RowParts[] {
  const canary = t('The canary is {0}', names(canaryNodes));
  return [
    {
      level: 'detail',
      text: joinParts([canary, baselineNodes.length > 0 && t('the baseline is {0}', names(baselineNodes))], '; '),
    },
  ];
}
