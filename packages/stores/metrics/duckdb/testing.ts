import { duckdb } from '../duckdb.ts'
import type { PointBatch } from '../metric-store.ts'

/** A process that writes until it is killed, and prints the number of each batch that the store has answered: its folder is the only argument. */

export const pointsPerBatch = 500
const startNs = 1_772_539_200_000_000_000n

/** Batch `n`: half of its points are also in batch `n - 1`. */
export function batchOf(n: number): PointBatch {
  const first = (n * pointsPerBatch) / 2
  const lines = Array.from({ length: pointsPerBatch }, (_, index) => {
    const point = first + index
    const timeNs = startNs + BigInt(Math.floor(point / 50)) * 1_000_000_000n
    return `m,host=h${point % 50} v=${point},s="text ${point}" ${timeNs}`
  })
  return batchOfLines(lines)
}

/** Of the tenant `default`; lines without line feed. */
export function batchOfLines(texts: readonly string[]): PointBatch {
  const lines = texts.map((text) => Buffer.from(`${text}\n`))
  const starts = new Uint32Array(lines.length + 1)
  for (const [index, line] of lines.entries())
    starts[index + 1] = (starts[index] ?? 0) + line.length
  return { tenant: 'default', bytes: new Uint8Array(Buffer.concat(lines)), starts }
}

const dataDir = process.argv[2]
if (import.meta.main && dataDir !== undefined) {
  const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  for (let n = 0; ; n++) {
    await store.write(batchOf(n))
    process.stdout.write(`${n}\n`)
  }
}
