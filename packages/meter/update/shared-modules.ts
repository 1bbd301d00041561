import { digestOf, type Digest } from "@metersmith/base/digest";

/** Firmware that several meters run, each once, however many have it in their flash: so that what runs it knows it by the object. Weak. */
export class SharedModules {
  readonly #modules = new Map<Digest, WeakRef<Uint8Array>>();

  /** The same octets, in the object that all share. */
  share(module: Uint8Array): Uint8Array {
    const digest = digestOf(module);
    const known = this.#modules.get(digest)?.deref();
    if (known) return known;
    this.#modules.set(digest, new WeakRef(module));
    return module;
  }
}
