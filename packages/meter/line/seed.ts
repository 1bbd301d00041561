/** FNV-1a, 32 bits: what a seed's text makes of itself. */
export function hashOf(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return state;
}

/** 32 bits that look random, always the same for the same seed and place. Multiply and shift, ours; no randomness in the sense of secrets. */
export function scattered(seed: number, place: number): number {
  let state = Math.imul(seed ^ place, 0x9e3779b1);
  state = Math.imul(state ^ (state >>> 15), 0x85ebca6b);
  return (state ^ (state >>> 13)) >>> 0;
}
