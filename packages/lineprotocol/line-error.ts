/** InfluxDB's own wording of what is wrong with a line; a closed list, so also fit for a label. */
export const lineErrorCodes = [
  'missing measurement',
  'missing tag key',
  'missing tag value',
  'invalid tag format',
  'duplicate tags',
  'missing fields',
  'missing field key',
  'missing field value',
  'invalid field format',
  'invalid number',
  'invalid boolean',
  'unbalanced quotes',
  'bad timestamp',
  'point is invalid',
  'max key length exceeded',
] as const

export type LineErrorCode = (typeof lineErrorCodes)[number]

/** A scanning function returns where it stopped, or a fault: a negative number that stands for an error, so that no line allocates. */
export const toFault = (code: LineErrorCode): number => -1 - lineErrorCodes.indexOf(code)

export const errorOf = (end: number): LineErrorCode | undefined =>
  end < 0 ? lineErrorCodes[-1 - end] : undefined
