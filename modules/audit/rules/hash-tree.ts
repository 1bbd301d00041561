import { concatBytes } from "@metersmith/base/bytes";
import { sha256 } from "@metersmith/base/digest";

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

export const leafHash = (entry: Uint8Array): Uint8Array => sha256(concatBytes(leafPrefix, entry));

/**
 * Root of the hash tree of RFC 6962 §2.1 over leaves that are hashed already (`leafHash`): left subtrees are the largest powers of two,
 * leaves and nodes are hashed under different prefixes. 32 octets. Of no leaves it is the hash of nothing.
 */
export function treeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level = leaves;
  if (level.length === 0) return sha256(new Uint8Array());
  // Pairing from the left, an odd one rising as it is, gives the same tree as splitting at the largest power of two.
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at] as Uint8Array, level[at + 1]];
      above.push(right ? sha256(concatBytes(nodePrefix, left, right)) : left);
    }
    level = above;
  }
  return level[0] as Uint8Array;
}
