/** The part of the language's own `WebAssembly` that is used; the types of Node.js leave it out. https://webassembly.github.io/spec/js-api/ */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, (...given: number[]) => void>>>>,
  ) => { readonly exports: unknown }
}

/** A variable or a constant of a module. */
export interface WasmGlobal {
  readonly value: number
}

/** The exports of a module that asks its host for these functions, by the name of what it imports them from. Throws what is wrong with the module. */
export function openWasm(
  bytes: Uint8Array,
  imports: Readonly<Record<string, Readonly<Record<string, (...given: number[]) => void>>>>,
): unknown {
  const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports
}
