import type { Socket } from 'node:net'
import type { AnswerShare } from '../answer-share.ts'
import { type AnswerHead, AnswerReader } from './answer-reader.ts'

/** One question that is asked over a connection. */
export interface Exchange {
  /** Sent one after the other, in one call of the operating system where they are few. */
  readonly pieces: readonly (Uint8Array | string)[]
  readonly signal: AbortSignal | undefined
  /** No more is read before it has room for what was read. */
  readonly share: AnswerShare | undefined
  readonly timeoutMs: number
}

export interface Answered extends AnswerHead {
  readonly pieces: readonly Buffer[]
  /** The operating system has taken the whole question. */
  readonly isSent: boolean
}

interface Asking extends Pick<Exchange, 'share' | 'timeoutMs'> {
  readonly reader: AnswerReader
  readonly resolve: (answer: Answered) => void
  readonly reject: (error: unknown) => void
  /** Lets timer and signal be. */
  readonly release: () => void
}

const aborted = (): DOMException => new DOMException('This operation was aborted', 'AbortError')
const cut = (): Error => new Error('the answer was cut')

/** A server that says how long it keeps a connection may close it a little earlier. */
const spareMs = 1000

/** A connection to one server, for one question at a time. */
export class Connection {
  readonly #socket: Socket
  readonly #onFree: (connection: Connection) => void
  #asking: Asking | undefined
  #untilMs = Number.POSITIVE_INFINITY

  /** `onFree`: it may be asked again. */
  constructor(socket: Socket, onFree: (connection: Connection) => void) {
    this.#socket = socket
    this.#onFree = onFree
    socket.setNoDelay(true).setKeepAlive(true, spareMs)
    socket.on('data', (bytes: Buffer) => this.#read(bytes))
    socket.on('end', () => this.#end())
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(cut()))
  }

  /** False: the server has closed it, or is about to. */
  get isOpen(): boolean {
    return this.#socket.writable && this.#untilMs > performance.now()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Resolves with the whole answer, whatever its status. Rejects when there is none: nobody there, cut, late, aborted, or longer than `maxAnswerBytes`. */
  ask({ pieces, signal, share, timeoutMs }: Exchange): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>()
    const stop = (): void => this.#fail(aborted())
    const timer = setTimeout(stop, timeoutMs)
    signal?.addEventListener('abort', stop, { once: true })
    const release = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
    this.#asking = { reader: new AnswerReader(), resolve, reject, release, share, timeoutMs }
    if (signal?.aborted === true) stop()
    else this.#write(pieces)
    return promise
  }

  #write(pieces: Exchange['pieces']): void {
    this.#socket.ref()
    this.#socket.cork()
    for (const piece of pieces) this.#socket.write(piece)
    this.#socket.uncork()
  }

  #read(bytes: Buffer): void {
    const asking = this.#asking
    try {
      // Of what nobody has asked for nothing is known.
      if (asking === undefined) this.#socket.destroy()
      else this.#take(asking, bytes)
    } catch (error) {
      this.#fail(error)
    }
  }

  #take(asking: Asking, bytes: Buffer): void {
    const { reader, share } = asking
    const before = reader.bytes
    const isWhole = reader.push(bytes)
    const more = reader.bytes - before
    const room = more === 0 ? undefined : share?.take(more)
    if (room !== undefined) this.#waitFor(asking, room, isWhole)
    else if (isWhole) this.#finish()
  }

  #waitFor(asking: Asking, room: Promise<void>, isWhole: boolean): void {
    this.#socket.pause()
    room.then(
      () => {
        if (this.#asking !== asking) return
        this.#socket.resume()
        if (isWhole) this.#finish()
      },
      (error: unknown) => {
        if (this.#asking === asking) this.#fail(error)
      },
    )
  }

  #end(): void {
    if (this.#asking?.reader.end() === true) this.#finish()
    else this.#fail(cut())
  }

  #finish(): void {
    const asking = this.#asking
    const { head, pieces, mayGoOn } = asking?.reader ?? {}
    if (asking === undefined || head === undefined || pieces === undefined) return
    this.#asking = undefined
    asking.release()
    const isSent = this.#socket.writableLength === 0
    const { status, headers } = head
    asking.resolve({ status, headers, pieces, isSent })
    if (mayGoOn === true && isSent) this.#free(head)
    else this.#leave(asking.timeoutMs)
  }

  #free({ headers }: AnswerHead): void {
    const [, seconds] = /\btimeout=(\d{1,6})/.exec(headers['keep-alive'] ?? '') ?? []
    if (seconds !== undefined)
      this.#untilMs = performance.now() + Math.max(0, Number(seconds) * 1000 - spareMs)
    // Nothing waits for it: it holds no process up.
    this.#socket.unref()
    this.#onFree(this)
  }

  /** A server may answer before it has read the question, and read on; not for ever. */
  #leave(timeoutMs: number): void {
    const timer = setTimeout(() => this.#socket.destroy(), timeoutMs)
    this.#socket.once('close', () => clearTimeout(timer))
    this.#socket.end()
  }

  /** What is left of the answer is not read: the connection goes with it. */
  #fail(error: unknown): void {
    const asking = this.#asking
    this.#asking = undefined
    this.#socket.destroy()
    asking?.release()
    asking?.reject(error)
  }
}
