import { gzipSync, zstdCompressSync } from 'node:zlib'
import type { ContentEncoding } from '@warren/contracts/message'
import type { BenchMessage } from './workload.ts'

const packers = { gzip: gzipSync, zstd: zstdCompressSync }

/** The messages as the agent sends them: packed at the encoding's own default level. */
export function* encoded(
  messages: Iterable<BenchMessage>,
  encoding: ContentEncoding,
): Generator<BenchMessage> {
  for (const message of messages)
    yield { ...message, body: packers[encoding](message.body), contentEncoding: encoding }
}
