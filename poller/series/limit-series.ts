import { type Chunk, countOf, type Normalised, type RefusedLine } from '../chunk.ts'
import type { SeriesJudge } from './tenant-series.ts'

/** Refuses the points of a tenant whose series may not be made. What is left is the same chunk unless some were. */
export function limitSeries(normalised: Normalised<Chunk>, judge: SeriesJudge): Normalised<Chunk> {
  const { chunk } = normalised
  const { bytes, starts } = chunk
  const count = countOf(chunk)
  const refused: number[] = []
  for (let line = 0; line < count; line += 1) {
    if (isKnown(chunk, line, judge)) continue
    if (!judge.admits(bytes, starts[line] ?? 0, (starts[line + 1] ?? 1) - 1)) refused.push(line)
  }
  if (refused.length === 0) return normalised
  const { reason } = judge
  const letters = refused.map(
    (line): RefusedLine => ({
      ...{ index: chunk.positions[line] ?? 0, code: 'series_limit', reason },
      bytes: bytes.slice(starts[line] ?? 0, (starts[line + 1] ?? 1) - 1),
    }),
  )
  return {
    ...normalised,
    chunk: without(chunk, new Set(refused)),
    refused: [...normalised.refused, ...letters],
  }
}

function isKnown({ series }: Chunk, line: number, judge: SeriesJudge): boolean {
  const high = series?.[2 * line] ?? 0
  const low = series?.[2 * line + 1] ?? 0
  return (high | low) !== 0 && judge.isKnown(high, low)
}

function without({ bytes, starts, positions }: Chunk, left: ReadonlySet<number>): Chunk {
  const kept = Array.from(positions.keys()).filter((line) => !left.has(line))
  const lines = kept.map((line) => bytes.subarray(starts[line] ?? 0, starts[line + 1] ?? 0))
  const keptStarts = new Uint32Array(kept.length + 1)
  lines.forEach((line, at) => {
    keptStarts[at + 1] = (keptStarts[at] ?? 0) + line.length
  })
  return {
    bytes: new Uint8Array(Buffer.concat(lines)),
    starts: keptStarts,
    positions: Uint32Array.from(kept, (line) => positions[line] ?? 0),
  }
}
