// The few symbols that are not letters, and their replacements for ASCII terminals.
import type { StageState } from '../../model/runs/runState.ts';
import type { Outcome } from '../../model/evidence/verdict.ts';
import type { Tone } from './line.ts';

export interface Glyphs {
  readonly pass: string;
  readonly fail: string;
  readonly unclear: string;
  readonly pending: string;
  readonly skipped: string;
  readonly back: string;
  readonly spinner: readonly string[];
  /** For the first, middle and last of parallel stages. */
  readonly group: readonly [string, string, string];
  readonly barFull: string;
  readonly barEmpty: string;
  readonly barLimit: string;
  readonly bullet: string;
  /** True if only ASCII may be written. */
  readonly ascii: boolean;
}

const unicode: Glyphs = {
  pass: '✓',
  fail: '✗',
  unclear: '?',
  pending: '○',
  skipped: '–',
  back: '↩',
  spinner: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'],
  group: ['┌', '│', '└'],
  barFull: '█',
  barEmpty: '░',
  barLimit: '┃',
  bullet: '•',
  ascii: false,
};
const ascii: Glyphs = {
  pass: '+',
  fail: 'x',
  unclear: '?',
  pending: '.',
  skipped: '-',
  back: '<',
  spinner: [...'|/-\\'],
  group: ['.', '|', "'"],
  barFull: '#',
  barEmpty: '-',
  barLimit: '|',
  bullet: '*',
  ascii: true,
};

export function glyphsFor(env: Readonly<Record<string, string | undefined>>): Glyphs {
  if (env['TERM'] === 'linux' || env['TERM'] === 'dumb') return ascii;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale === '' || /utf-?8/i.test(locale) ? unicode : ascii;
}

export function statusMark(status: StageState['status'], glyphs: Glyphs, frame: number): { text: string; tone: Tone } {
  switch (status) {
    case 'passed':
      return { text: glyphs.pass, tone: 'good' };
    case 'failed':
    case 'rejected':
      return { text: glyphs.fail, tone: 'bad' };
    case 'rolled-back':
      return { text: glyphs.back, tone: 'bad' };
    case 'held':
    case 'cancelled':
    case 'overtaken':
      return { text: glyphs.unclear, tone: 'warn' };
    case 'skipped':
      return { text: glyphs.skipped, tone: 'dim' };
    case 'pending':
    case 'queued':
      return { text: glyphs.pending, tone: 'dim' };
    case 'running':
      return { text: glyphs.spinner[frame % glyphs.spinner.length] ?? '', tone: 'canary' };
    default:
      return status satisfies never;
  }
}

export function outcomeMark(outcome: Outcome, glyphs: Glyphs): { text: string; tone: Tone } {
  switch (outcome) {
    case 'pass':
      return { text: glyphs.pass, tone: 'good' };
    case 'fail':
      return { text: glyphs.fail, tone: 'bad' };
    case 'inconclusive':
      return { text: glyphs.unclear, tone: 'warn' };
    default:
      return outcome satisfies never;
  }
}
