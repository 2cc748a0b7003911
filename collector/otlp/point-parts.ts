import { createFieldCursor, nextField, type Range, startFields } from '../wire/field-cursor.ts'
import { createAttributesReader, type PointAttributes } from './point-attributes.ts'

/** Finds where the parts of a point stand. What it finds is that of the last point. */
export interface PointParts {
  readonly attributes: PointAttributes
  /** By tag where the last value of each is; 0 when there is none. */
  readonly places: Int32Array
  /** False for a point that is not written as every sender does. Throws for what is none. */
  find(point: Range, attributesTag: number): boolean
}

/** Fields up to 15; no other is read. */
const tagsOfOneByte = 128

export function createPointParts(body: Buffer): PointParts {
  const cursor = createFieldCursor(body)
  const { attributes, add } = createAttributesReader(body)
  const places = new Int32Array(tagsOfOneByte)
  return {
    attributes,
    places,
    find: ({ start, end }, attributesTag) => {
      places.fill(0)
      attributes.count = 0
      startFields(cursor, start, end)
      while (nextField(cursor))
        if (cursor.tag !== attributesTag) places[cursor.tag] = cursor.start
        else if (!add(cursor.start, cursor.end)) return false
      return true
    },
  }
}
