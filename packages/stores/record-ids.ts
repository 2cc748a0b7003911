/** Hex digits of an id. */
export const idDigits = 32

const { latin1Slice } = Buffer.prototype

/** Of ids that lie one after the other, 32 ASCII digits each. */
export const idAt = (ids: Uint8Array, item: number): string =>
  latin1Slice.call(ids, item * idDigits, (item + 1) * idDigits)

export const countIds = (ids: Uint8Array): number => ids.length / idDigits

/** Puts ids one after the other. */
export function joinIds(texts: readonly string[]): Uint8Array {
  if (texts.some(({ length }) => length !== idDigits)) throw new Error('BUG: no id')
  return Buffer.from(texts.join(''), 'latin1')
}
