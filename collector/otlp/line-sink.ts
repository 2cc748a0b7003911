import { toSeriesKey } from '@warren/lineprotocol/write'
import { createMessageBuilder } from '../message-builder.ts'
import { tooLarge } from '../read-body.ts'
import type { Messages } from '../to-messages.ts'
import { type LineBytes, maxKeyBytes } from './line-bytes.ts'
import type { Tags } from './tags.ts'

/** Lines, and the points that became none. */
export interface LineSink {
  /** Throws for a line that can never be stored; an `HttpError` when all lines are too many. */
  add(line: { readonly measurement: string; readonly tags: Tags; readonly rest: string }): void
  /** The same for a line that is written already, whose key is no longer than a series may be. Not for the first: that one's tags tell the host. */
  addBytes(line: LineBytes): void
  /** While there is no line. */
  isEmpty(): boolean
  refuse(problem: string): void
  messages(): Messages
}

interface Options {
  readonly messageBytes: number
  /** Of all lines: attributes of a resource are written anew for each point. */
  readonly maxBytes: number
}

const maxProblems = 10

export function createLineSink({ messageBytes, maxBytes }: Options): LineSink {
  const builder = createMessageBuilder(messageBytes)
  const problems: string[] = []
  let [lines, bytes, refused] = [0, 0, 0]
  let host: string | undefined
  const make = (length: number, append: () => boolean): void => {
    bytes += length + 1
    if (bytes > maxBytes) throw tooLarge()
    if (!append()) throw new Error('its attributes are too long')
  }
  return {
    add: ({ measurement, tags, rest }) => {
      const key = Buffer.from(toSeriesKey(measurement, tags))
      make(key.length + rest.length, () => key.length <= maxKeyBytes && builder.add(key, rest))
      if (lines === 0) host = tags['host']
      lines += 1
    },
    addBytes: (line) => {
      make(line.length, () => builder.addBytes(line.bytes, line.length))
      lines += 1
    },
    isEmpty: () => lines === 0,
    refuse: (problem) => {
      refused += 1
      if (problems.length < maxProblems) problems.push(problem)
    },
    messages: () => ({ bodies: builder.bodies(), lines, host, problems, refused }),
  }
}
