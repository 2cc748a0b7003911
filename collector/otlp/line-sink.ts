import { toSeriesKey } from '@warren/lineprotocol/write'
import { createMessageBuilder } from '../message-builder.ts'
import { tooLarge } from '../read-body.ts'
import type { Messages } from '../to-messages.ts'
import type { Tags } from './tags.ts'

/** Lines, and the points that became none. */
export interface LineSink {
  /** Throws for a line that can never be stored; an `HttpError` when all lines are too many. */
  add(line: { readonly measurement: string; readonly tags: Tags; readonly rest: string }): void
  refuse(problem: string): void
  messages(): Messages
}

interface Options {
  readonly messageBytes: number
  /** Of all lines: attributes of a resource are written anew for each point. */
  readonly maxBytes: number
}

/** InfluxDB's bound of a series. */
const maxKeyBytes = 65_535
const maxProblems = 10

export function createLineSink({ messageBytes, maxBytes }: Options): LineSink {
  const builder = createMessageBuilder(messageBytes)
  const problems: string[] = []
  let [lines, bytes, refused] = [0, 0, 0]
  let host: string | undefined
  return {
    add: ({ measurement, tags, rest }) => {
      const key = Buffer.from(toSeriesKey(measurement, tags))
      bytes += key.length + rest.length + 1
      if (bytes > maxBytes) throw tooLarge()
      if (key.length > maxKeyBytes || !builder.add(key, rest))
        throw new Error('its attributes are too long')
      if (lines === 0) host = tags['host']
      lines += 1
    },
    refuse: (problem) => {
      refused += 1
      if (problems.length < maxProblems) problems.push(problem)
    },
    messages: () => ({ bodies: builder.bodies(), lines, host, problems, refused }),
  }
}
