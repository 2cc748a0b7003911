import { duckdb } from '../duckdb.ts'
import { toBatch } from '../metric-store.context.contract.ts'

/** A process that writes until it is killed, and prints the number of each batch that the store has answered: its folder is the only argument. */

export const pointsPerBatch = 500
const startNs = 1_772_539_200_000_000_000n

/** Batch `n`: half of its points are also in batch `n - 1`. */
export function batchOf(n: number): ReturnType<typeof toBatch> {
  const first = (n * pointsPerBatch) / 2
  return toBatch(
    'default',
    Array.from({ length: pointsPerBatch }, (_, index) => {
      const point = first + index
      const timeNs = startNs + BigInt(Math.floor(point / 50)) * 1_000_000_000n
      return `m,host=h${point % 50} v=${point},s="text ${point}" ${timeNs}`
    }),
  )
}

const dataDir = process.argv[2]
if (import.meta.main && dataDir !== undefined) {
  const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  for (let n = 0; ; n++) {
    await store.write(batchOf(n))
    process.stdout.write(`${n}\n`)
  }
}
