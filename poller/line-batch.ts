import type { LineBatch } from '@warren/stores/write-outcome'
import type { Chunk } from './chunk.ts'
import { countOf } from './chunk.ts'

export function joinLines(tenant: string, chunks: readonly Chunk[]): LineBatch {
  const [only] = chunks
  if (only !== undefined && chunks.length === 1)
    return { tenant, bytes: only.bytes, starts: only.starts }
  const total = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const bytes = new Uint8Array(total)
  const starts = new Uint32Array(chunks.reduce((sum, chunk) => sum + countOf(chunk), 0) + 1)
  let byteAt = 0
  let lineAt = 0
  for (const chunk of chunks) {
    bytes.set(chunk.bytes, byteAt)
    const count = countOf(chunk)
    for (let line = 0; line < count; line += 1)
      starts[lineAt++] = byteAt + (chunk.starts[line] ?? 0)
    byteAt += chunk.bytes.length
  }
  starts[lineAt] = byteAt
  return { tenant, bytes, starts }
}

export function sliceLines(
  { tenant, bytes, starts }: LineBatch,
  from: number,
  to: number,
): LineBatch {
  const first = starts[from] ?? 0
  return {
    tenant,
    bytes: bytes.subarray(first, starts[to]),
    starts: starts.slice(from, to + 1).map((start) => start - first),
  }
}

export const linesOf = ({ starts }: LineBatch): number => starts.length - 1
