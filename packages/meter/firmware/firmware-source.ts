/** Where the board takes its firmware from: the program memory. Asked before each run, so that another image is taken up at once. */
export interface FirmwareSource {
  /** The whole active image; the same object as long as it is the same image. */
  readonly active: Uint8Array;
}
