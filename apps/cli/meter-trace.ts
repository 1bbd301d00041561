/**
 * Writes each line of a link's trace with the seconds since the first, so that waiting shows:
 *
 *     0.000  > request: read table 54
 *     0.001    > packet, 3 bytes, toggle 1
 *     0.094    < ACK
 *     0.101    < packet, 360 bytes, toggle 0
 *     0.101    > ACK
 *     0.101  < answer: ok, 359 bytes
 */
export function meterTrace(write: (line: string) => void): (line: string) => void {
  let start: number | undefined;
  return (line) => {
    const now = performance.now();
    start ??= now;
    write(`${((now - start) / 1000).toFixed(3).padStart(8)}  ${line}`);
  };
}
