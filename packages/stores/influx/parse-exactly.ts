/** A whole number outside of texts that may be beyond 2^53; also found within texts, which does no harm. */
const large = /[[,:]-?(?:9\d{15}|[1-9]\d{16,})[,\]}]/

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown

/** Whole numbers that a double would not give back digit by digit are bigints. */
const revive: Reviver = (_, value, { source }) =>
  typeof value === 'number' &&
  !Number.isSafeInteger(value) &&
  source !== undefined &&
  /^-?\d+$/.test(source) &&
  String(value) !== source
    ? BigInt(source)
    : value

/** JSON without rounding. Asking for the source of each value (https://github.com/tc39/proposal-json-parse-with-source) takes ten times as long, so only where there is a number that needs it. */
export const parseExactly = (text: string): unknown =>
  large.test(text) ? JSON.parse(text, revive as Parameters<typeof JSON.parse>[1]) : JSON.parse(text)
