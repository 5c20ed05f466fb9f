// Finds credentials in the file: certain ones are errors, likely ones are warnings.
import { errorAt, spanOf, warningAt } from '../../model/file/drafts.ts';
import type { Place } from '../../model/file/place.ts';
import { hasSecretParameter, looksLikeSecret, secretSentence } from '../../model/file/secrets.ts';
import type { Outline } from './outline.ts';

/** Keys whose value is a name or the text of a program, never a secret. */
const neverSecret = new Set([
  'credential',
  'select',
  'where',
  'from',
  'query',
  'pattern',
  'description',
  'message',
  'when',
  'stage',
]);

export function checkCredentials({ root, report, secrets }: Outline): void {
  const seen = new Set<Place>();
  const visit = (place: Place, key: string): void => {
    if (seen.has(place)) return;
    seen.add(place);
    if (place.kind === 'map') for (const entry of place.entries.values()) visit(entry.value, entry.key);
    else if (place.kind === 'list') for (const item of place.items) visit(item, key);
    else if (typeof place.value === 'string' || typeof place.value === 'number') {
      const found = { found: `${place.source.slice(0, 4)}…` };
      if (key === 'credential') return;
      if (secrets.findKnownSecret(place.source) !== undefined)
        report(errorAt(spanOf(place), 'secret-in-file', secretSentence, found));
      else if (!neverSecret.has(key) && looksLikeSecret(key, place.source)) {
        const what = hasSecretParameter(place.source)
          ? 'This address contains a value that looks like a token.'
          : `The value of \`${key.slice(0, 60)}\` looks like a credential.`;
        report(warningAt(spanOf(place), 'possible-secret', `${what} ${secretSentence}`, found));
      }
    }
  };
  visit(root, '');
}
