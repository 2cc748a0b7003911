const lineFeed = 0x0a

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

/** How InfluxDB says within an answer that it cannot go on; clients raise it as an error. https://docs.influxdata.com/influxdb/v2/reference/syntax/annotated-csv/#errors */
export const errorTable = (message: string): Buffer =>
  Buffer.from(
    `\r\n#datatype,string,string\r\n#group,true,true\r\n#default,,\r\n,error,reference\r\n,${quoted(message)},\r\n`,
  )

/** Whole rows up to a bound. An answer that is longer, or is cut, ends with a table that says so: one that simply ended would look complete. */
export async function* boundedCsv(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  reasonOf: (error: unknown) => string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  let begun = Buffer.alloc(0)
  try {
    for await (const chunk of source) {
      bytes += chunk.length
      if (bytes > maxBytes) {
        const text = `the answer is larger than ${maxBytes} bytes; ask for a shorter range, a longer interval or fewer series`
        yield errorTable(reasonOf(new Error(text)))
        return
      }
      const end = chunk.lastIndexOf(lineFeed) + 1
      const rows = Buffer.concat([begun, chunk.subarray(0, end)])
      begun = end === 0 ? rows : Buffer.from(chunk.subarray(end))
      if (end > 0) yield rows
    }
    if (begun.length > 0) yield begun
  } catch (error) {
    yield errorTable(reasonOf(error))
  }
}
