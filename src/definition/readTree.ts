// Reads text into a tree of places: guards against hostile files, then YAML, anchors, aliases, merge keys and tags.
import { Composer, Parser, isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, Pair, Scalar } from 'yaml';
import type { Draft, Report } from '../model/file/drafts.ts';
import { errorAt } from '../model/file/drafts.ts';
import type { Entry, Place, Span } from '../model/file/place.ts';
import { findExcess, refuseMore, refuseText, sizeLimit, tooMany } from './hostileText.ts';
import { syntaxDrafts } from './syntaxProblems.ts';

/** A kind of file: its name in messages, and a hint how to begin one. */
export interface FileKind {
  readonly thing: string;
  readonly begin: string;
}
const pipelineFile: FileKind = { thing: 'pipeline', begin: 'Begin with `version: 1`, `service:`, and `stages:`.' };

/** Returns the tree, or the problems that prevent reading it. `text` has no byte order mark. */
export function readTree(
  text: string,
  { thing, begin }: FileKind = pipelineFile,
): { readonly root?: Place; readonly drafts: readonly Draft[] } {
  const refused = refuseText(text, thing);
  if (refused) return { drafts: [refused] };
  const tokens = [...new Parser().parse(text)];
  const excess = findExcess(tokens, text, thing);
  if (excess) return { drafts: [excess] };
  const options = {
    uniqueKeys: false,
    keepSourceTokens: false,
    merge: false,
    schema: 'core',
    version: '1.2',
    prettyErrors: false,
  } as const;
  const documents = [...new Composer(options).compose(tokens, true, text.length)];
  const drafts = [
    ...syntaxDrafts(
      documents.flatMap(document => document.errors),
      text,
    ),
    ...refuseMore(documents, text, thing),
  ];
  if (drafts.length > 0) return { drafts };
  const contents = documents[0]?.contents;
  if (!contents || (isScalar(contents) && contents.value === null)) {
    return { drafts: [errorAt({ start: 0, end: 0 }, 'empty-file', `The file contains no ${thing}. ${begin}`)] };
  }
  return new TreeBuilder(text, { thing, begin }).build(contents as Node);
}

const plainTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => `tag:yaml.org,2002:${name}`),
);

class TreeBuilder {
  readonly drafts: Draft[] = [];
  readonly text: string;
  readonly anchors = new Map<string, Place | 'open'>();
  readonly sizes = new Map<Place, number>();
  readonly kind: FileKind;

  constructor(text: string, kind: FileKind) {
    this.text = text;
    this.kind = kind;
  }

  build(contents: Node): { root?: Place; drafts: readonly Draft[] } {
    const root = this.place(contents);
    if (root.kind !== 'map' && this.drafts.length === 0) {
      this.report(
        errorAt(
          { start: root.span.start, end: Math.min(root.span.end, root.span.start + 80) },
          'not-a-map',
          `A ${this.kind.thing} file is a map of keys and values. ${this.kind.begin}`,
        ),
      );
    }
    const exploded = this.drafts.filter(draft => draft.code === 'too-many-values');
    if (exploded.length > 0) return { drafts: exploded };
    return { ...(root.kind === 'map' && { root }), drafts: this.drafts };
  }

  readonly report: Report = draft => {
    this.drafts.push(draft);
  };

  place(node: unknown): Place {
    if (isAlias(node)) return this.alias(node.source, this.spanOf(node));
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (anchor) this.anchors.set(anchor, 'open');
    const place = this.plainPlace(node);
    if (anchor) this.anchors.set(anchor, place);
    return place;
  }

  plainPlace(node: unknown): Place {
    if ((isMap(node) || isSeq(node) || isScalar(node)) && !this.hasPlainTag(node))
      return this.broken(this.spanOf(node));
    if (isMap(node)) {
      return this.sized({ kind: 'map', span: this.spanOf(node), entries: this.entries(node.items) });
    }
    if (isSeq(node))
      return this.sized({ kind: 'list', span: this.spanOf(node), items: node.items.map(item => this.place(item)) });
    return isScalar(node) ? this.scalar(node) : this.broken({ start: 0, end: 0 });
  }

  broken(span: Span): Place {
    return { kind: 'scalar', span, value: null, source: '', broken: true };
  }

  scalar(node: Scalar): Place {
    const span = this.spanOf(node);
    const value = typeof node.value === 'bigint' ? Number(node.value) : node.value;
    const simple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    const source = typeof simple === 'string' ? simple : simple === null ? '' : (node.source ?? String(simple));
    const quote = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? 1 : 0;
    const verbatim = this.text.startsWith(source, span.start + quote);
    return { kind: 'scalar', span, value: simple, source, ...(verbatim && { textStart: span.start + quote }) };
  }

  alias(name: string, span: Span): Place {
    const target = this.anchors.get(name);
    if (target !== undefined && target !== 'open') return target;
    this.report(
      target === 'open'
        ? errorAt(span, 'recursive-alias', `The alias \`*${name}\` is inside what it refers to. Write the value out.`)
        : errorAt(
            span,
            'unknown-anchor',
            `There is no anchor \`&${name}\` before this alias. Text that begins with \`*\` needs quotes.`,
            { found: `*${name}` },
          ),
    );
    return this.broken(span);
  }

  /** Refuses a tree whose expanded aliases would be too large. Reports this once, at the value that is too large. */
  sized(place: Place): Place {
    const children =
      place.kind === 'map'
        ? [...place.entries.values()].map(entry => entry.value)
        : place.kind === 'list'
          ? place.items
          : [];
    const size = children.reduce((sum, one) => sum + (this.sizes.get(one) ?? 1), 1);
    if (size <= sizeLimit) {
      this.sizes.set(place, size);
      return place;
    }
    if (!this.drafts.some(draft => draft.code === 'too-many-values')) {
      this.report(tooMany({ start: place.span.start, end: Math.min(place.span.end, place.span.start + 80) }));
    }
    return this.broken(place.span);
  }

  entries(pairs: readonly Pair[]): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>();
    const merged: Place[] = [];
    for (const { key, value } of pairs) {
      const keySpan = this.spanOf(key);
      const name = this.keyName(key, keySpan);
      const place = value === null ? this.nothingAfter(keySpan) : this.place(value);
      if (name === undefined) continue;
      if (name === '<<') merged.push(...this.mergeSources(place, keySpan));
      else if (entries.has(name)) this.reportDuplicate(name, keySpan, entries.get(name)?.keySpan);
      else entries.set(name, { key: name, keySpan, value: place });
    }
    for (const source of merged) {
      if (source.kind !== 'map') continue;
      for (const [name, entry] of source.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    return entries;
  }

  keyName(key: unknown, span: Span): string | undefined {
    const value = isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? '')) : undefined;
    if (value === undefined || value === '') {
      this.report(
        errorAt(
          span,
          'key-not-text',
          'A key must be text. Write `name: value`; text with `{`, `[`, `*` or `?` needs quotes.',
        ),
      );
      return undefined;
    }
    if (isScalar(key) && !this.hasPlainTag(key)) return undefined;
    if (value in Object.prototype) {
      this.report(
        errorAt(span, 'reserved-name', `\`${value}\` is a reserved word of the engine. Choose another name.`),
      );
      return undefined;
    }
    return value;
  }

  mergeSources(place: Place, span: Span): readonly Place[] {
    const sources = place.kind === 'list' ? place.items : [place];
    if (sources.every(source => source.kind === 'map')) return sources;
    this.report(
      errorAt(span, 'merge-not-a-map', 'The merge key `<<` takes an alias of a map, or a list of such aliases.'),
    );
    return [];
  }

  reportDuplicate(name: string, span: Span, first: Span | undefined): void {
    const line = first ? this.text.slice(0, first.start).split('\n').length : 0;
    this.report(
      errorAt(
        span,
        'duplicate-key',
        `The key \`${name.slice(0, 60)}\` appears twice here, first in line ${line}. Keep one of them.`,
      ),
    );
  }

  hasPlainTag(node: Node): boolean {
    const tag = node.tag;
    if (!tag || tag === '!' || plainTags.has(tag)) return true;
    const span = this.spanOf(node);
    const written = tag.replace('tag:yaml.org,2002:', '!!').slice(0, 60);
    const start = Math.max(this.text.lastIndexOf('!', span.start), 0);
    this.report(
      errorAt(
        { start, end: Math.max(span.start, start + 1) },
        'yaml-tag',
        `YAML tags are not used in a ${this.kind.thing} file. Text that begins with \`!\` (a condition, ` +
          'perhaps) needs quotes.',
        { found: written },
      ),
    );
    return false;
  }

  nothingAfter(span: Span): Place {
    return { kind: 'scalar', span, value: null, source: '' };
  }

  spanOf(node: unknown): Span {
    const range = (node as { range?: readonly [number, number, number] } | null)?.range;
    return range ? { start: range[0], end: range[1] } : { start: 0, end: 0 };
  }
}
