import { constants, createZstdDecompress } from 'node:zlib'

/** What moves the bytes beneath a stream of `node:zlib`: not documented, in Node.js since streams have been, and the only part of it that keeps a context and takes a given output.
 *  https://github.com/nodejs/node/blob/v24.9.0/lib/zlib.js#L400 */
interface Engine {
  onerror: (message: string, errno: number, code: string) => void
  writeSync(
    flush: number,
    ...spans: readonly [Uint8Array, number, number, Uint8Array, number, number]
  ): void
}

/** A stream, as far as it is used. */
interface Engined {
  readonly _handle?: Partial<Engine> | null
  /** What the last write left: room in the output, and bytes of the input. */
  readonly _writeState?: Uint32Array
  close(): void
}

/** Unpacks whole frames one after the other with one context, where every function of `node:zlib` makes one a call. */
export interface ZstdEngine {
  /** Unpacks one frame that says it has `size` bytes, and that `out` has room for. False when it was not just that: the engine has had its day then, and what `out` holds means nothing. */
  unpack(frame: Uint8Array, out: Uint8Array, size: number): boolean
  close(): void
}

/** Undefined where Node.js has no such engine (any more). */
export function openZstdEngine(): ZstdEngine | undefined {
  const stream = createZstdDecompress({ chunkSize: constants.Z_MIN_CHUNK }) as unknown as Engined
  const { _handle: engine, _writeState: left } = stream
  if (typeof engine?.writeSync !== 'function' || left?.length !== 2) {
    stream.close()
    return undefined
  }
  let isBroken = false
  // The stream's own would be told to the process as an error that nobody handles.
  engine.onerror = () => {
    isBroken = true
  }
  const { writeSync } = engine
  return {
    unpack: (frame, out, size) => {
      const spans = [frame, 0, frame.length, out, 0, out.length] as const
      writeSync.call(engine, constants.ZSTD_e_end, ...spans)
      return !isBroken && out.length - (left[0] ?? 0) === size && left[1] === 0
    },
    close: () => stream.close(),
  }
}
