// Finds the section of the documentation that explains a place in a pipeline file.
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

/** The page and section, in the form that `Backstop: Open Documentation` takes. */
export function documentationOf(path: Path): string {
  const [first = ''] = path;
  const inStage = first === 'stages' ? path.find(step => Object.hasOwn(sectionsOfStages, step)) : undefined;
  const section = inStage === undefined ? sections[first] : sectionsOfStages[inStage];
  return `pipeline-file.md#${section ?? 'the-file'}`;
}
