import fc from "fast-check";

/** Property tests of one run share this seed; `METERSMITH_SEED=<n> npm test` repeats a run's draws exactly. */
const seed = Number(process.env["METERSMITH_SEED"]);
if (process.env["METERSMITH_SEED"] !== undefined && Number.isInteger(seed)) fc.configureGlobal({ seed });
