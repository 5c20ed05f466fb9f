// Nouns that are counted: singular and plural as whole phrases, since languages differ in both. `{0}` is the number.
import { t } from './translate.ts';

interface Phrases {
  one(count: string): string;
  many(count: string): string;
}

export const nouns = {
  'baseline line': { one: count => t('{0} baseline line', count), many: count => t('{0} baseline lines', count) },
  'baseline node': { one: count => t('{0} baseline node', count), many: count => t('{0} baseline nodes', count) },
  'canary line': { one: count => t('{0} canary line', count), many: count => t('{0} canary lines', count) },
  'canary node': { one: count => t('{0} canary node', count), many: count => t('{0} canary nodes', count) },
  'canary phase': { one: count => t('{0} canary phase', count), many: count => t('{0} canary phases', count) },
  check: { one: count => t('{0} check', count), many: count => t('{0} checks', count) },
  cluster: { one: count => t('{0} cluster', count), many: count => t('{0} clusters', count) },
  'configuration file': {
    one: count => t('{0} configuration file', count),
    many: count => t('{0} configuration files', count),
  },
  'differing file': { one: count => t('{0} file differs', count), many: count => t('{0} files differ', count) },
  'differing key': { one: count => t('{0} key differs', count), many: count => t('{0} keys differ', count) },
  'differing setting': {
    one: count => t('{0} setting differs', count),
    many: count => t('{0} settings differ', count),
  },
  file: { one: count => t('{0} file', count), many: count => t('{0} files', count) },
  answer: { one: count => t('{0} answer', count), many: count => t('{0} answers', count) },
  'good deployment': { one: count => t('{0} good deployment', count), many: count => t('{0} good deployments', count) },
  'hook call': { one: count => t('{0} hook call', count), many: count => t('{0} hook calls', count) },
  hour: { one: count => t('{0} hour', count), many: count => t('{0} hours', count) },
  interval: { one: count => t('{0} interval', count), many: count => t('{0} intervals', count) },
  'known log event': { one: count => t('{0} known log event', count), many: count => t('{0} known log events', count) },
  line: { one: count => t('{0} line', count), many: count => t('{0} lines', count) },
  'log event': { one: count => t('{0} log event', count), many: count => t('{0} log events', count) },
  look: { one: count => t('{0} evaluation', count), many: count => t('{0} evaluations', count) },
  metric: { one: count => t('{0} metric', count), many: count => t('{0} metrics', count) },
  minute: { one: count => t('{0} minute', count), many: count => t('{0} minutes', count) },
  mistake: { one: count => t('{0} mistake', count), many: count => t('{0} mistakes', count) },
  'more canary node': {
    one: count => t('{0} more canary node', count),
    many: count => t('{0} more canary nodes', count),
  },
  'more character': { one: count => t('{0} more character', count), many: count => t('{0} more characters', count) },
  'more check': { one: count => t('{0} more check', count), many: count => t('{0} more checks', count) },
  'more commit': { one: count => t('{0} more commit', count), many: count => t('{0} more commits', count) },
  'more difference': { one: count => t('{0} more difference', count), many: count => t('{0} more differences', count) },
  'more hour': { one: count => t('{0} more hour', count), many: count => t('{0} more hours', count) },
  'more known cluster': {
    one: count => t('{0} more known log event', count),
    many: count => t('{0} more known log events', count),
  },
  'more metric': { one: count => t('{0} more metric', count), many: count => t('{0} more metrics', count) },
  'more minute': { one: count => t('{0} more minute', count), many: count => t('{0} more minutes', count) },
  'more second': { one: count => t('{0} more second', count), many: count => t('{0} more seconds', count) },
  'new exception': { one: count => t('{0} new exception', count), many: count => t('{0} new exceptions', count) },
  'new log event': { one: count => t('{0} new log event', count), many: count => t('{0} new log events', count) },
  node: { one: count => t('{0} node', count), many: count => t('{0} nodes', count) },
  'other node': { one: count => t('{0} other node', count), many: count => t('{0} other nodes', count) },
  phase: { one: count => t('{0} phase', count), many: count => t('{0} phases', count) },
  query: { one: count => t('{0} query', count), many: count => t('{0} queries', count) },
  regression: { one: count => t('{0} regression', count), many: count => t('{0} regressions', count) },
  rollback: { one: count => t('{0} rollback', count), many: count => t('{0} rollbacks', count) },
  row: { one: count => t('{0} row', count), many: count => t('{0} rows', count) },
  run: { one: count => t('{0} run', count), many: count => t('{0} runs', count) },
  second: { one: count => t('{0} second', count), many: count => t('{0} seconds', count) },
  stage: { one: count => t('{0} stage', count), many: count => t('{0} stages', count) },
  'unchanged key': {
    one: count => t('{0} key stays as it is', count),
    many: count => t('{0} keys stay as they are', count),
  },
  variable: { one: count => t('{0} variable', count), many: count => t('{0} variables', count) },
  verification: { one: count => t('{0} verification', count), many: count => t('{0} verifications', count) },
  warning: { one: count => t('{0} warning', count), many: count => t('{0} warnings', count) },
} satisfies Readonly<Record<string, Phrases>>;
export type Noun = keyof typeof nouns;
