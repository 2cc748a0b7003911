import {
  createFieldCursor,
  type FieldCursor,
  messageTag,
  nextField,
  startFields,
} from '../wire/field-cursor.ts'
import { openMessage } from '../wire/protobuf.ts'
import { type AnyValue, type KeyValue, toText } from './attributes.ts'
import { readMessageAt } from './protobuf.ts'
import { anyValue } from './shapes.ts'

/** Where an attribute stands in the body. */
export interface AttributeAt {
  keyStart: number
  keyEnd: number
  /** Of its text, when that is what it holds. */
  valueStart: number
  valueEnd: number
  /** What else it holds, as a tag has it. */
  text: string | undefined
}

/** The attributes of a point, kept from point to point. */
export interface PointAttributes {
  readonly body: Buffer
  /** How many of the list are the point's. */
  count: number
  readonly list: AttributeAt[]
}

/** Of an attribute's value, counted from the request. */
const valueDepth = 7

const keyTag = messageTag(1)
const valueTag = messageTag(2)
const textTag = messageTag(1)

const nowhere = (): AttributeAt => ({
  ...{ keyStart: 0, keyEnd: 0 },
  ...{ valueStart: 0, valueEnd: 0, text: undefined },
})

/** Finds the parts of a `KeyValue` as every sender writes it: a key, then a value. False for another, of which nothing is kept. */
function find(cursor: FieldCursor, to: AttributeAt, end: number): boolean {
  if (!nextField(cursor) || cursor.tag !== keyTag) return false
  to.keyStart = cursor.start
  to.keyEnd = cursor.end
  if (!nextField(cursor) || cursor.tag !== valueTag || cursor.end !== end) return false
  to.valueStart = cursor.start
  to.valueEnd = cursor.end
  return true
}

export function createAttributesReader(body: Buffer) {
  const cursor = createFieldCursor(body)
  const attributes: PointAttributes = { body, count: 0, list: [] }
  const reader = openMessage(body)

  const readValue = (to: AttributeAt): void => {
    const { valueStart: start, valueEnd: end } = to
    startFields(cursor, start, end)
    const isText = nextField(cursor) && cursor.tag === textTag && cursor.end === end
    to.text = isText
      ? undefined
      : toText(readMessageAt(reader, anyValue, { start, end, depth: valueDepth }) as AnyValue)
    if (isText) to.valueStart = cursor.start
  }
  return {
    attributes,
    /** Adds one; false for one that only the library reads. Throws for what is none. */
    add: (start: number, end: number): boolean => {
      const to = attributes.list[attributes.count] ?? nowhere()
      if (attributes.count === attributes.list.length) attributes.list.push(to)
      startFields(cursor, start, end)
      if (!find(cursor, to, end)) return false
      readValue(to)
      attributes.count += 1
      return true
    },
  }
}

/** As the library reads them, all values as text. */
export const toKeyValues = ({ body, list, count }: PointAttributes): readonly KeyValue[] =>
  list.slice(0, count).map(({ keyStart, keyEnd, valueStart, valueEnd, text }) => ({
    key: body.toString('utf8', keyStart, keyEnd),
    value: { stringValue: text ?? body.toString('utf8', valueStart, valueEnd) },
  }))
