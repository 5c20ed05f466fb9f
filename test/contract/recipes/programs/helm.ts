// Stands in for helm: upgrade and history.
import { readFileSync } from 'node:fs';
import { option, readState, refuseBroken, unknownCall, words, writeState, type Deployed } from './state.ts';

type Release = Deployed & { readonly description: string; readonly status: string };
const state = readState<{ readonly deployed: Record<string, Release> }>({ deployed: {} });
const [verb] = words;
if (verb === 'upgrade') {
  const version = option('--set-string').replace('image.tag=', '');
  const configuration = readFileSync(option('--set-file').replace('configuration=', ''), 'utf8');
  const status = version === '9.9.9' ? 'failed' : 'deployed';
  state.deployed[option('--install')] = { version, configuration, status, description: option('--description') };
  writeState(state);
  refuseBroken(version);
} else if (verb === 'history') {
  const { status, version, description } = state.deployed[words[1]!]!;
  console.log(
    `- app_version: ""\n  chart: shop-${version}\n  description: ${description}\n  revision: 7\n  status: ${status}`,
  );
} else unknownCall();
