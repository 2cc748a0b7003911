import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { RequestKind } from './request.ts'
import { toMessages } from './to-messages.ts'

export interface TestSeries {
  readonly labels: Readonly<Record<string, string>>
  /** The bits of a value, for a NaN of a kind, or the value; milliseconds. */
  readonly samples: readonly (readonly [value: number | bigint, timeMs: number])[]
}

interface TestFamily {
  readonly type: number
  readonly name: string
  readonly help?: string
  readonly unit?: string
}

/** Reads bodies of that kind into messages of 64 KiB, and 1 MiB of lines at most. */
export const readAs = (kind: RequestKind) => (body: Buffer) => {
  const left: Record<string, number> = {}
  const leftOut = (reason: string) => {
    left[reason] = (left[reason] ?? 0) + 1
  }
  const options = { messageBytes: 65_536, maxBytes: 1024 ** 2, leftOut }
  const messages = toMessages(body, kind, options)
  return { ...messages, text: Buffer.concat(messages.bodies).toString(), left }
}

function writeFamily(writer: BinaryWriter, { type, name, help, unit }: TestFamily): void {
  writer.tag(3, WireType.LengthDelimited).fork()
  writer.tag(1, WireType.Varint).int32(type)
  writer.tag(2, WireType.LengthDelimited).string(name)
  if (help !== undefined) writer.tag(4, WireType.LengthDelimited).string(help)
  if (unit !== undefined) writer.tag(5, WireType.LengthDelimited).string(unit)
  writer.join()
}

function writeSamples(writer: BinaryWriter, { samples }: TestSeries): void {
  for (const [value, timeMs] of samples) {
    writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Bit64)
    if (typeof value === 'bigint') writer.fixed64(value)
    else writer.double(value)
    writer.tag(2, WireType.Varint).int64(timeMs).join()
  }
}

function writeSeries(writer: BinaryWriter, series: TestSeries, extras: boolean): void {
  writer.tag(1, WireType.LengthDelimited).fork()
  // Behind the samples when there is more: the order of fields is free.
  if (extras) writeSamples(writer, series)
  for (const [name, value] of Object.entries(series.labels)) {
    writer.tag(1, WireType.LengthDelimited).fork()
    writer.tag(1, WireType.LengthDelimited).string(name)
    writer.tag(2, WireType.LengthDelimited).string(value).join()
  }
  if (!extras) writeSamples(writer, series)
  else for (const field of [3, 4, 15]) writer.tag(field, WireType.LengthDelimited).fork().join()
  writer.join()
}

/** A `prometheus.WriteRequest`, not packed; with empty metadata, an exemplar and a histogram if it is told. */
export function toWriteRequest(
  list: readonly TestSeries[],
  { extras = false, families = [] }: { extras?: boolean; families?: readonly TestFamily[] } = {},
): Buffer {
  const writer = new BinaryWriter()
  for (const series of list) writeSeries(writer, series, extras)
  if (extras) writer.tag(3, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int32(1).join()
  for (const family of families) writeFamily(writer, family)
  return Buffer.from(writer.finish())
}
