/** Go's encoder writes these so, inside texts; nowhere else in JSON do they occur. (Short escapes of the last two are younger than InfluxDB 1.8: https://go.dev/doc/go1.22#encodingjsonpkgencodingjson.) */
const goEscapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
  '\\b': '\\u0008',
  '\\f': '\\u000c',
}

/** JSON as Go's encoder writes it. */
export const toGoJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]|\\./g, (found) => goEscapes[found] ?? found)
