import { fixed64Tag, varintTag } from '../wire/field-cursor.ts'
import { noRecordedValue } from './metrics-request.ts'

const doubleTag = fixed64Tag(4)
const integerTag = fixed64Tag(6)
const flagsTag = varintTag(8)

const of32Bits = 2 ** 32

/** The value of a `NumberDataPoint` whose values stand at `places`, by their tags, 0 for none; undefined when it has none that line protocol can write. */
export function numberAt(body: Buffer, places: Int32Array): number | undefined {
  const [flags = 0, integer = 0, double = 0] = [
    places[flagsTag],
    places[integerTag],
    places[doubleTag],
  ]
  if (flags !== 0 && ((body[flags] as number) & noRecordedValue) !== 0) return undefined
  // Rounded once, as a bigint would be.
  if (integer !== 0) return body.readInt32LE(integer + 4) * of32Bits + body.readUInt32LE(integer)
  if (double === 0) return undefined
  const number = body.readDoubleLE(double)
  return Number.isFinite(number) ? number : undefined
}
