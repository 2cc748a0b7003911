import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { RefusedLine } from '../chunk.ts'

/** Refused items of one message that get a dead letter each. */
const maxSingle = 1000
const maxGroupBytes = 512 * 1024
const lineFeed = Buffer.from('\n')

/** What is parked for the refused items of one message: a letter each, but past a thousand those of one code together, as lines, so that a body of garbage is not a million letters. */
export function groupRefused(items: readonly RefusedLine[]): readonly RefusedLine[] {
  if (items.length <= maxSingle) return items
  const open = new Map<DeadLetterCode, { lines: RefusedLine[]; bytes: number }>()
  const grouped: RefusedLine[] = []
  for (const item of items.slice(maxSingle)) {
    const group = open.get(item.code) ?? { lines: [], bytes: 0 }
    group.lines.push(item)
    group.bytes += item.bytes.length + 1
    open.set(item.code, group)
    if (group.bytes < maxGroupBytes) continue
    grouped.push(joined(group.lines))
    open.delete(item.code)
  }
  for (const { lines } of open.values()) grouped.push(joined(lines))
  return [...items.slice(0, maxSingle), ...grouped]
}

function joined(lines: readonly RefusedLine[]): RefusedLine {
  const [first] = lines
  if (first === undefined) throw new Error('BUG: a group has at least one line')
  const { index, code, reason } = first
  const bytes = Buffer.concat(lines.flatMap((line) => [line.bytes, lineFeed]))
  return { index, code, reason: `${lines.length} lines from here on; the first: ${reason}`, bytes }
}
