import { type GraphiteLine, parseGraphiteLine } from '@warren/graphite/line'
import { toLine } from '@warren/lineprotocol/write'

/** What collectd's amqp plugin calls its messages of format Graphite:
 *  https://github.com/collectd/collectd/blob/collectd-5.12/src/amqp.c */
export const graphiteType = 'text/graphite'

/** Stands for a time in what is printed with one. */
const noTime = 0n
const noTimeText = ' 0'

function toText(line: GraphiteLine): string {
  const { name, tags, value, timeNs = noTime } = line
  const text = toLine({ measurement: name, tags, fields: { value }, timeNs }) ?? ''
  return line.timeNs === undefined ? text.slice(0, -noTimeText.length) : text
}

/** Carbon's plaintext as line protocol, line by line: the name as measurement, which the rules' templates may read, field `value`. What is no such line stays as it is,
 *  and is refused as line protocol would be; an unknown value (NaN) leaves an empty line. */
export function graphiteToLines(body: Buffer): Buffer {
  const lines = body.toString().split('\n')
  const printed = lines.map((text) => {
    const line = text.trim() === '' ? '' : parseGraphiteLine(text)
    return typeof line === 'string' ? text : toText(line)
  })
  return Buffer.from(printed.join('\n'))
}
