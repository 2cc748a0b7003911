import { duckdb } from '../../duckdb.ts'
import type { PointBatch } from '../../metric-store.ts'
import { batchOfLines } from '../testing.ts'

export const midnightMs = Date.parse('2026-03-03T00:00:00Z')
/** When the day of all points is over. */
export const laterMs = midnightMs + 2 * 86_400_000
export const pointsPerRound = 32_000
const seriesCount = 50

/** Points of a round, each with two numbers and some with a text; half of those of the last batch are again in the next one. They come in the order of their time, later rounds between those of earlier ones. */
export function* batchesOf(round: number, size = 8_000): Generator<PointBatch> {
  const lineOf = (point: number): string => {
    const timeNs = BigInt(midnightMs + Math.floor(point / seriesCount) * 100 + round) * 1_000_000n
    const text = point % 10 === 0 ? `,s="text ${point}"` : ''
    return `m,host=h${point % seriesCount} v=${point / 7},n=${point}${text} ${timeNs}`
  }
  for (let first = 0; first < pointsPerRound; first += size) {
    const from = Math.max(0, first - size / 2)
    const points = Array.from(
      { length: Math.min(first + size, pointsPerRound) - from },
      (_, at) => from + at,
    )
    yield batchOfLines(points.map(lineOf))
  }
}

/** A process that writes round after round to one day and has it compacted meanwhile, and prints the number of each round that is stored: its folder and the first round are its arguments. */
const [dataDir, firstRound] = process.argv.slice(2)
if (import.meta.main && dataDir !== undefined) {
  const store = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  const write = async (): Promise<void> => {
    for (let round = Number(firstRound); ; round++) {
      for (const batch of batchesOf(round)) await store.write(batch)
      process.stdout.write(`${round}\n`)
      await new Promise((resolve) => setTimeout(resolve, 4_000))
    }
  }
  const compact = async (): Promise<void> => {
    for (;;) {
      const { failed = [] } = (await store.rollUp?.(laterMs)) ?? {}
      if (failed.length > 0) throw new Error(failed.join())
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await Promise.race([write(), compact()])
}
