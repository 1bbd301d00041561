/** Clients pad a short password with 00 or with spaces (facts 2.1): both are taken off before comparing. */
function unpadded(password: Uint8Array): Uint8Array {
  let end = password.length;
  while (end > 0 && (password[end - 1] === 0x00 || password[end - 1] === 0x20)) end -= 1;
  return password.subarray(0, end);
}

/** A password of nothing but padding opens nothing. */
export function isBlankPassword(password: Uint8Array): boolean {
  return unpadded(password).length === 0;
}

/** Takes the same time wherever the first difference is. */
export function samePassword(stored: Uint8Array, given: Uint8Array): boolean {
  const [a, b] = [unpadded(stored), unpadded(given)];
  let difference = a.length ^ b.length;
  for (let i = 0; i < stored.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0 && a.length > 0;
}
