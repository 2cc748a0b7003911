import { promisify } from 'node:util'
import { gzip, zstdCompress } from 'node:zlib'
import type { ContentEncoding } from '@warren/contracts/message'
import type { AgentConfig } from './config.ts'

const compressors = { gzip: promisify(gzip), zstd: promisify(zstdCompress) }

export interface Encoded {
  readonly body: Uint8Array
  readonly contentEncoding: ContentEncoding | undefined
}

/** Compresses a body off the event loop. */
export async function encode(
  text: string | Uint8Array,
  compression: AgentConfig['compression'],
): Promise<Encoded> {
  const bytes = Buffer.from(text as Uint8Array)
  if (compression === 'none') return { body: bytes, contentEncoding: undefined }
  return { body: await compressors[compression](bytes), contentEncoding: compression }
}
