/** An impedance or a phasor, ohms, volts or amperes. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const add = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
export const times = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
export const over = (a: Complex, b: Complex): Complex => {
  const square = b.re ** 2 + b.im ** 2;
  return { re: (a.re * b.re + a.im * b.im) / square, im: (a.im * b.re - a.re * b.im) / square };
};
export const magnitude = ({ re, im }: Complex): number => Math.hypot(re, im);
export const ohms = (r: number, x = 0): Complex => ({ re: r, im: x });
export const nothing: Complex = { re: 0, im: 0 };
