import { readFileSync } from 'node:fs'
import { openWasm, type WasmGlobal } from '@warren/platform/web-assembly'
import { hashSeries, seriesHash } from '../../series/series-hash.ts'

/** What `assembly/index.ts` exports: places in its memory, and sizes, in bytes unless said. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly stampAt: WasmGlobal
  readonly stampBytes: WasmGlobal
  readonly sourceAt: WasmGlobal
  readonly sourceBytes: WasmGlobal
  readonly targetAt: WasmGlobal
  readonly startsAt: WasmGlobal
  readonly seriesAt: WasmGlobal
  readonly maxLines: WasmGlobal
  readonly maxLineBytes: WasmGlobal
  /** Of the last call of `copyLines`. */
  readonly lines: WasmGlobal
  readonly written: WasmGlobal
  readonly oldest: WasmGlobal
  readonly newest: WasmGlobal
  setStamp(id: number, length: number): void
  setWindow(fromNs: number, toNs: number): void
  copyLines(first: number, last: number, end: number): number
}

const imports = { host: { hashSeries: storeHash } }

/** Compiled by `npm run wasm`; a test says when that was forgotten. */
export const plainLines = openWasm(
  readFileSync(new URL('./plain-lines.wasm', import.meta.url)),
  imports,
) as Exports

const { buffer } = plainLines.memory
const all = new Uint8Array(buffer)
const words = new Int32Array(buffer)

function storeHash(...[start = 0, end = 0, into = 0]: number[]): void {
  hashSeries(all, start, end)
  words[into / 4] = seriesHash.high
  words[into / 4 + 1] = seriesHash.low
}
