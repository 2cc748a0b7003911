import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

export interface TestSeries {
  readonly labels: Readonly<Record<string, string>>
  /** The bits of a value, for a NaN of a kind, or the value; milliseconds. */
  readonly samples: readonly (readonly [value: number | bigint, timeMs: number])[]
}

function writeSamples(writer: BinaryWriter, { samples }: TestSeries): void {
  for (const [value, timeMs] of samples) {
    writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Bit64)
    if (typeof value === 'bigint') writer.fixed64(value)
    else writer.double(value)
    writer.tag(2, WireType.Varint).int64(timeMs).join()
  }
}

/** A `prometheus.WriteRequest`, not packed; with metadata, an exemplar and a histogram if it is told. */
export function toWriteRequest(
  list: readonly TestSeries[],
  { extras = false }: { extras?: boolean } = {},
): Buffer {
  const writer = new BinaryWriter()
  for (const series of list) {
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
  if (extras) writer.tag(3, WireType.LengthDelimited).fork().tag(1, WireType.Varint).int32(1).join()
  return Buffer.from(writer.finish())
}
