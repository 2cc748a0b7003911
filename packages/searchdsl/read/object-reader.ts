import { malformed, refused } from '../errors.ts'
import type { Scalar } from '../tree.ts'

/** Reads a JSON object by name and refuses, by name, whatever nobody asked for: deny by default. */
export interface ObjectReader {
  readonly where: string
  has(key: string): boolean
  /** `undefined` when absent or null. */
  take(key: string): unknown
  text(key: string): string | undefined
  /** Grafana sends numbers as texts too. */
  number(key: string): number | undefined
  flag(key: string): boolean | undefined
  scalar(key: string): Scalar | undefined
  /** Keys not taken yet. */
  rest(): readonly string[]
  /** Throws when a key was not taken. */
  end(): void
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}

/** Keys whose name alone says what the sender wanted; the refusal adds why. */
const reasons: Readonly<Record<string, string>> = {
  script: 'scripts are not accepted',
  script_fields: 'scripts are not accepted',
  runtime_mappings: 'fields cannot be redefined by a request',
  pit: 'a point in time names its own indices',
}

/** `where` names the object in refusals, as `[where]`. */
export function readObject(value: unknown, where: string): ObjectReader {
  if (!isObject(value)) throw malformed(`[${where}] must be an object`)
  return new Reader(value, where)
}

/** A class, since a search has dozens of objects and closures for each would be what reading it costs. */
class Reader implements ObjectReader {
  readonly where: string
  readonly #value: Readonly<Record<string, unknown>>
  readonly #unread: Set<string>

  constructor(value: Readonly<Record<string, unknown>>, where: string) {
    this.where = where
    this.#value = value
    this.#unread = new Set(Object.keys(value))
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#value, key) && this.#value[key] !== null
  }

  take(key: string): unknown {
    this.#unread.delete(key)
    return Object.hasOwn(this.#value, key) ? (this.#value[key] ?? undefined) : undefined
  }

  text(key: string): string | undefined {
    const found = this.take(key)
    if (found === undefined || typeof found === 'string') return found
    throw this.#mustBe(key, 'a text')
  }

  number(key: string): number | undefined {
    return this.#converted(key, 'a number', toNumber)
  }

  flag(key: string): boolean | undefined {
    return this.#converted(key, 'true or false', toFlag)
  }

  scalar(key: string): Scalar | undefined {
    const found = this.take(key)
    if (found === undefined || isScalar(found)) return found
    throw this.#mustBe(key, 'a text, a number or a boolean')
  }

  rest(): readonly string[] {
    return [...this.#unread]
  }

  end(): void {
    const [key] = this.#unread
    if (key === undefined) return
    const reason = Object.hasOwn(reasons, key) ? reasons[key] : undefined
    throw refused(
      `[${key}] is not accepted in [${this.where}]${reason === undefined ? '' : `: ${reason}`}`,
    )
  }

  #converted<T>(
    key: string,
    kind: string,
    convert: (found: unknown) => T | undefined,
  ): T | undefined {
    const found = this.take(key)
    if (found === undefined) return undefined
    const converted = convert(found)
    if (converted === undefined) throw this.#mustBe(key, kind)
    return converted
  }

  #mustBe(key: string, kind: string): Error {
    return malformed(`[${key}] of [${this.where}] must be ${kind}`)
  }
}

export function toNumber(found: unknown): number | undefined {
  if (typeof found === 'string' && !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(found))
    return undefined
  const number = typeof found === 'string' ? Number(found) : found
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

function toFlag(found: unknown): boolean | undefined {
  if (found === 'true' || found === 'false') return found === 'true'
  return typeof found === 'boolean' ? found : undefined
}

/** A value that must be there. */
export function required<T>(value: T | undefined, key: string, where: string): T {
  if (value === undefined) throw malformed(`[${where}] needs [${key}]`)
  return value
}

export function toList(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

/** Hits are never ordered by score, so a weight or a name changes nothing. */
export function dropScoring(reader: ObjectReader): void {
  reader.number('boost')
  reader.text('_name')
}
