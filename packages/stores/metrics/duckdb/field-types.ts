import { type FieldKind, fieldKinds } from './schema.ts'

/** The kind of each field of one tenant, over all its days, so that a field does not change its type at midnight. */
export class FieldTypes {
  readonly #kinds = new Map<string, FieldKind>()

  get(measurement: string, field: string): FieldKind | undefined {
    return this.#kinds.get(`${measurement}\0${field}`)
  }

  /** Keeps the kind that is known already, unless that leaves open which number it is. */
  add(measurement: string, field: string, kind: FieldKind): void {
    const key = `${measurement}\0${field}`
    const known = this.#kinds.get(key) ?? fieldKinds.number
    if (known === fieldKinds.number) this.#kinds.set(key, kind)
  }
}
