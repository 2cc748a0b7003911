import { toBlocks } from '../../influxdb/body/joined-gzip.ts'
import { type Buckets, rowsText, type Shown } from './rows-text.ts'
import type { Stretch, StretchSeries } from './stretch.ts'

/** The rows of one series as bytes. */
interface KeptRows extends Buckets {
  /** Equal for rows that show empty buckets alike. */
  readonly filling: string
  readonly bytes: Buffer
  /** Where each row begins, and the last ends. */
  readonly starts: Uint32Array
  /** Of what was packed last, by its first and last but one byte. */
  packed?: { readonly name: string; readonly blocks: Promise<Uint8Array> }
}

/** Some of the rows that are kept, by their first and last but one byte. */
export interface KeptPart {
  readonly rows: KeptRows
  readonly from: number
  readonly to: number
}

export const bytesOf = ({ rows, from, to }: KeptPart): Buffer => rows.bytes.subarray(from, to)

/** Packed once for as long as the same is shown. */
export function blocksOf(part: KeptPart): Promise<Uint8Array> {
  const { rows, from, to } = part
  const name = `${from} ${to}`
  if (rows.packed?.name !== name) rows.packed = { name, blocks: toBlocks(bytesOf(part)) }
  return rows.packed.blocks
}

export const bucketOf = (
  { startMs, stepMs }: Pick<Stretch, 'startMs' | 'stepMs'>,
  ms: number,
): number => (ms - startMs) / stepMs

/** Made once, and made longer as buckets end. */
const kept = new WeakMap<StretchSeries, KeptRows>()

type Asked = Buckets & { readonly shown: Shown }

const fillingOf = ({ isNone, empties }: Shown): string => `${isNone} ${empties.join()}`

const startOf = ({ from, starts }: KeptRows, at: number): number => starts[at - from] ?? 0

/** The rows of kept buckets: those that were text before are not printed again. */
export function keptRows(series: StretchSeries, stretch: Stretch, asked: Asked): KeptPart {
  const { from, to, shown } = asked
  const known = kept.get(series)
  const fits = known?.filling === fillingOf(shown) && known.from <= from && from <= known.to
  const base = fits ? known : noRows(asked)
  const rows = base.to >= to ? base : lengthened(base, { series, stretch, asked })
  kept.set(series, rows)
  return { rows, from: startOf(rows, from), to: startOf(rows, to) }
}

const noRows = ({ from, shown }: Asked): KeptRows => ({
  ...{ filling: fillingOf(shown), from, to: from },
  ...{ bytes: Buffer.alloc(0), starts: new Uint32Array(1) },
})

/** From the first bucket that is asked for to the last one; what was kept before is let go. */
function lengthened(
  base: KeptRows,
  { series, stretch, asked }: { series: StretchSeries; stretch: Stretch; asked: Asked },
): KeptRows {
  const { from, to, shown } = asked
  const { text, starts: more } = rowsText(series, stretch, { from: base.to, to, shown })
  const [first, last] = [startOf(base, from), startOf(base, base.to)]
  const starts = new Uint32Array(to - from + 1)
  const had = base.to - from
  for (let at = 0; at < had; at += 1) starts[at] = startOf(base, from + at) - first
  for (let at = 0; at < more.length; at += 1) starts[had + at] = last - first + (more[at] ?? 0)
  // Of its own: what is cut from a pool of Node.js keeps all of it.
  const bytes = Buffer.allocUnsafeSlow(last - first + Buffer.byteLength(text))
  base.bytes.copy(bytes, 0, first, last)
  bytes.write(text, last - first)
  return { filling: base.filling, from, to, bytes, starts }
}

/** To a stretch that has the same in the buckets that both have. */
export function passOnText(before: Stretch, after: Stretch): void {
  const moved = bucketOf(after, before.startMs)
  for (const [key, series] of after.series) {
    const own = before.series.get(key)
    const rows = own && kept.get(own)
    if (rows !== undefined)
      kept.set(series, { ...rows, from: rows.from + moved, to: rows.to + moved })
  }
}
