// Which section of the documentation explains a place in a pipeline file.
import type { Path } from './document/syntaxNodes.ts';

const sections: Readonly<Record<string, string>> = {
  artifact: 'artifact',
  inputs: 'inputs',
  configuration: 'configuration',
  connections: 'connections',
  environments: 'environments',
  hooks: 'hooks',
  healthSources: 'health-sources',
  stages: 'stages',
  unattended: 'unattended-runs',
};
const sectionsOfStages: Readonly<Record<string, string>> = {
  when: 'conditions',
  approval: 'approvals',
  canary: 'canaries',
  verification: 'verification',
};

/** Page and section, as `Backstop: Open Documentation` takes them. */
export function documentationOf(path: Path): string {
  const [first = ''] = path;
  const inStage = first === 'stages' ? path.find(step => Object.hasOwn(sectionsOfStages, step)) : undefined;
  const section = inStage === undefined ? sections[first] : sectionsOfStages[inStage];
  return `pipeline-file.md#${section ?? 'the-file'}`;
}
