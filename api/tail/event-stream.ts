import type { Response } from 'express'
import { gone } from '../gateway/ask-store.ts'

const heartbeatMs = 15_000
/** What may wait in memory for one client. */
const maxWaitingBytes = 8 * 1024 * 1024

export interface StreamEvent {
  /** Absent: a browser's `onmessage` gets it. */
  readonly name?: string
  readonly id?: string
  readonly data: unknown
}

export interface EventStream {
  /** Aborted when the client has gone or the stream was ended. */
  readonly signal: AbortSignal
  /** False while the client reads slower than it is sent to. */
  readonly isReady: () => boolean
  /** True when what waits for the client must not grow. */
  readonly isFull: () => boolean
  send(event: StreamEvent): void
  end(): void
}

/** Turns an answer into server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html. A proxy is told not to buffer them. */
export function openEventStream(response: Response): EventStream {
  const ended = new AbortController()
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  })
  response.write('retry: 2000\n\n')
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs)
  response.once('close', () => {
    clearInterval(heartbeat)
    ended.abort(gone())
  })
  return {
    signal: ended.signal,
    isReady: () => !response.writableNeedDrain,
    isFull: () => response.writableLength > maxWaitingBytes,
    send: ({ name, id, data }) => {
      // Ids hold no line feed, and JSON has none outside of its escapes.
      const idLine = id === undefined ? '' : `id: ${id}\n`
      const nameLine = name === undefined ? '' : `event: ${name}\n`
      response.write(`${idLine}${nameLine}data: ${JSON.stringify(data)}\n\n`)
    },
    end: () => void response.end(),
  }
}
