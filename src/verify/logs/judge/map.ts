// The place of a cluster on the map: from its words alone, so that it never moves, and alike texts lie near each other.
import { hashText } from '../text/characters.ts';
import type { Token } from '../template/tokens.ts';

const landmarks = 48;
/** Where each of them lies on the plane. */
const placesOfLandmarks = Array.from({ length: landmarks }, (_, i) => {
  const angle = fraction(i, 17) * 2 * Math.PI,
    radius = Math.sqrt(fraction(i, 71));
  return { across: radius * Math.cos(angle), up: radius * Math.sin(angle) };
});

/**
 * A random but fixed projection of the words onto landmarks, and of the landmarks onto the plane. Both coordinates in
 * [-1, 1].
 */
export function placeOf(tokens: readonly Token[]): { x: number; y: number } {
  const weights = new Float64Array(landmarks);
  let total = 0;
  for (const { text, kind } of tokens) {
    if (kind === 'hole' || (kind === 'mark' && text.length < 3)) continue;
    const word = text.toLowerCase();
    const weight = Math.min(3, Math.sqrt(text.length));
    weights[hashText(word) % landmarks]! += weight;
    total += weight;
  }
  if (total === 0) return { x: 0, y: 0 };
  let x = 0,
    y = 0,
    norm = 0;
  placesOfLandmarks.forEach(({ across, up }, i) => {
    x += weights[i]! * across;
    y += weights[i]! * up;
    norm += weights[i]! ** 2;
  });
  const scale = 1 / Math.sqrt(norm);
  return { x: round(Math.tanh(x * scale * 1.2)), y: round(Math.tanh(y * scale * 1.2)) };
}

function fraction(index: number, seed: number): number {
  return hashText(`landmark ${index}`, seed) / 4294967296;
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
