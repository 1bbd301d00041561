import wabt from "wabt";

const assembler = await wabt();

/** A module from its text, assembled anew: what hostile images are made of in tests. */
export function assemble(wat: string): Uint8Array {
  const module = assembler.parseWat("test.wat", wat);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** A module that would be firmware: `measure` is the body of a function with the parameter $steps; `more` are further parts. */
export function firmwareOf(measure: string, more = "", { abi = "1", version = "0x0300", stateLength = "16" } = {}): Uint8Array {
  return assemble(`(module
    (import "board" "memory" (memory 1))
    (global (export "abi") i32 (i32.const ${abi}))
    (global (export "version") i32 (i32.const ${version}))
    (global (export "stateLength") i32 (i32.const ${stateLength}))
    ${more}
    (func (export "measure") (param $steps i32) (result i32) ${measure}))`);
}
