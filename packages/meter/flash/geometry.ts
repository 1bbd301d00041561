/** The measures of a flash device. Pages are erased, units are programmed. */
export interface FlashGeometry {
  readonly pages: number;
  /** Octets of a page: a multiple of `unit`. */
  readonly pageSize: number;
  /** Octets that are programmed at a time, once between two erasures of their page. */
  readonly unit: number;
  /** Erasures that a page is good for. From then on it keeps one bit at 0. */
  readonly endurance: number;
  /** Pages from 0 on that nothing can program or erase once the factory is left. */
  readonly protectedPages: number;
}

/** What an erased octet reads as. */
export const erased = 0xff;
