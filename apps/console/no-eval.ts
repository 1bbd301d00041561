import { config } from "zod";

// The content security policy forbids code made from text. zod asks for it when a schema is made, so this must be imported
// before any contract.
config({ jitless: true });
