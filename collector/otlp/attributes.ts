import { z } from 'zod'

/** JSON has 64-bit integers as text, protobuf as bigint; some senders write numbers. */
export const integer = z.union([z.bigint(), z.string().regex(/^-?\d{1,20}$/), z.int()])
export type Integer = z.infer<typeof integer>

/** JSON writes NaN and the infinities as text. */
export const double = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])

/** https://opentelemetry.io/docs/specs/otel/common/#anyvalue */
export interface AnyValue {
  readonly stringValue?: string | undefined
  readonly boolValue?: boolean | undefined
  readonly intValue?: Integer | undefined
  readonly doubleValue?: z.infer<typeof double> | undefined
  readonly arrayValue?: { readonly values?: readonly AnyValue[] | undefined } | undefined
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] | undefined } | undefined
  readonly bytesValue?: string | undefined
}

export interface KeyValue {
  readonly key?: string | undefined
  readonly value?: AnyValue | undefined
}

export const anyValue: z.ZodType<AnyValue> = z.lazy(() =>
  z.object({
    stringValue: z.string().optional(),
    boolValue: z.boolean().optional(),
    intValue: integer.optional(),
    doubleValue: double.optional(),
    arrayValue: z.object({ values: z.array(anyValue).optional() }).optional(),
    kvlistValue: z.object({ values: z.array(keyValue).optional() }).optional(),
    bytesValue: z.string().optional(),
  }),
)

export const keyValue: z.ZodType<KeyValue> = z.lazy(() =>
  z.object({ key: z.string().optional(), value: anyValue.optional() }),
)

export const attributes = z.array(keyValue).optional()

export type Plain =
  | string
  | number
  | boolean
  | readonly Plain[]
  | { readonly [key: string]: Plain }
  | null

function toObject(pairs: readonly KeyValue[] = []): { readonly [key: string]: Plain } {
  // Without a prototype: an attribute may be called __proto__.
  const object: Record<string, Plain> = Object.create(null)
  for (const { key = '', value } of pairs) object[key] = toPlain(value)
  return object
}

/** As JSON has it; an integer that a double does not hold is text. */
export function toPlain(value: AnyValue | undefined): Plain {
  if (value === undefined) return null
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue } = value
  if (stringValue !== undefined) return stringValue
  if (intValue !== undefined) {
    const number = Number(intValue)
    return Number.isSafeInteger(number) ? number : String(intValue)
  }
  if (doubleValue !== undefined) return doubleValue
  if (boolValue !== undefined) return boolValue
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(toPlain)
  if (kvlistValue !== undefined) return toObject(kvlistValue.values)
  return value.bytesValue ?? null
}

/** Of a tag: text as it is, else as JSON has it. Nothing is the empty text. */
export function toText(value: AnyValue | undefined): string {
  const plain = toPlain(value)
  if (typeof plain === 'string') return plain
  return plain === null ? '' : JSON.stringify(plain)
}
