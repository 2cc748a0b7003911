import { readFileSync } from 'node:fs'

/** A record of glibc's utmp on 64-bit Linux: https://man7.org/linux/man-pages/man5/utmp.5.html */
const recordBytes = 384
const userOffset = 44
const userBytes = 32
const userProcess = 7

/** The user of each present login; undefined on a system that keeps no utmp. */
export function readUsers(path: string): string[] | undefined {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch {
    return undefined
  }
  const users: string[] = []
  for (let at = 0; at + recordBytes <= bytes.length; at += recordBytes) {
    if (bytes.readInt16LE(at) !== userProcess) continue
    const name = bytes.subarray(at + userOffset, at + userOffset + userBytes)
    const end = name.indexOf(0)
    users.push(name.toString('utf8', 0, end < 0 ? userBytes : end))
  }
  return users
}
