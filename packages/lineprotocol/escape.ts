/** Escaping as InfluxDB 1.8 does it: https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/#special-characters
 *  A backslash that stands before no special character is itself. Line protocol cannot carry a line feed outside strings, nor a key or tag value that ends with
 *  a backslash: the first is written as the two characters `\n` (Telegraf's way), the second loses its last backslashes. */

const lineBreaks: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' }
/** From the first of a run only: `\\+$` alone looks at the rest of the run from each of its backslashes. */
const lastBackslashes = /(?<!\\)\\+$/
const toPlain = (text: string): string =>
  text.replace(/[\n\r]/g, (found) => lineBreaks[found] ?? found).replace(lastBackslashes, '')

export const escapeMeasurement = (text: string): string =>
  /[, \\\n\r]/.test(text) ? toPlain(text).replace(/[, ]/g, '\\$&') : text

/** Of a tag key or tag value. */
export const escapeTag = (text: string): string =>
  /[,= \\\n\r]/.test(text) ? toPlain(text).replace(/[,= ]/g, '\\$&') : text

/** A field key is escaped as a tag is. */
export const escapeFieldKey = (text: string): string => escapeTag(text)

/** Of a string field, without the quotes around it. */
export const escapeString = (text: string): string => text.replace(/["\\]/g, '\\$&')

export const unescapeMeasurement = (text: string): string =>
  text.includes('\\') ? text.replace(/\\([,"= ])/g, '$1') : text

/** Of a tag key or tag value. */
export const unescapeTag = (text: string): string =>
  text.includes('\\') ? text.replace(/\\([,= ])/g, '$1') : text

/** A field key is read as a measurement is: quotes may be escaped in it. */
export const unescapeFieldKey = (text: string): string => unescapeMeasurement(text)

export const unescapeString = (text: string): string =>
  text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text
