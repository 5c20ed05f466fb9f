// Code lenses tell how long ago a stage ended: they are drawn anew while somebody sees them, and only then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takePlaceOfEditor } from '../commands/editorDouble.ts';

let redrawn = 0;
const seenDocuments: string[] = [];
takePlaceOfEditor();
Object.assign((globalThis as unknown as { editorDouble: object }).editorDouble, {
  EventEmitter: class {
    readonly event = (): void => {};
    fire(): void {
      redrawn += 1;
    }
    dispose(): void {}
  },
  window: {
    get visibleTextEditors() {
      return seenDocuments.map(document => ({ document }));
    },
  },
  languages: { match: (_selector: unknown, document: string) => (document.endsWith('.yaml') ? 10 : 0) },
});
const { createLensProvider } = await import('../../../../src/host/language/lensProvider.ts');

test('lenses are drawn anew every minute while a pipeline file is visible', t => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const provider = createLensProvider(
    {} as never,
    () => new Map(),
    text => text,
  );
  const redrawnIn = (minutes: number): number => {
    redrawn = 0;
    t.mock.timers.tick(minutes * 60_000);
    return redrawn;
  };
  assert.equal(redrawnIn(3), 0, 'nothing is visible');
  seenDocuments.push('notes.md');
  assert.equal(redrawnIn(3), 0, 'no pipeline file is visible');
  seenDocuments.push('storefront.yaml');
  assert.equal(redrawnIn(3), 3);
  provider.dispose();
  assert.equal(redrawnIn(3), 0, 'disposed');
});
