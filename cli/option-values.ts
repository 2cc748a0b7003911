import { InvalidArgumentError } from 'commander'
import { z } from 'zod'

/** Reads an option that is a whole number within bounds. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < min || number > max)
      throw new InvalidArgumentError(`It is a whole number from ${min} to ${max}.`)
    return number
  }

const schema = z.iso.datetime({ offset: true })

/** Reads an option that is a moment, which stays text. */
export function moment(text: string): string {
  if (schema.safeParse(text).success) return text
  throw new InvalidArgumentError('It is a time as 2026-03-03T12:00:00Z.')
}
