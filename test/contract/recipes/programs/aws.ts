// Stands in for the AWS command line: what the recipe asks of ECS.
import { option, readState, refuseBroken, unknownCall, words, writeState, type Deployed } from './state.ts';

type Definition = Deployed & { readonly tag: string };
interface Cloud {
  readonly definitions: Definition[];
  readonly services: Record<string, number>;
  deployed: Record<string, Deployed>;
}
interface Registered {
  readonly containerDefinitions: readonly [{ readonly image: string; readonly environment: readonly [Pair] }];
  readonly tags: readonly [Pair];
}
interface Pair {
  readonly value: string;
}
const cloud = readState<Cloud>({ definitions: [], services: {}, deployed: {} });

function register(): void {
  const { containerDefinitions, tags } = JSON.parse(option('--cli-input-json')) as Registered;
  const [{ image, environment }] = containerDefinitions;
  cloud.definitions.push({
    version: image.replace(/^.*:/, ''),
    configuration: Buffer.from(environment[0].value, 'base64').toString(),
    tag: tags[0].value,
  });
  console.log(`arn:aws:ecs:eu-central-1:1:task-definition/shop:${cloud.definitions.length}`);
}

const definitionAt = (arn: string): Definition => cloud.definitions[Number(arn.replace(/^.*:/, '')) - 1]!;
switch (words[1]) {
  case 'register-task-definition':
    register();
    break;
  case 'update-service': {
    const arn = option('--task-definition');
    cloud.services[option('--service')] = Number(arn.replace(/^.*:/, ''));
    const { version, configuration } = definitionAt(arn);
    cloud.deployed[option('--service')] = { version, configuration };
    break;
  }
  case 'wait':
    refuseBroken(definitionAt(String(cloud.services[words.at(-1)!])).version);
    break;
  case 'describe-services':
    console.log(
      option('--query').startsWith('length')
        ? 1
        : `arn:aws:ecs:eu-central-1:1:task-definition/shop:${cloud.services[option('--services')]}`,
    );
    break;
  case 'describe-task-definition':
    console.log(definitionAt(option('--task-definition')).tag);
    break;
  default:
    unknownCall();
}
writeState(cloud);
