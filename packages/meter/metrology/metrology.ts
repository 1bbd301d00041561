import type { MeterContext, TableId } from "@metersmith/tables";
import { ConfigurationStore } from "../configuration/configuration-store.ts";
import type { FirmwareRunner } from "../firmware/firmware-runner.ts";
import { checkMetrology, type HealthFault } from "../firmware/health-check.ts";
import { LoadProfile } from "../profile/load-profile.ts";
import { MeasuringBench } from "./measuring-bench.ts";
import { RegisterLayout } from "./register-layout.ts";
import { shownParts, type ShownParts } from "./register-tables.ts";

/** What all meters of a model share of measuring: layouts, what programs mean, and the bench that one of them uses at a time. */
export class Metrology {
  readonly context: MeterContext;
  readonly profile: LoadProfile | undefined;
  readonly layout: RegisterLayout;
  readonly configurations: ConfigurationStore;
  readonly shown: ShownParts;
  readonly bench: MeasuringBench;
  readonly #runner: FirmwareRunner;

  constructor(context: MeterContext, images: ReadonlyMap<TableId, Uint8Array>, runner: FirmwareRunner) {
    this.context = context;
    this.#runner = runner;
    this.profile = LoadProfile.of(context, images);
    this.layout = new RegisterLayout(context, this.profile?.size);
    this.shown = shownParts(context, images.get(21));
    this.configurations = new ConfigurationStore(context);
    this.bench = new MeasuringBench(runner);
  }

  /** The metrology health check of an image: known loads, no meter's registers. */
  check(image: Uint8Array): HealthFault | undefined {
    return checkMetrology(this.#runner, image);
  }
}
