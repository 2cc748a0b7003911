import { checkLabels, type Entry, type Label, maxStreams, type PushVisitor } from './push.ts'

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function toLabels(value: unknown, what: string): readonly Label[] {
  if (!isObject(value)) throw new Error(`${what} is no object`)
  const labels = Object.entries(value)
  for (const [name, text] of labels)
    if (typeof text !== 'string') throw new Error(`"${name}" of ${what} is no string`)
  return checkLabels(labels as [string, string][])
}

const nanosecondDigits = 9

function toEntry(value: unknown): Entry {
  const [time, line, metadata] = Array.isArray(value) ? value : []
  if (typeof time !== 'string' || !/^\d{1,19}$/.test(time))
    throw new Error('a time is no string of nanoseconds')
  if (typeof line !== 'string') throw new Error('a line is no string')
  return {
    seconds: time.slice(0, -nanosecondDigits) || '0',
    nanoseconds: Number(time.slice(-nanosecondDigits)),
    line,
    metadata: metadata === undefined ? [] : toLabels(metadata, 'structured metadata'),
  }
}

/** `{"streams": [{"stream": {labels}, "values": [["<ns>", "<line>", {metadata}]]}]}`. Throws for what is none: the visitor may have seen a part of it. */
export function readJsonPush(body: Buffer, visitor: PushVisitor): void {
  const value: unknown = JSON.parse(body.toString())
  const streams = isObject(value) ? value['streams'] : undefined
  if (!Array.isArray(streams)) throw new Error('streams is no list')
  if (streams.length > maxStreams) throw new Error(`more than ${maxStreams} streams`)
  for (const stream of streams) {
    if (!isObject(stream) || !Array.isArray(stream['values'])) throw new Error('values is no list')
    visitor.stream(toLabels(stream['stream'], 'a stream'))
    for (const entry of stream['values']) visitor.entry(toEntry(entry))
  }
}
