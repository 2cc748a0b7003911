import fc from 'fast-check'

/** The text, so often; else nothing. */
export const maybe = (part: fc.Arbitrary<string>, often = 0.5): fc.Arbitrary<string> =>
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), part)
    .map(([chance, text]) => (chance < often ? text : ''))
/** What is not empty, in order. */
export const join = (
  separator: string,
  ...parts: readonly fc.Arbitrary<string>[]
): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.filter((text) => text !== '').join(separator))
export const several = (
  part: fc.Arbitrary<string>,
  most: number,
  separator = ', ',
): fc.Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength: most }).map((parts) => parts.join(separator))
