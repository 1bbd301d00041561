import type { FieldValue } from "@metersmith/tables";
import { commercialService, powerLine } from "../line/power-line.ts";
import type { Provocation, ProvocationKind } from "../provocations/provocation.ts";
import { Provocations } from "../provocations/provocations.ts";
import type { UpdateTrust } from "../update/board-update.ts";
import { bytesOf, meterOnTheBench, models, type BenchMeter } from "./bench.ts";
import { writeRawProgram } from "./raw-program.ts";

/** A programmed, ticking meter in which things can be provoked, seen as a client sees it. */
export class DiagnosedMeter {
  readonly provocations = new Provocations();
  bench: BenchMeter;
  readonly #start = Date.UTC(2026, 6, 15, 19, 0, 0);

  /** With three phases at 120 V where `polyphase`, whose order matters. */
  constructor({ polyphase = false, trust }: { readonly polyphase?: boolean; readonly trust?: UpdateTrust } = {}) {
    const line = powerLine({ watts: () => 3000, until: (at) => at + 900 }, polyphase ? commercialService : { phases: 1, volts: 240, lagDegrees: 10 });
    this.bench = meterOnTheBench({ start: this.#start, provocations: this.provocations, line, ...(trust ? { trust } : {}) });
    writeRawProgram(this.bench);
    this.setClock();
    if (polyphase) this.write(2056, "SERVICE_VOLTS", 120, "SERVICE_PHASES", [0, 1, 2], "ROTATION", 1);
    this.tick();
  }

  get context(): (typeof models)["rx-2s"]["context"] {
    return models["rx-2s"].context;
  }

  /** The world's time, universal, by procedure 10. */
  setClock(): void {
    const [date = "", time = ""] = new Date(this.bench.clock.now()).toISOString().split(/[T.]/);
    const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
    const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number);
    this.run(10, Uint8Array.of(7, year - 2000, month, day, hour, minute, second, 0x10 | 7));
  }

  provoke(provocation: Provocation): void {
    this.provocations.provoke(provocation, this.bench.clock.now());
  }

  relieve(kind: ProvocationKind): void {
    this.provocations.relieve(kind, this.bench.clock.now());
  }

  tick(): void {
    this.bench.meter.tick();
  }

  /** Time passes, with a tick every hour. */
  pass(hours: number): void {
    for (let hour = 0; hour < hours; hour++) {
      this.bench.clock.advance(3_600_000);
      this.tick();
    }
  }

  restart(): void {
    this.bench = this.bench.restarted();
  }

  /** Answers table 8 behind its header: result and response. */
  run(procedure: number, parameters: Uint8Array = new Uint8Array()): number[] {
    const session = this.bench.session("master");
    session.write(7, Uint8Array.of(procedure & 0xff, (procedure >> 8) & 0xff, 1, ...parameters));
    const answer = [...bytesOf(session.read(8))].slice(3);
    session.logoff();
    return answer;
  }

  write(table: number, ...fields: readonly (string | FieldValue)[]): void {
    const session = this.bench.session("master");
    const tree = this.context.decode(table, bytesOf(session.read(table))).tree() as { readonly [field: string]: FieldValue };
    const changed = Object.fromEntries(Array.from({ length: fields.length / 2 }, (_, pair) => [String(fields[2 * pair]), fields[2 * pair + 1] as FieldValue]));
    session.write(table, this.context.encode(table, { ...tree, ...changed }));
    session.logoff();
  }

  read(table: number): { readonly [field: string]: FieldValue } {
    const session = this.bench.session("reader");
    const image = bytesOf(session.read(table));
    session.logoff();
    return this.context.decode(table, image).tree() as { readonly [field: string]: FieldValue };
  }

  /** Names of the standard flags that are set, and the manufacturer's bits. */
  flags(): { standard: string[]; manufacturer: number[] } {
    const status = this.read(3);
    const standard = Object.entries(status["ED_STD_STATUS1"] as { readonly [flag: string]: FieldValue }).filter(([, set]) => set === true).map(([flag]) => flag.replace(/_FLAG$/, ""));
    return { standard, manufacturer: status["ED_MFG_STATUS"] as number[] };
  }

  /** Entries of table 76 after number `since`, as code (negative for the maker's less one) and diagnostic. */
  events(since = 0): { number: number; code: number; manufacturer: boolean; diagnostic: number; class: number; detail: number }[] {
    const log = this.read(76);
    const [valid, sequence] = [Number(log["NBR_VALID_ENTRIES"]), Number(log["LAST_ENTRY_SEQ_NBR"])];
    const entries = log["ENTRIES"] as readonly { readonly [field: string]: FieldValue }[];
    const found = [];
    for (let number = Math.max(since + 1, sequence - valid + 1); number <= sequence; number++) {
      const entry = entries[number % entries.length];
      const code = entry?.["EVENT_CODE"] as { readonly [field: string]: FieldValue };
      const argument = Buffer.from(String(entry?.["EVENT_ARGUMENT"]), "hex");
      found.push({ number, code: Number(code["TBL_PROC_NBR"]), manufacturer: code["STD_VS_MFG"] === true, diagnostic: argument.readUInt8(0), class: argument.readUInt8(1), detail: argument.readUInt16BE(2) });
    }
    return found;
  }

  get sequence(): number {
    return Number(this.read(76)["LAST_ENTRY_SEQ_NBR"]);
  }
}
