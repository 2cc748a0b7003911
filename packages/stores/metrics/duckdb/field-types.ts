import type { FieldKind } from './schema.ts'

/** The kind of each field of one tenant, over all its days, so that a field does not change its type at midnight. */
export class FieldTypes {
  readonly #kinds = new Map<string, FieldKind>()

  get(measurement: string, field: string): FieldKind | undefined {
    return this.#kinds.get(`${measurement}\0${field}`)
  }

  /** Keeps the kind that is known already. */
  add(measurement: string, field: string, kind: FieldKind): void {
    const key = `${measurement}\0${field}`
    if (!this.#kinds.has(key)) this.#kinds.set(key, kind)
  }
}
