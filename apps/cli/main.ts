#!/usr/bin/env node
import { enableCompileCache } from "node:module";

// Before anything else is loaded: it about halves the time until a command answers.
enableCompileCache();
await import("./metersmith.ts");
