import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

/** SHA-256 of the first bytes of a file: tells whether what an inode holds is still the same content. */
export interface Fingerprint {
  /** How many bytes were hashed; a file that was shorter than `maxLength` grows into it. */
  readonly length: number
  readonly hash: string
}

const maxLength = 1024

export const emptyFingerprint: Fingerprint = { length: 0, hash: '' }

export async function readFingerprint(
  handle: FileHandle,
  length = maxLength,
): Promise<Fingerprint> {
  const buffer = Buffer.allocUnsafe(length)
  const { bytesRead } = await handle.read(buffer, 0, length, 0)
  if (bytesRead === 0) return emptyFingerprint
  const hash = createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex')
  return { length: bytesRead, hash }
}

/** Whether the file still starts with what the fingerprint was taken of. */
export async function matches(handle: FileHandle, known: Fingerprint): Promise<boolean> {
  if (known.length === 0) return true
  const { length, hash } = await readFingerprint(handle, known.length)
  return length === known.length && hash === known.hash
}

export const mayGrow = ({ length }: Fingerprint): boolean => length < maxLength
