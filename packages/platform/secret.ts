import { inspect } from 'node:util'
import { z } from 'zod'

const shown = '<secret>'

/** A text that no log, error or JSON shows; `reveal` is the only way to it. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return shown
  }

  toJSON(): string {
    return shown
  }

  [inspect.custom](): string {
    return shown
  }
}

/** A setting that is a secret: a string in, a `Secret` out. */
export const secretSchema = z
  .string()
  .min(1)
  .transform((text) => new Secret(text))
  .meta({ secret: true })
