import { readFileSync } from 'node:fs'
import { openWasm, type WasmGlobal } from '@warren/platform/web-assembly'
import { powersOfTen } from './powers-of-ten.ts'

/** What `assembly/index.ts` exports: places in its memory, and sizes, in bytes unless said. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly leastPower: WasmGlobal
  /** How many. */
  readonly powers: WasmGlobal
  readonly powersAt: WasmGlobal
  /** Rows of one call. */
  readonly maxRows: WasmGlobal
  /** Numbers of one call. */
  readonly maxNumbers: WasmGlobal
  readonly textsAt: WasmGlobal
  readonly textBytes: WasmGlobal
  readonly textEndsAt: WasmGlobal
  readonly numbersAt: WasmGlobal
  readonly targetAt: WasmGlobal
  readonly targetBytes: WasmGlobal
  readonly rowEndsAt: WasmGlobal
  printRows(rows: number, columns: number): number
}

/** Compiled by `npm run wasm`; a test says when that was forgotten. */
export const numberRows = openWasm(
  readFileSync(new URL('./number-rows.wasm', import.meta.url)),
  {},
) as Exports

const { memory, powersAt, leastPower, powers } = numberRows
new BigUint64Array(memory.buffer, powersAt.value, 2 * powers.value).set(
  powersOfTen(leastPower.value, powers.value),
)
