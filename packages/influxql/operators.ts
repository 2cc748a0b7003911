/** How tightly a binary operator binds; what is not in here is no operator. */
export const precedences: ReadonlyMap<string, number> = new Map([
  ['OR', 1],
  ['AND', 2],
  ...['=', '!=', '=~', '!~', '<', '<=', '>', '>='].map((op) => [op, 3] as const),
  ...['+', '-', '|', '^'].map((op) => [op, 4] as const),
  ...['*', '/', '%', '&'].map((op) => [op, 5] as const),
])

export function precedenceOf(operator: string): number {
  return precedences.get(operator) ?? 0
}
