/** Messages that most ends suffer before the next one is made: many beginnings. */
const shortLife = 500;
/** Every tenth lives so long, that a leak shows. */
const longLife = 40_000;
const longEvery = 10;

/** How often, in messages of one life, its end is to be looked at while it lives. */
export const aliveEvery = 5000;

/** Shares `messages` among ends one after the other. */
export function inLives(messages: number, live: (life: number, messages: number) => void): void {
  for (const { life, most } of lives(messages)) live(life, most);
}

export function* lives(messages: number): Generator<{ readonly life: number; readonly most: number }> {
  for (let life = 0, left = messages; left > 0; life++) {
    const most = Math.min(life % longEvery === longEvery - 1 ? longLife : shortLife, left);
    yield { life, most };
    left -= most;
  }
}
